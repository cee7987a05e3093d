"""Logs and copies of the database whose time is over go, the space in the file is given back, and `status` tells when
that is not done."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk.health import health
from pipeline.desk.privacy import purge as desk_purge
from pipeline.desk.privacy.subject import subject_of
from pipeline.engine import set_tasks
from pipeline.engine.jobs import purge
from pipeline.errors import FirstlineError, UnreachableError
from pipeline.records.personal import Traces
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.purging import Purging
from pipeline.store.space import SLACK, Space
from pipeline.wiring.live_doors import LiveDoors, build
from tests.kept_rows import DAY, ago, put_mail
from tests.samples import NOON, table


def at_once(_seconds: float) -> bool:
    return False


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    document = table(store={"url": f"sqlite:///{tmp_path}/test.db"}, log={"file": "log/firstline.log"})
    (tmp_path / "log").mkdir()
    made = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    yield made
    made.close()


def log_of(doors: LiveDoors) -> Path:
    return doors.config.at(doors.config.log.file)


def line(at: datetime, what: str) -> str:
    return json.dumps({"event": what, "timestamp": at.isoformat().replace("+00:00", "Z")}) + "\n"


def made_old(file: Path, at: datetime) -> Path:
    file.write_text("words")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


# --- files ------------------------------------------------------------------------------------------------------------


def test_old_lines_of_the_log_are_overwritten_and_what_comes_after_stays(doors: LiveDoors) -> None:
    young = line(ago(89), "young") + "Traceback …\n" + line(NOON, "new")
    log_of(doors).write_text("no line of ours\n" + line(ago(200), "old") + "Traceback of old\n" + young)
    with log_of(doors).open("a") as writer:  # somebody who writes meanwhile
        assert purge.purge(doors, at_once).files == {"lines of the log": 3}
        writer.write("later\n")
    text = log_of(doors).read_text()
    assert "old" not in text
    assert text.lstrip() == young + "later\n"
    assert purge.purge(doors, at_once).files == {}


@pytest.mark.parametrize(
    "content", ["", "nothing of ours\n" * 3, line(ago(1), "young"), "\n\n", '{"timestamp": 7}\n[]\n']
)
def test_a_log_without_old_lines_stays_as_it_is(doors: LiveDoors, content: str) -> None:
    log_of(doors).write_text(content)
    assert purge.purge(doors, at_once).files == {}
    assert log_of(doors).read_text() == content


def test_rotated_logs_and_copies_of_the_database_go_when_they_are_old(doors: LiveDoors) -> None:
    log, database = log_of(doors), doors.database.path
    old = [made_old(Path(f"{log}.2.gz"), ago(91)), made_old(Path(f"{log}-20260101"), ago(300))]
    old.append(made_old(Path(f"{database}.before-restore-1"), ago(366)))
    young = [made_old(Path(f"{log}.1"), ago(89)), made_old(Path(f"{database}.before-restore-2"), ago(364))]
    young.append(made_old(log.parent / "other.log", ago(5000)))
    assert purge.look(doors).files == {"copies of the database": 1, "rotated logs": 2}
    assert all(one.exists() for one in old)
    purge.purge(doors, at_once)
    assert not any(one.exists() for one in old)
    assert all(one.exists() for one in young)


def test_a_file_that_can_not_go_is_told_and_the_rest_goes(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    made_old(Path(f"{log_of(doors)}.1"), ago(91))
    copy = made_old(Path(f"{doors.database.path}.before-1"), ago(400))
    whole = Path.unlink

    def refused(self: Path, missing_ok: bool = False) -> None:
        if "log" in self.name:
            raise PermissionError(13, "Permission denied")
        whole(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    done = desk_purge.carry_out(doors, at_once)
    assert done.left == ("rotated logs: [Errno 13] Permission denied",)
    assert not copy.exists()
    assert "Permission denied" in str(health(doors)["problems"])


# --- space ------------------------------------------------------------------------------------------------------------


def filled(database: Database, mails: int = 300) -> None:
    with database.writing() as connection:
        for number in range(mails):
            put_mail(connection, f"M{number:05}", 400, text="word " * 4000)


def test_the_file_becomes_smaller_by_what_went(doors: LiveDoors) -> None:
    filled(doors.database)
    before = doors.database.size()
    purge.purge(doors, at_once)
    free, pages = Space(doors.database).free_pages()
    assert free <= pages * SLACK + 1
    assert doors.database.size() < before / 4
    assert doors.database.check() == []


def test_a_file_of_an_older_version_is_written_anew_on_request_only(tmp_path: Path) -> None:
    import sqlite3

    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as connection:  # as it was made before files let pages go
        connection.execute("create table first (a)")
    document = table(store={"url": f"sqlite:///{file}"})
    with closing(build(check(document, tmp_path / "config.toml"), FakeClock(NOON))) as doors:
        filled(doors.database)
        before = doors.database.size()
        report = desk_purge.carry_out(doors, at_once)
        assert not Space(doors.database).can_let_pages_go()
        assert report.free > report.bytes / 2
        report = desk_purge.carry_out(doors, at_once, compact=True)
        assert report.free == 0
        assert report.bytes < before / 4
        assert Space(doors.database).can_let_pages_go()


def test_words_leave_the_index_of_search_within_a_week(doors: LiveDoors) -> None:
    clock = doors.clock
    assert isinstance(clock, FakeClock)
    found = []
    for number, days in enumerate((0, 1, 5, 1)):
        clock.pass_by(days * DAY)
        with doors.database.writing() as connection:
            put_mail(connection, f"M{number}", 400, text=f"unheardof{number}")
        while doors.search.fill():
            pass
        purge.purge(doors, at_once)
        found.append([f"unheardof{one}".encode() in doors.database.path.read_bytes() for one in range(number + 1)])
    assert found[0] == [False]
    assert found[3] == [False] * 4
    assert found[1] != [False] * 2, "each night would be too much"


def test_giving_back_ends_when_it_is_enough(doors: LiveDoors) -> None:
    filled(doors.database)
    purge.purge(doors, lambda _seconds: False)
    filled_again = 300
    with doors.database.writing() as connection:
        connection.execute(delete(schema.raw))
        for number in range(filled_again):
            put_mail(connection, f"N{number:05}", 1, text="word " * 4000)
        connection.execute(delete(schema.mail).where(schema.mail.c.id.like("N%")))
    steps = iter([False, True])
    Space(doors.database).give_back(lambda: next(steps))
    free, pages = Space(doors.database).free_pages()
    assert free > pages * SLACK


def test_postgresql_is_told_that_the_space_is_free(database: Database) -> None:
    filled(database, 20)
    with database.writing() as connection:
        connection.execute(delete(schema.raw))
    Space(database).give_back()
    if database.is_sqlite:
        return
    with pytest.raises(FirstlineError, match="uses again"):
        Space(database).compact()
    with database.reading() as connection:
        assert connection.execute(text("select pg_relation_size('raw')")).scalar() == 0


# --- status -----------------------------------------------------------------------------------------------------------


def told(doors: LiveDoors) -> list[str]:
    return [one["what"] for one in health(doors)["problems"] if one["kind"] == "privacy"]


def test_status_tells_when_what_has_to_go_does_not(doors: LiveDoors) -> None:
    clock = doors.clock
    assert isinstance(clock, FakeClock)
    assert told(doors) == [], "nothing is there"
    with doors.database.writing() as connection:
        put_mail(connection, "M", 40)
    (first,) = told(doors)  # nobody runs, and it is over for ten days
    assert first == f"what is over by [privacy] has not been purged since {ago(10):%Y-%m-%d}"
    set_tasks.begin(doors)  # `run` is started: it is done tonight
    assert told(doors) == []
    purge.watch(doors, at_once)
    clock.pass_by(2 * DAY)
    assert told(doors) == []
    clock.pass_by(2 * DAY)
    assert told(doors) == [f"what is over by [privacy] has not been purged since {NOON:%Y-%m-%d}"]


def test_where_all_is_kept_nothing_is_missed(tmp_path: Path) -> None:
    privacy = {"keep_raw": "", "keep_mail": ""}
    document = table(store={"url": f"sqlite:///{tmp_path}/test.db"}, privacy=privacy, schedule={"purge": ""})
    with closing(build(check(document, tmp_path / "config.toml"), FakeClock(NOON))) as doors:
        assert told(doors) == []
        with doors.database.writing() as connection:
            put_mail(connection, "M", 4000)
        assert told(doors) == []


def test_a_purge_that_fails_is_told_until_one_succeeds(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_words: object) -> None:
        raise UnreachableError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(Purging, "find", away)
        purge.watch(doors, at_once)
    assert any("the database is away" in one for one in told(doors))
    purge.watch(doors, at_once)
    assert told(doors) == []


def test_status_tells_of_an_erasure_that_is_not_complete(doors: LiveDoors) -> None:
    eve = subject_of("eve@example.org", doors.signer)
    found = Traces(person=eve, mails=(), tickets=(), threads=(), addresses=(), names=())
    begun = doors.personal_data.begin(found, "ann", NOON)
    assert told(doors) == [], "it may be under way"
    doors.personal_data.note(replace(begun, left=("tracker: away",)))
    assert told(doors) == [f"erasure {begun.id} of {NOON:%Y-%m-%d} is not complete: tracker: away"]
    doors.personal_data.note(replace(begun, left=(), begun=NOON - timedelta(hours=2)))
    assert told(doors) == [f"erasure {begun.id} of {NOON:%Y-%m-%d} is not complete: it was cut off"]
    doors.personal_data.note(replace(begun, finished=NOON))
    assert told(doors) == []
