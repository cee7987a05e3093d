"""An SMTP server that lets only so many connections in at a time, and how it says so to one more."""

from __future__ import annotations

import socket

from tests.servers.proxy import Proxy

FULL = b"421 4.7.0 Too many concurrent SMTP connections\r\n"
HELLO = b"220 full.example ESMTP\r\n"
OFFERS = b"250-full.example\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN\r\n"
# What it says first, and after each command. It closes the connection at the end.
WAYS: dict[str, tuple[bytes, ...]] = {
    "when it is greeted": (FULL,),
    "at EHLO": (HELLO, FULL),
    "at the log-in": (HELLO, OFFERS, b"454 4.7.0 Too many connections, try again later\r\n"),
    "at the log-in, for ever as it seems": (HELLO, OFFERS, b"535 5.7.0 too many connections\r\n"),
    "by closing": (),
}


class Crowded(Proxy):
    """In front of a real server; a context manager."""

    def __init__(self, target: int, most: int, way: str) -> None:
        super().__init__(target)
        self.most, self.way = most, way
        self.refused = 0
        self.most_served = 0
        self._served: list[socket.socket] = []

    def _reach(self) -> socket.socket:
        self._served = [one for one in self._served if one.fileno() >= 0]
        if len(self._served) >= self.most:
            ours, theirs = socket.socketpair()
            self._spawn(self._refuse, theirs)
            return ours
        self._served.append(super()._reach())
        self.most_served = max(self.most_served, len(self._served))
        return self._served[-1]

    def _refuse(self, client: socket.socket) -> None:
        self.refused += 1
        with client:
            for number, words in enumerate(WAYS[self.way]):
                if number and not client.recv(10_000):
                    return
                client.sendall(words)
