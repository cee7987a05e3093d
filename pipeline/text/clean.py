"""Tidy characters: line ends and spaces of one kind, composed characters, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

TEXT = 100_000  # characters that are kept
_SPACES = re.compile("[\x0b\x0c\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n{4,}")
_MAY_NEED_COMPOSING = re.compile("[\u0300-\U0010ffff]")  # all below is composed as it stands
_FAR = re.compile("[\U00010000-\U0001efff]")
# Control characters, zero-width ones and those that turn the writing direction: a name must not lie about itself.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def tidy(text: str, most: int = TEXT) -> str:
    """Line ends and spaces of one kind, composed characters (NFC), nothing invisible, no walls of empty lines."""
    text = text[: most + most // 2].replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii() and _MAY_NEED_COMPOSING.search(text):
        text = _composed(text)
    if not text.replace("\n", "").isprintable():
        text = UNSEEN.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)))
    text = "\n".join([line.rstrip() for line in text.split("\n")])
    if "\n\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n\n", text)
    return text.strip("\n")[:most]


def is_garbled(text: str) -> bool:
    """Was it read in a wrong charset, or could some of it not be read? "GrÃ¼ÃŸe", "Gr\ufffd\ufffde"."""
    if text.isascii():
        return False
    try:
        return "\ufffd" in text or bool(text.encode("cp1252").decode("utf-8"))
    except ValueError:  # no western letters, or ones that are what they are
        return False


def _composed(text: str) -> str:
    """NFC. Long runs of combining marks are cut first: sorting them costs the square of their number."""
    near, far = _marks()
    text = near.sub(lambda run: run[0][:8], text)
    if _FAR.search(text):
        text = far.sub(lambda run: run[0][:8], text)
    return unicodedata.normalize("NFC", text)


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Runs of more than eight marks; in two patterns, because the second is thirty times slower."""
    planes = (range(0x300, 0x10000), range(0x10000, 0x1F000))
    marks = ("".join(chr(code) for code in plane if unicodedata.combining(chr(code))) for plane in planes)
    near, far = (re.compile(f"[{found}]{{9,}}") for found in marks)
    return near, far
