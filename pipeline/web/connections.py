"""Connections of visitors: how many there may be, and for how long one may say nothing, or be slow.

Whoever opens connections and leaves them open must not keep others out. So a connection that waits for its visitor is
given up as soon as another one needs its place: first one of the same visitor, else one of whoever has the most.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import defaultdict
from functools import partial
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.web.protection import HEADERS, visitor

MOST = 400  # at once
MOST_EACH = 40  # of one visitor: a browser opens six
HEAD_TIME = 10.0  # seconds for the head of a request, from the first moment on
WHOLE_TIME = 60.0  # seconds for a whole request and its answer


class Crowd:
    """Who is there. `proxy`: addresses and networks of ours, each of which speaks for many visitors."""

    def __init__(self, proxy: str, most: int = MOST, most_each: int = MOST_EACH) -> None:
        self.most, self.most_each = most, most_each
        self._anybody = "*" in proxy
        self._proxies = [_network(one) for one in proxy.replace("*", "").split(",") if one.strip()]
        self._there: dict[str, dict[VisitorProtocol, None]] = defaultdict(dict)  # in the order in which they came

    def admits(self, one: VisitorProtocol, host: str) -> bool:
        """Has it a place? Another one may lose its own."""
        who = visitor(host)
        if len(self._there[who]) >= self.most_each and not self._is_proxy(host) and not self._clear(who):
            return False
        if sum(map(len, self._there.values())) >= self.most and not self._clear(self._largest()):
            return False
        self._there[who][one] = None
        return True

    def leave(self, one: VisitorProtocol, host: str) -> None:
        """Its place is free."""
        who = visitor(host)
        self._there[who].pop(one, None)
        if not self._there[who]:
            del self._there[who]

    def _largest(self) -> str:
        """Who has most of those that only wait."""
        return max(self._there, key=lambda who: sum(one.is_waiting for one in self._there[who]))

    def _clear(self, who: str) -> bool:
        """Gives up the connection of a visitor that waits longest for them."""
        waiting = next((one for one in self._there[who] if one.is_waiting), None)
        if waiting is None:
            return False
        del self._there[who][waiting]
        waiting.give_up()
        return True

    def _is_proxy(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return self._anybody
        return self._anybody or any(network and address in network for network in self._proxies)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:  # a name: the server beneath compares it as text, and it is no address
        return None


class VisitorProtocol(H11Protocol):
    """One connection, with its limits; what the server answers by itself carries the headers of all answers."""

    def __init__(self, *words: Any, crowd: Crowd, **settings: Any) -> None:
        super().__init__(*words, **settings)
        self.crowd = crowd
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def is_waiting(self) -> bool:
        """Is it the visitor's turn: with a request, or the rest of one?"""
        return self._is_idle or bool(self.cycle.more_body)

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)

    def give_up(self) -> None:
        """Closes it at once."""
        self._closed = True
        self._stop_timer()
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes a place, or says that there is none."""
        super().connection_made(transport)
        if self.crowd.admits(self, self._host):
            self._give(HEAD_TIME)
        else:
            self._closed = True
            self.transport.write(_answer(503, b"Service Unavailable", b"busy\n", (b"Retry-After", b"5")))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives its place free."""
        self._stop_timer()
        self.crowd.leave(self, self._host)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """The clock runs from the first byte of a request on."""
        if self._closed:
            return
        if self._is_idle and self._timer is None:  # the next request on the same connection begins
            self._give(HEAD_TIME)
        before = self.cycle
        super().data_received(data)
        self._watch(before)

    def on_response_complete(self) -> None:
        """It has all been said; the visitor may ask for more."""
        self._stop_timer()
        before = self.cycle
        super().on_response_complete()
        self._watch(before)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP: said once, and that is all."""
        if self._is_idle:
            self.transport.write(_answer(400, b"Bad Request", msg.encode("ascii", "replace")))
        self.transport.close()

    @property
    def _host(self) -> str:
        return self.client[0] if self.client else ""

    def _watch(self, before: object) -> None:
        if self.cycle is not before and not self._is_idle:
            self._give(WHOLE_TIME)

    def _give(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self.give_up)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def protocol_for(proxy: str) -> Any:
    """What makes the connections of one server."""
    return partial(VisitorProtocol, crowd=Crowd(proxy))


def _answer(status: int, reason: bytes, body: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """Written without the server's state, which may be in the middle of something."""
    headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    headers += [(b"Content-Type", b"text/plain; charset=utf-8"), (b"Content-Length", str(len(body)).encode())]
    lines = [b"%s: %s" % pair for pair in (*headers, *more, (b"Connection", b"close"))]
    return b"\r\n".join([b"HTTP/1.1 %d %s" % (status, reason), *lines, b"", body])
