"""The JSON columns of the table `mail`: `decision`, `rules`, `attachments`. Nobody else knows their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypedDict, cast

from pipeline.records.decision import Decision
from pipeline.records.labels import Correction
from pipeline.records.ledger import HandLabel, StoredDecision
from pipeline.records.mail import Attachment
from pipeline.records.thread import Role
from pipeline.records.ticket import TicketAction
from pipeline.records.verdict import RuleResult, Strength, VerdictKind

Json = Mapping[str, object]


class _Label(TypedDict, total=False):
    topic: str
    sentiment: str
    complaint: bool
    by: str
    at: str


class _Decision(TypedDict, total=False):
    template: str
    ticket: str
    to_check: bool
    topic: str
    complaint: bool
    owner: str
    grants: list[str]
    why: list[str]
    role: str
    labelled: _Label


# --- decision ---------------------------------------------------------------------------------------------------------


def decision_to_json(decision: Decision, role: Role) -> Json:
    """What is kept of a decision, and the role of the writer in the conversation."""
    return {
        "template": decision.template,
        "ticket": decision.ticket.value,
        "to_check": decision.to_check,
        "topic": decision.topic,
        "complaint": decision.complaint,
        "owner": decision.owner,
        "grants": list(decision.grants),
        "why": list(decision.why),
        "role": role.value,
    }


def decision_of(column: Json) -> StoredDecision:
    """What was decided, and what a person has said since."""
    kept = cast("_Decision", column)
    return StoredDecision(
        template=kept.get("template", ""),
        ticket=TicketAction(kept.get("ticket", TicketAction.NONE)),
        to_check=kept.get("to_check", False),
        topic=kept.get("topic", ""),
        complaint=kept.get("complaint", False),
        owner=kept.get("owner", ""),
        grants=tuple(kept.get("grants", ())),
        why=tuple(kept.get("why", ())),
        role=Role(kept["role"]) if "role" in kept else None,
        label=_label_of(kept["labelled"]) if "labelled" in kept else None,
    )


def decision_without_words(column: Json) -> Json:
    """What was decided, without the reasons: these may quote the mail."""
    return {name: value for name, value in column.items() if name != "why"}


def with_label(column: Json, label: HandLabel | None) -> Json:
    """The decision with what a person says of the mail; None: nothing any more."""
    kept = {name: value for name, value in column.items() if name != "labelled"}
    if label is None:
        return kept
    words = {**label.correction.heads, "by": label.by, "at": label.at.isoformat(timespec="seconds")}
    return {**kept, "labelled": words}


def _label_of(kept: _Label) -> HandLabel:
    correction = Correction(topic=kept.get("topic"), sentiment=kept.get("sentiment"), complaint=kept.get("complaint"))
    return HandLabel(correction=correction, by=kept.get("by", ""), at=datetime.fromisoformat(kept["at"]))


# --- rules and attachments --------------------------------------------------------------------------------------------

# Every rule as a list in the order of `_Rule`: short, for there are many. An enum would be written as well, but slowly.
_VERDICTS = {one: one.value for one in VerdictKind}
_STRENGTHS = {one: one.value for one in Strength}
_Rule = tuple[str, str, str, str, bool | None, str, bool]


def rules_to_json(rules: Iterable[RuleResult]) -> list[_Rule]:
    """What every rule said, hit or not."""
    return [
        (one.number, one.rule, _VERDICTS[one.verdict], _STRENGTHS[one.strength], one.hit, one.evidence, one.allowed)
        for one in rules
    ]


def rules_of(column: Iterable[Sequence[object]]) -> tuple[RuleResult, ...]:
    """The same back."""
    return tuple(_rule_of(cast("_Rule", rule)) for rule in column)


def _rule_of(kept: _Rule) -> RuleResult:
    number, rule, verdict, strength, hit, evidence, allowed = kept
    return RuleResult(
        number=number,
        rule=rule,
        verdict=VerdictKind(verdict),
        strength=Strength(strength),
        hit=hit,
        evidence=evidence,
        allowed=allowed,
    )


def rules_without_evidence(column: Iterable[Sequence[object]]) -> list[object]:
    """What every rule said, without what it was seen in: that is a part of the mail."""
    return [[*rule[:5], "", *rule[6:]] for rule in column]


def attachments_to_json(attachments: Iterable[Attachment]) -> list[Json]:
    """What came along."""
    return [asdict(attachment) for attachment in attachments]


def attachments_of(column: Iterable[Json]) -> tuple[Attachment, ...]:
    """The same back."""
    return tuple(
        Attachment(name=str(one["name"]), content_type=str(one["content_type"]), size=int(str(one["size"])))
        for one in column
    )
