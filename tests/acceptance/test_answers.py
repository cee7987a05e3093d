"""A person answers a customer by mail: sent once, undone in time, and only then on the ticket. Both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select, update

from pipeline.desk import answer as desk_answer
from pipeline.desk.answer import Pen, typed_by
from pipeline.engine.workers.send import interrupted
from pipeline.errors import DeferredError, NotFoundError, RejectedError, UncertainError, UsageError
from pipeline.records.answer import AnswerDraft, DraftConflict, GivenAnswer
from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.records.letter import AttachedFile, Reply
from pipeline.records.payload import AnswerPayload, FilingPayload
from pipeline.records.ticket import TicketStatus
from pipeline.store import bounces, joining, schema
from pipeline.store.draft_files import KEPT
from tests.acceptance.test_promises import HOUR, Desk, Post, desk, letters, ref, text_of
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels

__all__ = ["desk", "letters", "ref"]  # fixtures

ANNA, BOB = "anna@example.com", "bob@example.com"
AFTER = desk_answer.UNDO
WORDS = "We have found your parcel.\n\nIt will be with you on Thursday."


def write(desk: Desk, ref: str, text: str = WORDS, author: str = ANNA, **more: Any) -> AnswerDraft:
    wanted = typed_by(desk.doors.config, text=text, **more)
    saved = desk_answer.save(desk.doors, Pen(ticket=ref, author=author), wanted, 0)
    assert isinstance(saved, AnswerDraft)
    return saved


def send(desk: Desk, draft: AnswerDraft, name: str = "Anna Virtanen") -> GivenAnswer:
    pen = Pen(ticket=draft.ticket, author=draft.author, name=name)
    return desk_answer.send(desk.doors, pen, draft.id, draft.version)


def answered(desk: Desk, ref: str) -> list[tuple[str, str]]:
    return [(one.actor, one.detail) for one in desk.doors.board.show(ref).events if one.kind == "answered"]


def state_of(desk: Desk, ref: str) -> EffectState:
    return desk.doors.given_answers.of(ref)[-1].state


# --- what the customer gets -------------------------------------------------------------------------------------------


def test_the_customer_gets_a_mail_as_a_person_would_write_it(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref))
    assert desk.go_on() == []
    assert answered(desk, ref) == []
    (mail,) = desk.go_on(AFTER)
    assert (mail["From"], mail["To"], mail["Cc"]) == ("Example Support <support@example.com>", "eve@example.org", None)
    assert mail["Subject"] == "Re: Where is parcel 1?"
    assert mail["In-Reply-To"] == "<letter1@example.org>"
    assert mail["References"].split()[-1] == "<letter1@example.org>"
    assert [mail[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence")] == [None] * 3
    assert mail.get_content_type() == "multipart/alternative"
    assert text_of(mail).startswith(f"Hello Eve, {' '.join(WORDS.split())} Kind regards Anna Virtanen")
    page = mail.get_body(("html",))
    assert page is not None
    assert "<p>We have found your parcel.</p>" in page.get_content()
    assert desk.doors.signer.verify(mail["Message-ID"]) == ref
    assert desk.post.sent[-1].envelope_from == "support@example.com"  # so that it comes back when it can't arrive


def test_it_threads_to_the_newest_mail_of_the_customer_and_re_stands_once(desk: Desk, ref: str) -> None:
    desk.doors.clock.pass_by(timedelta(seconds=1))  # type: ignore[attr-defined]
    desk.reply("Any news? I need it.", subject="AW: Re: Where is parcel 1?", message_id="<second@example.org>")
    desk.doors.clock.pass_by(timedelta(seconds=1))  # type: ignore[attr-defined]
    desk.reply("I know, too.", sender="Carl <carl@example.net>", message_id="<third@example.net>")
    send(desk, write(desk, ref))
    (mail,) = [one for one in desk.go_on(AFTER) if one["To"] == "eve@example.org"]
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: Where is parcel 1?", "<second@example.org>")
    assert "<letter1@example.org>" in mail["References"]


def test_what_the_customer_replies_belongs_to_the_ticket(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref))
    (mail,) = desk.go_on(AFTER)
    judged = desk.write("Thank you!", In_Reply_To=mail["Message-ID"], subject="Re: Where is parcel 1?")
    assert judged.id in desk.doors.board.show(ref).mails


def test_the_preview_is_what_is_sent(desk: Desk, ref: str) -> None:
    draft = write(desk, ref, cc=["Carl@example.net"])
    pen = Pen(ticket=ref, author=ANNA, name="Anna Virtanen")
    draft = desk_answer.attach(desk.doors, pen, "slip.pdf", "application/pdf", b"%PDF-1.7")
    shown = desk_answer.preview(desk.doors, pen, draft)
    send(desk, draft)
    desk.go_on(AFTER)
    without_date = [
        [line for line in data.splitlines() if not line.startswith(b"Date: ")]
        for data in (shown.reply.data, desk.post.sent[-1].data, desk.post.sent[-2].data)
    ]
    assert without_date[0] == without_date[1] == without_date[2]


def test_copies_go_to_each_by_itself_and_nobody_gets_a_status_link(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref, cc=["carl@example.net", "dora@example.net", "CARL@example.net", "eve@example.org"]))
    desk.go_on(AFTER)
    sent = desk.post.sent[-3:]
    assert {one.recipient for one in sent} == {"eve@example.org", "carl@example.net", "dora@example.net"}
    assert len({one.message_id for one in sent}) == 1
    assert all(b"\r\nTo: eve@example.org\r\nCc: carl@example.net,\r\n dora@example.net\r\n" in one.data for one in sent)
    assert len(answered(desk, ref)) == 1


def test_attached_files_arrive_as_they_were(desk: Desk, ref: str) -> None:
    pen, data = Pen(ticket=ref, author=ANNA), bytes(range(256)) * 300
    write(desk, ref)
    desk_answer.attach(desk.doors, pen, "..\\..\\Lieferschein ü‮gpj.exe", "image/png; name=x", data)
    draft = desk_answer.attach(desk.doors, pen, "/etc/page.html", "text/html", b"<script>alert(1)</script>")
    send(desk, draft)
    (mail,) = desk.go_on(AFTER)
    files = [(part.get_filename(), part.get_content_type(), part.get_content()) for part in mail.iter_attachments()]
    assert files == [
        ("Lieferschein ügpj.exe", "image/png", data),
        ("page.html", "application/octet-stream", b"<script>alert(1)</script>"),
    ]
    desk.doors.answer_files.purge(NOON + KEPT)
    assert len(desk.doors.answer_files.of(draft.id)) == 2
    assert desk.doors.answer_files.purge(NOON + KEPT + HOUR) == 2
    assert desk.doors.answer_files.of(draft.id) == []


def test_files_are_bounded(desk: Desk, ref: str) -> None:
    pen = Pen(ticket=ref, author=ANNA)
    desk_answer.attach(desk.doors, pen, "a.bin", "", b"x" * (desk_answer.MOST_BYTES - 1))
    with pytest.raises(UsageError, match="10 MB"):
        desk_answer.attach(desk.doors, pen, "b.bin", "", b"xx")
    with pytest.raises(UsageError, match="empty"):
        desk_answer.attach(desk.doors, pen, "c.bin", "", b"")
    (kept,) = desk_answer.draft_of(desk.doors, pen).files
    draft = desk_answer.detach(desk.doors, pen, kept.id)
    assert draft.files == ()


def test_a_person_goes_before_notices_and_after_acknowledgements(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref))
    desk.doors.board.comment(ref, "also said", "bob", NOON, public=True)
    desk.post.away = True
    desk.go_on(AFTER)
    desk.write("Another thing", sender="Dora <dora@example.net>", subject="Else", message_id="<dora@example.net>")
    desk.post.away = False
    mails = desk.go_on(timedelta(minutes=2))
    assert [mail["To"] for mail in mails][:2] == ["dora@example.net", "eve@example.org"]
    assert mails[1]["Auto-Submitted"] is None


# --- what it does to the ticket ---------------------------------------------------------------------------------------


def test_only_what_is_out_is_said_to_be_answered(desk: Desk, ref: str) -> None:
    desk.post.away = True
    send(desk, write(desk, ref))
    desk.go_on(AFTER)
    assert answered(desk, ref) == []
    assert desk.states(ref)["respond 0"] == "open"
    assert desk.doors.board.show(ref).responded is None
    desk.post.away = False
    desk.go_on(timedelta(minutes=1))
    assert answered(desk, ref) == [(ANNA, WORDS)]
    assert desk.states(ref) == {"respond 0": "kept", "resolve 0": "open"}
    assert desk.doors.board.show(ref).responded is not None


def test_with_a_status_the_customer_gets_one_letter(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref, then=TicketStatus.RESOLVED))
    assert desk.doors.board.show(ref).status is TicketStatus.OPEN
    assert len(desk.go_on(AFTER)) == 1
    assert desk.doors.board.show(ref).status is TicketStatus.RESOLVED
    assert desk.states(ref) == {"respond 0": "kept", "resolve 0": "kept"}
    assert desk.go_on(HOUR) == []


def test_a_move_just_before_the_answer_needs_no_letter_of_its_own(desk: Desk, ref: str) -> None:
    desk.doors.board.set_status(ref, TicketStatus.ACTIVE, ANNA, NOON)
    send(desk, write(desk, ref))
    assert desk.go_on() == []
    assert len(desk.go_on(AFTER)) == 1
    assert desk.go_on(HOUR) == []


def test_other_words_that_were_not_said_yet_come_all_the_same(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref))
    desk.doors.board.comment(ref, "The voucher is in your account.", BOB, NOON, public=True)
    mails = desk.go_on(AFTER) + desk.go_on(timedelta(minutes=5))
    assert [("We have found" in text_of(one), "The voucher" in text_of(one)) for one in mails] == [
        (True, False),
        (False, True),
    ]


def test_it_is_not_resolved_over_what_the_customer_has_written_meanwhile(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref, then=TicketStatus.RESOLVED))
    desk.doors.clock.pass_by(timedelta(seconds=1))  # type: ignore[attr-defined]
    desk.reply("Wait, there is more: the second parcel is missing as well.")
    desk.go_on(AFTER)
    ticket = desk.doors.board.show(ref)
    assert ticket.status is TicketStatus.OPEN
    assert len(answered(desk, ref)) == 1
    assert any("it stays open" in one.detail for one in ticket.events)


def test_nothing_else_is_told_while_an_answer_is_on_its_way(desk: Desk, ref: str) -> None:
    """The server is away for hours, the promise breaks: staff hear of it, the customer of nothing but the answer."""
    desk.post.away = True
    send(desk, write(desk, ref))
    desk.go_on(timedelta(hours=20))
    notices = desk.doors.effects.left_over(EffectKind.NOTIFY, EffectState.INTENDED)
    assert "eve@example.org" not in {one.recipient for one in notices}
    assert any(one.kind == "escalated" for one in desk.doors.board.show(ref).events)
    desk.post.away = False
    mails = desk.go_on(timedelta(minutes=1))
    (mail,) = [one for one in mails if one["To"] == "eve@example.org"]
    assert mail["Auto-Submitted"] is None


def test_an_answer_to_a_case_that_is_joined_meanwhile_counts_where_it_went(desk: Desk, ref: str) -> None:
    other = desk.write(subject="The same again", message_id="<again@example.org>").id
    desk.go_on()
    send(desk, write(desk, other, then=TicketStatus.RESOLVED))
    joining.join(desk.doors.database, ref, other, ANNA, NOON)
    desk.post.sent.clear()
    desk.go_on(AFTER)
    assert [one.recipient for one in desk.post.sent] == ["eve@example.org"]
    assert answered(desk, ref) == [(ANNA, WORDS)]
    assert answered(desk, other) == []
    assert set(desk.states(ref).values()) == {"kept"}
    statuses = [desk.doors.board.show(one).status for one in (ref, other)]
    assert statuses == [TicketStatus.RESOLVED, TicketStatus.CLOSED]
    assert [one.author for one in desk.doors.given_answers.of(ref)] == [ANNA]
    assert desk.go_on(HOUR) == []


def test_an_outside_tracker_gets_the_text_and_the_status(desk: Desk, ref: str) -> None:
    with desk.doors.database.writing() as connection:
        connection.execute(update(schema.ticket).values(tracker="jira"))
    send(desk, write(desk, ref, then=TicketStatus.WAITING))
    assert filings(desk) == []
    desk.go_on(AFTER)
    comment, change = filings(desk)
    assert (comment.action, change.action, change.status) == ("comment", "update", TicketStatus.WAITING)
    said = {one.id: one.detail for one in desk.doors.board.show(ref).events}
    assert comment.event is not None
    assert said[comment.event] == WORDS


def filings(desk: Desk) -> list[FilingPayload]:
    return [one.filing for one in desk.doors.effects.left_over(EffectKind.FILE, EffectState.INTENDED)]


def test_an_outcome_that_is_committed_twice_says_it_once(desk: Desk, ref: str) -> None:
    given = send(desk, write(desk, ref))
    effects, now = desk.doors.effects, NOON + AFTER
    assert effects.claim([given.key], now) == {given.key}
    done = Outcome(key=given.key, state=EffectState.DONE)
    effects.settle([done], now)
    effects.settle([done], now)
    assert len(answered(desk, ref)) == 1


# --- undo -------------------------------------------------------------------------------------------------------------


def test_for_ten_seconds_it_can_be_taken_back_and_the_draft_is_as_it_was(desk: Desk, ref: str) -> None:
    pen = Pen(ticket=ref, author=ANNA)
    write(desk, ref, cc=["carl@example.net"], subject="About your parcel", then=TicketStatus.WAITING)
    draft = desk_answer.attach(desk.doors, pen, "a.pdf", "application/pdf", b"%PDF")
    first = send(desk, draft)
    assert desk_answer.draft_of(desk.doors, pen).version == 0
    back = desk_answer.undo(desk.doors, pen)
    assert (back.typed, [one.name for one in back.files]) == (draft.typed, ["a.pdf"])
    assert back.id != draft.id
    assert desk.go_on(AFTER) == []
    assert state_of(desk, ref) is EffectState.CANCELLED
    again = send(desk, back)
    assert again.message_id != first.message_id
    (mail, copy) = desk.go_on(AFTER)
    assert (mail["Subject"], copy["Message-ID"]) == ("Re: About your parcel", again.message_id)
    assert [part.get_content() for part in mail.iter_attachments()] == [b"%PDF"]


@pytest.mark.parametrize("state", [EffectState.DOING, EffectState.DONE, EffectState.UNCERTAIN])
def test_a_late_undo_says_so_and_changes_nothing(desk: Desk, ref: str, state: EffectState) -> None:
    given = send(desk, write(desk, ref))
    desk.doors.effects.claim([given.key], NOON + AFTER)
    if state is not EffectState.DOING:
        desk.doors.effects.settle([Outcome(key=given.key, state=state)], NOON + AFTER)
    with pytest.raises(UsageError, match="too late: it"):
        desk_answer.undo(desk.doors, Pen(ticket=ref, author=ANNA))
    assert state_of(desk, ref) is state
    assert desk_answer.draft_of(desk.doors, Pen(ticket=ref, author=ANNA)).version == 0


def test_a_copy_that_is_being_sent_keeps_all_of_it(desk: Desk, ref: str) -> None:
    given = send(desk, write(desk, ref, cc=["carl@example.net"]))
    desk.doors.effects.claim([f"{given.key}:cc0"], NOON + AFTER)
    with pytest.raises(UsageError, match="already being sent"):
        desk_answer.undo(desk.doors, Pen(ticket=ref, author=ANNA))
    assert state_of(desk, ref) is EffectState.INTENDED


def test_nobody_takes_back_what_another_wrote(desk: Desk, ref: str) -> None:
    given = send(desk, write(desk, ref))
    with pytest.raises(NotFoundError, match="no answer of yours"):
        desk_answer.undo(desk.doors, Pen(ticket=ref, author=BOB))
    with pytest.raises(UsageError, match="no such answer of yours"):
        desk.doors.given_answers.take_back(given.key, BOB, "x", NOON)
    assert len(desk.go_on(AFTER)) == 1


def test_what_was_typed_since_then_follows_what_is_taken_back(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref, "First."))
    write(desk, ref, "Second.")
    back = desk_answer.undo(desk.doors, Pen(ticket=ref, author=ANNA))
    assert back.typed.text == "First.\n\nSecond."


# --- once -------------------------------------------------------------------------------------------------------------


def test_two_clicks_at_once_send_once(desk: Desk, ref: str) -> None:
    draft = write(desk, ref)
    with ThreadPoolExecutor(4) as many:
        given = list(many.map(lambda _: send(desk, draft), range(8)))
    assert len({one.key for one in given}) == 1
    assert len(desk.go_on(AFTER)) == 1
    assert send(desk, draft).state is EffectState.DONE  # a click on a page that stayed open
    assert desk.go_on(HOUR) == []


def test_what_was_changed_in_another_window_is_not_sent_unseen(desk: Desk, ref: str) -> None:
    draft = write(desk, ref)
    pen = Pen(ticket=ref, author=ANNA)
    desk_answer.save(desk.doors, pen, typed_by(desk.doors.config, text="Changed."), draft.version)
    with pytest.raises(NotFoundError, match="not there as you saw it"):
        send(desk, draft)
    assert desk_answer.draft_of(desk.doors, pen).typed.text == "Changed."
    assert desk.doors.given_answers.of(ref) == []


def test_a_crash_while_it_is_sent_leaves_it_uncertain_until_it_is_known(desk: Desk, ref: str) -> None:
    given = send(desk, write(desk, ref))
    desk.doors.effects.claim([given.key], NOON + AFTER)
    interrupted(desk.doors.effects, desk.doors.clock)
    assert (state_of(desk, ref), answered(desk, ref)) == (EffectState.UNCERTAIN, [])
    told = Outcome(key=given.key, state=EffectState.DONE, resolved="a person says so")
    desk.doors.effects.settle([told], NOON + HOUR, EffectState.UNCERTAIN)
    desk.doors.effects.settle([told], NOON + HOUR, EffectState.UNCERTAIN)
    assert len(answered(desk, ref)) == 1
    assert desk.states(ref)["respond 0"] == "kept"


# --- when it does not arrive ------------------------------------------------------------------------------------------


class Refusing(Post):
    """Says this to every letter."""

    error: Exception

    def send(self, reply: Reply) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (RejectedError("550 no such user", recipient_unknown=True), EffectState.FAILED),
        (RejectedError("554 the content is refused"), EffectState.FAILED),
        (DeferredError("451 later"), EffectState.WAITING),
        (UncertainError("it broke off"), EffectState.UNCERTAIN),
    ],
)
def test_what_is_not_out_keeps_no_promise_and_is_seen(
    desk: Desk, ref: str, error: Exception, state: EffectState
) -> None:
    send(desk, write(desk, ref))
    post = Refusing()
    post.error, desk.post = error, post
    desk.go_on(AFTER)
    assert state_of(desk, ref) is state
    assert answered(desk, ref) == []
    assert desk.states(ref)["respond 0"] == "open"
    lines = [one.detail for one in desk.doors.board.show(ref).events if one.kind == "failed"]
    assert bool(lines) is (state is EffectState.FAILED)
    if state is EffectState.FAILED:
        assert desk_answer.undo(desk.doors, Pen(ticket=ref, author=ANNA)).typed.text == WORDS


def test_one_that_comes_back_as_undeliverable_has_failed_and_the_promise_is_open_again(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref))
    (mail,) = desk.go_on(AFTER)
    assert desk.states(ref)["respond 0"] == "kept"
    desk.uid += 1
    take(desk.doors.route(Fixed(labels())), report(mail), first=desk.uid)
    assert state_of(desk, ref) is EffectState.FAILED
    assert desk.states(ref)["respond 0"] == "open"
    assert desk.doors.board.show(ref).responded is None
    assert "failed" in {one.kind for one in desk.doors.board.show(ref).events}


def report(mail: EmailMessage) -> bytes:
    return (
        "From: Mail Delivery System <mailer-daemon@mx.example.org>\r\nTo: support@example.com\r\n"
        "Subject: Undelivered\r\nMessage-ID: <dsn@mx.example.org>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        "Final-Recipient: rfc822; eve@example.org\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail['Message-ID']}\r\nTo: eve@example.org\r\n"
        "\r\n--b--\r\n"
    ).encode()


def test_a_dead_address_is_told_before_and_what_was_on_its_way_is_not_dropped_in_silence(desk: Desk, ref: str) -> None:
    draft = write(desk, ref)
    send(desk, draft)
    with desk.doors.database.writing() as connection:
        bounces.remember(connection, "eve@example.org", "5.1.1", "", NOON)
    assert desk.go_on(AFTER) == []
    assert state_of(desk, ref) is EffectState.FAILED
    assert any("5.1.1" in one.detail for one in desk.doors.board.show(ref).events if one.kind == "failed")
    with pytest.raises(UsageError, match="failed permanently"):
        send(desk, desk_answer.undo(desk.doors, Pen(ticket=ref, author=ANNA)))


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_is_its_writers_alone(desk: Desk, ref: str) -> None:
    draft = write(desk, ref, "Anna's words")
    doors, bob = desk.doors, Pen(ticket=ref, author=BOB)
    assert desk_answer.draft_of(doors, bob).typed.text == ""
    assert [one.author for one in desk_answer.others(doors, bob)] == [ANNA]
    assert desk_answer.others(doors, Pen(ticket=ref, author=ANNA)) == []
    with pytest.raises(NotFoundError):
        desk_answer.send(doors, bob, draft.id, draft.version)
    stolen = AnswerDraft(id=draft.id, ticket=ref, author=BOB, typed=draft.typed, version=draft.version)
    with pytest.raises(NotFoundError):
        doors.drafts.detach(stolen, "x", NOON)
    with pytest.raises(NotFoundError):
        doors.drafts.attach(stolen, "x", AttachedFile(name="a", type="text/plain", data=b"a"), NOON)
    doors.drafts.discard(stolen)
    assert desk_answer.draft_of(doors, Pen(ticket=ref, author=ANNA)).typed.text == "Anna's words"


def test_others_are_writing_only_as_long_as_they_type(desk: Desk, ref: str) -> None:
    write(desk, ref)
    desk.doors.clock.pass_by(timedelta(minutes=6))  # type: ignore[attr-defined]
    assert desk_answer.others(desk.doors, Pen(ticket=ref, author=BOB)) == []


def test_what_is_typed_over_an_older_version_loses_neither_text(desk: Desk, ref: str) -> None:
    pen, config = Pen(ticket=ref, author=ANNA), desk.doors.config
    first = write(desk, ref, "one")
    second = desk_answer.save(desk.doors, pen, typed_by(config, text="one two"), first.version)
    assert isinstance(second, AnswerDraft)
    conflict = desk_answer.save(desk.doors, pen, typed_by(config, text="another window"), first.version)
    assert isinstance(conflict, DraftConflict)
    assert (conflict.kept.typed.text, conflict.kept.beside) == ("one two", "another window")
    again = desk_answer.save(desk.doors, pen, typed_by(config, text="one two"), first.version)
    assert isinstance(again, AnswerDraft)  # the same, saved twice


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"text": "x" * 1_000_000}, "1,000,000 characters"),
        ({"text": "a", "subject": "Hi\r\nBcc: all@example.org"}, "line break"),
        ({"text": "a", "subject": "x" * 201}, "longer than"),
        ({"text": "a", "cc": ["eve@example.org\r\nBcc: x@example.org"]}, "is not an address"),
        ({"text": "a", "cc": ["support@example.com"]}, "address of ours"),
        ({"text": "a", "cc": [f"a{n}@example.org" for n in range(11)]}, "more than 10"),
    ],
)
def test_what_could_do_harm_is_refused_in_clear_words(desk: Desk, wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        typed_by(desk.doors.config, **wanted)


def test_hostile_characters_do_not_reach_the_customer(desk: Desk, ref: str) -> None:
    send(desk, write(desk, ref, "pay\0 ‮gpj.exe‬ {{ ref }} <b>now</b>\x1b[31m\n.\nend", subject="A\0‮B"))
    (mail,) = desk.go_on(AFTER)
    assert mail["Subject"] == "Re: AB"
    assert "pay gpj.exe {{ ref }} <b>now</b>[31m . end" in text_of(mail)
    page = mail.get_body(("html",))
    assert page is not None
    assert "&lt;b&gt;now&lt;/b&gt;" in page.get_content()


@pytest.mark.parametrize("text", ["", "  \n ", "\0\0"])
def test_an_answer_says_something(desk: Desk, ref: str, text: str) -> None:
    with pytest.raises(UsageError, match="says nothing"):
        send(desk, write(desk, ref, text))


def test_a_ticket_that_is_not_there_has_no_answer(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="no such ticket"):
        desk_answer.draft_of(desk.doors, Pen(ticket="0000-0000", author=ANNA))


# --- saved replies ----------------------------------------------------------------------------------------------------

NAMES = ["more-time", "on-its-way", "order-number", "photo", "refund-done"]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "fi"])
def test_every_saved_reply_is_there_in_the_language_of_the_customer(desk: Desk, ref: str, language: str) -> None:
    with desk.doors.database.writing() as connection:
        connection.execute(update(schema.ticket).values(language=language))
    found = desk_answer.saved_replies(desk.doors, ref)
    assert [(one.name, one.language) for one in found] == [(name, language) for name in NAMES]
    assert len({one.title for one in found}) == len(NAMES)


def test_a_saved_reply_names_the_time_that_was_promised_and_no_other(desk: Desk, ref: str) -> None:
    pen = Pen(ticket=ref, author=ANNA)
    assert "We want to have it settled by\n" in desk_answer.saved_reply(desk.doors, pen, "more-time")
    desk.doors.board.set_status(ref, TicketStatus.WAITING, ANNA, NOON)
    assert "as soon as we know more" in desk_answer.saved_reply(desk.doors, pen, "more-time")
    with pytest.raises(NotFoundError, match="there is no saved reply"):
        desk_answer.saved_reply(desk.doors, pen, "../base")


def test_the_journal_holds_what_was_written(desk: Desk, ref: str) -> None:
    given = send(desk, write(desk, ref))
    with desk.doors.database.reading() as connection:
        due = connection.execute(select(schema.effect.c.next_try).where(schema.effect.c.key == given.key)).scalar()
    assert due == NOON + AFTER
    (effect,) = [one for one in desk.doors.effects.of_mail(ref) if one.kind is EffectKind.ANSWER]
    assert isinstance(effect.payload, AnswerPayload)
    assert (effect.payload.author, effect.payload.words) == (ANNA, WORDS)


def test_a_mail_of_ours_is_no_answer_a_second_time(desk: Desk, ref: str) -> None:
    """Its copy in the sent folder is known by its Message-ID, and a copy in the inbox is no mail of the customer."""
    send(desk, write(desk, ref))
    (mail,) = desk.go_on(AFTER)
    copy = {"sender": "Example Support <support@example.com>", "to": "eve@example.org"}
    judged = desk.write(**copy, message_id=mail["Message-ID"])
    assert not judged.decision.acknowledge
    assert len(answered(desk, ref)) == 1
