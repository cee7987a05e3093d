"""A second brand in a mailbox of its own: its sender, words, letters, topics and hours, from the first letter to the
report of what is due; and the commands that look at its letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.engine.jobs import follow
from pipeline.records.effect import EffectKind, EffectState
from pipeline.replies.letters import KEPT
from pipeline.store.database import Database
from pipeline.wiring.checks import Tried, checks
from pipeline.wiring.live_doors import build
from tests.acceptance.test_promises import HOUR, Desk, Post, text_of
from tests.desk import ROOT, checked_templates, letter
from tests.desk import Desk as Folder
from tests.doors.test_given import settings
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels

BASE = (ROOT / "templates/en/base.txt").read_text(encoding="utf-8")
OURS = "The shop with the blue door."


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of the shop's own letters: one base, which the letters of all then use."""
    folder = tmp_path / "shop"
    (folder / "en").mkdir(parents=True)
    (folder / "en/base.txt").write_text(f"{BASE}{OURS}\n", encoding="utf-8")
    return folder


@pytest.fixture
def desk(database: Database, tmp_path: Path, own: Path) -> Iterator[Desk]:
    document = settings({"url": database.url})
    document["mailbox"]["shop"] = {
        **document["mailbox"]["support"],
        "addresses": ["shop@shop.example"],
        "from": "Shop <shop@shop.example>",
        "company": "Shop",
        "signature": {"en": "Your shop", "de": "Ihr Laden"},
        "templates": str(own),
        "topics": {"delivery": {"owner": "logistics@shop.example", "respond_within": "2h"}},
        "calendar": {"timezone": "Europe/Madrid"},
    }
    (tmp_path / "var").mkdir(exist_ok=True)
    (tmp_path / KEPT).write_bytes(checked_templates())
    made = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    yield Desk(made, Post())
    made.close()


def answers(desk: Desk, complaint: bool = False) -> list[EmailMessage]:
    """The letters to a mail to us and to one to the shop."""
    route = desk.doors.route(Fixed(labels(complaint=complaint)))
    take(route, letter(1, "Eve <eve@example.org>"))
    take(route, letter(2, "Adam <adam@example.org>", to="shop@shop.example"), first=2, mailbox="shop")
    found = {str(mail["To"]): mail for mail in desk.go_on()}
    return [found["eve@example.org"], found["adam@example.org"]]


def test_the_letter_is_in_the_name_of_the_mailbox(desk: Desk) -> None:
    ours, shops = answers(desk)
    assert (ours["From"], shops["From"]) == (
        "Example Support <support@example.com>",
        "Shop <shop@shop.example>",
    )
    assert OURS not in text_of(ours)
    assert OURS in text_of(shops)
    assert "Your shop" in text_of(shops)
    assert "18:00" not in text_of(ours)  # four hours of ours, until 17:00 in Helsinki: tomorrow
    assert "15:00" in text_of(shops)  # two hours of theirs, from 13:00 in Madrid
    assert str(ours["Message-ID"]).endswith("@firstline.example.com>")
    assert str(shops["Message-ID"]).endswith("@firstline.example.com>")  # by which we know our own


def test_the_ticket_goes_to_its_owner_and_is_followed_up_in_its_hours_and_words(desk: Desk) -> None:
    answers(desk, complaint=True)
    owners = {ticket.customer: ticket.owner for ticket in desk.doors.board.list()}
    assert owners == {"eve@example.org": "logistics@example.com", "adam@example.org": "logistics@shop.example"}
    told = desk.go_on(timedelta(hours=1, minutes=55))
    late = [mail for mail in told if mail["To"] == "adam@example.org"]
    assert [mail["From"] for mail in late] == ["Shop <shop@shop.example>"]
    assert OURS in text_of(late[0])
    assert not [mail for mail in told if mail["To"] == "eve@example.org"]


def test_what_was_sent_is_recorded_as_the_letter_of_the_mailbox(desk: Desk) -> None:
    answers(desk)
    desk.doors.versions.take_up(desk.doors.letters.versions, NOON)
    sent = {one.name: one.sent for one in desk.doors.versions.history() if one.sent}
    assert sent == {"delivery": 1, "shop/delivery": 1}
    in_use = {one.version for one in desk.doors.versions.history("delivery", "en") if one.in_use}
    in_use |= {one.version for one in desk.doors.versions.history("shop/delivery", "en") if one.in_use}
    assert len(in_use) == 2
    assert desk.doors.versions.take_up(desk.doors.letters.versions, NOON + HOUR) == 0


