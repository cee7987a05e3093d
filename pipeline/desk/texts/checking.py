"""What is wrong with a text that was typed: in itself, and in the letters that are made with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.config.settings import Config
from pipeline.desk.doors import TextDoors
from pipeline.desk.lint import own_shelves
from pipeline.records.texts import TextKind, TextPlace
from pipeline.replies.articles import article_findings
from pipeline.replies.files import ERROR, Finding, take_snapshot
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.supervise import check

Files = dict[str, bytes | OSError]


def findings_of(config: Config, place: TextPlace, parts: Mapping[str, str]) -> list[Finding]:
    """In the text itself, by file and line. Raises TemplateError when nothing can be checked just now."""
    if place.kind is TextKind.ARTICLE:
        return article_findings(place.files[0], parts.get(place.files[0], ""))
    files = [place.files[0], *(file for file in place.files[1:] if parts.get(file))]
    every = with_typed(take_snapshot(*config.letter_folders(place.mailbox)), place, {place.files[0]: "", **parts})
    mine = [one for one in check(every, only=files).findings if one.file in files]
    return sorted(mine, key=lambda one: (files.index(one.file), one.line, one.severity))


def findings_elsewhere(doors: TextDoors, place: TextPlace, parts: Mapping[str, str]) -> list[Finding]:
    """Errors that letters in use would have through it, which are well now: of a base, or of what others include."""
    if place.kind is not TextKind.LETTER:
        return []
    shelves = [place.mailbox] if place.mailbox else ["", *own_shelves(doors.config)]
    return [one for shelf in shelves for one in _elsewhere(doors, shelf, place, parts)]


def has_error(findings: Iterable[Finding]) -> bool:
    """Does one of them keep it from being used?"""
    return any(one.severity == ERROR for one in findings)


def with_typed(every: Files, place: TextPlace, parts: Mapping[str, str]) -> Files:
    """The files as they would be. An empty one counts when it is the first, which must be there."""
    typed = {file: text.encode("utf-8", "replace") for file, text in parts.items() if text or file == place.files[0]}
    return {file: data for file, data in every.items() if file not in place.files} | typed


def _elsewhere(doors: TextDoors, shelf: str, place: TextPlace, parts: Mapping[str, str]) -> list[Finding]:
    letters = doors.letters.of_mailbox(shelf)
    users = [file for file in _users(letters, place) if file not in place.files]
    if not users:
        return []
    folders = doors.config.letter_folders(shelf)
    every = take_snapshot(*folders)
    if shelf != place.mailbox and len(folders) > 1 and set(take_snapshot(folders[-1])) & set(place.files):
        return []  # that mailbox has a file of its own in its place
    found = check(with_typed(every, place, parts), only=users).findings
    wrong = [one for one in found if one.severity == ERROR and one.file in users]
    return [replace(one, file=f"{shelf}: {one.file}") if shelf else one for one in wrong]


def _users(letters: TemplateLetters, place: TextPlace) -> list[str]:
    """Letters that are made with it, as they are on disk now: what is broken already is no fault of this change."""
    letters.refresh()
    made = [one for one in letters.loaded.values() if set(place.files) & set(one.fit.sources)]
    files = {file for one in made for file in one.fit.sources if not PurePosixPath(file).stem.startswith(("base", "_"))}
    return sorted(files - set(letters.problems))
