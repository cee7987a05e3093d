"""Rules 10 to 13: who writes, and to whom; and what our own server calls spam."""

from __future__ import annotations

import re

from pipeline.guard.case import Case, within
from pipeline.records.mail import Address


def own_address(case: Case) -> str:
    customer = case.customer
    return f"{customer.email} is our own address" if customer and customer.folded in case.around.ours else ""


def nobody(case: Case) -> str:
    """RFC 2606 section 2: nobody has an address below .invalid. Who left none, on the telephone, gets such a one."""
    domain = case.customer.domain if case.customer else ""
    return f"there can be no address in {domain}" if within(domain, "invalid") else ""


def daemon(case: Case) -> str:
    local = case.customer.local if case.customer else ""
    return f"{local}@" if local in ("mailer-daemon", "postmaster") else ""


_ROBOT_NAME = re.compile(
    r"abuse|root|listserv|majordomo|no[-_.]?reply.*|do[-_.]?not[-_.]?reply.*|bounces?([-+=_.\d].*)?|.+-request|owner-.+"
)


def robot_name(case: Case) -> str:
    local = case.customer.local if case.customer else ""
    return f"{local}@" if _ROBOT_NAME.fullmatch(local) else ""


def not_addressed(case: Case) -> str:
    ours = case.around.addressed
    if not ours or any(Address(email=recipient).folded in ours for recipient in case.mail.recipients):
        return ""
    return "none of our addresses among the recipients"


def spam(case: Case) -> str:
    for name, value in case.values("X-Spam-Flag", "X-Spam-Status"):
        if value.startswith("yes"):
            return f"{name}: {value}"
    return f"folder {case.around.folder}" if case.around.folder.lower() in ("junk", "spam") else ""
