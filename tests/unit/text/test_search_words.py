"""Words as search keeps them, in five languages, and what hostile text makes of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.search_words import (
    ADDRESS,
    LONGEST,
    MARK,
    _stemmer,
    address_word,
    folded,
    kept,
    ref_word,
    search_words,
    stems,
)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Straße", ("strasse",)),
        ("STRASSE", ("strasse",)),
        ("œuvre", ("oeuvre",)),
        ("Zürich", ("zurich",)),
        ("Zu\u0308rich", ("zurich",)),
        ("İstanbul", ("istanbul",)),
        ("½", ("1", "2")),
        ("ﬁn", ("fin",)),
        ("\u0301", ()),
        ("x" * 99, ("x" * LONGEST,)),
    ],
)
def test_a_word_is_folded_however_it_is_written(word: str, found: tuple[str, ...]) -> None:
    assert folded(word) == found


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("en", "refunded", "refund"),
        ("en", "complaint", "complaints"),
        ("de", "Rechnungen", "Rechnung"),
        ("de", "Rückerstattung", "Rückerstattungen"),
        ("fr", "remboursements", "remboursement"),
        ("es", "devoluciones", "devolución"),
        ("fi", "laskussa", "lasku"),
    ],
)
def test_a_word_is_found_in_another_form(language: str, written: str, typed: str) -> None:
    (sought,) = folded(typed)
    assert set(kept(written, language)) & set(stems(sought))


def test_a_word_of_another_language_is_kept_as_it_is() -> None:
    assert kept("Бандероль", "ru") == ("бандероль",)
    assert kept("R2D2s", "en") == ("r2d2s",)


def test_addresses_and_references_are_words_of_their_own() -> None:
    found = search_words("Write to Eve@Example.org about 7k3m-9qtx, please.", "en")
    assert {address_word("eve@example.org"), ref_word("7K3M-9QTX"), "eve", "exampl", "7k3m", "9qtx"} <= set(found)


@given(st.text(max_size=300), st.sampled_from(["en", "de", "fr", "es", "fi", "", "zh"]))
def test_no_text_makes_a_word_that_a_database_would_take_for_more(text: str, language: str) -> None:
    for word in search_words(text, language):
        assert word.removeprefix(MARK).isalnum()
        assert len(word) <= LONGEST
        assert word.startswith(MARK) or MARK not in word


def test_one_long_line_is_read_once_for_addresses() -> None:
    """Tried from each of its letters, a mail of a megabyte would take hours: no address begins within a word."""
    line = "x" * 5000
    assert [at for at in range(1, len(line)) if ADDRESS.match(f"{line}@example.org", at)] == []
    found = search_words(f"{line} (anna@example.org). {'.' * 500}@{'.' * 500}", "en")
    assert [word for word in found if word.startswith(MARK)] == [address_word("anna@example.org")]


def test_an_address_is_found_wherever_it_stands() -> None:
    for text in ("eve@example.org", "<eve@example.org>, bob", "(eve@example.org).", "mailto:eve@example.org"):
        assert address_word("eve@example.org") in search_words(text, "en"), text


def test_no_two_threads_cut_words_with_one_stemmer() -> None:
    """Its state is that of the word it is at: another thread would get half of it, or an IndexError."""
    with ThreadPoolExecutor(1) as other:
        assert other.submit(_stemmer, "german").result() is not _stemmer("german")
    assert _stemmer("german") is _stemmer("german")
