"""Which rows are fitted and which are the frozen test part; and folds inside the fitted ones.

Groups of near-duplicates stay whole, but for a share of them: as many as new mail repeats old mail (repetition.py).
Where mail repeats itself and groups stay whole all the same, what is certified is far too strict; where it does not and
they are torn, it is a lie.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.learn import grouping
from pipeline.learn.dataset import HEADS, Row

TEST_SHARE = 0.2
FEW = 2_000  # labels of a head, below which all of them are fitted and its figures come out of fold
_MOST = 0.3  # of one topic and language, also when others can't give their part: the mix must stay what it is
_FOLDS = 5
_SEED = "firstline"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Before:
    """What the version in use did with its rows, by their hashes."""

    frozen: Container[str] = ()
    fitted: Container[str] = ()


NOTHING = Before()


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """The fitted rows, and those no version may ever fit."""

    train: tuple[Row, ...]
    test: tuple[Row, ...]
    judged: tuple[Row, ...]  # of the test part: those on which figures are no flattery
    check: tuple[Row, ...] = ()  # of `check.csv`: for the thresholds alone
    torn: Collection[str] = frozenset()  # groups of near-duplicates that splits and folds tear
    named: bool = False  # the user named the test part


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    rows: tuple[Row, ...]

    @property
    def stratum(self) -> tuple[str, str]:
        return _stratum(self.rows[0])

    @property
    def newest(self) -> datetime:
        return max(row.received_at or row.labelled_at or _NEVER for row in self.rows)

    @property
    def lot(self) -> str:
        """Decides where dates don't."""
        return _lot(self.name)


def _lot(name: str) -> str:
    """A hash, so that the same rows always split the same way."""
    return hashlib.sha256(f"{_SEED}:{name}".encode()).hexdigest()


def _stratum(row: Row) -> tuple[str, str]:
    return (row.topic or row.sentiment or row.complaint or "", row.language)


def torn_groups(rows: Sequence[Row], share: float) -> frozenset[str]:
    """The groups to tear, so that at most this share of the mails in groups is in torn ones: by lot.

    `share`: 0 to 1, how often new mail repeats old mail beside how often it would if every group were torn.
    """
    sizes = Counter(row.group for row in rows)
    several = [name for name, size in sizes.items() if size > 1]
    left = share * sum(sizes[name] for name in several)
    torn: set[str] = set()
    for name in sorted(several, key=_lot):
        if sizes[name] <= left:
            torn.add(name)
            left -= sizes[name]
    return frozenset(torn)


def split_newest_fifth(
    rows: Sequence[Row], before: Before = NOTHING, torn: Collection[str] = frozenset(), few: int = FEW
) -> Split:
    """The newest fifth of each topic and language becomes the test part; of heads with few labels nothing does.

    What `before` kept out stays out, and what it fitted is not taken back: only rows are frozen, never the chains of
    near-duplicates that a single new mail can make of them. Where a row that was kept out resembles a fitted one by
    now, it is in `test` and not in `judged`. `few`: labels of a head.
    """
    heads = _few_of(rows, few)
    scarce = [row for row in rows if any(row.label(head) is not None for head in heads)]
    rows = [row for row in rows if not any(row.label(head) is not None for head in heads)]
    unit_of = {row.hash: _unit(row, torn) for row in rows}
    kept_out = [row for row in rows if row.hash in before.frozen]
    fitted = [row for row in rows if row.hash in before.fitted and row.hash not in before.frozen]
    settled = {unit_of[row.hash] for row in (*kept_out, *fitted)}
    old = {row.hash for row in (*kept_out, *fitted)}
    others = [row for row in rows if row.hash not in old]
    free = [row for row in others if unit_of[row.hash] not in settled]
    train = [*fitted, *(row for row in others if unit_of[row.hash] in settled)]
    test = list(kept_out)
    frozen, everything = Counter(map(_stratum, kept_out)), Counter(map(_stratum, rows))
    of = Counter(map(_stratum, free)) if fitted else everything  # new mail must teach something too
    missing = 0.0  # what small strata could not give, the next ones do
    strata = _strata(free, [unit_of[row.hash] for row in free])
    for stratum, count in sorted(everything.items()):
        missing += TEST_SHARE * count - frozen[stratum]
        wanted = min(round(missing), math.ceil(_MOST * of[stratum]) - (0 if fitted else frozen[stratum]))
        for group in sorted(strata.get(stratum, ()), key=lambda group: (group.newest, group.lot), reverse=True):
            fits = len(group.rows) <= wanted
            (test if fits else train).extend(group.rows)
            wanted -= len(group.rows) if fits else 0
            missing -= len(group.rows) if fits else 0
    train += scarce
    return Split(train=tuple(train), test=tuple(test), torn=torn, judged=tuple(_unlike(test, train, torn, kept_out)))


