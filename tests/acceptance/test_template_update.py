"""`template update`: what a new version ships for the letters, beside what a working folder has made of them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import template_update
from pipeline.config.shipped import find_shipped
from pipeline.desk.new_folder import interview, make
from pipeline.desk.own_topics import OwnTopic
from pipeline.desk.texts.shipped import RECORD, letters_in
from tests.desk import in_process

EDITED, UNTOUCHED = "en/delivery.txt", "en/return.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As `init` of the version before makes it, without its half minute of training."""
    made = tmp_path / "desk"
    make(made, interview({}, None), {}, {"env": "SUPPORT_PASSWORD"})
    return made


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """From now on the program carries these letters otherwise."""
    package = tmp_path / "package"
    shutil.copytree(find_shipped() / "templates", package / "templates")
    monkeypatch.setattr("pipeline.desk.texts.shipped.find_shipped", lambda: package)

    def change(**texts: str) -> None:
        for name, text in texts.items():
            (package / "templates/en" / f"{name}.txt").write_text(text, encoding="utf-8")

    return change


def update(folder: Path, *words: str, expect: int = 0) -> dict[str, Any]:
    done = in_process(("template", "update", *words, "--json"), folder, {**os.environ, "NO_COLOR": "1"})
    assert done.returncode == expect, done.stdout + done.stderr
    document = json.loads(done.stdout)
    document["letters"] = {one["file"]: one for one in document["letters"]}
    return document


def shipped(file: str) -> str:
    return (find_shipped() / "templates" / file).read_text(encoding="utf-8")


def text(folder: Path, file: str) -> str:
    return (folder / "templates" / file).read_text(encoding="utf-8")


def edit(folder: Path, file: str) -> str:
    edited = text(folder, file) + "We are at your service until six.\n"
    (folder / "templates" / file).write_text(edited, encoding="utf-8")
    return edited


def everything(folder: Path) -> dict[str, str]:
    return letters_in(folder / "templates")


def test_a_fresh_folder_has_nothing_to_take_over_even_when_it_is_edited(folder: Path) -> None:
    edit(folder, EDITED)
    assert update(folder)["letters"] == {}


def test_what_nobody_has_edited_is_offered_and_taken_over_only_when_asked_to(folder: Path, ship: Any) -> None:
    changed = shipped(UNTOUCHED) + "Thank you.\n"
    ship(**{"return": changed})
    before = everything(folder)
    offered = update(folder)["letters"]
    assert {file: one["change"] for file, one in offered.items()} == {UNTOUCHED: "changed"}
    assert "+Thank you." in offered[UNTOUCHED]["theirs"]
    assert everything(folder) == before
    assert update(folder, "--yes")["letters"][UNTOUCHED]["taken"]
    assert text(folder, UNTOUCHED) == changed
    assert update(folder)["letters"] == {}


def test_an_edit_is_never_overwritten_and_both_differences_are_shown(folder: Path, ship: Any) -> None:
    edited = edit(folder, EDITED)
    ship(delivery="Subject: News of your parcel\n" + shipped(EDITED).partition("\n")[2])
    for words in ((), ("--yes",), ("--yes",)):
        one = update(folder, *words)["letters"][EDITED]
        assert (one["change"], one["taken"]) == ("both", False)
        assert "+Subject: News of your parcel" in one["theirs"]
        assert "+We are at your service until six." in one["yours"]
        assert "+Subject: News of your parcel" not in one["yours"]
        assert text(folder, EDITED) == edited


