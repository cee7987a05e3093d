"""Rules 15 to 19: what the ledger and the mailbox know."""

from __future__ import annotations

from pipeline.config.values import Rate
from pipeline.guard.case import Case
from pipeline.records.verdict import Authenticity, History, Tallies
from pipeline.text.numbers import many


def find_bounce(case: Case) -> str:
    """Their address refused our mail for good."""
    status = _history(case).tallies.bounced
    return f"mail to this address failed for good: {status}" if status else ""


def check_thread_limit(case: Case) -> str:
    """`[guard] limit_thread`."""
    return _over(_history(case).tallies.by_thread, case.around.settings.limit_thread, "to this sender in this thread")


def check_sender_limit(case: Case) -> str:
    """`[guard] limit_sender`."""
    return _over(_history(case).tallies.by_sender, case.around.settings.limit_sender, "to this sender")


def check_domain_limit(case: Case) -> str:
    """`[guard] limit_domain`; twenty times as many at the providers where strangers share a domain."""
    domain, limit = case.customer.home if case.customer else "", case.around.settings.limit_domain
    if domain in PUBLIC_PROVIDERS:
        limit = Rate(count=limit.count * PUBLIC_TIMES, window=limit.window)
    return _over(_history(case).tallies.by_domain, limit, f"to {domain}")


def check_system_limit(case: Case) -> str:
    """`[guard] limit_system`: the circuit breaker. Who is known has a budget of their own: a flood of forged mail
    must not make us silent to everybody else."""
    tallies, limit = _history(case).tallies, case.around.settings.limit_system
    if is_known(case.authenticity, tallies):
        return _over(tallies.by_known, limit, "to those who are known: circuit breaker")
    return _over(tallies.by_system, limit, "in all: circuit breaker")


def is_known(authenticity: Authenticity, tallies: Tallies) -> bool:
    """Authentic, or acknowledged at least a day ago: none of those that a flood brings."""
    return authenticity is Authenticity.AUTHENTIC or tallies.written_before


def find_same_subject(case: Case) -> str:
    """`[guard] same_subject`: a machine that writes the same again and again."""
    if not case.mail.plain_subject:  # no subject is not the same subject
        return ""
    return _over(_history(case).tallies.same_subject, case.around.settings.same_subject, "with the same subject")


def find_acknowledgement(case: Case) -> str:
    """One acknowledgement a person and conversation."""
    return "this writer has been acknowledged in this conversation" if _history(case).thread_acknowledged else ""


def find_old_age(case: Case) -> str:
    """By the server's clock (INTERNALDATE); the Date header is whatever the sender likes."""
    history = _history(case)
    age = history.now - history.received
    return f"received {history.received.isoformat()}" if age > history.max_age else ""


def find_first_run(case: Case) -> str:
    """What lay there before is recorded and not answered."""
    return "lay in the mailbox before we first saw it" if _history(case).first_run else ""


def find_archived(case: Case) -> str:
    """Out of an archive, many at once: backlog, though its server has it since a moment only."""
    return f"dragged in with many others, written {case.mail.sent}" if _history(case).dragged_in else ""


def find_closed_thread(case: Case) -> str:
    """A ticket that is closed for good takes no more letters."""
    return "its ticket is closed for good" if _history(case).thread_closed else ""


PUBLIC_TIMES = 20
# Where so many people have their mailbox that a limit per domain would hit strangers.
PUBLIC_PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com yahoo.co.uk "
    "yahoo.fr yahoo.de yahoo.es ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com "
    "web.de t-online.de freenet.de mail.com mail.ru yandex.ru orange.fr wanadoo.fr free.fr sfr.fr laposte.net "
    "telefonica.net terra.es hotmail.es libero.it kolumbus.fi elisanet.fi luukku.com saunalahti.fi proton.me "
    "protonmail.com zoho.com fastmail.com posteo.de mailbox.org tutanota.com qq.com 163.com comcast.net verizon.net "
    "att.net btinternet.com".split()
)


def _history(case: Case) -> History:
    assert case.history is not None  # noqa: S101  (rules from history are not called without one)
    return case.history


def _over(count: int, limit: Rate, whom: str) -> str:
    return (
        f"{many(count, 'acknowledgement')} {whom} within {limit.window}" if limit.count and count >= limit.count else ""
    )
