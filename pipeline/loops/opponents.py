"""The machines that a support mailbox meets, as what they write. Each is worse than life: it answers every mail.

A real vacation responder answers a sender once in some days, and leaves marked mail alone. Here none does either, so
what stops a loop is our side only. Each kind comes with its marks and without them (a gateway in between, or a system
that never set them).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from pipeline.parse import message
from pipeline.records.letter import Reply
from pipeline.records.mail import Mail
from pipeline.tokens import LOOP_HEADER

Headers = Mapping[str, str]


class Opponent(Protocol):
    """Somebody opposite: writes by itself, and answers what it is sent."""

    name: str
    domain: str  # where its addresses are, and nobody else's

    def writes(self, turn: int, to: str) -> Sequence[bytes]:
        """What it sends in this turn without being asked."""

    def answers(self, reply: Reply) -> Sequence[bytes]:
        """What it makes of a mail of ours."""


@dataclass(kw_only=True)
class Machine:
    """Answers every mail at once. {subject} is that of our mail, {number} counts its own."""

    name: str
    domain: str
    marks: Headers = field(default_factory=dict)
    subject: str = "Re: {subject}"
    local: str = "person"  # may hold {number}
    threaded: bool = True  # In-Reply-To and References
    quotes: bool = False  # our text is below its own
    notices: int = 1  # mails for each of ours
    nagging: bool = False  # writes every turn, asked or not
    by_machine: bool = False  # the first mail too comes from the machine, else from the person behind it
    sent: int = 0

    def writes(self, turn: int, to: str) -> Sequence[bytes]:
        """A mail first; a nagging one writes each turn."""
        if turn and not self.nagging:
            return []
        if self.by_machine or turn:
            return [self._mail({**self.marks, "To": to}, "Case {number} has been opened", "A new case.")]
        return [self._mail({"To": to}, "My parcel of Tuesday", "It has not come yet. Where is it?")]

    def answers(self, reply: Reply) -> Sequence[bytes]:
        """Its notices of having received ours."""
        heard = message.parse(reply.data)
        head = {**self.marks, "To": _address(heard), **(_thread(heard) if self.threaded else {})}
        subject = self.subject.replace("{subject}", heard.subject)
        text = f"Your mail has been received.\n\n{_quoted(heard) if self.quotes else ''}"
        return [self._mail(head, subject, text) for _ in range(self.notices)]

    def _mail(self, head: Headers, subject: str, text: str) -> bytes:
        self.sent += 1
        sender = f"{self.local}@{self.domain}".replace("{number}", str(self.sent))
        return write_mail(sender, self.sent, {**head, "Subject": subject.replace("{number}", str(self.sent))}, text)


@dataclass(kw_only=True)
class Bouncing(Machine):
    """The customer's address does not exist: their server reports each mail of ours (RFC 3464); they write again."""

    marked: bool = True
    again: int = 5  # turns between two mails of the customer

    def writes(self, turn: int, to: str) -> Sequence[bytes]:
        """A mail every few turns."""
        if turn % self.again or turn > 4 * self.again:
            return []
        return [self._mail({"To": to}, "Question {number} about my order", "When does it come?")]

    def answers(self, reply: Reply) -> Sequence[bytes]:
        """A report that ours could not be delivered."""
        heard = message.parse(reply.data)
        self.sent += 1
        sender = f"mailer-daemon@{self.domain}"
        head = {"To": _address(heard), "Subject": "Undelivered Mail Returned to Sender"}
        if not self.marked:
            said = f"<{reply.recipient}>: 550 5.1.1 no such user\n\n{_quoted(heard)}"
            return [write_mail(sender, self.sent, head, said)]
        head |= {"Return-Path": "<>", "Auto-Submitted": "auto-replied"}
        return [write_mail(sender, self.sent, {**head, **_REPORT}, _report(reply, heard))]


@dataclass(kw_only=True)
class PassedOn(Machine):
    """People's mail that comes through a form, a forwarder or a group of ours, which re-marks it; behind it a machine
    answers whatever it gets, by the same way or straight."""

    through: str = "form"  # form, forwarder, group
    straight: bool = False

    @property
    def entry(self) -> str:
        """The address that [guard] must know."""
        return f"{self.through}@{self.domain}"

    def writes(self, turn: int, to: str) -> Sequence[bytes]:
        """A person's mail first."""
        return [] if turn else [self._passed({"To": to, "Subject": "Where is my parcel?"}, "It has not come yet.")]

    def answers(self, reply: Reply) -> Sequence[bytes]:
        """It has received ours."""
        heard = message.parse(reply.data)
        head = {"To": _address(heard), "Subject": f"Re: {heard.subject}", **_thread(heard)}
        if self.straight:
            return [self._mail(head, "Re: {subject}".replace("{subject}", heard.subject), "Your mail has come.")]
        return [self._passed(head, "Your mail has come.")]

    def _passed(self, head: Headers, text: str) -> bytes:
        self.sent += 1
        person = f"{self.local}@{self.domain}"
        if self.through == "forwarder":
            return write_mail(person, self.sent, {**head, **REMARKED, "Resent-From": self.entry}, text)
        marks = {
            "form": {**REMARKED, "Return-Path": "<>", "Reply-To": person},
            "group": {**LIST, "X-Original-From": person},
        }
        return write_mail(self.entry, self.sent, {**head, **marks[self.through]}, text)


