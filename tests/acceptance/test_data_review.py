"""People label what the machine was unsure of, and correct tickets; both are learnt from."""

from __future__ import annotations

import csv
import os
import pty
import shutil
import sqlite3
import subprocess
import termios
from pathlib import Path

import pytest

from pipeline.cli import review as cli_review
from pipeline.errors import UsageError
from pipeline.learn import label_files
from pipeline.learn.dataset import Row
from tests.data_folder import CONFIG, DataFolder
from tests.desk import COMMAND, Desk, letter
from tests.learned import POOLS, toy_rows, write_csv
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture(scope="module")
def unsure(pymap: PymapServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk with three mails that the machine, which has no model, was unsure of."""
    user = pymap.fresh_user()
    with SmtpSink() as sink:
        made = Desk(tmp_path_factory.mktemp("unsure") / "desk", pymap.port, sink.port, user, more=CONFIG)
        for number, subject in enumerate(("Where is parcel 48213?", "A wrong invoice", "The invoice again"), start=1):
            pymap.deliver(letter(number, subject=subject), user=user)
        made.run("once")
    return made.folder


@pytest.fixture
def desk(unsure: Path, tmp_path: Path) -> DataFolder:
    """A copy of it for one test."""
    shutil.copytree(unsure, tmp_path / "desk")
    config = (tmp_path / "desk/config.toml").read_text(encoding="utf-8")
    return DataFolder(tmp_path / "desk", config)


def answer(desk: DataFolder, *lines: str) -> str:
    """Runs the review with these lines on its standard input."""
    return desk.say("data", "review", "--by", "alice", lines=lines)


def refused(desk: DataFolder, *words: str) -> str:
    with pytest.raises(UsageError) as error:
        desk.say(*words)
    return str(error.value)


def rows(desk: DataFolder, name: str = "reviewed") -> list[dict[str, str]]:
    path = desk.training_data / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labels(row: dict[str, str]) -> tuple[str, ...]:
    """Who labelled it is a keyed hash."""
    assert len(row["labelled_by"]) == 16
    return tuple(row[name] for name in ("topic", "sentiment", "complaint", "source"))


def on_list(desk: DataFolder) -> set[str]:
    return {mail["id"] for mail in desk.jsonl("data", "review")}


def test_a_label_is_stored_redacted_and_takes_the_mail_off_the_list(desk: DataFolder) -> None:
    before = desk.jsonl("data", "review")
    assert len(before) == 3
    assert {"id", "subject", "text", "topic", "from"} <= set(before[0])
    said = answer(desk, "1", "2", "n", "q")  # the first topic, neutral, no complaint
    assert "1 delivery  2 billing" in said
    assert "1 mail labelled" in said
    (row,) = rows(desk)
    assert labels(row) == ("delivery", "neutral", "false", "review")
    assert "48213" not in str(row)
    assert "@" not in str(row)
    assert row["sender"]
    assert len(on_list(desk)) == 2
    done = ({mail["id"] for mail in before} - on_list(desk)).pop()
    shown = desk.json("mail", "show", done)
    assert shown["review"] is False
    assert shown["decision"]["labelled"]["topic"] == "delivery"
    assert shown["decision"]["labelled"]["by"] == "alice"


def test_skip_leaves_it_undo_restores_it_and_the_end_of_the_pipe_is_the_end(desk: DataFolder) -> None:
    before = on_list(desk)
    said = answer(desk, "s", "billing", "negative", "y", "u", "u", "s", "s")
    assert "is taken back" in said
    assert "nothing to undo" in said
    assert "0 mails labelled" in said
    assert on_list(desk) == before
    assert rows(desk) == []
    assert (
        len(
            desk.jsonl(
                "mail",
                "list",
            )
        )
        == 3
    )


def test_a_complaint_without_a_ticket_says_what_to_do(desk: DataFolder) -> None:
    said = answer(desk, "2", "1", "y", "q")
    assert "this complaint has no ticket: answer person" in said
    assert "mail replay" in said


def test_what_is_no_answer_is_asked_again_and_a_head_may_stay_open(desk: DataFolder) -> None:
    said = answer(desk, "xyz", "bil", "-", "-", "q")
    assert "'xyz' is none of these" in said
    (row,) = rows(desk)
    assert labels(row)[:3] == ("billing", "", "")


def test_single_keys_choose_without_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    pressed = iter(["9", "", "u"])
    monkeypatch.setattr(cli_review, "answer", lambda single: next(pressed))
    keys = {"1": "a", "2": "b"}
    assert cli_review.ask("topic", keys, "b", ("a", "b")) == "b"  # 9 is nothing, Enter takes the guess
    assert cli_review.ask("topic", keys, None, ("a", "b")) is cli_review.Leave.UNDO
    assert not set(cli_review.TOPIC_KEYS) & {*cli_review.Leave}


def test_the_command_reads_a_pipe_to_its_end(unsure: Path, tmp_path: Path) -> None:
    shutil.copytree(unsure, tmp_path / "desk")
    done = subprocess.run(
        [COMMAND, "data", "review"], cwd=tmp_path / "desk", input="1\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "0 mails labelled" in done.stdout  # half an answer is none


def test_nothing_to_review_is_said(tmp_path: Path) -> None:
    empty = DataFolder(tmp_path)
    assert "nothing to review" in answer(empty)
    assert empty.jsonl("data", "review") == []


def test_a_new_topic_can_be_begun_and_one_head_alone_be_asked(desk: DataFolder) -> None:
    lines = ["+Gift cards", "gift", "+", "parking", "q"]
    said = desk.say("data", "review", "--only", "topic", "--by", "alice", lines=lines)
    assert "+ is a new topic" in said
    assert "Topics with too few labels: delivery (0), billing (0)." in said
    assert [labels(row)[:3] for row in rows(desk)] == [
        ("Gift cards", "", ""),
        ("Gift cards", "", ""),
        ("parking", "", ""),
    ]
    assert "no head 'mood'" in refused(desk, "data", "review", "--only", "mood")


def test_what_lay_there_and_was_named_with_its_group_is_not_asked_about_again(desk: DataFolder) -> None:
    with sqlite3.connect(desk.folder / "var/firstline.db") as connection:  # as if it had lain there at the first run
        connection.execute("update mail set only_recorded = 1, review = 0")
    first, *others = desk.jsonl("data", "review")
    assert len(others) == 2
    one = Row(text=first["text"], subject=first["subject"], topic="delivery", labelled_by="alice")
    desk.training_data.mkdir(exist_ok=True)
    write_csv(desk.training_data / "named.csv", [label_files.redact_row(one)])
    assert on_list(desk) == {mail["id"] for mail in others}


def test_after_a_training_the_list_is_judged_anew(desk: DataFolder) -> None:
    assert {mail["topic"] for mail in desk.jsonl("data", "review")} == {None}  # there is no model
    desk.training_data.mkdir(exist_ok=True)
    write_csv(desk.training_data / "toy.csv", toy_rows(300))
    desk.json("model", "train")
    after = desk.jsonl("data", "review")
    assert {mail["topic"] for mail in after} <= set(POOLS)
    assert all(mail["topic_confidence"] is not None for mail in after)


def test_a_correction_on_the_board_becomes_a_label(desk: DataFolder) -> None:
    ref = min(on_list(desk))
    with sqlite3.connect(desk.folder / "var/firstline.db") as connection:  # as if a model had opened it
        connection.execute(
            "insert into ticket"
            " (ref, thread, status, participants, opened, changed, topic, sentiment, complaint, to_check)"
            " select id, thread, 'open', '[]', received, received, 'billing', '', 1, 1 from mail where id = ?",
            (ref,),
        )
    shown = desk.json("ticket", "correct", ref, "--topic", "delivery", "--complaint", "no", "--as", "bob")
    assert (shown["topic"], shown["complaint"], shown["to_check"]) == ("delivery", False, False)
    event = shown["events"][-1]
    assert (event["kind"], event["actor"]) == ("corrected", "bob")
    assert "topic: billing → delivery" in event["detail"]
    (row,) = rows(desk, "tickets")
    assert labels(row) == ("delivery", "", "false", "ticket")
    assert ref not in on_list(desk)
    assert "nothing to correct" in refused(desk, "ticket", "correct", ref)
    assert "one of billing, delivery" in refused(desk, "ticket", "correct", ref, "--topic", "x")
    assert "no sentiment" in refused(desk, "ticket", "correct", ref, "--sentiment", "sad")


def test_on_a_terminal_single_keys_are_enough_and_the_terminal_is_put_back(desk: DataFolder) -> None:
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    words = [str(COMMAND), "--config", str(desk.folder / "config.toml"), "data", "review", "--by", "alice"]
    with subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for key, asked in (("1", "topic?"), ("2", "sentiment?"), ("n", "complaint?"), ("q", "topic?")):
            while asked not in process.stdout.readline():
                assert process.poll() is None
            os.write(ours, key.encode())  # and no Enter
        assert "1 mail labelled" in process.stdout.read()
    assert process.returncode == 0
    assert termios.tcgetattr(theirs) == before
    (row,) = rows(desk)
    assert labels(row) == ("delivery", "neutral", "false", "review")
    os.close(ours)
    os.close(theirs)


def test_the_ledger_says_who_wrote_a_row_whose_source_names_a_mail(desk: DataFolder) -> None:
    first, *_ = desk.jsonl("data", "review")
    lines = f"old,parcel {first['id'].lower()},Where does my parcel stay,delivery\nold,elsewhere,Another one,delivery\n"
    table = desk.file("old.csv", f"desk,source,text,topic\n{lines}")
    desk.say("data", "import", table)
    answer(desk, "1", "2", "n", "q")
    labelled, known = rows(desk)[0]["sender"], {row["text"]: row["sender"] for row in rows(desk, "old")}
    assert labelled
    assert known == {"Where does my parcel stay": labelled, "Another one": ""}
