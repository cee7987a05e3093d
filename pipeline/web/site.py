"""What all pages share: the doors, the words, the limits; and how a page is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from pipeline.clock import Clock
from pipeline.config.values import Rate
from pipeline.desk.doubts_room import DoubtsRoom
from pipeline.desk.figures import BoardWish, make_board, report_of
from pipeline.desk.groups_room import GroupsRoom
from pipeline.desk.health import health
from pipeline.desk.health_document import HealthDocument
from pipeline.desk.machine import MachineState, look
from pipeline.desk.work import Works, works_of
from pipeline.figures.board import FigureBoard
from pipeline.figures.report import PeriodReport
from pipeline.store.topic_counts import by_topic
from pipeline.tokens import Link
from pipeline.web import wordings
from pipeline.web.counts import OverallCounts, count_everything
from pipeline.web.protection import Limiter, visitor
from pipeline.web.reception import Reception
from pipeline.wiring.live_doors import LiveDoors

if TYPE_CHECKING:
    from pipeline.desk.confirm_room import ConfirmRoom
    from pipeline.desk.mail_changes import MailDrift, NewWord
    from pipeline.desk.review_room import ReviewRoom
    from pipeline.desk.versions import VersionComparison
    from pipeline.web.counts import OverallCounts
    from pipeline.wiring.sign_in.identity import IdentityProvider

TOPIC_MAILS_OF = timedelta(days=30)
_LOOKED_AT = Rate(count=600, window=timedelta(minutes=10))  # pages that one visitor may open
_TRIED = Rate(count=120, window=timedelta(minutes=1))  # looks of one person at a text that they type
_TESTS = Rate(count=5, window=timedelta(minutes=1))  # mails of one person to themselves
_BENCHES = 2  # child processes that look at texts at once
PAGES = Jinja2Templates(directory=Path(__file__).parent / "pages")


class TroubleError(Exception):
    """A page that can't be shown: `name` of the text in [trouble], and the status of the answer."""

    def __init__(self, name: str, status: int, language: str = "") -> None:
        super().__init__(name)
        self.name, self.status, self.language = name, status, language


Found = TypeVar("Found")


@dataclass
class Remembered(Generic[Found]):
    """What takes a while to find out, for some seconds. Used by many threads."""

    find: Callable[[], Found]
    clock: Clock
    seconds: float

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[Found, datetime] | None = None  # with the time when it was found

    def get(self) -> Found:
        """What was found lately, or is found now."""
        with self._lock:
            now = self.clock.now()
            if self._kept is None or now - self._kept[1] >= timedelta(seconds=self.seconds):
                self._kept = self.find(), now
            return self._kept[0]


Asked = TypeVar("Asked")


@dataclass
class RememberedEach(Generic[Asked, Found]):
    """The same for each of the things that may be asked for, the MOST_KEPT asked for last."""

    find: Callable[[Asked], Found]
    clock: Clock
    seconds: float

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._each: dict[Asked, Remembered[Found]] = {}

    def get(self, asked: Asked) -> Found:
        """What was found lately, or is found now; whoever asks for something else does not wait for it."""
        with self._lock:
            one = self._each.pop(asked, None) or Remembered(partial(self.find, asked), self.clock, self.seconds)
            self._each[asked] = one
            if len(self._each) > MOST_KEPT:
                del self._each[next(iter(self._each))]
        return one.get()


MOST_KEPT = 32


