"""The store, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text

from pipeline.decide.decide import decide
from pipeline.decide.effects import acknowledgement, mark
from pipeline.decide.situation import Situation
from pipeline.errors import DamagedError, NotFoundError, UnreachableError
from pipeline.guard.judge import judge
from pipeline.records.decision import Copy, Judged
from pipeline.records.effect import EffectKind, EffectState, Outcome, SentVersion
from pipeline.records.mail import Address, Cursor, FailedRecipient, Location, MachineReport
from pipeline.records.thread import Lookup, Thread, ThreadKeys
from pipeline.records.ticket import TicketStatus
from pipeline.records.verdict import Authenticity
from pipeline.store import bounces, schema
from pipeline.store import database as database_module
from pipeline.store.database import Database
from pipeline.store.effects import Effects
from pipeline.store.ledger import KEPT_RAW, Ledger
from pipeline.store.mails import Mails
from pipeline.store.past import Windows
from pipeline.store.tickets import Board
from tests.samples import HELSINKI, NOON, config, history, labels, mail, raw_mail, surroundings

CONFIG = config()
CURSOR = Cursor(mailbox="support", uidvalidity=1, next_uid=2, first_uidnext=0)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, Windows.of(CONFIG.guard))


def judged(uid: int = 1, ref: str = "", thread: Thread | None = None, complaint: bool = False, **changes) -> Judged:
    """A mail as the route would hand it over."""
    ref = ref or f"AAAA-{uid:04d}"
    letter = mail(**{"message_id": f"<m{uid}@example.org>", "subject": f"Parcel {uid}", **changes})
    found = thread or Thread(ref=ref, new=True)
    verdict = judge(letter, surroundings(), ThreadKeys(), history(thread_acknowledged=found.acknowledged))
    says = labels(complaint=complaint)
    one = Judged(
        id=ref,
        raw=raw_mail(uid),
        mail=letter,
        thread=found,
        verdict=verdict,
        labels=says,
        decision=decide(Situation(mail=letter, verdict=verdict, labels=says, thread=found, config=CONFIG, now=NOON)),
        effects=(),
    )
    effects = [mark(ref, one.raw.location)]
    if one.decision.acknowledge:
        effects.append(acknowledgement(one, f"<{ref}@x>", "en", HELSINKI, NOON))
    return replace(one, effects=tuple(effects))


def lookup(one: Judged, **changes) -> Lookup:
    values = {
        "content_hash": one.mail.content_hash,
        "ref": one.id,
        "keys": ThreadKeys(),
        "message_id": one.mail.message_id,
        "senders": ("eve@example.org",),
        "domains": ("example.org",),
    }
    return Lookup(**(values | changes))


def test_the_tables_are_what_the_migrations_make(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    folder = Path(database_module.__file__).parent
    for family in folder.glob("schema_*.py"):
        import_module(f"pipeline.store.{family.stem}")
    # The words of search lie in what only one of the databases has: see word_index.py.
    opts = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith("search_word")}
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), schema.metadata) == []
    files = sorted(folder.glob("migrations/versions/0*.py"))
    assert tuple(file.name[:4] for file in files) == database_module.KNOWN
    assert database.version() == database_module.NEWEST


def test_a_database_from_a_newer_version_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
        connection.execute(text("update works_with set oldest = '9999'"))
    with pytest.raises(DamagedError, match="9999"):
        database.prepare()
    with pytest.raises(DamagedError, match="newer"):
        database.upgrade()


def test_a_newer_database_is_used_if_it_works_with_this_program(database: Database) -> None:
    """While several workers are upgraded: one of them after `db upgrade`, the others before."""
    with database.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    database.prepare()
    with pytest.raises(DamagedError, match="newer"):
        database.upgrade()  # this program can't


def test_a_migration_that_takes_something_away_says_which_programs_can_not_go_on() -> None:
    """From 0026 on: what an older worker reads or writes must be there as long as it may be at work."""
    folder = Path(database_module.__file__).parent / "migrations/versions"
    for file in sorted(folder.glob("0*.py")):
        takes_away = re.search(r"drop_|drop |rename|alter_column|nullable=False(?!.*server_default)", _added(file))
        if file.name[:4] > "0026" and takes_away:
            assert "update works_with" in file.read_text(encoding="utf-8"), file.name


def _added(file: Path) -> str:
    """Columns of tables that are there already; what is made anew hurts nobody."""
    text_of = file.read_text(encoding="utf-8")
    return re.sub(r"op\.create_table\(.*?\n    \)", "", text_of, flags=re.DOTALL)


def test_a_mail_is_recorded_with_its_place_its_effects_and_the_cursor(database: Database, ledger: Ledger) -> None:
    ledger.record([judged()], [], CURSOR, NOON)
    row = Mails(database).mail("AAAA-0001")
    assert (row.state, row.topic, row.acknowledged) == ("pending", "delivery", False)
    assert row.locations == (Location(mailbox="support", uidvalidity=1, uid=1),)
    assert row.received == NOON
    assert len(row.rules) > 20
    effects = Effects(database).of_mail("AAAA-0001")
    assert {effect.kind for effect in effects} == {EffectKind.ACKNOWLEDGE, EffectKind.MARK}
    assert ledger.cursor("support") == CURSOR
    assert Mails(database).raw("AAAA-0001").raw == b"raw"


def test_recording_the_same_again_changes_nothing(database: Database, ledger: Ledger) -> None:
    for _ in range(2):
        ledger.record([judged(complaint=True)], [], CURSOR, NOON)
    assert len(list(Mails(database).mails())) == 1
    assert len(Board(database).list()) == 1
    assert len(Effects(database).of_mail("AAAA-0001")) == 2


def test_a_batch_is_recorded_whole_or_not_at_all(database: Database, ledger: Ledger) -> None:
    twice = [judged(1), replace(judged(2), mail=judged(1).mail)]  # the same content under two references
    with pytest.raises(Exception, match=r"(?i)unique"):
        ledger.record(twice, [], CURSOR, NOON)
    assert list(Mails(database).mails()) == []
    assert ledger.cursor("support") is None


def test_a_copy_is_a_further_place_of_the_same_mail(database: Database, ledger: Ledger) -> None:
    ledger.record([judged()], [], CURSOR, NOON)
    place = Location(mailbox="other", uidvalidity=7, uid=3)
    copy = Copy(mail_id="AAAA-0001", location=place, received=NOON, effects=(mark("AAAA-0001", place),))
    ledger.record([], [copy], None, NOON)
    assert len(Mails(database).mail("AAAA-0001").locations) == 2
    assert len(Effects(database).due(EffectKind.MARK, NOON, 10)) == 2
    assert len(Effects(database).due(EffectKind.MARK, NOON, 10, "other")) == 1


def test_only_the_beginning_of_a_huge_mail_is_kept(database: Database, ledger: Ledger) -> None:
    big = judged()
    ledger.record([replace(big, raw=raw_mail(1, b"x" * (KEPT_RAW + 10)))], [], CURSOR, NOON)
    kept = Mails(database).raw("AAAA-0001")
    assert (len(kept.raw), kept.size) == (KEPT_RAW, KEPT_RAW + 10)


def test_the_past_knows_contents_message_ids_threads_and_what_was_sent(ledger: Ledger) -> None:
    one = judged(complaint=True)
    ledger.record([one], [], CURSOR, NOON)
    keys = ThreadKeys(message_ids=("<m1@example.org>", "<AAAA-0001@x>"))
    past = ledger.past([lookup(one, keys=keys)], NOON)
    assert past.known(one.mail.content_hash) == "AAAA-0001"
    assert past.taken("AAAA-0001")
    for thread in (
        past.thread_by_ref("AAAA-0001"),
        past.threads_by_message_id("<m1@example.org>")[0][0],
        past.thread_by_sent("<AAAA-0001@x>"),
    ):
        assert thread is not None
        assert thread.acknowledged
        assert thread.ticket is not None
        assert thread.ticket.participants == ("eve@example.org",)


def test_one_message_id_of_a_hundred_mails_costs_no_more_than_the_writers_own(ledger: Ledger) -> None:
    many = [
        judged(number, message_id="<always@x>", sender=Address(email=f"p{number}@x.example")) for number in range(99)
    ]
    ledger.record(many, [], CURSOR, NOON)
    asked = lookup(many[7], message_id="<always@x>", senders=("p7@x.example",))
    past = ledger.past([asked], NOON)
    assert [writer for _, writer in past.threads_by_message_id("<always@x>")] == ["p7@x.example"]


def test_the_budgets_of_the_circuit_breaker_are_counted_apart(database: Database, ledger: Ledger) -> None:
    known = replace(judged(1), verdict=replace(judged(1).verdict, authenticity=Authenticity.AUTHENTIC))
    held = replace(judged(2), decision=replace(judged(2).decision, held=True))
    ledger.record([known, held, judged(3)], [], CURSOR, NOON)
    tallies = ledger.past([lookup(known)], NOON).tallies("eve@example.org", "example.org", "", "")
    assert (tallies.by_system, tallies.by_known, tallies.written_before) == (1, 1, False)
    assert tallies.by_sender == 3  # under the other limits it counts
    assert Effects(database).sent_to_known(NOON - timedelta(hours=1)) == 1
    later = ledger.past([lookup(known)], NOON + timedelta(days=2)).tallies("eve@example.org", "example.org", "", "")
    assert (later.by_known, later.written_before) == (0, True)


def test_the_windows_count_what_lies_inside_them(ledger: Ledger) -> None:
    one = judged()
    ledger.record([one], [], CURSOR, NOON)
    soon = ledger.past([lookup(one)], NOON + timedelta(minutes=30))
    tallies = soon.tallies("eve@example.org", "example.org", "parcel 1", "AAAA-0001")
    assert (tallies.by_sender, tallies.by_thread, tallies.by_domain, tallies.by_system) == (1, 1, 1, 1)
    assert tallies.same_subject == 1
    later = ledger.past([lookup(one)], NOON + timedelta(hours=2))
    assert later.tallies("eve@example.org", "example.org", "parcel 1", "AAAA-0001").by_domain == 0
    next_day = ledger.past([lookup(one)], NOON + timedelta(days=2))
    assert next_day.tallies("eve@example.org", "example.org", "parcel 1", "AAAA-0001").by_sender == 0


def test_the_past_grows_with_the_batch(ledger: Ledger) -> None:
    one = judged(complaint=True)
    past = ledger.past([lookup(one)], NOON)
    assert past.known(one.mail.content_hash) == ""
    past.note(one)
    assert past.known(one.mail.content_hash) == "AAAA-0001"
    assert past.tallies("eve@example.org", "example.org", "parcel 1", "AAAA-0001").by_sender == 1
    ((thread, writer),) = past.threads_by_message_id("<m1@example.org>")
    assert writer == "eve@example.org"
    assert thread.acknowledged
    assert thread.ticket is not None


def test_the_past_without_a_mail_is_as_if_it_had_had_no_effect(ledger: Ledger) -> None:
    one = judged(complaint=True)
    ledger.record([one], [], CURSOR, NOON)
    thread = ledger.past([lookup(one)], NOON, without="AAAA-0001").thread_by_ref("AAAA-0001")
    assert thread is not None
    assert not thread.acknowledged
    assert thread.ticket is None


def test_a_dead_address_is_remembered_for_its_time_by_a_report_about_a_letter_to_it(ledger: Ledger) -> None:
    ledger.record([judged()], [], CURSOR, NOON)  # our letter <AAAA-0001@x> goes to Eve
    dead = FailedRecipient(address="Eve+shop@Example.org", status="5.1.1", permanent=True, dead=True)
    another = FailedRecipient(address="bob@example.org", status="5.1.1", permanent=True, dead=True)
    report = judged(2, report=MachineReport(kind="delivery", about="<AAAA-0001@x>", recipients=(dead, another)))
    ledger.record([report], [], CURSOR, NOON)
    wanted = lookup(report, senders=("eve@example.org", "bob@example.org"))
    past = ledger.past([wanted], NOON + timedelta(days=59))
    assert past.tallies("eve@example.org", "", "", "").bounced == "5.1.1"
    assert past.tallies("bob@example.org", "", "", "").bounced == ""
    assert ledger.past([wanted], NOON + timedelta(days=61)).tallies("eve@example.org", "", "", "").bounced == ""


@pytest.mark.parametrize(("about", "dead"), [("", True), ("<m1@example.org>", True), ("<AAAA-0001@x>", False)])
def test_a_report_about_no_letter_of_ours_or_a_passing_trouble_is_not_remembered(
    ledger: Ledger, about: str, dead: bool
) -> None:
    """Anybody can write a report, and name a hundred customers in it."""
    ledger.record([judged()], [], CURSOR, NOON)
    failed = FailedRecipient(address="eve@example.org", status="5.1.1", permanent=True, dead=dead)
    report = judged(2, report=MachineReport(kind="delivery", about=about, recipients=(failed,)))
    ledger.record([report], [], CURSOR, NOON)
    past = ledger.past([lookup(report, senders=("eve@example.org",))], NOON)
    assert past.tallies("eve@example.org", "", "", "").bounced == ""


def test_the_journal_knows_which_addresses_have_failed_since(database: Database) -> None:
    with database.writing() as connection:
        bounces.remember(connection, "eve@example.org", "5.1.1", "", NOON)
        bounces.remember(connection, "old@example.org", "5.1.1", "", NOON - timedelta(days=61))
        bounces.remember(connection, "odd@example.org", "", "", NOON)
    asked = ["Eve+shop@Example.org", "old@example.org", "odd@example.org", "bob@example.org"]
    failed = Effects(database).bounced(asked, NOON - timedelta(days=60))
    assert failed == {"Eve+shop@Example.org": "5.1.1", "odd@example.org": "5.0.0"}
    assert Effects(database).bounced([], NOON) == {}


def test_an_effect_is_claimed_once_and_settled(database: Database, ledger: Ledger) -> None:
    ledger.record([judged()], [], CURSOR, NOON)
    effects = Effects(database)
    (due,) = effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    assert effects.claim([due.key], NOON) == {due.key}
    assert effects.claim([due.key], NOON) == set()
    assert effects.due(EffectKind.ACKNOWLEDGE, NOON, 10) == []
    assert [left.key for left in effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.DOING)] == [due.key]
    effects.settle(
        [
            Outcome(
                key=due.key, state=EffectState.DONE, sent=SentVersion(template="delivery", version="v", language="en")
            )
        ],
        NOON,
    )
    (done, _mark) = effects.of_mail("AAAA-0001")
    assert (done.state, done.attempts, done.sent and done.sent.version) == (EffectState.DONE, 1, "v")
    assert done.letter.ref == "AAAA-0001"
    assert Mails(database).mail("AAAA-0001").acknowledged


def test_a_waiting_effect_is_due_again_at_its_time_and_after_new_ones(database: Database, ledger: Ledger) -> None:
    effects = Effects(database)
    ledger.record([judged(1)], [], CURSOR, NOON)
    (old,) = effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    effects.claim([old.key], NOON)
    later = NOON + timedelta(minutes=1)
    effects.settle([Outcome(key=old.key, state=EffectState.WAITING, error="451 later", next_try=later)], NOON)
    assert effects.due(EffectKind.ACKNOWLEDGE, NOON, 10) == []
    ledger.record([judged(2)], [], CURSOR, later)
    assert [effect.mail_id for effect in effects.due(EffectKind.ACKNOWLEDGE, later, 10)] == ["AAAA-0002", "AAAA-0001"]


def test_what_is_due_is_read_off_an_index_however_much_waits(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/store.db")
    database.prepare()
    plans: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _explain(connection, _cursor, statement, parameters, *_) -> None:
        if statement.startswith("SELECT") and "effect" in statement:
            raw = connection.connection.dbapi_connection
            plans.append(" ".join(row[3] for row in raw.execute(f"explain query plan {statement}", parameters)))

    Effects(database).due(EffectKind.ACKNOWLEDGE, NOON, 40)
    assert len(plans) == 3
    assert all(plan.startswith("SEARCH effect USING INDEX") for plan in plans)
    assert [plan for plan in plans if "FOR ORDER BY" in plan] == []  # only what is of one moment may need sorting
    database.close()


def test_an_attempt_that_never_reached_the_server_is_not_counted(database: Database, ledger: Ledger) -> None:
    ledger.record([judged()], [], CURSOR, NOON)
    effects = Effects(database)
    (due,) = effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    effects.claim([due.key], NOON)
    effects.settle([Outcome(key=due.key, state=EffectState.WAITING, counted=False)], NOON)
    assert effects.of_mail("AAAA-0001")[0].attempts == 0


def test_what_has_changed_since_it_was_uncertain_is_not_decided_again(database: Database, ledger: Ledger) -> None:
    ledger.record([judged(), judged(2)], [], CURSOR, NOON)
    effects = Effects(database)
    keys = [due.key for due in effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)]
    effects.settle([Outcome(key=key, state=EffectState.UNCERTAIN) for key in keys], NOON)
    effects.settle([Outcome(key=keys[0], state=EffectState.CANCELLED)], NOON)  # by somebody else, meanwhile
    effects.settle([Outcome(key=key, state=EffectState.WAITING) for key in keys], NOON, EffectState.UNCERTAIN)
    assert [effects.of_mail(key.partition(":")[0])[0].state for key in keys] == [
        EffectState.CANCELLED,
        EffectState.WAITING,
    ]


@pytest.mark.parametrize("committed", [True, False])
def test_a_claim_that_is_not_confirmed_holds_nothing_up(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, *, committed: bool
) -> None:
    ledger.record([judged(), judged(2)], [], CURSOR, NOON)
    effects = Effects(database)
    first, second = effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    assert effects.claim([second.key], NOON) == {second.key}  # by somebody who is at work on it
    writing = database.writing

    @contextmanager
    def lost_at_the_end() -> Iterator[Connection]:
        with writing() as connection:
            yield connection
            if not committed:
                raise UnreachableError("the line broke")
        raise UnreachableError("the line broke")

    with monkeypatch.context() as patch:
        patch.setattr(database, "writing", lost_at_the_end)
        with pytest.raises(UnreachableError):
            effects.claim([first.key], NOON)
    doing = [one.key for one in effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.DOING)]
    assert doing == ([first.key, second.key] if committed else [second.key])
    (due,) = effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    assert (due.key, due.attempts) == (first.key, 0)
    assert effects.claim([due.key], NOON) == {due.key}


def test_two_threads_never_claim_the_same_effect(database: Database, ledger: Ledger) -> None:
    ledger.record([judged(uid) for uid in range(1, 41)], [], CURSOR, NOON)
    effects = Effects(database)
    keys = [effect.key for effect in effects.due(EffectKind.ACKNOWLEDGE, NOON, 100)]
    won: list[set[str]] = []
    threads = [threading.Thread(target=lambda: won.append(effects.claim(keys, NOON))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for some in won for key in some) == sorted(keys)


def test_an_address_refused_for_good_is_remembered(database: Database, ledger: Ledger) -> None:
    one = judged()
    ledger.record([one], [], CURSOR, NOON)
    (due,) = Effects(database).due(EffectKind.ACKNOWLEDGE, NOON, 10)
    Effects(database).settle([Outcome(key=due.key, state=EffectState.FAILED, error="550", bounced="5.1.1")], NOON)
    past = ledger.past([lookup(one)], NOON + timedelta(days=1))
    assert past.tallies("eve@example.org", "", "", "").bounced == "5.1.1"


def test_a_complaint_opens_a_ticket_and_a_follow_up_reopens_it(database: Database, ledger: Ledger) -> None:
    board = Board(database)
    first = judged(1, complaint=True)
    ledger.record([first], [], CURSOR, NOON)
    board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", NOON)
    thread = ledger.past([lookup(first)], NOON).thread_by_ref("AAAA-0001")
    ledger.record([judged(2, thread=thread)], [], CURSOR, NOON + timedelta(hours=1))
    ticket = board.show("AAAA-0001")
    assert ticket.status == "open"
    assert ticket.mails == ("AAAA-0001", "AAAA-0002")
    kinds = [event.kind for event in ticket.events]
    assert kinds == ["opened", "status", "mail", "status"]


def test_the_board_keeps_a_timeline(database: Database, ledger: Ledger) -> None:
    board = Board(database)
    ledger.record([judged(complaint=True)], [], CURSOR, NOON)
    board.comment("AAAA-0001", "called her", "anna", NOON)
    board.assign("AAAA-0001", "ben", "anna", NOON)
    ticket = board.show("AAAA-0001")
    assert ticket.owner == "ben"
    assert [(event.kind, event.actor, event.detail) for event in ticket.events][1:] == [
        ("comment", "anna", "called her"),
        ("assigned", "anna", "logistics@example.com → ben"),
    ]
    assert [row.ref for row in board.list(owner="ben")] == ["AAAA-0001"]
    assert board.list(owner="anna") == []
    with pytest.raises(NotFoundError):
        board.comment("ZZZZ-9999", "x", "anna", NOON)


def test_a_parked_mail_is_shown_until_it_is_discarded(database: Database, ledger: Ledger) -> None:
    stranger = judged(recipients=("else@example.net",))
    ledger.record([replace(stranger, effects=())], [], CURSOR, NOON)
    reading = Mails(database)
    assert reading.parked() == 1
    assert [row.state for row in reading.mails()] == ["parked"]
    ledger.discard("AAAA-0001", [], NOON)
    assert reading.parked() == 0
    assert reading.mail("AAAA-0001").state == "done"
    assert reading.mail("AAAA-0001").closed == "discarded"


def test_the_state_of_a_mail_follows_its_effects(database: Database, ledger: Ledger) -> None:
    ledger.record([judged()], [], CURSOR, NOON)
    effects, reading = Effects(database), Mails(database)
    keys = [effect.key for effect in effects.of_mail("AAAA-0001")]
    assert reading.oldest_unprocessed(NOON + timedelta(hours=1)) == timedelta(hours=1)
    effects.claim(keys, NOON)
    later = NOON + timedelta(minutes=2)
    effects.settle([Outcome(key=key, state=EffectState.WAITING, next_try=later) for key in keys], NOON)
    assert reading.oldest_unprocessed(NOON + timedelta(hours=1)) == timedelta(hours=1)
    marks = [key for key in keys if ":mark:" in key]
    effects.settle([Outcome(key=key, state=EffectState.DONE) for key in marks], NOON, EffectState.WAITING)
    assert reading.oldest_unprocessed(NOON + timedelta(hours=1)) is None  # a letter that is put off: nobody is needed
    effects.settle([Outcome(key=key, state=EffectState.DONE) for key in keys], NOON)
    assert reading.mail("AAAA-0001").state == "done"
    assert reading.oldest_unprocessed(NOON) is None
    assert sum(effects.counts().values()) == 0


def test_a_pass_that_fails_remembers_since_when(database: Database) -> None:
    reading = Mails(database)
    reading.note_pass("mailbox.support", NOON)
    for hours in (1, 2):
        reading.note_pass("mailbox.support", NOON + timedelta(hours=hours), "no answer")
    row = reading.passes()["mailbox.support"]
    assert (row.last_pass, row.since, row.error) == (NOON, NOON + timedelta(hours=1), "no answer")
    reading.note_pass("mailbox.support", NOON + timedelta(hours=3))
    row = reading.passes()["mailbox.support"]
    assert (row.since, row.error) == (None, "")


def test_check_finds_rows_that_belong_to_nothing(database: Database, ledger: Ledger) -> None:
    ledger.record([judged(complaint=True)], [], CURSOR, NOON)
    assert database.check() == []
    with database.writing() as connection:
        connection.execute(text("delete from mail"))
    assert len(database.check()) == 2


def test_a_backup_of_sqlite_in_use_is_complete(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    database.prepare()
    Ledger(database, Windows.of(CONFIG.guard)).record([judged()], [], CURSOR, NOON)
    database.backup(tmp_path / "copy.db")
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    copy.prepare()
    assert [row.id for row in Mails(copy).mails()] == ["AAAA-0001"]
    for opened in (database, copy):
        opened.close()


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"this is no database, " * 100)
    database = Database(f"sqlite:///{tmp_path}/bad.db")
    with pytest.raises(DamagedError, match="restore"):
        database.prepare()
    database.close()


def test_a_database_that_is_away_is_unreachable_and_its_password_stays_secret() -> None:
    database = Database("postgresql://eve:geheim@127.0.0.1:1/none")
    with pytest.raises(UnreachableError) as caught:
        database.prepare()
    assert "geheim" not in str(caught.value)
    database.close()


def test_sqlite_keeps_what_is_recorded_through_a_power_failure(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    with database.reading() as connection:
        assert connection.execute(text("pragma journal_mode")).scalar() == "wal"
        assert connection.execute(text("pragma synchronous")).scalar() == 2  # FULL
    database.close()
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING


def test_what_status_asks_is_read_off_an_index_however_many_mails_there_are(tmp_path: Path) -> None:
    """Without it a page of the desk would take seconds over a million mails."""
    with closing(Database(f"sqlite:///{tmp_path}/a.db")) as database:
        database.prepare()
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
        Effects(database).counts()
        Mails(database).oldest_unprocessed(NOON)
        Mails(database).parked()
        Mails(database).on_review()
        with database.reading() as connection:
            for query in [one for one in asked if one.startswith("SELECT")]:
                plan = connection.exec_driver_sql(f"explain query plan {query}", ("",) * query.count("?")).all()
                used = " ".join(step[3] for step in plan)
                assert any(name in used for name in ("effect_unfinished", "mail_parked", "mail_review")), (query, used)