def test_a_letter_that_waits_is_written_as_the_mailbox_says_when_it_goes(desk: Desk) -> None:
    take(desk.doors.route(Fixed(labels())), letter(2, to="shop@shop.example"), first=2, mailbox="shop")
    follow.follow(desk.doors)
    (waiting,) = desk.doors.effects.due(EffectKind.ACKNOWLEDGE, NOON, 9)
    assert (waiting.state, waiting.letter.mailbox) == (EffectState.INTENDED, "shop")


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, own: Path) -> Folder:
    more = (
        "[topics.delivery]\n[mailbox.shop]\nhost = '127.0.0.1'\nport = 1\nsecurity = 'none'\nusername = 'shop'\n"
        f"password = {{ env = 'DESK_PASSWORD' }}\ntemplates = '{own}'\n"
        "[mailbox.shop.topics.delivery]\ntemplate = 'parcel'\n"
    )
    return Folder(tmp_path / "desk", 1, 1, "u", more=more)


def findings(folder: Folder, *words: str, expect: int = 0) -> list[tuple[str, str]]:
    return [(one["file"], one["code"]) for one in folder.json("template", "lint", *words, expect=expect)["findings"]]


def test_lint_looks_at_its_letters_too(folder: Folder, own: Path) -> None:
    found = findings(folder)
    assert ("shop: en/parcel.txt", "missing-letter") in found  # the topic of this mailbox asks for it
    assert ("shop: en/base.txt", "unused") not in found
    (own / "en/parcel.txt").write_text("Subject: x\n\n{{ nonsense }}\n", encoding="utf-8")
    assert ("shop: en/parcel.txt", "unknown-variable") in findings(folder, expect=1)
    assert findings(folder, str(own / "en/parcel.txt"), expect=1) == [("shop: en/parcel.txt", "unknown-variable")]
    assert findings(folder, "en/delivery.txt") == []
    matrix = folder.json("template", "lint", "--matrix", expect=1)["matrix"]
    wanted = {(one["mailbox"], one["wanted"]) for one in matrix if one["topic"] == "delivery"}
    assert {("", "en/delivery"), ("shop", "en/parcel")} <= wanted


def test_list_and_preview_show_its_letters(folder: Folder, own: Path) -> None:
    names = [one["name"] for one in folder.jsonl("template", "list")]
    assert "shop/delivery" in names
    assert names.index("shop/delivery") > names.index("technical")
    shown = folder.jsonl("template", "preview", "shop/delivery", "--language", "en")
    assert all(OURS in one["text"] for one in shown)
    assert all(OURS not in one["text"] for one in folder.jsonl("template", "preview", "delivery", "--language", "en"))
    assert "no [mailbox.nobody]" in folder.run("template", "preview", "nobody/delivery", expect=2).stderr


def test_a_version_of_its_own_is_put_back_into_its_own_folder(folder: Folder, own: Path) -> None:
    write = own / "en/delivery.txt"
    write.write_text('Subject: One\n\n{% extends "base.txt" %}{% block body %}One.{% endblock %}\n', encoding="utf-8")
    config = check(_table(folder), folder.folder / "config.toml")
    doors = build(config, FakeClock(NOON))
    doors.versions.take_up(doors.letters.versions, NOON)
    (first,) = [one for one in doors.versions.history("shop/delivery", "en") if one.in_use]
    doors.close()
    write.write_text(write.read_text(encoding="utf-8").replace("One", "Two"), encoding="utf-8")
    lines = folder.jsonl("template", "diff", "shop/delivery", "--language", "en")[0]["lines"]
    assert "+Subject: Two" in lines
    done = folder.json("template", "restore", "shop/delivery", first.version, "--force")
    assert done["written"] == ["en/delivery.txt"]
    assert "Subject: One" in write.read_text(encoding="utf-8")


def _table(folder: Folder) -> dict[str, Any]:
    import tomllib

    return tomllib.loads((folder.folder / "config.toml").read_text(encoding="utf-8"))


def doctor_says(folder: Folder, **said: object) -> dict[str, Tried]:
    """Of the checks before those that need servers."""
    document = _table(folder)
    document["mailbox"]["shop"] |= said
    doors = build(check(document, folder.folder / "config.toml"), FakeClock(NOON))
    tried: dict[str, Tried] = {}
    for one in checks(doors):
        tried[one["check"]] = one
        if one["check"] == "templates":
            break
    doors.close()
    return tried


def test_doctor_sees_its_letters_and_its_words(folder: Folder, own: Path) -> None:
    (own / "en/delivery.txt").write_text("Subject: x\n\n{{ nonsense }}\n", encoding="utf-8")
    tried = doctor_says(folder, signature={"en": "Your Example support team"})
    assert not tried["templates"]["ok"]
    assert tried["templates"]["detail"].startswith("shop: en/delivery.txt: ")
    assert not tried["own words"]["ok"]
    assert "mailbox.shop" in tried["own words"]["detail"]


def test_doctor_misses_a_folder_that_is_not_there(folder: Folder) -> None:
    tried = doctor_says(folder, templates="nowhere")
    assert tried["templates"]["detail"].endswith("nowhere: there is no such folder")


def test_doctor_counts_what_is_its_own(folder: Folder) -> None:
    tried = doctor_says(folder)
    assert "of [mailbox.shop] itself" in tried["templates"]["detail"]
