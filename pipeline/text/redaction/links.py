"""Mail addresses, also those that are written so that machines don't read them, and links with what they carry."""

from __future__ import annotations

import re

from pipeline.text.redaction.rules import Hints, Replacing, heads_of, trimmed

# --- addresses that hide ----------------------------------------------------------------------------------------------

_TLD = (
    r"(?:com|org|net|edu|gov|info|biz|io|eu|co|uk|us|de|at|ch|li|lu|fr|be|nl|es|pt|it|fi|se|no|dk|is|ie|pl|cz|sk|hu"
    r"|ro|ee|"
    r"lv|lt|me|name|example|test|invalid|app|dev|shop|store|online|cloud|email|mail|xyz)"
)
_DOT_WORD = r"(?:dot|punkt|point|punto|piste|punt|ponto|kropka|tečka)"
_OPEN, _CLOSE = r"[ \t]{0,2}[\[({<][ \t]?", r"[ \t]?[\])}>][ \t]{0,2}"
_DOT = rf"(?:{_OPEN}(?:{_DOT_WORD}|\.){_CLOSE}|[ \t]{{1,2}}{_DOT_WORD}[ \t]{{1,2}})"
_JOIN = (
    r"[ \t](?:minus|dash|hyphen|underscore|bindestrich|unterstrich|tiret|guion|guión|viiva|alaviiva|understreck|"
    r"plus)[ \t]"
)
_AT_WORD = r"(?:at|ät|arroba|arobase|arobas|arobace|snabel-?a|miuku(?:mauku)?|chiocciola|apenstaartje|malpa|małpa|chez)"
_BRACKETED = rf"{_OPEN}(?:{_AT_WORD}|a|@){_CLOSE}"
_SPACED = rf"[ \t]{{1,2}}(?:{_AT_WORD}|@)[ \t]{{1,2}}"
_LOCAL = rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:(?:{_DOT}|{_JOIN})[\w.+-]{{1,64}}){{0,3}}"
_LABEL = r"[\w-]{1,63}"
_HIDDEN = re.compile(
    rf"{_LOCAL}(?:{_BRACKETED}{_LABEL}(?:(?:\.|{_DOT}|{_JOIN}){_LABEL}){{0,4}}"
    rf"|(?<=[._\d]\w)\w{{0,60}}{_SPACED}{_LABEL}(?:\.{_LABEL}){{0,3}}\.{_TLD}(?!\w)"
    rf"|[ ](?:ät|arroba|arobase|snabel-?a|miukumauku)[ ]{_LABEL}(?:\.{_LABEL}){{0,3}}\.{_TLD}(?!\w)"
    rf"|{_SPACED}{_LABEL}(?:(?:\.|{_DOT}|{_JOIN}){_LABEL}){{0,3}}(?:{_DOT}){_TLD}(?!\w))",
    re.IGNORECASE,
)
_AT_HEADS = heads_of(
    "at ät arroba arobase arobas arobace snabel miuku miukumauku chiocciola apenstaartje malpa małpa chez"
)
_DOT_HEADS = heads_of("dot punkt point punto piste punt ponto kropka tečka")
_AT_HOST = re.compile(rf"[ ]{_AT_WORD}[ ][\w-]{{1,63}}\.\w", re.IGNORECASE)
_BRACKETS = re.compile(r"[\[({<][ \t]?\w{1,12}[ \t]?[\])}>]|[\[({<][ \t]?@|@[ \t]")


def _hidden(text: str) -> str:
    return _HIDDEN.sub("<email>", text)


# --- addresses as they are --------------------------------------------------------------------------------------------

# `name@host.tld`, and `name@host`.
_EMAIL = re.compile(
    r"(?:mailto:)?(?<![\w.+%'*-])[\w.+%'*-]{1,200}@(?:(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}|[^\W\d_][\w-]{1,62})",
    re.IGNORECASE,
)


def _email(text: str) -> str:
    return _EMAIL.sub("<email>", text)


# --- links ------------------------------------------------------------------------------------------------------------

_URL = re.compile(r"(?:https?://|ftp://|\bwww\.)[^\s<>\"]+", re.IGNORECASE)
# Without a scheme: a host and what it is asked for. The bare name of a shop is none.
_PATH = re.compile(
    rf"(?<![\w@./<-])(?:[^\W_][\w-]{{0,62}}\.){{1,5}}{_TLD}(?::\d{{2,5}})?[/?#][^\s<>\"]{{1,2000}}", re.IGNORECASE
)


def _url(text: str) -> str:
    return _PATH.sub(_without_marks, _URL.sub(_without_marks, text))


def _without_marks(match: re.Match[str]) -> str:
    """The full stop after an address belongs to the sentence."""
    return "<url>" + trimmed(match[0])[1]


def _may_hide(hints: Hints) -> bool:
    """The word for @ is there, with the word for a full stop or in brackets."""
    if hints.heads.isdisjoint(_AT_HEADS) and "@" not in hints.text and "(a)" not in hints.text:
        return False
    if not hints.heads.isdisjoint(_DOT_HEADS) or _BRACKETS.search(hints.text):
        return True
    return "." in hints.text and _AT_HOST.search(hints.text) is not None


def _may_be_url(hints: Hints) -> bool:
    text = hints.text
    return "://" in text or "www" in hints.words or ("." in text and any(mark in text for mark in "/?#"))


RULES: tuple[Replacing, ...] = (
    Replacing(_url, may=_may_be_url),
    Replacing(_hidden, may=_may_hide),
    Replacing(_email, may=lambda hints: "@" in hints.text),
)
