"""Promises kept, renewed and told: SQLite and PostgreSQL alike, with real letters and a standing clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.doors import Outbox
from pipeline.engine.jobs import follow
from pipeline.engine.workers.send import Sender, interrupted, resolve
from pipeline.errors import UnreachableError
from pipeline.follow_up.draft import Setting
from pipeline.follow_up.follow import follow_up
from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.letter import Reply
from pipeline.records.ticket import TicketStatus
from pipeline.replies.letters import TemplateLetters
from pipeline.retry import Backoff
from pipeline.store import bounces, promises, schema
from pipeline.store.database import Database
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT, letter
from tests.doors.test_given import settings
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels

HOUR = timedelta(hours=1)


@dataclass
class Post(Outbox):
    """What went out; `away`: nothing does."""

    sent: list[Reply] = field(default_factory=list)
    away: bool = False

    def send(self, reply: Reply) -> None:
        if self.away:
            raise UnreachableError("away")
        self.sent.append(reply)

    def check(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Desk:
    """A working folder with a complaint in it, and its post."""

    doors: LiveDoors
    post: Post
    uid: int = 0

    def write(self, text: str = "", **changes: Any) -> Any:
        self.uid += 1
        raw = letter(self.uid, **{"sender": "Eve <eve@example.org>", **changes})
        raw = raw.replace(raw.partition(b"\r\n\r\n")[2], text.encode()) if text else raw
        return take(self.doors.route(Fixed(labels(complaint=True))), raw, first=self.uid)[0]

    def reply(self, text: str, **changes: Any) -> Any:
        return self.write(text, In_Reply_To="<letter1@example.org>", **changes)

    def go_on(self, span: timedelta = timedelta(0)) -> list[EmailMessage]:
        """Time passes, a pass is made; what went out then."""
        self.doors.clock.pass_by(span)  # type: ignore[attr-defined]
        before = len(self.post.sent)
        follow.follow(self.doors)
        self.sender().drain()
        return [message_from_bytes(one.data, policy=policy.default) for one in self.post.sent[before:]]  # type: ignore

    def sender(self) -> Sender:
        doors = self.doors
        route = doors.route(Fixed(labels()))
        return Sender(
            outbox=self.post,
            journal=doors.effects,
            clock=doors.clock,
            route=lambda: route,
            backoff=Backoff(),
            wake=threading.Event(),
        )

    def states(self, ref: str) -> dict[str, str]:
        return {f"{one.kind} {one.number}": one.state for one in self.doors.promises.of_ticket(ref)}

    def notices(self, state: EffectState) -> list[str]:
        return [one.letter.template for one in self.doors.effects.left_over(EffectKind.NOTIFY, state)]


@pytest.fixture(scope="module")
def letters() -> TemplateLetters:
    return build(check(settings({}), ROOT / "config.toml"), FakeClock(NOON)).letters


@pytest.fixture
def desk(database: Database, tmp_path: Path, letters: TemplateLetters) -> Iterator[Desk]:
    """Noon in UTC is two in the afternoon there: of the four hours to answer three are left today."""
    document = settings({"url": database.url}) | {"follow_up": {"chain": ["lead@example.com"]}}
    made = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    made.letters = letters
    yield Desk(made, Post())
    made.close()


@pytest.fixture
def ref(desk: Desk) -> str:
    opened: str = desk.write().id
    desk.go_on()
    return opened


def text_of(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",))
    assert text is not None
    return " ".join(text.get_content().split())


def test_a_move_keeps_the_answer_and_only_a_solution_the_rest(desk: Desk, ref: str) -> None:
    desk.doors.board.set_status(ref, TicketStatus.ACTIVE, "anna", NOON + HOUR)
    assert desk.states(ref) == {"respond 0": "kept", "resolve 0": "open"}
    desk.doors.board.set_status(ref, TicketStatus.RESOLVED, "anna", NOON + HOUR)
    assert desk.states(ref) == {"respond 0": "kept", "resolve 0": "kept"}


def test_only_what_the_customer_hears_is_an_answer(desk: Desk, ref: str) -> None:
    desk.doors.board.comment(ref, "call them?", "anna", NOON)
    desk.doors.board.assign(ref, "bob@example.com", "anna", NOON)
    desk.doors.board.set_status(ref, TicketStatus.OPEN, "anna", NOON)
    assert desk.states(ref)["respond 0"] == "open"
    assert desk.go_on() == []
    desk.doors.board.comment(ref, "A new one is on its way.", "anna", NOON, public=True)
    assert desk.states(ref)["respond 0"] == "kept"
    (mail,) = desk.go_on()
    assert "A new one is on its way." in text_of(mail)
    assert mail["To"] == "eve@example.org"
    assert mail["In-Reply-To"] == "<letter1@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_what_is_done_too_late_does_not_keep_a_promise(desk: Desk, ref: str) -> None:
    desk.doors.board.set_status(ref, TicketStatus.ACTIVE, "anna", NOON + timedelta(days=2))
    assert desk.states(ref)["respond 0"] == "broken"


def test_a_promise_is_told_renewed_and_kept(desk: Desk, ref: str) -> None:
    assert [mail["To"] for mail in desk.go_on(timedelta(hours=19, minutes=1))] == ["logistics@example.com"]  # 9:01
    customer, lead = sorted(desk.go_on(timedelta(minutes=30)), key=lambda mail: mail["To"])
    assert (customer["To"], lead["To"]) == ("eve@example.org", "lead@example.com")
    assert "13:31" in text_of(customer)
    assert desk.states(ref) == {"respond 0": "renewed", "respond 1": "open", "resolve 0": "open"}
    desk.doors.board.set_status(ref, TicketStatus.ACTIVE, "anna", desk.doors.clock.now())
    assert desk.states(ref)["respond 1"] == "kept"


def test_any_news_gets_the_state_in_reply_and_only_once_a_day(desk: Desk, ref: str) -> None:
    asked = desk.reply("Any news?\r\n")
    assert asked.decision.asks_news
    (mail,) = desk.go_on()
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == asked.mail.message_id
    assert "10:00" in text_of(mail)  # as the acknowledgement said
    desk.reply("Hello, any news?\r\n")
    assert desk.go_on(HOUR) == []


def test_an_ordinary_follow_up_stays_unanswered(desk: Desk, ref: str) -> None:
    assert not desk.reply("It came in a blue box.\r\n").decision.asks_news
    assert desk.go_on() == []


@pytest.mark.parametrize("header", [{"Auto_Submitted": "auto-replied"}, {"List_Id": "<list.example.org>"}])
def test_a_robot_that_asks_is_not_answered(desk: Desk, ref: str, header: dict[str, str]) -> None:
    assert not desk.reply("Any news?\r\n", **header).decision.asks_news
    assert desk.go_on() == []


def test_who_answers_a_ticket_that_waited_for_them_hears_how_it_goes_on(desk: Desk, ref: str) -> None:
    desk.doors.board.set_status(ref, TicketStatus.WAITING, "anna", NOON)
    assert len(desk.go_on()) == 1
    assert desk.states(ref)["resolve 0"] == "held"
    answer = desk.reply("Here is the photograph.\r\n")
    (mail,) = desk.go_on()
    assert desk.doors.board.show(ref).status == "open"
    assert {one.mail_id for one in desk.doors.promises.of_ticket(ref)} == {ref, answer.id}
    assert "Thursday, 19 November, 10:00" in text_of(mail)


def test_asking_a_ticket_that_waits_for_the_customer_leaves_it_waiting(desk: Desk, ref: str) -> None:
    desk.doors.board.set_status(ref, TicketStatus.WAITING, "anna", NOON)
    desk.go_on()
    desk.reply("Any news?\r\n")
    assert desk.doors.board.show(ref).status == "waiting"
    assert len(desk.go_on()) == 1


def test_a_letter_that_the_ticket_has_superseded_is_not_sent(desk: Desk, ref: str) -> None:
    desk.post.away = True
    desk.doors.board.set_status(ref, TicketStatus.ACTIVE, "anna", NOON)
    desk.go_on()
    desk.doors.board.set_status(ref, TicketStatus.RESOLVED, "anna", NOON)
    assert desk.notices(EffectState.CANCELLED) == ["moved"]
    desk.post.away = False
    (mail,) = desk.go_on()
    assert "is settled as far as we can see" in text_of(mail)


def test_a_letter_whose_time_is_over_before_it_could_leave_is_not_sent(desk: Desk, ref: str) -> None:
    desk.post.away = True
    desk.reply("Any news?\r\n")
    desk.go_on()
    desk.post.away = False
    desk.doors.clock.pass_by(timedelta(days=1))  # type: ignore[attr-defined]
    desk.sender().drain()
    assert desk.notices(EffectState.CANCELLED) == ["status"]


def said_while_away(desk: Desk, ref: str, *words: str) -> None:
    """The server is away while somebody says something, and each time a pass is made; then it is back."""
    desk.post.away = True
    for one in words:
        desk.doors.board.comment(ref, one, "anna", desk.doors.clock.now(), public=True)
        desk.go_on(timedelta(seconds=1))
    desk.post.away = False


def test_what_was_said_in_a_superseded_letter_is_said_by_the_next(desk: Desk, ref: str) -> None:
    said_while_away(desk, ref, "The carrier has it.", "It comes on Friday.")
    (mail,) = desk.go_on(timedelta(minutes=1))
    assert "The carrier has it. It comes on Friday." in text_of(mail)
    assert desk.go_on() == []


def test_what_was_said_is_not_lost_when_another_letter_supersedes_it(desk: Desk, ref: str) -> None:
    said_while_away(desk, ref, "The carrier has it.")
    resolved = [one for one in desk.doors.promises.of_ticket(ref) if one.kind == "resolve"]
    desk.post.away = True
    desk.go_on(resolved[0].due - desk.doors.clock.now() - timedelta(minutes=1))  # still-working is due
    desk.post.away = False
    assert "moved" in desk.notices(EffectState.CANCELLED)
    mails = [text_of(mail) for mail in desk.go_on(timedelta(minutes=1)) if mail["To"] == "eve@example.org"]
    assert sum("The carrier has it." in text for text in mails) == 1


def test_what_was_said_goes_out_also_when_the_time_beside_it_is_over(desk: Desk, ref: str) -> None:
    said_while_away(desk, ref, "The carrier has it.")
    desk.doors.clock.pass_by(timedelta(days=30))  # type: ignore[attr-defined]
    desk.sender().drain()
    (said,) = [one for one in desk.post.sent if b"The carrier has it." in one.data]
    assert b"resolved by" not in said.data


@pytest.mark.parametrize("resolved_before", [True, False])
def test_words_that_may_have_gone_out_are_not_said_again_by_the_next_letter(
    desk: Desk, ref: str, *, resolved_before: bool
) -> None:
    doors = desk.doors
    doors.board.comment(ref, "The carrier has it.", "anna", NOON, public=True)
    follow.follow(doors)
    (due,) = doors.effects.due(EffectKind.NOTIFY, NOON, 10)
    doors.effects.claim([due.key], NOON)
    interrupted(doors.effects, doors.clock)
    if resolved_before:
        resolve(doors.effects, doors.clock, policy="resend", sent_folder="", mailbox=None)
    doors.board.comment(ref, "It comes on Friday.", "anna", NOON + timedelta(seconds=1), public=True)
    mails = desk.go_on(timedelta(seconds=1))
    resolve(doors.effects, doors.clock, policy="resend", sent_folder="", mailbox=None)
    mails += desk.go_on(timedelta(seconds=1))
    assert [mail["Message-ID"] for mail in mails if "The carrier has it." in text_of(mail)] == [due.message_id]
    assert sum("It comes on Friday." in text_of(mail) for mail in mails) == 1


def test_an_address_that_bounced_is_not_written_to(desk: Desk, ref: str) -> None:
    with desk.doors.database.writing() as connection:
        bounces.remember(connection, "eve@example.org", "5.1.1", "", NOON)
    desk.doors.board.set_status(ref, TicketStatus.ACTIVE, "anna", NOON)
    assert desk.go_on() == []


def test_what_a_crash_left_is_resent_under_the_same_message_id(desk: Desk, ref: str) -> None:
    doors = desk.doors
    doors.board.set_status(ref, TicketStatus.ACTIVE, "anna", NOON)
    follow.follow(doors)
    (due,) = doors.effects.due(EffectKind.NOTIFY, NOON, 10)
    doors.effects.claim([due.key], NOON)
    interrupted(doors.effects, doors.clock)
    assert desk.notices(EffectState.UNCERTAIN) == ["moved"]
    resolve(doors.effects, doors.clock, policy="resend", sent_folder="", mailbox=None)
    (mail,) = desk.go_on()
    assert mail["Message-ID"] == due.message_id


def test_nothing_is_recorded_of_a_ticket_that_has_changed_since_it_was_read(desk: Desk, ref: str) -> None:
    doors = desk.doors
    now = NOON + timedelta(hours=20)
    cases = doors.promises.due(doors.config.follow_up, NOON, now)
    known = Setting(config=doors.config, signer=doors.signer, has=doors.letters.has)
    found = [follow_up(case, known, now) for case in cases]
    doors.board.set_status(ref, TicketStatus.RESOLVED, "anna", NOON + HOUR)
    assert found[0] is not None
    assert doors.promises.record([found[0]], now) == []
    assert desk.states(ref)["respond 0"] == "kept"


def test_nothing_is_recorded_that_a_letter_says_which_has_just_gone_out(desk: Desk, ref: str) -> None:
    doors = desk.doors
    doors.board.comment(ref, "The carrier has it.", "anna", NOON, public=True)
    follow.follow(doors)
    (due,) = doors.effects.due(EffectKind.NOTIFY, NOON, 10)
    with doors.database.writing() as connection:  # as if the letter had been superseded, and its words were news again
        connection.execute(update(schema.ticket).where(schema.ticket.c.ref == ref).values(moved=NOON))
    cases = doors.promises.due(doors.config.follow_up, NOON, NOON)
    known = Setting(config=doors.config, signer=doors.signer, has=doors.letters.has)
    found = [one for case in cases if (one := follow_up(case, known, NOON))]
    assert [case.comment for case in cases] == ["The carrier has it."]
    doors.effects.claim([due.key], NOON)
    assert doors.promises.record(found, NOON) == []


def test_no_sender_takes_a_letter_while_another_one_with_its_words_is_recorded(
    desk: Desk, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors = desk.doors
    doors.board.comment(ref, "The carrier has it.", "anna", NOON, public=True)
    follow.follow(doors)
    (due,) = doors.effects.due(EffectKind.NOTIFY, NOON, 10)
    with doors.database.writing() as connection:  # as if the letter had been superseded, and its words were news again
        connection.execute(update(schema.ticket).where(schema.ticket.c.ref == ref).values(moved=NOON))
    cases = doors.promises.due(doors.config.follow_up, NOON, NOON)
    known = Setting(config=doors.config, signer=doors.signer, has=doors.letters.has)
    found = [one for case in cases if (one := follow_up(case, known, NOON))]
    taken: list[set[str]] = []
    sender = threading.Thread(target=lambda: taken.append(doors.effects.claim([due.key], NOON)))
    supersede = promises._supersede

    def supersede_while_a_sender_claims(*arguments: Any) -> None:
        sender.start()
        sender.join(0.5)
        supersede(*arguments)

    monkeypatch.setattr(promises, "_supersede", supersede_while_a_sender_claims)
    assert doors.promises.record(found, NOON)
    sender.join()
    assert taken == [set()]


def test_repeats_of_a_customer_and_topic_are_linked_and_people_may_link_others(desk: Desk, ref: str) -> None:
    again = desk.write().id
    other = desk.write(sender="Bob <bob@example.org>").id
    desk.go_on()
    assert [one.ref for one in desk.doors.repeats.of(again)] == [ref]
    assert desk.doors.repeats.of(other) == []
    desk.doors.repeats.link(other, ref, "anna", NOON)
    desk.doors.repeats.link(ref, other, "anna", NOON)
    assert {one.ref for one in desk.doors.repeats.of(ref)} == {again, other}


def test_the_command_shows_what_is_due_and_links(desk: Desk, ref: str) -> None:
    import json

    other = desk.write(sender="Bob <bob@example.org>").id
    desk.go_on()
    path = desk.doors.config.path
    (path.parent / "models").mkdir(exist_ok=True)
    path.write_text(f'[store]\nurl = "{desk.doors.config.store.url}"\n', encoding="utf-8")

    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["--config", str(path), "ticket", *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    rows = [json.loads(line) for line in said("due", "--json").splitlines()]
    assert [(row["ref"], row["what"]) for row in rows[:2]] == [(one, "respond") for one in sorted([ref, other])]
    assert ref in said("due")
    shown = json.loads(said("link", ref, other, "--json"))
    assert [one["ref"] for one in shown["linked"]] == [other]
    assert {one["kind"] for one in shown["promises"]} == {"respond", "resolve"}


def test_an_outside_tracker_is_told_of_a_quiet_ticket_that_was_closed(desk: Desk, ref: str) -> None:
    quiet = update(schema.ticket).where(schema.ticket.c.ref == ref)
    desk.doors.board.set_status(ref, TicketStatus.WAITING, "anna", desk.doors.clock.now())
    with desk.doors.database.writing() as connection:
        connection.execute(quiet.values(complaint=False, to_check=False, tracker="github"))
    for _ in range(60):
        desk.go_on(24 * HOUR)
    assert desk.doors.board.show(ref).status == "closed"
    with desk.doors.database.reading() as connection:
        told = connection.execute(select(schema.effect.c.details).where(schema.effect.c.kind == "file")).scalars().all()
    assert [(one["action"], one["status"]) for one in told][-1] == ("update", "closed")
