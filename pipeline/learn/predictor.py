"""The model in use: labels for a batch in one predict, and the words that decided.

A version of the encoder profile works with its lean heads, and says so, where the encoder is missing or another one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ConfigError
from pipeline.learn import served, terms
from pipeline.learn.confirmed import ConfirmedThreshold
from pipeline.learn.dataset import HEADS
from pipeline.learn.languages import learned
from pipeline.learn.manifest import ENCODER, HeadFacts, threshold_for
from pipeline.learn.version import VECTORS, Version
from pipeline.records.labels import Label, Labels
from pipeline.records.ledger import LedgerText
from pipeline.records.mail import Mail
from pipeline.text.redact import redact, without_names

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.learn.encoder import Encoder

MEANING = "the meaning of the whole"  # in explanations


class ModelPredictor:
    """A version, opened. Implements the door `Predictor`."""

    def __init__(
        self,
        version: Version,
        max_error: Mapping[str, float] | None = None,
        encoder: Path | None = None,
        confirmed: Mapping[str, ConfirmedThreshold] | None = None,
    ) -> None:
        """`max_error` by head, where it is another than the one the version was trained for; `encoder`: its folder;
        `confirmed`: by head what people's answers have shown of this version."""
        self._served = version.serve()
        self.version = version.name
        self.manifest = version.manifest
        self.note = ""  # why it works below what it could, in words for people
        self._max_error = max_error or {}
        self._confirmed = confirmed or {}
        self._learned = learned(version.manifest)
        self._features = self._served.features
        self._encoder: Encoder | None = None
        self._use_lean()
        if version.manifest["profile"] == ENCODER:
            self._use_encoder(encoder, version.path.parent / VECTORS)

    def __getstate__(self) -> dict[str, object]:
        """For another machine: the numbers alone."""
        return {**self.__dict__, "_served": served.pack(self._served), "_features": None, "_heads": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._served = served.unpack(state["_served"])
        self._features = self._served.features
        self._heads = (self._served.encoded if self._encoder else None) or self._served.heads

    @property
    def facts(self) -> Mapping[str, HeadFacts]:
        """What the manifest tells of the heads that are at work."""
        lean = self.manifest.get("lean") if self._encoder is None else None
        return lean or self.manifest["heads"]

    @property
    def is_makeshift(self) -> bool:
        """Do its lean heads stand in for those that need the encoder?"""
        return self._encoder is None and self.manifest["profile"] == ENCODER

    def max_error(self, head: str) -> float:
        """The share of wrong that a head is allowed where it is sure."""
        return self._max_error.get(head) or self.facts[head]["max_error"]

    def weigh(self, head: str, texts: Sequence[LedgerText]) -> list[tuple[str, float]]:
        """What a head says of mails of the ledger, and its confidence; 0.0 where no confidence would make it sure."""
        if not texts:
            return []
        given, known = self.probabilities([_item(one) for one in texts])
        classes, chances = self.facts[head]["classes"], given[head]
        return [
            (classes[chance.argmax()], float(chance.max()) if is_known and not self._is_foreign(one) else 0.0)
            for one, chance, is_known in zip(texts, chances, known, strict=True)
        ]

    @property
    def heads(self) -> Collection[str]:
        """What it has learned to tell."""
        return self.facts.keys()

    def predict(self, mails: Sequence[Mail | LedgerText]) -> list[Labels]:
        """Labels of all of them in one go, in order."""
        if not mails:
            return []
        probabilities, known = self.probabilities([_item(mail) for mail in mails])
        columns = {head: self._labels(head, given, known) for head, given in probabilities.items()}
        nothing = [Label()] * len(mails)
        suspected = self._suspected(probabilities.get("complaint"), len(mails))
        labels = [
            Labels(topic=topic, sentiment=sentiment, complaint=complaint, complaint_suspected=sus, model=self.version)
            for topic, sentiment, complaint, sus in zip(
                *(columns.get(head, nothing) for head in HEADS), suspected, strict=True
            )
        ]
        return [_unsure(one) if self._is_foreign(mail) else one for one, mail in zip(labels, mails, strict=True)]

    def _is_foreign(self, mail: Mail | LedgerText) -> bool:
        """Is its language known, and none that was learned?"""
        return self._learned is not None and bool(mail.language) and mail.language not in self._learned

    def probabilities(self, items: Sequence[terms.Item]) -> tuple[dict[str, terms.Floats], NDArray[np.bool_]]:
        """Per head mails × classes; and which mails hold anything the model has ever seen."""
        vectors = self._vectors(items)  # first: without them other heads are at work
        heads = self._heads
        rows = self._features.width
        scores, is_known = self._features.scores(items, heads.weights[:rows], heads.intercepts)
        if vectors is not None:
            scores += terms.VECTOR_WEIGHT * vectors @ heads.weights[rows:]
        return dict(zip(heads.names, heads.of_scores(scores), strict=True)), is_known

    def explain(self, mail: Mail | LedgerText, top: int = 8) -> Mapping[str, list[tuple[str, float]]]:
        """Per head what spoke for the label: words (with the letters inside them), ideas, marks, and the meaning of
        the whole as the encoder sees it; strongest first."""
        item = _item(mail)
        vectors = self._vectors([item])
        given, _known = self.probabilities([item])
        told: dict[str, list[tuple[str, float]]] = {}
        for head, chances in given.items():
            weights = self._heads.of_winner(head, int(chances[0].argmax()))
            shares = self._shares(item, weights)
            if vectors is not None:
                meaning = terms.VECTOR_WEIGHT * float(vectors[0] @ weights[self._features.width :])
                shares = sorted([*shares, (MEANING, meaning)], key=lambda pair: (-pair[1], pair[0]))
            told[head] = [(name, round(share, 4)) for name, share in shares[:top] if share > 0]
        return told

    def _use_lean(self, why: str = "") -> None:
        self._encoder = None
        self._heads = self._served.heads
        self.note = f"the model works without its encoder, less sure and less right: {why}" if why else ""
        self._set_thresholds()

    def _use_encoder(self, folder: Path | None, cache: Path) -> None:
        if folder is None:
            return self._use_lean("[classify] encoder is not set")
        from pipeline.learn.encoder import Encoder  # most have none

        try:
            encoder = Encoder(folder, cache)
        except ConfigError as error:
            return self._use_lean(error.what)
        if encoder.sha256 != self.manifest["encoder"]["sha256"] or self._served.encoded is None:
            return self._use_lean(f"{folder} holds another one than it was trained with; train again or put it back")
        self._encoder, self._heads = encoder, self._served.encoded
        return self._set_thresholds()

    def _vectors(self, items: Sequence[terms.Item]) -> terms.Floats | None:
        """The encoder's, where it is at work. One that breaks down is gone without from now on."""
        if self._encoder is None:
            return None
        try:
            return self._encoder.vectors(items)
        except ConfigError as error:
            self._use_lean(error.what)
            return None

    def _set_thresholds(self) -> None:
        """Those that people's answers have shown replace those of the training, where the heads at work are the ones
        that were asked about: not the lean ones in the place of the encoder's."""
        self.shipped = {head: threshold_for(facts, self._max_error.get(head)) for head, facts in self.facts.items()}
        confirmed = {} if self.is_makeshift else self._confirmed
        self.thresholds = {
            head: confirmed[head].used(shipped, self.max_error(head)) if head in confirmed else shipped
            for head, shipped in self.shipped.items()
        }

    def _labels(self, head: str, given: NDArray[np.floating], known: NDArray[np.bool_]) -> list[Label]:
        classes = self.facts[head]["classes"]
        threshold = self.thresholds[head]
        winners, confidence = given.argmax(axis=1), given.max(axis=1)
        near = given >= confidence[:, None] / 2
        near[np.arange(len(winners)), winners] = False
        some_near = near.any(axis=1)
        return [
            Label(
                value=classes[winner],
                confidence=float(sureness),
                sure=threshold is not None and bool(is_known) and float(sureness) >= threshold,
                nearly=tuple(classes[other] for other in np.flatnonzero(near[row])) if some_near[row] else (),
                threshold=threshold,
            )
            for row, (winner, sureness, is_known) in enumerate(zip(winners, confidence, known, strict=True))
        ]

    def _suspected(self, complaint: NDArray[np.floating] | None, count: int) -> list[bool]:
        if complaint is None:
            return [False] * count
        suspect = self.facts["complaint"]["suspect"]
        return [suspect is not None and float(share) >= suspect for share in complaint[:, 1]]

    def _shares(self, item: terms.Item, weights: NDArray[np.floating]) -> list[tuple[str, float]]:
        """weight × value of each feature present, runs of letters given to the words they are in."""
        by_name: dict[str, float] = {}
        found = self._features.of([item])
        shares = dict(zip(found.places.tolist(), found.values * weights[found.places], strict=True))
        for name, vocabulary in self._features.vocabularies.items():
            for feature, share in _named(name, item, vocabulary, shares):
                by_name[feature] = by_name.get(feature, 0.0) + share
        return sorted(by_name.items(), key=lambda pair: (-pair[1], pair[0]))


def _unsure(labels: Labels) -> Labels:
    """The same, sure of nothing: a bound that was certified in other languages says nothing about this one."""
    topic, sentiment, complaint = (
        replace(label, sure=False) for label in (labels.topic, labels.sentiment, labels.complaint)
    )
    return replace(labels, topic=topic, sentiment=sentiment, complaint=complaint, is_foreign=True)


def _named(
    block: str, item: terms.Item, vocabulary: Mapping[str, int], values: Mapping[int, float]
) -> list[tuple[str, float]]:
    """The shares of one block under names a person understands."""
    if block == "letters":
        return _letters_by_word(item, vocabulary, values)
    named = "idea: {}" if "idea" in block else "{}"
    return [
        (named.format(token), float(values[vocabulary[token]]))
        for token in dict.fromkeys(terms.TOKENS[block](item))
        if vocabulary.get(token) in values
    ]


def _letters_by_word(
    item: terms.Item, vocabulary: Mapping[str, int], values: Mapping[int, float]
) -> list[tuple[str, float]]:
    """Each run's share is divided among the words that it occurs in."""
    tokens = terms.letter_words(item)
    counts: dict[str, int] = {}
    for word in tokens:
        for gram in terms.grams_of(word):
            counts[gram] = counts.get(gram, 0) + 1
    return [
        (
            word.strip(".,;:!?\"'()[]«»„“”"),
            sum(float(values.get(vocabulary.get(gram, -1), 0.0)) / counts[gram] for gram in terms.grams_of(word)),
        )
        for word in tokens
        if word.strip(".,;:!?\"'()[]«»„“”")
    ]


def _item(mail: Mail | LedgerText) -> terms.Item:
    """Redacted as training data is: a token that is in one and not in the other would be a word nobody ever meets."""
    return (without_names(redact(mail.subject)), without_names(redact(mail.text)))
