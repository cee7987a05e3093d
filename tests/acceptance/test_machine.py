"""What befalls the machine: signals at any moment, logs that are rotated, disks and databases that come late."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import COMMAND, Desk, letter, stop
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.postgres import postgres
from tests.servers.proxy import Proxy
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

ALONE = ["unshare", "--pid", "--fork", "--kill-child"]  # the program is process 1 of a world of its own
OWN_DISKS = ["unshare", "--mount"]


def needs(words: list[str]) -> None:
    """Not every container lets its root do so, in CI neither."""
    if not shutil.which(words[0]) or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip(f"this machine does not let us {' '.join(words)}")


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())


def started(desk: Desk, *before: str) -> subprocess.Popen[str]:
    """`firstline run`, by way of another command."""
    with (desk.folder / "log").open("a", encoding="utf-8") as log:
        return subprocess.Popen(
            [*before, str(COMMAND), "run"], cwd=desk.folder, env=desk.environment(), stdout=log, stderr=log, text=True
        )


def watching(desk: Desk, times: int = 1) -> None:
    wait_until(lambda: desk.log().count('"watching"') >= times, desk.log)


# --- signals ----------------------------------------------------------------------------------------------------------


def child_of(process: subprocess.Popen[str]) -> int:
    """What `unshare` has started, seen from outside."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return int(wait_until(lambda: children.read_text().split(), "it starts")[0])


def minds(process: int, sign: int) -> bool:
    """Has it said what is to happen at this signal?"""
    status = Path(f"/proc/{process}/status").read_text()
    caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", status, re.MULTILINE)
    return bool(caught and int(caught[1], 16) >> (sign - 1) & 1)


def test_sigterm_in_the_first_second_ends_process_one(desk: Desk) -> None:
    """As in a container: whatever process 1 has not asked for does not reach it."""
    needs(ALONE)
    process = started(desk, *ALONE)
    program = child_of(process)
    wait_until(lambda: minds(program, signal.SIGTERM), "it minds the signal")
    assert "pydantic_core" not in Path(f"/proc/{program}/maps").read_text(), "by then it has loaded almost everything"
    os.kill(program, signal.SIGTERM)
    assert process.wait(60) == 0
    assert "watching" not in desk.log()


def test_sigterm_ends_process_one_cleanly_when_it_is_at_work(desk: Desk) -> None:
    needs(ALONE)
    process = started(desk, *ALONE)
    watching(desk)
    os.kill(child_of(process), signal.SIGTERM)
    assert process.wait(60) == 0
    assert '"stopped"' in desk.log()


def test_sighup_in_the_first_second_does_not_end_it(desk: Desk) -> None:
    process = desk.start("run")
    wait_until(lambda: minds(process.pid, signal.SIGTERM), "it minds signals")
    process.send_signal(signal.SIGHUP)
    watching(desk)
    assert stop(process) == 0


def test_sighup_takes_up_a_changed_configuration_in_the_same_process(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, 60)
    desk.smtp["from"] = "Another Desk <support@example.com>"
    desk.write()
    process.send_signal(signal.SIGHUP)
    watching(desk, 2)
    dovecot.deliver(letter(2), desk.username)
    first, second = sink.wait_for(2, 60)
    assert b"Example Support" in first.data
    assert b"Another Desk" in second.data
    assert stop(process) == 0


def test_beginning_anew_takes_the_lock_of_postgresql_again(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    with postgres() as server:
        desk.more = f'[store]\nurl = "{server.new_database()}"\n'
        desk.write()
        process = desk.start("run")
        for number in (1, 2):
            watching(desk, number)
            dovecot.deliver(letter(number), desk.username)
            assert len(sink.wait_for(number, 60)) == number
            desk.smtp["connections"] = number + 2
            desk.write()
            process.send_signal(signal.SIGHUP)
        watching(desk, 3)
        assert stop(process) == 0


def test_a_signal_while_it_begins_anew_is_not_lost(desk: Desk) -> None:
    process = desk.start("run")
    watching(desk)
    desk.smtp["connections"] = 1
    desk.write()
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: "beginning anew" in desk.log(), desk.log)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_a_changed_configuration_with_a_mistake_is_told_and_not_used(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    process = desk.start("run")
    watching(desk)
    good = (desk.folder / "config.toml").read_text()
    (desk.folder / "config.toml").write_text(good.replace("[smtp]", "[smtp]\nprot = 25"))
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: "the changed configuration is not used" in desk.log(), desk.log)
    assert "did you mean" in desk.log()
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, 60)
    assert desk.log().count('"watching"') == 1
    assert stop(process) == 0


