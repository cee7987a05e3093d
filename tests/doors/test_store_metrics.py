"""Counts, times and touchpoints out of real tables, in SQLite and in PostgreSQL; and the commands on top of them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, select, text

from pipeline.clock import FakeClock
from pipeline.config.load import load
from pipeline.errors import NotFoundError, UsageError
from pipeline.figures import measure
from pipeline.records.labels import Correction, Label
from pipeline.records.promise import PromiseKind
from pipeline.records.survey import Stage, SurveyKind
from pipeline.records.ticket import TicketStatus
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.labels import CorrectedLabels
from pipeline.store.metrics import Metrics, Period
from pipeline.store.surveys import Surveys
from pipeline.store.tickets import Board
from pipeline.store.touchpoints import Touchpoints
from pipeline.wiring.live_doors import build
from tests.desk import Desk, letter
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels

HELSINKI = ZoneInfo("Europe/Helsinki")
ALWAYS = Period()
HOUR = timedelta(hours=1)


def put(database: Database, table: Any, *rows: dict[str, Any]) -> None:
    with database.writing() as connection:
        for row in rows:
            connection.execute(insert(table), row)


def a_mail(name: str, **changes: Any) -> dict[str, Any]:
    values = {
        **{key: [] for key in ("attachments", "notes", "reasons", "rules")},
        "id": name,
        "content_hash": name,
        "thread": name,
        "received": NOON,
        "recorded": NOON,
        "verdict": "answer",
        "topic": "delivery",
        "topic_sure": True,
        "complaint": False,
        "language": "en",
        "acknowledge": True,
        "sentiment": "neutral",
        "sentiment_confidence": 1.0,
        "decision": {},
    }
    return values | changes


def a_ticket(ref: str, **changes: Any) -> dict[str, Any]:
    values = {"ref": ref, "thread": ref, "status": "open", "participants": ["eve@example.org"], "topic": "delivery"}
    return {**values, "owner": "bob@example.com", "language": "en", "opened": NOON, "changed": NOON, **changes}


def test_every_mail_stands_in_exactly_one_column(database: Database) -> None:
    put(
        database,
        schema.mail,
        a_mail("a", complaint=True),
        a_mail("b", topic_sure=False),
        a_mail("c", verdict="silent", acknowledge=False, robot=True),
        a_mail("d", verdict="limit", acknowledge=False),
        a_mail("e", verdict="park", acknowledge=False, parked=True, topic=None),
        a_mail("f", only_recorded=True),
    )
    found = Metrics(database).mails(ALWAYS)[None]
    fates = ("acknowledged", "silent", "limited", "parked", "recorded")
    assert [found[name] for name in fates] == [2, 1, 1, 1, 1]
    assert (found["received"], found["by_people"], found["complaints"]) == (6, 5, 1)
    assert (found["judged"], found["topic_sure"]) == (4, 3)


def test_an_empty_ledger_has_nothing_to_count(database: Database) -> None:
    document = measure.measure(database, HELSINKI, NOON)
    assert document["total"]["mails"]["received"] == 0
    assert document["total"]["nps"]["warning"] == "none"
    assert Metrics(database).began() is None


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("topic", {"delivery", "refund", None}),
        ("language", {"en", "fi"}),
        ("complaint", {True, False, None}),
        ("owner", {"bob@example.com", None}),
        ("template", {"en/neutral v1", None}),
    ],
)
def test_everything_can_be_split(database: Database, by: str, values: set[Any]) -> None:
    put(
        database,
        schema.mail,
        a_mail("a", topic="refund", complaint=True, ticket="a"),
        a_mail("b", topic="", language="fi"),
        a_mail("c", topic=None, complaint=None),
        a_mail("d"),
    )
    put(database, schema.ticket, a_ticket("a", complaint=True))
    sent = {"sent_language": "en", "sent_template": "neutral", "sent_version": "v1"}
    effect = {"key": "a:acknowledge", "mail_id": "a", "kind": "acknowledge", "state": "done", "details": sent}
    put(database, schema.effect, {**effect, "created": NOON, "changed": NOON})
    put(database, schema.promise, _promise("a", "kept", ticket="a"), _promise("b", "open"))
    document = measure.measure(database, HELSINKI, NOON, by=by)
    groups = {group["value"]: group for group in document["groups"]}
    assert set(groups) == values
    assert sum(group["mails"]["received"] for group in groups.values()) == 4
    assert sum(group["tickets"]["opened"] for group in groups.values()) == 1
    assert sum(group["promises"]["respond"]["given"] for group in groups.values()) == 2


def test_a_split_is_what_counting_the_rows_one_by_one_gives(database: Database) -> None:
    """By letter it is read off an index of its own; and in all it is what the parts are together."""
    dice = random.Random(7)
    letters = ("en/neutral v1", "en/neutral v2", "de/delivery v1", None)
    expected: dict[str | None, Counter[str]] = {letter: Counter() for letter in letters}
    for number in range(60):
        name, letter = f"m{number}", dice.choice(letters)
        silent, promised = dice.random() < 0.2, dice.random() < 0.5
        put(database, schema.mail, a_mail(name, acknowledge=not silent, verdict="silent" if silent else "answer"))
        put(database, schema.effect, _effect_of(name, letter), _effect_of(name, "en/other v9", "notify"))
        expected[letter].update(received=1, silent=silent)
        if promised:
            put(database, schema.promise, _promise(name, dice.choice(("kept", "broken"))))
            expected[letter]["given"] += 1
        if dice.random() < 0.3:
            took = timedelta(seconds=dice.randrange(100_000))
            put(database, schema.ticket, a_ticket(name, responded=NOON + took, resolved=NOON + 2 * took))
            expected[letter]["opened"] += 1
    document = measure.measure(database, HELSINKI, NOON, by="template")
    for group in document["groups"]:
        mails, opened = group["mails"], group["tickets"]["opened"]
        found = {"received": mails["received"], "silent": mails["silent"], "opened": opened}
        found["given"] = group["promises"]["respond"]["given"]
        assert found == {name: expected[group["value"]][name] for name in found}, group["value"]
    assert document["total"] == measure.measure(database, HELSINKI, NOON)["total"]
    for by in ("topic", "owner", "language", "complaint"):
        assert measure.measure(database, HELSINKI, NOON, by=by)["total"] == document["total"]


def _effect_of(mail_id: str, letter: str | None, kind: str = "acknowledge") -> dict[str, Any]:
    language, _, rest = (letter or "").partition("/")
    template, _, version = rest.partition(" ")
    sent = {"sent_language": language, "sent_template": template, "sent_version": version} if letter else {}
    row = {"key": f"{mail_id}:{kind}", "mail_id": mail_id, "kind": kind, "state": "done" if letter else "waiting"}
    return {**row, "created": NOON, "changed": NOON, "details": sent}


def test_letters_are_counted_without_a_look_at_the_rows(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/some.db")
    database.prepare()
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    Metrics(database).mails(ALWAYS, "template")
    with database.reading() as connection:
        query = next(one for one in asked if "count(*)" in one)
        plan = connection.exec_driver_sql(f"explain query plan {query}", ("",) * query.count("?")).all()
    used = " ".join(step[3] for step in plan)
    assert "COVERING INDEX mail_counted" in used
    assert "effect_letter" in used
    database.close()


def _promise(mail_id: str, state: str, ticket: str = "", given: datetime = NOON) -> dict[str, Any]:
    return {"mail_id": mail_id, "kind": "respond", "ticket": ticket, "given": given, "due": given, "state": state}


def test_promises_are_counted_by_kind_and_state(database: Database) -> None:
    rows = [_promise(f"m{place}", state) for place, state in enumerate(["kept"] * 3 + ["broken", "open"])]
    put(database, schema.promise, *rows, _promise("early", "kept", given=NOON - HOUR))
    found = Metrics(database).promises(Period(since=NOON))[None]
    respond = PromiseKind.RESPOND
    states = {state: count for (kind, state), count in found.items() if kind is respond}
    assert states == {"kept": 3, "broken": 1, "open": 1}


def test_a_person_responds_once_and_resolves_for_as_long_as_it_stays_so(database: Database) -> None:
    put(database, schema.ticket, a_ticket("a"), a_ticket("untouched"))
    board, metrics = Board(database), Metrics(database)
    board.correct("a", Correction(topic="refund"), "bob", NOON + HOUR / 2)  # no answer to the customer
    board.comment("a", "calling them", "bob", NOON + HOUR)
    board.set_status("a", TicketStatus.RESOLVED, "bob", NOON + 2 * HOUR)
    board.set_status("a", TicketStatus.CLOSED, "bob", NOON + 3 * HOUR)
    found = metrics.tickets(ALWAYS)[None]
    assert (found.opened, found.responded, found.resolved) == (2, [3600], [7200])
    board.set_status("a", TicketStatus.OPEN, "bob", NOON + 4 * HOUR)
    assert metrics.tickets(ALWAYS)[None].resolved == []
    board.set_status("a", TicketStatus.RESOLVED, "bob", NOON + 5 * HOUR)
    assert metrics.tickets(ALWAYS)[None].resolved == [18000]


def test_what_a_program_does_is_no_response(database: Database) -> None:
    put(database, schema.ticket, a_ticket("a"))
    Board(database).set_status("a", TicketStatus.ACTIVE, "", NOON + HOUR)
    assert Metrics(database).tickets(ALWAYS)[None].responded == []


def test_corrections_are_counted_where_the_machine_was_sure(database: Database) -> None:
    put(database, schema.mail, a_mail("a"), a_mail("b"), a_mail("unsure", topic_sure=False), a_mail("nobody"))
    labelling = CorrectedLabels(database)
    for name, topic in {"a": "refund", "b": "delivery", "unsure": "refund"}.items():
        labelling.settle(name, Correction(topic=topic), "bob", NOON)
    assert Metrics(database).corrected(ALWAYS)[None]["topic"] == {"checked": 2, "wrong": 1}
    labelling.reopen("a")
    assert Metrics(database).corrected(ALWAYS)[None]["topic"] == {"checked": 1, "wrong": 0}


def test_the_last_answer_counts_and_the_earlier_ones_stay(database: Database) -> None:
    put(database, schema.ticket, a_ticket("a"))
    surveys = Surveys(database)
    for hours, score in enumerate([2, 9, 7]):  # changed twice
        found, answers = surveys.record("a", SurveyKind.NPS, score, "", Label(), "bob", NOON + hours * HOUR)
    assert (answers, found.created, found.owner) == (3, NOON, "bob@example.com")
    counted = Metrics(database).surveys(ALWAYS)[None][SurveyKind.NPS]
    assert (dict(counted.scores), counted.sent, counted.answered) == ({7: 1}, 0, 0)  # never sent
    with pytest.raises(NotFoundError, match="no such ticket"):
        surveys.record("none", SurveyKind.NPS, 5, "", Label(), "bob", NOON)


def test_words_that_come_later_leave_the_score(database: Database) -> None:
    put(database, schema.survey, _survey("s", sent=NOON), _survey("silent", sent=NOON), _survey("intended"))
    put(database, schema.survey_answer, {"survey": "s", "at": NOON, "score": 3, "channel": "link"})
    put(database, schema.survey_answer, {"survey": "s", "at": NOON + HOUR, "text": "but slow", "channel": "mail"})
    answers = Metrics(database).surveys(ALWAYS)[None][SurveyKind.CSAT]
    assert (dict(answers.scores), answers.sent, answers.answered) == ({3: 1}, 2, 1)
    assert measure.measure(database, HELSINKI, NOON)["total"]["csat"]["response_rate"]["of"] == 2


def _survey(name: str, thread: str = "", **changes: Any) -> dict[str, Any]:
    return {"id": name, "kind": "csat", "state": "sent", "created": NOON, "thread": thread, **changes}


def test_surveys_are_split_by_what_they_are_about(database: Database) -> None:
    put(database, schema.survey, _survey("s", template="en/neutral v1", complaint=True), _survey("t"))
    assert set(Metrics(database).surveys(ALWAYS, "template")) == {"en/neutral v1", None}
    assert set(Metrics(database).surveys(ALWAYS, "complaint")) == {True, False}


@pytest.mark.parametrize(
    ("received", "day"),
    [
        (datetime(2026, 3, 28, 21, 59, 59, 999999, tzinfo=UTC), "2026-03-28"),
        (datetime(2026, 3, 28, 22, tzinfo=UTC), "2026-03-29"),  # midnight in Helsinki, two hours ahead
        (datetime(2026, 3, 29, 20, 59, tzinfo=UTC), "2026-03-29"),  # the day has 23 hours
        (datetime(2026, 3, 29, 21, tzinfo=UTC), "2026-03-30"),  # midnight, now three hours ahead
    ],
)
def test_a_mail_belongs_to_the_day_of_the_calendar(database: Database, received: datetime, day: str) -> None:
    put(database, schema.mail, a_mail("a", received=received))
    period = measure.days(date(2026, 3, 28), date(2026, 3, 30), HELSINKI)
    groups = measure.measure(database, HELSINKI, NOON, period, "day")["groups"]
    counts = {group["value"]: group["mails"]["received"] for group in groups}
    assert counts == dict.fromkeys(["2026-03-28", "2026-03-29", "2026-03-30"], 0) | {day: 1}
    assert groups[1]["until"] == groups[2]["since"]


def test_steps_begin_with_the_first_mail_and_are_not_too_many(database: Database) -> None:
    put(database, schema.mail, a_mail("a", received=NOON - timedelta(days=500)), a_mail("b"))
    months = measure.measure(database, HELSINKI, NOON + HOUR, by="month")["groups"]
    assert (months[0]["value"], months[-1]["value"], len(months)) == ("2025-07", "2026-11", 17)
    with pytest.raises(UsageError, match="501 days"):
        measure.measure(database, HELSINKI, NOON + HOUR, by="day")
    with pytest.raises(UsageError, match="weather"):
        measure.measure(database, HELSINKI, NOON, by="weather")


def test_a_case_is_traced_through_its_stages(database: Database) -> None:
    follow = {"thread": "a", "verdict": "silent", "acknowledge": False}
    put(
        database,
        schema.mail,
        a_mail("a", sentiment="negative"),
        a_mail("early", received=NOON + HOUR / 4, **follow),
        a_mail("second", received=NOON + HOUR, sentiment="negative", **follow),
        a_mail("third", received=NOON + 2 * HOUR, **follow),
        a_mail("absent", received=NOON + 2.5 * HOUR, robot=True, **follow),
        a_mail("thanks", received=NOON + 4 * HOUR, sentiment="positive", **follow),
        a_mail("alone"),
    )
    counted = {"mail_id": "a", "at": NOON + HOUR / 2, "sender": "", "domain": "", "thread": "a", "subject": ""}
    put(database, schema.acknowledgement, counted)
    put(database, schema.ticket, a_ticket("a"))
    Board(database).set_status("a", TicketStatus.RESOLVED, "bob", NOON + 3 * HOUR)
    Surveys(database).record("a", SurveyKind.CSAT, 5, "", Label(), "bob", NOON + 5 * HOUR)
    Surveys(database).record("a", SurveyKind.CSAT, 4, "", Label(), "bob", NOON + 6 * HOUR)
    ((case,),) = Touchpoints(database).cases(ALWAYS).values()
    assert [(point.stage, point.sentiment, point.score) for point in case] == [
        (Stage.FIRST_MAIL, "negative", None),
        (Stage.FOLLOW_UP, "neutral", None),
        (Stage.AFTER_ACKNOWLEDGEMENT, "negative", None),
        (Stage.FOLLOW_UP, "neutral", None),
        (Stage.AFTER_RESOLUTION, "positive", None),
        (Stage.SURVEY, None, 4),
    ]
    assert Touchpoints(database).cases(Period(since=NOON + 7 * HOUR)) == {}
    for by, key in {"topic": "delivery", "owner": "bob@example.com", "complaint": False, "template": None}.items():
        assert list(Touchpoints(database).cases(ALWAYS, by)) == [key]


def test_the_migration_finds_out_what_was_not_noted_before(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    from pipeline.store import database as module

    old = Database(f"sqlite:///{tmp_path}/old.db")
    settings = Config()
    settings.set_main_option("script_location", str(Path(module.__file__).parent / "migrations"))
    with old.writing() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0005")
    mail = (
        "insert into mail (id, content_hash, thread, received, recorded, attachments, notes, rules, reasons, decision)"
    )
    at = "'2026-11-18 12:00:00.000000', '2026-11-18 12:00:00.000000', '[]', '[]', '[]'"
    event = "insert into ticket_event (ticket, at, kind, actor, detail) values ('a', '2026-11-18 1"
    with old.writing() as connection:
        for statement in (
            f"""{mail} values ('a', 'a', 'a', {at}, '[]', '{{"labelled": {{"topic": "x"}}}}')""",
            f"""{mail} values ('b', 'b', 'b', {at}, '["auto-submitted"]', '{{}}')""",
            "insert into ticket (ref, thread, status, participants, opened, changed) values "
            "('a', 'a', 'resolved', '[]', '2026-11-18 12:00:00.000000', '2026-11-18 12:00:00.000000')",
            f"{event}3:00:00.000000', 'comment', 'bob', 'looking')",
            f"{event}4:00:00.000000', 'status', 'bob', 'open → resolved')",
        ):
            connection.execute(text(statement.replace(":00", "\\:00")))
    old.upgrade()
    with old.reading() as connection:
        rows = connection.execute(select(schema.mail.c.id, schema.mail.c.robot, schema.mail.c.labelled)).all()
        ticket = connection.execute(select(schema.ticket)).one()
    assert sorted(tuple(row) for row in rows) == [("a", False, True), ("b", True, False)]
    assert (ticket.responded, ticket.resolved) == (NOON + HOUR, NOON + 2 * HOUR)
    old.close()


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) filter (where robot = 0 and complaint_sure = 1) from mail where received > ''",
        "select thread from mail where id != thread and robot = 0 and received > '' order by received desc",
        "select sentiment, sentiment_confidence from mail where thread in ('a') and robot = 0 order by received",
        "select count(*) from promise where kind in ('respond') and state in ('kept') and given > ''",
    ],
)
def test_the_rows_themselves_are_not_read(tmp_path: Path, query: str) -> None:
    database = Database(f"sqlite:///{tmp_path}/plan.db")
    database.prepare()
    with database.reading() as connection:
        plan = connection.execute(text(f"explain query plan {query}")).all()
    assert "COVERING INDEX" in plan[0].detail
    database.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", imap_port=1, smtp_port=1, username="support")


def test_an_answer_by_telephone_is_recorded_and_measured(desk: Desk) -> None:
    doors = build(load(desk.folder / "config.toml"), FakeClock(NOON))
    (judged,) = take(doors.route(Fixed(labels(complaint=True))), letter(1))
    doors.close()
    found = desk.json("survey", "record", judged.id.lower(), "--nps", "9", "--text", "they called back", "--as", "bob")
    assert (found["ticket"], found["state"], found["score"]) == (judged.id, "answered", 9)
    assert "instead of" in desk.run("survey", "record", judged.id, "--nps", "3").stdout
    assert desk.json("ticket", "show", judged.id)["events"][-1]["detail"] == "nps: 3"
    document = desk.json("metrics", "--since", "2026-11-18", "--until", "2026-11-18", "--by", "topic")
    assert document["since"] == "2026-11-18T00:00:00+00:00"
    assert document["until"] == "2026-11-19T00:00:00+00:00"
    assert document["total"]["mails"]["acknowledged"] == 1
    (group,) = document["groups"]
    assert (group["value"], group["tickets"]["opened"]) == ("delivery", 1)
    scores = desk.json("metrics")["total"]["nps"]  # the answer is from today
    assert (scores["value"], scores["of"], scores["scores"]["3"]) == (None, 1, 1)
    shown = desk.run("metrics", "--by", "complaint").stdout
    assert "too few (1)" in shown
    assert "complaint" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["survey", "record", "7K3M-9QTX"], "which question"),
        (["survey", "record", "7K3M-9QTX", "--nps", "5", "--ces", "5"], "which question"),
        (["survey", "record", "7K3M-9QTX", "--csat", "6"], "not on the scale"),
        (["survey", "record", "7K3M-9QTX", "--csat", "5"], "no such ticket"),
        (["metrics", "--by", "weather"], "--by weather"),
        (["metrics", "--since", "soon"], "soon"),
    ],
)
def test_wrong_use_is_told(desk: Desk, words: list[str], said: str) -> None:
    assert said in desk.run(*words, expect=2).stderr
