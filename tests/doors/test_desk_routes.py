"""Every page and action of the desk, asked by everybody: the routes themselves say what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.desk import accounts, roles
from pipeline.records.account import DeskRole
from pipeline.store.audit import AuditFilter
from pipeline.web.desk.roles_page import ACTIONS
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, DeskBrowser, browser_of, hire
from tests.desk_pages import desk_routes, place
from tests.web_doors import web_doors

OPEN = {  # for those who are not signed in
    ("GET", "/desk"),
    ("GET", "/desk/"),
    ("GET", "/desk/sign-in"),
    ("POST", "/desk/sign-in"),
    ("GET", "/desk/invitation/{secret}"),
    ("POST", "/desk/invitation/{secret}"),
    ("GET", "/desk/enter/{secret}"),
    ("GET", "/desk/oidc"),
    ("GET", "/desk/oidc/back"),
    ("GET", "/desk/static/desk.css"),
    ("GET", "/desk/static/desk.js"),
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path_factory.mktemp("desk"))
    hire(made)
    yield made
    made.close()


ROUTES = desk_routes()
GUARDED = [one for one in ROUTES if one[2]]
guarded = pytest.mark.parametrize(
    ("method", "path", "action"), GUARDED, ids=[f"{method} {path}" for method, path, _ in GUARDED]
)
CHANGING = [one for one in GUARDED if one[0] != "GET"]
changing = pytest.mark.parametrize(("method", "path", "action"), CHANGING, ids=[one[1] for one in CHANGING])


def test_only_signing_in_is_open_to_everybody() -> None:
    assert {(method, path) for method, path, action in ROUTES if not action} == OPEN


def test_each_action_of_the_table_has_a_name_and_stands_in_it_once() -> None:
    assert {action for _, _, action in ROUTES if action} <= set(roles.MAY)
    assert set(roles.MAY) <= set(ACTIONS)


def test_what_changes_something_is_no_get() -> None:
    seeing = ("see-", "search", "export-")
    for method, path, action in ROUTES:
        assert not action or (method == "GET") == action.startswith(seeing), path


@guarded
def test_strangers_are_sent_to_the_door(doors: LiveDoors, method: str, path: str, action: str) -> None:
    answer = DeskBrowser(doors).request(method, place(path))
    if method == "GET":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/desk/sign-in")
        script = DeskBrowser(doors).request(method, place(path), headers={"Accept": "application/json"})
        assert script.status_code == 401
    else:
        assert answer.status_code == 401


@guarded
@pytest.mark.parametrize("role", list(DeskRole))
def test_each_role_may_what_the_table_says(
    doors: LiveDoors, role: DeskRole, method: str, path: str, action: str
) -> None:
    browser = browser_of(doors, role)
    if method == "GET":
        answer = browser.request(method, place(path), params={"once": "1"})
    else:
        answer = browser.request(method, place(path), data={"csrf": accounts.csrf_of(browser.secret)})
    if role in roles.MAY[action]:
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500
    else:
        assert answer.status_code == 403


@changing
def test_a_form_of_another_site_is_refused(doors: LiveDoors, method: str, path: str, action: str) -> None:
    role = next(iter(sorted(roles.MAY[action])))
    browser = browser_of(doors, role)
    right = {"csrf": accounts.csrf_of(browser.secret)}
    assert browser.request(method, place(path)).status_code == 403  # without the token
    assert browser.request(method, place(path), data={"csrf": "x" * 64}).status_code == 403
    elsewhere = ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})
    for headers in elsewhere:
        assert browser.request(method, place(path), data=right, headers=headers).status_code == 403


@guarded
def test_another_method_is_not_allowed(doors: LiveDoors, method: str, path: str, action: str) -> None:
    there = {one for one, where, _ in ROUTES if where == path}
    browser = browser_of(doors, DeskRole.ADMIN)
    for other in set(METHODS) - there:
        assert browser.request(other, place(path)).status_code in (404, 405)


@guarded
def test_who_is_disabled_is_out_at_once(doors: LiveDoors, method: str, path: str, action: str) -> None:
    accounts.enable(doors, CAST[DeskRole.LEAD])
    browser = browser_of(doors, DeskRole.LEAD)
    accounts.disable(doors, CAST[DeskRole.LEAD])
    answer = browser.request(
        method, place(path), data={"csrf": accounts.csrf_of(browser.secret)} if method != "GET" else None
    )
    accounts.enable(doors, CAST[DeskRole.LEAD])
    assert answer.status_code == (303 if method == "GET" else 401)


def test_every_answer_of_the_desk_is_guarded(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.ADMIN)
    for method, path, _ in ROUTES:
        if method != "GET" or "static" in path or path.endswith(("events", "counts")):
            continue
        answer = browser.get(place(path))
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        if answer.text.startswith("<!DOCTYPE"):
            assert not re.search(r"<script(?! type=\"module\" src=\"/desk/static/)|style=|\son\w+=", answer.text), path


def test_an_action_leaves_a_line_with_its_subject(doors: LiveDoors) -> None:
    browser: Any = browser_of(doors, DeskRole.ADMIN)
    assert browser.submit("/desk/accounts/add", address="New@Example.com", name="Nina", role="agent").status_code == 200
    assert browser.submit("/desk/accounts/role", address="new@example.com", role="lead").status_code == 303
    changed, added = doors.audit.find(AuditFilter(), limit=2)
    assert (added.action, added.subject, added.account) == ("add-account", "new@example.com", CAST[DeskRole.ADMIN])
    assert (changed.action, changed.before, changed.after) == ("change-role", {"role": "agent"}, {"role": "lead"})
    assert {added.outcome, changed.outcome} == {"done"}


def test_only_who_answers_may_send_much_and_only_there(doors: LiveDoors) -> None:
    much, path = b"x" * 1_000_000, "/desk/case/7K3M-9QTX/answer"
    agent = browser_of(doors, DeskRole.AGENT)
    assert DeskBrowser(doors).post(path, content=much).status_code == 413
    assert browser_of(doors, DeskRole.DATA).post(path, content=much).status_code == 413
    assert agent.post(path, content=much).status_code != 413
    assert agent.post(path, content=b"x" * 13_000_000).status_code == 413
    assert [agent.post(other, content=much).status_code for other in ("/feedback", "/desk/account")] == [413, 413]
