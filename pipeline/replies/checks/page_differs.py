"""An HTML part of one's own says the same as the text: at least its times, numbers and links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, page_of, warning

_LINK = re.compile(r"https?://[^\s\"'<>]+")
_NUMBER = re.compile(r"\d+(?:[.:,]\d+)*")
_HIDDEN = re.compile(r"<(style|head|title)\b.*?</\1>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `page-differs`."""
    page = page_of(looked.file)
    if page not in bench.sources:
        return
    alone: dict[tuple[str, str], None] = {}
    for values, letter in bench.prints(looked.file).printed:
        text, shown = _facts(letter.text, values), _facts_of_page(letter.html, values)
        alone |= dict.fromkeys(("text", fact) for fact in sorted(text - shown))
        alone |= dict.fromkeys(("HTML part", fact) for fact in sorted(shown - text))
    for where, fact in list(alone)[:5]:
        message, remedy = f'"{fact[:80]}" stands only in the {where}', "say the same in both, or delete the .html file"
        yield warning(page, 0, "page-differs", message, remedy)


def _facts(text: str, values: Mapping[str, object]) -> set[str]:
    """Links and numbers; the marks by which a reply is recognised need not be in both."""
    links = {link.rstrip(".,;:!?)") for link in _LINK.findall(text)}
    words = _LINK.sub(" ", text)
    for mark in ("token", "ref"):
        words = words.replace(str(values[mark]), " ")
    return links | set(_NUMBER.findall(words))


def _facts_of_page(page: str, values: Mapping[str, object]) -> set[str]:
    """As a reader sees it, and where its links lead."""
    links = {html.unescape(link) for link in re.findall(r"""href\s*=\s*["']?(https?://[^"'\s>]+)""", page)}
    shown = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", page)))
    return _facts(shown, values) | {link.rstrip(".,;:!?)") for link in links}
