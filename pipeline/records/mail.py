"""A message, where it lies, and how far a mailbox has been read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from pipeline.tokens import REF

# Marks of replies and forwards as mail programs of many languages set them, any number of them; and a list's tag.
_MARKS = (
    *"re r fwd? fw aw wg sv vs vl tr rv res enc rif i ref antw doorst odp pd ynt ilt i̇lt vb vast ang edasi atb".split(),
    *"na ha vá továbbítás hl sk σχετ απ πρθ отв ответ пересл на відп trả bls svar trs ri antwort ats balas".split(),
    *"betr cevap ed edell iletilen inoltra odg odpověď odpowiedź persiųsta pos prosl przek pārs předat ras răs".split(),
    *"red reenv resp ris ré rép terusan tl tov trans va vbf vál válasz wtr yan προώθ вдп отг пер переслано".split(),
    *"препр прп 回复 回覆 答复 答覆 轉寄 轉發 转发 返信 転送 回信 답장 전달 회신 השב תשובה הועבר העברה رد".split(),
    *("تحويل", "إعادة توجيه", "chuyển tiếp", "trả lời"),
)
_SUBJECT_MARKS = re.compile(
    rf"^(\s*({'|'.join(_MARKS)})(\[\d+\]|\^\d+)?\s*[:\uff1a]|\s*\[[^\]]{{0,40}}\])+", re.IGNORECASE
)


_SENT = "/sent"


def sent_box(mailbox: str) -> str:
    """The name under which is recorded what lies in the sent folder of a mailbox."""
    return mailbox + _SENT


def is_sent_box(name: str) -> bool:
    """Is it such a name?"""
    return name.endswith(_SENT)


def read_box(name: str) -> str:
    """The mailbox itself, of such a name or of its own."""
    return name.removesuffix(_SENT)


class MailState(StrEnum):
    """Where a mail of the ledger stands, as a person reads it."""

    PENDING = "pending"  # an effect of it is not finished
    DONE = "done"
    PARKED = "parked"  # a person looks first: `firstline mail release|discard`


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One mailbox of a person: `email` as written but without white space and comments, `name` decoded or ''."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        """The part after the @, in lower case."""
        return self.email.rpartition("@")[2].lower()

    @property
    def local(self) -> str:
        """The part before the @, in lower case."""
        return self.email.rpartition("@")[0].lower()

    @property
    def folded(self) -> str:
        """How we recognise a person, however their address is written: see `fold`."""
        return fold(self.email)

    @property
    def is_writable(self) -> bool:
        """Can a letter go there? Not to a quoted local part (RFC 5321 section 4.1.2): it hides a space or an @."""
        return is_writable(self.email)

    @property
    def home(self) -> str:
        """The domain of the folded address."""
        return self.folded.rpartition("@")[2]


_WRITABLE = re.compile(r"[^\s<>\x00-\x1f\x7f,;:\"()\[\]]+@[^\s<>\x00-\x1f\x7f,;:\"()]+")


def is_writable(email: str) -> bool:
    """Is it an address that stands in a header and in an envelope as it is, and can break neither?"""
    return _WRITABLE.fullmatch(email) is not None


_NO_DOTS = ("gmail.com", "googlemail.com")  # one mailbox, with dots or without, under both names


@lru_cache(maxsize=4096)
def fold(email: str) -> str:
    """One spelling for all that reach the same mailbox: case, +suffix, forms of letters (NFKC), names of domains in
    their ASCII form, and at Gmail the dots."""
    if not email.isascii():
        email = unicodedata.normalize("NFKC", email)
    local, _, domain = email.rpartition("@")
    local, domain = local.lower().partition("+")[0], _ascii_domain(domain.lower().rstrip("."))
    if domain in _NO_DOTS:
        return f"{local.replace('.', '')}@{_NO_DOTS[0]}"
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str:
    """RFC 5891; what is no such name stays as it is."""
    if domain.isascii():
        return domain
    import idna

    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Where a mail lies. UIDs mean something only together with the UIDVALIDITY (RFC 9051 section 2.3.1.1)."""

    mailbox: str  # our name of it, the NAME of [mailbox.NAME]
    uidvalidity: int
    uid: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RawMail:
    """A message as the mailbox handed it over."""

    location: Location
    received: datetime  # INTERNALDATE
    raw: bytes  # possibly cut: see `size`
    size: int  # RFC822.SIZE, of the whole message
    missing: str = ""  # why the server did not give it out; then `raw` is empty


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A part that is not the text: listed, never opened."""

    name: str  # decoded, '' when the part has none
    content_type: str
    size: int  # bytes after decoding


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedRecipient:
    """One recipient of a delivery report (RFC 3464)."""

    address: str
    status: str  # enhanced status code, "5.1.1", or '' when the report names none
    permanent: bool
    dead: bool = False  # it says that there is no such address (any more): no mail can ever arrive


@dataclass(frozen=True, kw_only=True, slots=True)
class MachineReport:
    """A machine's report about a mail that we sent."""

    kind: str  # "delivery" (RFC 3464), "disposition" (a read receipt, RFC 8098), or another report-type (RFC 6522)
    about: str  # Message-ID of the mail it reports, '' when it can't be told
    recipients: tuple[FailedRecipient, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A message understood as far as its own bytes go. Whatever they were, every field holds something usable."""

    message_id: str  # "<…>", '' when missing
    content_hash: str  # day and hex; the same content delivered twice has the same (see parse.content_hash)
    sender: Address | None  # From; None when there is no usable one
    reply_to: Address | None
    return_path: str | None  # '' is the null path <>; None: no such header
    recipients: tuple[str, ...]  # whom any header names as a recipient: To, Cc, Delivered-To …; lower case
    subject: str  # decoded, one line
    sent: datetime | None  # the Date header: the sender's claim, never used to judge age
    text: str  # what is new, and what the writer passes on: no quotes, no signature
    whole: str  # all of the text part
    language: str  # ISO 639-1, '' when it can't be told
    attachments: tuple[Attachment, ...]
    in_reply_to: tuple[str, ...]  # Message-IDs
    references: tuple[str, ...]  # Message-IDs, oldest first
    headers: Mapping[str, tuple[str, ...]]  # lower-case name → values, decoded, cut to a sane length
    content_type: str  # of the whole message, lower case, without parameters
    parts: tuple[str, ...]  # content types of all parts met
    report: MachineReport | None
    size: int  # bytes of the whole message
    notes: tuple[str, ...]  # what was odd about it, for people
    addressees: tuple[str, ...] = ()  # of To and Cc alone; lower case
    others: Mapping[str, Address] = field(default_factory=dict)  # of Sender, Resent-From …, by name in lower case
    beside: str = ""  # `text` with what was cut on less than proof, '' where that is little: judged too
    bodies: tuple[str, ...] = ()  # types of what is no attachment; a calendar with its method: "text/calendar request"

    @property
    def plain_subject(self) -> str:
        """The subject without reply and forward marks and our reference, folded: to tell that two are the same."""
        return _plain_subject(self.subject)

    def header(self, name: str) -> str:
        """The first value of a header, '' when it is missing."""
        values = self.headers.get(name.lower())
        return values[0] if values else ""


def bare_subject(subject: str) -> str:
    """Without reply and forward marks in front, otherwise as it was written."""
    return " ".join(_SUBJECT_MARKS.sub("", subject).split())


@lru_cache(maxsize=1000)  # guard, ledger and limits ask for the same one
def _plain_subject(subject: str) -> str:
    bare = _SUBJECT_MARKS.sub("", REF.sub("", subject))
    return " ".join(bare.casefold().split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """A selected mailbox folder."""

    uidvalidity: int
    uidnext: int
    uidnext_told: bool = True  # by the server; else it is worked out, and goes back when the last mail is moved away


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """How far a mailbox has been read. UIDs below `first_uidnext` lay there at the first run.

    UIDs below `doubtful_uidnext` may have been answered before the database was restored; -1: how far is not known yet.
    """

    mailbox: str
    uidvalidity: int
    next_uid: int
    first_uidnext: int
    doubtful_uidnext: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Undelivered:
    """A mail that its server would not give out: it is not read, and asked for again."""

    location: Location
    since: datetime
    tries: int
    waited: timedelta  # how long it was asked for while its server answered
    last_try: datetime
    next_try: datetime
    why: str
