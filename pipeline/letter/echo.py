"""What a letter may repeat of what a stranger wrote: a subject without links, a name that is one."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"\b[a-z][a-z0-9+.\-]{1,20}:/+|\bwww\d?[.。．｡]", re.IGNORECASE)
_DOT = re.compile(r"(?<=\w)[.。．｡](?=[^\W\d_]{2,})")  # as in evil.example
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # turn the direction of what follows
_NAME = re.compile(r"[^\W\d_][\w .,'’\-]{0,58}")


def without_links(subject: str) -> str:
    """One line in which nothing can be clicked on, also where a mail program makes links of plain text by itself."""
    subject = _SCHEME.sub("", _TURNING.sub("", subject))
    return " ".join(_DOT.sub(" .", subject).split())


def sensible_name(name: str) -> str:
    """A display name that can be greeted; '' for addresses, advertising and everything else that is no name."""
    name = " ".join(name.split())
    looks_like_one = _NAME.fullmatch(name) and not re.search(r"\d|www\.|\.\w{2,}\b|_", name)
    return name if looks_like_one else ""
