"""What opens something: user names, passwords, PINs, codes, keys and vouchers, after their words and by shape."""

from __future__ import annotations

import re

from pipeline.text.redaction.cues import after_cue, heads
from pipeline.text.redaction.rules import LINK, Replacing, after

_QUOTE = r"[\"'„“«]?"

# --- user names and passwords -----------------------------------------------------------------------------------------

_USER = after_cue("user")
# A word of letters alone is one only behind a colon: "user manual".
_USER_NAME = re.compile(
    rf"(?:{LINK}[:=][ \t]{{0,3}}{_QUOTE}(?P<value>[\w.+-]{{3,60}}\w)"
    rf"|{LINK}{_QUOTE}(?=[^\W\d_][\w.-]{{0,60}}[_.\d]\w)(?P<other>[\w.-]{{3,60}}\w))",
    re.IGNORECASE,
)
_PHRASE = after_cue("password")
# Behind a colon anything is one; elsewhere it has a digit or a mark in it, or behind it: "password reset" is none.
_ODD = r"(?:[\d$%&#*+@§=_]|[!?](?=\w))"
_PASSWORD = re.compile(
    rf"(?:[ ]{{0,2}}[:=][ \t]{{0,3}}(?P<value>[^\s<>]{{4,64}})"
    rf"|{LINK}{_QUOTE}(?=[^\s]{{0,60}}(?:[^\W_][^\s]{{0,60}}{_ODD}"
    rf"|{_ODD}[^\s]{{0,60}}[^\W_]))(?P<other>[^\s<>\"']{{4,64}}))",
    re.IGNORECASE,
)


def _users(text: str) -> str:
    return after(text, _USER, _USER_NAME, "<user>")


def _passwords(text: str) -> str:
    return after(text, _PHRASE, _PASSWORD, "<secret>")


# --- codes and keys ---------------------------------------------------------------------------------------------------

# Not those: "error code 50012", "code postal 75011".
_OTHER_CODES = (
    "error ",
    "fehler",
    "erreur ",
    "status ",
    "zip ",
    "area ",
    "postal ",
    "post",
    "fel",
    "virhe",
    "qr-",
    "qr ",
)
_CODE = after_cue("code")
_KEY = after_cue("key")
_FILLERS = r"(?:[ ](?:received|sent|reçu|par|sms|del|de|the|mit der|von|med|avec)(?!\w)){0,3}"
_NO_MONEY = r"(?![\w]|[.,]\d|\s?[-–]\s?\d|\s?(?:€|\$|£|%|eur|euro|usd|gbp|kr|chf|sek|dollar|pound))"
_MIXED = r"(?!0x)(?=[\w-]{4})(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[^\W\d_])[^\W_]\w{0,40}(?:-\w{1,40}){0,8}"
_CODE_VALUE = re.compile(
    rf"{_FILLERS}{LINK}{_QUOTE}(?P<value>{_MIXED}|\d{{3}}[ ]\d{{3}}|\d{{4,10}}){_NO_MONEY}", re.IGNORECASE
)
_KEY_VALUE = re.compile(
    rf"{_FILLERS}{LINK}{_QUOTE}(?P<value>{_MIXED}|\d{{5,24}}|\d{{4}}(?:[ -]\d{{4}}){{1,4}}){_NO_MONEY}", re.IGNORECASE
)


def _codes(text: str) -> str:
    text = after(text, _KEY, _KEY_VALUE, "<secret>")
    return after(text, _CODE, _CODE_VALUE, "<secret>", never_behind=_OTHER_CODES)


# --- by shape ---------------------------------------------------------------------------------------------------------

_GROUPS = re.compile(
    r"(?<![\w-])(?=[A-Z0-9-]{0,60}[A-Z])(?=[A-Z0-9-]{0,60}\d)"
    r"(?:[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2,7}|[A-Z0-9]{5}(?:-[A-Z0-9]{5}){2,7}|[A-Z0-9]{6}(?:-[A-Z0-9]{6}){2,5})(?![\w-])"
)
# Keys of well-known services, and JSON web tokens (RFC 7519).
_WELL_KNOWN = re.compile(
    r"(?<![\w-])(?:[sr]k_(?:live|test)_\w{10,100}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,100}|github_pat_\w{20,100}"
    r"|glpat-[\w-]{15,60}|xox[abprs]-[\w-]{10,100}|AIza[\w-]{30,45}|eyJ[\w-]{8,2000}(?:\.[\w-]{4,4000}){1,2})(?![\w-])"
)
_RANDOM = re.compile(
    r"(?<![\w./-])(?=\w{0,80}[a-z])(?=\w{0,80}[A-Z])(?=\w{0,80}\d\w{0,80}\d)[A-Za-z0-9_]{24,200}(?![\w./-])"
)
_MAY = re.compile(r"[A-Z0-9]-[A-Z0-9]{4,6}-[A-Z0-9]|\w{20}|eyJ|xox")


def _by_shape(text: str) -> str:
    text = _GROUPS.sub("<secret>", text)
    return _RANDOM.sub("<secret>", _WELL_KNOWN.sub("<secret>", text))


RULES: tuple[Replacing, ...] = (
    Replacing(_passwords, heads=heads("password")),
    Replacing(_codes, heads=heads("code", "key"), digit=True),
    Replacing(_users, heads=heads("user")),
    Replacing(_by_shape, may=lambda hints: _MAY.search(hints.text) is not None, digit=True),
)
