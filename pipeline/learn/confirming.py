"""What people's answers prove: from which confidence on is a head of a version wrong at most as often as allowed?

The answers are "right" or "wrong", on mails drawn by lot from those of at least some confidence (the *floor*). Each
answer is a bet against the claim "it is wrong more often than allowed": the stake grows with a right one and shrinks
with a wrong one, so that on average it can't grow while the claim is true. Then it reaches 1/p in at most a share p of
all cases, whenever one looks and whenever one stops (Ville's inequality, 1939). The bets are a mixture of likelihood
ratios (Robbins 1970; Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting"). The same
the other way round shows that a threshold is broken.

One set of answers asks about the floor and four stricter thresholds at once. They share the 5 % that may go wrong by
chance, the floor having most of it, so that all of them together keep it (Bonferroni). A fixed sequence from the
strictest would give each the whole, but the strictest, above which few mails lie, would hold up all others.

A *round* is such a set of answers. It ends when its loosest threshold holds, and the next one renews what it showed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from pipeline.records.confirmation import Confirmation

BY_CHANCE = 0.05  # of rounds in which any threshold may hold, or any be broken, that is not
SHARES = (0.6, 0.1, 0.1, 0.1, 0.1)  # of that: of the floor, and of each stricter threshold
_RIGHT_MOSTLY = ((0.05, 0.3), (0.2, 0.4), (0.5, 0.3))  # rates of wrong, of the allowed one, and what is staked on each
_WRONG_OFTEN = ((1.5, 0.3), (2.5, 0.4), (5.0, 0.3))
_LARGEST = 700.0  # exponent that a float bears
_HOPED = 0.25  # of the allowed rate: what a model must expect of itself for the answers to be few
_PRIOR = 1.0  # mistakes, as if they had been expected and found
_WORTH = 1.1  # times as much mail must a looser threshold bring
_LEAST_COVERAGE = 0.1  # of the mails that should lie above a first floor


class Shown(StrEnum):
    """What the answers show of a threshold."""

    OPEN = "open"
    HOLDS = "holds"
    BROKEN = "broken"


class Basis(StrEnum):
    """Where the threshold in use comes from."""

    TRAINING = "training"  # certified by the training, or by nobody
    ANSWERS = "answers"  # it holds, people's answers have shown
    REFUTED = "refuted"  # it was wrong too often: nothing is sure


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedThreshold:
    """A threshold that a round asks about, and the answers at or above it."""

    threshold: float
    by_chance: float  # the share of rounds in which it may be told wrongly of it
    right: int = 0
    wrong: int = 0
    shown: Shown = Shown.OPEN

    def after(self, answer: Confirmation, max_error: float) -> AskedThreshold:
        """With one more answer. What is broken stays so."""
        if answer.confidence < self.threshold:
            return self
        counted = replace(self, right=self.right + answer.right, wrong=self.wrong + (not answer.right))
        return replace(counted, shown=counted._shown(max_error))

    def _shown(self, max_error: float) -> Shown:
        enough = 1 / self.by_chance
        if self.shown is Shown.BROKEN or evidence_of_breaking(self.right, self.wrong, max_error) >= enough:
            return Shown.BROKEN
        if self.shown is Shown.HOLDS or evidence_of_holding(self.right, self.wrong, max_error) >= enough:
            return Shown.HOLDS
        return Shown.OPEN

    def more(self, max_error: float) -> int:
        """How many further answers, all of them right, until it holds."""
        if self.shown is Shown.HOLDS:
            return 0
        low, high = 0, 1
        while evidence_of_holding(self.right + high, self.wrong, max_error) < 1 / self.by_chance:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            holds = evidence_of_holding(self.right + middle, self.wrong, max_error) >= 1 / self.by_chance
            low, high = (low, middle) if holds else (middle, high)
        return high


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRound:
    """The answers since `began`, seen by threshold, the loosest first."""

    began: datetime
    newest: datetime  # of its answers: those that an earlier version was given are not in the order of time
    asked: tuple[AskedThreshold, ...]

    @property
    def live(self) -> Sequence[AskedThreshold]:
        """Those stricter than every broken one: a mail below a broken threshold is not asked about any more."""
        broken = [place for place, one in enumerate(self.asked) if one.shown is Shown.BROKEN]
        return self.asked[broken[-1] + 1 :] if broken else self.asked

    @property
    def held(self) -> AskedThreshold | None:
        """The loosest that holds."""
        return next((one for one in self.live if one.shown is Shown.HOLDS), None)

    @property
    def over(self) -> bool:
        """There is nothing more to be shown."""
        return not self.live or self.live[0].shown is Shown.HOLDS

    def takes(self, answer: Confirmation, valid: timedelta) -> bool:
        """Does this answer belong to it? Only one drawn from all that it still asks about, while it is young."""
        return not self.over and answer.floor == self.live[0].threshold and abs(answer.at - self.began) <= valid


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What one head of a version may call sure, after the answers."""

    max_error: float
    threshold: float | None  # sure from here on; None: never
    basis: Basis = Basis.TRAINING
    since: datetime | None = None  # of the answer that showed it; None: no answer has
    right: int = 0  # of the answers that showed it
    wrong: int = 0
    round: AnswerRound | None = field(default=None)  # the newest one

    @property
    def floor(self) -> float | None:
        """From where on mails are drawn next; None: nobody has asked yet, or no threshold is left."""
        if self.round is None or not self.round.live:
            return None
        return self.round.live[0].threshold

    @property
    def exhausted(self) -> bool:
        """Even the strictest threshold was wrong too often."""
        return self.round is not None and not self.round.live

    @property
    def asked(self) -> AskedThreshold | None:
        """What the next answer is about; None before the first."""
        if self.round is None or not self.round.live:
            return None
        return _fresh(self.round.live[0].threshold)[0] if self.round.over else self.round.live[0]

    def is_old(self, now: datetime, valid: timedelta) -> bool:
        """Was it shown too long ago?"""
        return self.basis is Basis.ANSWERS and self.since is not None and now - self.since > valid

    def after(self, answer: Confirmation, valid: timedelta) -> Certificate:
        """With one more answer that counts."""
        known = self.round
        if known is None or not known.takes(answer, valid):
            known = AnswerRound(began=answer.at, newest=answer.at, asked=_fresh(answer.floor))
        newest = max(known.newest, answer.at)
        grown = replace(known, newest=newest, asked=tuple(one.after(answer, self.max_error) for one in known.asked))
        return replace(self, round=grown)._refuted(newest)._shown(known.held, newest)

    def _refuted(self, at: datetime) -> Certificate:
        """The threshold in use falls with one that is at least as strict."""
        assert self.round is not None  # noqa: S101  (`after` has just made it)
        broken = [one for one in self.round.asked if one.shown is Shown.BROKEN]
        if not broken or self.threshold is None or self.threshold > broken[-1].threshold:
            return self
        last = broken[-1]
        return replace(self, threshold=None, basis=Basis.REFUTED, since=at, right=last.right, wrong=last.wrong)

    def _shown(self, before: AskedThreshold | None, at: datetime) -> Certificate:
        """What holds now and did not before is in use, unless a looser one is that nothing speaks against."""
        assert self.round is not None  # noqa: S101
        held = self.round.held
        if held is None or (before and before.threshold == held.threshold and self.threshold is not None):
            return self
        if self.threshold is not None and held.threshold > self.threshold and not self.round.over:
            return self
        return replace(
            self,
            threshold=held.threshold,
            basis=Basis.ANSWERS,
            since=at,
            right=held.right,
            wrong=held.wrong,
        )


