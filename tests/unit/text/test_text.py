"""Cleaning: characters, HTML, quotations, language."""

from __future__ import annotations

import csv
import io
import threading
import time
import unicodedata
from pathlib import Path

import pytest

from pipeline.text import clean, quotes
from pipeline.text import html as text_html
from pipeline.text import language as text_language

STARTER = Path(__file__).parents[3] / "training_data"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\xa0b\u2009c", "a b c"),
        ("e\u0301te\u0301", "été"),
        ("pay\u200bpal\u202e now\x00\x07", "paypal now"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("trailing   \n  indented\t\nend", "trailing\n  indented\nend"),
        ("one\u2028two", "one\ntwo"),
        ("\ud800lone", "lone"),
        ("", ""),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_tidy_leaves_plain_readable_text(given: str, expected: str) -> None:
    assert clean.tidy(given) == expected


def test_a_long_run_of_combining_marks_costs_no_time() -> None:
    began = time.thread_time()
    tidy = clean.tidy("a" + "\u0316\u0301" * 60_000 + " \U0001d165\U0001d16d" * 20_000)
    assert time.thread_time() - began < 1
    assert unicodedata.is_normalized("NFC", tidy)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hello&nbsp;there</p><p>second &amp; last</p>", "Hello there\n\nsecond & last"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<style>p {color: red}</style><script>alert(1)</script><p>seen</p>", "seen"),
        ('<div style="display:none">preheader</div><p>seen</p>', "seen"),
        ('<div style="color:red; display: none !important">no</div><p hidden>no</p><p>seen</p>', "seen"),
        ('<span style="font-size:0px">no</span><p>seen</p>', "seen"),
        ('<img alt="logo" src="x.png"><p>seen</p>', "seen"),
        ("<p>mine</p><blockquote>theirs<br>more</blockquote>", "mine\n\n> theirs\n> more"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote><p>c</p>", "> a\n>> b\n\n\nc"),
        ("", ""),
        ("no tags at all", "no tags at all"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("\ue000<p>private \ue001characters</p>", "private characters"),
    ],
)
def test_html_becomes_the_text_that_a_reader_sees(html: str, expected: str) -> None:
    assert text_html.html_to_text(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "deep",
        "<p>para " * 200_000,
        "<a><b><i>" * 150_000,
        "<blockquote>" * 100_000 + "x",
        "<blockquote" * 100_000,
        "<p style='display:none'>" * 60_000,
        "<table><tr>" + "<td>x" * 200_000,
        "<" * 2_000_000,
        "&" * 2_000_000,
        "<!--" * 300_000,
    ],
    ids=lambda html: html[:12],
)
def test_hostile_html_is_read_in_bounded_time(html: str) -> None:
    began = time.thread_time()
    assert len(text_html.html_to_text(html)) <= clean.TEXT
    assert time.thread_time() - began < 2


WRITTEN = "The second parcel is missing too."
NEW = f"{WRITTEN}\n\nKind regards\nAlice"
ATTRIBUTIONS = [
    "On Mon, 3 Nov 2025 at 10:12, The Shop <shop@example.com> wrote:",
    "On Mon, 3 Nov 2025 at 10:12, The Shop with quite a long name\n<shop@example.com> wrote:",
    "On 3 Nov 2025, at 10:12, The Shop\n<shop@example.com>\nwrote:",
    "Am 03.11.2025 um 10:12 schrieb The Shop <shop@example.com>:",
    "Am Mo., 3. Nov. 2025 um 10:12 Uhr schrieb The Shop <\nshop@example.com>:",
    "Le lun. 3 nov. 2025 à 10:12, The Shop <shop@example.com> a écrit :",
    "El lun, 3 nov 2025 a las 10:12, The Shop (<shop@example.com>) escribió:",
    "ma 3. marrask. 2025 klo 10.12 The Shop (shop@example.com) kirjoitti:",
    "Il giorno lun 3 nov 2025 alle ore 10:12 The Shop <shop@example.com> ha scritto:",
    "Op ma 3 nov 2025 om 10:12 schreef The Shop <shop@example.com>:",
    "Den mån 3 nov. 2025 kl 10:12 skrev The Shop <shop@example.com>:",
    "Em seg., 3 de nov. de 2025 às 10:12, The Shop <shop@example.com> escreveu:",
    "pon., 3 lis 2025 o 10:12 The Shop <shop@example.com> napisał(a):",
    "The Shop <shop@example.com> schrieb am Mo., 3. Nov. 2025, 10:12:",
    '03.11.2025, 10:12, "The Shop" <shop@example.com>:',
]


@pytest.mark.parametrize("quoted", ["> We are sorry.\n>\n> The Shop", "We are sorry.\n\nThe Shop"], ids=["a", "b"])
@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_what_stands_under_an_attribution_is_not_new(attribution: str, quoted: str) -> None:
    assert quotes.new_text(f"{NEW}\n\n{attribution}\n\n{quoted}") == WRITTEN


