"""After an erasure a training is due at once; where it does not come, `status` tells."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import logs
from pipeline.clock import FakeClock
from pipeline.config import load
from pipeline.desk.health import health
from pipeline.desk.privacy.training import forget_again
from pipeline.engine.jobs import names, retrain
from pipeline.engine.schedule import scheduler
from pipeline.engine.shared import Engine
from pipeline.learn.registry import Registry, registry_of
from pipeline.store.tombstones import Tombstone
from pipeline.wiring.keys import key_of
from pipeline.wiring.live_doors import LiveDoors, build
from tests.learned import toy_registry, toy_rows, write_csv
from tests.samples import NOON, table


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    logs.set_up(quiet=True)  # another test may have left it pointing to a closed file
    (tmp_path / "config.toml").write_text("")
    with closing(build(load.check(table(), tmp_path / "config.toml"), FakeClock(NOON))) as made:
        made.database.upgrade()
        yield made


@pytest.fixture
def registry(doors: LiveDoors) -> Registry:
    toy_registry(doors.config.at("models"), key=key_of(doors.config))
    return registry_of(doors.config, key_of(doors.config))


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each training that was begun; none changes anything."""
    begun: list[str] = []
    monkeypatch.setattr(retrain, "retrain", lambda _doors, _stopping: begun.append("again"))
    return begun


def retire(registry: Registry) -> None:
    with registry.locked():
        registry.retire([registry.current()], "erased")


def test_it_is_done_at_once_and_only_when_it_is_asked_for(
    doors: LiveDoors, registry: Registry, trained: list[str]
) -> None:
    retrain.renew(doors, threading.Event())
    assert trained == []
    retire(registry)
    retrain.renew(doors, threading.Event())
    assert trained == ["again"]


def test_one_that_changed_nothing_is_not_done_again_for_hours(
    doors: LiveDoors, registry: Registry, trained: list[str]
) -> None:
    retire(registry)
    for hours, count in ((0, 1), (1, 1), (4, 1), (1, 2), (1, 2)):
        doors.clock.pass_by(timedelta(hours=hours))  # type: ignore[attr-defined]
        retrain.renew(doors, threading.Event())
        assert len(trained) == count


def test_the_worker_looks_every_minute_whatever_the_schedule_says(doors: LiveDoors) -> None:
    job = scheduler(Engine(doors)).get_job(names.RENEWAL)
    assert job.trigger.interval == timedelta(minutes=1)


def test_a_real_one_puts_another_version_in_use_even_when_no_row_has_changed(doors: LiveDoors) -> None:
    doors.config.at("training_data").mkdir()
    write_csv(doors.config.at("training_data/toy.csv"), toy_rows(150))
    retrain.retrain(doors, threading.Event())
    registry = registry_of(doors.config, key_of(doors.config))
    old = registry.current()
    retire(registry)
    retrain.renew(doors, threading.Event())
    assert registry.names() == [registry.current()] != [old]
    assert registry.leaving() is None


def test_without_any_model_nothing_is_done(doors: LiveDoors, trained: list[str]) -> None:
    key_of(doors.config)
    retrain.renew(doors, threading.Event())
    assert trained == []


def privacy_problems(doors: LiveDoors) -> list[str]:
    return [one["what"] for one in health(doors)["problems"] if one["kind"] == "privacy"]


def test_status_tells_when_it_serves_for_longer_than_it_may(doors: LiveDoors, registry: Registry) -> None:
    doors.clock.pass_by(timedelta(minutes=1))  # type: ignore[attr-defined]
    toy = Registry(registry.folder, key_of(doors.config), doors.clock)
    retire(toy)
    assert privacy_problems(doors) == []
    doors.clock.pass_by(timedelta(days=7))  # type: ignore[attr-defined]
    assert privacy_problems(doors) == []
    doors.clock.pass_by(timedelta(seconds=1))  # type: ignore[attr-defined]
    (told,) = privacy_problems(doors)
    assert told == f"the model in use learned from a customer who was erased on {NOON:%Y-%m-%d}"


def test_rows_that_a_copy_brings_back_go_again_before_they_are_learned(doors: LiveDoors) -> None:
    eve, shelf = doors.signer.person("eve@example.org"), doors.config.at("training_data")
    shelf.mkdir()
    head = "text,topic,received_at,labelled_at,sender\n"
    rows = [
        ("before", "2026-11-01", "2027-01-01", eve),
        ("afterwards", "2026-12-24", "2026-12-25", eve),
        ("labelled before", "", "2026-11-01", eve),
        ("nobody knows when", "", "", eve),
        ("another", "2026-11-01", "", "f" * 16),
    ]
    lines = "".join(f"{text},billing,{came},{labelled},{sender}\n" for text, came, labelled, sender in rows)
    (shelf / "copy.csv").write_text(head + lines, encoding="utf-8")
    forget_again(doors)
    assert (shelf / "copy.csv").read_text(encoding="utf-8") == head + lines
    doors.tombstones.add(Tombstone(person=eve, pseudonym="erased-1", at=NOON.isoformat()))
    forget_again(doors)
    kept = (shelf / "copy.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in kept] == ["afterwards", "another"]
