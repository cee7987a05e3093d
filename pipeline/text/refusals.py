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
    r"\brelay(?! recipient table)"
    r"|\bsenders?\b|\breturn path\b|\bpolic(y|ies)\b|\bspam|\bblock(ed|ing|list)?\b|\bblack ?list|\breputation\b"
    r"|\bSPF\b|\bDKIM\b|\bDMARC\b|\bauthenticat|\bdenied\b|\bprohibited\b|\bunauthori[sz]ed\b|\brcpthosts\b|\breverse\b",
    re.IGNORECASE,
)


# RFC 3463: the sender's address; a mail system that is full, closed or wrongly set up; and security and policy.
_US = re.compile(r"5\.(1\.[78]|3\.[125]|7\.\d+)$")
_LOG_IN_FIRST = (530, 534, 535, 538)  # RFC 4954 section 6
_LIMIT = re.compile(
    r"\brate\b|\btoo (many|fast)\b|\bthrottl|send ?as|\bnot verified\b|\bsending\b.{0,20}\bsuspended\b"
    r"|\b(sending|sent|daily|hourly|monthly|outbound|outgoing|message|recipient)s? (\w+ )?(quota|limit|allowance)",
    re.IGNORECASE,
)
# RFC 5530 section 3, RFC 9738, or in words.
_NO_ROOM = re.compile(
    r"\[(UNAVAILABLE|LIMIT|INUSE|SERVERBUG)\b|too many|maximum number of|rate limit|try (it )?again|temporar",
    re.IGNORECASE,
)
# Servers that know nobody let us wait on purpose: this one letter, for some minutes.
_GREY = re.compile(r"gr[ea]y", re.IGNORECASE)
_CHANGING = re.compile(r"<[^>]*>|\S*[@\d]\S*")


def says_us(code: int, status: str, said: str) -> bool:
    """Is a refusal about whoever sends (a right, a quota, a rate, a policy), and so for every letter?

    `code`: of SMTP; `status`: the enhanced one, '' without one. A status that names a mailbox decides by itself. With
    "not now" only the words tell: 4.7.1 is what greylisting says, too.
    """
    if code < 500:
        return bool(_ABOUT_US.search(said) or _LIMIT.search(said)) and not _GREY.search(said)
    if code in _LOG_IN_FIRST or _US.match(status):
        return True
    if status in _DEAD or status == "5.2.2":
        return False
    if not status and says_dead(status, said):
        return False
    return bool(_ABOUT_US.search(said) or _LIMIT.search(said))


def says_no_room(said: str) -> bool:
    """Is a log-in refused only for now? The password may well be right."""
    return bool(_NO_ROOM.search(said))


def is_unclear(status: str, said: str) -> bool:
    """May it be said of every letter, though it does not say so? A status about the address or its mailbox is clear."""
    return not re.match(r"5\.[12]\.|4\.2\.", status) and not _GREY.search(said)


def alike(said: str) -> str:
    """The words of a refusal without what changes from letter to letter: addresses, numbers, marks of the session."""
    return " ".join(_CHANGING.sub("#", said).lower().split())


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
