"""What the threads of one process share, whether it works once (once.py) or until it is stopped (run.py)."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import inf

from pipeline import logs
from pipeline.config.log_in_watch import LogInWatch
from pipeline.config.values import Section
from pipeline.engine.doors import EngineDoors
from pipeline.engine.many.backlog import SharingFetcher
from pipeline.engine.many.membership import Everything, Share
from pipeline.engine.passes import note
from pipeline.engine.workers import helper as workers_helper
from pipeline.engine.workers.allowance import Allowance, OwnAllowance, SharedAllowance, Unlimited
from pipeline.engine.workers.fetch import Fetcher
from pipeline.engine.workers.file import Filer
from pipeline.engine.workers.helper import Helper, Model
from pipeline.engine.workers.lanes import Lanes
from pipeline.engine.workers.mark import Marker
from pipeline.engine.workers.send import Sender, resolve
from pipeline.engine.workers.staff_answers import SentReaders
from pipeline.engine.workers.suspicion import Suspicion
from pipeline.errors import FirstlineError
from pipeline.mailbox import ImapMailbox
from pipeline.records.decision import Judged
from pipeline.records.effect import MAILS, EffectKind, EffectState
from pipeline.retry import Backoff
from pipeline.route import Route
from pipeline.store.jobs import PORTIONS
from pipeline.store.portions import Portion

LOOK_AROUND = 5  # seconds between looks for a changed model or template
QUIET = 0.25  # seconds without mail, after which what can wait goes on
MOST_WAITS = 20  # of these, where mail never ends
RUN, STOPPED = "run", "stopped"  # how `status` knows whether somebody should be reading now


@dataclass
class Engine:
    """Shared by all threads: the current model, the stop flag, the senders."""

    doors: EngineDoors
    stopping: threading.Event = field(default_factory=threading.Event)
    senders: list[Sender] = field(default_factory=list)
    lanes: Lanes = field(default_factory=Lanes)  # their connections
    filers: list[Filer] = field(default_factory=list)
    dry: bool = False  # nothing may be written
    at_backlog: Callable[[], None] = lambda: None  # called when a reader meets one
    backoff: Backoff = field(default_factory=Backoff)  # of the outgoing server
    share: Share = field(default_factory=Everything)  # what of the work is ours
    resolved: float | None = None  # when that was last tried, on the monotonic clock
    _route: Route | None = None
    _noted: Sequence[object] = ()  # the letters whose versions are recorded
    _model_mark: tuple[int, ...] = ()
    _alive: dict[str, float] = field(default_factory=dict)  # mailbox → when that was last noted
    _at_mail: float = -inf  # when a mail or a letter was last taken in hand, on the monotonic clock

    def rests(self, seconds: float) -> bool:
        """For work that can wait: so long, and on until no mail was in hand for a moment, but not for ever. True: we
        are stopping."""
        ended, waits = self.stopping.wait(seconds), 0
        while not ended and waits < MOST_WAITS and self.doors.clock.monotonic() - self._at_mail < QUIET:
            ended, waits = self.stopping.wait(QUIET), waits + 1
        return ended

    def route(self) -> Route:
        """With the model and the templates as they are now; whoever asks has a mail or a letter in hand."""
        self._at_mail = self.doors.clock.monotonic()
        if self._route is None:
            self.look_around()
        assert self._route is not None  # noqa: S101  (look_around made it)
        return self._route

    def look_around(self) -> None:
        """Takes up changed settings, templates and a changed model, between two batches."""
        if not self.dry:
            self.doors.take_up_settings()
            self._take_up_shared()
        self.doors.letters.refresh()
        self.doors.articles.refresh()
        if not self.dry:
            self._take_up_announcements()
            self._note_letters()
        mark = self.doors.model_mark()
        if self._route is not None and mark == self._model_mark:
            if self._route.config is not self.doors.config:
                self._route = self.doors.route(self._route.predictor)
            return
        predictor, note = self.doors.predictor_if_any()
        if note:
            logs.get("classify").warning("model", problem=note)
        self._model_mark = mark
        self._route = self.doors.route(predictor)

    def _take_up_shared(self) -> None:
        """What cannot be had, or is not fit, leaves what is here in use."""
        try:
            self.doors.take_up_shared()
        except FirstlineError as error:
            logs.get("store").warning("shared files not looked up", problem=str(error))

    def _take_up_announcements(self) -> None:
        """When the store is away, those that are known go on."""
        try:
            self.doors.announcements.refresh()
        except FirstlineError as error:
            logs.get("letters").warning("announcements not looked up", problem=str(error))

    def _note_letters(self) -> None:
        """Records the versions now in use. When the store is away it is tried again at the next look."""
        taken_up = self.doors.letters.taken_up
        if taken_up == self._noted:
            return
        try:
            self.doors.versions.take_up(self.doors.letters.versions, self.doors.clock.now())
            self._noted = taken_up
        except FirstlineError as error:
            logs.get("letters").warning("versions not recorded", problem=str(error))

    @cached_property
    def sent(self) -> SentReaders:
        """What reads the sent folders."""
        return SentReaders(self.doors, self.route)

    def fetcher(self, mailbox: ImapMailbox, stopped: Callable[[], bool] | None = None) -> Fetcher:
        """Reads this mailbox into the ledger. `stopped`: says when to end early; None: when the process stops."""
        shared = self.doors.config.engine.is_shared and not self.dry
        fetcher = SharingFetcher(
            mailbox=mailbox,
            settings=self.doors.config.mailbox[mailbox.name],
            ledger=self.doors.ledger,
            undelivered=self.doors.undelivered,
            clock=self.doors.clock,
            route=self.route,
            after_batch=partial(self.after_batch, mailbox.name),
            stopped=stopped or self.stopping.is_set,
            make_helper=self._make_helper,
        )
        if shared:
            fetcher.share_with(self.doors.portions, self._offer, self.stopping.wait)
        return fetcher

    def _offer(self, portions: Sequence[Portion]) -> None:
        """Wakes other workers; those that are not woken look for themselves."""
        locks = [f"{one.mailbox} {one.uidvalidity} {one.uids[0]}" for one in portions]
        try:
            self.doors.jobs.wake_now(PORTIONS, locks)
        except FirstlineError as error:
            logs.get("fetch").warning("nobody is woken for a backlog", problem=str(error))

    def marker(self, mailbox: ImapMailbox) -> Marker:
        """What marks the mails of this mailbox, over the same connection."""
        return Marker(mailbox=mailbox, journal=self.doors.effects, clock=self.doors.clock)

    def _make_helper(self) -> Helper | None:
        """A second process for a backlog; not where there is only one processor to share."""
        helper = None
        if not self.dry and not self.doors.config.engine.is_shared and (os.cpu_count() or 1) > 1:
            config = self.doors.config
            helper = workers_helper.start(
                Model(
                    folder=config.at(config.classify.models),
                    key=config.key(),
                    version=self.doors.model_name(),
                    max_error=config.classify.max_error.model_dump(),
                    encoder=config.encoder_folder(),
                )
            )
        self.at_backlog()  # while the helper starts
        return helper

    def log_in(self, settings: Section | None) -> LogInWatch:
        """Whether the secrets of a table have changed."""
        return LogInWatch(settings, self.doors.config.folder)

    def make_senders(self) -> list[Sender]:
        """As many as there may be of `[smtp] connections`; none without [smtp]."""
        smtp = self.doors.config.smtp
        turn = threading.Lock()
        allowance = self._allowance()
        suspicion = Suspicion()
        usual, most = smtp.usual_and_most_connections if smtp else (0, 0)
        wakes = [threading.Event() for _ in range(most)]
        self.lanes = Lanes(
            usual=usual, most=most, monotonic=self.doors.clock.monotonic, processor=time.process_time, wakes=wakes
        )
        self.senders = [
            Sender(
                outbox=self.doors.outbox(),
                journal=self.doors.effects,
                clock=self.doors.clock,
                route=self.route,
                backoff=self.backoff,
                wake=wake,
                stopped=self.stopping.is_set,
                may_work=self.share.may_work,
                turn=turn,
                allowance=allowance,
                suspicion=suspicion,
                lanes=self.lanes,
                log_in=self.log_in(smtp),
            )
            for wake in wakes
        ]
        return self.senders

    def _allowance(self) -> Allowance:
        smtp = self.doors.config.smtp
        if smtp is None or not smtp.limit.count:
            return Unlimited()
        if self.doors.config.engine.is_shared:
            return SharedAllowance(smtp.limit, self.doors.letters_taken)
        return OwnAllowance(smtp.limit)

    def resolve(self) -> None:
        """What can't be known is looked up, resent or held, as [smtp] says. Raises UnreachableError.

        When it was the server, which is back now, no letter is held for the tries that this took: each gets one more.
        """
        smtp, journal = self.doors.config.smtp, self.doors.effects
        returned, self.backoff.returned = self.backoff.returned, False
        self.resolved = self.doors.clock.monotonic()
        if smtp is None or not any(journal.left_over(kind, EffectState.UNCERTAIN) for kind in MAILS):
            return
        mailbox = self.doors.mailboxes()[0] if smtp.sent_folder and self.doors.config.mailbox else None
        try:
            if mailbox:
                mailbox.open()
            resent = resolve(
                journal,
                self.doors.clock,
                policy=smtp.on_uncertain,
                sent_folder=smtp.sent_folder,
                mailbox=mailbox,
                more=int(returned),
            )
        finally:
            if mailbox:
                mailbox.close()
        if resent:
            self.backoff.be_careful()
            self.wake_senders()

    def after_batch(self, mailbox: str, judged: Sequence[Judged]) -> None:
        """A long backlog is read in many batches: each is a sign of life."""
        if any(one.decision.acknowledge for one in judged):
            self.wake_senders()
        if any(effect.kind is EffectKind.FILE for one in judged for effect in one.effects):
            self.wake_filers()
        at = self.doors.clock.monotonic()
        if at - self._alive.setdefault(mailbox, at) > LOOK_AROUND:
            self._alive[mailbox] = at
            note(self.doors.reading, f"mailbox.{mailbox}", self.doors.clock.now(), "")

    def wake_filers(self) -> None:
        """Something is to be filed."""
        for filer in self.filers:
            filer.wake.set()

    def wake_senders(self) -> None:
        """There is a letter."""
        for sender in self.senders:
            sender.wake.set()
