"""Who was erased stays known as far as must be: not to be written to, not to be asked. Nobody can read who it is."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from pipeline.config.guard import GuardConfig
from pipeline.records.personal import DataSubject
from pipeline.records.thread import Lookup, ThreadKeys
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.keyed import know_again
from pipeline.store.ledger import Ledger
from pipeline.store.past import Windows
from pipeline.store.personal_data import PersonalData
from pipeline.tokens import Signer
from tests.samples import NOON

EVE, ADA = "eve@example.org", "ada@example.com"
SIGNER = Signer(b"a key for tests, and for nothing else")


@pytest.fixture
def erased(database: Database) -> Database:
    """Eve's address is dead and does not want to be asked, and so is Ada's; Eve is erased."""
    with database.writing() as connection:
        for address in (EVE, ADA):
            connection.execute(insert(schema.bounce).values(address=address, at=NOON, status="5.1.1"))
            connection.execute(insert(schema.opt_out).values(address=address, at=NOON))
    data = PersonalData(database)
    found = data.find(DataSubject(address=EVE, folded=EVE, key=SIGNER.person(EVE)))
    data.empty(data.begin(found, "anna", NOON), found, NOON, keep_tickets=False, others=False)
    return database


def kept(database: Database) -> list[str]:
    with database.reading() as connection:
        columns = (schema.bounce.c.address, schema.opt_out.c.address)
        return [one for column in columns for one in connection.execute(select(column).order_by(column)).scalars()]


def bounced(database: Database, sender: str) -> str:
    ledger = Ledger(database, Windows.of(GuardConfig()), keyed=SIGNER.person)
    keys = ThreadKeys()
    lookup = Lookup(content_hash="x", ref="ABCD-2345", keys=keys, message_id="", senders=(sender,))
    return ledger.past([lookup], NOON).tallies(sender, "example.org", "", "").bounced


def test_the_address_is_kept_as_a_hash_and_others_stay(erased: Database) -> None:
    hashed = f"#{SIGNER.person(EVE)}"
    assert kept(erased) == [hashed, ADA, hashed, ADA]


def test_who_writes_again_is_known_again(erased: Database) -> None:
    assert bounced(erased, EVE) == "5.1.1"
    assert kept(erased) == [ADA, EVE, ADA, EVE]
    assert bounced(erased, ADA) == "5.1.1"


def test_another_sender_changes_nothing(erased: Database) -> None:
    before = kept(erased)
    assert bounced(erased, "bob@example.com") == ""
    assert kept(erased) == before


def test_an_address_that_is_known_already_stays_as_it_is(erased: Database) -> None:
    with erased.writing() as connection:
        connection.execute(insert(schema.bounce).values(address=EVE, at=NOON, status="5.7.1"))
    know_again(erased, [EVE], SIGNER.person)
    assert bounced(erased, EVE) == "5.7.1"


def test_asking_again_after_it_was_cut_off_forgets_nothing_of_it(erased: Database) -> None:
    before, data = kept(erased), PersonalData(erased)
    found = data.find(DataSubject(address=EVE, folded=EVE, key=SIGNER.person(EVE)))
    data.empty(data.begin(found, "anna", NOON), found, NOON, keep_tickets=False, others=False)
    assert kept(erased) == before


def test_erasing_again_what_came_back_leaves_one_hash(erased: Database) -> None:
    with erased.writing() as connection:
        connection.execute(insert(schema.opt_out).values(address=EVE, at=NOON))
    data = PersonalData(erased)
    found = data.find(DataSubject(address=EVE, folded=EVE, key=SIGNER.person(EVE)))
    data.empty(data.begin(found, "anna", NOON), found, NOON, keep_tickets=False, others=False)
    assert kept(erased).count(f"#{SIGNER.person(EVE)}") == 2
