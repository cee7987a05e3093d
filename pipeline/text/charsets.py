"""Bytes → text, whatever charset they claim: never fails, and says what was wrong.

Labels mean more in mail than in their standards (WHATWG Encoding, section 4.2): who writes `gb2312` sends GB 18030,
who writes `iso-8859-1` sends windows-1252 or even UTF-8. Where no label fits, the detector of resiliparse (uchardet,
Mozilla's of old) is asked, and of all guesses the one is taken whose letters look most like words.
"""

from __future__ import annotations

import re
import unicodedata
from encodings.aliases import aliases
from functools import lru_cache

from pipeline.text.clean import UNSEEN

# What mail programs call charsets, beside Python's own names; a superset where senders mean one (WHATWG Encoding).
_CHARSETS = {
    "ascii": "utf-8", "us_ascii": "utf-8", "646": "utf-8", "utf8": "utf-8", "utf8mb4": "utf-8", "utf": "utf-8",
    "unicode_1_1_utf_8": "utf-8", "unicode_1_1_utf_7": "utf-7",
    "iso_8859_1": "cp1252", "iso8859_1": "cp1252", "latin_1": "cp1252", "latin1": "cp1252", "l1": "cp1252",
    "iso_8859_9": "cp1254", "iso8859_9": "cp1254", "latin5": "cp1254", "ansi": "cp1252", "x_ansi": "cp1252",
    "x_gbk": "gb18030", "gb2312": "gb18030", "gb_2312_80": "gb18030", "euc_cn": "gb18030", "gbk": "gb18030",
    "cp936": "gb18030", "ms936": "gb18030", "hz_gb_2312": "hz",
    "big5": "big5hkscs", "x_x_big5": "big5hkscs", "big5_tw": "big5hkscs", "cn_big5": "big5hkscs",
    "shift_jis": "cp932", "x_sjis": "cp932", "sjis": "cp932", "s_jis": "cp932", "ms_kanji": "cp932",
    "windows_31j": "cp932", "iso_2022_jp": "iso2022_jp_2", "cp50220": "iso2022_jp_2", "cp50221": "iso2022_jp_2",
    "x_euc_jp": "euc_jp", "cp51932": "euc_jp", "eucjp_ms": "euc_jp",
    "ks_c_5601": "cp949", "ks_c_5601_1987": "cp949", "ks_c_5601_1989": "cp949", "ksc5601": "cp949", "ksc_5601": "cp949",
    "korean": "cp949", "euc_kr": "cp949", "iso_ir_149": "cp949", "windows_949": "cp949",
    "iso_8859_8_i": "cp1255", "iso_8859_8_e": "iso8859_8", "iso_8859_11": "cp874", "tis_620": "cp874",
    "windows_874": "cp874", "x_mac_roman": "mac_roman", "macintosh": "mac_roman", "mac": "mac_roman",
    "x_mac_ce": "mac_latin2", "x_mac_centraleurroman": "mac_latin2", "x_mac_cyrillic": "mac_cyrillic",
    "x_mac_ukraine": "mac_cyrillic", "x_mac_ukrainian": "mac_cyrillic", "x_mac_greek": "mac_greek",
    "x_mac_turkish": "mac_turkish", "x_mac_icelandic": "mac_iceland", "x_mac_croatian": "mac_croatian",
    "x_mac_romanian": "mac_romanian", "koi8_ru": "koi8_u", "koi8": "koi8_r", "koi": "koi8_r",
}  # fmt: skip
# Codecs of Python that no alias names.
_NO_ALIAS = "cp720 cp737 cp856 cp874 koi8_t koi8_u mac_arabic mac_croatian mac_cyrillic mac_farsi mac_romanian".split()
# Only these are looked up: Python keeps every unknown name for ever, and some codecs (punycode) are quadratic.
_KNOWN = frozenset(aliases) | frozenset(aliases.values()) | frozenset(_NO_ALIAS)
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # how a text in UTF-16 begins (RFC 2781 section 3.2)
_ASCII = ("ascii", "us-ascii", "")
_MANY_BYTES = re.compile(r"gb|big5|hz|cp9[345]\d|euc|iso2022|johab|shift|utf")


@lru_cache(maxsize=256)
def codec(charset: str) -> str:
    """The name of Python's codec for a charset as written in a mail, '' when there is none."""
    name = re.sub(r"[^a-z0-9]+", "_", charset.strip("\"' ").lower()).strip("_")
    if name in _CHARSETS:
        return _CHARSETS[name]
    name = re.sub(r"^(?:windows|cp|x_cp|dos|ibm|cswindows)_?(\d+)$", r"cp\1", name)
    name = _CHARSETS.get(name, name)
    if name not in _KNOWN:
        return ""
    try:
        b"text".decode(name, "ignore")
    except LookupError:  # a codec that is no text encoding, such as base64
        return ""
    return name


