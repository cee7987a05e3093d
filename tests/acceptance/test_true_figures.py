"""What figures, tickets and errors say is so at that moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.config.settings import Config
from pipeline.desk.health import health
from pipeline.figures.finding import Comparison
from pipeline.figures.findings import unprepared, unsure
from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.records.labels import Label
from pipeline.store import conversation
from pipeline.store.database import Database
from pipeline.store.metrics import Metrics, Period
from tests.acceptance.test_promises import Desk, desk, letters  # noqa: F401  (fixtures)
from tests.desk import COMMAND, letter
from tests.desk import Desk as Folder
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels


def comes(desk: Desk, number: int, **says: Any) -> Any:  # noqa: F811
    raw = letter(number, f"Eve {number} <eve{number}@example.org>")
    return take(desk.doors.route(Fixed(labels(**says))), raw, first=number)[0]


def everything() -> Period:
    return Period(since=None, until=None)


def test_a_letter_that_was_refused_is_no_acknowledgement(desk: Desk) -> None:  # noqa: F811
    comes(desk, 1)
    comes(desk, 2)
    journal = desk.doors.effects
    (first, _) = journal.due(EffectKind.ACKNOWLEDGE, NOON, 10)
    journal.claim([first.key], NOON)
    journal.settle([Outcome(key=first.key, state=EffectState.FAILED, error="550 no")], NOON)
    counts = Metrics(desk.doors.database).mails(everything())[None]
    assert (counts["received"], counts["acknowledged"], counts["silent"]) == (2, 1, 1)


def test_status_says_how_much_is_sure_and_the_next_step(desk: Desk) -> None:  # noqa: F811
    assert health(desk.doors)["sure"] == {"mails": 0, "topic": None, "complaint": None, "next_step": ""}
    comes(desk, 1), comes(desk, 2, sure=False), comes(desk, 3), comes(desk, 4)
    sure = health(desk.doors)["sure"]
    assert (sure["mails"], sure["topic"], sure["complaint"]) == (4, 0.75, 0.75)
    assert "firstline data review" in sure["next_step"]


def comparison(database: Database, config: Config) -> Comparison:
    return Comparison(database=database, config=config, now=NOON, period=everything(), earlier=everything())


def test_unsure_is_a_finding_at_any_level_and_says_the_next_step(desk: Desk) -> None:  # noqa: F811
    comes(desk, 1), comes(desk, 2, sure=False)
    (one,) = unsure.find(comparison(desk.doors.database, desk.doors.config))
    assert one.what == "the machine is unsure of the topic: 1 of 2 mails"
    assert "firstline data review" in one.do


@pytest.mark.parametrize(("sure", "found"), [(True, ["1 complaint without a prepared answer"]), (False, [])])
def test_only_sure_topics_without_a_table_are_without_a_prepared_answer(
    desk: Desk,  # noqa: F811
    sure: bool,
    found: list[str],
) -> None:
    comes(desk, 1, topic=Label(value="gardening", confidence=0.9, sure=sure), complaint=True)
    findings = unprepared.find(comparison(desk.doors.database, desk.doors.config))
    assert [one.what for one in findings] == found


def test_a_ticket_shows_the_words_and_every_letter(desk: Desk) -> None:  # noqa: F811
    ref = comes(desk, 1, complaint=True).id
    desk.go_on()
    (mail,) = conversation.mails_of(desk.doors.database, ref)
    assert "parcel 1 was due on Tuesday" in mail.text
    (sent,) = conversation.letters_of(desk.doors.database, ref)
    assert (sent.recipient, sent.letter, sent.state) == ("eve1@example.org", "en/delivery-complaint", "done")


def test_the_review_list_begins_with_who_may_have_complained(desk: Desk) -> None:  # noqa: F811
    may = {"complaint": Label(value="true", confidence=0.6), "complaint_suspected": True}
    unsure_one = comes(desk, 1, topic=Label(value="delivery", confidence=0.5)).id
    suspected = comes(desk, 2, **may).id
    least_sure = comes(desk, 3, topic=Label(value="delivery", confidence=0.2)).id
    assert [one.id for one in desk.doors.reading.mails(review=True)] == [suspected, least_sure, unsure_one]


def test_errors_name_the_configuration_file_as_it_was_given(tmp_path: Path) -> None:
    import subprocess

    file = tmp_path / "mine.toml"
    file.write_text("[mailbox.a]\nhost = 'x'\nusername = 'u'\npassword = { env = 'NO_SUCH' }\n", encoding="utf-8")
    done = subprocess.run(
        [COMMAND, "--config", str(file), "once"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 2
    assert f"{file}, mailbox.a.password" in done.stderr
    assert "config.toml" not in done.stderr


def test_times_are_shown_in_the_zone_of_the_operator_with_its_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "desk", 1, 1, "u", more="[calendar]\ntimezone = 'Europe/Helsinki'\n")
    folder.run("once", expect=3)
    assert "EET" in folder.run("status", expect=1).stdout or "EEST" in folder.run("status", expect=1).stdout
    for words in (("ticket", "list", "--status", "foo"), ("ticket", "assign", "7K3M-9QTX", "")):
        assert "→" in folder.run(*words, expect=2).stderr