def certificate_of(
    answers: Iterable[Confirmation], shipped: float | None, max_error: float, valid: timedelta
) -> Certificate:
    """What the answers about one head of one version show, in the order in which they came to count.

    `shipped`: the threshold that the training certified; `max_error`: the share of wrong that is allowed; `valid`: how
    long answers speak for the mail to come. Answers on mails that were not drawn by lot are left out.
    """
    certificate = Certificate(max_error=max_error, threshold=shipped)
    for answer in answers:
        if answer.random:
            certificate = certificate.after(answer, valid)
    return certificate


@lru_cache(maxsize=50_000)  # each answer has all that were given before counted again
def evidence_of_holding(right: int, wrong: int, max_error: float) -> float:
    """Against "wrong more often than `max_error`": what a stake of 1 has become."""
    return _mixture(right, wrong, max_error, [(share * max_error, stake) for share, stake in _RIGHT_MOSTLY])


@lru_cache(maxsize=50_000)
def evidence_of_breaking(right: int, wrong: int, max_error: float) -> float:
    """Against "wrong at most as often as `max_error`"."""
    highest = (1 + max_error) / 2
    return _mixture(
        right, wrong, max_error, [(min(share * max_error, highest), stake) for share, stake in _WRONG_OFTEN]
    )


def _mixture(right: int, wrong: int, limit: float, bets: Sequence[tuple[float, float]]) -> float:
    """Likelihood ratios of each rate against `limit`, weighted by what is staked on it."""
    return sum(
        stake * math.exp(min(_LARGEST, wrong * math.log(rate / limit) + right * math.log((1 - rate) / (1 - limit))))
        for rate, stake in bets
    )


