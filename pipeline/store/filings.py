"""What is to be filed in outside trackers, in order for each ticket; and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, tuple_, update

from pipeline.errors import NotFoundError
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.filing import OutsideTicket
from pipeline.records.payload import FilingPayload
from pipeline.records.ticket import OVER, OutsideState, Ticket, TicketChange, TicketStatus
from pipeline.store import effects, outside, payloads, progress, schema
from pipeline.store.database import Database
from pipeline.store.effect_rows import effect_of
from pipeline.store.ticket_rows import columns_of, ticket_of
from pipeline.store.tickets import event, reopening

table, ticket = schema.effect, schema.ticket
STILL_FOLLOWED = timedelta(days=14)  # how long a resolved ticket is looked at: it may be reopened outside
_AHEAD = ("intended", "doing", "waiting", "uncertain")  # what comes after one of these waits for it
_FILE = schema.open_filing(table)


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What is different on a ticket, and lines for the timeline as (kind, who, detail)."""

    change: TicketChange = field(default_factory=TicketChange)
    events: Sequence[tuple[str, str, str]] = ()
    reopen: bool = False  # the tracker is told that it is open, after all


class Filings:
    """The journal of what is to be filed, and the rows of the tickets it is about."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def due(self, tracker: str, now: datetime, limit: int) -> list[Effect]:
        """What may be tried now, oldest first: of each ticket only the first, and nothing before it is open there."""
        earlier = table.alias()
        ahead = exists().where(
            schema.open_filing(earlier),
            earlier.c.ticket == table.c.ticket,
            earlier.c.state.in_(_AHEAD),
            tuple_(earlier.c.created, earlier.c.key) < tuple_(table.c.created, table.c.key),
        )
        opens = table.c.key == table.c.ticket + ":file"
        query = self._of(tracker, (EffectState.INTENDED, EffectState.WAITING), now)
        return self._found(query.where(~ahead, or_(ticket.c.outside_id != "", opens)).limit(limit))

    def uncertain(self, tracker: str, now: datetime) -> list[Effect]:
        """What has to be looked for there before anything else happens to its ticket."""
        return self._found(self._of(tracker, (EffectState.UNCERTAIN,), now))

    def settle(
        self,
        effect: Effect,
        outcome: Outcome,
        now: datetime,
        *,
        filed: OutsideTicket | None = None,
        state: OutsideState | None = None,
    ) -> None:
        """The outcome, where the ticket is now and its state there, in one transaction."""
        mine, worker = ticket.c.ref == effect.ticket, self.database.worker
        with self.database.writing() as connection:
            claimed = effect.state is not EffectState.UNCERTAIN  # else it was only looked for
            if worker and claimed and not effects.ours(connection, [outcome], worker):
                return  # we were silent for too long: whoever has it now looks for it there
            effects.settle(connection, [outcome], now)
            if filed:
                connection.execute(update(ticket).where(mine).values(outside_id=filed.id, url=filed.url, polled=now))
                connection.execute(
                    insert(schema.ticket_event), event(effect.ticket, now, "filed", filed.url or filed.id)
                )
            if outcome.state is EffectState.FAILED:
                detail = f"not filed ({_action(effect)}): {outcome.error}"
                connection.execute(insert(schema.ticket_event), event(effect.ticket, now, "failed", detail))
            if state:
                kept = connection.execute(select(ticket.c.seen).where(mine).with_for_update()).scalar()
                news = outside.from_json(kept).with_news(state)
                connection.execute(update(ticket).where(mine).values(columns_of(TicketChange(outside=news))))

    def counts(self) -> dict[str, dict[str, int]]:
        """What is not filed yet: tracker → state → how many."""
        states = [*_AHEAD, EffectState.FAILED.value]
        query = (
            select(ticket.c.tracker, table.c.state, func.count().label("open"))
            .join(ticket, ticket.c.ref == table.c.ticket)
            .where(_FILE, table.c.state.in_(states))
            .group_by(ticket.c.tracker, table.c.state)
        )
        found: dict[str, dict[str, int]] = {}
        with self.database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.tracker, dict.fromkeys(states, 0))[row.state] = row.open
        return found

    def oldest_uncertain(self) -> datetime | None:
        """When the oldest thing was journalled of which it is unknown whether it was filed."""
        query = select(func.min(table.c.created)).where(_FILE, table.c.state == EffectState.UNCERTAIN.value)
        with self.database.reading() as connection:
            return connection.execute(query).scalar()

    def retry(self, ref: str, now: datetime) -> list[str]:
        """What failed permanently is tried again, of one ticket or ('') of all. Returns the tickets."""
        failed = and_(_FILE, table.c.state == EffectState.FAILED.value)
        statement = update(table).where(failed, table.c.ticket == ref if ref else table.c.ticket != "")
        waiting = {"state": EffectState.WAITING.value, "next_try": None, "changed": now}
        with self.database.writing() as connection:
            found = connection.execute(statement.values(waiting).returning(table.c.ticket)).scalars()
            return sorted(set(found))

    # --- following ----------------------------------------------------------------------------------------------------

    def to_look_at(self, tracker: str, before: datetime, now: datetime, limit: int) -> list[Ticket]:
        """Tickets that nobody has looked at there since `before`: not over, or resolved lately. Longest ago first."""
        lately = and_(ticket.c.status == TicketStatus.RESOLVED.value, ticket.c.resolved > now - STILL_FOLLOWED)
        query = (
            select(ticket)
            .where(schema.mirrored, ticket.c.tracker == tracker, or_(ticket.c.status.not_in(OVER), lately))
            .where(or_(ticket.c.polled.is_(None), ticket.c.polled < before))
            .order_by(ticket.c.polled, ticket.c.ref)
        )
        with self.database.reading() as connection:
            return [ticket_of(row) for row in connection.execute(query.limit(limit)).mappings()]

    def filed_as(self, tracker: str, outside_id: str) -> Ticket:
        """Ours of a ticket there. Raises NotFoundError."""
        query = select(ticket).where(schema.mirrored, ticket.c.tracker == tracker, ticket.c.outside_id == outside_id)
        with self.database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError("no ticket of ours is filed there under that id", where=f"{tracker}, {outside_id}")
        return ticket_of(row)

    def take_over(self, ref: str, compare: Callable[[Ticket, frozenset[str]], News], now: datetime) -> None:
        """Brings a ticket up to date in one transaction.

        `compare` gets the ticket and what there is here that was not told there yet (status, owner, priority, a
        mail of the customer), and says what is different.
        """
        with self.database.writing() as connection:
            row = connection.execute(select(ticket).where(ticket.c.ref == ref).with_for_update()).mappings().one()
            pending = select(table.c.details).where(_FILE, table.c.ticket == ref, table.c.state.in_(_AHEAD))
            ahead = [payloads.of_row(EffectKind.FILE, one) for one in connection.execute(pending).scalars()]
            untold = frozenset(name for one in ahead if isinstance(one, FilingPayload) for name in one.tells)
            news = compare(ticket_of(row), untold)
            columns = {"polled": now, **columns_of(news.change)}
            connection.execute(update(ticket).where(ticket.c.ref == ref).values(columns))
            said = [actor for kind, actor, _ in news.events if kind == "comment"]
            if said or news.change.status:
                by = next((actor for _, actor, _ in news.events if actor), row["tracker"])
                progress.acted(connection, ref, by, now, moved_to=news.change.status)
            if news.events:
                rows = [event(ref, now, kind, detail, actor=actor) for kind, actor, detail in news.events]
                connection.execute(insert(schema.ticket_event), rows)
            if news.reopen:
                connection.execute(insert(table), reopening(connection, ref, now))

    # --- queries ------------------------------------------------------------------------------------------------------

    def _of(self, tracker: str, states: Sequence[EffectState], now: datetime) -> Select[*tuple[object, ...]]:
        """Filings of a tracker in these states whose time has come, oldest first."""
        ripe: ColumnElement[bool] = or_(table.c.next_try.is_(None), table.c.next_try <= now)
        return (
            select(table)
            .join(ticket, ticket.c.ref == table.c.ticket)
            .where(_FILE, table.c.state.in_([state.value for state in states]), ripe, ticket.c.tracker == tracker)
            .order_by(table.c.created, table.c.key)
        )

    def _found(self, query: Select[*tuple[object, ...]]) -> list[Effect]:
        with self.database.reading() as connection:
            return [effect_of(row) for row in connection.execute(query)]


def _action(effect: Effect) -> str:
    return effect.payload.action.value if isinstance(effect.payload, FilingPayload) else "unreadable"
