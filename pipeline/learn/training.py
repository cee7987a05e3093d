"""From labelled files to a version in use: prepare, fit, judge beside the version in use, promote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from pipeline.config.settings import Config
from pipeline.errors import NotFoundError, TooLittleToLearnError, UsageError
from pipeline.learn import cutting, dataset, evaluate, evidence, grouping, label_files, repetition, said, split, train
from pipeline.learn.card import details_of, figures_of, gaps_of, heads_in_words, libraries, more_about
from pipeline.learn.crew import HERE, Crew
from pipeline.learn.dataset import HEADS, Columns, Dataset, Row
from pipeline.learn.encoder import Encoder
from pipeline.learn.gate import in_use, judge_and_use, judgements
from pipeline.learn.heads import LEAST_OF, LEAST_ROWS
from pipeline.learn.manifest import ENCODER, DecisionTold
from pipeline.learn.model_document import EvaluationDocument, TrainingDocument
from pipeline.learn.registry import Registry, registry_of
from pipeline.learn.thinning import thin
from pipeline.learn.version import ROWS_FITTED, ROWS_FROZEN, Version
from pipeline.text.numbers import many


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a training is asked for."""

    files: Sequence[Path]
    test: Path | None = None  # the frozen test part; None: the newest fifth
    check: Path | None = None  # mails that only thresholds are certified on
    columns: Columns = field(default_factory=Columns)
    settings: train.Settings = field(default_factory=train.Settings)
    promote: bool = True
    topics: Collection[str] = ()  # of `[topics]`: one that left it may leave the model
    crew: Crew = HERE
    mails: Sequence[Row] = ()  # that came lately, without labels: tell how often new mail repeats old mail


def settings_of(config: Config, *, thorough: bool = False) -> train.Settings:
    """The settings of `[classify]`; `thorough`: more folds and the extra figures."""
    max_error = {head: float(getattr(config.classify.max_error, head)) for head in HEADS}
    return train.Settings(max_error=max_error, thorough=thorough, min_senders=config.privacy.min_senders)


def train_starter(config: Config, key: bytes, progress: train.Progress = lambda _step: None) -> str:
    """Trains from `training_data/` and promotes the result. Returns the version. Raises UsageError."""
    files = label_files.files_in(config.at("training_data"))
    check = label_files.check_in(config.at("training_data"))
    request = Request(files=files, check=check, settings=settings_of(config), topics=tuple(config.topics))
    document = train_candidate(request, registry_of(config, key), progress)
    if not document["promoted"]:
        raise UsageError(
            f"the starter model was not promoted: {document['reason']}",
            where=str(config.at("training_data")),
            remedy="look at it with `firstline model show`, or train again with `firstline model train`",
        )
    return document["version"]


def train_candidate(
    request: Request, registry: Registry, progress: train.Progress = lambda _step: None
) -> TrainingDocument:
    """Fits, evaluates, saves and judges a candidate. Returns the document of `model train --json`.

    Where the version in use must go after an erasure, and nothing may take its place, words are cut out of it. Raises
    UsageError, also when rows have left the files meanwhile.
    """
    try:
        return _train_candidate(request, registry, progress)
    except TooLittleToLearnError:
        rows = label_files.load_rows(request.files, request.columns).rows
        with registry.locked():
            _cut_out(registry, rows, request)
        raise


