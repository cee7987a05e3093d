"""Warnings of `template lint`: what can be sent, and should not be."""

from __future__ import annotations

import pytest

from pipeline.replies.lint import check_file, make_bench

HEAD = "Subject: Received [{{ ref }}]\nDescription: A letter.\n\n"
BASE = "{% block body %}{% endblock %}\n\n{{ ref }} {{ token }}\n"


def warnings(
    body: str, language: str = "en", base: str = BASE, page: str = "", *, alone: bool = False
) -> dict[str, tuple[str, int, str]]:
    """By code, the last of each: its file, line and message. `alone`: the letter has no base."""
    letter, sources = f"{language}/delivery.txt", {f"{language}/base.txt": base}
    extends = "" if alone else '{% extends "base.txt" %}\n{% block body %}\n'
    sources[letter] = f"{HEAD}{extends}{body}{'' if alone else '{% endblock %}'}"
    if page:
        sources[letter.replace(".txt", ".html")] = page
    result = check_file(make_bench(sources, {}), letter)
    assert result.fit, result.findings
    return {one.code: (one.file, one.line, one.message) for one in result.findings}


def test_a_good_letter_has_none() -> None:
    body = "{% if name %}Hello {{ name }},{% else %}Hello,{% endif %}\n\nAn answer by\n{{ respond_by }}.\n"
    assert warnings(body) == {}


# --- without a reference ---


def test_a_letter_without_its_base_has_no_reference() -> None:
    assert "no-reference" in warnings("Thank you.\n", alone=True)
    assert "no-reference" not in warnings("Thank you.\nYour reference: {{ ref }}\n", alone=True)
    assert "no-reference" in warnings("Thank you.\n", base="{% block body %}{% endblock %}")


def test_a_reference_that_only_some_get_is_none() -> None:
    assert "no-reference" in warnings("Thank you.\n{% if ticket %}Your ticket: {{ ref }}{% endif %}\n", alone=True)


# --- promises typed by hand ---


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We answer within 24 hours."),
        ("en", "You will hear from us in the next two\nworking days."),
        ("en", "We call you by tomorrow."),
        ("en", "An answer comes by 5 pm."),
        ("de", "Wir antworten innerhalb von 24 Stunden."),
        ("de", "Sie hören in zwei Werktagen von uns."),
        ("de", "Wir melden uns bis spätestens Freitag."),
        ("fr", "Nous vous répondons sous 48 heures."),
        ("fr", "Vous aurez une réponse d'ici lundi."),
        ("fr", "Une réponse dans les deux jours."),
        ("es", "Le responderemos en menos de 24 horas."),
        ("es", "Le escribimos antes del viernes."),
        ("fi", "Vastaamme kahden päivän kuluessa."),
        ("fi", "Vastaamme maanantaihin mennessä."),
    ],
)
def test_a_time_that_is_typed_is_a_promise_that_nobody_watches(language: str, text: str) -> None:
    file, line, message = warnings(f"Thank you.\n{text}\n", language)["typed-promise"]
    assert file == f"{language}/delivery.txt"
    assert line == 7
    assert "\n" not in message


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "An answer by\n{{ respond_by }}."),
        ("en", "Your parcel weighs 24 kg, and in two parts."),
        ("en", "If it is by chance the wrong one, tell us in a word."),
        ("de", "Sie erhalten bis {{ respond_by }} eine Antwort."),
        ("de", "Die Nummer steht in einer Zeile."),
        ("fr", "Nous répondons avant le {{ respond_by }}."),
        ("es", "Antes de todo, gracias."),
        ("fi", "Vastaamme {{ respond_within }} kuluessa."),
        ("sv", "Vi svarar inom 24 timmar."),  # a language whose words are not known
    ],
)
def test_other_words_are_no_promise(language: str, text: str) -> None:
    assert "typed-promise" not in warnings(f"{text}\n", language)


# --- what may be empty ---


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("Hello {{ name }},\n", "Hello ,"),
        ("Your message about {{ subject }} has arrived.\n", "Your message about has arrived."),
        ("{{ owner }} looks after it.\n", "looks after it."),
        ("Dear {{ name | upper }}!\n", "Dear !"),
    ],
)
def test_a_variable_that_may_be_empty_leaves_no_sentence(body: str, left: str) -> None:
    file, line, message = warnings(body)["may-be-empty"]
    assert (file, line) == ("en/delivery.txt", 6)
    assert f'"{left}"' in message


def test_it_is_shown_where_it_stands() -> None:
    base = "{% block hello %}\nHello {{ name }},\n{% endblock %}\n" + BASE
    assert warnings("Thank you.\n", base=base)["may-be-empty"][:2] == ("en/base.txt", 2)


@pytest.mark.parametrize(
    "body",
    [
        "{% if name %}Hello {{ name }},{% else %}Hello,{% endif %}\n",
        "Hello {{ name or 'there' }},\n",
        "Hello{{ ' ' ~ name if name else '' }},\n",
        "Thank you.\n{{ subject }}\n",  # a line of its own
        "Subject: {{ subject }}\n",  # a label
        "Thank you.\n{% if outside_hours %}We are back on {{ opens }}.{% endif %}\n",  # there whenever that is said
        "You wrote to {{ company }}.\n",  # only empty where the operator wants it so
    ],
)
def test_what_is_cared_for_is_no_gap(body: str) -> None:
    assert "may-be-empty" not in warnings(body)


# --- an HTML part of one's own ---


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<p>Call 0800 1234.</p><a href='https://shop.test/help'>Help</a>", '"0800" stands only in the HTML part'),
        ("<p>Call 1234.</p>", '"https://shop.test/help" stands only in the text'),
        (
            "<p>Call 1234.</p><a href='https://shop.test/hilfe'>Help</a>",
            '"https://shop.test/hilfe" stands only in the HTML',
        ),
        ("<p>Call 1234. By {{ resolve_by }}.</p><a href='https://shop.test/help'>x</a>", "stands only in the"),
    ],
)
def test_a_page_that_says_something_else_is_told(page: str, says: str) -> None:
    file, _line, message = warnings("Call 1234.\nhttps://shop.test/help\n", page=page)["page-differs"]
    assert file == "en/delivery.html"
    assert says in message


def test_a_page_that_says_the_same_in_other_words_is_right() -> None:
    page = (
        "<html><head><title>1</title></head><style>p{margin:4px}</style><p>Call:&nbsp;1234, by {{ respond_by }}</p>"
        '<p><a href="https://shop.test/help?a=1&amp;b=2">Help</a> {{ subject }}</p></html>'
    )
    assert "page-differs" not in warnings(
        "Call 1234.\nhttps://shop.test/help?a=1&b=2\nBy\n{{ respond_by }}.\n{{ subject }}\n", page=page
    )
