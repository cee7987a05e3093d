"""Numbers that a state gives a person, by their check digits (python-stdnum) or after their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module

from pipeline.text.redaction.cues import cue, heads
from pipeline.text.redaction.rules import LINK, Replacing, after

# --- by check digits --------------------------------------------------------------------------------------------------

# A shape, and the modules of stdnum of which one must find it valid; without one the shape alone is certain.
_SHAPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Z]", ("fi.hetu",)),
    (r"(?:19|20)?\d{6}[-+]\d{4}", ("se.personnummer", "dk.cpr")),
    (r"\d{8}[ -]?[A-Z]", ("es.dni",)),
    (r"[XYZ][ -]?\d{7}[ -]?[A-Z]", ("es.nie",)),
    (r"[A-HJNP-SUVW][ -]?\d{7}[0-9A-J]", ("es.cif",)),
    (r"[12][ ]?\d\d[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?(?:\d\d|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d\d", ("fr.nir",)),
    (r"[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]", ("it.codicefiscale",)),
    (r"\d{2}[ ]?[0-3]\d[01]\d\d{2}[ ]?[A-Z][ ]?\d{3}", ()),  # German social insurance: date of birth and initial
    (r"\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}", ("de.idnr", "pl.pesel", "no.fodselsnummer")),
    (r"\d{4}[ ]\d{6}", ("at.vnr",)),
    (r"756\.?\d{4}\.?\d{4}\.?\d{2}", ("ch.ssn",)),
    (r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", ("be.nn",)),
    (r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", ()),  # UK national insurance
    (r"\d{3} \d{3} \d{4}", ("gb.nhs",)),
    (r"\d{3}-\d{2}-\d{4}", ("us.ssn",)),
)
_CANDIDATE = re.compile("|".join(f"(?<![\\w.+-]){shape}(?![\\w-])" for shape, _modules in _SHAPES))
_PATTERNS = tuple((re.compile(shape), modules) for shape, modules in _SHAPES)
_MAY = re.compile(r"\d{2}[ .-]?\d{2}[ .-]?\d")


def _checked(text: str) -> str:
    return _CANDIDATE.sub(lambda match: "<id>" if _is_valid(match[0]) else match[0], text)


def _is_valid(found: str) -> bool:
    for pattern, modules in _PATTERNS:
        if pattern.fullmatch(found) and (not modules or any(_validity(name)(found) for name in modules)):
            return True
    return False


@cache
def _validity(name: str) -> Callable[[str], bool]:
    """Of a module of stdnum, which is loaded when the first candidate is met."""
    return import_module(f"stdnum.{name}").is_valid  # type: ignore[no-any-return]


# --- after their names ------------------------------------------------------------------------------------------------

_NAME = re.compile(cue("identity"))
_VALUE = re.compile(
    rf"(?i:(?:-?(?:nummer|nr\.?|numero|number))?{LINK})"
    r"(?=(?:[A-Z ./-]{0,6}\d){4})(?P<value>[A-Z0-9](?:[ ./-]?[A-Z0-9]){4,20})(?!\w)"
)


def _named(text: str) -> str:
    """The cue is read without regard to case, its value as it stands: words in small letters are none of it."""
    return after(text, _NAME, _VALUE, "<id>")


RULES: tuple[Replacing, ...] = (
    Replacing(_checked, may=lambda hints: _MAY.search(hints.text) is not None, digit=True),
    Replacing(_named, heads=heads("identity"), digit=True),
)
