"""Backups that rotate: made by command or at a set time, read back, and never removed for one that failed."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk.health import health
from pipeline.engine import schedule
from pipeline.engine.jobs import backup
from pipeline.engine.shared import Engine
from pipeline.store import backups
from pipeline.store.database import NEWEST
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import Desk
from tests.samples import table

NIGHT = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Nothing of it talks to a server."""
    return Desk(tmp_path / "desk", 9, 9, "support@example.com", more="[backup]\nkeep = 2\n")


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    settings = table(backup={"keep": 3, "folder": "copies"}, schedule={"backup": "30 2 * * *"})
    opened = build(check(settings, tmp_path / "config.toml"), FakeClock(NIGHT))
    yield opened
    opened.close()


def names(folder: Path) -> list[str]:
    """What lies in it, but for the lists of erased people: each backup has one."""
    found = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    lists = {name for name in found if name.endswith(".erased")}
    assert lists <= {f"{name}.erased" for name in found}
    return sorted(found - lists)


def test_a_backup_can_be_restored_and_is_for_this_user_only(desk: Desk) -> None:
    made = desk.json("backup")
    file = Path(made["file"])
    assert made["bytes"] == file.stat().st_size > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert desk.json("db", "check") == {"ok": True, "version": NEWEST, "problems": [], "backup": str(file)}
    assert "restored" in desk.run("db", "restore", str(file)).stdout


def test_without_a_backup_the_check_says_so(desk: Desk) -> None:
    desk.run("status", expect=None)
    assert "there is no backup" in desk.run("db", "check").stdout


def test_the_check_reads_the_newest_backup_back(desk: Desk) -> None:
    file = Path(desk.json("backup")["file"])
    content = bytearray(file.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    file.write_bytes(content)
    found = desk.json("db", "check", expect=4)
    assert not found["ok"]
    assert str(file) in found["problems"][0]


def test_the_oldest_go_and_nothing_else_in_the_folder_does(doors: LiveDoors) -> None:
    folder = doors.config.at("copies")
    folder.mkdir()
    for other in ("firstline-of-last-year.db", "notes.txt"):
        (folder / other).write_text("mine")
    assert isinstance(doors.clock, FakeClock)
    for _ in range(5):
        backup.make(doors)
        doors.clock.pass_by(timedelta(days=1))
    days = [f"firstline-202612{day:02}T023000Z.db" for day in (3, 4, 5)]
    assert names(folder) == [*days, "firstline-of-last-year.db", "notes.txt"]


def test_a_backup_that_fails_removes_nothing_and_is_in_the_status(
    doors: LiveDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(doors.clock, FakeClock)
    for _ in range(3):
        backup.make(doors)
        doors.clock.pass_by(timedelta(days=1))
    before = names(doors.config.at("copies"))
    with monkeypatch.context() as patched:
        patched.setattr(backups, "read_back", lambda _file: ["row 7 missing from index"])
        backup.make(doors)
    assert names(doors.config.at("copies")) == before
    told = [problem["what"] for problem in health(doors)["problems"] if problem["what"].startswith("backup")]
    assert "the copy is damaged" in told[0]
    backup.make(doors)
    assert not [problem for problem in health(doors)["problems"] if problem["what"].startswith("backup")]
    assert len(names(doors.config.at("copies"))) == 3
    assert list(doors.config.at("copies").glob(".unfinished-*")) == []


def test_a_folder_that_can_not_be_written_is_told(doors: LiveDoors) -> None:
    doors.config.at("copies").write_text("a file is in the way")
    backup.make(doors)
    (told,) = [problem for problem in health(doors)["problems"] if problem["what"].startswith("backup")]
    assert "no backup can be made" in told["what"]
    assert told["remedy"] == "firstline backup"


def test_a_copy_that_can_not_be_written_is_told(desk: Desk) -> None:
    told = desk.run("db", "backup", str(desk.folder / "nowhere" / "copy.db"), expect=1).stderr
    assert "the copy can't be written" in told


def test_a_copy_holds_what_is_written_while_it_is_made(doors: LiveDoors) -> None:
    doors.reading.note_pass("smtp", NIGHT)
    backup.make(doors)
    (name,) = names(doors.config.at("copies"))
    with closing(sqlite3.connect(doors.config.at("copies") / name)) as copy:
        assert copy.execute("select count(*) from health where name = 'smtp'").fetchone() == (1,)


def test_the_set_time_is_in_the_schedule(doors: LiveDoors) -> None:
    jobs = {job.id for job in schedule.scheduler(Engine(doors)).get_jobs()}
    assert "backup" in jobs
