"""The IMAP door against Dovecot and pymap."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from pipeline.config.servers import MailboxConfig
from pipeline.errors import ConfigError, DeferredError, UnreachableError
from pipeline.mailbox import ImapMailbox, imap
from pipeline.records.mail import Location, RawMail
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.servers.pymap_server import PymapServer
from tests.waiting import HOUR, wait_until, when_it_waits

HOST = "127.0.0.1"


def letter(number: int = 1, size: int = 0) -> bytes:
    text = f"From: eve@example.org\r\nSubject: letter {number}\r\nMessage-ID: <l{number}@example.org>\r\n\r\nHello.\r\n"
    return text.encode() + (b"x" * 70 + b"\r\n") * (size // 72)


def box(port: int, user: str, base: Path, name: str = "support", **changes: Any) -> ImapMailbox:
    table = {
        "host": HOST,
        "port": port,
        "security": "none",
        "username": user,
        "password": {"file": "pw"},
        "timeout": "5s",
        **changes,
    }
    return ImapMailbox(name, MailboxConfig.model_validate(table), base)


def everything(mailbox: ImapMailbox, first: int = 1) -> list[RawMail]:
    return [mail for portion in mailbox.fetch(mailbox.uids(first)) for mail in portion]


def places(mails: list[RawMail]) -> list[Location]:
    return [mail.location for mail in mails]


class Server:
    """What both real servers can do, so that a test can run against either."""

    def __init__(self, kind: str, server: Any) -> None:
        self.kind, self.server = kind, server
        self.user = server.fresh_user()
        self.port = server.imap_port if kind == "dovecot" else server.port

    def deliver(self, raw: bytes) -> None:
        self.server.deliver(raw, user=self.user)

    def flags(self) -> dict[int, tuple[bytes, ...]]:
        """Of the messages in INBOX, as another mail program sees them."""
        with self.login() as client:
            client.select_folder("INBOX", readonly=True)
            found = client.search(["ALL"])
            flags = client.get_flags(found)
            return {uid: tuple(flag for flag in flags[uid] if flag != b"\\Recent") for uid in found}

    def login(self) -> IMAPClient:
        client = IMAPClient(HOST, self.port, ssl=False, timeout=60)
        client.login(self.user, "pw-support")
        return client


@pytest.fixture(params=["dovecot", "pymap"])
def server(request: pytest.FixtureRequest) -> Server:
    return Server(request.param, request.getfixturevalue(request.param))


@pytest.fixture
def proxied(server: Server) -> Iterator[tuple[Server, Proxy]]:
    with Proxy(server.port) as proxy:
        yield server, proxy


# --- reading --------------------------------------------------------------------------------------------------------


def test_new_mail_is_fetched_by_uid_with_its_time_and_size(server: Server, secret: Path) -> None:
    mailbox = box(server.port, server.user, secret)
    before = datetime.now(UTC) - timedelta(seconds=2)
    for number in (1, 2, 3):
        server.deliver(letter(number))
    folder = mailbox.open()
    mails = everything(mailbox)
    mailbox.close()
    assert [mail.location.uid for mail in mails] == sorted(mail.location.uid for mail in mails)
    assert {mail.location.uidvalidity for mail in mails} == {folder.uidvalidity}
    assert {mail.location.mailbox for mail in mails} == {"support"}
    assert folder.uidnext == mails[-1].location.uid + 1
    assert [mail.raw.splitlines()[-1] for mail in mails] == [b"Hello."] * 3
    assert all(mail.size == len(mail.raw) for mail in mails)
    assert all(before < mail.received <= datetime.now(UTC) + timedelta(seconds=2) for mail in mails)
    assert all(mail.received.tzinfo is UTC for mail in mails)


@pytest.fixture
def helsinki(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine stands in Finland, where 25 October 2026 has the hour from three to four twice."""
    monkeypatch.setenv("TZ", "Europe/Helsinki")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("helsinki")
def test_the_time_of_arrival_is_right_also_in_the_hour_that_comes_twice(server: Server, secret: Path) -> None:
    arrived = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    with server.login() as client:
        for moment in arrived:
            client.append("INBOX", letter(), msg_time=moment)
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    assert [mail.received for mail in everything(mailbox)] == arrived
    mailbox.close()


