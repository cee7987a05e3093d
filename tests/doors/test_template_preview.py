"""Letters looked at before they are sent: over real mails, the hard ones first, as text and as a page; and any mail
at all put into every shipped letter.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.clock import FakeClock
from pipeline.config.load import load
from pipeline.desk.preview import Wish, look
from pipeline.engine.shared import Engine
from pipeline.errors import NotFoundError, TemplateError, UsageError
from pipeline.letter.message import compose
from pipeline.letter.values import values
from pipeline.records.letter import Letter
from pipeline.replies import preview
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.page import render
from pipeline.replies.preview import NOW, PreviewCase, Variant
from pipeline.replies.sandbox import Printed
from pipeline.wiring.live_doors import LiveDoors, build
from tests.acceptance.test_template_versions import CONFIG as VERSIONED_LETTERS
from tests.desk import ROOT, letter
from tests.doors.test_route import CURSOR, Fixed, take
from tests.samples import NOON, labels, raw_mail
from tests.unit.letter.test_message import CONFIG, effect
from tests.unit.replies.test_letters import write

TEXT = 'Subject: Got it [{{ ref }}] {{ subject }}\n\n{% extends "base.txt" %}{% block body %}First.{% endblock %}'
FILES = {
    "en/base.txt": "Hello {{ name }},\n\n{% block body %}{% endblock %}\n{{ respond_by }}\n",
    "de/base.txt": "Hallo {{ name }},\n\n{% block body %}{% endblock %}\n{{ respond_by }}\n",
    "en/delivery.txt": TEXT,
    "de/delivery.txt": TEXT.replace("Got it", "Angekommen").replace("First", "Erstens"),
    "en/delivery.html": "<p>Hello <b>{{ name }}</b>, about {{ subject }}.</p>\n",
}
HARD = ["<b>win</b>", "אין לי חבילה עדיין?", "parcel " * 40, " "]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for file, text in FILES.items():
        (tmp_path / "templates").mkdir(exist_ok=True)
        write(tmp_path / "templates", file, text)
    file = tmp_path / "config.toml"
    file.write_text(VERSIONED_LETTERS, encoding="utf-8")
    return file


@pytest.fixture
def doors(config: Path) -> Iterator[LiveDoors]:
    made = build(load(config), FakeClock(NOON))
    yield made
    made.close()


def answered(doors: LiveDoors, subjects: list[str], topic: str = "delivery") -> list[str]:
    """Mails of the ledger with these subjects, each newer than the one before; returns their ids."""
    route, ids = doors.route(Fixed(labels(topic))), []
    for subject in subjects:
        number = len(list(doors.reading.mails())) + 1
        doors.clock.pass_by(timedelta(minutes=1))
        data = letter(number, sender=f"Eve <eve{number}@example.org>", subject=subject)
        judged, _ = route.take([raw_mail(number, data, received=doors.clock.now())], CURSOR)
        ids += [one.id for one in judged]
    return ids


def subjects(variants: list[Variant]) -> list[str]:
    return [variant.case.subject for variant in variants]


def run(config: Path, *words: str, expect: int = 0) -> str:
    done = CliRunner().invoke(app, ["--config", str(config), "template", "preview", *words])
    code = getattr(done.exception, "exit_code", done.exit_code)
    assert code == expect, (done.output, done.exception)
    return done.output


# --- which mails ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "subject", "sure", "found"),
    [
        ("Eve", "Where is it?", True, ()),
        ("", "Where is it?", True, ("no name",)),
        ("Eve", "  ", True, ("no subject",)),
        ("Eve", "x" * 121, True, ("very long subject",)),
        ("Eve", "a < b", True, ("HTML in the subject",)),
        ("שרה", "hello", True, ("right-to-left",)),
        ("Eve", "مرحبا", False, ("right-to-left", "unsure")),
    ],
)
def test_what_is_hard_about_a_mail(name: str, subject: str, sure: bool, found: tuple[str, ...]) -> None:
    assert preview.traits(name, subject, sure=sure) == found


def case(about: str, *traits: str) -> PreviewCase:
    return PreviewCase(about=about, mail_id="", subject="", traits=traits, values={})


def test_the_hard_ones_come_first_one_of_each_kind() -> None:
    mails = [case("a"), case("b", "x"), case("c", "x"), case("d", "x", "y"), case("e", "y")]
    assert [one.about for one in preview.hard_ones_first(mails, 4)] == ["d", "b", "a", "c"]


def test_real_mails_of_this_letter_are_shown_in_every_language_the_hard_ones_first(doors: LiveDoors) -> None:
    answered(doors, ["plain 1", *HARD, "plain 2"])
    variants = look(doors, Wish(name="delivery", last=5))
    assert [variant.language for variant in variants] == ["de", "en"] * 5
    shown = {one.strip() for one in subjects(variants)}
    assert {one.strip() for one in HARD} < shown
    assert "plain 2" in shown
    assert "plain 1" not in shown
    begins = {variant.language: variant.now.subject[:6] for variant in variants if variant.now}
    assert begins == {"de": "Angeko", "en": "Got it"}


def test_mails_of_other_letters_are_left_out(doors: LiveDoors) -> None:
    answered(doors, ["about billing"], topic="billing")
    answered(doors, ["about a parcel"])
    assert subjects(look(doors, Wish(name="delivery", language="en"))) == ["about a parcel"]


def test_without_such_mails_the_samples_serve(doors: LiveDoors) -> None:
    variants = look(doors, Wish(name="delivery", language="de", last=30))
    assert len(variants) > 8
    assert variants[-1].case.about == "ordinary sample"
    assert all(variant.now and variant.problem == "" for variant in variants)
    assert "Donnerstag, 19. November" in variants[-1].now.text  # type: ignore[union-attr]


def test_one_mail_of_the_ledger_is_named(doors: LiveDoors) -> None:
    first, _ = answered(doors, ["first", "second"])
    assert subjects(look(doors, Wish(name="delivery", language="en", mail_id=first))) == ["first"]


def test_a_mail_that_was_never_answered_is_shown_as_if_it_were(doors: LiveDoors) -> None:
    route = doors.route(Fixed(labels()))
    (judged,) = take(route, letter(1, subject="for somebody else", to="else@example.net"))
    assert not judged.decision.acknowledge
    (variant,) = look(doors, Wish(name="delivery", language="en", mail_id=judged.id))
    assert variant.now is not None
    assert "for somebody else" in variant.now.subject


@pytest.mark.parametrize(
    "data", [letter(7, subject="from a file"), b"", b"\xff\xfe garbage", b"Subject: no sender\n\nx"]
)
def test_a_mail_from_a_file_is_shown_whatever_it_holds(doors: LiveDoors, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "mail.eml").write_bytes(data)
    variants = look(doors, Wish(name="delivery", file=tmp_path / "mail.eml"))
    assert [variant.problem for variant in variants] == ["", ""]


def test_looking_stores_nothing_and_takes_nothing_into_use(doors: LiveDoors, config: Path) -> None:
    answered(doors, ["one"])
    before = [row.state for row in doors.reading.mails()]
    write(config.parent / "templates", "en/delivery.txt", TEXT.replace("First", "Edited"))
    look(doors, Wish(name="delivery"))
    assert doors.versions.history() == []
    assert [row.state for row in doors.reading.mails()] == before
    assert len(doors.effects.of_mail(next(iter(doors.reading.mails())).id)) == 1


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["{{ nonsense }}", "{% if %}", "{{ 9**9**9 }}", "{% for a in range(9) %}x{% endfor %}"])
def test_a_letter_that_is_not_fit_is_refused_with_the_place(doors: LiveDoors, config: Path, bad: str) -> None:
    write(config.parent / "templates", "de/delivery.txt", f"Subject: x\n\n{bad}\n")
    with pytest.raises(TemplateError) as refused:
        look(doors, Wish(name="delivery"))
    assert refused.value.where.startswith("de/delivery.txt")


def test_what_does_not_exist_is_said(doors: LiveDoors, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no letter 'delivery' in the language 'fi'"):
        look(doors, Wish(name="delivery", language="fi"))
    with pytest.raises(NotFoundError, match="no letter 'base'"):
        look(doors, Wish(name="base"))
    with pytest.raises(NotFoundError, match="no letter 'nothing'"):
        look(doors, Wish(name="nothing"))
    with pytest.raises(NotFoundError, match="no such mail"):
        look(doors, Wish(name="delivery", mail_id="AAAA-0001"))
    with pytest.raises(UsageError, match="can't be read"):
        look(doors, Wish(name="delivery", file=tmp_path / "none.eml"))


# What the lint would never let pass: the child has to stand on its own.
BOMB = "Subject: x\n\n" + "{% for a in articles %}" * 6 + "{% if not ref %}x{% endif %}" + "{% endfor %}" * 6
ARTICLES = [{"title": "t", "link": "l"}] * 60


def test_a_letter_that_is_the_end_of_the_child_is_contained_and_the_others_are_made() -> None:
    editions = {NOW: {"de": {"de/x.txt": BOMB}, "en": {"en/x.txt": "Subject: a\n\nb\n"}}}
    values = {language: {"ref": "R" * 9, "articles": ARTICLES} for language in ("de", "en")}
    one = PreviewCase(about="x", mail_id="", subject="", traits=(), values=values)
    bomb, well = preview.print_all("x", editions, [one])
    assert (bomb.now, bomb.problem) == (None, preview.STOPPED)
    assert well.now == Printed(subject="a", text="b\n", html="")


# --- what changes -----------------------------------------------------------------------------------------------------


def test_what_an_edit_changes_is_shown_for_the_last_mails(doors: LiveDoors, config: Path) -> None:
    Engine(doors).look_around()
    answered(doors, ["one", "two", "three"])
    write(config.parent / "templates", "en/delivery.txt", TEXT.replace("First.", "Edited. {{ subject }}"))
    said = run(config, "delivery", "--diff", "--last", "2", "--language", "en")
    assert "-First." in said.replace("  -", "-")
    assert "+Edited. three" in said
    assert "+Edited. two" in said
    assert "one" not in re.findall(r"“(\w+)”", said)
    assert "nothing changes" in run(config, "delivery", "--diff", "--last", "1", "--language", "de")


def test_a_draft_is_tried_before_it_takes_the_place_of_the_file(doors: LiveDoors, config: Path, tmp_path: Path) -> None:
    Engine(doors).look_around()
    answered(doors, ["one"])
    (tmp_path / "draft.txt").write_text(TEXT.replace("First", "Drafted"), encoding="utf-8")
    (document,) = map(
        json.loads, run(config, "delivery", "--draft", str(tmp_path / "draft.txt"), "--diff", "--json").splitlines()
    )
    assert document["language"] == "en"
    assert "Drafted." in document["text"]
    assert any(line.startswith("+Drafted") for line in document["changes"])
    assert (config.parent / "templates/en/delivery.txt").read_text() == TEXT


def test_an_earlier_version_is_compared_with(doors: LiveDoors, config: Path) -> None:
    engine = Engine(doors)
    engine.look_around()
    (old,) = doors.versions.history("delivery", "en")
    write(config.parent / "templates", "en/delivery.txt", TEXT.replace("First.", "Second."))
    doors.clock.pass_by(timedelta(minutes=1))
    engine.look_around()
    answered(doors, ["one"])
    assert "+Second." in run(config, "delivery", "--against", old.version)
    assert "nothing changes" in run(config, "delivery", "--diff", "--language", "en")


def test_without_a_recorded_version_there_is_nothing_to_compare_with(doors: LiveDoors, config: Path) -> None:
    assert "nothing to compare with" in run(config, "delivery", "--diff")


# --- as text, as a document, as a page --------------------------------------------------------------------------------


def test_the_terminal_shows_who_which_language_and_the_letter(doors: LiveDoors, config: Path) -> None:
    (mail_id,) = answered(doors, ["\x1b[31mred"])
    said = run(config, "delivery")
    for part in (mail_id, "--- de", "--- en", "Hallo Eve", "Hello Eve", "Got it ["):
        assert part in said
    assert "\x1b" not in said
    assert {"mail", "about", "traits", "language", "subject", "text", "html", "problem"} <= set(
        json.loads(run(config, "delivery", "--json").splitlines()[0])
    )


def test_a_mail_and_a_file_exclude_each_other(config: Path) -> None:
    run(config, "delivery", "--mail", "AAAA-0001", "--file", "x.eml", expect=2)


class Reader(HTMLParser):
    """What a browser would see and fetch, and what stands in the frames."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.frames: list[dict[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.fetched += [found[name] or "" for name in ("src", "href") if name in found]
        if tag == "iframe":
            self.frames.append(found)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def page(doors: LiveDoors, config: Path, tmp_path: Path) -> Path:
    Engine(doors).look_around()
    answered(doors, [*HARD, '"><script>alert(1)</script><img src=https://evil.example/x.png>', "plain"])
    write(config.parent / "templates", "en/delivery.txt", TEXT.replace("First", "Edited"))
    target = tmp_path / "page.html"
    run(config, "delivery", "--html", str(target), "--diff", "--last", "9")
    return target


