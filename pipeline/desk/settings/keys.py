"""Which keys of config.toml are changed at the desk, and what each of them holds.

These tables hold no secret by their schema (`pipeline/config`), which refuses keys that it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import get_origin

from pipeline.config.calendar import CalendarConfig
from pipeline.config.settings import Config
from pipeline.config.topics import GrantConfig, TopicConfig
from pipeline.config.values import Section
from pipeline.errors import NotFoundError, UsageError
from pipeline.records.setting import CALENDAR, GRANTS, TOPICS, SettingPlace, SettingValue

LONGEST_VALUE, LONGEST_NAME, MOST_VALUES = 500, 100, 100
_MODELS: Mapping[str, type[Section]] = MappingProxyType(
    {TOPICS: TopicConfig, GRANTS: GrantConfig, CALENDAR: CalendarConfig}
)


class ValueKind(StrEnum):
    """What a key holds."""

    TEXT = "text"
    TRUTH = "truth"
    LIST = "list"
    WORDS = "words"  # a text for each language


def kinds_of(table: str) -> Mapping[str, ValueKind]:
    """The keys of such a table, in their order."""
    return {name: _kind(field.annotation) for name, field in _MODELS[table].model_fields.items()}


def is_required(table: str, key: str) -> bool:
    """Has it no default?"""
    return _MODELS[table].model_fields[key].is_required()


def _kind(annotation: object) -> ValueKind:
    if annotation is bool:
        return ValueKind.TRUTH
    if get_origin(annotation) is dict:
        return ValueKind.WORDS
    return ValueKind.LIST if get_origin(annotation) is tuple else ValueKind.TEXT


def place_named(section: str) -> SettingPlace:
    """The table that is meant by "topics.delivery", "grants.voucher-10" or "calendar". Raises UsageError."""
    table, _, name = section.partition(".")
    is_name = 0 < len(name) <= LONGEST_NAME and name.isprintable() and name == " ".join(name.split())
    if table not in _MODELS or (bool(name) if table == CALENDAR else not is_name):
        raise UsageError(
            "this is no table that is changed here",
            where=section[:LONGEST_NAME],
            remedy="topics.NAME, grants.NAME or calendar; the rest is changed in the file itself",
        )
    return SettingPlace(table=table, name=name)


def section_of(config: Config, place: SettingPlace) -> Section:
    """What counts there. Raises NotFoundError where there is no such table."""
    known: Mapping[str, Section]
    if place.table == CALENDAR:
        return config.calendar
    known = config.topics if place.table == TOPICS else config.grants
    if place.name not in known:
        there_are = ", ".join(known) or "(none)"
        raise NotFoundError(f"there is no [{place.section}]", where=str(config.path), remedy=f"known are: {there_are}")
    return known[place.name]


def value_of(place: SettingPlace, key: str, words: Sequence[str]) -> SettingValue:
    """What somebody typed for a key: one text, "yes" or "no", several texts, or LANGUAGE=TEXT. Raises UsageError."""
    kinds, where = kinds_of(place.table), f"{place.section}.{key}"
    if key not in kinds:
        raise UsageError("there is no such key", where=where, remedy=f"one of {', '.join(kinds)}")
    tidy = [" ".join(one.split()) for one in words]
    if len(tidy) > MOST_VALUES or any(len(one) > LONGEST_VALUE or not one.isprintable() for one in tidy):
        remedy = f"at most {MOST_VALUES} texts of {LONGEST_VALUE} letters that can be printed"
        raise UsageError("that is too long, or has signs that can't be read", where=where, remedy=remedy)
    match kinds[key]:
        case ValueKind.LIST:
            return [one for one in tidy if one]
        case ValueKind.WORDS:
            return _by_language(tidy, where)
        case _ if len(tidy) != 1:
            raise UsageError(f"one value is expected, not {len(tidy)}", where=where, remedy="put it in quotes")
        case ValueKind.TRUTH:
            return _truth(tidy[0], where)
        case _:
            return tidy[0]


def _by_language(texts: Sequence[str], where: str) -> dict[str, str]:
    pairs = [(language.strip(), text.strip()) for language, _, text in (one.partition("=") for one in texts)]
    if any(len(language) != 2 or not language.isalpha() or not language.islower() for language, _ in pairs):
        raise UsageError("a text for each language", where=where, remedy="write en=… de=…, two small letters each")
    return {language: text for language, text in pairs if text}


def _truth(word: str, where: str) -> bool:
    if word.lower() not in ("yes", "no", "true", "false"):
        raise UsageError("yes or no?", where=where, remedy="write yes or no")
    return word.lower() in ("yes", "true")
