"""What systemd is told about a service: it is ready, it is alive, it begins anew, it ends.

Each is a datagram to the socket that NOTIFY_SOCKET names (sd_notify(3)). Signs of life are sent where WATCHDOG_USEC
asks for them (sd_watchdog_enabled(3)): when they stay away, systemd ends the process and starts another. Without these
variables nothing is sent.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping

from pipeline import logs

_OFTEN = 4  # signs of life in the time that may pass without one


class Supervisor:
    """Of this process. What can't be told is logged once: if it matters, systemd will end us."""

    def __init__(
        self, environment: Mapping[str, str] = os.environ, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._monotonic, self._next_sign, self._failed = monotonic, 0.0, False
        meant = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        period = environment.get("WATCHDOG_USEC", "") if meant else ""
        self._every = int(period) / 1_000_000 / _OFTEN if period.isdecimal() else None

    def ready(self) -> None:
        """The service does what it is for. It counts as a sign of life."""
        self._tell("READY=1")

    def alive(self) -> None:
        """Call it often, where the service is known to be at work; it is sent as often as is asked for."""
        if self._every is not None and self._monotonic() >= self._next_sign:
            self._next_sign = self._monotonic() + self._every
            self._tell("WATCHDOG=1")

    def ending(self, *, anew: bool) -> None:
        """`anew`: the same process begins again, and says so when it is ready."""
        if anew:
            self._tell(f"RELOADING=1\nMONOTONIC_USEC={int(self._monotonic() * 1_000_000)}")
        else:
            self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
                sending.settimeout(1.0)
                sending.connect(_as_bytes(self._address))
                sending.send(state.encode())
        except OSError as error:
            if not self._failed:
                logs.get("run").warning("the supervisor can't be told", socket=self._address, problem=str(error))
            self._failed = True


def _as_bytes(address: str) -> bytes:
    """An @ stands for the zero byte of an abstract address (unix(7))."""
    return b"\0" + os.fsencode(address[1:]) if address.startswith("@") else os.fsencode(address)
