"""Cleaning text, shared by `parse` and `learn`: tidy characters, HTML to text, what is new in a reply, its language."""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.parse.headers import UNSEEN
from pipeline.text.quotes import new_text

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["LANGUAGES", "html_to_text", "language_of", "new_text", "tidy"]

TEXT = 100_000  # characters that are kept
HTML = 1_000_000  # characters of HTML that are read
TAGS = 60_000  # unclosed formatting tags cost the square of their number: 60,000 of them 0.4 s

# --- characters -------------------------------------------------------------------------------------------------------

_SPACES = re.compile("[\x0b\x0c\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n{4,}")
_MAY_NEED_COMPOSING = re.compile("[\u0300-\U0010ffff]")  # all below is composed as it stands
_FAR = re.compile("[\U00010000-\U0001efff]")


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


# --- HTML -------------------------------------------------------------------------------------------------------------

_QUOTE, _UNQUOTE = "\ue000", "\ue001"  # private characters that mark where a quotation begins and ends
_BLOCKQUOTE = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
# What a reader does not see must not be classified: preheaders, hidden words.
_HIDDEN = [
    f'[style*="{style}" i]'
    for words in ("display:none", "visibility:hidden", "mso-hide:all", "font-size:0px", "font-size:0;", "max-height:0")
    for style in (words, words.replace(":", ": "))
] + ["[hidden]", "template", "head"]


def html_to_text(html: str) -> str:
    """The text of an HTML mail with its layout; quotations (blockquote) get "> " before each line, as in plain mail."""
    from resiliparse.extract.html2text import extract_plain_text  # slow to import, and most mails don't need it

    html = _bounded(html).replace(_QUOTE, "").replace(_UNQUOTE, "").replace("\0", "")
    marked = _BLOCKQUOTE.sub(lambda tag: f"{_UNQUOTE}{tag[0]}" if tag[1] else f"{tag[0]}{_QUOTE}", html)
    text = extract_plain_text(marked, main_content=False, alt_texts=False, links=False, skip_elements=_HIDDEN)
    return tidy(_with_quote_marks(text) if _QUOTE in text else text).strip()


def _bounded(html: str) -> str:
    html = html[:HTML]
    if html.count("<") <= TAGS:
        return html
    last = next(islice(re.finditer("<", html), TAGS, None))
    return html[: last.start()]


def _with_quote_marks(text: str) -> str:
    lines, depth = [], 0
    for line in text.split("\n"):
        opened, closed = line.count(_QUOTE), line.count(_UNQUOTE)
        bare = line.replace(_QUOTE, "").replace(_UNQUOTE, "")
        level = min(depth + opened, 5)
        depth = max(0, depth + opened - closed)
        lines.append(f"{'>' * level} {bare}" if level and (bare.strip() or depth) else bare)
    return "\n".join(lines)


# --- language ---------------------------------------------------------------------------------------------------------

LANGUAGES = tuple("en de fr es fi it nl sv pt pl da no cs hu ro tr et el ru uk ar zh ja".split())
SAMPLE = 250  # characters that are looked at
LETTERS = 20  # fewer prove nothing
CERTAIN = 0.6
_loading = threading.Lock()


@cache
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    """Loaded once a process: it takes a second and 100 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow to import

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([language for language in languages if language in identifier.labels])
    return identifier


def language_of(text: str, languages: Sequence[str] = ()) -> str:
    """ISO 639-1, '' when the text is too short or too uncertain. `languages` may be met beside the usual ones."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) < LETTERS:
        return ""
    with _loading:  # the same object for all threads; telling the language takes 50 µs
        identifier = _identifier(tuple(sorted({*LANGUAGES, *languages})) if languages else LANGUAGES)
    language, probability = identifier.classify(sample)
    return sys.intern(str(language)) if probability >= CERTAIN else ""
