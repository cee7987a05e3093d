"""Search, on SQLite and on PostgreSQL alike: what is found, and how the index is filled."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from pipeline.desk import search as desk_search
from pipeline.desk.search import CHARACTERS, Query, catch_up, keep_up, search
from pipeline.errors import UsageError
from pipeline.records.mail import Address
from pipeline.records.ticket import TicketStatus
from pipeline.store import schema, tickets, word_index
from pipeline.store import search as store_search
from pipeline.store.database import Database
from pipeline.store.ledger import Ledger
from pipeline.store.past import Windows
from pipeline.store.schema_search import search_row
from pipeline.store.search import SearchIndex, comment_source
from pipeline.store.tickets import Board
from tests.desk import ROOT
from tests.doors.test_store import CONFIG, CURSOR, judged
from tests.samples import NOON

TEXTS = {  # number → language, text
    1: ("en", "My parcel is late, and I was refunded nothing."),
    2: ("de", "Die Rechnungen für die Straße 5 sind falsch."),
    3: ("fr", "Je voudrais un remboursement de l'œuvre."),
    4: ("es", "¿Dónde está mi devolución?"),
    5: ("fi", "Laskussa on virhe, rahat takaisin!"),
    6: ("ar", "أين طردي؟ \u202eתודה"),
}


@dataclass
class Doors:
    """What a search is handed."""

    search: SearchIndex


@pytest.fixture
def doors(database: Database) -> Doors:
    """Six mails, all in the index; the even ones are complaints and have tickets."""
    record(database, TEXTS)
    made = Doors(SearchIndex(database))
    catch_up(made, 10)
    return made


def record(database: Database, texts: dict[int, tuple[str, str]], **changes: Any) -> None:
    """Each an hour after the one before."""
    batch = []
    for number, (language, said) in texts.items():
        one = judged(number, complaint=number % 2 == 0, language=language, text=said, **changes)
        batch.append(replace(one, raw=replace(one.raw, received=NOON + number * timedelta(hours=1))))
    Ledger(database, Windows.of(CONFIG.guard)).record(batch, [], CURSOR, NOON)


def found(doors: Doors, words: str = "", **filters: Any) -> list[str]:
    return [hit.mail for hit in search(doors, Query(words=words, **filters)).hits]


def ref(number: int) -> str:
    return f"AAAA-{number:04d}"


# --- what is found ----------------------------------------------------------------------------------------------------


WORDS: dict[str, list[int]] = {
    "refund": [1],
    "REFUNDS parcels": [1],
    "refund invoice": [],
    "strasse": [2],
    "Rechnung": [2],
    "rech": [2],
    "oeuvre": [3],
    "devolucion": [4],
    "lasku": [5],
    "طردي": [6],
    "תודה": [6],
    "5": [5, 2],  # of "Parcel 5", too
    "re": [],  # too short to be the beginning of a word
    "aaaa-0003": [3],
    "AAAA 0003": [3],
    "AAAA0003": [3],
    "<m4@example.org>": [4],
    "Eve@Example.org": [6, 5, 4, 3, 2, 1],
    "Miller": [6, 5, 4, 3, 2, 1],
    "nobody@example.org": [],
}


def test_words_addresses_and_references_are_found_the_newest_first(doors: Doors) -> None:
    assert {words: found(doors, words) for words in WORDS} == {words: [*map(ref, WORDS[words])] for words in WORDS}


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [6, 5, 4, 3, 2, 1]),
    ({"language": "de"}, [2]),
    ({"complaint": True}, [6, 4, 2]),
    ({"complaint": False, "language": "en"}, [1]),
    ({"ticket": False}, [5, 3, 1]),
    ({"status": "open"}, [6, 4, 2]),
    ({"status": "closed"}, []),
    ({"topic": "delivery", "mailbox": "support"}, [6, 5, 4, 3, 2, 1]),
    ({"topic": "invoice"}, []),
    ({"owner": "LOGISTICS@example.com", "complaint": True}, [6, 4, 2]),
    ({"owner": "else@example.com"}, []),
    ({"since": NOON + timedelta(hours=5)}, [6, 5]),
    ({"until": NOON + timedelta(hours=3)}, [2, 1]),
    ({"since": NOON + timedelta(hours=2), "until": NOON + timedelta(hours=3)}, [2]),
]


def test_filters_leave_only_what_fits(doors: Doors) -> None:
    for filters, numbers in FILTERS:
        assert found(doors, **filters) == [*map(ref, numbers)], filters


def test_pages_follow_each_other_without_gap_or_repetition(doors: Doors) -> None:
    seen, query = [], Query(words="Eve", limit=4)
    while True:
        page = search(doors, query)
        seen.append([hit.mail for hit in page.hits])
        if not page.next:
            break
        query = replace(query, after=page.next)
    assert seen == [[ref(6), ref(5), ref(4), ref(3)], [ref(2), ref(1)]]


def test_a_hit_says_what_a_person_needs_to_see(doors: Doors) -> None:
    (hit,) = search(doors, Query(words="rechnung")).hits
    assert (hit.ticket, hit.sender, hit.subject) == (ref(2), "eve@example.org", "Parcel 2")
    assert (hit.topic, hit.status, hit.language) == ("delivery", TicketStatus.OPEN, "de")
    assert [part.text for part in hit.snippet if part.found] == ["Rechnungen"]


def test_a_comment_is_found_with_its_ticket(database: Database, doors: Doors) -> None:
    Board(database).comment(ref(2), "Promised her a voucher", "anna", NOON)
    catch_up(doors, 1)
    (hit,) = search(doors, Query(words="vouchers")).hits
    assert (hit.mail, hit.ticket, hit.sender, hit.received) == ("", ref(2), "anna", NOON)
    (event,) = [one.id for one in _events(database) if one.kind == "comment"]
    doors.search.forget([comment_source(event)])
    assert search(doors, Query(words="vouchers")).hits == ()


def test_an_answer_from_the_desk_is_found_and_a_mere_remark_is_not(database: Database, doors: Doors) -> None:
    with database.writing() as connection:
        for words, mail_id in (("Your voucher is on its way", ""), ("answered with a voucher", ref(2))):
            line = tickets.event(ref(2), NOON, "answered", words, actor="anna", mail_id=mail_id)
            connection.execute(insert(schema.ticket_event), line)
    catch_up(doors, 1)
    (hit,) = search(doors, Query(words="voucher")).hits
    assert ("".join(part.text for part in hit.snippet), hit.sender) == ("Your voucher is on its way", "anna")


def _events(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(select(schema.ticket_event)).all()


def test_an_address_is_one_however_it_reaches_its_person(database: Database, doors: Doors) -> None:
    sender = Address(email="e.v.e+shop@googlemail.com")
    record(database, {7: ("en", "Hello")}, sender=sender, message_id="<seven@example.org>")
    catch_up(doors, 1)
    for written in ("e.v.e+shop@googlemail.com", "eve@gmail.com", "E.V.E@gmail.com"):
        assert found(doors, written) == [ref(7)]


HOSTILE = (
    *('"', "'; drop table mail; --", '"refund" OR *', "NEAR(a b)", "words : refund", "refund*", "^refund", "re%und"),
    *("a & b | !c", "'x':*", "\\", "refund\x00parcel", "\ue000all", "\ud7ff\U000e0001", "x" * CHARACTERS),
    *("\u202e\u200f", "½", "ﷺ", "𝐫𝐞𝐟𝐮𝐧𝐝", "ⅷ", "\u1d79\u0488", "()", "{a} AND {b}", "a@", "@b.c", "a@b@c.d"),
    "\u0301\u0302",
)


def test_whatever_is_typed_there_is_a_result_or_a_clear_error(doors: Doors) -> None:
    for words in HOSTILE:
        query = Query(words=words)
        if any(letter.isalnum() for letter in words):
            search(doors, query)
            assert search(doors, replace(query, topic=words, owner=words, language=words, mailbox=words)).hits == ()
        else:
            with pytest.raises(UsageError, match="no word"):
                search(doors, query)


REFUSED = (
    (Query(words="x" * (CHARACTERS + 1)), "too long"),
    (Query(words=" ".join(["word"] * 33)), "too many words"),
    (Query(words="?!"), "no word"),
    (Query(status="lost"), "no such status"),
    (Query(after="٣"), "no page"),
    (Query(after="1; drop table mail"), "no page"),
    (Query(after="9" * 40), "no page"),
)


def test_what_can_not_be_looked_for_is_said(doors: Doors) -> None:
    for query, said in REFUSED:
        with pytest.raises(UsageError, match=said):
            search(doors, query)


# --- how the index is filled ------------------------------------------------------------------------------------------


def test_what_has_changed_is_found_as_it_is_now(database: Database, doors: Doors) -> None:
    board = Board(database)
    board.set_status(ref(2), TicketStatus.RESOLVED, "anna", NOON)
    assert found(doors, status="open") == [ref(6), ref(4)]  # at once: nothing is shown that is not so
    assert doors.search.waiting() == 1
    catch_up(doors, 1)
    assert found(doors, status="resolved") == [ref(2)]
    with database.writing() as connection:
        connection.execute(update(schema.mail).where(schema.mail.c.id == ref(3)).values(topic="invoice"))
    catch_up(doors, 1)
    assert found(doors, topic="invoice") == [ref(3)]
    assert ref(3) not in found(doors, topic="delivery")


def test_what_search_does_not_read_is_not_read_again(database: Database, doors: Doors) -> None:
    with database.writing() as connection:
        connection.execute(update(schema.mail).values(review=True, topic_confidence=0.5, topic=schema.mail.c.topic))
        connection.execute(update(schema.ticket).values(polled=NOON, status=schema.ticket.c.status))
    assert doors.search.waiting() == 0


def test_the_newest_are_taken_in_first(database: Database) -> None:
    record(database, TEXTS)
    doors = Doors(SearchIndex(database))
    assert (doors.search.fill(2), doors.search.waiting()) == (2, 4)
    assert found(doors) == [ref(6), ref(5)]
    assert search(doors, Query()).waiting == 4


def test_who_looks_at_a_page_takes_in_what_is_new_and_no_backlog(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(database, TEXTS)
    doors = Doors(SearchIndex(database))
    with monkeypatch.context() as patched:
        patched.setattr(desk_search, "PORTION", 5)
        keep_up(doors)
    assert doors.search.waiting() == 6
    keep_up(doors)
    assert doors.search.waiting() == 0


def test_nothing_is_lost_when_it_breaks_off_in_the_middle(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    record(database, TEXTS)
    doors = Doors(SearchIndex(database))

    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(doors.search.words), "add", breaks)
        with pytest.raises(KeyboardInterrupt):
            doors.search.fill()
    assert doors.search.waiting() == 6
    catch_up(doors, 2)
    assert found(doors) == [ref(number) for number in (6, 5, 4, 3, 2, 1)]


def test_what_changes_while_it_is_taken_in_goes_on_waiting(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    record(database, {1: ("en", "My parcel is late")})
    doors, whole = Doors(SearchIndex(database)), store_search._words_of

    def meanwhile(row: Any) -> list[str]:
        with database.writing() as connection:
            connection.execute(update(schema.mail).values(text="My invoice is wrong"))
        return whole(row)

    with monkeypatch.context() as patched:
        patched.setattr(store_search, "_words_of", meanwhile)
        assert doors.search.fill() == 0
    assert doors.search.fill() == 1
    assert (found(doors, "invoice"), found(doors, "late")) == ([ref(1)], [])


def test_two_that_fill_it_take_nothing_twice_and_leave_nothing_out(database: Database) -> None:
    record(database, {number: ("en", f"parcel {number}") for number in range(1, 61)})
    with closing(Database(database.url)) as other:
        threads = [threading.Thread(target=_fill, args=(one,)) for one in (database, other, database, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    doors = Doors(SearchIndex(database))
    catch_up(doors, 60)
    assert doors.search.waiting() == 0
    assert found(doors, limit=200) == [ref(number) for number in range(60, 0, -1)]
    assert _kept(database) == 60


def _fill(database: Database) -> None:
    for _ in range(30):
        SearchIndex(database).fill(3)


def _kept(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(text("select count(*) from search_word")).scalar_one()


def test_mails_of_one_moment_have_places_of_their_own(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_search, "_place", lambda _one: 7)
    record(database, TEXTS)
    doors = Doors(SearchIndex(database))
    for _ in range(3):
        doors.search.fill(2)
    with database.reading() as connection:
        assert sorted(connection.execute(select(search_row.c.place)).scalars()) == [7, 8, 9, 10, 11, 12]


def test_what_is_erased_leaves_the_index(database: Database, doors: Doors) -> None:
    with database.writing() as connection:
        connection.execute(update(schema.mail).where(schema.mail.c.id == ref(2)).values(text="changed"))
    doors.search.forget([ref(2), ref(3), "none"])
    assert doors.search.waiting() == 0
    assert found(doors) == [ref(6), ref(5), ref(4), ref(1)]
    assert (found(doors, "strasse"), _kept(database)) == ([], 4)


def test_a_mail_that_is_gone_is_taken_out_and_missed_by_nobody(database: Database, doors: Doors) -> None:
    with database.writing() as connection:
        connection.execute(update(schema.mail).where(schema.mail.c.id == ref(2)).values(text="changed"))
        connection.execute(text("delete from mail where id in ('AAAA-0002', 'AAAA-0003')"))
    assert any("search" in problem for problem in database.check())
    assert found(doors) == [ref(6), ref(5), ref(4), ref(1)]
    catch_up(doors, 1)
    assert _kept(database) == 5


def test_what_is_common_only_far_back_is_found(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_index, "_NEAR", (1, 2))
    assert found(doors, "refund") == [ref(1)]
    assert found(doors, "eve", limit=2) == [ref(6), ref(5)]


def test_a_copy_of_the_database_finds_the_same(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/a.db")) as database:
        database.prepare()
        record(database, TEXTS)
        catch_up(Doors(SearchIndex(database)), 1)
        record(database, {7: ("en", "My invoice")})
        database.backup(tmp_path / "copy.db")
    with closing(Database(f"sqlite:///{tmp_path}/copy.db")) as copy:
        doors = Doors(SearchIndex(copy))
        assert (found(doors, "refund"), doors.search.waiting(), copy.check()) == ([ref(1)], 1, [])
        catch_up(doors, 1)
        assert found(doors, "invoice") == [ref(7)]


# --- killed -----------------------------------------------------------------------------------------------------------

_FILLS = """
import sys
from pipeline.store.database import Database
from pipeline.store.search import SearchIndex
index = SearchIndex(Database(sys.argv[1]))
while index.fill(2):
    print("portion", flush=True)
"""


@pytest.fixture
def killed(database: Database) -> Database:
    """Filled by processes that were killed after some portions, at whatever they were just doing."""
    record(database, {number: ("en", f"parcel {number}") for number in range(1, 41)})
    for portions in (1, 3, 2, 4):
        words = [sys.executable, "-c", _FILLS, database.engine.url.render_as_string(hide_password=False)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout
            for _ in range(portions):
                assert process.stdout.readline()
            process.kill()
    return database


def test_a_kill_at_any_moment_loses_and_doubles_nothing(killed: Database) -> None:
    doors = Doors(SearchIndex(killed))
    assert doors.search.waiting() < 40
    catch_up(doors, 60)
    assert found(doors, limit=200) == [ref(number) for number in range(40, 0, -1)]
    assert (_kept(killed), killed.check()) == (40, [])
