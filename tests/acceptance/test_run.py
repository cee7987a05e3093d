"""`firstline run` as a process: IDLE, polling, a clean end, and servers that come and go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from pipeline.learn.confirmed import ConfirmedThreshold
from tests.desk import Desk, letter, stop
from tests.learned import KEY, toy_registry
from tests.samples import NOON
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.imap_port) as between:
        yield between


@pytest.fixture
def desk(proxy: Proxy, dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", proxy.port, sink.port, dovecot.fresh_user(), mailbox={"poll": "1h"})


def test_pushed_mail_is_answered_at_once_and_sigterm_ends_cleanly(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    assert len(sink.wait_for(1, 60)) == 1
    for number in range(2, 6):
        dovecot.deliver(letter(number), desk.username)
        assert len(sink.wait_for(number, 60)) == number  # far below the poll of an hour: IDLE announced it
    assert stop(process) == 0
    assert '"event": "stopped"' in desk.log()
    states = {mail["state"] for mail in desk.jsonl("mail", "list")}
    assert states == {"done"}


def test_without_idle_it_polls(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    desk.mailbox |= {"idle": False, "poll": "1s"}
    desk.write()
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    assert len(sink.wait_for(1, 60)) == 1
    dovecot.deliver(letter(2), desk.username)
    assert len(sink.wait_for(2, 60)) == 2
    assert stop(process) == 0


def test_it_reconnects_when_the_mail_server_has_gone(
    desk: Desk, dovecot: Dovecot, proxy: Proxy, sink: SmtpSink
) -> None:
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, 60)
    proxy.cut()
    dovecot.deliver(letter(2), desk.username)
    assert len(sink.wait_for(2, 60)) == 2
    assert stop(process) == 0


def test_acknowledgements_wait_for_the_outgoing_server(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    sink.always("EHLO", "421 4.3.2 not now")
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    wait_until(lambda: "outgoing server can't be reached" in desk.log(), desk.log)
    wait_until(lambda: [one["state"] for one in _all_effects(desk)] == ["waiting"], desk.log)  # or it is being tried
    sink.as_planned_from_now()
    assert len(sink.wait_for(1, 60)) == 1
    assert stop(process) == 0


def _all_effects(desk: Desk) -> list[dict]:
    return [effect for mail in desk.jsonl("mail", "list") for effect in _effects(desk, mail)]


def _effects(desk: Desk, mail: dict) -> list[dict]:
    return desk.json("mail", "show", mail["id"])["effects"]


def test_a_released_mail_is_sent_by_the_running_process(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    process = desk.start("run")
    dovecot.deliver(letter(1, to="else@example.net"), desk.username)
    parked = wait_until(lambda: desk.jsonl("mail", "list", "--state", "parked"), desk.log)
    assert "carries it out" in desk.run("mail", "release", parked[0]["id"]).stdout
    assert len(sink.wait_for(1, 60)) == 1
    assert stop(process) == 0


def test_what_people_confirm_is_taken_up_without_a_restart(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    (desk.folder / "var" / "key").write_bytes(KEY)
    registry = toy_registry(desk.folder / "models")
    config = desk.folder / "config.toml"
    strict = config.read_text().replace("[classify]\n", "[classify]\nmax_error = { topic = 0.02 }\n")
    config.write_text(strict)  # more than the toy can prove
    process = desk.start("run")
    numbers = count(1)

    def is_sure() -> bool:
        """Of the next one's topic."""
        number = next(numbers)
        dovecot.deliver(letter(number, subject=f"Parcel {number}, courier, tracking"), desk.username)
        assert len(sink.wait_for(number, 60)) == number
        return any(mail["sure"] for mail in desk.jsonl("mail", "list"))

    assert not is_sure()
    registry.confirm(registry.current(), "topic", ConfirmedThreshold(threshold=0.01, max_error=0.02, since=NOON))
    wait_until(is_sure, desk.log)
    assert stop(process) == 0


def test_a_new_model_is_taken_up_without_a_restart(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    ready = toy_registry(desk.folder / "ready")
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    assert len(sink.wait_for(1, 60)) == 1
    models = desk.folder / "models"
    shutil.copytree(ready.folder, models, dirs_exist_ok=True)
    (desk.folder / "var" / "key").write_bytes(KEY)
    numbers = count(2)

    def is_understood() -> bool:
        """The next one, as the model is looked for every few seconds."""
        number = next(numbers)
        dovecot.deliver(letter(number), desk.username)
        assert len(sink.wait_for(number, 60)) == number
        return any(mail["topic"] for mail in desk.jsonl("mail", "list"))

    wait_until(is_understood, desk.log)
    assert stop(process) == 0
