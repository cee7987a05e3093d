"""The figures that people look at, line by line: where each stands in the document, and the cases behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.figures.metrics_document import Figure, FiguresDocument, ShareDocument, TimesDocument

Measured = Figure | ShareDocument | float | None  # with an interval or without


class Unit(StrEnum):
    """What a figure is measured in."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1
    SCORE = "score"  # of its own scale
    SECONDS = "seconds"


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureLine:
    """One figure. `good`: 1 where more of it is better, -1 where less is, 0 where neither is."""

    name: str  # as programs know it
    title: str
    of: Callable[[FiguresDocument], Measured]
    unit: Unit
    behind: str  # the list of cases behind it: see figures/behind.py
    good: int = 0
    group: str
    part: float = 0.0  # of times alone: the share of the cases that took no longer


def _seconds(name: str, which: str) -> Callable[[FiguresDocument], Measured]:
    def found(of: FiguresDocument) -> Measured:
        times: TimesDocument = of["tickets"][name]  # type: ignore[literal-required]  # both names are its keys
        value: float | None = times[which]  # type: ignore[literal-required]
        return value

    return found


def _sent(kind: str) -> Callable[[FiguresDocument], Measured]:
    def found(of: FiguresDocument) -> Measured:
        rate: ShareDocument = of[kind]["response_rate"]  # type: ignore[literal-required]
        return rate

    return found


VOLUME, TIME, MOOD, MACHINE = "volume", "time", "mood", "machine"
_L = FigureLine
LINES: tuple[FigureLine, ...] = (
    _L(name="by_people", title="mails by people", of=lambda of: of["mails"]["by_people"], unit=Unit.COUNT,
       behind="by_people", group=VOLUME),
    _L(name="complaints", title="complaints", of=lambda of: of["mails"]["complaints"], unit=Unit.COUNT,
       behind="complaints", good=-1, group=VOLUME),
    _L(name="opened", title="tickets opened", of=lambda of: of["tickets"]["opened"], unit=Unit.COUNT,
       behind="opened", group=VOLUME),
    _L(name="first_response", title="first response, median", of=_seconds("first_response", "median_seconds"),
       unit=Unit.SECONDS, behind="responded", good=-1, group=TIME, part=0.5),
    _L(name="first_response_90", title="first response, 90 % within", of=_seconds("first_response", "p90_seconds"),
       unit=Unit.SECONDS, behind="responded", good=-1, group=TIME, part=0.9),
    _L(name="resolution", title="resolution, median", of=_seconds("resolution", "median_seconds"), unit=Unit.SECONDS,
       behind="resolved", good=-1, group=TIME, part=0.5),
    _L(name="resolution_90", title="resolution, 90 % within", of=_seconds("resolution", "p90_seconds"),
       unit=Unit.SECONDS, behind="resolved", good=-1, group=TIME, part=0.9),
    _L(name="respond_kept", title="promises to answer, kept", of=lambda of: of["promises"]["respond"]["kept"],
       unit=Unit.SHARE, behind="respond_over", good=1, group=TIME),
    _L(name="resolve_kept", title="promises to solve, kept", of=lambda of: of["promises"]["resolve"]["kept"],
       unit=Unit.SHARE, behind="resolve_over", good=1, group=TIME),
    _L(name="nps", title="NPS (-100 to 100)", of=lambda of: of["nps"], unit=Unit.SCORE, behind="nps", good=1,
       group=MOOD),
    _L(name="ces", title="CES (1 to 7)", of=lambda of: of["ces"], unit=Unit.SCORE, behind="ces", good=1, group=MOOD),
    _L(name="csat", title="CSAT (satisfied)", of=lambda of: of["csat"], unit=Unit.SHARE, behind="csat", good=1,
       group=MOOD),
    _L(name="outcome", title="content with what they got", of=lambda of: of["outcome"], unit=Unit.SHARE,
       behind="outcome", good=1, group=MOOD),
    _L(name="treatment", title="content with how they were treated", of=lambda of: of["treatment"], unit=Unit.SHARE,
       behind="treatment", good=1, group=MOOD),
    _L(name="improving", title="CTT: cases getting better", of=lambda of: of["ctt"]["improving"], unit=Unit.SHARE,
       behind="improving", good=1, group=MOOD),
    _L(name="worsening", title="CTT: cases getting worse", of=lambda of: of["ctt"]["worsening"], unit=Unit.SHARE,
       behind="worsening", good=-1, group=MOOD),
    _L(name="nps_rate", title="NPS, answered of those sent", of=_sent("nps"), unit=Unit.SHARE, behind="nps_sent",
       group=MOOD),
    _L(name="ces_rate", title="CES, answered of those sent", of=_sent("ces"), unit=Unit.SHARE, behind="ces_sent",
       group=MOOD),
    _L(name="csat_rate", title="CSAT, answered of those sent", of=_sent("csat"), unit=Unit.SHARE, behind="csat_sent",
       group=MOOD),
    _L(name="acknowledged", title="acknowledged by itself", of=lambda of: of["automation"]["acknowledged"],
       unit=Unit.SHARE, behind="unanswered", good=1, group=MACHINE),
    _L(name="unsure", title="unsure of the topic", of=lambda of: of["automation"]["unsure"], unit=Unit.SHARE,
       behind="unsure", good=-1, group=MACHINE),
    _L(name="topic_wrong", title="sure of the topic, and corrected",
       of=lambda of: of["automation"]["error"]["topic"]["at_least"], unit=Unit.SHARE, behind="topic_wrong", good=-1,
       group=MACHINE),
    _L(name="complaint_wrong", title="sure of a complaint, and corrected",
       of=lambda of: of["automation"]["error"]["complaint"]["at_least"], unit=Unit.SHARE, behind="complaint_wrong",
       good=-1, group=MACHINE),
)  # fmt: skip
LINE = {line.name: line for line in LINES}


def value_of(figure: Measured) -> float | None:
    """None: too few for a figure."""
    return figure["value"] if isinstance(figure, dict) else figure


def interval_of(figure: Measured) -> tuple[float, float] | None:
    """Where it lies with 95 %; None where that is not known."""
    if not isinstance(figure, dict) or figure["low"] is None or figure["high"] is None:
        return None
    return figure["low"], figure["high"]
