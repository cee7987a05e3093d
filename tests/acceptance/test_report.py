"""The report: what it says has changed, and what it does not; its page, its text, and its mail."""

from __future__ import annotations

import email
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from pipeline.clock import FakeClock
from pipeline.config.load import load
from pipeline.config.settings import Config
from pipeline.engine.jobs import report as mailing
from pipeline.figures import findings, formulas, report_page
from pipeline.figures.finding import ReportFinding
from pipeline.figures.findings.table import FINDINGS
from pipeline.figures.report import PeriodReport, make_report
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.wiring import live_doors as wiring_live_doors
from tests.desk import PASSWORD, Desk
from tests.samples import NOON
from tests.servers.smtp_sink import SmtpSink

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("now", "before", "comparisons", "is_risen"),
    [
        ((30, 100), (10, 100), 1, True),
        ((30, 100), (10, 100), 1000, False),  # among a thousand such a jump is no surprise
        ((12, 100), (10, 100), 1, False),
        ((10, 100), (30, 100), 1, False),  # it fell
        ((9, 9), (0, 100), 1, False),  # too few
        ((100, 100), (0, 9), 1, False),
        ((300, 1000), (200, 1000), 30, True),
        ((0, 50), (0, 50), 1, False),
    ],
)
def test_a_share_has_risen_only_when_chance_is_ruled_out(
    now: tuple[int, int], before: tuple[int, int], comparisons: int, is_risen: bool
) -> None:
    assert formulas.risen(now, before, comparisons) is is_risen


@pytest.mark.parametrize(
    ("now", "before", "is_longer"),
    [
        ([10.0 + one for one in range(20)], [5.0 + one / 10 for one in range(20)], True),
        ([5.0 + one / 10 for one in range(20)], [10.0 + one for one in range(20)], False),
        ([7.0] * 30, [7.0] * 30, False),
        ([1e9] * 9, [1.0] * 50, False),  # too few
        ([1.0] * 29 + [1e9], [1.0] * 30, False),  # a single one that took for ever
    ],
)
def test_times_are_longer_only_when_most_of_them_are(now: list[float], before: list[float], is_longer: bool) -> None:
    assert formulas.longer(now, before) is is_longer


def test_the_rank_sum_is_scipys() -> None:
    from scipy.stats import mannwhitneyu

    dice = random.Random(5)
    for factor in (1.0, 1.2, 1.5, 2.0):
        now = [factor * dice.expovariate(1) for _ in range(80)]
        before = [dice.expovariate(1) for _ in range(90)]
        p = mannwhitneyu(now, before, alternative="greater", method="asymptotic", use_continuity=False).pvalue
        assert formulas.longer(now, before) is bool(p < 0.005)


def test_chance_alone_raises_hardly_any_alarm() -> None:
    dice = random.Random(3)
    alarms = 0
    for _ in range(1000):
        now, before = (sum(dice.random() < 0.2 for _ in range(150)) for _ in range(2))
        alarms += formulas.risen((now, 150), (before, 150))
    assert alarms <= 15  # half of the one per cent is expected: only rises count


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "config.toml").write_text('[calendar]\ntimezone = "Europe/Helsinki"\n', encoding="utf-8")
    return load(tmp_path / "config.toml")


@pytest.fixture
def database(config: Config) -> Iterator[Database]:
    made = Database(config.store_url())
    made.prepare()
    yield made
    made.close()


def mails(count: int, at: datetime, topic: str, text: str = "It did not come.", **more: Any) -> list[dict[str, Any]]:
    """Rows of the ledger, evenly over the week before `at`."""
    rows = []
    for number in range(count):
        mark = f"{topic}{at:%m%d}{number}"
        rows.append(
            {
                "id": mark, "content_hash": mark, "message_id": "", "thread": mark, "ticket": "", "mailbox": "support",
                "sender": "a@example.org", "sender_name": "", "customer": "a@example.org", "subject": topic,
                "received": at - WEEK * (number + 1) / (count + 1), "recorded": at, "text": text, "language": "en",
                "attachments": [], "notes": [], "verdict": "answer", "reasons": [], "rules": [], "topic": topic,
                "topic_sure": True, "sentiment": "neutral", "complaint": False, "model": "m", "decision": {},
                "acknowledge": True, "only_recorded": False, "parked": False, "review": False, "robot": False, **more,
            }
        )  # fmt: skip
    return rows


