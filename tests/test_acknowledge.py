"""From an effect to the bytes that go out."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.acknowledge import compose, encode_header, sensible_name, values, when
from pipeline.errors import RejectedError
from pipeline.records import Effect, EffectKind, Letter
from tests.samples import NOON, config

CONFIG = config(calendar={"timezone": "Europe/Helsinki"})


def effect(**details) -> Effect:
    return Effect(
        key="7K3M-9QTX:acknowledge",
        mail_id="7K3M-9QTX",
        kind=EffectKind.ACKNOWLEDGE,
        message_id="<7k3m-9qtx.ack.0123@firstline.example.com>",
        recipient=details.pop("recipient", "eve@example.org"),
        details={
            "template": "delivery",
            "language": "en",
            "topic": "delivery",
            "ref": "7K3M-9QTX",
            "ticket": True,
            "name": "Eve Miller",
            "subject": "Where is it?",
            "message_id": "<m1@example.org>",
            "references": ["<m0@example.org>"],
            "decided": NOON.isoformat(),
            "respond_by": (NOON + timedelta(hours=3)).isoformat(),
            "resolve_by": "",
            "mailbox": "support",
            **details,
        },
    )


def letter(subject: str = "Your parcel", text: str = "Hello,\n\nwe are on it.\n", html: str = "") -> Letter:
    return Letter(subject=subject, text=text, html=html, template="delivery", version="v", language="en")


def message_of(effect_: Effect, letter_: Letter):
    assert CONFIG.smtp is not None
    data = compose(effect_, letter_, CONFIG.smtp, NOON).data
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    return email.message_from_bytes(data, policy=email.policy.default)


def text_of(part) -> str:
    return part.get_content().replace("\r\n", "\n")


def test_it_carries_all_the_marks() -> None:
    message = message_of(effect(), letter())
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Firstline-Loop"] == "7k3m-9qtx.ack.0123"
    assert message["Message-ID"] == "<7k3m-9qtx.ack.0123@firstline.example.com>"
    assert message["In-Reply-To"] == "<m1@example.org>"
    assert message["References"].split() == ["<m0@example.org>", "<m1@example.org>"]
    assert message["To"] == "eve@example.org"
    assert message["From"].addresses[0].display_name == "Example Support"
    assert text_of(message) == "Hello,\n\nwe are on it.\n"


def test_the_envelope_sender_is_the_null_path_unless_configured() -> None:
    assert CONFIG.smtp is not None
    assert compose(effect(), letter(), CONFIG.smtp, NOON).envelope_from == ""
    other = config(smtp={"host": "127.0.0.1", "security": "none", "from": "a@b.c", "bounce_address": "bounce@b.c"}).smtp
    assert other is not None
    assert compose(effect(), letter(), other, NOON).envelope_from == "bounce@b.c"


def test_text_and_html_go_out_as_alternatives() -> None:
    message = message_of(effect(), letter(text="Grüße – 10 €\n", html="<p>Grüße – 10 €</p>"))
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert text_of(plain) == "Grüße – 10 €\n"
    assert text_of(html) == "<p>Grüße – 10 €</p>"


@pytest.mark.parametrize(
    "recipient",
    ["a@b\r\nBcc: x@y.z", "a b@c.d", "a@b,c@d", "<a@b>", "", "nobody", "a@b;c", 'x"@y.z', "a@b\x00.c", "a(c)@b.c"],
)
def test_nothing_that_is_no_single_address_is_written_to(recipient: str) -> None:
    assert CONFIG.smtp is not None
    with pytest.raises(RejectedError):
        compose(effect(recipient=recipient), letter(), CONFIG.smtp, NOON)


@pytest.mark.parametrize("bad", ["<a@b>\r\nBcc: x@y", "<" + "a" * 300 + "@b>", "no brackets", "<a b@c>"])
def test_a_message_id_that_could_break_a_header_is_left_out(bad: str) -> None:
    message = message_of(effect(message_id=bad), letter())
    assert message["In-Reply-To"] is None
    assert message["Bcc"] is None


@given(st.text(max_size=400))
def test_any_subject_survives_and_stays_one_header(subject: str) -> None:
    encoded = encode_header(subject)
    parsed = email.message_from_string(f"Subject: {encoded}\r\n\r\n", policy=email.policy.default)
    expected = "".join(c for c in " ".join(subject.split()) if c.isprintable()).encode("utf-8", "replace").decode()
    assert list(parsed.keys()) == (["Subject"])
    assert "".join(str(parsed["Subject"]).split()) == "".join(expected.split())


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Eve Miller", "Eve Miller"),
        ("  Jürgen  Weiß ", "Jürgen Weiß"),
        ("O'Brien, Maeve", "O'Brien, Maeve"),
        ("李 小龍", "李 小龍"),
        ("eve@example.org", ""),
        ("BUY www.pills.example NOW", ""),
        ("Win 1000 €", ""),
        ("Visit pills.example", ""),
        ("x" * 200, ""),
        ("", ""),
        ("<b>Eve</b>", ""),
    ],
)
def test_only_what_looks_like_a_name_is_greeted(name: str, greeted: str) -> None:
    assert sensible_name(name) == greeted


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Wednesday, 18 November, 17:00"),
        ("de", "Mittwoch, 18. November, 17:00 Uhr"),
        ("fr", "mercredi 18 novembre à 17:00"),
        ("es", "miércoles 18 de noviembre, 17:00"),
        ("fi", "keskiviikkona 18.11. klo 17.00"),
    ],
)
def test_times_are_told_in_the_customers_words_and_our_time_zone(language: str, words: str) -> None:
    assert when((NOON + timedelta(hours=3)).isoformat(), language, "Europe/Helsinki") == words


def test_an_unknown_language_gets_an_english_time_rather_than_an_error() -> None:
    assert "2026" in when(NOON.isoformat(), "xx", "UTC")


def test_letters_get_plain_data_only() -> None:
    found = values(effect(), CONFIG, "de")
    assert found["topic"] == "Ihre Lieferung"
    assert all(isinstance(value, (str, bool)) for value in found.values())
