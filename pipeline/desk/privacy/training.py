"""What an erased customer taught: their rows leave the training data, and versions that learned from them are retired.

The versions first: a kill in between leaves rows by which they are found again. One in use serves until another one is
trained, which is due at once (engine/jobs/retrain.py). All of it under the lock of the models, so that no training
saves what it has read before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import ErasingDoors, PersonalDoors
from pipeline.desk.privacy.under_way import UnderWay
from pipeline.desk.work import works_of
from pipeline.desk.writers import mail_named
from pipeline.engine.doors import BaseDoors
from pipeline.errors import UnusableModelError, UsageError
from pipeline.learn.dataset import FIELDS, STARTER, Row
from pipeline.learn.importing import sender_key
from pipeline.learn.label_files import redact_row
from pipeline.learn.registry import Registry, registry_of
from pipeline.learn.version import ROWS_FITTED
from pipeline.records.personal import HeldRows, Traces
from pipeline.store.confirmations import Confirmations
from pipeline.store.database import Database
from pipeline.store.labels import CorrectedLabels
from pipeline.store.tombstones import Tombstones
from pipeline.store.traces import pattern_of, portions
from pipeline.tokens import Signer

WHY = "a customer whose mail it learned from was erased"
_NAMED = "<name>"  # in place of their name in what others wrote, as redaction puts it


@dataclass(kw_only=True)
class Lessons:
    """Which rows are of somebody, and what became of them as the files were gone through."""

    signer: Signer
    senders: Collection[str]  # keyed hashes
    threads: Collection[str]  # keyed hashes
    mails: Collection[str]
    texts: Collection[str]  # hashes of what they wrote, each with its subject and without
    named: re.Pattern[str]  # their address and name
    hashes: set[str] = field(default_factory=set)  # of rows that went, or were changed
    kept: set[str] = field(default_factory=set)  # of rows that others wrote in the same words
    counts: Counter[str] = field(default_factory=Counter)

    def without(self, row: Row) -> Row | None:
        """The row as it may stay; None: it is theirs."""
        if row.source == STARTER:  # written by us
            self.kept.add(row.hash)
            return row
        if self.are_of(row):
            self._note(row, "training rows")
            return None
        text, subject = self.named.sub(_NAMED, row.text), self.named.sub(_NAMED, row.subject)
        if (text, subject) == row.item[::-1]:
            self.kept.add(row.hash)
            return row
        self._note(row, "training rows of others")
        return replace(row, text=text, subject=subject)

    @property
    def learned(self) -> set[str]:
        """By which versions that learned from them are known."""
        return (self.hashes | {*self.texts}) - self.kept

    def are_of(self, row: Row) -> bool:
        """Is the row theirs?"""
        if row.sender and sender_key(row.sender, self.signer.pseudonym) in self.senders:
            return True
        if mail_named(row.source) in self.mails:
            return True
        return not row.sender and (row.thread in self.threads or not _said_in(row).isdisjoint(self.texts))

    def _note(self, row: Row, what: str) -> None:
        self.hashes |= _hashes(row)
        self.counts[what] += 1


def forget(doors: ErasingDoors, asked: UnderWay) -> list[str]:
    """The step of an erasure. Doing it again changes nothing more."""
    lessons = _lessons(doors, asked.found, {*asked.found.mails, *asked.erasure.mails})
    registry, shelf = registry_of(doors.config, doors.config.key()), shelf_of(doors)
    left: list[str] = []
    with registry.locked():
        registry.drop_vectors()
        left += shelf.rewrite(lessons.without, before=lambda: left.extend(_retire(registry, lessons, asked)))
    asked.counts += lessons.counts
    running = works_of(doors.config, doors.clock).forget()
    return [*left, *(f"'{name}' is at it and has read the labels: ask again when it has ended" for name in running)]


class BuriedDoors(BaseDoors, Protocol):
    """For looking who was erased."""

    @property
    def tombstones(self) -> Tombstones:
        """Those."""


def forget_again(doors: BuriedDoors) -> None:
    """Rows of erased customers that a copy of the training data, or an import of old mail, has brought back go once
    more, before anything learns from them. What somebody has written since then is anybody's."""
    erased = {one.person: datetime.fromisoformat(one.at) for one in doors.tombstones.all()}

    def without(row: Row) -> Row | None:
        at, written = erased.get(row.sender), row.received_at or row.labelled_at
        return None if at and (written is None or written <= at) else row

    if erased:
        shelf_of(doors).rewrite(without)


def taught(doors: PersonalDoors, found: Traces) -> HeldRows:
    """What the training data has of them, for them to see. Raises UsageError for a file that can't be read."""
    lessons, rows = _lessons(doors, found, found.mails), list[dict[str, object]]()

    def look(row: Row) -> Row:
        if row.source != STARTER and lessons.are_of(row):
            rows.append({name: value for name in FIELDS if (value := getattr(row, name))})
        return row

    problems = shelf_of(doors).rewrite(look)
    if problems:
        raise UsageError("; ".join(problems), where="training_data", remedy="correct it, or remove it")
    return HeldRows(name="training_data", purpose="to train the classifier", rows=tuple(rows))


def _lessons(doors: PersonalDoors, found: Traces, mails: Collection[str]) -> Lessons:
    signer, database = doors.signer, doors.personal_data.database
    addresses = {*found.addresses, found.person.address, found.person.folded}
    labels = CorrectedLabels(database)
    threads = [labels.first_message_id(thread) or thread for thread in found.threads]
    return Lessons(
        signer=signer,
        # As rows of an earlier version have it: the hash of the address as it was written.
        senders={found.person.key, *(signer.pseudonym("sender", one.casefold()) for one in addresses)},
        threads={signer.pseudonym("thread", one.casefold()) for one in threads},
        mails=mails,
        texts={one for row in _texts(database, mails) for one in _hashes(row) | _said_in(row)},
        named=pattern_of(found),
    )


def _texts(database: Database, mails: Collection[str]) -> Iterator[Row]:
    known = Confirmations(database)
    for some in portions(sorted(mails)):
        yield from (Row(text=one.text, subject=one.subject) for one in known.texts(some) if one.text or one.subject)


def _hashes(row: Row) -> set[str]:
    """As it stands, and as it is learned from; rows of before a new kind of redaction have two."""
    return {row.hash, redact_row(row).hash}


def _said_in(row: Row) -> set[str]:
    """The same of its text alone: a table may have the texts of mails without their subjects."""
    return _hashes(replace(row, subject="") if row.text else row)


def _retire(registry: Registry, lessons: Lessons, asked: UnderWay) -> Iterator[str]:
    """Versions that learned from these rows; one that can't be read may have, and is told of."""
    names = []
    for name in registry.names():
        try:
            fitted = registry.version(name).rows(ROWS_FITTED)
        except UnusableModelError as error:
            yield f"version {name} of the model can't be read: remove it if it is not needed ({error.what})"
            continue
        if any(one in fitted for one in lessons.learned):
            names.append(name)
    asked.counts["versions of the model"] += len(set(names) - registry.retired().keys())
    registry.retire(names, WHY)
