"""What `once`, `demo` and `doctor` print for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypedDict

from pipeline.demo.show import ShownMail
from pipeline.engine.counts import MailboxCounts
from pipeline.engine.once import OncePass
from pipeline.loops.rehearsal import LoopResult
from pipeline.wiring.checks import Tried


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


class DemoDocument(OncePass):
    """The demonstration."""

    mails: list[DemoMailDocument]
    acknowledgement: Annotated[str, "one of them in full"]


class CheckDocument(TypedDict):
    """Something that was tried."""

    check: str
    ok: bool
    detail: str
    remedy: Annotated[str, "empty when it is ok"]


class LoginDocument(TypedDict):
    """Somebody has signed in."""

    name: Annotated[str, "of the mailbox, or smtp"]
    file: Annotated[str, "where the refresh token is kept"]


class RehearsalDocument(TypedDict):
    """A machine that answers every mail, and how we got away from it."""

    opponent: str
    received: Annotated[int, "mails that we got from it"]
    acknowledged: Annotated[int, "of these"]
    verdict: str
    well: Annotated[bool | None, "null: it was not tried"]


def once_document(result: OncePass) -> OnceDocument:
    """What a pass has counted."""
    return {"mailboxes": result["mailboxes"], "seconds": result["seconds"]}


def demo_document(mails: Sequence[ShownMail], result: OncePass, acknowledgement: str) -> DemoDocument:
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
    return {"mails": shown, **result, "acknowledgement": acknowledgement}


def check_document(check: Tried) -> CheckDocument:
    """One check, without the exit code it leads to."""
    return {"check": check["check"], "ok": check["ok"], "detail": check["detail"], "remedy": check["remedy"]}


def rehearsal_document(found: LoopResult) -> RehearsalDocument:
    """One opponent."""
    return {
        "opponent": found.opponent,
        "received": found.received,
        "acknowledged": found.acknowledged,
        "verdict": found.verdict,
        "well": found.well,
    }
