"""Config → live doors. The only place where things are constructed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipeline import logs
from pipeline.clock import Clock, SystemClock
from pipeline.config.servers import Server
from pipeline.config.settings import SMTP, Config
from pipeline.doors import Predictor, Tracker
from pipeline.errors import ConfigError, UnusableModelError, UsageError
from pipeline.store import restoring, tombstones
from pipeline.store.announcements import Announcements
from pipeline.store.bounces import BounceMemory
from pipeline.store.database import Database
from pipeline.store.drift import Drift
from pipeline.store.effects import Effects
from pipeline.store.filings import Filings
from pipeline.store.ledger import Ledger
from pipeline.store.letters_taken import LettersTaken
from pipeline.store.mails import Mails
from pipeline.store.offers import Offers
from pipeline.store.past import Windows
from pipeline.store.portions import Portions
from pipeline.store.promises import Promises
from pipeline.store.repeats import Repeats
from pipeline.store.surveys import Surveys
from pipeline.store.templates import Versions
from pipeline.store.tickets import Board
from pipeline.store.tombstones import Tombstones
from pipeline.store.undelivered import UndeliveredMails
from pipeline.store.workers import Workers
from pipeline.tokens import Signer
from pipeline.wiring import exclusion
from pipeline.wiring.desk_stores import DeskStores
from pipeline.wiring.keys import key_of
from pipeline.wiring.settings_watch import SettingsWatch

if TYPE_CHECKING:
    from pipeline.learn.registry import ModelStanding
    from pipeline.mailbox import ImapMailbox
    from pipeline.outbox import SmtpOutbox
    from pipeline.replies.articles import ArticleShelf
    from pipeline.replies.letters import TemplateLetters
    from pipeline.route import Route
    from pipeline.store.jobs import Jobs
    from pipeline.wiring.sharing import FileSharing
    from pipeline.wiring.sign_in.access import Access


@dataclass
class LiveDoors(DeskStores):
    """Everything that is alive, made when it is first needed; what is slow to import is imported then, too."""

    config: Config
    clock: Clock
    few_connections: bool = False  # to the database: one of many workers
    settings_watch: SettingsWatch = field(init=False)

    def __post_init__(self) -> None:
        self.settings_watch = SettingsWatch(self.config.path)

    @cached_property
    def database(self) -> Database:
        """Ready to use: made when it is new, refused when it is older or newer than this program."""
        database = Database(self.config.store_url(), few=self.few_connections)
        try:
            database.prepare()
        except BaseException:
            database.close()
            raise
        return database

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, as the route sees it."""
        wake = self.jobs.wake if self.config.engine.is_shared else None
        windows = Windows.of(self.config.guard, self.config.grants.values())
        return Ledger(self.database, windows, wake, self.signer.person)

    @cached_property
    def tombstones(self) -> Tombstones:
        """Who was erased, outside the database."""
        return Tombstones(self.config.at(f"var/{tombstones.NAME}"))

    @cached_property
    def workers(self) -> Workers:
        """Who works on the database, where several do."""
        return Workers(self.database)

    @cached_property
    def jobs(self) -> Jobs:
        """What wakes other workers."""
        from pipeline.store.jobs import Jobs

        return Jobs(self.database)

    @cached_property
    def portions(self) -> Portions:
        """Portions of backlogs, that all workers read."""
        return Portions(self.database)

    @cached_property
    def letters_taken(self) -> LettersTaken:
        """What all workers have taken of `[smtp] limit`."""
        return LettersTaken(self.database)

    @cached_property
    def undelivered(self) -> UndeliveredMails:
        """Mails that a server would not give out."""
        return UndeliveredMails(self.database)

    @cached_property
    def bounces(self) -> BounceMemory:
        """Addresses that are not written to."""
        return BounceMemory(self.database)

    @cached_property
    def effects(self) -> Effects:
        """The journal of effects."""
        return Effects(self.database)

    @cached_property
    def filings(self) -> Filings:
        """Tickets that are, or are to be, in outside trackers."""
        return Filings(self.database)

    @cached_property
    def reading(self) -> Mails:
        """The mails of the ledger, and how passes went."""
        return Mails(self.database)

    @cached_property
    def board(self) -> Board:
        """Our own tickets."""
        return Board(self.database)

    @cached_property
    def promises(self) -> Promises:
        """Times that customers were given."""
        return Promises(self.database)

    @cached_property
    def repeats(self) -> Repeats:
        """Which tickets are linked."""
        return Repeats(self.database)

    @cached_property
    def given(self) -> Offers:
        """Grants that were offered and given."""
        return Offers(self.database)

    @cached_property
    def versions(self) -> Versions:
        """Versions of letters that were used."""
        return Versions(self.database)

    @cached_property
    def drift(self) -> Drift:
        """How the mail compares with the training, day by day."""
        return Drift(self.database)

    @cached_property
    def surveys(self) -> Surveys:
        """Questions to customers, and their answers."""
        return Surveys(self.database)

    @cached_property
    def signer(self) -> Signer:
        """Signs references and links with the key of `[security]`. Raises ConfigError."""
        return Signer(key_of(self.config))

    @cached_property
    def letters(self) -> TemplateLetters:
        """The reply templates."""
        from pipeline.replies.letters import TemplateLetters

        return TemplateLetters.of(self.config)

    @cached_property
    def announcements(self) -> Announcements:
        """Known problems that letters tell of."""
        return Announcements(self.database)

    @cached_property
    def articles(self) -> ArticleShelf:
        """The help pages."""
        from pipeline.replies.articles import ArticleShelf

        return ArticleShelf.of(self.config)

    @cached_property
    def accesses(self) -> dict[str, Access]:
        """What logs in to the servers that take no password, by their names: one of each for all threads."""
        servers: dict[str, Server] = {**self.config.mailbox, **({SMTP: self.config.smtp} if self.config.smtp else {})}
        found = {name: (server.username, server.oauth2) for name, server in servers.items() if server.oauth2}
        if not found:
            return {}
        from pipeline.wiring.sign_in.access import Access  # speaks HTTP, which takes a while to load

        return {name: Access(name, *whom, self.config.folder, self.clock) for name, whom in found.items()}

    def predictor(self) -> tuple[Predictor | None, str]:
        """The model in use, or None; and what is wrong with it in words, ''. Raises UnusableModelError."""
        from pipeline.learn.registry import open_predictor

        settings = self.config.classify
        return open_predictor(
            self.config.at(settings.models),
            key_of(self.config),
            settings.max_error.model_dump(),
            self.config.encoder_folder(),
        )

    def predictor_if_any(self) -> tuple[Predictor | None, str]:
        """The same for those who go on without: a damaged model counts as none, with the reason."""
        try:
            return self.predictor()
        except UnusableModelError as error:
            return None, str(error)

    def standing_if_any(self) -> tuple[ModelStanding | None, str]:
        """The same for those who only tell of it: nothing is opened that takes long."""
        from pipeline.learn.registry import find_standing, registry_of

        try:
            return find_standing(registry_of(self.config, key_of(self.config)))
        except UnusableModelError as error:
            return None, str(error)

    def model_name(self) -> str:
        """The version that is to be in use, without opening it; '' for none."""
        from pipeline.learn.registry import Registry

        try:
            return Registry(self.config.at(self.config.classify.models), key_of(self.config)).current()
        except UnusableModelError:
            return ""

    def model_mark(self) -> tuple[int, ...]:
        """Changes whenever another version is promoted, or answers show another threshold; cheap to ask."""
        from pipeline.learn.registry import MARKS

        folder, found = self.config.at(self.config.classify.models), []
        for name in MARKS:
            with suppress(FileNotFoundError):
                stat = (folder / name).stat()
                found += [stat.st_mtime_ns, stat.st_ino]
        return tuple(found)

    def route(self, predictor: Predictor | None) -> Route:
        """The way of a mail with this model; None: without one."""
        from pipeline.route import Route

        return Route(
            config=self.config,
            clock=self.clock,
            signer=self.signer,
            ledger=self.ledger,
            letters=self.letters,
            articles=self.articles,
            predictor=predictor,
            problems=self.announcements,
            files=self.answer_files,
        )

    @cached_property
    def sharing(self) -> FileSharing:
        """Letters and the model, shared with other machines."""
        from pipeline.wiring.sharing import FileSharing

        return FileSharing.of(self.config, key_of(self.config), self.database, self.clock)

    def take_up_shared(self) -> None:
        """What other machines have pushed, where [store] says so. Raises UnreachableError, DamagedError."""
        if self.config.store.share_files:
            self.sharing.take_up()

    def push_texts(self, mailbox: str, files: Collection[str]) -> list[str]:
        """Lets other machines take them up, see FileSharing.push_texts, where [store] says so."""
        return self.sharing.push_texts(mailbox, files) if self.config.store.share_files else []

    def take_up_settings(self) -> str:
        """Topics, grants and the calendar as config.toml has them now; who holds `config` goes on with that one. Says
        what of the file is not in use, and why; '' when all is."""
        with self.settings_watch.lock:
            fresh = self.settings_watch.look(self.config)
            if fresh is not self.config:
                self.config = fresh
                if "ledger" in self.__dict__:
                    self.ledger.windows = Windows.of(fresh.guard, fresh.grants.values())
            return self.settings_watch.problem

    def mailbox(self, name: str) -> ImapMailbox:
        """A mailbox of the configuration, not yet connected."""
        from pipeline.mailbox import ImapMailbox

        return ImapMailbox(name, self.config.mailbox[name], self.config.folder, self.accesses.get(name))

    def folder(self, name: str, folder: str) -> ImapMailbox:
        """Another folder of a mailbox, only to be read. Raises UsageError when there is no such mailbox."""
        from pipeline.mailbox import ImapMailbox

        if name not in self.config.mailbox:
            known = ", ".join(self.config.mailbox) or "(none)"
            raise UsageError(f"there is no [mailbox.{name}]", where=str(self.config.path), remedy=f"known are: {known}")
        settings = self.config.mailbox[name].model_copy(update={"folder": folder, "done": "keep"})
        return ImapMailbox(name, settings, self.config.folder, self.accesses.get(name))

    def mailboxes(self) -> list[ImapMailbox]:
        """All of them, not yet connected. Raises ConfigError when there is none."""
        if not self.config.mailbox:
            raise ConfigError(
                "no mailbox is configured",
                where=f"{self.config.path}, mailbox",
                remedy="add a [mailbox.NAME] table; the file of `firstline init` shows how",
            )
        return [self.mailbox(name) for name in self.config.mailbox]

    def outbox(self) -> SmtpOutbox:
        """One more connection to the outgoing server. Raises ConfigError when there is none."""
        from pipeline.outbox import SmtpOutbox

        if self.config.smtp is None:
            raise ConfigError(
                "no outgoing server is configured",
                where=f"{self.config.path}, smtp",
                remedy="add an [smtp] table; the file of `firstline init` shows how",
            )
        return SmtpOutbox(self.config.smtp, self.config.folder, self.accesses.get(SMTP))

    def tracker(self, name: str = "") -> Tracker:
        """One more connection to a tracker: that of [trackers.NAME], else of [tracker]. Raises ConfigError."""
        from pipeline.replies.payload import compile_payload
        from pipeline.trackers import open_tracker

        if name in self.config.trackers:
            return open_tracker(name, self.config.trackers[name], self.config.folder, self.board, compile_payload)
        if name not in ("", self.config.tracker.kind):
            raise ConfigError(
                f"there is no [trackers.{name}]",
                where=str(self.config.path),
                remedy=f"known are: {', '.join(self.config.trackers) or '(none)'}",
            )
        return open_tracker("", self.config.tracker, self.config.folder, self.board, compile_payload)

    def read_secrets(self) -> None:
        """Reads every secret that the doors will need, so that a missing one is an error at the start. ConfigError."""
        base = self.config.folder
        for name, box in self.config.mailbox.items():
            if box.password:
                box.password.read(base, f"mailbox.{name}.password")
        if self.config.smtp and self.config.smtp.password:
            self.config.smtp.password.read(base, "smtp.password")
        for access in self.accesses.values():
            access.read_secrets()
        for section, tracker in self.config.all_trackers.items():
            if tracker.kind != "board":
                tracker.secret(base, section)
        if self.config.web.enabled and self.config.web.token:
            self.config.web.token.read(base, "web.token")
        key_of(self.config)

    @contextmanager
    def empty_ledger(self) -> Iterator[Ledger]:
        """One that knows nothing, and is thrown away with all that is recorded in it."""
        with TemporaryDirectory() as folder, closing(Database(f"sqlite:///{folder}/empty.db")) as database:
            database.prepare()
            yield Ledger(database, Windows.of(self.config.guard, self.config.grants.values()))

    def alone(self) -> AbstractContextManager[Callable[[], None]]:
        """Only one process works on a store; see exclusion.alone. Raises UsageError."""
        return exclusion.alone(self.database, self.workers, self._take_over)

    def beside_others(self) -> AbstractContextManager[None]:
        """Others may be at work on the store, but nobody who works alone. Raises UsageError when one does."""
        return exclusion.beside_others(self.database, self.workers, self._take_over)

    def _take_over(self) -> None:
        """A database that was put back from a backup must not do again what was done since."""
        answering = [name for name, box in self.config.mailbox.items() if box.first_run == "acknowledge"]
        if restoring.take_over(self.database, answering, self.clock.now()):
            logs.get("store").warning("the database was restored: what may have been answered since is uncertain")

    def close(self) -> None:
        """Closes the database, where it was opened."""
        if "database" in self.__dict__:
            self.database.close()


def build(config: Config, clock: Clock | None = None) -> LiveDoors:
    """All doors of a configuration; none is opened before it is used."""
    return LiveDoors(config=config, clock=clock or SystemClock())
