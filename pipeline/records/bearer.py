"""A log-in with an access token, in the words of the two SASL mechanisms that mail servers know.

XOAUTH2 is Google's and Microsoft's, OAUTHBEARER is RFC 7628. A server that refuses first says why in a challenge, which
must be answered before it ends the log-in.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")  # the first that is offered is taken


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Bearer:
    """Who logs in where, and with what."""

    username: str
    token: str
    host: str
    port: int

    def said(self, mechanism: str) -> str:
        """All of it at once, not yet in base 64."""
        if mechanism == "XOAUTH2":
            return f"user={self.username}\x01auth=Bearer {self.token}\x01\x01"
        name = self.username.replace("=", "=3D").replace(",", "=2C")
        return f"n,a={name},\x01host={self.host}\x01port={self.port}\x01auth=Bearer {self.token}\x01\x01"


def answer_to_refusal(mechanism: str) -> str:
    """What the server waits for after it has said why it refuses."""
    return "" if mechanism == "XOAUTH2" else "\x01"


def mechanism_of(offered: Container[str]) -> str:
    """The one to use of those that a server offers, '' when there is none."""
    return next((one for one in MECHANISMS if one in offered), "")
