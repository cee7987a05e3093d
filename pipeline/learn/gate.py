"""May a candidate be used? It is compared with the version in use on mails that neither has fitted."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import NotFoundError, UnusableModelError
from pipeline.learn import evaluate, promote
from pipeline.learn.dataset import Row
from pipeline.learn.evaluate import Judgement
from pipeline.learn.grouping import Kin
from pipeline.learn.manifest import HeadFacts
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.registry import RETIRED, Registry
from pipeline.learn.said import Words, words_of
from pipeline.learn.split import Split
from pipeline.learn.version import ROWS_FITTED, Version

ENOUGH = 0.1  # of the mails that no version has fitted must be different from those
MOST_BY_HEART = 5_000  # mails that tell whether labels have been exchanged


def promote_version(registry: Registry, name: str, *, force: bool) -> tuple[bool, str]:
    """Promotes a version that the gate has let through and that was held back; `force`: whatever the gate said."""
    with registry.locked():
        registry.verify(name)
        if force:  # also where what is in use can't be told any more
            registry.use(name, "force", "manually, past the gate")
            return True, "manually, past the gate"
        current = registry.current()
        decisions = [entry for entry in registry.history() if entry.version == name]
        last = decisions[-1] if decisions else None
        if name in registry.retired():
            return False, RETIRED
        if name == current:
            return True, "it is in use already"
        if last and last.action == "refuse" and _is_confirmed(registry, name, last.reason):
            last = replace(last, action="hold", reason="people have confirmed it: what it lacked is shown")
        if last is None or last.action != "hold":
            why = last.reason if last else "it was never judged"
            return False, f"the gate has not let it through: {why} (--force promotes it all the same)"
        if last.against != current:
            return False, f"it was compared with {last.against or 'nothing'}, not with {current}: train again"
        registry.use(name, "promote", last.reason)
        return True, last.reason


def judgements(predictor: ModelPredictor, rows: Sequence[Row]) -> dict[str, Judgement]:
    """What a version says of labelled rows, for each head that has labels among them."""
    given, known = predictor.probabilities([row.item for row in rows])
    judged: dict[str, Judgement] = {}
    for head, probabilities in given.items():
        facts = predictor.facts[head]
        judgement = evaluate.judge(head, facts["classes"], rows, probabilities, facts["threshold"], known)
        if judgement:
            judged[head] = judgement
    return judged


def in_use(registry: Registry) -> Version | None:
    """The version in use, or the one that serves for it; None when there is none that can be used."""
    for name in registry.candidates():
        try:
            registry.verify(name)
            return registry.version(name)
        except (UnusableModelError, NotFoundError):
            continue  # `model verify` and `status` tell; a new version is being made right now
    return None


def _is_confirmed(registry: Registry, name: str, reason: str) -> bool:
    """Was it refused for nothing but that it certified nothing, and have people's answers shown that it may be sure?"""
    confirmed = registry.confirmed(name)
    shown = {promote.UNCERTIFIED.format(head) for head, one in confirmed.items() if one.threshold is not None}
    return set(reason.split("; ")) <= shown


def judge_and_use(
    registry: Registry, candidate: Version, parts: Split, topics: Collection[str], *, use: bool
) -> tuple[bool, str]:
    """The gate; what it decides is written into the history. Under the lock."""
    gate = _gate(registry, candidate, parts, topics)
    if not gate.passed:
        registry.note("refuse", candidate.name, gate.reason)
        return False, gate.reason
    if not use:
        registry.note("hold", candidate.name, gate.reason)
        return False, f"held back as asked (--no-promote); the gate lets it through: {gate.reason}"
    registry.use(candidate.name, "promote", gate.reason)
    return True, gate.reason


def _gate(registry: Registry, candidate: Version, parts: Split, topics: Collection[str]) -> promote.Gate:
    current = in_use(registry)
    pool = _pool(parts, candidate, current)
    new = _Side.of(registry, candidate, pool)
    out_of_fold = {head: facts["out_of_fold"]["accuracy"] for head, facts in candidate.manifest["heads"].items()}
    alone = new.contender({head: rows for head, rows in new.said.items() if rows.any()})
    if not alone.judgements:
        return promote.Gate(passed=False, reason="every test mail was fitted by one of the two: nothing to compare on")
    gate = promote.first(alone, out_of_fold)
    if current is None or not gate.passed:
        return gate
    by_heart = _by_heart(registry, current, [*parts.train, *parts.test])
    old = _Side.of(registry, current, pool)
    old = replace(old, renamed=promote.renamed(by_heart.get("topic", ()), old.classes("topic"), topics))
    both = {head: new.said[head] & old.said[head] for head in new.said if head in old.said}
    beside = replace(old.contender(both), by_heart=by_heart)
    return promote.against(new.contender(both), beside, topics, renews=registry.leaving() is not None)


