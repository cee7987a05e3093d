"""Long work from the desk: a process of its own, one at a time, whose end is seen or found out."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pipeline.clock import SystemClock
from pipeline.desk.work import STATE, Works, WorkState
from pipeline.errors import UsageError
from tests.waiting import wait_until

WHO = "dora@example.com"


@pytest.fixture
def works(tmp_path: Path) -> Works:
    file, secret = tmp_path / "config.toml", tmp_path / "secret"
    secret.write_text("p")
    secret.chmod(0o600)
    mailbox = "[mailbox.a]\nhost = '127.0.0.1'\nport = 1\nsecurity = 'none'\nusername = 'u'\n"
    file.write_text(f"{mailbox}password = {{ file = 'secret' }}\n", encoding="utf-8")
    return Works(tmp_path / "var/work", file, SystemClock())


def ended(works: Works, name: str) -> WorkState:
    def found() -> WorkState | None:
        state = works.state(name)
        return state if state and not state.is_running else None

    wait_until(lambda: found() is not None, lambda: str(works.state(name)), 60)
    state = found()
    assert state is not None
    return state


def test_what_it_printed_and_how_it_ended_is_kept(works: Works) -> None:
    works.start("train", ("model", "list"), WHO)
    state = ended(works, "train")
    assert (state.code, state.who, works.running()) == (0, WHO, None)
    assert "version" in works.output("train")


def test_what_went_wrong_is_its_last_step(works: Works) -> None:
    works.start("train", ("model", "show", "--json"), WHO)
    state = ended(works, "train")
    assert state.code == 2
    assert "model train" in state.step


def test_only_one_is_at_it_at_a_time_and_a_killed_one_has_ended(works: Works) -> None:
    works.start("discover", ("web", "--help"), WHO)
    ended(works, "discover")
    works.start("discover", ("run",), WHO)
    with pytest.raises(UsageError, match="'discover' is at it"):
        works.start("train", ("model", "list"), WHO)
    running = works.running()
    assert running is not None
    assert works.forget() == ["discover"]
    os.killpg(running.pid, signal.SIGKILL)
    assert ended(works, "discover").code == -signal.SIGKILL
    assert works.forget() == []
    assert works.state("discover") is None


def test_the_end_that_nobody_saw_is_found_out(works: Works, tmp_path: Path) -> None:
    works.start("train", ("model", "list"), WHO)
    ended(works, "train")
    file = tmp_path / "var/work/train" / STATE
    file.write_text(
        file.read_text().replace('"code": 0', '"code": null').replace('"ended": "', '"ended": null, "x": "')
    )
    told = file.read_text()
    file.write_text(told[: told.index(', "x"')] + told[told.index(', "code"') :])
    state = works.state("train")
    assert state is not None
    assert (state.is_running, state.code) == (False, None)


def test_a_state_that_can_not_be_read_is_none(works: Works, tmp_path: Path) -> None:
    works.start("train", ("model", "list"), WHO)
    ended(works, "train")
    (tmp_path / "var/work/train" / STATE).write_text("{")
    assert works.state("train") is None
    assert works.output("nothing") == ""
