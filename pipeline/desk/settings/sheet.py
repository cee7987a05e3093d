"""One table of config.toml as it is shown to be edited, and what somebody typed into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.config.settings import Config
from pipeline.config.values import Section
from pipeline.desk.doors import SettingDoors
from pipeline.desk.settings import file, toml_text
from pipeline.desk.settings.causes import NOTHING, in_words
from pipeline.desk.settings.keys import ValueKind, is_required, kinds_of, section_of, value_of
from pipeline.errors import ConfigError
from pipeline.records.setting import SettingPlace, SettingValue, SettingValues


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingSheet:
    """As it stands on the disk, with defaults where nothing is written; where that can't be read, as it is in use."""

    place: SettingPlace
    mark: str  # of the file; '' where it can't be read
    values: Mapping[str, SettingValue]
    why_not: tuple[str, str]  # why it can't be changed from here, and what to do; '' twice when it can


def sheet_of(doors: SettingDoors, place: SettingPlace) -> SettingSheet:
    """Raises NotFoundError where there is no such table."""
    try:
        opened = file.read(doors.config.path)
        config, written = file.parsed(opened), toml_text.values_at(opened.text, place)
    except ConfigError as error:
        shown = _shown(doors.config, place, {})
        return SettingSheet(place=place, mark="", values=shown, why_not=(str(error.what), error.remedy))
    shown = _shown(config, place, written)
    return SettingSheet(place=place, mark=opened.mark, values=shown, why_not=file.why_not(opened.path))


def _shown(config: Config, place: SettingPlace, written: Mapping[str, SettingValue]) -> dict[str, SettingValue]:
    section = section_of(config, place)
    return {key: written.get(key, _default(section, key, kind)) for key, kind in kinds_of(place.table).items()}


def _default(section: Section, key: str, kind: ValueKind) -> SettingValue:
    value = getattr(section, key)
    match kind:
        case ValueKind.WORDS:
            return dict(value)
        case ValueKind.LIST:
            return list(value)
        case ValueKind.TRUTH:
            return bool(value)
        case _:
            words = in_words(value)
            return "" if words == NOTHING else words


def typed(sheet: SettingSheet, fields: Mapping[str, Sequence[str]]) -> SettingValues:
    """The keys that are not as they were shown; an emptied one is taken out of the file. A key that is not among the
    fields stays. Raises UsageError."""
    changed: dict[str, SettingValue | None] = {}
    for key in kinds_of(sheet.place.table):
        if key in fields:
            value = value_of(sheet.place, key, fields[key])
            if value != sheet.values[key]:
                is_empty = value in ("", [], {}) and not is_required(sheet.place.table, key)
                changed[key] = None if is_empty else value
    return changed
