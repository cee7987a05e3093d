"""Past mail labelled once more: on both databases, on a cluster, after a kill; what was done stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from sqlalchemy import Connection, delete, func, insert, inspect, select

from pipeline.clock import FakeClock
from pipeline.config import load
from pipeline.desk import relabel
from pipeline.desk.relabel import Relabelling
from pipeline.errors import ConfigError, NotFoundError, UnusableModelError
from pipeline.learn import grouping, train
from pipeline.learn.crew import HERE, Crew, crew_at
from pipeline.learn.relabel import TextsToLabel, label_texts
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.schema_relabelled import relabelled as table
from pipeline.wiring.live_doors import LiveDoors, build
from tests import doubtful, onnx_file
from tests.desk import Desk
from tests.learned import KEY, save_toy, toy_registry, toy_rows, write_csv
from tests.samples import NOON
from tests.samples import table as settings

MAILS = 90


@pytest.fixture
def doors(tmp_path: Path, database: Database) -> LiveDoors:
    doubtful.lay_key(tmp_path)
    toy_registry(tmp_path / "models")
    (tmp_path / "config.toml").write_text("")
    made = build(load.check(settings(), tmp_path / "config.toml"), FakeClock(NOON))
    made.__dict__["database"] = database
    doubtful.arrive(made, MAILS)
    return made


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relabel, "PORTION", 16)
    monkeypatch.setattr(relabel, "_LOT", 40)


def asked(doors: LiveDoors) -> Relabelling:
    return Relabelling(predictor=relabel.predictor_in_use(doors))


def rows_of(database: Database, of: Any) -> list[dict]:
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(select(of)).mappings()]


def everything_but(database: Database, *without: str) -> dict[str, int]:
    """Rows by table."""

    def counts(connection: Connection) -> dict[str, int]:
        names = [name for name in inspect(connection).get_table_names() if name not in without]
        tables = [schema.metadata.tables[name] for name in names if name in schema.metadata.tables]
        return {one.name: connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables}

    with database.reading() as connection:
        return counts(connection)


def test_every_mail_is_labelled_once_and_nothing_else_is_touched(doors: LiveDoors) -> None:
    before, tables = rows_of(doors.database, schema.mail), everything_but(doors.database, "relabelled")
    assert relabel.relabel(doors, asked(doors), HERE) == MAILS
    assert rows_of(doors.database, schema.mail) == before
    assert everything_but(doors.database, "relabelled") == tables
    said = {row["mail_id"]: row for row in rows_of(doors.database, table)}
    assert said.keys() == {row["id"] for row in before}
    assert {row["version"] for row in said.values()} == {asked(doors).predictor.version}
    right = sum(row["topic"] == doubtful.topic_of(mail_id) for mail_id, row in said.items())
    assert right > MAILS / 2
    assert relabel.relabel(doors, asked(doors), HERE) == 0


def test_figures_say_what_would_be_different(doors: LiveDoors) -> None:
    """All of them had no label before; then another version says what it thinks."""
    relabel.relabel(doors, asked(doors), HERE)
    topic = relabel.figures_of(doors, asked(doors))["topic"]
    assert topic["then"] == {"": MAILS}
    assert topic["changed"] == sum(topic["now"].values()) == MAILS
    assert topic["then_sure"] == 0
    assert {change["then"] for change in topic["changes"]} == {None}
    assert [change["mails"] for change in topic["changes"]] == sorted(topic["now"].values(), reverse=True)


class Killed(BaseException):
    pass


class CrewThatDies:
    """Two portions, then the process is gone."""

    def each(self, work: Any, shared: Any, portions: Sequence[Any]) -> Iterator[Any]:
        for done, portion in enumerate(portions):
            if done == 2:
                raise Killed
            yield work(shared, portion)


def test_what_was_killed_goes_on_where_it_was(doors: LiveDoors) -> None:
    with pytest.raises(Killed):
        relabel.relabel(doors, asked(doors), CrewThatDies())
    kept = len(rows_of(doors.database, table))
    assert 0 < kept < MAILS
    assert relabel.relabel(doors, asked(doors), HERE) == MAILS - kept


def test_another_version_says_its_own_and_mail_that_goes_takes_its_labels_along(doors: LiveDoors) -> None:
    relabel.relabel(doors, asked(doors), HERE)
    registry = toy_registry(doors.config.at("models"), versions=0)
    other = train.fit(grouping.with_groups(toy_rows(150, seed=3)), train.Settings())
    with registry.locked():
        registry.use(save_toy(registry, digest="f" * 8, fitted=other).name, "promote", "for a test")
    assert relabel.relabel(doors, asked(doors), HERE) == MAILS
    assert {row["version"] for row in rows_of(doors.database, table)} == {asked(doors).predictor.version}
    with doors.database.writing() as connection:
        connection.execute(delete(schema.mail))
    assert rows_of(doors.database, table) == []


def test_what_robots_and_staff_wrote_is_left_alone(doors: LiveDoors) -> None:
    (one, *_) = rows_of(doors.database, schema.mail)
    with doors.database.writing() as connection:
        silent = one | {"id": "robot", "content_hash": "r", "verdict": "silent", "robot": True}
        connection.execute(insert(schema.mail), [silent])
    assert relabel.relabel(doors, asked(doors), HERE) == MAILS


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0") as made:
        yield made


@pytest.fixture
def crew(cluster: LocalCluster) -> Iterator[Crew]:
    with crew_at(cluster.scheduler_address) as found:
        yield found


def test_a_cluster_says_the_same(doors: LiveDoors, crew: Crew) -> None:
    relabel.relabel(doors, asked(doors), HERE)
    here = {row["mail_id"]: row for row in rows_of(doors.database, table)}
    with doors.database.writing() as connection:
        connection.execute(delete(table))
    assert relabel.relabel(doors, asked(doors), crew) == MAILS
    there = {row["mail_id"]: row for row in rows_of(doors.database, table)}
    for mail_id, row in here.items():
        same = [name for name in row if not name.endswith("_confidence")]
        assert [there[mail_id][name] for name in same] == [row[name] for name in same]
        assert there[mail_id]["topic_confidence"] == pytest.approx(row["topic_confidence"], abs=1e-5)


def test_a_worker_without_the_encoder_is_an_error_and_no_other_label(tmp_path: Path, crew: Crew) -> None:
    desk = Desk(tmp_path / "desk", 1, 1, "x", more="")
    encoder = onnx_file.write(tmp_path / "encoder", pooled=False)
    text = (desk.folder / "config.toml").read_text().replace("[classify]", f"[classify]\nencoder = '{encoder}'")
    (desk.folder / "config.toml").write_text(text)
    desk.json("model", "train", "--data", str(write_csv(tmp_path / "rows.csv", toy_rows(150))))
    made = build(load.load(desk.folder / "config.toml"), FakeClock(NOON))
    predictor = relabel.predictor_in_use(made)
    doubtful.arrive(made, 20)
    texts = list(made.relabels.waiting(predictor.version, None))
    portion = TextsToLabel(texts, makeshift=False)
    assert not predictor.is_makeshift
    assert list(crew.each(label_texts, predictor, [portion])) == [predictor.predict(texts)]
    (encoder / "model.onnx").rename(tmp_path / "gone")
    with pytest.raises(ConfigError, match="on a worker"):
        list(crew.each(label_texts, relabel.predictor_in_use(made), [portion]))


def test_without_a_usable_model_it_says_so(doors: LiveDoors) -> None:
    (doors.config.at("models") / asked(doors).predictor.version / "manifest.json").write_text("{}")
    with pytest.raises(UnusableModelError):
        relabel.predictor_in_use(doors)
    doors.config.at("models").rename(doors.config.at("moved"))
    with pytest.raises(NotFoundError, match="no model"):
        relabel.predictor_in_use(doors)


def test_the_command_tells_figures(tmp_path: Path, cluster: LocalCluster) -> None:
    desk = Desk(tmp_path / "desk", 1, 1, "x")
    (desk.folder / "var/key").write_bytes(KEY)
    toy_registry(desk.folder / "models")
    doubtful.arrive(build(load.load(desk.folder / "config.toml"), FakeClock(NOON)), 30)
    told = desk.json("mail", "reclassify", "--dask", cluster.scheduler_address)
    assert (told["mails"], told["labelled_now"]) == (30, 30)
    assert told["heads"].keys() == {"topic", "sentiment", "complaint"}
    again = desk.json("mail", "reclassify", "--since", "2026-01-01")
    assert (again["mails"], again["labelled_now"]) == (30, 0)
    assert "What was done stays as it is." in desk.run("mail", "reclassify").stdout
