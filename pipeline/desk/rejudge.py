"""A mail of the ledger once more: released by a person, discarded, or replayed to see what would be different now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.engine.shared import Engine
from pipeline.errors import UsageError
from pipeline.parse import message
from pipeline.records.decision import Decision, Judged
from pipeline.records.effect import MAILS, Effect, EffectKind, EffectState, Outcome
from pipeline.records.ledger import Findings, LedgerMail
from pipeline.records.mail import Undelivered
from pipeline.records.ticket import TicketAction
from pipeline.wiring.house import House


def release(house: House, mail_id: str) -> Judged | None:
    """Judges a parked mail with the park rules off; its effects join the journal. Raises UsageError when not parked.

    None for one that its server never gave out: it is asked for again at the next pass; if it comes, it is a mail of
    its own.
    """
    mail = _parked(house, mail_id)
    if not house.reading.raw(mail_id).raw:
        _ask_again(house, mail_id)
        return None
    judged = _judge(house, mail, release=True)
    marks = house.route(None).judging.marks(mail_id, mail.locations)
    house.ledger.rejudge(replace(judged, effects=(*_but_marks(judged), *marks)), house.clock.now())
    return judged


def _ask_again(house: House, mail_id: str) -> None:
    raw, now = house.reading.raw(mail_id), house.clock.now()
    again = Undelivered(
        location=raw.location,
        since=now,
        tries=0,
        waited=timedelta(0),
        last_try=now,
        next_try=now,
        why="a person has asked for it again",
    )
    house.undelivered.keep([again])
    house.ledger.discard(mail_id, [], now)


def discard(house: House, mail_id: str) -> None:
    """Closes a parked mail without acknowledgement or ticket."""
    mail = _parked(house, mail_id)
    house.ledger.discard(mail_id, house.route(None).judging.marks(mail_id, mail.locations), house.clock.now())


def replay(house: House, mail_id: str, *, apply: bool) -> tuple[Findings, Findings]:
    """What was found then and what would be found now; `apply` keeps the new one.

    Never a second acknowledgement: where one was journalled, none is added; a ticket that stands stays.
    """
    mail = house.reading.mail(mail_id)
    judged = _judge(house, mail, release=mail.closed == "released")
    if apply:
        house.ledger.rejudge(_without_repeats(judged, mail), house.clock.now(), ticket=mail.ticket)
    return Findings.of_mail(mail), Findings.of_judged(judged)


def settle(house: House, mail_ids: Sequence[str], *, sent: bool) -> list[str]:
    """What nobody could know of uncertain mails, a person knows: sent, or to be sent again.

    Of these mails, or of all when none is named. Returns the ids of those that were settled.
    """
    left = [effect for kind in MAILS for effect in house.effects.left_over(kind, EffectState.UNCERTAIN)]
    chosen = [effect for effect in left if not mail_ids or effect.mail_id in mail_ids]
    state, resolved = (EffectState.DONE, "a person says so") if sent else (EffectState.WAITING, "")
    outcomes = [Outcome(key=effect.key, state=state, resolved=resolved) for effect in chosen]
    house.effects.settle(outcomes, house.clock.now(), EffectState.UNCERTAIN)
    return [effect.mail_id for effect in chosen]


def act_now(house: House) -> bool:
    """Carries out what is due at once; false when another process is at work and will do it."""
    from pipeline.engine.once import send_all

    try:
        with house.alone():
            send_all(Engine(house))
    except UsageError:
        return False
    return True


def _without_repeats(judged: Judged, mail: LedgerMail) -> Judged:
    decision: Decision = judged.decision
    if mail.ticket:
        decision = replace(decision, ticket=TicketAction.NONE)
    effects = tuple(one for one in judged.effects if not (mail.ticket and one.kind is EffectKind.FILE))
    if mail.acknowledge:
        effects = tuple(effect for effect in effects if effect.kind is not EffectKind.ACKNOWLEDGE)
    return replace(judged, decision=decision, effects=effects)


def _but_marks(judged: Judged) -> tuple[Effect, ...]:
    """Where it lies now is asked anew."""
    return tuple(effect for effect in judged.effects if effect.kind is not EffectKind.MARK)


def _judge(house: House, kept: LedgerMail, *, release: bool) -> Judged:
    predictor, _ = house.predictor_if_any()
    route = house.route(predictor)
    raw = house.reading.raw(kept.id)
    parsed = message.parse(raw.raw, size=raw.size, forms=house.config.guard.forms)
    mail = replace(parsed, content_hash=kept.content_hash)
    return route.again(kept.id, raw, mail, release=release, now=kept.recorded)


def _parked(house: House, mail_id: str) -> LedgerMail:
    mail = house.reading.mail(mail_id)
    if not mail.parked:
        raise UsageError(
            f"this mail is not parked but {mail.state}",
            where=mail_id,
            remedy="see `firstline mail list --state parked`",
        )
    return mail
