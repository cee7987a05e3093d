"""The model's life, joined: files → dataset → split → train → evaluate → promote → registry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version as installed
from pathlib import Path
from time import perf_counter
from typing import Any

from pipeline.config.settings import Config
from pipeline.errors import NotFoundError, UnusableModelError, UsageError
from pipeline.learn import curves, dataset, evaluate, grouping, promote, split, train
from pipeline.learn.dataset import HEADS, Columns, Dataset, Row
from pipeline.learn.drift import shares
from pipeline.learn.encoder import Encoder
from pipeline.learn.evaluate import Judgement
from pipeline.learn.predictor import ENCODER, LEAN, ModelPredictor
from pipeline.learn.registry import ROWS_FITTED, ROWS_FROZEN, Registry, Version
from pipeline.learn.thinning import thinned

NOT_MEASURED = (
    "mails written after the training data was frozen",
    "agreement between people who label the same mail",
)
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "vadersentiment")


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a training is asked for."""

    files: Sequence[Path]
    test: Path | None = None  # the frozen test part; None: the newest fifth
    columns: Columns = field(default_factory=Columns)
    settings: train.Settings = field(default_factory=train.Settings)
    promote: bool = True
    topics: Collection[str] = ()  # of `[topics]`: one that left it may leave the model


def registry_of(config: Config, folder: Path | None = None) -> Registry:
    """The models of this configuration, or those in another folder."""
    return Registry(folder or config.at(config.classify.models), config.key(), encoder=config.encoder_folder())


def settings_of(config: Config, *, thorough: bool = False) -> train.Settings:
    max_error = {head: float(getattr(config.classify.max_error, head)) for head in HEADS}
    return train.Settings(max_error=max_error, thorough=thorough)


def train_starter(config: Config) -> str:
    """Trains from `training_data/` and puts the result in use. Returns the version. Raises UsageError."""
    files = dataset.files_in(config.at("training_data"))
    request = Request(files=files, settings=settings_of(config), topics=tuple(config.topics))
    document = train_candidate(request, registry_of(config))
    if not document["promoted"]:
        raise UsageError(
            f"the starter model was not put in use: {document['reason']}",
            where=str(config.at("training_data")),
            remedy="look at it with `firstline model show`, or train again with `firstline model train`",
        )
    return str(document["version"])


def train_candidate(
    request: Request, registry: Registry, progress: train.Progress = lambda _step: None
) -> dict[str, Any]:
    """Fits, evaluates, saves and judges a candidate. Returns the document of `model train --json`."""
    began = perf_counter()
    data, parts = prepare(request, registry)
    encoder = Encoder(registry.encoder, registry.cache()) if registry.encoder else None
    vectors = encoder.vectors([row.item for row in parts.train], progress) if encoder else None
    fitted = train.fit(parts.train, request.settings, progress, vectors=vectors, torn=parts.torn)
    progress("evaluating and saving")
    digest = _digest(parts, request.settings, encoder)
    heads, lean = _figures(fitted, parts.test, encoder)
    details = _details(fitted, parts, heads, [*data.notes], digest, request)
    if encoder:
        details |= {"profile": ENCODER, "encoder": {"sha256": encoder.sha256}, "lean": _told(fitted.lean, lean)}
    details |= _more_about(fitted, parts, thorough=request.settings.thorough)
    details["not_measured"] = _gaps(details)
    with registry.locked():
        version = registry.save(
            fitted.pipeline,
            details,
            fitted=[row.hash for row in parts.train],
            frozen=[row.hash for row in parts.test],
            digest=digest,
        )
        promoted, reason = _judge_and_use(registry, version, parts.test, request)
    return {
        "version": version.name,
        "rows": len(parts.train),
        "test_rows": len(parts.test),
        "seconds": round(perf_counter() - began, 2),
        "promoted": promoted,
        "reason": reason,
        "heads": heads,
        "notes": list(details["notes"]),
        "not_measured": details["not_measured"],
    }


def evaluate_version(registry: Registry, files: Sequence[Path], columns: Columns, name: str = "") -> dict[str, Any]:
    """Metrics of a version (the one in use unless named) on labelled data. Raises NotFoundError, UsageError."""
    began = perf_counter()
    name = name or registry.current()
    if not name:
        raise NotFoundError("there is no model in use", where=str(registry.folder), remedy="firstline model train")
    version = registry.version(name)
    data = dataset.load(files, columns)
    predictor = registry.predictor(name)
    fitted = version.rows(ROWS_FITTED)
    seen = sum(row.hash in fitted for row in data.rows)
    notes = [*data.notes, *filter(None, [predictor.note])]
    if seen:
        notes.append(f"{seen} of these rows were fitted by this version: its figures flatter it")
    judged = judgements(predictor, data.rows)
    heads = predictor.facts
    return {
        "version": name,
        "rows": len(data.rows),
        "seconds": round(perf_counter() - began, 2),
        "heads": {
            head: evaluate.plain(evaluate.metrics(judged[head], heads[head]["threshold"]))
            for head in heads
            if head in judged
        },
        "notes": notes,
    }


