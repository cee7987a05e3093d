"""A mailbox with a long backlog: a second process understands it, and new mail does not wait behind it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.config.load import load
from pipeline.engine.shared import Engine
from pipeline.engine.workers import helper as workers_helper
from pipeline.engine.workers.helper import Helper, Model
from pipeline.learn.confirmed import ConfirmedThreshold
from pipeline.learn.registry import Registry
from pipeline.records.effect import EffectKind
from pipeline.records.mail import Location, RawMail
from pipeline.store import schema
from pipeline.understand import understand
from pipeline.wiring import live_doors as wiring_live_doors
from tests.desk import PASSWORD, Desk, letter
from tests.learned import KEY, NOON, toy_registry
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until


def batch(*numbers: int) -> list[RawMail]:
    return [
        RawMail(
            location=Location(mailbox="support", uidvalidity=1, uid=number),
            received=NOON,
            raw=letter(number),
            size=len(letter(number)),
        )
        for number in numbers
    ]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return toy_registry(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def helper(registry: Registry) -> Iterator[Helper]:
    made = started(registry)
    yield made
    made.close()


def started(registry: Registry) -> Helper:
    model = Model(folder=registry.folder, key=KEY, version=registry.current(), max_error={}, encoder=None)
    return Helper(model)


def test_the_helper_understands_mail_as_this_process_does(registry: Registry, helper: Helper) -> None:
    predictor = registry.predictor(registry.current())
    mails = [*batch(1, 2, 3), *batch(4)]
    understood = helper.understand(mails, predictor)()
    assert understood == understand(mails, predictor)
    assert understood[0].labels.model == registry.current()


def test_with_another_model_than_the_helpers_this_process_does_it(registry: Registry, helper: Helper) -> None:
    (understood,) = helper.understand(batch(1), None)()
    assert understood.labels.model == ""


def test_what_people_confirm_while_a_backlog_is_read_counts_at_once(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    name, mail = registry.current(), replace(batch(1)[0], raw=letter(1, subject="parcel tracking courier"))
    made = started(registry)
    (before,) = made.understand([mail], registry.predictor(name))()
    assert not before.labels.topic.sure
    registry.confirm(name, "topic", ConfirmedThreshold(threshold=0.01, max_error=0.02, since=NOON))
    (after,) = made.understand([mail], registry.predictor(name))()
    assert after.labels.topic.sure
    made.close()


def test_a_helper_that_is_killed_leaves_its_work_to_this_process(registry: Registry) -> None:
    predictor = registry.predictor(registry.current())
    lost = started(registry)
    os.kill(lost.number.result(60), signal.SIGKILL)
    first = lost.understand(batch(1), predictor)()
    second = lost.understand(batch(2), predictor)()
    assert [one.mail.subject for one in (*first, *second)] == ["Where is parcel 1?", "Where is parcel 2?"]
    lost.close()


def test_a_helper_that_does_not_answer_is_given_up(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_helper, "PATIENCE", 0.2)
    stuck = started(registry)
    number = stuck.number.result(60)
    os.kill(number, signal.SIGSTOP)
    (understood,) = stuck.understand(batch(1), registry.predictor(registry.current()))()
    assert understood.mail.subject == "Where is parcel 1?"
    stuck.close()
    wait_until(lambda: not alive(number), "the end of the helper")


def test_a_helper_whose_model_can_not_be_opened_leaves_its_work_to_this_process(registry: Registry) -> None:
    model = Model(folder=registry.folder, key=b"another", version=registry.current(), max_error={}, encoder=None)
    unable = Helper(model)
    (understood,) = unable.understand(batch(1), registry.predictor(registry.current()))()
    assert understood.labels.model == registry.current()
    unable.close()


def test_the_helper_ends_when_its_parent_is_killed(registry: Registry, tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import signal\nfrom pathlib import Path\nfrom pipeline.engine.workers.helper import Helper, Model\n"
        "if __name__ == '__main__':\n"
        "    helper = Helper(Model(folder=Path('.'), key=b'', version='', max_error={}, encoder=None))\n"
        "    print(helper.number.result(60), flush=True)\n    signal.pause()\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not alive(child), "the end of the helper")


def alive(process: int) -> bool:
    """Running, and no zombie that nobody has asked after."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def desk(tmp_path: Path, dovecot: Dovecot, sink: SmtpSink) -> Desk:
    return Desk(tmp_path, dovecot.imap_port, sink.port, dovecot.fresh_user(), mailbox={"batch": 2})


