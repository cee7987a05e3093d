"""The header block of a message or of a part: found, unfolded and decoded, whatever the bytes are.

Written by hand instead of with `email.policy.default`, which takes 25 s for a From of 50 KB of quotation marks and
raises on nested comments: everything here runs once over its input and stops at a limit. Used by `parse` and `mime`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from itertools import groupby
from urllib.parse import unquote_to_bytes

from pipeline.text import charsets
from pipeline.text.clean import UNSEEN

BLOCK = 256_000  # bytes of a header block that are looked at
FIELDS = 1_000  # fields of a block that are looked at
VALUE = 2_000  # characters of a decoded value that are kept
RAW_VALUE = 20_000  # characters of a value before decoding: encoded words shrink
PARAMETERS = 4_000  # characters of a Content-Type or Content-Disposition that are read

_BLOCK_END = re.compile(rb"\n\r*\n")
_FOLD = re.compile(r"\n(?![ \t])")
_NAME = re.compile(r"([!-9;-~]{1,100})[ \t]*:")
_NO_CHARSET = re.compile(r"=\?(?:unknown(?:-8bit)?|x-unknown|default|_?autodetect\w*|8bit)\?", re.IGNORECASE)
_MBOX = re.compile(rb">?From [^\n]{0,998}\n")


@dataclass(frozen=True)
class Header:
    """Fields in order, names in lower case, values unfolded; encoded words still stand as they are."""

    fields: tuple[tuple[str, str], ...]
    body: int  # where the body begins
    notes: tuple[str, ...] = ()
    is_guessed: bool = False  # it holds bytes that are no UTF-8: western letters, unless somebody knows better

    def first(self, name: str) -> str:
        """The raw value of the first field of this name, ''."""
        return self._firsts.get(name, "")

    @cached_property
    def _firsts(self) -> dict[str, str]:
        return dict(reversed(self.fields))

    def all(self, name: str) -> Iterator[str]:
        """The values of all fields of this name (in lower case), in their order."""
        return (value for key, value in self.fields if key == name)


# --- the block --------------------------------------------------------------------------------------------------------


def read(raw: bytes, start: int, end: int, most: int = FIELDS, charset: str = "") -> Header:
    """The header block of `raw[start:end]` (RFC 5322 section 2.2). An mbox line before it is skipped.

    `charset`: of bytes that are neither ASCII nor UTF-8 (RFC 6532), and of encoded words that name none.
    """
    if mbox := _MBOX.match(raw, start, end):
        start = mbox.end()
    first_line = raw[start : start + 2]
    if first_line[:1] == b"\n" or first_line == b"\r\n":
        return Header((), start + 1 + (first_line[:1] == b"\r"))
    found = _BLOCK_END.search(raw, start, min(end, start + 4 * BLOCK))
    stop, body = (found.start(), found.end()) if found else (end, end)
    block = raw[start : min(stop, start + BLOCK)].decode("latin-1").replace("\r\n", "\n")
    notes = ["the header block is too long, its end was not read"] if stop - start > BLOCK else []
    is_guessed = not block.isascii() and not _is_utf8(block)
    fields: list[tuple[str, str]] = []
    lines = _FOLD.split(block, most)
    if len(lines) > most:
        notes.append("too many header fields, the last were not read")
        lines.pop()
    for number, line in enumerate(lines):
        name = _NAME.match(line)
        if name:
            fields.append((name[1].lower(), _eight_bit(line[name.end() :].replace("\n", ""), charset)))
        elif line.strip() and not any(_NAME.match(later) for later in lines[number + 1 : number + 3]):
            notes.append("the header ends without an empty line")
            return Header(tuple(fields), _offset(raw, start, lines[:number]), tuple(notes), is_guessed)
        elif line.strip():
            notes.append("a line of the header is no field")
    return Header(tuple(fields), body, tuple(notes), is_guessed)


def _eight_bit(value: str, charset: str) -> str:
    """A value of which each character is a byte. Without a charset it stays as it is: content hashes are made of it."""
    if charset:
        value = _NO_CHARSET.sub(f"=?{charset}?", value)
    if value.isascii():
        return value
    data = value.encode("latin-1")
    for attempt in ("utf-8", charset or "cp1252"):
        try:
            return data.decode(attempt)
        except ValueError:
            continue
    return charsets.decode(data, charset)[0] if charset else value


def _is_utf8(block: str) -> bool:
    try:
        block.encode("latin-1").decode("utf-8")
    except ValueError:
        return False
    return True


def _offset(raw: bytes, start: int, lines: list[str]) -> int:
    """Where the line after `lines` begins, with the line ends that were there."""
    for _ in range(sum(line.count("\n") + 1 for line in lines)):
        start = raw.index(b"\n", start) + 1
    return start


def one_line(value: str) -> str:
    """White space folded, control and invisible characters dropped."""
    value = " ".join(value.split())
    return value if value.isprintable() else " ".join(UNSEEN.sub("", value).split())


# --- words ------------------------------------------------------------------------------------------------------------

# Bare question marks stand in the text of many a word, against RFC 2047 section 4.2: only "?=" ends it, and not where
# it begins "?=C3".
_WORD = re.compile(
    r"=\?([!-<>@-~]{1,60})\?(?:([bB])\?([^?\n]*)|([qQ])\?((?:[^?=\n]|=(?!\?(?!=))|\?(?!=)|\?(?==[0-9A-F]{2}[^?]))*))\?="
)
_BETWEEN = re.compile(r"\s*")


def words(value: str) -> str:
    """A value with its encoded words decoded (RFC 2047), also where they stand against the rules."""
    value = value[:RAW_VALUE]
    if "=?" not in value:
        return value
    pieces: list[str] = []
    run: list[_Word] = []  # adjacent words of one charset may share a character between them
    at = 0
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        if between.strip() or not at:
            pieces += [_join(run), between]
            run = []
        run.append(_Word.of(word))
        at = word.end()
    return "".join((*pieces, _join(run), value[at:]))


@dataclass(frozen=True, slots=True)
class _Word:
    charset: str  # lower case, without a language (RFC 2231 section 5); '' where it can't count
    encoding: str  # "b" or "q"
    text: str

    @classmethod
    def of(cls, found: re.Match[str]) -> _Word:
        encoding, text = (found[2], found[3]) if found[2] else (found[4], found[5])
        charset = found[1].partition("*")[0].lower() if text.isascii() else ""  # 8-bit characters were decoded already
        return cls(charset, encoding.lower(), text)

    def goes_on_in(self, other: _Word) -> bool:
        """Was it cut in the middle of what its encoding makes of a character?"""
        if (self.charset, self.encoding) != (other.charset, other.encoding):
            return False
        return self.encoding == "q" or (len(self.text) % 4 > 0 and "=" not in self.text)

    def content(self) -> bytes:
        data = self.text.encode()
        return base64(data) if self.encoding == "b" else binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def _join(run: list[_Word]) -> str:
    words_: list[_Word] = []
    for word in run:
        if words_ and words_[-1].goes_on_in(word):
            word = _Word(word.charset, word.encoding, words_.pop().text + word.text)
        words_.append(word)
    parts = [(charset, b"".join(word.content() for word in same)) for charset, same in groupby(words_, _charset)]
    return "".join(charsets.decode(data, charset)[0] for charset, data in parts)


def _charset(word: _Word) -> str:
    return word.charset


def base64(data: bytes) -> bytes:
    """RFC 4648 section 4, forgiving: strange characters and a missing or broken end are dropped."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        return binascii.a2b_base64(clean[: len(clean) - (len(clean) % 4 == 1)] + b"==")


