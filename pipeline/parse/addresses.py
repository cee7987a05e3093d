"""Addresses out of From, To and the like, whatever stands there: names in quotes or not, groups, comments …

Written by hand: the standard library's parser raises on nested comments and is quadratic on quotation marks. This one
runs once over the value and gives only what mail could really be sent to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.parse.headers import VALUE, one_line, words
from pipeline.records.mail import Address
from pipeline.text.clean import UNSEEN

LONGEST = 320  # RFC 3696 erratum 1690 says 254; some are longer and work

_SIMPLE = re.compile(r'\s*(?:"([^"\\]*)"|([^"\\<>(),:;@]*?))\s*<([^\s<>()",:;@\\]+@[^\s<>()",:;@\\\[\]]+)>\s*')
_BARE = re.compile(r"\s*([^\s<>()\",:;@\\\[\]]+@[^\s<>()\",:;@\\\[\]]+)\s*")
_PLAIN = r"[^\s<>()\",:;@\\\[\]']"  # each bounded where it is used: an unbounded run would be quadratic
_LOCAL = r'(?:"(?:[^"\\\x00-\x1f]|\\.){1,64}"|[^\s<>()",:;@\\\[\]]+)'
_USABLE = re.compile(rf"{_LOCAL}@(?:[^\s<>()\",:;@\\\[\]]+|\[[0-9A-Za-z.:]{{2,60}}\])")
_SOMEWHERE = re.compile(rf"{_PLAIN}{{1,64}}@{_PLAIN}{{1,255}}\.{_PLAIN}{{2,63}}")


def read(value: str, limit: int = 1) -> list[Address]:
    """Usable addresses of an address field (RFC 5322 section 3.4), the first `limit` of them."""
    value = " ".join(value[: max(VALUE, 100 * limit)].split())
    simple = (_SIMPLE.fullmatch(value) or _BARE.fullmatch(value)) if len(value) < 500 else None
    if simple:
        quoted, plain, spec = simple.groups() if simple.re is _SIMPLE else ("", "", simple[1])
        found = _address(quoted or plain or "", spec)
        return [found] if found else []
    found_all: list[Address] = []
    for piece in _pieces(value):
        if found := _from_piece(piece):
            found_all.append(found)
            if len(found_all) >= limit:
                break
    last_resort = _loose(words(value[:VALUE]), "") if not found_all else None
    return [last_resort] if last_resort else found_all


def _from_piece(piece: _Piece) -> Address | None:
    name = piece.name.strip()
    if piece.angle:
        angle = re.sub(r"\([^()]*\)", "", piece.angle).replace(" ", "")
        return _address(name or piece.comment, angle) or _loose(piece.angle, name)
    return _address(piece.comment, re.sub(r" ?([@.]) ?", r"\1", name)) or _loose(words(name), "")


def _loose(text: str, name: str) -> Address | None:
    """Something like an address somewhere in a text: a missing bracket, a whole field in one encoded word."""
    found = _SOMEWHERE.search(text[:VALUE])
    if not found:
        return None
    return _address(name or text[: found.start()].strip(" <\"'"), found[0])


def _address(name: str, spec: str) -> Address | None:
    if ":" in spec and spec.startswith("@"):  # a source route, RFC 5322 section 4.4
        spec = spec.partition(":")[2]
    spec = spec.strip() if spec.isprintable() else UNSEEN.sub("", spec).strip()
    if len(spec) > LONGEST or not _USABLE.fullmatch(spec):
        return None
    return Address(email=spec, name=one_line(words(name)).strip("\"' ")[:200].rstrip())


@dataclass(slots=True)
class _Piece:
    name: str = ""
    angle: str = ""
    comment: str = ""


def _pieces(value: str) -> Iterator[_Piece]:
    """Cuts an address list at commas and semicolons, once over it; group names are dropped (`Team: a@b, c@d;`)."""
    piece, depth = _Piece(), 0
    for mark in _marks(value):
        if mark == "(" or depth:
            depth += (mark == "(") - (mark == ")")
            piece.comment += mark if mark not in "()" else ""
        elif mark in (",", ";"):
            yield piece
            piece = _Piece()
        elif mark == ":":
            piece = _Piece()
        elif len(mark) > 1 and mark[0] == "<":
            piece.angle = piece.angle or mark.strip("<> ")
        elif len(mark) > 1 and mark[0] == mark[-1] == '"':
            piece.name += re.sub(r"\\(.)", r"\1", mark[1:-1])
        elif mark not in '<>"':
            piece.name += mark
    yield piece


_MARK = re.compile(
    r'"(?:[^"\\]|\\.)*"(?!@)|"(?:[^"\\]|\\.)*"@[^\s,;<>]*|<[^<>]*>|\\.|[(),;:<>"]|[^"<>(),;:\\]+|\\', re.DOTALL
)
_UNQUOTED = re.compile(r'<[^<>]*>|\\.|[(),;:<>"]|[^"<>(),;:\\]+|\\', re.DOTALL)


def _marks(value: str) -> list[str]:
    """Quoted strings, <…>, separators and the rest. Quotation marks that don't pair mean nothing."""
    paired = value.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0
    return (_MARK if paired else _UNQUOTED).findall(value)
