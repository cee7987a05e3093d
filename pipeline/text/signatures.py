"""Signatures, and the frames that programs and gateways put around a mail: neither is what its writer wants to say.

A signature without "-- " is only cut where something tells that it is one: a closing formula with a name below it, or
the writer's own name or address at the beginning of the last paragraph. A sentence below it is none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.text.mail_words import mail_words
from pipeline.text.passages import LineKind

_LONGEST = 400  # characters of a line that are looked at
_BELOW = 12  # lines with something in them that a signature has at most
_NAME = 60  # characters of its lines

# A line is dropped only when it names a device or a mail program: "Sent from Oslo on Monday" may be what it is about.
_DEVICE = re.compile(
    r"phone|iph|ipad|ipod|\bios\b|apple|\bmac\b|android|samsung|galaxy|huawei|honor|xiaomi|redmi|oneplus|nokia|sony|xperia"
    r"|motorola|pixel|blackberry|windows|outlook|yahoo|gmail|google|mail|proton|gmx|web\.de|telefon|handy|mobil|móvil"
    r"|tablet|puhelim|téléphone|portable|celular|cellulare|telemóvel|device|laittee|telefoon|телефон|смартфон|устройств"
    r"|пристро|κινητό|手机|手機|スマート|핸드폰|هاتف|הטלפון|điện thoại|puhelin|ponsel|mobitel|tālru"
)
_TAG = re.compile(
    r"[\[(*#\s-]*(?:external|extern|externe|externo|esterno|ekstern|ulkoinen|zewnętrzny|externí|külső|внешнее|зовнішнє)"
    r"(?: e-?mail| message| sender)?[\])*#:\s-]*"
)
_WARNING, _DISCLAIMER, _SHORTEST = 600, 4_000, 60  # characters of such a paragraph
_PGP_BEGIN, _PGP_SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
_CONTACT = re.compile(r"\S+@\S+\.\S+|(?:https?://|www\.)\S+|[+(]?\d[\d ()/.-]{6,}")
_POSTSCRIPT = re.compile(r"p\.? ?s\.?\b|ps:|nb:|n\.b\.", re.IGNORECASE)
_DASHED_NAME = re.compile(r"[-–—~]{1,2} ?[A-Z]\w{1,20}(?: [A-Z]\w{0,20}\.?){1,2}")  # "-Alice Example"


# --- frames -----------------------------------------------------------------------------------------------------------


def mark_frames(lines: Sequence[str], kinds: list[LineKind]) -> None:
    """What programs add: the lines of PGP, warnings of gateways above, disclaimers below, "Sent from my iPhone"."""
    if _PGP_BEGIN in lines:
        _mark_pgp(lines, kinds)
    _mark_warning(lines, kinds)
    _mark_device_lines(lines, kinds)
    _mark_disclaimers(lines, kinds)


def _mark_device_lines(lines: Sequence[str], kinds: list[LineKind]) -> None:
    """They stand at the end of what is new, above a quotation or at the end of the mail."""
    is_end = True
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at].strip()
        if kinds[at] is not LineKind.NEW:
            is_end = True
        elif line and is_end:
            is_end = 4 < len(line) < 90 and is_device_line(line)
            kinds[at] = LineKind.SIGNATURE if is_end else LineKind.NEW


def is_device_line(bare: str) -> bool:
    """Is it the line that a telephone or a mail program adds?"""
    said = bare.lower()
    if not _DEVICE.search(said) or any(mark in said for mark in ",;!?"):
        return False
    found = mail_words().sent_from.search(said)
    return found is not None and (found.start() < 3 or found.end() > len(said) - 3)


def _mark_pgp(lines: Sequence[str], kinds: list[LineKind]) -> None:
    """RFC 9580 section 7: the first line, the headers down to an empty one, and the signature."""
    start = lines.index(_PGP_BEGIN)
    end = next((at for at in range(start, min(start + 10, len(lines))) if not lines[at].strip()), start)
    signature = next((at for at in range(end, len(lines)) if lines[at] == _PGP_SIGNATURE), len(lines))
    last = next((at for at in range(signature, len(lines)) if lines[at].startswith("-----END PGP")), len(lines) - 1)
    for at in (*range(start, end + 1), *range(signature, last + 1)):
        kinds[at] = LineKind.FRAME


def _mark_warning(lines: Sequence[str], kinds: list[LineKind]) -> None:
    """A gateway's, in the first paragraph: and never all of the mail."""
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    if end >= len(lines) or kinds[start] is not LineKind.NEW or sum(map(len, lines[start:end])) > _WARNING:
        return
    said = " ".join(lines[start:end])[:_WARNING].lower()
    if _TAG.fullmatch(said) or mail_words().warning.are_in(said):
        kinds[start:end] = [LineKind.FRAME] * (end - start)


def _mark_disclaimers(lines: Sequence[str], kinds: list[LineKind]) -> None:
    """The last paragraphs, as long as they are such; never all of the mail."""
    end = len(lines)
    while paragraph := _last_paragraph(lines, kinds, end):
        if not _is_disclaimer(" ".join(lines[at] for at in paragraph)):
            return
        if not _last_paragraph(lines, kinds, paragraph[0]):
            return
        for at in paragraph:
            kinds[at] = LineKind.FRAME
        end = paragraph[0]


def _last_paragraph(lines: Sequence[str], kinds: Sequence[LineKind], end: int) -> list[int]:
    """The numbers of the lines of the last paragraph that is new, of those before `end`."""
    found: list[int] = []
    for at in range(end - 1, -1, -1):
        if kinds[at] is LineKind.NEW and lines[at].strip():
            found.append(at)
        elif found:
            break
    return found[::-1]


