"""What became of the mails of a mailbox, counted as `once` shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, TypedDict

from pipeline.records.decision import Copy, Judged
from pipeline.records.ticket import TicketAction
from pipeline.records.verdict import VerdictKind


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


def count(counts: Counter[str], judged: Sequence[Judged], copies: Sequence[Copy]) -> None:
    """Adds what was judged together, and what was known before."""
    counts.update(fetched=len(judged) + len(copies), known=len(copies))
    for one in judged:
        counts[_outcome(one)] += 1
        counts["unsure"] += one.decision.acknowledge and not one.labels.sure
        counts["tickets_opened"] += one.decision.ticket is TicketAction.OPEN
        counts["tickets_updated"] += one.decision.ticket is TicketAction.UPDATE


def counted(counts: Counter[str]) -> MailboxCounts:
    """All columns, 0 where there was nothing."""
    return {
        "fetched": counts["fetched"],
        "known": counts["known"],
        "acknowledged": counts["acknowledged"],
        "silent": counts["silent"],
        "limited": counts["limited"],
        "parked": counts["parked"],
        "recorded": counts["recorded"],
        "unsure": counts["unsure"],
        "tickets_opened": counts["tickets_opened"],
        "tickets_updated": counts["tickets_updated"],
        "failed": counts["failed"],
    }


def _outcome(judged: Judged) -> str:
    """The one column of `once` that a mail counts in."""
    if judged.decision.recorded:
        return "recorded"
    if judged.decision.acknowledge and not judged.decision.held:
        return "acknowledged"
    return {VerdictKind.PARK: "parked", VerdictKind.LIMIT: "limited"}.get(judged.verdict.kind, "silent")
