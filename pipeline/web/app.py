"""The app: every family of pages, what they have in common, and how errors look."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as AnyHTTPError

from pipeline import logs
from pipeline.errors import FirstlineError
from pipeline.web import api, forms, hooks, monitor, status_page, survey_pages
from pipeline.web.desk.routes import add_desk, failed, is_desk, largest_body
from pipeline.web.protection import Guarded
from pipeline.web.site import Site, TroubleError, may_look, site_of
from pipeline.wiring.live_doors import LiveDoors

_STYLE = (Path(__file__).parent / "style.css").read_bytes()
_TROUBLES = {404: "not_found", 405: "not_allowed", 413: "too_large", 429: "too_many"}
router = APIRouter(include_in_schema=False)


def make_app(doors: LiveDoors) -> FastAPI:
    """The pages and the API. What a caller of the API must know is read from its secret here. Raises ConfigError."""
    app = FastAPI(
        title="Firstline",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        summary=api.SUMMARY,
        redirect_slashes=False,  # it would lead to wherever the visitor's Host header says
    )
    app.state.site = Site(doors)
    app.state.token = api.token_of(doors.config)
    app.add_middleware(Guarded, on_error=_any_error, largest=largest_body)
    for family in (status_page.router, survey_pages.router, forms.router):
        app.include_router(family, dependencies=[Depends(may_look)], include_in_schema=False)
    for family in (router, monitor.router, hooks.router):
        app.include_router(family, include_in_schema=False)
    app.include_router(api.router)
    add_desk(app)
    app.add_exception_handler(TroubleError, _trouble)
    app.add_exception_handler(AnyHTTPError, _http_error)
    app.add_exception_handler(RequestValidationError, _wrong_input)
    app.add_exception_handler(FirstlineError, _refused)
    return app


@router.get("/style.css")
def style() -> Response:
    """The style sheet of all pages."""
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@router.get("/favicon.ico")
def no_icon() -> Response:
    """Browsers ask for an icon: there is none."""
    return Response(status_code=204)


async def _trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, TroubleError)  # noqa: S101  (registered for nothing else)
    if is_desk(request):
        return await run_in_threadpool(failed, request, error)
    if _is_for_programs(request):
        return JSONResponse({"detail": error.name.replace("_", " ")}, error.status)
    return site_of(request).trouble(request, error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AnyHTTPError)  # noqa: S101  (registered for nothing else)
    if is_desk(request):
        return await run_in_threadpool(failed, request, error)
    if _is_for_programs(request) or isinstance(error, HTTPException):
        return JSONResponse({"detail": error.detail}, error.status_code, headers=error.headers)
    name = _TROUBLES.get(error.status_code, "not_allowed")
    return site_of(request).trouble(request, TroubleError(name, error.status_code))


async def _wrong_input(request: Request, error: Exception) -> Response:
    """Which field, and why; never what was in it."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for nothing else)
    if is_desk(request):
        return await run_in_threadpool(failed, request, error)
    if not _is_for_programs(request):
        return site_of(request).trouble(request, TroubleError("not_allowed", 422))
    reasons = [{"field": ".".join(map(str, one["loc"][1:])), "reason": _reason(one)} for one in error.errors()]
    return JSONResponse({"detail": reasons}, 422)


async def _refused(request: Request, error: Exception) -> Response:
    """What a page of the desk could not do has a page that says why; elsewhere it is a mistake of ours."""
    if is_desk(request):
        return await run_in_threadpool(failed, request, error)
    return _any_error(request, error)


def _reason(problem: Mapping[str, Any]) -> str:
    """A pattern tells people nothing."""
    is_pattern = problem["type"] == "string_pattern_mismatch"
    return "not what belongs here: docs/web.md says what does" if is_pattern else str(problem["msg"])


def _any_error(request: Request, error: Exception) -> Response:
    """A store that is away, or a bug: logged, and the visitor learns only that it is not their fault."""
    status = 503 if isinstance(error, FirstlineError) and error.temporary else 500
    logs.get("web").error("page failed", path=request.url.path.split("/")[1], problem=f"{type(error).__name__}")
    if is_desk(request):
        return failed(request, error)
    if _is_for_programs(request):
        return JSONResponse({"detail": "not possible at the moment"}, status)
    return site_of(request).trouble(request, TroubleError("away", status))


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/hooks/", "/healthz", "/metrics"))
