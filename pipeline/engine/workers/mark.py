"""Marking what is recorded in its mailbox, batch by batch, over the connection that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.clock import Clock
from pipeline.doors import Journal, Mailbox
from pipeline.engine.workers.queue import claimed, log_outcome
from pipeline.errors import FirstlineError, UnreachableError
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.retry import MARK, outcome_of

AT_ONCE = 200  # mail that comes meanwhile is looked for after so many


@dataclass
class Marker:
    """Marks mails of one mailbox."""

    mailbox: Mailbox
    journal: Journal
    clock: Clock

    def mark(self) -> None:
        """Everything due. Raises UnreachableError; what is left stays waiting."""
        while self.mark_some():
            pass

    def mark_some(self) -> bool:
        """A portion of it; false when nothing is left, or the server refuses. Raises UnreachableError."""
        due = self.journal.due(EffectKind.MARK, self.clock.now(), AT_ONCE, self.mailbox.name)
        if not due:
            return False
        ours = claimed(self.journal, due, self.clock.now())
        try:
            self.mailbox.mark([effect.location for effect in ours if effect.location])
        except UnreachableError as error:
            self._settle([(effect, outcome_of(effect, error, MARK, self.clock.now())) for effect in ours])
            raise
        except FirstlineError as error:  # the server answers, but refuses this
            self._settle([(effect, outcome_of(effect, error, MARK, self.clock.now())) for effect in ours])
            return False
        except BaseException as error:  # a bug: marking again does no harm, and nothing stays claimed
            why = f"{type(error).__name__}: {error}"
            self._settle([(one, Outcome(key=one.key, state=EffectState.WAITING, error=why)) for one in ours])
            raise
        self._settle([(effect, Outcome(key=effect.key, state=EffectState.DONE)) for effect in ours])
        return True

    def _settle(self, pairs: Sequence[tuple[Effect, Outcome]]) -> None:
        self.journal.settle([outcome for _, outcome in pairs], self.clock.now())
        for effect, outcome in pairs:
            log_outcome(effect, outcome)