def _fresh(floor: float) -> tuple[AskedThreshold, ...]:
    """The floor, and four stricter ones: each halves the doubt that is left. Fixed before the first answer."""
    return tuple(
        AskedThreshold(threshold=floor + (1 - floor) * (1 - 0.5**step), by_chance=share * BY_CHANCE)
        for step, share in enumerate(SHARES)
    )


def first_floor(confidences: Sequence[float], shipped: float | None, max_error: float) -> float | None:
    """From where on mails are drawn before anybody has answered; None: there is no mail to draw from.

    The loosest threshold of which the version itself expects that few are wrong, and no stricter than the shipped one.
    `confidences`: of recent mails, whose labels nobody needs to know, so that the choice can't spoil the test.
    """
    ranked = sorted((one for one in confidences if one > 0), reverse=True)
    if not ranked:
        return shipped
    count, doubt = 0, 0.0
    for place, confidence in enumerate(ranked, start=1):
        doubt += 1 - confidence
        if doubt <= _HOPED * max_error * place:
            count = place
    count = max(count, math.ceil(_LEAST_COVERAGE * len(ranked)))
    hoped = math.floor(ranked[count - 1] * 1000) / 1000
    return hoped if shipped is None else min(hoped, shipped)


def looser_floor(
    confidences: Sequence[float], answers: Sequence[Confirmation], certificate: Certificate
) -> float | None:
    """From where on to draw for a looser threshold than the one that the answers have just shown; None: there is none
    that is worth it.

    What the answers say of how much the version doubts too much or too little is put to use: a new round counts new
    answers alone, so its floor may be chosen by the old ones. `confidences`: as for `first_floor`.
    """
    held = certificate.threshold
    if certificate.basis is not Basis.ANSWERS or held is None or not (certificate.round and certificate.round.over):
        return None
    told = sum(1 - one.confidence for one in answers if one.random)
    found = sum(not one.right for one in answers if one.random)
    factor = (found + _PRIOR) / (told + _PRIOR)  # a little towards "it knows itself"
    floor = first_floor(confidences, None, min(1.0, certificate.max_error / factor))
    if floor is None:
        return None
    more, now = (sum(confidence >= one for confidence in confidences) for one in (floor, held))
    return floor if more >= _WORTH * now else None


def checks_a_week(max_error: float, valid: timedelta) -> int:
    """How many answers a week renew a certificate before it is old, with one wrong among them."""
    needed = 1 + AskedThreshold(threshold=0.0, by_chance=SHARES[0] * BY_CHANCE, wrong=1).more(max_error)
    return max(1, math.ceil(needed / (valid / timedelta(days=7))))
