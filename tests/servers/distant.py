"""A server that is far away: a TCP proxy that lets everything through, each way half a round trip later.

In a process of its own, so that what it costs is not the time of who is measured: `python -m tests.servers.distant
PORT --round-trip MS` prints the port that it listens at; PORT may be the path of a Unix socket. For IMAP, SMTP and
PostgreSQL alike: it knows none of them.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"
MOST_ON_ITS_WAY = 1 << 24  # bytes: then the reader waits, as the window of a real connection would have it


@contextmanager
def distant(port: int | str, round_trip: float) -> Iterator[int]:
    """The port at which the server at `port` answers so many milliseconds later."""
    with proxy(port, round_trip) as (_process, found):
        yield found


@contextmanager
def proxy(port: int | str, round_trip: float = 0.0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The same, with its process: stopped by a signal, it is a network that has forgotten everybody."""
    words = [sys.executable, "-m", "tests.servers.distant", str(port), "--round-trip", str(round_trip)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:  # or what failed meanwhile would wait for it for ever
            process.kill()


class End(asyncio.Protocol):
    """One side of a connection; what it hears is told to the other side later."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.other: End | None = None
        self.transport: asyncio.Transport | None = None
        self._heard: deque[bytes] = deque()  # b"": it has ended
        self._on_its_way = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Each word goes at once."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Passed on later, in the same order."""
        self._heard.append(data)
        self._on_its_way += len(data)
        if self._on_its_way > MOST_ON_ITS_WAY and self.transport:
            self.transport.pause_reading()
        asyncio.get_running_loop().call_later(self.delay, self._pass_on)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side hears of it as late as of everything else."""
        self._heard.append(b"")
        asyncio.get_running_loop().call_later(self.delay, self._pass_on)

    def tell(self, data: bytes) -> None:
        """What the other side said."""
        if self.transport is None or self.transport.is_closing():
            return
        if data:
            self.transport.write(data)
        else:
            self.transport.close()

    def _pass_on(self) -> None:
        data = self._heard.popleft()
        self._on_its_way -= len(data)
        if self.other:
            self.other.tell(data)
        if self._on_its_way <= MOST_ON_ITS_WAY and self.transport and not self.transport.is_closing():
            self.transport.resume_reading()


class Client(End):
    """Who connects to us. The server behind hears of it when a greeting of the two systems would be over."""

    def __init__(self, delay: float, port: str) -> None:
        super().__init__(delay)
        self._port = port
        self._opening: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing is read until there is somebody to tell it to."""
        super().connection_made(transport)
        if self.transport:
            self.transport.pause_reading()
        self._opening = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        # TCP's own greeting takes a round trip, and its last word comes half a one later: what the client says at once
        # is read by us now, and heard half a round trip later.
        await asyncio.sleep(2 * self.delay)
        server = End(self.delay)
        server.other = self
        try:
            loop = asyncio.get_running_loop()
            if self._port.isdigit():
                await loop.create_connection(lambda: server, HOST, int(self._port))
            else:
                await loop.create_unix_connection(lambda: server, self._port)
        except OSError:  # the server is away, so are we
            self.tell(b"")
            return
        self.other = server
        if self.transport and not self.transport.is_closing():
            self.transport.resume_reading()
        else:
            server.tell(b"")


async def serve(port: str, round_trip: float) -> None:
    """Until it is killed; prints its port. `round_trip`: in seconds."""
    server = await asyncio.get_running_loop().create_server(lambda: Client(round_trip / 2, port), HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("port")
    words.add_argument("--round-trip", type=float, default=20.0, metavar="MS")
    given = words.parse_args()
    asyncio.run(serve(given.port, given.round_trip / 1000))
