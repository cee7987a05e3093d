"""Judge, record, act, with a real store, real letters and a real SMTP server, and a clock that stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.engine.workers.send import Sender, interrupted, resolve
from pipeline.outbox import SmtpOutbox
from pipeline.parse import message
from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.records.labels import Labels
from pipeline.records.mail import Cursor, Mail
from pipeline.records.ticket import TicketAction, TicketStatus
from pipeline.retry import RESEND, Backoff
from pipeline.route import Route
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT, letter
from tests.samples import NOON, labels, raw_mail, table
from tests.servers.smtp_sink import SmtpSink

CURSOR = Cursor(mailbox="support", uidvalidity=1, next_uid=1, first_uidnext=0)


class Fixed:
    """A predictor that always says the same, or breaks on a word."""

    version = "fixed"

    def __init__(self, says: Labels, breaks_on: str = "") -> None:
        self.says, self.breaks_on = says, breaks_on

    def predict(self, mails: list[Mail]) -> list[Labels]:
        if self.breaks_on and any(self.breaks_on in mail.text for mail in mails):
            raise ValueError("broken")
        return [self.says] * len(mails)

    def explain(self, mail: Mail, top: int = 8) -> dict[str, list[tuple[str, float]]]:
        return {}


@pytest.fixture
def doors(tmp_path: Path, sink: SmtpSink) -> Iterator[LiveDoors]:
    document = table(replies={"templates": str(ROOT / "templates"), "company": "Example Ltd"})
    document["smtp"]["port"] = sink.port
    made = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    yield made
    made.close()


@pytest.fixture
def route(doors: LiveDoors) -> Route:
    return doors.route(Fixed(labels()))


@pytest.fixture
def outbox(doors: LiveDoors) -> Iterator[SmtpOutbox]:
    opened = doors.outbox()
    yield opened
    opened.close()


def take(route: Route, *mails: bytes, first: int = 1, mailbox: str = "support") -> list:
    raws = [raw_mail(first + place, data, mailbox) for place, data in enumerate(mails)]
    return route.take(raws, CURSOR)[0]


def effect_of(doors: LiveDoors):
    (due,) = doors.effects.due(EffectKind.ACKNOWLEDGE, doors.clock.now(), 10)
    assert doors.effects.claim([due.key], doors.clock.now())
    (claimed,) = doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.DOING)
    return claimed


def test_judging_twice_gives_the_same_references_and_message_ids(route: Route) -> None:
    raws = [raw_mail(1, letter(1)), raw_mail(2, letter(2))]
    first, _ = route.judge(raws, CURSOR)
    second, _ = route.judge(raws, CURSOR)
    assert first == second


def test_a_reference_that_is_taken_is_passed_over(
    route: Route, doors: LiveDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = doors.signer.ref
    monkeypatch.setattr(type(doors.signer), "ref", lambda _self, _hash, attempt=0: real("same", attempt))
    ids = [judged.id for judged in take(route, letter(1), letter(2), letter(3))]
    assert len(set(ids)) == 3


def test_mails_of_one_batch_see_each_other(route: Route) -> None:
    reply = letter(1, subject="Re: Where is parcel 1?", In_Reply_To="<letter1@example.org>", message_id="<r@x>")
    first, second = take(route, letter(1), reply)
    assert first.decision.acknowledge
    assert not second.decision.acknowledge
    assert second.thread.ref == first.id


def test_the_same_message_id_with_other_content_is_a_second_mail_of_the_thread(route: Route) -> None:
    first, second = take(route, letter(1), letter(1, subject="Something else"))
    assert first.id != second.id
    assert second.thread.ref == first.id
    assert not second.decision.acknowledge


def test_the_same_mail_twice_in_one_batch_is_one(route: Route, doors: LiveDoors) -> None:
    judged, copies = route.take([raw_mail(1, letter(1)), raw_mail(2, letter(1))], CURSOR)
    assert (len(judged), len(copies)) == (1, 1)
    assert len(doors.reading.mail(judged[0].id).locations) == 2


def test_a_model_that_breaks_on_one_mail_leaves_its_neighbours_sure(doors: LiveDoors) -> None:
    poison = letter(2).replace(b"parcel 2 was", b"POISON 2 was")
    first, second, third = take(doors.route(Fixed(labels(), breaks_on="POISON")), letter(1), poison, letter(3))
    assert first.labels.sure
    assert third.labels.sure
    assert not second.labels.sure
    assert second.decision.template == "neutral"
    assert any("could not be classified" in note for note in second.mail.notes)


def test_a_step_that_raises_parks_that_mail_and_no_other(
    route: Route, doors: LiveDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.guard import judge as guard_judge

    real = guard_judge.judge

    def judge(mail: Mail, *rest: object):
        if "parcel 2" in mail.subject:
            raise RuntimeError("a bug")
        return real(mail, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(guard_judge, "judge", judge)
    take(route, letter(1), letter(2), letter(3))
    states = {row.subject: row.state for row in doors.reading.mails()}
    assert states["Where is parcel 2?"] == "parked"
    assert next(row.error for row in doors.reading.mails(state="parked")).startswith("RuntimeError in judge")
    assert len(doors.effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)) == 2


def test_a_mail_that_cannot_be_understood_is_parked(
    route: Route, doors: LiveDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "_parse", lambda *_: 1 / 0)
    take(route, letter(1))
    assert doors.reading.parked() == 1


def long_ago(number: int) -> bytes:
    return letter(number).replace(b"18 Nov 2026", b"18 Mar 2024")


def test_what_is_dragged_in_out_of_an_archive_is_recorded_and_neither_answered_nor_filed(
    doors: LiveDoors,
) -> None:
    route = doors.route(Fixed(labels(complaint=True)))
    judged = take(route, *(long_ago(number) for number in range(1, 7)), letter(7))
    assert [one.decision.acknowledge for one in judged] == [False] * 6 + [True]
    assert all(one.verdict.hit("archived") and one.decision.recorded and not one.effects for one in judged[:6])
    assert doors.board.list()[0].ref == judged[6].id
    assert len(doors.board.list()) == 1
    (later,) = take(route, long_ago(8), first=8)  # the rest of them, over IDLE
    assert not later.decision.acknowledge


def test_one_mail_with_an_old_date_is_answered(route: Route) -> None:
    judged = take(route, *(long_ago(number) for number in range(1, 4)))
    assert all(one.decision.acknowledge for one in judged)


def test_an_acknowledgement_that_is_sent_says_which_template_it_was(
    route: Route, doors: LiveDoors, outbox: SmtpOutbox, sink: SmtpSink
) -> None:
    take(route, letter(1))
    outcome = route.acknowledge(effect_of(doors), outbox)
    assert outcome.state is EffectState.DONE
    assert outcome.sent.template == "delivery"
    assert len(outcome.sent.version) == 12
    assert len(sink.accepted) == 1


def test_after_max_age_the_letter_late_goes_out(route: Route, doors: LiveDoors, outbox: SmtpOutbox) -> None:
    take(route, letter(1))
    doors.clock.pass_by(timedelta(days=4))  # type: ignore[attr-defined]
    outcome = route.acknowledge(effect_of(doors), outbox)
    assert (outcome.state, outcome.sent.template) == (EffectState.DONE, "late")


def test_what_the_circuit_breaker_held_back_goes_out_late_and_never_too_late(
    route: Route, doors: LiveDoors, outbox: SmtpOutbox
) -> None:
    take(route, letter(1))
    effect = effect_of(doors)
    held = replace(effect, payload=replace(effect.letter, held=True))
    assert route.acknowledge(held, outbox).sent.template == "late"
    doors.clock.pass_by(timedelta(days=4))  # type: ignore[attr-defined]
    assert route.acknowledge(held, outbox).state is EffectState.CANCELLED


def test_without_a_letter_late_it_is_cancelled_after_max_age(
    doors: LiveDoors, outbox: SmtpOutbox, sink: SmtpSink, tmp_path: Path
) -> None:
    (tmp_path / "letters/en").mkdir(parents=True)
    (tmp_path / "letters/en/neutral.txt").write_text("Subject: Thanks\n\nSoon.\n")
    config = doors.config.model_copy(
        update={"replies": doors.config.replies.model_copy(update={"templates": str(tmp_path / "letters")})}
    )
    other = build(config, doors.clock)
    route = other.route(None)
    take(route, letter(1))
    doors.clock.pass_by(timedelta(days=4))  # type: ignore[attr-defined]
    outcome = route.acknowledge(effect_of(other), outbox)
    other.close()
    assert outcome.state is EffectState.CANCELLED
    assert sink.accepted == []


@pytest.mark.parametrize(
    ("stage", "answer", "state"),
    [
        ("RCPT", "451 4.3.0 later", EffectState.WAITING),
        ("RCPT", "550 5.1.1 nobody", EffectState.FAILED),
        ("CONTENT", "554 5.6.0 no", EffectState.FAILED),
        ("CONTENT", "drop", EffectState.UNCERTAIN),
    ],
)
def test_what_the_server_says_decides_the_outcome(
    route: Route, doors: LiveDoors, outbox: SmtpOutbox, sink: SmtpSink, stage: str, answer: str, state: EffectState
) -> None:
    take(route, letter(1))
    sink.plan(stage, answer)
    outcome = route.acknowledge(effect_of(doors), outbox)
    assert outcome.state is state
    assert bool(outcome.bounced) == ("5.1.1" in answer)


def test_patience_with_one_mail_doubles_up_to_an_hour(
    route: Route, doors: LiveDoors, outbox: SmtpOutbox, sink: SmtpSink
) -> None:
    take(route, letter(1))
    sink.always("RCPT", "452 4.2.2 full")
    effect = effect_of(doors)
    waits = [
        (route.acknowledge(replace(effect, attempts=tries), outbox).next_try or NOON) - NOON
        for tries in (0, 1, 2, 9, 50)
    ]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 60, 60)]


# --- languages --------------------------------------------------------------------------------------------------------


def test_a_mail_in_a_language_that_was_not_learned_waits_to_be_checked(doors: LiveDoors) -> None:
    route = doors.route(Fixed(labels(sure=False, is_foreign=True)))
    swedish = letter(1).replace(b"parcel 1 was due on Tuesday. Where is it?", b"mitt paket har inte kommit. Var det?")
    (judged,) = take(route, swedish)
    assert judged.decision.to_check
    row = doors.reading.mail(judged.id)
    assert (row.language, row.complaint_suspected, row.review) == ("sv", True, True)


def test_a_mail_too_short_to_tell_is_in_the_language_of_its_conversation(route: Route) -> None:
    german = letter(1).replace(
        b"parcel 1 was due on Tuesday. Where is it?", b"mein Paket ist noch nicht da. Wo ist es?"
    )
    (first,) = take(route, german)
    head = (
        b"From: Person 1 <person1@example.org>\nTo: support@example.com\nMessage-ID: <s@example.org>\nSubject: 4711\n"
    )
    (second,) = take(route, head + b"In-Reply-To: <letter1@example.org>\n\nok 4711\n", first=2)
    assert (first.mail.language, second.mail.language) == ("de", "de")
    assert second.thread.ref == first.id


# --- our own letters in their answers ---------------------------------------------------------------------------------

OUTLOOK = "From: Example Support <support@example.com>\nSent: Wednesday, 18 November 2026 12:00\nTo: x\nSubject: x"


class ByText(Fixed):
    """A predictor that finds a complaint where a text is not satisfied."""

    def predict(self, mails: list[Mail]) -> list[Labels]:
        return [labels(complaint="broken" in mail.text) for mail in mails]


def answer(text: str, quoted: str, message_id: str, head: str = OUTLOOK) -> bytes:
    fields = f"From: Person 1 <person1@example.org>\nTo: support@example.com\nSubject: Re: x\nIn-Reply-To: {message_id}"
    return f"{fields}\nMessage-ID: <answer@example.org>\n\n{text}\n\n{head}\n\n{quoted}\n".encode()


@pytest.fixture
def our_letter(doors: LiveDoors, outbox: SmtpOutbox, sink: SmtpSink) -> tuple[Route, str, str]:
    """The letter that the first mail was answered with: its text and its Message-ID."""
    route = doors.route(ByText(labels()))
    take(route, letter(1))
    effect = effect_of(doors)
    doors.effects.settle([route.acknowledge(effect, outbox)], doors.clock.now())
    sent = message_from_bytes(sink.accepted[0].data, policy=policy.default)
    body = sent.get_body(("plain",))
    assert body is not None
    return route, body.get_content().replace("\r\n", "\n"), str(sent["Message-ID"])


def test_an_answer_inside_our_letter_is_found_and_judged(our_letter: tuple[Route, str, str]) -> None:
    route, text, message_id = our_letter
    first, _, rest = text.partition("\n\n")
    (judged,) = take(route, answer("Hello,", f"{first}\n\nIt came broken.\n\n{rest}", message_id), first=2)
    assert judged.mail.text.split() == "Hello, It came broken.".split()
    assert judged.labels.complaint.value == "true"


def test_a_quotation_of_our_letter_changes_nothing(our_letter: tuple[Route, str, str]) -> None:
    route, text, message_id = our_letter
    for number, head in enumerate((OUTLOOK, "Een onbekende regel:", "x"), 2):
        (judged,) = take(route, answer(f"It came broken {number}.", text, message_id, head), first=number)
        assert judged.mail.text.startswith(f"It came broken {number}.")
        assert "Example Ltd" not in judged.mail.text
        assert judged.labels.complaint.value == "true"


def test_judged_again_it_reads_the_same(our_letter: tuple[Route, str, str]) -> None:
    route, text, message_id = our_letter
    (judged,) = take(route, answer("Fine.", f"{text}\n\nBut it is broken.", message_id), first=2)
    parsed = message.parse(judged.raw.raw)
    assert parsed.text == "Fine."
    again = route.again(judged.id, judged.raw, parsed, release=False, now=NOON)
    assert again.mail.text == judged.mail.text == "Fine.\n\nBut it is broken."


# --- the senders ------------------------------------------------------------------------------------------------------


def sender_of(doors: LiveDoors, route: Route, stopped=lambda: False) -> Sender:
    return Sender(
        outbox=doors.outbox(),
        journal=doors.effects,
        clock=doors.clock,
        route=lambda: route,
        backoff=Backoff(),
        wake=threading.Event(),
        stopped=stopped,
    )


def states(doors: LiveDoors) -> list[str]:
    return sorted(effect.state for row in doors.reading.mails() for effect in doors.effects.of_mail(row.id))


def test_a_server_that_is_away_costs_no_mail_an_attempt(doors: LiveDoors, route: Route, sink: SmtpSink) -> None:
    take(route, *(letter(number) for number in range(1, 4)))
    sink.always("EHLO", "421 not now")
    sender = sender_of(doors, route)
    sender.drain()
    assert sender.unreachable
    assert states(doors) == ["waiting"] * 3
    assert all(effect.attempts == 0 for row in doors.reading.mails() for effect in doors.effects.of_mail(row.id))
    sink.as_planned_from_now()
    sender_of(doors, route).drain()
    assert len(sink.accepted) == 3


def test_stopped_in_the_middle_gives_back_what_was_not_tried(doors: LiveDoors, route: Route, sink: SmtpSink) -> None:
    take(route, *(letter(number) for number in range(1, 31)))
    sender = sender_of(doors, route)
    sender.stopped = lambda: len(sink.accepted) >= 2
    sender.drain()
    sent = len(sink.accepted)
    assert 2 <= sent < 30
    assert states(doors) == ["done"] * sent + ["intended"] * (30 - sent)


def test_outcomes_survive_a_store_that_is_away_for_a_moment(
    doors: LiveDoors, route: Route, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.errors import UnreachableError

    take(route, letter(1))
    sender, real, calls = sender_of(doors, route), doors.effects.settle, []

    def settle(outcomes: list[Outcome], now: object) -> None:
        calls.append(len(outcomes))
        if calls.count(1) == 1 and outcomes:
            raise UnreachableError("the disk is full")
        real(outcomes, now)  # type: ignore[arg-type]

    monkeypatch.setattr(doors.effects, "settle", settle)
    assert sender.work_or_trouble() is False
    assert states(doors) == ["doing"]
    assert sender.work_or_trouble() is False  # nothing due, but what was sent is written down now
    assert states(doors) == ["done"]
    assert len(sink.accepted) == 1
    sender.outbox.close()


def test_backoff_doubles_to_half_a_minute_and_ends_with_success() -> None:
    backoff, clock = Backoff(), FakeClock(NOON)
    waits = []
    for _ in range(8):
        waits.append(backoff.failed(clock.monotonic()))
        clock.pass_by(timedelta(seconds=waits[-1]))
    assert all(0.8 * 2**n <= wait <= 2**n for n, wait in enumerate(waits[:5]))
    assert all(24 <= wait <= 30 for wait in waits[5:])
    backoff.failed(clock.monotonic())
    assert backoff.remaining(clock.monotonic()) > 0
    backoff.succeeded()
    assert backoff.remaining(clock.monotonic()) == 0


def test_several_connections_share_one_backoff() -> None:
    backoff = Backoff()
    first = backoff.failed(0.0)
    assert backoff.failed(0.0) == pytest.approx(first)  # the same outage, not a second one


class Folder:
    """A sent folder that holds these Message-IDs."""

    def __init__(self, *held: str) -> None:
        self.held = held

    def holds(self, folder: str, message_id: str) -> bool:
        return message_id in self.held


@pytest.mark.parametrize(
    ("policy", "held", "state"),
    [("resend", False, "waiting"), ("hold", False, "uncertain"), ("resend", True, "done"), ("hold", True, "done")],
)
def test_what_a_crash_left_is_resolved(doors: LiveDoors, route: Route, policy: str, held: bool, state: str) -> None:
    take(route, letter(1))
    effect = effect_of(doors)
    folder = Folder(effect.message_id) if held else Folder()
    interrupted(doors.effects, doors.clock)
    resolve(doors.effects, doors.clock, policy=policy, sent_folder="Sent", mailbox=folder)
    assert states(doors) == [state]


def test_resending_ends_after_a_few_times(doors: LiveDoors, route: Route) -> None:
    take(route, letter(1))
    for _ in range((RESEND.tries or 0) + 3):
        if due := doors.effects.due(EffectKind.ACKNOWLEDGE, NOON, 10):
            doors.effects.claim([due[0].key], NOON)
        interrupted(doors.effects, doors.clock)
        resolve(doors.effects, doors.clock, policy="resend", sent_folder="", mailbox=None)
    assert states(doors) == ["uncertain"]
    assert doors.effects.of_mail(next(doors.reading.mails()).id)[0].attempts == (RESEND.tries or 0)


def test_a_running_process_leaves_alone_what_is_being_done(doors: LiveDoors, route: Route) -> None:
    take(route, letter(1))
    effect_of(doors)
    resolve(doors.effects, doors.clock, policy="resend", sent_folder="", mailbox=None)
    assert states(doors) == ["doing"]


# --- conversations ----------------------------------------------------------------------------------------------------


def later(route: Route, uid: int, **headers: str):
    """Another complaint of Person 1 in the same conversation, as it comes now."""
    again = letter(
        uid,
        "Person 1 <person1@example.org>",
        message_id=f"<again{uid}@x>",
        In_Reply_To="<letter1@example.org>",
        **headers,
    )
    (judged,) = route.take([raw_mail(uid, again, received=route.clock.now())], CURSOR)[0]
    return judged


def test_after_its_ticket_was_closed_a_mail_opens_a_linked_one_and_is_told_so_once(doors: LiveDoors) -> None:
    route = doors.route(Fixed(labels(complaint=True)))
    (first,) = take(route, letter(1))
    doors.board.set_status(first.id, TicketStatus.CLOSED, "anna", NOON)
    doors.clock.pass_by(timedelta(minutes=1))  # type: ignore[attr-defined]
    second = later(route, 2)
    assert (second.thread.ref, second.decision.ticket, second.decision.acknowledge) == (
        first.id,
        TicketAction.OPEN,
        True,
    )
    assert not later(route, 3).decision.acknowledge  # it updates the new one
    doors.board.set_status(second.id, TicketStatus.CLOSED, "anna", NOON)
    third = later(route, 4)
    assert (third.decision.ticket, third.decision.acknowledge) == (TicketAction.OPEN, False)


def test_two_weeks_after_its_ticket_was_closed_a_mail_begins_a_conversation(doors: LiveDoors) -> None:
    route = doors.route(Fixed(labels(complaint=True)))
    (first,) = take(route, letter(1))
    doors.board.set_status(first.id, TicketStatus.CLOSED, "anna", NOON)
    doors.clock.pass_by(timedelta(days=15))  # type: ignore[attr-defined]
    again = later(route, 2)
    assert (again.thread.new, again.thread.possibly_about, again.decision.acknowledge) == (True, first.id, True)


def test_a_ticket_that_somebody_else_opens_with_our_letter_is_no_part_of_the_conversation(doors: LiveDoors) -> None:
    route = doors.route(Fixed(labels(complaint=True)))
    (first,) = take(route, letter(1))
    ours = next(one.message_id for one in first.effects if one.kind is EffectKind.ACKNOWLEDGE)
    (strangers,) = take(route, letter(2, message_id="<s@x>", In_Reply_To=ours), first=2)
    assert (strangers.thread.ref, strangers.thread.possibly_about) == (strangers.id, first.id)
    assert strangers.decision.acknowledge
    again = later(route, 3)
    assert again.thread.ticket is not None
    assert again.thread.ticket.ref == first.id  # the customer's next mail does not land in it
    assert doors.board.show(first.id).participants == ("person1@example.org",)
