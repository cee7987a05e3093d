"""Settings: the keys of config.toml that are changed at the desk, and what became of each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

SettingValue = str | bool | list[str] | dict[str, str]
SettingValues = Mapping[str, SettingValue | None]  # by key; None: the key is not written, so its default counts

TOPICS, GRANTS, CALENDAR = "topics", "grants", "calendar"


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingPlace:
    """A table of config.toml: [topics.NAME], [grants.NAME] or [calendar]."""

    table: str
    name: str = ""  # '' for [calendar]

    @property
    def section(self) -> str:
        """As it is called in messages and in the history."""
        return f"{self.table}.{self.name}" if self.name else self.table

    @property
    def keys(self) -> tuple[str, ...]:
        """The way to it in the file."""
        return (self.table, self.name) if self.name else (self.table,)


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingVersion:
    """One change: who, when, why, and the keys that it changed, as they were and as they are since."""

    id: int
    at: datetime
    account: str  # '' for what was edited in the file itself, noted when it was next changed here
    why: str
    section: str
    before: SettingValues
    after: SettingValues
