"""Labelled mail whose time is over leaves the training data, but for what we ship and what must be kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.clock import FakeClock
from pipeline.config import load
from pipeline.engine.jobs import purge
from pipeline.records.personal import Hold
from pipeline.store.holds import Holds
from pipeline.wiring.live_doors import LiveDoors, build
from tests.samples import NOON, table

HEAD = "text,topic,source,labelled_at,received_at,sender\n"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    document = table(store={"url": f"sqlite:///{tmp_path}/test.db"}, privacy={"keep_training": "100d"})
    with closing(build(load.check(document, tmp_path / "config.toml"), FakeClock(NOON))) as made:
        made.config.at("training_data/left_out").mkdir(parents=True)
        yield made


def put(doors: LiveDoors, name: str) -> Path:
    day = [f"{NOON - timedelta(days=days):%Y-%m-%d}" for days in (99, 101, 102)]
    held = doors.signer.person("eve@example.org")
    rows = [
        ("young", "review", day[0], day[2], ""),
        ("over", "review", day[1], day[0], ""),
        ("came long ago", "mine", "", day[1], ""),
        ("nobody knows when", "mine", "", "", ""),
        ("ours", "starter", day[2], "", ""),
        ("held", "review", day[2], "", held),
    ]
    lines = "".join(f"{text},billing,{source},{at},{came},{who}\n" for text, source, at, came, who in rows)
    path = doors.config.at("training_data") / name
    path.write_text(HEAD + lines, encoding="utf-8")
    return path


def texts(path: Path) -> list[str]:
    return [line.split(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_what_was_labelled_long_ago_goes_also_from_what_was_left_out(doors: LiveDoors) -> None:
    doors.database.upgrade()
    Holds(doors.database).put(Hold(what="eve@example.org", at=NOON, who="alice", why="a court"))
    files = [put(doors, name) for name in ("mine.csv", "left_out/mine.csv")]
    before = [path.read_bytes() for path in files]
    assert purge.look(doors).files["training rows"] == 4
    assert [path.read_bytes() for path in files] == before
    done = purge.purge(doors, lambda _seconds: False)
    assert (done.files["training rows"], done.left) == (4, [])
    for path in files:
        assert texts(path) == ["young", "nobody knows when", "ours", "held"]
    assert purge.purge(doors, lambda _seconds: False).files["training rows"] == 0


def test_a_table_that_can_not_be_read_is_told_and_the_others_are_purged(doors: LiveDoors) -> None:
    doors.database.upgrade()
    good, bad = put(doors, "good.csv"), put(doors, "bad.csv")
    bad.write_text(bad.read_text(encoding="utf-8") + "a,b,c,d,e,f,a cell too many\n", encoding="utf-8")
    (told,) = purge.purge(doors, lambda _seconds: False).left
    assert "bad.csv: " in told
    assert "over" not in texts(good)
