"""May a candidate be used? It is compared with the version in use on mails that neither has fitted."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence

from pipeline.errors import NotFoundError, UnusableModelError
from pipeline.learn import evaluate, promote
from pipeline.learn.dataset import Row
from pipeline.learn.evaluate import Judgement
from pipeline.learn.grouping import Kin
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.registry import Registry
from pipeline.learn.split import Split
from pipeline.learn.version import ROWS_FITTED, Version

ENOUGH = 0.1  # of the mails that no version has fitted must be different from those


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
        if name == current:
            return True, "it is in use already"
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
    common = _new_to(parts, [version.rows(ROWS_FITTED) for version in (candidate, current) if version])
    if not common:
        return promote.Gate(passed=False, reason="every test mail was fitted by one of the two: nothing to compare on")
    out_of_fold = {head: facts["out_of_fold"]["accuracy"] for head, facts in candidate.manifest["heads"].items()}
    alone = promote.first(_side(registry, candidate, common), out_of_fold)
    if current is None or not alone.passed:
        return alone
    return promote.against(_side(registry, candidate, common), _side(registry, current, common), topics)


def _new_to(parts: Split, fitted: Sequence[Container[str]]) -> list[Row]:
    """The mails of the test part that no version has fitted, nor a near-duplicate of them: who has learned one by heart
    would win by it. Where mail repeats itself so much that hardly any is left, near-duplicates count."""
    seen = [row for row in (*parts.train, *parts.test) if any(row.hash in names for names in fitted)]
    unseen = [row for row in parts.test if not any(row.hash in names for names in fitted)]
    kin = Kin(seen)
    different = [row for row in unseen if not kin.has(row)]
    return different if len(different) >= max(promote.LEAST_COMMON, ENOUGH * len(unseen)) else unseen


def _side(registry: Registry, version: Version, rows: Sequence[Row]) -> promote.Contender:
    predictor = registry.predictor(version.name)
    heads = predictor.facts
    return promote.Contender(
        judgements=judgements(predictor, rows),
        certifies={head: threshold is not None for head, threshold in predictor.thresholds.items()},
        classes={head: facts["classes"] for head, facts in heads.items()},
        max_error={head: facts["max_error"] for head, facts in heads.items()},
        languages=_languages(version),
    )


def _languages(version: Version) -> dict[str, int]:
    """How many rows of each language it was fitted on."""
    mix, rows = version.manifest["mix"]["language"], version.manifest["rows"]
    return {name: round(share * rows) for name, share in mix.items()}
