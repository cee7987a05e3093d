"""The form of a setting: its fields, what was typed into them, and what follows from it, in the visitor's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.desk.settings.causes import NOTHING, Cause, in_words
from pipeline.desk.settings.keys import ValueKind, kinds_of
from pipeline.desk.settings.sheet import SettingSheet
from pipeline.records.setting import SettingPlace, SettingValue, SettingVersion
from pipeline.records.ticket import BOARD, Priority
from pipeline.web.desk.translations import N_, Speech
from pipeline.wiring.live_doors import LiveDoors

YES, NO = "yes", "no"
LABELS: Mapping[str, tuple[str, str]] = {  # how a key is called, and what to know about it
    "topics.title": (N_("What customers read"), N_("as in “this is about …”")),
    "topics.owner": (N_("Who is responsible"), "Anna Virtanen <anna@example.com>"),
    "topics.acknowledge": (N_("Answered by the machine"), ""),
    "topics.template": (N_("Letter"), N_("empty: the one with the name of the topic; to a complaint NAME-complaint")),
    "topics.respond_within": (N_("A person answers within"), N_("working time: 90m, 4h")),
    "topics.resolve_within": (N_("Solved within"), N_("working time: 90m, 4h")),
    "topics.track": (N_("What becomes a case"), ""),
    "topics.may_grant": (N_("May be given"), N_("one in each line; the first that a customer may have is offered")),
    "topics.articles": (N_("Help pages"), N_("one in each line")),
    "topics.tracker": (N_("Tracker"), N_("empty: the usual one")),
    "topics.project": (N_("Project there"), N_("empty: the usual one")),
    "topics.labels": (N_("Labels there"), N_("one in each line")),
    "topics.priority": (N_("Priority at the beginning"), ""),
    "topics.checklist": (N_("Steps to solve it"), N_("one in each line; they stand on the case")),
    "grants.title": (N_("What customers read"), N_("as in “we would like to give you …”")),
    "grants.per_customer": (N_("How often one customer"), N_("1 per 365d; 0: as often as you like")),
    "calendar.timezone": (N_("Time zone"), "Europe/Helsinki"),
    "calendar.hours": (N_("Working hours"), "Mon-Fri 09:00-17:00, Sat 10:00-14:00"),
    "calendar.holidays": (N_("Public holidays of"), N_("a country (FI) or a region of it (DE-BY); empty: none")),
    "calendar.closed": (N_("Closed on"), N_("one in each line: 2026-12-24, or 2026-12-27..2026-12-31")),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "topics.acknowledge": {YES: N_("yes"), NO: N_("no")},
    "topics.track": {
        "complaints": N_("complaints"),
        "all": N_("every mail"),
        "never": N_("nothing"),
    },
    "topics.priority": {
        Priority.LOW: N_("low"),
        Priority.NORMAL: N_("normal"),
        Priority.HIGH: N_("high"),
        Priority.URGENT: N_("urgent"),
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingField:
    """One key of the form. A text for each language is a field of its own below it."""

    key: str
    label: str
    hint: str
    kind: ValueKind
    typed: SettingValue
    on_disk: SettingValue
    choices: Mapping[str, str]
    known: Sequence[str]  # values that there are, to choose from or to type
    languages: Sequence[str]

    @property
    def lines(self) -> str:
        """A list, one in each line."""
        return "\n".join(self.typed) if isinstance(self.typed, list) else ""

    @property
    def words(self) -> Mapping[str, str]:
        """A text for each language."""
        return self.typed if isinstance(self.typed, dict) else {}

    @property
    def chosen(self) -> str:
        """A text, or yes or no."""
        if isinstance(self.typed, bool):
            return YES if self.typed else NO
        return self.typed if isinstance(self.typed, str) else ""


def fields_of(doors: LiveDoors, sheet: SettingSheet, typed: Mapping[str, Sequence[str]] | None) -> list[SettingField]:
    """Of a table; `typed`: what somebody has sent, which stays in the form."""
    sent = values_of(sheet.place, typed) if typed is not None else {}
    every = {language for language, _ in doors.letters.names}
    found = []
    for key, kind in kinds_of(sheet.place.table).items():
        place = f"{sheet.place.table}.{key}"
        label, hint = LABELS[place]
        on_disk = sheet.values[key]
        value = _raw(kind, sent[key]) if key in sent else on_disk
        written = on_disk if isinstance(on_disk, dict) else {}
        found.append(
            SettingField(
                key=key,
                label=label,
                hint=hint,
                kind=kind,
                typed=value,
                on_disk=on_disk,
                choices=CHOICES.get(place, {}),
                known=_known(doors, place),
                languages=sorted(every | set(written)),
            )
        )
    return found


def _raw(kind: ValueKind, words: Sequence[str]) -> SettingValue:
    """As it was typed, right or wrong."""
    match kind:
        case ValueKind.LIST:
            return [one for one in words if one]
        case ValueKind.WORDS:
            return {language: text for language, _, text in (one.partition("=") for one in words) if text}
        case ValueKind.TRUTH:
            return words == [YES]
        case _:
            return " ".join(words)


def values_of(place: SettingPlace, fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What the form brings, as it would be typed on the command line; keys that it did not have are not there."""
    found: dict[str, list[str]] = {}
    for key, kind in kinds_of(place.table).items():
        if kind is ValueKind.WORDS:
            by_language = {name.rpartition(".")[2]: one for name, one in fields.items() if name.startswith(f"{key}.")}
            if by_language:
                found[key] = [f"{language}={text}" for language, texts in by_language.items() for text in texts]
        elif key in fields:
            lines = [line.strip() for text in fields[key] for line in text.splitlines() if line.strip()]
            found[key] = lines if kind is ValueKind.LIST else lines[:1] or [""]
    return found


def _known(doors: LiveDoors, place: str) -> Sequence[str]:
    config = doors.config
    match place:
        case "topics.template":
            names = {
                name
                for _, name in doors.letters.names
                if f"{name}-complaint" in {one for _, one in doors.letters.names}
            }
            return sorted(names)
        case "topics.tracker":
            return [BOARD, *config.trackers]
        case "topics.may_grant":
            return list(config.grants)
        case "topics.articles":
            return sorted({name for _, name in doors.articles.names})
        case _:
            return []


def causes_in_words(speech: Speech, causes: Iterable[Cause]) -> list[str]:
    """In the visitor's language, with times as they are read there."""

    def value(one: str | datetime) -> str:
        if isinstance(one, datetime):
            return speech.moment(one)
        return speech.say(NOTHING) if one == NOTHING else one

    return [speech.say(one.text, **{name: value(word) for name, word in one.values.items()}) for one in causes]


def change_in_words(version: SettingVersion) -> list[tuple[str, str, str, str]]:
    """Each key of a change: the key, its name for people, how it was, and how it is since; '' for nothing."""
    table = version.section.partition(".")[0]
    return [
        (key, LABELS.get(f"{table}.{key}", (key, ""))[0], shown(was), shown(version.after.get(key)))
        for key, was in version.before.items()
    ]


def shown(value: SettingValue | None) -> str:
    """A value in a line, '' for nothing."""
    words = in_words(value)
    return "" if words == NOTHING else words
