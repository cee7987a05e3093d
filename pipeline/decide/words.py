"""What happens with a mail, in a few words."""

from __future__ import annotations

from pipeline.records.decision import Judged
from pipeline.records.ticket import TicketAction
from pipeline.records.verdict import VerdictKind


def in_words(judged: Judged) -> str:
    """What happens with a mail, in a few words: for the tables of `demo` and `once --dry-run`."""
    decision, verdict = judged.decision, judged.verdict
    words = []
    if decision.acknowledge:
        words.append(f"acknowledge ({decision.template})")
    elif verdict.kind is VerdictKind.PARK:
        words.append("park")
    elif decision.recorded:
        words.append("record only")
    else:
        words.append("no answer")
    if decision.ticket is not TicketAction.NONE:
        words.append({"open": "open ticket", "update": "update ticket", "note": "note on ticket"}[decision.ticket])
    if decision.to_check:
        words.append("to check")
    return ", ".join(words)
