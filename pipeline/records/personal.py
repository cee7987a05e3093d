"""Nouns of data protection: where personal data lies, for how long, and what erasing does there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class KeptFor(StrEnum):
    """Which clock of [privacy] runs, by the name of its key."""

    RAW = "keep_raw"  # since the mail came
    MAIL = "keep_mail"  # since the mail came
    TICKET = "keep_ticket"  # since the ticket was resolved
    ANSWERS = "keep_answers"  # since the answer to a survey was given
    LOGS = "keep_logs"  # since it was written
    TRAINING = "keep_training"  # since the mail came
    USE = "use"  # as long as it is in use: an account, a draft, a version of a model
    NEEDED = "needed"  # as long as nothing may be done twice, and nobody written to who does not want it


class Fate(StrEnum):
    """What erasing a person does with a value of theirs."""

    KEPT = "stays"  # it says nothing of who it is about: a time, a label, a reference
    EMPTIED = "is emptied"
    NAMED_ANEW = "becomes a pseudonym by lot"  # so that figures which count customers stay
    KEYED = "becomes a keyed hash"  # it goes on being recognised: who is not to be written to
    REMOVED = "goes with its row"
    SEARCHED = "is searched for the address and the name"  # text about anything, in which they may stand


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalPlace:
    """A file, or a place outside, where personal data lies."""

    where: str  # "var/firstline.db", "models/**": a pattern from the folder of config.toml on; or words
    holds: str
    purpose: str
    clock: KeptFor
    erasing: str  # what erasing does there, in words


@dataclass(frozen=True, kw_only=True, slots=True)
class DataSubject:
    """Somebody whose data is asked for (GDPR article 4): the address as it was given, and how we recognise it."""

    address: str
    folded: str
    key: str  # its keyed hash


@dataclass(frozen=True, kw_only=True, slots=True)
class Traces:
    """What the database holds of a person, by what their rows are found."""

    person: DataSubject
    mails: tuple[str, ...]  # theirs, and what was written in their conversations by us
    tickets: tuple[str, ...]
    threads: tuple[str, ...]  # conversations that they began
    addresses: tuple[str, ...]  # as they were written, in every spelling that was met
    names: tuple[str, ...]  # of two words and more: one word is anybody's
    others: tuple[str, ...] = ()  # mails of others in which their address or name stands


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """One erasure, as the journal has it. Nothing in it tells who it was."""

    id: str
    person: str  # keyed hash
    pseudonym: str
    begun: datetime
    finished: datetime | None = None
    by: str = ""
    mails: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """What must be kept though its time is over, or its customer asks: for a court, or an authority."""

    what: str  # the reference of a ticket, or the folded address of a customer
    at: datetime
    who: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRows:
    """What a table holds of somebody."""

    name: str
    purpose: str
    rows: tuple[Mapping[str, object], ...]
