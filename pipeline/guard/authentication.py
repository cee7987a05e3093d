"""Rule 14: does the mail come from where it says? Read only from our own server's Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.records.mail import Mail
from pipeline.records.verdict import Authenticity

MOST = 50  # results of one field that are read


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What our server says of where a mail comes from."""

    authenticity: Authenticity = Authenticity.UNKNOWN
    why: str = ""  # where it is not authentic


@dataclass(frozen=True, kw_only=True)
class MethodResult:
    """One `method=result` with its properties, names and values in lower case."""

    method: str
    result: str
    properties: Mapping[str, str] = field(default_factory=dict)


def prove(mail: Mail, authserv: Sequence[str]) -> Proof:
    """`authserv`: the names of our servers; "" means the topmost field, as Exchange Online writes no name."""
    if not authserv:
        return Proof()
    fields = mail.headers.get("authentication-results", ())
    ours = {name.lower() for name in authserv}
    read = [parse(value) for value in fields]
    results = read[0][1] if read and "" in ours else next((found for name, found in read if name in ours), None)
    if results is None:
        return Proof(
            authenticity=Authenticity.NOT_AUTHENTIC,
            why="no Authentication-Results of our own server ([guard] authserv)",
        )
    return _judged(results, mail.sender.home if mail.sender else "")


def _judged(results: Sequence[MethodResult], sender: str) -> Proof:
    """RFC 7489: the first DMARC result counts; without one that decides, SPF or DKIM for the same organisation."""
    dmarc = next((one for one in results if one.method == "dmarc"), None)
    if dmarc and dmarc.result == "fail":
        return Proof(authenticity=Authenticity.NOT_AUTHENTIC, why="dmarc=fail")
    if dmarc and dmarc.result == "pass":
        about = dmarc.properties.get("header.from", sender)
        if _same_organisation(about, sender):
            return Proof(authenticity=Authenticity.AUTHENTIC)
        return Proof(authenticity=Authenticity.NOT_AUTHENTIC, why=f"dmarc=pass, but of {about} and not of {sender}")
    if any(_aligned(one, sender) for one in results):
        return Proof(authenticity=Authenticity.AUTHENTIC)
    if any(one.method in ("dmarc", "spf", "dkim") for one in results):
        why = f"neither SPF nor DKIM aligned with {sender or 'the sender'}"
        return Proof(authenticity=Authenticity.NOT_AUTHENTIC, why=why)
    return Proof()  # it did not look


def _aligned(one: MethodResult, sender: str) -> bool:
    """Relaxed alignment (RFC 7489 section 3.1)."""
    if one.result != "pass" or one.method not in ("spf", "dkim"):
        return False
    names = ("smtp.mailfrom", "smtp.mail") if one.method == "spf" else ("header.d", "header.i")
    said = next((one.properties[name] for name in names if name in one.properties), "")
    return _same_organisation(said, sender)


def _same_organisation(said: str, sender: str) -> bool:
    domain = said.rpartition("@")[2].strip(".")
    return bool(domain and sender) and organisation(domain) == organisation(sender)


@lru_cache(maxsize=4096)
def organisation(domain: str) -> str:
    """The organisational domain (RFC 7489 section 3.2) by the public suffix list; a suffix itself stays as it is."""
    return _suffixes().privatesuffix(domain) or domain


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList  # reads its list: 30 ms

    return PublicSuffixList()


# --- the field --------------------------------------------------------------------------------------------------------

_METHOD = re.compile(r"\s*([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(
    r'([a-z][a-z0-9-]*(?:\s*\.\s*[a-z0-9_-]+)?)\s*=\s*((?:"(?:\\.|[^"\\])*"?)?[^\s"]*)', re.IGNORECASE | re.DOTALL
)


def parse(value: str) -> tuple[str, list[MethodResult]]:
    """The name of the server that wrote the field, '' where it wrote none, and what it says."""
    pieces = list(_split(value))
    if not pieces:
        return "", []
    first = pieces[0].strip()
    name = "" if _METHOD.match(first) else first.partition(" ")[0].strip('"').lower()
    stated = pieces if _METHOD.match(first) else pieces[1:]
    return name, [found for piece in stated[:MOST] if (found := _result(piece))]


def _split(value: str) -> Iterator[str]:
    """At the semicolons that stand in no quoted string; comments are left out (RFC 5322 section 3.2.2)."""
    piece, depth, quoted, escaped = "", 0, False, False
    for mark in value:
        if escaped or mark == "\\":
            escaped = not escaped
        elif mark == '"' and not depth:
            quoted = not quoted
        elif mark in "()" and not quoted:
            depth = max(0, depth + (1 if mark == "(" else -1))
            mark = " "
        elif mark == ";" and not quoted and not depth:
            yield piece
            piece, mark = "", ""
        piece += "" if depth else mark
    yield piece


def _result(piece: str) -> MethodResult | None:
    method = _METHOD.match(piece)
    if not method:
        return None
    properties: dict[str, str] = {}
    for name, said in _PROPERTY.findall(piece[method.end() :]):
        properties.setdefault("".join(name.split()).lower(), re.sub(r"\\(.)", r"\1", said).replace('"', "").lower())
    return MethodResult(method=method[1].lower(), result=method[2].lower(), properties=properties)
