"""What is in a file that extends another, and would never be sent."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.checks.used_files import LONGEST_CHAIN
from pipeline.replies.emptiness import Empty, emptiness
from pipeline.replies.files import Finding, beside, error, warning


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Codes `lost-block` and `lost-text`."""
    if looked.tree is None or looked.parent is None:
        return
    yield from _blocks(looked, _known_blocks(bench, looked.file))
    for node in looked.tree.body:
        if isinstance(node, nodes.Output) and emptiness([node], ()) != Empty.ALWAYS:
            message, remedy = (
                "this is outside of all blocks and is never sent",
                "move it into a block, or delete it",
            )
            yield warning(looked.file, node.lineno + looked.offset, "lost-text", message, remedy)


def _blocks(looked: Looked, known: set[str]) -> Iterator[Finding]:
    nested = {inner.name for block in looked.blocks.values() for inner in block.find_all(nodes.Block)}
    for name, block in looked.blocks.items():
        if known and name not in known and name not in nested:
            message, remedy = (
                f"no base has a block '{name}': its text would never be sent",
                f"its blocks are: {', '.join(sorted(known))}",
            )
            yield error(looked.file, block.lineno + looked.offset, "lost-block", message, remedy)


def _known_blocks(bench: Bench, file: str) -> set[str]:
    """Names of the blocks of all its bases."""
    known: set[str] = set()
    at = file
    for _ in range(LONGEST_CHAIN):
        parent = bench.look(at).parent
        at = beside(at, parent.file) if parent else ""
        if not at or at not in bench.sources:
            break
        known |= set(bench.look(at).blocks)
    return known
