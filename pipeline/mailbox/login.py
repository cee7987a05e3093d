"""Being let in by an IMAP server: with a password or a token, and saying then what we are."""

from __future__ import annotations

from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from pipeline.errors import UnreachableError
from pipeline.records.bearer import Bearer, answer_to_refusal, mechanism_of

Client = Any  # an IMAPClient, which comes without types
WE = {"name": "Firstline", "vendor": "Firstline", "version": "1"}


def log_in(client: Client, username: str, password: str) -> None:
    """LOGIN takes plain ASCII only; AUTHENTICATE PLAIN takes everything (RFC 4616) but not every server has it."""
    simple = all(text.isascii() and text.isprintable() for text in (username, password))
    if simple and not client.has_capability("LOGINDISABLED"):
        escaped = username.replace("\\", "\\\\").replace('"', '\\"')
        client.login(f'"{escaped}"', password)
    else:
        client.plain_login(username, password)


def log_in_by_token(client: Client, bearer: Bearer, where: str) -> None:
    """AUTHENTICATE with a token. A challenge after it is the reason of a refusal, and is answered (RFC 7628)."""
    mechanism = mechanism_of([name.decode("ascii", "replace").removeprefix("AUTH=") for name in client.capabilities()])
    if not mechanism:
        raise UnreachableError(
            "it offers no log-in with a token (XOAUTH2 or OAUTHBEARER)",
            where=where,
            remedy="take a password instead of oauth2, or have it switched on at the server",
        )
    answers = iter([bearer.said(mechanism)])
    client.sasl_login(mechanism, lambda _challenge: next(answers, answer_to_refusal(mechanism)))


def greet(client: Client) -> None:
    """ID (RFC 2971): some servers open no folder for a client that has not said what it is (163.com, 126.com)."""
    if not client.has_capability("ID"):
        return
    try:
        client.id_(WE)
    except IMAPClientAbortError:
        raise
    except (IMAPClientError, ValueError, LookupError, TypeError):  # whatever it says to that, it has let us in
        return
