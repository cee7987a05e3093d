"""The app on its socket: for `firstline web`, and as one more thread of `firstline run`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from pipeline import logs
from pipeline.errors import ConfigError
from pipeline.web.app import make_app
from pipeline.web.connections import protocol_for
from pipeline.wiring.live_doors import LiveDoors

_LOOK = 0.5  # seconds between looks at the stop flag
_GRACE = 5  # seconds for what is being answered when we stop


class PageServer:
    """Listens from the start on, so that a port that is taken is known before anything else begins."""

    def __init__(self, doors: LiveDoors) -> None:
        """Raises ConfigError when the address can't be listened on."""
        self._doors = doors
        web, app = doors.config.web, make_app(doors)
        self._socket = _listening(web.host, web.port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,  # addresses and links are nobody's business
                server_header=False,
                proxy_headers=bool(web.proxy),
                forwarded_allow_ips=web.proxy or None,
                timeout_graceful_shutdown=_GRACE,
                http=protocol_for(web.proxy),
                ws="none",  # there are no web sockets, and their answers would go past our headers
                lifespan="off",
            )
        )

    def serve(self, stopped: Callable[[], bool]) -> None:
        """Until `stopped` says so."""
        logs.get("web").info("serving", listen=f"{self.host}:{self.port}")
        asyncio.run(self._until(stopped))

    def close(self) -> None:
        """Gives the port free."""
        self._socket.close()

    async def _until(self, stopped: Callable[[], bool]) -> None:
        serving = asyncio.create_task(self._uvicorn.serve(sockets=[self._socket]))
        while not stopped() and not serving.done():
            await asyncio.sleep(_LOOK)
            await asyncio.to_thread(self._doors.take_up_settings)
        self._uvicorn.should_exit = True
        await serving


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # whoever comes before we serve waits a moment, and is not sent away
    except OSError as error:
        listening.close()
        raise ConfigError(
            f"{host}:{port} can't be listened on: {error.strerror or error}",
            where="config.toml, web.listen",
            remedy="choose a free port, or stop what uses this one",
        ) from error
    return listening
