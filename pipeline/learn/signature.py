"""What proves that a file is ours and whole: the manifest's keyed signature, and in it the sums of all other files."""

from __future__ import annotations

import hashlib
import hmac

_PURPOSE = b"firstline:model:"  # a signature made for anything else is none


def sign(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA256 in hex. `key`: of `[security]`."""
    return hmac.digest(key, _PURPOSE + data, hashlib.sha256).hex().encode("ascii")


def is_signed(key: bytes, data: bytes, signature: bytes) -> bool:
    """Did whoever has the key sign this?"""
    return hmac.compare_digest(signature, sign(key, data))


def sum_of(data: bytes) -> str:
    """SHA-256 in hex, as a manifest keeps it."""
    return hashlib.sha256(data).hexdigest()


def has_sum(data: bytes, expected: str) -> bool:
    """Is it what the manifest says? '' never is."""
    return hmac.compare_digest(sum_of(data), expected)
