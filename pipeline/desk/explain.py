"""Who decided that a mail is not answered, and what would change it: one sentence for `mail explain`."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records.ledger import LedgerMail
from pipeline.records.verdict import RuleResult, Strength, VerdictKind

_SETTINGS = {  # rule → the key of [guard] that it goes by
    "limit-thread": "limit_thread",
    "limit-sender": "limit_sender",
    "limit-domain": "limit_domain",
    "limit-system": "limit_system",
    "same-subject": "same_subject",
    "bounced-before": "bounce_memory",
}
_REMEDIES = {
    "thread-acknowledged": "one letter a person and conversation is all there is",
    "first-run": "`firstline mail replay ID --apply` judges it again",
    "archived": "`firstline mail replay ID --apply` judges it again",
    "too-old": "`max_age` of its mailbox says how old a mail may be",
    "thread-closed": "its ticket is closed for good: a person answers",
    "null-sender": "nothing lets it pass; if it is a contact form of yours, name it in `[guard] forms`",
    "auto-submitted": "nothing lets it pass; if it came through a form or a forwarder of yours, name that in `[guard] "
    "forms` or `forwarders`",
}


def in_a_sentence(mail: LedgerMail) -> str:
    """Why a mail is answered, silent, parked or limited, and what would let it pass."""
    if mail.error:
        return f"parked because it could not be judged ({mail.error}); a person decides: mail release or discard"
    if mail.verdict is VerdictKind.ANSWER:
        allowed = [rule.evidence for rule in mail.rules if rule.allowed]
        return f"answered, though {allowed[0]}" if allowed else "answered: no rule speaks against it"
    counting = [rule for rule in mail.rules if rule.hit and not rule.allowed]
    deciding = [rule for rule in counting if rule.verdict is mail.verdict] or counting
    if not deciding:
        return "silent: there is nobody to write to"
    because = "; ".join(dict.fromkeys(rule.evidence for rule in deciding))
    return f"{_STATES[mail.verdict]} because {because}; {_change(mail, deciding)}"


_STATES = {VerdictKind.SILENT: "silent", VerdictKind.PARK: "parked", VerdictKind.LIMIT: "limited"}


def _change(mail: LedgerMail, deciding: Sequence[RuleResult]) -> str:
    """What would let it pass."""
    floor = next((rule for rule in deciding if rule.strength is Strength.FLOOR), None)
    rule = floor or deciding[0]
    if remedy := _REMEDIES.get(rule.rule):
        return remedy
    if key := _SETTINGS.get(rule.rule):
        return f"`{key}` of [guard] says how many, and for how long"
    if floor:
        return "nothing lets it pass"
    if mail.verdict is VerdictKind.PARK:
        return f"`firstline mail release {mail.id}` lets it go on, {_allow(mail)} would let such mail pass"
    return f"{_allow(mail)} would let it pass"


def _allow(mail: LedgerMail) -> str:
    domain = mail.sender.rpartition("@")[2]
    return f'`allow = ["{domain or mail.sender}"]`'