def text(value: str) -> str:
    """A value as people read it: decoded, on one line, cut."""
    return one_line(words(value) if "=?" in value else value[:RAW_VALUE])[:VALUE].rstrip()


# --- what stands in a value -------------------------------------------------------------------------------------------

_ID = re.compile(r"<([^<>\s]{1,900})>")
_ANY_ID = re.compile(r"<([^<>]{1,900})>")
_BARE_ID = re.compile(r"(?<![^\s,;<>])[^\s<>,;\"()]{1,500}@[^\s<>,;\"()]{1,400}")


def message_ids(value: str) -> tuple[str, ...]:
    """The Message-IDs of In-Reply-To or References, in order, each once; encoded or bare ones too."""
    value = words(value[:100_000])
    seen = value if value.isprintable() else UNSEEN.sub("", value)
    found = _ID.findall(seen) or _bare_ids(seen)
    return tuple(dict.fromkeys(f"<{one}>" for one in found))


def _bare_ids(value: str) -> list[str]:
    """Without brackets: what has an at sign, else words with a figure, as `4711-0815-abc`; not those of a sentence."""
    if found := _BARE_ID.findall(value):
        return found
    words_ = re.split(r"[\s,;]+", value.strip())[:100]
    looks_so = all(
        6 <= len(word) <= 900 and re.search(r"\d", word) and not re.search(r'[<>()"]', word) for word in words_
    )
    return words_ if looks_so else []


def message_id(value: str) -> str:
    """The Message-ID in `value`, encoded or not; one without brackets gets them; ''."""
    value = words(value[:VALUE])
    found = _ID.search(value) or _ANY_ID.search(value)
    bare = one_line(found[1] if found else value).strip("<> ").replace(" ", "")
    return f"<{bare}>" if bare and bare.isprintable() else ""


def date(value: str) -> datetime | None:
    """A Date field (RFC 5322 section 3.3), aware; None when it can't be read or is absurd."""
    try:
        moment = parsedate_to_datetime(re.sub(r"\([^()]*\)", "", one_line(value)[:100]))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment if 1970 <= moment.astimezone(UTC).year <= 2200 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*(?:"|$)|[^;]*)', re.DOTALL)
_SECTION = re.compile(r"(.*?)(?:\*(\d{1,3}))?(\*?)$")


def parameters(value: str) -> Mapping[str, str]:
    """Parameters of a Content-Type or Content-Disposition (RFC 2045 section 5.1), those of RFC 2231 joined."""
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, content in _PARAMETER.findall(value[:PARAMETERS]):
        content = content.strip()
        if content[:1] == '"':
            content = re.sub(r"\\(.)", r"\1", content[1:].removesuffix('"'))
        if "*" not in name:
            plain.setdefault(name.lower(), content)
        elif section := _SECTION.match(name.lower()):
            sections.setdefault(section[1], []).append((int(section[2] or 0), bool(section[3]), content))
    for name, parts in sections.items():
        plain[name] = _extended(sorted(parts, key=lambda part: part[0]))
    return plain


def _extended(parts: list[tuple[int, bool, str]]) -> str:
    """RFC 2231 sections 3 and 4: charset'language'percent-encoded, perhaps in numbered sections."""
    charset, joined = "", b""
    for number, (_, encoded, content) in enumerate(parts):
        if number == 0 and encoded and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        data = content.encode()
        joined += unquote_to_bytes(data) if encoded else data
    return charsets.decode(joined, charset)[0]
