"""May a robot answer: what each guard rule said, and what all of them come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.records.mail import Address


class VerdictKind(StrEnum):
    """May a robot answer this mail?"""

    ANSWER = "answer"
    SILENT = "silent"
    PARK = "park"
    LIMIT = "limit"


class Strength(StrEnum):
    """A floor rule can never be overridden; a weak one yields to the operator's allow-list."""

    FLOOR = "floor"
    WEAK = "weak"


class Authenticity(StrEnum):
    """Does a mail come from where it says? Rule 14."""

    AUTHENTIC = "authentic"
    NOT_AUTHENTIC = "not-authentic"
    UNKNOWN = "unknown"  # our server does not say


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleResult:
    """One guard rule looked at one mail. `hit` is None when the rule could not be judged (it needs the ledger)."""

    number: str  # of GUARD's table: "5b"
    rule: str
    verdict: VerdictKind
    strength: Strength
    hit: bool | None
    evidence: str = ""
    allowed: bool = False  # hit, but overridden by the operator's allow-list


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """May a robot answer, and why; with every rule that was looked at."""

    kind: VerdictKind
    reasons: tuple[str, ...]  # names of the rules that hit and count
    rules: tuple[RuleResult, ...]
    customer: Address | None  # whom an answer would go to
    robot: bool = False  # a machine wrote this: no reopening, and a ticket only if the complaint is sure
    alarm: bool = False  # a loop or the circuit breaker: somebody should look
    authenticity: Authenticity = Authenticity.UNKNOWN
    typed: bool = False  # a visitor of a form typed the customer's address: nobody knows whose it is

    @property
    def may_echo(self) -> bool:
        """May a letter repeat what the writer wrote? Else anybody could send anything to anybody through us."""
        return not self.typed and self.authenticity is not Authenticity.NOT_AUTHENTIC

    def hit(self, rule: str) -> bool:
        """Did the rule of this name hit, and count?"""
        return rule in self.reasons


@dataclass(frozen=True, kw_only=True, slots=True)
class Tallies:
    """Acknowledgements inside the windows of `[guard]`, and what is remembered of the address."""

    by_thread: int = 0  # to this sender in this thread
    by_sender: int = 0
    by_domain: int = 0
    by_system: int = 0
    by_known: int = 0  # of the budget of those who are authentic or were written to before
    written_before: bool = False  # this writer has been acknowledged, a day ago or longer
    same_subject: int = 0
    bounced: str = ""  # the status with which mail to this address failed permanently
    grants: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)  # name → when it was offered to them
    complaints: int = 0  # tickets that they have complained in, lately


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What only the ledger and the mailbox know about one mail: the input of guard rules 15 to 19."""

    received: datetime  # INTERNALDATE
    now: datetime
    max_age: timedelta
    first_run: bool = False  # lay in the mailbox before Firstline first saw it
    dragged_in: bool = False  # out of an archive, with many others
    tallies: Tallies = Tallies()
    thread_acknowledged: bool = False  # to this writer
    thread_closed: bool = False
