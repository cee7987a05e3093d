"""From an effect to the bytes that go out."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RejectedError
from pipeline.letter import links
from pipeline.letter.echo import sensible_name, without_links
from pipeline.letter.message import compose, encode_header
from pipeline.letter.values import values
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.letter import Article, AttachedFile, Letter
from pipeline.records.payload import AcknowledgementPayload, AnswerPayload, from_json
from pipeline.replies.variables import ARTICLES, SCORES, TEXT, TEXTS, VARIABLES, YES_NO, sample_sets
from pipeline.tokens import Signer
from tests.samples import NOON, config

CONFIG = config(calendar={"timezone": "Europe/Helsinki"})


PAYLOAD = {
    "template": "delivery",
    "language": "en",
    "topic": "delivery",
    "ref": "7K3M-9QTX",
    "ticket": True,
    "name": "Eve Miller",
    "subject": "Where is it?",
    "message_id": "<m1@example.org>",
    "references": ("<m0@example.org>",),
    "decided": NOON,
    "respond_by": NOON + timedelta(hours=3),
    "mailbox": "support",
}


def values_of(one: Effect, *more) -> dict:
    return values(one.letter, one.message_id, *more)


def effect(**details) -> Effect:
    return Effect(
        key="7K3M-9QTX:acknowledge",
        mail_id="7K3M-9QTX",
        kind=EffectKind.ACKNOWLEDGE,
        message_id="<7k3m-9qtx.ack.0123@firstline.example.com>",
        recipient=details.pop("recipient", "eve@example.org"),
        payload=AcknowledgementPayload(**{**PAYLOAD, **details}),
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


@given(st.text(max_size=400))
def test_every_encoded_word_is_short_and_makes_sense_alone(subject: str) -> None:
    """RFC 2047 section 5: many programs decode each word for itself, so no letter may be torn apart."""
    for line in encode_header(subject + "é").split("\r\n "):
        word = re.fullmatch(r"=\?utf-8\?b\?([A-Za-z0-9+/]+=*)\?=", line)
        assert word
        assert len(line) <= 75
        assert base64.b64decode(word[1]).decode("utf-8")


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
        ("Please call us about your prize now or never", ""),
        ("x" * 200, ""),
        ("", ""),
        ("<b>Eve</b>", ""),
    ],
)
def test_only_what_looks_like_a_name_is_greeted(name: str, greeted: str) -> None:
    assert sensible_name(name) == greeted


SITUATION = {
    "topics": {
        "delivery": {
            "title": {"en": "your delivery", "de": "Ihre Lieferung"},
            "owner": "Anna Virtanen <anna@example.com>",
            "respond_within": "4h",
            "may_grant": ["voucher"],
        }
    },
    "grants": {"voucher": {"title": {"en": "a voucher", "de": "einen Gutschein"}}},
    "calendar": {"timezone": "Europe/Helsinki"},
}
SETTINGS = config(**SITUATION)
ARTICLE = Article(name="track", language="en", title="How to follow it", link="https://www.example.com/track")


def test_letters_get_exactly_the_documented_variables_and_plain_data_only() -> None:
    kinds = {TEXT: str, YES_NO: bool, TEXTS: list, ARTICLES: list, SCORES: list}
    offering = effect(grants=["voucher"], articles=[ARTICLE])
    for one in (effect(), offering, effect(topic="", name="", respond_by=None)):
        for now in (NOON, NOON + timedelta(hours=9)):
            found = values_of(one, SETTINGS, "en", now)
            assert json.loads(json.dumps(found)) == found
            assert {name: type(value) for name, value in found.items()} == {
                variable.name: kinds[variable.type] for variable in VARIABLES
            }


@pytest.mark.parametrize("samples", sample_sets())
def test_the_samples_have_the_documented_names_and_types(samples: Mapping[str, Any]) -> None:
    assert {name: type(value) for name, value in samples.items()} == {
        variable.name: type(variable.sample) for variable in VARIABLES
    }


def test_a_prepared_situation_fills_the_variables_in_the_letters_language() -> None:
    found = values_of(effect(grants=["voucher"], articles=[ARTICLE]), SETTINGS, "de", NOON)
    assert (found["topic"], found["owner"], found["respond_within"]) == ("Ihre Lieferung", "Anna Virtanen", "4 Stunden")
    assert (found["respond_by"], found["respond_date"]) == ("Mittwoch, 18. November, 17:00 Uhr", "18. November 2026")
    assert found["grants"] == ["einen Gutschein"]
    assert found["articles"] == [{"title": ARTICLE.title, "link": ARTICLE.link}]
    assert found["hours"] == "Mo–Fr 09:00–17:00"


def test_a_title_that_is_missing_in_a_language_comes_in_another() -> None:
    found = values_of(effect(grants=["voucher"]), SETTINGS, "fi", NOON)
    assert (found["topic"], found["grants"]) == ("your delivery", ["a voucher"])


def test_a_grant_that_has_left_the_configuration_is_not_offered_any_more() -> None:
    assert values_of(effect(grants=["voucher"]), CONFIG, "en", NOON)["grants"] == []


@pytest.mark.parametrize(
    ("hours_later", "outside", "opens"),
    [
        (0, False, ""),  # 14:00 in Helsinki
        (3, True, "Thursday, 19 November, 09:00"),  # 17:00: the working day has ended
        (18, True, "Thursday, 19 November, 09:00"),  # 08:00 the next day
        (19, False, ""),
        (3 * 24, True, "Monday, 23 November, 09:00"),  # Saturday
    ],
)
def test_outside_working_hours_a_letter_says_when_work_begins(hours_later: int, outside: bool, opens: str) -> None:
    found = values_of(effect(), SETTINGS, "en", NOON + timedelta(hours=hours_later))
    assert (found["outside_hours"], found["opens"]) == (outside, opens)


def test_an_effect_of_an_earlier_version_still_makes_a_letter() -> None:
    row = {**PAYLOAD, "references": [], "decided": NOON.isoformat(), "respond_by": "", "resolve_by": ""}
    old = replace(effect(), payload=from_json("acknowledge", row))
    found = values_of(old, SETTINGS, "en", NOON)
    assert (found["grants"], found["articles"], found["respond_by"]) == ([], [], "")


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Where is my parcel?", "Where is my parcel?"),
        ("Order 4.711 in version 2.5", "Order 4.711 in version 2.5"),
        ("e.g. an order of 18.11.2026, 12:30", "e.g. an order of 18.11.2026, 12:30"),
        ("AT&T & 50% off", "AT&T & 50% off"),
        ("Look: http://evil.example/a", "Look: /evil example/a"),
        ("HTTPS://EVIL.EXAMPLE", "/EVIL EXAMPLE"),
        ("www.evil.example", "evil example"),
        ("http:www.//evil.example", "/evil example"),
        ("hthttp://tp://evil.example", "/evil example"),
        ("http:\\\\evil.example", "/evil example"),
        ("https ://evil.example:8080", "/evil example:8080"),
        ("hxxps://evil[.]example", "/evil example"),
        ("javascript:alert(1)", "alert(1)"),
        ("write to eve@evil.example", "write to eve at evil example"),
        ("mailto:eve@evil.example", "eve at evil example"),
        ("evil。example", "evil example"),
        ("ｅｖｉｌ．ｅｘａｍｐｌｅ", "evil example"),
        ("ev\u200bil\u2024example", "evil example"),
        ("evil%2Eexample, evil%252Eexample", "evil example, evil example"),
        ("пример.рф evil.中国", "пример рф evil 中国"),
        ("\u202eelpmaxe.live", "elpmaxe live"),
        ("192.168.0.1/x and 0xC0.0xA8.0.1 and 0300.0250.0.1", "192…/x and C0… and 0300…"),
        ("http://3232235777/login", "/323…/login"),
        ("http://0xC0A80001", "/C0A80001"),
        ("http://[2001:db8::1]/", "/[…]/"),
        ("call +358 40 123 4567 or 0800-123-4567", "call 358… or 080…"),
        ("x" * 300, "x" * 79 + "…"),
    ],
)
def test_a_subject_that_is_quoted_holds_nothing_to_click_on(subject: str, shown: str) -> None:
    assert without_links(subject) == shown


ALIVE = re.compile(r"://|www\.|\w@\w|[a-z]\.[a-z]{2}|\d+\.\d+\.\d+\.\d+|\d{7}|%2e", re.IGNORECASE)
PARTS = (
    "http https : / // www . evil example %2E %25 2E @ 1 0x7 \\ 。 ． mailto: tel: + 358 com xn-- [ ] - &#46;".split()
)
PIECES = st.sampled_from([*PARTS, " ", "\u200b", "\u202e"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_put_together_is_dead_short_and_stays_as_it_is(subject: str) -> None:
    shown = without_links(subject)
    assert not ALIVE.search(shown)
    assert len(shown) <= 80
    assert without_links(shown) == shown
    assert not ALIVE.search(sensible_name(subject))


# --- what a person writes ---------------------------------------------------------------------------------------------


def answer(**details: Any) -> Effect:
    written = {"words": "It is on its way.", "author": "anna@example.com", "to": "eve@example.org", "draft": "d1"}
    return replace(
        effect(),
        kind=EffectKind.ANSWER,
        recipient=details.pop("recipient", "eve@example.org"),
        payload=AnswerPayload(**{**PAYLOAD, **written, **details}),
    )


def made(one: Effect, *files: AttachedFile, **smtp: Any) -> Any:
    letter = Letter(
        subject="Re: it", text="Text.\n", html="<p>Text.</p>", template="answer", version="v", language="en"
    )
    server = CONFIG.smtp
    assert server is not None
    return compose(one, letter, server.model_copy(update=smtp), NOON, files)


@pytest.mark.parametrize("header", ["Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"])
def test_what_a_person_writes_has_no_mark_of_a_robot(header: str) -> None:
    """RFC 3834 section 5: it was not submitted automatically."""
    assert email.message_from_bytes(made(answer()).data)[header] is None


@pytest.mark.parametrize(
    ("one", "bounce_address", "path"),
    [
        (answer(), "", "support@example.com"),
        (answer(), "bounces@example.com", "bounces@example.com"),
        (effect(), "", ""),
        (effect(), "bounces@example.com", "bounces@example.com"),
    ],
)
def test_what_a_person_wrote_comes_back_when_it_can_not_arrive(one: Effect, bounce_address: str, path: str) -> None:
    assert made(one, bounce_address=bounce_address).envelope_from == path


def test_a_copy_is_the_same_message_with_another_envelope() -> None:
    cc = ("carl@example.net", "dora@example.net")
    first, copy = made(answer(cc=cc)), made(answer(cc=cc, recipient="carl@example.net"))
    assert first.data == copy.data
    assert (first.recipient, copy.recipient) == ("eve@example.org", "carl@example.net")
    message = email.message_from_bytes(copy.data, policy=email.policy.default)
    assert (message["To"], message["Cc"]) == ("eve@example.org", "carl@example.net, dora@example.net")


@pytest.mark.parametrize("name", ["slip.pdf", "Füße 文.png", "a'b%20*.pdf", "x" * 80])
def test_a_file_arrives_with_its_name_and_its_bytes(name: str) -> None:
    data = bytes(range(256)) * 9
    message = email.message_from_bytes(
        made(answer(), AttachedFile(name=name, type="application/pdf", data=data)).data, policy=email.policy.default
    )
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (name, "application/pdf", data)
    assert message.get_content_type() == "multipart/mixed"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == ["Text."]


def test_every_line_of_a_message_with_files_is_short_enough() -> None:
    data = made(answer(), AttachedFile(name="文" * 80, type="image/png", data=b"x" * 100_000)).data
    assert max(map(len, data.split(b"\r\n"))) <= 998  # RFC 5322 section 2.1.1
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("payload", "subject"),
    [
        ({"subject": "Order 12345678901 at shop.example"}, "Order 123… at shop example"),
        ({"subject": "x", "own_subject": "Order 12345678901"}, "Order 12345678901"),
        ({"subject": ""}, ""),
    ],
)
def test_a_strangers_subject_is_taken_apart_and_our_own_is_not(payload: dict[str, str], subject: str) -> None:
    assert values_of(answer(**payload), CONFIG, "en", NOON)["subject"] == subject


@pytest.mark.parametrize(("cc", "has_link"), [((), True), (("carl@example.net",), False)])
def test_only_the_customer_alone_gets_the_link_to_the_status(cc: tuple[str, ...], *, has_link: bool) -> None:
    with_pages = config(web={"url": "https://support.example.com"})
    found = links.of_letter(with_pages, Signer(b"k" * 32), answer(cc=cc).letter, NOON)
    assert bool(found["status_link"]) is has_link
