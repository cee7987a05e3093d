"""What the work of people at the desk is handed: the doors that each of it uses, and no more."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from pipeline.engine.doors import BackupDoors, BaseDoors, EngineDoors, NotingDoors, PostingDoors, StandingDoors

if TYPE_CHECKING:
    from pipeline.doors import Predictor, Tracker
    from pipeline.mailbox import ImapMailbox
    from pipeline.replies.articles import ArticleShelf
    from pipeline.replies.letters import TemplateLetters
    from pipeline.store.accounts import Accounts
    from pipeline.store.agenda import Agenda
    from pipeline.store.announcements import Announcements
    from pipeline.store.audit import AuditLog
    from pipeline.store.confirmations import Confirmations
    from pipeline.store.database import Database
    from pipeline.store.draft_files import StoredFiles
    from pipeline.store.drafts import Drafts
    from pipeline.store.drift import Drift
    from pipeline.store.effects import Effects
    from pipeline.store.filings import Filings
    from pipeline.store.given_answers import GivenAnswers
    from pipeline.store.holds import Holds
    from pipeline.store.labels import CorrectedLabels
    from pipeline.store.offers import Offers
    from pipeline.store.personal_data import PersonalData
    from pipeline.store.presence import Presence
    from pipeline.store.promises import Promises
    from pipeline.store.relabels import Relabels
    from pipeline.store.sessions import Sessions
    from pipeline.store.settings import SettingVersions
    from pipeline.store.templates import Versions
    from pipeline.store.texts import TextDrafts, TextVersions
    from pipeline.store.tickets import Board
    from pipeline.store.undelivered import UndeliveredMails
    from pipeline.store.undoing import Batches
    from pipeline.store.workers import Workers
    from pipeline.tokens import Signer


class HealthDoors(NotingDoors, StandingDoors, Protocol):
    """For saying whether everything is well."""

    @property
    def workers(self) -> Workers:
        """Who works on the database, where several do."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def announcements(self) -> Announcements:
        """Known problems that letters tell of."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""

    @property
    def effects(self) -> Effects:
        """The journal of effects."""

    @property
    def filings(self) -> Filings:
        """Tickets that are, or are to be, in outside trackers."""

    @property
    def undelivered(self) -> UndeliveredMails:
        """Mails that a server would not give out."""

    @property
    def drift(self) -> Drift:
        """How the mail compares with the training, day by day."""

    @property
    def confirmations(self) -> Confirmations:
        """What people said of mails that the machine was sure of."""

    @property
    def personal_data(self) -> PersonalData:
        """What the database holds of people."""

    @property
    def letters(self) -> TemplateLetters:
        """The reply templates."""

    @property
    def articles(self) -> ArticleShelf:
        """The help pages."""


class TodayDoors(HealthDoors, Protocol):
    """For the queue of what needs a person."""

    @property
    def agenda(self) -> Agenda:
        """What the store knows of it."""


class AlarmDoors(HealthDoors, PostingDoors, Protocol):
    """For telling people that something is not well."""


class AnnouncingDoors(BaseDoors, Protocol):
    """For telling customers of a known problem."""

    @property
    def letters(self) -> TemplateLetters:
        """The reply templates."""

    @property
    def announcements(self) -> Announcements:
        """Known problems that letters tell of."""

    @property
    def setting_versions(self) -> SettingVersions:
        """What was changed at the desk, with who and why."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""


class SettingDoors(BaseDoors, Protocol):
    """For changing topics, grants and the calendar."""

    @property
    def letters(self) -> TemplateLetters:
        """The reply templates."""

    @property
    def articles(self) -> ArticleShelf:
        """The help pages."""

    @property
    def setting_versions(self) -> SettingVersions:
        """What was changed in config.toml at the desk."""


class CollectingDoors(BaseDoors, Protocol):
    """For taking labelled mail into the training data."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""

    @property
    def labels(self) -> CorrectedLabels:
        """What people corrected."""

    def folder(self, name: str, folder: str) -> ImapMailbox:
        """A folder of a mailbox, only to be read. Raises UsageError when there is no such mailbox."""


class LabellingDoors(NotingDoors, Protocol):
    """For keeping what a person says of a mail."""

    @property
    def labels(self) -> CorrectedLabels:
        """What people corrected."""

    @property
    def board(self) -> Board:
        """Our own tickets."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""


