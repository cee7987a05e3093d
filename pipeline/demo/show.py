"""The demonstration: servers on free loopback ports, sample mails, one pass, and what came of it."""

from __future__ import annotations

import email
import email.policy
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.config.load import check
from pipeline.config.settings import Config
from pipeline.config.topics import TopicConfig
from pipeline.demo.servers import EmbeddedImap, EmbeddedSmtp
from pipeline.engine.once import OncePass, once
from pipeline.engine.run import run
from pipeline.parse import message as parse_message
from pipeline.records.ledger import LedgerMail
from pipeline.records.ticket import TicketAction
from pipeline.wiring.live_doors import LiveDoors, build

# Of the doors, what runs beside their worker until it is told to stop.
Pages = Mapping[str, Callable[[Callable[[], bool]], None]]
PagesOf = Callable[[LiveDoors], AbstractContextManager[Pages]]
ADDRESS = "support@example.com"
BOLD = {"topic": 0.1, "complaint": 0.05}  # shares of wrong ones that the demonstration lives with, to show its letters
MAILS = Path(__file__).parent / "mails"


SAYS = b"Authentication-Results"


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownMail:
    """A mail of the demonstration: what it is about, what was done, and why not."""

    id: str
    subject: str
    topic: str  # in (brackets?) when the machine was not sure
    sentiment: str | None
    done: str
    why: str


@dataclass
class DemoStage:
    """The demonstration's servers and the doors to them."""

    imap: EmbeddedImap
    smtp: EmbeddedSmtp
    doors: LiveDoors

    def deliver(self) -> int:
        """Puts the sample mails into the mailbox, with the line ends of the wire."""
        files = sorted(MAILS.glob("*.eml"))
        for file in files:
            raw = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            self.imap.deliver(_received(raw))
        return len(files)

    def rows(self) -> list[ShownMail]:
        """Mail by mail, in the order of the mailbox."""
        mails = [self.doors.reading.mail(row.id) for row in self.doors.reading.mails()]
        places = [(place.uid, mail) for mail in mails for place in mail.locations]
        return [_shown(mail, uid) for uid, mail in sorted(places, key=lambda place: place[0])]

    def first_acknowledgement(self) -> str:
        """One of the mails that were sent, as a person would read it."""
        fitting = [one for one in self.smtp.accepted if b"eve.lindqvist@" in one.data] or self.smtp.accepted
        message = email.message_from_bytes(fitting[0].data, policy=email.policy.default)
        headers = "\n".join(f"{name}: {value}" for name, value in message.items())
        body = message.get_body(("plain",))
        return f"{headers}\n\n{body.get_content() if body else ''}"


def _received(raw: bytes) -> bytes:
    """As the receiving server hands it on: with its word on where the mail comes from, if a sample has none."""
    if SAYS.lower() in raw.partition(b"\r\n\r\n")[0].lower():
        return raw
    sender = parse_message.parse(raw).sender
    return SAYS + f": mx.example.com; dmarc=pass header.from={sender.domain if sender else ''}\r\n".encode() + raw


def _shown(mail: LedgerMail, uid: int) -> ShownMail:
    again = uid != min(place.uid for place in mail.locations)
    return ShownMail(
        id=mail.id,
        subject=mail.subject,
        topic=mail.topic or "" if mail.topic_sure else f"({mail.topic}?)" if mail.topic else "",
        sentiment=mail.sentiment,
        done="the same mail again: known" if again else _done(mail),
        why="" if again else _why(mail),
    )


def _done(mail: LedgerMail) -> str:
    decision = mail.decision
    words = [f"acknowledged ({decision.template})"] if mail.acknowledged else []
    words += _TICKET_WORDS.get(decision.ticket, [])
    words += ["to check"] if decision.to_check else []
    return ", ".join(words) or ("parked" if mail.parked else "recorded")


_TICKET_WORDS = {
    TicketAction.OPEN: ["ticket"],
    TicketAction.UPDATE: ["ticket updated"],
    TicketAction.NOTE: ["noted on ticket"],
}


