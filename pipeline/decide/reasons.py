"""The decision in words, for `mail explain` and the ticket's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.decide.situation import Situation
from pipeline.records.labels import Label


def reasons(situation: Situation, *, to_check: bool) -> Iterator[str]:
    """Why it was decided so. `to_check`: it gets a ticket because it is perhaps a complaint."""
    verdict = situation.verdict
    yield f"{verdict.kind}: {', '.join(verdict.reasons)}" if verdict.reasons else "no rule speaks against an answer"
    yield from _of_labels(situation, to_check=to_check)
    yield from _of_conversation(situation)


def _of_labels(situation: Situation, *, to_check: bool) -> Iterator[str]:
    labels, topic = situation.labels, situation.topic
    if not labels.model:
        yield "no usable model: everything is unsure"
    elif not topic:
        yield f"topic unsure ({_missed(labels.topic)}): staff get it as that, the words stay neutral, review list"
    if topic and not situation.prepared.acknowledge:
        yield f"[topics.{topic}] acknowledge = false"
    if situation.is_complaint:
        yield "a complaint"
    elif to_check and situation.is_foreign_matter:
        yield f"written in {situation.mail.language}, which the model has not learned: to check, words that fit both"
    elif to_check:
        yield f"perhaps a complaint ({_missed(labels.complaint)}): to check, words that fit both"
    elif labels.model and not labels.complaint.sure:
        yield f"complaint unsure ({_missed(labels.complaint)}), and not suspected"


def _of_conversation(situation: Situation) -> Iterator[str]:
    thread = situation.thread
    if not situation.is_customers:
        yield f"its writer is not the customer of this conversation ({thread.role})"
    if situation.is_silenced_person:
        yield "reads like a person all the same: review list"
    if thread.ticket:
        yield f"belongs to ticket {thread.ticket.ref} ({thread.ticket.status})"
    if thread.possibly_about:
        yield f"possibly about {thread.possibly_about}"


def _missed(label: Label) -> str:
    """The value, and by how much it is not sure."""
    if label.confidence is None:
        return label.value or "none"
    needed = "this version is never sure" if label.threshold is None else f"sure from {label.threshold:.2f} on"
    others = f", or {', '.join(label.nearly)}" if label.nearly else ""
    return f"{label.value} {label.confidence:.2f}, {needed}{others}"
