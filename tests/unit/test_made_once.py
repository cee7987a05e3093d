"""What processes of a test session share: made once, whoever comes first, and never half."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from tests import made_once as sharing


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(sharing._SHARED, str(tmp_path))
    return tmp_path


def _make(folder: Path) -> None:
    (folder / "maker").write_text(str(os.getpid()))


def _ask(folder: str, answers: multiprocessing.Queue[str]) -> None:
    os.environ[sharing._SHARED] = folder
    answers.put((sharing.made_once("thing", _make) / "maker").read_text())


def test_processes_that_ask_at_once_get_what_one_of_them_made(shared: Path) -> None:
    started = multiprocessing.get_context("spawn")
    answers = started.Queue()
    processes = [started.Process(target=_ask, args=(str(shared), answers)) for _ in range(3)]
    for process in processes:
        process.start()
    makers = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    assert len(set(makers)) == 1
    assert makers[0] in {str(process.pid) for process in processes}


def test_what_was_left_half_made_is_made_anew() -> None:
    def fails(folder: Path) -> None:
        (folder / "half").touch()
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        sharing.made_once("thing", fails)
    made = sharing.made_once("thing", _make)
    assert [path.name for path in made.iterdir()] == ["maker"]
