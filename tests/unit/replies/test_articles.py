"""Help pages: read from disk, matched with questions, and kept away from those they would not help."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.replies.articles import LEAST, MOST, ArticleShelf, problems_with
from tests.desk import ROOT
from tests.samples import config

SHIPPED = ROOT / "templates"

# What the threshold was set by: mails that a page would help, and mails that none would.
HELPED = [
    (
        "en",
        "track-your-parcel",
        "Where is my parcel?\n"
        "Hello, I ordered a lamp on Monday and would like to know when it will arrive. The order "
        "number is 10442. Thanks, Eve",
    ),
    (
        "en",
        "track-your-parcel",
        "Delivery time\nHi, how long does delivery take to Helsinki, and can you send it to a parcel locker?",
    ),
    (
        "en",
        "send-something-back",
        "Return\n"
        "Good morning, the jacket is too small for me. How do I return it, and where do I find the "
        "return label?",
    ),
    (
        "en",
        "when-your-refund-arrives",
        "Refund\nI sent the shoes back last week. When will I get my money back, and does it go to my card?",
    ),
    (
        "en",
        "reset-your-password",
        "Login\nI have forgotten my password and can't log in to my account any more. What can I do?",
    ),
    (
        "en",
        "get-an-invoice",
        "Invoice for order 55120\n"
        "Could you please send me a copy of the invoice with our VAT number on it? We need it for our"
        " books.",
    ),
    (
        "en",
        "change-or-cancel-an-order",
        "Order 8821\n"
        "Hi, I placed an order this morning with the wrong delivery address. Can I still change it or"
        " cancel the order?",
    ),
    ("en", "ways-to-pay", "Payment\nDo you accept PayPal, and can I redeem two gift cards with one order?"),
    ("en", "end-a-subscription", "My subscription\nHow do I cancel my subscription, and what is the notice period?"),
    (
        "de",
        "track-your-parcel",
        "Wo ist mein Paket?\nGuten Tag, ich habe am Montag eine Lampe bestellt. Wann kommt sie an? Viele Grüße, Eva",
    ),
    (
        "de",
        "send-something-back",
        "Rücksendung\n"
        "Hallo, die Jacke ist mir zu klein. Wie schicke ich sie zurück und wo finde ich den "
        "Retourenschein?",
    ),
    (
        "de",
        "when-your-refund-arrives",
        "Erstattung\nIch habe die Schuhe letzte Woche zurückgeschickt. Wann bekomme ich mein Geld zurück?",
    ),
    (
        "de",
        "reset-your-password",
        "Passwort vergessen\n"
        "Ich kann mich nicht mehr anmelden, weil ich mein Passwort vergessen habe. Was kann ich tun?",
    ),
    (
        "de",
        "get-an-invoice",
        "Rechnung\nBitte schicken Sie mir eine Kopie der Rechnung mit unserer Umsatzsteuernummer.",
    ),
    ("de", "end-a-subscription", "Kündigung\nIch möchte mein Abonnement kündigen. Wie lang ist die Kündigungsfrist?"),
    ("fr", "track-your-parcel", "Mon colis\nBonjour, quand mon colis sera-t-il livré ? J'ai commandé lundi."),
    (
        "fr",
        "get-an-invoice",
        "Facture\nBonjour, pourriez-vous m'envoyer une copie de la facture au nom de mon entreprise ?",
    ),
    ("es", "reset-your-password", "Contraseña\nHola, he olvidado mi contraseña y no puedo entrar en mi cuenta."),
    (
        "es",
        "send-something-back",
        "Devolución\nBuenos días, ¿cómo puedo devolver unos zapatos? No encuentro la etiqueta.",
    ),
    ("fi", "track-your-parcel", "Paketti\nHei, missä pakettini on? Tilasin lampun maanantaina."),
    ("fi", "get-an-invoice", "Lasku\nHei, saisinko laskusta kopion yrityksen y-tunnuksella?"),
]
NOT_HELPED = [
    ("en", "Opening hours\nAre you open on Saturday, and is there parking in front of the shop?"),
    (
        "en",
        "Job application\n"
        "Dear team, I am looking for work as a warehouse clerk and would like to send you my CV. Whom"
        " may I write to?",
    ),
    (
        "en",
        "The green lamp\n"
        "Does the green lamp come with a bulb, and how bright is it? I would like to put it in my "
        "daughter's room.",
    ),
    ("en", "Thank you!\nJust a short note to say how kind your colleague on the phone was. You made my day."),
    (
        "en",
        "Interview request\n"
        "I am a student of economics and am writing my thesis about small shops. Would somebody have "
        "twenty minutes for a talk?",
    ),
    (
        "en",
        "Question\n"
        "Hello, could somebody please call me tomorrow afternoon? It is about something I would "
        "rather not write down. Thank you very much.",
    ),
    (
        "en",
        "App crashes\n"
        "Since the update the app closes as soon as I touch the map on my phone. It is an older "
        "Android device.",
    ),
    (
        "en",
        "Sponsoring\n"
        "Our football club is looking for partners for the summer tournament. May we send you our "
        "brochure?",
    ),
    ("de", "Öffnungszeiten\nHaben Sie am Samstag geöffnet, und gibt es Parkplätze vor dem Laden?"),
    (
        "de",
        "Bewerbung\n"
        "Sehr geehrte Damen und Herren, ich suche eine Ausbildung im Einzelhandel. An wen darf ich "
        "meine Unterlagen schicken?",
    ),
    ("de", "Die grüne Lampe\nIst bei der grünen Lampe eine Glühbirne dabei, und wie hell ist sie?"),
    ("de", "Danke\nIch wollte nur sagen, wie freundlich Ihr Kollege am Telefon war."),
    (
        "de",
        "Bitte um Rückruf\nKönnte mich morgen Nachmittag jemand anrufen? Es geht um etwas Persönliches. Vielen Dank.",
    ),
    ("fr", "Horaires\nBonjour, êtes-vous ouverts le samedi, et y a-t-il un parking devant le magasin ?"),
    ("fr", "Merci\nJe voulais simplement vous dire combien votre collègue a été aimable au téléphone."),
    ("es", "Horario\nHola, ¿abren los sábados? ¿Hay aparcamiento delante de la tienda?"),
    ("es", "Lámpara verde\n¿La lámpara verde trae bombilla y cuánto ilumina?"),
    ("fi", "Aukioloajat\nHei, oletteko auki lauantaina, ja onko kaupan edessä pysäköintipaikkoja?"),
    ("fi", "Kiitos\nHalusin vain kertoa, miten ystävällinen kollegane oli puhelimessa."),
]


@pytest.fixture(scope="module")
def shelf() -> ArticleShelf:
    return ArticleShelf(SHIPPED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "en/articles/track.md", "Title: Tracking\nLink: https://www.example.com/t\n\nWhere is my parcel?\n")
    write(tmp_path, "en/articles/pay.md", "Title: Paying\nLink: https://www.example.com/p\n\nCredit card or PayPal?\n")
    write(tmp_path, "de/articles/pay.md", "Title: Zahlen\nLink: https://www.example.com/z\n\nKreditkarte?\n")
    return tmp_path


def write(folder: Path, name: str, text: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000))


def names(shelf: ArticleShelf, text: str, language: str = "en", named: tuple[str, ...] = ()) -> list[str]:
    return [article.name for article in shelf.fitting(text, language, named)]


@pytest.mark.parametrize(("language", "article", "text"), HELPED)
def test_a_question_finds_its_page_first(shelf: ArticleShelf, language: str, article: str, text: str) -> None:
    assert names(shelf, text, language)[:1] == [article]


@pytest.mark.parametrize(("language", "text"), NOT_HELPED)
def test_a_mail_about_something_else_finds_none(shelf: ArticleShelf, language: str, text: str) -> None:
    assert names(shelf, text, language) == []


def test_similarity_reaches_from_nothing_to_the_same_text(shelf: ArticleShelf) -> None:
    assert shelf.ranked("", "en")[0][1] == 0
    page = (SHIPPED / "en/articles/ways-to-pay.md").read_text(encoding="utf-8")
    name, share = shelf.ranked(page, "en")[0]
    assert name == "ways-to-pay"
    assert LEAST < share <= 1.0001


def test_those_named_for_the_topic_come_after_the_similar_ones_and_there_are_never_many(shelf: ArticleShelf) -> None:
    named = ("end-a-subscription", "get-an-invoice", "ways-to-pay")
    found = names(shelf, "I forgot my password and can't log in to my account.", named=named)
    assert found == ["reset-your-password", "end-a-subscription", "get-an-invoice"]
    assert len(found) == MOST
    assert names(shelf, "Hello", named=("get-an-invoice", "no-such-page")) == ["get-an-invoice"]


def test_a_page_is_offered_once_and_in_the_language_of_the_letter_only(shelf: ArticleShelf) -> None:
    text = "Ich habe mein Passwort vergessen und kann mich nicht anmelden."
    (article,) = shelf.fitting(text, "de", ("reset-your-password",))
    assert (article.language, article.title) == ("de", "So setzen Sie Ihr Passwort neu")
    assert names(shelf, text, "sv", ("reset-your-password",)) == []


def test_the_shipped_pages_are_well() -> None:
    shelf = ArticleShelf(SHIPPED)
    assert shelf.problems == {}
    for article in shelf.all:
        assert article.link.endswith(f"/help/{article.name}")
        assert len(article.title) <= 70


def test_a_change_is_picked_up_and_a_broken_file_leaves_its_last_good_version_in_use(folder: Path) -> None:
    shelf = ArticleShelf(folder)
    write(folder, "en/articles/pay.md", "Title: How to pay\nLink: https://www.example.com/new\n\nCredit card?\n")
    shelf.refresh()
    write(folder, "en/articles/pay.md", "no head at all")
    shelf.refresh()
    assert list(shelf.problems) == ["en/articles/pay.md"]
    assert [article.title for article in shelf.fitting("", "en", ("pay",))] == ["How to pay"]
    (folder / "en/articles/pay.md").unlink()
    shelf.refresh()
    assert shelf.problems == {}
    assert names(shelf, "", named=("pay",)) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("Link: https://www.example.com\n\ntext", "Title"),
        ("Title: x\n\ntext", "Link"),
        ("Title: x\nLink: http://www.example.com/\n\ntext", "https"),
        ("Title: x\nLink: javascript:alert(1)\n\ntext", "https"),
        ('Title: x\nLink: https://www.example.com/"onclick="x\n\ntext', "https"),
        ("Title: x\nLink: https://www.example.com/a b\n\ntext", "https"),
        ("", "Title"),
        (b"Title: caf\xe9\nLink: https://www.example.com/\n", "UTF-8"),
        ("Title: x\nLink: https://www.example.com/\n" + "x" * 70_000, "KB"),
    ],
)
def test_a_file_that_can_not_serve_says_why(folder: Path, content: str | bytes, problem: str) -> None:
    write(folder, "en/articles/new.md", content)
    shelf = ArticleShelf(folder)
    assert problem in shelf.problems["en/articles/new.md"]
    assert ("en", "new") not in shelf.names


def test_names_in_the_configuration_that_no_page_has_are_found(folder: Path) -> None:
    settings = config(topics={"delivery": {"articles": ["track", "trakc"]}})
    ((where, what, remedy),) = problems_with(ArticleShelf(folder), settings)
    assert where == "config.toml, topics.delivery.articles"
    assert "trakc" in what
    assert "trakc.md" in remedy


def test_a_folder_without_any_pages_offers_none(tmp_path: Path) -> None:
    assert ArticleShelf(tmp_path).fitting("Where is my parcel?", "en", ("track",)) == []
