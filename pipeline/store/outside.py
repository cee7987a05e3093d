"""The column `seen` of a ticket: how it stood in its outside tracker. Nobody else knows its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, cast

from pipeline.records.ticket import OutsideState, TicketStatus


class _Json(TypedDict, total=False):
    """What is not known is left out."""

    status: str
    word: str
    owner: str
    resolution: str
    said: list[str]
    gone: bool


def to_json(state: OutsideState) -> dict[str, object]:
    """As the column keeps it."""
    words = {"word": state.word, "owner": state.owner, "resolution": state.resolution}
    return {
        **({"status": state.status.value} if state.status else {}),
        **{name: value for name, value in words.items() if value is not None},
        **({"said": list(state.comments)} if state.comments else {}),
        **({"gone": True} if state.gone else {}),
    }


def from_json(column: Mapping[str, object] | None) -> OutsideState:
    """What the column says; nothing where it is empty."""
    kept = cast("_Json", column or {})
    return OutsideState(
        status=TicketStatus(kept["status"]) if kept.get("status") else None,
        word=kept.get("word"),
        owner=kept.get("owner"),
        resolution=kept.get("resolution"),
        comments=tuple(kept.get("said", ())),
        gone=kept.get("gone", False),
    )
