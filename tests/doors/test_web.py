"""The pages, the API and what monitors ask, as a visitor's requests meet them."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipeline.clock import FakeClock
from pipeline.config.values import parse_rate
from pipeline.letter import links
from pipeline.records.effect import EffectKind
from pipeline.records.ticket import TicketStatus
from pipeline.tokens import Signer
from pipeline.web import protection, wordings
from pipeline.web.protection import Limiter, visitor
from pipeline.wiring.live_doors import LiveDoors
from tests.desk import ROOT
from tests.samples import NOON
from tests.web_doors import COMPLAINT, PARCEL, TOKEN, client_of, complained, pass_by, path_of, text_of, web_doors

BEARER = {"Authorization": f"Bearer {TOKEN}"}
EVE = {"from": "eve@example.org", "name": "Eve Miller", "subject": "Parcel", "text": PARCEL, "id": "chat-7"}


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    yield made
    made.close()


@pytest.fixture
def visit(doors: LiveDoors) -> TestClient:
    return client_of(doors)


def status_link(doors: LiveDoors, ref: str) -> str:
    return path_of(links.status_link(doors.config, doors.signer, ref, doors.clock.now()))


# --- what every answer carries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/feedback", "/s/x", "/nothing", "/style.css", "/healthz", "/metrics", "/api/messages"]
)
def test_every_answer_is_guarded_and_sets_no_cookie(visit: TestClient, path: str) -> None:
    answer = visit.get(path)
    policy = answer.headers["content-security-policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "set-cookie" not in answer.headers
    assert (answer.headers["cache-control"] == "no-store") == (path != "/style.css")


@pytest.mark.parametrize("path", ["/feedback", "/s/x", "/nothing"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing(visit: TestClient, path: str) -> None:
    page = visit.get(path).text
    assert re.findall(r'(?:src|href|action)="([^"]*)"', page) == ["/style.css"]
    assert not re.search(r"<script|<img|style=|\son\w+=", page)


def test_the_documentation_pages_of_the_framework_are_off(visit: TestClient) -> None:
    assert [visit.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404, 404, 404]


def test_a_body_that_is_too_large_is_refused_however_it_is_sent(visit: TestClient) -> None:
    large = b"x" * (protection.LARGEST_BODY + 1)
    assert visit.post("/feedback", content=large).status_code == 413
    assert visit.post("/feedback", content=iter([large[:1000]] * 250)).status_code == 413  # without Content-Length


def test_a_bug_is_a_small_page_without_a_trace(
    doors: LiveDoors, visit: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("pipeline.store.status_page.Standings.of", broken)
    answer = visit.get(status_link(doors, "7K3M-9QTX"))
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert answer.headers["content-security-policy"]


def test_every_language_has_all_the_words() -> None:
    english = wordings.words("en")
    for language in wordings.LANGUAGES:
        found = wordings.words(language)
        assert {family: set(texts) for family, texts in found.items()} == {
            family: set(texts) for family, texts in english.items()
        }
        for family, texts in found.items():
            for name, text in texts.items():
                assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", english[family][name]))
    assert wordings.LANGUAGES == ("de", "en", "es", "fi", "fr")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("sv,fi;q=0.5,en;q=0.1", "fi"),
        ("en;q=0.1, fr;q=0.7", "fr"),
        ("", "en"),
        ("tlh;q=x,,;;=", "en"),
    ],
)
def test_a_visitor_is_spoken_to_as_their_browser_asks(visit: TestClient, header: str, language: str) -> None:
    page = visit.get("/feedback", headers={"Accept-Language": header}).text
    assert f'<html lang="{language}">' in page
    assert wordings.words(language)["form"]["title"] in page


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_visitor_may_send_so_much_and_then_again_when_the_window_is_over() -> None:
    clock = FakeClock(NOON)
    limiter = Limiter(parse_rate("2 per 1h"), clock)
    assert [limiter.admits("a") for _ in range(3)] == [True, True, False]
    assert limiter.admits("b")
    clock.pass_by(timedelta(hours=1))
    assert limiter.admits("a")


def test_the_limiter_remembers_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protection, "MOST_CLIENTS", 3)
    limiter = Limiter(parse_rate("1 per 1h"), FakeClock(NOON))
    for client in "abcdef":
        limiter.admits(client)
    assert len(limiter._seen) == 3


def test_a_network_of_ipv6_is_one_visitor() -> None:
    assert visitor("2001:db8::1") == visitor("2001:db8::ffff") != visitor("2001:db8:0:1::1")
    assert visitor("192.0.2.1") != visitor("192.0.2.2")


def test_too_many_messages_are_refused_with_a_page(tmp_path: Path) -> None:
    doors = web_doors(tmp_path, web={"limit": "1 per 1h"})
    visit = client_of(doors)
    assert visit.post("/feedback", data={"text": ""}).status_code == 422
    answer = visit.post("/feedback", data={"text": ""})
    assert (answer.status_code, "try again later" in answer.text) == (429, True)
    doors.close()


# --- where do I stand -------------------------------------------------------------------------------------------------


def test_the_status_page_shows_what_they_wrote_how_it_stands_and_the_promise(
    doors: LiveDoors, visit: TestClient
) -> None:
    ref = complained(doors)
    page = text_of(visit.get(status_link(doors, ref)).text)
    for text in (ref, "Parcel 1", "Terrible and unacceptable", "in line to be worked on", "A person answers you by"):
        assert text in page
    for secret in ("eve@example.org", "Miller", "negative", "toy", "parcel@"):
        assert secret not in page


def test_the_status_page_follows_the_ticket_and_shows_only_what_was_said_to_the_customer(
    doors: LiveDoors, visit: TestClient
) -> None:
    ref = complained(doors)
    link = status_link(doors, ref)
    doors.board.comment(ref, "She sounds difficult.", "anna", doors.clock.now())
    doors.board.set_status(ref, TicketStatus.WAITING, "anna", doors.clock.now())
    page = text_of(visit.get(link).text)
    assert "waiting for an answer from you" in page
    assert "difficult" not in page
    doors.board.set_status(ref, TicketStatus.RESOLVED, "anna", doors.clock.now())
    assert "It is solved" in text_of(visit.get(link).text)


def test_a_promise_whose_time_is_over_is_owned_up_to(doors: LiveDoors, visit: TestClient) -> None:
    ref = complained(doors)
    link = status_link(doors, ref)
    pass_by(doors, days=10)
    page = text_of(visit.get(link).text)
    assert "are late" in page
    assert "A person answers you by" not in page


def test_what_a_stranger_wrote_is_only_text(doors: LiveDoors, visit: TestClient) -> None:
    ref = complained(doors, text=f"<script>alert(1)</script> {{{{ 7*7 }}}} {COMPLAINT}", subject='"><b>x')
    page = visit.get(status_link(doors, ref)).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "<b>" not in page


def test_the_status_page_is_in_the_language_of_the_mail(doors: LiveDoors, visit: TestClient) -> None:
    ref = complained(doors, language="fi")
    page = visit.get(status_link(doors, ref), headers={"Accept-Language": "de"}).text
    assert '<html lang="fi">' in page
    assert "Missä asianne on menossa" in page


def test_a_forged_or_foreign_or_expired_link_shows_nothing(doors: LiveDoors, visit: TestClient) -> None:
    ref = complained(doors)
    good = status_link(doors, ref)
    forged = good[:-1] + ("0" if good[-1] != "0" else "1")
    later = doors.signer.link("survey", ref, NOON + timedelta(days=1))
    other = good.replace(ref, "7K3M-9QTX")
    for bad in (forged, f"/s/{later}", other, "/s/", f"/s/{ref}", f"/s/{ref}.zz.0", "/s/" + "a" * 3000):
        answer = visit.get(bad)
        assert answer.status_code == 404, bad
        assert "Terrible" not in answer.text
    pass_by(doors, days=91)
    answer = visit.get(good)
    assert (answer.status_code, "expired" in answer.text) == (410, True)


# --- the API ----------------------------------------------------------------------------------------------------------


def test_a_message_goes_the_way_of_every_mail(doors: LiveDoors, visit: TestClient) -> None:
    answer = visit.post("/api/messages", json=EVE | {"text": COMPLAINT, "channel": "telephone"}, headers=BEARER)
    assert answer.status_code == 201
    taken = answer.json()
    assert taken | {"ref": ""} == {"ref": "", "known": False, "acknowledged": True, "ticket": True}
    mail = doors.reading.mail(taken["ref"])
    assert (mail.mailbox, mail.customer, mail.verdict) == ("web", "eve@example.org", "answer")
    assert mail.topic == "parcel"
    (effect,) = doors.effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    assert (effect.recipient, effect.letter.name) == ("eve@example.org", "Eve Miller")
    assert b"X-Channel: telephone" in doors.reading.raw(taken["ref"]).raw
    assert doors.board.show(taken["ref"]).customer == "eve@example.org"


def test_the_same_message_again_is_known_and_does_nothing(doors: LiveDoors, visit: TestClient) -> None:
    first = visit.post("/api/messages", json=EVE, headers=BEARER).json()
    pass_by(doors, hours=1)
    again = visit.post("/api/messages", json=EVE, headers=BEARER)
    assert again.status_code == 200
    assert (again.json()["known"], again.json()["ref"]) == (True, first["ref"])
    assert len(list(doors.reading.mails())) == 1
    other = visit.post("/api/messages", json=EVE | {"id": "chat-8"}, headers=BEARER)
    assert (other.status_code, other.json()["known"]) == (201, False)


def test_nobody_can_guess_what_a_message_is_called(doors: LiveDoors, visit: TestClient) -> None:
    ref = visit.post("/api/messages", json=EVE | {"channel": "chat"}, headers=BEARER).json()["ref"]
    named = doors.reading.mail(ref).message_id
    unkeyed = hashlib.sha256(f"chat:{EVE['id']}".encode()).hexdigest()
    assert named.strip("<>").partition("@")[0] not in unkeyed
    assert doors.signer.pseudonym("note", f"chat:{EVE['id']}") in named


def test_a_message_that_an_older_version_took_is_known(
    doors: LiveDoors, visit: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its Message-ID was the hash of channel and id alone."""
    monkeypatch.setattr(Signer, "pseudonym", lambda _, __, said: hashlib.sha256(said.encode()).hexdigest()[:32])
    first = visit.post("/api/messages", json=EVE, headers=BEARER).json()
    monkeypatch.undo()
    again = visit.post("/api/messages", json=EVE, headers=BEARER)
    assert (again.status_code, again.json()["known"], again.json()["ref"]) == (200, True, first["ref"])
    assert len(list(doors.reading.mails())) == 1


