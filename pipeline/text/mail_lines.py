"""Lines that mail programs write around other people's mail: header blocks, delimiters, "On …, … wrote:".

Only their shape is told here; whether something is cut is for `quotes` to decide. Each line is looked at a bounded
number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.text.mail_words import mail_words

LONGEST = 400  # characters of a line that are looked at
_BACK = 4  # lines over which "On …, … wrote:" may be wrapped
_BLOCK = 9  # lines of a header block that are looked at
_WRAPPED = 3  # lines from one of its labels to the next
_LABEL_WITHIN = 32  # characters in which the colon of a label stands

_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:]{1,100}@[^\s<>()\[\]\",;:]{1,100}")
_DATE = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2}")
_EXACT = re.compile(r"\d{1,2}[:.h]\d\d|\S@\S")  # a time of day or an address: hardly ever a person's own sentence
_TIME = re.compile(r"\d{1,2}[:.h]\d\d")
_OPENER = re.compile(
    r"[\W_]{0,3}(?:(?:on|am|le|el|il|op|den|em|no|dnia|w dniu|mon|tue|wed|thu|fri|sat|sun|ma|ti|ke|to|pe|la|su|în|dne"
    r"|στις|pon|wt|śr|czw|pt|sob|ndz|po|út|st|čt|pá|so|ne|пн|вт|ср|чт|пт|сб|вс|нд)\b|\d)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"[<(\[][^<>()\[\]\s]{1,100}@[^<>()\[\]\s]{1,100}[>)\]]")
_REPLY_ABOVE = re.compile(
    r"[#*\s-]{0,6}(?:please )?(?:type|write|enter) your reply above this line.{0,40}", re.IGNORECASE
)
_DASHES = "-–—_*#=> \t"


@dataclass(frozen=True, slots=True)
class OlderHead:
    """What stands above an older mail: from line `start` up to line `end`, which is no part of it."""

    start: int
    end: int
    author: str = ""  # who wrote that mail, as it stands there
    about: str = ""  # all of it, on one line
    forwards: bool = False  # it says that the mail was passed on
    is_marked: bool = False  # between dashes, or with an address where only programs write one
    is_whole: bool = False  # with author, date and subject; or with a date and a time of day

    @property
    def addresses(self) -> list[str]:
        """Of its author, in lower case."""
        return [found.lower().strip(".'") for found in _ADDRESS.findall(self.author)]


# --- labels -----------------------------------------------------------------------------------------------------------


def label(line: str) -> tuple[str, str]:
    """A line of a header block: its label in lower case and what stands behind it; ("", "") for any other line."""
    colon = line.find(":", 0, _LABEL_WITHIN)
    wide = line.find("：", 0, _LABEL_WITHIN)
    if colon < 0 or 0 <= wide < colon:
        colon = wide
    if colon < 0:
        return "", ""
    name = line[:colon].strip(" \t*|>").lower()
    return (name, line[colon + 1 : LONGEST].strip(" \t*")) if name in mail_words().labels else ("", "")


def header_block(lines: Sequence[str], at: int) -> OlderHead | None:
    """Author and two of date, recipient and subject, from this line on, in the words of one language."""
    found = _block(lines, at)
    if found is None:
        return None
    gap = next((number for number in range(at + 1, found.end) if not label(lines[number])[0]), found.end)
    later = next((number for number in range(gap, found.end) if _block(lines, number)), None)
    return None if later is not None else found  # else this line is the writer's own, above the block


def _block(lines: Sequence[str], at: int) -> OlderHead | None:
    first, _ = label(lines[at])
    if not first or set(mail_words().labels[first].values()) == {"to"}:
        return None
    found = _labelled(lines, at)
    for language in mail_words().labels[first]:
        values = {
            meaning: value for name, value, _ in reversed(found) if (meaning := mail_words().labels[name].get(language))
        }
        if "from" in values and len(values) >= 3:
            end = max(number for name, _, number in found if language in mail_words().labels[name]) + 1
            return OlderHead(
                at,
                end,
                values["from"],
                " ".join(lines[at:end])[: 4 * LONGEST],
                is_marked="@" in values["from"],
                is_whole=_is_whole(values, {name for name, _, _ in found}),
            )
    return None


def _goes_on(found: Sequence[tuple[str, str, int]]) -> bool:
    """May the next line belong to the last label? Recipients fill lines, and a value may stand below its label."""
    return bool(found) and (not found[-1][1] or "to" in mail_words().labels[found[-1][0]].values())


def _is_again(name: str, found: Sequence[tuple[str, str, int]]) -> bool:
    """Does a second block begin? Of each meaning but the recipients there is one label."""
    if not name:
        return False
    labels = mail_words().labels
    return any(
        name == other
        or any(labels[other].get(language) == meaning != "to" for language, meaning in labels[name].items())
        for other, _, _ in found
    )


def _is_whole(values: Mapping[str, str], names: Iterable[str]) -> bool:
    """With a time of day, and a subject or the word "sent": a parcel has only a date, a flight only that."""
    date = values.get("date", "")
    is_sent = any(name not in _ALSO_OF_PARCELS and "date" in mail_words().labels[name].values() for name in names)
    return bool(_TIME.search(date)) and ("subject" in values or is_sent)


_ALSO_OF_PARCELS = frozenset(
    "date datum data fecha dato päivämäärä päiväys pvm dátum tarih kuupäev datums дата ημερομηνία التاريخ תאריך".split()
    + "日期 時間 时间 日付 日時 날짜 ngày tanggal".split()
)


def _labelled(lines: Sequence[str], at: int) -> list[tuple[str, str, int]]:
    """Labels, values and numbers of the lines of a block; one of its fields may go on over a line or two."""
    found: list[tuple[str, str, int]] = []
    for number in range(at, min(at + _BLOCK, len(lines))):
        name, value = label(lines[number])
        if _is_again(name, found) or (found and number - found[-1][2] > _WRAPPED):
            break  # another block, or what stands below this one
        if not name and lines[number].strip() and not _goes_on(found):
            break
        if name:
            found.append((name, value, number))
        elif found and not found[-1][1]:  # the value stands below its label
            found[-1] = (found[-1][0], lines[number].strip()[:LONGEST], number)
    return found


# --- delimiters -------------------------------------------------------------------------------------------------------


def delimiter(lines: Sequence[str], at: int, bare: str) -> OlderHead | None:
    """-----Original Message-----, "Begin forwarded message:", the header of Lotus Notes, a line of underscores above a
    header block; with the block that follows."""
    if bare[-1:] in "#:-" and bare and _REPLY_ABOVE.fullmatch(bare):
        return OlderHead(at, at + 1, is_marked=True)
    dashed = len(bare) > 3 and bare[0] in "-–—_*#=>" and bare[1] in "-–—_*#=> "
    if not dashed and bare[-1:] not in (":", "："):
        return None
    said = bare.strip(_DASHES).rstrip(":： ").strip(_DASHES).lower()
    if not said:
        return _ruled_block(lines, at, bare)
    words = mail_words()
    forwards = said in words.forwards or (dashed and any(said.startswith(f"{one} ") for one in words.forwards))
    if forwards or (dashed and said in words.originals):
        return _with_block(lines, at, forwards=forwards)
    verb = words.wrote.search(said) if dashed and bare[-1] in "-:" and len(said) < 120 else None
    if verb and verb.end() == len(said):  # -----Support/EXAMPLE wrote: -----
        return _with_block(lines, at, author=bare.strip(_DASHES)[: verb.start()])
    return None


def _ruled_block(lines: Sequence[str], at: int, bare: str) -> OlderHead | None:
    """Outlook rules a line above its block."""
    if len(bare) < 10 or at + 1 >= len(lines):
        return None
    if "mailing list" in " ".join(lines[at + 1 : at + 3])[:LONGEST].lower():
        return OlderHead(at, at + 1, is_marked=True)
    below = next((number for number in range(at + 1, min(at + 3, len(lines))) if lines[number].strip()), at)
    block = header_block(lines, below) if below > at else None
    return OlderHead(at, block.end, block.author, block.about, is_marked=True, is_whole=True) if block else None


def _with_block(lines: Sequence[str], at: int, *, forwards: bool = False, author: str = "") -> OlderHead:
    """The delimiter with the header lines below it, of which there may be any number."""
    end, about = at + 1, [lines[at]]
    for number in range(at + 1, min(at + 1 + _BLOCK, len(lines))):
        line = lines[number].lstrip("> ")
        name, value = label(line)
        if name:
            author = value if not author and "from" in mail_words().labels[name].values() else author
            end = number + 1
            about.append(line)
        elif line.strip() and end < number:
            break
    return OlderHead(at, end, author, " ".join(about)[: 4 * LONGEST], forwards, is_marked=True, is_whole=True)


# --- on …, … wrote: ---------------------------------------------------------------------------------------------------


def attribution(lines: Sequence[str], at: int, bare: str) -> OlderHead | None:
    """An "On …, … wrote:" that ends in line `at`, over however many lines it is wrapped."""
    if bare[-1:] not in (":", "："):
        return None
    if _DATE.search(bare) and _TIME.search(bare) and _IN_BRACKETS.search(bare):
        return _attribution(lines, at, at)
    wrote, joined, plausible, dated = mail_words().wrote, "", -1, -1
    for start in range(at, max(-1, at - _BACK), -1):
        line = lines[start].strip()
        if not line or line[0] == ">" or len(joined) + len(line) > LONGEST:
            break
        joined = f"{line} {joined}"
        if (_DATE.search(joined) or _EXACT.search(joined)) and wrote.search(joined.lower()):
            if _OPENER.match(joined):
                return _attribution(lines, start, at)
            plausible = start if plausible < 0 else plausible
            dated = start if _DATE.search(line) else dated
    start = dated if dated >= 0 else plausible
    return _attribution(lines, start, at) if start >= 0 else None


def _attribution(lines: Sequence[str], start: int, at: int) -> OlderHead:
    about = " ".join(line.strip() for line in lines[start : at + 1])[:LONGEST]
    return OlderHead(
        start,
        at + 1,
        about,
        about,
        is_marked=bool(_IN_BRACKETS.search(about)),
        is_whole=bool(_DATE.search(about) and _TIME.search(about)),
    )


def is_quoted_next(lines: Sequence[str], at: int) -> bool:
    """Is the next line that is not empty a quotation?"""
    following = next((line.strip() for line in lines[at : at + 10] if line.strip()), "")
    return following[:1] == ">"
