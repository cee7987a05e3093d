"""What a person says of letters that are uncertain, have failed or wait: with that they are closed, or tried anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from pipeline.engine.doors import EngineDoors
from pipeline.errors import UsageError
from pipeline.records.effect import MAILS, Effect, EffectKind, EffectState, Outcome

LEFT = (EffectState.UNCERTAIN, EffectState.FAILED, EffectState.WAITING)


class Word(StrEnum):
    """What a person may say."""

    SENT = "sent"  # it has arrived, or somebody has written in its place
    AGAIN = "again"  # it is to be tried now, as if for the first time
    SEEN = "seen"  # nothing more is to be done


def settle(doors: EngineDoors, mail_ids: Sequence[str], word: Word) -> list[str]:
    """Does so to all that is left of these mails; without any to all uncertain letters, and SEEN to the failed ones.

    Returns the ids of the mails that were settled. Raises UsageError where a letter would only be cancelled again.
    """
    chosen = [effect for effect in _left(doors, mail_ids, word) if _is_for(effect, word)]
    now = doors.clock.now()
    if word is Word.AGAIN:
        _refuse_dead(doors, chosen, now)
    for state in LEFT:
        outcomes = [_outcome(effect, word) for effect in chosen if effect.state is state]
        doors.effects.settle(outcomes, now, state)
    return list(dict.fromkeys(effect.mail_id for effect in chosen))


def _left(doors: EngineDoors, mail_ids: Sequence[str], word: Word) -> Iterator[Effect]:
    if mail_ids:
        yield from (effect for one in dict.fromkeys(mail_ids) for effect in doors.effects.of_mail(one))
        return
    states = (EffectState.UNCERTAIN, EffectState.FAILED) if word is Word.SEEN else (EffectState.UNCERTAIN,)
    for state in states:
        for kind in (*MAILS, EffectKind.MARK, EffectKind.FILE):
            yield from doors.effects.left_over(kind, state)


def _is_for(effect: Effect, word: Word) -> bool:
    """Letters; also a mark or a filing that has failed, as far as the word fits (`ticket refile` files again)."""
    if effect.kind in MAILS:
        return effect.state in LEFT
    if effect.state is not EffectState.FAILED:
        return False
    return word is Word.SEEN or (word is Word.AGAIN and effect.kind is EffectKind.MARK)


def _outcome(effect: Effect, word: Word) -> Outcome:
    match word:
        case Word.SENT:
            return Outcome(key=effect.key, state=EffectState.DONE, resolved="a person says so")
        case Word.AGAIN:
            return Outcome(key=effect.key, state=EffectState.WAITING, forgotten=effect.attempts)
        case Word.SEEN:
            seen = "a person has seen it"
            return Outcome(key=effect.key, state=EffectState.CANCELLED, error=effect.error, resolved=seen)


def _refuse_dead(doors: EngineDoors, chosen: Iterable[Effect], now: datetime) -> None:
    recipients = [effect.recipient for effect in chosen if effect.recipient]
    for address, status in doors.effects.bounced(recipients, now - doors.config.guard.bounce_memory).items():
        raise UsageError(
            f"nothing is sent to {address}: mail to it has failed permanently ({status})",
            where="mail settle",
            remedy=f"if it works again: firstline mail bounces forget {address}",
        )