class RelabellingDoors(BaseDoors, Protocol):
    """For labelling past mail once more."""

    def predictor(self) -> tuple[Predictor | None, str]:
        """The model in use, or None; and what is wrong with it, ''. Raises UnusableModelError."""

    @property
    def relabels(self) -> Relabels:
        """What the version in use says of it."""


class PersonalDoors(BaseDoors, Protocol):
    """For finding what there is of a person."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""

    @property
    def personal_data(self) -> PersonalData:
        """What the database holds of people."""


class ErasingDoors(PersonalDoors, BackupDoors, Protocol):
    """For erasing a person."""

    def tracker(self, name: str = "") -> Tracker:
        """One more connection to a tracker. Raises ConfigError."""

    def mailboxes(self) -> list[ImapMailbox]:
        """All of them, not yet connected. Raises ConfigError when there is none."""


class ConfirmingDoors(LabellingDoors, Protocol):
    """For asking a person about mails that the machine is sure of."""

    @property
    def confirmations(self) -> Confirmations:
        """What people said of them."""


class AccountDoors(BaseDoors, Protocol):
    """For letting people in."""

    @property
    def accounts(self) -> Accounts:
        """People who may sign in."""

    @property
    def sessions(self) -> Sessions:
        """People who are signed in."""

    @property
    def audit(self) -> AuditLog:
        """Who did what."""


class HoldingDoors(AccountDoors, Protocol):
    """For keeping what neither a clock nor an erasure may touch."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""

    @property
    def board(self) -> Board:
        """Our own tickets."""

    @property
    def holds(self) -> Holds:
        """What is held."""


class PreviewDoors(NotingDoors, Protocol):
    """For printing letters before they are used."""

    @property
    def letters(self) -> TemplateLetters:
        """The reply templates."""

    @property
    def effects(self) -> Effects:
        """The journal of effects."""

    @property
    def versions(self) -> Versions:
        """Versions of letters that were used."""

    @property
    def signer(self) -> Signer:
        """Signs references and links."""


class AnsweringDoors(BaseDoors, Protocol):
    """For answering customers by mail."""

    @property
    def accounts(self) -> Accounts:
        """People who may sign in."""

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
    def effects(self) -> Effects:
        """The journal of effects."""

    @property
    def drafts(self) -> Drafts:
        """What people write to customers and have not sent."""

    @property
    def answer_files(self) -> StoredFiles:
        """What goes with it."""

    @property
    def given_answers(self) -> GivenAnswers:
        """What they have sent, or is on its way."""


class DeedDoors(LabellingDoors, EngineDoors, Protocol):
    """For what agents do with cases, and for looking at one."""

    @property
    def batches(self) -> Batches:
        """What was done to many cases at once."""


class CaseDoors(DeedDoors, TodayDoors, Protocol):
    """For looking at a case."""

    @property
    def presence(self) -> Presence:
        """Who has it before them."""


class AnswerSheetDoors(AnsweringDoors, Protocol):
    """For showing what there is to answer."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def board(self) -> Board:
        """Our own tickets."""


class TextDoors(PreviewDoors, PostingDoors, AccountDoors, Protocol):
    """For editing what customers read."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def articles(self) -> ArticleShelf:
        """The help pages."""

    @property
    def given(self) -> Offers:
        """Help pages that were offered."""

    @property
    def text_versions(self) -> TextVersions:
        """Texts as they were saved."""

    @property
    def text_drafts(self) -> TextDrafts:
        """What people have typed into them and not saved."""

    def take_up_shared(self) -> None:
        """What other machines have pushed, where [store] says so. Raises UnreachableError, DamagedError."""

    def push_texts(self, mailbox: str, files: Collection[str]) -> list[str]:
        """Puts files where other machines take them up, where [store] says so. Returns what a person must decide."""
