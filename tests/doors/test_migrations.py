"""A database of an older Firstline, with rows in it, is brought up to date and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import JSON, DateTime, MetaData, insert, select, text

from pipeline.parse import message as parse_message
from pipeline.records.effect import EffectKind
from pipeline.records.search import SearchSpan, SearchTerm
from pipeline.store import database as module
from pipeline.store import schema
from pipeline.store.database import NEWEST, Database
from pipeline.store.effects import Effects
from pipeline.store.search import SearchIndex
from tests.samples import NOON

HOUR = timedelta(hours=1)
OLD = "0005"


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Empty, as of version OLD."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/old.db")
    else:
        made = Database(request.getfixturevalue("postgres_url"))
        with made.writing() as connection:
            connection.execute(text("drop schema public cascade"))
            connection.execute(text("create schema public"))
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(module.__file__).parent / "migrations"))
    with made.writing() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, OLD)
    yield made
    made.close()


def fill(old: Database, **tables: list[dict[str, Any]]) -> None:
    """Rows as the older version would have written them: by what its tables are like."""
    metadata = MetaData()
    with old.writing() as connection:
        metadata.reflect(connection)
        for name, rows in tables.items():
            table = metadata.tables[name]
            for column in table.columns:  # SQLite only knows them as text
                known = schema.metadata.tables[name].columns[column.name].type
                if isinstance(known, JSON | schema.Moment | DateTime):
                    column.type = known
            connection.execute(insert(table), rows)


def ticket(ref: str, **changes: Any) -> dict[str, Any]:
    row = {
        "ref": ref, "thread": ref, "status": "open", "customer": "Eve@Example.org", "participants": [], "opened": NOON,
        "changed": NOON, "tracker": "board",
    }  # fmt: skip
    return {**row, **changes}


def promise(ref: str, due: datetime, kind: str = "respond") -> dict[str, Any]:
    return {"mail_id": ref, "kind": kind, "ticket": ref, "given": NOON, "due": due, "state": "open"}


def test_an_old_database_is_brought_up_to_date_with_its_rows(old: Database) -> None:
    far = NOON + timedelta(days=1000)
    fill(
        old,
        ticket=[ticket("answered"), ticket("late"), ticket("waits")],
        promise=[
            promise("answered", NOON + 4 * HOUR),
            promise("late", NOON - timedelta(days=300)),
            promise("waits", far),
        ],
        ticket_event=[
            {"ticket": "answered", "at": NOON + HOUR, "kind": "comment", "actor": "anna", "detail": "We look into it."}
        ],
    )
    old.upgrade()
    assert old.version() == NEWEST
    assert old.check() == []
    with old.reading() as connection:
        states = {row.mail_id: row.state for row in connection.execute(select(schema.promise))}
        folded = set(connection.execute(select(schema.ticket.c.folded)).scalars())
    assert states == {"answered": "kept", "late": "broken", "waits": "open"}
    assert folded == {"eve@example.org"}


def test_an_upgrade_that_was_done_is_not_done_again(old: Database) -> None:
    old.upgrade()
    old.upgrade()
    assert old.version() == NEWEST


def test_what_waits_in_an_old_journal_keeps_its_order_by_promise(old: Database) -> None:
    fill(
        old,
        effect=[
            effect("later", {"respond_by": (NOON + 9 * HOUR).isoformat()}),
            effect("sooner", {"respond_by": (NOON + HOUR).isoformat()}),
            effect("no time", {}),
        ],
    )
    old.upgrade()
    due = Effects(old).due(EffectKind.ACKNOWLEDGE, NOON, 10)
    assert [one.mail_id for one in due] == ["no time", "sooner", "later"]


def test_a_mail_of_an_old_ledger_is_known_when_it_comes_again(old: Database) -> None:
    dated, undated = (message.replace(b"\n", b"\r\n") for message in (DATED, DATED.replace(b"Date", b"X-Date")))
    former = {"AAAA-AAAA": dated, "BBBB-BBBB": undated}
    hashes = {ref: parse_message.content_hash(raw).rpartition(" ")[2] for ref, raw in former.items()}
    sent = {"AAAA-AAAA": datetime.fromisoformat("2026-11-19T04:00:00Z"), "BBBB-BBBB": None}
    fill(old, mail=[mail(ref, hashes[ref], sent[ref]) for ref in former])
    old.upgrade()
    with old.reading() as connection:
        stored = {row.id: row.content_hash for row in connection.execute(select(schema.mail))}
    assert stored == {ref: parse_message.content_hash(raw) for ref, raw in former.items()}
    assert stored["AAAA-AAAA"].startswith("2026-11-19 ")


DATED = b"From: eve@example.org\nDate: Wed, 18 Nov 2026 23:00:00 -0500\n\nWhere is it?\n"


def mail(ref: str, content_hash: str, sent: datetime | None) -> dict[str, Any]:
    nothing: list[Any] = []
    return {
        "id": ref, "content_hash": content_hash, "thread": ref, "sent": sent, "received": NOON, "recorded": NOON,
        "attachments": nothing, "notes": nothing, "reasons": nothing, "rules": nothing, "decision": {},
    }  # fmt: skip


def effect(mail_id: str, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": f"{mail_id}:acknowledge", "mail_id": mail_id, "kind": "acknowledge", "state": "waiting",
        "created": NOON, "changed": NOON, "details": details,
    }  # fmt: skip


def test_one_person_has_one_address_after_the_upgrade(old: Database) -> None:
    gmail, plain = "e.v.e@googlemail.com", "bob@example.org"
    fill(
        old,
        ticket=[ticket("AAAA-AAAA", participants=[gmail, plain])],
        bounce=[{"address": address, "at": NOON} for address in (gmail, "eve@gmail.com", plain)],
        acknowledgement=[
            {
                "mail_id": address,
                "at": NOON,
                "sender": address,
                "domain": address.partition("@")[2],
                "thread": "x",
                "subject": "",
            }
            for address in (gmail, plain)
        ],
    )
    old.upgrade()
    with old.reading() as connection:
        sent = {(row.sender, row.domain, row.budget) for row in connection.execute(select(schema.acknowledgement))}
        bounced = set(connection.execute(select(schema.bounce.c.address)).scalars())
        (participants,) = connection.execute(select(schema.ticket.c.participants)).scalars()
    assert sent == {("eve@gmail.com", "gmail.com", "new"), (plain, "example.org", "new")}
    assert bounced == {"eve@gmail.com", plain}
    assert participants == ["eve@gmail.com", plain]


def test_old_mail_is_found_after_the_upgrade(old: Database) -> None:
    fill(
        old,
        mail=[{**mail("AAAA-AAAA", "hash", None), "text": "My parcel is late"}],
        ticket=[ticket("AAAA-AAAA")],
        ticket_event=[{"ticket": "AAAA-AAAA", "at": NOON, "kind": "comment", "actor": "anna", "detail": "Called her"}],
    )
    old.upgrade()
    index = SearchIndex(old)
    assert (index.waiting(), index.fill()) == (2, 2)
    found = [index.find([SearchTerm(forms=(word,))], SearchSpan(), 9) for word in ("parcel", "called")]
    assert [(one.mail, one.ticket) for (one,) in found] == [("AAAA-AAAA", ""), ("", "AAAA-AAAA")]


def test_no_later_migration_has_taken_the_triggers_of_search_away(old: Database) -> None:
    """On SQLite a table that is made anew loses them."""
    old.upgrade()
    names = {
        True: "select name from sqlite_master where type = 'trigger'",
        False: "select tgname from pg_trigger where not tgisinternal",
    }
    with old.reading() as connection:
        found = set(connection.execute(text(names[old.is_sqlite])).scalars())
    assert found >= {"search_mail_new", "search_mail_changed", "search_ticket_changed", "search_note_new"}
