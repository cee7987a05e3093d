"""What `mail bounces forget` prints for programs; `mail bounces list` prints what a ticket says of an address."""

from __future__ import annotations

from typing import TypedDict


class ForgottenBounceDocument(TypedDict):
    """An address that is written to again."""

    forgotten: str
