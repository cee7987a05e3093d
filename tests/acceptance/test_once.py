"""`firstline once` as a process, against real servers: what is fetched, answered, marked, and what is said about it."""

from __future__ import annotations

import email
import email.policy
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.desk import Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import DROP, SmtpSink

_numbers = itertools.count(1)


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())


@pytest.fixture
def imap(desk: Desk) -> Iterator[IMAPClient]:
    client = IMAPClient("127.0.0.1", desk.imap_port, ssl=False)
    client.login(desk.username, desk.password)
    client.select_folder("INBOX")
    yield client
    client.logout()


def counts(desk: Desk, expect: int = 0) -> dict[str, int]:
    return desk.json("once", expect=expect)["mailboxes"]["support"]


def message_ids(sink: SmtpSink) -> list[str]:
    return [email.message_from_bytes(message.data)["Message-ID"] for message in sink.accepted]


def test_every_mail_is_acknowledged_once_and_then_known(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    for number in range(1, 6):
        dovecot.deliver(letter(number), desk.username)
    first = counts(desk)
    assert (first["fetched"], first["acknowledged"], first["unsure"]) == (5, 5, 5)
    assert counts(desk)["fetched"] == 0
    assert sorted(message.recipients[0] for message in sink.accepted) == [
        f"person{number}@example.org" for number in range(1, 6)
    ]
    assert len(set(message_ids(sink))) == 5
    assert all(message.sender == "" for message in sink.accepted)


def test_the_columns_add_up(desk: Desk, dovecot: Dovecot) -> None:
    mails = [
        letter(1),
        letter(2, Auto_Submitted="auto-replied"),
        letter(3, to="else@example.net"),
        letter(1),
        letter(4, sender="Person 1 <person1@example.org>", subject="Where is parcel 1?"),
    ]
    for mail in mails:
        dovecot.deliver(mail, desk.username)
    found = counts(desk)
    expected = {"fetched": 5, "known": 1, "acknowledged": 1, "silent": 1, "limited": 1, "parked": 1, "recorded": 0}
    assert {name: found[name] for name in expected} == expected


def test_what_lay_there_at_the_first_run_is_recorded_and_never_answered(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    desk.mailbox["first_run"] = "record"
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    assert counts(desk)["recorded"] == 1
    dovecot.deliver(letter(2), desk.username)
    assert counts(desk)["acknowledged"] == 1
    assert [message.recipients for message in sink.accepted] == [("person2@example.org",)]


def test_mail_older_than_max_age_is_recorded(desk: Desk, imap: IMAPClient, sink: SmtpSink) -> None:
    import datetime

    desk.mailbox["max_age"] = "3d"
    desk.write()
    long_ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=4)
    imap.append("INBOX", letter(1), msg_time=long_ago)
    imap.append("INBOX", letter(2))
    found = counts(desk)
    assert (found["recorded"], found["acknowledged"]) == (1, 1)


@pytest.mark.parametrize(("done", "flag"), [("seen", b"\\Seen"), ("flag", b"\\Flagged")])
def test_done_marks_what_is_recorded(desk: Desk, dovecot: Dovecot, imap: IMAPClient, done: str, flag: bytes) -> None:
    desk.mailbox["done"] = done
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    dovecot.deliver(letter(2, to="else@example.net"), desk.username)  # parked: stays unmarked
    counts(desk)
    imap.noop()
    flags = imap.get_flags(imap.search())
    assert [flag in marks for marks in flags.values()] == [True, False]


def test_looking_marks_nothing(desk: Desk, dovecot: Dovecot, imap: IMAPClient) -> None:
    dovecot.deliver(letter(1), desk.username)
    counts(desk)
    imap.noop()
    (flags,) = imap.get_flags(imap.search()).values()
    assert b"\\Seen" not in flags


def test_done_moves_what_is_recorded_and_release_moves_what_was_parked(
    desk: Desk, dovecot: Dovecot, imap: IMAPClient, sink: SmtpSink
) -> None:
    desk.mailbox["done"] = "move:Processed/2026"
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    dovecot.deliver(letter(2, to="else@example.net"), desk.username)
    counts(desk)
    assert imap.folder_status("Processed/2026", "MESSAGES")[b"MESSAGES"] == 1
    (parked,) = desk.jsonl("mail", "list", "--state", "parked")
    desk.run("mail", "release", parked["id"])
    assert len(sink.accepted) == 2
    counts(desk)
    assert imap.folder_status("Processed/2026", "MESSAGES")[b"MESSAGES"] == 2


def test_a_new_uidvalidity_answers_nobody_again(desk: Desk, dovecot: Dovecot, imap: IMAPClient, sink: SmtpSink) -> None:
    desk.mailbox["folder"] = "Desk"
    desk.write()
    imap.create_folder("Desk")
    imap.append("Desk", letter(1))
    assert counts(desk)["acknowledged"] == 1
    imap.delete_folder("Desk")
    imap.create_folder("Desk")
    imap.append("Desk", letter(1))
    imap.append("Desk", letter(2))
    found = counts(desk)
    assert (found["known"], found["acknowledged"]) == (1, 1)
    assert len(sink.accepted) == 2


def test_a_reply_to_our_acknowledgement_joins_its_thread(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    dovecot.deliver(letter(1), desk.username)
    counts(desk)
    (sent,) = message_ids(sink)
    dovecot.deliver(letter(2, sender="Person 1 <person1@example.org>", In_Reply_To=sent), desk.username)
    found = counts(desk)
    assert (found["acknowledged"], found["silent"]) == (0, 1)
    mails = desk.jsonl("mail", "list")
    threads = {desk.json("mail", "show", mail["id"])["thread"] for mail in mails}
    assert len(threads) == 1


def test_a_server_that_is_away_is_exit_3_and_everything_waits(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    dovecot.deliver(letter(1), desk.username)
    port = desk.smtp_port
    desk.smtp_port = 1
    desk.write()
    done = desk.run("once", expect=3)
    assert "127.0.0.1:1" in done.stderr
    (mail,) = desk.jsonl("mail", "list")
    assert mail["state"] == "pending"
    desk.smtp_port = port
    desk.write()
    counts(desk)
    assert len(sink.accepted) == 1


def test_a_wrong_password_is_exit_3_and_says_so(desk: Desk) -> None:
    desk.password = "wrong"
    desk.username = "support@example.com"
    desk.write()
    done = desk.run("once", expect=3)
    assert "password" in done.stderr
    assert "wrong" not in done.stderr.replace("wrong password", "")


def test_a_missing_secret_is_exit_2_and_names_the_key(desk: Desk) -> None:
    done = desk.run("once", expect=2, DESK_PASSWORD="")
    assert "mailbox.support.password" in done.stderr


def test_4xx_waits_and_5xx_fails_and_the_others_go_out(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    for number in range(1, 4):
        dovecot.deliver(letter(number), desk.username)
    desk.smtp["connections"] = 1
    desk.write()
    sink.plan("RCPT", "451 4.3.0 later", "550 5.1.1 no such user")
    found = counts(desk)
    assert found["failed"] == 1
    assert len(sink.accepted) == 1
    states = sorted(
        effect["state"]
        for mail in desk.jsonl("mail", "list")
        for effect in desk.json("mail", "show", mail["id"])["effects"]
    )
    assert states == ["done", "failed", "waiting"]
    assert desk.run("status", expect=1).stdout.startswith("UNHEALTHY")


def test_a_connection_lost_after_the_content_is_uncertain_and_resent_under_the_same_message_id(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    dovecot.deliver(letter(1), desk.username)
    sink.plan("CONTENT", DROP)
    counts(desk)
    (mail,) = desk.jsonl("mail", "list")
    (effect,) = desk.json("mail", "show", mail["id"])["effects"]
    assert effect["state"] == "uncertain"
    counts(desk)
    (again,) = desk.json("mail", "show", mail["id"])["effects"]
    assert again["state"] == "done"
    assert message_ids(sink) == [effect["message_id"]]


def test_on_uncertain_hold_leaves_it_to_a_person(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    desk.smtp["on_uncertain"] = "hold"
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    sink.plan("CONTENT", DROP)
    counts(desk)
    counts(desk)
    assert sink.accepted == []
    assert desk.json("status", expect=1)["effects"]["uncertain"] == 1


def test_the_sent_folder_proves_that_it_went_out(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, imap: IMAPClient
) -> None:
    desk.smtp["sent_folder"] = "Sent"
    desk.write()
    imap.create_folder("Sent")
    dovecot.deliver(letter(1), desk.username)
    sink.plan("CONTENT", DROP)
    counts(desk)
    (mail,) = desk.jsonl("mail", "list")
    (effect,) = desk.json("mail", "show", mail["id"])["effects"]
    imap.append("Sent", f"Message-ID: {effect['message_id']}\r\n\r\nwent out\r\n".encode())
    counts(desk)
    assert sink.accepted == []
    assert desk.json("mail", "show", mail["id"])["effects"][0]["state"] == "done"


def test_hundreds_of_mails_go_out_over_the_configured_connections(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    for number in range(1, 301):
        dovecot.deliver(letter(number), desk.username)
    desk.mailbox["batch"] = 70
    desk.smtp["connections"] = 2
    desk.write()
    assert counts(desk)["acknowledged"] == 300
    assert len(set(message_ids(sink))) == 300
    assert sink.connections <= 2


def test_two_mailboxes_are_read_side_by_side(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    sales = dovecot.fresh_user()
    desk.more = (
        f"[mailbox.sales]\nhost = '127.0.0.1'\nport = {desk.imap_port}\nsecurity = 'none'\nusername = '{sales}'\n"
        "password = { env = 'DESK_PASSWORD' }\naddresses = ['sales@example.com']\nfirst_run = 'acknowledge'\n"
    )
    desk.write()
    both = letter(1, to="support@example.com, sales@example.com")
    dovecot.deliver(both, desk.username)
    dovecot.deliver(both, sales)
    dovecot.deliver(letter(2, to="sales@example.com"), sales)
    result = desk.json("once")["mailboxes"]
    assert (result["support"]["acknowledged"], result["sales"]["acknowledged"], result["sales"]["known"]) == (1, 1, 1)
    assert len(sink.accepted) == 2


def test_it_works_on_a_server_without_keywords_and_namespace(
    pymap: PymapServer, sink: SmtpSink, tmp_path: Path
) -> None:
    user = f"plain{next(_numbers)}@example.com"
    pymap.add_user(user, "pw-support")
    for number in (1, 2):
        pymap.deliver(letter(number), user=user)
    desk = Desk(tmp_path / "desk", pymap.port, sink.port, user, mailbox={"done": "move:Done"})
    assert counts(desk)["acknowledged"] == 2
    assert counts(desk)["fetched"] == 0
    assert len(sink.accepted) == 2


def test_hostile_mails_do_not_stop_their_neighbours(desk: Desk, imap: IMAPClient, sink: SmtpSink) -> None:
    for raw in (b"", b"\r\n", b"no headers at all", b"From: \xff\xfe\r\n\r\n\x00\x01", b"(" * 50_000):
        imap.append("INBOX", raw or b"\n")
    imap.append("INBOX", letter(9))
    found = counts(desk)
    assert found["acknowledged"] == 1
    assert found["fetched"] == 6
    assert [message.recipients for message in sink.accepted] == [("person9@example.org",)]


def test_a_second_process_on_the_same_store_is_refused(desk: Desk) -> None:
    import fcntl

    desk.run("mail", "list")
    with (desk.folder / "var/firstline.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = desk.run("once", expect=2)
    assert "another" in done.stderr


def test_the_log_holds_neither_addresses_nor_bodies(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(letter(1), desk.username)
    done = desk.run("once")
    assert not re.search(r"person1@example\.org|due on Tuesday|pw-support", done.stdout + done.stderr)
