"""The page docs/documents.md, made from the types: `make docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from inspect import getdoc
from types import NoneType, UnionType
from typing import Annotated, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from pipeline.cli.documents import (
    accounts,
    announcements,
    answers,
    bounces,
    confirming,
    data,
    dry_run,
    holding,
    letters,
    mails,
    models,
    privacy,
    purging,
    redacting,
    searching,
    service,
    settings,
    sharing,
    tickets,
    today,
)
from pipeline.desk import health_document, relabel
from pipeline.figures import metrics_document
from pipeline.learn import data_document, model_document

Type = object  # an annotation


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedDocument:
    """What one or several commands print with --json."""

    commands: tuple[str, ...]
    document: type
    lines: bool = False  # one document a line


_TICKET_COMMANDS = (
    "show",
    "comment",
    "seen",
    "status",
    "close",
    "assign",
    "priority",
    "correct",
    "link",
    "grant",
    "join",
    "split",
    "open",
)
DOCUMENTS = (
    PrintedDocument(commands=("mail list",), document=mails.ListedMailDocument, lines=True),
    PrintedDocument(
        commands=("mail show", "mail release", "mail discard", "mail answered", "mail label"),
        document=mails.WholeMailDocument,
    ),
    PrintedDocument(commands=("mail show --parts",), document=mails.MailInPartsDocument),
    PrintedDocument(commands=("mail explain",), document=mails.ExplainedMailDocument),
    PrintedDocument(commands=("mail replay",), document=mails.ReplayDocument),
    PrintedDocument(commands=("mail settle",), document=mails.SettledDocument),
    PrintedDocument(commands=("mail reconcile",), document=mails.ReconcileDocument),
    PrintedDocument(commands=("mail reclassify",), document=relabel.RelabelledDocument),
    PrintedDocument(commands=("mail bounces list",), document=tickets.BounceDocument, lines=True),
    PrintedDocument(commands=("mail bounces forget",), document=bounces.ForgottenBounceDocument),
    PrintedDocument(commands=("search",), document=searching.HitDocument, lines=True),
    PrintedDocument(commands=("announcement list",), document=announcements.AnnouncementDocument, lines=True),
    PrintedDocument(
        commands=("announcement add", "announcement change", "announcement end"),
        document=announcements.AnnouncementDocument,
    ),
    PrintedDocument(commands=("config set", "config back"), document=settings.ChangedSettingDocument),
    PrintedDocument(commands=("config history",), document=settings.SettingVersionDocument, lines=True),
    PrintedDocument(commands=("today",), document=today.TodayDocument),
    PrintedDocument(commands=("batch do", "batch undo"), document=today.BatchDocument),
    PrintedDocument(commands=("view list",), document=today.ViewDocument, lines=True),
    PrintedDocument(commands=("view save", "view forget"), document=today.ViewDocument),
    PrintedDocument(commands=("ticket list",), document=tickets.TicketDocument, lines=True),
    PrintedDocument(
        commands=tuple(f"ticket {name}" for name in _TICKET_COMMANDS), document=tickets.WholeTicketDocument
    ),
    PrintedDocument(commands=("ticket answer",), document=answers.AnswerDocument),
    PrintedDocument(commands=("ticket answer --undo",), document=answers.DraftDocument),
    PrintedDocument(commands=("ticket answer --preview",), document=answers.AnswerPreviewDocument),
    PrintedDocument(commands=("ticket due",), document=tickets.DueDocument, lines=True),
    PrintedDocument(commands=("report --complaints",), document=tickets.AnswerableDocument, lines=True),
    PrintedDocument(commands=("ticket unprepared",), document=tickets.UnpreparedDocument, lines=True),
    PrintedDocument(commands=("ticket refile",), document=tickets.RefiledDocument),
    PrintedDocument(commands=("audit",), document=accounts.AuditEntryDocument, lines=True),
    PrintedDocument(commands=("user list",), document=accounts.AccountDocument, lines=True),
    PrintedDocument(
        commands=tuple(f"user {name}" for name in ("add", "passwd", "role", "disable", "enable")),
        document=accounts.AccountDocument,
    ),
    PrintedDocument(commands=("privacy export",), document=privacy.PersonalExportDocument),
    PrintedDocument(commands=("privacy erase",), document=privacy.ErasureDocument),
    PrintedDocument(commands=("privacy sheet",), document=privacy.SheetDocument),
    PrintedDocument(commands=("privacy purge",), document=purging.PurgeDocument),
    PrintedDocument(commands=("privacy redact",), document=redacting.RedactedDocument, lines=True),
    PrintedDocument(commands=("privacy hold", "privacy release"), document=holding.HoldDocument),
    PrintedDocument(commands=("privacy holds",), document=holding.HoldDocument, lines=True),
    PrintedDocument(commands=("once",), document=service.OnceDocument),
    PrintedDocument(commands=("once --dry-run",), document=dry_run.DryRunDocument),
    PrintedDocument(commands=("demo",), document=service.DemoDocument),
    PrintedDocument(commands=("status",), document=health_document.HealthDocument),
    PrintedDocument(commands=("doctor",), document=service.CheckDocument, lines=True),
    PrintedDocument(commands=("doctor --loops",), document=service.RehearsalDocument, lines=True),
    PrintedDocument(commands=("login",), document=service.LoginDocument),
    PrintedDocument(commands=("classify",), document=models.ClassifiedDocument, lines=True),
    PrintedDocument(commands=("model train",), document=model_document.TrainingDocument),
    PrintedDocument(commands=("model evaluate",), document=model_document.EvaluationDocument),
    PrintedDocument(commands=("model list",), document=models.ModelLineDocument, lines=True),
    PrintedDocument(commands=("model promote",), document=models.PromotionDocument),
    PrintedDocument(commands=("model rollback",), document=models.RollbackDocument),
    PrintedDocument(commands=("model verify",), document=models.VerificationDocument, lines=True),
    PrintedDocument(commands=("metrics",), document=metrics_document.MetricsDocument),
    PrintedDocument(commands=("metrics --cases",), document=metrics_document.FigureCaseDocument, lines=True),
    PrintedDocument(commands=("report",), document=metrics_document.ReportDocument),
    PrintedDocument(commands=("survey send",), document=letters.AskedDocument, lines=True),
    PrintedDocument(commands=("survey record",), document=letters.SurveyDocument),
    PrintedDocument(commands=("template list",), document=letters.LetterDocument, lines=True),
    PrintedDocument(commands=("template lint",), document=letters.LintDocument),
    PrintedDocument(commands=("template matrix",), document=letters.MatrixLetterDocument, lines=True),
    PrintedDocument(commands=("template preview",), document=letters.PreviewDocument, lines=True),
    PrintedDocument(commands=("template history",), document=letters.VersionDocument, lines=True),
    PrintedDocument(commands=("template diff",), document=letters.VersionDiffDocument, lines=True),
    PrintedDocument(commands=("template restore",), document=letters.RestoredVersionDocument),
    PrintedDocument(commands=("template save",), document=letters.SavedTextDocument),
    PrintedDocument(commands=("template update",), document=letters.LetterUpdateDocument),
    PrintedDocument(commands=("template send",), document=letters.TestMailDocument),
    PrintedDocument(commands=("template variables",), document=letters.VariableDocument, lines=True),
    PrintedDocument(commands=("template articles",), document=letters.ArticleDocument, lines=True),
    PrintedDocument(commands=("share status", "share push", "share pull"), document=sharing.SharedFilesDocument),
    PrintedDocument(commands=("data import",), document=data.ImportDocument),
    PrintedDocument(commands=("data export",), document=data.ExportDocument),
    PrintedDocument(commands=("data stats",), document=data_document.StatsDocument),
    PrintedDocument(commands=("data audit",), document=data_document.AuditDocument),
    PrintedDocument(commands=("data fix",), document=data_document.FixedDocument, lines=True),
    PrintedDocument(commands=("data discover",), document=data.DiscoveryDocument),
    PrintedDocument(commands=("data name",), document=data.NameableDocument, lines=True),
    PrintedDocument(commands=("data review",), document=mails.ReviewDocument, lines=True),
    PrintedDocument(commands=("data confirm",), document=confirming.DrawnMailDocument, lines=True),
    PrintedDocument(commands=("data confirm --json ID LABEL",), document=confirming.AnsweredDocument),
    PrintedDocument(commands=("db upgrade",), document=data.UpgradeDocument),
    PrintedDocument(commands=("db check",), document=data.DatabaseDocument),
    PrintedDocument(commands=("backup",), document=data.RotatedDocument),
    PrintedDocument(commands=("db backup",), document=data.BackupDocument),
    PrintedDocument(commands=("db restore",), document=data.PutBackDocument),
    PrintedDocument(commands=("init",), document=models.InitDocument),
)
_HEAD = """# What programs read
*For programmers whose programs read what commands print.*

