"""How often does new mail repeat old mail? Only where it does may folds tear near-duplicates.

A threshold is certified on rows that the model has not seen. If these had a near-duplicate among the fitted rows more
often than new mail will have, the certificate would be a lie; if less often, far too strict. So it is measured on mail
that has come, by time: how many of the newest mails resemble an older one, beside how many rows resemble another row.
Only texts are looked at, no labels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.learn.dataset import Row
from pipeline.learn.grouping import Kin, without_forms

ASKED = 1_000  # mails on which it is estimated
LEAST = 100  # new mails: fewer say too little
_NEW = 0.2  # of all mail with a date
_DATED = 0.9  # of the rows must have a date, to stand for the mail that comes
_STEPS = 10  # a share is told in tenths: else each day's mail would make another version of the same data
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Repetition:
    """Two shares. `new`: of new mails, those that repeat an older one. `rows`: of labelled rows, those that repeat
    another one, if they are dealt out one by one."""

    new: float
    rows: float

    @property
    def share(self) -> float:
        """Of the groups of near-duplicates, how many are to be torn: 0 to 1, in tenths, rounded down."""
        return math.floor(_STEPS * min(1.0, self.new / self.rows)) / _STEPS if self.rows else 0.0


def measure(rows: Sequence[Row], mails: Sequence[Row]) -> Repetition | None:
    """From the mails that came, or where they are too few from the rows themselves; None where that can't be told.

    `mails`: with the time they came, labelled or not.
    """
    for source in (without_forms(mails), rows):
        dated = sorted((row for row in source if row.received_at), key=_came)
        new = dated[-min(ASKED, round(_NEW * len(dated))) :]
        if len(new) >= LEAST and (source is not rows or len(dated) >= _DATED * len(rows)):
            return against(rows, new, dated[: -len(new)])
    return None


def against(rows: Sequence[Row], new: Sequence[Row], old: Sequence[Row]) -> Repetition:
    """The two shares. Each is looked for among as many mails: four fifths of the rows, as when one fold is left out."""
    inside = [row for row in rows if not _held_out(row)]
    known = sorted(old, key=lambda row: row.hash)[: len(inside)]
    return Repetition(
        new=share_repeated(new, known), rows=share_repeated([row for row in rows if _held_out(row)], inside)
    )


def share_repeated(unseen: Sequence[Row], seen: Sequence[Row]) -> float:
    """How many of the unseen mails have a near-duplicate among the seen ones, whatever its topic: a share, estimated
    on some of them. Mails of a thread or writer that was seen don't count: those never come apart."""
    known = {name for row in seen for name in (row.thread, row.sender) if name}
    asked = [row for row in sorted(unseen, key=lambda row: row.hash) if not {row.thread, row.sender} & known][:ASKED]
    kin = Kin(seen)
    return sum(kin.has(row, any_topic=True) for row in asked) / len(asked) if asked else 0.0


def _came(row: Row) -> tuple[datetime, str]:
    return (row.received_at or _NEVER, row.hash)


def _held_out(row: Row) -> bool:
    """A fifth of the rows, by their hashes: as a fold is."""
    return int(row.hash, 16) % 5 == 0


def in_words(found: Repetition | None) -> str:
    """For the notes of a version."""
    if found is None:
        return (
            "nobody knows yet how often new mail repeats old mail: near-duplicates are kept together, which may be far "
            "too strict; it is measured once some hundred mails are in the ledger"
        )
    return (
        f"{found.new:.0%} of new mail repeats older mail, {found.rows:.0%} of these rows do among themselves: "
        f"{found.share:.0%} of the groups of near-duplicates may be torn"
    )