def decode(data: bytes, charset: str) -> tuple[str, str]:
    """Bytes to text with a note about what was wrong, '' when nothing was. Never fails."""
    name = _MARKS.get(data[:2]) or (codec(charset) if charset else "utf-8")
    if name and data.isascii() and _is_plain(name):
        return data.decode("ascii"), ""
    if name == "utf-8" and (read := _decoded(data, name)) is not None:
        return read, ""
    label = _printable(charset)
    if not name:
        text, guessed = _guessed(data)
        return text, f"unknown charset {label}" + (f", read as {guessed}" if guessed != "utf-8" else "")
    told = _as_labelled(data, name)
    really = _belied(data, name, told) if told is not None else ""
    if told is not None and not really:
        return told, "some characters can't be read" if "\ufffd" in told else ""
    text, guessed = (data.decode(really), really) if really else _guessed(data, name)
    if guessed == "utf-8" and label.lower() in _ASCII:
        return text, ""
    return text, f"the text is not in the charset it names, {label}" if charset else f"no charset, read as {guessed}"


def guess(data: bytes) -> str:
    """The codec that fits bytes without a label, "utf-8" or another."""
    return _guessed(data)[1]


@lru_cache(maxsize=256)
def _is_plain(name: str) -> bool:
    """Do the first 128 bytes mean what they mean in ASCII? Not in UTF-16, UTF-7, ISO 2022, HZ, EBCDIC."""
    try:
        return _SHIFTING.decode(name) == _SHIFTING.decode("ascii")
    except ValueError:
        return False


_SHIFTING = b"az AZ 09 \\ +AGE- ~{VP~} \x1b$B0!\x1b(B"


def _printable(charset: str) -> str:
    return UNSEEN.sub("", charset).strip()[:40]


# --- what the label says ----------------------------------------------------------------------------------------------

_RARE_ERRORS = 50  # characters for each of which one may be broken: a text that was cut, a byte that was lost


def _as_labelled(data: bytes, name: str) -> str | None:
    """By its label, the wider use of it, or with a rare broken character marked as such; None: it does not fit."""
    for attempt in (name, *_WIDER.get(name, ())):
        try:
            return _japanese(data) if attempt == "iso-2022-jp-ms" else data.decode(attempt)
        except ValueError:  # UnicodeDecodeError, and what some multi-byte codecs raise
            continue
    if not _MANY_BYTES.match(name):
        return None
    text = data.decode(name, "replace")
    beyond = sum(not character.isascii() for character in text)
    return text if text.count("\ufffd") * _RARE_ERRORS <= beyond else None


_WIDER = {
    "iso2022_jp_2": ("iso-2022-jp-ms", "iso2022_jp_2004", "iso2022_jp_ext"),
    "cp932": ("shift_jis_2004",),
    "euc_jp": ("euc_jis_2004",),
    "gb18030": ("big5hkscs",),
    "big5hkscs": ("cp950",),
    "cp949": ("johab",),
}
_ESCAPES = re.compile(rb"\x1b(\$[@B]|\([BJI])")


def _japanese(data: bytes) -> str:
    """ISO-2022-JP as Microsoft writes it (CP50221): JIS rows that only CP932 knows, such as ①, and half-width kana.

    Raises UnicodeDecodeError for anything else.
    """
    pieces = _ESCAPES.split(data)
    text = pieces[0].decode("ascii")
    for escape, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape[:1] == b"$":
            text += b"".join(_shifted(pair) for pair in re.findall(rb"[!-~][!-~]|[\s\S]", content)).decode("cp932")
        elif escape == b"(I":
            text += bytes(byte | 0x80 if byte > 0x20 else byte for byte in content).decode("cp932")
        else:
            text += content.decode("ascii")
    return text


def _shifted(pair: bytes) -> bytes:
    """A JIS code in Shift_JIS (JIS X 0208 annex 1); a line end stays one."""
    if len(pair) == 1:
        return pair
    row, cell = pair
    lead = (row + 1 >> 1) + (0x70 if row < 0x5F else 0xB0)
    return bytes((lead, cell + (0x7E if row % 2 == 0 else 0x20 if cell > 0x5F else 0x1F)))


_UTF8_RUN = 5  # characters beyond ASCII that are valid UTF-8 by chance in no text of another charset
# All that tells windows-1254 from windows-1252, and letters that Turkish lacks (Icelandic has both).
_TURKISH, _NOT_TURKISH = (
    re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]"),
    re.compile(rb"[\xc1\xc6\xc9\xe1\xe6\xe9\xed\xf3\xfa]"),
)


