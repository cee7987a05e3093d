"""It holds nothing but what a letter may hold, in branches not taken too: see rules.py."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding


def check(_bench: Bench, looked: Looked) -> Iterable[Finding]:
    """All codes of rules.py and expressions.py, as `unknown-variable` and `call`."""
    return looked.inspected
