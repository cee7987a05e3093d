"""Answering from the page, as a browser without a script does it: saved, put in, previewed, sent once, taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import accounts, answer
from pipeline.desk.answer import Pen
from pipeline.records.account import DeskRole
from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.store.audit import AuditFilter
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, DeskBrowser, browser_of, hire
from tests.web_doors import complained, pass_by, text_of, web_doors

WORDS = "We have found it.\n\nIt comes on Thursday."


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    hire(made)
    yield made
    made.close()


@pytest.fixture
def ref(doors: LiveDoors) -> str:
    return complained(doors)


@pytest.fixture
def anna(doors: LiveDoors) -> DeskBrowser:
    return browser_of(doors, DeskRole.AGENT)


def place(ref: str, more: str = "") -> str:
    return f"/desk/case/{ref}/answer{more}"


def page(browser: DeskBrowser, ref: str, query: str = "") -> str:
    answered = browser.get(place(ref, query))
    assert answered.status_code == 200, answered.text
    return answered.text


def fields(shown: str) -> dict[str, str]:
    """What a browser would send back of the editor."""
    form = shown.partition("data-draft")[2].partition("</form>")[0]
    found = dict(re.findall(r'name="(draft|version|csrf|back)" value="([^"]*)"', form))
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.S)
    assert text
    for name in ("cc", "subject"):
        value = re.search(rf'name="{name}" [^>]*value="([^"]*)"', form)
        assert value
        found[name] = html.unescape(value[1])
    chosen = re.search(r'<option value="(\w*)" selected', form)
    return {**found, "text": html.unescape(text[1]), "then": chosen[1] if chosen else ""}


def post(browser: DeskBrowser, ref: str, more: str = "", files: Any = None, **changed: str) -> Any:
    sent = {**fields(page(browser, ref)), **changed}
    return browser.post(place(ref, more), data=sent, files=files)


def pen(ref: str, role: DeskRole = DeskRole.AGENT) -> Pen:
    return Pen(ticket=ref, author=CAST[role])


def test_what_is_typed_is_kept_and_is_there_again(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    kept = post(anna, ref, text=WORDS, cc="carl@example.net", subject="About it", then="resolved", do="save")
    assert (kept.status_code, kept.headers["location"]) == (303, place(ref))
    again = fields(page(anna, ref))
    assert {name: again[name] for name in ("text", "cc", "subject", "then", "version")} == {
        "text": WORDS, "cc": "carl@example.net", "subject": "About it", "then": "resolved", "version": "1"
    }  # fmt: skip


def test_one_button_puts_a_saved_reply_behind_what_is_typed(anna: DeskBrowser, ref: str) -> None:
    assert 'value="saved:photo"' in page(anna, ref)
    assert post(anna, ref, text="Thank you.", do="saved:photo").status_code == 303
    assert fields(page(anna, ref))["text"].startswith("Thank you.\n\nSo that we can see what happened, please send")


def test_the_preview_is_the_mail_and_its_page_may_do_nothing(anna: DeskBrowser, ref: str) -> None:
    seen = post(anna, ref, text="<script>alert(1)</script> & so on", do="preview")
    shown = page(anna, ref, "?preview=yes")
    assert seen.headers["location"] == place(ref, "?preview=yes")
    assert "As plain text Hello Eve Miller, &lt;script&gt;alert(1)&lt;/script&gt; &amp; so on" in text_of(shown)
    assert "Kind regards Anna Agent" in text_of(shown)
    assert re.search(rf'<iframe sandbox [^>]*src="{place(ref)}/frame', shown)
    letter = anna.get(place(ref, "/frame"))
    assert "sandbox" in letter.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in letter.headers["content-security-policy"]
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; so on</p>" in letter.text


def test_files_are_attached_and_taken_off(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    large = b"x" * 2_000_000  # more than a body may have elsewhere
    post(anna, ref, files=[("files", ("slip.pdf", large, "application/pdf"))], text=WORDS, do="save")
    (kept,) = answer.draft_of(doors, pen(ref)).files
    assert (kept.name, kept.size) == ("slip.pdf", len(large))
    assert "slip.pdf" in page(anna, ref)
    post(anna, ref, do=f"remove:{kept.id}")
    assert answer.draft_of(doors, pen(ref)).files == ()
    refused = post(anna, ref, files=[("files", ("a", b"x" * (answer.MOST_BYTES + 1), ""))], text="Kept?", do="save")
    assert refused.status_code == 422
    assert "10 MB" in refused.text
    assert fields(refused.text)["text"] == "Kept?"


def test_nobody_may_send_that_much_elsewhere_or_not_signed_in(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    large = [("files", ("a", b"x" * 1_000_000, "text/plain"))]
    assert DeskBrowser(doors).post(place(ref), files=large).status_code == 413
    assert anna.post("/desk/account", files=large).status_code == 413
    assert anna.post(place(ref), files=[("files", ("a", b"x" * 13_000_000, "text/plain"))]).status_code == 413


def test_it_is_sent_once_however_often_the_button_is_pressed(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    form = {**fields(page(anna, ref)), "text": WORDS, "do": "send"}
    sent = [anna.post(place(ref, "/send"), data=form) for _ in range(3)]
    assert {one.status_code for one in sent} == {303}
    (given,) = doors.given_answers.of(ref)
    assert (given.text, given.state) == (WORDS, EffectState.INTENDED)
    (effect,) = doors.effects.left_over(EffectKind.ANSWER, EffectState.INTENDED)
    assert effect.letter.agent == "Anna Agent"  # type: ignore[attr-defined]
    after = page(anna, ref)
    assert "It is sent in some seconds." in after
    assert fields(after)["text"] == ""
    (line, *_) = doors.audit.find(AuditFilter(action="answer"))
    assert (line.subject, line.outcome, line.after["answer"]) == (ref, "done", given.message_id)


def test_undo_brings_the_words_back_and_says_when_it_is_too_late(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    post(anna, ref, "/send", text=WORDS, then="waiting", do="send")
    (given,) = doors.given_answers.of(ref)
    assert anna.submit(place(ref, "/undo"), key=given.key).status_code == 303  # type: ignore[attr-defined]
    again = fields(page(anna, ref))
    assert (again["text"], again["then"]) == (WORDS, "waiting")
    post(anna, ref, "/send", do="send")
    given = doors.given_answers.of(ref)[-1]
    doors.effects.claim([given.key], doors.clock.now())
    late: Any = anna.submit(place(ref, "/undo"), key=given.key)
    assert late.status_code == 409
    assert "too late to take it back" in late.text
    (line, *_) = doors.audit.find(AuditFilter(action="answer"))
    assert line.outcome == "refused"


def test_an_old_form_does_not_bring_a_sent_draft_back(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    form = {**fields(page(anna, ref)), "text": WORDS}
    anna.post(place(ref, "/send"), data={**form, "do": "send"})
    assert anna.post(place(ref), data={**form, "do": "save"}).status_code == 409
    assert answer.draft_of(doors, pen(ref)).version == 0


def test_two_windows_lose_neither_text(anna: DeskBrowser, ref: str) -> None:
    one = fields(page(anna, ref))
    anna.post(place(ref), data={**one, "text": "First window.", "do": "save"})
    anna.post(place(ref, "/send"), data={**one, "text": "Second window.", "do": "send"})
    shown = page(anna, ref)
    assert fields(shown)["text"] == "First window."
    assert "Second window." in shown
    post(anna, ref, do="forget")
    assert "Second window." not in page(anna, ref)


def test_colleagues_see_that_somebody_writes_and_not_what(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    post(anna, ref, text="Anna's own words", do="save")
    lea = browser_of(doors, DeskRole.LEAD)
    shown = page(lea, ref)
    assert "Anna Agent is writing to this customer, too." in shown
    assert "own words" not in shown
    mine = answer.draft_of(doors, pen(ref))
    stolen = {"csrf": accounts.csrf_of(lea.secret), "draft": mine.id, "version": str(mine.version)}
    for more in ("", "/send", "/discard"):
        lea.post(place(ref, more), data={**stolen, "text": "Lea", "do": "send"})
    assert answer.draft_of(doors, pen(ref)).typed.text == "Anna's own words"
    assert all(one.author == CAST[DeskRole.LEAD] for one in doors.given_answers.of(ref))


def test_those_who_only_label_do_not_answer(doors: LiveDoors, ref: str) -> None:
    dora = browser_of(doors, DeskRole.DATA)
    assert dora.get(place(ref)).status_code == 403
    assert dora.submit(place(ref, "/send"), text=WORDS).status_code == 403  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "x" * 60_000}, "at most 50,000"),
        ({"text": "Words", "cc": "nobody"}, "is not an address"),
        ({"text": "Words", "cc": "support@example.com"}, "address of ours"),
        ({"text": "Words", "subject": "a\nBcc: b@example.org"}, "line break"),
        ({"text": " "}, "says nothing"),
    ],
)
def test_what_can_not_be_sent_is_told_and_still_in_the_form(
    anna: DeskBrowser, ref: str, wrong: dict[str, str], said: str
) -> None:
    refused = post(anna, ref, "/send", **wrong, do="send")
    assert refused.status_code == 422
    assert said in html.unescape(refused.text)
    assert fields(refused.text)["text"] == wrong["text"]


def test_a_script_hears_the_version_and_of_a_conflict(anna: DeskBrowser, ref: str) -> None:
    headers = {"Accept": "application/json", "X-CSRF": accounts.csrf_of(anna.secret)}
    one = fields(page(anna, ref))
    kept = anna.post(place(ref), data={**one, "text": "a"}, headers=headers)
    assert kept.json() == {"version": 1, "conflict": False}
    assert anna.post(place(ref), data={**one, "text": "b"}, headers=headers).json()["conflict"]
    wrong = anna.post(place(ref), data={**one, "cc": "nobody"}, headers=headers)
    assert (wrong.status_code, "is not an address" in wrong.json()["detail"]) == (422, True)


@pytest.mark.parametrize("name", ["7K3M-9QTX", "nonsense", "..%2f..%2fetc"])
def test_a_case_that_is_not_there_has_no_answer(anna: DeskBrowser, name: str) -> None:
    assert anna.get(place(name)).status_code == 404
    assert anna.submit(place(name, "/send"), text="x").status_code == 404  # type: ignore[attr-defined]


def test_what_has_gone_out_long_ago_is_no_news(doors: LiveDoors, anna: DeskBrowser, ref: str) -> None:
    post(anna, ref, "/send", text=WORDS, do="send")
    (given,) = doors.given_answers.of(ref)
    doors.effects.claim([given.key], doors.clock.now())
    doors.effects.settle([Outcome(key=given.key, state=EffectState.DONE)], doors.clock.now())
    assert "It was sent." in page(anna, ref)
    pass_by(doors, minutes=11)
    assert "It was sent." not in page(anna, ref)
