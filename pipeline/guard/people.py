"""Rules 10 to 13: who writes, and to whom; and what our own server calls spam."""

from __future__ import annotations

import re

from pipeline.guard.case import Case, within
from pipeline.records.mail import Address


def find_own_address(case: Case) -> str:
    """Mail from ourselves is mail that goes in circles."""
    customer = case.customer
    return f"{customer.email} is our own address" if customer and customer.folded in case.around.ours else ""


def find_no_address(case: Case) -> str:
    """RFC 2606 section 2: nobody has an address below .invalid. Who left none, on the telephone, gets such a one."""
    domain = case.customer.domain if case.customer else ""
    return f"there can be no address in {domain}" if within(domain, "invalid") else ""


def find_daemon_sender(case: Case) -> str:
    """The names that mail servers write under (RFC 5321 section 4.5.1, RFC 2142)."""
    local = case.customer.local if case.customer else ""
    return f"{local}@" if local in ("mailer-daemon", "postmaster") else ""


_ROBOT_NAME = re.compile(
    r"abuse|root|listserv|majordomo|no[-_.]?reply.*|do[-_.]?not[-_.]?reply.*|bounces?([-+=_.\d].*)?|.+-request|owner-.+"
)


def find_robot_sender(case: Case) -> str:
    """Names that nobody reads the answers of."""
    local = case.customer.local if case.customer else ""
    return f"{local}@" if _ROBOT_NAME.fullmatch(local) else ""


def find_no_recipient_of_ours(case: Case) -> str:
    """RFC 5230 section 4.5: not to us, so not ours to answer; a blind copy looks the same, so a person decides."""
    ours = case.around.addressed
    if not ours or any(Address(email=recipient).folded in ours for recipient in case.mail.recipients):
        return ""
    return "none of our addresses among the recipients"


def find_spam(case: Case) -> str:
    """The word of the spam filter in front of us, or the folder it put the mail in."""
    for name, value in case.values("X-Spam-Flag", "X-Spam-Status"):
        if value.startswith("yes"):
            return f"{name}: {value}"
    return f"folder {case.around.folder}" if case.around.folder.lower() in ("junk", "spam") else ""
