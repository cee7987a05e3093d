"""model: train, evaluate, list, show, promote, rollback, verify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.columns import columns_of
from pipeline.cli.context import (
    AsJson,
    Dask,
    config_of,
    doors_of,
    percent,
    print_json,
    print_jsonl,
    print_table,
    telling_steps,
)
from pipeline.cli.share import share_model
from pipeline.errors import ExitCode, UnusableModelError, UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.models import (
        ModelLineDocument,
        RollbackDocument,
        VerificationDocument,
    )
    from pipeline.config.settings import Config
    from pipeline.learn.dataset import Row
    from pipeline.learn.manifest import Card
    from pipeline.learn.model_document import HeadDocument, TrainingDocument
    from pipeline.learn.registry import Registry

app = typer.Typer(help="The classifier's versions: train, compare, promote, go back.", no_args_is_help=True)

Data = Annotated[
    list[Path] | None, typer.Option("--data", metavar="FILE…", help="Labelled CSV or JSONL instead of training_data/.")
]
More = Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True, help="More files of --data.")]
Models = Annotated[Path | None, typer.Option(metavar="DIR", help="Another folder of versions than [classify] models.")]
Text = Annotated[str | None, typer.Option("--text-column", metavar="NAME", help="Column of the text (text).")]
Subject = Annotated[str | None, typer.Option("--subject-column", metavar="NAME", help="Column of the subject.")]
Topic = Annotated[str | None, typer.Option("--topic-column", metavar="NAME", help="Column of the topic.")]
Sentiment = Annotated[str | None, typer.Option("--sentiment-column", metavar="NAME", help="Column of the sentiment.")]
Complaint = Annotated[str | None, typer.Option("--complaint-column", metavar="NAME", help="Column true/false.")]
Name = Annotated[str, typer.Argument(metavar="VERSION", help="As `model list` shows it.")]


@app.command()
def train(
    context: typer.Context,
    more: More = None,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="More folds: takes longer, thresholds are finer.")
    ] = False,
    data: Data = None,
    test: Annotated[Path | None, typer.Option(metavar="FILE", help="The test part, else the newest fifth.")] = None,
    models: Models = None,
    text_column: Text = None,
    subject_column: Subject = None,
    topic_column: Topic = None,
    sentiment_column: Sentiment = None,
    complaint_column: Complaint = None,
    no_promote: Annotated[bool, typer.Option("--no-promote", help="Judge it, but do not promote it.")] = False,
    dask: Dask = "",
    as_json: AsJson = False,
) -> None:
    """Fit a candidate, evaluate it on mail kept out, and promote it if it is no worse. Exit 1 if it lost."""
    from pipeline.learn import training
    from pipeline.learn.crew import crew_at
    from pipeline.learn.label_files import check_in, files_in
    from pipeline.learn.registry import registry_of
    from pipeline.wiring.keys import key_of

    own = _files(data, more)
    config, mails = _what_is_known(context, own)
    settings = training.settings_of(config, thorough=thorough)
    registry = registry_of(config, key_of(config), models)
    shelf = config.at("training_data")
    asked = training.Request(
        files=own or files_in(shelf),
        test=test,
        check=None if own else check_in(shelf),
        columns=columns_of(
            text=text_column,
            subject=subject_column,
            topic=topic_column,
            sentiment=sentiment_column,
            complaint=complaint_column,
        ),
        settings=settings,
        promote=not no_promote,
        topics=tuple(config.topics),
        mails=mails,
    )
    before = registry.current()
    with crew_at(dask) as crew, telling_steps(quiet=as_json) as progress:
        document = training.train_candidate(replace(asked, crew=crew), registry, progress)
    if as_json:
        print_json(document)
    else:
        _print_training(document)
    if not models and (document["promoted"] or document["in_use"] != before):
        _carry_over(context, quiet=as_json)
        share_model(context)
    if not document["promoted"] and not (no_promote and document["reason"].startswith("held back")):
        raise typer.Exit(ExitCode.PROBLEM)


def _what_is_known(context: typer.Context, own: Sequence[Path]) -> tuple[Config, Sequence[Row]]:
    """The configuration, and mails that came lately. Rows of training_data/ get the writers that the ledger knows."""
    from pipeline.desk.collect import mails_that_came
    from pipeline.desk.privacy.training import forget_again
    from pipeline.desk.writers import name_writers

    with doors_of(context) as doors:
        if not own:
            name_writers(doors)
            forget_again(doors)
        return doors.config, mails_that_came(doors)


def _carry_over(context: typer.Context, *, quiet: bool) -> None:
    """What people confirmed of the version before answers for this one too, as far as it goes."""
    from pipeline.desk.confirm import carry_over

    with doors_of(context) as doors:
        told = carry_over(doors)
    for head, certificate in told.items() if not quiet else ():
        print(f"{head}: {certificate['say']}; what is missing: firstline data confirm --head {head}")


@app.command()
def evaluate(
    context: typer.Context,
    data: Annotated[list[Path], typer.Option("--data", metavar="FILE…", help="Labelled CSV or JSONL.")],
    more: More = None,
    version: Annotated[str, typer.Option(metavar="V", help="Else the version in use.")] = "",
    models: Models = None,
    text_column: Text = None,
    subject_column: Subject = None,
    topic_column: Topic = None,
    sentiment_column: Sentiment = None,
    complaint_column: Complaint = None,
    as_json: AsJson = False,
) -> None:
    """Figures of a version on labelled mail."""
    from pipeline.learn import training

    columns = columns_of(
        text=text_column,
        subject=subject_column,
        topic=topic_column,
        sentiment=sentiment_column,
        complaint=complaint_column,
    )
    found = training.evaluate_version(_registry(context, models), _files(data, more), columns, version)
    document = found
    if as_json:
        print_json(document)
        return
    print(f"version {document['version']} on {many(document['rows'], 'mail')}")
    _print_heads(document["heads"], document["notes"])


@app.command(name="list")
def list_(context: typer.Context, models: Models = None, as_json: AsJson = False) -> None:
    """All versions, the newest first."""
    rows = [_line(_registry(context, models), name) for name in reversed(_registry(context, models).names())]
    if as_json:
        print_jsonl(rows)
        return
    print_table(
        ["version", "created", "in use", "rows", "profile", "retired", "problem"],
        [[*row.values()] for row in rows],
    )


@app.command()
def show(
    context: typer.Context,
    version: Annotated[str, typer.Argument(metavar="[VERSION]", help="Else the version in use.")] = "",
    models: Models = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the card as a page to look at.")] = None,
    as_json: AsJson = False,
) -> None:
    """The card of a version: where it comes from, how good it is, what was decided about it."""
    from pipeline.learn import training
    from pipeline.learn.languages import languages_told

    registry = _registry(context, models)
    name = version or registry.current()
    if not name:
        raise UsageError("there is no model in use", where=str(registry.folder), remedy="firstline model train")
    manifest = registry.version(name).manifest
    document: Card = {
        **manifest,
        "languages": languages_told(manifest),
        "in_use": name == registry.current(),
        "decisions": training.history_of(registry, name),
    }
    if html:
        _write_page(html, document)
    if as_json:
        print_json(document)
        return
    if html:
        print(f"{html}: open it in a browser")
        return
    state = "in use" if document["in_use"] else "not in use"
    print(f"version {name} ({state}), made {manifest['created']} from {manifest['rows']} mails")
    _print_heads({head: facts["test"] for head, facts in manifest["heads"].items()}, manifest["notes"])
    for line in _grounds(document):
        print(line)
    print("Not measured: " + "; ".join(manifest["not_measured"]))
    for decision in document["decisions"]:
        print(f"{decision['at']}  {decision['action']}: {decision['reason']}")


def _grounds(card: Card) -> list[str]:
    """What its certainty rests on."""
    from pipeline.learn.manifest import certified_on

    languages = card["languages"]
    told = "its rows name none" if languages is None else ", ".join(languages) or "none"
    rests = [f"{head} on {on}" for head, facts in card["heads"].items() if (on := certified_on(facts))]
    return [f"Languages learned: {told}", *([f"Certified: {'; '.join(rests)}"] if rests else [])]


def _write_page(file: Path, document: Card) -> None:
    from pipeline.learn import page

    try:
        file.write_text(page.render_card(document), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"can't be written: {error.strerror}", where=str(file), remedy="name another file") from error


@app.command()
def promote(
    context: typer.Context,
    version: Name,
    force: Annotated[bool, typer.Option("--force", help="Past the gate; the history says so.")] = False,
    models: Models = None,
    as_json: AsJson = False,
) -> None:
    """Promote a version that was held back. Exit 1 if the gate has not let it through."""
    from pipeline.cli.documents.models import PromotionDocument
    from pipeline.learn import gate

    promoted, reason = gate.promote_version(_registry(context, models), version, force=force)
    if promoted and not models:
        share_model(context)
    if as_json:
        print_json(PromotionDocument(version=version, promoted=promoted, reason=reason))
    else:
        print(f"{version} is in use: {reason}" if promoted else f"{version} was not promoted: {reason}")
    if not promoted:
        raise typer.Exit(ExitCode.PROBLEM)


@app.command()
def rollback(context: typer.Context, models: Models = None, as_json: AsJson = False) -> None:
    """Go back to the version that was in use before."""
    before, after = _registry(context, models).rollback()
    if not models:
        share_model(context)
    if as_json:
        document: RollbackDocument = {"from": before, "version": after}
        print_json(document)
    else:
        print(f"{after} is in use again (was {before})")


@app.command()
def verify(
    context: typer.Context,
    version: Annotated[str, typer.Argument(metavar="[VERSION]", help="Else all of them.")] = "",
    models: Models = None,
    as_json: AsJson = False,
) -> None:
    """Check signature, hashes and whether it opens. Exit 4 if one can't be used."""
    registry = _registry(context, models)
    rows = [_verified(registry, name) for name in ([version] if version else registry.names())]
    if as_json:
        print_jsonl(rows)
    else:
        for row in rows:
            print(f"{row['version']}  {row['problem'] or 'ok'}")
    if any(row["problem"] for row in rows):
        raise typer.Exit(ExitCode.DAMAGED)


