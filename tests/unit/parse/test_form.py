"""A contact form that puts the customer nowhere but into its text."""

from __future__ import annotations

import pytest

from pipeline.config.guard import FormConfig, GuardConfig
from pipeline.parse import message
from pipeline.records.mail import Mail

LABELS = {
    "email": ["E-mail", "E-Mail-Adresse", "Sähköposti"],
    "name": ["Name", "Nimi"],
    "text": ["Message", "Nachricht", "Viesti"],
}
PLAIN = "text/plain"
FORM = FormConfig.model_validate({"from": "form@shop.example", **LABELS})


def read(text: str, kind: str = PLAIN, form: FormConfig = FORM, **headers: str) -> Mail:
    fields = {
        "From": "Web form <form@shop.example>",
        "Subject": "Contact form",
        "Content-Type": f"{kind}; charset=utf-8",
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {**fields, **headers}.items())
    return message.parse(f"{head}\r\n{text}".encode(), forms=[form])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "New submission\n\nName: Eve Miller\nE-mail: eve@example.org\nMessage: It is broken.\nPlease help.",
            "text/plain",
        ),
        (
            "Name:\nEve Miller\n\nE-Mail-Adresse:\neve@example.org\n\nNachricht:\nIt is broken.\nPlease help.\n",
            "text/plain",
        ),
        (
            "* Nimi *: Eve Miller\n* SÄHKÖPOSTI *: eve@example.org\n* Viesti *: It is broken.\nPlease help.",
            "text/plain",
        ),
        ("Name\tEve Miller\nE-mail (required)\teve@example.org\nMessage\tIt is broken.\nPlease help.", PLAIN),
        ("| Name | Eve Miller |\n| E-mail | eve@example.org |\n| Message | It is broken. Please help. |", PLAIN),
        (
            "Message: It is broken.\nPlease help.\nE-mail: eve@example.org\nName: Eve Miller\nPhone: 0123 456",
            "text/plain",
        ),
        (
            "<table><tr><td>Name</td><td>Eve Miller</td></tr><tr><td>E-mail</td><td>eve@example.org</td></tr>"
            "<tr><td>Message</td><td>It is broken.<br>Please help.</td></tr></table>",
            "text/html",
        ),
    ],
)
def test_the_fields_are_found_however_they_stand(text: str, kind: str) -> None:
    mail = read(text, kind)
    assert mail.reply_to is not None
    assert (mail.reply_to.email, mail.reply_to.name) == ("eve@example.org", "Eve Miller")
    assert " ".join(mail.text.split()) == "It is broken. Please help."


def test_language_and_quotes_are_judged_on_the_message_alone() -> None:
    mail = read(
        "You have a new message from the contact page of your shop.\nName: Jonas\nE-mail: jonas@example.org\n"
        "Message: Mein Paket ist beschädigt angekommen. Ich warte schon seit zwei Wochen darauf.\n"
    )
    assert mail.language == "de"
    assert mail.text.startswith("Mein Paket")


def test_the_field_goes_before_reply_to_and_the_form_itself_is_nobody() -> None:
    typed = "Name: Eve\nE-mail: eve@example.org\nMessage: Hello"
    assert read(typed, Reply_To="noreply@shop.example").reply_to.email == "eve@example.org"  # type: ignore[union-attr]
    assert read("Name: Eve\nMessage: Hello", Reply_To="bob@example.org").reply_to.email == "bob@example.org"  # type: ignore[union-attr]
    assert read(typed, Reply_To="form@shop.example").reply_to.email == "eve@example.org"  # type: ignore[union-attr]
    assert read("Name: Eve\nMessage: Hello").reply_to is None


@pytest.mark.parametrize("typed", ["not an address", "eve@example.org, mallory@example.net", "a@b\r\nBcc: x@y.z"])
def test_what_is_typed_as_an_address_is_one_or_none(typed: str) -> None:
    found = read(f"E-mail: {typed}\nMessage: Hello").reply_to
    assert found is None or found.email in ("eve@example.org", "a@b")


def test_mail_of_others_is_left_alone() -> None:
    mail = read("Name: Eve\nE-mail: eve@example.org\nMessage: Hello", From="eve@example.org")
    assert (mail.reply_to, mail.text) == (None, "Name: Eve\nE-mail: eve@example.org\nMessage: Hello")


def test_without_labels_the_frame_decides_neither_text_nor_language() -> None:
    form = FormConfig.model_validate({"from": "form@shop.example"})
    text = "Page URL: https://shop.example\nFrom: Jonas\nSubject: Paket\n\n"
    text += "Mein Paket ist beschädigt. Ich warte sehr lange.\n"
    mail = read(text, form=form)
    assert "Mein Paket ist beschädigt." in mail.text
    assert mail.language == "de"


def test_forms_are_addresses_or_tables() -> None:
    guard = GuardConfig.model_validate({"forms": ["form@shop.example", {"from": "a@b.example", "email": "E-mail"}]})
    assert [(form.sender, form.email) for form in guard.forms] == [
        ("form@shop.example", ()),
        ("a@b.example", ("E-mail",)),
    ]
    with pytest.raises(ValueError, match="no address"):
        GuardConfig.model_validate({"forms": ["shop.example"]})
