"""`firstline run` and `firstline web` as systemd starts them: real processes, and a real socket that they tell."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import Desk, stop
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink
from tests.servers.systemd import Systemd
from tests.waiting import wait_until

WATCHDOG = {"WATCHDOG_USEC": "4000000"}


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    with tempfile.TemporaryDirectory() as folder:
        one = Systemd(f"{folder}/notify")
        for name, value in {**one.environment, **WATCHDOG}.items():
            monkeypatch.setenv(name, value)
        yield one
        one.socket.close()


@pytest.fixture
def desk(pymap: PymapServer, sink: SmtpSink, tmp_path: Path) -> Desk:
    pages = "[web]\nlisten = '127.0.0.1:0'\n"
    return Desk(tmp_path / "desk", pymap.port, sink.port, "support@example.com", more=pages)


def next_is(systemd: Systemd, seen: list[str], wanted: str, log: Desk) -> None:
    """Waits until it was told; what was told before is let go of."""

    def told() -> bool:
        seen.extend(systemd.told())
        return any(one.startswith(wanted) for one in seen)

    wait_until(told, log.log)
    while not seen.pop(0).startswith(wanted):
        pass


def test_run_is_ready_gives_signs_of_life_begins_anew_and_ends(desk: Desk, systemd: Systemd) -> None:
    seen: list[str] = []
    with desk.running() as process:
        next_is(systemd, seen, "READY=1", desk)
        assert '"event": "watching"' in desk.log()
        for _ in range(3):
            next_is(systemd, seen, "WATCHDOG=1", desk)
        desk.smtp = {"connections": 1}
        desk.write()
        process.send_signal(signal.SIGHUP)
        for wanted in ("RELOADING=1\nMONOTONIC_USEC=", "READY=1", "WATCHDOG=1"):
            next_is(systemd, seen, wanted, desk)
        assert "STOPPING=1" not in seen
        assert stop(process) == 0
        next_is(systemd, seen, "STOPPING=1", desk)


def test_web_is_ready_when_it_listens_and_gives_signs_of_life(desk: Desk, systemd: Systemd) -> None:
    seen: list[str] = []
    desk.run("db", "upgrade")
    process = desk.start("web")
    try:
        for wanted in ("READY=1", "WATCHDOG=1", "WATCHDOG=1"):
            next_is(systemd, seen, wanted, desk)
        assert stop(process) == 0
        next_is(systemd, seen, "STOPPING=1", desk)
    finally:
        process.kill()
        process.wait()
