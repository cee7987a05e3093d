"""What the engine is handed: the doors that each worker and job uses, and no more.

The wired whole (`pipeline.wiring`) fits all of these contracts, and so does a handful of doubles in a test. Only the
command line and the pages see the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.clock import Clock
    from pipeline.config.settings import Config
    from pipeline.doors import Predictor, Tracker
    from pipeline.learn.registry import ModelStanding
    from pipeline.mailbox import ImapMailbox
    from pipeline.outbox import SmtpOutbox
    from pipeline.replies.articles import ArticleShelf
    from pipeline.replies.letters import TemplateLetters
    from pipeline.route import Route
    from pipeline.store.announcements import Announcements
    from pipeline.store.database import Database
    from pipeline.store.drift import Drift
    from pipeline.store.effects import Effects
    from pipeline.store.filings import Filings
    from pipeline.store.jobs import Jobs
    from pipeline.store.ledger import Ledger
    from pipeline.store.letters_taken import LettersTaken
    from pipeline.store.mails import Mails
    from pipeline.store.portions import Portions
    from pipeline.store.promises import Promises
    from pipeline.store.repeats import Repeats
    from pipeline.store.search import SearchIndex
    from pipeline.store.surveys import Surveys
    from pipeline.store.templates import Versions
    from pipeline.store.tickets import Board
    from pipeline.store.tombstones import Tombstones
    from pipeline.store.undelivered import UndeliveredMails
    from pipeline.store.workers import Workers
    from pipeline.tokens import Signer


class BaseDoors(Protocol):
    """What everybody needs: the configuration and the time."""

    @property
    def config(self) -> Config:
        """The configuration."""

    @property
    def clock(self) -> Clock:
        """The time."""


class NotingDoors(BaseDoors, Protocol):
    """For whoever notes how a pass went."""

    @property
    def reading(self) -> Mails:
        """The mails of the ledger, and how passes went."""


class PredictingDoors(BaseDoors, Protocol):
    """For whoever asks the model."""

    def predictor_if_any(self) -> tuple[Predictor | None, str]:
        """The model in use, or None; and what is wrong with it, ''."""


class StandingDoors(BaseDoors, Protocol):
    """For whoever tells of the model without asking it."""

    def standing_if_any(self) -> tuple[ModelStanding | None, str]:
        """The version that would be at work, or None; and what is wrong with it, ''."""


class FollowUpDoors(BaseDoors, Protocol):
    """For following promises and quiet tickets."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""

    @property
    def letters(self) -> TemplateLetters:
        """The reply templates."""

    @property
    def promises(self) -> Promises:
        """Times that customers were given."""

    @property
    def repeats(self) -> Repeats:
        """Which tickets are linked."""


class SurveyDoors(PredictingDoors, Protocol):
    """For asking customers, and for what they answer."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""

    @property
    def surveys(self) -> Surveys:
        """Questions to customers, and their answers."""


class DriftDoors(BaseDoors, Protocol):
    """For measuring drift."""

    @property
    def drift(self) -> Drift:
        """How the mail compares with the training, day by day."""


class PostingDoors(BaseDoors, Protocol):
    """For mails to our own people."""

    def outbox(self) -> SmtpOutbox:
        """One more connection to the outgoing server. Raises ConfigError when there is none."""


class ReportDoors(NotingDoors, PostingDoors, Protocol):
    """For sending the report."""

    @property
    def database(self) -> Database:
        """The database."""


class PurgeDoors(NotingDoors, Protocol):
    """For letting go of what is over."""

    @property
    def database(self) -> Database:
        """The database."""


class BackupDoors(NotingDoors, Protocol):
    """For copying the database."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def tombstones(self) -> Tombstones:
        """Who was erased, outside the database."""


class StaffDoors(NotingDoors, PostingDoors, Protocol):
    """For telling staff what there is."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def promises(self) -> Promises:
        """Times that customers were given."""

    @property
    def effects(self) -> Effects:
        """The journal of effects."""


class ReconcileDoors(NotingDoors, PredictingDoors, Protocol):
    """For comparing mailboxes with the ledger."""

    @property
    def undelivered(self) -> UndeliveredMails:
        """Mails that a server would not give out."""

    @property
    def ledger(self) -> Ledger:
        """The ledger, as the route sees it."""

    def mailboxes(self) -> list[ImapMailbox]:
        """All of them, not yet connected. Raises ConfigError when there is none."""

    def route(self, predictor: Predictor | None) -> Route:
        """The way of a mail with this model."""


class StaffAnswerDoors(NotingDoors, Protocol):
    """For reading what people answer from their mail programs."""

    @property
    def ledger(self) -> Ledger:
        """The ledger, as the route sees it."""

    @property
    def promises(self) -> Promises:
        """Times that customers were given."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""

    def folder(self, name: str, folder: str) -> ImapMailbox:
        """Another folder of a mailbox, only to be read. Raises UsageError when there is no such mailbox."""


class FilingDoors(NotingDoors, Protocol):
    """For filing tickets in outside trackers, and following them there."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def effects(self) -> Effects:
        """The journal of effects."""

    @property
    def filings(self) -> Filings:
        """Tickets that are, or are to be, in outside trackers."""

    @property
    def board(self) -> Board:
        """Our own tickets."""

    def tracker(self, name: str = "") -> Tracker:
        """One more connection to a tracker. Raises ConfigError."""


class IndexingDoors(Protocol):
    """For taking mails into the index of search."""

    @property
    def search(self) -> SearchIndex:
        """Mails and comments by what is written in them."""


class SharingDoors(BaseDoors, Protocol):
    """Where several processes share the work."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def workers(self) -> Workers:
        """Who works on the database."""

    @property
    def portions(self) -> Portions:
        """Portions of backlogs, that all workers read."""

    @property
    def letters_taken(self) -> LettersTaken:
        """What all workers have taken of `[smtp] limit`."""

    @property
    def jobs(self) -> Jobs:
        """What wakes other workers."""

    def mailbox(self, name: str) -> ImapMailbox:
        """One more connection to a mailbox."""

    def beside_others(self) -> AbstractContextManager[None]:
        """Others may be at work on the store, but nobody who works alone. Raises UsageError when one does."""


class EngineDoors(
    FollowUpDoors,
    SurveyDoors,
    DriftDoors,
    ReportDoors,
    BackupDoors,
    ReconcileDoors,
    StaffAnswerDoors,
    StaffDoors,
    FilingDoors,
    IndexingDoors,
    SharingDoors,
    Protocol,
):
    """All that `run` and `once` work with."""

    @property
    def articles(self) -> ArticleShelf:
        """The help pages."""

    @property
    def announcements(self) -> Announcements:
        """Known problems that letters tell of."""

    @property
    def versions(self) -> Versions:
        """Versions of letters that were used."""

    def take_up_settings(self) -> str:
        """Topics, grants and the calendar as config.toml has them now. Says what of the file is not in use, ''."""

    def model_name(self) -> str:
        """The version that is to be in use, '' for none."""

    def model_mark(self) -> tuple[int, ...]:
        """Changes whenever another version is promoted, or another threshold is in use."""

    def take_up_shared(self) -> None:
        """Letters and a model that other machines have pushed. Raises UnreachableError, DamagedError."""

    def read_secrets(self) -> None:
        """Raises ConfigError when a secret that will be needed is missing."""

    def empty_ledger(self) -> AbstractContextManager[Ledger]:
        """One that knows nothing, and is thrown away with all that is recorded in it."""

    def alone(self) -> AbstractContextManager[Callable[[], None]]:
        """Only one process works on a store. Raises UsageError when another one does."""
