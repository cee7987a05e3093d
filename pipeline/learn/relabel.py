"""Mails of the ledger labelled once more: the piece of work that this process, or a worker of a cluster, does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import ConfigError
from pipeline.learn.predictor import ModelPredictor
from pipeline.records.labels import Labels
from pipeline.records.ledger import LedgerText


@dataclass(frozen=True, eq=False, repr=False)
class TextsToLabel:
    """A portion of mails. Never shown in words: a log of Dask's would quote them."""

    texts: Sequence[LedgerText]
    makeshift: bool  # do the lean heads stand in for those that need the encoder, where this was asked?


def label_texts(predictor: ModelPredictor, portion: TextsToLabel) -> list[Labels]:
    """Their labels. Raises ConfigError where the encoder does not work on the machine that does it."""
    labels = predictor.predict(portion.texts)
    if predictor.is_makeshift and not portion.makeshift:
        raise ConfigError(
            f"on a worker {predictor.note}",
            where="config.toml, classify.encoder",
            remedy="each machine of the cluster needs the same encoder, at the same place",
        )
    return labels
