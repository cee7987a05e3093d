"""Mail servers in trouble for days, on a clock that is told the time: everybody is served once, within a minute."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock, SystemClock
from pipeline.config.load import check
from pipeline.config.log_in_watch import LogInWatch
from pipeline.config.servers import SmtpConfig
from pipeline.engine.run import _watch
from pipeline.engine.shared import Engine
from pipeline.outbox import SmtpOutbox
from pipeline.records.effect import EffectKind, EffectState
from pipeline.retry import RESEND
from pipeline.wiring.live_doors import LiveDoors, build
from tests.conftest import missing
from tests.days import SERVED, Days
from tests.desk import letter
from tests.doors.test_outages import MINUTE, World, working, world
from tests.lines import HOST, Line, expire, hang, refuse
from tests.samples import NOON, table
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot, is_installed
from tests.servers.proxy import Proxy
from tests.servers.smtp_sink import DROP, SmtpSink
from tests.waiting import PATIENCE

__all__ = ["world"]  # the fixture
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BEGIN = NOON + 5 * SECOND
LONG = 4 * DAY  # longer than max_age
QUICK = timedelta(milliseconds=300)  # less than can be configured: each try of a server that hangs takes so long


def in_a_hurry(settings: Any) -> Callable[[], None]:
    """Returns what ends the hurry: a server that is well has its time."""
    before, settings.__dict__["timeout"] = settings.timeout, QUICK
    return partial(settings.__dict__.update, timeout=before)


# --- the outgoing server ----------------------------------------------------------------------------------------------


@dataclass
class Outgoing(Line):
    """A server with encryption and passwords, and the line to it."""

    sink: SmtpSink
    password: str = "pw-first"
    calm: Callable[[], None] = lambda: None

    def show(self, certificate: Path, key: Path) -> None:
        self.sink.tls.load_cert_chain(certificate, key)

    def outbox(self, trouble: Callable[[Outgoing], None] | None = None) -> SmtpOutbox:
        (self.folder / "pw").write_text(self.password)
        settings = {
            "host": HOST,
            "port": self.proxy.port,
            "security": "starttls",
            "from": "Example Support <support@example.com>",
            "username": "support",
            "password": {"file": "pw"},
            "ca_file": str(self.certificates.ca_file),
        }
        config = SmtpConfig.model_validate(settings)
        if trouble is hang:
            self.calm = in_a_hurry(config)
        return SmtpOutbox(config, self.folder)


@pytest.fixture
def outgoing(certificates: Certificates, tmp_path: Path) -> Iterator[Outgoing]:
    with (
        SmtpSink(users={"support": "pw-first"}, tls=certificates.server_context(HOST)) as sink,
        Proxy(sink.port) as proxy,
    ):
        yield Outgoing(proxy, certificates, tmp_path, sink)


def slow(server: Outgoing) -> None:
    server.proxy.trickle(400, 0.01)


def full(server: Outgoing) -> None:
    server.sink.always("MAIL", "452 4.3.1 Insufficient system storage")


def other_password(server: Outgoing) -> None:
    server.sink.users["support"] = server.password = "pw-second"
    server.proxy.cut()


def break_off(server: Outgoing) -> None:
    """Each time a sender is named."""
    server.sink.always("MAIL", DROP)


def well(server: Outgoing) -> None:
    server.proxy.well()
    server.sink.as_planned_from_now()
    server.calm()
    server.certify(expired=False)
    (server.folder / "pw").write_text(server.password)


SMTP_TROUBLES: dict[Callable[[Outgoing], None], str] = {
    refuse: "closed unexpectedly",
    hang: "does not answer in time",
    break_off: "closed unexpectedly",
    full: "takes no mail: 452 4.3.1",
    expire: "certificate is not accepted",
    other_password: "does not accept name and password",
}


@pytest.mark.parametrize("trouble", SMTP_TROUBLES, ids=lambda trouble: trouble.__name__)
def test_after_days_without_the_outgoing_server_each_is_answered_once_and_the_oldest_are_told_that_it_is_late(
    world: World, outgoing: Outgoing, trouble: Callable[[Outgoing], None]
) -> None:
    end = BEGIN + LONG
    plan = [
        (NOON + SECOND, lambda: world.arrive("before")),
        (BEGIN, lambda: trouble(outgoing)),
        (BEGIN + SECOND, lambda: world.arrive("early")),
        (BEGIN + LONG / 2, lambda: world.arrive("middle")),
        (end - 30 * SECOND, lambda: world.arrive("recent")),
        (end, lambda: well(outgoing)),
    ]
    days = Days(world.clock, BEGIN, end, plan)
    sender = world.sender(outgoing.outbox(trouble), end, wake=days)  # type: ignore[arg-type]
    sender.stopped, days.error = days.is_over, lambda: sender.unreachable
    sender.log_in = LogInWatch(sender.outbox.connection.config, outgoing.folder)
    sender.serve()

    sent = [message.recipients[0].partition("@")[0] for message in outgoing.sink.accepted]
    assert sorted(sent) == ["before", "early", "middle", "recent"]
    done = world.doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.DONE)
    letters = {effect.recipient.partition("@")[0]: effect.sent.template for effect in done}
    assert letters == {"before": "slow", "early": "late", "middle": "slow", "recent": "slow"}
    assert all(SMTP_TROUBLES[trouble] in told for told in days.told()), days.told()
    assert days.seen[-1][1] == ""


@pytest.mark.parametrize("chunking", [False, True])
def test_a_server_that_breaks_off_in_each_letter_is_tried_with_one_and_the_rest_go_out_when_it_is_back(
    world: World, outgoing: Outgoing, chunking: bool
) -> None:
    end = NOON + 20 * MINUTE
    outgoing.sink.chunking = chunking
    outgoing.sink.always("CONTENT", DROP)
    names = [f"n{number:02}" for number in range(30)]
    for name in names:
        world.arrive(name)
    working(world, outgoing.outbox(), end + SERVED, (end, lambda: well(outgoing))).serve()
    assert sorted(message.recipients[0].partition("@")[0] for message in outgoing.sink.accepted) == names
    assert world.states() == {EffectState.DONE}
    done = world.doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.DONE)
    assert max(effect.attempts for effect in done) <= (RESEND.tries or 0) + 1


def test_a_slow_outgoing_server_is_waited_for(world: World, outgoing: Outgoing) -> None:
    slow(outgoing)
    for name in ("a", "b"):
        world.arrive(name)
    world.sender(outgoing.outbox(), NOON + SECOND).drain()  # type: ignore[arg-type]
    assert len(outgoing.sink.accepted) == 2
    assert world.states() == {EffectState.DONE}


# --- the mailbox ------------------------------------------------------------------------------------------------------


@dataclass
class Incoming(Line):
    """A server with encryption, and the line to it."""

    dovecot: Dovecot
    user: str = "support@example.com"

    def show(self, certificate: Path, key: Path) -> None:
        shutil.copyfile(certificate, self.dovecot.base / "c.pem")
        shutil.copyfile(key, self.dovecot.base / "k.pem")
        self.dovecot.restart()

    def deliver(self, number: int) -> None:
        self.dovecot.deliver(letter(number), self.user)

    def doors(self, *, secure: bool) -> LiveDoors:
        (self.folder / "pw").write_text("pw-support")
        box = table()["mailbox"]["support"] | {
            "port": self.proxy.port,
            "username": self.user,
            "security": "starttls" if secure else "none",
            "ca_file": str(self.certificates.ca_file),
            "password": {"file": "pw"},
            "poll": "1s",
            "first_run": "acknowledge",
        }
        return build(
            check(table(mailbox={"support": box}), self.folder / "config.toml"), FakeClock(SystemClock().now())
        )


@pytest.fixture(scope="module")
def own_dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """One whose certificate may change."""
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot(certificates.issue(HOST)) as server:
        yield server


@pytest.fixture
def incoming(own_dovecot: Dovecot, certificates: Certificates, tmp_path: Path) -> Iterator[Incoming]:
    with Proxy(own_dovecot.imap_port) as proxy:
        yield Incoming(proxy, certificates, tmp_path, own_dovecot, own_dovecot.fresh_user())


def reset(server: Incoming) -> None:
    """In the middle of every literal."""
    server.proxy.reset_in_literal(times=10_000)


def end_of(trouble: Callable[[Incoming], None], server: Incoming) -> None:
    if trouble is expire:
        server.certify(expired=False)
    server.proxy.well()


IMAP_TROUBLES: dict[Callable[[Incoming], None], str] = {
    refuse: "closed unexpectedly",
    hang: "does not answer in time",
    reset: "closed unexpectedly",
    expire: "certificate is not accepted",
}


class Stopping(Days):
    """Also what says when to stop."""

    def is_set(self) -> bool:
        return self.is_over()


def days_of(
    doors: LiveDoors, server: Incoming, trouble: Callable[[Incoming], None], calm: Callable[[], None]
) -> Stopping:
    """One mail lies there before, one comes at the beginning, three near the end."""
    begin: datetime = doors.clock.now()
    end = begin + 2 * DAY
    trouble(server)
    server.deliver(1)
    plan = [(end - 40 * SECOND, lambda number=number: server.deliver(number)) for number in (2, 3, 4)]
    plan += [(end, calm), (end, lambda: end_of(trouble, server))]
    error: Callable[[], str] = lambda: str(doors.reading.passes()["mailbox.support"].error)  # noqa: E731
    return Stopping(doors.clock, begin, end, plan, error)  # type: ignore[arg-type]


@pytest.mark.parametrize("trouble", IMAP_TROUBLES, ids=lambda trouble: trouble.__name__)
def test_after_days_without_the_mailbox_all_mail_is_read_whole_and_once(
    incoming: Incoming, trouble: Callable[[Incoming], None]
) -> None:
    doors = incoming.doors(secure=trouble is expire)
    calm = in_a_hurry(doors.config.mailbox["support"]) if trouble is hang else lambda: None
    days = days_of(doors, incoming, trouble, calm)
    (mailbox,) = doors.mailboxes()
    engine = Engine(doors, stopping=days)  # type: ignore[arg-type]

    given_up = time.monotonic() + PATIENCE

    def read() -> bool:
        return days.is_over() or len([*doors.reading.mails()]) == 4 or time.monotonic() > given_up

    _watch(engine, mailbox, read)
    found = [doors.reading.mail(mail.id) for mail in doors.reading.mails()]
    assert sorted(mail.subject for mail in found) == [f"Where is parcel {number}?" for number in (1, 2, 3, 4)]
    assert {(mail.parked, mail.acknowledge, len(mail.locations)) for mail in found} == {(False, True, 1)}
    assert all(IMAP_TROUBLES[trouble] in told for told in days.told()), days.told()
    assert doors.reading.passes()["mailbox.support"].error == ""
    doors.close()