def test_the_form_repeats_nothing_to_the_address_that_was_typed(doors: LiveDoors, visit: TestClient) -> None:
    sheet = doors.signer.link(links.FORM, "sheet-1", doors.clock.now() + timedelta(hours=1))
    typed = {
        "text": "Buy",
        "subject": "Cheap pills",
        "name": "Cheap Pills",
        "email": "victim@example.org",
        "sheet": sheet,
    }
    visit.post("/feedback", data=typed)
    (effect,) = doors.effects.due(EffectKind.ACKNOWLEDGE, NOON + timedelta(hours=1), 10)
    assert (effect.recipient, effect.letter.name, effect.letter.subject) == ("victim@example.org", "", "")


def test_who_leaves_no_address_gets_a_ticket_and_no_letter(doors: LiveDoors, visit: TestClient) -> None:
    taken = visit.post("/api/messages", json={"text": COMPLAINT, "channel": "shop"}, headers=BEARER).json()
    assert (taken["acknowledged"], taken["ticket"]) == (False, True)
    mail = doors.reading.mail(taken["ref"])
    assert (mail.verdict, mail.reasons, mail.robot) == ("silent", ("no-address",), False)


def test_the_language_that_is_given_beats_the_one_that_is_guessed(doors: LiveDoors, visit: TestClient) -> None:
    taken = visit.post("/api/messages", json={"text": PARCEL, "language": "de"}, headers=BEARER).json()
    assert doors.reading.mail(taken["ref"]).language == "de"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": None}, "text"),
        ({"from": "nobody"}, "from"),
        ({"from": "a@b.c\r\nBcc: x@y.z"}, "from"),
        ({"from": "eve@example.org, bob@example.org"}, "from"),
        ({"language": "english"}, "language"),
        ({"channel": "Shop No. 1"}, "channel"),
        ({"subjekt": "x"}, "subjekt"),
        ({"name": "x" * 101}, "name"),
    ],
)
def test_bad_input_is_refused_with_field_and_reason(visit: TestClient, changes: dict[str, Any], field: str) -> None:
    answer = visit.post("/api/messages", json=EVE | changes, headers=BEARER)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["detail"]] == [field]
    assert all(one["reason"] for one in answer.json()["detail"])


