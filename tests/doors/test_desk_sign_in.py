"""Signing in at the desk: right and wrong passwords, sessions, links that are good once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import accounts
from pipeline.errors import UsageError
from pipeline.records.account import DeskRole
from pipeline.store.audit import AuditFilter
from pipeline.web.desk.visits import own_path
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, PASSWORD, DeskBrowser, browser_of, cheap_hashes, hire
from tests.web_doors import pass_by, web_doors

ANNA = CAST[DeskRole.AGENT]


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveDoors]:
    cheap_hashes(monkeypatch)
    made = web_doors(tmp_path)
    hire(made, with_passwords=True)
    yield made
    made.close()


def sign_in(browser: DeskBrowser, address: str = ANNA, password: str = PASSWORD, **more: Any) -> Any:
    return browser.post("/desk/sign-in", data={"address": address, "password": password, **more})


def test_the_right_password_opens_the_desk_and_leads_where_one_wanted_to_go(doors: LiveDoors) -> None:
    browser = DeskBrowser(doors)
    answer = sign_in(browser, f" {ANNA.upper()} ", next="/desk/machine?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/machine?x=1")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("__Host-desk=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"))
    assert "Domain" not in cookie
    assert browser.get("/desk/machine").status_code == 200
    assert doors.accounts.get(ANNA).signed_in == doors.clock.now()


def test_over_plain_http_on_this_machine_the_cookie_is_not_secure(tmp_path: Path, doors: LiveDoors) -> None:
    (tmp_path / "plain").mkdir()
    plain = web_doors(tmp_path / "plain", web={"url": "http://127.0.0.1:8025"})
    hire(plain, with_passwords=True)
    cookie = sign_in(DeskBrowser(plain)).headers["set-cookie"]
    assert cookie.startswith("desk=")
    assert "Secure" not in cookie
    plain.close()


def test_wrong_password_unknown_account_disabled_account_and_no_password_look_alike(doors: LiveDoors) -> None:
    accounts.disable(doors, CAST[DeskRole.DATA])
    accounts.add(doors, "nopass@example.com", "", DeskRole.AGENT)
    pages = set()
    for address, password in (
        (ANNA, "something else entirely"),
        ("nobody@example.com", PASSWORD),
        (CAST[DeskRole.DATA], PASSWORD),
        ("nopass@example.com", ""),
        ("' or 1=1 --", PASSWORD),
    ):
        answer = sign_in(DeskBrowser(doors), address, password)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        pages.add(
            answer.text.replace(answer.text.partition('value="')[0], "").replace(address, "").replace("&#39;", "")
        )
    lengths = {len(page) for page in pages}
    assert max(lengths) - min(lengths) < 40


def test_an_unknown_account_costs_a_hash_too(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    right = accounts._is_right
    monkeypatch.setattr(accounts, "_is_right", lambda kept, password: asked.append(kept) or right(kept, password))
    sign_in(DeskBrowser(doors), "nobody@example.com")
    assert len(asked) == 1
    assert asked[0].startswith("$argon2id$")


def test_after_ten_wrong_passwords_that_address_waits_and_the_right_person_elsewhere_gets_in(doors: LiveDoors) -> None:
    attacker = DeskBrowser(doors)
    for _ in range(accounts.MOST_REFUSED):
        assert sign_in(attacker, password="wrong guess again").status_code == 401
    assert sign_in(attacker).status_code == 429  # even with the right one
    assert accounts.sign_in(doors, ANNA, PASSWORD, "192.0.2.7").address == ANNA
    pass_by(doors, minutes=16)
    assert sign_in(attacker).status_code == 303


def test_an_account_tried_from_everywhere_lets_in_who_has_been_there(doors: LiveDoors) -> None:
    accounts.begin_session(doors, ANNA, "192.0.2.7", "hers")
    for number in range(accounts.MOST_ATTACKED):
        with pytest.raises(accounts.SignInError):
            accounts.sign_in(doors, ANNA, "wrong", f"198.51.100.{number}")
    with pytest.raises(accounts.SignInError) as refused:
        accounts.sign_in(doors, ANNA, PASSWORD, "203.0.113.1")
    assert refused.value.waits
    assert accounts.sign_in(doors, ANNA, PASSWORD, "192.0.2.7").address == ANNA
    assert accounts.sign_in(doors, CAST[DeskRole.LEAD], PASSWORD, "203.0.113.1")


def test_signing_in_changes_the_session_and_the_old_one_opens_nothing(doors: LiveDoors) -> None:
    planted = accounts.begin_session(doors, CAST[DeskRole.DATA], "evil", "evil")  # fixation: the attacker's own cookie
    browser = DeskBrowser(doors)
    browser.let_in(planted)
    sign_in(browser)
    assert browser.secret != planted
    assert accounts.session_of(doors, planted) is None
    found = accounts.session_of(doors, browser.secret)
    assert found
    assert found[1].address == ANNA


def test_signing_out_ends_it_on_the_server(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.AGENT)
    secret = browser.secret
    answer: Any = browser.submit("/desk/sign-out")
    assert answer.headers["location"] == "/desk/sign-in"
    assert accounts.session_of(doors, secret) is None


def test_a_session_ends_when_it_is_idle_and_after_its_longest_time(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.AGENT)
    for _ in range(7 * 24 // 4 - 1):
        pass_by(doors, hours=4)
        assert browser.get("/desk/roles").status_code == 200
    pass_by(doors, hours=4, minutes=1)
    assert browser.get("/desk/roles").status_code == 303
    again = browser_of(doors, DeskRole.AGENT)
    pass_by(doors, hours=8, minutes=1)
    assert again.get("/desk/roles").status_code == 303


def test_a_page_that_is_left_open_and_asks_by_itself_keeps_nobody_signed_in(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.AGENT)
    script = {"Accept": "application/json"}
    for _ in range(7):
        pass_by(doors, hours=1)
        assert browser.get("/desk/today/counts", headers=script).status_code == 200
    pass_by(doors, hours=1, minutes=1)
    assert browser.get("/desk/today/counts", headers=script).status_code == 401


def test_a_new_password_signs_out_everywhere_else(doors: LiveDoors) -> None:
    here, there = browser_of(doors, DeskRole.AGENT), browser_of(doors, DeskRole.AGENT)
    new = "another four words here"
    fields = {"old": PASSWORD, "password": new, "again": new}
    wrong: Any = here.submit("/desk/account/password", **{**fields, "old": "not the one"})
    assert wrong.status_code == 422
    weak: Any = here.submit("/desk/account/password", **{**fields, "password": "short", "again": "short"})
    assert weak.status_code == 422
    done: Any = here.submit("/desk/account/password", **fields)
    assert done.status_code == 303
    assert here.get("/desk/roles").status_code == 200
    assert there.get("/desk/roles").status_code == 303
    assert sign_in(DeskBrowser(doors), password=new).status_code == 303


def test_one_ends_ones_own_sessions_only(doors: LiveDoors) -> None:
    mine, hers = browser_of(doors, DeskRole.AGENT), browser_of(doors, DeskRole.LEAD)
    (session,) = accounts.sessions_of(doors, CAST[DeskRole.LEAD])
    answer: Any = mine.submit("/desk/account/sessions/end", session=session.id)
    assert answer.status_code == 404
    assert hers.get("/desk/roles").status_code == 200
    other = DeskBrowser(doors, ANNA)
    (_, older) = accounts.sessions_of(doors, ANNA)
    ended: Any = mine.submit("/desk/account/sessions/end", session=accounts.hashed(other.secret))
    assert ended.status_code == 303
    assert other.get("/desk/roles").status_code == 303
    assert older


def test_a_link_lets_somebody_choose_a_password_once(doors: LiveDoors) -> None:
    accounts.add(doors, "new@example.com", "Nina", DeskRole.AGENT)
    secret = accounts.invite(doors, "new@example.com")
    browser = DeskBrowser(doors)
    assert "new@example.com" in browser.get(f"/desk/invitation/{secret}").text
    path, new = f"/desk/invitation/{secret}", "an entirely new password"
    assert browser.post(path, data={"password": new, "again": "different one"}).status_code == 422
    assert browser.post(path, data={"password": "short", "again": "short"}).status_code == 422
    assert browser.post(path, data={"password": new, "again": new}).status_code == 303
    assert browser.get("/desk/roles").status_code == 200
    replay = DeskBrowser(doors)
    assert replay.get(path).status_code == 404
    assert (
        replay.post(path, data={"password": "my own password now", "again": "my own password now"}).status_code == 404
    )
    assert sign_in(DeskBrowser(doors), "new@example.com", new).status_code == 303


@pytest.mark.parametrize("why", ["too old", "a newer one", "disabled", "made up"])
def test_a_link_that_is_over_opens_nothing(doors: LiveDoors, why: str) -> None:
    secret = accounts.invite(doors, ANNA)
    if why == "too old":
        pass_by(doors, days=3, seconds=1)
    elif why == "a newer one":
        accounts.invite(doors, ANNA)
    elif why == "disabled":
        accounts.disable(doors, ANNA)
    else:
        secret = "x" * 43
    answer = DeskBrowser(doors).post(f"/desk/invitation/{secret}", data={"password": "y" * 20, "again": "y" * 20})
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_a_form_of_another_site_signs_nobody_in(doors: LiveDoors) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        fields = {"address": ANNA, "password": PASSWORD}
        answer = DeskBrowser(doors).post("/desk/sign-in", data=fields, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/desk/machine?x=1", "/desk/machine?x=1"),
        ("https://evil.example", "/desk/today"),
        ("//evil.example/desk/", "/desk/today"),
        ("/\\evil.example/desk/", "/desk/today"),
        ("/desk//evil.example", "/desk/today"),
        ("/desk/\r\nSet-Cookie: x", "/desk/today"),
        ("javascript:alert(1)", "/desk/today"),
        ("/feedback", "/desk/today"),
        ("", "/desk/today"),
    ],
)
def test_nobody_is_led_elsewhere(asked: str, goes: str) -> None:
    assert own_path(asked) == goes


def test_the_last_admin_stays(doors: LiveDoors) -> None:
    with pytest.raises(UsageError, match="nobody else is admin"):
        accounts.disable(doors, CAST[DeskRole.ADMIN])
    with pytest.raises(UsageError, match="nobody else is admin"):
        accounts.change_role(doors, CAST[DeskRole.ADMIN], DeskRole.AGENT)
    accounts.add(doors, "second@example.com", "", DeskRole.ADMIN)
    accounts.disable(doors, CAST[DeskRole.ADMIN])


def test_the_log_tells_of_signing_in_and_of_failing_without_what_was_typed(doors: LiveDoors) -> None:
    sign_in(DeskBrowser(doors), password="my secret typed wrong")
    sign_in(DeskBrowser(doors))
    done, refused = doors.audit.find(AuditFilter(action="sign-in"))
    assert (done.account, done.outcome) == (ANNA, "done")
    assert (refused.account, refused.outcome, refused.after) == ("", "refused", {"why": "wrong"})
    with doors.database.reading() as connection:
        dumped = str(connection.exec_driver_sql("select * from refusal").all())
    assert ANNA not in dumped
    assert "secret" not in dumped


@pytest.mark.parametrize("password", ["short", "a" * 40, ANNA, "x" * 1001])
def test_passwords_that_are_easily_guessed_are_refused(doors: LiveDoors, password: str) -> None:
    with pytest.raises(UsageError):
        accounts.set_password(doors, ANNA, password)


def test_what_is_over_is_forgotten_in_the_end(doors: LiveDoors) -> None:
    browser_of(doors, DeskRole.AGENT)
    sign_in(DeskBrowser(doors), password="wrong")
    pass_by(doors, days=1)
    accounts.begin_session(doors, ANNA, "x", "x")
    now = doors.clock.now()
    assert len(doors.sessions.of(ANNA, now - timedelta(days=9), now - timedelta(days=9))) == 1
    assert doors.sessions.refusals(now - timedelta(days=9)) == 0


def test_the_link_of_the_demonstration_signs_in_once(doors: LiveDoors) -> None:
    secret = accounts.open_door(doors, ANNA)
    assert DeskBrowser(doors).get(f"/desk/invitation/{secret}").status_code == 404  # it is of another kind
    browser = DeskBrowser(doors)
    assert browser.get(f"/desk/enter/{secret}").headers["location"] == "/desk/today"
    assert browser.get("/desk/roles").status_code == 200
    again = DeskBrowser(doors)
    assert again.get(f"/desk/enter/{secret}").headers["location"] == "/desk/sign-in"
    invitation = accounts.invite(doors, ANNA)
    assert DeskBrowser(doors).get(f"/desk/enter/{invitation}").headers["location"] == "/desk/sign-in"