def held_out(parts: Split, head: str) -> tuple[list[Row], list[Row]]:
    """To fit on, and to judge on, for figures that take fits of their own: where too little with a label of this head
    was kept out, one fold of what was fitted."""
    if head not in thin_of(parts):
        return list(parts.train), [row for row in parts.judged if row.label(head) is not None]
    labelled = [row for row in parts.train if row.label(head) is not None]
    sides = list(zip(labelled, folds(labelled, _FOLDS, torn=parts.torn), strict=True))
    return [row for row, fold in sides if fold], [row for row, fold in sides if not fold]


def thin_of(parts: Split) -> list[str]:
    """The heads of which too little was kept out to judge them on it: what they say out of fold counts instead."""
    counts = {head: sum(row.label(head) is not None for row in parts.judged) for head in HEADS}
    least = 1 if parts.named else TEST_SHARE * FEW
    return [head for head, count in counts.items() if count < least and any(row.label(head) for row in parts.train)]


def _few_of(rows: Sequence[Row], few: int) -> list[str]:
    """The heads that have labels, but too few to keep any of them out."""
    return [head for head in HEADS if 0 < sum(row.label(head) is not None for row in rows) < few]


def _unlike(test: Sequence[Row], train: Sequence[Row], torn: Collection[str], old: Sequence[Row]) -> Sequence[Row]:
    """Test rows that no fitted row resembles, but for groups that are torn on purpose. Only old ones can: new ones are
    chosen by whole groups."""
    doubtful = {row.hash for row in old if row.group not in torn}
    if not doubtful:
        return test
    kin = grouping.Kin(train)
    return [row for row in test if row.hash not in doubtful or not kin.has(row)]


def split_off(rows: Sequence[Row], test: Sequence[Row], torn: Collection[str] = frozenset()) -> Split:
    """A test part that the user named: everything else is fitted, but no text that is in it."""
    kept_out = {row.hash for row in test}
    train = tuple(row for row in rows if row.hash not in kept_out)
    return Split(train=train, test=tuple(test), judged=tuple(test), torn=torn, named=True)


def folds(rows: Sequence[Row], count: int, *, torn: Collection[str] = frozenset()) -> list[int]:
    """The fold of each row, 0 … count-1: groups stay whole, topics and languages are spread evenly.

    `torn`: groups whose near-duplicates are dealt out one by one; mails of a thread or writer still stay together.
    """
    units = [_unit(row, torn) for row in rows]
    fold_of: dict[str, int] = {}
    turn = 0
    for _name, groups in sorted(_strata(rows, units).items()):
        for group in sorted(groups, key=lambda group: (-len(group.rows), group.lot)):
            fold_of[group.name] = turn % count
            turn += 1
    return [fold_of[unit] for unit in units]


def _unit(row: Row, torn: Collection[str]) -> str:
    """What stays together: the group, or where that is torn the thread, the writer, else the mail alone."""
    return row.thread or row.sender or row.hash if row.group in torn else row.group


def _strata(rows: Sequence[Row], units: Sequence[str]) -> dict[tuple[str, str], list[_Group]]:
    members: dict[str, list[Row]] = {}
    for row, unit in zip(rows, units, strict=True):
        members.setdefault(unit, []).append(row)
    strata: dict[tuple[str, str], list[_Group]] = {}
    for name, rows_of_group in members.items():
        group = _Group(name, tuple(rows_of_group))
        strata.setdefault(group.stratum, []).append(group)
    return strata
