"""Jinja can read it."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding


def check(_bench: Bench, looked: Looked) -> Iterable[Finding]:
    """Codes `syntax` and `nesting`."""
    return [looked.problem] if looked.problem else []
