"""Which texts there are, or could be: a name that somebody asks for is looked up here, and never made into a path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.config.settings import Config
from pipeline.desk.lint import asked_for
from pipeline.errors import NotFoundError, UsageError
from pipeline.records.texts import TextKind, TextPlace
from pipeline.replies.files import SAVED, names_in
from pipeline.replies.matrix import ALWAYS

_WORD = re.compile(r"\w[\w .+-]{0,99}")  # no way out of a folder: it begins with no dot, and has no slash
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 60
_SHAPE = re.compile(r"(?P<language>[^/]+)/((?P<folder>saved|articles)/)?(?P<name>[^/]+)\.(?P<end>txt|html|md)")
_KINDS = {None: TextKind.LETTER, SAVED: TextKind.SAVED, "articles": TextKind.ARTICLE}


def languages(config: Config) -> list[str]:
    """Those that there are texts in, and those that customers are answered in by the configuration."""
    there = {file.partition("/")[0] for file in _files(config, "")}
    boxes = (one.language for one in config.mailbox.values())
    chains = (one for first, chain in config.replies.fallback.items() for one in (first, *chain))
    return sorted({config.replies.language, *there, *boxes, *chains} - {""})


def places(config: Config, mailbox: str = "") -> list[TextPlace]:
    """All that are there, and those that topics and the program ask for, each in every language. `mailbox`: only those
    that it has for itself."""
    there = {one for one in (place_of_file(file, mailbox) for file in _files(config, mailbox)) if one}
    names = {(one.kind, one.name) for one in there}
    if not mailbox:
        names |= {(TextKind.LETTER, name) for name in (*ALWAYS, *_of_topics(config))}
    spoken = languages(config)
    return sorted(
        TextPlace(kind=kind, language=language, name=name, mailbox=mailbox)
        for kind, name in names
        for language in spoken
    )


def place_of(config: Config, kind: str, language: str, name: str, mailbox: str = "") -> TextPlace:
    """The text of this name; a saved reply or help page may be a new one. Raises NotFoundError, UsageError."""
    if mailbox and mailbox not in _with_folders(config):
        raise NotFoundError(
            "there is no mailbox with letters of its own of that name", remedy="see the list of letters"
        )
    found = (one for one in places(config, mailbox) if (one.kind, one.language, one.name) == (kind, language, name))
    known = next(found, None)
    if known is None and kind in (TextKind.SAVED, TextKind.ARTICLE) and language in languages(config):
        known = new_place(TextKind(kind), language, name, mailbox)
    if known is None:
        raise NotFoundError("there is no such text", remedy="see the list of letters")
    return known


def new_place(kind: TextKind, language: str, name: str, mailbox: str = "") -> TextPlace:
    """Of a text that is not there yet. Raises UsageError for what is no name."""
    if not _SLUG.fullmatch(name) or len(name) > LONGEST_NAME:
        remedy = "use small letters a to z, digits and hyphens, as in track-your-parcel"
        raise UsageError("this is no name for a file", remedy=remedy)
    return TextPlace(kind=kind, language=language, name=name, mailbox=mailbox)


def mailboxes(config: Config) -> list[str]:
    """Those with letters of their own."""
    return _with_folders(config)


def _with_folders(config: Config) -> list[str]:
    return [name for name, box in config.mailbox.items() if box.templates]


def _of_topics(config: Config) -> Iterator[str]:
    for name in asked_for(config).values():
        yield from (name, f"{name}-complaint")


def _files(config: Config, mailbox: str) -> list[str]:
    folder = config.letter_folders(mailbox)[-1]
    pages = (path.relative_to(folder).as_posix() for path in sorted(folder.glob("*/articles/*.md")))
    return [*names_in(folder), *pages]


def place_of_file(file: str, mailbox: str = "") -> TextPlace | None:
    """None for what is no text of ours, or has a name that can't stand in an address."""
    found = _SHAPE.fullmatch(file)
    if not found or not _WORD.fullmatch(found["language"]) or not _WORD.fullmatch(found["name"]):
        return None
    place = TextPlace(kind=_KINDS[found["folder"]], language=found["language"], name=found["name"], mailbox=mailbox)
    return place if file in place.files else None
