"""A person decides about labels that are probably wrong: takes the proposal, keeps the label, or gives another.

Each answer is a label of its own in `training_data/fixed.csv`, newer than the doubted one: the newest label counts, and
what a person has looked at because of a doubt is not doubted again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import CollectingDoors
from pipeline.errors import UsageError
from pipeline.learn import importing
from pipeline.learn.audit import FIXED, doubted
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.importing import Terms
from pipeline.learn.suspects import Encode, Suspect


@dataclass
class Fixing:
    """One person at the list of suspected labels."""

    doors: CollectingDoors
    by: str
    suspects: list[Suspect]  # the worst first
    done: list[tuple[Suspect, Row]] = field(default_factory=list)  # for undo, the last one at the end

    def of_hash(self, hash_: str) -> list[Suspect]:
        """The suspected labels of one mail. Raises UsageError where there are none."""
        found = [one for one in self.suspects if one.row.hash == hash_]
        if not found:
            raise UsageError(f"no label of a mail {hash_} is suspected", remedy="the hashes are in `data audit --json`")
        return found

    def settle(self, suspect: Suspect, label: str) -> None:
        """The label is this one, be it the doubted one, the proposal or another."""
        only: dict[str, Any] = dict.fromkeys(HEADS)  # of `replace`, which takes any field by name
        only[suspect.head] = label
        terms = Terms(
            login=self.by,
            by=self.by,
            source=FIXED,
            labelled_at=self.doors.clock.now().replace(microsecond=0),
            pseudonym=self.doors.signer.pseudonym,
        )
        row = importing.admit(replace(suspect.row, labelled_at=None, **only), terms)
        shelf_of(self.doors).append(FIXED, [row])
        self.done.append((suspect, row))

    def undo(self) -> Suspect | None:
        """Takes the last answer back; None when there is nothing to undo."""
        if not self.done:
            return None
        suspect, row = self.done.pop()
        shelf_of(self.doors).remove(FIXED, row)
        return suspect


def begin(doors: CollectingDoors, by: str, encode: Encode, progress: Callable[[str], None], head: str = "") -> Fixing:
    """Looks for suspected labels, of one head or of all. Raises UsageError."""
    if head and head not in HEADS:
        raise UsageError(f"there is no head '{head}'", remedy=f"one of {', '.join(HEADS)}")
    progress("checking all labels")
    found = doubted(shelf_of(doors).redacted(), encode=encode)
    return Fixing(doors, by, [one for one in found if head in ("", one.head)])
