"""The table of the rules, in order. A new rule: a function in a file of its family, a line here, a case in the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pipeline.guard import content, history, marks, people
from pipeline.guard.case import Case
from pipeline.records.verdict import RuleResult, Strength, VerdictKind

Test = Callable[[Case], str]  # its evidence, '' for a miss


@dataclass(frozen=True)
class Rule:
    """A line of the table."""

    number: str
    name: str
    verdict: VerdictKind
    strength: Strength
    test: Test | None  # None: it is shown and never hits
    robot: bool = False  # it says "a machine wrote this": no reopening, and a ticket only if the complaint is sure
    alarm: bool = False  # a loop or the circuit breaker: somebody should look
    from_history: bool = False  # it asks the ledger

    def find(self, case: Case) -> str:
        """The evidence for a hit, '' for a miss."""
        return self.test(case)[:200] if self.test else ""

    @cached_property
    def miss(self) -> RuleResult:
        """What is said of most mails by most rules; one for all of them."""
        return self.result(hit=False)

    def result(self, *, hit: bool | None, evidence: str = "", allowed: str = "") -> RuleResult:
        """What it says of a mail. `hit` None: not judged; `allowed`: the entry of the allow-list that overrides it."""
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
    Rule("1", "null-sender", S, FLOOR, marks.find_null_sender, robot=True),
    Rule("2", "delivery-report", S, FLOOR, marks.find_delivery_report, robot=True),
    Rule("3", "read-receipt", S, FLOOR, marks.find_read_receipt, robot=True),
    Rule("4", "auto-submitted", S, FLOOR, marks.find_auto_submitted, robot=True),
    Rule("5", "precedence-auto", S, FLOOR, marks.find_precedence_auto, robot=True),
    Rule("5b", "precedence-bulk", S, WEAK, marks.find_precedence_bulk, robot=True),
    Rule("6", "mailing-list", S, WEAK, marks.find_mailing_list, robot=True),
    Rule("7", "response-suppressed", S, WEAK, marks.find_suppression, robot=True),
    Rule("8", "robot-header", S, WEAK, marks.find_robot_header, robot=True),
    Rule("9", "our-own-mail", S, FLOOR, marks.find_our_own_mail, robot=True, alarm=True),
    Rule("10", "own-address", S, FLOOR, people.find_own_address, robot=True),
    Rule("11", "daemon-sender", S, FLOOR, people.find_daemon_sender, robot=True),
    Rule("11b", "robot-sender", S, WEAK, people.find_robot_sender, robot=True),
    Rule("12", "not-addressed", P, WEAK, people.find_no_recipient_of_ours),
    Rule("13", "spam", S, WEAK, people.find_spam, robot=True),
    Rule("14", "not-authentic", P, WEAK, people.find_spoofing),
    Rule("15", "bounced-before", S, FLOOR, history.find_bounce, from_history=True),
    Rule("15b", "no-address", S, FLOOR, people.find_no_address),
    Rule("15c", "unwritable", P, FLOOR, people.find_unwritable_address),
    Rule("16", "limit-thread", L, FLOOR, history.check_thread_limit, from_history=True),
    Rule("16b", "limit-sender", L, FLOOR, history.check_sender_limit, from_history=True),
    Rule("16c", "limit-domain", L, FLOOR, history.check_domain_limit, from_history=True),
    Rule("16d", "limit-system", L, FLOOR, history.check_system_limit, alarm=True, from_history=True),
    Rule("17", "same-subject", L, WEAK, history.find_same_subject, from_history=True),
    Rule("18", "thread-acknowledged", S, FLOOR, history.find_acknowledgement, from_history=True),
    Rule("19", "too-old", S, WEAK, history.find_old_age, from_history=True),
    Rule("19b", "first-run", S, WEAK, history.find_first_run, from_history=True),
    Rule("19c", "thread-closed", S, WEAK, history.find_closed_thread, from_history=True),
    Rule("19d", "archived", S, WEAK, history.find_archived, from_history=True),
    Rule("20", "unreadable", P, WEAK, content.find_unreadable_parts),
    Rule("20b", "reaction", S, WEAK, content.find_reaction, robot=True),
    Rule("21", "out-of-office", S, WEAK, content.find_out_of_office, robot=True),
    Rule("22", "control-headers", S, FLOOR, None),  # only shown: nothing reads such headers
)
ROBOT = frozenset(rule.name for rule in RULES if rule.robot)
ALARM = frozenset(rule.name for rule in RULES if rule.alarm)
