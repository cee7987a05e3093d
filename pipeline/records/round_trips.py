"""How long a server was waited for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundTrips:
    """Waits for the answers of a server, since somebody asked before."""

    count: int = 0
    least: float = 0.0  # seconds that they must take: of each kind as many, and each as long as the shortest
