"""Letters over several connections, to a server that lets only some in: no letter is lost, and nobody is in trouble."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk.health import health
from pipeline.engine import schedule
from pipeline.engine.once import send_all
from pipeline.engine.shared import Engine
from pipeline.engine.workers import send
from pipeline.records.effect import EffectKind, EffectState
from pipeline.wiring import checks
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT, letter
from tests.samples import NOON, labels, raw_mail, table
from tests.servers.crowded import WAYS, Crowded
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import HOUR, wait_until

LETTERS = 120
USER, PASSWORD = "support@example.com", "secret"


class Patient(SmtpSink):
    """Takes no letter before it is told to, so that each connection is still busy when the next one is made."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.go_on = threading.Event()

    async def _say(self, stage: str, argument: str) -> str:
        while stage == "CONTENT" and not self.go_on.is_set():
            await asyncio.sleep(0.01)
        return await super()._say(stage, argument)


@pytest.fixture
def patient() -> Iterator[Patient]:
    with Patient(users={USER: PASSWORD}) as patient:
        yield patient


def made(tmp_path: Path, port: int, **changes: object) -> LiveDoors:
    document = table(replies={"templates": str(ROOT / "templates"), "company": "Example Ltd"})
    (tmp_path / "secret").write_text(PASSWORD, encoding="ascii")
    document["smtp"] |= {"port": port, "username": USER, "password": {"file": "secret"}, **changes}
    document["guard"] = {"limit_domain": "0", "limit_system": "0", "same_subject": "0"}
    doors = build(check(document, tmp_path / "config.toml"), _Ticking(NOON))
    route = doors.route(_Always())
    route.take([raw_mail(number, letter(number)) for number in range(1, LETTERS + 1)], None)
    return doors


class _Ticking(FakeClock):
    """It is always noon, but what takes time takes it."""

    def monotonic(self) -> float:
        return time.monotonic()


class _Always:
    version = "fixed"

    def predict(self, mails: list[object]) -> list[object]:
        return [labels()] * len(mails)


def states(doors: LiveDoors) -> Counter[EffectState]:
    counted = {state: len(doors.effects.left_over(EffectKind.ACKNOWLEDGE, state)) for state in EffectState}
    return Counter({state: number for state, number in counted.items() if number})


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_lets_three_in_gets_all_letters_over_three(
    tmp_path: Path, patient: Patient, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(send, "BACKLOG", 10)
    with Crowded(patient.port, 3, way) as server, closing(made(tmp_path, server.port, connections=5)) as doors:
        engine = Engine(doors)
        patient.plan("CONTENT", 0.0)
        patient.go_on.set()
        engine.make_senders()
        first = engine.senders[0]
        first.work()  # its connection is there; the others follow
        patient.go_on.clear()
        found: list[object] = []
        sending = threading.Thread(target=lambda: found.extend(send_all(engine)))
        sending.start()
        wait_until(lambda: server.refused >= 2, "two are refused")
        patient.go_on.set()
        sending.join(HOUR)
        assert found[1] == []
        assert len({one.recipients for one in patient.accepted}) == len(patient.accepted) == LETTERS
        assert states(doors) == {EffectState.DONE: LETTERS}
        assert (server.refused, server.most_served) == (2, 3)
        assert engine.backoff.failures == 0


def test_auto_opens_more_for_a_server_whose_answers_are_what_is_waited_for(
    tmp_path: Path, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "BACKLOG", 10)
    monkeypatch.setattr(send, "CLAIMED_AT_ONCE", 10)
    monkeypatch.setattr(send, "CLAIMED_BY_MANY", 5)
    sink.always("CONTENT", 0.2)  # many times what a letter costs this machine, even a busy one
    with closing(made(tmp_path, sink.port, username="", password=None, max_connections=4)) as doors:
        engine = Engine(doors)
        send_all(engine)
        assert sink.connections == 4
        assert states(doors) == {EffectState.DONE: LETTERS}


def test_status_and_doctor_tell_how_many_there_are(tmp_path: Path, sink: SmtpSink) -> None:
    with closing(made(tmp_path, sink.port, username="", password=None)) as doors:
        engine = Engine(doors)
        engine.make_senders()
        engine.senders[0].work()
        assert health(doors)["smtp"]["connections"] is None
        schedule._note_outbox(engine)
        assert health(doors)["smtp"]["connections"] == "1 open, at most 10"
        assert all(one["what"] != engine.lanes.told() for one in health(doors)["problems"])
        engine.senders[0].close()
        (tried,) = (one for one in checks.log_ins(doors) if one["check"] == "outgoing server")
        assert tried["detail"].endswith("2 connections side by side, up to 10 while answers are what is waited for")
