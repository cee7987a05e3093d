"""The nouns of Firstline: frozen, keyword-only, typed. States and reasons are enums; every time is aware.

Nothing in here does anything; the steps (`parse`, `guard`, `classify`, `decide` …) turn one noun into the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pipeline.tokens import REF

# Re:, Fwd:, AW:, WG:, SV:, VS:, TR:, RV:, Antw: and a list's tag, any number of them.
_SUBJECT_MARKS = re.compile(
    r"^(\s*(re|fwd?|aw|wg|sv|vs|vl|tr|rv|rif|ref|antw|odp)(\[\d+\])?\s*[::]|\s*\[[^\]]{0,40}\])+", re.I
)


class MailState(StrEnum):
    """Where a mail of the ledger stands, as a person reads it."""

    PENDING = "pending"  # an effect of it is not finished
    DONE = "done"
    PARKED = "parked"  # a person looks first: `firstline mail release|discard`


class VerdictKind(StrEnum):
    """May a robot answer this mail?"""

    ANSWER = "answer"
    SILENT = "silent"
    PARK = "park"
    LIMIT = "limit"


class Strength(StrEnum):
    """A floor rule can never be overridden; a weak one yields to the operator's allow-list."""

    FLOOR = "floor"
    WEAK = "weak"


class EffectKind(StrEnum):
    """Something to be done outside."""

    ACKNOWLEDGE = "acknowledge"
    MARK = "mark"
    FILE = "file"  # opens, comments or changes a ticket in an outside tracker
    NOTIFY = "notify"  # tells customers where they stand, and owners what is due
    SURVEY = "survey"  # asks a customer


class EffectState(StrEnum):
    """intended → doing → done | waiting | uncertain | failed | cancelled."""

    INTENDED = "intended"
    DOING = "doing"
    DONE = "done"
    WAITING = "waiting"  # tried, will be tried again at `next_try`
    UNCERTAIN = "uncertain"  # a crash or a lost connection left it unknown
    FAILED = "failed"  # parked: permanent, a person looks
    CANCELLED = "cancelled"  # overtaken by events, for example too late


# Why an acknowledgement is uncertain after a restore: `details` say "restored" then.
RESTORED = "the database was restored: nobody knows whether it went out since the backup"

# Effects that are mails of ours, sent in this order: whoever has just written to us comes first.
MAILS = (EffectKind.ACKNOWLEDGE, EffectKind.NOTIFY, EffectKind.SURVEY)

BOARD = "board"  # the name of the built-in tracker

OPEN_EFFECTS = (EffectState.INTENDED, EffectState.DOING, EffectState.WAITING)


class TicketStatus(StrEnum):
    """The life of a ticket on the board."""

    OPEN = "open"
    ACTIVE = "active"  # somebody works on it
    WAITING = "waiting"  # for the customer
    RESOLVED = "resolved"
    CLOSED = "closed"  # for good: a reply opens a new ticket


