"""A person confirms what the machine is sure of: at a terminal, on a pipe, and by a program."""

from __future__ import annotations

import csv
import json
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.cli.documents.confirming import AnsweredDocument, DrawnMailDocument
from pipeline.config.load import load
from pipeline.errors import UsageError
from pipeline.wiring.keys import key_of
from pipeline.wiring.live_doors import build
from tests.acceptance.test_documents import _wrong
from tests.data_folder import DataFolder
from tests.desk import COMMAND
from tests.doubtful import arrive, doubtful_model, lay_key
from tests.learned import toy_registry

CONFIG = "[classify]\nmax_error = { topic = 0.05 }\n[topics.parcel]\nowner = 'anna@example.com'\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model that is never sure, and 1,200 mails that have just come."""
    folder = tmp_path_factory.mktemp("confirm") / "desk"
    folder.mkdir()
    DataFolder(folder, CONFIG)
    lay_key(folder)
    doors = build(load(folder / "config.toml"))
    toy_registry(folder / "models", key=key_of(doors.config), fitted=doubtful_model())
    arrive(doors, 1_200, seed=11)
    doors.close()
    return folder


@pytest.fixture
def desk(shop: Path, tmp_path: Path) -> DataFolder:
    """A copy of it for one test."""
    shutil.copytree(shop, tmp_path / "desk")
    return DataFolder(tmp_path / "desk", CONFIG)


def confirm(desk: DataFolder, *words: str, lines: list[str]) -> str:
    return desk.say("data", "confirm", "--by", "alice", *words, lines=lines)


def labels(desk: DataFolder, name: str = "confirmed") -> list[str]:
    path = desk.training_data / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row["topic"] for row in csv.DictReader(file)]


def test_enter_says_right_and_each_answer_tells_how_far_it_is(desk: DataFolder) -> None:
    said = confirm(desk, lines=["", "", "q"])
    assert "never sure: the training certified nothing" in said
    assert "The machine says: " in said
    assert "1 parcel  2 " in said
    assert "2 right of 2 from 0." in said
    assert "about 82 more right ones until 5 % holds" in said
    assert "2 mails answered" in said
    assert len(labels(desk)) == 2


def test_who_goes_on_goes_on_where_they_stopped(desk: DataFolder) -> None:
    confirm(desk, lines=["", "", "q"])
    assert "3 right of 3" in confirm(desk, lines=["", "q"])


def test_later_undo_and_none_of_these(desk: DataFolder) -> None:
    first = desk.jsonl("data", "confirm", "--limit", "1")[0]["id"]
    said = confirm(desk, lines=["s", "-", "u", "u", "xyz", "q"])
    assert "0 right of 1" in said
    assert "is taken back" in said
    assert "nothing to undo" in said
    assert "'xyz' is none of these" in said
    assert "0 mails answered" in said
    assert labels(desk) == []
    assert desk.jsonl("data", "confirm", "--limit", "1")[0]["id"] == first


def test_one_sitting_makes_it_sure_and_every_command_goes_by_it(desk: DataFolder) -> None:
    sample = desk.jsonl("data", "confirm", "--limit", "1")
    assert [*_wrong(DrawnMailDocument, sample[0], "data confirm")] == []
    text = desk.file("one.txt", f"{sample[0]['text']}\n")
    (before,) = desk.jsonl("classify", "--text", text)
    assert not before["topic_sure"]
    assert "`firstline data confirm --head topic` shows it" in desk.say("status", code=1)
    said = confirm(desk, lines=[""] * 84)
    assert "84 mails answered; sure from 0." in said
    assert "5 % holds, people have shown (84 right of 84)" in said
    assert "To be sure of more mail, you may ask about a looser threshold" in said
    (after,) = desk.jsonl("classify", "--text", text)
    assert after["topic_sure"]
    assert (after["topic"], after["topic_confidence"]) == (before["topic"], before["topic_confidence"])
    status = json.loads(desk.say("status", "--json", code=1))
    assert status["certificates"]["topic"]["basis"] == "answers"
    assert "5 % holds" in desk.say("status", code=1)


def test_a_program_reads_the_sample_and_answers(desk: DataFolder) -> None:
    first, second, third, *_ = desk.jsonl("data", "confirm")
    document = desk.json("data", "confirm", first["id"], "right")
    assert [*_wrong(AnsweredDocument, document, "data confirm")] == []
    assert (document["said"], document["truth"], document["counts"]) == (first["says"], first["says"], True)
    other = next(name for name in ("parcel", "login") if name != second["says"])
    assert desk.json("data", "confirm", second["id"], other)["truth"] == other
    last = desk.json("data", "confirm", third["id"], "-")
    assert last["truth"] == ""
    assert (last["certificate"]["asked"]["right"], last["certificate"]["asked"]["wrong"]) == (1, 2)
    assert labels(desk) == [first["says"]]
    assert labels(desk, "corrected") == [other]
    far = desk.jsonl("data", "confirm", "--limit", "60")[-1]
    assert desk.json("data", "confirm", far["id"], "right")["counts"] is False
    assert "does not count" in desk.say(
        "data", "confirm", desk.jsonl("data", "confirm", "--limit", "60")[-1]["id"], "right"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--head", "mood"], "no head 'mood'"),
        (["--from", "80"], "a confidence"),
        (["parcel-x"], "what is it"),
        (["--head", "sentiment", "--from", "0.4", "{id}", "sad"], "no sentiment 'sad'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(desk: DataFolder, words: list[str], told: str) -> None:
    first = desk.jsonl("data", "confirm", "--limit", "1")[0]["id"]
    with pytest.raises(UsageError, match=told) as error:
        desk.say("data", "confirm", *(word.format(id=first) for word in words))
    assert error.value.remedy


def test_the_other_heads_are_asked_about_in_the_same_way(desk: DataFolder) -> None:
    assert "1 right of 1" in confirm(desk, "--head", "complaint", "--from", "0.5", lines=["", "q"])
    said = confirm(desk, "--head", "sentiment", "--from", "0.3", lines=["2", "q"])
    assert "1 negative  2 neutral  3 positive" in said


def test_single_keys_are_enough_at_a_terminal(desk: DataFolder) -> None:
    ours, theirs = pty.openpty()
    words = [str(COMMAND), "--config", str(desk.folder / "config.toml"), "data", "confirm", "--by", "alice"]
    with subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for key in ("\n", "-", "q"):
            while "topic?" not in process.stdout.readline():
                assert process.poll() is None
            os.write(ours, key.encode())
        assert "1 right of 2" in process.stdout.read()
    assert process.returncode == 0
    os.close(ours)
    os.close(theirs)
