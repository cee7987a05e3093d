"""Saving a text: only when it passes the check, and never over what somebody else has written meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.config.settings import Config
from pipeline.desk.doors import TextDoors
from pipeline.desk.texts.checking import findings_elsewhere, findings_of, has_error
from pipeline.desk.texts.history import parts_of
from pipeline.desk.texts.opened import OpenedText, open_text, same, shaped
from pipeline.errors import UsageError
from pipeline.records.texts import TextPlace, TextVersion
from pipeline.replies.files import Finding
from pipeline.text.locking import lock as flock
from pipeline.text.regular_files import open_regular, remove_below, replace_below

LONGEST_WHY = 200  # letters
LOCK = ".texts.lock"  # in var, beside config.toml


@dataclass(frozen=True, kw_only=True)
class TextChange:
    """What somebody wants to save."""

    place: TextPlace
    parts: Mapping[str, str]  # file → what was typed; what is empty is no file
    opened: str  # the mark of what it was typed over
    why: str


@dataclass(frozen=True, kw_only=True)
class SavedText:
    """It is on disk. `left`: what a person must decide on where machines share files."""

    version: TextVersion | None  # None: it was like that already
    left: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TextConflict:
    """Nothing was written: another text lies there than the one that was typed over."""

    now: OpenedText


@dataclass(frozen=True, kw_only=True)
class UnfitText:
    """Nothing was written: it could not be sent, or others could not."""

    findings: tuple[Finding, ...]  # errors and warnings


SaveOutcome = SavedText | TextConflict | UnfitText


def save(doors: TextDoors, change: TextChange, who: str) -> SaveOutcome:
    """Checks it and writes it, whole or not at all; a running Firstline takes it up within seconds.

    Raises UsageError without a reason, or where nothing can be written; TemplateError when nothing can be checked.
    """
    why = _reason(change.why)
    doors.take_up_shared()
    now = open_text(doors.config, change.place)
    if same(now.parts, change.parts):
        doors.text_drafts.discard(who, change.place)
        return SavedText(version=None)
    if now.mark != change.opened:
        return TextConflict(now=now)
    parts = shaped(now.parts, change.parts)
    return _write(doors, now, parts, who, why)


def restore(doors: TextDoors, place: TextPlace, mark: str, opened: str, who: str, why: str = "") -> SaveOutcome:
    """Puts back how it was in the version of this mark, as a save like any other.

    Raises NotFoundError when there is no such version.
    """
    parts = parts_of(doors, place, mark)
    doors.take_up_shared()
    now = open_text(doors.config, place)
    if now.mark == mark:
        return SavedText(version=None)
    if now.mark != opened:
        return TextConflict(now=now)
    return _write(doors, now, parts, who, _reason(why or f"back to version {mark[:8]}"))


def _write(doors: TextDoors, now: OpenedText, parts: Mapping[str, str], who: str, why: str) -> SaveOutcome:
    place = now.place
    found = findings_of(doors.config, place, parts)
    if not has_error(found):
        found += findings_elsewhere(doors, place, parts)
    if has_error(found):
        return UnfitText(findings=tuple(found))
    with _turn(doors.config):
        again = open_text(doors.config, place)
        if again.mark != now.mark:
            return TextConflict(now=again)
        at = doors.clock.now()
        if now.parts:  # what is written over can be had again, whoever has written it
            doors.text_versions.keep(place, now.parts, "", "", min(at, now.changed or at))
        _put(again, parts)
        version = doors.text_versions.keep(place, parts, who, why, at)
    doors.text_drafts.discard(who, place)
    return SavedText(version=version, left=tuple(doors.push_texts(place.mailbox, place.files)))


def _put(now: OpenedText, parts: Mapping[str, str]) -> None:
    """The first file last: with it a letter is another one."""
    try:
        now.folder.mkdir(parents=True, exist_ok=True)
        for file in reversed(now.place.files):
            if file in parts:
                replace_below(now.folder, file, parts[file].encode())
            elif file in now.parts:
                remove_below(now.folder, file)
    except OSError as problem:
        remedy = f"let the user that Firstline runs as write in {now.folder}"
        raise UsageError(f"it can't be written: {problem.strerror}", where=now.place.key, remedy=remedy) from problem


@contextmanager
def _turn(config: Config) -> Iterator[None]:
    """One saves at a time, whatever process they are in. Raises UsageError."""
    folder = config.at("var")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = open_regular(folder, LOCK, os.O_RDWR | os.O_CREAT)
    except OSError as problem:
        remedy = "check the disk and the rights on the folder"
        raise UsageError(
            f"it can't be locked: {problem.strerror}", where=str(folder / LOCK), remedy=remedy
        ) from problem
    with os.fdopen(handle, "rb") as lock:
        flock(lock)
        yield


def _reason(why: str) -> str:
    """Raises UsageError."""
    line = " ".join(why.split())
    if not line or not line.isprintable() or len(line) > LONGEST_WHY:
        remedy = f"write in a few words why it is changed, at most {LONGEST_WHY} letters: colleagues read it later"
        raise UsageError("the reason is missing" if not line else "this is no reason", where="why", remedy=remedy)
    return line
