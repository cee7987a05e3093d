"""The letters that come with Firstline: complete in every language, and fit to be sent whatever a mail brings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from pipeline.records.letter import ANSWER, Letter
from pipeline.replies.files import read_head
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.matrix import FOLLOWING, IRREPLACEABLE
from pipeline.replies.variables import samples

FOLDER = Path(__file__).resolve().parents[2] / "templates"
LANGUAGES = ("de", "en", "es", "fi", "fr")
TOPICS = ("order delivery return refund billing payment account technical product cancellation praise other").split()
COMPLAINTS = ["complaint", *(f"{topic}-complaint" for topic in TOPICS)]
NAMES = ["neutral", "perhaps", "late", *TOPICS, *COMPLAINTS]
BLOCKS = ("thank", "accept", "apologise", "act", "respond")
APOLOGY = {
    "en": r"sorry|apolog|regret",
    "de": r"entschuldig|tu[tn] .*\bleid|leidtun|bedauer|verzeih",
    "fr": r"excus|désolé|regrett|navré|pardon",
    "es": r"disculp|sentimos|lamenta|perdón",
    "fi": r"pahoi|anteeksi|valitet|valitamme",
}
EMPTY_WORDS = {
    "en": r"inconvenien|we value|valued customer|important to us|if you feel|any trouble",
    "de": r"unannehmlichkeit|geschätzt|ist uns wichtig|liegt uns am herzen|sollten sie .*empfunden",
    "fr": r"désagrément|gêne occasionnée|cher client|est importante? pour nous|si vous estimez",
    "es": r"molestias|estimado cliente|es importante para nosotros|si considera",
    "fi": r"arvoisa|on meille tärke|mahdollis\w+ (haita|vaiva)|jos koette",
}
NO_LINKS = {"status_link": "", "scores": [], "stop_link": ""}
VALUES: dict[str, Any] = (
    samples() | {"topic": "SAMPLE TOPIC", "grants": [], "articles": [], "announcements": []} | NO_LINKS
)
ARTICLES = [
    {"title": "How to follow your parcel", "link": "https://www.example.com/help/track-your-parcel"},
    {"title": "How to send something back", "link": "https://www.example.com/help/send-something-back"},
]
CASES = {
    "ordinary": {},
    "no name": {"name": ""},
    "no ticket": {"ticket": False},
    "no subject": {"subject": ""},
    "300 characters of subject": {"subject": "parcel " * 42 + "parcel"},
    "right to left": {"subject": "אין לי חבילה עדיין?", "name": "שרה לוי"},
    "HTML": {"subject": "<script>alert(1)</script>", "name": '<b>Eve</b> & "Co"'},
    "Jinja": {"subject": "{% raw %}", "name": "Eve"},
    "one name for company and signature": {"signature": "Example Ltd"},
    "outside working hours": {"outside_hours": True, "opens": "Donnerstag, 24. September, 09:00 Uhr"},
    "a grant": {"grants": ["einen Gutschein über 10 €"]},
    "articles": {"articles": ARTICLES},
}
each_language = pytest.mark.parametrize("language", LANGUAGES)
ASKING = ["survey-csat", "survey-ces", "survey-nps", "survey-outcome", "survey-treatment"]  # see test_surveys.py
each_following = pytest.mark.parametrize("name", FOLLOWING)
each_letter = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def letters() -> TemplateLetters:
    return TemplateLetters(FOLDER, "en", make_html=True)


def render(letters: TemplateLetters, language: str, letter_name: str, /, **changed: Any) -> Letter:
    letter = letters.render(letter_name, language, VALUES | changed)
    assert (letter.problem, letter.template, letter.language) == ("", letter_name, language)
    return letter


def source(language: str, name: str) -> str:
    return read_head((FOLDER / language / f"{name}.txt").read_text(encoding="utf-8")).body


def blocks(language: str, name: str) -> dict[str, str]:
    """What the file itself says in each of its blocks; inherited text does not count."""
    return {name: " ".join(" ".join(texts).split()) for name, texts in _texts(language, name)}


def openings(language: str, name: str) -> list[str]:
    """The text of each block up to its first variable."""
    return [" ".join(texts[0].split()) for _, texts in _texts(language, name)]


def _texts(language: str, name: str) -> Iterator[tuple[str, list[str]]]:
    tree = Environment(autoescape=True).parse(source(language, name))
    for block in tree.find_all(nodes.Block):
        yield block.name, [data.data for data in block.find_all(nodes.TemplateData)]


def own_words(language: str, name: str) -> str:
    return " ".join(blocks(language, name).values()).lower()


def files() -> Iterator[Path]:
    return FOLDER.glob("*/*.*")


def test_every_language_has_every_letter(letters: TemplateLetters) -> None:
    assert letters.problems == {}
    assert letters.names == {(language, name) for language in LANGUAGES for name in [*NAMES, ANSWER, *IRREPLACEABLE]}


@each_language
def test_every_language_has_the_same_files(language: str) -> None:
    wanted = {f"{name}.txt" for name in [*NAMES, ANSWER, *IRREPLACEABLE, "base", "base-complaint"]}
    assert {path.name for path in (FOLDER / language).glob("*.*")} == wanted


@each_language
@each_letter
def test_a_letter_is_fit_to_be_sent(letters: TemplateLetters, language: str, name: str) -> None:
    for case, changed in CASES.items():
        letter, values = render(letters, language, name, **changed), VALUES | changed
        assert values["ref"] in letter.subject, case
        assert letter.text.count(values["token"]) == 1, case
        assert letter.text.splitlines()[-1].endswith(f" {values['ref']} · {values['token']}"), case
        assert values["respond_by"] in letter.text, case
        assert values["name"] in letter.text.splitlines()[0], case
        assert not re.search(r"\{\{|\}\}|\{[#%]|[#%]\}", letter.text), case


@each_language
@each_letter
def test_a_letter_is_tidily_set(letters: TemplateLetters, language: str, name: str) -> None:
    tidy = ("ordinary", "no name", "no ticket", "one name for company and signature")
    for case in (*tidy, "outside working hours", "a grant", "articles"):
        text = render(letters, language, name, **CASES[case]).text
        assert not re.search(r" {2}|[ \t]\n|\n ", text), case
        assert "\n\n\n" not in text, case
        assert max(len(line) for line in text.splitlines()) <= 78, case  # RFC 5322 section 2.1.1
        assert not re.search(r"\s[,.]|[,.]{2}", text), case


@each_language
def test_somebody_without_a_name_is_greeted_as_naturally(letters: TemplateLetters, language: str) -> None:
    named, unnamed = (
        render(letters, language, "neutral", name=name).text.splitlines()[0] for name in ("Eve Miller", "")
    )
    assert re.fullmatch(r"\w[\w ]+,? Eve Miller[,:]", named)
    assert re.fullmatch(r"\w[\w ]+[,:]", unnamed)


@each_language
def test_the_subject_keeps_the_reference_however_long_theirs_is(letters: TemplateLetters, language: str) -> None:
    letter = render(letters, language, "neutral", subject="x" * 300)
    assert "7K3M-9QTX" in letter.subject[:40]
    assert "xxx" in letter.subject


@each_language
def test_a_mail_without_a_subject_gets_one(letters: TemplateLetters, language: str) -> None:
    assert re.search(r": \w+", render(letters, language, "neutral", subject="").subject)


@each_language
def test_the_footer_says_whether_it_is_a_ticket(letters: TemplateLetters, language: str) -> None:
    with_ticket, without = (
        render(letters, language, "order", ticket=ticket).text.splitlines()[-1] for ticket in (True, False)
    )
    assert with_ticket != without


@each_language
@pytest.mark.parametrize("name", [topic for topic in TOPICS if topic not in ("praise", "other")])
def test_an_ordinary_letter_says_what_was_understood(letters: TemplateLetters, language: str, name: str) -> None:
    assert VALUES["topic"] in " ".join(render(letters, language, name).text.split())


@each_language
@pytest.mark.parametrize("name", COMPLAINTS)
def test_a_complaint_letter_itself_fills_the_five_blocks(language: str, name: str) -> None:
    said = blocks(language, name)
    assert tuple(said) == BLOCKS
    assert all(len(text) > 10 for text in said.values()), said


@each_language
@pytest.mark.parametrize("name", COMPLAINTS)
def test_a_complaint_letter_apologises_and_names_both_times(letters: TemplateLetters, language: str, name: str) -> None:
    assert re.search(APOLOGY[language], blocks(language, name)["apologise"].lower())
    assert VALUES["resolve_by"] in render(letters, language, name).text


@each_language
@pytest.mark.parametrize("name", COMPLAINTS)
def test_the_five_blocks_stand_in_order_as_paragraphs(letters: TemplateLetters, language: str, name: str) -> None:
    paragraphs = render(letters, language, name).text.split("\n\n")
    greeting, *body, closing, footer = paragraphs
    assert len(body) == len(BLOCKS)
    for paragraph, opening in zip(body, openings(language, name), strict=True):
        assert " ".join(paragraph.split()).startswith(opening)
    assert "Eve Miller" in greeting
    assert VALUES["signature"] in closing
    assert VALUES["token"] in footer


@each_language
@each_letter
def test_every_letter_says_outside_working_hours_when_work_begins(
    letters: TemplateLetters, language: str, name: str
) -> None:
    opens = CASES["outside working hours"]["opens"]
    assert opens in render(letters, language, name, **CASES["outside working hours"]).text
    assert opens not in render(letters, language, name, outside_hours=False).text


@each_language
@each_letter
def test_only_a_letter_to_a_complaint_offers_a_grant_and_does_so_in_the_fourth_paragraph(
    letters: TemplateLetters, language: str, name: str
) -> None:
    paragraphs = render(letters, language, name, **CASES["a grant"]).text.split("\n\n")
    offering = [place for place, paragraph in enumerate(paragraphs) if CASES["a grant"]["grants"][0] in paragraph]
    assert offering == ([4] if name in COMPLAINTS else [])


@each_language
@each_letter
def test_every_letter_but_the_late_one_shows_articles_under_their_titles(
    letters: TemplateLetters, language: str, name: str
) -> None:
    text = render(letters, language, name, articles=ARTICLES).text
    for article in ARTICLES:
        assert (f"\n{article['title']}\n{article['link']}\n" in text) == (name != "late")


@each_language
@pytest.mark.parametrize("block", BLOCKS)
def test_no_two_complaint_letters_say_the_same(language: str, block: str) -> None:
    said = [blocks(language, name)[block] for name in COMPLAINTS]
    assert len(set(said)) == len(said)


@each_language
@pytest.mark.parametrize("name", ["neutral", *TOPICS])
def test_nobody_is_apologised_to_who_may_not_have_complained(language: str, name: str) -> None:
    assert not re.search(APOLOGY[language], own_words(language, name))


@each_language
def test_the_late_letter_apologises(language: str) -> None:
    assert re.search(APOLOGY[language], own_words(language, "late"))


@each_language
@each_letter
def test_no_letter_holds_an_empty_phrase(language: str, name: str) -> None:
    assert not re.search(EMPTY_WORDS[language], own_words(language, name))


@each_language
@each_letter
def test_the_head_is_a_subject_a_description_and_an_empty_line(language: str, name: str) -> None:
    lines = (FOLDER / language / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith("Subject: ")
    assert re.fullmatch(r"Description: \w.+\.", lines[1])
    assert lines[2] == ""
    assert lines[3].startswith("{% extends ")


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_is_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert max(len(line) for line in text.split("\n")) <= 100
    assert text.endswith("\n")
    assert "\r" not in text


@each_language
def test_the_html_says_the_same_as_the_plain_text(letters: TemplateLetters, language: str) -> None:
    letter = render(letters, language, "neutral")
    body = re.sub(r"<(br|/?p)\b[^>]*>", " ", letter.html.partition("<body")[2].partition(">")[2])
    assert html.unescape(re.sub(r"<[^>]+>", "", body)).split() == letter.text.split()


@each_language
def test_the_html_says_when_work_begins_and_links_the_articles(letters: TemplateLetters, language: str) -> None:
    page = render(letters, language, "neutral", **CASES["outside working hours"], articles=ARTICLES).html
    assert CASES["outside working hours"]["opens"] in page
    for article in ARTICLES:
        assert f'{article["title"]}<br>\n<a href="{article["link"]}">{article["link"]}</a>' in page


@each_language
@each_letter
def test_every_letter_tells_of_known_problems_in_a_paragraph_of_its_own(
    letters: TemplateLetters, language: str, name: str
) -> None:
    text = "Since this morning parcels are late."
    assert f"\n\n{text}\n\n" in render(letters, language, name, announcements=[text]).text


@each_language
@each_letter
def test_every_letter_shows_the_way_to_where_it_stands(letters: TemplateLetters, language: str, name: str) -> None:
    link = samples()["status_link"]
    assert f":\n{link}\n" in render(letters, language, name, status_link=link).text
    if name == "neutral":
        assert f'<a href="{link}"' in render(letters, language, name, status_link=link).html


@each_language
def test_the_html_is_in_its_language_escaped_and_loads_nothing(letters: TemplateLetters, language: str) -> None:
    page = render(letters, language, "neutral", **CASES["HTML"]).html
    assert f'<html lang="{language}">' in page
    assert "&lt;b&gt;Eve&lt;/b&gt; &amp; &quot;Co&quot;" in page
    assert "<b>" not in page
    assert not re.search(r"https?:|src=|url\(|<script|<img|<link", page)


# --- following up -----------------------------------------------------------------------------------------------------

STATES = [{"status": status, "comment": comment} for status in ("open", "active", "waiting", "resolved", "closed")
          for comment in ("", "It is on its way.")]  # fmt: skip
TIMES = [{"respond_by": "", "resolve_by": ""}, {"respond_by": ""}, {"resolve_by": ""}]
DUE = [{"promise": promise, "time_left": left} for promise in ("", "respond", "resolve") for left in ("", "1 hour")]


@each_language
@each_following
def test_a_letter_of_following_up_is_fit_and_tidy_in_every_state(
    letters: TemplateLetters, language: str, name: str
) -> None:
    for changed in (*STATES, *TIMES, *DUE, {"name": ""}, CASES["outside working hours"]):
        letter, values = render(letters, language, name, **changed), VALUES | changed
        assert values["ref"] in letter.subject, changed
        assert letter.text.count(values["token"]) == 1, changed
        assert letter.text.splitlines()[-1].endswith(f" {values['ref']} · {values['token']}"), changed
        assert not re.search(r" {2}|[ \t]\n|\n |\n{3}|\s[,.]|[,.]{2}", letter.text), changed
        assert max(len(line) for line in letter.text.splitlines()) <= 78, changed


@each_language
@pytest.mark.parametrize("name", ["status", "moved"])
def test_each_state_is_said_in_words_of_its_own(letters: TemplateLetters, language: str, name: str) -> None:
    texts = {render(letters, language, name, **changed).text for changed in STATES}
    assert len(texts) == len(STATES)


@each_language
@pytest.mark.parametrize("name", ["status", "moved", "still-working"])
def test_a_letter_names_just_the_times_that_there_are(letters: TemplateLetters, language: str, name: str) -> None:
    for changed in ({}, *TIMES):
        text, values = render(letters, language, name, **changed).text, VALUES | changed
        for one in ("respond_by", "resolve_by"):
            assert (VALUES[one] in text) == bool(values[one]), changed


@each_language
def test_the_letter_about_a_late_promise_apologises_and_names_the_time_that_was_missed(
    letters: TemplateLetters, language: str
) -> None:
    assert re.search(APOLOGY[language], own_words(language, "still-working"))
    assert VALUES["due_by"] in " ".join(render(letters, language, "still-working").text.split())


@each_language
@pytest.mark.parametrize("name", ["owner-due", "owner-escalation"])
def test_an_owner_is_not_greeted_as_the_customer_but_told_about_them(
    letters: TemplateLetters, language: str, name: str
) -> None:
    text = render(letters, language, name).text
    assert VALUES["name"] not in text
    assert VALUES["customer_address"] in text
    assert VALUES["due_by"] in text


@each_language
@each_following
def test_no_letter_of_following_up_holds_an_empty_phrase(language: str, name: str) -> None:
    assert not re.search(EMPTY_WORDS[language], own_words(language, name))


@each_language
def test_what_a_person_writes_stands_between_a_greeting_and_their_name(letters: TemplateLetters, language: str) -> None:
    """While people are not at work too: somebody is writing just now, and offers nothing but what they say."""
    values = {"comment": "FIRST.\n\nSECOND.", "agent": "Anna Virtanen", "signature": "Us", "company": "Us"}
    shown = {"outside_hours": True, "opens": "SOON", "articles": ARTICLES, "announcements": ["KNOWN"]}
    letter = render(letters, language, ANSWER, **values, **shown)
    greeting, *words, closing, _footer = letter.text.strip().split("\n\n")
    assert "Eve Miller" in greeting
    assert words == ["FIRST.", "SECOND."]
    assert closing.splitlines()[1:] == ["Anna Virtanen", "Us"]
    assert letter.subject == "Re: Where is my parcel?"
    assert render(letters, language, ANSWER, agent="", subject="").subject.startswith("Re: ")
