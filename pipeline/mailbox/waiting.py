"""IDLE (RFC 2177): the server tells at once when something changes."""

from __future__ import annotations

import selectors
import ssl
import threading
import time
from collections.abc import Sequence

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from pipeline.mailbox.connection import Client

INTERRUPT_LATENCY = 0.25  # seconds until an interruption is noticed


class IdleRefusedError(Exception):
    """The server announces IDLE and does not do it."""


class IdleDisturbedError(Exception):
    """News came where the server's go-ahead was expected. IMAPClient can't carry on from that, a new connection can."""


def idle(client: Client, seconds: float, interrupted: threading.Event) -> bool:
    """One IDLE, ended as soon as the server says anything at all: is there more mail?"""
    _begin(client)
    ready = _has_unread(client)
    end = time.monotonic() + seconds
    while not ready and not interrupted.is_set() and (left := end - time.monotonic()) > 0:
        ready = _is_readable(client, min(left, INTERRUPT_LATENCY))
    # Reading is left to this: idle_check() can't tell a closed connection from a quiet one, nor take half a line.
    _, said = client.idle_done()
    return any(_is_news(response) for response in said)


def _begin(client: Client) -> None:
    try:
        client.idle()
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        if "b'* " in str(error):
            raise IdleDisturbedError from error
        raise IdleRefusedError from error


def _is_news(response: Sequence[object]) -> bool:
    """Does this say that there are more messages? (4, b"EXISTS"), (1, b"RECENT")"""
    kind = response[1] if len(response) > 1 else b""
    return kind == b"EXISTS" or (kind == b"RECENT" and response[0] != 0)


def _has_unread(client: Client) -> bool:
    """Has imaplib already read more than it has given out? Then the socket stays silent about news that are there.

    Neither imaplib nor IMAPClient tells, so this looks inside. It must: some servers send the go-ahead and the first
    news in one piece.
    """
    imap, line = client._imap, client.socket()
    if getattr(imap, "_readbuf", None) or (isinstance(line, ssl.SSLSocket) and line.pending()):
        return True  # imaplib's own buffer, from Python 3.14 on; or what TLS has decrypted
    reader = vars(imap).get("file")
    if reader is None:
        return False
    patience = line.gettimeout()
    line.setblocking(False)
    try:
        return bool(reader.peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        line.settimeout(patience)


def _is_readable(client: Client, seconds: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(client.socket(), selectors.EVENT_READ)
        return bool(selector.select(seconds))