def test_no_name_or_subject_makes_a_header_of_its_own(doors: LiveDoors, visit: TestClient) -> None:
    nasty = {"name": 'Eve\r\nBcc: a@b.c "<x>"', "subject": "one\r\nX-Loop: x\x00\u2028two", "text": "\x00 text \ud800"}
    message = EVE | {"name": nasty["name"], "subject": nasty["subject"]}
    ref = visit.post("/api/messages", json=message, headers=BEARER).json()["ref"]
    raw = doors.reading.raw(ref).raw
    assert not re.search(rb"(?m)^(Bcc|X-Loop)", raw)
    assert doors.reading.mail(ref).verdict == "answer"


def test_without_the_token_nothing_is_taken(doors: LiveDoors, visit: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = visit.post("/api/messages", json=EVE, headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {"detail": "the token is missing or wrong"}
    assert list(doors.reading.mails()) == []


def test_without_a_configured_token_there_is_no_api(tmp_path: Path) -> None:
    doors = web_doors(tmp_path, web={"token": {"file": "token"}})
    without = doors.config.model_copy(update={"web": doors.config.web.model_copy(update={"token": None})})
    doors.config = without
    assert client_of(doors).post("/api/messages", json=EVE, headers=BEARER).status_code == 404
    doors.close()


def test_the_openapi_document_describes_the_api_and_nothing_else(visit: TestClient) -> None:
    document = visit.get("/api/openapi.json").json()
    assert list(document["paths"]) == ["/api/messages"]
    fields = document["components"]["schemas"]["Message"]["properties"]
    assert {"from", "name", "subject", "text", "language", "channel", "id"} == set(fields)
    assert document["components"]["securitySchemes"]


# --- the form ---------------------------------------------------------------------------------------------------------


def sheet_of(visit: TestClient) -> str:
    found = re.search(r'name="sheet" value="([^"]+)"', visit.get("/feedback").text)
    assert found
    return found[1]


def test_the_form_takes_a_message_once_however_often_it_is_sent(doors: LiveDoors, visit: TestClient) -> None:
    fields = {"text": COMPLAINT, "email": "eve@example.org", "name": "Eve", "sheet": sheet_of(visit), "lang": "en"}
    first, again = visit.post("/feedback", data=fields), visit.post("/feedback", data=fields)
    (mail,) = doors.reading.mails()
    assert mail.id in first.text
    assert mail.id in again.text
    assert "You will get an e-mail" in first.text
    assert len(doors.effects.due(EffectKind.ACKNOWLEDGE, NOON, 10)) == 1


def test_the_form_gives_back_what_was_written_when_something_is_wrong(doors: LiveDoors, visit: TestClient) -> None:
    for fields, said in (
        ({"text": " ", "name": "Eve & <Co>"}, "Please write a message"),
        ({"text": PARCEL, "email": "eve@"}, "does not look like"),
        ({"text": "x" * 20_001}, "too long"),
        ({"text": PARCEL}, "open for too long"),
    ):
        answer = visit.post("/feedback", data=fields | ({"sheet": sheet_of(visit)} if "too long" not in said else {}))
        assert answer.status_code == 422
        assert said in answer.text
    assert "Eve &amp; &lt;Co&gt;" in visit.post("/feedback", data={"text": " ", "name": "Eve & <Co>"}).text
    assert list(doors.reading.mails()) == []


def test_a_robot_that_fills_in_every_field_is_thanked_and_forgotten(doors: LiveDoors, visit: TestClient) -> None:
    fields = {"text": COMPLAINT, "sheet": sheet_of(visit), "website": "https://spam.example"}
    answer = visit.post("/feedback", data=fields)
    assert (answer.status_code, "arrived under the reference" in answer.text) == (200, True)
    assert list(doors.reading.mails()) == []


def test_a_page_that_was_open_too_long_is_sent_once_more(doors: LiveDoors, visit: TestClient) -> None:
    fields = {"text": COMPLAINT, "sheet": sheet_of(visit)}
    pass_by(doors, hours=13)
    answer = visit.post("/feedback", data=fields)
    assert answer.status_code == 422
    fields["sheet"] = re.search(r'name="sheet" value="([^"]+)"', answer.text)[1]  # type: ignore[index]
    assert visit.post("/feedback", data=fields).status_code == 200


def test_where_the_form_is_off_there_is_none(tmp_path: Path) -> None:
    doors = web_doors(tmp_path, web={"form": False})
    assert client_of(doors).get("/feedback").status_code == 404
    doors.close()


def test_the_log_holds_no_addresses_links_or_words(
    doors: LiveDoors, visit: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx2")  # the test's own client: it names what it asks for
    visit.post("/api/messages", json=EVE | {"text": COMPLAINT}, headers=BEARER)
    visit.get(status_link(doors, "7K3M-9QTX"))
    told = "".join(one.getMessage() for one in caplog.records) + "".join(capsys.readouterr())
    for secret in ("eve@example.org", "Terrible", "/s/", TOKEN):
        assert secret not in told


# --- for monitors -----------------------------------------------------------------------------------------------------


def families(page: str) -> dict[str, Any]:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    return {family.name: family for family in text_string_to_metric_families(page)}


def test_healthz_has_the_verdict_of_status_and_tells_no_more(doors: LiveDoors, visit: TestClient) -> None:
    for name in doors.config.mailbox:
        doors.reading.note_pass(f"mailbox.{name}", doors.clock.now())
    assert (visit.get("/healthz").status_code, visit.get("/healthz").json()) == (200, {"healthy": True, "problems": 0})
    pass_by(doors, hours=1)
    answer = visit.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"healthy": False, "problems": 1})


def test_metrics_are_openmetrics_and_count_what_happened(doors: LiveDoors, visit: TestClient) -> None:
    visit.post("/api/messages", json=EVE | {"text": COMPLAINT}, headers=BEARER)
    doors.reading.note_pass("mailbox.support", doors.clock.now())
    answer = visit.get("/metrics")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    found = families(answer.text)
    samples = {(one.name, *one.labels.values()): one.value for family in found.values() for one in family.samples}
    assert samples["firstline_mails_total", "acknowledged"] == 1
    assert samples["firstline_effects", "intended"] == 1
    assert samples["firstline_tickets", "open"] == 1
    assert samples["firstline_promises", "respond", "open"] == 1
    assert samples["firstline_mailbox_last_pass_timestamp_seconds", "support"] == NOON.timestamp()
    assert samples["firstline_mailbox_up", "support"] == 1
    assert "eve@example.org" not in answer.text


def test_the_dashboard_asks_only_for_what_there_is(visit: TestClient) -> None:
    dashboard = (ROOT / "docs/grafana.json").read_text(encoding="utf-8")
    asked = {name.removesuffix("_total") for name in re.findall(r"firstline_\w+", dashboard)}
    assert len(asked) > 10
    assert asked <= set(families(visit.get("/metrics").text))


# --- a tracker's word -------------------------------------------------------------------------------------------------


@pytest.fixture
def mirrored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, list[tuple[str, str]]]]:
    """Doors with an outside tracker, and what was looked at there."""
    tracker = {"kind": "gitlab", "url": "https://gitlab.example.com", "project": "a/b", "token": {"file": "token"}}
    doors = web_doors(tmp_path, tracker=tracker)
    looked: list[tuple[str, str]] = []
    monkeypatch.setattr("pipeline.web.hooks.mirror_now", lambda _, name, ticket: looked.append((name, ticket)))
    yield client_of(doors), looked
    doors.close()


