"""A house with outside trackers and complaints in it: for the tests of filing and mirroring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.decide import decide, effects
from pipeline.decide.situation import Situation
from pipeline.engine.workers.file import Filer
from pipeline.guard import judge
from pipeline.records.decision import Judged
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.mail import Cursor
from pipeline.records.thread import Lookup, Thread, ThreadKeys
from pipeline.wiring.house import House, build
from pipeline.wiring.keys import key_of
from tests.samples import NOON, history, labels, mail, raw_mail, surroundings, table
from tests.servers.tracker_kinds import TOKEN

CURSOR = Cursor(mailbox="support", uidvalidity=1, next_uid=2, first_uidnext=0)


def house_with(folder: Path, tracker: dict[str, Any], **tables: Any) -> House:
    """With [tracker], `token` being the content of a file; the clock stands at noon until it is moved."""
    (folder / "right").write_text(tracker.pop("password", TOKEN) + "\n")
    tracker = {"token": {"file": "right"}, **tracker}
    store = {"url": f"sqlite:///{folder}/test.db"}
    config = check(table(tracker=tracker, store=store, **tables), folder / "config.toml")
    house = build(config, FakeClock(NOON))
    key_of(config)  # as the first command would have made it: where there is mail, no key is made any more
    return house


def complain(house: House, uid: int = 1, *, about: str = "", data: bytes = b"raw", **changes: Any) -> Judged:
    """A complaint is recorded, as the route does it; `about`: it is a further mail of the thread of that ticket."""
    ref = f"AAAA-{uid:04d}"
    letter = mail(**{"message_id": f"<m{uid}@example.org>", "subject": f"Parcel {uid}", **changes})
    found = _thread_of(house, about) if about else Thread(ref=ref, new=True)
    verdict = judge.judge(letter, surroundings(), ThreadKeys(), history(thread_acknowledged=found.acknowledged))
    says = labels(complaint=True)
    now = house.clock.now()
    judged = Judged(
        id=ref,
        raw=raw_mail(uid, data),
        mail=letter,
        thread=found,
        verdict=verdict,
        labels=says,
        decision=decide.decide(
            Situation(mail=letter, verdict=verdict, labels=says, thread=found, config=house.config, now=now)
        ),
        effects=(),
    )
    judged = replace(judged, effects=tuple(effects.filings(judged)))
    house.ledger.record([judged], [], CURSOR, now)
    return judged


def _thread_of(house: House, ref: str) -> Thread:
    """As the ledger knows it."""
    letter = mail(message_id="", content_hash="none")
    lookup = Lookup(content_hash="none", ref="", keys=ThreadKeys(mentioned=(ref,)), message_id=letter.message_id)
    found = house.ledger.past([lookup], house.clock.now()).thread_by_ref(ref)
    assert found
    return found


def filer_of(house: House, name: str = "") -> Filer:
    name = name or house.config.tracker.kind
    return Filer(name=name, doors=house, tracker=house.tracker(name), journal=house.effects, clock=house.clock)


def states(house: House) -> dict[str, str]:
    """Of every filing: its key and how it stands."""
    found: list[Effect] = []
    for row in house.board.list():
        for mail_id in {row.ref, *row.mails}:
            found += [one for one in house.effects.of_mail(mail_id) if one.kind is EffectKind.FILE]
    return {one.key: one.state.value for one in sorted(found, key=lambda one: one.key)}


def timeline(house: House, ref: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.actor, one.detail) for one in house.board.show(ref).events]
