"""The page on this machine to which a browser is sent back after signing in (RFC 8252 section 7.3)."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from pipeline.errors import UsageError, readable

HOST = "127.0.0.1"
PATIENCE = 10.0  # seconds for one request


@dataclass(frozen=True, kw_only=True, repr=False)
class BrowserAnswer:
    """What the browser brought back: a code, or why there is none."""

    code: str
    error: str


class LoopbackPage:
    """Listens from the beginning of the block to its end. Raises UsageError where the port is taken."""

    def __init__(self, port: int) -> None:
        self._answer: BrowserAnswer | None = None
        self._state = ""
        try:
            self._server = HTTPServer((HOST, port), self._handler())
        except OSError as error:
            raise UsageError(f"port {port} can't be had: {error.strerror}", remedy="name another --port") from error

    @property
    def url(self) -> str:
        """Where the browser is to come back to."""
        return f"http://localhost:{self._server.server_port}/"

    def wait_for(self, state: str, seconds: float) -> BrowserAnswer | None:
        """The answer that bears this state; whatever else comes is not for us. None after so many seconds."""
        self._state = state
        until = time.monotonic() + seconds
        while self._answer is None and (left := until - time.monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
        return self._answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def _take(self, query: str) -> str:
        """What the page says."""
        told = {name: values[0] for name, values in parse_qs(query).items()}
        if not hmac.compare_digest(told.get("state", "").encode(), self._state.encode()):
            return "This is not the answer that firstline waits for."
        self._answer = BrowserAnswer(code=told.get("code", ""), error=readable(told.get("error", "nothing"))[:100])
        return "You can close this page: firstline goes on." if self._answer.code else "No access was given."

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        page = self

        class _Answering(BaseHTTPRequestHandler):
            timeout = PATIENCE

            def do_GET(self) -> None:
                told = page._take(urlsplit(self.path).query).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: object) -> None:  # the code stands in the address
                """Says nothing."""

        return _Answering
