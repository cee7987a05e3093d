"""What a letter may repeat of what a stranger wrote: a short subject without links, a name that is one.

A letter of ours goes to whoever stands in From, and anybody can write that: so nothing in it may lead anywhere. Mail
programs make links of plain text, each of other things, and people read through disguises. Therefore whatever looks
like a scheme, a name of a host, an address of a machine or a person, or a telephone number is taken apart, again and
again until nothing changes; and what still looks alive then is left out.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from pipeline.text.clean import is_garbled

LONGEST = 80  # characters
LOOKED_AT = 400  # characters of a subject: what is cut off is not taken apart before
ROUNDS = 20
LONGEST_NAME, MOST_WORDS = 50, 6

# What programs read as a dot, and slashes of all kinds; NFKC has already made plain ones of most.
_DOTS = re.compile(
    r"[.。．｡․‧・｡]|\[\.\]|\(\.\)|\{\.\}|[\[({]\s*(?:dot|punkt|point|punto|piste)\s*[\])}]", re.IGNORECASE
)
_SLASHES = re.compile(r"[/\\⁄∕⧸／＼]")
_MORE_SLASHES = re.compile(r"/{2,}")
_ENTITY = re.compile(r"&#x?[0-9a-f]{1,6};?", re.IGNORECASE)
_SCHEME = re.compile(
    r"[a-z][a-z0-9+.\-]{0,30}:(?=/)"  # any, where a slash follows
    r"|\b(?:https?|h[tx]{2}ps?|ftps?|sftp|file|mailto|tel|sms|smsto|callto|facetime|sip|sips|skype|xmpp|ssh|telnet|ldaps?|news"
    r"|nntp|data|javascript|vbscript|whatsapp|tg|signal|viber|zoommtg|msteams|intent|market|itms|geo|maps|magnet|bitcoin"
    r"|ipfs|view-source|blob|about|ws|wss|git|svn)\s?:",
    re.IGNORECASE,
)
_WWW = re.compile(r"www\d*(?=[.:/])\.?", re.IGNORECASE)
# A dot between a word and what may be a name: evil.example; not 4.711, 2.5, e.g., nor the end of a sentence.
_DOT = re.compile(r"(?<=[^\s.])\.(?=[\w\-]*[^\W\d_][\w\-]*[\w])(?=\w)")
_AT = re.compile(r"(?<=\S)@(?=\S)|(?<=\S)@|@(?=\S)")
# Addresses of machines: four numbers, or fewer where one is a large or a hexadecimal one; with colons; in brackets.
_NUMBERS = re.compile(r"(?<![\w.])(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){3,}(?!\w)", re.IGNORECASE)
_HEX = re.compile(r"\b0x(?=[0-9a-f])", re.IGNORECASE)
_COLONS = re.compile(r"(?<![\w:])(?=:*[0-9a-f])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
# Telephone numbers, and decimal addresses of machines: a date is none.
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}:\d{2}(?::\d{2})?")
_LONG = re.compile(r"\+?\(?\d(?:[\s.\-/()]{0,3}\d){6,}")
# Without any of these nothing above finds anything: most subjects.
_SUSPICIOUS = re.compile(r"[^\w ,!?'’\-–…]|_|0x|\d(?:\D{0,3}\d){6}", re.IGNORECASE)
_ALIVE = re.compile(r"://|//|www\d*\.|\w@\w|%[0-9a-f]{2}|[^\W\d_]\.[^\W\d_]{2}", re.IGNORECASE)


def without_links(subject: str) -> str:
    """One short line in which nothing can be clicked on, in whatever mail program; '' for what could not be read."""
    if is_garbled(subject):
        return ""
    text = _visible(subject)[:LOOKED_AT]
    return _taken_apart(text) if _SUSPICIOUS.search(text) else _cut(text)


def _taken_apart(text: str) -> str:
    for _ in range(ROUNDS):
        broken = _broken(text)
        if broken == text:
            break
        text = broken
    text = _cut(text)
    return "" if _ALIVE.search(text) or _broken(text) != text else text


_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u034f")  # Unicode calls them letters and marks


def _visible(text: str) -> str:
    """One spelling of each letter, and nothing that is not seen: what turns the direction, joins or separates."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = "…".join(unicodedata.normalize("NFKC", piece) for piece in text.split("…"))
    if text.isprintable() and _UNSEEN.isdisjoint(text):  # no letter of the kinds below
        return " ".join(text.split())
    shown = (" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text if not _is_hidden(one))
    return " ".join("".join(shown).split())


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cf", "Co", "Cs", "Cn") or letter in _UNSEEN


def _broken(text: str) -> str:
    if "%" in text:
        text = _visible(unquote(text, errors="replace"))
    text = _ENTITY.sub(" ", text)
    text = _SLASHES.sub("/", _DOTS.sub(".", text))
    text = _WWW.sub("", _SCHEME.sub("", text))
    text = _MORE_SLASHES.sub("/", text)
    text = _NUMBERS.sub(lambda found: found[0].partition(".")[0] + "…", text)
    text = _COLONS.sub("…", _HEX.sub("", text))
    text = _shorter_numbers(text)
    text = _AT.sub(" at ", _DOT.sub(" ", text))
    return " ".join(text.split())


def _shorter_numbers(text: str) -> str:
    """Three digits of a long one: enough to know one's order by, too few to call or to visit."""

    def shorter(found: re.Match[str]) -> str:
        if _DATE.fullmatch(found[0]):
            return found[0]
        return re.sub(r"\D", "", found[0])[:3] + "…"

    return _LONG.sub(shorter, text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


_NAME = re.compile(r"[^\W\d_][\w .,'’\-]*")


def sensible_name(name: str) -> str:
    """A display name that can be greeted; '' for addresses, advertising and everything else that is no name."""
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS or without_links(name) != name:
        return ""
    looks_like_one = _NAME.fullmatch(name) and not re.search(r"\d|www\.|\.\w{2,}\b|_", name)
    return name if looks_like_one else ""
