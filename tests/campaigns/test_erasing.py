"""The short form of bench/erasing.py: what is left of who was erased while it was killed, on both databases."""

from __future__ import annotations

import pytest

from bench.erasing import campaign


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_nothing_is_left_of_who_was_erased_and_everybody_else_is_untouched(
    where: str, request: pytest.FixtureRequest
) -> None:
    store = request.getfixturevalue("postgres_url") if where == "postgresql" else ""
    found = campaign(8, 2, seed=5, kills=1, store=store)
    assert (found.left_in_files, found.left_after_restore) == ({}, {})
    assert (found.left_in_trackers, found.left_in_mailbox) == ([], [])
    assert found.changed_of_others == []
    assert found.letters_afterwards == 0
    assert found.figures_agree
