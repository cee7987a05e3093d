"""What a monitor may follow over time, as OpenMetrics families: named and measured by the conventions of Prometheus.

Everything is counted in the store, so that it is the same whichever process is asked, and after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from pipeline.desk.health_document import HealthDocument
from pipeline.records.survey import SurveyKind
from pipeline.store.metrics import Answers
from pipeline.web.counts import OverallCounts
from pipeline.web.site import Site

_FATES = ("acknowledged", "silent", "limited", "parked", "recorded")


def registry_of(site: Site) -> CollectorRegistry:
    """What the exporter of Prometheus asks: it counts anew whenever it is asked, no oftener than the site allows."""
    registry = CollectorRegistry()
    registry.register(_Collector(site))
    return registry


class _Collector(Collector):
    def __init__(self, site: Site) -> None:
        self.site = site

    def collect(self) -> Iterable[Metric]:
        health = self.site.health.get()
        figures = self.site.figures.get()
        yield from _state(health)
        yield from _doors(health)
        yield from _volumes(figures)
        yield from _surveys(figures.surveys)


def _state(health: HealthDocument) -> Iterator[Metric]:
    yield _gauge("firstline_healthy", "1 when no limit of [health] is passed.", int(health["healthy"]))
    yield _gauge("firstline_problems", "What `firstline status` lists.", len(health["problems"]))
    yield _gauge(
        "firstline_oldest_unprocessed_seconds",
        "Age of the oldest effect that is not finished.",
        health["oldest_unprocessed_seconds"],
        unit="seconds",
    )
    yield _by("firstline_effects", "Unfinished effects.", "state", health["effects"])
    yield _gauge("firstline_mails_parked", "Mails that wait for a person.", health["parked"])
    yield _gauge("firstline_mails_to_review", "Mails the model was unsure of.", health["review"])
    broken = len(health["templates"]["problems"])
    yield _gauge("firstline_templates_broken", "Files whose newest version is not in use.", broken)
    yield InfoMetricFamily("firstline_model", "The model in use.", value={"version": health["model"] or ""})


def _doors(health: HealthDocument) -> Iterator[Metric]:
    """By mailbox: whether the last pass succeeded, and when."""
    up = {name: int(not seen["error"]) for name, seen in health["mailboxes"].items()}
    at = {name: _timestamp(seen["last_pass"]) for name, seen in health["mailboxes"].items() if seen["last_pass"]}
    yield _by("firstline_mailbox_up", "1 when it could be read last time.", "mailbox", up)
    yield _by("firstline_mailbox_last_pass_timestamp_seconds", "When it was last read.", "mailbox", at, unit="seconds")
    yield _gauge(
        "firstline_smtp_up", "1 when the outgoing server answered last time.", int(not health["smtp"]["error"])
    )


def _volumes(figures: OverallCounts) -> Iterator[Metric]:
    mails = CounterMetricFamily("firstline_mails", "Mails received, by what became of them.", labels=["fate"])
    for fate in _FATES:
        mails.add_metric([fate], figures.mails.get(fate, 0))
    yield mails
    said = "Complaints by people, as the model says."
    yield CounterMetricFamily("firstline_complaints", said, value=figures.mails.get("complaints", 0))
    yield _by("firstline_tickets", "Tickets.", "status", figures.tickets)
    promises = GaugeMetricFamily("firstline_promises", "Times given to customers.", labels=["kind", "state"])
    for (kind, state), count in sorted(figures.promises.items()):
        promises.add_metric([kind.value, state.value], count)
    yield promises


def _surveys(surveys: Mapping[SurveyKind, Answers]) -> Iterator[Metric]:
    sent = CounterMetricFamily("firstline_surveys_sent", "Questions sent to customers.", labels=["kind"])
    answers = CounterMetricFamily("firstline_survey_answers", "Last answers.", labels=["kind", "score"])
    for kind, found in sorted(surveys.items()):
        sent.add_metric([kind.value], found.sent)
        for score, count in sorted(found.scores.items()):
            answers.add_metric([kind.value, str(score)], count)
    yield sent
    yield answers


def _gauge(name: str, about: str, value: float, unit: str = "") -> Metric:
    return GaugeMetricFamily(name, about, value=value, unit=unit)


def _by(name: str, about: str, label: str, values: Mapping[str, float], unit: str = "") -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label], unit=unit)
    for one, value in sorted(values.items()):
        family.add_metric([one], value)
    return family


def _timestamp(at: datetime) -> float:
    return at.timestamp()
