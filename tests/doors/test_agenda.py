"""What needs a person, as the store knows it: order, filters, pages and numbers, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from pipeline.errors import NotFoundError, UsageError
from pipeline.records.today import IN_THE_STORE, SavedView, TodayCount, TodayFilter, TodayKind, TodayPlace
from pipeline.store import agenda as module
from pipeline.store.agenda import Agenda, Span
from pipeline.store.database import Database
from pipeline.store.views import MOST, SavedViews
from tests.agenda_rows import cases, effect, fill, mail, promise, ticket
from tests.samples import NOON

HOUR = timedelta(hours=1)
SPAN = Span(now=NOON, until=NOON + 10 * HOUR)
EVERYTHING = TodayFilter()


def refs(database: Database, *kinds: TodayKind, **wanted: Any) -> list[str]:
    found = Agenda(database).page(kinds or IN_THE_STORE, TodayFilter(**wanted), SPAN, None, 100)
    return [one.ref for one in found]


def reasons(database: Database, ref: str) -> list[str]:
    return [one.kind.value for one in Agenda(database).of([ref], SPAN)[ref].reasons]


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("overdue", {"ticket": [ticket("X", status="waiting")], "promise": [promise("X", NOON - HOUR)]}),
        ("overdue", {"promise": [promise("X", NOON - HOUR, ticket="", state="broken")]}),
        ("due", {"ticket": [ticket("X", status="waiting")], "promise": [promise("X", NOON + 9 * HOUR)]}),
        ("urgent", {"ticket": [ticket("X", status="waiting", responded=None, priority="urgent")]}),
        ("complaint", {"ticket": [ticket("X", status="waiting", responded=None, complaint=True)]}),
        ("check", {"ticket": [ticket("X", status="waiting", to_check=True)]}),
        ("quiet", {"ticket": [ticket("X", status="waiting", complaint=True, warned=NOON)]}),
        ("case", {"ticket": [ticket("X")]}),
        ("letter", {"effect": [effect("X", state="uncertain")]}),
        ("letter", {"effect": [effect("X", "notify")]}),
        ("filing", {"effect": [effect("X", "file", ticket="X")]}),
        ("filing", {"effect": [effect("X", "mark")]}),
        ("parked", {"mail": [mail("X", parked=True)]}),
        ("unsure", {"mail": [mail("X", review=True)]}),
    ],
)
def test_each_kind_is_seen(database: Database, kind: str, rows: dict[str, Any]) -> None:
    fill(database, **{"mail": [mail("X")], **rows})
    assert refs(database) == ["X"]
    assert reasons(database, "X") == [kind]
    counts = Agenda(database).counts(IN_THE_STORE, EVERYTHING, SPAN)
    assert {name.value: one.number for name, one in counts.items() if one.number} == {kind: 1}


@pytest.mark.parametrize(
    "rows",
    [
        {"ticket": [ticket("X", status="waiting")], "promise": [promise("X", NOON + 11 * HOUR)]},
        {"ticket": [ticket("X", status="waiting")], "promise": [promise("X", NOON - HOUR, state="held")]},
        {"ticket": [ticket("X", status="waiting")], "promise": [promise("X", NOON - HOUR, state="broken", kept=NOON)]},
        {"ticket": [ticket("X", status="closed")], "promise": [promise("X", NOON - HOUR, state="broken")]},
        {"ticket": [ticket("X", status="resolved", complaint=True, responded=None, to_check=True)]},
        {"ticket": [ticket("X", status="waiting", warned=NOON)]},
        {"ticket": [ticket("X", status="waiting", complaint=True)]},
        {"effect": [effect("X", state="waiting")]},
        {"effect": [effect("X", "file", state="uncertain", ticket="X")]},
    ],
)
def test_what_waits_for_nobody_is_not_there(database: Database, rows: dict[str, Any]) -> None:
    fill(database, **{"mail": [mail("X")], **rows})
    assert refs(database) == []
    assert not any(one.number for one in Agenda(database).counts(IN_THE_STORE, EVERYTHING, SPAN).values())


def busy(database: Database) -> None:
    """One of each kind, and cases with several reasons."""
    cases(
        database,
        late={"status": "waiting"},
        later={"complaint": True, "responded": None, "priority": "urgent"},
        soon={},
        furious={"complaint": True, "responded": None, "priority": "urgent", "language": "fi"},
        complaint={"complaint": True, "responded": None, "owner": "Anna@example.com"},
        older={"complaint": True, "responded": None, "opened": NOON - timedelta(days=3)},
        perhaps={"to_check": True, "responded": None, "topic": "billing"},
        calm={"owner": "bob@example.com"},
        over={"status": "closed"},
    )
    fill(
        database,
        promise=[
            promise("late", NOON - HOUR),
            promise("later", NOON - 2 * HOUR),
            promise("later", NOON + HOUR, "resolve"),
            promise("soon", NOON + HOUR),
        ],
        mail=[
            mail("parked", parked=True, mailbox="sales", subject="100% <b>new</b>"),
            mail("unsure", review=True, topic=None),
            mail("same", review=True, ticket="calm"),
            mail("known", review=True, ticket="over"),
            mail("bounced", ticket=""),
        ],
        effect=[effect("bounced"), effect("complaint", "notify"), effect("same", state="uncertain")],
    )


ORDER = ["later", "late", "furious", "soon", "older", "complaint", "bounced", "calm", "parked", "perhaps"]


def test_the_most_urgent_stands_first_and_each_case_once(database: Database) -> None:
    busy(database)
    assert refs(database) == [*ORDER, "over", "unsure"]
    assert reasons(database, "later") == ["overdue", "urgent", "due", "case"]
    assert reasons(database, "calm") == ["letter", "case", "unsure"]


def test_what_is_due_at_the_same_time_begins_with_complaints(database: Database) -> None:
    due = NOON + HOUR
    complaint, question = {"complaint": True, "status": "waiting"}, {"status": "waiting"}
    cases(database, A=question, B=complaint, C=question, D=complaint)
    fill(database, mail=[mail("E")], promise=[promise(ref, due) for ref in "ABCD"] + [promise("E", due, ticket="")])
    assert refs(database, TodayKind.DUE) == ["B", "D", "A", "C", "E"]
    whole, place = list[str](), None
    while page := Agenda(database).page([TodayKind.DUE], EVERYTHING, SPAN, place, 1):
        whole += [one.ref for one in page]
        place = TodayPlace.of_text(page[-1].place.as_text())
    assert whole == ["B", "D", "A", "C", "E"]


def test_pages_of_any_size_are_the_same_queue(database: Database) -> None:
    busy(database)
    for size in (1, 2, 3, 5):
        found: list[str] = []
        place: TodayPlace | None = None
        while page := Agenda(database).page(IN_THE_STORE, EVERYTHING, SPAN, place, size):
            assert len(page) <= size
            found += [one.ref for one in page]
            place = TodayPlace.of_text(page[-1].place.as_text())
        assert found == [*ORDER, "over", "unsure"]


def test_every_number_is_that_of_the_cases_behind_it(database: Database) -> None:
    busy(database)
    for wanted in (EVERYTHING, TodayFilter(topic="delivery"), TodayFilter(owner="nobody"), TodayFilter(text="about")):
        for kind, count in Agenda(database).counts(IN_THE_STORE, wanted, SPAN).items():
            behind = Agenda(database).page([kind], wanted, SPAN, None, 100)
            assert len(behind) == count.number, (kind, wanted)
            assert not count.more


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"topic": "billing"}, ["perhaps"]),
        ({"language": "fi"}, ["furious"]),
        ({"owner": "anna@example.com"}, ["complaint"]),
        ({"mailbox": "sales"}, ["parked"]),
        ({"text": "100%"}, ["parked"]),
        ({"text": "<B>"}, ["parked"]),
        ({"text": "EVE@EXAMPLE", "topic": "billing"}, ["perhaps"]),
        ({"text": "furi"}, ["furious"]),
        ({"text": "';--"}, []),
        ({"text": "_"}, []),
        ({"mailbox": "support", "owner": "bob@example.com"}, ["calm"]),
    ],
)
def test_a_filter_leaves_out_what_it_says(database: Database, wanted: dict[str, str], expected: list[str]) -> None:
    busy(database)
    assert refs(database, **wanted) == expected


def test_where_only_some_kinds_are_asked_for_they_make_the_order(database: Database) -> None:
    busy(database)
    assert refs(database, TodayKind.URGENT) == ["furious", "later"]
    assert refs(database, TodayKind.UNSURE) == ["calm", "over", "unsure"]
    assert refs(database, TodayKind.CASE, TodayKind.DUE) == [
        "later",
        "soon",
        "older",
        "complaint",
        "furious",
        "calm",
        "perhaps",
    ]


def test_of_many_it_is_said_that_there_are_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COUNTED", 2)
    fill(database, mail=[mail(f"m{n}", review=True) for n in range(4)])
    counts = Agenda(database).counts([TodayKind.UNSURE], EVERYTHING, SPAN)
    assert counts == {TodayKind.UNSURE: TodayCount(number=3, more=True)}


def test_a_page_is_full_though_many_rows_stand_higher_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK", 2)
    fill(database, mail=[mail(f"m{n}", review=True, ticket="T", received=NOON - n * HOUR) for n in range(9)])
    fill(database, mail=[mail("last", review=True, received=NOON)])
    assert refs(database, TodayKind.UNSURE) == ["T", "last"]


@pytest.mark.parametrize("kind", ["overdue", "urgent", "complaint", "letter", "parked", "unsure"])
def test_no_question_reads_all_of_a_table(database: Database, kind: str) -> None:
    """By what the database says it would do. PostgreSQL reads a small table as a whole unless it is told not to."""
    busy(database)
    with plans_of(database) as plans:
        Agenda(database).page([TodayKind(kind)], EVERYTHING, SPAN, None, 5)
        Agenda(database).counts([TodayKind(kind)], EVERYTHING, SPAN)
    assert len(plans) >= 5
    reading_all = re.compile(r"Seq Scan|^SCAN (?!.*INDEX|anon)")
    assert [line for line in plans if reading_all.search(line)] == []


@contextmanager
def plans_of(database: Database) -> Iterator[list[str]]:
    """How each question is going to be answered."""
    plans: list[str] = []
    explain = "explain query plan" if database.is_sqlite else "explain"
    dearly = "select 1" if database.is_sqlite else "set enable_seqscan = off"

    def look(connection: Any, _cursor: Any, statement: str, values: Any, context: Any, _many: Any) -> None:
        if statement.startswith("SELECT"):
            cursor = connection.connection.cursor()
            cursor.execute(dearly)
            cursor.execute(f"{explain} {statement}", values)
            plans.extend(str(row[-1]) for row in cursor.fetchall())
            cursor.close()

    event.listen(database.engine, "before_cursor_execute", look)
    yield plans
    event.remove(database.engine, "before_cursor_execute", look)


# --- views ------------------------------------------------------------------------------------------------------------


def test_everybody_has_views_of_their_own(database: Database) -> None:
    views, mine = SavedViews(database), SavedView(name="late", query="kind=overdue")
    views.save("anna@example.com", mine, NOON)
    views.save("anna@example.com", SavedView(name="late", query="kind=due"), NOON)
    views.save("anna@example.com", SavedView(name=" a  b ", query=""), NOON)
    assert [(one.name, one.query) for one in views.of("anna@example.com")] == [("a b", ""), ("late", "kind=due")]
    assert views.of("bob@example.com") == []
    with pytest.raises(NotFoundError):
        views.forget("bob@example.com", "late")
    views.forget("anna@example.com", "late")
    assert [one.name for one in views.of("anna@example.com")] == ["a b"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_name_that_can_be_read(database: Database, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        SavedViews(database).save("anna", SavedView(name=name, query=""), NOON)


def test_nobody_saves_views_without_end(database: Database) -> None:
    views = SavedViews(database)
    for number in range(MOST):
        views.save("anna", SavedView(name=str(number), query=""), NOON)
    with pytest.raises(UsageError, match="already"):
        views.save("anna", SavedView(name="one more", query=""), NOON)
    views.save("anna", SavedView(name="7", query="kind=due"), NOON)
