"""A TCP proxy that looks at what goes through it, and can refuse, hang, delay, change and cut.

Hooks get what was read at once, in order: `on_server(data)` from the server, `on_client(data)` from the client.
They return what goes on instead (b"" holds it back), or raise `Cut` to break the connection off.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
import socket
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.waiting import wait_until

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)  # of SO_LINGER: to close is to reset
Hook = Callable[[bytes], bytes]


class Cut(Exception):  # noqa: N818  (an order, not a failure)
    """Breaks the connection off at once; `last` still goes through to the other side. `reset`: without a goodbye."""

    def __init__(self, last: bytes = b"", *, reset: bool = False) -> None:
        super().__init__()
        self.last, self.reset = last, reset


def through(data: bytes) -> bytes:
    return data


def _nothing() -> None: ...


class Proxy:
    """Forwards a free port to a server on loopback, or to its socket; to be used as a context manager."""

    def __init__(self, target: int | Path) -> None:
        self.target = target
        self.on_client: Hook = through
        self.on_server: Hook = through
        self.refusing = False  # new connections are ended at once
        self.hanging = threading.Event()  # nothing goes through any more, but nothing is closed
        self.piece, self.pause = 0, 0.0  # 0: what comes goes on at once
        self.connections = 0
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._forgotten: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._afterwards = threading.local()  # .then: what to call when what a thread has in hand is passed on

    def __enter__(self) -> Proxy:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    # --- ways to misbehave --------------------------------------------------------------------------------------------

    def cut(self) -> None:
        """Breaks off every connection that is there now."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _close(*pair)

    def forget(self) -> None:
        """From now on nothing goes through what is connected, not even its end, as when a firewall lost its table."""
        with self._lock:
            self._forgotten.update(end for pair in self._pairs for end in pair)

    def cut_after(self, size: int) -> None:
        """Breaks off when the server has sent so many bytes, counted from now."""
        left = size

        def hook(data: bytes) -> bytes:
            nonlocal left
            if len(data) >= left:
                raise Cut(data[:left])
            left -= len(data)
            return data

        self.on_server = hook

    def cut_on(self, pattern: bytes, *, times: int | None = None) -> None:
        """Breaks off instead of passing on what the client says with this in it."""
        left = times

        def hook(data: bytes) -> bytes:
            nonlocal left
            if pattern in data and left != 0:
                left = None if left is None else left - 1
                raise Cut
            return data

        self.on_client = hook

    def reset_in_literal(self, *, times: int = 1) -> None:
        """Resets the connection a few bytes into a literal ({n} and a line end, RFC 9051 section 4.3)."""
        left = times

        def hook(data: bytes) -> bytes:
            nonlocal left
            literal = re.search(rb"\{[1-9]\d*\}\r\n", data)
            if literal and left:
                left -= 1
                raise Cut(data[: literal.end() + 3], reset=True)
            return data

        self.on_server = hook

    def trickle(self, size: int, seconds: float) -> None:
        """What the server says comes in pieces of so many bytes, each so late."""
        self.piece, self.pause = size, seconds

    def well(self) -> None:
        """Ends all misbehaviour; what hangs goes on."""
        self.on_client = self.on_server = through
        self.refusing, self.piece, self.pause = False, 0, 0.0
        self.hanging.clear()

    def replace(self, *changes: tuple[bytes, bytes]) -> None:
        """Changes what the server says."""

        def hook(data: bytes) -> bytes:
            for old, new in changes:
                data = data.replace(old, new)
            return data

        self.on_server = hook

    def delay(self, seconds: float) -> None:
        """Everything the server says comes later."""

        def hook(data: bytes) -> bytes:
            time.sleep(seconds)
            return data

        self.on_server = hook

    def call(self, pattern: bytes, callback: Callable[[], None], *, side: str = "client", before: bool = True) -> None:
        """Calls `callback` once when this passes from `side`, before or after it is passed on.

        Meant for killing a process at a chosen point of its conversation.
        """
        done = threading.Event()
        hook_name = f"on_{side}"
        inner: Hook = getattr(self, hook_name)

        def hook(data: bytes) -> bytes:
            data = inner(data)
            if pattern not in data or done.is_set():
                return data
            done.set()
            if before:
                callback()
            else:
                self._afterwards.then = callback
            return data

        setattr(self, hook_name, hook)

    # --- the plumbing -------------------------------------------------------------------------------------------------

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # the listener is closed
                return
            self.connections += 1
            if self.refusing:
                client.close()
                continue
            try:
                server = self._reach()
            except OSError:  # the server behind is down, so is the proxy
                client.close()
                continue
            for side in (client, server):
                side.settimeout(None)
                if side.family == socket.AF_INET:
                    side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                if refused := self.refusing:  # since we looked: `cut` may have been here already
                    _close(client, server)
                else:
                    self._pairs.append((client, server))
            if refused:
                continue
            self._spawn(self._pump, client, server, "on_client")
            self._spawn(self._pump, server, client, "on_server")

    def _reach(self) -> socket.socket:
        if isinstance(self.target, int):
            return socket.create_connection((HOST, self.target), 60)
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(str(self.target))
        except OSError:
            server.close()
            raise
        return server

    def _pass_on(self, sink: socket.socket, data: bytes, *, slowly: bool) -> None:
        step = self.piece if slowly and self.piece else len(data)
        for at in range(0, len(data), step):
            time.sleep(self.pause if slowly else 0.0)
            sink.sendall(data[at : at + step])

    def _pump(self, source: socket.socket, sink: socket.socket, hook: str) -> None:
        try:
            while data := source.recv(65536):
                while self.hanging.is_set() and source.fileno() >= 0:
                    time.sleep(0.02)
                if source in self._forgotten:
                    continue
                if changed := getattr(self, hook)(data):
                    self._pass_on(sink, changed, slowly=hook == "on_server")
                vars(self._afterwards).pop("then", _nothing)()
        except Cut as cut:
            with contextlib.suppress(OSError):
                sink.sendall(cut.last)
                if cut.reset:
                    wait_until(lambda: not _on_its_way(sink), "what was said last has arrived")
                    sink.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        except OSError:  # one of the two is gone
            pass
        _close(*(source,) if source in self._forgotten else (source, sink))


def _on_its_way(end: socket.socket) -> int:
    """Bytes that the other side has not acknowledged yet: a reset would throw them away."""
    return int.from_bytes(fcntl.ioctl(end, termios.TIOCOUTQ, bytes(4)), sys.byteorder)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            resetting = end.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(RESET)) == RESET
            end.shutdown(socket.SHUT_RD if resetting else socket.SHUT_RDWR)  # either way it wakes who reads there
        end.close()