def _belied(data: bytes, name: str, text: str) -> str:
    """The codec that a text is really in, though its label fits too, ''. UTF-8 first, then what the detector says."""
    if name.startswith("utf"):
        return ""
    utf8 = _decoded(data, "utf-8")
    if utf8 is not None and _is_likelier(utf8, text, name):
        return "utf-8"
    if name != "cp1252":
        return ""
    may_be_turkish = _TURKISH.search(data) and not _NOT_TURKISH.search(data)
    odd = _oddities(text)
    if not odd:
        return "cp1254" if may_be_turkish and "cp1254" in _detected(data) else ""
    others = (*_detected(data), *(_CYRILLIC if odd >= _FOREIGN else ()))
    read = [(_oddities(other), one) for one in others if (other := _decoded(data, one)) is not None]
    fewest, found = min(read, key=lambda one: one[0], default=(odd, ""))
    return found if fewest < odd else ""


def _is_likelier(utf8: str, text: str, name: str) -> bool:
    """Of two readings. A text of many bytes a character may be valid UTF-8 by chance while it is short."""
    if not _MANY_BYTES.match(name):
        return True
    beyond = sum(not character.isascii() for character in utf8[:2000])
    return beyond >= _UTF8_RUN or (beyond > 1 and not _oddities(utf8) and _oddities(text) > 0)


def _beyond(data: bytes) -> int:
    return sum(byte > 0x7F for byte in data[:2000])


# --- what the bytes say -----------------------------------------------------------------------------------------------

_SAMPLE = 20_000  # bytes that the detector is given
_PROOF = 4  # bytes beyond ASCII below which it would only be guessing
_GUESSES = ("cp1252", "cp1250", "mac_roman", "cp850", "cp437", "cp852", "mac_latin2", "cp1251", "koi8_u", "cp866")
_CYRILLIC = ("cp1251", "koi8_u", "cp866")
_FOREIGN = 8  # letters beyond ASCII: more than a word of them, where they are most of the text


def _guessed(data: bytes, refuted: str = "") -> tuple[str, str]:
    """The text and the codec that it was read by. `refuted`: the one that it names and that does not fit."""
    if (text := _decoded(data, "utf-8")) is not None:
        return text, "utf-8"
    candidates = [name for name in (*_detected(data), *_GUESSES) if name != refuted]
    read = [(text, name) for name in dict.fromkeys(candidates) if (text := _decoded(data, name)) is not None]
    return min(read, key=lambda one: _oddities(one[0]))  # mac_roman reads anything


def _detected(data: bytes) -> list[str]:
    if data.isascii() or _beyond(data) < _PROOF:
        return []
    from resiliparse.parse.encoding import EncodingDetector  # slow to import, and hardly any mail needs it

    detector = EncodingDetector()
    detector.update(data[:_SAMPLE])
    found = codec(str(detector.encoding(False) or ""))
    return ["koi8_u" if found == "koi8_r" else found] if found else []


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except ValueError:
        return None


_PAIRS = re.compile(r"(?=(\w[^\x00-\x7f]|[^\x00-\x7f]\w))")
_ODD_SIGNS = "¶§¡¿·"


def _oddities(text: str) -> int:
    """How much in it is written by nobody: signs inside a word, a capital behind a small letter, western letters that
    are nearly all beyond ASCII, control characters."""
    text = text[:2000]
    latin = sum("\x7f" < one < "\u0250" and one.isalpha() for one in text)
    foreign = latin if latin > max(_FOREIGN, sum(one < "\x7f" and one.isalpha() for one in text)) else 0
    odd = foreign + sum(_is_odd(pair[1]) for pair in _PAIRS.finditer(text))
    return odd + sum(unicodedata.category(character) == "Cc" for character in text if character > "\x7f")


def _is_odd(pair: str) -> bool:
    first, second = pair[0], pair[1]
    if first.isalpha() and second.isalpha():
        return (first.islower() and second.isupper()) or _script(first) != _script(second)
    signs = [one for one in pair if one > "\x7f" and not one.isalpha()]
    letters = first.isalpha() or second.isalpha()
    return letters and any(unicodedata.category(one)[0] in "SN" or one in _ODD_SIGNS for one in signs)


@lru_cache(maxsize=2000)
def _script(letter: str) -> str:
    """LATIN, CYRILLIC …, by its name; the scripts that are mixed in one text count as one."""
    name = unicodedata.name(letter, "").split(" ")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "HALFWIDTH", "FULLWIDTH", "CJK", "HANGUL") else name