def test_reading_changes_nothing_in_the_mailbox(server: Server, secret: Path) -> None:
    server.deliver(letter())
    for done in ("keep", "flag"):
        mailbox = box(server.port, server.user, secret, done=done)
        mailbox.open()
        everything(mailbox)
        mailbox.close()
    assert list(server.flags().values()) == [()]


def test_an_empty_mailbox_has_no_uids(server: Server, secret: Path) -> None:
    mailbox = box(server.port, server.user, secret)
    folder = mailbox.open()
    assert mailbox.uids(1) == []
    assert mailbox.uids(folder.uidnext) == []
    assert list(mailbox.fetch([])) == []
    mailbox.close()


def test_only_uids_from_the_first_one_asked_for_are_told(server: Server, secret: Path) -> None:
    for number in range(5):
        server.deliver(letter(number))
    mailbox = box(server.port, server.user, secret)
    folder = mailbox.open()
    uids = mailbox.uids(1)
    assert mailbox.uids(uids[3]) == uids[3:]
    assert mailbox.uids(folder.uidnext) == []  # "n:*" alone would give the last one
    mailbox.close()


def test_opening_again_sees_what_came_meanwhile(server: Server, secret: Path) -> None:
    mailbox = box(server.port, server.user, secret)
    first = mailbox.open()
    server.deliver(letter())
    second = mailbox.open()
    assert second.uidvalidity == first.uidvalidity
    assert second.uidnext == first.uidnext + 1
    mailbox.close()


def test_portions_are_bounded_by_number(server: Server, secret: Path) -> None:
    for number in range(7):
        server.deliver(letter(number))
    mailbox = box(server.port, server.user, secret, batch=3)
    mailbox.open()
    assert [len(portion) for portion in mailbox.fetch(mailbox.uids(1))] == [3, 3, 1]
    mailbox.close()


def test_portions_are_bounded_by_bytes(server: Server, secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "PORTION_BYTES", 25_000)
    for number, size in enumerate([10_000, 10_000, 10_000, 40_000, 10, 10]):
        server.deliver(letter(number, size))
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    assert [len(portion) for portion in mailbox.fetch(mailbox.uids(1))] == [2, 1, 1, 2]
    mailbox.close()


def test_of_a_message_that_is_too_big_only_the_beginning_is_fetched(server: Server, secret: Path) -> None:
    big = letter(2, 1_000_000)
    for raw in (letter(1), big, letter(3)):
        server.deliver(raw)
    mailbox = box(server.port, server.user, secret, max_size=500_000)
    mailbox.open()
    small, cut, last = everything(mailbox)
    mailbox.close()
    assert (small.size, last.size) == (len(small.raw), len(last.raw))
    assert len(cut.raw) == imap.HEAD_BYTES
    assert cut.size > 990_000
    assert b"Subject: letter 2" in cut.raw


def test_a_message_of_ten_megabytes_comes_whole(dovecot: Dovecot, secret: Path) -> None:
    server = Server("dovecot", dovecot)
    server.deliver(letter(1, 10_000_000))
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    (mail,) = everything(mailbox)
    mailbox.close()
    assert mail.size == len(mail.raw) > 9_900_000
    assert mail.raw.endswith(b"x" * 70 + b"\r\n")


@pytest.mark.parametrize("raw", [b"\x00\xff\xfe no mail at all", b"", b"Subject: \xe4\xf6\xfc\r\n\r\n" + b"(" * 3000])
def test_messages_that_are_none_are_fetched_all_the_same(dovecot: Dovecot, secret: Path, raw: bytes) -> None:
    server = Server("dovecot", dovecot)
    with server.login() as client:
        client.append("INBOX", raw.replace(b"\x00", b"\x80") or b"\r\n")
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    assert len(everything(mailbox)) == 1
    mailbox.close()


def test_uids_that_have_vanished_are_left_out(server: Server, secret: Path) -> None:
    for number in range(4):
        server.deliver(letter(number))
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    uids = mailbox.uids(1)
    with server.login() as other:
        other.select_folder("INBOX")
        other.delete_messages([uids[1]])
        other.expunge()
    assert [mail.location.uid for mail in [m for p in mailbox.fetch([*uids, 99_999]) for m in p]] == [
        uids[0],
        *uids[2:],
    ]
    assert mailbox.wait(0) is False  # and we still understand each other
    mailbox.close()


