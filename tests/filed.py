"""Doors with outside trackers and complaints: for the tests of filing and mirroring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.config.log_in_watch import LogInWatch
from pipeline.decide import decide, effects
from pipeline.decide.situation import Situation
from pipeline.engine.workers.file import Filer
from pipeline.guard import judge
from pipeline.records.decision import Judged
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.mail import Cursor
from pipeline.records.thread import Lookup, Thread, ThreadKeys
from pipeline.wiring.keys import key_of
from pipeline.wiring.live_doors import LiveDoors, build
from tests.samples import NOON, history, labels, mail, raw_mail, surroundings, table
from tests.servers.tracker_kinds import TOKEN

CURSOR = Cursor(mailbox="support", uidvalidity=1, next_uid=2, first_uidnext=0)


def doors_with(folder: Path, tracker: dict[str, Any], **tables: Any) -> LiveDoors:
    """With [tracker], `token` being the content of a file; the clock stands at noon until it is moved."""
    (folder / "right").write_text(tracker.pop("password", TOKEN) + "\n")
    tracker = {"token": {"file": "right"}, **tracker}
    store = {"url": f"sqlite:///{folder}/test.db"}
    config = check(table(tracker=tracker, store=store, **tables), folder / "config.toml")
    doors = build(config, FakeClock(NOON))
    key_of(config)  # as the first command would have made it: where there is mail, no key is made any more
    return doors


def complain(doors: LiveDoors, uid: int = 1, *, about: str = "", data: bytes = b"raw", **changes: Any) -> Judged:
    """A complaint is recorded, as the route does it; `about`: it is a further mail of the thread of that ticket."""
    ref = f"AAAA-{uid:04d}"
    letter = mail(**{"message_id": f"<m{uid}@example.org>", "subject": f"Parcel {uid}", **changes})
    found = _thread_of(doors, about) if about else Thread(ref=ref, new=True)
    verdict = judge.judge(letter, surroundings(), ThreadKeys(), history(thread_acknowledged=found.acknowledged))
    says = labels(complaint=True)
    now = doors.clock.now()
    judged = Judged(
        id=ref,
        raw=raw_mail(uid, data),
        mail=letter,
        thread=found,
        verdict=verdict,
        labels=says,
        decision=decide.decide(
            Situation(mail=letter, verdict=verdict, labels=says, thread=found, config=doors.config, now=now)
        ),
        effects=(),
    )
    judged = replace(judged, effects=tuple(effects.filings(judged)))
    doors.ledger.record([judged], [], CURSOR, now)
    return judged


def _thread_of(doors: LiveDoors, ref: str) -> Thread:
    """As the ledger knows it."""
    letter = mail(message_id="", content_hash="none")
    lookup = Lookup(content_hash="none", ref="", keys=ThreadKeys(mentioned=(ref,)), message_id=letter.message_id)
    found = doors.ledger.past([lookup], doors.clock.now()).thread_by_ref(ref)
    assert found
    return found


def filer_of(doors: LiveDoors, name: str = "") -> Filer:
    name = name or doors.config.tracker.kind
    return Filer(
        name=name,
        doors=doors,
        tracker=doors.tracker(name),
        journal=doors.effects,
        clock=doors.clock,
        log_in=LogInWatch(doors.config.outside_trackers.get(name, doors.config.tracker), doors.config.folder),
    )


def states(doors: LiveDoors) -> dict[str, str]:
    """Of every filing: its key and how it stands."""
    found: list[Effect] = []
    for row in doors.board.list():
        for mail_id in {row.ref, *row.mails}:
            found += [one for one in doors.effects.of_mail(mail_id) if one.kind is EffectKind.FILE]
    return {one.key: one.state.value for one in sorted(found, key=lambda one: one.key)}


def timeline(doors: LiveDoors, ref: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.actor, one.detail) for one in doors.board.show(ref).events]
