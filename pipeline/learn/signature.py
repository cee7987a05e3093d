"""What proves that a file is ours and whole: keyed signatures, and in the signed manifest the sums of all other files.

A signature made for one purpose is none for another: a manifest's never proves what is in use.
"""

from __future__ import annotations

import hashlib
import hmac

MANIFEST, CURRENT, HISTORY, ROW, CONFIRMED = "model", "current", "history", "row", "confirmed"  # purposes
SHARED = "shared"  # a file in the database, see wiring/sharing.py


def sign(key: bytes, data: bytes, purpose: str = MANIFEST) -> bytes:
    """HMAC-SHA256 in hex. `key`: of `[security]`."""
    return hmac.digest(key, f"firstline:{purpose}:".encode() + data, hashlib.sha256).hex().encode("ascii")


def is_signed(key: bytes, data: bytes, signature: bytes, purpose: str = MANIFEST) -> bool:
    """Did whoever has the key sign this?"""
    return hmac.compare_digest(signature, sign(key, data, purpose))


def sum_of(data: bytes) -> str:
    """SHA-256 in hex, as a manifest keeps it."""
    return hashlib.sha256(data).hexdigest()


def has_sum(data: bytes, expected: str) -> bool:
    """Is it what the manifest says? '' never is."""
    return hmac.compare_digest(sum_of(data), expected)
