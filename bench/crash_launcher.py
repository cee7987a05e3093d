"""Starts the processes that bench/crash.py kills, one at a time."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.desk import ROOT


class Launcher:
    """bench/crash_child.py at work: starts victims, one at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        words = [sys.executable, "-m", "bench.crash_child"]
        one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # others would not survive the fork
        self._process = subprocess.Popen(
            words, cwd=ROOT, env=environment | one_thread, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._code: int | None = None

    def start(self, point: str, call: int, command: Sequence[str], log: Path) -> None:
        """A victim that runs `command` and is killed at the `call`th time that it comes to `point`."""
        order = {"point": point, "call": call, "command": [*command], "log": str(log)}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self._victim, self._code = int(self._line()), None

    def poll(self) -> int | None:
        """How the victim ended; None while it lives."""
        if self._code is None and select.select([self._process.stdout], [], [], 0)[0]:
            self._code = int(self._line())
        return self._code

    def kill(self) -> None:
        """Ends the victim by SIGKILL, unless it has ended."""
        if self.poll() is None:
            os.kill(self._victim, signal.SIGKILL)

    def wait(self) -> int:
        """How the victim ended, once it has."""
        while self.poll() is None:
            time.sleep(0.01)
        assert self._code is not None
        return self._code

    def close(self) -> None:
        """No more victims."""
        self._process.communicate()

    def _line(self) -> str:
        """Unbuffered, so that `select` sees what is not read yet."""
        assert self._process.stdout
        said = b""
        while not said.endswith(b"\n"):
            said += os.read(self._process.stdout.fileno(), 1) or b"1\n"
        return said.decode()
