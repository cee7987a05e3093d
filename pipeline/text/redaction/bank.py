"""Accounts and cards: IBAN (ISO 13616, mod 97), BIC (ISO 9362), cards (ISO/IEC 7812, Luhn), and what goes with them."""

from __future__ import annotations

import re

from pipeline.text.redaction.cues import after_cue, heads
from pipeline.text.redaction.rules import LINK, Replacing, after

# --- by checksum ------------------------------------------------------------------------------------------------------

_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,9}(?![^\W_])", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w+.,-])(?<!\w\d\d )[2-6]\d{3}(?:[ -]?\d){9,15}(?!\w)")
_LONG = re.compile(r"\d{4}[ -]?[\dA-Z]{4}[ -]?\d|[A-Z]{2}\d\d[ -]?[A-Z0-9]{4}", re.IGNORECASE)


def _checked(text: str) -> str:
    return _CARD.sub(_card, _IBAN.sub(_iban, text))


def _iban(match: re.Match[str]) -> str:
    """Words that follow are given back until what is left has the right checksum."""
    from stdnum import iban

    found = match[0]
    for end in ends(found):
        if iban.is_valid(found[:end]):
            return "<iban>" + found[end:]
    return found


def _card(match: re.Match[str]) -> str:
    from stdnum import luhn

    digits = re.sub(r"\D", "", match[0])
    return "<card>" if luhn.is_valid(digits) else match[0]


def ends(text: str) -> list[int]:
    """Where a candidate may end: behind each of its groups, the longest first."""
    return [group.end() for group in re.finditer(r"[^\W_]+", text)][::-1]


# --- by their words ---------------------------------------------------------------------------------------------------

_BIC, _ACCOUNT, _CVC, _EXPIRY = map(after_cue, ("bic", "account", "cvc", "expiry"))
_BIC_CODE = re.compile(
    rf"{LINK}(?P<value>[A-Z]{{4}}[ ]?[A-Z]{{2}}[ ]?[A-Z0-9]{{2}}(?:[ ]?[A-Z0-9]{{3}})?)(?!\w)", re.IGNORECASE
)
_DIGITS = re.compile(rf"{LINK}(?P<value>\d[\d -]{{2,24}}\d)(?!\w)", re.IGNORECASE)
_THREE = re.compile(rf"{LINK}(?P<value>\d{{3,4}})(?![\w.,:/-]\d|\w)", re.IGNORECASE)
_MONTH = re.compile(r"[ :.]{1,3}(?P<value>(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?\d\d)(?![\w/.-]*\d)")
_OF_CARD = re.compile(r"<card>|card|karte|carte|tarjeta|kort|visa|mastercard|amex|kaart|carta", re.IGNORECASE)


def _bic(text: str) -> str:
    return after(text, _BIC, _BIC_CODE, "<iban>")


def _accounts(text: str) -> str:
    return after(text, _ACCOUNT, _DIGITS, "<iban>")


def _cards(text: str) -> str:
    text = after(text, _CVC, _THREE, "<card>")
    return after(text, _EXPIRY, _MONTH, "<card>") if _OF_CARD.search(text) else text


RULES: tuple[Replacing, ...] = (
    Replacing(_checked, may=lambda hints: _LONG.search(hints.text) is not None, digit=True),
    Replacing(_bic, heads=heads("bic")),
    Replacing(_accounts, heads=heads("account"), digit=True),
    Replacing(_cards, heads=heads("cvc", "expiry"), digit=True),
)
