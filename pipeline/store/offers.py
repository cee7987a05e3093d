"""What acknowledgements give to customers: promised times, grants, help pages; and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, func, select, update

from pipeline.records.decision import Judged
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.payload import AcknowledgementPayload
from pipeline.records.promise import PromiseKind, PromiseState, WatchedPromise
from pipeline.records.thread import Role
from pipeline.store import schema, tickets
from pipeline.store.database import Database
from pipeline.store.hot import IfThere, insert_rows
from pipeline.store.promise_rows import promise_of
from pipeline.store.tickets import Columns


def apply(connection: Connection, batch: Sequence[Judged], now: datetime) -> None:
    """Notes it inside the transaction that journals the acknowledgements. Without one nothing is given."""
    told = [(judged, effect) for judged in batch for effect in judged.effects if effect.kind is EffectKind.ACKNOWLEDGE]
    _insert(connection, schema.promise, (row for judged, _ in told for row in _promises(judged, now)))
    _insert(connection, schema.grant, (row for judged, _ in told for row in _grants(judged, now)))
    _insert(connection, schema.ticket_event, (row for judged, _ in told for row in _events(judged, now)))
    _insert(connection, schema.article_offer, (row for judged, effect in told for row in _offers(judged, effect, now)))
    _wrote_again(connection, batch, now)


def _insert(connection: Connection, table: Table, rows: Iterable[Columns]) -> None:
    insert_rows(connection, table, [*rows], IfThere.LEAVE)  # they may be there: see `mail reconcile`


def _promises(judged: Judged, now: datetime) -> Iterable[Columns]:
    customers = judged.thread.new or judged.thread.role is Role.CUSTOMER
    promise, ticket = judged.decision.promise, tickets.ref_of(judged) if customers else ""  # the case is not theirs
    due = {PromiseKind.RESPOND: promise.respond_by, PromiseKind.RESOLVE: promise.resolve_by}
    for kind in judged.decision.told:
        yield {
            "mail_id": judged.id,
            "kind": kind.value,
            "ticket": ticket,
            "given": now,
            "due": due[kind],
            "kept": None,
            "state": PromiseState.OPEN.value,
        }


def _grants(judged: Judged, now: datetime) -> Iterable[Columns]:
    customer, ticket = judged.verdict.customer, tickets.ref_of(judged)
    for name in judged.decision.grants:
        folded = customer.folded if customer else ""
        yield {"mail_id": judged.id, "name": name, "customer": folded, "ticket": ticket, "at": now}


def _events(judged: Judged, now: datetime) -> Iterable[Columns]:
    for name in judged.decision.grants:
        detail = f"{name}: offered in the acknowledgement, to be honoured"
        yield tickets.event(tickets.ref_of(judged), now, "offered", detail, mail_id=judged.id)


def _offers(judged: Judged, effect: Effect, now: datetime) -> Iterable[Columns]:
    articles = effect.payload.articles if isinstance(effect.payload, AcknowledgementPayload) else ()
    for article in articles:
        yield {
            "mail_id": judged.id,
            "article": article.name,
            "language": article.language,
            "thread": judged.thread.ref,
            "at": now,
            "wrote_again": None,
        }


def _wrote_again(connection: Connection, batch: Sequence[Judged], now: datetime) -> None:
    """A further mail of a thread, by a person: what was offered there before did not settle it."""
    later = [judged for judged in batch if _continues(judged)]
    if later:
        table = schema.article_offer
        statement = update(table).where(
            table.c.thread.in_({judged.thread.ref for judged in later}),
            table.c.mail_id.not_in([judged.id for judged in later]),
            table.c.wrote_again.is_(None),
        )
        connection.execute(statement.values(wrote_again=now))


def _continues(judged: Judged) -> bool:
    customers = not judged.thread.new and judged.thread.role is Role.CUSTOMER
    return customers and not judged.verdict.robot and judged.verdict.customer is not None


class Offers:
    """What was given, as agents and programs read it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def promises(self, mail_id: str) -> list[WatchedPromise]:
        """The times that were given in answer to a mail, the nearest first."""
        table = schema.promise
        query = select(table).where(table.c.mail_id == mail_id).order_by(table.c.due)
        with self.database.reading() as connection:
            return [promise_of(row) for row in connection.execute(query).mappings()]

    def article_offers(self) -> dict[tuple[str, str], tuple[int, int]]:
        """How often each article was offered, and after how many of these the customer wrote again.

        By (language, name).
        """
        table = schema.article_offer.c
        columns = (table.language, table.article, func.count(), func.count(table.wrote_again))
        query = select(*columns).group_by(table.language, table.article)
        with self.database.reading() as connection:
            rows = connection.execute(query)
            return {(language, article): (offered, again) for language, article, offered, again in rows}