def _train_candidate(request: Request, registry: Registry, progress: train.Progress) -> TrainingDocument:
    began, read = perf_counter(), label_files.stamp_of(request.files)
    data, parts = prepare(request, registry)
    encoder = Encoder(registry.encoder, registry.cache()) if registry.encoder else None
    digest = _digest(parts, request.settings, encoder)
    if known := _unchanged(registry, digest):
        return _document_of_unchanged(known, perf_counter() - began)
    crew = request.crew
    vectors = encoder.vectors([row.item for row in parts.train], progress, crew) if encoder else None
    check = evidence.CheckMail(parts.check, encoder.vectors([row.item for row in parts.check]) if encoder else None)
    fitted = train.fit(
        parts.train, request.settings, progress, vectors=vectors, torn=parts.torn, check=check, crew=crew
    )
    progress("evaluating and saving")
    heads, lean = figures_of(fitted, parts, encoder)
    details = details_of(fitted, parts, heads, [*data.notes], digest, request.settings)
    if encoder:
        details["profile"] = ENCODER
        details["encoder"] = {"sha256": encoder.sha256}
        details["lean"] = heads_in_words(fitted.lean, lean)
    details = {**details, **more_about(fitted, parts, crew, thorough=request.settings.thorough)}
    details["not_measured"] = gaps_of(details)
    with registry.locked():
        if label_files.stamp_of(request.files) != read:
            _refuse_left(parts.train, request)
        version = registry.save(
            fitted.pipeline,
            details,
            fitted=[row.hash for row in parts.train],
            frozen=[row.hash for row in parts.test],
            digest=digest,
            said=_kept(fitted, parts),
        )
        promoted, reason = judge_and_use(registry, version, parts, request.topics, use=request.promote)
        cut = "" if promoted else _cut_out(registry, data.rows, request)
    return {
        "version": version.name,
        "rows": len(parts.train),
        "test_rows": len(parts.test),
        "seconds": round(perf_counter() - began, 2),
        "promoted": promoted,
        "reason": f"{reason}; {cut} is in use: {cutting.NOTE}" if cut else reason,
        "in_use": registry.current(),
        "heads": {**heads},
        "notes": list(details["notes"]),
        "not_measured": details["not_measured"],
    }


def _cut_out(registry: Registry, rows: Sequence[Row], request: Request) -> str:
    return cutting.cut_out(registry, rows, request.settings.min_senders) if request.promote else ""


def _refuse_left(learned: Sequence[Row], request: Request) -> None:
    """A row that has left its file while it was learned may be of somebody who was erased: nothing is made of it."""
    there = {row.hash for row in label_files.load_rows(request.files, request.columns).rows}
    if left := sum(row.hash not in there for row in learned):
        raise UsageError(
            f"{many(left, 'row')} that this training learned from left the files meanwhile: nothing was kept of it",
            where=", ".join(str(path) for path in request.files),
            remedy="firstline model train",
        )


def evaluate_version(registry: Registry, files: Sequence[Path], columns: Columns, name: str = "") -> EvaluationDocument:
    """Metrics of a version (the one in use unless named) on labelled data. Raises NotFoundError, UsageError."""
    began = perf_counter()
    name = name or registry.current()
    if not name:
        raise NotFoundError("there is no model in use", where=str(registry.folder), remedy="firstline model train")
    version = registry.version(name)
    data = label_files.load_rows(files, columns)
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


def prepare(request: Request, registry: Registry) -> tuple[Dataset, split.Split]:
    """Rows with groups, rare classes out, split into fitted and frozen. Raises UsageError."""
    loaded = label_files.load_rows(request.files, request.columns)
    enough, thinner = thin(loaded.rows)
    known = loaded.notes
    del loaded  # the surplus rows fill the memory
    rows = grouping.with_groups(enough)
    usable = dataset.without_rare_classes(rows, LEAST_OF)
    parts, repeats = _parts(request, usable.rows, registry)
    parts, unfit = _with_check(parts, request)
    evidence.note_named(parts.train, unfit)
    notes = (*known, *filter(None, [thinner]), *usable.notes, *grouping.busy_writers(rows), repeats, *unfit)
    if not parts.train or not (parts.test or split.thin_of(parts)):
        raise TooLittleToLearnError(
            f"{len(usable.rows)} usable rows are too few to learn from some and test on others"
            + "".join(f"\n  {note}" for note in notes),
            where=", ".join(str(path) for path in request.files),
            remedy=f"label more mail: at least {LEAST_ROWS} different mails a class, better 50",
        )
    return Dataset(rows=usable.rows, notes=notes), parts