def test_a_new_configuration_whose_secret_is_missing_is_not_used(desk: Desk) -> None:
    process = desk.start("run")
    watching(desk)
    desk.smtp |= {"username": "support@example.com"}
    desk.write()
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace("[classify]", "password = { file = 'var/none' }\n[classify]"))
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: "the changed configuration is not used" in desk.log(), desk.log)
    assert stop(process) == 0


def test_sighup_takes_up_a_changed_letter(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    from tests.desk import ROOT

    shutil.copytree(ROOT / "templates", desk.folder / "templates")
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace(f"{ROOT}/templates", "templates"))
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, 60)
    neutral = desk.folder / "templates" / "en" / "neutral.txt"
    neutral.write_text(neutral.read_text().replace("Subject: ", "Subject: [changed] ", 1))
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: "configuration unchanged" in desk.log(), desk.log)
    numbers = iter(range(2, 1000))

    def is_changed() -> bool:
        number = next(numbers)
        dovecot.deliver(letter(number), desk.username)
        return b"[changed]" in sink.wait_for(number, 60)[-1].data

    wait_until(is_changed, desk.log)
    assert stop(process) == 0


# --- the log ----------------------------------------------------------------------------------------------------------


def test_a_log_that_is_rotated_goes_on_in_a_new_file(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    desk.more = '[log]\nfile = "firstline.log"\n'
    desk.write()
    log, old = desk.folder / "firstline.log", desk.folder / "firstline.log.1"
    process = desk.start("run")
    wait_until(lambda: log.exists() and '"watching"' in log.read_text(), "it logs into the file")
    log.rename(old)
    process.send_signal(signal.SIGHUP)
    wait_until(log.exists, "it has opened it anew")
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, 60)
    wait_until(lambda: '"sent"' in log.read_text(), log.read_text)
    assert '"sent"' not in old.read_text()
    assert stop(process) == 0
    assert [json.loads(line) for line in log.read_text().splitlines()][-1]["event"] == "stopped"
    assert log.stat().st_mode & 0o777 == 0o600
    assert desk.log() == ""


def test_the_log_of_the_pages_alone_is_rotated_as_well(desk: Desk) -> None:
    desk.more = f'[log]\nfile = "pages.log"\n[web]\nlisten = "127.0.0.1:{free_port()}"\n'
    desk.write()
    log, old = desk.folder / "pages.log", desk.folder / "pages.log.1"
    process = desk.start("web")
    wait_until(lambda: log.exists() and '"serving"' in log.read_text(), desk.log)
    log.rename(old)
    process.send_signal(signal.SIGHUP)
    wait_until(log.exists, "it has opened it anew")
    assert stop(process) == 0


def test_a_log_that_can_not_be_written_is_told_at_the_start(desk: Desk) -> None:
    desk.more = '[log]\nfile = "nowhere/firstline.log"\n'
    desk.write()
    told = desk.run_apart("run", expect=2).stderr
    assert "nowhere/firstline.log can't be written" in told
    assert "log.file" in told


def test_lines_for_the_journal_begin_with_their_level(desk: Desk) -> None:
    """systemd says by JOURNAL_STREAM that it reads our standard error."""
    path = desk.folder / "log"
    path.touch()
    stat = path.stat()
    with path.open("a", encoding="utf-8") as log:
        environment = desk.environment(JOURNAL_STREAM=f"{stat.st_dev}:{stat.st_ino}")
        process = subprocess.Popen([COMMAND, "run"], cwd=desk.folder, env=environment, stderr=log)
    watching(desk)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    lines = desk.log().splitlines()
    assert all(re.match(r"<[2-7]>\{", line) for line in lines), lines
    assert json.loads(lines[-1][3:])["event"] == "stopped"
    assert lines[-1].startswith("<6>")


