"""One thing that is to be filed: what the tracker is told of it, whether it is there already, and doing it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline import file_complaint
from pipeline.config.trackers import TrackerConfig
from pipeline.doors import Tracker
from pipeline.engine.doors import FilingDoors
from pipeline.engine.workers import mirror
from pipeline.errors import FirstlineError, RejectedError, UnreachableError
from pipeline.parse import message
from pipeline.records.effect import Effect, EffectState, Outcome
from pipeline.records.filing import Ability, Change, File, Filing, FilingAction, OutsideTicket, Remark
from pipeline.records.ticket import OutsideState, TicketStatus, WholeTicket

Work = Filing | Remark | Change


@dataclass(frozen=True, kw_only=True)
class Done:
    """An outcome, and what is to be kept with it."""

    effect: Effect
    outcome: Outcome
    filed: OutsideTicket | None = None
    state: OutsideState | None = None  # the state of the ticket there now, as far as it is known


@dataclass
class Teller:
    """Tells one tracker of one thing at a time. Raises what the tracker raises."""

    doors: FilingDoors
    tracker: Tracker
    settings: TrackerConfig

    def prepared(self, effect: Effect) -> Work | str:
        """What the tracker is to be told; or why that can't be put together."""
        try:
            return _put_together(self.doors, effect, self.settings)
        except UnreachableError:
            raise
        except Exception as error:  # what was kept of the mail is gone, or a bug
            return f"{type(error).__name__}: {error}"

    def carry_out(self, effect: Effect, work: Work | str) -> Done:
        """Does what `prepared` said, unless it is there already."""
        outside = self._ticket(effect).outside_id
        done = Outcome(key=effect.key, state=EffectState.DONE)
        match work:
            case Filing():
                filed = self.tracker.find(work.key, work.project) or self.tracker.open(work)
                state = replace(self._as_it_stands(filed.id), status=TicketStatus.OPEN)
                return Done(effect=effect, outcome=done, filed=filed, state=state)
            case Remark():
                if self._has_said(effect, work.key):
                    return Done(effect=effect, outcome=done)
                self.tracker.comment(outside, work)
                return Done(effect=effect, outcome=done, state=self._kept_over(effect))
            case Change():
                mirror.look(self.doors, self.tracker, self._ticket(effect))  # what they did before us is kept
                self.tracker.update(outside, work)
                return Done(effect=effect, outcome=done, state=_made_by(work, self._as_it_stands(outside)))
            case str():
                raise RejectedError(work, where=effect.ticket, remedy="file it manually")

    def _has_said(self, effect: Effect, key: str) -> bool:
        """Is our remark there? Where nobody can tell, it is not. Raises RejectedError when the ticket is gone."""
        if Ability.STANDING not in self.tracker.abilities:
            return False
        standing = mirror.look(self.doors, self.tracker, self._ticket(effect))
        if standing is None:
            raise RejectedError("the ticket is gone there", where=self.tracker.name, remedy="file it manually")
        return any(said.key == key for said in standing.said)

    def _kept_over(self, effect: Effect) -> OutsideState | None:
        """A remark reopens a ticket in some trackers. Whether it is open is said by a change, never by a remark."""
        ticket = self._ticket(effect)
        if not ticket.status.is_over:
            return None
        self.tracker.update(ticket.outside_id, Change(status=ticket.status))
        return self._as_it_stands(ticket.outside_id)

    def _as_it_stands(self, outside: str) -> OutsideState:
        """What our own change made of it, so that it is not taken for somebody else's. Without an answer: nothing."""
        try:
            standing = self.tracker.standing(outside)
        except FirstlineError:
            return OutsideState()
        return mirror.state_of(standing) if standing else OutsideState()

    def found(self, effect: Effect) -> OutsideTicket | bool | None:
        """What became of a thing whose fate is unknown: where it is, or whether it is there."""
        match effect.filing.action:
            case FilingAction.OPEN:
                return self.tracker.find(file_complaint.key_of(effect.ticket), self._ticket(effect).project)
            case FilingAction.COMMENT:
                try:
                    return self._has_said(effect, file_complaint.remark_key(effect.key))
                except RejectedError:  # it is gone: trying again says so
                    return False
            case _:  # a change that is made twice is made once
                return False

    def _ticket(self, effect: Effect) -> WholeTicket:
        return self.doors.board.show(effect.ticket)


def _made_by(change: Change, state: OutsideState) -> OutsideState:
    """Of how a ticket stands now, what our change has made."""
    owner = state.owner if change.owner else None
    return replace(state, owner=owner) if change.status else OutsideState(owner=owner)


def _put_together(doors: FilingDoors, effect: Effect, settings: TrackerConfig) -> Work:
    """What the tracker is to be told, put together from the stored mail. Raises NotFoundError when that is gone."""
    told, ticket = effect.filing, doors.board.show(effect.ticket)
    if told.action is FilingAction.UPDATE:
        return file_complaint.change(told, settings)
    mail = doors.reading.mail(effect.mail_id)
    if told.event is not None:
        event = next(one for one in ticket.events if one.id == told.event)
        return file_complaint.note(effect.key, event, mail, settings)
    files = _files(doors, effect.mail_id) if settings.attachments else ()
    if told.action is FilingAction.COMMENT:
        return file_complaint.follow_up(effect.key, ticket, mail, settings, files)
    earlier = doors.board.show(told.earlier) if told.earlier else None
    zone = doors.config.of_mailbox(mail.mailbox).calendar.timezone
    return file_complaint.filing(ticket, mail, settings, zone, labels=told.labels, files=files, earlier=earlier)


def _files(doors: FilingDoors, mail_id: str) -> tuple[File, ...]:
    """What is kept of them: of a very large mail the last ones are not."""
    kept = doors.reading.raw(mail_id)
    return message.files(kept.raw, whole=len(kept.raw) == kept.size)
