"""Whose fault a refusal is, by its status and its words: in a delivery report, or in a server's own answer."""

from __future__ import annotations

import re

# RFC 3463: no such mailbox, no such host, a null MX (RFC 7505), a mailbox that is disabled.
_DEAD = ("5.1.1", "5.1.2", "5.1.10", "5.2.1")
_DEAD_WORDS = re.compile(
    r"\b(user|recipient|mailbox|address|account)\b.{0,60}\b(unknown|not found|disabled|deleted|inactive)\b"
    r"|\b(unknown|no such|invalid|disabled|inactive|non-?existent) (local )?(user|recipient|mailbox|address|account)\b"
    r"|does not exist|doesn't exist|no mailbox here",
    re.IGNORECASE,
)
_NOT_FOR_EVER = re.compile(
    r"\brate\b|too (many|fast)|temporar|try again|later|timed? ?out|quota|\bfull\b", re.IGNORECASE
)
# Relaying, the sender, a policy, our reputation: the same address may well take mail from somebody else.
_ABOUT_US = re.compile(
    r"\brelay|\bsenders?\b|\breturn path\b|\bpolic(y|ies)\b|\bspam|\bblock(ed|ing|list)?\b|\bblack ?list|\breputation\b"
    r"|\bSPF\b|\bDKIM\b|\bDMARC\b|\bauthenticat|\bdenied\b|\bprohibited\b|\bunauthori[sz]ed\b|\brcpthosts\b|\breverse\b",
    re.IGNORECASE,
)


def says_dead(status: str, said: str) -> bool:
    """Does it say that no mail from anybody will ever arrive there? A full mailbox, a policy or a limit passes.

    `status`: the enhanced status code (RFC 3463), '' without one: then only the words for "no such user" say so, in
    a line that does not speak of us.
    """
    if _NOT_FOR_EVER.search(said):
        return False
    if status:
        return status in _DEAD
    return any(_DEAD_WORDS.search(line) and not _ABOUT_US.search(line) for line in said.splitlines())
