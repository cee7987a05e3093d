"""Something to be done outside, and how it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.errors import DamagedError
from pipeline.records.mail import Location
from pipeline.records.payload import FilingPayload, LetterPayload, NoPayload, Payload, UnreadablePayload


class EffectKind(StrEnum):
    """Something to be done outside."""

    ACKNOWLEDGE = "acknowledge"
    MARK = "mark"
    FILE = "file"  # opens, comments or changes a ticket in an outside tracker
    ANSWER = "answer"  # what a person wrote to a customer, at the desk
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
    CANCELLED = "cancelled"  # superseded by events, for example too late


# Why an acknowledgement is uncertain after a restore.
RESTORED = "the database was restored: it is unknown whether it was sent since the backup"
# Effects that are mails of ours, sent in this order: who has just written to us comes first, then what a person says.
MAILS = (EffectKind.ACKNOWLEDGE, EffectKind.ANSWER, EffectKind.NOTIFY, EffectKind.SURVEY)
OPEN_EFFECTS = (EffectState.INTENDED, EffectState.DOING, EffectState.WAITING)


@dataclass(frozen=True, kw_only=True, slots=True)
class SentVersion:
    """The letter that was really sent."""

    template: str
    version: str  # hash of its files
    language: str
    problems: tuple[int, ...] | None = None  # announcements that it told of; None: sent before that was noted


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
    message_id: str = ""  # acknowledgements: the one Message-ID it may ever be sent under
    recipient: str = ""
    location: Location | None = None  # marks: where
    ticket: str = ""  # filings: of which ticket
    payload: Payload = field(default_factory=NoPayload)
    sent: SentVersion | None = None  # letters: what was sent
    resolved: str = ""  # how what nobody knew was decided, in words
    restored: bool = False  # journalled before the database was put back from a backup

    @property
    def letter(self) -> LetterPayload:
        """What its letter is made of. Raises DamagedError when that can't be read."""
        if not isinstance(self.payload, LetterPayload):
            raise self._unreadable()
        return self.payload

    @property
    def filing(self) -> FilingPayload:
        """What an outside tracker is told. Raises DamagedError when that can't be read."""
        if not isinstance(self.payload, FilingPayload):
            raise self._unreadable()
        return self.payload

    def _unreadable(self) -> DamagedError:
        why = self.payload.why if isinstance(self.payload, UnreadablePayload) else f"it is a {self.kind}"
        return DamagedError(f"what it carries can't be read: {why}", where=self.key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a claimed effect went."""

    key: str
    state: EffectState
    error: str = ""
    next_try: datetime | None = None
    sent: SentVersion | None = None  # see Effect; None and '' leave them as they are
    resolved: str = ""
    counted: bool = True  # false: the server was not there, so this was no attempt on this mail
    bounced: str = ""  # status with which the recipient's address was refused permanently
    refused: str = ""  # what the server said, where it may well say so of every letter
    well: bool = False  # whatever was said of the recipient's address, it was not true
    forgotten: int = 0  # tries that count no more
