"""Who has a case before them just now, and what they do there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Doing(StrEnum):
    """What somebody does on a case."""

    LOOKS = "looks"
    WRITES = "writes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Present:
    """Somebody has a case before them."""

    account: str  # address
    doing: Doing
    at: datetime  # when their page last said so
