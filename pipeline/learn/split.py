"""Which rows are fitted and which are the frozen test part; and folds inside the fitted ones. Whole groups only."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.learn import grouping
from pipeline.learn.dataset import Row

TEST_SHARE = 0.2
_MOST = 0.3  # of one topic and language, also when others can't give their part: the mix must stay what it is
_AS_MANY = 0.8  # of the usual share of repeated mails
_SEED = "firstline"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """The fitted rows, and those no version may ever fit."""

    train: tuple[Row, ...]
    test: tuple[Row, ...]
    check: tuple[Row, ...] = ()  # of `check.csv`: for the thresholds alone
    torn: bool = False  # folds may tear groups of near-duplicates, as this test part does


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    rows: tuple[Row, ...]

    @property
    def stratum(self) -> tuple[str, str]:
        first = self.rows[0]
        return (first.topic or first.sentiment or first.complaint or "", first.language)

    @property
    def newest(self) -> datetime:
        return max(row.received_at or row.labelled_at or _NEVER for row in self.rows)

    @property
    def lot(self) -> str:
        """Decides where dates don't: a hash, so that the same rows always split the same way."""
        return hashlib.sha256(f"{_SEED}:{self.name}".encode()).hexdigest()


def split_newest_fifth(rows: Sequence[Row], frozen: Container[str] = ()) -> Split:
    """The newest fifth of each topic and language becomes the test part.

    `frozen`: hashes of rows that earlier versions kept out; they and their near-duplicates stay out permanently.
    """
    train: list[Row] = []
    test: list[Row] = []
    seen = 0
    for _stratum, groups in sorted(_strata(rows, [row.group for row in rows]).items()):
        count = sum(len(group.rows) for group in groups)
        seen += count
        wanted = round(TEST_SHARE * seen) - len(test)  # what small strata could not give, the next ones do
        wanted = min(wanted, math.ceil(_MOST * count))
        kept_out: list[_Group] = []
        others: list[_Group] = []
        for group in groups:
            (kept_out if any(row.hash in frozen for row in group.rows) else others).append(group)
        test.extend(row for group in kept_out for row in group.rows)
        wanted -= sum(len(group.rows) for group in kept_out)
        for group in sorted(others, key=lambda group: (group.newest, group.lot), reverse=True):
            fits = len(group.rows) <= wanted
            (test if fits else train).extend(group.rows)
            wanted -= len(group.rows) if fits else 0
    return Split(train=tuple(train), test=tuple(test))


def split_off(rows: Sequence[Row], test: Sequence[Row]) -> Split:
    """A test part that the user named: everything else is fitted, but no text that is in it.

    Our own test part holds no near-duplicate of a fitted row. Another one may: where it has (nearly) as many as one
    part of the fitted rows has of the others, mail repeats itself, and the folds tear groups too. Else what they
    certify would be far too strict for it; with torn groups it would be far too lax for a test part of new mail only.
    Only the texts of the test part are looked at, not its labels.
    """
    kept_out = {row.hash for row in test}
    train = [row for row in rows if row.hash not in kept_out]
    seen, unseen = _halves(train)
    usual = grouping.share_repeated(unseen, seen)
    torn = 0 < _AS_MANY * usual <= grouping.share_repeated(test, train)
    return Split(train=tuple(train), test=tuple(test), torn=torn)


def _halves(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Two thirds and one third of the rows, by their hashes, groups torn: as folds are."""
    sides: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        sides[int(row.hash, 16) % 3 == 0].append(row)
    return sides


def folds(rows: Sequence[Row], count: int, *, torn: bool = False) -> list[int]:
    """The fold of each row, 0 … count-1: groups stay whole, topics and languages are spread evenly.

    `torn`: near-duplicates are dealt out one by one; only mails of one thread or writer stay together.
    """
    units = [_unit(row, torn) for row in rows]
    fold_of: dict[str, int] = {}
    turn = 0
    for _stratum, groups in sorted(_strata(rows, units).items()):
        for group in sorted(groups, key=lambda group: (-len(group.rows), group.lot)):
            fold_of[group.name] = turn % count
            turn += 1
    return [fold_of[unit] for unit in units]


def _unit(row: Row, torn: bool) -> str:
    """What stays together: the group, or where that is torn the thread, the writer, else the mail alone."""
    return row.thread or row.sender or row.hash if torn else row.group


def _strata(rows: Sequence[Row], units: Sequence[str]) -> dict[tuple[str, str], list[_Group]]:
    members: dict[str, list[Row]] = {}
    for row, unit in zip(rows, units, strict=True):
        members.setdefault(unit, []).append(row)
    strata: dict[tuple[str, str], list[_Group]] = {}
    for name, rows_of_group in members.items():
        group = _Group(name, tuple(rows_of_group))
        strata.setdefault(group.stratum, []).append(group)
    return strata
