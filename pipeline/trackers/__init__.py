"""Somebody's tracker: one file per system, all of the same shape. Only the one that is configured is ever loaded.

A new one: docs/extending.md. It is a file here, and a line in KINDS of config/trackers.py.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config.trackers import TrackerConfig
from pipeline.doors import CompilePayload, Tracker
from pipeline.records.ticket import BOARD
from pipeline.trackers.careful import CarefulTracker

if TYPE_CHECKING:
    from pipeline.trackers.board import Rows


def open_tracker(
    name: str, settings: TrackerConfig, folder: Path, rows: Rows, compile_payload: CompilePayload
) -> Tracker:
    """Nothing is connected yet.

    `name`: NAME of [trackers.NAME], '' for [tracker], which is then named after its kind; `folder`: of config.toml;
    `rows`: of the built-in board; `compile_payload`: for webhooks. Raises ConfigError for a secret, certificate or
    template that can't be read.
    """
    if settings.kind == BOARD:
        from pipeline.trackers.board import BoardTracker

        return BoardTracker(name or settings.kind, rows)
    section = f"trackers.{name}" if name else "tracker"
    more = {"compile_payload": compile_payload} if settings.kind == "webhook" else {}
    return CarefulTracker(_adapter(settings.kind)(name or settings.kind, section, settings, folder, **more))


def _adapter(kind: str) -> Callable[..., Tracker]:
    made: Callable[..., Tracker] = getattr(import_module(f"pipeline.trackers.{kind}"), f"{kind.title()}Tracker")
    return made
