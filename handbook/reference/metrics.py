"""docs/reference/metrics.md: what `/metrics` tells Prometheus, from the exporter itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from prometheus_client.core import Metric

from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.survey import SurveyKind
from pipeline.store.metrics import Answers
from pipeline.web.counts import OverallCounts
from pipeline.web.figures import registry_of
from pipeline.web.site import Site

HEAD = """# Figures for Prometheus
*For operators with a monitor.*

What `/metrics` tells, made from the exporter itself. How to let a monitor look, and a dashboard for it:
[monitors](../web.md#monitors). None of it names a person.

| metric | kind | labels | what it counts |
|---|---|---|---|
"""


def page() -> str:
    """The page, in Markdown."""
    return HEAD + "".join(map(_row, metrics()))


def metrics() -> Iterator[Metric]:
    """Each family that the exporter gives, with sample values."""
    health = {
        "healthy": True, "problems": [], "oldest_unprocessed_seconds": 0, "effects": {"waiting": 0},
        "parked": 0, "review": 0,
        "templates": {"problems": []}, "model": "version", "smtp": {"error": ""},
        "mailboxes": {"support": {"error": "", "last_pass": datetime(2026, 1, 1, tzinfo=UTC)}},
    }  # fmt: skip
    figures = OverallCounts(
        mails={},
        promises={(PromiseKind.RESPOND, PromiseState.OPEN): 0},
        surveys={SurveyKind.CSAT: Answers(sent=1, scores=Counter({5: 1}))},
        tickets={"open": 0},
    )
    site: Any = SimpleNamespace(
        health=SimpleNamespace(get=lambda: health), figures=SimpleNamespace(get=lambda: figures)
    )
    yield from registry_of(cast(Site, site)).collect()


def _row(metric: Metric) -> str:
    name = f"{metric.name}_total" if metric.type == "counter" else metric.name
    name = f"{name}_info" if metric.type == "info" else name
    labels = ", ".join(f"`{one}`" for one in dict.fromkeys(key for sample in metric.samples for key in sample.labels))
    return f"| `{name}` | {metric.type} | {labels} | {metric.documentation} |\n"
