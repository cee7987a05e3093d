"""The HTML part of a letter, made from its text: one source, so that both always say the same."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from pipeline.replies.variables import VARIABLES

FULL = 62  # characters: a shorter line was ended on purpose
_LINK = re.compile(r"https?://")
_PAGE = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n</head>\n'
    '<body style="font: 16px/1.5 sans-serif; color: #1f2328; max-width: 36em; '
    'overflow-wrap: anywhere;">\n{paragraphs}\n</body>\n</html>\n'
)


def page_of(text: str, language: str, values: Mapping[str, object]) -> str:
    """Everything escaped; of the links only our own can be clicked on, never one that a stranger wrote."""
    escaped = html.escape(_unwrapped(text.strip()))
    for link in sorted({html.escape(link) for link in own_links(values)}, key=len, reverse=True):
        escaped = re.sub(re.escape(link) + r"(?![\w/?&#=%.-]*\w)", f'<a href="{link}">{link}</a>', escaped)
    paragraphs = "\n".join(f"<p>{piece.strip()}</p>".replace("\n", "<br>\n") for piece in re.split(r"\n\s*\n", escaped))
    return _PAGE.format(language=html.escape(language), paragraphs=paragraphs)


def _unwrapped(text: str) -> str:
    """Lines that were only broken to be short are one again: a telephone breaks them where it needs to."""
    lines: list[str] = []
    before = ""
    for line in text.split("\n"):
        was_full = len(before) + len(line.partition(" ")[0]) >= FULL
        if before and line and was_full and not (_LINK.match(line) or _LINK.match(before)):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        before = line
    return "\n".join(lines)


def own_links(values: Mapping[str, object]) -> Iterator[str]:
    """Values of those variables that are links by their nature: their samples are."""
    for variable in _LINKED:
        yield from _links(variable.sample, values.get(variable.name))


def _holds_a_link(sample: object) -> bool:
    parts = sample if isinstance(sample, list) else sample.values() if isinstance(sample, dict) else ()
    return (isinstance(sample, str) and sample.startswith("https://")) or any(map(_holds_a_link, parts))


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


_LINKED = [variable for variable in VARIABLES if _holds_a_link(variable.sample)]
