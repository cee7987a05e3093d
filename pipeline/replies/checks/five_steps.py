"""A complaint's letter thanks, accepts, apologises, acts and responds: each in the file itself, each with words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import nodes

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.emptiness import emptiness
from pipeline.replies.files import Finding, error, page_of, warning

BLOCKS = ("thank", "accept", "apologise", "act", "respond")
# A word of these is in every apology.
APOLOGY = {
    "en": r"sorry|apolog|regret",
    "de": r"entschuldig|\bleid\b|leidtun|bedauer|verzeih",
    "fr": r"excus|désolé|regrett|navré|pardon",
    "es": r"disculp|sentimos|lamenta|perdón",
    "fi": r"pahoi|anteeksi|valitet|valitamme",
}


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Codes `missing-block`, `empty-block` and `no-apology`, of the text and of its HTML part."""
    yield from _steps(bench, looked)
    if (page := page_of(looked.file)) in bench.sources:
        yield from _steps(bench, bench.look(page))


def _steps(bench: Bench, looked: Looked) -> Iterator[Finding]:
    if looked.tree is None:
        return
    for name in BLOCKS:
        block = looked.blocks.get(name)
        if block is None:
            example = f"{{% block {name} %}} … {{% endblock %}}"
            yield error(looked.file, 0, "missing-block", f"a complaint letter needs the block '{name}'", example)
            continue
        line = block.lineno + looked.offset
        if how := emptiness(block.body, bench.may_be_empty):
            message, remedy = f"the block '{name}' is {how.often} empty", "write a sentence that is always there"
            yield error(looked.file, line, "empty-block", message, remedy)
        elif name == "apologise" and not _apologises(looked.file, block):
            message = "the block 'apologise' holds no word of apology"
            yield warning(looked.file, line, "no-apology", message, "say that you are sorry")


def _apologises(file: str, block: nodes.Block) -> bool:
    """True as well for languages of which no words of apology are known, and for texts that are elsewhere."""
    words = APOLOGY.get(file.partition("/")[0])
    text = " ".join(data.data for data in block.find_all(nodes.TemplateData)).lower()
    return words is None or bool(re.search(words, text)) or any(block.find_all(nodes.Include))
