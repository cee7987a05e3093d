"""The SMTP server of the demo, with a script: what it shall answer at which stage."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict, deque
from typing import Any

from pipeline.demo.delivery import ACCEPT, DROP
from pipeline.demo.servers import EmbeddedSmtp

__all__ = ["DROP", "SmtpSink"]


class SmtpSink(EmbeddedSmtp):
    """Takes everything that the script does not speak about."""

    def __init__(self, **options: Any) -> None:
        super().__init__(self._say, **options)
        self.heard: list[tuple[str, str]] = []  # every stage with its argument
        self._script: dict[str, deque[str | float]] = defaultdict(deque)
        self._always: dict[str, str | float] = {}
        self._lock = threading.Lock()

    def plan(self, stage: str, *answers: str | float) -> None:
        """The next times this stage comes: a reply, DROP, ACCEPT, or a number of seconds to wait before accepting."""
        with self._lock:
            self._script[stage].extend(answers)

    def always(self, stage: str, answer: str | float) -> None:
        """Every time this stage comes and nothing is planned."""
        with self._lock:
            self._always[stage] = answer

    def as_planned_from_now(self) -> None:
        """Forgets what was to be done always."""
        with self._lock:
            self._always.clear()

    def stages(self) -> list[str]:
        with self._lock:
            return [stage for stage, _ in self.heard]

    async def _say(self, stage: str, argument: str) -> str:
        with self._lock:
            self.heard.append((stage, argument))
            planned = self._script[stage]
            answer = planned.popleft() if planned else self._always.get(stage, ACCEPT)
        if isinstance(answer, str):
            return answer
        await asyncio.sleep(answer)
        return ACCEPT
