"""Signing in at the desk with an account elsewhere, at a provider that may be wrong in every way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import accounts
from pipeline.records.account import DeskRole
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import DeskBrowser, hire
from tests.servers.identity_provider import CLIENT, IdentityServer
from tests.web_doors import web_doors

ANNA = "anna@example.com"


@pytest.fixture
def provider() -> Iterator[IdentityServer]:
    with IdentityServer() as server:
        yield server


@pytest.fixture
def doors(tmp_path: Path, provider: IdentityServer) -> Iterator[LiveDoors]:
    made = _doors(tmp_path, provider)
    hire(made)
    provider.now = int(made.clock.now().timestamp())
    yield made
    made.close()


def _doors(folder: Path, provider: IdentityServer, **oidc: Any) -> LiveDoors:
    known = {"issuer": provider.url, "client_id": CLIENT, **oidc}
    return web_doors(folder, desk={"oidc": known})


def begin(browser: DeskBrowser, **query: str) -> str:
    answer = browser.get("/desk/oidc", params=query)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def sign_in(doors: LiveDoors, provider: IdentityServer, **query: str) -> tuple[DeskBrowser, Any]:
    browser = DeskBrowser(doors)
    return browser, browser.get("/desk/oidc/back", params=provider.agree(begin(browser, **query)))


def test_who_has_an_account_is_let_in_and_led_where_they_wanted_to_go(
    doors: LiveDoors, provider: IdentityServer
) -> None:
    accounts.add(doors, ANNA, "Anna", DeskRole.AGENT)
    assert "/desk/oidc" in DeskBrowser(doors).get("/desk/sign-in").text
    browser, answer = sign_in(doors, provider, next="/desk/machine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/machine")
    assert browser.get("/desk/machine").status_code == 200
    assert "__Host-oidc" not in browser.cookies


def test_who_has_none_is_not_let_in(doors: LiveDoors, provider: IdentityServer) -> None:
    browser, answer = sign_in(doors, provider)
    assert answer.status_code == 403
    assert browser.get("/desk/machine").status_code == 303
    assert doors.accounts.find(ANNA) is None


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["support"], DeskRole.AGENT),
        (["support", "leads", "golf"], DeskRole.LEAD),
        ("leads", DeskRole.LEAD),
        (["golf"], None),
        (None, None),
        ([{"name": "leads"}, 7], None),
    ],
)
def test_groups_say_the_role(tmp_path: Path, provider: IdentityServer, groups: object, role: DeskRole | None) -> None:
    doors = _doors(tmp_path, provider, roles={"support": "agent", "leads": "lead"})
    provider.now = int(doors.clock.now().timestamp())
    provider.person["groups"] = groups
    _, answer = sign_in(doors, provider)
    found = doors.accounts.find(ANNA)
    assert (answer.status_code == 303) == (role is not None)
    assert (found.role if found else None) == role
    provider.person["groups"] = ["support"]
    sign_in(doors, provider)
    now = doors.accounts.find(ANNA)
    assert now
    assert now.role is DeskRole.AGENT
    doors.close()


def test_who_is_disabled_here_stays_out(doors: LiveDoors, provider: IdentityServer) -> None:
    accounts.add(doors, ANNA, "Anna", DeskRole.AGENT)
    accounts.disable(doors, ANNA)
    assert sign_in(doors, provider)[1].status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"email": None},
        {"email": ["anna@example.com"]},
        {"email": "anna"},
        {"email_verified": False},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_is_not_believed(
    doors: LiveDoors, provider: IdentityServer, changes: dict[str, object]
) -> None:
    accounts.add(doors, ANNA, "Anna", DeskRole.ADMIN)
    provider.changes = changes
    browser, answer = sign_in(doors, provider)
    assert answer.status_code == 403
    assert not browser.secret


@pytest.mark.parametrize("how", ["none", "HS256", "a stranger's key"])
def test_a_token_signed_by_nobody_or_somebody_else_is_not_believed(
    doors: LiveDoors, provider: IdentityServer, how: str
) -> None:
    accounts.add(doors, ANNA, "Anna", DeskRole.ADMIN)
    if how == "a stranger's key":
        provider.signs_with = provider.stranger
    else:
        provider.algorithm = how
    assert sign_in(doors, provider)[1].status_code == 403


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(doors: LiveDoors, provider: IdentityServer) -> None:
    """An attacker's own code in a victim's browser, and a code that was used before."""
    accounts.add(doors, ANNA, "Anna", DeskRole.AGENT)
    theirs = provider.agree(begin(DeskBrowser(doors)))
    victim = DeskBrowser(doors)
    assert victim.get("/desk/oidc/back", params=theirs).status_code == 403
    begin(victim)
    assert victim.get("/desk/oidc/back", params=theirs).status_code == 403
    assert not victim.secret
    mine = DeskBrowser(doors)
    given = provider.agree(begin(mine))
    assert mine.get("/desk/oidc/back", params=given).status_code == 303
    assert DeskBrowser(doors).get("/desk/oidc/back", params=given).status_code == 403


def test_a_provider_that_is_away_is_no_door_that_is_shut(doors: LiveDoors, provider: IdentityServer) -> None:
    provider.broken = True
    assert DeskBrowser(doors).get("/desk/oidc").status_code == 503
    assert DeskBrowser(doors).get("/desk/sign-in").status_code == 200


def test_a_provider_that_calls_itself_otherwise_is_not_asked(doors: LiveDoors, provider: IdentityServer) -> None:
    provider.calls_itself = "https://evil.example"
    assert DeskBrowser(doors).get("/desk/oidc").status_code == 422


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    doors = web_doors(tmp_path)
    assert DeskBrowser(doors).get("/desk/oidc").status_code == 404
    assert "/desk/oidc" not in DeskBrowser(doors).get("/desk/sign-in").text
    doors.close()
