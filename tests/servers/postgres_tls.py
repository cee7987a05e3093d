"""TLS before a PostgreSQL that was built without it, as a pooler or a load balancer speaks it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from pathlib import Path

from pipeline.demo.servers import HOST, LoopThread

SSL_REQUEST = (8).to_bytes(4) + (80877103).to_bytes(4)  # the protocol's SSLRequest; the answer is S or N


class PostgresTls(LoopThread):
    """Talks to the server's socket."""

    def __init__(self, socket: Path, tls: ssl.SSLContext) -> None:
        super().__init__()
        self.socket = socket
        self.tls = tls  # for the next connection

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, HOST, 0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines.add(writer.transport)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(len(SSL_REQUEST)) == SSL_REQUEST:
                writer.write(b"S")
                await writer.start_tls(self.tls)
                inner, outer = await asyncio.open_unix_connection(str(self.socket))
                await asyncio.gather(_pump(reader, outer), _pump(inner, writer))
        writer.close()

    def cut(self) -> None:
        """Breaks off every connection that is there now."""
        self.run(self._cut())

    async def _cut(self) -> None:
        for line in [*self.lines]:
            line.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()
