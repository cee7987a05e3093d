"""What `status` says, as a document for monitors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypedDict

from pipeline.desk.certificate_document import CertificateDocument
from pipeline.engine.passes import CONNECTIONS
from pipeline.figures.findings.unsure import TO_BE_SURER
from pipeline.figures.rising import Rise
from pipeline.records.health import DriftDay, DriftFacts, Pass
from pipeline.store.workers import WorkerFacts


class ProblemKind(StrEnum):
    """What sort of thing is wrong: docs/operating.md says what each means, and what to do."""

    MAILBOX = "mailbox"
    SMTP = "smtp"
    TRACKER = "tracker"
    OLDEST = "oldest"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    PARKED = "parked"
    FILING = "filing"
    BREAKER = "breaker"
    MODEL = "model"
    DRIFT = "drift"
    CERTIFICATE = "certificate"
    RETRAIN = "retrain"
    TEMPLATE = "template"
    ARTICLE = "article"
    STAFF = "staff"
    RECONCILE = "reconcile"
    BACKUP = "backup"
    PRIVACY = "privacy"
    STORE = "store"
    TASK = "task"
    WEB = "web"
    CONFIG = "config"


class ProblemDocument(TypedDict):
    """Something that is wrong."""

    kind: Annotated[str, "docs/operating.md says what each means"]
    what: str
    since: datetime | None
    remedy: str


class PassDocument(TypedDict):
    """How the last pass over a server went."""

    last_pass: Annotated[datetime | None, "the last one that succeeded"]
    error: str | None


class OutgoingDocument(PassDocument):
    """The same of the outgoing server."""

    connections: Annotated[str | None, "how many `run` has open, and how many may be; null: it is not up"]


class MailboxDocument(PassDocument):
    """The same of a mailbox."""

    not_given_out: Annotated[int, "mails that its server lists but does not give out"]


class TrackerDocument(PassDocument):
    """The same of a tracker."""

    filings: Annotated[dict[str, int], "what is not filed yet, by state"]


class TaskDocument(TypedDict):
    """Something that `run` does at set times."""

    last: Annotated[datetime | None, "when it ran last; null: not yet"]
    age_seconds: Annotated[int | None, "since then"]


class DriftDocument(DriftFacts):
    """How the mail of the last weeks compares with the training; shares, and population stability indices."""

    at: datetime
    model: str


class NotMeasuredDocument(TypedDict):
    """Why there is nothing yet."""

    note: str


class TemplatesDocument(TypedDict):
    """The letters."""

    count: Annotated[int, "names"]
    problems: Annotated[dict[str, str], "file → why its newest version is not in use"]


class SureDocument(TypedDict):
    """How much of the mail of the last seven days the machine was sure of."""

    mails: Annotated[int, "by people, and judged"]
    topic: Annotated[float | None, "share with a sure topic; null without mails"]
    complaint: Annotated[float | None, "share of which it was sure whether it complains"]
    next_step: Annotated[str, "towards more, or empty"]


class RisingDocument(TypedDict):
    """A matter that many customers write about at once, and no announcement tells of."""

    topic: Annotated[str, "'' when only words have risen"]
    words: Annotated[list[str], "that nobody used in the weeks before"]
    customers: Annotated[int, "who wrote about it"]
    of: Annotated[int, "all who wrote"]
    usual: Annotated[float, "share of them in the weeks before"]
    since: datetime
    mails: Annotated[list[str], "ids, the newest first"]


class WorkerDocument(TypedDict):
    """One of several processes that share the work."""

    name: Annotated[str, "machine and process"]
    version: str
    since: datetime
    last_sign: Annotated[datetime, "of life, by the clock of the database"]
    lost: Annotated[bool, "it ended without a word; what it had in hand is looked after"]
    does: Annotated[list[str], "what only one does at a time: mailboxes, trackers, the chores"]


class HealthDocument(TypedDict):
    """How Firstline is doing."""

    healthy: bool
    problems: list[ProblemDocument]
    oldest_unprocessed_seconds: Annotated[int, "age of the oldest effect that is not finished; 0 without one"]
    effects: Annotated[dict[str, int], "those that are not finished, by state"]
    parked: Annotated[int, "mails that wait for a person"]
    drift: DriftDocument | NotMeasuredDocument
    review: Annotated[int, "mails on the review list"]
    mailboxes: Annotated[dict[str, MailboxDocument], "by name"]
    smtp: OutgoingDocument
    trackers: Annotated[dict[str, TrackerDocument], "by name"]
    sure: SureDocument
    rising: list[RisingDocument]
    tasks: Annotated[dict[str, TaskDocument], "what runs at set times, by name"]
    model: Annotated[str | None, "version in use"]
    not_learned: Annotated[list[str], "heads that it lacks: of a missing `topic` letters stay neutral"]
    certificates: Annotated[dict[str, CertificateDocument], "how far each of its heads can be trusted"]
    templates: TemplatesDocument
    workers: Annotated[list[WorkerDocument], "with [engine] kind procrastinate: at work, or lost in the last 7 days"]


def worker_document(one: WorkerFacts) -> WorkerDocument:
    """A worker."""
    return {
        "name": one.name,
        "version": one.version,
        "since": one.joined,
        "last_sign": one.beat,
        "lost": one.lost,
        "does": [*one.holds],
    }


def pass_document(one: Pass | None) -> PassDocument:
    """A pass; None: there was none."""
    return {"last_pass": one.last_pass if one else None, "error": one.error or None if one else None}


def outgoing_document(passes: Mapping[str, Pass]) -> OutgoingDocument:
    """What is known of the outgoing server, among the passes."""
    is_up = "run" in passes and not passes["run"].error
    connections = passes[CONNECTIONS].error if is_up and CONNECTIONS in passes else None
    return {**pass_document(passes.get("smtp")), "connections": connections}


def sure_document(judged: int, topic: int, complaint: int) -> SureDocument:
    """Counts of mails: judged, with a sure topic, with a sure answer to whether it complains."""
    return {
        "mails": judged,
        "topic": round(topic / judged, 4) if judged else None,
        "complaint": round(complaint / judged, 4) if judged else None,
        "next_step": TO_BE_SURER if topic < judged else "",
    }


def rising_document(rise: Rise) -> RisingDocument:
    """A matter that rises."""
    return {
        "topic": rise.topic,
        "words": [*rise.words],
        "customers": rise.customers,
        "of": rise.of,
        "usual": round(rise.usual, 4),
        "since": rise.since,
        "mails": [*rise.mails],
    }


def task_document(one: Pass, now: datetime) -> TaskDocument:
    """A set task."""
    last = one.last_pass
    return {"last": last, "age_seconds": round((now - last).total_seconds()) if last else None}


def drift_document(day: DriftDay | None) -> DriftDocument | NotMeasuredDocument:
    """What was measured last."""
    if day is None:
        return {"note": "not measured yet: it takes 100 mails within 14 days"}
    return {"at": day.at, "model": day.model, **day.facts}
