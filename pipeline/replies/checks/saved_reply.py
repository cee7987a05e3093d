"""A saved reply can be filled in with every sample, and says something."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import TemplateError

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, error
from pipeline.replies.sandbox import render_bounded
from pipeline.replies.variables import sample_sets


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `fails`, as of letters."""
    if looked.bad:
        return
    try:
        template = bench.press.plain.get_template(looked.file)
        says_something = all(render_bounded(template, values).strip() for values in sample_sets())
    except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError):
        yield error(looked.file, 0, "fails", "it can't be filled in for some mails", "write it more simply")
        return
    if not says_something:
        yield error(looked.file, 0, "fails", "for some mails it says nothing", "write what holds for all of them")
