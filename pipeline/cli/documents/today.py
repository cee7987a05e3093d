"""What `today` and `view` print for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.desk.today import TodayItem, TodayPage
from pipeline.records.batch import BatchAction, BatchStep
from pipeline.records.ticket import Priority, TicketStatus
from pipeline.records.today import SavedView, TodayCount, TodayKind


class TodayReasonDocument(TypedDict):
    """Why something needs a person."""

    kind: TodayKind
    at: Annotated[datetime, "when it is due, or since when it waits"]
    mail_id: Annotated[str, "the mail it is about; empty for none"]
    said: Annotated[str, "what a server or a program said about it"]


class TodayItemDocument(TypedDict):
    """Something that needs a person."""

    kind: Annotated[TodayKind, "the most urgent reason"]
    ref: Annotated[str, "of the ticket, or of the mail without one; of other things their name"]
    title: Annotated[str, "subject"]
    why: Annotated[list[str], "in plain words"]
    reasons: Annotated[list[TodayReasonDocument], "the most urgent first"]
    customer: Annotated[str, "address"]
    customer_name: str
    since: Annotated[datetime | None, "opened, or received"]
    due: Annotated[datetime | None, "the nearest time that the customer was given"]
    left: Annotated[int | None, "seconds of working time until then; negative when it is over"]
    status: Annotated[TicketStatus | None, "null: it is no ticket"]
    priority: Priority | None
    owner: str
    topic: str
    language: str
    mailbox: str


class TodayCountDocument(TypedDict):
    """How many items there are of a kind."""

    number: int
    more: Annotated[bool, "there are more than were counted"]


class TodayDocument(TypedDict):
    """A page of the queue of what needs a person, and how many there are."""

    items: Annotated[list[TodayItemDocument], "the most urgent first"]
    counts: Annotated[dict[str, TodayCountDocument], "one with two reasons counts for each"]
    after: Annotated[str | None, "give it with `--after` for the next page; null: this is the last"]


class BatchStepDocument(TypedDict):
    """What was done to one case or mail, or why it was not."""

    ref: str
    was: Annotated[str, "how it stood before"]
    now: Annotated[str, "how it stands"]
    error: Annotated[str, "why it was not done; empty when it was"]


class BatchDocument(TypedDict):
    """What was done to many at once."""

    id: Annotated[str, "for `batch undo`"]
    action: BatchAction
    steps: list[BatchStepDocument]


class ViewDocument(TypedDict):
    """A filter of the queue that somebody has given a name."""

    name: str
    query: Annotated[str, "as the address of the page has it"]


def today_document(page: TodayPage, counts: Mapping[TodayKind, TodayCount]) -> TodayDocument:
    """A page as programs see it."""
    return {
        "items": [item_document(item) for item in page.items],
        "counts": {kind.value: {"number": one.number, "more": one.more} for kind, one in counts.items()},
        "after": page.after.as_text() if page.after else None,
    }


def item_document(item: TodayItem) -> TodayItemDocument:
    """One item."""
    about = item.subject
    return {
        "kind": item.kind,
        "ref": item.ref,
        "title": about.title,
        "why": list(item.why),
        "reasons": [{"kind": one.kind, "at": one.at, "mail_id": one.mail_id, "said": one.said} for one in item.reasons],
        "customer": about.customer,
        "customer_name": about.customer_name,
        "since": about.since,
        "due": item.due,
        "left": None if item.left is None else round(item.left.total_seconds()),
        "status": about.status,
        "priority": about.priority,
        "owner": about.owner,
        "topic": about.topic,
        "language": about.language,
        "mailbox": about.mailbox,
    }


def batch_document(batch_id: str, steps: Sequence[BatchStep]) -> BatchDocument:
    """A batch as programs see it."""
    return {
        "id": batch_id,
        "action": steps[0].action,
        "steps": [{"ref": one.ref, "was": one.was, "now": one.now, "error": one.error} for one in steps],
    }


def view_document(view: SavedView) -> ViewDocument:
    """A view as programs see it."""
    return {"name": view.name, "query": view.query}