@pytest.mark.parametrize(
    "block",
    [
        "From: The Shop <shop@example.com>\nSent: Monday, 3 November 2025 10:12\nTo: Alice\nSubject: Your order",
        "Von: The Shop <shop@example.com>\nGesendet: Montag, 3. November 2025\nAn: Alice\nBetreff: Bestellung",
        "De : The Shop <shop@example.com>\nEnvoyé : lundi 3 novembre 2025 10:12\nÀ : Alice\nObjet : Votre commande",
        "De: The Shop <shop@example.com>\nEnviado: lunes, 3 de noviembre de 2025 10:12\nPara: Alice\nAsunto: Su pedido",
        "Lähettäjä: The Shop <shop@example.com>\nLähetetty: 3. marraskuuta 2025\nVastaanottaja: Alice\nAihe: Tilaus",
        "Da: The Shop <shop@example.com>\nInviato: lunedì 3 novembre 2025 10:12\nA: Alice\nOggetto: Ordine",
        "Van: The Shop <shop@example.com>\nVerzonden: maandag 3 november 2025\nAan: Alice\nOnderwerp: Bestelling",
        "Från: The Shop <shop@example.com>\nSkickat: den 3 november 2025\nTill: Alice\nÄmne: Order",
        "*From:* The Shop [mailto:shop@example.com]\n*Sent:* Monday\n*To:* Alice\n*Subject:* Your order",
        "________________________________\nFrom: The Shop\nSent: Monday\nTo: Alice\nSubject: Your order",
        "-----Original Message-----\nFrom: The Shop",
        "-----Ursprüngliche Nachricht-----\nVon: The Shop",
        "----- Message d'origine -----",
        "-----Mensaje original-----",
        "-----Alkuperäinen viesti-----",
    ],
)
def test_a_mail_that_hangs_below_is_not_new(block: str) -> None:
    assert quotes.new_text(f"{NEW}\n\n{block}\n\nWe are sorry.\n\nThe Shop") == WRITTEN


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from Outlook for Android",
        "Get Outlook for iOS",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Lähetetty iPhonesta",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Skickat från min iPhone",
        "-- \nAlice Example\nExample Ltd",
        "--\nAlice Example",
    ],
)
def test_signatures_are_not_new(line: str) -> None:
    assert quotes.new_text(clean.tidy(f"{NEW}\n\n{line}")) == WRITTEN


@pytest.mark.parametrize(
    "body",
    [
        "Sent from the warehouse on Monday, it never came.",
        "Lähetetty paketti ei ole tullut perille",
        "From: the day I ordered until now: nothing.",
        "I wrote to you on 3 November 2025 and nobody answered.",
        "Your colleague wrote:\nWe refund within 5 days.\nThat was three weeks ago.",
        "My wishes:\n- a refund\n- an answer\n\nThe price -- that is what I mean -- was wrong.",
        "Am Montag war noch alles gut:\nes kam nichts.",
    ],
)
def test_ordinary_sentences_stay(body: str) -> None:
    assert quotes.new_text(body) == body


def test_answers_between_and_below_quotations_stay() -> None:
    mail = "On Mon, 3 Nov 2025 at 10:12, Shop <shop@example.com> wrote:\n> Colour?\n\nBlue.\n\n> Which size?\n\nLarge."
    assert quotes.new_text(mail) == "Blue.\n\n\nLarge."


@pytest.mark.parametrize(
    "mail",
    ["> only\n> a quotation", "--\nAlice", "Kind regards\nAlice", "Sent from my iPhone"],
)
def test_where_nothing_is_new_all_of_it_counts(mail: str) -> None:
    assert quotes.new_text(mail) == mail


@pytest.mark.parametrize(
    "mail",
    [
        "\n" * 20_000,
        "On " + "x " * 20_000,
        "On " + "1:11 " * 8_000 + "wrote:",
        "On 1.1.2025 10:10 wrote:\n" * 4_000,
        "From: x\n" * 12_000,
        "-" * 40_000 + " Original Message",
        "> " * 50_000,
        "Sent from my " + "phone " * 8_000,
        ("a" * 24 + ":\n") * 4_000,
        " " * 100_000,
    ],
    ids=lambda mail: mail[:12],
)
def test_hostile_text_is_cut_in_bounded_time(mail: str) -> None:
    began = time.thread_time()
    quotes.new_text(clean.tidy(mail))
    assert time.thread_time() - began < 1


@pytest.mark.parametrize(
    ("sample", "language"),
    [
        ("Where is my parcel? It should have been here on Friday.", "en"),
        ("Wo bleibt mein Paket? Es sollte am Freitag hier sein.", "de"),
        ("Où est mon colis ? Il devait arriver vendredi dernier.", "fr"),
        ("¿Dónde está mi paquete? Tenía que llegar el viernes.", "es"),
        ("Missä pakettini on? Sen piti tulla jo perjantaina.", "fi"),
        ("Dov'è il mio pacco? Doveva arrivare venerdì scorso.", "it"),
        ("ok", ""),
        ("4711 0815 2025-11-03 99.95", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_short_mail(sample: str, language: str) -> None:
    assert text_language.language_of(sample) == language


def test_the_language_is_told_alike_in_many_threads() -> None:
    found: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(text_language.language_of("Wo bleibt mein Paket? Ich warte seit Freitag."))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["de"] * 8


def test_the_language_of_the_starter_mails() -> None:
    files = [file.read_text(encoding="utf-8") for file in sorted(STARTER.glob("starter-*.csv"))]
    rows = [row for content in files for row in csv.DictReader(io.StringIO(content))]
    assert rows, "no starter mails"
    told = [(row["language"], text_language.language_of(f"{row['subject']}\n{row['text']}")) for row in rows]
    wrong = [pair for pair in told if pair[1] and pair[0] != pair[1]]
    unknown = [pair for pair in told if not pair[1]]
    assert len(wrong) <= len(rows) * 0.005, wrong
    assert len(unknown) <= len(rows) * 0.03
