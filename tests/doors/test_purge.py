"""What is over by its clock goes, in short steps; what is worked on, held, or not over stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select, text, update

from pipeline.engine.jobs import purge
from pipeline.records.search import SearchSpan, SearchTerm
from pipeline.store import schema, schema_desk
from pipeline.store.database import Database
from pipeline.store.holds import Hold, Holds
from pipeline.store.purging import Lots
from pipeline.store.schema_search import search_row, search_waiting
from pipeline.store.search import SearchIndex
from tests.kept_rows import DAY, WORD, ago, keeper, put, put_effect, put_mail, put_ticket, words_of
from tests.samples import NOON

KEPT = {
    "keep_raw": "30d",
    "keep_mail": "365d",
    "keep_ticket": "1095d",
    "keep_answers": "730d",
    "keep_logs": "90d",
    "keep_training": "",
}
Make = Callable[[Connection], None]


def purged(database: Database, **privacy: str) -> purge.Purged:
    return purge.purge(keeper(database, privacy={**KEPT, **privacy}), lambda _seconds: False)


def held(what: str) -> Hold:
    return Hold(what=what, at=NOON, who="ann", why="court")


def of_a_ticket(age: float, resolved: float | None, **changes: Any) -> Make:
    def make(connection: Connection) -> None:
        put_mail(connection, "M", age, **{"ticket": "T", **changes})
        put_ticket(connection, "T", resolved)

    return make


def alone(age: float, **changes: Any) -> Make:
    return lambda connection: put_mail(connection, "M", age, **changes)


def with_effect(state: str) -> Make:
    def make(connection: Connection) -> None:
        put_mail(connection, "M", 400)
        put_effect(connection, "M", state, ago(400), "file")

    return make


def begun_by_eve(connection: Connection) -> None:
    put_mail(connection, "FIRST", 5, sender="eve@example.org")
    put_mail(connection, "M", 400, sender="agent@example.com", thread="FIRST", by_staff=True)


NOTHING, RAW_ONLY, ALL = "nothing goes", "only the message as it came goes", "all goes"


@pytest.mark.parametrize(
    ("make", "goes"),
    [
        (alone(29), NOTHING),
        (alone(31), RAW_ONLY),
        (alone(364), RAW_ONLY),
        (alone(366), ALL),
        (of_a_ticket(366, None), NOTHING),  # somebody works on it, and may need what was attached
        (of_a_ticket(5000, None), NOTHING),
        (of_a_ticket(366, 10), NOTHING),  # it may be opened again
        (of_a_ticket(366, 31), RAW_ONLY),
        (of_a_ticket(1500, 1094), RAW_ONLY),
        (of_a_ticket(1500, 1096), ALL),
        (of_a_ticket(100, 1096), RAW_ONLY),  # its ticket is over, itself not
        (of_a_ticket(366, None, ticket="", thread="thread-T"), NOTHING),  # it stands in the conversation
        (of_a_ticket(366, 31, ticket="", thread="thread-T"), RAW_ONLY),
        (with_effect("waiting"), RAW_ONLY),  # something is to be done about it still
        (with_effect("intended"), RAW_ONLY),
        (with_effect("failed"), ALL),
        (with_effect("uncertain"), ALL),
    ],
)
def test_a_mail_stays_as_long_as_its_clock_or_its_ticket_says(database: Database, make: Make, goes: str) -> None:
    with database.writing() as connection:
        make(connection)
    purged(database)
    assert words_of(database, schema.raw) == (["M"] if goes == NOTHING else [])
    for table in (schema.mail, schema.acknowledgement):
        assert words_of(database, table) == ([] if goes == ALL else ["M"])
    assert ("M:acknowledge" in words_of(database, schema.effect)) == (goes != ALL)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (alone(2000, sender="eve@example.org"), "eve@example.org"),
        (alone(2000, sender="Eve+shop@Example.org", customer="other@example.org"), "eve@example.org"),
        (of_a_ticket(2000, 1500), "T"),
        (of_a_ticket(2000, 1500), "t@example.org"),
        (of_a_ticket(2000, 1500, ticket="", thread="thread-T"), "T"),
        (begun_by_eve, "eve@example.org"),
    ],
)
def test_what_is_held_stays_until_it_is_released(database: Database, make: Make, what: str) -> None:
    with database.writing() as connection:
        make(connection)
    Holds(database).put(held(what))
    purged(database)
    assert "M" in words_of(database, schema.mail)
    assert "M" in words_of(database, schema.raw)
    Holds(database).lift(what)
    purged(database)
    assert "M" not in words_of(database, schema.mail)


def test_nothing_of_others_is_held(database: Database) -> None:
    with database.writing() as connection:
        begun_by_eve(connection)
        put_mail(connection, "OTHER", 2000)
        put_mail(connection, "LATER", 1999, thread="OTHER", ticket="T")
        put_mail(connection, "EVES", 2000, sender="eve@example.org", ticket="E")
        put_ticket(connection, "T", 1500)
        put_ticket(connection, "E", 1500, folded="eve@example.org")
        put_ticket(connection, "HELD", 1500)
    for what in ("eve@example.org", "HELD", "nobody@example.org"):
        Holds(database).put(held(what))
    purged(database)
    assert words_of(database, schema.mail) == ["EVES", "FIRST", "M"]
    assert words_of(database, schema.raw) == ["EVES", "FIRST", "M"]
    assert words_of(database, schema.ticket) == ["E", "HELD"]


def test_a_ticket_goes_with_its_notes_and_leaves_what_is_counted(database: Database) -> None:
    with database.writing() as connection:
        put_ticket(connection, "OLD", 1096, complaint=True)
        put_ticket(connection, "YOUNG", 1094)
        put_ticket(connection, "OPEN", None)
        put(connection, schema.grant, mail_id="m", name="v", customer="old@example.org", ticket="OLD", at=ago(1100))
    purged(database)
    assert words_of(database, schema.ticket) == ["OPEN", "YOUNG"]
    with database.reading() as connection:
        old = connection.execute(select(schema.ticket).where(schema.ticket.c.ref == "OLD")).mappings().one()
        events = connection.execute(select(schema.ticket_event).where(schema.ticket_event.c.ticket == "OLD")).all()
        grant = connection.execute(select(schema.grant)).mappings().one()
    assert (old["complaint"], old["status"], old["erased"]) == (True, "resolved", NOON)
    assert [one.detail for one in events] == [""]
    assert grant["customer"] == old["folded"], "figures of one customer stay those of one"
    assert old["folded"].startswith("erased-")


def test_a_ticket_that_was_opened_again_goes_again(database: Database) -> None:
    with database.writing() as connection:
        put_ticket(connection, "T", 1096)
    doors = keeper(database, privacy=KEPT)
    purge.purge(doors, lambda _seconds: False)
    opened_again = update(schema.ticket).where(schema.ticket.c.ref == "T")
    with database.writing() as connection:
        connection.execute(opened_again.values(resolved=None, subject=WORD))
        put_mail(connection, "M", 400, ticket="T")
    purge.purge(doors, lambda _seconds: False)
    assert words_of(database, schema.mail) == ["M"], "somebody works on it"
    with database.writing() as connection:
        connection.execute(opened_again.values(resolved=NOON + DAY))
    doors.clock.pass_by(1097 * DAY)
    purge.purge(doors, lambda _seconds: False)
    assert words_of(database, schema.ticket) == words_of(database, schema.mail) == []


def test_a_clock_that_is_off_lets_nothing_go(database: Database) -> None:
    with database.writing() as connection:
        put_mail(connection, "M", 9000)
        put_mail(connection, "N", 9000, ticket="T")
        put_ticket(connection, "T", 8000)
    done = purged(database, keep_raw="", keep_mail="0", keep_ticket="")
    assert done.rows == {}
    assert words_of(database, schema.mail) == words_of(database, schema.raw) == ["M", "N"]


def test_what_was_written_is_not_found_any_more_nor_in_the_index(database: Database) -> None:
    with database.writing() as connection:
        put_mail(connection, "OLD", 366)
        put_mail(connection, "YOUNG", 364)
        put_ticket(connection, "T", 1096)
    index = SearchIndex(database)
    while index.fill():
        pass
    purged(database)
    term = SearchTerm(forms=("zwetschgenweg",))
    assert [one.mail for one in index.find([term], SearchSpan(), 10)] == ["YOUNG"]
    with database.reading() as connection:
        rows = connection.execute(select(search_row.c.source)).scalars().all()
        assert rows == ["YOUNG"]
        assert connection.execute(text("select count(*) from search_word")).scalar() == 1
        assert connection.execute(select(search_waiting)).all() == []
    assert database.check() == []


def test_nobody_waits_for_a_mail_that_can_not_be_read_any_more(database: Database) -> None:
    with database.writing() as connection:
        put_mail(connection, "PARKED", 366, parked=True, review=True)
        put_mail(connection, "SETTLED", 366, closed="released")
        put_mail(connection, "NEW", 3, parked=True, review=True)
    purged(database)
    with database.reading() as connection:
        mails = {row.id: row for row in connection.execute(select(schema.mail))}
    assert [(mails[ref].parked, mails[ref].closed) for ref in ("PARKED", "SETTLED", "NEW")] == [
        (False, "discarded"),
        (False, "released"),
        (True, ""),
    ]
    assert not mails["PARKED"].review


def test_who_took_part_goes_with_the_last_mail_of_a_conversation(database: Database) -> None:
    with database.writing() as connection:
        for ref, age, thread in (("A", 400, "A"), ("B", 370, "A"), ("C", 400, "C"), ("D", 10, "C")):
            put_mail(connection, ref, age, thread=thread)
        for thread in ("A", "C"):
            put(connection, schema.participant, thread=thread, address=f"{WORD}@example.org")
    purged(database)
    assert words_of(database, schema.participant) == ["C"]


def test_answers_lose_their_words_and_keep_their_scores(database: Database) -> None:
    with database.writing() as connection:
        for name, asked, said in (("old", 800, 790), ("late", 740, 720), ("young", 100, 90), ("silent", 800, None)):
            put(connection, schema.survey, id=name, kind="nps", state="sent", created=ago(asked),
                customer=f"{WORD}@example.org")  # fmt: skip
            if said:
                put(connection, schema.survey_answer, survey=name, at=ago(said), score=9, text=WORD, channel="link")
    purged(database)
    assert words_of(database, schema.survey) == ["late", "young"]
    with database.reading() as connection:
        answers = {row.survey: (row.score, row.text) for row in connection.execute(select(schema.survey_answer))}
    assert answers == {"old": (9, ""), "late": (9, WORD), "young": (9, WORD)}


def test_logs_and_dead_addresses_go_when_nothing_needs_them(database: Database) -> None:
    with database.writing() as connection:
        for age in (91, 89):
            put(connection, schema_desk.audit, at=ago(age), action="note", subject=WORD, before={}, after={})
            put(connection, schema_desk.refusal, at=ago(age), account=WORD, client="::1")
        for age in (61, 59):
            put(connection, schema.bounce, address=f"{age}@{WORD}.org", at=ago(age))
    done = purged(database)
    assert (done.rows["audit"], done.rows["refusal"], done.rows["bounce"]) == (1, 1, 1)
    assert words_of(database, schema_desk.audit) == ["2"]
    assert words_of(database, schema.bounce) == [f"59@{WORD}.org"]


def test_doing_it_again_changes_nothing(database: Database) -> None:
    with database.writing() as connection:
        put_mail(connection, "M", 1500, ticket="T")
        put_ticket(connection, "T", 1096)
    assert purged(database).rows["mail"] == 1
    assert purged(database).rows == {}


def test_a_look_counts_and_changes_nothing(database: Database) -> None:
    with database.writing() as connection:
        for number in range(3):
            put_mail(connection, f"M{number}", 366)
        put_ticket(connection, "T", 1096)
    assert purge.look(keeper(database, privacy=KEPT)).rows == {"raw": 3, "mail": 3, "ticket": 1}
    assert words_of(database, schema.mail) == ["M0", "M1", "M2"]
    assert words_of(database, schema.ticket) == ["T"]


def test_what_was_cut_off_goes_on_where_it_was(database: Database) -> None:
    with database.writing() as connection:
        for number in range(60):
            put_mail(connection, f"M{number:02}", 366 + number / 10)
    doors, rounds = keeper(database, privacy={**KEPT, "keep_raw": ""}), 0
    while purge.purge(doors, lambda _seconds: True).cut_off:
        rounds += 1
        assert len(words_of(database, schema.mail)) < 60
    assert rounds > 1
    assert words_of(database, schema.mail) == []


def test_what_was_opened_or_held_since_it_was_found_stays(database: Database) -> None:
    """The portion is looked at once more in the transaction that lets it go."""
    from pipeline.store.over import MAILS, TICKETS
    from pipeline.store.purging import Purging

    purging = Purging(database)
    with database.writing() as connection:
        put_mail(connection, "M", 366)
        put_ticket(connection, "T", 1096)
    mails, tickets = purging.find(MAILS, ago(365), None, 5), purging.find(TICKETS, ago(1095), None, 5)
    assert len(mails) == len(tickets) == 1
    Holds(database).put(held("m@example.org"))
    with database.writing() as connection:
        connection.execute(update(schema.ticket).values(resolved=None))
    assert purging.let_go(MAILS, mails, ago(365), NOON) == {}
    assert purging.let_go(TICKETS, tickets, ago(1095), NOON) == {}
    assert (words_of(database, schema.mail), words_of(database, schema.ticket)) == (["M"], ["T"])


def test_each_customer_gets_one_pseudonym_and_keeps_it() -> None:
    lots = Lots()
    assert lots("") == ""
    assert lots("eve@example.org") == lots("eve@example.org") != lots("ada@example.org")
    assert lots(lots("eve@example.org")) == lots("eve@example.org")
    assert Lots()("eve@example.org") != lots("eve@example.org"), "nobody can draw it again"
