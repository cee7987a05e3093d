"""Names of the writer and of whom they write to: how people introduce themselves, greet, and sign."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pipeline.text.mail_words import mail_words
from pipeline.text.redaction.cues import any_of, cue, first_and_rest, heads, phrases
from pipeline.text.redaction.first_names import name_words
from pipeline.text.redaction.known_names import without_these
from pipeline.text.redaction.name_shapes import (
    MR,
    NAME,
    TITLES,
    always,
    end_of_name,
    named,
)
from pipeline.text.redaction.rules import LETTER, Hints, Replacing, folded

# --- who the writer says they are -------------------------------------------------------------------------------------

_CALLED = re.compile(rf"{cue('called')}[ \t:]{{1,3}}")
_SMALL_NAME = re.compile(
    rf"{LETTER}{{2,30}}(?:[-‐]{LETTER}{{2,30}})?(?:[ \t]{LETTER}{{2,30}}(?:[-‐]{LETTER}{{2,30}})?)?"
)
_LABEL = re.compile(rf"{cue('name_label')}[ \t]?:[ \t]{{0,3}}")


_HEADS_OF_CALLED, _WORDS_OF_CALLED = heads("called"), first_and_rest("called")


def _may_be_called(hints: Hints) -> bool:
    """The beginnings alone are in many texts: "nach" is one, because of "Nachname"."""
    return not _HEADS_OF_CALLED.isdisjoint(hints.heads) and any(
        any(rest <= hints.words for rest in others) and any(word.endswith(first) for word in hints.words)
        for first, others in _WORDS_OF_CALLED.items()
    )


def _called(text: str) -> str:
    found: list[str] = []
    text = _small(named(text, _CALLED, always, found, small=True), found)
    return without_these(text, found)


def _labelled(text: str) -> str:
    return named(text, _LABEL, always, small=True) if ":" in text else text


def _small(text: str, found: list[str]) -> str:
    """What follows "my name is" in small letters: two words at most, and none that goes on with the sentence."""
    pieces: list[str] = []
    written = 0
    for called in _CALLED.finditer(folded(text)):
        end = _end_of_small(text, called.end())
        if end:
            pieces += [text[written : called.end()], "<name>"]
            written = end
            found.append(text[called.end() : end].title())
    return "".join([*pieces, text[written:]])


def _end_of_small(text: str, start: int) -> int:
    match = _SMALL_NAME.match(text, start)
    end = 0
    for word in re.finditer(r"[^ \t]+", match[0]) if match else ():
        if word[0].lower() in name_words().never:
            break
        end = start + word.end()
    return end


# --- salutations ------------------------------------------------------------------------------------------------------

_SIR = rf"(?:(?i:{MR}|m)\.?[ \t]{{1,2}})?"
_HELLO = re.compile(
    rf"^[ \t>]{{0,4}}(?i:{cue('hello')})(?:[ \t](?i:(?:{MR}|m)\.?(?=[ \t])|und|and|et|y|ja|och))?,?[ \t]{{1,2}}{_SIR}"
    rf"(?P<title>(?:{TITLES}){{0,3}})",
    re.MULTILINE,
)
_AFTER_HELLO = re.compile(r"[ \t]{0,2}(?:[,!.:;–—-]|$|\n)", re.MULTILINE)
_FORMAL_HELLO = re.compile(rf"(?i:(?<!\w){MR}\.?|\bm\.)[ \t]{{1,2}}(?:{TITLES}){{0,3}}$")


def _greeted(text: str) -> str:
    return named(text, _HELLO, _ends_the_greeting)


def _ends_the_greeting(text: str, start: int, end: int) -> bool:
    """A mark or the end of the line follows, or it is clear that it is a name: "Hallo Frau Kessler ich habe"."""
    if _AFTER_HELLO.match(text, end) or name_words().is_first(text[start:end].split()[0]):
        return True
    return bool(_FORMAL_HELLO.search(text[max(0, start - 20) : start]))


# --- closings ---------------------------------------------------------------------------------------------------------

_FORMAL = rf"(?:(?i:{MR})\.?[ \t])?(?:{TITLES}|[ip]\.[ ]?[AVp]\.[ ]|Dipl\.-\w{{2,5}}\.?[ \t]|Mag\.[ \t]){{0,3}}"
# "Beste Grüße aus Wien"
_FROM = r"(?:[ ](?:aus|von|from|de|depuis|desde|från|van)(?:[ ][\w -]{2,30})?(?=[ \t,.]{0,3}\n))?"
# What stands between a closing and a name: a comma, a new line. It may be empty, so it is there behind each closing.
_GAP = re.compile(
    rf"{_FROM}(?P<gap>[ \t]{{0,2}}[,.!;–—-]{{0,2}}[ \t]{{0,3}}\n{{0,2}}[ \t>]{{0,4}})(?P<title>{_FORMAL})"
)
# Where a closing may begin: at the beginning of a line, after a mark; short ones also after a word. The text is read
# with a line break in front of it, so that each place but those has a mark of its own, which is quick to look for.
_START = re.compile(r"[\n.!?,][ \t>]{0,4}(?=(\w+))")
_SHORT = frozenset(("mfg", "lg", "vg", "mvh", "cdlt", "rgds"))
_START_OR_SHORT = re.compile(
    rf"(?:[\n.!?,]|(?<=\w)(?= (?:{'|'.join(sorted(_SHORT))})\b))[ \t>]{{0,4}}(?=(\w+))", re.IGNORECASE
)
_END_OF_LINE = re.compile(r"[ \t]{0,2}(?:$|\n|[,(|–—]|\.[ \t]?(?:$|\n))", re.MULTILINE)
_SMALL_SIGNED = re.compile(
    rf"(?:{LETTER}\.[ ]?){{0,2}}{LETTER}{{2,20}}(?:[ \t]{LETTER}{{2,20}})?(?=[ \t.]{{0,2}}(?:$|\n))", re.MULTILINE
)


@cache
def _closings() -> Mapping[str, list[str]]:
    """By their first word."""
    by_first: dict[str, list[str]] = {}
    for closing in [*mail_words().closings, *mail_words().thanks, *phrases("closing"), *phrases("short_closing")]:
        by_first.setdefault(re.match(r"\w*", closing)[0], []).append(closing)  # type: ignore[index]
    return by_first


@cache
def _beginning_with(first: str) -> re.Pattern[str]:
    """The closings with this first word. There are hundreds: few of their patterns are ever needed."""
    return re.compile(rf"(?i:{any_of(_closings()[first])})(?!\w)")


@cache
def _first_of_closings() -> frozenset[str]:
    return frozenset(_closings())


def _may_be_signed(hints: Hints) -> bool:
    return not hints.words.isdisjoint(_first_of_closings()) and not _may_be_signed_shortly(hints)


def _may_be_signed_shortly(hints: Hints) -> bool:
    return not hints.words.isdisjoint(_SHORT)


def _signed(text: str) -> str:
    return _signed_from(_START, text)


def _signed_shortly(text: str) -> str:
    return _signed_from(_START_OR_SHORT, text)


def _signed_from(starts: re.Pattern[str], text: str) -> str:
    pieces: list[str] = []
    found: list[str] = []
    written = 0
    for start in starts.finditer("\n" + text):
        at = start.end() - 1
        first = start[1].lower()
        closing = _beginning_with(first).match(text, at) if first in _closings() and at >= written else None
        gap = _GAP.match(text, closing.end()) if closing else None
        end = _signature_end(text, closing[0], gap) if closing and gap else 0
        if gap and end:
            pieces += [text[written : gap.end("gap")], "<name>"]
            found.append(text[gap.end() : end].title())
            written = end
    return without_these("".join([*pieces, text[written:]]), found) if pieces else text


_SLASHED = re.compile(r"(?:^|(?<=[.!?] ))/[ ]?(?=\w)", re.MULTILINE)  # as Swedes sign


def _slashed(text: str) -> str:
    return named(text, _SLASHED, lambda whole, _start, end: _END_OF_LINE.match(whole, end) is not None)


def _signature_end(text: str, closing: str, gap: re.Match[str]) -> int:
    """Where the name behind a closing ends: it is all that is left of its line. 0 where there is none."""
    if not gap["gap"]:
        return 0
    start = gap.end()
    end = end_of_name(text, start)
    if end > start and _END_OF_LINE.match(text, end):
        return end
    small = _SMALL_SIGNED.match(text, start)
    if small and closing.lower() in phrases("short_closing") and not _says_something(small[0]):
        return small.end()
    return 0


def _says_something(line: str) -> bool:
    return any(word in name_words().never for word in re.findall(r"\w+", line.lower()))


_ABOVE_ADDRESS = re.compile(
    rf"(?:^[ \t]{{0,4}}{_FORMAL}|(?<=[ :]))(?P<name>{NAME})[ \t]{{0,3}}(?=(?:,[ ]?|\n[ \t]{{0,4}})<address>)",
    re.MULTILINE,
)


def _above_address(text: str) -> str:
    """The line above a postal address."""
    return _ABOVE_ADDRESS.sub(_all_of_it, text) if "<address>" in text else text


def _all_of_it(match: re.Match[str]) -> str:
    """A line of its own, or two words of a line: "send it to Tamara Stone, <address>"."""
    text, start, end = match.string, match.start("name"), match.end("name")
    own_line = not start or text[text.rfind("\n", 0, start) + 1 : start].strip() == "" or match.start() != start
    if end_of_name(text, start) != end or not (own_line or " " in match["name"]):
        return match[0]
    return text[match.start() : start] + "<name>" + text[end : match.end()]


# --- the rules --------------------------------------------------------------------------------------------------------


RULES: tuple[Replacing, ...] = (
    Replacing(_above_address, may=lambda hints: hints.has_digit or "address" in hints.words),
    Replacing(_called, may=_may_be_called),
    Replacing(_labelled, heads=heads("name_label")),
    Replacing(_greeted, heads=heads("hello")),
    Replacing(_slashed, may=lambda hints: "/" in hints.text),
    Replacing(_signed_shortly, may=_may_be_signed_shortly),
    Replacing(_signed, may=_may_be_signed),
)
