"""What every answer carries, how much a visitor may send, and how often: before any page sees a request."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.clock import Clock
from pipeline.config.values import Rate

LARGEST_BODY = 200_000  # bytes
MOST_CLIENTS = 10_000  # remembered at once; the one that was silent longest is forgotten first

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the links in the address bar are keys
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # unless the page says otherwise
}


class Guarded:
    """Adds the headers to every answer, refuses a body that is too large, however it is sent, and catches every error.

    `on_error` makes the answer to what no page has caught; `largest` says how much a request may bring, where somebody
    may bring more than others. It is asked only of bodies that are larger than usual.
    """

    def __init__(
        self,
        app: ASGIApp,
        on_error: Callable[[Request, Exception], Response],
        largest: Callable[[Request], int] = lambda _request: LARGEST_BODY,
    ) -> None:
        self.app, self.on_error, self.largest = app, on_error, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            whole = await self._whole_body(Request(scope), receive)
        except ClientDisconnect:  # what came is half of something: nobody may act on it
            return
        if whole is None:
            await PlainTextResponse("too large\n", 413)(scope, receive, sending)
            return
        try:
            await self.app(scope, _once(whole, receive), sending)
        except Exception as error:  # a store that is away, or a bug: a small page instead of a broken connection
            answer = self.on_error(Request(scope), error)
            if not begun:
                await answer(scope, receive, sending)

    async def _whole_body(self, request: Request, receive: Receive) -> bytes | None:
        """The body, None when it is too large. What is counted is what comes, whatever Content-Length says.

        Raises ClientDisconnect when the visitor has gone in the middle of it.
        """
        pieces, size, most = [], 0, LARGEST_BODY
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            pieces.append(bytes(message.get("body", b"")))
            size += len(pieces[-1])
            if size > most:
                most = await run_in_threadpool(self.largest, request)
                if size > most:
                    return None
            if not message.get("more_body"):
                return b"".join(pieces)


def _once(body: bytes, receive: Receive) -> Receive:
    """Hands the body over, and then whatever else comes (that the visitor has gone)."""
    waiting = [body]

    async def receiving() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return receiving


@dataclass
class Limiter:
    """So many times in each window for one visitor. Used by many threads."""

    rate: Rate
    clock: Clock
    _seen: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admits(self, client: str) -> bool:
        """Counts this time too."""
        if not self.rate.count:
            return True
        now = self.clock.now()
        with self._lock:
            since, count = self._seen.pop(client, (now, 0))
            if now - since >= self.rate.window:
                since, count = now, 0
            self._seen[client] = (since, count + 1)
            if len(self._seen) > MOST_CLIENTS:
                self._seen.popitem(last=False)
        return count < self.rate.count


def visitor(host: str) -> str:
    """Whom an address belongs to: with IPv6 everybody has a whole /64."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
