"""Somebody's tracker: one file per system, all of the same shape. Only the one that is configured is ever loaded.

A new one: docs/trackers.md, "A tracker of your own"; here it is one line.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config.trackers import TrackerConfig
from pipeline.doors import Tracker
from pipeline.trackers.careful import CarefulTracker

if TYPE_CHECKING:
    from pipeline.trackers.board import Rows

OUTSIDE = {  # kind → module and class
    "github": ("github", "GithubTracker"),
    "gitlab": ("gitlab", "GitlabTracker"),
    "jira": ("jira", "JiraTracker"),
    "redmine": ("redmine", "RedmineTracker"),
    "zammad": ("zammad", "ZammadTracker"),
    "rt": ("rt", "RtTracker"),
    "roundup": ("roundup", "RoundupTracker"),
    "webhook": ("webhook", "WebhookTracker"),
}


def open_tracker(name: str, settings: TrackerConfig, folder: Path, rows: Rows) -> Tracker:
    """Nothing is connected yet.

    `name`: NAME of [trackers.NAME], '' for [tracker], which is then named after its kind; `folder`: of config.toml;
    `rows`: of the built-in board. Raises ConfigError for a secret, certificate or template that can't be read.
    """
    if settings.kind == "board":
        from pipeline.trackers.board import BoardTracker

        return BoardTracker(name or settings.kind, rows)
    module, adapter = OUTSIDE[settings.kind]
    made = getattr(import_module(f"pipeline.trackers.{module}"), adapter)
    section = f"trackers.{name}" if name else "tracker"
    return CarefulTracker(made(name or settings.kind, section, settings, folder))
