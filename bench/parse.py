"""How fast parsing is: `python -m bench.parse`, beside the standard library's parser on the same mails in the same run.

Two thousand typical support mails made from a seed: 60 % plain, 30 % with an HTML alternative, 8 % with an attachment
of 100 KB, 2 % odd; a third are replies that quote.
"""

from __future__ import annotations

import base64
import email
import random
import time
from collections.abc import Callable

from pipeline.parse import headers, message, mime
from pipeline.text import clean, quotes
from pipeline.text import language as text_language

MAILS = 2_000
ROUNDS = 3
WORDS = {
    "en": "the parcel that was promised for Friday is still not here and nobody answers my question about the "
    "refund of my last order please tell me when I can expect the money because I have waited for two weeks now",
    "de": "das Paket das für Freitag versprochen war ist noch immer nicht da und niemand beantwortet meine Frage nach "
    "der Erstattung bitte sagen Sie mir wann ich mit dem Geld auf meinem Konto rechnen kann denn ich warte seit Wochen",
    "fr": "le colis promis pour vendredi n'est toujours pas arrivé et personne ne répond à ma question sur le "
    "remboursement merci de me dire quand je recevrai mon argent car j'attends déjà depuis deux longues semaines",
    "es": "el paquete prometido para el viernes todavía no ha llegado y nadie contesta a mi pregunta sobre el "
    "reembolso por favor díganme cuándo recibiré el dinero porque llevo ya dos semanas esperando una respuesta",
    "fi": "perjantaiksi luvattu paketti ei ole vieläkään tullut eikä kukaan vastaa kysymykseeni palautuksesta kertokaa "
    "milloin saan rahat tililleni sillä olen odottanut jo kaksi viikkoa enkä ole kuullut teistä yhtään mitään",
}
WROTE = {
    "en": "On Mon, 3 Nov 2025 at 10:12, Shop <shop@example.com> wrote:",
    "de": "Am 03.11.2025 um 10:12 schrieb Shop <shop@example.com>:",
    "fr": "Le lun. 3 nov. 2025 à 10:12, Shop <shop@example.com> a écrit :",
    "es": "El lun, 3 nov 2025 a las 10:12, Shop (<shop@example.com>) escribió:",
    "fi": "ma 3. marrask. 2025 klo 10.12 Shop (shop@example.com) kirjoitti:",
}


def make_mails(count: int = MAILS, seed: int = 7) -> list[bytes]:
    """The same mails each time."""
    chance = random.Random(seed)
    return [_mail(chance, number) for number in range(count)]


def _mail(chance: random.Random, number: int) -> bytes:
    language = chance.choice(list(WORDS))
    body = _body(chance, language)
    kind = chance.random()
    if kind < 0.60:
        content = _plain(body)
    elif kind < 0.90:
        content = _alternative(body)
    elif kind < 0.98:
        content = _with_attachment(chance, body)
    else:
        odd = (b"\r\n" + body.encode("latin-1", "replace"), _plain(body)[:300], b"garbage\r\n\r\n\xff")
        content = chance.choice(odd)
    return _header(chance, number, language) + content


def _body(chance: random.Random, language: str) -> str:
    words = WORDS[language].split()
    paragraphs = []
    for _ in range(chance.randint(1, 4)):
        line = " ".join(chance.choice(words) for _ in range(chance.randint(15, 60)))
        paragraphs.append("\r\n".join(line[at : at + 76] for at in range(0, len(line), 76)))
    if chance.random() < 1 / 3:
        quoted = "\r\n".join(f"> {' '.join(chance.choices(words, k=10))}" for _ in range(chance.randint(5, 25)))
        paragraphs.append(f"{WROTE[language]}\r\n\r\n{quoted}")
    return "\r\n\r\n".join(paragraphs) + "\r\n"


