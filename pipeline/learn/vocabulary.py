"""What may enter the vocabulary of a model: words that several people use. A word that few use may be a name.

k-anonymity (Samarati and Sweeney 1998), with the writers of training mail as the people: of what a model holds in the
clear, each word and each run of letters was used by at least k of them. Mail without a known writer (the starter's,
public sets) counts as it always did: a word that two such mails have is learned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from pipeline.learn.dataset import Row
from pipeline.learn.terms import Item

MIN_SENDERS = 5  # where nothing else is asked
LEAST_MAILS = 2  # that a feature occurs in


@dataclass(frozen=True, slots=True)
class Writers:
    """Who wrote the mails, in their order ('': unknown), and how many of them must use a word."""

    names: Sequence[str]
    least: int = MIN_SENDERS

    @classmethod
    def of(cls, rows: Sequence[Row], least: int = MIN_SENDERS) -> Writers:
        """Those of these rows."""
        return cls([row.writer or row.sender for row in rows], least)

    @property
    def are_known(self) -> bool:
        """Is anybody?"""
        return any(self.names)

    def some(self, which: NDArray[np.bool_]) -> Writers:
        """Those of some of the mails."""
        return Writers(
            [name for name, is_meant in zip(self.names, which.tolist(), strict=True) if is_meant], self.least
        )


def learnable(tokens: Callable[[Item], list[str]], items: Sequence[Item], writers: Writers) -> list[str]:
    """The tokens of these mails that may be learned, sorted: used by enough writers, where each mail without a known
    one counts as by another; or by two of those mails."""
    counter = CountVectorizer(analyzer=tokens, binary=True, dtype=np.int32, min_df=LEAST_MAILS)
    try:
        used = counter.fit_transform(items)
    except ValueError:  # no token occurs in two mails
        return []
    unknown = np.array([not name for name in writers.names], dtype=bool)
    by_writer = _of_writers(writers.names) @ used
    enough = np.asarray((by_writer > 0).sum(axis=0)).ravel() >= writers.least
    public = np.asarray(used[unknown].sum(axis=0)).ravel() >= LEAST_MAILS
    return list(counter.get_feature_names_out()[enough | public])


def _of_writers(names: Sequence[str]) -> sparse.csr_matrix:
    """Writers × mails: 1 where it is theirs."""
    place: dict[str, int] = {}
    rows = [place.setdefault(name or f"\n{at}", len(place)) for at, name in enumerate(names)]
    ones = np.ones(len(names), dtype=np.int32)
    return sparse.csr_matrix((ones, (rows, np.arange(len(names)))), shape=(len(place), len(names)))