@pytest.fixture
def engine(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    doors = wiring_live_doors.build(load(desk.folder / "config.toml"))
    yield Engine(doors)
    doors.close()


def test_what_arrives_while_a_backlog_is_read_comes_before_the_rest_of_it(
    engine: Engine, desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_helper, "WORTH_IT", 2)
    for number in range(1, 7):
        dovecot.deliver(letter(number), desk.username)
    read: list[str] = []

    def after_batch(judged: object) -> None:
        read.extend(one.mail.subject.split()[-1] for one in judged)  # type: ignore[attr-defined]
        if read == ["1?", "2?"]:
            dovecot.deliver(letter(7), desk.username)

    mailbox = engine.doors.mailbox("support")
    fetcher = engine.fetcher(mailbox)
    fetcher.after_batch, fetcher.make_helper = after_batch, lambda: None
    fetcher.read()
    fetcher.read()  # a second time, as an hour later
    mailbox.close()
    assert read == ["1?", "2?", "7?", "3?", "4?", "5?", "6?"]
    assert fetcher.counts["fetched"] - fetcher.counts["known"] == 7
    assert len(list(engine.doors.reading.mails())) == 7
    first = engine.doors.effects.due(EffectKind.ACKNOWLEDGE, engine.doors.clock.now(), 3)
    assert [one.recipient for one in first] == ["person7@example.org", "person1@example.org", "person2@example.org"]


def test_what_arrives_when_a_backlog_is_read_but_not_answered_is_answered_first(
    engine: Engine, desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_helper, "WORTH_IT", 2)
    for number in (1, 2, 3, 4):
        dovecot.deliver(letter(number), desk.username)
    mailbox = engine.doors.mailbox("support")
    fetcher = engine.fetcher(mailbox)
    fetcher.make_helper = lambda: None
    fetcher.read()
    dovecot.deliver(letter(5), desk.username)
    fetcher.read()
    mailbox.close()
    due = engine.doors.effects.due(EffectKind.ACKNOWLEDGE, engine.doors.clock.now(), 9)
    assert [one.recipient[:7] for one in due] == ["person5", "person1", "person2", "person3", "person4"]


def test_a_reply_to_a_mail_that_still_waits_comes_after_it_in_its_thread(
    engine: Engine, desk: Desk, dovecot: Dovecot
) -> None:
    for number in range(1, 7):
        dovecot.deliver(letter(number), desk.username)
    reply = letter(7, sender="Person 6 <person6@example.org>", In_Reply_To="<letter6@example.org>")

    def after_batch(judged: object) -> None:
        if fetcher.counts["fetched"] == 2:
            dovecot.deliver(reply, desk.username)

    mailbox = engine.doors.mailbox("support")
    fetcher = engine.fetcher(mailbox)
    fetcher.after_batch = after_batch
    fetcher.read()
    mailbox.close()
    columns = select(schema.mail.c.message_id, schema.mail.c.thread)
    with engine.doors.database.reading() as connection:
        threads = {row.message_id: row.thread for row in connection.execute(columns)}
    assert len(threads) == 7
    assert threads["<letter7@example.org>"] == threads["<letter6@example.org>"]


def test_a_backlog_is_understood_by_the_helper_and_each_mail_is_answered_once(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_helper, "WORTH_IT", 10)
    for number in range(1, 31):
        dovecot.deliver(letter(number), desk.username)
    result = desk.json("once")["mailboxes"]["support"]
    assert (result["fetched"], result["acknowledged"]) == (30, 30)
    assert sorted(one.recipients[0] for one in sink.accepted) == sorted(
        f"person{number}@example.org" for number in range(1, 31)
    )
