"""The part of a text around the words that were looked for, with those words told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.records.search import SearchTerm
from pipeline.text.search_words import ADDRESS, WORD, address_word, folded, kept, ref_word
from pipeline.tokens import REF, normalise_ref

READ = 20_000  # characters of a text that are looked through
BEFORE, SHOWN = 60, 200  # characters before the first word, and in all


@dataclass(frozen=True, kw_only=True, slots=True)
class SnippetPart:
    """Some of the text; `found`: it is what was looked for."""

    text: str
    found: bool = False


def snippet(text: str, language: str, terms: Sequence[SearchTerm]) -> tuple[SnippetPart, ...]:
    """The beginning where none of the words is in the text, such as those of the subject."""
    text = " ".join(text[:READ].split())
    spans = list(_spans(text, language, terms))
    start = _start(text, spans[0][0] if spans else 0)
    end = min(start + SHOWN, len(text))
    parts = list(_parts(text, start, end, spans))
    before = [SnippetPart(text="… ")] if start else []
    after = [SnippetPart(text=" …")] if end < len(text) else []
    return (*before, *parts, *after)


def _start(text: str, first: int) -> int:
    """Some words before the first one."""
    if first <= BEFORE:
        return 0
    space = text.find(" ", first - BEFORE, first)
    return first - BEFORE if space < 0 else space + 1


def _parts(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> Iterator[SnippetPart]:
    at = start
    for begins, ends in spans:
        if begins < at or ends > end:
            continue
        if begins > at:
            yield SnippetPart(text=text[at:begins])
        yield SnippetPart(text=text[begins:ends], found=True)
        at = ends
    if at < end:
        yield SnippetPart(text=text[at:end])


def _spans(text: str, language: str, terms: Sequence[SearchTerm]) -> Iterator[tuple[int, int]]:
    """Where something that was looked for stands, in order."""
    forms = {form for term in terms for form in term.forms}
    beginnings = tuple(term.beginning for term in terms if term.beginning)
    at = [one.span() for one in ADDRESS.finditer(text) if address_word(one[0]) in forms]
    at += [one.span() for one in REF.finditer(text) if ref_word(normalise_ref(one[0])) in forms]
    for word in WORD.finditer(text):
        said = {*kept(word[0], language), *folded(word[0])}
        if said & forms or any(one.startswith(beginnings) for one in said if beginnings):
            at.append(word.span())
    yield from sorted(at)
