"""What `config` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.records.setting import SettingValue, SettingVersion

Values = Annotated[dict[str, SettingValue | None], "by key; null: it is not written in the file"]


class SettingVersionDocument(TypedDict):
    """One change of config.toml."""

    id: int
    at: datetime
    by: str
    why: str
    section: Annotated[str, "topics.NAME, grants.NAME or calendar"]
    before: Values
    after: Values


class SettingWarningDocument(TypedDict):
    """What the change leaves undone."""

    where: str
    what: str
    remedy: str


class ChangedSettingDocument(TypedDict):
    """A change that was made, or with --dry-run would be."""

    id: Annotated[int, "for `config back`; 0 with --dry-run"]
    section: str
    before: Values
    after: Values
    diff: Annotated[list[str], "the lines of the file that change"]
    causes: Annotated[list[str], "what follows from it, in words"]
    warnings: list[SettingWarningDocument]


def setting_version_document(one: SettingVersion) -> SettingVersionDocument:
    """One of the history."""
    return {
        "id": one.id, "at": one.at, "by": one.account, "why": one.why, "section": one.section,
        "before": dict(one.before), "after": dict(one.after),
    }  # fmt: skip
