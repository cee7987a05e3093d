"""Training on a Dask cluster: on two workers that are processes, which are killed in the middle."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from distributed import LocalCluster

from pipeline.errors import ConfigError, UnreachableError, UsageError
from pipeline.learn import crew as learn_crew
from pipeline.learn import encoder as learn_encoder
from pipeline.learn import training
from pipeline.learn.crew import HERE, Crew, crew_at
from pipeline.learn.encoder import Encoder
from pipeline.learn.model_document import TrainingDocument
from pipeline.learn.registry import Registry
from pipeline.learn.version import Version
from tests import onnx_file
from tests.desk import Desk
from tests.learned import KEY, toy_rows, write_csv

NOBODY = "tcp://127.0.0.1:9"


def cluster_of_two() -> LocalCluster:
    return LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with cluster_of_two() as made:
        yield made


@pytest.fixture
def crew(cluster: LocalCluster) -> Iterator[Crew]:
    with crew_at(cluster.scheduler_address) as found:
        yield found


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn_encoder, "_PORTION", 64)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return onnx_file.write(tmp_path_factory.mktemp("encoder"), pooled=False)


def kill_workers(cluster: LocalCluster, count: int) -> None:
    for nanny in list(cluster.workers.values())[:count]:
        os.kill(nanny.pid, signal.SIGKILL)


def train(
    folder: Path, encoder: Path, crew: Crew, progress: Callable[[str], None] = lambda _step: None
) -> tuple[Version, TrainingDocument]:
    registry = Registry(folder / "models", KEY, encoder=encoder)
    rows = write_csv(folder / "rows.csv", toy_rows(240))
    document = training.train_candidate(training.Request(files=[rows], crew=crew), registry, progress)
    return registry.version(document["version"]), document


def assert_same(one: tuple[Version, TrainingDocument], other: tuple[Version, TrainingDocument]) -> None:
    """But for names, times and what differs in the last place."""
    assert other[1]["heads"] == one[1]["heads"]
    assert other[0].manifest["data"] == one[0].manifest["data"]
    assert other[0].manifest["learning_curve"] == one[0].manifest["learning_curve"]
    ours, theirs = one[0].serve(), other[0].serve()
    assert theirs.features.vocabularies == ours.features.vocabularies
    assert np.allclose(theirs.heads.weights, ours.heads.weights, atol=1e-6)
    assert ours.encoded is not None
    assert theirs.encoded is not None
    assert np.allclose(theirs.encoded.weights, ours.encoded.weights, atol=1e-6)
    assert theirs.heads.temperatures == pytest.approx(ours.heads.temperatures)


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory, encoder: Path) -> tuple[Version, TrainingDocument]:
    return train(tmp_path_factory.mktemp("home"), encoder, HERE)


def test_a_cluster_comes_to_the_same_model(
    tmp_path: Path, encoder: Path, crew: Crew, at_home: tuple[Version, TrainingDocument]
) -> None:
    assert_same(at_home, train(tmp_path, encoder, crew))


@pytest.mark.parametrize(("step", "count"), [("encoding mail 65 ", 2), ("fold 1 of", 1), ("fold 3 of", 2)])
def test_workers_that_are_killed_change_nothing(
    tmp_path: Path,
    encoder: Path,
    cluster: LocalCluster,
    crew: Crew,
    at_home: tuple[Version, TrainingDocument],
    step: str,
    count: int,
) -> None:
    """One: the other does its work. Both: what they had is sent to those that come after them."""
    killed = []

    def progress(said: str) -> None:
        if said.startswith(step):
            kill_workers(cluster, count)
            killed.append(said)

    assert_same(at_home, train(tmp_path, encoder, crew, progress))
    assert len(killed) == 1


def who(_shared: str, _portion: int) -> int:
    return os.getpid()


def test_the_work_is_done_elsewhere_and_comes_back_in_order(crew: Crew) -> None:
    assert os.getpid() not in set(crew.each(who, "", range(8)))
    assert list(crew.each(pow, 2, range(20))) == [2**n for n in range(20)]  # type: ignore[arg-type]
    assert list(crew.each(pow, 2, [])) == []  # type: ignore[arg-type]


def refuse(_shared: str, portion: int) -> int:
    if portion:
        raise UsageError("not this one", where=f"portion {portion}", remedy="another")
    return portion


def test_what_a_piece_of_work_complains_of_comes_back_whole(crew: Crew) -> None:
    answers = crew.each(refuse, "", [0, 1])
    with pytest.raises(UsageError, match="not this one") as refused:
        list(answers)
    assert (refused.value.where, refused.value.remedy) == ("portion 1", "another")


def test_a_scheduler_that_goes_away_is_an_error_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn_crew, "_PATIENCE", 2)
    with cluster_of_two() as mine, crew_at(mine.scheduler_address) as found:
        answers = found.each(who, "", range(400))
        next(answers)
        mine.scheduler.loop.add_callback(mine.scheduler.close)
        with pytest.raises(UnreachableError, match="lost at work") as lost:
            list(answers)
    assert "start this again" in lost.value.remedy


def test_no_scheduler_no_workers_no_address_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn_crew, "_PATIENCE", 1)
    with pytest.raises(UnreachableError, match="no Dask scheduler answers"), crew_at(NOBODY):
        pass
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=":0") as empty,
        pytest.raises(UnreachableError, match="no workers"),
        crew_at(empty.scheduler_address),
    ):
        pass
    with pytest.raises(UsageError, match="no address"), crew_at("http://127.0.0.1:8786"):
        pass
    monkeypatch.setattr(learn_crew, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="'dask' is not installed"), crew_at(NOBODY):
        pass


@pytest.mark.parametrize("name", ["firstline", "scikit-learn"])
def test_workers_with_other_versions_are_refused(
    cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = learn_crew.installed
    monkeypatch.setattr(learn_crew, "installed", lambda asked: "9.9.9" if asked == name else real(asked))
    with (
        pytest.raises(UsageError, match=rf"has {name} [\d.]+, and here it is 9\.9\.9"),
        crew_at(cluster.scheduler_address),
    ):
        pass


def test_a_worker_with_another_encoder_is_an_error(tmp_path: Path, crew: Crew) -> None:
    changed = Encoder(onnx_file.write(tmp_path / "changed", pooled=False))
    onnx_file.write(tmp_path / "changed", pooled=False, seed=2)
    with pytest.raises(ConfigError, match="another encoder"):
        changed.vectors([("", "parcel")], crew=crew)
    gone = Encoder(onnx_file.write(tmp_path / "gone", pooled=False))
    (tmp_path / "gone" / "model.onnx").rename(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="can't read the encoder"):
        gone.vectors([("", "parcel")], crew=crew)


def test_nothing_that_is_sent_shows_a_mail_in_words() -> None:
    from pipeline.learn.curves import CurveLesson
    from pipeline.learn.encoder import Texts
    from pipeline.learn.out_of_fold import Lesson
    from pipeline.learn.vocabulary import Writers

    row = toy_rows(1)[0]
    lesson = Lesson([], [row.item], None, np.zeros(1, dtype=np.intp), Writers.of([row]))
    for sent in (lesson, CurveLesson("topic", 1.0, [row], [row]), Texts("", (row.text,))):
        assert re.search(r"^<.* object at 0x\w+>$", repr(sent))


def test_the_command_trains_there_and_says_where_nobody_is(cluster: LocalCluster, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", 1, 1, "x")
    rows = write_csv(tmp_path / "rows.csv", toy_rows(150))
    words = ("model", "train", "--data", str(rows), "--dask")
    assert desk.json(*words, cluster.scheduler_address)["promoted"]
    assert "no Dask scheduler answers" in desk.run(*words, NOBODY, expect=3).stderr
    assert "no address" in desk.run(*words, "nonsense", expect=2).stderr
