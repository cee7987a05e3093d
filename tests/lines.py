"""Lines to real servers for tests of outages, and what happens to every kind of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import Certificates
from tests.servers.proxy import HOST, Proxy

__all__ = ["HOST", "Line", "expire", "hang", "refuse"]


@dataclass
class Line(ABC):
    """The line to a server whose certificate may change. A subclass has the server, and who talks to it."""

    proxy: Proxy
    certificates: Certificates
    folder: Path

    @abstractmethod
    def show(self, certificate: Path, key: Path) -> None:
        """The server's, from the next connection on."""

    def certify(self, *, expired: bool) -> None:
        self.show(*self.certificates.issue(HOST, expired=expired))
        self.proxy.cut()


def refuse(line: Line) -> None:
    line.proxy.refusing = True
    line.proxy.cut()


def hang(line: Line) -> None:
    line.proxy.hanging.set()


def expire(line: Line) -> None:
    line.certify(expired=True)
