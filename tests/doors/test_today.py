"""The queue of what needs a person, whole: roles, words, the clock, and what is no case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk import today
from pipeline.errors import UsageError
from pipeline.records.today import CONCERNS, TodayFilter, TodayKind, TodayPlace
from pipeline.replies.letters import KEPT
from pipeline.wiring.live_doors import LiveDoors, build
from tests.agenda_rows import cases, effect, fill, mail, promise
from tests.desk import ROOT, checked_templates
from tests.learned import KEY
from tests.samples import NOON, table

HOUR = timedelta(hours=1)
ALL = TodayFilter()


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/key").write_bytes(KEY)
    (tmp_path / KEPT).write_bytes(checked_templates())
    document = table(
        replies={"templates": str(ROOT / "templates"), "company": "Example Ltd"},
        calendar={"timezone": "Europe/Helsinki", "hours": "Mon-Fri 09:00-17:00"},
    )
    made = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    yield made
    made.close()


def kinds(doors: LiveDoors, role: str) -> list[str]:
    return [item.kind.value for item in today.page(doors, role, ALL).items]


def test_each_role_sees_what_concerns_it(doors: LiveDoors) -> None:
    cases(doors.database, late={"status": "waiting"}, open={})
    fill(
        doors.database,
        promise=[promise("late", NOON - HOUR)],
        mail=[mail("parked", parked=True), mail("unsure", review=True), mail("bounced")],
        effect=[effect("bounced")],
    )
    assert kinds(doors, "agent") == ["overdue", "letter", "parked", "case", "unsure"]
    assert kinds(doors, "data") == ["unsure"]
    machine = ["machine"] * 2  # no model, and no mailbox has had a pass
    assert kinds(doors, "lead") == ["overdue", *machine, "letter"]
    assert kinds(doors, "admin") == ["overdue", *machine, "letter", "parked", "case", "unsure"]


def test_the_numbers_are_those_of_the_role_and_of_the_page(doors: LiveDoors) -> None:
    cases(doors.database, late={"status": "waiting"})
    fill(doors.database, promise=[promise("late", NOON - HOUR)])
    counts = today.counts(doors, "lead", TodayFilter(kinds=(TodayKind.LETTER,)))
    assert tuple(counts) == tuple(kind for kind in TodayKind if kind in CONCERNS["lead"])
    for kind, count in counts.items():
        assert count.number == len(today.page(doors, "lead", TodayFilter(kinds=(kind,))).items)


def test_pages_go_on_over_what_is_no_case(doors: LiveDoors) -> None:
    cases(doors.database, late={"status": "waiting"}, open={})
    fill(doors.database, promise=[promise("late", NOON - HOUR)])
    found: list[str] = []
    page = today.page(doors, "admin", ALL, size=1)
    while page.after:
        found += [item.ref for item in page.items]
        page = today.page(doors, "admin", ALL, size=1, after=TodayPlace.of_text(page.after.as_text()))
    found += [item.ref for item in page.items]
    assert found == [item.ref for item in today.page(doors, "admin", ALL).items]
    assert len(found) == 4


def test_it_says_why_in_words_and_how_much_working_time_is_left(doors: LiveDoors) -> None:
    cases(doors.database, late={"status": "waiting", "complaint": True, "warned": NOON}, soon={})
    fill(doors.database, promise=[promise("late", NOON - 20 * HOUR), promise("soon", NOON + HOUR, "resolve")])
    late, soon = today.page(doors, "agent", ALL).items
    assert late.why == (
        "The customer was promised an answer, and the time is over.",
        "The customer of this complaint does not answer us: close it, or write again.",
    )
    assert late.left == -timedelta(hours=5)  # 18:00 on Tuesday to 14:00 on Wednesday, in Helsinki
    assert soon.left == HOUR
    assert soon.why == ("The customer is promised a solution, and it is due soon.",)
    assert today.item_of(doors, "late") == late
    assert today.item_of(doors, "none") is None


def test_every_reason_has_its_words() -> None:
    assert {word.partition(".")[0] for word in today.WORDS} == {kind.value for kind in CONCERNS["agent"]}


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 18, 7, 0, tzinfo=UTC), datetime(2026, 11, 18, 22, 0, tzinfo=UTC)),  # Wednesday, 9 o'clock
        (
            datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
            datetime(2026, 11, 23, 7, 30, tzinfo=UTC),
        ),  # Friday, half past four
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),  # Saturday
    ],
)
def test_due_is_what_ends_today_or_within_an_hour_of_working_time(
    doors: LiveDoors, now: datetime, until: datetime
) -> None:
    doors.clock = FakeClock(now)
    assert today.span_of(doors).until == until


def test_mine_is_what_the_viewer_has(doors: LiveDoors) -> None:
    cases(doors.database, a={"owner": "Anna@Example.com"}, b={"owner": "bob@example.com"}, c={})
    wanted = TodayFilter(owner="mine")
    assert [one.ref for one in today.page(doors, "agent", wanted, viewer="anna@example.com").items] == ["a"]
    assert [one.ref for one in today.page(doors, "agent", TodayFilter(owner="nobody")).items] == ["c"]
    with pytest.raises(UsageError, match="whose"):
        today.page(doors, "agent", wanted)


def test_a_filter_by_what_only_cases_have_leaves_the_machine_out(doors: LiveDoors) -> None:
    assert today.page(doors, "admin", TodayFilter(topic="delivery")).items == ()
    assert today.page(doors, "admin", ALL).items != ()


def test_a_broken_template_stands_in_the_queue(doors: LiveDoors) -> None:
    doors.letters = SimpleNamespace(problems={"en/neutral.txt": "there is no variable 'naem'"})  # type: ignore[assignment]
    (item,) = today.page(doors, "lead", TodayFilter(kinds=(TodayKind.TEMPLATE,))).items
    assert item.ref == "en/neutral.txt"
    assert item.why == ("there is no variable 'naem': correct it; its last good version serves meanwhile",)


@pytest.mark.parametrize(("role", "size"), [("boss", 50), ("agent", 0), ("agent", 501)])
def test_wrong_use_is_told(doors: LiveDoors, role: str, size: int) -> None:
    with pytest.raises(UsageError, match=r"role|page"):
        today.page(doors, role, ALL, size=size)


# --- what stands in a URL ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        ALL,
        TodayFilter(kinds=(TodayKind.OVERDUE, TodayKind.PARKED), topic="a&b=c", owner="mine"),
        TodayFilter(text='<script>alert("ä")</script>', mailbox="support", language="fi"),
    ],
)
def test_a_filter_reads_what_it_wrote(wanted: TodayFilter) -> None:
    assert TodayFilter.of_query(wanted.as_query()) == wanted


def test_of_a_query_only_what_is_known_counts() -> None:
    assert TodayFilter.of_query("next=//evil.example&kind=due&kind=due&topic=x") == TodayFilter(
        kinds=(TodayKind.DUE,), topic="x"
    )
    with pytest.raises(UsageError, match="no kind"):
        TodayFilter.of_query("kind=everything")


@pytest.mark.parametrize("text", ["", "1", "99.20261118T120000000000.x", "x.y.z", "1.2026.z", "-1.9.z"])
def test_a_place_that_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="no place"):
        TodayPlace.of_text(text)