def promote_version(registry: Registry, name: str, *, force: bool) -> tuple[bool, str]:
    """Puts a version in use that the gate has let through and that was held back; `force`: whatever the gate said."""
    with registry.locked():
        current = registry.current()
        registry.verify(name)
        if force:
            registry.use(name, "force", "by hand, past the gate")
            return True, "by hand, past the gate"
        decisions = [entry for entry in registry.history() if entry.version == name]
        last = decisions[-1] if decisions else None
        if name == current:
            return True, "it is in use already"
        if last is None or last.action != "hold":
            why = last.reason if last else "it was never judged"
            return False, f"the gate has not let it through: {why} (--force puts it in use all the same)"
        if last.against != current:
            return False, f"it was compared with {last.against or 'nothing'}, not with {current}: train again"
        registry.use(name, "promote", last.reason)
        return True, last.reason


def prepare(request: Request, registry: Registry) -> tuple[Dataset, split.Split]:
    """Rows with groups, rare classes out, split into fitted and frozen. Raises UsageError."""
    loaded = dataset.load(request.files, request.columns)
    enough, thinner = thinned(loaded.rows)
    known = loaded.notes
    del loaded  # the rows that are too many fill the memory
    rows = grouping.with_groups(enough)
    usable = dataset.without_rare_classes(rows, train.LEAST_ROWS)
    if request.test:
        parts = split.given_test(usable.rows, dataset.load([request.test], request.columns).rows)
    else:
        parts = split.newest_fifth(usable.rows, _frozen(registry))
    notes = (*known, *filter(None, [thinner]), *usable.notes)
    if not parts.train or not parts.test:
        raise UsageError(
            f"{len(usable.rows)} usable rows are too few to learn from some and test on others"
            + "".join(f"\n  {note}" for note in notes),
            where=", ".join(str(path) for path in request.files),
            remedy=f"label more mail: at least {train.LEAST_ROWS} different mails a class, better 50",
        )
    return Dataset(rows=usable.rows, notes=notes), parts


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


def _frozen(registry: Registry) -> frozenset[str]:
    """Rows that the version in use kept out stay out."""
    version = _in_use(registry)
    return version.rows(ROWS_FROZEN) if version else frozenset()


def _in_use(registry: Registry) -> Version | None:
    """The version in use, or the one that serves for it; None when there is none that can be used."""
    for name in registry.candidates():
        try:
            registry.verify(name)
            return registry.version(name)
        except (UnusableModelError, NotFoundError):
            continue  # `model verify` and `status` tell; a new version is being made right now
    return None


def _figures(fitted: train.Trained, test: Sequence[Row], encoder: Encoder | None) -> tuple[dict[str, Any], ...]:
    """Per head on the test part: of the best profile, and of the lean one beside it."""
    items = [row.item for row in test]
    best = fitted.probabilities(items, encoder.vectors(items) if encoder else None)
    if not encoder:
        return _heads(fitted.heads, best, test), {}
    return _heads(fitted.heads, best, test), _heads(fitted.lean, fitted.probabilities(items, None), test)


def _heads(fits: Mapping[str, train.HeadFit], given: Sequence[Any], test: Sequence[Row]) -> dict[str, Any]:
    """The figures of each head on the test part; a head without labels there shows as not measured."""
    heads: dict[str, Any] = {}
    for (head, fit), probabilities in zip(fits.items(), given, strict=True):
        threshold = fit.certified.threshold
        judged = evaluate.judge(head, fit.classes, test, probabilities, threshold)
        figures = evaluate.metrics(judged, threshold) if judged else {"threshold": threshold, "accuracy": None}
        heads[head] = {
            **evaluate.plain(figures),
            "classes": len(fit.classes),
            "threshold": threshold,
            "max_error": fit.max_error,
            "would_certify": evaluate.plain(fit.levels),
            **(curves.drawn(judged) if judged else {}),
        }
    return heads


def _more_about(fitted: train.Trained, parts: split.Split, *, thorough: bool) -> dict[str, Any]:
    """What takes fits of its own: done where they cost seconds, or when asked to be thorough."""
    if not thorough and len(parts.train) > curves.SMALL:
        return {}
    found: dict[str, Any] = {
        "learning_curve": {
            head: curves.learning_curve(head, fit.c, parts.train, parts.test) for head, fit in fitted.heads.items()
        }
    }
    if topic := fitted.heads.get("topic"):
        scope = curves.out_of_scope(topic.c, topic.temperature, parts.train, parts.test)
        found |= {"out_of_scope": scope} if scope else {}
    return found


