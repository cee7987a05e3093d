"""A shop's first days: a fake clock, real servers, mails that come when they came, and what staff did meanwhile."""

from __future__ import annotations

import email
import email.policy
import shutil
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from imapclient import IMAPClient
from sqlalchemy import select

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.engine.once import once
from pipeline.learn.registry import Registry
from pipeline.store import schema
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT, Desk
from tests.first_day.facts import SentLetter, untrue
from tests.first_day.mails import DayMail, Kind
from tests.learned import KEY, starter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

OFFICE = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 16, tzinfo=OFFICE)
OPENING, END = MONDAY + timedelta(hours=8), MONDAY + timedelta(days=2, hours=18)
STEP = timedelta(minutes=30)  # between passes while nothing comes; a mail is read half a minute after it came
SOON = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A mail that went out."""

    at: datetime
    recipient: str
    message: EmailMessage

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return " ".join(body.get_content().split()) if body else ""

    @property
    def is_letter(self) -> bool:
        """To a customer, not to one of us."""
        return self.recipient.endswith("@example.org")


@dataclass
class FirstDay:
    """The installation, and what has happened."""

    doors: LiveDoors
    clock: FakeClock
    box: IMAPClient
    sink: SmtpSink
    sent: list[Sent] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)  # what letters asserted that was not so when they went out
    refs: dict[str, str] = field(default_factory=dict)  # name of who wrote, of a follow-up its key → id of the mail

    def at(self, day: int, hour: int, minute: int) -> datetime:
        return MONDAY + timedelta(days=day, hours=hour, minutes=minute)

    def comes(self, mail: DayMail) -> None:
        """It lies in the mailbox from its time on, and is read soon after."""
        self.clock.at = self.at(*mail.at)
        self.box.append("INBOX", self._written(mail), msg_time=self.clock.at)
        self.clock.pass_by(SOON)
        self.passes()
        with self.doors.database.reading() as connection:
            of_it = schema.mail.c.message_id == f"<{_key(mail)}@example.org>"
            name = mail.name if mail.kind is not Kind.FOLLOW_UP else _key(mail)
            self.refs[name] = connection.execute(select(schema.mail.c.id).where(of_it)).scalar_one()

    def passes(self) -> None:
        """One pass of `firstline once`; what went out is noted with its time."""
        before = len(self.sink.accepted)
        assert once(self.doors)["unreachable"] == []
        for one in self.sink.accepted[before:]:
            message = email.message_from_bytes(one.data, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.sent.append(Sent(at=self.clock.now(), recipient=one.recipients[0], message=message))
            if self.sent[-1].is_letter:
                self.untrue += self._untrue(self.sent[-1])

    def goes_on(self, until: datetime) -> None:
        """Passes while nothing comes; the office is closed at night, and four a night must do."""
        while self.clock.now() + STEP < until:
            step = STEP if 7 <= self.clock.now().astimezone(OFFICE).hour < 19 else timedelta(hours=3)
            self.clock.at = min(self.clock.now() + step, until - SOON)
            self.passes()

    def says(self, mail: DayMail, words: str) -> None:
        """Somebody at the desk answers the customer."""
        self.doors.board.comment(self.refs[mail.name], words, "anna", self.clock.now(), public=True)

    def answers_from_mail_program(self, mail: DayMail, words: str) -> None:
        """The same from a mail program, whose copy lies in the sent folder."""
        answer = EmailMessage()
        answer["From"], answer["To"] = "Anna <anna@example.com>", f"{mail.name.title()} <{mail.address}>"
        answer["Subject"], answer["Date"] = f"Re: {mail.subject}", self.clock.at
        answer["Message-ID"], answer["In-Reply-To"] = f"<anna-{mail.name}@example.com>", f"<{_key(mail)}@example.org>"
        answer.set_content(words + "\n")
        if not self.box.folder_exists("Sent"):
            self.box.create_folder("Sent")
        self.box.append("Sent", answer.as_bytes().replace(b"\n", b"\r\n"), msg_time=self.clock.at)

    def letters_to(self, mail: DayMail) -> list[Sent]:
        return [one for one in self.sent if one.recipient == mail.address]

    def _untrue(self, one: Sent) -> list[str]:
        letter = SentLetter(
            at=one.at, recipient=one.recipient, text=one.text, message_id=str(one.message["Message-ID"])
        )
        return [f"{one.recipient}: {what}" for what in untrue(letter, self.doors.database, self.doors.config)]

    def _written(self, mail: DayMail) -> bytes:
        message = EmailMessage()
        message["From"], message["To"] = f"{mail.name.title()} <{mail.address}>", "support@example.com"
        message["Subject"], message["Date"] = mail.subject, self.clock.at
        message["Message-ID"] = f"<{_key(mail)}@example.org>"
        for name, value in mail.headers.items():
            message[name] = value
        text = mail.text + "\n"
        if mail.answers:
            (ours, *_) = [one for one in self.sent if one.recipient == mail.address]
            message["In-Reply-To"] = ours.message["Message-ID"]
            quoted = ours.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
            text += f"\nOn Mon, 16 Nov 2026, Example Support <support@example.com> wrote:\n{_quote(quoted)}"
        message.set_content(text)
        return message.as_bytes().replace(b"\n", b"\r\n")


def _key(mail: DayMail) -> str:
    return f"{mail.name}-{'-'.join(map(str, mail.at))}"


def _quote(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def open_shop(folder: Path, dovecot: Dovecot, sink: SmtpSink) -> FirstDay:
    """A new installation with the starter model and the topics as they are shipped; unsure less often than shipped."""
    desk = Desk(folder, dovecot.imap_port, sink.port, dovecot.fresh_user(), models=folder / "models")
    shutil.copytree(starter().registry.folder, folder / "models")
    (folder / "var" / "key").write_bytes(KEY)
    registry = Registry(folder / "models", KEY)
    with registry.locked():
        registry.use(starter().version.name, "promote", "the first day")
    (folder / "pw").write_text(desk.password, encoding="ascii")
    clock = FakeClock(OPENING)
    box = IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False)
    box.login(desk.username, desk.password)
    return FirstDay(build(check(_settings(folder), folder / "config.toml"), clock), clock, box, sink)


def _settings(folder: Path) -> dict[str, Any]:
    made = tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))
    shipped = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    made["mailbox"]["support"]["password"] = {"file": "pw"}
    return made | {
        "topics": shipped["topics"],
        "calendar": {"timezone": "Europe/Helsinki", "hours": "Mon-Fri 09:00-17:00"},
        "follow_up": {"staff": ["lead@example.com"], "leadership": ["boss@example.com"]},
    }
