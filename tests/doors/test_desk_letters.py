"""The editor of what customers read: refuses what is bad, loses nothing, and lets nothing of a text run in the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk.texts.history import history_of
from pipeline.desk.texts.opened import open_text
from pipeline.desk.texts.places import place_of
from pipeline.records.account import DeskRole
from pipeline.store.audit import AuditFilter
from pipeline.wiring.live_doors import LiveDoors
from tests import bad_templates as bad
from tests.desk_cast import CAST, DeskBrowser, browser_of, hire
from tests.doors.test_texts import letter, own_doors, path_of
from tests.samples import table
from tests.web_doors import complained, pass_by, text_of

PLACE = "/desk/letters/letter/en/delivery"
EVIL = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = own_doors(tmp_path, web={"limit": "0"})
    hire(made)
    yield made
    made.close()


@pytest.fixture
def anna(doors: LiveDoors) -> DeskBrowser:
    return browser_of(doors, DeskRole.AGENT)


@pytest.fixture
def lea(doors: LiveDoors) -> DeskBrowser:
    return browser_of(doors, DeskRole.LEAD)


def fields(browser: Any, path: str = PLACE) -> dict[str, str]:
    """What stands in the editor, as a browser would send it again."""
    page = browser.get(path).text
    areas = {
        name: html.unescape(text)
        for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.S)
    }
    inputs = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input[^>]*name="(opened|why)"[^>]*value="([^"]*)"', page)
    }
    return areas | inputs


def send(browser: Any, what: str, path: str = PLACE, **changes: str) -> Any:
    return browser.submit(f"{path}/{what}", **{**fields(browser, path), **changes})


# --- one who edits ----------------------------------------------------------------------------------------------------


def test_the_matrix_leads_to_every_text_and_says_how_it_stands(doors: LiveDoors, anna: Any) -> None:
    path_of(doors, letter(doors, "late", "de")).unlink()
    broken = path_of(doors, letter(doors, "neutral", "fr"))
    broken.write_text(broken.read_text() + "{{ nonsense }}")
    page = anna.get("/desk/letters").text
    for one in ("letter/en/delivery-complaint", "saved/fi/photo", "letter/es/base", "letter/de/survey-csat"):
        assert f'href="/desk/letters/{one}"' in page
    told = text_of(page)
    assert "there is no variable &#39;nonsense&#39;" in told
    assert re.search(r"\d+ × missing", told)
    assert len(page) < 100_000


def test_a_letter_that_was_changed_and_is_not_in_use_yet_says_so(doors: LiveDoors, anna: Any) -> None:
    doors.versions.take_up(doors.letters.versions, doors.clock.now())
    assert "changed, not in use yet" not in text_of(anna.get("/desk/letters").text)
    send(anna, "save", text=fields(anna)["text"].replace("Thank you", "Thanks"), why="shorter")
    assert "1 × changed, not in use yet" in text_of(anna.get("/desk/letters").text)
    assert "takes it up within seconds" in text_of(anna.get(PLACE).text)
    pass_by(doors, minutes=1)
    doors.versions.take_up(doors.letters.versions, doors.clock.now())
    assert "changed, not in use yet" not in text_of(anna.get("/desk/letters").text)
    assert "In use since" in text_of(anna.get(PLACE).text)


def test_a_base_is_checked_with_the_letters_that_are_made_with_it(anna: Any) -> None:
    place = "/desk/letters/letter/en/base"
    text = fields(anna, place)["text"].replace("block body", "block bodyy")
    told = text_of(send(anna, "check", place, text=text).text)
    assert "en/neutral.txt" in told
    anna.submit(f"{place}/discard")
    assert "0 would get something else" in text_of(send(anna, "difference", place).text)


def test_the_same_text_in_the_other_languages_stands_beside_it(anna: Any) -> None:
    page = text_of(anna.get("/desk/letters/letter/en/neutral").text)
    for words in (
        "vielen Dank für Ihre Nachricht",
        "Merci de nous avoir écrit",
        "{{ subject or &#39;su mensaje&#39; }}",
    ):
        assert words in page


def test_letters_that_a_mailbox_has_for_itself_are_edited_in_its_folder(tmp_path: Path) -> None:
    own = tmp_path / "shop/en"
    own.mkdir(parents=True)
    (own / "neutral.txt").write_text("Subject: Shop\n\nHello from the shop. {{ ref }} {{ respond_by }} {{ opens }}\n")
    support = {**table()["mailbox"]["support"], "templates": str(tmp_path / "shop")}
    doors = own_doors(tmp_path, web={"limit": "0"}, mailbox={"support": support})
    hire(doors)
    anna: Any = browser_of(doors, DeskRole.AGENT)
    listed = anna.get("/desk/letters?mailbox=support").text
    assert "/desk/letters/letter/en/neutral?mailbox=support" in listed
    assert "letter/en/delivery" not in listed
    assert anna.get("/desk/letters?mailbox=other").status_code == 404
    page = anna.get("/desk/letters/letter/en/neutral?mailbox=support").text
    for what in ("check", "preview", "difference", "save", "send", "events", "versions"):
        assert f"/desk/letters/letter/en/neutral/{what}?mailbox=support" in page
    typed = {"text": "Subject: Shop\n\nGood day. {{ ref }} {{ respond_by }} {{ opens }}", "page": "", "why": "new"}
    opened = open_text(doors.config, place_of(doors.config, "letter", "en", "neutral", "support")).mark
    done = anna.submit("/desk/letters/letter/en/neutral/save?mailbox=support", opened=opened, **typed)
    assert (done.status_code, done.headers["location"]) == (
        303,
        "/desk/letters/letter/en/neutral?mailbox=support#saved",
    )
    assert "Good day." in (own / "neutral.txt").read_text()
    assert "Good day." not in path_of(doors, letter(doors, "neutral")).read_text()
    shown = anna.submit("/desk/letters/letter/en/neutral/preview?mailbox=support", opened="", **typed)
    assert "Good day." in text_of(shown.text)
    base = fields(anna, "/desk/letters/letter/en/base")
    assert anna.submit("/desk/letters/letter/en/base/check", **base).status_code == 200
    doors.close()


def test_a_sentence_is_changed_and_the_next_page_says_who_did_it(doors: LiveDoors, anna: Any) -> None:
    text = fields(anna)["text"].replace("Thank you", "Thank you very much")
    assert send(anna, "save", text=text, why="warmer").status_code == 303
    assert "Thank you very much" in path_of(doors, letter(doors)).read_text()
    page = text_of(anna.get(PLACE).text)
    assert "Saved by Anna Agent" in page
    assert "warmer" in page
    (line, *_) = doors.audit.find(AuditFilter(action="save-text"))
    assert (line.account, line.subject, line.outcome) == (CAST[DeskRole.AGENT], "en/delivery", "done")
    assert line.after["why"] == "warmer"


def test_without_a_reason_nothing_is_written_and_nothing_typed_is_lost(doors: LiveDoors, anna: Any) -> None:
    text = fields(anna)["text"].replace("Thank you", "Thanks a million")
    answer = send(anna, "save", text=text, why="")
    assert answer.status_code == 422
    assert "the reason is missing" in answer.text
    assert "Thanks a million" in answer.text
    assert "Thanks a million" not in path_of(doors, letter(doors)).read_text()
    assert "Thanks a million" in fields(browser_of(doors, DeskRole.AGENT))["text"]  # in another browser, tomorrow
    assert "Thanks a million" not in fields(browser_of(doors, DeskRole.LEAD))["text"]


def test_a_finding_stands_with_its_line_and_a_script_hears_it_too(anna: Any) -> None:
    text = fields(anna)["text"].replace("Thank you", "Thank you {{ nmae }}")
    page = text_of(send(anna, "check", text=text).text)
    assert "line 6" in page
    assert "did you mean &#39;name&#39;?" in page
    assert "Thank you {{ nmae }}" in page
    told = anna.post(
        f"{PLACE}/check",
        data={**fields(anna), "text": text},
        headers={"Accept": "application/json", "X-CSRF": csrf(anna)},
    ).json()
    assert told["well"] is False
    (found,) = told["findings"]
    assert (found["line"], found["severity"]) == (6, "error")
    assert "{{ nmae }}" in found["words"]


def csrf(browser: Any) -> str:
    from pipeline.desk import accounts

    return accounts.csrf_of(browser.secret)


def test_every_field_of_the_page_is_made_again_as_it_was(anna: Any) -> None:
    text = '\n\nSubject: x\n\n  a & b <c> "d"\n\n'
    send(anna, "check", text=text, page=EVIL, why='"quoted"')
    again = fields(anna)
    assert again["text"] == text.replace("\r\n", "\n")
    assert again["page"] == EVIL
    assert again["why"] == '"quoted"'


# --- what is bad ------------------------------------------------------------------------------------------------------

BAD = [  # letter, text, HTML part, what is wrong
    *(("neutral", bad.HEAD + text, "", code) for text, code in bad.BODIES),
    *(("neutral", f"Subject: {one}\n\nHello.\n", "", code) for one, code in bad.SUBJECTS),
    *(("neutral", bad.HEAD + "Hello.", page, code) for page, code in bad.PAGES),
    *(("delivery-complaint", bad.HEAD + text, "", code) for text, code in bad.COMPLAINTS),
]


@pytest.fixture(scope="module")
def bad_browser(bad_doors: LiveDoors) -> Any:
    return browser_of(bad_doors, DeskRole.AGENT)


@pytest.fixture(scope="module")
def bad_doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDoors]:
    made = own_doors(tmp_path_factory.mktemp("texts"), web={"limit": "0"})
    hire(made)
    yield made
    made.close()


@pytest.mark.parametrize(("name", "text", "page", "code"), BAD, ids=range(len(BAD)))
def test_no_bad_template_is_saved_and_nothing_of_it_runs(
    bad_doors: LiveDoors, bad_browser: Any, name: str, text: str, page: str, code: str
) -> None:
    """On the page what was typed is text and nothing else, whatever it holds."""
    pass_by(bad_doors, minutes=2)  # so many at once would be too many
    path = f"/desk/letters/letter/en/{name}"
    file = path_of(bad_doors, letter(bad_doors, name))
    before, opened = file.read_bytes(), open_text(bad_doors.config, letter(bad_doors, name)).mark
    answer = bad_browser.submit(f"{path}/save", text=text, page=page, opened=opened, why="try")
    assert answer.status_code == 422, code
    assert file.read_bytes() == before
    assert not (file.parent / f"{name}.html").exists()
    assert 'class="error"' in answer.text
    assert_harmless(answer.text)


class _Elements(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(page: str) -> None:
    """No element but those of our own page, and no attribute that runs something."""
    found = _Elements(page).found
    scripts = [attributes["src"] for tag, attributes in found if tag == "script"]
    assert [str(src).partition("?")[0] for src in scripts] == ["/desk/static/desk.js"]
    assert not {tag for tag, _ in found} & {"img", "object", "embed", "svg", "style", "base", "video", "audio"}
    assert not [name for _, attributes in found for name in attributes if name.startswith("on") or name == "style"]
    links = [attributes.get("href") or attributes.get("action") or "/" for _, attributes in found]
    assert all(str(link).startswith(("/", "#")) for link in links)
    assert all("sandbox" in attributes for tag, attributes in found if tag == "iframe")


@pytest.mark.parametrize("what", ["check", "preview", "difference", "send"])
@pytest.mark.parametrize(("name", "text", "page"), [(one[0], one[1], one[2]) for one in BAD[::40]])
def test_a_bad_template_is_refused_by_each_button(
    bad_doors: LiveDoors, bad_browser: Any, what: str, name: str, text: str, page: str
) -> None:
    pass_by(bad_doors, minutes=2)  # so many at once would be too many
    answer = bad_browser.submit(f"/desk/letters/letter/en/{name}/{what}", text=text, page=page, opened="x", why="try")
    assert answer.status_code == (200 if what == "check" else 422)
    assert_harmless(answer.text)


def test_a_letter_to_a_hostile_customer_shows_nothing_of_theirs_but_text(doors: LiveDoors, anna: Any) -> None:
    complained(doors, name=EVIL, subject=EVIL)
    text = fields(anna)["text"]
    for what in ("preview", "difference"):
        answer = send(anna, what, text=text + "{# other #}")
        assert answer.status_code == 200
        assert_harmless(answer.text)


def test_the_frame_of_a_page_may_do_nothing_at_all(doors: LiveDoors, anna: Any) -> None:
    answer = anna.get(f"{PLACE}/frame")
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    "path",
    [
        "letter/en/..%2f..%2fconfig", "letter/..%2f../passwd", "letter/%2e%2e/config", "saved/en/%2e%2e%2fdelivery",
        "article/en/%2fetc%2fpasswd", "letter/en/delivery%00", "letter/en/nonsense", "nonsense/en/delivery",
        "letter/xx/delivery", "letter/en/delivery?mailbox=../x", "letter/en/delivery.txt",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_letters(anna: Any, path: str) -> None:
    place, _, query = path.partition("?")
    assert anna.get(f"/desk/letters/{path}").status_code in (404, 422)
    answer = anna.submit(f"/desk/letters/{place}/save?{query}", text="Subject: x\n\nx", opened="", why="try")
    assert answer.status_code in (404, 405, 422)


# --- others -----------------------------------------------------------------------------------------------------------


def test_an_edit_on_disk_is_shown_beside_what_was_typed_and_both_ways_are_open(doors: LiveDoors, anna: Any) -> None:
    opened, path = fields(anna), path_of(doors, letter(doors))
    mine = opened["text"].replace("Thank you", "Mine: thank you")
    path.write_text(path.read_text().replace("Thank you", "Theirs: thank you"))
    answer = anna.submit(f"{PLACE}/save", **{**opened, "text": mine, "why": "mine"})
    assert answer.status_code == 409
    assert "Theirs: thank you" in path.read_text()
    page = text_of(answer.text)
    assert "-Theirs: thank you" in page
    assert "+Mine: thank you" in page
    # Going on from theirs, what was typed stands beside it until it is saved.
    again = fields(anna)
    assert "Mine: thank you" in again["text"]
    assert anna.submit(f"{PLACE}/theirs", **again).status_code == 303
    theirs = fields(anna)
    assert "Theirs: thank you" in theirs["text"]
    assert "Mine: thank you" in theirs["beside"]
    both = theirs["text"].replace("Theirs: thank you", "Both: thank you")
    assert anna.submit(f"{PLACE}/save", **{**theirs, "text": both, "why": "both"}).status_code == 303
    assert "Both: thank you" in path.read_text()
    assert fields(anna).get("beside", "") == ""


def test_after_a_conflict_saving_again_is_meant(doors: LiveDoors, anna: Any) -> None:
    opened, path = fields(anna), path_of(doors, letter(doors))
    path.write_text(path.read_text().replace("Thank you", "Theirs: thank you"))
    mine = opened["text"].replace("Thank you", "Mine: thank you")
    anna.submit(f"{PLACE}/save", **{**opened, "text": mine, "why": "mine"})
    seen = fields(anna)
    assert anna.submit(f"{PLACE}/save", **{**seen, "why": "mine"}).status_code == 303
    assert "Mine: thank you" in path.read_text()
    assert any("Theirs" in text for text in _texts(doors))


def _texts(doors: LiveDoors) -> list[str]:
    found = history_of(doors, letter(doors))
    return [text for one in found for text in doors.text_versions.sources(one.files).values()]


def test_two_who_edit_one_letter_see_each_other_and_one_is_told(doors: LiveDoors, anna: Any, lea: Any) -> None:
    first = fields(anna)
    second = fields(lea)
    assert "Anna Agent has this text open." in text_of(lea.get(PLACE).text)
    told = lea.get(f"{PLACE}/events?doing=writes").json()
    assert told == {"others": [{"name": "Anna Agent", "doing": "looks"}], "mark": second["opened"]}
    assert "Lea Lead is changing this text." in text_of(anna.get(PLACE).text)
    assert (
        anna.submit(f"{PLACE}/save", **{**first, "text": first["text"] + "{# anna #}", "why": "a"}).status_code == 303
    )
    assert lea.get(f"{PLACE}/events").json()["mark"] != second["opened"]
    late = lea.submit(f"{PLACE}/save", **{**second, "text": second["text"] + "{# lea #}", "why": "b"})
    assert late.status_code == 409
    assert "{# lea #}" in late.text
    assert "{# anna #}" in path_of(doors, letter(doors)).read_text()


def test_going_back_is_one_click(doors: LiveDoors, anna: Any) -> None:
    first = path_of(doors, letter(doors)).read_text()
    send(anna, "save", text=fields(anna)["text"].replace("Thank you", "Thanks"), why="shorter")
    page = anna.get(f"{PLACE}/versions").text
    marks = re.findall(r'name="mark" value="(\w+)"><input type="hidden" name="opened" value="(\w+)"', page)
    assert len(marks) == 1
    assert "shorter" in page
    assert anna.submit(f"{PLACE}/restore", mark=marks[0][0], opened=marks[0][1]).status_code == 303
    assert path_of(doors, letter(doors)).read_text() == first
    again = anna.submit(f"{PLACE}/restore", mark=marks[0][0], opened="stale")
    assert again.status_code == 303  # it is like that already
    assert anna.submit(f"{PLACE}/restore", mark="0" * 16, opened="x").status_code == 404


def test_a_saved_reply_and_a_help_page_have_the_same_editor(doors: LiveDoors, anna: Any) -> None:
    assert anna.submit("/desk/letters/new", kind="saved", name="greeting", language="en").status_code == 303
    place = "/desk/letters/saved/en/greeting"
    text = "Description: Hello\n\nHello {{ name }}!\n"
    assert send(anna, "save", place, text=text.replace("name", "nmae"), why="new").status_code == 422
    shown = send(anna, "preview", place, text=text)
    assert "Hello Eve Miller!" in text_of(shown.text)
    assert send(anna, "save", place, text=text, why="new").status_code == 303
    assert (path_of(doors, letter(doors)).parent / "saved/greeting.txt").read_text() == text
    page = "/desk/letters/article/en/parcel"
    refused = send(anna, "save", page, text="Title: Parcels\n\nWhere?", why="new")
    assert "a line &#39;Link: https://…&#39; is missing" in text_of(refused.text)
    assert (
        send(anna, "save", page, text="Title: Parcels\nLink: https://example.com/p\n\nWhere?", why="new").status_code
        == 303
    )
    for name in ("../x", "A B", ""):
        assert anna.submit("/desk/letters/new", kind="saved", name=name, language="en").status_code == 422


def test_whoever_checks_without_a_pause_is_asked_to_wait_and_keeps_what_they_typed(doors: LiveDoors, anna: Any) -> None:
    typed = fields(anna) | {"text": "Subject: x\n\nkept all the same"}
    site = anna.app.state.site  # asked directly, as so many looks would take a minute
    while site.tried.admits(CAST[DeskRole.AGENT]):
        pass
    answer = anna.submit(f"{PLACE}/check", **typed)
    assert answer.status_code == 429
    assert "kept all the same" in fields(anna)["text"]


def test_a_text_for_data_staff_is_not_there(doors: LiveDoors) -> None:
    dora: Any = browser_of(doors, DeskRole.DATA)
    assert dora.get("/desk/letters").status_code == 403
    assert dora.get(PLACE).status_code == 403
    assert "/desk/letters" not in dora.get("/desk/today").text


def test_a_case_leads_to_the_template_of_its_letter_and_says_whether_it_has_changed(
    doors: LiveDoors, anna: Any
) -> None:
    doors.versions.take_up(doors.letters.versions, doors.clock.now())
    ref = complained(doors, version=doors.letters.loaded["en", "neutral"].version)
    page = anna.get(f"/desk/case/{ref}").text
    (link,) = re.findall(r'href="(/desk/letters/letter/en/neutral\?sent=\w+)"', page)
    assert "got this text as it is now" in anna.get(link).text
    place = "/desk/letters/letter/en/neutral"
    assert send(anna, "save", place, text=fields(anna, place)["text"] + "{# more #}", why="more").status_code == 303
    assert "the text has changed since" in anna.get(link).text


def test_a_help_page_shows_the_mails_that_it_would_be_offered_to(doors: LiveDoors, anna: Any) -> None:
    asking = {"subject": "Gift wrapping", "text": "Do you offer gift wrapping with ribbons for birthday presents?"}
    complained(doors, **asking)
    complained(
        doors, email="bob@example.org", number=2, subject="Opening", text="When do you open on Saturday, please?"
    )
    page = "/desk/letters/article/en/gift-wrapping"
    text = (
        "Title: Gift wrapping\nLink: https://example.com/gift\n\nDo you wrap birthday presents? Ribbons for a gift?\n"
    )
    told = text_of(send(anna, "offers", page, text=text).text)
    assert "questions in this language" in told
    assert re.search(r"1 would be offered it; as it is now, 0\. Gift wrapping", told), told
    assert send(anna, "offers", page, text="Title: x\n").status_code == 422
    assert doors.articles.names == {key for key in doors.articles.names if key[1] != "gift-wrapping"}  # nothing is kept


def test_a_link_in_place_of_a_text_is_said_on_its_page_and_stops_no_other(doors: LiveDoors, anna: Any) -> None:
    file = path_of(doors, letter(doors, "neutral", "de"))
    file.unlink()
    file.symlink_to("/etc/passwd")
    answer = anna.get("/desk/letters/letter/de/neutral")
    assert answer.status_code == 422
    assert "it is a link, and links are not followed" in answer.text
    assert "root:" not in answer.text
    assert anna.get("/desk/letters/letter/en/neutral").status_code == 200
    assert anna.get("/desk/letters").status_code == 200
