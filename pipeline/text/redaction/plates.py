"""Licence plates: after the words for them and for vehicles, and by shape where nothing else looks like it."""

from __future__ import annotations

import re

from pipeline.text.redaction.cues import after_cue, heads
from pipeline.text.redaction.rules import LINK, Replacing, after

_DE = r"[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[ -]?\d{1,4}[EH]?"
_FR = r"[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}"
_GB = r"[A-Z]{2}\d{2} [A-Z]{3}"
_CERTAIN = re.compile(rf"(?<![\w-])(?:{_DE.replace('[ -]?', '[ ]')}|{_FR}|{_GB})(?![\w-])")
_SHAPE = (
    rf"(?:{_DE}|[A-ZÄÖÜ]{{1,3}}[ -][A-Z]{{1,2}}[ -]?\d{{1,4}}[EH]?"
    r"|[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}|[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]{3}[ -]?\d{2}[A-Z0-9]"
    r"|\d{4}[ -]?[B-DF-HJ-NP-TV-Z]{3}"
    r"|[A-Z]{1,2}[ -]\d{4}[ -][A-Z]{2}|[A-Z]{1,2}[ -]?\d{3,6}[ -]?[A-Z]{0,2}|\d{1,2}-[A-Z]{2,3}-\d{1,3}"
    r"|\d-[A-Z]{3}-\d{3}"
    r"|[A-Z]{2,3}-\d{1,3}|[A-Z]{2,3}[ ]?\d{3,5}[A-Z]?|\d{2}-\d{2}-[A-Z]{2})"
)
_VEHICLE, _PLATE = after_cue("vehicle"), after_cue("plate")
_BEHIND_PLATE = re.compile(
    rf"(?i:{LINK}|,?[ ]von[ ]|[ ]of my car is )\(?"
    rf"(?P<value>(?=[A-Z0-9ÄÖÜ -]{{0,9}}\d){_SHAPE}|(?=[A-Z0-9]{{0,7}}\d)[A-Z0-9]{{3,8}})(?![\w])"
)
_BEHIND_VEHICLE = re.compile(rf"[ ,]{{1,2}}(?:[(]|[^\W\d_]{{2,6}}[ ])?(?P<value>{_SHAPE})(?![\w-])")
_MAY = re.compile(r"[A-Z][- ]?\d\d")


def _by_shape(text: str) -> str:
    return _CERTAIN.sub("<plate>", text)


def _by_words(text: str) -> str:
    return after(text, _PLATE, _BEHIND_PLATE, "<plate>")


def _by_vehicles(text: str) -> str:
    return after(text, _VEHICLE, _BEHIND_VEHICLE, "<plate>")


RULES: tuple[Replacing, ...] = (
    Replacing(_by_words, heads=heads("plate"), digit=True),
    Replacing(_by_vehicles, heads=heads("vehicle"), digit=True),
    Replacing(_by_shape, may=lambda hints: _MAY.search(hints.text) is not None, digit=True),
)
