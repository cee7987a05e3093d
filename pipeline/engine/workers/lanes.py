"""How many connections to the outgoing server are open: `[smtp] connections`.

With "auto" more are opened while a backlog waits and the time goes by in waiting for answers, as it does with a server
that is far away, or slow. What counts as waiting is the shortest round trip, as often as there was one: a longer one
may have had to wait for this machine.

While this process is at work most of the time (it reads a backlog), more connections would gain nothing.

A server that lets no further connection in is in no trouble as long as it serves another: that one is closed, and no
more are tried for a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.records.round_trips import RoundTrips

ENOUGH = 5  # round trips on each connection: by then its share of the time is known
LIMITS = 0.5  # … and from this share on another connection gains more than it costs
NEAR = 0.002  # seconds of a round trip: a server that answers so soon is no further than this machine's other work
BUSY = 0.6  # of one processor that this process uses: then it is the work here that takes the time
REST = 60.0  # seconds without a backlog, after which only the usual ones are kept
REFUSED_FOR = 600.0  # seconds for which no further connection is tried after one was refused


@dataclass(kw_only=True)
class Lanes:
    """Who may work now, each over a connection of its own. Shared by the senders of a process; any thread."""

    usual: int = 1
    most: int = 1
    monotonic: Callable[[], float] = lambda: 0.0  # of the clock
    processor: Callable[[], float] = lambda: 0.0  # seconds of processor time of this process
    wakes: list[threading.Event] = field(default_factory=list)  # of all who may want to work
    finished: bool = False  # nothing is due any more, in a pass that has an end
    _wanted: int = 0  # above `usual` while the distance limits
    _let_in: float = float("inf")  # as many connections as the server lets in, as far as is known
    _refused: float = 0.0  # when it refused one
    _backlog: float = 0.0  # when one was met last
    _inside: set[int] = field(default_factory=set)
    _connected: set[int] = field(default_factory=set)
    _trips: int = 0
    _waited: float = 0.0
    _seconds: float = 0.0
    _measured: tuple[float, float] = (0.0, 0.0)  # by the clock and of the processor, when the share was known last
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._measured = (self.monotonic(), self.processor())

    @property
    def room(self) -> int:
        """How many may work side by side now: one, as long as nobody knows whether the server is there."""
        if not self._connected:
            return 1
        return int(max(1, min(max(self.usual, self._wanted), self.most, self._let_in)))

    def enter(self, who: object) -> bool:
        """May this one work now? It may until it is told otherwise by the same question."""
        with self._lock:
            self._look_at_the_clock()
            if id(who) in self._inside and len(self._inside) > self.room:
                self._out(who)
            elif len(self._inside) < self.room:
                self._inside.add(id(who))
            return id(who) in self._inside

    def has(self, who: object) -> bool:
        """Is it one of those who may work?"""
        return id(who) in self._inside

    def is_further(self, who: object) -> bool:
        """Does the server serve another connection already?"""
        return bool(self._connected - {id(who)})

    def connected(self, who: object) -> None:
        """The server has let it in."""
        with self._lock:
            if not self._connected:
                self._wake_all()
            self._connected.add(id(who))
            self._let_in = max(self._let_in, len(self._connected))

    def gives_way(self, who: object) -> bool:
        """Its connection was refused or ended. True when that is about their number, as the server serves another; it
        may not work then until there is room again."""
        with self._lock:
            others = self._connected - {id(who)}
            self._out(who)
            if others:
                self._let_in, self._refused = len(others), self.monotonic()
            else:  # it is the server that is in trouble, and perhaps was before
                self._let_in = float("inf")
                self._inside.add(id(who))
            return bool(others)

    def leave(self, who: object) -> None:
        """It works no more in this pass; the last one ends it for those who wait for room."""
        with self._lock:
            self._out(who)
            if not self._inside:
                self.finish()

    def finish(self) -> None:
        """Nothing is due: who waits for room waits in vain."""
        self.finished = True
        self._wake_all()

    def took(self, trips: RoundTrips, seconds: float) -> None:
        """What a stretch of work on a backlog took: of these seconds so many went by in waiting."""
        with self._lock:
            self._backlog = self.monotonic()
            self._trips += trips.count
            self._waited += trips.least if trips.least > NEAR * trips.count else 0.0
            self._seconds += seconds
            if self._trips < ENOUGH * len(self._inside) or self._seconds <= 0:
                return
            share = 0.0 if self._is_busy() else self._waited / self._seconds
            self._trips, self._waited, self._seconds = 0, 0.0, 0.0
            if share >= LIMITS and len(self._inside) >= self.room and self.room < min(self.most, self._let_in):
                self._wanted = min(2 * self.room, self.most)
                self._wake_all()

    def _is_busy(self) -> bool:
        """Has this process worked most of the time since it was asked last? A server that shares its machine then looks
        as slow as one that is far away."""
        before, self._measured = self._measured, (self.monotonic(), self.processor())
        passed = self._measured[0] - before[0]
        return passed > 0 and (self._measured[1] - before[1]) / passed > BUSY

    def told(self) -> str:
        """For a person: how many are open, and how many may be."""
        with self._lock:
            refused = f"; the server lets no more than {int(self._let_in)} in" if self._let_in < self.most else ""
            return f"{len(self._connected)} open, at most {self.most}{refused}"

    def closed(self, who: object) -> None:
        """It has ended its connection by itself."""
        with self._lock:
            self._connected.discard(id(who))

    def _out(self, who: object) -> None:
        self._inside.discard(id(who))
        self._connected.discard(id(who))

    def _look_at_the_clock(self) -> None:
        now = self.monotonic()
        if now - self._backlog > REST:
            self._wanted = 0
        if self._let_in < self.most and now - self._refused > REFUSED_FOR:
            self._let_in = float("inf")

    def _wake_all(self) -> None:
        for wake in self.wakes:
            wake.set()
