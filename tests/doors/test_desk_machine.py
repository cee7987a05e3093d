"""The machine's page: what an operator reads there that `status` says, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.records.account import DeskRole
from pipeline.store.workers import WorkerFacts
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, DeskBrowser, hire
from tests.web_doors import text_of, web_doors


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    hire(made)
    yield made
    made.close()


def test_each_worker_is_shown_with_what_only_it_does(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    now = doors.clock.now()
    upstairs = WorkerFacts(
        name="upstairs:42", version="0.1.0", joined=now, beat=now, lost=False, holds=("mailbox.support", "chores")
    )
    monkeypatch.setattr(
        doors.workers, "known", lambda: [upstairs, replace(upstairs, name="left:7", lost=True, holds=())]
    )
    text = text_of(DeskBrowser(doors, CAST[DeskRole.ADMIN]).get("/desk/machine").text)
    assert "Workers" in text
    assert "upstairs:42 0.1.0: mailbox.support, chores" in text
    assert "left:7" in text
    assert text.count("lost") == 1


def test_where_one_process_does_all_there_is_no_list_of_workers(doors: LiveDoors) -> None:
    assert "Workers" not in text_of(DeskBrowser(doors, CAST[DeskRole.ADMIN]).get("/desk/machine").text)