def _details(
    fitted: train.Trained,
    parts: split.Split,
    measured: Mapping[str, Any],
    notes: list[str],
    digest: str,
    request: Request,
) -> dict[str, Any]:
    """What the manifest tells of a version."""
    return {
        "profile": LEAN,
        "rows": len(parts.train),
        "test_rows": len(parts.test),
        "mix": {what: shares(getattr(row, what) or "" for row in parts.train) for what in ("language", *HEADS)},
        "data": digest,
        "settings": {"max_error": dict(request.settings.max_error), "thorough": request.settings.thorough},
        "libraries": {name: installed(name) for name in _LIBRARIES},
        "heads": _told(fitted.heads, measured),
        "notes": [*notes, *(_silence(head, fit) for head, fit in fitted.heads.items() if not _certifies(fit))],
    }


def _told(fits: Mapping[str, train.HeadFit], measured: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest tells of the heads."""
    return {
        head: {
            "classes": list(fit.classes),
            "c": fit.c,
            "meaning": fit.meaning,
            "temperature": fit.temperature,
            "max_error": fit.max_error,
            "threshold": fit.certified.threshold,
            "suspect": fit.suspect,
            "levels": fit.levels,
            "out_of_fold": {
                "accuracy": fit.accuracy,
                "macro_f1": fit.macro_f1,
                "coverage": fit.certified.coverage,
                "error_when_sure": fit.certified.error,
            },
            "test": measured[head],
        }
        for head, fit in fits.items()
    }


def _gaps(details: Mapping[str, Any]) -> list[str]:
    """What nobody measured, in words: a card without gaps would be a lie."""
    gaps = list(NOT_MEASURED)
    if "out_of_scope" not in details:
        gaps.append("mails about nothing the model knows (model train --thorough)")
    if "learning_curve" not in details:
        gaps.append("what more mail would bring (model train --thorough)")
    return gaps


def _certifies(fit: train.HeadFit) -> bool:
    return fit.certified.threshold is not None


def _silence(head: str, fit: train.HeadFit) -> str:
    """Why a head is never sure, and what would change that."""
    told = f"the {head} head is never sure: no threshold certifies {fit.max_error:.0%} wrong on these rows"
    for level, figures in fit.levels.items():
        if figures["threshold"] is not None:
            return f"{told}; max_error = {level} would make it sure of {figures['coverage']:.0%}, more mail of more"
    return f"{told}; it needs more labelled mail"


def _judge_and_use(registry: Registry, candidate: Version, test: Sequence[Row], request: Request) -> tuple[bool, str]:
    """The gate; what it decides is written into the history. Under the lock."""
    gate = _gate(registry, candidate, test, request.topics)
    if not gate.passed:
        registry.note("refuse", candidate.name, gate.reason)
        return False, gate.reason
    if not request.promote:
        registry.note("hold", candidate.name, gate.reason)
        return False, f"held back as asked (--no-promote); the gate lets it through: {gate.reason}"
    registry.use(candidate.name, "promote", gate.reason)
    return True, gate.reason


def _gate(registry: Registry, candidate: Version, test: Sequence[Row], topics: Collection[str]) -> promote.Gate:
    current = _in_use(registry)
    fitted = candidate.rows(ROWS_FITTED) | (current.rows(ROWS_FITTED) if current else frozenset())
    common = [row for row in test if row.hash not in fitted]
    if not common:
        return promote.Gate(passed=False, reason="every test mail was fitted by one of the two: nothing to compare on")
    out_of_fold = {head: facts["out_of_fold"]["accuracy"] for head, facts in candidate.manifest["heads"].items()}
    alone = promote.first(_side(registry, candidate, common), out_of_fold)
    if current is None or not alone.passed:
        return alone
    return promote.against(_side(registry, candidate, common), _side(registry, current, common), topics)


def _side(registry: Registry, version: Version, rows: Sequence[Row]) -> promote.Side:
    predictor = registry.predictor(version.name)
    heads = predictor.facts
    return promote.Side(
        judgements=judgements(predictor, rows),
        certifies={head: facts["threshold"] is not None for head, facts in heads.items()},
        classes={head: facts["classes"] for head, facts in heads.items()},
    )


def _digest(parts: split.Split, settings: train.Settings, encoder: Encoder | None) -> str:
    """Names data and settings: the same ones have the same, whatever files they came in."""
    told = {
        "settings": {"max_error": dict(sorted(settings.max_error.items())), "thorough": settings.thorough},
        "train": sorted(_signature(row) for row in parts.train),
        "test": sorted(_signature(row) for row in parts.test),
        "encoder": encoder.sha256 if encoder else "",
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _signature(row: Row) -> list[str]:
    return [row.hash, *(row.label(head) or "" for head in HEADS)]


def history_of(registry: Registry, name: str) -> list[dict[str, Any]]:
    """What was decided about a version, oldest first."""
    return [asdict(entry) for entry in registry.history() if entry.version == name]
