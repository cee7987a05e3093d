"""Documents about what must be kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.records.personal import Hold


class HoldDocument(TypedDict):
    """What may not go."""

    what: Annotated[str, "the reference of a ticket, or the address of a customer as we recognise it"]
    at: Annotated[datetime, "since when"]
    who: Annotated[str, "who wanted it"]
    why: str


def hold_document(one: Hold) -> HoldDocument:
    """A hold."""
    return HoldDocument(what=one.what, at=one.at, who=one.who, why=one.why)
