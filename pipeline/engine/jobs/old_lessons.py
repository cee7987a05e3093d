"""Rows of the training data whose time is over. A version keeps what it has learned from them until the next one."""

from __future__ import annotations

from datetime import datetime

from pipeline.engine.doors import PurgeDoors
from pipeline.errors import FirstlineError
from pipeline.learn.dataset import STARTER, Row
from pipeline.learn.shelf import Shelf
from pipeline.records.personal import KeptFor
from pipeline.store.holds import Holds
from pipeline.tokens import Signer


def old_lessons(doors: PurgeDoors, now: datetime, dry: bool) -> int:
    """By [privacy] keep_training, since they were labelled; how many. Rows of customers who are held stay, and rows
    that do not say when. Raises FirstlineError for a file that can't be read, when the others are done."""
    before = doors.config.privacy.over_before(KeptFor.TRAINING, now)
    shelf = Shelf(doors.config.at("training_data"))
    if before is None or not shelf.folder.is_dir():
        return 0
    signer = Signer(doors.config.key())
    held = {signer.person(one.what) for one in Holds(doors.database).all()}
    over = 0

    def without(row: Row) -> Row | None:
        nonlocal over
        at = row.labelled_at or row.received_at
        if row.source == STARTER or row.sender in held or at is None or at >= before:
            return row
        over += 1
        return row if dry else None

    if problems := shelf.rewrite(without):
        raise FirstlineError("; ".join(problems), where=str(shelf.folder), remedy="correct it, or remove it")
    return over
