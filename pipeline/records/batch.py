"""The same done to many cases at once, what came of it, and what is needed to undo it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class BatchAction(StrEnum):
    """What can be done to many at once."""

    ASSIGN = "assign"
    STATUS = "status"
    PRIORITY = "priority"
    CLOSE_SILENTLY = "close-silently"
    RELEASE = "release"
    DISCARD = "discard"

    @property
    def is_for_mails(self) -> bool:
        """For parked mails, not for cases."""
        return self in (BatchAction.RELEASE, BatchAction.DISCARD)


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseBefore:
    """How a promise stood."""

    mail_id: str
    kind: str
    number: int
    state: str
    kept: datetime | None
    kept_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseBefore:
    """How a case stood."""

    ref: str
    status: str
    owner: str
    priority: str
    responded: datetime | None
    resolved: datetime | None
    promises: tuple[PromiseBefore, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchStep:
    """What was done to one of them, or why it was not."""

    ref: str
    action: BatchAction
    was: str  # in words, for the audit log and the page
    now: str
    error: str = ""  # why it was not done
    before: CaseBefore | None = None  # for undoing; None of mails
    mark: int = 0  # how far the timeline went afterwards

    def as_json(self) -> Mapping[str, object]:
        """For the database; `of_json` reads it."""
        plain: Mapping[str, object] = _plain(asdict(self))
        return plain

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:  # Any: what JSON holds
        """What `as_json` made."""
        found = dict(kept)
        if before := found["before"]:
            promises = tuple(PromiseBefore(**{**one, "kept": _time(one["kept"])}) for one in before["promises"])
            times = {name: _time(before[name]) for name in ("responded", "resolved")}
            found["before"] = CaseBefore(**{**before, **times, "promises": promises})
        return cls(**{**found, "action": BatchAction(found["action"])})


def _plain(value: Any) -> Any:  # Any: fields of many types, as JSON has them
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case datetime():
            return value.isoformat()
    return value


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