def _pool(parts: Split, candidate: Version, current: Version | None) -> list[Row]:
    """Mails of which the versions can say something that they have not learned by heart: the test part, and fitted mail
    of which they kept what was said out of fold."""
    rows = [*parts.train, *parts.test] if any(candidate.said([row.hash for row in parts.train])) else parts.test
    fitted = [version.rows(ROWS_FITTED) for version in (candidate, current) if version]
    return fair_to_both(rows, fitted, [*parts.train, *parts.test])


def fair_to_both(rows: Sequence[Row], fitted: Sequence[Container[str]], known: Sequence[Row]) -> list[Row]:
    """Those that all have fitted, or none has, nor a near-duplicate of them: who has learned one by heart would win by
    it. Where mail repeats itself so much that hardly any is left, near-duplicates count.

    `fitted`: hashes, for each version; `known`: the rows among which fitted ones are looked for.
    """
    alike = [row for row in rows if all(row.hash in names for names in fitted)]
    others = [row for row in rows if not all(row.hash in names for names in fitted)]
    kin = Kin([row for row in known if any(row.hash in names for names in fitted)])
    different = [row for row in others if not kin.has(row)]
    enough = len(different) >= max(promote.LEAST_COMMON, ENOUGH * len(others))
    return [*alike, *(different if enough else others)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Side:
    """One version, and what it says of the mails that are compared on."""

    facts: Mapping[str, HeadFacts]
    thresholds: Mapping[str, float | None]
    version: Version
    rows: Sequence[Row]
    words: Mapping[str, Words]
    renamed: Mapping[str, str] = field(default_factory=dict)  # topics of it that have another name now

    @classmethod
    def of(cls, registry: Registry, version: Version, rows: Sequence[Row]) -> _Side:
        predictor = registry.predictor(version.name)
        words = words_of(version, predictor, rows)
        thresholds = predictor.thresholds
        return cls(facts=predictor.facts, thresholds=thresholds, version=version, rows=rows, words=words)

    def classes(self, head: str) -> list[str]:
        names = self.facts[head]["classes"] if head in self.facts else []
        return [self.renamed.get(name, name) for name in names] if head == "topic" else list(names)

    @property
    def said(self) -> dict[str, NDArray[np.bool_]]:
        """By head, of which rows that have a label it says something. Heads that have no label here are left out."""
        has_label = {head: np.array([row.label(head) is not None for row in self.rows]) for head in self.words}
        return {head: has_label[head] & words.given for head, words in self.words.items() if has_label[head].any()}

    def contender(self, which: Mapping[str, NDArray[np.bool_]]) -> promote.Contender:
        """Judged on these rows, by head."""
        return promote.Contender(
            judgements={
                head: self.words[head].judge(head, self.classes(head), self.rows, rows, self.thresholds[head])
                for head, rows in which.items()
            },
            certifies={head: threshold is not None for head, threshold in self.thresholds.items()},
            classes={head: self.classes(head) for head in self.facts},
            max_error={head: facts["max_error"] for head, facts in self.facts.items()},
            languages=_languages(self.version),
        )


def _by_heart(registry: Registry, version: Version, rows: Sequence[Row]) -> dict[str, list[promote.Pair]]:
    """What a version says of mail that it has fitted, beside the labels that this mail has now; by head."""
    fitted = version.rows(ROWS_FITTED)
    known = [row for row in rows if row.hash in fitted][:MOST_BY_HEART]
    if not known:
        return {}
    predictor = registry.predictor(version.name)
    given, _known = predictor.probabilities([row.item for row in known])
    classes = {head: predictor.facts[head]["classes"] for head in given}
    return {
        head: [
            (classes[head][place], label)
            for row, place in zip(known, probabilities.argmax(axis=1).tolist(), strict=True)
            if (label := row.label(head)) is not None
        ]
        for head, probabilities in given.items()
    }


def _languages(version: Version) -> dict[str, int]:
    """How many rows of each language it was fitted on."""
    mix, rows = version.manifest["mix"]["language"], version.manifest["rows"]
    return {name: round(share * rows) for name, share in mix.items()}
