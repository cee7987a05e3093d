"""Whether a refusal is about one letter or about us: nobody knows until another letter was tried.

While a server refuses us all letters wait, and one tries at a time, another each time. If one is accepted, the refusal
was about those before alone: they are tried once more (it may have been mended between), and after that each has its
own backoff and its end (`[smtp] give_up`).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.errors import DeferredError, SenderRefusedError
from pipeline.records.effect import Effect, EffectState, Outcome
from pipeline.retry import Retry, outcome_of
from pipeline.text.refusals import alike

REMEMBERED = 1000  # letters; to forget one only means that it is suspected anew
IN_ONE_PASS = 3  # refusals after which `once` leaves the server alone

TakenBack = tuple[EffectState, Outcome]  # what was in the journal, and what is to be there instead


@dataclass(frozen=True)
class _Refused:
    """A letter that was refused for itself, as it seems: its outcome, and what was said."""

    effect: Effect
    state: EffectState
    said: str

    def is_another_than(self, effect: Effect) -> bool:
        """Of another recipient: "not now" may well be true of a whole domain, "never" of one address."""
        mine, other = self.effect.recipient.lower(), effect.recipient.lower()
        if self.state is EffectState.FAILED:
            return mine != other
        return mine.rpartition("@")[2] != other.rpartition("@")[2]


@dataclass
class Suspicion:
    """Shared by all connections to the outgoing server."""

    why: SenderRefusedError | None = None  # what it says; None while it takes letters
    _said: str = ""  # … where it says so of each letter as if it were about that one
    _tried: dict[str, str] = field(default_factory=dict)  # letters that it refused since it took one: key → its words
    _alone: dict[str, str] = field(default_factory=dict)  # … and then took another one
    _refused: dict[str, _Refused] = field(default_factory=dict)  # each for itself, as it seems, since then
    _in_a_row: int = 0
    _trying: object | None = None  # the connection whose letter tries
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def lasts(self) -> bool:
        """Does the server count as refusing us?"""
        return self.why is not None

    @property
    def is_firm(self) -> bool:
        """Has it refused so often in a row that `once` tries no other letter in this pass?"""
        return self._in_a_row >= IN_ONE_PASS

    @property
    def enough(self) -> int:
        """So many letters have one among them that it has not refused yet, if there is one."""
        return len(self._tried) + 1

    @property
    def tried_last(self) -> str:
        """The key of the letter that was refused last."""
        return next(reversed(self._tried), "")

    def chosen(self, due: Sequence[Effect], by: object) -> list[Effect]:
        """What may be tried of what is due: all, or one that was not refused yet (then the one refused longest ago).

        `by`: whose turn it is then, until `tried_it`.
        """
        with self._lock:
            if not self.lasts:
                return [*due]
            if self._trying not in (None, by) or not due:
                return []
            untried = [effect for effect in due if effect.key not in self._tried]
            # Which one does not matter; but `once` after `once` must not begin with the same.
            one = random.choice(untried) if untried else _longest_ago(self._tried, due)  # noqa: S311  (no secret)
            self._trying = by
            return [one]

    def tried_it(self, by: object) -> None:
        """What was chosen has an outcome, or was not tried at all."""
        with self._lock:
            self._trying = None if self._trying is by else self._trying

    def refused(self, effect: Effect, error: SenderRefusedError, retry: Retry, now: datetime) -> Outcome:
        """It waits; but where others were accepted since it was refused before, it is about this one alone."""
        with self._lock:
            self._has_other_words(effect, alike(error.what))
            if self._is_alone(effect, alike(error.what)):
                alone = DeferredError(f"refused alone, others are taken: {error.what}", where=error.where)
                return outcome_of(effect, alone, retry, now)
            self._suspect(effect, error, alike(error.what))
            return waiting(effect, error)

    def accepted(self, effect: Effect) -> None:
        """The server has taken this one: it does not refuse us (any more)."""
        with self._lock:
            self._alone = dict([*self._alone.items(), *self._tried.items()][-REMEMBERED:])
            self._alone.pop(effect.key, None)
            self._tried, self._refused, self.why, self._said, self._in_a_row = {}, {}, None, "", 0

    def looked_at(self, effect: Effect, outcome: Outcome) -> tuple[Outcome, list[TakenBack]]:
        """What a letter got that was not taken: perhaps a refusal by words that do not say whose fault it is.

        When several recipients in a row get the same words, they are the server's: it waits, and so do those before.
        """
        said = alike(outcome.refused)
        with self._lock:
            self._has_other_words(effect, said)
            known = [one for one in self._refused.values() if one.said == said and one.is_another_than(effect)]
            is_known = bool(known) or (self.lasts and said == self._said)
            if not said or not is_known or self._is_alone(effect, said, outcome.state):
                return outcome, []
            self._said = said
            error = SenderRefusedError(f"it says the same of all: {outcome.refused}", remedy="ask its operator")
            back = [one for one in known if not self._is_alone(one.effect, said, one.state)]
            for each in (*(one.effect for one in back), effect):
                self._suspect(each, error, said)
                self._refused.pop(each.key, None)
            return waiting(effect, error), [(one.state, _taken_back(one.effect, error)) for one in back]

    def settled(self, effect: Effect, outcome: Outcome) -> None:
        """It is in the journal; another one may show later that it was not this one's fault."""
        if outcome.refused:
            with self._lock:
                self._refused[effect.key] = _Refused(effect, outcome.state, alike(outcome.refused))
                while len(self._refused) > REMEMBERED:
                    self._refused.pop(next(iter(self._refused)))

    def _suspect(self, effect: Effect, error: SenderRefusedError, said: str) -> None:
        self._tried.pop(effect.key, None)
        self._tried[effect.key] = said
        self._in_a_row += 1
        self.why = error

    def _has_other_words(self, effect: Effect, said: str) -> None:
        """What it was refused with before is over: the server's trouble of then. With the same words it would begin
        again, and not be this letter's."""
        if self._alone.get(effect.key) != said:
            self._alone.pop(effect.key, None)

    def _is_alone(self, effect: Effect, said: str, state: EffectState = EffectState.WAITING) -> bool:
        """It was, with these words; or before a restart, if tries of it were counted.

        A letter to a full mailbox may well be told "unknown user" next, by a directory that is away.
        """
        was_before = effect.attempts > 0 and not self.lasts and state is EffectState.WAITING
        return self._alone.get(effect.key) == said or was_before


def _longest_ago(tried: Iterable[str], due: Sequence[Effect]) -> Effect:
    waiting = {effect.key: effect for effect in due}
    return waiting[next(key for key in tried if key in waiting)]


def waiting(effect: Effect, error: Exception) -> Outcome:
    """This says nothing about the letter, and costs it no attempt."""
    return Outcome(key=effect.key, state=EffectState.WAITING, error=str(error), counted=False)


def _taken_back(effect: Effect, error: Exception) -> Outcome:
    return replace(waiting(effect, error), well=True, counted=True, forgotten=1)