def test_the_page_is_self_contained_and_holds_no_word_of_a_stranger_as_markup(page: Path) -> None:
    reader = Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    assert reader.fetched == []
    assert "script" not in reader.tags
    assert "img" not in reader.tags
    assert len(reader.frames) == 2 * (
        len(HARD) + 2
    )  # each in two languages; where a letter has no HTML, it is made from its text
    assert all(frame["sandbox"] == "" for frame in reader.frames)
    assert all("<script" not in (frame["srcdoc"] or "") for frame in reader.frames)
    assert page.stat().st_mode & 0o077 == 0
    assert "+Edited." in "".join(reader.text)


@pytest.mark.parametrize("width", [1200, 390])
def test_a_browser_shows_every_letter_beside_its_html_part_and_fetches_nothing(
    page: Path, browser: Any, width: int
) -> None:
    shown = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    trouble: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: trouble.append(message.text))
    shown.goto(page.as_uri())
    frames = [frame for frame in shown.frames if frame != shown.main_frame]
    frame = next(frame for frame in frames if frame.locator("b").count())
    assert frame.locator("b").inner_text().startswith("Eve")
    assert frame.locator("p").is_visible()
    assert [url for url in asked if not url.startswith("about:")] == [page.as_uri()]
    assert trouble == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width  # nothing has to be pushed aside
    places = [shown.locator("article").nth(number).bounding_box() for number in (0, 1)]
    assert (places[0]["y"] == places[1]["y"]) == (width > 800)  # side by side where there is room
    shown.close()


