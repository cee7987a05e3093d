"""Whose fault a refusal is: of a server that refuses us, of one letter alone, and of words that don't say which."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from pipeline.desk.settle import Word, settle
from pipeline.engine.workers.send import Sender
from pipeline.engine.workers.suspicion import IN_ONE_PASS, Suspicion
from pipeline.errors import DeferredError, RejectedError, SenderRefusedError
from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.records.letter import Reply
from pipeline.retry import Backoff
from tests.doors.test_outages import DAY, HOUR, MINUTE, SECOND, Server, Trouble, Wake, World, refused, world
from tests.samples import NOON

__all__ = ["world"]  # the fixture


def denied() -> Exception:
    return SenderRefusedError("it refuses us: 550 5.7.1 denied")


def unknown(status: str = "") -> Exception:
    return RejectedError(f"550 {status} no such user", recipient_unknown=True, unclear=not status)


@dataclass
class Picky(Server):
    """Refuses letters to those whose name begins so, each in its way."""

    refuses: Mapping[str, Callable[[], Exception]] = field(default_factory=dict)
    asked: list[tuple[datetime, str]] = field(default_factory=list)

    def send(self, reply: Reply) -> None:
        name = reply.recipient.partition("@")[0]
        self.asked.append((self.trouble.clock.now(), name))
        for beginning, error in self.refuses.items():
            if name.startswith(beginning):
                raise error()
        super().send(reply)


def picky(world: World, **refuses: Callable[[], Exception]) -> Picky:
    return Picky(Trouble(world.clock, NOON, NOON, refused), refuses=refuses)


class Leaps(Wake):
    """For days: looks every few minutes."""

    def wait(self, seconds: float) -> bool:
        return super().wait(max(seconds, 300))


def serving(world: World, server: Server, span: timedelta, *plan: tuple[datetime, Callable[[], None]]) -> Sender:
    wake = (Leaps if span > HOUR else Wake)(world.clock, plan=plan)
    sender = world.sender(server, world.clock.now() + span, wake=wake)
    sender.serve()
    return sender


def one_after_the_other(world: World, *names: str) -> None:
    """Letters of one moment have no order of their own."""
    for name in names:
        world.arrive(name)
        world.clock.pass_by(SECOND)


def letters(world: World, state: EffectState) -> list[Effect]:
    return world.doors.effects.left_over(EffectKind.ACKNOWLEDGE, state)


def names(effects: list[Effect]) -> list[str]:
    return sorted(effect.recipient.partition("@")[0] for effect in effects)


def test_a_letter_that_is_refused_alone_holds_up_nobody_and_has_an_end(world: World) -> None:
    server = picky(world, bad=denied)
    one_after_the_other(world, "bad", "a", "b")
    sender = serving(world, server, MINUTE)
    assert sorted(server.recipients) == ["a", "b"]
    assert sender.unreachable == ""
    (left,) = letters(world, EffectState.WAITING)
    assert "refused alone, others are taken" in left.error

    serving(world, server, 6 * DAY)
    (failed,) = letters(world, EffectState.FAILED)
    assert failed.error.startswith("given up: ")
    assert server.asked[-1][0] - NOON == pytest.approx(5 * DAY, abs=2 * HOUR)
    assert world.doors.effects.bounced(["bad@bad.example"], NOON) == {}


def test_while_the_server_refuses_us_one_letter_tries_at_a_time_and_another_each_time(world: World) -> None:
    everybody = [f"n{number}" for number in range(6)]
    for name in everybody:
        world.arrive(name)
    server = picky(world, n=denied)
    sender = serving(world, server, MINUTE)
    assert sender.unreachable.startswith("it refuses us: 550 5.7.1")
    assert len({at for at, _ in server.asked}) == len(server.asked)
    assert Counter(name for _, name in server.asked[:6]) == Counter(everybody)
    assert {effect.attempts for effect in letters(world, EffectState.WAITING)} == {0}
    server.refuses = {}
    sender.stopped = lambda: world.clock.now() >= NOON + 2 * MINUTE
    sender.serve()
    assert sorted(server.recipients) == everybody
    assert sender.unreachable == ""


def test_all_connections_together_try_one_letter_while_the_server_refuses_us(world: World) -> None:
    for name in "abc":
        world.arrive(name)
    due = world.doors.effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    suspicion, one, other = Suspicion(), object(), object()
    assert suspicion.chosen(due, one) == due
    suspicion.refused(due[0], SenderRefusedError("no"), world.route.writer.retry, NOON)
    (tries,) = suspicion.chosen(due, one)
    assert tries != due[0]
    assert suspicion.chosen(due, other) == []
    suspicion.tried_it(other)
    assert suspicion.chosen(due, other) == []
    suspicion.tried_it(one)
    assert len(suspicion.chosen(due, other)) == 1


def test_a_quota_of_days_burns_no_letter_and_is_tried_every_ten_minutes(world: World) -> None:
    end = NOON + 2 * DAY
    server = Server(Trouble(world.clock, NOON, end, denied))
    arrivals = [(NOON + 4 * HOUR * number, lambda n=number: world.arrive(f"n{n}")) for number in range(12)]
    serving(world, server, 2 * DAY + 11 * MINUTE, *arrivals)
    assert len(server.recipients) == 12
    assert world.states() == {EffectState.DONE}
    assert len(server.trouble.tries) < 2 * 24 * 6 + 150


def test_once_tries_some_other_letters_and_leaves_the_server_alone_then(world: World) -> None:
    for name in ("bad1", "bad2", *"abcdef"):
        world.arrive(name)
    server = picky(world, bad=denied)
    for _ in range(3):  # each time another process: nothing is remembered
        world.sender(server, NOON + HOUR).drain()
        world.clock.pass_by(5 * MINUTE)
    assert sorted(server.recipients) == [*"abcdef"]

    for number in range(20):
        world.arrive(f"n{number}")
    server = picky(world, n=denied, bad=denied)
    sender = world.sender(server, world.clock.now() + HOUR)
    sender.drain()
    assert sender.unreachable
    assert len(server.asked) == IN_ONE_PASS


def test_words_for_an_unknown_user_that_two_in_a_row_get_silence_nobody(world: World) -> None:
    """A directory that is away: the letters go out when it is back, and nobody is taken for dead."""
    server = picky(world, n=unknown)
    for number in range(4):
        world.arrive(f"n{number}")
    serving(world, server, MINUTE)
    assert names(letters(world, EffectState.WAITING)) == ["n0", "n1", "n2", "n3"]
    addresses = [f"n{number}@n{number}.example" for number in range(4)]
    assert world.doors.effects.bounced(addresses, NOON - DAY) == {}
    server.refuses = {}
    serving(world, server, MINUTE)
    assert world.states() == {EffectState.DONE}


@pytest.mark.parametrize("status", ["", "5.1.1"])
def test_one_unknown_user_among_others_is_remembered(world: World, status: str) -> None:
    server = picky(world, dead=lambda: unknown(status))
    one_after_the_other(world, "a", "dead", "b")
    serving(world, server, MINUTE)
    assert sorted(server.recipients) == ["a", "b"]
    assert names(letters(world, EffectState.FAILED)) == ["dead"]
    assert list(world.doors.effects.bounced(["dead@dead.example"], NOON - DAY)) == ["dead@dead.example"]


def test_who_was_refused_alone_before_is_not_taken_for_dead_by_other_words(world: World) -> None:
    """Found by the simulated year: their letters still waited when a directory was away."""
    server = picky(world, full=lambda: DeferredError("452 4.2.2 full"), bad=denied)
    one_after_the_other(world, "full", "bad", "a")
    serving(world, server, 20 * SECOND)
    assert server.recipients == ["a"]
    server.refuses = {"": unknown}
    for name in ("b", "c"):
        world.arrive(name)
    sender = serving(world, server, 20 * MINUTE)
    assert sender.unreachable
    everybody = [f"{name}@{name}.example" for name in ("full", "bad", "b", "c")]
    assert world.doors.effects.bounced(everybody, NOON - DAY) == {}
    server.refuses = {}
    serving(world, server, 2 * HOUR)
    assert sorted(server.recipients) == ["a", "b", "bad", "c", "full"]


def test_who_meets_a_directory_that_is_away_a_second_time_is_not_taken_for_dead(world: World) -> None:
    """Found by the simulated year: what they were told in the first outage was taken for their own fault."""
    server = picky(world)

    def answers(**refuses: Callable[[], Exception]) -> Callable[[], None]:
        return lambda: setattr(server, "refuses", refuses)

    def is_away() -> None:
        server.refuses = {"": unknown}

    is_away()
    one_after_the_other(world, "full", "bad")
    own = answers(full=lambda: DeferredError("452 4.2.2 full"), bad=denied)
    arrivals = [(NOON + span, lambda name=name: world.arrive(name)) for name, span in (("a", MINUTE), ("b", HOUR))]
    serving(world, server, 8 * HOUR, (NOON + MINUTE, own), *arrivals, (NOON + 2 * HOUR, is_away))
    assert sorted(server.recipients) == ["a", "b"]
    everybody = [f"{name}@{name}.example" for name in ("full", "bad")]
    assert world.doors.effects.bounced(everybody, NOON - DAY) == {}
    server.refuses = {}
    serving(world, server, 2 * HOUR)
    assert sorted(server.recipients) == ["a", "b", "bad", "full"]


def test_an_address_is_written_to_again_though_a_person_has_closed_its_letter_meanwhile(world: World) -> None:
    """Found by the simulated year: the second letter showed only then that the first was not refused for itself."""
    server = picky(world, a=unknown, b=unknown)
    world.arrive("a")

    def close() -> None:
        assert names(letters(world, EffectState.FAILED)) == ["a"]
        settle(world.doors, [effect.mail_id for effect in letters(world, EffectState.FAILED)], Word.SEEN)
        world.arrive("b")

    serving(world, server, 2 * MINUTE, (NOON + MINUTE, close))
    assert names(letters(world, EffectState.CANCELLED)) == ["a"]
    assert world.doors.effects.bounced(["a@a.example", "b@b.example"], NOON - DAY) == {}


def test_a_status_for_an_unknown_user_is_believed_of_two_in_a_row(world: World) -> None:
    server = picky(world, dead=lambda: unknown("5.1.1"))
    for name in ("dead1", "dead2"):
        world.arrive(name)
    sender = serving(world, server, MINUTE)
    assert names(letters(world, EffectState.FAILED)) == ["dead1", "dead2"]
    assert sender.unreachable == ""


def test_two_unknown_users_in_a_row_are_known_as_such_when_a_third_letter_is_taken(world: World) -> None:
    server = picky(world, dead=unknown)
    for name in ("dead1", "dead2"):
        world.arrive(name)
    sender = serving(world, server, 2 * MINUTE, (NOON + 10 * SECOND, lambda: world.arrive("a")))
    assert server.recipients == ["a"]
    assert names(letters(world, EffectState.FAILED)) == ["dead1", "dead2"]
    assert sender.unreachable == ""


def test_not_now_to_a_mistyped_domain_has_an_end_and_delays_nobody_else(world: World) -> None:
    server = picky(world, typo=lambda: DeferredError("450 4.1.2 no such domain", unclear=True))
    for name in ("typo1", "typo2"):
        world.arrive(name)
    serving(world, server, MINUTE, (NOON + 10 * SECOND, lambda: world.arrive("a")))
    assert server.recipients == ["a"]
    assert server.accepted[0][0] <= NOON + 45 * SECOND
    serving(world, server, 6 * DAY)
    assert names(letters(world, EffectState.FAILED)) == ["typo1", "typo2"]


def test_connections_that_share_what_they_know_leave_nobody_behind(world: World) -> None:
    backoff, server = Backoff(), picky(world, bad=denied)
    one_after_the_other(world, "bad", "a", "b", "c")
    shared = {"suspicion": Suspicion(), "backoff": backoff, "turn": threading.Lock()}
    both = [world.sender(server, NOON + MINUTE, **shared) for _ in range(2)]
    for _ in range(30):
        for sender in both:
            if not backoff.remaining(world.clock.monotonic()):
                sender.work_or_trouble()
        world.clock.pass_by(SECOND)
    assert sorted(server.recipients) == ["a", "b", "c"]
    assert [sender.unreachable for sender in both] == ["", ""]
