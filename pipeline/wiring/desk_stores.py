"""What the pages for people keep in the database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

from pipeline.store.accounts import Accounts
from pipeline.store.agenda import Agenda
from pipeline.store.audit import AuditLog
from pipeline.store.confirmations import Confirmations
from pipeline.store.database import Database
from pipeline.store.draft_files import StoredFiles
from pipeline.store.drafts import Drafts
from pipeline.store.given_answers import GivenAnswers
from pipeline.store.holds import Holds
from pipeline.store.labels import CorrectedLabels
from pipeline.store.personal_data import PersonalData
from pipeline.store.presence import Presence
from pipeline.store.relabels import Relabels
from pipeline.store.search import SearchIndex
from pipeline.store.sessions import Sessions
from pipeline.store.settings import SettingVersions
from pipeline.store.texts import TextDrafts, TextVersions
from pipeline.store.undoing import Batches
from pipeline.store.views import SavedViews


class DeskStores(ABC):
    """A part of the live doors: each is made when it is first needed."""

    @property
    @abstractmethod
    def database(self) -> Database:
        """Ready to use."""

    @cached_property
    def agenda(self) -> Agenda:
        """The queue of what needs a person."""
        return Agenda(self.database)

    @cached_property
    def views(self) -> SavedViews:
        """Filters of the queue that people have given a name."""
        return SavedViews(self.database)

    @cached_property
    def accounts(self) -> Accounts:
        """People who may sign in at the desk."""
        return Accounts(self.database)

    @cached_property
    def sessions(self) -> Sessions:
        """People who are signed in there."""
        return Sessions(self.database)

    @cached_property
    def audit(self) -> AuditLog:
        """Who did what there."""
        return AuditLog(self.database)

    @cached_property
    def setting_versions(self) -> SettingVersions:
        """What was changed in config.toml there."""
        return SettingVersions(self.database)

    @cached_property
    def labels(self) -> CorrectedLabels:
        """What people corrected."""
        return CorrectedLabels(self.database)

    @cached_property
    def confirmations(self) -> Confirmations:
        """What people said of mails that the machine was sure of."""
        return Confirmations(self.database)

    @cached_property
    def drafts(self) -> Drafts:
        """What people write to customers and have not sent."""
        return Drafts(self.database)

    @cached_property
    def given_answers(self) -> GivenAnswers:
        """What they have sent, or is on its way."""
        return GivenAnswers(self.database)

    @cached_property
    def answer_files(self) -> StoredFiles:
        """What goes with it."""
        return StoredFiles(self.database)

    @cached_property
    def relabels(self) -> Relabels:
        """What the version in use says of past mail."""
        return Relabels(self.database)

    @cached_property
    def batches(self) -> Batches:
        """What was done to many cases at once."""
        return Batches(self.database)

    @cached_property
    def presence(self) -> Presence:
        """Who has a case before them."""
        return Presence(self.database)

    @cached_property
    def personal_data(self) -> PersonalData:
        """What the database holds of people."""
        return PersonalData(self.database)

    @cached_property
    def holds(self) -> Holds:
        """What neither a clock nor an erasure may touch."""
        return Holds(self.database)

    @cached_property
    def text_versions(self) -> TextVersions:
        """Texts that customers read, as they were saved."""
        return TextVersions(self.database)

    @cached_property
    def text_drafts(self) -> TextDrafts:
        """What people have typed into them and not saved."""
        return TextDrafts(self.database)

    @cached_property
    def search(self) -> SearchIndex:
        """Mails and comments by what is written in them."""
        return SearchIndex(self.database)
