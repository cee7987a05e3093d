"""What `once`, `demo` and `doctor` print for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, TypedDict, cast

from pipeline.demo.show import ShownMail
from pipeline.loops.rehearsal import LoopResult


class MailboxCounts(TypedDict):
    """What became of the mails of a mailbox; fetched is the sum of known to recorded."""

    fetched: int
    known: Annotated[int, "the same mail lay here before"]
    acknowledged: int
    silent: int
    limited: int
    parked: int
    recorded: Annotated[int, "found at the first run, or too old"]
    unsure: Annotated[int, "of those that were acknowledged"]
    tickets_opened: int
    tickets_updated: int
    failed: Annotated[int, "effects"]


class OnceDocument(TypedDict):
    """One pass over all mailboxes."""

    mailboxes: Annotated[dict[str, MailboxCounts], "by name"]
    seconds: float


class DemoMailDocument(TypedDict):
    """A mail of the demonstration."""

    id: str
    subject: str
    topic: Annotated[str, "in (brackets?) when the machine was not sure"]
    sentiment: str | None
    done: Annotated[str, "in words"]
    why: Annotated[str, "why nothing was sent, or only the neutral text"]


class DemoDocument(OnceDocument):
    """The demonstration."""

    mails: list[DemoMailDocument]
    acknowledgement: Annotated[str, "one of them in full"]


class CheckDocument(TypedDict):
    """Something that was tried."""

    check: str
    ok: bool
    detail: str
    remedy: Annotated[str, "empty when it is well"]


class RehearsalDocument(TypedDict):
    """A machine that answers every mail, and how we got away from it."""

    opponent: str
    received: Annotated[int, "mails that we got from it"]
    acknowledged: Annotated[int, "of these"]
    verdict: str
    well: Annotated[bool | None, "null: it was not tried"]


def once_document(result: Mapping[str, object]) -> OnceDocument:
    """What a pass has counted."""
    return cast("OnceDocument", {name: result[name] for name in ("mailboxes", "seconds")})


def demo_document(mails: Sequence[ShownMail], result: Mapping[str, object], acknowledgement: str) -> DemoDocument:
    """The mails, the counts of the pass, one letter."""
    shown: list[DemoMailDocument] = [
        {
            "id": one.id,
            "subject": one.subject,
            "topic": one.topic,
            "sentiment": one.sentiment,
            "done": one.done,
            "why": one.why,
        }
        for one in mails
    ]
    # everything the pass says, unreachable servers too
    return cast("DemoDocument", {"mails": shown, **result, "acknowledgement": acknowledgement})


def check_document(check: Mapping[str, object]) -> CheckDocument:
    """One check, without the exit code it leads to."""
    return cast("CheckDocument", {name: value for name, value in check.items() if name != "exit"})


def rehearsal_document(found: LoopResult) -> RehearsalDocument:
    """One opponent."""
    return {
        "opponent": found.opponent,
        "received": found.received,
        "acknowledged": found.acknowledged,
        "verdict": found.verdict,
        "well": found.well,
    }
