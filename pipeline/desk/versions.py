"""The versions of the model, as people decide about them: what each was measured to do, and what one would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.desk.doors import LabellingDoors
from pipeline.errors import UnusableModelError
from pipeline.learn import gate
from pipeline.learn.dataset import HEADS
from pipeline.learn.manifest import HeadFigures
from pipeline.learn.registry import Registry, registry_of
from pipeline.records.labels import Label, Labels

COMPARED = 500  # of the newest mails
SHOWN = 100  # of those about which two versions differ


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionSummary:
    """One version. Without a problem its figures are on mail that it had not seen when it was asked."""

    name: str
    problem: str = ""  # why it can't be used, '' when it can
    created: datetime | None = None
    rows: int = 0  # that it has learned from
    profile: str = ""
    is_in_use: bool = False
    is_retired: bool = False
    heads: Mapping[str, HeadFigures]
    said: str = ""  # the last decision about it
    why: str = ""
    is_offered: bool = False  # the gate has let it through, and a person may take it into use


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelShift:
    """What two versions say of one mail."""

    mail: str
    subject: str
    head: str
    before: Label
    after: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionComparison:
    """A version beside the one in use, on the newest mails."""

    name: str
    in_use: str
    mails: int
    changed: Mapping[str, int]  # labels that differ, by head
    sure: Mapping[str, tuple[int, int]]  # mails that each is sure of, by head: in use, and the other
    shifts: Sequence[LabelShift]  # first those where one of them is sure


def registry(doors: LabellingDoors) -> Registry:
    """The folder of versions. Raises ConfigError."""
    return registry_of(doors.config, doors.config.key())


def summaries(doors: LabellingDoors) -> list[VersionSummary]:
    """All versions, the newest first. Raises UnusableModelError for a history that is not ours."""
    found = registry(doors)
    return [_summary(found, name) for name in reversed(found.names())]


def _summary(found: Registry, name: str) -> VersionSummary:
    decisions = [entry for entry in found.history() if entry.version == name]
    last = decisions[-1] if decisions else None
    try:
        manifest = found.version(name).manifest
    except UnusableModelError as error:
        return VersionSummary(name=name, problem=error.what, heads={})
    in_use = name == found.current()
    return VersionSummary(
        name=name,
        created=datetime.fromisoformat(manifest["created"]),
        rows=manifest["rows"],
        profile=manifest["profile"],
        is_in_use=in_use,
        is_retired=name in found.retired(),
        heads={head: facts["test"] for head, facts in manifest["heads"].items()},
        said=last.action if last else "",
        why=last.reason if last else "",
        is_offered=bool(last and last.action == "hold" and last.against == found.current() and not in_use),
    )


def promote(doors: LabellingDoors, name: str) -> tuple[bool, str]:
    """Takes a version into use that the gate has let through; says whether, and why. Raises UnusableModelError."""
    return gate.promote_version(registry(doors), name, force=False)


def roll_back(doors: LabellingDoors) -> tuple[str, str]:
    """Goes back to the version that was in use before; returns both. Raises UsageError, UnusableModelError."""
    return registry(doors).rollback()


def can_go_back(doors: LabellingDoors) -> bool:
    """Was another version in use before? Raises UnusableModelError."""
    return len(registry(doors).used()) > 1


def compare(doors: LabellingDoors, name: str) -> VersionComparison:
    """What a version would say of the newest mails, beside the one in use.

    Raises NotFoundError, UnusableModelError.
    """
    found = registry(doors)
    in_use, limits = found.current(), doors.config.classify.max_error.model_dump()
    mails = list(doors.labels.newest_texts(COMPARED))
    before, after = (found.predictor(one, limits).predict(mails) for one in (in_use, name))
    shifts, changed = list[LabelShift](), Counter[str]()
    for mail, one, other in zip(mails, before, after, strict=True):
        for head in HEADS:
            was, now = _of(one, head), _of(other, head)
            if was.value != now.value:
                changed[head] += 1
                shifts.append(LabelShift(mail=mail.id, subject=mail.subject, head=head, before=was, after=now))
    shifts.sort(key=lambda shift: (not (shift.before.sure or shift.after.sure), HEADS.index(shift.head)))
    sure = {head: (_sure(before, head), _sure(after, head)) for head in HEADS}
    return VersionComparison(
        name=name, in_use=in_use, mails=len(mails), changed=changed, sure=sure, shifts=shifts[:SHOWN]
    )


def _of(labels: Labels, head: str) -> Label:
    label: Label = getattr(labels, head)
    return label


def _sure(labels: Sequence[Labels], head: str) -> int:
    return sum(_of(one, head).sure for one in labels)
