"""Texts that a server gives out in the place of a mail which it can't give out now.

Exchange answers FETCH with a message of its own where it can't convert one, and gives out the real one later; filters
that look at a mail after it was delivered put a stand-in in its place meanwhile.
"""

from __future__ import annotations

import re

LOOKED_AT = 4_000  # bytes: they are short
# Each must match: a header that only the server itself writes, and its words.
_SUBSTITUTES = (
    (
        "Exchange could not convert it",
        re.compile(rb"^subject:\s*retrieval using the imap4? protocol failed", re.IGNORECASE | re.MULTILINE),
        re.compile(rb"could\s+not\s+be\s+retrieved\s+using\s+the\s+imap4?\s+protocol", re.IGNORECASE),
    ),
    (
        "it is being scanned",
        re.compile(rb"^x-ms-exchange-(?:safeattachment|atpmessageproperties|organization-safe)", re.I | re.M),
        re.compile(rb"(?:ATP|Safe Attachments) scan in progress", re.IGNORECASE),
    ),
)
_HANDED_ON = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)  # somebody has sent it: it is a mail


def why_not_the_mail(raw: bytes) -> str:
    """What is in the place of the mail, in words; '' for a mail. A quotation of such a text is a mail."""
    head = raw[:LOOKED_AT]
    for why, header, words in _SUBSTITUTES:
        if header.search(head) and words.search(head) and (why.startswith("it is") or not _HANDED_ON.search(head)):
            return why
    return ""
