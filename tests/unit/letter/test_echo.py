"""The short way of a subject in which nothing can be a link says the same as the long way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipeline.letter import echo
from pipeline.text.clean import is_garbled

_PIECES = ["parcel", "Grüße", "http", "www", "0x7f", "12345", "1234567", "a", "–", "…", " ", ",", "!", "-", "'", "٣"]
_PIECES += [":", ".", "/", "@", "%41", "&#46", "[.]", "dot", "evil", "example", "\u200b", "９"]


@given(
    some.lists(some.sampled_from(_PIECES), max_size=12).map("".join)
    | some.text(max_size=60).filter(lambda text: not is_garbled(text))
)
def test_most_subjects_take_the_short_way_to_the_same_words(subject: str) -> None:
    seen = echo._visible(subject)[: echo.LOOKED_AT]
    assert echo.without_links(subject) == echo._taken_apart(seen)


@pytest.mark.parametrize("subject", ["GrÃ¼ÃŸe aus KÃ¶ln", "Gr\ufffd\ufffde", "Ã¤"])
def test_what_could_not_be_read_is_not_repeated(subject: str) -> None:
    assert echo.without_links(subject) == ""
    assert echo.sensible_name(subject) == ""


@pytest.mark.parametrize("subject", ["Grüße aus Köln", "NÃO CHEGOU", "Где заказ", "ÄÖÜ"])
def test_letters_of_any_language_are_repeated(subject: str) -> None:
    assert echo.without_links(subject) == subject
