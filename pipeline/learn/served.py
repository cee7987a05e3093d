"""What of a fitted model labels mail: vocabularies and arrays. Scikit-learn, slow to import, is not needed for it.

A version keeps it as `served.npz` beside its joblib file, under the same signature. `allow_pickle` stays off, so that
reading it can run nothing.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from pipeline.learn.plain import PlainFeatures
from pipeline.learn.terms import Floats

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

_BETWEEN = "\n"  # the tokens of a vocabulary: none holds a line end


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadWeights:
    """The fitted heads as one matrix: all scores of a batch in a single product.

    `names`: the heads; `classes`: of each; `weights`: features × outputs; a head of two classes has one output, which
    speaks for the second. `temperatures` turn scores into probabilities.
    """

    names: Sequence[str]
    classes: Sequence[Sequence[str]]
    weights: Floats
    intercepts: Floats
    temperatures: Sequence[float]

    def of_scores(self, scores: Floats) -> list[Floats]:
        """Per head the probabilities that belong to the scores, mails × outputs."""
        parts: list[Floats] = []
        start = 0
        for classes, temperature in zip(self.classes, self.temperatures, strict=True):
            width = outputs(classes)
            parts.append(probabilities(scores[:, start : start + width], temperature))
            start += width
        return parts

    def of_winner(self, name: str, winner: int) -> Floats:
        """What each feature counts for the winning class, against the mean of the others."""
        place = list(self.names).index(name)
        start = sum(outputs(classes) for classes in self.classes[:place])
        own = self.weights[:, start : start + outputs(self.classes[place])]
        if own.shape[1] == 1:
            return np.asarray(own[:, 0] if winner == 1 else -own[:, 0])
        others = (own.sum(axis=1) - own[:, winner]) / (own.shape[1] - 1)
        return np.asarray(own[:, winner] - others)


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """A model at work. `encoded`: the heads that also see the encoder's vectors, None in the lean profile."""

    features: PlainFeatures
    heads: HeadWeights
    encoded: HeadWeights | None


def outputs(classes: Sequence[str]) -> int:
    """Columns of scores that a head has."""
    return 1 if len(classes) == 2 else len(classes)


def probabilities(scores: NDArray[np.floating], temperature: float) -> Floats:
    """Scores, mails × columns (one column for two classes) → probabilities, mails × classes, by softmax.

    The temperature divides the scores: it changes no ranking.
    """
    if scores.shape[1] == 1:
        scores = np.hstack([-scores / 2, scores / 2])
    scaled = scores / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), dtype=np.float32)


def of_pipeline(pipeline: Pipeline) -> Served:
    """The same from the fitted Pipeline of features.assemble."""
    heads = pipeline["heads"]
    encoded = heads.encoded.arrays if heads.encoded is not None else None
    return Served(features=PlainFeatures.of_union(pipeline["features"]), heads=heads.arrays, encoded=encoded)


# --- the file ---------------------------------------------------------------------------------------------------------


class _HeadTold(TypedDict):
    """What of the heads is no array."""

    names: list[str]
    classes: list[list[str]]
    temperatures: list[float]
    shape: list[int]  # features × outputs


def pack(served: Served) -> bytes:
    """As bytes of a compressed .npz."""
    features = served.features
    told = {
        "blocks": list(features.vocabularies),
        "heads": _told(served.heads),
        "encoded": _told(served.encoded) if served.encoded else None,
    }
    # Any: savez_compressed takes a flag by name too, which none of these is.
    arrays: dict[str, Any] = {"told": _bytes(json.dumps(told)), "idf": features.idf, "weights": features.weights}
    for name, vocabulary in features.vocabularies.items():
        arrays[f"tokens {name}"] = _bytes(_BETWEEN.join(vocabulary))
    for name, heads in (("heads", served.heads), ("encoded", served.encoded)):
        arrays |= _sparse(name, heads) if heads else {}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def unpack(data: bytes) -> Served:
    """Only for what `pack` wrote; the signature says whether it did."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        told = json.loads(arrays["told"].tobytes())
        blocks = {name: _tokens(arrays[f"tokens {name}"].tobytes().decode()) for name in told["blocks"]}
        features = PlainFeatures(blocks, arrays["idf"], arrays["weights"])
        encoded = _heads("encoded", told["encoded"], arrays) if told["encoded"] else None
        return Served(features=features, heads=_heads("heads", told["heads"], arrays), encoded=encoded)


def _tokens(text: str) -> list[str]:
    return text.split(_BETWEEN) if text else []


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _told(heads: HeadWeights) -> _HeadTold:
    return {
        "names": list(heads.names),
        "classes": [list(map(str, classes)) for classes in heads.classes],
        "temperatures": [float(temperature) for temperature in heads.temperatures],
        "shape": list(heads.weights.shape),
    }


def _sparse(name: str, heads: HeadWeights) -> dict[str, NDArray[np.uint32] | Floats]:
    """Most weights are pruned: only the others are kept, with where they stand."""
    places = np.flatnonzero(heads.weights)
    steps = np.diff(places, prepend=0).astype(np.uint32)  # small numbers compress well
    values = heads.weights.reshape(-1)[places]
    return {f"{name} steps": steps, f"{name} values": values, f"{name} intercepts": heads.intercepts}


# Any: each array has its own kind of numbers.
def _heads(name: str, told: _HeadTold, arrays: Mapping[str, NDArray[Any]]) -> HeadWeights:
    weights = np.zeros(told["shape"], dtype=np.float32)
    weights.reshape(-1)[np.cumsum(arrays[f"{name} steps"], dtype=np.int64)] = arrays[f"{name} values"]
    return HeadWeights(
        names=told["names"],
        classes=told["classes"],
        weights=weights,
        intercepts=arrays[f"{name} intercepts"],
        temperatures=told["temperatures"],
    )
