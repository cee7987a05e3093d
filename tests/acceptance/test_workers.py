"""Several workers on one PostgreSQL, as processes: the work is done once, and what one has in hand when it is killed is
done by the others."""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.config.guard import GuardConfig
from pipeline.config.load import load
from pipeline.records.mail import Cursor
from pipeline.store.database import Database
from pipeline.store.jobs import Jobs
from pipeline.store.ledger import Ledger
from pipeline.store.past import Windows
from pipeline.store.portions import Portions
from pipeline.store.schema import mail
from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres, postgres
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as found:
        yield found


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as found:
        yield found


@pytest.fixture
def desk(dovecot: Dovecot, server: Postgres, sink: SmtpSink, tmp_path: Path) -> Desk:
    shared = f'[store]\nurl = "{server.new_database()}"\n[engine]\nkind = "procrastinate"\n'
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=shared)


@contextmanager
def workers(desk: Desk, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    started = [desk.start("worker") for _ in range(number)]
    try:
        wait_until(lambda: len(at_work(desk)) >= number, desk.log)
        yield started
    finally:
        for one in started:
            one.kill()
            one.wait()


def at_work(desk: Desk) -> list[dict[str, object]]:
    found = desk.json("status", expect=None)
    return [one for one in found["workers"] if not one["lost"]]


def fill(dovecot: Dovecot, desk: Desk, first: int, mails: int) -> None:
    for number in range(first, first + mails):
        dovecot.deliver(letter(number), desk.username)


def times_written(sink: SmtpSink) -> Counter[int]:
    """How many customers got so many letters."""
    return Counter(Counter(one.recipients[0] for one in sink.accepted).values())


def test_workers_share_new_mail_and_each_customer_is_written_to_once(
    dovecot: Dovecot, desk: Desk, sink: SmtpSink
) -> None:
    with workers(desk, 2) as started:
        fill(dovecot, desk, 1, 40)
        sink.wait_for(40, 120)
        assert [stop(one) for one in started] == [0, 0]
    assert times_written(sink) == {1: 40}
    assert at_work(desk) == []


def test_a_worker_that_is_killed_loses_nothing_and_the_others_do_its_part(
    dovecot: Dovecot, desk: Desk, sink: SmtpSink
) -> None:
    with workers(desk, 2) as (first, second):
        fill(dovecot, desk, 1, 10)
        sink.wait_for(10, 120)
        (watcher,) = [one for one in at_work(desk) if "mailbox.support" in one["does"]]
        killed = next(one for one in (first, second) if str(watcher["name"]).endswith(f":{one.pid}"))
        killed.send_signal(signal.SIGKILL)
        fill(dovecot, desk, 11, 30)
        sink.wait_for(40, 120)
    assert times_written(sink) == {1: 40}


def test_a_backlog_is_read_by_all_and_answers_come_after_what_they_answer(
    dovecot: Dovecot, desk: Desk, sink: SmtpSink
) -> None:
    desk.mailbox = {"batch": 20}
    desk.write()
    fill(dovecot, desk, 1, 200)
    for number in range(1, 31):
        again = letter(number, message_id=f"<again{number}@example.org>", In_Reply_To=f"<letter{number}@example.org>")
        dovecot.deliver(again, desk.username)
    with workers(desk, 3) as started:
        sink.wait_for(200, 200)
        wait_until(lambda: len(threads(desk)) == 230, desk.log)
        assert [stop(one) for one in started] == [0, 0, 0]
    found = threads(desk)
    for number in range(1, 31):
        assert found[f"<again{number}@example.org>"] == found[f"<letter{number}@example.org>"]
    assert len(set(found.values())) == 200
    assert set(times_written(sink)) <= {1, 2}
    assert sum(times_written(sink).values()) == 200
    with database(desk) as opened:
        assert Portions(opened).of("support", cursor(opened).uidvalidity) == []


def database(desk: Desk) -> closing[Database]:
    return closing(Database(load(desk.folder / "config.toml").store_url()))


def cursor(opened: Database) -> Cursor:
    found = Ledger(opened, Windows.of(GuardConfig())).cursor("support")
    assert found
    return found


def threads(desk: Desk) -> dict[str, str]:
    """Message-ID of each recorded mail → its conversation."""
    with database(desk) as opened, opened.reading() as connection:
        return dict(connection.execute(select(mail.c.message_id, mail.c.thread)).all())


LOST_JOBS = "delete from procrastinate_jobs where id = new.id and queueing_lock is null;"
NO_JOBS = "raise exception 'no jobs today';"
DOUBLED_JOBS = """if pg_trigger_depth() = 1 and new.queueing_lock is null then
    insert into procrastinate_jobs (queue_name, task_name, args, status, priority)
    values (new.queue_name, new.task_name, new.args, 'todo', new.priority); end if;"""


@pytest.mark.parametrize("what", [LOST_JOBS, DOUBLED_JOBS, NO_JOBS], ids=["lost", "doubled", "refused"])
def test_a_lost_or_a_doubled_job_changes_nothing(dovecot: Dovecot, desk: Desk, sink: SmtpSink, what: str) -> None:
    with database(desk) as opened:
        opened.prepare()
        Jobs(opened).prepare()
        with opened.writing() as connection:
            body = f"create function meddle() returns trigger language plpgsql as $$ begin {what} return null; end $$"
            connection.exec_driver_sql(body)
            connection.exec_driver_sql(
                "create trigger zz_meddle after insert on procrastinate_jobs for each row execute function meddle()"
            )
    with workers(desk, 2):
        fill(dovecot, desk, 1, 30)
        sink.wait_for(30, 120)
    assert times_written(sink) == {1: 30}


def test_the_limit_for_one_sender_holds_over_all_workers(dovecot: Dovecot, desk: Desk, sink: SmtpSink) -> None:
    desk.mailbox = {"batch": 10}
    desk.more += '[guard]\nlimit_sender = "4 per 1h"\n'
    desk.write()
    for number in range(1, 101):
        dovecot.deliver(letter(number, sender="eve@example.org"), desk.username)
    with workers(desk, 3):
        wait_until(lambda: len(threads(desk)) == 100, desk.log)
        sink.wait_for(4, 60)
    assert len(sink.accepted) == 4


def test_once_and_a_lone_run_are_refused_while_workers_are_at_work(desk: Desk) -> None:
    with workers(desk, 1):
        assert "workers are at work" in desk.run("once", expect=2).stderr


def test_a_worker_is_told_how_to_share_where_nothing_is_shared(desk: Desk) -> None:
    desk.more = ""
    desk.write()
    assert "procrastinate" in desk.run("worker", expect=2).stderr
