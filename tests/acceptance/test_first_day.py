"""The first days of a shop: sixty-four mails from Monday 8:00 to Wednesday 18:00, on real servers, with a fake clock.

Who was written to, when, with what; whether each letter was true; whether staff knew; and what the report says of it.
The mails are in tests/first_day/mails.py, what letters assert in facts.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.figures import measure
from pipeline.figures.report import make_report
from pipeline.records.ticket import TicketStatus
from pipeline.store import schema
from pipeline.store.metrics import Period
from tests.first_day.day import END, MONDAY, OFFICE, FirstDay, open_shop
from tests.first_day.mails import MAILS, DayMail, Kind
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

FIRST = [mail for mail in MAILS if mail.kind not in (Kind.ROBOT, Kind.FOLLOW_UP)]
BY_NAME = {mail.name: mail for mail in FIRST}
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def day(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    with SmtpSink() as sink:
        made = open_shop(tmp_path_factory.mktemp("shop") / "desk", dovecot, sink)
        waiting = list(MAILS)
        for at, work in ((at, work) for at, work in sorted(STAFF, key=lambda one: one[0])):
            while waiting and made.at(*waiting[0].at) < made.at(*at):
                _comes(made, waiting.pop(0))
            made.goes_on(made.at(*at))
            made.clock.at = made.at(*at)
            work(made)
        for mail in waiting:
            _comes(made, mail)
        made.goes_on(END)
        yield made
        made.doors.close()
        made.box.logout()


def _comes(day: FirstDay, mail: DayMail) -> None:
    day.goes_on(day.at(*mail.at))
    day.comes(mail)


def _resolve(day: FirstDay) -> None:
    day.doors.board.set_status(day.refs["stefan"], TicketStatus.RESOLVED, "anna", day.clock.now())


# What people did meanwhile: of all others nobody took care.
STAFF: tuple[tuple[tuple[int, int, int], Any], ...] = (
    ((0, 9, 40), lambda day: day.says(BY_NAME["rachel"], "A new vase leaves today, well packed.")),
    ((0, 10, 10), lambda day: day.answers_from_mail_program(BY_NAME["agnes"], "Your parcel comes tomorrow.")),
    ((0, 10, 50), lambda day: day.says(BY_NAME["stefan"], "Die blaue Jacke geht heute noch ab.")),
    ((0, 15, 30), _resolve),
    ((1, 9, 15), lambda day: day.says(BY_NAME["yvonne"], "I am sorry. I have spoken with my colleague.")),
)


def rows(day: FirstDay, table: Any) -> list[Any]:
    with day.doors.database.reading() as connection:
        return list(connection.execute(select(table)))


def judged(day: FirstDay) -> dict[str, Any]:
    by_id = {row.id: row for row in rows(day, schema.mail)}
    return {name: by_id[ref] for name, ref in day.refs.items()}


# --- who was written to, when, with what ------------------------------------------------------------------------------


def test_everybody_who_wrote_has_an_answer_within_the_minute_and_no_machine_has(day: FirstDay) -> None:
    for mail in FIRST:
        first = day.letters_to(mail)[0]
        assert timedelta(0) <= first.at - day.at(*mail.at) <= MINUTE, mail.name
        assert day.refs[mail.name] in first.message["Subject"], mail.name
    for mail in MAILS:
        if mail.kind is Kind.ROBOT:
            assert day.letters_to(mail) == []


def test_who_writes_again_gets_no_second_acknowledgement_but_news_when_they_ask(day: FirstDay) -> None:
    again = {mail.name: day.at(*mail.at) for mail in MAILS if mail.kind is Kind.FOLLOW_UP}
    at_once = {
        name: [one.message["Subject"].split(" [")[0] for one in day.letters_to(BY_NAME[name]) if _soon(one.at, at)]
        for name, at in again.items()
    }
    assert at_once == {"agnes": [], "rachel": ["Where it stands"], "mona": [], "ursula": []}


def _soon(sent: datetime, at: datetime) -> bool:
    return at <= sent <= at + MINUTE


def test_most_letters_are_about_the_matter_and_each_sure_complaint_has_its_apology(day: FirstDay) -> None:
    """With the configuration as it is shipped: at least 60 % of the letters."""
    said = judged(day)
    topical = [
        mail.name
        for mail in FIRST
        if said[mail.name].topic_sure or (said[mail.name].complaint_sure is True and said[mail.name].complaint)
    ]
    assert len(topical) >= 0.6 * len(FIRST), f"{len(topical)} of {len(FIRST)}"


def test_nothing_in_any_letter_was_untrue_when_it_went_out(day: FirstDay) -> None:
    letters = [one for one in day.sent if one.is_letter]
    assert len(letters) > len(FIRST)
    assert not day.untrue, "\n".join(day.untrue)


# --- staff ------------------------------------------------------------------------------------------------------------


def test_every_complaint_was_known_to_somebody_of_us_within_a_minute(day: FirstDay) -> None:
    tickets = [row for row in rows(day, schema.ticket) if row.complaint or row.to_check]
    assert len(tickets) >= 15
    told = {row.ticket: row.at for row in rows(day, schema.ticket_event) if row.kind == "staff"}
    for ticket in tickets:
        assert told[ticket.ref] - ticket.opened <= MINUTE, ticket.subject
        (mail, *_) = [
            one for one in day.sent if not one.is_letter and ticket.ref in one.text and "complaint" in one.text
        ]
        assert mail.at - ticket.opened <= MINUTE


def test_the_second_promise_that_was_missed_was_told_to_the_boss(day: FirstDay) -> None:
    told = " ".join(one.text for one in day.sent if one.recipient == "boss@example.com")
    assert day.refs["ursula"] in told  # nobody ever answered her
    assert day.refs["stefan"] not in told  # he had his answer, and it was solved the same day


# --- promises and figures, counted by hand ----------------------------------------------------------------------------


def test_what_people_did_kept_their_promises_and_nothing_else_did(day: FirstDay) -> None:
    kept = {row.mail_id for row in rows(day, schema.promise) if row.kind == "respond" and row.state == "kept"}
    assert kept == {day.refs[name] for name in ("rachel", "agnes", "stefan", "yvonne")}


def test_the_metrics_are_what_was_counted_by_hand(day: FirstDay) -> None:
    now = day.clock.now()
    total = measure.measure(day.doors.database, OFFICE, now, Period(since=MONDAY, until=now))["total"]
    written_to = {one.recipient for one in day.sent if one.is_letter}
    mails = total["mails"]
    assert (mails["received"], mails["by_people"]) == (64, 64 - 8)
    assert (mails["acknowledged"], mails["silent"]) == (len(written_to), 64 - len(written_to)) == (52, 12)
    assert (mails["parked"], mails["limited"], mails["recorded"]) == (0, 0, 0)
    assert total["tickets"]["opened"] == len(rows(day, schema.ticket))
    promises = [row for row in rows(day, schema.promise) if row.kind == "respond"]
    states = Counter(row.state for row in promises)
    missed = states["broken"] + states["renewed"]
    respond = total["promises"]["respond"]
    assert (respond["given"], respond["open"]) == (len(promises), states["open"])
    assert (respond["kept"]["count"], respond["kept"]["of"]) == (4, 4 + missed)


def test_the_report_begins_with_what_is_late_and_says_nothing_that_is_not_so(day: FirstDay) -> None:
    report = make_report(day.doors.database, day.doors.config, day.clock.now(), timedelta(days=7))
    soon = day.clock.now() + timedelta(days=1)
    at_risk = {row.ticket or row.mail_id for row in rows(day, schema.promise) if row.state == "open" and row.due < soon}
    kinds = [one.kind for one in report.findings]
    assert kinds[0] == "promises"
    named = {ref for ref in report.findings[0].about if not ref.startswith("and ")}
    assert named
    assert named <= at_risk
    assert report.findings[0].what.startswith(f"{len(at_risk)} customer")
    said = judged(day)
    unsure = sum(not row.topic_sure for row in said.values() if row.topic is not None and not row.robot)
    (found,) = (one for one in report.findings if one.kind == "unsure")
    assert f": {unsure} of " in found.what
    assert "growing" not in kinds  # there is nothing to compare the first days with
    assert "rising" not in kinds
