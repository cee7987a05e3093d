"""One event a step to the end of a mail's way, keyed by mail or ticket; docs/operating.md lists them.

Addresses are masked, bodies and secrets never get here.

On a terminal an event is a line to read, elsewhere it is a JSON object, on standard error or in a file.
Structlog is imported with the first event: it takes a while, and most commands tell of none.
"""

from __future__ import annotations

import io
import logging
import os
import re
import sys
import threading
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TextIO

from pipeline.errors import ConfigError, readable

# First the way of a mail, then what is beside it.
Step = Literal[
    "fetch", "route", "classify", "record", "send", "file", "mark", "follow", "survey",
    "letters", "articles", "trackers", "report", "reconcile", "drift", "retrain", "backup", "purge", "search",
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


class _Stream(io.StringIO):
    """Standard error, as it is at that moment: it may have been replaced. Or a file, which can be opened anew.

    A full disk under it must not end the thread that tells.
    """

    _file: TextIO | None = None
    _path: Path | None = None
    _turn = threading.Lock()  # no line is written to a file that is just being closed

    def lead_to(self, path: Path | None) -> None:
        """Raises ConfigError when the file can't be written. None: to standard error again."""
        try:
            opened = path.open("a", encoding="utf-8", buffering=1) if path else None
        except OSError as error:
            raise ConfigError(
                f"the log {path} can't be written: {error.strerror}",
                where="config.toml, log.file",
                remedy="check the folder and its rights, or leave the key empty",
            ) from error
        with self._turn:
            old, self._file, self._path = self._file, opened, path
            if old:
                old.close()

    def reopen(self) -> None:
        """After somebody has renamed the file (logrotate). Raises ConfigError; then the old one is written on."""
        self.lead_to(self._path)

    @property
    def is_file(self) -> bool:
        """Not standard error?"""
        return self._file is not None

    def isatty(self) -> bool:
        return self._file is None and sys.stderr.isatty()

    def write(self, text: str) -> int:
        with suppress(OSError), self._turn:
            (self._file or sys.stderr).write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError), self._turn:
            (self._file or sys.stderr).flush()


_STREAM = _Stream()
_PRIORITIES = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}  # of syslog, as the journal knows them


def _leads_to_journal() -> bool:
    """Does systemd's journal read our standard error? It says so (systemd.exec(5), JOURNAL_STREAM)."""
    try:
        stat = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM", "") == f"{stat.st_dev}:{stat.st_ino}"


class _ForJournal:
    """A line that begins with its priority, as sd-daemon(3) has it."""

    def __init__(self) -> None:
        import structlog

        self._json = structlog.processors.JSONRenderer(ensure_ascii=False)

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> str:
        return f"<{_PRIORITIES.get(str(event.get('level')), 6)}>{self._json(logger, method, event)!s}"


def _renderer() -> Any:
    """How an event is written: structlog's have no type in common."""
    import structlog

    if _STREAM.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    if not _STREAM.is_file and _leads_to_journal():
        return _ForJournal()
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def set_up(*, quiet: bool = False, silent: bool = False, file: Path | None = None) -> None:
    """Called once by a command. `quiet`: warnings and worse only (commands that answer a person); `silent`: errors
    only (commands that tell of the same things themselves). `file`: not to standard error. Raises ConfigError."""
    _STREAM.lead_to(file)
    level = logging.ERROR if silent else logging.WARNING if quiet else logging.INFO
    _NotSetUp.level = level
    # What the libraries say goes the same way.
    handler = logging.StreamHandler(_STREAM)
    handler.setFormatter(_OfLibraries())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))


class _NotSetUp:
    """How structlog is to be set up before it is used the next time."""

    level: int | None = None  # None: it is
    turn = threading.Lock()


class _OfLibraries(logging.Formatter):
    """What libraries say, as events of ours."""

    def __init__(self) -> None:
        super().__init__()
        self._made: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        self._made = self._made or self._make()
        return self._made.format(record)

    def _make(self) -> logging.Formatter:
        import structlog

        last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()]
        return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_chain(), processors=last)


def _chain() -> list[Any]:
    """What is done to each event; structlog has no type that all its processors share."""
    import structlog

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _masked,
    ]


def reopen() -> None:
    """The file of the log is opened anew, where there is one. Raises ConfigError; then the old one is written on."""
    _STREAM.reopen()


def get(step: Step) -> Any:
    """The logger of a step: structlog's, which has no type of its own."""
    import structlog

    with _NotSetUp.turn:
        level, _NotSetUp.level = _NotSetUp.level, None
        if level is not None:
            structlog.configure(
                processors=[*_chain(), _renderer()],
                wrapper_class=structlog.make_filtering_bound_logger(level),
                logger_factory=lambda *_: structlog.PrintLogger(_STREAM),
                cache_logger_on_first_use=False,
            )
    return structlog.get_logger(step=step)
