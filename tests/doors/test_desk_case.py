"""The page of a case: the conversation, each action once, two people, and hostile mail in each place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import deeds
from pipeline.records.account import DeskRole
from pipeline.records.presence import Doing
from pipeline.records.ticket import Priority, TicketStatus
from pipeline.store.audit import AuditFilter
from pipeline.wiring.live_doors import LiveDoors
from tests.agenda_rows import cases, effect, fill, mail
from tests.desk_cast import CAST, browser_of, hire
from tests.samples import NOON
from tests.web_doors import COMPLAINT, complained, text_of, web_doors

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
AGENT, LEAD = CAST[DeskRole.AGENT], CAST[DeskRole.LEAD]
PARKED = "7K3M-9QTX"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    grants = {"voucher": {"title": {"en": f"a voucher {HOSTILE}"}, "per_customer": "1 per 365d"}}
    parcel = {"title": {"en": "Your parcel"}, "may_grant": ["voucher"], "checklist": ["find it", HOSTILE]}
    made = web_doors(tmp_path, grants=grants, topics={"parcel": parcel, "invoice": {}})
    hire(made)
    fill(made.database, mail=[mail(PARKED, parked=True, subject=HOSTILE, verdict="park", error=HOSTILE)])
    yield made
    made.close()


@pytest.fixture
def ref(doors: LiveDoors) -> str:
    return complained(doors, text=f"{COMPLAINT}\n\n{HOSTILE}", subject=HOSTILE, name=HOSTILE)


def page_of(doors: LiveDoors, ref: str, role: DeskRole = DeskRole.AGENT) -> str:
    answer = browser_of(doors, role).get(f"/desk/case/{ref}")
    assert answer.status_code == 200
    return str(answer.text)


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def test_the_page_tells_the_conversation_and_why(doors: LiveDoors, ref: str) -> None:
    deeds.note(doors, ref, "She is right.", LEAD)
    text = text_of(page_of(doors, ref))
    for part in (
        "I am angry",
        "She is right.",
        "Lea Lead",
        "an answer:",
        "Topic: Your parcel",
        "because of",
        "sent",
        "find it",
    ):
        assert part in text, part
    assert "Received [" in text


def test_hostile_words_stay_words_wherever_they_stand(doors: LiveDoors, ref: str) -> None:
    deeds.note(doors, ref, HOSTILE, AGENT)
    doors.board.assign(ref, HOSTILE, HOSTILE, NOON)
    for place in (ref, PARKED):
        for role in DeskRole:
            page = page_of(doors, place, role)
            assert "<script>alert" not in page
            assert "<img" not in page
            assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("action", "fields", "kind", "subject"),
    [
        ("note", {"text": "I call her."}, "note", ""),
        ("assign", {"owner": LEAD}, "assign", LEAD),
        ("status", {"status": "resolved"}, "set-status", "resolved"),
        ("priority", {"priority": "urgent"}, "set-priority", "urgent"),
        ("close-silently", {}, "close-silently", "closed, silently"),
        ("grant", {"name": "voucher"}, "give-grant", "voucher"),
        ("label", {"complaint": "no"}, "change-label", "complaint: False"),
    ],
)
def test_each_action_is_done_and_in_the_audit_log(
    doors: LiveDoors, ref: str, action: str, fields: dict[str, str], kind: str, subject: str
) -> None:
    browser: Any = browser_of(doors, DeskRole.AGENT)
    answer = browser.submit(f"/desk/case/{ref}/{action}", seen=seen_in(page_of(doors, ref)), **fields)
    assert answer.status_code == 303
    assert answer.headers["location"].partition("?")[0] == f"/desk/case/{ref}"
    (entry,) = doors.audit.find(AuditFilter(action=kind), limit=9)
    assert (entry.account, entry.subject, entry.outcome) == (AGENT, ref, "done")
    assert subject in str(entry.after["is"])
    assert [one.actor for one in doors.board.show(ref).events][-1] == AGENT


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("assign", {"owner": LEAD}),
        ("status", {"status": "closed"}),
        ("priority", {"priority": "low"}),
        ("close-silently", {}),
    ],
)
def test_a_click_undoes_it(doors: LiveDoors, ref: str, action: str, fields: dict[str, str]) -> None:
    before = doors.board.show(ref)
    browser: Any = browser_of(doors, DeskRole.AGENT)
    where = browser.submit(f"/desk/case/{ref}/{action}", **fields).headers["location"]
    page = browser.get(where).text
    done = re.search(r'name="done" value="([^"]+)"', page)
    assert done
    assert "1 was done." in text_of(page)
    answer = browser.submit("/desk/today/undo", done=done[1], case=ref)
    assert answer.headers["location"] == f"/desk/case/{ref}"
    after = doors.board.show(ref)
    assert (after.owner, after.status, after.priority) == (before.owner, before.status, before.priority)


def test_not_a_complaint_is_one_call_and_teaches(doors: LiveDoors, ref: str) -> None:
    browser: Any = browser_of(doors, DeskRole.DATA)
    assert 'data-key="!"' in page_of(doors, ref, DeskRole.DATA)
    browser.submit(f"/desk/case/{ref}/label", complaint="no")
    ticket = doors.board.show(ref)
    assert (ticket.complaint, ticket.to_check) == (False, False)
    assert doors.reading.mail(ref).labelled
    assert "said by Dora Data" in text_of(page_of(doors, ref))


def test_what_somebody_did_meanwhile_is_shown_and_nothing_overwritten(doors: LiveDoors, ref: str) -> None:
    seen = seen_in(page_of(doors, ref))
    deeds.assign(doors, ref, LEAD, LEAD)
    browser: Any = browser_of(doors, DeskRole.AGENT)
    answer = browser.submit(f"/desk/case/{ref}/assign", owner=AGENT, seen=seen)
    assert answer.status_code == 409
    assert "Lea Lead" in text_of(answer.text)
    assert doors.board.show(ref).owner == LEAD
    (entry,) = doors.audit.find(AuditFilter(action="assign"), limit=9)
    assert entry.outcome == "refused"


def test_two_see_each_other(doors: LiveDoors, ref: str) -> None:
    page_of(doors, ref, DeskRole.LEAD)
    assert "Lea Lead has this case open." in text_of(page_of(doors, ref))
    lead = browser_of(doors, DeskRole.LEAD).get(f"/desk/case/{ref}/events?doing=writes").json()
    assert lead["others"] == [{"name": "Anna Agent", "doing": "looks"}]
    assert "Lea Lead is writing here." in text_of(page_of(doors, ref))
    assert str(lead["mark"]) == seen_in(page_of(doors, ref))
    assert [one.doing for one in doors.presence.of(ref, NOON, but=AGENT)] == [Doing.WRITES]


def test_a_parked_mail_is_released_or_discarded_from_its_page(doors: LiveDoors, ref: str) -> None:
    page = page_of(doors, PARKED)
    assert "Release it" in page
    assert "/note" not in page
    browser: Any = browser_of(doors, DeskRole.AGENT)
    assert browser.submit(f"/desk/case/{PARKED}/discard").status_code == 303
    assert not doors.reading.mail(PARKED).parked
    assert browser.submit(f"/desk/case/{PARKED}/discard").status_code == 422


def test_two_cases_are_joined_and_a_mail_is_split_off(doors: LiveDoors, ref: str) -> None:
    other = complained(doors, number=2)
    browser: Any = browser_of(doors, DeskRole.AGENT)
    assert browser.submit(f"/desk/case/{ref}/join", other=f" {other.lower()} ").status_code == 303
    page = page_of(doors, ref)
    assert f'id="mail-{other}"' in page
    assert browser.get(f"/desk/case/{other}").status_code == 200
    answer = browser.submit(f"/desk/case/{ref}/split", mail=other, seen=seen_in(page))
    assert answer.headers["location"] == f"/desk/case/{other}"
    assert doors.board.show(other).status is TicketStatus.OPEN


def test_a_mail_of_a_case_leads_to_the_case(doors: LiveDoors) -> None:
    cases(doors.database, **{"8M2P-4RSV": {}})
    fill(doors.database, mail=[mail("9N3Q-5TVW", ticket="8M2P-4RSV")])
    answer = browser_of(doors, DeskRole.AGENT).get("/desk/case/9N3Q-5TVW")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/case/8M2P-4RSV")


@pytest.mark.parametrize("name", ["nothing", "AAAA-AAAA", "..%2f..%2fetc%2fpasswd", "7K3M-9QTX%00"])
def test_what_is_not_there_is_told(doors: LiveDoors, name: str) -> None:
    assert browser_of(doors, DeskRole.AGENT).get(f"/desk/case/{name}").status_code in (404, 405)
    browser: Any = browser_of(doors, DeskRole.AGENT)
    assert browser.submit(f"/desk/case/{name}/assign", owner=AGENT).status_code in (404, 405)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("note", {}),
        ("status", {"status": "gone"}),
        ("priority", {"priority": "huge"}),
        ("grant", {"name": "none"}),
        ("label", {}),
        ("label", {"complaint": "perhaps"}),
        ("label", {"topic": "none"}),
    ],
)
def test_what_can_not_be_is_told_and_nothing_is_changed(
    doors: LiveDoors, ref: str, action: str, fields: dict[str, str]
) -> None:
    before = doors.board.show(ref)
    browser: Any = browser_of(doors, DeskRole.AGENT)
    assert browser.submit(f"/desk/case/{ref}/{action}", **fields).status_code == 422
    assert doors.board.show(ref) == before
    assert before.priority is not Priority.URGENT


def test_a_mail_without_a_case_is_labelled_answered_and_made_one(doors: LiveDoors) -> None:
    fill(doors.database, mail=[mail("8M2P-4RSV", review=True, subject=HOSTILE)])
    browser: Any = browser_of(doors, DeskRole.AGENT)
    page = page_of(doors, "8M2P-4RSV")
    assert "The machine was unsure of this mail." in page
    answer = browser.submit("/desk/case/8M2P-4RSV/label", mail="8M2P-4RSV", topic="parcel", complaint="yes")
    assert answer.status_code == 303
    assert not doors.reading.mail("8M2P-4RSV").review
    assert browser.submit("/desk/case/8M2P-4RSV/answered").status_code == 303
    assert browser.submit("/desk/case/8M2P-4RSV/open", topic="parcel", complaint="yes").status_code == 303
    ticket = doors.board.show("8M2P-4RSV")
    assert (ticket.topic, ticket.complaint, ticket.checklist) == ("parcel", True, ("find it", HOSTILE))
    assert browser.submit("/desk/case/8M2P-4RSV/open").status_code == 422


@pytest.mark.parametrize(("word", "state"), [("seen", "cancelled"), ("sent", "done"), ("again", "waiting")])
def test_a_letter_that_failed_is_settled_from_its_case(doors: LiveDoors, word: str, state: str) -> None:
    fill(doors.database, mail=[mail("8M2P-4RSV")], effect=[effect("8M2P-4RSV", recipient="eve@example.org")])
    assert "550 no such user" in page_of(doors, "8M2P-4RSV")
    browser: Any = browser_of(doors, DeskRole.AGENT)
    answer = browser.submit("/desk/case/8M2P-4RSV/settle", mail="8M2P-4RSV", word=word)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/case/8M2P-4RSV")
    assert [one.state for one in doors.effects.of_mail("8M2P-4RSV")] == [state]
    assert browser.submit("/desk/case/8M2P-4RSV/settle", mail="8M2P-4RSV", word="lost").status_code == 422