def _verified(registry: Registry, name: str) -> VerificationDocument:
    try:
        registry.verify(name)
    except UnusableModelError as error:
        return {"version": name, "ok": False, "problem": str(error)}
    return {"version": name, "ok": True, "problem": ""}


def _line(registry: Registry, name: str) -> ModelLineDocument:
    line: ModelLineDocument = {
        "version": name,
        "created": None,
        "in_use": name == registry.current(),
        "rows": None,
        "profile": None,
        "retired": False,
        "problem": "",
    }
    try:
        manifest, retired = registry.version(name).manifest, name in registry.retired()
    except UnusableModelError as error:
        return {**line, "problem": error.what}
    told: ModelLineDocument = {**line, "created": manifest["created"], "rows": manifest["rows"], "retired": retired}
    return {**told, "profile": manifest["profile"]}


def _registry(context: typer.Context, models: Path | None) -> Registry:
    from pipeline.learn.registry import registry_of
    from pipeline.wiring.keys import key_of

    config = config_of(context)
    return registry_of(config, key_of(config), models)


def _files(data: list[Path] | None, more: list[Path] | None) -> list[Path]:
    """`--data a.csv b.csv` and `--data a.csv --data b.csv` mean the same."""
    if more and not data:
        raise UsageError(f"'{more[0]}' is not expected here", remedy="name files with --data FILE…")
    return [*(data or []), *(more or [])]


def _print_training(document: TrainingDocument) -> None:
    state = "is in use" if document["promoted"] else "was not promoted"
    print(f"version {document['version']} {state}: {document['reason']}")
    print(f"{many(document['rows'], 'mail')} fitted, {document['test_rows']} kept out, {document['seconds']} s")
    _print_heads(document["heads"], document["notes"])


def _print_heads(heads: Mapping[str, HeadDocument], notes: Sequence[str]) -> None:
    print_table(
        ["head", "classes", "accuracy", "macro-F1", "calibration error", "sure from", "sure of", "wrong when sure"],
        [
            [
                head,
                figures["classes"],
                *(percent(figures.get(name)) for name in ("accuracy", "macro_f1", "ece")),
                figures["threshold"] if figures["threshold"] is None else f"{figures['threshold']:.3f}",
                *(percent(figures.get(name)) for name in ("coverage", "error_when_sure")),
            ]
            for head, figures in heads.items()
        ],
    )
    for note in notes:
        print(f"Note: {note}")
