"""Drift is measured, kept and shown; the scheduled training runs in a process of its own."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import logs
from pipeline.clock import FakeClock
from pipeline.config import load
from pipeline.desk.health import health
from pipeline.engine.jobs import drift as watching
from pipeline.engine.jobs import retrain
from pipeline.engine.schedule import scheduler
from pipeline.engine.shared import Engine
from pipeline.learn import drift
from pipeline.records.ledger import WindowMail
from pipeline.wiring.keys import key_of
from pipeline.wiring.live_doors import LiveDoors, build
from tests.learned import toy_registry, toy_rows, write_csv
from tests.samples import NOON, table


@pytest.fixture
def doors(tmp_path: Path) -> LiveDoors:
    logs.set_up(quiet=True)  # another test may have left it pointing to a closed file
    (tmp_path / "config.toml").write_text("")
    config = load.check(table(), tmp_path / "config.toml")
    return build(config, FakeClock(NOON))


def mails(count: int, topic: str = "parcel", sure: bool = True, text: str = "parcel tracking") -> list[dict]:
    return [{"topic": topic, "topic_sure": sure, "language": "en", "subject": "", "text": text} for _ in range(count)]


def window(count: int, text: str = "parcel tracking") -> list[WindowMail]:
    return [WindowMail(**one) for one in mails(count, text=text)]


def record(doors: LiveDoors, found: list[dict], model: str) -> None:
    """As the ledger would have them."""
    from sqlalchemy import insert

    from pipeline.store import schema

    nothing = {"attachments": [], "notes": [], "reasons": [], "rules": [], "decision": {}}
    now = doors.clock.now()
    rows = [
        {**mail, **nothing, "id": f"{now:%d%H}-{at}", "content_hash": f"{now}-{at}", "thread": "t", "received": now}
        | {"recorded": now, "verdict": "answer", "model": model}
        for at, mail in enumerate(found)
    ]
    with doors.database.writing() as connection:
        connection.execute(insert(schema.mail), rows)


@pytest.mark.parametrize(
    ("one", "other", "changed"),
    [
        ({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5}, False),
        ({"a": 0.5, "b": 0.5}, {"a": 0.55, "b": 0.45}, False),
        ({"a": 0.5, "b": 0.5}, {"a": 0.9, "b": 0.1}, True),
        ({"a": 1.0}, {"b": 1.0}, True),
    ],
)
def test_the_stability_index_tells_a_changed_mix(one: dict, other: dict, changed: bool) -> None:
    assert (drift.psi(one, other) > drift.PSI_LIMIT) is changed
    assert drift.psi(one, other) == pytest.approx(drift.psi(other, one))


def test_words_that_the_model_never_learnt_are_counted() -> None:
    seen = drift.measure_window(window(4, text="parcel quux ab"), {"topic": {"parcel": 1.0}}, {"parcel"})
    assert seen["unknown_words"] == 0.5  # short words don't count
    assert seen["topics_against_training"] == 0
    assert drift.measure_window(window(4), {}, set())["unknown_words"] is None


def test_drift_is_kept_and_a_change_makes_status_unhealthy(doors: LiveDoors) -> None:
    registry = toy_registry(doors.config.at("models"), key=key_of(doors.config))
    name = registry.current()
    record(doors, mails(99), name)
    assert watching.measure(doors) is None  # not enough mail
    assert "not measured yet" in health(doors)["drift"]["note"]
    doors.clock.pass_by(timedelta(hours=1))  # type: ignore[attr-defined]
    record(doors, mails(30, topic="login"), name)
    first = watching.measure(doors)
    assert first is not None
    assert first["topics_since"] == 0
    assert 0 <= first["unknown_words"] < 1
    assert drift.problems(first) == []
    doors.clock.pass_by(timedelta(days=20))  # type: ignore[attr-defined]
    record(doors, mails(200, topic="login", sure=False), name)
    watching.watch(doors)
    document = health(doors)
    assert document["drift"]["mails"] == 200
    told = " ".join(problem["what"] for problem in document["problems"])
    assert "the mix of topics has changed" in told
    assert "100% of the mails are unsure" in told


def test_where_no_scheduler_runs_it_is_measured_once_a_day(doors: LiveDoors) -> None:
    registry = toy_registry(doors.config.at("models"), key=key_of(doors.config))
    record(doors, mails(100), registry.current())
    seen = []
    for hours in (0, 1, 22, 1):
        doors.clock.pass_by(timedelta(hours=hours))  # type: ignore[attr-defined]
        watching.watch_if_due(doors)
        newest = doors.drift.newest()
        assert newest is not None
        seen.append(newest.at)
    assert seen == [NOON, NOON, NOON, NOON + timedelta(days=1)]


def test_without_a_model_nothing_is_measured_and_nothing_fails(doors: LiveDoors) -> None:
    watching.watch(doors)
    assert doors.drift.newest() is None


def test_the_manifest_holds_the_mix_of_the_training() -> None:
    from pipeline.learn.drift import shares

    assert shares(["a", "b", "a", "a"]) == {"a": 0.75, "b": 0.25}


def test_the_schedule_is_in_the_time_zone_of_the_calendar(doors: LiveDoors) -> None:
    assert scheduler(Engine(doors)).get_job(retrain.NAME) is None
    document = table(schedule={"retrain": "30 3 * * sun"}, calendar={"timezone": "Europe/Helsinki"})
    nightly = build(load.check(document, doors.config.path))
    job = scheduler(Engine(nightly)).get_job(retrain.NAME)
    due = job.trigger.get_next_fire_time(None, NOON)
    assert (due.strftime("%a %H:%M"), str(due.tzinfo)) == ("Sun 03:30", "Europe/Helsinki")


def test_a_scheduled_training_puts_a_version_in_use(doors: LiveDoors) -> None:
    doors.config.at("training_data").mkdir()
    write_csv(doors.config.at("training_data/toy.csv"), toy_rows(150))
    retrain.retrain(doors, threading.Event())
    assert doors.reading.passes()["retrain"].error == ""
    assert doors.predictor()[0] is not None


def test_a_failed_training_stands_in_status_until_one_succeeds(doors: LiveDoors) -> None:
    retrain.retrain(doors, threading.Event())  # there is no training data
    (told,) = [one for one in health(doors)["problems"] if one["what"].startswith("retrain")]
    assert "training_data" in told["what"]
    assert told["remedy"] == "firstline model train"
    doors.reading.note_pass(retrain.NAME, doors.clock.now())
    assert not [one for one in health(doors)["problems"] if one["what"].startswith("retrain")]


def test_a_stop_ends_the_training(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(retrain, "command", lambda _doors: [sys.executable, "-c", "import signal; signal.pause()"])
    monkeypatch.setattr(retrain, "_LOOK", 0.05)
    stopping = threading.Event()
    stopping.set()
    retrain.retrain(doors, stopping)
    assert "retrain" not in doors.reading.passes()


def test_a_label_says_nothing_about_other_heads_and_the_older_one_stands() -> None:
    from datetime import UTC, datetime

    from pipeline.learn import dataset
    from pipeline.learn.dataset import Row

    older = Row(text="x", topic="a", sentiment="neutral", labelled_at=datetime(2026, 1, 1, tzinfo=UTC))
    newer = replace(older, topic="b", sentiment=None, labelled_at=datetime(2026, 2, 1, tzinfo=UTC))
    (kept,) = dataset.without_duplicates([older, newer], [])
    assert (kept.topic, kept.sentiment) == ("b", "neutral")
