"""The part of a text that search shows."""

from __future__ import annotations

from pipeline.desk.snippet import SHOWN, SnippetPart, snippet
from pipeline.records.search import SearchTerm
from pipeline.text.search_words import address_word, folded, stems


def term(word: str) -> SearchTerm:
    (one,) = folded(word)
    return SearchTerm(forms=stems(one), beginning=one)


def shown(text: str, *words: str, language: str = "en") -> str:
    parts = snippet(text, language, [term(word) for word in words])
    return "".join(f"[{part.text}]" if part.found else part.text for part in parts)


def test_the_words_are_told_apart_in_any_of_their_forms() -> None:
    assert shown("You refunded me.\n\nNo refunds, please", "refund") == "You [refunded] me. No [refunds], please"


def test_it_begins_some_words_before_the_first_one_and_is_not_long() -> None:
    text = f"{'one two three ' * 50}the parcel is late {'four five six ' * 50}"
    found = shown(text, "parcel")
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "the [parcel] is late" in found
    assert len(found) <= SHOWN + 10


def test_a_word_without_spaces_before_it_is_cut_to() -> None:
    assert "[refund]" in shown(f"{'!' * 500}refund", "refund")


def test_where_the_word_is_not_in_the_text_it_is_the_beginning() -> None:
    assert snippet("Where is it?", "en", [term("invoice")]) == (SnippetPart(text="Where is it?"),)
    assert snippet("", "en", [term("invoice")]) == ()


def test_an_address_is_told_apart_as_a_whole() -> None:
    terms = [SearchTerm(forms=(address_word("eve@example.org"),))]
    parts = snippet("Ask <Eve@example.org>.", "en", terms)
    assert [part.text for part in parts if part.found] == ["Eve@example.org"]


def test_markup_stays_text() -> None:
    assert shown("<b>refund</b>", "refund") == "<b>[refund]</b>"
