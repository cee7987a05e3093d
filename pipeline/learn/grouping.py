"""Near-duplicates get one group name, and so do mails of one thread or writer: no split ever puts them on both sides.

Two mails are near-duplicates when, after placeholders, digits and short words are dropped and words cut to stems,
their stems are the same, or inside one topic overlap to 60 % (Jaccard). Found with an inverted index over each mail's
rarest stems (prefix filtering: two sets that overlap so much must share one of these), so the result is exact and
depends on nothing but the rows.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.learn.dataset import Row
from pipeline.text.numbers import many

OVERLAP = 0.6
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{[^{}]*\}|<[^<>]*>|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W\d_]{4,}")  # three letters and fewer are articles, not content
_STEM = 5  # letters: crude, and the same for every language
_STEMS_USED = 60  # of a long mail: its beginning identifies it
_PROLIFIC = 20  # mails of one sender, and 2 % of all: beyond that it is a form or a robot, not a writer with habits

Stems = frozenset[str]


def with_groups(rows: Sequence[Row]) -> list[Row]:
    """The same rows with `group` set: the smallest row hash of the group. Forms and robots are no `sender` any more."""
    rows = without_forms(rows)
    bags = [stems(row) for row in rows]
    parents = list(range(len(rows)))
    first = _join_equal(bags, parents)
    by_topic: dict[str | None, list[int]] = {}
    for index in first:
        by_topic.setdefault(rows[index].topic, []).append(index)
    frequency = Counter(stem for index in first for stem in bags[index])
    for members in by_topic.values():
        _join_similar(members, bags, frequency, parents)
    _join_people(rows, parents)
    hashes = [row.hash for row in rows]
    smallest: dict[int, str] = {}
    for index, name in enumerate(hashes):
        root = _find(parents, index)
        smallest[root] = min(name, smallest.get(root, name))
    return [replace(row, group=smallest[_find(parents, index)]) for index, row in enumerate(rows)]


def stems(row: Row) -> Stems:
    """What a mail is about, roughly: the stems of its longer words."""
    words = _WORD.findall(_PLACEHOLDER.sub(" ", f"{row.subject} {row.text}").casefold())
    return frozenset(word[:_STEM] for word in words[:_STEMS_USED])


def similar(one: Stems, other: Stems) -> bool:
    """Do they overlap enough to be near-duplicates?"""
    shared = len(one & other)
    return shared >= OVERLAP * (len(one) + len(other) - shared)


def without_forms(rows: Sequence[Row]) -> Sequence[Row]:
    """Who sends so much is no writer with habits: what came through a form has nothing else in common."""
    most = max(_PROLIFIC, len(rows) // 50)
    counts = Counter(row.sender for row in rows if row.sender)
    return [
        replace(row, sender="" if counts[row.sender] > most else row.sender, writer=row.writer or row.sender)
        for row in rows
    ]


def busy_writers(rows: Sequence[Row]) -> list[str]:
    """In words, what came from writers with so much mail that they may be forms: what one of them alone says is not
    learned, as of any other writer."""
    busy = [row.writer for row in rows if row.writer and not row.sender]
    if not busy:
        return []
    who = "one writer" if len(set(busy)) == 1 else f"{len(set(busy))} writers"
    return [f"{many(len(busy), 'mail')} came from {who}: if that is a form, name it in [guard] forms"]


def _join_people(rows: Sequence[Row], parents: list[int]) -> None:
    """Mails of one conversation, and of one writer, sound alike and have the same story."""
    threads: dict[str, list[int]] = {}
    senders: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if row.thread:
            threads.setdefault(row.thread, []).append(index)
        if row.sender:
            senders.setdefault(row.sender, []).append(index)
    for members in [*threads.values(), *senders.values()]:
        for other in members[1:]:
            _join(parents, members[0], other)


def _join_equal(bags: Sequence[Stems], parents: list[int]) -> list[int]:
    """Joins mails with the same stems, whatever their topic; returns one of each kind that has any stems."""
    seen: dict[Stems, int] = {}
    for index, bag in enumerate(bags):
        if bag and seen.setdefault(bag, index) != index:
            _join(parents, seen[bag], index)
    return list(seen.values())


def _join_similar(members: Sequence[int], bags: Sequence[Stems], frequency: Counter[str], parents: list[int]) -> None:
    index: dict[str, list[int]] = {}
    for mail in sorted(members, key=lambda member: (len(bags[member]), member)):
        bag = bags[mail]
        prefix = _prefix(bag, frequency)
        candidates = {other for stem in prefix for other in index.get(stem, ())}
        for other in sorted(candidates):
            long_enough = len(bags[other]) >= OVERLAP * len(bag)
            if long_enough and _find(parents, other) != _find(parents, mail) and similar(bag, bags[other]):
                _join(parents, other, mail)
        for stem in prefix:
            index.setdefault(stem, []).append(mail)


def _prefix(bag: Stems, frequency: Counter[str]) -> list[str]:
    """The rarest stems: two bags that overlap enough must share one of these."""
    rarest = sorted(bag, key=lambda stem: (frequency[stem], stem))
    return rarest[: len(bag) - math.ceil(OVERLAP * len(bag)) + 1]


class Kin:
    """Finds near-duplicates of mails among given ones."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._topics = [row.topic for row in rows]
        self._bags = [stems(row) for row in rows]
        self._frequency = Counter(stem for bag in self._bags for stem in bag)
        self._index: dict[str, list[int]] = {}
        for place, bag in enumerate(self._bags):
            for stem in _prefix(bag, self._frequency):
                self._index.setdefault(stem, []).append(place)

    def has(self, row: Row, *, any_topic: bool = False) -> bool:
        """Is there a near-duplicate: the same stems, or enough of them in a mail of the same topic (or any)?"""
        bag = stems(row)
        places = {other for stem in _prefix(bag, self._frequency) for other in self._index.get(stem, ())}
        return any(
            similar(bag, self._bags[other])
            if any_topic or self._topics[other] == row.topic
            else bag == self._bags[other]
            for other in places
        )


def _find(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _join(parents: list[int], one: int, other: int) -> None:
    parents[_find(parents, other)] = _find(parents, one)
