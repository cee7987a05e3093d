"""What a server's answer means for a message: taken, not now, never, or unknown."""

from __future__ import annotations

import re

from pipeline.errors import (
    DeferredError,
    FirstlineError,
    RejectedError,
    SenderRefusedError,
    TurnedAwayError,
    UncertainError,
    UnreachableError,
)
from pipeline.text.refusals import is_unclear, says_dead, says_us

CLOSING = 421  # it closes the connection and does nothing more (RFC 5321 section 3.8)
CONTENT = "content"  # the stage after DATA or BDAT
_ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")


def agrees(code: int, stage: str) -> bool:
    """`stage`: the command it answers, or CONTENT."""
    return code == 354 if stage == "DATA" else 200 <= code < 300


def refusal(code: int, said: bytes, stage: str, where: str) -> FirstlineError:
    """What became of the message, where the server does not agree."""
    text = f"{words(code, said)} (to {stage})"
    if code == CLOSING:
        return UnreachableError(f"it ended the conversation: {text}", where=where, remedy="wait")
    if 400 <= code < 500 and _means_all(code, text, stage):
        return UnreachableError(f"it takes no mail: {text}", where=where, remedy="ask its operator")
    enhanced = _ENHANCED.search(text)
    status = enhanced[0] if enhanced else ""
    if 400 <= code < 600 and (stage == "MAIL" or says_us(code, status, text)):
        return sender_refused(text, stage, where)
    if 400 <= code < 500:
        return DeferredError(text, where=where, remedy="it is tried again later", unclear=is_unclear(status, text))
    if 500 <= code < 600:
        unknown = stage == "RCPT" and says_dead(status, text)
        remedy, unclear = "what the server says tells why", is_unclear(status, text)
        return RejectedError(text, where=where, remedy=remedy, recipient_unknown=unknown, unclear=unclear)
    return uncertain(f"an answer that means nothing: {text}", where)


def sender_refused(text: str, stage: str, where: str) -> SenderRefusedError:
    """The error for an answer that is about us. To MAIL every refusal is: nobody else has been named."""
    remedy = "ask its operator what it wants of us; what waits goes out by itself then"
    if stage == "MAIL":
        remedy = "set [smtp] bounce_address, or correct it, if it is the envelope sender that it refuses; " + remedy
    return SenderRefusedError(f"it refuses us: {text}", where=where, remedy=remedy)


def uncertain(what: str, where: str) -> UncertainError:
    """The error for a message of which it is unknown whether the server took it; `what` broke the connection."""
    return UncertainError(
        f"the message was on its way when the connection broke: {what}",
        where=where,
        remedy="[smtp] on_uncertain says what becomes of it; sent_folder can prove it",
    )


def turned_away(code: int, said: bytes | str, where: str) -> TurnedAwayError:
    """The server does not want to talk to us (now)."""
    return TurnedAwayError(f"it turns us away: {words(code, said)}", where=where, remedy="ask its operator")


def words(code: int, said: bytes | str) -> str:
    """An answer on one line, short enough for a message."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())[:200]}"


def _means_all(code: int, text: str, stage: str) -> bool:
    """A server that is full or closed says so to every mail: then it is the server that is waited for.

    RFC 3463: 4.3.1 and 4.3.2; RFC 5321: 452, but of a recipient it is that mailbox.
    """
    enhanced = _ENHANCED.search(text)
    return enhanced[1] in ("3.1", "3.2") if enhanced else code == 452 and stage == "MAIL"
