"""Addresses of machines: IPv4 (RFC 791), IPv6 (RFC 4291 section 2.2) and MAC (IEEE 802). They lead to a household."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

from pipeline.text.redaction.rules import Hints, Replacing

_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
# Four numbers are an address unless it is said that they are a version.
_IPV4 = re.compile(rf"(?<![\w.])(?:{_BYTE}\.){{3}}{_BYTE}(?:/\d{{1,2}})?(?![\w-]|\.\d)")
_VERSION = re.compile(
    r"(?:v|ver\.?|versi\w{1,4}|firmware\w{0,2}|release|build|update|driver|treiber|ios|android)[ :]{1,2}$", re.I
)
_IPV6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:/\d{1,3})?(?![\w:])", re.I
)
_MAC = re.compile(r"(?<![\w:-])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])", re.I)
_DOTTED_MAC = re.compile(r"(?<![\w.])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?![\w.])", re.I)


def _network(text: str) -> str:
    text = _MAC.sub("<ip>", text)
    text = _DOTTED_MAC.sub(_dotted, text)
    text = _IPV6.sub(_ipv6, text)
    return _IPV4.sub(_ipv4, text)


def _dotted(match: re.Match[str]) -> str:
    """Three groups of digits alone are a number of some other kind."""
    return match[0] if match[0].replace(".", "").isdecimal() else "<ip>"


def _ipv6(match: re.Match[str]) -> str:
    bare = match[0].partition("/")[0]
    try:
        IPv6Address(bare)
    except AddressValueError:
        return match[0]
    return "<ip>" if len(bare) > 3 else match[0]


def _ipv4(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 20) : match.start()]
    return match[0] if _VERSION.search(before) else "<ip>"


# Two marks of one kind with what may stand between them.
_MAY = re.compile(r"\.[0-9a-f]{1,4}\.|:[0-9a-f]{0,4}:|-[0-9a-f]{2}-", re.IGNORECASE)


def _may_be(hints: Hints) -> bool:
    return _MAY.search(hints.text) is not None


RULES: tuple[Replacing, ...] = (Replacing(_network, may=_may_be, digit=True),)
