"""What systemd is told, by a real socket."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.engine.supervisor import Supervisor
from tests.servers.systemd import Systemd


@pytest.fixture
def systemd() -> Iterator[Systemd]:
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket has at most 107 letters
        one = Systemd(f"{folder}/notify")
        yield one
        one.socket.close()


def test_it_tells_when_it_is_ready_and_when_it_ends(systemd: Systemd) -> None:
    ours = Supervisor(systemd.environment)
    ours.ready()
    ours.ending(anew=False)
    assert systemd.told() == ["READY=1", "STOPPING=1"]


def test_an_abstract_address_is_understood() -> None:
    systemd = Systemd(f"@firstline-test-{os.getpid()}")
    Supervisor(systemd.environment).ready()
    assert systemd.told() == ["READY=1"]
    systemd.socket.close()


def test_beginning_anew_is_no_end_and_says_when_it_was(systemd: Systemd) -> None:
    Supervisor(systemd.environment, lambda: 12.5).ending(anew=True)
    assert systemd.told() == ["RELOADING=1\nMONOTONIC_USEC=12500000"]


def test_a_sign_of_life_is_given_four_times_in_the_time_that_systemd_waits(systemd: Systemd) -> None:
    now = [100.0]
    ours = Supervisor({**systemd.environment, "WATCHDOG_USEC": "20000000"}, lambda: now[0])
    for _ in range(20):
        ours.alive()
        now[0] += 1.0
    assert systemd.told() == ["WATCHDOG=1"] * 4


@pytest.mark.parametrize(
    "environment",
    [{}, {"WATCHDOG_USEC": ""}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}],
)
def test_no_sign_of_life_is_given_where_none_is_asked_of_this_process(
    systemd: Systemd, environment: dict[str, str]
) -> None:
    Supervisor({**systemd.environment, **environment}).alive()
    assert systemd.told() == []


def test_it_is_asked_of_this_process(systemd: Systemd) -> None:
    Supervisor({**systemd.environment, "WATCHDOG_USEC": "20000000", "WATCHDOG_PID": str(os.getpid())}).alive()
    assert systemd.told() == ["WATCHDOG=1"]


def test_without_systemd_nothing_happens() -> None:
    ours = Supervisor({})
    ours.ready()
    ours.alive()
    ours.ending(anew=False)


def test_a_socket_that_is_gone_ends_nothing_and_is_logged_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "1"})
    for _ in range(3):
        ours.ready()
    told = capsys.readouterr()
    assert (told.out + told.err).count("can't be told") == 1