@pytest.mark.parametrize(
    ("body", "ticket"),
    [
        ({"issue": {"number": 12, "id": 99}}, "12"),
        ({"object_attributes": {"iid": 7}}, "7"),
        ({"object_attributes": {"iid": 3, "note": "x"}, "issue": {"iid": 7}}, "7"),
        ({"issue": {"key": "SHOP-1", "id": "1001"}}, "SHOP-1"),
        ({"ticket": {"id": 5}}, "5"),
        ({"id": "1-2"}, "1-2"),
    ],
)
def test_a_hook_makes_us_look_at_that_ticket(mirrored: Any, body: dict[str, Any], ticket: str) -> None:
    visit, looked = mirrored
    assert visit.post("/hooks/gitlab", json=body, headers=BEARER).status_code == 202
    assert looked == [("gitlab", ticket)]


def test_a_hook_is_believed_only_with_the_secret(mirrored: Any) -> None:
    import hashlib
    import hmac

    visit, looked = mirrored
    body = b'{"issue": {"number": 12}}'
    signed = "sha256=" + hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()
    for headers in ({}, {"X-Gitlab-Token": "x"}, {"X-Hub-Signature-256": signed[:-1] + "g"}, {"Authorization": TOKEN}):
        assert visit.post("/hooks/gitlab", content=body, headers=headers).status_code == 401
    assert visit.post("/hooks/gitlab", content=body + b" ", headers={"X-Hub-Signature-256": signed}).status_code == 401
    assert looked == []
    for headers in ({"X-Gitlab-Token": TOKEN}, {"X-Hub-Signature-256": signed}, BEARER):
        assert visit.post("/hooks/gitlab", content=body, headers=headers).status_code == 202
    assert len(looked) == 3


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"id": true}', b'{"issue": "x"}'])
def test_a_hook_without_an_id_is_refused(mirrored: Any, body: bytes) -> None:
    visit, looked = mirrored
    assert visit.post("/hooks/gitlab", content=body, headers=BEARER).status_code == 422
    assert looked == []
    assert visit.post("/hooks/unknown", content=body, headers=BEARER).status_code == 404
