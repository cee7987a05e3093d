"""A small SMTP server in a process of its own: takes everything, keeps nothing, costs little. `python -m bench.sink`

Prints its port. `--delay MS`: waits so long before each group of answers, as a distant server would. `--no-chunking`:
as a server that knows no BDAT.
"""

from __future__ import annotations

import asyncio
import sys

ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 8BITMIME\r\n",
    b"QUIT": b"221 bye\r\n",
    b"DATA": b"354 go on\r\n",
}
GO_ON = b"250 2.0.0 taken\r\n"


class Session(asyncio.Protocol):
    """One connection."""

    delay = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greets."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.held, self.at, self.in_data, self.awaited = transport, b"", 0, False, 0
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answers each command that has come in whole."""
        self.held, self.at = self.held[self.at :] + data, 0
        answers = b""
        while answer := self._step():
            answers += answer
        if answers and self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, answers)
        elif answers:
            self.transport.write(answers)

    def _step(self) -> bytes:
        """The answer to the next whole line or message; nothing when it is not whole yet."""
        if self.awaited:  # the rest of a piece (RFC 3030)
            taken = min(len(self.held) - self.at, self.awaited)
            self.at, self.awaited = self.at + taken, self.awaited - taken
            return b"" if self.awaited else GO_ON
        end = b"\r\n.\r\n" if self.in_data else b"\r\n"
        found = self.held.find(end, self.at)
        if found < 0:
            return b""
        line, self.at = self.held[self.at : min(found, self.at + 100)], found + len(end)
        if self.in_data:
            self.in_data = False
            return GO_ON
        verb = line[:4].upper()
        if verb == b"BDAT":
            self.awaited = int(line.split()[1])
            return self._step()
        self.in_data = verb == b"DATA"
        return ANSWERS.get(verb, GO_ON)


async def main() -> None:
    """Serves until it is killed; prints its port."""
    if "--no-chunking" in sys.argv:
        ANSWERS[b"EHLO"] = ANSWERS[b"EHLO"].replace(b"250-CHUNKING\r\n", b"")
    Session.delay = float(sys.argv[sys.argv.index("--delay") + 1]) / 1000 if "--delay" in sys.argv else 0.0
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
