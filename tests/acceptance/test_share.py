"""Two machines on one database, as processes: a model that is trained on one, a letter that is edited on both."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.desk import COMMAND
from tests.learned import toy_rows, write_csv

LETTER = "templates/en/delivery.txt"


@dataclass
class Folder:
    """A machine's working folder."""

    folder: Path

    def run(self, *words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [COMMAND, *words], cwd=self.folder, capture_output=True, text=True, timeout=200, check=False
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    def json(self, *words: str, expect: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", expect=expect).stdout)

    def in_use(self) -> list[str]:
        lines = self.run("model", "list", "--json").stdout.splitlines()
        return [line["version"] for line in map(json.loads, lines) if line["in_use"]]

    def write(self, text: str) -> None:
        (self.folder / LETTER).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / LETTER).write_text(text, encoding="utf-8")


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Folder, Folder]:
    made = []
    for name in ("alice", "bob"):
        folder = tmp_path / name
        (folder / "var").mkdir(parents=True)
        (folder / "var/key").write_text("5a" * 32 + "\n")
        (folder / "var/key").chmod(0o600)
        (folder / "config.toml").write_text(f"[store]\nurl = 'sqlite:///{tmp_path}/shared.db'\nshare_files = true\n")
        made.append(Folder(folder))
    return made[0], made[1]


def test_a_model_that_is_trained_on_one_machine_is_used_on_the_other(machines: tuple[Folder, Folder]) -> None:
    alice, bob = machines
    (alice.folder / "training_data").mkdir()
    write_csv(alice.folder / "training_data/toy.csv", toy_rows(150))
    trained = alice.json("model", "train")
    assert [one["path"] for one in bob.json("share", "status")["left"]] == ["current"]
    bob.run("share", "pull")
    assert bob.in_use() == [trained["version"]]
    bob.run("model", "verify")
    write_csv(alice.folder / "training_data/toy.csv", toy_rows(180))
    forced = alice.json("model", "train", "--no-promote")["version"]
    assert forced != trained["version"]
    alice.run("model", "promote", forced, "--force")
    bob.run("share", "pull")
    assert bob.in_use() == [forced]
    bob.run("model", "rollback")
    alice.run("share", "pull")
    assert alice.in_use() == [trained["version"]]


def test_a_letter_that_is_edited_on_both_machines_is_a_conflict(machines: tuple[Folder, Folder]) -> None:
    alice, bob = machines
    alice.write("Subject: one\n\nText")
    assert "pushed" in alice.run("share", "push").stdout
    assert "taken up" in bob.run("share", "pull").stdout
    alice.write("Subject: Alice\n\nText")
    bob.write("Subject: Bob\n\nText")
    alice.run("share", "push")
    for command in ("status", "push", "pull"):
        shown = bob.run("share", command, expect=1).stdout
        assert "changed here and in the database by" in shown
    assert (bob.folder / LETTER).read_text() == "Subject: Bob\n\nText"
    bob.run("share", "pull", "--theirs")
    assert (bob.folder / LETTER).read_text() == "Subject: Alice\n\nText"
    assert "the same" in bob.run("share", "status").stdout


def test_a_model_that_can_not_be_shared_is_in_use_here_and_says_so(machines: tuple[Folder, Folder]) -> None:
    for one, seed in zip(machines, (1, 2), strict=True):
        (one.folder / "training_data").mkdir()
        write_csv(one.folder / "training_data/toy.csv", toy_rows(150, seed))
    alice, bob = machines
    alice.run("model", "train")
    done = bob.run("model", "train", "--json")
    assert "not shared: model/current: changed here and in the database" in done.stderr
    assert bob.in_use() == [json.loads(done.stdout)["version"]]
