"""The subject of a letter: it is there, can be filled in, and is never empty."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.emptiness import emptiness
from pipeline.replies.files import Finding, error, read_head
from pipeline.replies.rules import Inspection


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Codes `subject` and `empty-subject`, and those of statements."""
    file = looked.file
    subject = read_head(looked.source).fields.get("subject", "")
    if not subject:
        yield error(file, 1, "subject", "the subject is missing", "begin the file with a line 'Subject: …'")
        return
    lines = enumerate(looked.source.split("\n"), 1)
    line = next(number for number, text in lines if text.lower().startswith("subject"))
    tree, problem = bench.parse(file, subject, line - 1, escape=False)
    if problem:
        yield problem
    if tree is None:
        return
    inspection = Inspection(file, bench.kinds, offset=line - 1, head=True)
    inspection.inspect(tree)
    yield from inspection.findings
    if not inspection.findings and (how := emptiness(tree.body, bench.may_be_empty)):
        remedy = "add words of your own: {{ subject or 'your message' }}"
        yield error(file, line, "empty-subject", f"the subject is {how.often} empty", remedy)
