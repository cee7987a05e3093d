"""Groups of mail that `data discover` found in a piece of work: a person names each with one answer."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.desk.doors import CollectingDoors
from pipeline.desk.work import Works
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.desk.naming import Group, Naming  # scikit-learn takes a while to load

WORK, TABLE = "discover", "groups.csv"
MOST = 500  # groups: more is no help to anybody


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupAsked:
    """One group, and what is said beside it."""

    name: str
    mails: int
    typical: Sequence[str]
    farthest: Sequence[tuple[str, str]]  # hash and beginning: those that may not belong to it
    guess: str  # the topic of the group named before that is most like it
    topics: Sequence[str]
    left: int  # groups, this one included


class GroupsRoom:
    """Used by many threads."""

    def __init__(self, doors: CollectingDoors, works: Works) -> None:
        self._doors, self._works = doors, works
        self._lock = threading.Lock()
        self._sittings: dict[str, tuple[Naming, int]] = {}  # with when the table was written
        self._later: dict[str, set[str]] = {}

    def words(self, groups: int) -> tuple[str, ...]:
        """Of the command that finds so many groups; 0: as many as there seem to be topics. Raises UsageError."""
        if not 0 <= groups <= MOST:
            raise UsageError(f"{groups} groups?", remedy=f"2 to {MOST}, or 0 for as many as there seem to be")
        return ("data", "discover", "--topics", str(groups), "--out", str(self._works.place(WORK) / TABLE), "--json")

    def next(self, who: str) -> GroupAsked | None:
        """The largest that has no name yet; None: all have one, or none were found. Raises UsageError."""
        from pipeline.learn.data_document import beginning
        from pipeline.learn.discover import TYPICAL, farthest

        with self._lock:
            naming, free = self._sitting(who), self._free(who)
            if naming is None or not free:
                return None
            group = free[0]
            return GroupAsked(
                name=group.name,
                mails=len(group.rows),
                typical=[beginning(row) for row in group.rows[:TYPICAL]],
                farthest=[(row.hash, beginning(row)) for row in farthest(group.rows)],
                guess=naming.guess(group),
                topics=naming.topics(),
                left=len(free),
            )

    def label(self, who: str, name: str, topic: str, without: Collection[str] = ()) -> int:
        """All mails of the group are about this topic, but for those `without`; returns how many. Raises UsageError."""
        from pipeline.desk.topics import topic_named

        with self._lock:
            naming = self._sitting(who)
            if naming is None:
                raise UsageError("the groups are gone", remedy="let them be found again")
            return naming.label(naming.group(name), topic_named(topic, naming.topics()), without)

    def later(self, who: str, name: str) -> None:
        """This person leaves the group for now."""
        self._later.setdefault(who, set()).add(name)

    def undo(self, who: str) -> str:
        """Takes the last name back; returns the group, '' when there is nothing to undo."""
        with self._lock:
            naming = self._sitting(who)
            group = naming.undo() if naming else None
            return group.name if group else ""

    def waiting(self, who: str) -> int | None:
        """Groups without a name that this person has not put off; None: this person has not looked at what was found
        last, which takes a while."""
        with self._lock:
            known = self._sittings.get(who)
            return len(self._free(who)) if known and known[1] == self._written() else None

    def _free(self, who: str) -> list[Group]:
        naming = self._sitting(who)
        if naming is None:
            return []
        named = {group.name for group, _topic, _rows in naming.done} | self._later.get(who, set())
        return [group for group in naming.groups if group.name not in named]

    def _sitting(self, who: str) -> Naming | None:
        """None: no groups were found, or all have names."""
        from pipeline.desk.naming import begin

        written = self._written()
        if written is None:
            return None
        known = self._sittings.get(who)
        if known is None or known[1] != written:
            self._later.pop(who, None)
            known = self._sittings[who] = begin(self._doors, self._table, who), written
        return known[0]

    @property
    def _table(self) -> Path:
        return self._works.place(WORK) / TABLE

    def _written(self) -> int | None:
        """When the table was; None: there is none."""
        return self._table.stat().st_mtime_ns if self._table.is_file() else None
