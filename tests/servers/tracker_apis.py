"""The mechanics of small real HTTP servers that hold what they are sent against declared shapes, and fail on request.

Each tracker's subset stands in `tracker_kinds`: operations with their shapes, written as OpenAPI would, by us. Whatever
is not declared (a path, a key of a body, a query) is refused.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Shape = Mapping[str, Any]
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def mistakes(value: Any, shape: Shape, where: str = "body") -> list[str]:
    """How a value departs from its shape."""
    if not isinstance(value, TYPES[shape["type"]]) or (shape["type"] == "integer" and isinstance(value, bool)):
        return [f"{where} is no {shape['type']}"]
    found = []
    if "enum" in shape and value not in shape["enum"]:
        found.append(f"{where} is none of {shape['enum']}")
    match value:
        case str() if len(value) > shape.get("maxLength", 10**9) or "\0" in value:
            found.append(f"{where} is too long, or holds a zero byte")
        case list():
            for one in value:
                found += mistakes(one, shape["items"], f"{where}[]")
        case dict():
            found += _mistakes_inside(value, shape, where)
    return found


def _mistakes_inside(value: Mapping[str, Any], shape: Shape, where: str) -> list[str]:
    known = shape.get("properties", {})
    found = [f"{where}.{name} is missing" for name in shape.get("required", ()) if name not in value]
    for name, one in value.items():
        if name in known:
            found += mistakes(one, known[name], f"{where}.{name}")
        elif not shape.get("additionalProperties", False):
            found.append(f"{where}.{name} is unknown")
    return found


@dataclass(frozen=True)
class Asked:
    """One request, understood."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any  # of JSON, else the bytes
    raw: bytes


@dataclass(frozen=True)
class Told:
    """One answer."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """An answer that ends the work on a request."""

    def __init__(self, status: int, *words: str) -> None:
        super().__init__(*words)
        self.status, self.words = status, words


@dataclass(frozen=True)
class Operation:
    """What may be asked: OpenAPI's `GET /a/{id}`, its query, its body, the kind of body, and who answers."""

    answer: Callable[..., Told]
    query: tuple[str, ...] = ()
    body: Shape | None = None
    content_type: str = "application/json"


class Api:
    """One tracker."""

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self.filters = True  # else its searches find everything, as where a filter is unknown
        self.harmed: list[str] = []  # what a hostile text has set off
        self.about: dict[str, Told] = {}  # what is asked below such a path is answered so
        self.always: dict[str, str] = {}  # "read" or "write" → how it fails each time
        self._faults: deque[tuple[str, str]] = deque()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        self._server.daemon_threads = True
        self.over = threading.Event()  # ends what hangs
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def fail(self, method: str, how: str) -> None:
        """The next request of this kind ("read" or "write") fails so: see `_Handler`."""
        self._faults.append((method, how))

    def next_fault(self, method: str) -> str:
        kind = "read" if method == "GET" else "write"
        with self._lock:
            if self._faults and self._faults[0][0] == kind:
                return self._faults.popleft()[1]
        return self.always.get(kind, "")

    def answer(self, asked: Asked) -> Told:
        with self._lock:
            self.log.append(asked)
            try:
                self.authorise(asked.headers)
                for path, told in self.about.items():
                    if asked.path.startswith(path):
                        return told
                return self._dispatch(asked)
            except RefusedError as error:
                return Told(error.status, self.complaint(error.status, list(error.words)))

    def _dispatch(self, asked: Asked) -> Told:
        for declared, operation in self.declared().items():
            method, _, template = declared.partition(" ")
            pattern = re.sub(r"\{\w+\}", "([^/]+)", template)
            match = re.fullmatch(pattern, asked.path)
            if match and method == asked.method:
                self._hold_against(asked, operation)
                return operation.answer(asked, *(unquote(part) for part in match.groups()))
        raise RefusedError(404, "Not Found")

    def _hold_against(self, asked: Asked, operation: Operation) -> None:
        unknown = [name for name in asked.query if name not in operation.query]
        if unknown:
            raise RefusedError(400, f"unknown query {', '.join(unknown)}")
        if asked.method not in ("GET", "DELETE") and not asked.headers.get("content-type", "").startswith(
            operation.content_type
        ):
            raise RefusedError(415, f"{operation.content_type} is wanted")
        if operation.body is not None and (found := mistakes(asked.body, operation.body)):
            raise RefusedError(422, *found)

    # --- of each kind -------------------------------------------------------------------------------------------------

    def declared(self) -> dict[str, Operation]:
        raise NotImplementedError

    def authorise(self, headers: Mapping[str, str]) -> None:
        """Raises RefusedError(401)."""
        raise NotImplementedError

    def complaint(self, status: int, words: list[str]) -> Any:
        """An error as this tracker words it."""
        return {"message": "; ".join(words)}

    def limit(self) -> Told:
        """Wants to be left alone for 7 seconds."""
        return Told(429, {"message": "slow down"}, {"Retry-After": "7"})


class _Handler(BaseHTTPRequestHandler):
    """Faults: limit; 500-before and 500-after (it was done); 503; full; hang; reset-before and reset-after (the
    connection ends after the whole request was read, and done); garbage (no JSON); misshapen (JSON of another shape);
    huge; elsewhere (a redirect to another host)."""

    api: Api
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body of every answer are 40 ms apart

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # a connection that was reset can't be ended politely
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def _serve(self) -> None:
        asked = self._read()
        fault = self.api.next_fault(self.command)
        if fault == "hang":
            self.api.over.wait(3600)
            self.close_connection = True
            return
        if fault == "reset-before":
            self._reset()
            return
        early = {
            "limit": self.api.limit(),
            "503": Told(503, {"message": "down for maintenance"}, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}),
            "full": Told(507, {"message": "no space left on device"}),
            "500-before": Told(500, {"message": "it broke"}),
            "elsewhere": Told(302, None, {"Location": "https://evil.example.net/login"}),
        }
        told = early.get(fault) or self.api.answer(asked)
        match fault:
            case "reset-after":
                self._reset()
            case "500-after":
                self._write(Told(500, {"message": "it broke afterwards"}))
            case "garbage":
                self._write_raw(200, b"<html>Welcome to the login page</html>", {})
            case "misshapen":
                self._write(Told(200, {"surprise": [1, 2, 3]}))
            case "huge":
                self._write_raw(200, b'"' + b"x" * 3_000_000 + b'"', {})
            case _:
                self._write(told)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def _read(self) -> Asked:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.loads(raw) if raw and headers.get("content-type", "").startswith("application/json") else raw
        return Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body, raw)

    def _write(self, told: Told) -> None:
        raw = b"" if told.body is None else json.dumps(told.body).encode()
        self._write_raw(told.status, raw, told.headers)

    def _write_raw(self, status: int, raw: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(raw))}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(raw)
        except OSError:  # whoever asked has had enough
            self.close_connection = True

    def _reset(self) -> None:
        """An RST: no polite end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