def test_a_mailbox_with_more_messages_than_one_search_may_tell(
    server: Server, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "SEARCHED_AT_ONCE", 3)
    for number in range(8):
        server.deliver(letter(number))
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    uids = mailbox.uids(1)
    assert len(uids) == 8
    assert mailbox.uids(uids[4]) == uids[4:]
    mailbox.close()


def test_many_uids_are_asked_for_in_several_commands(
    server: Server, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "UIDS_AT_ONCE", 2)
    for number in range(5):
        server.deliver(letter(number))
    mailbox = box(server.port, server.user, secret, done="seen")
    mailbox.open()
    mails = everything(mailbox)
    assert len(mails) == 5
    mailbox.mark(places(mails))
    mailbox.close()
    assert list(server.flags().values()) == [(b"\\Seen",)] * 5


def test_several_mailboxes_are_read_side_by_side(dovecot: Dovecot, secret: Path) -> None:
    users = [dovecot.fresh_user() for _ in range(3)]
    for number, user in enumerate(users):
        dovecot.deliver(letter(number), user)
    boxes = [box(dovecot.imap_port, user, secret, name=f"box{number}") for number, user in enumerate(users)]
    for mailbox in boxes:
        mailbox.open()
    found = [everything(mailbox) for mailbox in boxes]
    for mailbox in boxes:
        mailbox.close()
    assert [[mail.location.mailbox for mail in mails] for mails in found] == [["box0"], ["box1"], ["box2"]]
    assert [b"letter 2" in mail.raw for mails in found for mail in mails] == [False, False, True]


def test_another_folder_than_the_inbox_is_read_however_the_server_writes_it(
    dotted_dovecot: Dovecot, secret: Path
) -> None:
    server = Server("dovecot", dotted_dovecot)
    with server.login() as client:
        client.create_folder("INBOX.Kunden.Süd")
        client.append("INBOX.Kunden.Süd", letter())
    for name in ("Kunden/Süd", "INBOX.Kunden.Süd", "INBOX/Kunden/Süd"):
        mailbox = box(server.port, server.user, secret, folder=name)
        mailbox.open()
        assert len(everything(mailbox)) == 1
        mailbox.close()


def test_a_folder_that_is_missing_is_named_together_with_those_that_are_there(server: Server, secret: Path) -> None:
    with server.login() as client:
        client.create_folder("Claims")
    mailbox = box(server.port, server.user, secret, folder="Complaints")
    with pytest.raises(UnreachableError, match="Complaints") as caught:
        mailbox.open()
    assert "Claims" in caught.value.remedy
    assert "INBOX" in caught.value.remedy
    with server.login() as client:
        client.create_folder("Complaints")
    assert mailbox.open().uidnext > 0
    mailbox.close()


def test_a_folder_made_anew_has_another_uidvalidity_and_old_places_in_it_are_not_marked(
    dovecot: Dovecot, secret: Path
) -> None:
    server = Server("dovecot", dovecot)
    with server.login() as client:
        client.create_folder("Claims")
        client.append("Claims", letter(1))
    mailbox = box(server.port, server.user, secret, folder="Claims", done="seen")
    before = mailbox.open()
    old = places(everything(mailbox))
    mailbox.close()
    with server.login() as client:
        client.delete_folder("Claims")
        # Dovecot's UIDVALIDITY is the time of creation in seconds.
        wait_until(lambda: int(time.time()) > before.uidvalidity, "the next second")
        client.create_folder("Claims")
        client.append("Claims", letter(2))
    after = mailbox.open()
    assert after.uidvalidity != before.uidvalidity
    new = everything(mailbox)
    assert [mail.location.uid for mail in new] == [place.uid for place in old]
    mailbox.mark(old)
    with server.login() as client:
        client.select_folder("Claims")
        assert client.search(["SEEN"]) == []
    mailbox.close()


