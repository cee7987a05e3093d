"""The model in use: labels for a batch in one predict, and the words that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.learn import features
from pipeline.learn.dataset import HEADS
from pipeline.records import Label, Labels, Mail

if TYPE_CHECKING:
    from pipeline.learn.registry import Version


class ModelPredictor:
    """A version, opened. Implements the door `Predictor`."""

    def __init__(self, version: Version, max_error: Mapping[str, float] | None = None) -> None:
        """`max_error` by head, where it is another than the one the version was trained for."""
        pipeline = version.open()
        self.version = version.name
        self.manifest = version.manifest
        self._features = pipeline["features"]
        self._heads: features.Heads = pipeline["heads"]
        self._thresholds = {
            head: threshold_for(facts, (max_error or {}).get(head)) for head, facts in version.manifest["heads"].items()
        }

    def predict(self, mails: Sequence[Mail]) -> list[Labels]:
        """Labels of all of them in one go, in order."""
        if not mails:
            return []
        probabilities, known = self.probabilities([_item(mail) for mail in mails])
        columns = {head: self._labels(head, given, known) for head, given in probabilities.items()}
        nothing = [Label()] * len(mails)
        suspected = self._suspected(probabilities.get("complaint"), len(mails))
        return [
            Labels(topic=topic, sentiment=sentiment, complaint=complaint, complaint_suspected=sus, model=self.version)
            for topic, sentiment, complaint, sus in zip(
                *(columns.get(head, nothing) for head in HEADS), suspected, strict=True
            )
        ]

    def probabilities(self, items: Sequence[features.Item]) -> tuple[dict[str, NDArray[Any]], NDArray[np.bool_]]:
        """Per head mails × classes; and which mails hold anything the model has ever seen."""
        matrix = self._features.transform(items)
        given = self._heads.predict_proba(matrix)
        return dict(zip(self._heads.names, given, strict=True)), features.known(self._features, matrix)

    def explain(self, mail: Mail, top: int = 8) -> Mapping[str, list[tuple[str, float]]]:
        """Per head what spoke for the label: words (with the letters inside them), ideas, marks; strongest first."""
        item = _item(mail)
        matrix = self._features.transform([item])
        told: dict[str, list[tuple[str, float]]] = {}
        for head, given in zip(self._heads.names, self._heads.predict_proba(matrix), strict=True):
            weights = self._heads.head_weights(head, int(given[0].argmax()))
            shares = self._shares(item, matrix, weights)
            told[head] = [(name, round(share, 4)) for name, share in shares[:top] if share > 0]
        return told

    def _labels(self, head: str, given: NDArray[Any], known: NDArray[np.bool_]) -> list[Label]:
        classes = self.manifest["heads"][head]["classes"]
        threshold = self._thresholds[head]
        winners, confidence = given.argmax(axis=1), given.max(axis=1)
        return [
            Label(
                value=classes[winner],
                confidence=float(sureness),
                sure=threshold is not None and bool(is_known) and float(sureness) >= threshold,
            )
            for winner, sureness, is_known in zip(winners, confidence, known, strict=True)
        ]

    def _suspected(self, complaint: NDArray[Any] | None, count: int) -> list[bool]:
        if complaint is None:
            return [False] * count
        suspect = self.manifest["heads"]["complaint"]["suspect"]
        return [suspect is not None and float(share) >= suspect for share in complaint[:, 1]]

    def _shares(self, item: features.Item, matrix: Any, weights: NDArray[Any]) -> list[tuple[str, float]]:
        """weight × value of each feature present, runs of letters given to the words they stand in."""
        by_name: dict[str, float] = {}
        start = 0
        for name, vectorizer in self._features.transformer_list:
            width = len(vectorizer.vocabulary_)
            block = matrix[:, start : start + width]
            values = dict(zip(block.indices.tolist(), block.data * weights[start + block.indices], strict=True))
            for feature, share in _named(name, item, vectorizer.vocabulary_, values):
                by_name[feature] = by_name.get(feature, 0.0) + share
            start += width
        return sorted(by_name.items(), key=lambda pair: (-pair[1], pair[0]))


def threshold_for(facts: Mapping[str, Any], max_error: float | None) -> float | None:
    """From where a head may call itself sure; None: never.

    Another `max_error` than the trained one takes the threshold certified for the next stricter level on the card.
    """
    if max_error is None or max_error == facts["max_error"]:
        return _number(facts["threshold"])
    certified = {float(level): figures["threshold"] for level, figures in facts["levels"].items()}
    allowed = [level for level, threshold in certified.items() if level <= max_error and threshold is not None]
    return _number(certified[max(allowed)]) if allowed else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _named(
    block: str, item: features.Item, vocabulary: Mapping[str, int], values: Mapping[int, float]
) -> list[tuple[str, float]]:
    """The shares of one block under names a person understands."""
    if block == "letters":
        return _letters_by_word(item, vocabulary, values)
    named = "idea: {}" if "idea" in block else "{}"
    return [
        (named.format(token), float(values[vocabulary[token]]))
        for token in dict.fromkeys(features.TOKENS[block](item))
        if vocabulary.get(token) in values
    ]


def _letters_by_word(
    item: features.Item, vocabulary: Mapping[str, int], values: Mapping[int, float]
) -> list[tuple[str, float]]:
    """Each run's share is divided among the words that it occurs in."""
    tokens = features.letter_words(item)
    counts: dict[str, int] = {}
    for word in tokens:
        for gram in features.grams_of(word):
            counts[gram] = counts.get(gram, 0) + 1
    return [
        (
            word.strip(".,;:!?\"'()[]«»„“”"),
            sum(float(values.get(vocabulary.get(gram, -1), 0.0)) / counts[gram] for gram in features.grams_of(word)),
        )
        for word in tokens
        if word.strip(".,;:!?\"'()[]«»„“”")
    ]


def _item(mail: Mail) -> features.Item:
    return (mail.subject, mail.text)