def _header(chance: random.Random, number: int, language: str) -> bytes:
    received = "".join(
        f"Received: from mail{hop}.example.net (mail{hop}.example.net [192.0.2.{hop + 1}])\r\n"
        f"\tby mx.example.com (Postfix) with ESMTPS id {chance.getrandbits(40):X}\r\n"
        f"\tfor <support@example.com>; Mon,  3 Nov 2025 10:1{hop}:00 +0000 (UTC)\r\n"
        for hop in range(3)
    )
    subject = " ".join(chance.choices(WORDS[language].split(), k=6))
    if not subject.isascii():
        subject = f"=?utf-8?B?{base64.b64encode(subject.encode()).decode()}?="
    return (
        f"Return-Path: <customer{number}@example.org>\r\nDelivered-To: support@example.com\r\n{received}"
        f"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x;\r\n\tb={'A' * 70}\r\n\t {'B' * 70}\r\n"
        f"Authentication-Results: mx.example.com; dkim=pass header.d=example.org\r\n"
        f"From: Customer Number {number} <customer{number}@example.org>\r\nTo: Support <support@example.com>\r\n"
        f"Subject: {subject}\r\nDate: Mon, 3 Nov 2025 10:10:00 +0100\r\n"
        f"Message-ID: <{chance.getrandbits(64):x}@example.org>\r\nX-Mailer: Example 1.0\r\nMIME-Version: 1.0\r\n"
    ).encode()


def _plain(body: str) -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body.encode()


def _alternative(body: str) -> bytes:
    html = "".join(f'<div style="font-family:sans-serif">{line}<br></div>\r\n' for line in body.splitlines())
    return (
        b'Content-Type: multipart/alternative; boundary="=_inner"\r\n\r\n--=_inner\r\n'
        + _plain(body)
        + b"\r\n--=_inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + f"<html><head><style>p {{}}</style></head><body>{html}</body></html>".encode()
        + b"\r\n--=_inner--\r\n"
    )


def _with_attachment(chance: random.Random, body: str) -> bytes:
    return (
        b'Content-Type: multipart/mixed; boundary="=_outer"\r\n\r\n--=_outer\r\n'
        + _plain(body)
        + b"\r\n--=_outer\r\nContent-Type: image/jpeg; name=photo.jpg\r\nContent-Transfer-Encoding: base64\r\n"
        + b"Content-Disposition: attachment; filename=photo.jpg\r\n\r\n"
        + base64.encodebytes(chance.randbytes(100_000)).replace(b"\n", b"\r\n")
        + b"\r\n--=_outer--\r\n"
    )


def standard_library(raw: bytes) -> None:
    """The bare work: the tree, and every body decoded."""
    for part in email.message_from_bytes(raw).walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


def seconds(work: Callable[[bytes], object], mails: list[bytes]) -> float:
    """The best of some rounds over all mails."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for raw in mails:
            work(raw)
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    """Prints the throughput of our parser beside that of the standard library."""
    mails = make_mails()
    parsed = [message.parse(raw) for raw in mails]  # loads what is loaded lazily
    ours, theirs = seconds(message.parse, mails), seconds(standard_library, mails)
    print(f"{len(mails)} mails, {sum(map(len, mails)) / 1e6:.1f} MB, best of {ROUNDS}")
    print(f"  parse              {len(mails) / ours:8.0f} mails/s  {ours / len(mails) * 1e6:6.0f} µs a mail")
    print(f"  standard library   {len(mails) / theirs:8.0f} mails/s  {theirs / len(mails) * 1e6:6.0f} µs a mail")
    print(f"  ratio              {ours / theirs:8.2f} of the standard library's time")
    wholes, texts = [mail.whole for mail in parsed], [f"{mail.subject}\n{mail.text}" for mail in parsed]
    stages: dict[str, float] = {
        "header": seconds(lambda raw: headers.read(raw, 0, len(raw)), mails),
        "structure": seconds(lambda raw: mime.structure(raw, headers.read(raw, 0, len(raw)), len(raw)), mails),
        "content hash": seconds(message.content_hash, mails),
        "tidy": _stage(clean.tidy, wholes),
        "new text": _stage(quotes.new_text, wholes),
        "language": _stage(text_language.language_of, texts),
    }
    for name, spent in stages.items():
        print(f"    {name:14} {spent / len(mails) * 1e6:6.0f} µs a mail{' (with header)' * (name in WITH_HEADER)}")


WITH_HEADER = ("structure", "content hash")


def _stage(work: Callable[[str], object], inputs: list[str]) -> float:
    began = time.perf_counter()
    for value in inputs:
        work(value)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
