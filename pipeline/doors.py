"""The contracts of the doors: what the route needs of the outside, in few methods each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from pipeline.errors import FirstlineError, UnreachableError
from pipeline.records.conversation import Said
from pipeline.records.decision import Copy, Judged
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.filing import Ability, Change, Filing, OutsideStanding, OutsideTicket, Remark
from pipeline.records.labels import Labels
from pipeline.records.ledger import LedgerText
from pipeline.records.letter import Article, AttachedFile, Letter, Reply
from pipeline.records.mail import Cursor, Folder, Location, Mail, RawMail, Undelivered
from pipeline.records.round_trips import RoundTrips
from pipeline.records.thread import KnownContent, Lookup, Thread
from pipeline.records.verdict import Tallies


class AccessToken(Protocol):
    """What a mail server is logged in to with instead of a password (OAuth2). Any thread."""

    def current(self) -> str:
        """One that is good for some minutes. Raises LoginError, UnreachableError or ConfigError."""

    def drop(self, token: str) -> None:
        """The mail server has refused this one: the next is a fresh one."""


class Mailbox(Protocol):
    """A folder of mail on a server. One connection, one thread; every method may raise UnreachableError."""

    name: str

    def open(self) -> Folder:
        """Connects where needed and selects the folder; says how far it reaches now."""

    def uids(self, first: int, *, freshly: bool = False) -> list[int]:
        """UIDs from `first` on, ascending. `freshly`: also of mail that came since the last command."""

    def fetch(self, uids: Sequence[int]) -> Iterator[list[RawMail]]:
        """The messages, in portions bounded by number and bytes; what has vanished meanwhile is left out."""

    def mark(self, locations: Sequence[Location]) -> None:
        """Does what `done` says to them all at once; what has vanished counts as marked."""

    def wait(self, seconds: float) -> bool:
        """Until the server announces something (true) or the time is over (false)."""

    def close(self) -> None:
        """Ends the connection; does nothing without one. Never raises."""


class Outbox(Protocol):
    """Sends. Raises UnreachableError (nothing sent), DeferredError, RejectedError or UncertainError."""

    @property
    def at_once(self) -> int:
        """How many messages take no longer than one."""
        return 1

    @property
    def is_open(self) -> bool:
        """Is there a connection? Always where a door needs none."""
        return True

    def open(self) -> None:
        """Connects and logs in where needed: `send` does so, too, but then there is a letter in hand."""
        return

    def waited(self) -> RoundTrips:
        """For the server's answers, since this was asked before."""
        return RoundTrips()

    def send(self, reply: Reply) -> None:
        """Sends one message. Raises what the class says."""

    def send_all(self, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        """What became of each: None, or the error that `send` would raise. After an UnreachableError no more is tried.

        One by one, where a door knows nothing better.
        """
        outcomes: list[FirstlineError | None] = []
        for reply in replies:
            try:
                self.send(reply)
                outcomes.append(None)
            except UnreachableError as error:
                return outcomes + [error] * (len(replies) - len(outcomes))
            except FirstlineError as error:
                outcomes.append(error)
        return outcomes

    def check(self) -> None:
        """Connects and logs in without sending."""

    def close(self) -> None:
        """Ends the connection; does nothing without one. Never raises."""


class Predictor(Protocol):
    """The classifier in use."""

    version: str

    @property
    def heads(self) -> Collection[str]:
        """What it has learned to tell: topic, sentiment, complaint, or some of them."""

    def predict(self, mails: Sequence[Mail | LedgerText]) -> list[Labels]:
        """Labels of all of them in one go, in order."""

    def explain(self, mail: Mail | LedgerText, top: int = 8) -> Mapping[str, list[tuple[str, float]]]:
        """Per head (topic, sentiment, complaint) the features that spoke for the label, strongest first."""


class Letters(Protocol):
    """The reply templates."""

    def has(self, name: str) -> bool:
        """Is there a usable letter of this name, in whatever language?"""

    def language(self, name: str, wanted: str) -> str:
        """The language this letter would be sent in."""

    def render(self, name: str, language: str, values: Mapping[str, object]) -> Letter:
        """Never fails: falls back to the default language, then to a safe text with `problem` set."""

    def of_mailbox(self, name: str) -> Letters:
        """Those that answer the mail of this mailbox: with its own in their places."""
        ...


class KnownProblems(Protocol):
    """What letters tell unasked."""

    def told(self, topic: str, language: str, now: datetime) -> list[tuple[int, str]]:
        """What a letter of this topic tells, in its language, at this moment: the number of each, and its text."""
        ...


class AnswerFiles(Protocol):
    """What people attach to their answers."""

    def of(self, draft: str) -> Sequence[AttachedFile]:
        """Those of the answer that was this draft, in the order in which they were attached."""
        ...


class Articles(Protocol):
    """The help pages."""

    def fitting(self, text: str, language: str, named: Sequence[str]) -> list[Article]:
        """What may help the writer of this: the most similar ones, then those named, in this language."""

    def of_mailbox(self, name: str) -> Articles:
        """Those for the mail of this mailbox: with its own in their places."""
        ...


class CompilePayload(Protocol):
    """Makes the body of a request from a template of the operator's."""

    def __call__(self, source: str) -> Callable[[Mapping[str, object]], str]:
        """What fills it in; that raises ValueError when it can't. Raises ValueError for what is no template."""
        ...


class Tracker(Protocol):
    """Somebody's tracker. One connection, one thread.

    Every method may raise UnreachableError (the server is not there, refuses our login, or asks for a pause:
    `retry_after` seconds where it says so), DeferredError (not now, this one ticket), RejectedError (never), or
    UncertainError (the connection broke when a change was already on its way: look with `find` or `standing`).
    """

    name: str
    abilities: frozenset[Ability]
    lag: float  # seconds until `find` surely sees what was opened: 0 where it looks straight into the database

    def check(self) -> str:
        """Logs in and looks at the project without changing anything; says in words what it found."""

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """The ticket that carries our key; None without Ability.FIND. `project`: '' the one of the configuration."""

    def open(self, filing: Filing) -> OutsideTicket:
        """Files a new ticket; the caller has searched for its key before."""

    def comment(self, ticket: str, remark: Remark) -> None:
        """Adds it; the caller has looked for its key before."""

    def update(self, ticket: str, change: Change) -> None:
        """Does it as far as the tracker can (`abilities`); what it can't is left out."""

    def standing(self, ticket: str) -> OutsideStanding | None:
        """How it stands, with all that was said; None when it is gone, or without Ability.STANDING."""

    def erase(self, ticket: str) -> str:
        """Removes it with all that was said there, or empties it; says what a person still has to do, else ''. One that
        is not there (any more) is erased."""

    def link(self, ticket: str) -> str:
        """Where a person reads it."""

    def close(self) -> None:
        """Ends the connection; does nothing without one."""


class Past(Protocol):
    """What the ledger knows that bears on a batch; grows while the batch is judged, mail by mail."""

    def known(self, content_hash: str) -> str:
        """The id of the mail with this content, '' when it is new."""

    def with_same_head(self, mail: Mail) -> list[KnownContent]:
        """Mails with the same From, Date, Subject and Message-ID, but another content hash: perhaps encoded anew."""

    def taken(self, ref: str) -> bool:
        """Is another mail named so already?"""

    def thread_by_ref(self, ref: str) -> Thread | None:
        """The thread of the mail with this reference."""

    def thread_by_sent(self, message_id: str) -> Thread | None:
        """The thread of the letter that we sent under this Message-ID."""

    def threads_by_message_id(self, message_id: str) -> Sequence[tuple[Thread, str]]:
        """The threads of the mails that came with this Message-ID, each with its writer's folded address."""

    def tallies(self, sender: str, domain: str, subject: str, thread: str) -> Tallies:
        """Acknowledgements and grants inside the windows, and the bounce memory, for a folded address."""

    def note(self, judged: Judged) -> None:
        """Later mails of the batch see this one as recorded."""


class Ledger(Protocol):
    """The ledger, as the route sees it."""

    def cursor(self, mailbox: str) -> Cursor | None:
        """How far a mailbox is read; None for one that was never read."""

    def past(self, lookups: Sequence[Lookup], now: datetime, without: str = "") -> Past:
        """Loads in a few queries what the whole batch needs; `without` the effects of one mail."""

    def said_in(self, threads: Collection[str]) -> Mapping[str, Said]:
        """By conversation, what was sent in it from our side: to tell from it what a mail only quotes."""

    def turn(self) -> AbstractContextManager[None]:
        """Judging and recording inside is one step, where several processes do so."""

    def record(self, batch: Sequence[Judged], copies: Sequence[Copy], cursor: Cursor | None, now: datetime) -> None:
        """New mails, further places of known ones, and how far the mailbox is read: all in one transaction."""


class ReadAgain(Protocol):
    """What a server would not give out, as the reader of a mailbox sees it."""

    def of(self, mailbox: str, uidvalidity: int) -> list[Undelivered]:
        """Those of a mailbox, by UID."""

    def keep(self, mails: Sequence[Undelivered]) -> None:
        """As they are now."""

    def forget(self, places: Sequence[Location]) -> None:
        """They are read, gone or parked."""


class Journal(Protocol):
    """The journal of effects, as the engine processes it."""

    def due(self, kind: EffectKind, now: datetime, limit: int, mailbox: str = "") -> list[Effect]:
        """What may be tried now: new ones, then by promise, then by age. `mailbox`: only marks in that one."""

    def count_open(self, kinds: Sequence[EffectKind], most: int) -> int:
        """How many of these kinds are intended or waiting; `most` stands for more."""

    def claim(self, keys: Sequence[str], now: datetime) -> set[str]:
        """intended or waiting → doing; only the keys won are returned."""

    def take(self, kind: EffectKind, now: datetime, limit: int) -> list[Effect]:
        """Claims what is due, and nobody else has."""

    def bounced(self, addresses: Sequence[str], since: datetime) -> Mapping[str, str]:
        """Of these addresses, those to which mail has failed permanently since then, with the status."""

    def sent_to_known(self, since: datetime) -> int:
        """Acknowledgements since then that counted against the budget of those who are known."""

    def settle(self, outcomes: Sequence[Outcome], now: datetime, was: EffectState = EffectState.DOING) -> None:
        """Outcomes of claimed effects, in one transaction; of others only where they still are what they were."""

    def left_over(self, kind: EffectKind, state: EffectState) -> list[Effect]:
        """All effects of a kind in a state: what is uncertain."""

    def abandoned(self, kind: EffectKind) -> list[Effect]:
        """What is `doing`, but nobody does it any more."""

    def settle_abandoned(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Outcomes of those, where that is still so."""