# --- marking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("done", "flags"), [("keep", ()), ("seen", (b"\\Seen",)), ("flag", (b"\\Flagged",))])
def test_marking_sets_what_done_says_and_nothing_else(
    server: Server, secret: Path, done: str, flags: tuple[bytes, ...]
) -> None:
    for number in range(3):
        server.deliver(letter(number))
    mailbox = box(server.port, server.user, secret, done=done)
    mailbox.open()
    mails = everything(mailbox)
    mailbox.mark(places(mails[:2]))
    mailbox.mark(places(mails[:2]))  # twice does no harm
    mailbox.close()
    assert list(server.flags().values()) == [flags, flags, ()]


@pytest.mark.parametrize(
    ("lacking", "left"),
    [
        ([], {}),
        ([b"MOVE"], {}),
        ([b"MOVE", b"UIDPLUS"], {1: (b"\\Deleted",), 2: (b"\\Deleted",), 4: (b"\\Deleted",)}),
        ([b"MOVE", b"NAMESPACE", b"CONDSTORE", b"QRESYNC", b"IDLE", b"ENABLE"], {}),
    ],
)
def test_mails_are_moved_into_a_folder_made_for_it(
    proxied: tuple[Server, Proxy], secret: Path, lacking: list[bytes], left: dict[int, tuple[bytes, ...]]
) -> None:
    server, proxy = proxied
    proxy.replace(*((b" " + word, b" X" + word) for word in lacking))
    for number in range(4):
        server.deliver(letter(number))
    mailbox = box(proxy.port, server.user, secret, done="move:Processed/2026")
    mailbox.open()
    mails = everything(mailbox)
    with server.login() as other:  # somebody else has marked the third one: it must not be expunged for that
        other.select_folder("INBOX")
        other.delete_messages([mails[2].location.uid])
    moved = [mails[0], mails[1], mails[3]]
    mailbox.mark(places(moved))
    mailbox.mark(places(moved))  # as after a crash
    assert mailbox.wait(0) is False
    mailbox.close()
    numbered = {mail.location.uid: number for number, mail in enumerate(mails, 1)}
    there = {numbered[uid]: flags for uid, flags in server.flags().items()}
    assert there == {**left, 3: (b"\\Deleted",)}
    with server.login() as client:
        assert client.select_folder("Processed/2026")[b"EXISTS"] == 3


def test_a_move_that_was_interrupted_after_the_copy_does_not_copy_again(
    proxied: tuple[Server, Proxy], secret: Path
) -> None:
    server, proxy = proxied
    proxy.replace((b" MOVE", b" XMOVE"))
    server.deliver(letter())
    mailbox = box(proxy.port, server.user, secret, done="move:Processed")
    mailbox.open()
    mails = everything(mailbox)
    proxy.cut_on(b"EXPUNGE", times=1)
    with pytest.raises(UnreachableError):
        mailbox.mark(places(mails))
    mailbox.mark(places(mails))
    mailbox.close()
    assert server.flags() == {}
    with server.login() as client:
        assert client.select_folder("Processed")[b"EXISTS"] == 1


def test_the_folder_moved_to_is_written_as_the_server_writes_it(dotted_dovecot: Dovecot, secret: Path) -> None:
    for capability in (b"", b"NAMESPACE"):
        server = Server("dovecot", dotted_dovecot)
        server.deliver(letter())
        with Proxy(server.port) as proxy:
            proxy.replace((b" " + capability, b" X" + capability) if capability else (b"\0", b"\0"))
            target = "INBOX/Done/2026" if capability else "Done/2026"
            mailbox = box(proxy.port, server.user, secret, done=f"move:{target}")
            mailbox.open()
            mailbox.mark(places(everything(mailbox)))
            mailbox.close()
        with server.login() as client:
            assert client.select_folder("INBOX.Done.2026")[b"EXISTS"] == 1
            assert "INBOX.Done.2026" in [name for _, _, name in client.list_sub_folders()]


