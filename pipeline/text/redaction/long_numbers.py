"""Long numbers: telephones by the numbering plans (phonenumbers), and what orders, parcels and things are called.

What is proved to be none of the other kinds but is a long number all the same counts as an order number, so that a
mistyped IBAN does not stay. Dates, times, years, quantities and amounts of money stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType

from pipeline.text.redaction.bank import ends
from pipeline.text.redaction.cues import after_cue, heads
from pipeline.text.redaction.rules import LINK, Replacing, after

_PROOFS = 200  # telephone numbers that are proved in one text; after that a long number is an order number
# Countries that write a 0 before the area code, asked in this order.
_WITH_ZERO = ("DE", "FI", "FR", "GB", "AT", "CH", "SE", "NL", "BE", "IT")
_LONG_NUMBER = re.compile(r"\d[\d\W]{0,4}\d[\d\W]{0,4}\d")  # three digits near each other: else nothing can be found

# --- numbers that are kept --------------------------------------------------------------------------------------------

_CURRENCY = r"(?:€|\$|£|¥|%|(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|euros?|eur|dollars?|pounds?|Franken|kr|livres|libras)\b)"
_YEAR = r"(?:19|20)\d\d"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_SUM = r"(?:\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d{1,7})(?:[.,](?:\d{1,2}|-{1,2}))?"
_KEPT = re.compile(
    rf"(?<![\w#+])(?:"
    rf"{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}(?:T\d\d:\d\d(?::\d\d)?Z?)?"  # 2026-01-31
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"  # 20260131
    rf"|{_DAY}[-/.] ?{_MONTH}[-/.] ?(?:{_YEAR}|\d\d)"  # 31.01.2026, 31/01/26
    rf"|{_MONTH}/{_DAY}/(?:{_YEAR}|\d\d)"  # 01/31/2026
    rf"|{_DAY}\.{_MONTH}\.(?=\s?[-–])"  # the first half of 1.2.-5.2.2026
    rf"|{_YEAR}(?:\s?[-–/]\s?(?:{_YEAR}|\d\d))?"  # 2026, 2025/26
    rf"|\d{{1,2}}[:.h]\d\d(?::\d\d)?(?:\s?[-–]\s?\d{{1,2}}[:.h]\d\d)?"  # 09.00-17.00
    rf"|{_CURRENCY}\s?{_SUM}|{_SUM}(?:\s?[-–]\s?{_SUM})?\s?{_CURRENCY}"
    rf"|\d{{1,3}}(?:[.,]\d{{3}})*[.,]\d{{1,2}}|\d{{1,3}}(?:[.,]\d{{3}})+"  # 1.234,56 and 1,234,567
    rf")(?![\w]|[-/.,:]\d)",
    re.IGNORECASE,
)
# --- telephone and order numbers --------------------------------------------------------------------------------------
_PHONE = re.compile(
    r"(?<![\w#.,/-])(?:\+\s?\d|\(\+\d|00[1-9]|\(?0\d?|1[ .-]\(?[2-9]|\(?[2-9])(?:[ \u00a0./()–-]{0,3}\d){5,14}(?!\w)"
)
_AMERICAN = re.compile(r"(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]{1,2}\d{3}[ .-]\d{4}")
_SPANISH = re.compile(r"[6-9](?:\d\d[ .-]\d\d\d[ .-]\d\d\d|\d\d(?:[ .-]\d\d){3}|\d[ .-]\d{3}[ .-]\d\d[ .-]\d\d)")
_HASHED = re.compile(r"#\s?[A-Za-z]{0,5}-?\d{3,40}[\w-]{0,40}")
_NAMED = re.compile(
    r"(?<!\w)(?P<name>(?:order|invoice|ticket|case|customer|account|tracking|parcel|contract|member(?:ship)?|booking|"
    r"reference|bestell\w{0,12}|auftrag\w{0,12}|rechnung\w{0,12}|kunden\w{0,12}|vertrag\w{0,12}|sendung\w{0,12}|"
    r"vorgang\w{0,12}|commande|facture|client|contrat|colis|dossier|pedido|factura|cliente|contrato|env[ií]o|"
    r"tilau\w{0,12}|lasku\w{0,12}|asiakas\w{0,12}|l[äa]hetys\w{0,12}|n[°º]|nr\b|no\b|num(?:ber|mer|éro|ero)|numero"
    r"|№)(?!\w)"
    r"(?:[ .:°º#]{0,3}(?:number|nummer|numéro|número|numero|no|nr|n[°º]|id|code|ref|is|ist|lautet|est|es)(?!\w)){0,2}"
    r"[ .:°º#-]{0,3})(?P<number>[A-Za-z]{0,4}-?\d{4,40}[\w-]{0,40})",
    re.IGNORECASE,
)
# Groups of digits as cards, accounts and references are written.
_GROUPED = re.compile(r"(?<![\w.,])(?:[A-Za-z]{2}\d{2}[ -])?\d{2,20}(?:[ -]\d{2,20}){2,12}(?!\w)")
_MIXED = re.compile(r"(?<![^\W_])(?:[A-Za-z][A-Za-z_/-]{0,30})?\d[A-Za-z0-9]{0,60}(?:[-_/][A-Za-z0-9]{1,60}){0,8}")
_UNIT = re.compile(r"\d{1,6}[A-Za-z]{1,4}|\d{1,4}(?:x\d{1,4}){1,2}")  # 20000mAh, 1920x1080
_HEX = re.compile(r"0x[0-9A-Fa-f]{1,16}")  # an error of Windows
_SPACED_DATE = re.compile(rf"{_DAY} {_MONTH} {_YEAR}")
_YEARS = re.compile(rf"{_YEAR}(?:[ -/]+{_YEAR})*")
Replacement = tuple[str, int]  # what is there instead, and where it ends


def _numbers(text: str) -> str:
    """One walk over the text. At each place what is kept is tried first, then the kinds of numbers in turn."""
    proofs = [_PROOFS]
    pieces: list[str] = []
    written = at = 0
    while place := _ANY.search(text, at):
        start = place.start()
        found = _at(text, start, proofs)
        if found is None:
            at = start + 1
            continue
        pieces += [text[written:start], found[0]]
        written = at = found[1]
    return "".join([*pieces, text[written:]])


def _at(text: str, start: int, proofs: list[int]) -> Replacement | None:
    if kept := _KEPT.match(text, start):
        return kept[0], kept.end()
    for pattern, prove in _KINDS:
        match = pattern.match(text, start)
        found = prove(match, proofs) if match else None
        if found:
            return found
    return None


def _named(match: re.Match[str], _proofs: list[int]) -> Replacement | None:
    """A number after a word like "order": shorter ones count too, but no year and no amount."""
    start = match.start("number")
    if _KEPT.match(match.string, start):
        return None
    return match["name"] + "<order>", match.end()


def _hashed(match: re.Match[str], _proofs: list[int]) -> Replacement | None:
    return "<order>", match.end()


def _phone(match: re.Match[str], proofs: list[int]) -> Replacement | None:
    """Groups that follow the number are given back until the numbering plan knows what is left."""
    found = match[0]
    for end in ends(found):
        if proofs[0] <= 0 or len(re.sub(r"\D", "", found[:end])) < 7:
            return None
        proofs[0] -= 1
        if _is_phone(found[:end]):
            return "<phone>", match.start() + end
    return None


def _is_phone(text: str) -> bool:
    import phonenumbers  # takes 0.1 s, and most texts hold no number

    bare = text.replace("(0)", "")
    digits = re.sub(r"\D", "", bare)
    if bare.lstrip("( ").startswith(("+", "00")):
        return _possible(phonenumbers, "+" + digits.removeprefix("00"), None)
    if digits.startswith("0"):
        return any(_possible(phonenumbers, digits, region) for region in _WITH_ZERO)
    if _AMERICAN.fullmatch(bare):
        return _possible(phonenumbers, digits, "US")
    return bool(_SPANISH.fullmatch(bare)) and _possible(phonenumbers, digits, "ES")


def _possible(phonenumbers: ModuleType, digits: str, region: str | None) -> bool:
    """Right in length for its country: numbers made up for examples are seldom really given out."""
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(digits, region)))
    except phonenumbers.NumberParseException:
        return False


def _grouped(match: re.Match[str], _proofs: list[int]) -> Replacement | None:
    """Eight digits and more in groups; years in a row are none, nor is a date."""
    digits = re.sub(r"\D", "", match[0])
    if len(digits) < 8 or _YEARS.fullmatch(match[0]) or _SPACED_DATE.fullmatch(match[0]):
        return None
    return "<order>", match.end()


def _mixed(match: re.Match[str], _proofs: list[int]) -> Replacement | None:
    """One piece of digits and letters: a long number, but no quantity with its unit and no name of a thing."""
    whole = match[0]
    runs = [len(run) for run in re.findall(r"\d+", whole)]
    long_enough = max(runs) >= (6 if whole.isdecimal() else 5) or sum(runs) >= 7
    if not long_enough or _HEX.fullmatch(whole) or _UNIT.fullmatch(whole) or _YEARS.fullmatch(whole):
        return None
    return "<order>", match.end()


# In the order in which they are tried at one place.
_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], list[int]], Replacement | None]], ...] = (
    (_NAMED, _named),
    (_HASHED, _hashed),
    (_PHONE, _phone),
    (_GROUPED, _grouped),
    (_MIXED, _mixed),
)
_ANY = re.compile("|".join(f"(?i:{pattern.pattern})" for pattern in (_KEPT, *(kind for kind, _ in _KINDS))))

# --- what things are called, after the words for them -----------------------------------------------------------------

_THING = after_cue("thing")
# Capitals with figures among them, in one piece or in several: "SN-4K8812-QP", "12 C 341/25", "1 EMH00 4771 8023".
_CALLED = re.compile(
    rf"(?:[ ](?:of|the|del?|der|des|du|la|le|contador|drill|meter)(?!\w)){{0,3}}(?:[ ][^\W\d]{{3,16}}(?=[ ](?:is|ist"
    rf"|est|es|on|är)[ ]))?"
    rf"(?i:{LINK})(?P<value>(?=[A-Z0-9 /-]{{0,12}}\d)(?=(?:[ /-]?[A-Z0-9]){{5}})"
    rf"[A-Z0-9]{{1,30}}(?:[-/][A-Z0-9]{{1,30}}){{0,6}}"
    rf"(?:[ ](?=[A-Z]{{0,4}}\d)[A-Z0-9/]{{1,20}}|[ ][A-Z][ ](?=\d)){{0,6}})(?![\w]|[.,]\d|\s?(?:€|kWh|m³|EUR|kr))"
)


def _things(text: str) -> str:
    return after(text, _THING, _CALLED, "<order>")


RULES: tuple[Replacing, ...] = (
    Replacing(_things, heads=heads("thing"), digit=True),
    Replacing(_numbers, may=lambda hints: _LONG_NUMBER.search(hints.text) is not None, digit=True),
)
