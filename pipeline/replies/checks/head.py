"""The head of a text: nothing in it may break a header, or be taken for text."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, head_findings


def check(_bench: Bench, looked: Looked) -> Iterable[Finding]:
    """Codes `header-break` and `head`."""
    return head_findings(looked.file, looked.source)
