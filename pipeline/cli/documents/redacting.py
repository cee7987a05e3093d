"""The document of a text that was redacted."""

from __future__ import annotations

from typing import Annotated, TypedDict

from pipeline.text.redact import kinds_in, redact_all
from pipeline.text.redaction.known_names import Known


class RedactedDocument(TypedDict):
    """A text, and what is left of it."""

    text: Annotated[str, "as given"]
    redacted: Annotated[str, "with a word in place of each find, such as `<name>`"]
    kinds: Annotated[list[str], "what was found: `name`, `address`, `birth` …"]


def redacted_document(text: str, known: Known) -> RedactedDocument:
    """Of one text."""
    redacted = redact_all(text, known)
    return RedactedDocument(text=text, redacted=redacted, kinds=kinds_in(text, redacted))