def test_with_one_language_the_html_part_stands_beside_the_text(doors: LiveDoors, config: Path, browser: Any) -> None:
    answered(doors, ["one"])
    target = config.parent / "one.html"
    run(config, "delivery", "--language", "en", "--html", str(target))
    shown = browser.new_page(viewport={"width": 1200, "height": 800})
    shown.goto(target.as_uri())
    text, page_ = (shown.locator(part).bounding_box() for part in ("pre", "iframe"))
    assert text["x"] + text["width"] <= page_["x"]
    shown.close()


class Counting(BaseHTTPRequestHandler):
    """Notes what is asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None: ...


def test_a_remote_picture_in_an_old_letter_is_not_fetched(browser: Any, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        source = f"http://127.0.0.1:{server.server_port}/x.png"
        letter_ = Printed(subject="s", text="t", html=f"<p>x</p><img src='{source}'><style>@import '{source}';</style>")
        one = Variant(case=case("a"), language="en", now=letter_, before=None, problem="")
        (tmp_path / "p.html").write_text(render("x", [one], compared=False), encoding="utf-8")
        shown = browser.new_page()
        shown.goto((tmp_path / "p.html").as_uri())
        shown.wait_for_load_state("networkidle")
        assert shown.frames[1].locator("p").inner_text() == "x"
        shown.close()
        server.shutdown()
    assert Counting.asked == []


# --- any mail in every shipped letter ---------------------------------------------------------------------------------

LETTERS = TemplateLetters(ROOT / "templates", "en", make_html=True)  # where there is no page of its own
WEIRD = st.sampled_from(
    [
        *("<b>", "</p>", "<a href=https://evil.example>", "&lt;", "'\"", "{{ ref }}", "{% raw %}", "=?utf-8?q?x?="),
        *("\r\nBcc: x@y.z", "\r\n\r\nbody", "\0", "\u2028", "\x1b[0m", "=\r\n .", ",", "a@b.example", "\ud800"),
        *("\u202e", "אין", "é" * 60, "x" * 300, "x" * 2000),
    ]
)
WORDS = st.lists(st.one_of(WEIRD, st.text(max_size=30)), max_size=6).map(" ".join)


GREETING = {"<bdi []>"}  # stands only around a name


class Visible(HTMLParser):
    """The tags and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.shape: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append(f"<{tag} {attrs}>" if tag != "title" else "<title>")


