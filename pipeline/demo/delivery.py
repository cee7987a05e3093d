"""A delivery as the embedded SMTP server sees it: what it has taken, and what it is told to do at each stage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

ACCEPT = ""  # what a behaviour returns to let the server go on
DROP = "drop"  # what a behaviour returns to have the connection cut
Behaviour = Callable[[str, str], str | Awaitable[str]]
"""Asked at every stage of a delivery with (stage, argument): EHLO and the name, AUTH and the user, MAIL and the sender,
RCPT and the recipient, DATA and "", CONTENT and the message. Returns ACCEPT, DROP or a reply like "451 4.3.0 later"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A message that the SMTP server has taken."""

    sender: str  # of the envelope, '' is the null path <>
    recipients: tuple[str, ...]
    data: bytes
    options: tuple[str, ...]  # of MAIL, without SIZE
    encrypted: bool
    user: str  # who was logged in, ''
    connection: int  # which connection it came over, counted from 1