class Priority(StrEnum):
    """How urgent a ticket is, the least first; each tracker's adapter translates it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class FilingAction(StrEnum):
    """What is to be done in an outside tracker."""

    OPEN = "open"
    COMMENT = "comment"
    UPDATE = "update"


class TicketAction(StrEnum):
    """What a decision does to the board."""

    NONE = "none"
    OPEN = "open"
    UPDATE = "update"  # a follow-up is noted; a resolved ticket is reopened
    NOTE = "note"  # noted without reopening: an automatic mail, a bounce


class PromiseKind(StrEnum):
    """What a time was given for."""

    RESPOND = "respond"  # a person answers
    RESOLVE = "resolve"  # it is solved


class PromiseState(StrEnum):
    """A promise that a customer has read is watched until it is kept or broken."""

    OPEN = "open"
    KEPT = "kept"
    RENEWED = "renewed"  # the customer was told a later time before it was over
    HELD = "held"  # rests until the customer has answered us
    BROKEN = "broken"


class SurveyKind(StrEnum):
    """What a customer is asked."""

    NPS = "nps"  # how likely they are to recommend us, 0 to 10
    CES = "ces"  # how easy we made it for them, 1 to 7
    CSAT = "csat"  # how satisfied they are with this one encounter, 1 to 5

    @property
    def scale(self) -> range:
        """The scores that can be given."""
        return {"nps": range(11), "ces": range(1, 8), "csat": range(1, 6)}[self.value]


class SurveyState(StrEnum):
    """intended → sent → answered | expired."""

    INTENDED = "intended"
    SENT = "sent"
    ANSWERED = "answered"
    EXPIRED = "expired"


class Stage(StrEnum):
    """Where in a case a touchpoint lies."""

    FIRST_MAIL = "first_mail"
    FOLLOW_UP = "follow_up"
    AFTER_ACKNOWLEDGEMENT = "after_acknowledgement"  # the first mail since it went out
    AFTER_RESOLUTION = "after_resolution"
    SURVEY = "survey"


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One mailbox of a person: `email` as written but without white space and comments, `name` decoded or ''."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2].lower()

    @property
    def local(self) -> str:
        return self.email.rpartition("@")[0].lower()

    @property
    def folded(self) -> str:
        """How we recognise a person: lower case, without a +suffix."""
        return f"{self.local.partition('+')[0]}@{self.domain}"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A machine's report about a mail that we sent."""

    kind: str  # "delivery" (RFC 3464) or "disposition" (a read receipt, RFC 8098)
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
    recipients: tuple[str, ...]  # To, Cc, Resent-To, Resent-Cc, Delivered-To, X-Original-To; lower case
    subject: str  # decoded, one line
    sent: datetime | None  # the Date header: the sender's claim, never used to judge age
    text: str  # what is new: no quotes, no signature
    whole: str  # all of the text part
    language: str  # ISO 639-1, '' when it can't be told
    attachments: tuple[Attachment, ...]
    in_reply_to: tuple[str, ...]  # Message-IDs
    references: tuple[str, ...]  # Message-IDs, oldest first
    headers: Mapping[str, tuple[str, ...]]  # lower-case name → values, decoded, cut to a sane length
    content_type: str  # of the whole message, lower case, without parameters
    parts: tuple[str, ...]  # content types of all parts met
    report: Report | None
    size: int  # bytes of the whole message
    notes: tuple[str, ...]  # what was odd about it, for people

    @property
    def plain_subject(self) -> str:
        """The subject without reply and forward marks and our reference, folded: to tell that two are the same."""
        return _plain_subject(self.subject)

    def header(self, name: str) -> str:
        """The first value of a header, '' when it is missing."""
        values = self.headers.get(name.lower())
        return values[0] if values else ""


