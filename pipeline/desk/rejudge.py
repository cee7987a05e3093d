"""A mail of the ledger once more: released by a person, discarded, or replayed to see what would be different now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.engine.shared import Engine
from pipeline.errors import UsageError
from pipeline.parse import message
from pipeline.records.decision import Decision, Judged
from pipeline.records.effect import MAILS, EffectKind, EffectState, Outcome
from pipeline.records.mail import Location
from pipeline.records.ticket import TicketAction
from pipeline.wiring.house import House

COMPARED = ("verdict", "reasons", "topic", "sentiment", "complaint", "language", "acknowledge", "parked", "model")


def release(house: House, mail_id: str) -> Judged:
    """Judges a parked mail with the park rules off; its effects join the journal. Raises UsageError when not parked."""
    row = _parked(house, mail_id)
    judged = _judge(house, row, release=True)
    marks = house.route(None).judging.marks(mail_id, _places(row))
    house.ledger.rejudge(replace(judged, effects=(*_but_marks(judged), *marks)), house.clock.now())
    return judged


def discard(house: House, mail_id: str) -> None:
    """Closes a parked mail without acknowledgement or ticket."""
    row = _parked(house, mail_id)
    house.ledger.discard(mail_id, house.route(None).judging.marks(mail_id, _places(row)), house.clock.now())


def replay(house: House, mail_id: str, *, apply: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was found then and what would be found now, as {column: value}; `apply` keeps the new one.

    Never a second acknowledgement: where one was journalled, none is added; a ticket that stands stays.
    """
    from pipeline.store.ledger import mail_row

    row = house.reading.mail(mail_id)
    judged = _judge(house, row, release=row["closed"] == "released")
    if apply:
        house.ledger.rejudge(_without_repeats(judged, row), house.clock.now(), ticket=row["ticket"])
    now = mail_row(judged, house.clock.now())
    return {name: row[name] for name in COMPARED}, {name: now[name] for name in COMPARED}


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


def _without_repeats(judged: Judged, row: dict[str, Any]) -> Judged:
    decision: Decision = judged.decision
    if row["ticket"]:
        decision = replace(decision, ticket=TicketAction.NONE)
    effects = tuple(one for one in judged.effects if not (row["ticket"] and one.kind is EffectKind.FILE))
    if row["acknowledge"]:
        effects = tuple(effect for effect in effects if effect.kind is not EffectKind.ACKNOWLEDGE)
    return replace(judged, decision=decision, effects=effects)


def _but_marks(judged: Judged) -> tuple[Any, ...]:
    """Where it lies now is asked anew."""
    return tuple(effect for effect in judged.effects if effect.kind is not EffectKind.MARK)


def _judge(house: House, row: dict[str, Any], *, release: bool) -> Judged:
    predictor, _ = house.predictor_if_any()
    route = house.route(predictor)
    raw = house.reading.raw(row["id"])
    mail = replace(
        message.parse(raw.raw, size=raw.size, forms=house.config.guard.forms), content_hash=row["content_hash"]
    )
    return route.again(row["id"], raw, mail, release=release, now=row["recorded"])


def _parked(house: House, mail_id: str) -> dict[str, Any]:
    row = house.reading.mail(mail_id)
    if not row["parked"]:
        raise UsageError(
            f"this mail is not parked but {row['state']}",
            where=mail_id,
            remedy="see `firstline mail list --state parked`",
        )
    return row


def _places(row: dict[str, Any]) -> list[Location]:
    return [Location(**place) for place in row["locations"]]