@pytest.mark.parametrize("done", ["seen", "flag", "move:Processed"])
def test_what_has_vanished_counts_as_marked(server: Server, secret: Path, done: str) -> None:
    for number in range(2):
        server.deliver(letter(number))
    mailbox = box(server.port, server.user, secret, done=done)
    mailbox.open()
    mails = everything(mailbox)
    with server.login() as other:
        other.select_folder("INBOX")
        other.delete_messages([mails[0].location.uid])
        other.expunge()
    nowhere = [replace(mails[0].location, uid=77_777)]
    mailbox.mark([*places(mails), *nowhere])
    mailbox.mark(nowhere)
    mailbox.close()


def test_places_in_another_mailbox_are_not_touched(server: Server, secret: Path) -> None:
    server.deliver(letter())
    mailbox = box(server.port, server.user, secret, done="flag")
    mailbox.open()
    (mail,) = everything(mailbox)
    mailbox.mark([replace(mail.location, mailbox="sales"), replace(mail.location, uidvalidity=1)])
    mailbox.close()
    assert list(server.flags().values()) == [()]


def test_marking_connects_by_itself(server: Server, secret: Path) -> None:
    server.deliver(letter())
    mailbox = box(server.port, server.user, secret, done="seen")
    mailbox.open()
    mails = everything(mailbox)
    mailbox.close()
    mailbox.mark(places(mails))
    mailbox.close()
    assert list(server.flags().values()) == [(b"\\Seen",)]


def test_a_server_that_refuses_to_move_is_quoted(dovecot: Dovecot, secret: Path) -> None:
    server = Server("dovecot", dovecot)
    server.deliver(letter())
    mailbox = box(server.port, server.user, secret, done="move:" + "x" * 300)
    mailbox.open()
    with pytest.raises(DeferredError, match="it refuses"):
        mailbox.mark(places(everything(mailbox)))
    assert len(everything(mailbox)) == 1
    mailbox.close()


def test_moving_a_mail_to_where_it_is_read_is_refused_at_once(secret: Path) -> None:
    with pytest.raises(ConfigError, match="new again for ever"):
        box(1, "support@example.com", secret, folder="In", done="move:In")


def test_a_sent_mail_is_found_in_its_folder_by_message_id(server: Server, secret: Path) -> None:
    with server.login() as client:
        client.create_folder("Sent")
        client.append("Sent", letter(5))
    mailbox = box(server.port, server.user, secret)
    assert mailbox.holds("Sent", "<l5@example.org>") is True
    assert mailbox.holds("Sent", "<l6@example.org>") is False
    server.deliver(letter(6))
    assert mailbox.open().uidnext > 1
    assert len(everything(mailbox)) == 1  # our own folder is selected again
    with pytest.raises(UnreachableError, match="Elsewhere"):
        mailbox.holds("Elsewhere", "<l5@example.org>")
    mailbox.close()


# --- waiting ----------------------------------------------------------------------------------------------------------


def took(what: Any, *arguments: Any) -> tuple[Any, float]:
    began = time.monotonic()
    return what(*arguments), time.monotonic() - began