@dataclass(kw_only=True)
class Reacting(Machine):
    """Somebody who has written to us reacts to each of our letters with an emoji."""

    def answers(self, reply: Reply) -> Sequence[bytes]:
        """Gmail's form of it."""
        heard = message.parse(reply.data)
        head = {"To": _address(heard), "Subject": f"Re: {heard.subject}", **_thread(heard), **_REACTION}
        self.sent += 1
        return [write_mail(f"{self.local}@{self.domain}", self.sent, head, _reaction())]


@dataclass(kw_only=True)
class Spoofing(Machine):
    """Forges delivery reports about the customers of the next turns, so that they get no answer."""

    def writes(self, turn: int, to: str) -> Sequence[bytes]:
        """A report each turn, about nothing that we sent."""
        self.sent += 1
        victims = (f"eve{later}@customer{later}.example" for later in range(turn, turn + 20))
        failed = "".join(
            f"\r\nFinal-Recipient: rfc822; {one}\r\nAction: failed\r\nStatus: 5.1.1\r\n" for one in victims
        )
        parts = (
            "--report\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
            f"--report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n{failed}"
            f"--report\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{turn}@{self.domain}>\r\n--report--\r\n"
        )
        head = {"To": to, "Subject": f"Undelivered {turn}", **_REPORT}
        return [write_mail(f"mailer-daemon@{self.domain}", self.sent, head, parts)]

    def answers(self, _reply: Reply) -> Sequence[bytes]:
        """It hears nothing: nobody writes to a mailer daemon."""
        return []


@dataclass(kw_only=True)
class Redirecting(Machine):
    """Sends our own mail back to us: an alias in a circle, a rule that redirects, a list that we are on."""

    stripped: bool = False
    sender: str = ""  # rewritten From; '' leaves ours

    def answers(self, reply: Reply) -> Sequence[bytes]:
        """Our own mail, sent back to us."""
        raw = without_marks(reply.data) if self.stripped else reply.data
        if self.sender:
            raw = _with_header(raw, b"From", f"{self.sender}@{self.domain}".encode())
        more = "".join(f"{name}: {value}\r\n" for name, value in self.marks.items())
        return [f"Delivered-To: {_address(message.parse(reply.data))}\r\n{more}".encode() + raw]


def write_mail(sender: str, number: int, head: Headers, text: str) -> bytes:
    """A mail as it lies in the mailbox; `number` tells it from the sender's others, `head`: further header fields."""
    domain = sender.rpartition("@")[2]
    lines = {"From": sender, "Message-ID": f"<{number}.{len(text)}@{domain}>", **head}
    lines.setdefault("Content-Type", "text/plain; charset=utf-8")
    top = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{top}\r\n{text}\r\n".encode()


def without_marks(raw: bytes) -> bytes:
    """Our mail after a gateway that keeps only what it knows."""
    for name in (b"Auto-Submitted", b"X-Auto-Response-Suppress", LOOP_HEADER.encode()):
        raw = _with_header(raw, name, b"")
    return raw