What each command prints with `--json`: one document, or one a line (JSONL). Times are ISO 8601 with their offset; more
keys may be added beside these. `model show --json` prints the manifest of a version, of which [the model](model.md)
tells. Commands that print the same are listed together.

This page is made by `make docs` from the types of these documents, in `pipeline/cli/documents` and beside the code that
makes them.
"""
_WORDS = {str: "text", int: "number", float: "number", bool: "true or false", datetime: "time", object: "anything"}


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for printed in DOCUMENTS:
        parts.append("## " + ", ".join(f"`{command}`" for command in printed.commands) + "\n")
        parts.append(f"{_about(printed.document)}{' One a line.' if printed.lines else ''}\n")
        parts.append(_table(printed.document))
    parts.append("## Parts\n\nWhat is in these documents.\n")
    for part in _parts():
        parts.append(f"### {_name(part)}\n\n{_about(part)}\n")
        parts.append(_table(part))
    return "\n".join(parts)


def keys_of(document: type) -> Mapping[str, Type]:
    """The keys of a document and their types, as they are written."""
    hints: Mapping[str, Type] = get_type_hints(document, include_extras=True)
    return hints


def _parts() -> list[type]:
    """Documents inside of documents, each once, by name."""
    found: dict[str, type] = {}
    for printed in DOCUMENTS:
        for inner in _inside(printed.document):
            if found.setdefault(_name(inner), inner) is not inner:
                raise ValueError(f"two documents are called {_name(inner)}")
    return [found[name] for name in sorted(found)]


def _inside(document: type) -> Iterator[type]:
    for annotation in keys_of(document).values():
        for inner in _documents_in(annotation):
            yield inner
            yield from _inside(inner)


def _documents_in(annotation: Type) -> Iterator[type]:
    if isinstance(annotation, type) and is_typeddict(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from _documents_in(argument)


def _table(document: type) -> str:
    rows = [f"| `{key}` | {type_} | {about} |".replace("|  |", "| |") for key, type_, about in _rows(document)]
    return "\n".join(["| key | value | |", "|---|---|---|", *rows, ""])


def _rows(document: type) -> Iterator[tuple[str, str, str]]:
    for key, annotation in keys_of(document).items():
        about, bare = [], annotation
        while get_origin(bare) in (Annotated, NotRequired):
            about += [] if get_origin(bare) is NotRequired else [str(get_args(bare)[1])]
            about += ["not always there"] if get_origin(bare) is NotRequired else []
            bare = get_args(bare)[0]
        yield key, _shown(bare), "; ".join(reversed(about))


def _shown(annotation: Type) -> str:
    """A type in words."""
    arguments = get_args(annotation)
    match get_origin(annotation):
        case origin if origin is Annotated or origin is NotRequired:
            return _shown(arguments[0])
        case origin if origin is UnionType or origin is Union:
            return " or ".join(_shown(one) for one in sorted(arguments, key=lambda one: one is NoneType))
        case origin if origin is list:
            return f"list of {_shown(arguments[0])}"
        case origin if origin is dict:
            return f"by name: {_shown(arguments[1])}"
        case origin if origin is tuple:
            return f"[{', '.join(_shown(one) for one in arguments)}]"
    return _named(annotation)


def _named(annotation: Type) -> str:
    if annotation is NoneType:
        return "null"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{one.value}`" for one in annotation)
    if isinstance(annotation, type) and is_typeddict(annotation):
        return f"[{_name(annotation)}](#{_name(annotation).replace(' ', '-')})"
    return next(word for known, word in _WORDS.items() if annotation is known)


def _name(document: type) -> str:
    """ListedMailDocument → listed mail."""
    name = document.__name__.removesuffix("Document")
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _about(document: type) -> str:
    return getdoc(document) or ""


if __name__ == "__main__":
    sys.stdout.write(page())