@dataclass
class Site:
    """One app's worth of it."""

    doors: LiveDoors

    @cached_property
    def reception(self) -> Reception:
        """Takes in what comes by the form or the API."""
        return Reception(self.doors)

    @cached_property
    def health(self) -> Remembered[HealthDocument]:
        """What `status` says, looked up again after ten seconds at the earliest."""
        return Remembered(lambda: health(self.doors), self.doors.clock, 10)

    @cached_property
    def machine(self) -> Remembered[MachineState]:
        """The same with what an operator looks at next, as often."""
        return Remembered(lambda: look(self.doors), self.doors.clock, 10)

    @cached_property
    def figures(self) -> Remembered[OverallCounts]:
        """What is counted over all time, counted again after fifteen seconds at the earliest."""
        return Remembered(lambda: count_everything(self.doors.database), self.doors.clock, 15)

    @cached_property
    def boards(self) -> RememberedEach[BoardWish, FigureBoard]:
        """The figures of a period, counted again after a minute at the earliest."""
        return RememberedEach(partial(make_board, self.doors), self.doors.clock, 60)

    @cached_property
    def reports(self) -> RememberedEach[int, PeriodReport]:
        """What changed in so many days, as often."""
        return RememberedEach(partial(report_of, self.doors), self.doors.clock, 60)

    @cached_property
    def letters_told(self) -> RememberedEach[int, int]:
        """How many letters told of an announcement, as often."""
        return RememberedEach(self._count_told, self.doors.clock, 60)

    def _count_told(self, number: int) -> int:
        announcements = self.doors.announcements
        return len(announcements.letters_of(announcements.find(number)))

    @cached_property
    def topic_mails(self) -> Remembered[Mapping[str, int]]:
        """How many mails of the last 30 days each topic has, counted again after thirty seconds at the earliest."""
        clock = self.doors.clock
        return Remembered(lambda: by_topic(self.doors.database, clock.now() - TOPIC_MAILS_OF), clock, 30)

    @cached_property
    def review_room(self) -> ReviewRoom:
        """Where people label mails."""
        from pipeline.desk.review_room import ReviewRoom  # scikit-learn takes a while to load

        return ReviewRoom(self.doors)

    @cached_property
    def confirm_room(self) -> ConfirmRoom:
        """Where people confirm what the machine is sure of."""
        from pipeline.desk.confirm_room import ConfirmRoom

        return ConfirmRoom(self.doors)

    @cached_property
    def works(self) -> Works:
        """Long work that is begun here."""
        return works_of(self.doors.config, self.doors.clock)

    @cached_property
    def doubts_room(self) -> DoubtsRoom:
        """Where people decide about doubted labels."""
        return DoubtsRoom(self.doors, self.works)

    @cached_property
    def groups_room(self) -> GroupsRoom:
        """Where people name groups of mail."""
        return GroupsRoom(self.doors, self.works)

    @cached_property
    def comparisons(self) -> RememberedEach[str, VersionComparison]:
        """Versions beside the one in use, found again after five minutes at the earliest."""
        from pipeline.desk.versions import compare  # scikit-learn takes a while to load

        return RememberedEach(partial(compare, self.doors), self.doors.clock, 300)

    @cached_property
    def drift(self) -> Remembered[MailDrift | None]:
        """How the mail has changed since the training; looked up again after a minute at the earliest."""
        from pipeline.desk.mail_changes import drift_of

        return Remembered(partial(drift_of, self.doors), self.doors.clock, 60)

    @cached_property
    def new_words(self) -> Remembered[Sequence[NewWord]]:
        """Which words are new, found again after five minutes at the earliest: thousands of mails are read for it."""
        from pipeline.desk.mail_changes import new_words

        return Remembered(partial(new_words, self.doors), self.doors.clock, 300)

    @cached_property
    def identity(self) -> IdentityProvider | None:
        """Who else says who people are, None where nobody does."""
        from pipeline.wiring.sign_in.identity import IdentityProvider  # speaks HTTP, which takes a while to load

        config, web = self.doors.config, self.doors.config.web
        here = web.url or f"http://{web.listen}"
        return IdentityProvider(config.desk.oidc, config.folder, f"{here}/desk/oidc/back") if config.desk.oidc else None

    def share_model(self) -> list[str]:
        """Lets other machines take up the version in use, where [store] says so; returns what a person must decide."""
        return self.doors.sharing.push_model() if self.doors.config.store.share_files else []

    @cached_property
    def sent(self) -> Limiter:
        """What visitors send."""
        return Limiter(self.doors.config.web.limit, self.doors.clock)

    @cached_property
    def looked_at(self) -> Limiter:
        """What visitors only look at: nobody may try out links by the thousand."""
        return Limiter(_LOOKED_AT, self.doors.clock)

    @cached_property
    def tried(self) -> Limiter:
        """Texts that are checked or shown while somebody types them: each takes a process of its own."""
        return Limiter(_TRIED, self.doors.clock)

    @cached_property
    def tests(self) -> Limiter:
        """Mails that people send to themselves."""
        return Limiter(_TESTS, self.doors.clock)

    @cached_property
    def benches(self) -> threading.BoundedSemaphore:
        """Where texts are looked at: so many at once."""
        return threading.BoundedSemaphore(_BENCHES)

    @cached_property
    def prefix(self) -> str:
        """The path below which the pages lie as visitors see it."""
        return urlsplit(self.doors.config.web.url).path

    def show(self, request: Request, page: str, language: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page in one of the languages that the pages speak."""
        words = wordings.words(language)
        return PAGES.TemplateResponse(
            request,
            f"{page}.html",
            {
                "language": language,
                "prefix": self.prefix,
                "company": self.doors.config.replies.company,
                "common": words["common"],
                "words": words[page],
                **values,
            },
            status_code=status,
        )

    def trouble(self, request: Request, error: TroubleError) -> HTMLResponse:
        """A small page that says what is wrong, and nothing of how it came about."""
        language = wordings.choose_language(error.language, *self.languages(request))
        text = wordings.words(language)["trouble"][error.name]
        return self.show(request, "trouble", language, error.status, text=text)

    def languages(self, request: Request) -> list[str]:
        """What the visitor would like to be spoken to in, the best first."""
        asked = wordings.read_accepted(request.headers.get("accept-language", ""))
        return [request.query_params.get("lang", ""), *asked, self.doors.config.replies.language]

    def opened(self, request: Request, purpose: str, token: str) -> Link:
        """What a link is about. Raises TroubleError when it is not ours, or expired."""
        link = self.doors.signer.read_link(purpose, token)
        if link is None:
            raise TroubleError("wrong_link", 404)
        if link.expires < self.doors.clock.now():
            raise TroubleError("expired", 410)
        return link


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


def client_of(request: Request) -> str:
    """Whom limits count a request for."""
    return visitor(request.client.host if request.client else "")


def may_look(request: Request) -> None:
    """A dependency of every page. Raises TroubleError when this visitor has looked at very many."""
    if not site_of(request).looked_at.admits(client_of(request)):
        raise TroubleError("too_many", 429)


def may_send(request: Request) -> None:
    """A dependency of every page that takes something. Raises TroubleError beyond `[web] limit`."""
    if not site_of(request).sent.admits(client_of(request)):
        raise TroubleError("too_many", 429)
