"""The short way of a subject in which nothing can be a link says the same as the long way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from pipeline.letter import echo

_PIECES = ["parcel", "Grüße", "http", "www", "0x7f", "12345", "1234567", "a", "–", "…", " ", ",", "!", "-", "'", "٣"]
_PIECES += [":", ".", "/", "@", "%41", "&#46", "[.]", "dot", "evil", "example", "\u200b", "９"]


@given(some.lists(some.sampled_from(_PIECES), max_size=12).map("".join) | some.text(max_size=60))
def test_most_subjects_take_the_short_way_to_the_same_words(subject: str) -> None:
    seen = echo._visible(subject)[: echo.LOOKED_AT]
    assert echo.without_links(subject) == echo._taken_apart(seen)