def _with_check(parts: split.Split, request: Request) -> tuple[split.Split, list[str]]:
    """The mails of `check.csv` beside the others, none of which is fitted; and notes."""
    if not request.check:
        return parts, []
    notes: list[str] = []
    check = label_files.load_rows([request.check], request.columns).rows
    known = {row.hash for row in check}
    train = tuple(row for row in parts.train if row.hash not in known)
    return replace(parts, train=train, check=evidence.usable(check, train, notes)), notes


def _kept(fitted: train.Trained, parts: split.Split) -> dict[str, str]:
    """What was said of fitted mail out of fold, for heads that the gate has hardly anything else to compare on."""
    heads = [head for head in split.thin_of(parts) if head in fitted.heads]
    return said.lines_of({head: (fitted.heads[head].judged, fitted.heads[head].unseen) for head in heads})


def _parts(request: Request, rows: Sequence[Row], registry: Registry) -> tuple[split.Split, str]:
    """Fitted and frozen rows, and in words what is known of how often mail repeats itself."""
    test = label_files.load_rows([request.test], request.columns).rows if request.test else ()
    found = repetition.against(rows, test, rows) if test else repetition.measure(rows, request.mails)
    torn = split.torn_groups(rows, found.share if found else 0.0)
    parts = split.split_off(rows, test, torn) if test else split.split_newest_fifth(rows, _before(registry), torn)
    return parts, repetition.in_words(found)


def _before(registry: Registry) -> split.Before:
    """Rows that the version in use kept out stay out."""
    version = in_use(registry)
    return split.Before(version.rows(ROWS_FROZEN), version.rows(ROWS_FITTED)) if version else split.NOTHING


def _digest(parts: split.Split, settings: train.Settings, encoder: Encoder | None) -> str:
    """Names data and settings: the same ones have the same, whatever files they came in."""
    told: dict[str, object] = {
        "settings": {"max_error": dict(sorted(settings.max_error.items())), "thorough": settings.thorough},
        "train": sorted(_signature(row) for row in parts.train),
        "test": sorted(_signature(row) for row in parts.test),
        "torn": sorted(parts.torn),
        "encoder": encoder.sha256 if encoder else "",
    }
    if any(row.writer for row in parts.train):  # whose number decides what is learned
        told["min_senders"] = settings.min_senders
    if parts.check:
        told["check"] = sorted(_signature(row) for row in parts.check)
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _unchanged(registry: Registry, digest: str) -> Version | None:
    """The version in use, where the same data, settings and libraries would give it once more."""
    version = in_use(registry)
    same = version and version.manifest["data"] == digest and version.manifest["libraries"] == libraries()
    return version if same and registry.leaving() is None else None


def _document_of_unchanged(version: Version, seconds: float) -> TrainingDocument:
    manifest = version.manifest
    return {
        "version": version.name,
        "rows": manifest["rows"],
        "test_rows": manifest["test_rows"],
        "seconds": round(seconds, 2),
        "promoted": True,
        "reason": "nothing has changed since the version in use was trained: it stays",
        "in_use": version.name,
        "heads": {head: facts["test"] for head, facts in manifest["heads"].items()},
        "notes": list(manifest["notes"]),
        "not_measured": manifest["not_measured"],
    }


def _signature(row: Row) -> list[str]:
    writer = [row.writer] if row.writer else []
    return [row.hash, *(row.label(head) or "" for head in HEADS), row.language, row.kind, *writer]


def history_of(registry: Registry, name: str) -> list[DecisionTold]:
    """What was decided about a version, oldest first."""
    return [
        {
            "at": entry.at,
            "action": entry.action,
            "version": entry.version,
            "reason": entry.reason,
            "against": entry.against,
        }
        for entry in registry.history()
        if entry.version == name
    ]