def tickets(count: int, at: datetime, topic: str, hours: float, owner: str = "a@example.com") -> list[dict[str, Any]]:
    rows = []
    for number in range(count):
        opened = at - WEEK * (number + 1) / (count + 1)
        rows.append(
            {
                "ref": f"T{topic}{at:%m%d}{number}", "thread": "t", "status": "open", "participants": [],
                "topic": topic, "owner": owner, "opened": opened, "changed": opened,
                "responded": opened + timedelta(hours=hours * (0.5 + number / count)),
            }
        )  # fmt: skip
    return rows


def fill(database: Database, **tables: list[dict[str, Any]]) -> None:
    with database.writing() as connection:
        for name, rows in tables.items():
            connection.execute(insert(schema.metadata.tables[name]), rows)


def found(database: Database, config: Config) -> dict[str, ReportFinding]:
    return {one.kind: one for one in make_report(database, config, NOON, WEEK).findings}


def test_an_empty_ledger_gives_a_report_without_findings(database: Database, config: Config) -> None:
    made = make_report(database, config, NOON, WEEK)
    assert made.findings == ()
    assert report_page.NOTHING in report_page.render_text(made)
    assert report_page.NOTHING in report_page.render_page(made)


def test_weeks_that_are_alike_give_no_finding(database: Database, config: Config) -> None:
    for at in (NOON, NOON - WEEK):
        fill(database, mail=[*mails(60, at, "delivery"), *mails(40, at, "refund")], ticket=tickets(30, at, "refund", 4))
    assert found(database, config).keys() <= {"unprepared"}


def test_people_whom_weak_rules_silenced_are_in_the_report(database: Database, config: Config) -> None:
    silent = {"verdict": "silent", "acknowledge": False}
    fill(database, mail=mails(3, NOON, "delivery", reasons=["list-header"], quieted=True, **silent))
    fill(database, mail=mails(40, NOON, "news", reasons=["list-header"], quieted=False, **silent))
    fill(database, mail=mails(5, NOON - WEEK, "delivery", reasons=["list-header"], quieted=True, **silent))
    finding = found(database, config)["silenced"]
    assert finding.what == "3 mails read like a person's and got no answer"
    assert finding.evidence == "3 list-header"


def test_a_topic_that_grew_and_one_that_got_slow_are_named(database: Database, config: Config) -> None:
    fill(database, mail=[*mails(60, NOON - WEEK, "delivery"), *mails(40, NOON - WEEK, "refund")])
    fill(database, mail=[*mails(60, NOON, "delivery"), *mails(120, NOON, "refund")])
    fill(database, ticket=[*tickets(30, NOON - WEEK, "refund", 4), *tickets(30, NOON - WEEK, "delivery", 4)])
    fill(database, ticket=[*tickets(30, NOON, "refund", 9), *tickets(30, NOON, "delivery", 4)])
    named = found(database, config)
    assert named["growing"].about == ("refund",)
    assert named["slow"].about == ("refund",)
    assert "before" in named["slow"].evidence


def test_an_owner_who_breaks_promises_is_named_and_no_other(database: Database, config: Config) -> None:
    late, good = (
        tickets(40, NOON, "refund", 4, "late@example.com"),
        tickets(80, NOON, "delivery", 4, "good@example.com"),
    )
    given = [
        {
            "mail_id": row["ref"], "kind": "respond", "ticket": row["ref"], "given": row["opened"],
            "due": row["opened"] + timedelta(hours=4), "kept": None,
            "state": "broken" if row in late and number % 2 else "kept",
        }
        for number, row in enumerate([*late, *good])
    ]  # fmt: skip
    fill(database, ticket=[*late, *good], promise=given)
    assert found(database, config)["owner"].about == ("late@example.com",)


def test_words_that_nobody_used_before_are_named(database: Database, config: Config) -> None:
    fill(database, mail=[*mails(50, NOON - WEEK, "delivery"), *mails(50, NOON, "delivery")])
    fill(database, mail=mails(6, NOON, "other", text="Since the Blackout nothing works."))
    assert "blackout" in found(database, config)["words"].about


