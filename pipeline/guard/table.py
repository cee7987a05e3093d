"""The table of the rules, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pipeline.guard.authentication import spoofed
from pipeline.guard.case import Case
from pipeline.guard.content import control_headers, out_of_office, unreadable
from pipeline.guard.history import (
    acknowledged,
    bounced,
    first_run,
    limit_domain,
    limit_sender,
    limit_system,
    limit_thread,
    same_subject,
    thread_closed,
    too_old,
)
from pipeline.guard.marks import (
    auto_submitted,
    delivery_report,
    mailing_list,
    null_sender,
    our_own_mail,
    precedence_auto,
    precedence_bulk,
    read_receipt,
    robot_header,
    suppressed,
)
from pipeline.guard.people import daemon, nobody, not_addressed, own_address, robot_name, spam
from pipeline.records.verdict import RuleResult, Strength, VerdictKind

Test = Callable[[Case], str]


@dataclass(frozen=True)
class Rule:
    """A line of the table."""

    number: str
    name: str
    verdict: VerdictKind
    strength: Strength
    test: Test
    from_history: bool = False

    @cached_property
    def missed(self) -> RuleResult:
        """What is said of most mails by most rules; one for all of them."""
        return self.said(hit=False)

    def said(self, *, hit: bool | None, evidence: str = "", allowed: str = "") -> RuleResult:
        """`allowed`: the entry of the allow-list that overrides it."""
        return RuleResult(
            number=self.number,
            rule=self.name,
            verdict=self.verdict,
            strength=self.strength,
            hit=hit,
            evidence=f"{evidence} (allowed by {allowed})" if allowed else evidence,
            allowed=bool(allowed),
        )


S, P, L = VerdictKind.SILENT, VerdictKind.PARK, VerdictKind.LIMIT
FLOOR, WEAK = Strength.FLOOR, Strength.WEAK
RULES: tuple[Rule, ...] = (
    Rule("1", "null-sender", S, FLOOR, null_sender),
    Rule("2", "delivery-report", S, FLOOR, delivery_report),
    Rule("3", "read-receipt", S, FLOOR, read_receipt),
    Rule("4", "auto-submitted", S, FLOOR, auto_submitted),
    Rule("5", "precedence-auto", S, FLOOR, precedence_auto),
    Rule("5b", "precedence-bulk", S, WEAK, precedence_bulk),
    Rule("6", "mailing-list", S, WEAK, mailing_list),
    Rule("7", "response-suppressed", S, WEAK, suppressed),
    Rule("8", "robot-header", S, WEAK, robot_header),
    Rule("9", "our-own-mail", S, FLOOR, our_own_mail),
    Rule("10", "own-address", S, FLOOR, own_address),
    Rule("11", "daemon-sender", S, FLOOR, daemon),
    Rule("11b", "robot-sender", S, WEAK, robot_name),
    Rule("12", "not-addressed", P, WEAK, not_addressed),
    Rule("13", "spam", S, WEAK, spam),
    Rule("14", "not-authentic", P, WEAK, spoofed),
    Rule("15", "bounced-before", S, FLOOR, bounced, from_history=True),
    Rule("15b", "no-address", S, FLOOR, nobody),
    Rule("16", "limit-thread", L, FLOOR, limit_thread, from_history=True),
    Rule("16b", "limit-sender", L, FLOOR, limit_sender, from_history=True),
    Rule("16c", "limit-domain", L, FLOOR, limit_domain, from_history=True),
    Rule("16d", "limit-system", L, FLOOR, limit_system, from_history=True),
    Rule("17", "same-subject", L, WEAK, same_subject, from_history=True),
    Rule("18", "thread-acknowledged", S, FLOOR, acknowledged, from_history=True),
    Rule("19", "too-old", S, WEAK, too_old, from_history=True),
    Rule("19b", "first-run", S, WEAK, first_run, from_history=True),
    Rule("19c", "thread-closed", S, WEAK, thread_closed, from_history=True),
    Rule("20", "unreadable", P, WEAK, unreadable),
    Rule("21", "out-of-office", S, WEAK, out_of_office),
    Rule("22", "control-headers", S, FLOOR, control_headers),
)
# Rules that say "a machine wrote this": no reopening, and a ticket only if the complaint is sure.
ROBOT = frozenset(
    {rule.name for rule in RULES if rule.number.rstrip("b") in set("1 2 3 4 5 6 7 8 9 10 11 13 21".split())}
)
PARKING = frozenset(rule.name for rule in RULES if rule.verdict is P)
