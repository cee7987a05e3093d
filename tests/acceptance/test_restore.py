"""A backup that is put back: what was answered after it was made is not answered again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.desk import PASSWORD, Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.provider import Provider


@pytest.fixture
def provider(dovecot: Dovecot) -> Iterator[Provider]:
    with Provider() as server:
        yield server
        server.hang_up()


@pytest.fixture
def desk(dovecot: Dovecot, provider: Provider, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", dovecot.imap_port, provider.port, dovecot.fresh_user())


def answered(provider: Provider) -> list[str]:
    return [message.recipients[0].partition("@")[0] for message in provider.accepted]


def effects(desk: Desk) -> dict[str, tuple[str, str]]:
    """Subject → state and error of the acknowledgement."""
    shown = [desk.json("mail", "show", mail["id"]) for mail in desk.jsonl("mail", "list")]
    return {mail["subject"]: (mail["effects"][0]["state"], mail["effects"][0]["error"] or "") for mail in shown}


def put_back(desk: Desk, backup: Path) -> None:
    """As somebody would who knows nothing of `db restore`."""
    for old in (desk.folder / "var").glob("firstline.db*"):
        old.unlink()
    shutil.copy(backup, desk.folder / "var" / "firstline.db")


@pytest.fixture
def backup(desk: Desk, dovecot: Dovecot, provider: Provider, tmp_path: Path) -> Path:
    """Made while it runs, between the answers to the first and the second mail."""
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    assert len(provider.wait_for(1, 60)) == 1
    desk.run("db", "backup", str(tmp_path / "backup.db"))
    dovecot.deliver(letter(2), desk.username)
    assert len(provider.wait_for(2, 60)) == 2
    assert stop(process) == 0
    return tmp_path / "backup.db"


@pytest.mark.parametrize("way", ["by hand", "by the command"])
def test_nothing_is_answered_again_and_new_mail_is(
    way: str, desk: Desk, dovecot: Dovecot, provider: Provider, backup: Path
) -> None:
    if way == "by hand":
        put_back(desk, backup)
    else:
        aside = Path(desk.json("db", "restore", str(backup))["aside"])
        assert aside.exists()
    desk.run("once")
    desk.run("once")
    assert answered(provider) == ["person1", "person2"]
    assert effects(desk)["Where is parcel 2?"][0] == "uncertain"
    dovecot.deliver(letter(3), desk.username)
    desk.run("once")
    assert answered(provider) == ["person1", "person2", "person3"]
    assert desk.json("db", "check")["ok"]


def test_what_a_person_says_about_uncertain_ones_is_done(
    desk: Desk, dovecot: Dovecot, provider: Provider, backup: Path
) -> None:
    put_back(desk, backup)
    dovecot.deliver(letter(3), desk.username)  # came while it was down: nobody can tell it from an answered one
    desk.run("once")
    ids = {mail["subject"]: mail["id"] for mail in desk.jsonl("mail", "list")}
    assert desk.run("mail", "settle", expect=2).stderr
    assert desk.json("mail", "settle", ids["Where is parcel 3?"], "--resend")["settled"] == [ids["Where is parcel 3?"]]
    assert desk.json("mail", "settle", "--sent")["settled"] == [ids["Where is parcel 2?"]]
    assert answered(provider) == ["person1", "person2", "person3"]
    assert {mail["state"] for mail in desk.jsonl("mail", "list")} == {"done"}


def test_the_sent_folder_tells_what_was_answered(
    desk: Desk, dovecot: Dovecot, provider: Provider, tmp_path: Path
) -> None:
    provider.file_in_sent(dovecot.imap_port, desk.username)
    desk.smtp["sent_folder"] = "Sent"
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    desk.run("once")
    desk.run("db", "backup", str(tmp_path / "backup.db"))
    dovecot.deliver(letter(2), desk.username)
    desk.run("once")
    put_back(desk, tmp_path / "backup.db")
    dovecot.deliver(letter(3), desk.username)
    desk.run("once")
    assert answered(provider) == ["person1", "person2", "person3"]
    assert {state for state, _ in effects(desk).values()} == {"done"}


def test_an_answer_that_the_backup_only_intended_is_not_sent_again(
    desk: Desk, dovecot: Dovecot, provider: Provider, tmp_path: Path
) -> None:
    provider.always("EHLO", "421 4.3.2 not now")
    dovecot.deliver(letter(1), desk.username)
    desk.run("once", expect=3)
    desk.run("db", "backup", str(tmp_path / "backup.db"))
    provider.as_planned_from_now()
    desk.run("once")
    assert answered(provider) == ["person1"]
    put_back(desk, tmp_path / "backup.db")
    desk.run("once")
    assert answered(provider) == ["person1"]
    assert effects(desk)["Where is parcel 1?"][0] == "uncertain"


def test_a_new_uidvalidity_after_a_restore_answers_nothing_again(
    desk: Desk, dovecot: Dovecot, provider: Provider, backup: Path
) -> None:
    put_back(desk, backup)
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False) as client:
        client.login(desk.username, PASSWORD)
        client.create_folder("Other")
        client.select_folder("INBOX", readonly=True)
        client.copy(client.search(), "Other")
    desk.mailbox["folder"] = "Other"  # the same mails under other UIDs
    desk.write()
    desk.run("once")
    assert answered(provider) == ["person1", "person2"]


def test_a_damaged_backup_is_refused_and_nothing_changes(desk: Desk, backup: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all" * 500)
    before = (desk.folder / "var" / "firstline.db").read_bytes()
    desk.run("db", "restore", str(broken), expect=4)
    desk.run("db", "restore", str(tmp_path / "missing.db"), expect=1)
    assert (desk.folder / "var" / "firstline.db").read_bytes() == before


def test_a_database_put_back_by_other_means_is_told_so(
    desk: Desk, dovecot: Dovecot, provider: Provider, tmp_path: Path
) -> None:
    dovecot.deliver(letter(1), desk.username)
    desk.run("once")
    shutil.copy(desk.folder / "var" / "firstline.db", tmp_path / "snapshot.db")
    dovecot.deliver(letter(2), desk.username)
    desk.run("once")
    put_back(desk, tmp_path / "snapshot.db")
    desk.run("db", "restore")
    desk.run("once")
    assert answered(provider) == ["person1", "person2"]