def shape(page: str) -> list[str]:
    reader = Visible()
    reader.feed(page)
    return reader.shape


def sent(letter_: Letter, about: Any) -> EmailMessage:
    """As the receiver's program reads it."""
    assert CONFIG.smtp is not None
    data = compose(about, letter_, CONFIG.smtp, NOON).data
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))  # RFC 5322 section 2.1.1
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    assert part.defects == []
    return part.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("language", sorted({language for language, _ in LETTERS.names}))
@settings(derandomize=True, max_examples=16, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=WORDS, subject=WORDS, topic=st.sampled_from(["delivery", ""]), ticket=st.booleans())
def test_any_mail_gives_a_valid_message_in_every_letter(
    language: str, name: str, subject: str, topic: str, ticket: bool
) -> None:
    about = effect(name=name, subject=subject, topic=topic, ticket=ticket)
    plain = effect(name="Eve", subject="Plain", topic=topic, ticket=ticket)
    harmless = values(plain.letter, plain.message_id, CONFIG, language, NOON)
    filled = values(about.letter, about.message_id, CONFIG, language, NOON)
    for template in sorted(known for spoken, known in LETTERS.names if spoken == language):
        letter_ = LETTERS.render(template, language, filled)
        assert (letter_.problem, letter_.template) == ("", template)
        message = sent(letter_, about)
        assert message.defects == []
        for header in ("Subject", "To", "From", "Message-ID", "Date", "Auto-Submitted"):
            assert len(message.get_all(header, [])) == 1, header
        assert message["Bcc"] is None
        assert message["Cc"] is None
        assert [one.addr_spec for one in message["To"].addresses] == ["eve@example.org"]
        assert content(message, "plain").strip() == clean(letter_.text)
        assert " ".join(message["Subject"].split()) == printable(letter_.subject)
        assert content(message, "html").strip() == clean(letter_.html)
        like = LETTERS.render(template, language, {**harmless, "name": "Eve" if filled["name"] else ""})
        assert shape(letter_.html) == shape(like.html)  # what a stranger wrote adds no tag and no link
        raw = LETTERS.render(template, language, {**filled, "name": name, "topic": subject})  # nothing taken out before
        assert set(shape(raw.html)) <= set(shape(like.html)) | GREETING


def printable(subject: str) -> str:
    """What of a subject a header can hold."""
    return " ".join("".join(letter_ for letter_ in " ".join(subject.split()) if letter_.isprintable()).split())


def clean(text: str) -> str:
    """What can't be said in UTF-8 arrives as a question mark, and every line end as one of ours."""
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").strip()


@settings(derandomize=True, max_examples=200, deadline=None)
@given(name=WORDS, subject=WORDS)
def test_a_stranger_puts_no_markup_into_a_page_of_ours(name: str, subject: str) -> None:
    one = Variant(
        case=PreviewCase(about=name, mail_id="", subject=subject, traits=(), values={}),
        language="en",
        now=Printed(subject=subject, text=name, html=f"<p>{len(subject)}</p>"),
        before=Printed(subject=name, text=subject, html=""),
        problem="",
    )
    tags = {tag.partition(" ")[0].strip("<>") for tag in shape(render("x", [one], compared=True))}
    assert not tags & {"script", "a", "b", "img"}
