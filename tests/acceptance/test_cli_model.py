"""`firstline model …` as a user types it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import FirstlineError, NotFoundError, UsageError
from tests.learned import toy_rows, write_csv


class LiveDoors:
    """A working folder with its own training data, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config.toml").write_text("")
        (folder / "training_data").mkdir()
        write_csv(folder / "training_data" / "toy.csv", toy_rows(150))

    def run(self, *words: str, code: int = 0) -> Any:
        """What `--json` printed, a list where it is one document a line."""
        lines = self.say(*words, "--json", code=code).splitlines()
        documents = [json.loads(line) for line in lines]
        return documents if words[0] in ("list", "verify") else documents[0]

    def say(self, *words: str, code: int = 0) -> str:
        command = ["--config", str(self.folder / "config.toml"), "model", *words]
        result = CliRunner().invoke(app, command)
        if isinstance(result.exception, FirstlineError):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.stdout


@pytest.fixture
def doors(tmp_path: Path) -> LiveDoors:
    return LiveDoors(tmp_path)


def test_a_model_is_trained_shown_listed_and_verified(doors: LiveDoors) -> None:
    trained = doors.run("train")
    assert trained["promoted"] is True
    assert trained["rows"] + trained["test_rows"] == 150
    assert trained["seconds"] > 0
    topic = trained["heads"]["topic"]
    assert topic["classes"] == 3
    for name in ("accuracy", "macro_f1", "ece", "threshold", "coverage", "error_when_sure", "per_class"):
        assert name in topic
    shown = doors.run("show")
    assert shown["version"] == trained["version"]
    assert shown["in_use"] is True
    assert shown["decisions"][0]["action"] == "promote"
    (line,) = doors.run("list")
    assert {name: line[name] for name in ("version", "in_use", "rows", "profile")} == {
        "version": trained["version"],
        "in_use": True,
        "rows": trained["rows"],
        "profile": "lean",
    }
    assert doors.run("verify") == [{"version": trained["version"], "ok": True, "problem": ""}]


def test_what_people_read_is_there_without_json(doors: LiveDoors) -> None:
    assert "is in use: first version" in doors.say("train")
    assert "Not measured:" in doors.say("show")
    assert "lean" in doors.say("list")
    assert "ok" in doors.say("verify")
    data = str(write_csv(doors.folder / "more.csv", toy_rows(60, seed=3)))
    assert "on 60 mails" in doors.say("evaluate", "--data", data)


def test_the_check_file_of_the_folder_is_certified_on_and_left_out_where_other_data_is_named(doors: LiveDoors) -> None:
    starter = [replace(row, source="starter") for row in toy_rows(150)]
    data = write_csv(doors.folder / "training_data" / "toy.csv", starter)
    check = [replace(row, text=f"{row.text} {2 * row.text[::-1]}") for row in toy_rows(190, seed=5)]
    write_csv(doors.folder / "training_data" / "check.csv", check)
    doors.run("train")
    assert doors.run("show")["languages"] == ["en"]
    said = doors.say("show")
    assert "Languages learned: en" in said
    assert re.search(r"Certified: topic on 1\d\d mails of the check file \(sure of ", said)
    doors.run("train", "--data", str(data))
    assert "of the check file" not in doors.say("show")


def test_other_data_columns_and_folders_can_be_named(doors: LiveDoors) -> None:
    table = doors.folder / "public.csv"
    rows = toy_rows(200)
    table.write_text("utterance,intent\n" + "".join(f"{row.text},{row.topic}\n" for row in rows[:120]))
    test = doors.folder / "official.csv"
    test.write_text("utterance,intent\n" + "".join(f"{row.text},{row.topic}\n" for row in rows[120:]))
    columns = ("--text-column", "utterance", "--topic-column", "intent")
    models = str(doors.folder / "elsewhere")
    trained = doors.run("train", "--data", str(table), "--test", str(test), "--models", models, *columns)
    assert (trained["rows"], trained["test_rows"], set(trained["heads"])) == (120, 80, {"topic"})
    assert doors.run("list") == []
    evaluated = doors.run("evaluate", "--data", str(test), "--models", models, *columns)
    assert evaluated["heads"]["topic"]["accuracy"] == pytest.approx(trained["heads"]["topic"]["accuracy"])
    with pytest.raises(UsageError, match="no column 'mood'"):
        doors.run("train", "--data", str(table), "--sentiment-column", "mood", *columns)


def test_several_files_follow_one_data_option(doors: LiveDoors) -> None:
    rows = toy_rows(150)
    one, other = write_csv(doors.folder / "1.csv", rows[:70]), write_csv(doors.folder / "2.csv", rows[70:])
    assert doors.run("train", "--data", str(one), str(other))["rows"] > 100
    with pytest.raises(UsageError, match="not expected"):
        doors.run("train", str(one))


def test_a_candidate_that_loses_is_exit_code_1(doors: LiveDoors) -> None:
    first = doors.run("train")
    topics = [row.topic for row in toy_rows(150)]
    turned = [replace(row, topic=topics[(number + number // 3) % 3]) for number, row in enumerate(toy_rows(150))]
    write_csv(doors.folder / "training_data" / "toy.csv", turned)
    lost = doors.run("train", code=1)
    assert lost["promoted"] is False
    assert doors.run("show")["version"] == first["version"]
    refused = doors.run("promote", lost["version"], code=1)
    assert "--force" in refused["reason"]
    assert doors.run("promote", lost["version"], "--force")["promoted"] is True
    assert doors.run("rollback") == {"from": lost["version"], "version": first["version"]}


def test_a_candidate_can_be_held_back(doors: LiveDoors) -> None:
    held = doors.run("train", "--no-promote")
    assert held["promoted"] is False
    assert "gate lets it through" in held["reason"]
    with pytest.raises(UsageError, match="no model in use"):
        doors.run("show")
    with pytest.raises(NotFoundError, match="no model in use"):
        doors.run("evaluate", "--data", str(doors.folder / "training_data" / "toy.csv"))
    assert doors.run("promote", held["version"])["promoted"] is True


def test_a_damaged_version_is_exit_code_4(doors: LiveDoors) -> None:
    version = doors.run("train")["version"]
    (doors.folder / "models" / version / "model.joblib").write_bytes(b"broken")
    (checked,) = doors.run("verify", code=4)
    assert (checked["ok"], checked["version"]) == (False, version)
    assert "firstline model train" in checked["problem"]
    (line,) = doors.run("list")
    assert line["version"] == version


def test_a_damaged_version_in_use_does_not_keep_a_new_one_out(doors: LiveDoors) -> None:
    version = doors.run("train")["version"]
    (doors.folder / "models" / version / "manifest.sig").write_text("0")
    assert doors.run("train")["promoted"] is True
    assert doors.run("list")[-1]["problem"] != ""


def test_the_shipped_and_the_wished_error_reach_the_thresholds(doors: LiveDoors) -> None:
    (doors.folder / "config.toml").write_text("[classify]\nmax_error = { topic = 0.3 }\n")
    doors.run("train")
    assert doors.run("show")["heads"]["topic"]["max_error"] == 0.3
    assert doors.run("show")["heads"]["sentiment"]["max_error"] == 0.05
