"""Topics, grants and the calendar on their pages: shown with what they cause, changed by admins, put back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.load import load
from pipeline.records.account import DeskRole
from pipeline.store.audit import AuditFilter
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, browser_of, hire
from tests.web_doors import complained, text_of, web_doors

TOPICS = {
    "delivery": {"title": {"en": "your delivery"}, "owner": "logistics@example.com", "may_grant": ["voucher"]},
    "parcel": {"owner": "parcels@example.com", "template": "delivery"},
    "a/b <i>": {"title": {"en": "<script>alert(1)</script>"}},
}
GRANTS = {"voucher": {"title": {"en": "a voucher"}}}
EVIL = "<script>alert(2)</script>"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path, topics=TOPICS, grants=GRANTS, calendar={"timezone": "Europe/Helsinki", "holidays": "FI"})
    hire(made)
    yield made
    made.close()


def words_of(page: str) -> str:
    """As people read it."""
    return unescape(text_of(page))


def see(doors: LiveDoors, path: str, role: DeskRole = DeskRole.ADMIN) -> str:
    answer = browser_of(doors, role).get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def form_of(page: str) -> dict[str, str]:
    """What the form of a page would send, as it stands there."""
    (page,) = re.findall(r'<form[^>]*class="setting">(.*?)</form>', page, re.DOTALL)
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        values[name[1] if name else ""] = unescape(value[1]) if value else ""
    del values["csrf"]
    for name, inside in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page):
        values[name] = unescape(inside)
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        values[name] = chosen[1] if chosen else ""
    return values


def send(doors: LiveDoors, path: str, to: str = "/desk/settings/change", **changes: str) -> Any:
    """The form of a page, with these fields otherwise."""
    form = form_of(see(doors, path)) | {"why": "because"} | changes
    return browser_of(doors, DeskRole.ADMIN).submit(to, **form)


def test_each_topic_has_a_row_that_leads_to_what_is_behind_it(doors: LiveDoors) -> None:
    complained(doors)
    page = see(doors, "/desk/topics", DeskRole.LEAD)
    assert "/desk/search?topic=parcel&amp;since=2026-10-19" in page
    assert "/desk/topics/a%2Fb%20%3Ci%3E" in page
    assert 'href="/desk/grants/voucher"' in page
    assert "answered by Nov 19" in words_of(page)
    assert "nobody" in words_of(page), "the last one has no owner"


def test_leads_look_and_admins_change(doors: LiveDoors) -> None:
    for path in ("/desk/topics/delivery", "/desk/grants/voucher", "/desk/calendar"):
        assert "Admins change this." in see(doors, path, DeskRole.LEAD)
        assert "What would follow?" not in see(doors, path, DeskRole.LEAD)
        assert "What would follow?" in see(doors, path)


def test_a_change_is_in_the_file_in_use_on_record_and_in_the_audit_log(doors: LiveDoors) -> None:
    answer = send(doors, "/desk/topics/delivery", owner="Ben <ben@example.com>", respond_within="2h")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/topics/delivery?done=1")
    assert load(doors.config.path).topics["delivery"].owner == "Ben <ben@example.com>"
    assert doors.config.topics["delivery"].owner_address == "ben@example.com", "in use"
    (made,) = doors.setting_versions.history()
    assert set(made.after) == {"owner", "respond_within"}, "and nothing else, though the whole form was sent"
    assert (made.account, made.why) == (CAST[DeskRole.ADMIN], "because")
    (line,) = doors.audit.find(AuditFilter(action="change-settings"))
    assert (line.subject, line.outcome) == ("topics.delivery", "done")
    assert line.before == {"owner": "logistics@example.com", "respond_within": None}
    text = words_of(see(doors, "/desk/topics/delivery?done=1"))
    assert "Saved, and in use within seconds." in text
    assert "logistics@example.com → Ben <ben@example.com>" in text


def test_what_would_follow_is_shown_and_nothing_is_changed(doors: LiveDoors) -> None:
    before = doors.config.path.read_bytes()
    answer = send(doors, "/desk/topics/delivery", "/desk/settings/try", owner="ben@example.com", template="nowhere")
    assert answer.status_code == 200
    text = words_of(answer.text)
    assert "A case about delivery goes to ben@example.com, not to logistics@example.com." in text
    assert "en/nowhere.txt" in text
    assert "-owner = " in text
    assert form_of(answer.text)["owner"] == "ben@example.com", "what was typed stays"
    assert doors.config.path.read_bytes() == before
    assert doors.setting_versions.history() == []


@pytest.mark.parametrize(
    ("path", "field", "value", "told"),
    [
        ("/desk/topics/delivery", "owner", EVIL, "an address"),
        ("/desk/topics/delivery", "respond_within", "soon", "a duration is written"),
        ("/desk/topics/delivery", "may_grant", "a car", "there is no [grants.a car]"),
        ("/desk/topics/delivery", "track", "some", "wrong value"),
        ("/desk/topics/delivery", "why", "", "why?"),
        ("/desk/topics/delivery", "checklist", "x" * 600, "too long"),
        ("/desk/calendar", "hours", "always", "write for example 09:00"),
        ("/desk/calendar", "timezone", "", ""),
        ("/desk/grants/voucher", "per_customer", "often", "10 per 1d"),
        ("/desk/grants/voucher", "title.en", "", "at least 1 item"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    doors: LiveDoors, path: str, field: str, value: str, told: str
) -> None:
    before = doors.config.path.read_bytes()
    answer = send(doors, path, **{field: value, "priority": "high"} if "topics" in path else {field: value})
    if not told:  # an emptied key takes its default
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert told in words_of(answer.text)
    assert EVIL not in answer.text
    assert doors.config.path.read_bytes() == before
    if path.startswith("/desk/topics"):
        assert form_of(answer.text)["priority"] == "high"


def test_a_file_that_has_changed_is_shown_beside_what_was_typed(doors: LiveDoors) -> None:
    form = form_of(see(doors, "/desk/topics/delivery")) | {"why": "mine", "owner": "mine@example.com"}
    theirs = doors.config.path.read_text(encoding="utf-8").replace("logistics@example.com", "theirs@example.com")
    doors.config.path.write_text(theirs, encoding="utf-8")
    answer: Any = browser_of(doors, DeskRole.ADMIN).submit("/desk/settings/change", **form)
    assert answer.status_code == 409
    text = words_of(answer.text)
    assert "theirs@example.com mine@example.com" in text
    assert doors.config.path.read_text(encoding="utf-8") == theirs
    again = form_of(answer.text)
    assert (again["owner"], again["why"]) == ("mine@example.com", "mine")
    answer = browser_of(doors, DeskRole.ADMIN).submit("/desk/settings/change", **again)
    assert answer.status_code == 303
    assert doors.config.topics["delivery"].owner == "mine@example.com"


def test_one_click_goes_back(doors: LiveDoors) -> None:
    before = doors.config.path.read_bytes()
    send(doors, "/desk/calendar", hours="Mon 10:00-11:00", closed="2026-12-24\n2026-12-31")
    assert "2026-12-24, 2026-12-31" in words_of(see(doors, "/desk/calendar"))
    answer: Any = browser_of(doors, DeskRole.ADMIN).submit("/desk/settings/back", number="1")
    assert answer.status_code == 303
    assert doors.config.path.read_bytes() == before
    assert doors.config.calendar == load(doors.config.path).calendar
    for number in ("99", "x", "", "9" * 30):
        answer = browser_of(doors, DeskRole.ADMIN).submit("/desk/settings/back", number=number)
        assert answer.status_code == 404


def test_the_calendar_shows_the_days_to_come(doors: LiveDoors) -> None:
    doors.clock.pass_by(timedelta(days=15))  # type: ignore[attr-defined]
    text = words_of(see(doors, "/desk/calendar"))
    assert "Sun, Dec 6 public holiday:" in text
    assert re.search(r"Fri, Dec 4 9:00\sAM–5:00\sPM", text)
    assert "Sat, Dec 5 nobody works" in text


def test_a_new_topic_and_a_new_grant(doors: LiveDoors) -> None:
    browser: Any = browser_of(doors, DeskRole.ADMIN)
    form = {"name": "warranty claim", "title": "your claim", "owner": "ben@example.com", "why": "new"}
    answer = browser.submit("/desk/settings/add", table="topics", **form)
    assert answer.headers["location"] == "/desk/topics/warranty%20claim?done=1"
    made = doors.config.topics["warranty claim"]
    assert (made.owner, made.template, made.title) == ("ben@example.com", "other", {"en": "your claim"})
    assert browser.submit("/desk/settings/add", table="topics", **form | {"name": "Delivery"}).status_code == 422
    for name in ("", "x" * 101, "a\x00b"):
        assert browser.submit("/desk/settings/add", table="topics", **form | {"name": name}).status_code == 422
    for table in ("calendar", "smtp", ""):
        assert browser.submit("/desk/settings/add", table=table, **form).status_code == 422
    answer = browser.submit("/desk/settings/add", table="grants", name="gift", title="a gift", why="new")
    assert answer.status_code == 303
    assert "none: it is never given" in words_of(see(doors, "/desk/grants"))
    answer = browser.submit("/desk/settings/back", number="2")
    assert answer.headers["location"] == "/desk/grants", "it is gone"


def test_what_somebody_typed_runs_nowhere(doors: LiveDoors) -> None:
    send(doors, "/desk/topics/delivery", why=EVIL, checklist=EVIL, labels=f'"{EVIL}')
    for path in ("/desk/topics", "/desk/topics/delivery", "/desk/topics/a%2Fb%20%3Ci%3E", "/desk/calendar"):
        assert "<script>alert" not in see(doors, path)
    assert "&lt;script&gt;alert(2)" in see(doors, "/desk/topics/delivery")


def test_nothing_of_the_rest_of_the_file_is_shown(doors: LiveDoors) -> None:
    text = doors.config.path.read_text(encoding="utf-8")
    doors.config.path.write_text(f"# hunter2\n{text}", encoding="utf-8")
    shown = [see(doors, path) for path in ("/desk/topics", "/desk/topics/delivery", "/desk/grants", "/desk/calendar")]
    shown.append(send(doors, "/desk/topics/delivery", "/desk/settings/try", priority="low").text)
    for page in shown:
        assert "hunter2" not in page
        assert "TEST_PASSWORD" not in page


def test_a_file_that_may_only_be_read_says_so_before_anybody_types(doors: LiveDoors) -> None:
    doors.config.path.chmod(0o400)
    page = words_of(see(doors, "/desk/topics/delivery"))
    assert "It can't be changed from here: it may only be read" in page
    assert "chmod u+w" in page


def test_a_broken_file_says_so_and_what_is_in_use_is_shown(doors: LiveDoors) -> None:
    doors.config.path.write_text("[topics\n", encoding="utf-8")
    doors.take_up_settings()
    page = words_of(see(doors, "/desk/topics/delivery"))
    assert "Not all that stands in config.toml is in use" in page
    assert "logistics@example.com" in see(doors, "/desk/topics/delivery")


def test_what_is_not_there_is_not_found(doors: LiveDoors) -> None:
    for path in ("/desk/topics/nothing", "/desk/grants/nothing", "/desk/topics/"):
        assert browser_of(doors, DeskRole.ADMIN).get(path).status_code == 404
