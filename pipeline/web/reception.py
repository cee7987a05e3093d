"""What comes by the API or the form goes the way of every mail: as a message of its own in the mailbox `web`."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from pipeline.config.settings import WEB
from pipeline.doors import Predictor
from pipeline.engine.shared import Engine
from pipeline.parse import message
from pipeline.records.labels import Label
from pipeline.records.mail import Location, RawMail
from pipeline.route import Route
from pipeline.understand import understand
from pipeline.wiring.live_doors import LiveDoors

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
NOWHERE = "web.invalid"  # RFC 2606: whoever leaves no address is at home here, and is never written to
_LOOK_AROUND = timedelta(seconds=5)  # between looks for a changed model


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What somebody said, and by which way it came. The same `id` names the same note, however often it is sent."""

    id: str
    channel: str  # "form", "shop", "telephone" …: lower-case letters, digits and hyphens
    text: str
    subject: str = ""
    name: str = ""
    email: str = ""  # '' when none was left
    language: str = ""  # '' when it is to be told from the text
    about: str = ""  # Message-ID of ours that it answers


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What became of it."""

    ref: str
    known: bool  # it had come before
    acknowledged: bool  # a letter to its writer is on its way
    ticket: bool


class Reception:
    """Hands notes to the route, with the model and the templates as they are now. Used by many threads."""

    def __init__(self, doors: LiveDoors) -> None:
        self.doors = doors
        self._engine = Engine(doors, dry=True)  # only looks around; who sends is somebody else
        self._looked: datetime | None = None
        self._lock = threading.Lock()

    def take(self, note: Note) -> Receipt:
        """Records it in one transaction, as mails are; sending it twice is harmless."""
        if known := self._known_from_before(note):
            return Receipt(ref=known, known=True, acknowledged=False, ticket=False)
        raw = self._raw(note, self.doors.signer.pseudonym("note", f"{note.channel}:{note.id}"))
        with self._lock:
            route = self._route()
            (one,) = understand([raw], route.predictor)  # a form of ours has no fields to be read
            if note.language:
                one = replace(one, mail=replace(one.mail, language=note.language))
            judged, copies = route.take([raw], None, [one])
        if copies:
            return Receipt(ref=copies[0].mail_id, known=True, acknowledged=False, ticket=False)
        decision = judged[0].decision
        return Receipt(
            ref=judged[0].id, known=False, acknowledged=decision.acknowledge, ticket=decision.ticket.value != "none"
        )

    def sentiment(self, text: str) -> tuple[Label, bool]:
        """How these words sound, and whether they are, or may be, a complaint."""
        from pipeline.engine.jobs import surveys

        with self._lock:
            labels = surveys.heard(text, self._route().predictor)
        return labels.sentiment, labels.may_complain

    def predictor(self) -> Predictor | None:
        """The model in use, looked for again now and then; None for none."""
        with self._lock:
            return self._route().predictor

    def _route(self) -> Route:
        now = self.doors.clock.now()
        if self._looked is None or now - self._looked > _LOOK_AROUND:
            self._engine.look_around()
            self._looked = now
        return self._engine.route()

    def _known_from_before(self, note: Note) -> str:
        """The mail that this note became under a Message-ID that was no secret, '' when it is new."""
        data = self._raw(note, hashlib.sha256(f"{note.channel}:{note.id}".encode()).hexdigest()[:32]).raw
        return self.doors.reading.id_of_content(message.content_hash(data))

    def _raw(self, note: Note, name: str) -> RawMail:
        """`name`: keyed, so that nobody can name the message who does not know our key."""
        data = _message(note, name, next(iter(self.doors.config.our_addresses), ""))
        place = int.from_bytes(hashlib.sha256(data).digest()[:7], "big")  # a UID that the same note has again
        location = Location(mailbox=WEB, uidvalidity=1, uid=place)
        return RawMail(location=location, received=self.doors.clock.now(), raw=data, size=len(data))


def _message(note: Note, name: str, ours: str) -> bytes:
    """As a mail program would have sent it; without a date, so that the same note is the same bytes."""
    written = EmailMessage(policy=SMTP)
    local, _, domain = (note.email or f"nobody.{name[:12]}@{NOWHERE}").rpartition("@")
    written["From"] = Address(_one_line(note.name), local, domain)
    if ours:
        written["To"] = ours
    written["Subject"] = _one_line(note.subject)
    written["Message-ID"] = f"<{name}@{NOWHERE}>"
    written["X-Channel"] = note.channel
    if note.about:
        written["In-Reply-To"] = note.about
    written.set_content(_sendable(note.text))
    return written.as_bytes()


def _one_line(text: str) -> str:
    """Nothing in it can begin a header of its own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in _sendable(text)).split())


def _sendable(text: str) -> str:
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
