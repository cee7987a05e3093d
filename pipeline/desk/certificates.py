"""What is known of how far a head can be trusted: for people, for programs and for monitors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.config.settings import Config
from pipeline.desk.certificate_document import CertificateDocument
from pipeline.desk.doors import HealthDoors
from pipeline.learn.confirming import Basis, Certificate, certificate_of, checks_a_week
from pipeline.learn.manifest import threshold_for
from pipeline.learn.registry import Registry
from pipeline.records.confirmation import Confirmation

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadStanding:
    """A head of the version in use, with its answers."""

    head: str
    certificate: Certificate
    answered: int  # within the last week


def standings(doors: HealthDoors, name: str) -> Iterator[HeadStanding]:
    """Of each head of a version. Raises UnusableModelError, NotFoundError."""
    config, now = doors.config, doors.clock.now()
    registry = Registry(config.at(config.classify.models), config.key())
    for head, facts in registry.version(name).manifest["heads"].items():
        answers = doors.confirmations.of(name, head)
        allowed = float(getattr(config.classify.max_error, head))
        found = certificate_of(answers, threshold_for(facts, allowed), allowed, config.classify.confirmed_for)
        yield standing_of(head, found, answers, now)


def standing_of(head: str, certificate: Certificate, answers: Iterable[Confirmation], now: datetime) -> HeadStanding:
    """A head with all answers about it."""
    answered = sum(one.random and one.at > now - WEEK for one in answers)
    return HeadStanding(head=head, certificate=certificate, answered=answered)


def certificate_document(one: HeadStanding, config: Config, now: datetime) -> CertificateDocument:
    """A head of the version in use."""
    found, valid = one.certificate, config.classify.confirmed_for
    asked = found.asked
    return {
        "basis": found.basis.value,
        "threshold": found.threshold,
        "max_error": found.max_error,
        "since": found.since,
        "old": found.is_old(now, valid),
        "right": found.right,
        "wrong": found.wrong,
        "asked": {
            "threshold": round(asked.threshold, 6),
            "right": asked.right,
            "wrong": asked.wrong,
            "more": asked.more(found.max_error),
        }
        if asked
        else None,
        "due": due(one, valid),
        "say": in_words(found, now, valid),
    }


def due(one: HeadStanding, valid: timedelta) -> int:
    """How many random checks of sure mail are still to be made this week; 0 while there is no certificate to keep."""
    if one.certificate.basis is not Basis.ANSWERS:
        return 0
    return max(0, checks_a_week(one.certificate.max_error, valid) - one.answered)


def problem_with(one: HeadStanding) -> tuple[str, str] | None:
    """What is wrong, and what to do; None: nothing."""
    found = one.certificate
    if found.basis is not Basis.REFUTED:
        return None
    what = (
        f"{one.head}: people found {found.wrong} of {found.right + found.wrong} wrong where the machine was sure, more "
        f"than the {_percent(found.max_error)} of [classify] max_error: it is sure of no {one.head} now"
    )
    if found.exhausted:
        return what, "label more mail (`firstline data review`), then `firstline model train`"
    again = f"`firstline data confirm --head {one.head}` until a stricter threshold holds"
    return what, f"{again}, or label more mail and `firstline model train`"


def in_words(found: Certificate, now: datetime, valid: timedelta) -> str:
    """What is in use and on what ground, and what is asked about now."""
    return "; ".join(filter(None, (_in_use(found, now, valid), progress(found))))


def progress(found: Certificate) -> str:
    """How far the answers are: "12 right of 12; about 72 more right ones until 5 % holds"; '' before the first."""
    asked, allowed = found.asked, _percent(found.max_error)
    if found.exhausted:
        return "even what it is surest of is wrong too often: label more mail and train again"
    if asked is None or not asked.right + asked.wrong:
        return ""
    more = asked.more(found.max_error)
    return (
        f"{asked.right} right of {asked.right + asked.wrong} from {asked.threshold:.3f} on; "
        f"about {more} more right ones until {allowed} holds"
    )


def _in_use(found: Certificate, now: datetime, valid: timedelta) -> str:
    allowed, counts = _percent(found.max_error), f"{found.right} right of {found.right + found.wrong}"
    if found.basis is Basis.REFUTED:
        return f"never sure: it was wrong more often than {allowed} where it was sure ({counts})"
    if found.basis is Basis.ANSWERS and found.since:
        age = (now - found.since).days
        old = f", {age} days ago, which is old" if found.is_old(now, valid) else f", {age} days ago" if age else ""
        return f"sure from {found.threshold:.3f} on: {allowed} holds, people have shown ({counts}{old})"
    if found.threshold is None:
        return "never sure: the training certified nothing"
    return f"sure from {found.threshold:.3f} on, as the training certified"


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
