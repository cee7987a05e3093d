"""A model version that waits stands in the queue, until it or a newer one is in use."""

from __future__ import annotations

from pathlib import Path

from pipeline.desk import today
from pipeline.learn.registry import Registry
from pipeline.records.today import TodayFilter, TodayKind
from tests.learned import KEY
from tests.web_doors import web_doors

ONLY = TodayFilter(kinds=(TodayKind.CANDIDATE,))


def test_a_version_that_was_not_promoted_waits(tmp_path: Path) -> None:
    doors = web_doors(tmp_path)
    assert today.page(doors, "data", ONLY).items == ()
    registry = Registry(tmp_path / "models", KEY)
    (used,) = registry.names()
    newer = f"99{used[2:]}"
    (tmp_path / "models" / used).rename(tmp_path / "models" / newer)
    (tmp_path / "models" / used).mkdir()
    registry.note("hold", newer, "it was <b>not</b> better")
    (item,) = today.page(doors, "data", ONLY).items
    assert item.ref == newer
    assert item.why == ("A candidate of the model waits: it was <b>not</b> better",)
    doors.close()