def _with_header(raw: bytes, name: bytes, value: bytes) -> bytes:
    """One header field given another value, or taken out; ours are never folded where this is used."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(name.lower() + b":")]
    return b"\r\n".join([*lines, name + b": " + value] if value else lines) + gap + body


def _address(heard: Mail) -> str:
    return heard.sender.email if heard.sender else ""


def _thread(heard: Mail) -> Headers:
    return {"In-Reply-To": heard.message_id, "References": " ".join((*heard.references, heard.message_id))}


def _quoted(heard: Mail) -> str:
    return "\n".join(f"> {line}" for line in heard.whole.splitlines())


_REPORT = {"Content-Type": "multipart/report; report-type=delivery-status; boundary=report"}


def _report(reply: Reply, heard: Mail) -> str:
    return (
        "--report\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {reply.recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "--report\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {heard.message_id}\r\nSubject: sent by us\r\n--report--\r\n"
    )


_REACTION = {"Content-Type": "multipart/alternative; boundary=reaction"}


def _reaction() -> str:
    return (
        "--reaction\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n👍\r\n"
        "--reaction\r\nContent-Type: text/vnd.google.email-reaction+json\r\n\r\n"
        '{"version":1,"emoji":"👍"}\r\n--reaction--\r\n'
    )


# --- who is known -----------------------------------------------------------------------------------------------------

VACATION = {"Auto-Submitted": "auto-replied (vacation)", "Precedence": "bulk", "Return-Path": "<>"}
# name → marks, subject. What people's own mail systems answer while they are away.
RESPONDERS: Mapping[str, tuple[Headers, str]] = {
    "Dovecot Pigeonhole vacation": (VACATION, "Auto: {subject}"),
    "Exchange out of office": (
        {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "X-MS-Exchange-Inbox-Rules-Loop": "x"},
        "Automatic reply: {subject}",
    ),
    "Gmail vacation": ({"Auto-Submitted": "auto-replied", "Precedence": "bulk", "X-Autoreply": "yes"}, "Re: {subject}"),
    "German absence notice": ({"X-Autoresponder": "yes"}, "Abwesenheitsnotiz: {subject}"),
}
# Ticket systems: they open a case of their own for each mail.
HELP_DESKS: Mapping[str, tuple[Headers, str]] = {
    "Zammad": ({"Auto-Submitted": "auto-replied", "Precedence": "bulk"}, "RE: {subject} [Ticket#{number}]"),
    "FreeScout": ({"X-FreeScout-Mail-Type": "auto.reply"}, "Re: {subject}"),  # not one mark of RFC 3834
    "osTicket": ({"X-Autoreply": "yes", "Precedence": "auto_reply"}, "Ticket opened [#{number}]"),
    "Request Tracker": (
        {"Auto-Submitted": "auto-replied", "Precedence": "bulk", "RT-Ticket": "desk #1"},
        "[desk #{number}] AutoReply: {subject}",
    ),
    "Znuny": ({"X-Loop": "yes", "Precedence": "bulk", "Auto-Submitted": "auto-generated"}, "[Ticket#{number}] RE"),
    "Odoo": ({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}, "Re: {subject}"),
    "Zendesk": (
        {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "X-Mailer": "Zendesk Mailer"},
        "[Request received] {subject}",
    ),
    "Mailman's replybot": ({"Precedence": "bulk", "X-Ack": "no"}, "Auto-response for your message"),
}
REMARKED = {"Auto-Submitted": "auto-generated", "Precedence": "bulk", "X-Auto-Response-Suppress": "All"}
LIST = {"List-Id": "<talk.list.example>", "List-Post": "<mailto:talk@list.example>", "Precedence": "list"}


def opponents() -> list[Opponent]:
    """All of them, each at a domain of its own."""
    known = [*_responders(), *_help_desks(), *_others()]
    return [replace(one, domain=f"opponent{number}.example") for number, one in enumerate(known, 1)]


def _responders() -> Iterator[Machine]:
    for name, (marks, subject) in RESPONDERS.items():
        machine = Machine(name=name, domain="", marks=marks, subject=subject)
        yield machine
        yield replace(machine, name=f"{name}, no marks", marks={}, threaded=False)


def _help_desks() -> Iterator[Machine]:
    for name, (marks, subject) in HELP_DESKS.items():
        machine = Machine(name=name, domain="", marks=marks, subject=subject, local="desk", by_machine=True)
        yield machine
        yield replace(machine, name=f"{name}, no marks", marks={}, threaded=False)


def _others() -> Iterator[Machine]:
    answering = Machine(name="", domain="", local="desk", by_machine=True, threaded=False)
    yield replace(answering, name="ticket system that quotes us", subject="Case {number}", quotes=True)
    yield replace(answering, name="ticket system, a new subject each time", subject="Case {number}")
    yield replace(answering, name="ticket system, two notices a mail", subject="Case {number}", notices=2)
    yield replace(
        answering, name="ticket system, an address per case", subject="Case {number}", local="case-{number}", notices=2
    )
    yield Machine(name="monitor that writes every turn", domain="", local="monitor", by_machine=True, nagging=True)
    yield Bouncing(name="address that bounces", domain="")
    yield Bouncing(name="address that bounces, a report without marks", domain="", marked=False)
    for through in ("form", "forwarder", "group"):
        yield PassedOn(name=f"machine behind a {through}", domain="", through=through)
        yield PassedOn(name=f"machine behind a {through}, answers straight", domain="", through=through, straight=True)
    yield Reacting(name="reaction to each letter", domain="")
    yield Spoofing(name="forged reports about customers", domain="")
    yield Machine(name="mailing list", domain="", marks=LIST, by_machine=True, local="member{number}")
    yield Redirecting(name="mailing list that gives us our own mail", domain="", marks=LIST)
    yield Redirecting(name="redirection in a circle", domain="")
    yield Redirecting(name="redirection in a circle, marks taken out", domain="", stripped=True)
    yield Redirecting(name="redirection under another name", domain="", stripped=True, sender="forwarder")
