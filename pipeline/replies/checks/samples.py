"""The letter can be filled in with every sample."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, error
from pipeline.replies.variables import sample_sets


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `fails`."""
    if failed := bench.prints(looked.file).failed:
        values, problem = failed
        ordinary = sample_sets()[0]
        differs = ", ".join(
            f"{name} = {str(value)[:40]!r}" for name, value in values.items() if value != ordinary[name]
        )
        what = str(problem) if isinstance(problem, ValueError) else "it can't be filled in"
        remedy = "look at what this sample leads to, and write it more simply"
        yield error(looked.file, 0, "fails", f"with {differs or 'the ordinary sample'}: {what}", remedy)
