"""All texts at a glance: which there are in which language, and what goes out where one is missing or broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.desk.doors import TextDoors
from pipeline.desk.lint import asked_for
from pipeline.desk.texts.history import own_marks
from pipeline.desk.texts.places import languages, places
from pipeline.records.letter import recorded_name
from pipeline.records.texts import TextKind, TextPlace
from pipeline.replies.files import names_in
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.matrix import ASKING, FOLLOWING, IRREPLACEABLE
from pipeline.store.templates import mark_of
from pipeline.store.texts import mark_of_files

ALONE = (*IRREPLACEABLE, "answer", "late")  # no other letter goes out in their place


class TextState(StrEnum):
    """How it stands with a text."""

    THERE = "there"
    WAITING = "waiting"  # changed, and not in use yet
    BROKEN = "broken"  # what lies there can't be used; `problem` says why
    SILENT = "silent"  # it does not say when work begins again
    MISSING = "missing"  # `instead` goes out


@dataclass(frozen=True, kw_only=True)
class TextCell:
    """A text in one language."""

    place: TextPlace
    state: TextState
    instead: str = ""  # as en/neutral; '' is the built-in text, or nothing where it stands ALONE
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class TextRow:
    """A text in all languages, in the order of Overview.languages."""

    name: str
    topics: tuple[str, ...] = ()  # that ask for it
    complaint: bool = False
    cells: tuple[TextCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TextGroup:
    """Texts of one sort: topics, always, following, asking, parts, saved, articles."""

    name: str
    rows: tuple[TextRow, ...]


@dataclass(frozen=True, kw_only=True)
class TextOverview:
    """Of all mailboxes together, or of what one has for itself."""

    languages: tuple[str, ...]
    served: frozenset[str]  # languages that there is any letter in
    groups: tuple[TextGroup, ...]


def overview(doors: TextDoors, mailbox: str = "") -> TextOverview:
    """Everything that can be edited. Takes up what has changed on disk, as sending would."""
    letters = doors.letters.of_mailbox(mailbox)
    doors.letters.refresh()
    doors.articles.refresh()
    look = _TextsNow(doors, letters, mailbox)
    by_name: dict[tuple[TextKind, str], dict[str, TextCell]] = {}
    for place in places(doors.config, mailbox):
        by_name.setdefault((place.kind, place.name), {})[place.language] = look.cell(place)
    spoken = tuple(languages(doors.config))
    asked = asked_for(doors.config.of_mailbox(mailbox))
    rows = [_row(kind, name, cells, spoken, asked) for (kind, name), cells in by_name.items()]
    return TextOverview(
        languages=spoken,
        served=frozenset(language for language, _ in letters.names),
        groups=tuple(_groups(rows, list(asked))),
    )


def state_of(doors: TextDoors, place: TextPlace) -> TextCell:
    """The same of one text."""
    doors.letters.refresh()
    return _TextsNow(doors, doors.letters.of_mailbox(place.mailbox), place.mailbox).cell(place)


class _TextsNow:
    """One look at the folder and at what the workers use."""

    def __init__(self, doors: TextDoors, letters: TemplateLetters, mailbox: str) -> None:
        folder = doors.config.letter_folders(mailbox)[-1]
        pages = (path.relative_to(folder).as_posix() for path in folder.glob("*/articles/*.md"))
        self.files = {*names_in(folder), *pages}
        self.letters = letters
        self.pages = dict(doors.articles.of_mailbox(mailbox).problems)
        self.used = {
            (row.language, row.name): row.files or {} for row in doors.versions.history() if row.in_use and row.files
        }

    def cell(self, place: TextPlace) -> TextCell:
        """How it stands with this text."""
        file = place.files[0]
        broken = {**self.letters.problems, **self.pages}
        problem = next((broken[one] for one in place.files if one in broken), "")
        if problem:
            return TextCell(place=place, state=TextState.BROKEN, problem=problem, instead=self._instead(place))
        if file not in self.files:
            return TextCell(place=place, state=TextState.MISSING, instead=self._instead(place))
        return TextCell(place=place, state=self._of_letter(place))

    def _of_letter(self, place: TextPlace) -> TextState:
        loaded = self.letters.loaded.get((place.language, place.name))
        if place.kind is not TextKind.LETTER or place.is_part or loaded is None:
            return TextState.THERE
        here = {file: mark_of(text) for file, text in loaded.fit.sources.items()}
        used = self.used.get((place.language, recorded_name(place.mailbox, place.name)))
        if used is not None and mark_of_files(own_marks(place, used)) != mark_of_files(own_marks(place, here)):
            return TextState.WAITING
        silent = not loaded.fit.says_opening and place.name not in (*ALONE, *FOLLOWING, *ASKING)
        return TextState.SILENT if silent else TextState.THERE

    def _instead(self, place: TextPlace) -> str:
        """What is sent: perhaps its own last good version, else another letter."""
        if place.kind is not TextKind.LETTER or place.is_part:
            return ""
        sent = self.letters.chosen(place.name, place.language)
        if sent is None or (place.name in ALONE and sent[1] != place.name):
            return ""
        return "/".join(sent)


def _row(
    kind: TextKind, name: str, cells: Mapping[str, TextCell], spoken: Iterable[str], asked: Mapping[str, str]
) -> TextRow:
    plain = name.removesuffix("-complaint")
    topics = [topic for topic, letter in asked.items() if kind is TextKind.LETTER and letter in (name, plain)]
    return TextRow(
        name=name,
        topics=tuple(topics),
        complaint=bool(topics) and plain != name,
        cells=tuple(cells[language] for language in spoken if language in cells),
    )


def _groups(rows: Sequence[TextRow], topics: Sequence[str]) -> Iterable[TextGroup]:
    sorted_rows: dict[str, list[TextRow]] = {name: [] for name in GROUPS}
    for row in rows:
        sorted_rows[_group(row)].append(row)
    sorted_rows["topics"].sort(key=lambda row: (topics.index(row.topics[0]), row.complaint))
    return (TextGroup(name=name, rows=tuple(of)) for name, of in sorted_rows.items() if of)


GROUPS = ("topics", "always", "following", "asking", "saved", "articles", "parts")


def _group(row: TextRow) -> str:
    place = row.cells[0].place
    if place.kind is not TextKind.LETTER:
        return "saved" if place.kind is TextKind.SAVED else "articles"
    if row.topics:
        return "topics"
    if place.is_part:
        return "parts"
    return "asking" if place.asks else "following" if row.name in FOLLOWING else "always"