def test_a_promise_that_is_due_is_the_first_thing_to_do(database: Database, config: Config) -> None:
    (row,) = tickets(1, NOON, "refund", 4)
    promise = {
        "mail_id": "m", "kind": "resolve", "ticket": row["ref"], "given": row["opened"], "state": "open",
        "due": NOON - timedelta(hours=1),
    }  # fmt: skip
    fill(database, ticket=[row], promise=[promise])
    first = make_report(database, config, NOON, WEEK).findings[0]
    assert (first.kind, first.about) == ("promises", (row["ref"],))
    assert "1 overdue" in first.what


def test_every_kind_of_finding_is_in_the_table_once() -> None:
    files = {path.stem for path in Path(findings.__file__).parent.glob("*.py")} - {"__init__", "table"}
    listed = [find.__module__.rpartition(".")[2] for find in FINDINGS]
    assert sorted(listed) == sorted(files)


def made_of(*found: ReportFinding) -> PeriodReport:
    rate = {"response_rate": formulas.share(0, 0)}
    figures = {
        "mails": {"by_people": 10, "complaints": 2}, "tickets": {
            "opened": 2, "first_response": {"median_seconds": 7000, "p90_seconds": None},
            "resolution": {"median_seconds": None, "p90_seconds": None},
        },
        "promises": {"respond": {"kept": formulas.share(9, 10)}, "resolve": {"kept": formulas.share(0, 0)}},
        "nps": {**formulas.nps({}), **rate}, "ces": {**formulas.ces({}), **rate},
        "csat": {**formulas.csat({5: 20}), **rate},
        "outcome": formulas.csat({4: 20}),
        "treatment": formulas.csat({2: 20}), "ctt": formulas.trace([]),
        "automation": {
            "acknowledged": formulas.share(8, 10), "unsure": formulas.share(1, 10),
            "error": {head: {"at_least": formulas.share(0, 0)} for head in ("topic", "complaint")},
        },
    }  # fmt: skip
    groups = [{"value": "2026-11-17", **figures}]
    return PeriodReport(
        since=NOON - WEEK, until=NOON, zone="UTC", findings=found, now=figures, before=figures, days=groups,
        topics=groups, topics_before=groups,
    )  # fmt: skip


def test_nothing_from_a_mail_is_markup_on_the_page() -> None:
    hostile = "<script>alert(1)</script>"
    page = report_page.render_page(
        made_of(ReportFinding(kind="words", what=hostile, do=hostile, about=(hostile,), evidence=hostile))
    )
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )


def test_the_text_says_what_the_page_says() -> None:
    made = made_of(ReportFinding(kind="slow", what="first answers take longer", do="look", about=("refund",)))
    text, page = report_page.render_text(made), report_page.render_page(made)
    for word in ("first answers take longer", "refund", "first response, median", "117 min", "90%", "100%"):
        assert word in text
        assert word in page


@pytest.fixture
def desk(tmp_path: Path, sink: SmtpSink) -> Desk:
    return Desk(tmp_path / "desk", 1, sink.port, "support", more="[report]\nto = ['team@example.com']\n")


def test_the_report_goes_out_by_mail_as_text_with_the_page_attached(
    desk: Desk, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    doors = wiring_live_doors.build(load(desk.folder / "config.toml"), FakeClock(NOON))
    mailing.send(doors)
    (sent,) = sink.accepted
    message = email.message_from_bytes(sent.data, policy=default)
    doors.close()
    assert sent.recipients == ("team@example.com",)
    assert message["Auto-Submitted"] == "auto-generated"
    assert "THE FIGURES" in message.get_body(("plain",)).get_content()
    (page,) = message.iter_attachments()
    assert page.get_filename() == f"report-{NOON:%Y-%m-%d}.html"
    assert "<svg" not in page.get_content() or "role=" in page.get_content()


def test_the_command_writes_the_page_and_prints_text_or_json(desk: Desk) -> None:
    desk.run("report", "--out", str(desk.folder / "r.html"))
    assert (desk.folder / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "WHAT CHANGED" in desk.run("report").stdout
    document = json.loads(desk.run("report", "--json", "--days", "30").stdout)
    assert {"since", "until", "zone", "findings", "now", "before", "days", "topics"} <= set(document)
