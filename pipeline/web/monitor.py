"""For monitors: is it healthy, and the figures in OpenMetrics. No personal data in either."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

from pipeline.web.figures import registry_of
from pipeline.web.site import site_of

router = APIRouter()


@router.get("/healthz")
def healthz(request: Request) -> JSONResponse:
    """The verdict of `firstline status`: 200 when healthy, else 503. What is wrong, only `status` says."""
    document = site_of(request).health.get()
    status = 200 if document["healthy"] else 503
    return JSONResponse({"healthy": document["healthy"], "problems": len(document["problems"])}, status)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Everything that can be counted, for Prometheus and its kin."""
    page: bytes = generate_latest(registry_of(site_of(request)))  # type: ignore[no-untyped-call]
    return Response(page, media_type=CONTENT_TYPE_LATEST)
