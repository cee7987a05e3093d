"""Mail that its server will not give out though it answers: not read, asked for again, parked in the end."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk import rejudge
from pipeline.engine.workers.fetch import Fetcher
from pipeline.errors import UnreachableError
from pipeline.mailbox import substitutes
from pipeline.retry import GIVE_UP_READING
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import PASSWORD, letter
from tests.samples import NOON, table
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_TEXT = re.compile(rb"(\w+) UID FETCH ([\d,:]+) \(BODY\.PEEK\[\]")


@dataclass
class Reader:
    """A Firstline that reads a real mailbox through a proxy, by a clock of our own."""

    doors: LiveDoors
    clock: FakeClock
    proxy: Proxy

    def read(self) -> None:
        """One pass."""
        mailbox = self.doors.mailbox("support")
        try:
            Fetcher(
                mailbox=mailbox,
                settings=self.doors.config.mailbox["support"],
                ledger=self.doors.ledger,
                undelivered=self.doors.undelivered,
                clock=self.clock,
                route=lambda: self.doors.route(None),
            ).read()
        finally:
            mailbox.close()

    def pass_by(self, span: timedelta) -> None:
        """Time goes by, with a pass every quarter of an hour."""
        for _ in range(int(span / (15 * MINUTE))):
            self.clock.pass_by(15 * MINUTE)
            self.read()

    @property
    def subjects(self) -> list[str]:
        return sorted(row.subject for row in self.doors.reading.mails() if row.subject)

    @property
    def waiting(self) -> list[int]:
        folder = self.doors.ledger.cursor("support")
        assert folder
        return [one.location.uid for one in self.doors.undelivered.of("support", folder.uidvalidity)]

    def refuse(self, refused: Callable[[int], bool], words: bytes) -> None:
        """The server answers FETCH of the text of such UIDs with these words instead."""
        tags: set[bytes] = set()

        def on_client(data: bytes) -> bytes:
            for tag, uids in _TEXT.findall(data):
                numbers = _uids(uids)
                if any(refused(uid) for uid in numbers):
                    tags.add(tag)
                    data = data.replace(tag + b" UID FETCH", tag + b" X-NOTHING")
            return data

        def on_server(data: bytes) -> bytes:
            for tag in tags:
                data = re.sub(re.escape(tag) + rb" BAD [^\r]*", tag + b" " + words, data)
            return data

        self.proxy.on_client, self.proxy.on_server = on_client, on_server

    def relent(self) -> None:
        self.proxy.on_client = self.proxy.on_server = lambda data: data


def _uids(words: bytes) -> list[int]:
    ranges = (part.split(b":") for part in words.split(b","))
    return list(itertools.chain.from_iterable(range(int(ends[0]), int(ends[-1]) + 1) for ends in ranges))


@pytest.fixture
def reader(dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    user = dovecot.fresh_user()
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    clock = FakeClock(NOON)
    with Proxy(dovecot.imap_port) as proxy:
        tables = table()
        tables["mailbox"]["support"] |= {
            "host": "127.0.0.1",
            "port": proxy.port,
            "security": "none",
            "username": user,
            "timeout": "30s",
            "password": {"env": "DESK_PASSWORD"},
            "first_run": "acknowledge",
            "max_age": "3650d",
        }
        doors = build(check({**tables, "store": {"url": f"sqlite:///{tmp_path}/test.db"}}, tmp_path / "c.toml"), clock)
        for number in (1, 2, 3):
            dovecot.deliver(letter(number), user)
        yield Reader(doors, clock, proxy)
        doors.close()


REFUSALS = [b"NO [LIMIT] try later", b"NO [SERVERBUG] oops", b"NO [UNAVAILABLE] later", b"NO no", b"BAD Command failed"]


@pytest.mark.parametrize("words", REFUSALS)
def test_one_mail_that_is_refused_waits_and_its_neighbours_go_on(reader: Reader, words: bytes) -> None:
    reader.refuse(lambda uid: uid == 2, words)
    reader.read()
    assert reader.subjects == ["Where is parcel 1?", "Where is parcel 3?"]
    assert reader.waiting == [2]
    reader.read()  # not before its time
    assert reader.waiting == [2]
    reader.relent()
    reader.clock.pass_by(2 * MINUTE)
    reader.read()
    assert len(reader.subjects) == 3
    assert reader.waiting == []


@pytest.mark.parametrize("words", [b"NO [LIMIT] try later", b"NO [OVERQUOTA] full", b"NO no"])
def test_a_server_that_gives_out_nothing_is_away_and_no_mail_is_lost(reader: Reader, words: bytes) -> None:
    reader.refuse(lambda uid: True, words)
    if words == b"NO no":  # nobody can say whose fault it is, so that each waits for itself
        reader.read()
        assert reader.waiting == [1, 2, 3]
    else:
        with pytest.raises(UnreachableError, match="gives out no mail"):
            reader.read()
    assert reader.subjects == []
    reader.relent()
    reader.clock.pass_by(2 * MINUTE)
    reader.read()
    assert len(reader.subjects) == 3
    assert reader.waiting == []


def test_it_is_parked_with_its_uid_after_a_day_in_which_its_server_answered(reader: Reader) -> None:
    reader.refuse(lambda uid: uid == 2, b"NO [SERVERBUG] oops")
    reader.read()
    reader.pass_by(GIVE_UP_READING - 2 * HOUR)
    assert reader.waiting == [2]
    reader.pass_by(4 * HOUR)
    assert reader.waiting == []
    (parked,) = list(reader.doors.reading.mails(state="parked"))
    assert "(UID 2)" in parked.error
    assert "SERVERBUG" in parked.error
    reader.relent()
    rejudge.release(reader.doors, parked.id)  # a person says: try again
    reader.read()
    assert len(reader.subjects) == 3
    assert list(reader.doors.reading.mails(state="parked")) == []


def test_a_day_in_which_the_server_was_away_does_not_count(reader: Reader) -> None:
    reader.refuse(lambda uid: uid == 2, b"NO no")
    reader.read()
    reader.clock.pass_by(3 * GIVE_UP_READING)
    reader.read()
    assert reader.waiting == [2]


def test_two_mails_that_are_never_given_out_are_two(reader: Reader) -> None:
    reader.refuse(lambda uid: uid in (1, 2), b"NO no")
    reader.read()
    reader.pass_by(GIVE_UP_READING + 2 * HOUR)
    assert len(list(reader.doors.reading.mails(state="parked"))) == 2


def test_one_that_vanishes_meanwhile_is_forgotten(reader: Reader) -> None:
    reader.refuse(lambda uid: uid == 2, b"NO no")
    reader.read()
    mailbox = reader.doors.folder("support", "INBOX")
    mailbox.open()
    with mailbox._connection.talking() as client:
        client.select_folder("INBOX")
        client.delete_messages([2])
        client.expunge()
    mailbox.close()
    reader.clock.pass_by(2 * MINUTE)
    reader.read()
    assert reader.waiting == []
    assert len(reader.subjects) == 2


EXCHANGE = (
    b'From: "Microsoft Exchange Server" <>\r\nSubject: Retrieval using the IMAP4 protocol failed for the following '
    b"message: 7\r\n\r\nThe server couldn't retrieve the following message:\r\n\r\nThe message could not be retrieved "
    b"using the IMAP4 protocol. The message has not been deleted.\r\n"
)


@pytest.mark.parametrize(
    ("raw", "is_substitute"),
    [
        (EXCHANGE, True),
        (b"Received: from mx.example\r\n" + EXCHANGE, False),  # somebody hands such a text on
        (letter(1), False),
        (b"Subject: Re: help\r\n\r\n> could not be retrieved using the IMAP4 protocol\r\nWhat does it mean?", False),
        (b"X-MS-Exchange-SafeAttachment: 1\r\nSubject: x\r\n\r\nATP scan in progress", True),
    ],
)
def test_a_text_in_the_place_of_a_mail_is_known_for_one(raw: bytes, is_substitute: bool) -> None:
    assert bool(substitutes.why_not_the_mail(raw)) == is_substitute


def test_a_server_that_was_restored_and_gives_uids_out_again_is_read_anew(dovecot: Dovecot, reader: Reader) -> None:
    reader.read()
    told = [b"UIDNEXT 2]"]  # of the server as it was before the second mail came
    reader.proxy.on_server = lambda data: re.sub(rb"UIDNEXT \d+\]", told[0], data)
    user = reader.doors.config.mailbox["support"].username
    dovecot.deliver(letter(4), user)
    reader.read()
    assert len(reader.subjects) == 4  # what is known stays known
    reader.relent()
    reader.read()
    assert len(reader.subjects) == 4