def test_new_mail_ends_the_wait_at_once(server: Server, secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    when_it_waits(monkeypatch, server.deliver, letter())
    assert mailbox.wait(HOUR) is True
    mailbox.open()
    assert len(everything(mailbox)) == 1
    mailbox.close()


def test_the_wait_ends_with_its_time_when_nothing_comes(server: Server, secret: Path) -> None:
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    new, seconds = took(mailbox.wait, 0.4)
    assert new is False
    assert seconds > 0.3
    assert mailbox.uids(1) == []  # IDLE is over, commands work
    mailbox.close()


def test_mail_that_came_between_the_fetch_and_the_wait_is_not_missed(server: Server, secret: Path) -> None:
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    assert everything(mailbox) == []
    server.deliver(letter())
    assert mailbox.wait(HOUR) is True
    mailbox.close()


def test_mail_that_the_caller_has_seen_does_not_end_the_wait(server: Server, secret: Path) -> None:
    mailbox = box(server.port, server.user, secret)
    mailbox.open()
    server.deliver(letter(1))
    server.login().logout()
    mailbox.open()
    assert len(mailbox.uids(1)) == 1
    assert mailbox.wait(0.3) is False
    mailbox.close()


def test_news_that_come_together_with_the_go_ahead_are_not_missed(proxied: tuple[Server, Proxy], secret: Path) -> None:
    server, proxy = proxied
    mailbox = box(proxy.port, server.user, secret)
    mailbox.open()
    once = threading.Event()

    def glue(data: bytes) -> bytes:
        if data.startswith(b"+ ") and not once.is_set():
            once.set()
            return data + b"* 1 EXISTS\r\n"
        return data

    proxy.on_server = glue
    assert mailbox.wait(HOUR) is True
    mailbox.close()


def test_news_in_front_of_the_go_ahead_are_not_missed(proxied: tuple[Server, Proxy], secret: Path) -> None:
    server, proxy = proxied
    mailbox = box(proxy.port, server.user, secret)
    mailbox.open()
    proxy.on_server = lambda data: b"* 1 EXISTS\r\n" + data if data.startswith(b"+ ") else data
    assert mailbox.wait(HOUR) is True
    mailbox.open()
    assert mailbox.uids(1) == []
    mailbox.close()


def test_a_server_that_only_says_that_it_lives_does_not_end_the_wait(
    proxied: tuple[Server, Proxy], secret: Path
) -> None:
    server, proxy = proxied
    mailbox = box(proxy.port, server.user, secret)
    mailbox.open()
    idles = 0

    def say_twice(data: bytes) -> bytes:
        nonlocal idles
        if not data.startswith(b"+ "):
            return data
        idles += 1
        if idles < 3:
            return data + b"* OK Still here\r\n"
        mailbox.interrupt()
        return data

    proxy.on_server = say_twice
    assert mailbox.wait(HOUR) is False
    assert idles == 3
    mailbox.close()


def test_idle_is_renewed(proxied: tuple[Server, Proxy], secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, proxy = proxied
    monkeypatch.setattr(imap, "RENEW_IDLE", 0.1)
    mailbox = box(proxy.port, server.user, secret)
    mailbox.open()
    said: list[bytes] = []

    def listen(data: bytes) -> bytes:
        said.append(data)
        if b"".join(said).count(b"IDLE\r\n") == 3:
            mailbox.interrupt()
        return data

    proxy.on_client = listen
    assert mailbox.wait(HOUR) is False
    spoken = b"".join(said)
    assert spoken.count(b"IDLE\r\n") == spoken.count(b"DONE\r\n") >= 3
    mailbox.close()


def test_an_interruption_ends_the_wait(server: Server, secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for settings in ({"idle": True}, {"idle": False}):
        mailbox = box(server.port, server.user, secret, **settings)
        mailbox.open()
        if settings["idle"]:
            when_it_waits(monkeypatch, mailbox.interrupt)
        else:
            threading.Timer(0.2, mailbox.interrupt).start()  # mostly within the wait, and right either way
        assert mailbox.wait(HOUR) is False
        mailbox.interrupt()  # before the wait counts too
        assert mailbox.wait(HOUR) is False
        assert mailbox.uids(1) == []
        mailbox.close()


@pytest.mark.parametrize("how", ["not offered", "switched off", "refused"])
def test_without_idle_the_time_just_passes_and_new_mail_is_found_by_polling(
    proxied: tuple[Server, Proxy], secret: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, proxy = proxied
    if how == "not offered":
        proxy.replace((b" IDLE", b" XIDLE"))
    if how == "refused":
        proxy.on_client = lambda data: data.replace(b" IDLE\r\n", b" IDLENESS\r\n")
    mailbox = box(proxy.port, server.user, secret, idle=how != "switched off")
    mailbox.open()
    idle = mailbox._idle
    monkeypatch.setattr(mailbox, "_idle", lambda seconds: server.deliver(letter()) or idle(seconds))
    new, seconds = took(mailbox.wait, 0.5)
    assert new is False
    assert seconds > 0.4
    assert mailbox.wait(HOUR) is True
    mailbox.close()


def test_pymap_offers_neither_keywords_nor_namespace(pymap: PymapServer) -> None:
    """What makes it worth testing against: the program may rely on neither."""
    server = Server("pymap", pymap)
    with server.login() as client:
        assert not client.has_capability("NAMESPACE")
        assert not client.has_capability("CONDSTORE")
        assert b"\\*" not in client.select_folder("INBOX")[b"PERMANENTFLAGS"]