@lru_cache(maxsize=1000)  # guard, ledger and limits ask for the same one
def _plain_subject(subject: str) -> str:
    bare = _SUBJECT_MARKS.sub("", REF.sub("", subject))
    return " ".join(bare.casefold().split())


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleResult:
    """One guard rule looked at one mail. `hit` is None when the rule could not be judged (it needs the ledger)."""

    number: str  # of GUARD's table: "5b"
    rule: str
    verdict: VerdictKind
    strength: Strength
    hit: bool | None
    evidence: str = ""
    allowed: bool = False  # hit, but overridden by the operator's allow-list


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """May a robot answer, and why; with every rule that was looked at."""

    kind: VerdictKind
    reasons: tuple[str, ...]  # names of the rules that hit and count
    rules: tuple[RuleResult, ...]
    customer: Address | None  # whom an answer would go to
    robot: bool = False  # a machine wrote this: no reopening, and a ticket only if the complaint is sure
    alarm: bool = False  # a loop or the circuit breaker: somebody should look

    def hit(self, rule: str) -> bool:
        return rule in self.reasons


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """What one head of the classifier says. `sure`: the certified threshold is passed."""

    value: str | None = None  # complaint: "true" or "false"
    confidence: float | None = None
    sure: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What the classifier says of a mail; all None when there is no usable model."""

    topic: Label = field(default_factory=Label)
    sentiment: Label = field(default_factory=Label)
    complaint: Label = field(default_factory=Label)
    complaint_suspected: bool = False  # above the recall threshold: worth a ticket "to check"
    model: str = ""  # version, '' without a model

    @property
    def sure(self) -> bool:
        return self.topic.sure

    @property
    def is_complaint(self) -> bool | None:
        return None if self.complaint.value is None else self.complaint.value == "true"


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketFacts:
    """What a decision needs to know of a ticket."""

    ref: str
    status: TicketStatus
    participants: tuple[str, ...]  # folded addresses
    tracker: str = BOARD
    priority: Priority = Priority.NORMAL
    respond_by: datetime | None = None  # by when a person was to answer; None: one has


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """The conversation a mail belongs to; named after its first mail."""

    ref: str
    new: bool  # this mail begins it
    acknowledged: bool = False
    written_to: frozenset[str] = frozenset()  # folded addresses that got the acknowledgement
    ticket: TicketFacts | None = None
    possibly_about: str = ""  # ref of a ticket that weak evidence points to

    @property
    def closed(self) -> bool:
        """Its ticket is closed for good."""
        return self.ticket is not None and self.ticket.status is TicketStatus.CLOSED


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadKeys:
    """What in a mail may point to its thread, strongest first."""

    tokens: tuple[str, ...] = ()  # references proved by our signed tokens
    message_ids: tuple[str, ...] = ()  # In-Reply-To, References
    mentioned: tuple[str, ...] = ()  # references in the subject, proved by nothing
    own: str = ""  # its own Message-ID is one that we made: our mail came back


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup:
    """What to look up in the ledger before a mail can be judged."""

    content_hash: str
    ref: str  # the reference it would get
    keys: ThreadKeys
    message_id: str
    about: str = ""  # the Message-ID that a report is about
    senders: tuple[str, ...] = ()  # folded addresses of From and Reply-To
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tallies:
    """Acknowledgements inside the windows of `[guard]`, and what is remembered of the address."""

    by_thread: int = 0  # to this sender in this thread
    by_sender: int = 0
    by_domain: int = 0
    by_system: int = 0
    same_subject: int = 0
    bounced: str = ""  # the status with which mail to this address failed for good
    grants: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)  # name → when it was offered to them
    complaints: int = 0  # tickets that they have complained in, lately


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What only the ledger and the mailbox know about one mail: the input of guard rules 15 to 19."""

    received: datetime  # INTERNALDATE
    now: datetime
    max_age: timedelta
    first_run: bool = False  # lay in the mailbox before Firstline first saw it
    tallies: Tallies = Tallies()
    thread_acknowledged: bool = False
    thread_closed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """Times given to a customer."""

    respond_by: datetime | None = None
    resolve_by: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """One time that a customer was given, and how far it has been followed up."""

    mail_id: str  # the mail it was given in answer to
    kind: PromiseKind
    number: int = 0  # how often it was renewed before
    ticket: str
    given: datetime
    due: datetime
    state: PromiseState = PromiseState.OPEN
    told: datetime | None = None  # when its owner was told that it is due soon
    warned: datetime | None = None  # when the customer was told that it will be late, and no new time could be named
    look: datetime | None = None  # when there is something to be done about it; None: to be found out


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A ticket, as following it up needs it."""

    ref: str
    status: TicketStatus
    customer: str  # address
    name: str
    subject: str
    topic: str
    owner: str
    language: str
    mailbox: str
    message_id: str  # of the mail that its letters answer
    changed: datetime
    a_person_decides: bool  # a complaint, or perhaps one: never closed by itself
    writable: bool  # the customer has an acknowledgement, and mail arrives there
    last_mail: str = ""  # the customer's newest
    told_status: str = ""  # what the customer was last told
    moved: datetime | None = None  # since when something has changed that the customer does not know
    comment: str = ""  # what was said to the customer since then …
    said: tuple[int, ...] = ()  # … and the lines of the timeline where it stands
    asked: bool = False  # the customer wants to know how it stands
    answered: datetime | None = None  # when that was last told
    warned: datetime | None = None  # when it was said that it will be closed
    notices: int = 0  # mails about it so far
    promises: tuple[Given, ...] = ()  # open and held ones


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """What a ticket needs now: recorded in one transaction, or not at all."""

    of: Followed
    promises: tuple[Given, ...] = ()  # as they are now: changed and new ones
    effects: tuple[Effect, ...] = ()
    events: tuple[tuple[str, str], ...] = ()  # lines of the timeline: kind, detail
    ticket: Mapping[str, Any] = field(default_factory=dict)  # columns that change


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is to happen with a mail, and why in words."""

    acknowledge: bool
    template: str = ""  # name of the letter, '' when nothing is sent
    ticket: TicketAction = TicketAction.NONE
    to_check: bool = False  # the ticket is a suspicion: a person decides whether it is a complaint
    review: bool = False  # stands on the review list
    topic: str = ""  # the prepared situation applied, '' when unsure
    complaint: bool = False  # treated as a complaint
    owner: str = ""
    promise: Promise = Promise()
    told: tuple[PromiseKind, ...] = ()  # which of these times the letter names
    grants: tuple[str, ...] = ()  # names of what the letter offers
    tracker: str = BOARD  # where a ticket that it opens is filed
    project: str = ""  # there; '' the tracker's own
    labels: tuple[str, ...] = ()  # there
    priority: Priority = Priority.NORMAL  # of the ticket it opens or updates
    checklist: tuple[str, ...] = ()  # how the ticket it opens is resolved
    recorded: bool = False  # found at the first run or too old
    tell: bool = False  # a follow-up by a person who may be written to: they hear what becomes of it
    asks_news: bool = False  # they only want to know how it stands
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """Something to be done outside. The key (mail and kind, and the place for marks) makes it idempotent."""

    key: str
    mail_id: str
    kind: EffectKind
    state: EffectState = EffectState.INTENDED
    attempts: int = 0
    next_try: datetime | None = None
    error: str = ""
    message_id: str = ""  # acknowledgements: the one Message-ID it may ever go out under
    recipient: str = ""
    location: Location | None = None  # marks: where
    ticket: str = ""  # filings: of which ticket
    details: Mapping[str, Any] = field(default_factory=dict)  # acknowledgements: what the letter needs


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyAnswer:
    """What a customer says when asked."""

    ref: str  # the ticket that the question is about
    kind: SurveyKind
    score: int | None = None  # None: in words only
    text: str = ""
    stop: bool = False  # they don't want to be asked again