def _is_disclaimer(paragraph: str) -> bool:
    said = paragraph[:_DISCLAIMER].lower()
    return len(said) >= _SHORTEST and mail_words().disclaimer.are_in(said)


# --- signatures -------------------------------------------------------------------------------------------------------


def mark_signature(lines: Sequence[str], kinds: list[LineKind], writer: Iterable[str]) -> None:
    """Name and company at the end of what is new. Something must stand above it, or else it is the mail.

    `writer`: name and address of who wrote it, in lower case.
    """
    new = _last_lines(lines, kinds)
    if not new or len(lines[new[-1]]) > _NAME:  # most mails end with a sentence, or with more than a name
        return
    below: list[int] = []
    said: list[str] = []
    for back in range(1, min(_BELOW + 2, len(new))):
        at = new[-back]
        if below and (is_sentence(lines, at) or not _is_name_line(lines[below[0]])):
            return
        is_dashed = back == 1 and _DASHED_NAME.fullmatch(lines[at].strip()) and not _is_in_list(lines[new[-2]])
        if is_dashed or _is_formula(lines[at], said, writer) or _begins_signature(lines, at, below, said, writer):
            _cut(lines, kinds, at)
            return
        below.insert(0, at)
        said.insert(0, lines[at].strip().lower())


def _last_lines(lines: Sequence[str], kinds: Sequence[LineKind]) -> list[int]:
    """The numbers of the last new lines that hold something."""
    found: list[int] = []
    for at in range(len(lines) - 1, -1, -1):
        if kinds[at] is LineKind.NEW and lines[at].strip():
            found.append(at)
            if len(found) > _BELOW + 2:
                break
    return found[::-1]


def _is_in_list(line: str) -> bool:
    return line.lstrip()[:1] in ("-", "–", "*", "•")


def _cut(lines: Sequence[str], kinds: list[LineKind], start: int) -> None:
    for at in range(start, len(lines)):
        if kinds[at] is LineKind.NEW:
            kinds[at] = LineKind.SIGNATURE


def _is_formula(line: str, below: Sequence[str], writer: Iterable[str]) -> bool:
    """ "Kind regards" with a name below it or behind it; thanks only with the writer's own: they may be the matter."""
    said = line.strip()[:_NAME].rstrip(" ,.!–-").lower()
    words = mail_words()
    if said in words.closings:
        return bool(below)
    if said in words.thanks:
        return bool(below) and (_is_of(below[0], writer) or any(_CONTACT.search(one) for one in below))
    formula, comma, name = (part.strip() for part in said.partition(","))
    if comma and formula in words.closings:
        return 0 < len(name.split()) <= 3
    openings = words.openings.get(said.partition(" ")[0], ())
    begins = next((one for one in openings if said.startswith(f"{one} ")), "")
    name = line.strip()[len(begins) :].strip()
    return bool(begins) and 0 < len(name.split()) <= 3 and name == name.title()


def _is_name(line: str) -> bool:
    return all(not word[0].isalpha() or word[0].isupper() for word in line.split())


def _is_of(line: str, writer: Iterable[str]) -> bool:
    """Is the line a name of the writer, or one word of it?"""
    said = line.strip(" -–,.!").lower()
    return len(said) > 1 and any(
        said == one or said in one.replace("@", " ").replace(".", " ").split() for one in writer
    )


def _is_name_line(line: str) -> bool:
    return len(line.strip()) <= _NAME and not _is_said(line)


def _begins_signature(
    lines: Sequence[str], at: int, below: Sequence[int], rest: Sequence[str], writer: Iterable[str]
) -> bool:
    """The writer's own name at the head of the last paragraph, or a rule with a name or an address below it. `rest`:
    what the lines below say, in lower case."""
    if at and lines[at - 1].strip():
        return False
    said = lines[at].strip().lower()
    if len(said) > 3 and not said.strip("-_=*"):
        return any(_CONTACT.search(one) or any(name in one for name in writer if len(name) > 3) for one in rest)
    if not _is_name_line(lines[at]) or (below and below[-1] - at > len(below)):  # or not in one paragraph
        return False
    if any("@" in one and one in line for one in writer for line in rest) and _is_name(lines[at]):
        return True
    return _is_of(said, (one for one in writer if "@" not in one))


# --- sentences --------------------------------------------------------------------------------------------------------


def is_sentence(lines: Sequence[str], at: int) -> bool:
    """Does a paragraph begin in this line that says something, below an empty line? A postscript does."""
    line = lines[at].strip()[:_LONGEST]
    if not line or (at and lines[at - 1].strip()):
        return False
    if _POSTSCRIPT.match(line):
        return True
    end = next((one for one in range(at, min(at + 8, len(lines))) if not lines[one].strip()), min(at + 8, len(lines)))
    said = " ".join(lines[at:end])
    return _is_said(said[:_LONGEST]) and not _is_disclaimer(said)


def _is_said(text: str) -> bool:
    """Six words, most of them in small letters, and an end of a sentence; or as much without spaces."""
    text = text.strip()
    if _CONTACT.search(text):
        return False
    if text and max(text) >= "\u3040" and any("\u3040" <= one <= "\u9fff" for one in text):
        return len(text) >= 12 and any(mark in text for mark in "。！？!?")
    words = text.split()
    small = sum(word[0].islower() for word in words)
    return len(words) >= 5 and small * 2 >= len(words) and any(mark in text for mark in ".!?;…")
