"""`models/confirmed.json`: the thresholds that people's answers have shown, by version and head.

Whoever labels mail reads it beside the version; it is worked out anew from the answers in the database at each of them.
It is signed: who can write into the folder, but has not the key, must not make the machine sure of what it is not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from pipeline.errors import UnusableModelError
from pipeline.learn import durable, signature
from pipeline.text.regular_files import read_below

FILE = "confirmed.json"
_LARGEST = 1_000_000  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmedThreshold:
    """What the answers about one head of a version have shown."""

    threshold: float | None  # sure from here on; None: never, it was wrong too often
    max_error: float  # the share of wrong that was asked about
    since: datetime

    def used(self, shipped: float | None, max_error: float) -> float | None:
        """The threshold in use, where `max_error` is allowed. What was shown of a stricter one holds for it too, and
        what was wrong more often than a laxer one allows is so for it."""
        says = max_error <= self.max_error if self.threshold is None else max_error >= self.max_error
        return self.threshold if says else shipped


Confirmed = Mapping[str, Mapping[str, ConfirmedThreshold]]  # by version and head


def read(folder: Path, key: bytes) -> dict[str, dict[str, ConfirmedThreshold]]:
    """All that was shown, by version and head; nothing where there is no file. Raises UnusableModelError."""
    try:
        data = read_below(folder, FILE, _LARGEST)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unusable(folder, f"can't be read: {error.strerror}") from error
    told, _, mark = data.rstrip(b"\n").partition(b"\n")
    if not signature.is_signed(key, told, mark, signature.CONFIRMED):
        raise _unusable(folder, "it is not signed, or with another key: it was changed")
    return {
        version: {head: _threshold(one) for head, one in heads.items()} for version, heads in json.loads(told).items()
    }


def write(folder: Path, key: bytes, version: str, head: str, threshold: ConfirmedThreshold | None) -> None:
    """With this head of this version as it is now; None: nothing was shown of it. Under the registry's lock."""
    known = read(folder, key)
    heads = {name: one for name, one in known.get(version, {}).items() if name != head}
    if threshold:
        heads[head] = threshold
    told = json.dumps(_plain({**known, version: heads}), sort_keys=True).encode("ascii")
    mark = signature.sign(key, told, signature.CONFIRMED)
    durable.replace(folder / FILE, told + b"\n" + mark + b"\n")


def receive(folder: Path, key: bytes, data: bytes) -> None:
    """The file of another machine, if it is signed. Under the registry's lock. Raises UnusableModelError."""
    told, _, mark = data.rstrip(b"\n").partition(b"\n")
    if not signature.is_signed(key, told, mark, signature.CONFIRMED):
        raise _unusable(folder, "that of another machine is not signed, or with another key")
    durable.replace(folder / FILE, data)


def _plain(confirmed: Confirmed) -> dict[str, dict[str, object]]:
    return {
        version: {head: {**asdict(one), "since": one.since.isoformat()} for head, one in heads.items()}
        for version, heads in confirmed.items()
        if heads
    }


def _threshold(told: Mapping[str, object]) -> ConfirmedThreshold:
    return ConfirmedThreshold(
        threshold=cast("float | None", told["threshold"]),
        max_error=cast("float", told["max_error"]),
        since=datetime.fromisoformat(str(told["since"])),
    )


def _unusable(folder: Path, why: str) -> UnusableModelError:
    remedy = "remove it; the next `firstline data confirm` works it out anew from the answers"
    return UnusableModelError(why, where=str(folder / FILE), remedy=remedy)
