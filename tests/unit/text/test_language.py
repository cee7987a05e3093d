"""The language of a mail: the writer's own words decide, short ones by several signs."""

from __future__ import annotations

import pytest

from pipeline.parse.message import parse
from pipeline.text.language import language_of_mail, says_praise

SHORT = {
    "sv": "Hej, var är mitt paket?",
    "no": "Hvor er pakken min nå?",
    "da": "Hvor er min pakke nu?",
    "de": "Wo ist mein Paket?",
    "fr": "Merci beaucoup",
    "ja": "荷物が届きません",
    "zh": "我的包裹在哪里？",
    "el": "Πού είναι;",
    "uk": "Де моя посилка?",
    "ru": "Где мой заказ?",
    "ar": "أين طلبي",
    "fi": "Kiitos!",
    "hu": "Hol van a csomagom?",
    "cs": "Kde je můj balík?",
    "et": "Kus on minu pakk?",
    "tr": "Siparişim nerede?",
    "it": "Dove è il mio pacco?",
    "nl": "Waar is mijn pakket?",
    "pt": "Onde está a minha encomenda?",
    "pl": "Gdzie jest moja paczka?",
    "ro": "Unde este comanda mea?",
    "es": "¿Dónde está mi pedido?",
}
LONG = {
    "no": "Hei, jeg har ikke fått varen jeg bestilte forrige uke. Når kommer den?",
    "da": "Hej, jeg har ikke modtaget den vare, jeg bestilte i sidste uge. Hvornår kommer den?",
    "sv": "Hej, jag har inte fått varan som jag beställde förra veckan. När kommer den?",
}


@pytest.mark.parametrize(("language", "text"), [*SHORT.items(), *LONG.items()])
def test_short_mails_and_neighbours_are_told_apart(language: str, text: str) -> None:
    assert language_of_mail("", text) == language


@pytest.mark.parametrize("text", ["ok", "4711", "", "a", "no", "😀", "AB-12", "www.example.org"])
def test_where_nothing_tells_nothing_is_said(text: str) -> None:
    assert language_of_mail("", text) == ""


@pytest.mark.parametrize(
    ("subject", "text", "declared", "language"),
    [
        ("New message from your contact form", "Das Paket kam beschädigt an, ich möchte mein Geld zurück.", "", "de"),
        ("Order confirmation 4711", "Wo ist mein Paket?", "en-US", "de"),
        ("Wo ist meine Bestellung geblieben?", "4711", "", "de"),
        ("4711", "ok", "sv-SE", "sv"),
        ("4711", "ok", "nb-NO, en", "no"),
        ("4711", "ok", "xx", ""),
        ("Order 4711", "Where is my 北京 lamp now, please tell me?", "", "en"),
    ],
)
def test_the_writers_words_come_before_everything_else(subject: str, text: str, declared: str, language: str) -> None:
    assert language_of_mail(subject, text, declared) == language


def test_what_was_cut_has_no_say() -> None:
    quoted = "> Thank you for your message, we have packed your order today and you will hear from us.\n" * 5
    wrote = "On Mon, 9 Nov 2026 at 10:12, Shop <shop@example.com> wrote:"
    raw = f"Subject: Re: Order\nIn-Reply-To: <a@b>\n\nIch habe es noch nicht bekommen.\n\n{wrote}\n{quoted}"
    assert parse(raw.encode()).language == "de"


def test_the_header_is_heard_only_where_words_say_nothing() -> None:
    assert parse(b"Subject: 4711\nContent-Language: fi\n\n4711").language == "fi"
    assert parse(b"Subject: 4711\nContent-Language: fi\n\nWhere is my parcel, please?").language == "en"


@pytest.mark.parametrize(
    ("text", "language", "praises"),
    [
        ("Tack så mycket, allt är jättebra!", "sv", True),
        ("Grazie, ottimo servizio", "it", True),
        ("Vasen var trasig.", "sv", False),
        ("ありがとうございます", "ja", True),
        ("anything", "xx", False),
    ],
)
def test_words_of_praise(text: str, language: str, praises: bool) -> None:
    assert says_praise(text, language) is praises