@dataclass(frozen=True, kw_only=True, slots=True)
class Askable:
    """A solved ticket, as the choice of whom to ask needs it."""

    ref: str
    customer: str  # folded address
    address: str
    resolved: datetime
    letter: Mapping[str, Any]  # what the acknowledgement said: name, language, thread of their mail
    asked: tuple[tuple[SurveyKind, datetime], ...] = ()  # what this customer was asked before, about any ticket
    asked_here: bool = False  # about this one
    complaint_open: bool = False  # they wait for us with a complaint, in any ticket
    stopped: bool = False  # they don't want to be asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One mail with all that was found out and decided about it, ready to be recorded."""

    id: str  # its reference, also shown to the customer
    raw: RawMail
    mail: Mail
    thread: Thread
    verdict: Verdict
    labels: Labels
    decision: Decision
    effects: tuple[Effect, ...]
    error: str = ""  # it could not be judged: parked with where and why
    answer: SurveyAnswer | None = None  # what it says to a question of ours


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A further place where a known mail lies."""

    mail_id: str
    location: Location
    received: datetime
    effects: tuple[Effect, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a claimed effect went."""

    key: str
    state: EffectState
    error: str = ""
    next_try: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)  # joined to the effect's own
    counted: bool = True  # false: the server was not there, so this was no attempt on this mail
    bounced: str = ""  # status with which the recipient's address was refused for good


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A page that answers a common question: something to read while waiting for a person."""

    name: str  # the same in every language
    language: str
    title: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A rendered template."""

    subject: str
    text: str
    html: str  # '' when the template has none
    template: str
    version: str  # hash of the files it was made from
    language: str
    problem: str = ""  # the template failed and this is the safe text; for people


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterVersion:
    """A letter of one language as it was made at some time."""

    language: str
    name: str
    version: str  # hash of the files
    sources: Mapping[str, str]  # the files it is made of, as en/base.txt


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A message ready for the outbox: exactly one recipient."""

    message_id: str
    envelope_from: str  # '' is the null path <>
    recipient: str
    data: bytes  # RFC 5322, CRLF line ends


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """A selected mailbox folder."""

    uidvalidity: int
    uidnext: int


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
class Touchpoint:
    """A moment of a case in which the customer said something."""

    at: datetime
    stage: Stage
    sentiment: str | None = None  # what the sentiment head says of the text, None without one
    confidence: float | None = None
    kind: SurveyKind | None = None  # of a survey answer
    score: int | None = None


class Ability(StrEnum):
    """What a tracker can do beyond taking tickets, comments and changes of status."""

    FIND = "find"  # by our key; without it a ticket may be filed twice after a crash, under the same key
    STANDING = "standing"  # tells how a ticket stands; without it nobody may conclude that one is gone
    OWNER = "owner"
    PRIORITY = "priority"
    FILES = "files"


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment that goes along to a tracker."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """A ticket as an outside tracker is told of it. Personal data is in it only as far as `[tracker] share` says."""

    key: str  # ours, "firstline-" and the ticket's reference: stored there so that it can be found
    title: str  # one line
    text: str  # plain text, the checklist of the resolution included
    priority: Priority = Priority.NORMAL
    labels: tuple[str, ...] = ()
    project: str = ""  # '' the one of the tracker's configuration
    owner: str = ""  # as the tracker names the person, '' nobody
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """A ticket in an outside tracker."""

    id: str  # as its interface wants it
    url: str  # where a person reads it


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something to be said on an outside ticket. The key stands in the text, so that it is found after a crash."""

    key: str
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What is to be different on an outside ticket; None and '' leave it as it is."""

    status: TicketStatus | None = None
    owner: str = ""
    priority: Priority | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A comment on an outside ticket."""

    id: str
    at: datetime | None
    author: str
    text: str
    public: bool = True  # meant for the customer
    key: str = ""  # of our remark, '' when somebody else said it


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How an outside ticket stands."""

    status: TicketStatus  # the tracker's own word, translated
    word: str  # the tracker's own word
    owner: str = ""  # as the tracker names the person
    resolution: str = ""
    said: tuple[Said, ...] = ()  # oldest first
