"""Whose data is asked for."""

from __future__ import annotations

from pipeline.errors import UsageError
from pipeline.records.mail import fold, is_writable
from pipeline.records.personal import DataSubject
from pipeline.tokens import Signer


def subject_of(address: str, signer: Signer) -> DataSubject:
    """An address as a person typed it, and as we recognise it (see fold). Raises UsageError."""
    typed = address.strip().removeprefix("mailto:").strip("<>")
    local, _, domain = typed.rpartition("@")
    if not local or not domain or not is_writable(typed):
        raise UsageError(f"{address[:100]} is no address", remedy="as eve@example.org")
    folded = fold(typed)
    return DataSubject(address=typed, folded=folded, key=signer.person(folded))
