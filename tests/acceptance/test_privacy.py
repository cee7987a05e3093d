"""A customer asks what there is of them, and that it goes: by the installed command, on a real mailbox."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from imapclient import IMAPClient

from pipeline.cli.documents.register_page import with_register
from pipeline.desk.privacy.places import place_of
from tests.desk import PASSWORD, ROOT, Desk
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

EVE, ADA = "eve.marker@example.org", "ada@example.com"
MARKERS = ("eve.marker", "Quetzalmann", "Zwetschgenweg", "Xanthippe")


def written(sender: str, name: str, text: str, number: int) -> bytes:
    return (
        f"From: {name} <{sender}>\r\nTo: support@example.com\r\nSubject: Order {number} {name}\r\n"
        f"Message-ID: <{number}@example.net>\r\nDate: Mon, 30 Nov 2026 10:0{number}:00 +0000\r\n\r\n{text}\r\n"
    ).encode()


def mails() -> list[bytes]:
    return [
        written(EVE, "Eve Quetzalmann", "My parcel never arrived at Zwetschgenweg 7. I am furious, Xanthippe!", 1),
        written("Eve.Marker+shop@example.org", "Eve Quetzalmann", "Where is my refund? Zwetschgenweg 7.", 2),
        written(ADA, "Ada Byron", f"Please send it to my friend Eve Quetzalmann ({EVE}) instead.", 3),
        written("bob@example.com", "Bob Stone", "My lamp arrived broken, this is a disgrace.", 4),
    ]


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    made = Desk(
        tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), mailbox={"first_run": "acknowledge"}
    )
    for one in mails():
        dovecot.deliver(one, made.username)
    made.run("once")
    return made


def bytes_of(desk: Desk) -> dict[str, list[str]]:
    """Marker → files of the installation in which it stands, whatever kind they are."""
    files = [path for path in desk.folder.rglob("*") if path.is_file() and "backups" not in path.parts]
    found = {
        marker: [path.name for path in files if marker.lower().encode() in path.read_bytes().lower()]
        for marker in MARKERS
    }
    return {marker: names for marker, names in found.items() if names}


def figures(desk: Desk) -> object:
    told = desk.json("metrics")
    return {name: value for name, value in told.items() if name != "period"}


def test_an_export_holds_everything_that_is_theirs_and_nothing_of_others(desk: Desk, tmp_path: Path) -> None:
    told = desk.json("privacy", "export", EVE.upper(), "--to", str(tmp_path / "eve.zip"))
    assert told["mails"] == 2
    assert told["rows"]["effect"] >= 2
    assert told["others"] == 1
    with zipfile.ZipFile(tmp_path / "eve.zip") as whole:
        page, data = whole.read("data.html").decode(), json.loads(whole.read("data.json"))
        raw = [whole.read(name).decode() for name in whole.namelist() if name.endswith(".eml")]
    assert "Zwetschgenweg 7" in page
    assert "Bob Stone" not in page
    assert "ada@example.com" not in page
    assert {row["sender"].lower() for row in data["data"]["mail"]["rows"]} == {EVE, "eve.marker+shop@example.org"}
    assert all("Quetzalmann" in one for one in raw)
    assert (tmp_path / "eve.zip").stat().st_mode & 0o077 == 0


def test_an_export_does_not_overwrite_a_file(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_text("mine")
    assert "exists already" in desk.run("privacy", "export", EVE, "--to", str(tmp_path / "there.zip"), expect=2).stderr
    assert (tmp_path / "there.zip").read_text() == "mine"


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    told = desk.json("privacy", "erase", EVE, "--dry-run")
    assert (told["mails"], told["others"], told["id"]) == (2, 1, "")
    assert bytes_of(desk)
    assert not (desk.folder / "var/erased").exists()


def test_nothing_is_left_of_who_is_erased_and_figures_stay(desk: Desk) -> None:
    before, others = figures(desk), desk.jsonl("mail", "list", "--limit", "0")
    told = desk.json("privacy", "erase", EVE, "--others", "--yes")
    assert told["left"] == []
    assert bytes_of(desk) == {}
    assert figures(desk) == before
    kept = {mail["id"]: mail for mail in desk.jsonl("mail", "list", "--limit", "0")}
    assert len(kept) == 4
    assert [kept[mail["id"]] for mail in others if mail["from"] == "bob@example.com"] == [
        mail for mail in others if mail["from"] == "bob@example.com"
    ]
    assert desk.run("search", "Quetzalmann").stdout.count("\n") <= 1
    assert desk.json("db", "check")["ok"]


def test_others_are_not_touched_unasked(desk: Desk) -> None:
    desk.json("privacy", "erase", EVE, "--yes")
    shown = next(one for one in desk.jsonl("mail", "list", "--limit", "0") if one["from"] == ADA)
    assert "Eve Quetzalmann" in desk.json("mail", "show", shown["id"])["text"]


def test_nothing_is_sent_twice_when_all_is_read_again(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    before = len(sink.accepted)
    desk.json("privacy", "erase", EVE, "--yes")
    for one in mails()[:2]:
        dovecot.deliver(one, desk.username)
    desk.run("once")
    assert len(sink.accepted) == before
    assert bytes_of(desk).get("Xanthippe") is None


def test_a_backup_that_is_put_back_forgets_them_again(desk: Desk, tmp_path: Path) -> None:
    backup = tmp_path / "elsewhere" / "backup.db"
    backup.parent.mkdir()
    desk.run("db", "backup", str(backup))
    desk.json("privacy", "erase", EVE, "--others", "--yes")
    told = desk.json("db", "restore", str(backup))
    assert told["erased_again"] == 1
    assert bytes_of(desk) == {}, "also in what was put aside"


def test_a_list_that_lies_beside_a_later_backup_is_enough(desk: Desk, tmp_path: Path) -> None:
    first, second = tmp_path / "copies" / "first.db", tmp_path / "copies" / "second.db"
    first.parent.mkdir()
    desk.run("db", "backup", str(first))
    desk.json("privacy", "erase", EVE, "--others", "--yes")
    desk.run("db", "backup", str(second))
    (desk.folder / "var/erased").unlink()
    assert desk.json("db", "restore", str(first))["erased_again"] == 1
    assert (desk.folder / "var/erased").read_text().count("\n") == 1


def test_a_restore_elsewhere_without_the_key_is_refused(desk: Desk, tmp_path: Path) -> None:
    """A new key would recognise nobody of the list, and everybody would be back."""
    desk.run("privacy", "erase", EVE, "--yes")
    desk.run("db", "backup", str(tmp_path / "backup.db"))
    for file in ("firstline.db", "key"):
        (desk.folder / "var" / file).unlink()
    told = desk.run("db", "restore", str(tmp_path / "backup.db"), expect=2).stderr
    assert "put back your copy of it first" in told
    assert not (desk.folder / "var/key").exists()


def test_a_restore_without_any_list_warns(desk: Desk, tmp_path: Path) -> None:
    desk.run("db", "backup", str(tmp_path / "backup.db"))
    for one in tmp_path.glob("*.erased"):
        one.unlink()
    assert "no list of erased people" in desk.run("db", "restore", str(tmp_path / "backup.db")).stderr


def test_what_they_write_afterwards_is_a_customers_again(desk: Desk, dovecot: Dovecot, tmp_path: Path) -> None:
    desk.json("privacy", "erase", EVE, "--yes")
    dovecot.deliver(written(EVE, "Eve Quetzalmann", "It is me again: where is my parcel?", 5), desk.username)
    desk.run("once")
    desk.run("db", "backup", str(tmp_path / "later.db"))
    assert desk.json("db", "restore", str(tmp_path / "later.db"))["erased_again"] == 1
    assert [one["from"] for one in desk.jsonl("mail", "list", "--limit", "0") if one["from"]].count(EVE) == 1


def test_an_address_that_is_none_is_refused(desk: Desk) -> None:
    assert "no address" in desk.run("privacy", "erase", "Eve Quetzalmann", expect=2).stderr


def test_every_file_of_an_installation_is_in_the_register(desk: Desk) -> None:
    desk.run("backup")
    desk.run("db", "restore", str(next((desk.folder / "var/backups").glob("*.db"))))
    desk.run("privacy", "erase", EVE, "--yes")
    paths = [path.relative_to(desk.folder).as_posix() for path in desk.folder.rglob("*") if path.is_file()]
    unknown = [path for path in paths if place_of(path) is None]
    assert unknown == [], "say in desk/privacy/places.py what it holds, and what erasing does there"
    assert len(paths) > 5


def test_the_page_is_made_from_the_register() -> None:
    page = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
    assert page == with_register(page), "make docs"


def test_the_sheet_says_what_this_configuration_does(desk: Desk) -> None:
    desk.more += "[privacy]\nkeep_mail = '100d'\nkeep_answers = ''\n[tracker]\nkind = 'github'\nproject = 'a/b'\n"
    desk.more += "url = 'https://github.com'\ntoken = { env = 'X' }\nshare = 'nothing'\n"
    desk.write()
    told = desk.run("privacy", "sheet").stdout
    assert "100 days after the mail came" in told
    assert "until it is erased on request" in told
    assert "github.com: the tracker github; reference, topic and priority, nothing of what was written" in told


@pytest.fixture
def with_mailbox(desk: Desk) -> Desk:
    desk.more += "[privacy]\nmailbox = true\n"
    desk.mailbox["done"] = "move:Done"
    desk.write()
    return desk


def subjects_in(dovecot: Dovecot, desk: Desk, folder: str) -> list[str]:
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False) as client:
        client.login(desk.username, PASSWORD)
        client.select_folder(folder, readonly=True)
        found = client.fetch(client.search(), ["ENVELOPE"])
        return sorted(one[b"ENVELOPE"].subject.decode() for one in found.values())


def test_their_mail_leaves_the_mailbox_and_the_sent_folder_and_nobody_elses_does(
    with_mailbox: Desk, dovecot: Dovecot
) -> None:
    desk = with_mailbox
    dovecot.deliver(written("steve.marker@example.org", "Steve", "Where is my order?", 6), desk.username)
    desk.run("once")
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False) as client:
        client.login(desk.username, PASSWORD)
        client.create_folder("Sent")
        for to in (EVE, ADA):
            client.append(
                "Sent", f"From: support@example.com\r\nTo: {to}\r\nSubject: to {to}\r\n\r\nHello\r\n".encode()
            )
    desk.mailbox["sent_folder"] = "Sent"
    desk.write()
    told = desk.json("privacy", "erase", EVE, "--yes")
    assert told["left"] == []
    assert told["removed"]["mails in support/Sent"] == 1
    everywhere = subjects_in(dovecot, desk, "INBOX") + subjects_in(dovecot, desk, "Done")
    assert sorted(everywhere) == ["Order 3 Ada Byron", "Order 4 Bob Stone", "Order 6 Steve"]
    assert subjects_in(dovecot, desk, "Sent") == [f"to {ADA}"]


def test_a_mail_server_that_is_away_is_told_and_reached_the_next_time(with_mailbox: Desk, dovecot: Dovecot) -> None:
    desk = with_mailbox
    desk.imap_port, there = 1, desk.imap_port
    desk.write()
    told = desk.json("privacy", "erase", EVE, "--others", "--yes", expect=1)
    assert [why.partition(":")[0] for why in told["left"]] == ["mailboxes"]
    assert bytes_of(desk) == {}, "all else is done"
    desk.imap_port = there
    desk.write()
    again = desk.json("privacy", "erase", EVE, "--yes")
    assert (again["id"], again["left"]) == (told["id"], [])
    assert subjects_in(dovecot, desk, "INBOX") == ["Order 3 Ada Byron", "Order 4 Bob Stone"]
