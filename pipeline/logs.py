"""One event a step to the end of a mail's way, keyed by mail or ticket; docs/operating.md lists them.

Addresses are masked, bodies and secrets never get here.

On a terminal an event is a line to read, elsewhere it is a JSON object on standard error.
"""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Literal

import structlog

from pipeline.errors import readable

# First the way of a mail, then what is beside it.
Step = Literal[
    "fetch", "route", "classify", "record", "send", "file", "mark", "follow", "survey",
    "letters", "articles", "trackers", "report", "reconcile", "drift", "retrain", "backup",
    "store", "login", "run", "web",
]  # fmt: skip
_ADDRESS = re.compile(r"([\w.+%'*-])[\w.+%'*-]*@([\w-])[\w.-]*(\.\w+)")
_NEVER = frozenset({"password", "secret", "token", "key", "text", "body", "raw", "whole", "html"})


def mask(text: str) -> str:
    """`eve@example.org` → `e…@e….org`: enough to recognise, too little to write to."""
    return _ADDRESS.sub(r"\1…@\2…\3", text)


def _masked(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if name in _NEVER:
            event[name] = "(kept out of the log)"
        elif isinstance(value, str):
            event[name] = readable(mask(value))
        elif isinstance(value, BaseException):
            event[name] = readable(mask(f"{type(value).__name__}: {value}"))
    return event


class _StandardError(io.StringIO):
    """As it is at that moment: it may have been replaced. A full disk under it must not end the thread that tells."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


_STDERR = _StandardError()


def set_up(*, quiet: bool = False, silent: bool = False) -> None:
    """Called once by a command. `quiet`: warnings and worse only (commands that answer a person); `silent`: errors
    only (commands that tell of the same things themselves)."""
    level = logging.ERROR if silent else logging.WARNING if quiet else logging.INFO
    # Any: structlog has no type that all its processors share.
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _masked,
    ]
    last: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*chain, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(_STDERR),
        cache_logger_on_first_use=False,
    )
    # What the libraries say goes the same way.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))


def get(step: Step) -> Any:
    """The logger of a step: structlog's, which has no type of its own."""
    return structlog.get_logger(step=step)
