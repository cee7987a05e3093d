"""What of a mail's text is new: `text.quotes` told what else the mail says about itself, and about our letters.

The same is done twice: when a mail is parsed, from its own bytes alone; and once more when it turns out that it answers
letters of ours, with their texts, which are the best evidence there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.parse import addresses
from pipeline.records.mail import Mail
from pipeline.text import special_mail
from pipeline.text.language import language_of_mail
from pipeline.text.mail_words import mail_words
from pipeline.text.quotes import Context, Reading, read

NOTHING_NEW = "nothing new was found in it: all of its text was judged"
HALF_CUT = "more than half of it was taken for an older mail: all of it was judged too"
_NOTES = (NOTHING_NEW, HALF_CUT, "passed on: ")
_TO = 10  # recipients whose names are looked at
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to")
_MARK = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)*([^\W\d_][^\W\d_. ]{0,11}(?: [^\W\d_]{1,11})?)(?:\[\d+\]|\^\d+)?\s*[:\uff1a]"
)
_DANISH = re.compile(r"^[\s*>|]{0,4}Fra[\s*]{0,2}:", re.MULTILINE)


def with_new_text(mail: Mail, sent: Sequence[str] = (), languages: Sequence[str] = ()) -> Mail:
    """The mail with its new text, the language of that, and notes about what was cut.

    `sent`: our letters that it may quote. `languages`: may be met beside the usual ones.
    """
    found = taken_apart(mail, sent)
    notes = [note for note in mail.notes if not note.startswith(_NOTES)]
    return replace(
        mail,
        text=found.new,
        beside=found.doubtful,
        notes=(*notes, *_notes(found), *_what_to_open(mail, found.new, notes)),
        language=language_of_mail(mail.subject, found.new, mail.header("content-language"), languages),
    )


def taken_apart(mail: Mail, sent: Sequence[str] = ()) -> Reading:
    """Its whole text, line by line."""
    return read(mail.whole, context(mail, sent))


def context(mail: Mail, sent: Sequence[str] = ()) -> Context:
    """What a mail's headers say about its text."""
    answers, forwards = _marks(mail)
    may_name_us = ":" in mail.whole or "\uff1a" in mail.whole  # no head of an older mail is without
    to = addresses.read(mail.header("to"), _TO) if may_name_us and mail.header("to") else []
    ours = {said for address in to for said in (address.email.lower(), address.name.lower()) if said}
    ours.update(mail.header(name).lower().strip("<> ") for name in _DELIVERED)
    sender = mail.sender
    writer = {sender.email.lower(), sender.name.lower()} - {""} if sender else set()
    return Context(
        answers=answers,
        forwards=forwards,
        ours=frozenset(ours - writer - {""}),
        writer=frozenset(writer),
        sent=tuple(sent),
    )


def _marks(mail: Mail) -> tuple[bool, bool]:
    """Does it answer a mail, and does it pass one on? The first mark of the subject decides that."""
    found = _MARK.match(mail.subject)
    mark = found[1].lower() if found else ""
    words = mail_words()
    forwards = mark in words.forward_marks
    if forwards and mark in words.reply_marks:  # VS: an answer in Finnish, passed on in Danish and Norwegian
        forwards = bool(_DANISH.search(mail.whole))
    return bool(mail.in_reply_to or mail.references or (mark in words.reply_marks and not forwards)), forwards


def _what_to_open(mail: Mail, text: str, notes: Sequence[str]) -> list[str]:
    """What a person must open, where the text does not say what it is about. Nobody reads a machine's report."""
    if mail.report or not (mail.attachments or _may_be_encrypted(mail)):
        return []
    mail = replace(mail, text=text)
    said = special_mail.encrypted(mail) or special_mail.gateway_message(mail) or special_mail.to_open(mail)
    return [said] if said and said not in notes else []


def _may_be_encrypted(mail: Mail) -> bool:
    return mail.content_type not in _READABLE or mail.whole.startswith("-----BEGIN")


_READABLE = ("text/plain", "text/html", "multipart/alternative", "multipart/related")


def _notes(found: Reading) -> list[str]:
    notes = []
    if found.is_all and found.new:
        notes.append(NOTHING_NEW)
    if found.doubtful:
        notes.append(HALF_CUT)
    if found.forwarded:
        notes.append(f"passed on: a mail of {found.forwarded}")
    return notes
