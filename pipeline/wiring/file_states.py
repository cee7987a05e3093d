"""Where a shared file has changed."""

from __future__ import annotations

from enum import StrEnum


class FileState(StrEnum):
    """Since both sides were alike."""

    ALIKE = "alike"
    HERE = "here"
    THERE = "there"
    CONFLICT = "conflict"
