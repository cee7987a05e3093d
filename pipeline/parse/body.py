"""Which parts of a message are its text.

In this order; the first that gives a text wins (a table in `tests/unit/parse/test_body.py` tries each):

1. The text parts (plain and HTML) that are no files: neither named nor marked as attachments. Of the choices of a
   multipart/alternative (RFC 2046 section 5.1.4) the plain one where it says something, else HTML. Parts that stand
   beside each other follow each other, and one that says the same as the one before it is read once.
2. A text part with a name that is not marked as an attachment: some programs name every part.
3. A text part that is marked as an attachment, if it comes first or no other is there: it is listed as a file too.
4. The text of a message inside the message.

Where there is none at all, a note says what a person has to open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.parse import headers, mime
from pipeline.parse.mime import Part, Structure
from pipeline.text import charsets
from pipeline.text.clean import TEXT, tidy
from pipeline.text.html import TAGS, html_to_text

BODY = 2_000_000  # encoded bytes of all text parts together that are read
NESTED = 3  # messages in messages that are opened to find a text
ENCLOSED = "the text is that of an enclosed message"

_TEXTS = ("text/plain", "text/html")
_STUB = re.compile(
    r"(view|read|see|open|display)[^.\n]{0,60}(html|browser|online|web)|html[^.\n]{0,40}(mail|viewer|version|client)"
    r"|html-(mail|nachricht|ansicht)|im browser|navigateur|navegador|selaime|webversion|nettiversio",
    re.IGNORECASE,
)


@dataclass
class TextReader:
    """What is read of one message, as far as its budget goes: five hundred parts are not given the time of one each."""

    notes: dict[str, None] = field(default_factory=dict)
    bytes_left: int = BODY  # that may still be decoded
    tags_left: int = TAGS  # that may still be read as HTML

    def note(self, *notes: str) -> None:
        """Something odd that people should know, once; '' is nothing."""
        self.notes.update((note, None) for note in notes if note)

    def text(self, part: Part) -> str:
        """A text part as people see it."""
        return self._html(self._decoded(part, mime.TEXT)) if part.content_type == "text/html" else self._plain(part)

    def _plain(self, part: Part) -> str:
        text = self._decoded(part, TEXT * 4)
        if text[:200].lstrip().lower().startswith(("<html", "<!doctype html")):
            self.note("HTML that calls itself plain text")
            return self._html(text)
        return tidy(text)

    def _decoded(self, part: Part, limit: int) -> str:
        if self.bytes_left <= 0:
            self.note("too much text, the rest was not read")
            return ""
        text, note = part.text(min(limit, self.bytes_left))
        self.bytes_left -= part.end - part.start
        self.note(note)
        return text

    def _html(self, html: str) -> str:
        if self.tags_left <= 0:
            self.note("too much HTML, the rest was not read")
            return ""
        self.tags_left -= html.count("<")
        return html_to_text(html)


def whole_text(reading: TextReader, structure: Structure, *, enclosed: bool = True) -> str:
    """All of the text of a message, '' when it has none. `enclosed`: also out of a message inside it."""
    for find, note in _RULES:
        parts = find(structure.leaves)
        if parts and (text := _joined(reading, parts)):
            reading.note(f"{note} ({parts[0].name or 'without a name'})" if note else "")
            return text
    return _enclosed_text(reading, structure) if enclosed else ""


def is_body(part: Part) -> bool:
    """Is it text and no file?"""
    return part.content_type in _TEXTS and part.disposition != "attachment" and not part.name


def charset_of(structure: Structure) -> str:
    """What the first text part names as its charset; where it names none, what its bytes look like; ''."""
    part = next((part for part in structure.leaves if part.content_type in _TEXTS), None)
    if part is None:
        return ""
    named = part.parameters.get("charset", "")
    found = charsets.codec(named) if named else charsets.guess(part.content(4_000))
    return "" if found.startswith("utf") else found


# --- the rules --------------------------------------------------------------------------------------------------------


def _bodies(leaves: Sequence[Part]) -> list[Part]:
    return [part for part in leaves if is_body(part) or _is_named_choice(part)]


def _is_named_choice(part: Part) -> bool:
    """A choice of a multipart/alternative is no file, whatever it is called."""
    return part.content_type in _TEXTS and part.alternative >= 0 and part.disposition != "attachment"


def _named(leaves: Sequence[Part]) -> list[Part]:
    return [part for part in leaves if part.content_type in _TEXTS and part.disposition != "attachment"][:1]


def _marked(leaves: Sequence[Part]) -> list[Part]:
    """What its name calls something else (a log, a table) is a file even where nothing else was written."""
    texts = [part for part in leaves if part.content_type in _TEXTS and part.disposition == "attachment"]
    found = texts if len(texts) == 1 else [part for part in texts if part is leaves[0]]
    return [part for part in found if "." not in part.name or part.name.lower().endswith(_TEXT_ENDINGS)]


_TEXT_ENDINGS = (".txt", ".text", ".htm", ".html")
_RULES: tuple[tuple[Callable[[Sequence[Part]], list[Part]], str], ...] = (
    (_bodies, ""),
    (_named, ""),
    (_marked, "the text is that of an attachment"),
)


def _joined(reading: TextReader, parts: Sequence[Part]) -> str:
    """Their texts in order, of each alternative the best choice, and no text twice."""
    pieces: list[str] = []
    for choices in _groups(parts):
        text = _best(reading, choices)
        if text and not any(_is_same(text, other) for other in pieces[-1:]):
            pieces.append(text)
        if sum(map(len, pieces)) > TEXT:
            break
    return "\n\n".join(pieces)[:TEXT]


def _groups(parts: Iterable[Part]) -> Iterator[list[Part]]:
    groups: dict[int, list[Part]] = {}
    for number, part in enumerate(parts):
        groups.setdefault(part.alternative if part.alternative >= 0 else -1 - number, []).append(part)
    yield from groups.values()


def _best(reading: TextReader, choices: Sequence[Part]) -> str:
    """Plain text where it is usable, else HTML."""
    html = [part for part in choices if part.content_type == "text/html"]
    plain = "\n\n".join(filter(None, (reading.text(part) for part in choices if part.content_type == "text/plain")))
    if plain and not (html and len(plain) < 400 and _STUB.search(plain)):
        return plain
    return "\n\n".join(filter(None, map(reading.text, html))) or plain


def _is_same(one: str, other: str) -> bool:
    """Do they say the same, whatever their layout? A footer that a list added to one of them may differ."""
    shorter, longer = sorted(("".join(filter(str.isalnum, text)) for text in (one, other)), key=len)
    return longer.startswith(shorter) and len(shorter) * 10 >= len(longer) * 9


def _enclosed_text(reading: TextReader, structure: Structure) -> str:
    inner: Structure | None = structure
    for _ in range(NESTED):
        inner = _enclosed(inner) if inner else None
        if inner and (text := whole_text(reading, inner, enclosed=False)):
            reading.note(ENCLOSED)
            return text
    return ""


def _enclosed(structure: Structure) -> Structure | None:
    """The first message inside the message."""
    part = next((leaf for leaf in structure.leaves if leaf.content_type in ("message/rfc822", "message/global")), None)
    if part is None:
        return None
    content = part.content()
    inner = headers.read(content, 0, len(content))
    return mime.structure(content, inner, len(content))
