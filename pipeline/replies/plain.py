"""A simple HTML part made from the text of a letter, for installations that want one with every letter."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from pipeline.replies.variables import VARIABLES

_PAGE = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n</head>\n'
    '<body style="font: 16px/1.5 sans-serif; color: #1f2328; max-width: 36em;">\n{paragraphs}\n</body>\n</html>\n'
)


def page_of(text: str, language: str, values: Mapping[str, object]) -> str:
    """Everything escaped; of the links only our own can be clicked on, never one that a stranger wrote."""
    escaped = html.escape(text.strip())
    for link in sorted({html.escape(link) for link in own_links(values)}, key=len, reverse=True):
        escaped = re.sub(re.escape(link) + r"(?![\w/?&#=%.-]*\w)", f'<a href="{link}">{link}</a>', escaped)
    paragraphs = "\n".join(f"<p>{piece.strip()}</p>".replace("\n", "<br>\n") for piece in re.split(r"\n\s*\n", escaped))
    return _PAGE.format(language=html.escape(language), paragraphs=paragraphs)


def own_links(values: Mapping[str, object]) -> Iterator[str]:
    """Values of those variables that are links by their nature: their samples are."""
    for variable in VARIABLES:
        yield from _links(variable.sample, values.get(variable.name))


def _links(sample: object, value: object) -> Iterator[str]:
    if isinstance(sample, str) and sample.startswith("https://"):
        if isinstance(value, str) and re.fullmatch(r"https://[^\s<>\"']+", value):
            yield value
    elif isinstance(sample, list) and sample and isinstance(value, list):
        for one in value:
            yield from _links(sample[0], one)
    elif isinstance(sample, dict) and isinstance(value, dict):
        for name, part in sample.items():
            yield from _links(part, value.get(name))