# --- the store --------------------------------------------------------------------------------------------------------


@pytest.fixture
def late_postgres() -> Iterator[tuple[str, Proxy]]:
    """A PostgreSQL behind a line that is not there yet; the URL by which it will be reached."""
    with postgres() as server:
        socket = Path(re.search(r"host=([^&]+)", server.new_database())[1])  # type: ignore[index]
        with Proxy(next(socket.glob(".s.PGSQL.*[0-9]"))) as line:
            line.refusing = True
            yield f"postgresql://postgres@127.0.0.1:{line.port}/postgres", line


def test_a_database_that_comes_after_us_is_waited_for(
    desk: Desk, late_postgres: tuple[str, Proxy], dovecot: Dovecot, sink: SmtpSink
) -> None:
    url, line = late_postgres
    desk.more = f'[store]\nurl = "{url}"\n'
    desk.write()
    process = desk.start("run")
    wait_until(lambda: "waiting for the store" in desk.log(), desk.log)
    line.refusing = False
    watching(desk)
    dovecot.deliver(letter(1), desk.username)
    assert len(sink.wait_for(1, 60)) == 1
    assert stop(process) == 0


def test_the_wait_for_a_database_ends_with_a_signal(desk: Desk) -> None:
    desk.more = '[store]\nurl = "postgresql://postgres@127.0.0.1:9/postgres"\n'
    desk.write()
    process = desk.start("run")
    wait_until(lambda: "waiting for the store" in desk.log(), desk.log)
    assert stop(process) == 0


def test_a_disk_that_comes_after_us_is_waited_for_and_nothing_is_made_in_its_place(desk: Desk) -> None:
    needs(OWN_DISKS)
    disk = desk.folder / "disk"
    disk.mkdir()
    desk.more = '[store]\nurl = "sqlite:///disk/firstline.db"\nmount = "disk"\n'
    desk.write()
    assert "nothing is mounted there" in desk.run("mail", "list", expect=3).stderr
    process = started(desk, *OWN_DISKS)
    wait_until(lambda: "waiting for the store" in desk.log(), desk.log)
    assert list(disk.iterdir()) == []
    mount = ["nsenter", "--mount", "--target", str(process.pid), "mount", "-t", "tmpfs", "none", str(disk)]
    subprocess.run(mount, check=True, capture_output=True)
    watching(desk)
    assert stop(process) == 0
    assert list(disk.iterdir()) == []  # it was made on the disk, which nobody else sees


@pytest.mark.parametrize("command", ["run", "once", "status", "doctor"])
def test_a_folder_that_can_not_be_written_is_told_in_words(desk: Desk, command: str) -> None:
    needs(OWN_DISKS)
    var = desk.folder / "var"
    (var / "key").write_text("k" * 64)
    script = f"mount --bind {var} {var} && mount -o remount,bind,ro {var} && exec {COMMAND} {command}"
    done = subprocess.run(
        [*OWN_DISKS, "sh", "-c", script],
        cwd=desk.folder,
        env=desk.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = done.stdout + done.stderr
    assert f"the folder {var} can't be written by this user" in told, told
    assert "Traceback" not in told
    assert "unexpected" not in told
    assert done.returncode == 2


def test_a_file_in_the_place_of_the_folder_is_told_in_words(desk: Desk) -> None:
    (desk.folder / "in-the-way").write_text("")
    desk.more = '[store]\nurl = "sqlite:///in-the-way/deeper/firstline.db"\n'
    desk.write()
    for command in (["once"], ["mail", "list"], ["db", "check"]):
        assert "can't be made" in desk.run(*command, expect=2).stderr


def test_it_is_started_by_its_name_and_by_python() -> None:
    for words in ([str(COMMAND)], [sys.executable, "-m", "pipeline"]):
        done = subprocess.run([*words, "--help"], capture_output=True, text=True, check=True)
        assert "support mailbox" in done.stdout
