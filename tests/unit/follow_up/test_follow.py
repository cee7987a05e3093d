"""A ticket, its promises and the time → what is due. Every case by a clock that stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.follow_up import draft, follow
from pipeline.follow_up.draft import Setting
from pipeline.records.effect import EffectKind
from pipeline.records.follow_up import FollowedTicket, FollowUp
from pipeline.records.promise import PromiseKind, PromiseState, WatchedPromise
from pipeline.records.ticket import TicketChange, TicketStatus
from pipeline.replies.matrix import FOLLOWING
from pipeline.tokens import Signer
from tests.samples import config

HELSINKI = ZoneInfo("Europe/Helsinki")
CHAIN = ["lead@example.com", "boss@example.com"]
CALENDAR = {"timezone": "Europe/Helsinki", "hours": "Mon-Fri 09:00-17:00", "holidays": "FI"}
TOPICS = {"delivery": {"owner": "logistics@example.com", "respond_within": "4h", "resolve_within": "16h"}}


def at(hours: float, day: int = 23) -> datetime:
    """So many hours after nine in the morning of a November day."""
    return (datetime(2026, 11, day, 9, 0, tzinfo=HELSINKI) + timedelta(hours=hours)).astimezone(UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI).astimezone(UTC)


def doors(*, has: tuple[str, ...] = draft.LETTERS, **settings: Any) -> Setting:
    more = {"follow_up": {"chain": CHAIN, **settings}, "calendar": CALENDAR, "topics": TOPICS}
    return Setting(config=config(**more), signer=Signer(b"key"), has=lambda name: name in has)


def given(**changes: Any) -> WatchedPromise:
    """A promise made on Monday at nine, due at one."""
    values: dict[str, Any] = {"mail_id": "AAAA-0001", "kind": PromiseKind.RESPOND, "ticket": "AAAA-0001"}
    return WatchedPromise(**{**values, "given": at(0), "due": at(4), **changes})


def case(*promises: WatchedPromise, **changes: Any) -> FollowedTicket:
    values: dict[str, Any] = {
        "ref": "AAAA-0001", "status": TicketStatus.OPEN, "customer": "eve@example.org", "name": "Eve",
        "subject": "Parcel", "topic": "delivery", "situation": "delivery", "owner": "logistics@example.com",
        "language": "de", "mailbox": "support", "message_id": "<m1@example.org>", "changed": at(0),
        "a_person_decides": False, "writable": True,
    }  # fmt: skip
    return FollowedTicket(**(values | {"promises": promises} | changes))


def look(one: FollowedTicket, now: datetime, known: Setting | None = None) -> FollowUp:
    found = follow.follow_up(one, known or doors(), now)
    assert found is not None
    return found


def mails(found: FollowUp) -> list[tuple[str, str]]:
    return [(effect.letter.template, effect.recipient) for effect in found.effects]


def states(found: FollowUp) -> list[tuple[PromiseState, int]]:
    return [(one.state, one.number) for one in found.promises]


def test_the_letters_are_those_that_the_lint_knows() -> None:
    assert set(FOLLOWING) == set(draft.LETTERS)


def test_a_new_promise_is_looked_at_when_a_quarter_is_left() -> None:
    found = look(case(given()), at(0.1))
    assert (found.promises[0].look, found.effects) == (at(3), ())
    assert follow.follow_up(case(replace(given(), look=at(3))), doors(), at(2.9)) is None


def test_the_owner_is_told_once_when_it_is_due_soon() -> None:
    found = look(case(given()), at(3))
    assert mails(found) == [("owner-due", "logistics@example.com")]
    assert (found.promises[0].told, found.promises[0].look) == (at(3), at(3.5))
    again = look(case(found.promises[0], notices=1), at(3.1))
    assert again.effects == ()


def test_before_it_breaks_the_customer_gets_a_new_time_and_the_chain_is_told() -> None:
    found = look(case(given(told=at(3))), at(3.5))
    assert mails(found) == [("owner-escalation", CHAIN[0]), ("still-working", "eve@example.org")]
    assert states(found) == [(PromiseState.RENEWED, 0), (PromiseState.OPEN, 1)]
    new = found.promises[1]
    assert new.due == at(7.5)
    letter = found.effects[1]
    assert letter.letter.respond_by == new.due
    assert letter.letter.due_by == at(4)
    assert (letter.kind, letter.letter.language) == (EffectKind.NOTIFY, "de")
    assert letter.letter.auto_submitted == "auto-generated"


def test_a_new_time_takes_no_longer_than_the_first_which_may_have_been_of_another_topic() -> None:
    found = look(case(given(due=at(2), told=at(1.5))), at(1.8))
    assert found.promises[1].due == at(3.8)  # two hours, though the topic has four


def test_the_second_time_the_next_of_the_chain_is_told() -> None:
    found = look(case(given(number=1, told=at(3))), at(3.5))
    assert mails(found)[0] == ("owner-escalation", CHAIN[1])
    assert states(found) == [(PromiseState.RENEWED, 1), (PromiseState.OPEN, 2)]


def test_after_the_last_renewal_the_customer_hears_that_it_will_be_late_and_then_it_breaks() -> None:
    last = given(number=2, told=at(3))
    warning = look(case(last), at(3.5))
    assert mails(warning) == [("owner-escalation", CHAIN[1]), ("still-working", "eve@example.org")]
    assert warning.effects[1].letter.respond_by is None
    assert states(warning) == [(PromiseState.OPEN, 2)]
    broken = look(case(warning.promises[0], notices=2), at(4))
    assert states(broken) == [(PromiseState.BROKEN, 2)]
    assert mails(broken) == [("owner-escalation", CHAIN[1])]
    assert [kind for kind, _ in broken.events] == ["broken", "escalated"]


def test_a_promise_that_nobody_could_renew_in_time_is_broken_and_the_customer_hears_it_at_once() -> None:
    found = look(case(given()), at(6))
    assert states(found) == [(PromiseState.BROKEN, 0), (PromiseState.OPEN, 1)]
    assert mails(found) == [("owner-escalation", CHAIN[1]), ("still-working", "eve@example.org")]


@pytest.mark.parametrize("change", [{"writable": False}, {"has": ("owner-due", "owner-escalation")}])
def test_who_cannot_be_told_gets_no_new_time(change: dict[str, Any]) -> None:
    known = doors(has=change.get("has", draft.LETTERS))
    found = look(case(given(told=at(3)), writable=change.get("writable", True)), at(3.5), known)
    assert states(found) == [(PromiseState.OPEN, 0)]
    assert mails(found) == [("owner-escalation", CHAIN[0])]


def test_without_a_chain_the_owner_is_told_and_without_an_address_the_timeline_says_so() -> None:
    assert mails(look(case(given(told=at(3))), at(3.5), doors(chain=[])))[0][1] == "logistics@example.com"
    found = look(case(given(), owner="Anna"), at(3))
    assert found.effects == ()
    assert "nobody could be told" in found.events[0][1]


@pytest.mark.parametrize(
    ("start", "due", "now", "owner_told"),
    [
        ("2026-11-27T16:00", "2026-11-30T12:00", "2026-11-30T10:59", False),  # over a weekend
        ("2026-11-27T16:00", "2026-11-30T12:00", "2026-11-30T11:00", True),
        ("2026-12-23T15:00", "2026-12-28T11:00", "2026-12-27T12:00", False),  # over Christmas
        ("2026-12-23T15:00", "2026-12-28T11:00", "2026-12-28T10:00", True),
        ("2026-03-27T15:00", "2026-03-30T11:00", "2026-03-30T09:59", False),  # over a change of the clocks
        ("2026-03-27T15:00", "2026-03-30T11:00", "2026-03-30T10:00", True),
    ],
)
def test_what_is_left_counts_in_working_time(start: str, due: str, now: str, owner_told: bool) -> None:
    found = look(case(given(given=local(start), due=local(due))), local(now))
    assert bool(found.effects) == owner_told


# --- moves, questions, quiet ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [TicketStatus.ACTIVE, TicketStatus.WAITING, TicketStatus.RESOLVED])
def test_a_move_is_told_once_and_noted_as_told(status: TicketStatus) -> None:
    found = look(case(status=status, moved=at(1), comment="It is on its way."), at(1))
    assert mails(found) == [("moved", "eve@example.org")]
    assert (found.effects[0].letter.status, found.effects[0].letter.comment) == (status, "It is on its way.")
    assert found.change == TicketChange(moved=None, told_status=status)


@pytest.mark.parametrize(
    ("changes", "settings"),
    [
        ({"status": TicketStatus.ACTIVE, "told_status": "active"}, {}),
        ({"status": TicketStatus.CLOSED, "told_status": "resolved"}, {}),
        ({"status": TicketStatus.OPEN}, {}),
        ({"status": TicketStatus.ACTIVE}, {"tell_moves": False}),
        ({"status": TicketStatus.ACTIVE, "writable": False}, {}),
    ],
)
def test_nothing_is_told_that_is_known_or_not_wanted(changes: dict[str, Any], settings: dict[str, Any]) -> None:
    found = look(case(moved=at(1), **changes), at(1), doors(**settings))
    assert (mails(found), found.change) == ([], TicketChange(moved=None))


def test_words_to_the_customer_go_out_also_when_moves_are_not_told() -> None:
    found = look(case(moved=at(1), comment="Tomorrow."), at(1), doors(tell_moves=False))
    assert mails(found) == [("moved", "eve@example.org")]


def test_when_the_customer_has_answered_what_was_held_goes_on_with_new_times() -> None:
    held = given(kind=PromiseKind.RESOLVE, due=at(2, day=24), state=PromiseState.HELD)
    found = look(case(held, moved=at(1), told_status="waiting", last_mail="BBBB-0002"), at(1))
    assert states(found) == [(PromiseState.RENEWED, 0), (PromiseState.OPEN, 1), (PromiseState.OPEN, 0)]
    respond = found.promises[2]
    assert (respond.mail_id, respond.kind, respond.due) == ("BBBB-0002", PromiseKind.RESPOND, at(5))
    assert found.effects[0].letter.respond_by == at(5)
    assert found.effects[0].letter.resolve_by == found.promises[1].due


def test_who_asks_for_news_gets_the_state_and_the_promise_in_reply_once_a_day() -> None:
    promise = given(due=at(4), look=at(3))
    found = look(case(promise, asked=True), at(1))
    (letter,) = found.effects
    assert (letter.letter.template, letter.letter.respond_by) == ("status", at(4))
    assert letter.letter.auto_submitted == "auto-replied"
    assert found.change == TicketChange(asked="", told_status=TicketStatus.OPEN, answered=at(1))
    again = look(case(promise, asked=True, answered=at(1)), at(2))
    assert (again.effects, again.change) == ((), TicketChange(asked=""))


def test_a_quiet_ticket_is_closed_after_a_warning_and_both_while_people_are_at_work() -> None:
    quiet = case(status=TicketStatus.WAITING, told_status="waiting", changed=at(-24 * 14 - 8), notices=1)
    assert follow.follow_up(quiet, doors(), at(-0.1)) is None  # before nine
    warning = look(quiet, at(1))
    assert mails(warning) == [("closing-soon", "eve@example.org")]
    assert warning.effects[0].letter.closes_by == at(1, day=30)
    warned = replace(quiet, warned=at(1))
    assert follow.follow_up(warned, doors(), at(0.9, day=30)) is None
    closing = look(warned, at(1, day=30))
    assert mails(closing) == [("closed", "eve@example.org")]
    assert closing.change.status is TicketStatus.CLOSED


def test_a_quiet_complaint_is_never_closed_but_put_before_its_owner_once() -> None:
    quiet = case(status=TicketStatus.WAITING, changed=at(-24 * 14 - 8), a_person_decides=True)
    found = look(quiet, at(1))
    assert mails(found) == [("owner-due", "logistics@example.com")]
    assert found.effects[0].letter.promise is None
    assert follow.follow_up(replace(quiet, warned=at(1)), doors(), at(1, day=30) + timedelta(days=90)) is None


def test_a_warning_counts_only_as_long_as_nothing_has_happened_since() -> None:
    warned = case(status=TicketStatus.WAITING, changed=at(-24 * 14 - 8), warned=at(-24 * 20))
    assert mails(look(warned, at(1))) == [("closing-soon", "eve@example.org")]


def test_every_mail_has_a_message_id_of_its_own_and_the_same_whenever_it_is_made() -> None:
    first, again = (look(case(given(told=at(3)), notices=4), at(3.5)) for _ in range(2))
    ids = [effect.message_id for effect in first.effects]
    assert len(set(ids)) == 2
    assert ids == [effect.message_id for effect in again.effects]
    assert [Signer(b"key").verify(one) for one in ids] == ["AAAA-0001"] * 2
