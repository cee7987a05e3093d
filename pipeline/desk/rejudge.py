"""A mail of the ledger once more: released by a person, discarded, or replayed to see what would be different now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.engine.doors import EngineDoors
from pipeline.engine.shared import Engine
from pipeline.errors import UsageError
from pipeline.parse import message
from pipeline.records.decision import Decision, Judged
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.ledger import Findings, LedgerMail
from pipeline.records.mail import Undelivered, is_sent_box
from pipeline.records.ticket import TicketAction
from pipeline.text.passages import Passage


def taken_apart(doors: EngineDoors, mail_id: str) -> tuple[Passage, ...]:
    """A mail's whole text by what each line of it is. Raises NotFoundError when its bytes are not kept any more."""
    raw = doors.reading.raw(mail_id)
    parsed = message.parse(raw.raw, size=raw.size, forms=doors.config.guard.forms)
    return doors.route(None).taken_apart(parsed).passages


def all_taken_apart(doors: EngineDoors, mail_ids: Sequence[str]) -> dict[str, tuple[Passage, ...]]:
    """The same of several at once, by their ids; those whose bytes are not kept any more are not among them."""
    kept = doors.reading.raws(mail_ids)
    mails = [message.parse(raw, size=size, forms=doors.config.guard.forms) for raw, size in kept.values()]
    found = doors.route(None).all_taken_apart(mails) if mails else []
    return {mail_id: one.passages for mail_id, one in zip(kept, found, strict=True)}


def release(doors: EngineDoors, mail_id: str) -> Judged | None:
    """Judges a parked mail with the park rules off; its effects join the journal. Raises UsageError when not parked.

    None for one that its server never gave out: it is asked for again at the next pass; if it comes, it is a mail of
    its own.
    """
    mail = _parked(doors, mail_id)
    if not doors.reading.raw(mail_id).raw:
        _ask_again(doors, mail_id)
        return None
    judged = _judge(doors, mail, release=True)
    marks = doors.route(None).judging.marks(mail_id, mail.locations)
    doors.ledger.rejudge(replace(judged, effects=(*_but_marks(judged), *marks)), doors.clock.now())
    return judged


def _ask_again(doors: EngineDoors, mail_id: str) -> None:
    raw, now = doors.reading.raw(mail_id), doors.clock.now()
    again = Undelivered(
        location=raw.location,
        since=now,
        tries=0,
        waited=timedelta(0),
        last_try=now,
        next_try=now,
        why="a person has asked for it again",
    )
    doors.undelivered.keep([again])
    doors.ledger.discard(mail_id, [], now)


def discard(doors: EngineDoors, mail_id: str) -> None:
    """Closes a parked mail without acknowledgement or ticket."""
    mail = _parked(doors, mail_id)
    doors.ledger.discard(mail_id, doors.route(None).judging.marks(mail_id, mail.locations), doors.clock.now())


def replay(doors: EngineDoors, mail_id: str, *, apply: bool) -> tuple[Findings, Findings]:
    """What was found then and what would be found now; `apply` keeps the new one.

    Never a second acknowledgement: where one was journalled, none is added; a ticket that stands stays.
    """
    mail = doors.reading.mail(mail_id)
    if is_sent_box(mail.mailbox):
        raise UsageError("one of us wrote it: it is not judged", where=mail_id, remedy="name a mail to us")
    judged = _judge(doors, mail, release=mail.closed == "released")
    if apply:
        doors.ledger.rejudge(_without_repeats(judged, mail), doors.clock.now(), ticket=mail.ticket)
    return Findings.of_mail(mail), Findings.of_judged(judged)


def act_now(doors: EngineDoors) -> bool:
    """Carries out what is due at once; false when another process is at work and will do it."""
    from pipeline.engine.once import send_all

    try:
        with doors.alone():
            send_all(Engine(doors))
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


def _judge(doors: EngineDoors, kept: LedgerMail, *, release: bool) -> Judged:
    predictor, _ = doors.predictor_if_any()
    route = doors.route(predictor)
    raw = doors.reading.raw(kept.id)
    parsed = message.parse(raw.raw, size=raw.size, forms=doors.config.guard.forms)
    mail = replace(parsed, content_hash=kept.content_hash)
    return route.again(kept.id, raw, mail, release=release, now=kept.recorded)


def _parked(doors: EngineDoors, mail_id: str) -> LedgerMail:
    mail = doors.reading.mail(mail_id)
    if not mail.parked:
        raise UsageError(
            f"this mail is not parked but {mail.state}",
            where=mail_id,
            remedy="see `firstline mail list --state parked`",
        )
    return mail
