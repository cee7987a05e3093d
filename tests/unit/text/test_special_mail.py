"""Mail whose matter is not in its text: what a person must open, and whose letter reaches nobody."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.records.mail import Address, Attachment, Mail
from pipeline.text import special_mail
from tests.samples import mail


def with_file(name: str, kind: str = "application/octet-stream", text: str = "", **changes: Any) -> Mail:
    attached = tuple(Attachment(name=one, content_type=kind, size=9) for one in name.split())
    return mail(text=text, whole=text, attachments=attached, content_type="multipart/mixed", **changes)


VOICEMAIL = Address(email="voicemail@pbx.example")
FAX = Address(email="fax-server@pbx.example")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (with_file("msg0001.wav", sender=VOICEMAIL, subject="New message from 0301234567"), "a voice message"),
        (with_file("a.mp3", subject="Sprachnachricht von +49 30 1234567", text="Dauer 0:42"), "a voice message"),
        (with_file("a.wav", subject="x", headers={"message-context": "voice-message"}), "a voice message"),
        (with_file("a.amr", subject="Hlasová zpráva od 123"), "a voice message"),
        (with_file("scan.tif", sender=FAX, subject="Fax from 0301234567"), "a fax"),
        (with_file("scan.pdf", "application/pdf", sender=FAX, subject="x"), "a fax"),
        (with_file("x.pdf", subject="x", headers={"message-context": "fax-message"}), "a fax"),
        (with_file("noise.wav", text="This is the noise that my lamp makes.", subject="Lamp"), ""),
        (with_file("a.pdf", text="My fax machine is broken.", subject="Fax machine"), ""),
        (with_file("a.jpg", subject="Voicemail", text="I left you a voicemail and nobody called back."), ""),
        (mail(subject="Your voicemail greeting is wrong"), ""),
        (with_file("a.wav", subject="Voicemail", text="I cannot hear what it says. " * 20), ""),
        (with_file("a.pdf", sender=Address(email="a.faxon@example.org"), subject="x"), ""),
    ],
)
def test_what_a_telephone_passes_on_is_no_mail_of_its_gateway(given: Mail, said: str) -> None:
    found = special_mail.gateway_message(given)
    assert found.startswith(said)
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (with_file("letter.pdf"), "letter.pdf"),
        (with_file("photo.jpg"), "photo.jpg"),
        (with_file("letter.pdf", text="Please see the attached letter."), "letter.pdf"),
        (with_file("Brief.docx", text="Siehe Anhang"), "Brief.docx"),
        (with_file("x.msg", text="A customer sent me this one, and I thought it is for you."), "x.msg"),
        (with_file("x.eml", text="Hello"), "x.eml"),
        (with_file("a.eml photo.jpg", text="Hi"), "a.eml"),
        (with_file("invoice.pdf", text="My vase arrived broken and I want my money back, order 4711."), ""),
        (with_file("photo.jpg", text="See the attached photo."), ""),
        (with_file("a.pdf", text="I have attached the invoice. " * 10), ""),
        (mail(text="", whole=""), ""),
    ],
)
def test_a_letter_in_an_attachment_is_named(given: Mail, said: str) -> None:
    found = special_mail.to_open(given)
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"content_type": "application/pkcs7-mime", "text": ""}, "S/MIME"),
        ({"content_type": "application/x-pkcs7-mime", "text": ""}, "S/MIME"),
        ({"content_type": "application/pkcs7-mime"}, ""),  # signed, and readable
        ({"content_type": "multipart/encrypted"}, "PGP"),
        ({"whole": "-----BEGIN PGP MESSAGE-----\n\nabc"}, "PGP"),
        ({"attachments": (Attachment(name="message_v2.rpmsg", content_type="x/y", size=1),)}, "rights management"),
        ({}, ""),
    ],
)
def test_how_an_encrypted_mail_is_opened(changes: dict[str, Any], said: str) -> None:
    found = special_mail.encrypted(mail(**changes))
    assert said in found
    assert bool(found) == bool(said)
