"""A person names groups of mail that `data discover` found: one answer labels all mails of a group.

The labels go to `training_data/named.csv`. What is labelled there already is not asked again, so a sitting can end at
any time and be continued with the same table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import CollectingDoors
from pipeline.desk.topics import topics_known
from pipeline.errors import UsageError
from pipeline.learn import importing
from pipeline.learn.dataset import NAMED, Columns, Problems, Row
from pipeline.learn.importing import Terms
from pipeline.learn.label_files import read_rows

WordProfile = Mapping[str, float]  # the weight of each word; their squares sum up to 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Mails about the same thing, from the most typical one outwards."""

    name: str  # as proposed
    rows: tuple[Row, ...]


@dataclass
class Naming:
    """One person with one table of `data discover --out`."""

    doors: CollectingDoors
    by: str
    groups: list[Group]  # that have mails without a topic, the largest first
    words: Mapping[str, WordProfile]  # of each group's mails, by its name
    done: list[tuple[Group, str, list[Row]]] = field(default_factory=list)  # for undo, the last one at the end

    def topics(self) -> list[str]:
        """What a mail can be about, as far as is known."""
        return topics_known(self.doors)

    def group(self, name: str) -> Group:
        """The group of this name, or whose name begins so. Raises UsageError."""
        found = [one for one in self.groups if one.name == name or one.name.partition(" ")[0] == name]
        if len(found) != 1:
            shown = ", ".join(one.name for one in self.groups[:20]) or "(none)"
            raise UsageError(f"there is no group '{name}' left to be named", remedy=f"there are: {shown}")
        return found[0]

    def guess(self, group: Group) -> str:
        """The topic of the group named before that is most like it, '' when none was named yet."""
        alike = [(self._likeness(group, other), topic) for other, topic, _rows in self.done]
        return max(alike, default=(0.0, ""))[1]

    def _likeness(self, one: Group, other: Group) -> float:
        mine, theirs = self.words[one.name], self.words[other.name]
        return sum(weight * theirs.get(word, 0.0) for word, weight in mine.items())

    def label(self, group: Group, topic: str, without: Collection[str] = ()) -> int:
        """All its mails are about this topic, but for those `without` (hashes); returns how many. Raises UsageError."""
        hashes = {row.hash for row in group.rows}
        unknown = sorted(set(without) - hashes)
        if unknown:
            raise UsageError(
                f"there is no mail {unknown[0]} in {group.name}", remedy="name the hash of one of its mails"
            )
        now = self.doors.clock.now().replace(microsecond=0)
        terms = Terms(login=self.by, by=self.by, labelled_at=now, source=NAMED, pseudonym=self.doors.signer.pseudonym)
        mine = [replace(row, topic=topic, labelled_at=None) for row in group.rows if row.hash not in without]
        rows = [importing.admit(row, terms) for row in mine]
        shelf_of(self.doors).append(NAMED, rows)
        self.done.append((group, topic, rows))
        return len(rows)

    def undo(self) -> Group | None:
        """Takes the last naming back; returns its group, None when there is nothing to undo."""
        if not self.done:
            return None
        group, _topic, rows = self.done.pop()
        shelf = shelf_of(self.doors)
        for row in rows:
            shelf.remove(NAMED, row)
        return group


def begin(doors: CollectingDoors, table: Path, by: str) -> Naming:
    """A sitting with a table that `data discover --out` wrote. Raises UsageError for any other table."""
    from pipeline.learn.points import word_profiles  # scikit-learn is slow to import

    problems = Problems(str(table))
    rows = [row for _number, row in read_rows(table, Columns(), problems, labelled=False)]
    problems.raise_if_any()
    proposed: dict[str, list[Row]] = {}
    for row in rows:
        if importing.is_proposed(row.topic or ""):
            proposed.setdefault(row.topic or "", []).append(row)
    if not proposed:
        raise UsageError(
            "there are no groups in it to be named",
            where=str(table),
            remedy="give the table that `firstline data discover --out FILE.csv` wrote",
        )
    labelled = {key for key, row in shelf_of(doors).known().items() if row.topic}
    left = [(name, [row for row in mine if row.hash not in labelled]) for name, mine in proposed.items()]
    groups = [Group(name=name, rows=tuple(mine)) for name, mine in left if mine]
    profiles = dict(zip((group.name for group in groups), word_profiles([group.rows for group in groups]), strict=True))
    return Naming(doors, by, sorted(groups, key=lambda group: -len(group.rows)), profiles)