def _why(mail: LedgerMail) -> str:
    """Why nothing was sent, or why only the neutral text."""
    if mail.reasons:
        return ", ".join(mail.reasons)
    if mail.decision.template == "neutral":
        return "perhaps a complaint" if mail.topic_sure else "topic unsure"
    return ""


@contextmanager
def stage(config: Config, *, pages: bool = False) -> Iterator[DemoStage]:
    """Servers, an empty throw-away store, and the model, templates and topics of `config`. `pages`: those too."""
    scratch = tempfile.TemporaryDirectory(prefix="firstline-demo-")
    with scratch as folder, EmbeddedSmtp() as smtp, EmbeddedImap() as imap:
        doors = build(_on_stage(config, Path(folder), imap, smtp, _pages() if pages else {}))
        try:
            yield DemoStage(imap, smtp, doors)
        finally:
            doors.close()


PORT = 8025  # of the pages, where it is free


def _pages() -> dict[str, object]:
    """[web] on a port that is free now."""
    try:
        free = socket.create_server(("127.0.0.1", PORT))
    except OSError:
        free = socket.create_server(("127.0.0.1", 0))
    with free as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
    return {"web": {"enabled": True, "listen": address, "url": f"http://{address}", "form": True}}


def _on_stage(config: Config, folder: Path, imap: EmbeddedImap, smtp: EmbeddedSmtp, more: dict[str, object]) -> Config:
    (username, password), *_ = imap.users.items()
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    return check(
        {
            **_taken_over(config),
            **more,
            "store": {"url": f"sqlite:///{folder}/demo.db"},
            "mailbox": {
                "support": {
                    "host": "127.0.0.1",
                    "port": imap.port,
                    "security": "none",
                    "username": username,
                    "password": {"file": str(secret)},
                    "addresses": [ADDRESS],
                    "first_run": "acknowledge",
                }
            },
            "smtp": {
                "host": "127.0.0.1",
                "port": smtp.port,
                "security": "none",
                "from": f"Example Support <{ADDRESS}>",
            },
            "guard": {"authserv": ["mx.example.com"]},
            "security": {"key": {"file": str(config.at(config.security.key.file))}}
            if config.security.key.file
            else {"key": {"env": config.security.key.env}},
        },
        folder / "config.toml",
    )


def _taken_over(config: Config) -> dict[str, object]:
    """What the demonstration takes from the real configuration: topics, model, letters, working hours."""
    return {
        "topics": {name: _situation(topic, config) for name, topic in config.topics.items()},
        "grants": {name: {"title": grant.title} for name, grant in config.grants.items()},
        "classify": {"models": str(config.at(config.classify.models)), "max_error": BOLD},
        "replies": {
            "templates": str(config.at(config.replies.templates)),
            "company": config.replies.company,
            "signature": config.replies.signature,
        },
        "calendar": {
            "timezone": config.calendar.timezone,
            "hours": config.calendar.hours,
            "holidays": config.calendar.holidays,
            "closed": list(config.calendar.closed),
        },
    }


def _situation(topic: TopicConfig, config: Config) -> dict[str, object]:
    """A prepared situation. Where nothing may be granted, the first grant is: so that an offer can be seen."""
    return {
        "title": topic.title,
        "owner": topic.owner,
        "may_grant": list(topic.may_grant) or list(config.grants)[:1],
        "articles": list(topic.articles),
    }


def one_pass(config: Config) -> tuple[list[ShownMail], OncePass, str]:
    """Delivers, runs one pass; returns the mails, the counts of `once`, and one acknowledgement in full."""
    with stage(config) as on:
        on.deliver()
        result = once(on.doors)
        return on.rows(), result, on.first_acknowledgement() if on.smtp.accepted else ""


def serve(config: Config, ready: Callable[[DemoStage], None], pages_of: PagesOf) -> None:
    """Keeps servers, worker and pages up until Ctrl-C.

    `ready` is called with the stage once mail can be sent; `pages_of` makes of the doors what runs beside the worker.
    """
    with stage(config, pages=True) as on, pages_of(on.doors) as beside:
        on.deliver()
        threading.Timer(0.5, ready, [on]).start()
        run(on.doors, beside)
