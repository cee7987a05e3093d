"""The report: what changed since the period before, what to do about it, and the figures behind it.

What is said to have changed is no chance with 99 %, all that is compared taken together (metrics.risen, longer), beside
the four periods before it. A figure of fewer than ten is never compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config.settings import Config
from pipeline.figures import formulas, measure
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.survey import SurveyKind
from pipeline.store.database import Database
from pipeline.store.metrics import Metrics, Period
from pipeline.store.promises import Promises
from pipeline.store.touchpoints import Touchpoints
from pipeline.store.unprepared import unprepared

AT_RISK = timedelta(hours=24)  # a promise that is due so soon is named
USUAL = 4  # periods before, all of which tell what is usual
NAMED = 10  # of each kind of thing: the rest is counted
NEW_WORD_MAILS = 5  # that use a word which no mail used before
_WORD = re.compile(r"[^\W\d_]{4,30}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something to do. `about`: the tickets, topics or people; `evidence`: the numbers."""

    kind: str  # promises, worsening, slow, growing, template, owner, words, unsure, unprepared
    what: str
    do: str
    about: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One period beside the one before it, of the same length."""

    since: datetime
    until: datetime
    zone: str
    findings: tuple[Finding, ...]
    now: Mapping[str, Any]  # figures as `metrics --json` has them
    before: Mapping[str, Any]
    days: Sequence[Mapping[str, Any]]  # of the period
    topics: Sequence[Mapping[str, Any]]
    topics_before: Sequence[Mapping[str, Any]]


def report(database: Database, config: Config, now: datetime, length: timedelta) -> Report:
    """The `length` until now."""
    zone = ZoneInfo(config.calendar.timezone)
    period, earlier = Period(since=now - length, until=now), Period(since=now - 2 * length, until=now - length)
    usual = now - (1 + USUAL) * length
    days = measure.measure(database, zone, now, period, "day")
    topics, before = (measure.measure(database, zone, now, one, "topic") for one in (period, earlier))
    return Report(
        since=now - length,
        until=now,
        zone=str(zone),
        findings=tuple(_findings(database, config, now, period, Period(since=usual, until=now - length))),
        now=topics["total"],
        before=before["total"],
        days=days["groups"],
        topics=topics["groups"],
        topics_before=before["groups"],
    )


def _findings(database: Database, config: Config, now: datetime, period: Period, earlier: Period) -> Iterator[Finding]:
    yield from _promises_at_risk(Promises(database), now)
    yield from _worsening(Touchpoints(database), period)
    store = Metrics(database)
    yield from _slow(store, period, earlier)
    yield from _owners(store, period)
    yield from _annoying(store, period, earlier)
    yield from _growing(store, period, earlier)
    yield from _unsure(store, period, earlier)
    yield from _new_words(store, period, earlier)
    yield from _unprepared(database, config, now, period)


# --- what cannot wait -------------------------------------------------------------------------------------------------


def _promises_at_risk(store: Promises, now: datetime) -> Iterator[Finding]:
    due = [one.promise for one in store.open_ones() if one.promise.due <= now + AT_RISK]
    refs = list(dict.fromkeys(promise.ticket for promise in due))
    if refs:
        overdue = sum(promise.due < now for promise in due)
        yield Finding(
            kind="promises",
            what=f"{len(refs)} {_tickets(refs)} with a promise due within a day, {overdue or 'none'} overdue",
            do="answer these first; `firstline ticket due` shows how much time is left",
            about=_named(refs),
        )


def _worsening(store: Touchpoints, period: Period) -> Iterator[Finding]:
    """Open cases whose customers are getting unhappier."""
    falls: dict[str, float] = {}
    for thread, case in store.open_cases(period).items():
        valences = [value for point in case if (value := formulas.valence(point)) is not None]
        if len(valences) > 1 and formulas.direction(fall := formulas.rise(valences)) == "worsening":
            falls[thread] = fall
    if falls:
        refs = sorted(falls, key=falls.__getitem__)
        yield Finding(
            kind="worsening",
            what=f"{len(refs)} open {'case whose customer is' if len(refs) == 1 else 'cases whose customers are'} "
            "getting unhappier",
            do="call or write in person, the worst first",
            about=_named(refs),
            evidence=f"the steepest fall is {-falls[refs[0]]:.1f} on a scale of 2",
        )


# --- what has changed -------------------------------------------------------------------------------------------------


def _slow(store: Metrics, period: Period, earlier: Period) -> Iterator[Finding]:
    """Topics whose first answers take longer than they did."""
    now, before = store.tickets(period, "topic"), store.tickets(earlier, "topic")
    topics = [topic for topic in now if topic and topic in before]
    for topic in topics:
        took, usual = sorted(now[topic].responded), sorted(before[topic].responded)
        if formulas.longer(took, usual, len(topics)):
            yield Finding(
                kind="slow",
                what=f"first answers about {topic} take longer",
                do="look who is responsible for it, and whether they need help",
                about=(str(topic),),
                evidence=f"half of them within {_half(took)}, before {_half(usual)}",
            )


def _half(ascending: Sequence[float]) -> str:
    return span(formulas.quantile(ascending, 0.5))


def _owners(store: Metrics, period: Period) -> Iterator[Finding]:
    """Owners who break more of their promises than all others together."""
    kept = {owner: _kept(counts) for owner, counts in store.promises(period, "owner").items() if owner}
    for owner, (broken, over) in kept.items():
        others = [pair for other, pair in kept.items() if other != owner]
        rest = (sum(pair[0] for pair in others), sum(pair[1] for pair in others))
        if formulas.risen((broken, over), rest, len(kept)):
            yield Finding(
                kind="owner",
                what=f"{owner} breaks more promises than others",
                do="talk about the load, or give the topic to more people",
                about=(str(owner),),
                evidence=f"{broken} of {over} broken; of all others {rest[0]} of {rest[1]}",
            )


def _kept(counts: Mapping[tuple[PromiseKind, PromiseState], int]) -> tuple[int, int]:
    """Broken ones, of those that are over."""
    broken = sum(counts.get((kind, PromiseState.BROKEN), 0) for kind in PromiseKind)
    return broken, broken + sum(counts.get((kind, PromiseState.KEPT), 0) for kind in PromiseKind)


def _annoying(store: Metrics, period: Period, earlier: Period) -> Iterator[Finding]:
    """Letters after which fewer customers are satisfied than after its other versions and before."""
    now = {name: _dissatisfied(one[SurveyKind.CSAT].scores) for name, one in store.surveys(period, "template").items()}
    before = store.surveys(earlier, "template")
    for name, found in now.items():
        if not name:
            continue
        usual = _dissatisfied(_csat_of(str(name), before))
        usual = usual if usual[1] >= formulas.FEW else _sum(pair for other, pair in now.items() if other != name)
        if formulas.risen(found, usual, len(now)):
            yield Finding(
                kind="template",
                what=f"customers are less satisfied after the letter {name}",
                do="read it as a customer would; `firstline template history` shows what was changed",
                about=(str(name),),
                evidence=f"{found[0]} of {found[1]} not satisfied, usually {usual[0]} of {usual[1]}",
            )


def _csat_of(name: str, surveys: Mapping[Any, Any]) -> Counter[int]:
    """The scores of a letter in all its versions: "en/delivery abc…" → those of "en/delivery"."""
    letter = name.rpartition(" ")[0] or name
    scores: Counter[int] = Counter()
    for other, kinds in surveys.items():
        if other and (str(other).rpartition(" ")[0] or str(other)) == letter:
            scores.update(kinds[SurveyKind.CSAT].scores)
    return scores


def _dissatisfied(scores: Mapping[int, int]) -> tuple[int, int]:
    return sum(count for score, count in scores.items() if score < 4), sum(scores.values())


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    found = list(pairs)
    return sum(one for one, _ in found), sum(of for _, of in found)


def _growing(store: Metrics, period: Period, earlier: Period) -> Iterator[Finding]:
    """Topics with a larger share of the mail than before."""
    now, before = store.mails(period, "topic"), store.mails(earlier, "topic")
    people, people_before = (sum(one.get("by_people", 0) for one in counts.values()) for counts in (now, before))
    topics = [topic for topic in now if topic]
    for topic in topics:
        count, count_before = (counts.get(topic, {}).get("by_people", 0) for counts in (now, before))
        if formulas.risen((count, people), (count_before, people_before), len(topics)):
            yield Finding(
                kind="growing",
                what=f"more mail about {topic}",
                do="find out what is behind it; a help page may answer much of it",
                about=(str(topic),),
                evidence=f"{count} mails, {count_before} before",
            )


def _unsure(store: Metrics, period: Period, earlier: Period) -> Iterator[Finding]:
    found = []
    for one in (period, earlier):
        counts = store.mails(one).get(None, {})
        judged = counts.get("judged", 0)
        found.append((judged - counts.get("topic_sure", 0), judged))
    if formulas.risen(found[0], found[1]):
        yield Finding(
            kind="unsure",
            what="the machine is unsure more often",
            do="label some of the newest mail: `firstline data review`",
            evidence=f"{found[0][0]} of {found[0][1]} mails, before {found[1][0]} of {found[1][1]}",
        )


def _new_words(store: Metrics, period: Period, earlier: Period) -> Iterator[Finding]:
    """Words in several mails of the period, and in none before."""
    known = {word for text in store.texts(earlier) for word in _words(text)}
    counts = Counter(word for text in store.texts(period) for word in _words(text) - known)
    new = [(word, count) for word, count in counts.most_common(NAMED) if count >= NEW_WORD_MAILS]
    if new and known:
        yield Finding(
            kind="words",
            what=f"new words: {', '.join(word for word, _ in new)}",
            do="something new is going on; perhaps a new topic: `firstline data discover`",
            about=tuple(word for word, _ in new),
            evidence=", ".join(f"{word} in {count} mails" for word, count in new),
        )


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _unprepared(database: Database, config: Config, now: datetime, period: Period) -> Iterator[Finding]:
    rows = unprepared(database, list(config.topics), period.since or now)
    complaints = sum(row.complaints for row in rows)
    if complaints:
        yield Finding(
            kind="unprepared",
            what=f"{complaints} complaints without a prepared answer",
            do="write down who is responsible and how it is solved, as a [topics] table",
            about=tuple(row.topic or "unknown" for row in rows[:NAMED]),
            evidence=", ".join(f"{row.complaints} {row.topic or 'of an unknown topic'}" for row in rows[:NAMED]),
        )


# --- words ------------------------------------------------------------------------------------------------------------


def _named(refs: Sequence[str]) -> tuple[str, ...]:
    more = len(refs) - NAMED
    return (*refs[:NAMED], *([f"and {more} more"] if more > 0 else []))


def _tickets(refs: Sequence[str]) -> str:
    return "ticket" if len(refs) == 1 else "tickets"


def span(seconds: float) -> str:
    """A time on the clock, short."""
    hours = seconds / 3600
    if hours < 2:
        return f"{seconds / 60:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"
