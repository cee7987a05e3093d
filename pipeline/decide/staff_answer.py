"""Has one of us answered the customer from a mail program? What counts, and what does not."""

from __future__ import annotations

from datetime import datetime

from pipeline.records.decision import StaffAnswer
from pipeline.records.mail import Mail, fold
from pipeline.records.thread import Role, Thread
from pipeline.records.verdict import Verdict

# Rules 1 to 5 of the guard, and 9: a machine sent it, or we did.
_BY_A_MACHINE = (
    "null-sender",
    "delivery-report",
    "read-receipt",
    "auto-submitted",
    "precedence-auto",
    "our-own-mail",
)
_CALENDAR = "text/calendar"


def staff_answer(mail: Mail, thread: Thread, customer: str, verdict: Verdict, at: datetime) -> StaffAnswer | None:
    """A mail of somebody proved to be one of us, in a conversation, to its customer (To or Cc). None: it is no answer.

    An invitation is none, and what goes to a colleague alone is none. `customer`: folded; `at`: when it was sent.
    """
    if thread.new or thread.role is not Role.STAFF or mail.sender is None:
        return None
    if any(verdict.hit(rule) for rule in _BY_A_MACHINE) or any(part.startswith(_CALENDAR) for part in mail.parts):
        return None
    if customer not in {fold(address) for address in mail.addressees}:
        return None
    return StaffAnswer(
        thread=thread.ref, ticket=thread.ticket.ref if thread.ticket else "", author=mail.sender.email, at=at
    )
