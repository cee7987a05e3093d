"""The short form of a year of purging: as much goes as comes, and the file holds what is kept and little else."""

from __future__ import annotations

from bench.purging import ALLOWED_SIZE, simulate


def test_the_database_holds_what_is_kept_and_little_else() -> None:
    found = simulate(mails=1825, days=40, indexed=True)
    assert found.emptied > 40
    assert found.words == 0
    assert found.ratio <= ALLOWED_SIZE
    assert max(found.sizes) <= found.sizes[0] * ALLOWED_SIZE  # as much came as a year ago
