"""May a robot answer this mail? Every rule is looked at and kept, hit or miss.

The table is the union of what RFC 3834, RFC 5230, Dovecot Pigeonhole's vacation and the known help desks check. A rule
returns its evidence, or '' for a miss. Two ways to be wrong hurt equally: answering a robot (a loop), and staying
silent to a person because a test was too broad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.guard import content
from pipeline.guard.case import Case, Surroundings, find_header
from pipeline.guard.table import ALARM, ROBOT, RULES, WEAK, Rule
from pipeline.records.mail import Address, Mail
from pipeline.records.thread import ThreadKeys
from pipeline.records.verdict import History, RuleResult, Strength, Verdict, VerdictKind


def judge(mail: Mail, around: Surroundings, keys: ThreadKeys, history: History | None) -> Verdict:
    """Looks at every rule. `history` None leaves those that need the ledger unjudged (hit None)."""
    case = Case(mail, around, keys, history)
    rules = tuple(_look(rule, case) for rule in RULES)
    rules = _with_out_of_office(rules, case)
    counting = [rule for rule in rules if rule.hit and not rule.allowed]
    return Verdict(
        kind=_kind(counting, case.customer),
        reasons=tuple(rule.rule for rule in counting),
        rules=rules,
        customer=case.customer,
        robot=any(rule.rule in ROBOT for rule in counting),
        alarm=any(rule.rule in ALARM for rule in counting),
        authenticity=case.authenticity,
        typed=case.by.form or (around.by_web and mail.header("X-Channel") == "form"),
    )


def without_parking(verdict: Verdict) -> Verdict:
    """The verdict when a person has looked and lets the mail go on: the park rules count no more."""
    rules = tuple(
        replace(rule, allowed=True, evidence=f"{rule.evidence} (released by a person)")
        if rule.hit and rule.verdict is VerdictKind.PARK
        else rule
        for rule in verdict.rules
    )
    counting = [rule for rule in rules if rule.hit and not rule.allowed]
    kind = _kind(counting, verdict.customer)
    return replace(verdict, kind=kind, rules=rules, reasons=tuple(rule.rule for rule in counting))


def _look(rule: Rule, case: Case) -> RuleResult:
    if case.history is None and rule.from_history:
        return rule.result(hit=None)
    evidence = rule.find(case)
    if not evidence:
        return rule.miss
    return rule.result(hit=True, evidence=evidence, allowed=case.allowed if rule.strength is Strength.WEAK else "")


BACKLOG = frozenset({"first-run", "archived"})  # recorded only


def _kind(counting: Sequence[RuleResult], customer: Address | None) -> VerdictKind:
    """Silent to machines and to what lay there before; then parked; then silent or limited by what went before."""
    names = {rule.rule for rule in counting}
    if not counting:
        return VerdictKind.ANSWER if customer else VerdictKind.SILENT
    if names & ROBOT or names & BACKLOG:
        return VerdictKind.SILENT
    for kind in (VerdictKind.PARK, VerdictKind.SILENT):
        if any(rule.verdict is kind for rule in counting):
            return kind
    return VerdictKind.LIMIT


def _with_out_of_office(rules: tuple[RuleResult, ...], case: Case) -> tuple[RuleResult, ...]:
    """Rule 21 counts only together with another weak sign, also with one that the allow-list forgave."""
    others = [rule.rule for rule in rules if rule.hit and rule.strength is WEAK and rule.rule in ROBOT]
    others = [name for name in others if name != "out-of-office"]
    more = (
        find_header(case, *content.VACATION),
        content.answers_our_letter(case),
        content.marked_all_the_same(case),
    )
    signs = others + [sign for sign in more if sign]
    return tuple(_second_sign(rule, signs) if rule.rule == "out-of-office" else rule for rule in rules)


def _second_sign(rule: RuleResult, signs: Sequence[str]) -> RuleResult:
    if not rule.hit:
        return rule
    if not signs:
        return replace(rule, hit=False, allowed=False, evidence=f"{rule.evidence}, but no other sign")
    return replace(rule, allowed=False, evidence=f"{rule.evidence}, and {', '.join(signs)}")
