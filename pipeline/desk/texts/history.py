"""The versions of a text, with who and why; also those that were never saved at the desk: "on disk"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.desk.doors import TextDoors
from pipeline.desk.texts.opened import OpenedText, open_text
from pipeline.errors import NotFoundError
from pipeline.records.letter import RecordedVersion, recorded_name
from pipeline.records.texts import TextKind, TextPlace
from pipeline.store.templates import mark_of
from pipeline.store.text_results import TextCounts, counts_of
from pipeline.store.texts import mark_of_files

LEAST = 20  # of which a share is told


@dataclass(frozen=True, kw_only=True)
class TextMoment:
    """A version of a text as people see it."""

    mark: str
    at: datetime  # saved, or first seen
    who: str  # '' for on disk
    why: str
    files: Mapping[str, str]  # file → the mark of its text
    taken_up: datetime | None  # since when it was in use, the last time
    sent: int  # mails
    versions: tuple[str, ...]  # under which it was sent: a letter's version changes with its base, too
    in_use: bool
    on_disk: bool  # it is what lies there now


@dataclass(frozen=True, kw_only=True)
class TextResult:
    """What one version has brought. A share is None where there are too few to say."""

    answers: int  # to the question whether the customer was satisfied
    satisfied: float | None
    followed: int  # mails answered with it, of which it is known whether the customer wrote again soon
    wrote_again: float | None


def history_of(doors: TextDoors, place: TextPlace, now: OpenedText | None = None) -> list[TextMoment]:
    """The newest first."""
    now = now or open_text(doors.config, place)
    used = _used(doors, place)
    found: dict[str, TextMoment] = {}
    for one in doors.text_versions.of(place):  # what was put back is named by its last saving
        found.setdefault(one.mark, _moment(one.mark, one.at, one.files, used, now, who=one.who, why=one.why))
    for mark, rows in used.items():
        if mark not in found:
            first = min(row.first_used for row in rows)
            found[mark] = _moment(mark, first, own_marks(place, rows[0].files or {}), used, now)
    if now.parts and now.mark not in found:
        marks = {file: mark_of(text) for file, text in now.parts.items()}
        found[now.mark] = _moment(now.mark, now.changed or doors.clock.now(), marks, used, now)
    return sorted(found.values(), key=lambda one: (one.on_disk, one.at), reverse=True)


def results_of(doors: TextDoors, place: TextPlace, history: Sequence[TextMoment]) -> dict[str, TextResult]:
    """What each version has brought, by its mark; nothing for texts that no mail is answered with by themselves."""
    name = recorded_name(place.mailbox, place.name)
    letters = {one.mark: [f"{place.language}/{name} {version}" for version in one.versions] for one in history}
    counts = counts_of(doors.database, [letter for of in letters.values() for letter in of], doors.clock.now())
    return {mark: _result([counts[letter] for letter in of]) for mark, of in letters.items() if of}


def _result(counts: Sequence[TextCounts]) -> TextResult:
    answers, followed = sum(one.answers for one in counts), sum(one.followed for one in counts)
    return TextResult(
        answers=answers,
        satisfied=_share(sum(one.satisfied for one in counts), answers),
        followed=followed,
        wrote_again=_share(sum(one.wrote_again for one in counts), followed),
    )


def _share(some: int, of: int) -> float | None:
    return some / of if of >= LEAST else None


def parts_of(doors: TextDoors, place: TextPlace, mark: str) -> dict[str, str]:
    """How the text was in the version of this mark. Raises NotFoundError."""
    now = open_text(doors.config, place)
    if now.mark == mark:
        return dict(now.parts)
    for one in history_of(doors, place, now):
        if one.mark == mark:
            return doors.text_versions.sources(one.files)
    raise NotFoundError("there is no such version", where=place.key, remedy="choose one of its history")


def own_marks(place: TextPlace, files: Mapping[str, str]) -> dict[str, str]:
    """Of the files that a letter was made of, those that are this text's own."""
    return {file: mark for file, mark in files.items() if file in place.files}


def _used(doors: TextDoors, place: TextPlace) -> dict[str, list[RecordedVersion]]:
    """By the mark of the text's own files, what was recorded when a worker took it into use."""
    if place.kind is not TextKind.LETTER or place.is_part:
        return {}
    used: dict[str, list[RecordedVersion]] = {}
    for row in doors.versions.history(recorded_name(place.mailbox, place.name), place.language):
        if files := own_marks(place, row.files or {}):
            used.setdefault(mark_of_files(files), []).append(row)
    return used


def _moment(
    mark: str,
    at: datetime,
    files: Mapping[str, str],
    used: Mapping[str, list[RecordedVersion]],
    now: OpenedText,
    *,
    who: str = "",
    why: str = "",
) -> TextMoment:
    rows = used.get(mark, [])
    return TextMoment(
        mark=mark,
        at=at,
        who=who,
        why=why,
        files=files,
        taken_up=max((row.taken_up for row in rows if row.taken_up), default=None),
        sent=sum(row.sent for row in rows),
        versions=tuple(row.version for row in rows),
        in_use=any(row.in_use for row in rows),
        on_disk=mark == now.mark,
    )
