"""Mail of a toy shop that a model can tell apart, but not always: it is sure of some of it."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from sqlalchemy import insert

from pipeline.learn import grouping, train
from pipeline.learn.dataset import Row
from pipeline.store import schema
from pipeline.wiring.live_doors import LiveDoors
from tests.learned import KEY, POOLS, toy_rows

NOTHING = {"attachments": [], "notes": [], "reasons": [], "rules": [], "decision": {}}


def doubtful_rows(count: int, seed: int) -> list[Row]:
    """Toy rows in which words of other topics stand too: a model is sure of some of them."""
    dice, every = random.Random(seed), [word for words in POOLS.values() for word in words]
    return [
        replace(row, text=" ".join(dice.sample(POOLS[row.topic or ""], 2) + dice.sample(every, 4)), subject="")
        for row in toy_rows(count, seed)
    ]


@lru_cache(maxsize=1)
def doubtful_model() -> train.Trained:
    """Fitted on few of them: right in three of four mails, and never sure."""
    return train.fit(grouping.with_groups(doubtful_rows(150, seed=1)), train.Settings())


def lay_key(folder: Path) -> None:
    """Always the same, so that the lots are."""
    (folder / "var").mkdir(mode=0o700)
    (folder / "var/key").touch(mode=0o600)
    (folder / "var/key").write_bytes(KEY)


def arrive(doors: LiveDoors, count: int, seed: int = 0) -> None:
    """Mails that come now: the id of each says what it is about. `seed`: else that of the day."""
    now = doors.clock.now()
    seed = seed or now.toordinal()
    with doors.database.writing() as connection:
        connection.execute(
            insert(schema.mail),
            [
                {**NOTHING, "id": f"{row.topic}-{seed}-{place}", "content_hash": f"{now}-{place}", "thread": "t"}
                | {"subject": row.subject, "text": row.text, "language": "en", "received": now, "recorded": now}
                | {"verdict": "answer", "sender": "eve@example.org", "customer": "eve@example.org"}
                for place, row in enumerate(doubtful_rows(count, seed))
            ],
        )


def topic_of(mail_id: str) -> str:
    """What a mail that has arrived is about."""
    return mail_id.partition("-")[0]
