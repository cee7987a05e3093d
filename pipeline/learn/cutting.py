"""Cutting words out of a version in use: those that only mail had which is not there any more.

The last resort after an erasure, where no new version may take the place of the one that must go. What the remaining
mail would not bring into the vocabulary leaves it, with its weights. Of a mail without such a word everything else
says what it said: the weights of a block are those of its own words (TF-IDF, each block with length one).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline

from pipeline.learn.dataset import Row
from pipeline.learn.features import Heads, assemble
from pipeline.learn.manifest import Details
from pipeline.learn.registry import Registry
from pipeline.learn.terms import WRITTEN
from pipeline.learn.version import ROWS_FITTED, ROWS_FROZEN, Version
from pipeline.learn.vocabulary import Writers, learnable

NOTE = "words that only mail of erased customers had were cut out of the version before it"


def cut_out(registry: Registry, rows: Sequence[Row], least: int) -> str:
    """Makes a version of the one in use, without words that these rows would not teach, and uses it. Returns its name,
    '' where the one in use may stay. Under the lock. `least`: see Writers. Raises UnusableModelError."""
    if registry.leaving() is None:
        return ""
    old = registry.version(registry.current())
    fitted, frozen = (old.rows(which) for which in (ROWS_FITTED, ROWS_FROZEN))
    names = [row.hash for row in rows if row.hash in fitted]
    lines = zip(names, old.said(names), strict=True)
    digest = hashlib.sha256("\n".join([old.manifest["data"], *names]).encode()).hexdigest()
    new = registry.save(
        without_words(old.open(), rows, least),
        _details(old, len(names), digest),
        fitted=names,
        frozen=[row.hash for row in rows if row.hash in frozen],
        digest=digest,
        said={name: line for name, line in lines if line},
    )
    registry.use(new.name, "promote", NOTE)
    return new.name


def without_words(pipeline: Pipeline, rows: Sequence[Row], least: int) -> Pipeline:
    """The same, knowing only words that these rows teach."""
    items, writers = [row.item for row in rows], Writers.of(rows, least)
    union, heads = pipeline["features"], pipeline["heads"]
    kept, blocks = [], []
    start = 0
    for name, block in union.transformer_list:
        words = sorted(block.vocabulary_, key=block.vocabulary_.__getitem__)
        taught = set(learnable(block.analyzer, items, writers)) if name in WRITTEN else set(words)
        stay = [place for place, word in enumerate(words) if word in taught]
        kept += [start + place for place in stay]
        start += len(words)
        if stay:
            blocks.append((name, _block(block, [words[place] for place in stay], stay)))
    weights = {name: union.transformer_weights[name] for name, _block in blocks}
    features = FeatureUnion(blocks, transformer_weights=weights)
    encoded = _heads(heads.encoded, kept, start) if heads.encoded is not None else None
    return assemble(features, _heads(heads, kept, start), encoded)


def _block(block: TfidfVectorizer, words: Sequence[str], places: Sequence[int]) -> TfidfVectorizer:
    made = TfidfVectorizer(analyzer=block.analyzer, sublinear_tf=True, vocabulary=words, dtype=np.float32)
    made.idf_ = block.idf_[places]
    return made


def _heads(heads: Heads, kept: Sequence[int], width: int) -> Heads:
    """With the weights of these features, and of the encoder's vectors right of them."""
    vectors = range(width, heads.weights.shape[0])
    return Heads(
        names=heads.names,
        classes=heads.classes,
        weights=sparse.csr_matrix(heads.weights[[*kept, *vectors]]),
        intercepts=heads.intercepts,
        temperatures=heads.temperatures,
    )


def _details(old: Version, fitted: int, digest: str) -> Details:
    """What was measured of the version before is told of this one: nothing else was."""
    told = {name: value for name, value in old.manifest.items() if name in Details.__annotations__}
    notes = [*old.manifest["notes"], NOTE]
    return {**told, "rows": fitted, "data": digest, "notes": notes}  # type: ignore[typeddict-item]
