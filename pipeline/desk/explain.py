"""Who decided that a mail is not answered, and what would change it: one sentence for `mail explain`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
    "too-old": "`max_age` of its mailbox says how old a mail may be",
    "thread-closed": "its ticket is closed for good: a person answers",
    "null-sender": "nothing lets it pass; if it is a contact form of yours, name it in `[guard] forms`",
    "auto-submitted": "nothing lets it pass; if it came through a form or a forwarder of yours, name that in `[guard] "
    "forms` or `forwarders`",
}


def in_a_sentence(document: Mapping[str, Any]) -> str:
    """`document`: of `mail show`."""
    verdict, counting = document["verdict"], [rule for rule in document["rules"] if rule["hit"] and not rule["allowed"]]
    if document["error"]:
        return f"parked because it could not be judged ({document['error']}); a person decides: mail release or discard"
    if verdict == "answer":
        allowed = [rule["evidence"] for rule in document["rules"] if rule["allowed"]]
        return f"answered, though {allowed[0]}" if allowed else "answered: no rule speaks against it"
    deciding = [rule for rule in counting if rule["verdict"] == verdict] or counting
    if not deciding:
        return "silent: there is nobody to write to"
    because = "; ".join(dict.fromkeys(rule["evidence"] for rule in deciding))
    return f"{_STATES.get(verdict, verdict)} because {because}; {_change(document, deciding)}"


_STATES = {"silent": "silent", "park": "parked", "limit": "limited"}


def _change(document: Mapping[str, Any], deciding: Sequence[Mapping[str, Any]]) -> str:
    """What would let it pass."""
    floor = next((rule for rule in deciding if rule["strength"] == "floor"), None)
    rule = floor or deciding[0]
    if remedy := _REMEDIES.get(rule["rule"]):
        return remedy
    if key := _SETTINGS.get(rule["rule"]):
        return f"`{key}` of [guard] says how many, and for how long"
    if floor:
        return "nothing lets it pass"
    if document["verdict"] == "park":
        return f"`firstline mail release {document['id']}` lets it go on, {_allow(document)} would let such mail pass"
    return f"{_allow(document)} would let it pass"


def _allow(document: Mapping[str, Any]) -> str:
    sender = document["from"] or ""
    domain = sender.rpartition("@")[2]
    return f'`allow = ["{domain or sender}"]`'