def test_what_somebody_edits_while_it_is_taken_over_stays(
    folder: Path, ship: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(**{"return": f"{shipped(UNTOUCHED)}\nOne more line.\n"})
    edited = ""

    def meanwhile(context: Any, offered: Any) -> Any:
        nonlocal edited
        edited = edit(folder, UNTOUCHED)
        return take(context, offered)

    take = template_update._take
    monkeypatch.setattr(template_update, "_take", meanwhile)
    assert not update(folder, "--yes", expect=1)["letters"][UNTOUCHED]["taken"]
    assert text(folder, UNTOUCHED) == edited


def test_what_a_person_has_decided_is_not_shown_again_until_it_changes_anew(folder: Path, ship: Any) -> None:
    edit(folder, EDITED)
    ship(delivery=shipped(EDITED) + "One.\n")
    assert update(folder, "--keep", EDITED)["letters"] == {}
    assert update(folder)["letters"] == {}
    ship(delivery=shipped(EDITED) + "Two.\n")
    one = update(folder)["letters"][EDITED]
    assert ("-One." in one["theirs"], "+Two." in one["theirs"]) == (True, True)


def test_only_an_open_difference_can_be_settled(folder: Path) -> None:
    done = in_process(("template", "update", "--keep", EDITED), folder, dict(os.environ))
    assert done.returncode == 2
    assert "there is no difference" in done.stderr


def test_a_new_letter_is_offered_but_one_that_was_removed_does_not_come_back(folder: Path, ship: Any) -> None:
    (folder / "templates" / UNTOUCHED).unlink()
    ship(**{"return": shipped(UNTOUCHED) + "Thank you.\n", "brand-new": shipped(EDITED)})
    assert {file: one["change"] for file, one in update(folder, "--yes")["letters"].items()} == {
        "en/brand-new.txt": "new"
    }
    assert text(folder, "en/brand-new.txt").strip() == shipped(EDITED).strip()
    assert not (folder / "templates" / UNTOUCHED).exists()


def test_letters_of_topics_that_a_folder_never_had_are_not_offered(tmp_path: Path, ship: Any) -> None:
    made = tmp_path / "own"
    make(made, interview({}, None), {}, {"env": "SUPPORT_PASSWORD"}, [OwnTopic(name="boats", told={})])
    assert not (made / "templates" / UNTOUCHED).exists()
    ship(**{"return": shipped(UNTOUCHED) + "Thank you.\n"})
    assert update(made)["letters"] == {}


def test_what_does_not_pass_the_check_is_left_as_it_was_and_said(folder: Path, ship: Any) -> None:
    before = text(folder, UNTOUCHED)
    ship(**{"return": shipped(UNTOUCHED) + "{{ no_such_thing }}\n", "praise": shipped("en/praise.txt") + "Thanks.\n"})
    found = update(folder, "--yes", expect=1)["letters"]
    assert (found[UNTOUCHED]["taken"], found["en/praise.txt"]["taken"]) == (False, True)
    assert "no_such_thing" in found[UNTOUCHED]["findings"][0]["message"]
    assert text(folder, UNTOUCHED) == before
    assert update(folder)["letters"][UNTOUCHED]["change"] == "changed"  # offered again


def test_a_letter_that_needs_another_new_one_comes_with_it(folder: Path, ship: Any) -> None:
    using = shipped(UNTOUCHED) + '{% include "zz-part.txt" %}\n'
    ship(**{"return": using, "zz-part": "Subject: x\n\nThank you.\n"})
    found = update(folder, "--yes", expect=0)["letters"]
    assert found[UNTOUCHED]["taken"]


class TestFolderOfVersion01:
    """It keeps nothing of what it was made from. A stand-in: tests/campaigns/strangers.sh makes a real one."""

    @pytest.fixture(autouse=True)
    def _forget(self, folder: Path) -> None:
        (folder / "var" / RECORD).unlink()

    def test_a_text_that_was_once_shipped_is_taken_over_and_an_edit_stays(self, folder: Path, ship: Any) -> None:
        edited = edit(folder, EDITED)
        ship(delivery=shipped(EDITED) + "One.\n", **{"return": shipped(UNTOUCHED) + "Two.\n"})
        document = update(folder, "--yes")
        assert document["then"] is None
        found = document["letters"]
        assert {file: (one["change"], one["taken"]) for file, one in found.items()} == {
            EDITED: ("both", False), UNTOUCHED: ("changed", True),
        }  # fmt: skip
        assert text(folder, EDITED) == edited
        assert found[EDITED]["yours"] == []  # nobody knows any more what was shipped
        assert "-We are at your service until six." in found[EDITED]["theirs"]

    def test_afterwards_it_knows(self, folder: Path, ship: Any) -> None:
        edit(folder, EDITED)
        ship(**{"return": shipped(UNTOUCHED) + "Two.\n"})
        update(folder, "--yes")
        update(folder, "--keep", EDITED)
        document = update(folder)
        assert document["then"]
        assert document["letters"] == {}

    def test_a_damaged_record_is_told_and_left(self, folder: Path) -> None:
        (folder / "var" / RECORD).write_text('{"version": 1', encoding="utf-8")
        done = in_process(("template", "update"), folder, dict(os.environ))
        assert done.returncode == 4
        assert "remove it" in done.stderr


def test_people_read_what_to_do(folder: Path, ship: Any) -> None:
    edit(folder, EDITED)
    ship(delivery=shipped(EDITED) + "One.\n", **{"return": shipped(UNTOUCHED) + "Two.\n"})
    told = in_process(("template", "update"), folder, dict(os.environ)).stdout
    assert "1 letter can be taken over: firstline template update --yes" in told
    assert f"firstline template update --keep {EDITED}" in told


def test_each_letter_that_is_shipped_is_known_to_later_versions() -> None:
    """After a change of a letter, in a checkout: python -m deploy.known_letters"""
    from pipeline.desk.texts.shipped import known_marks, mark, shipped_now

    assert [file for file, text in shipped_now().letters.items() if mark(text) not in known_marks()] == []
