"""A known problem is told before customers ask, in the letters of its topic, in their language, and while it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk import announce
from pipeline.desk.health import health
from pipeline.errors import NotFoundError, UsageError
from pipeline.figures.report import make_report
from pipeline.replies.letters import TemplateLetters
from pipeline.store.database import Database
from pipeline.wiring.live_doors import build
from tests.acceptance.test_promises import HOUR, Desk, Post, letters, text_of  # noqa: F401  (a fixture)
from tests.desk import Desk as Folder
from tests.desk import letter
from tests.doors.test_given import settings
from tests.doors.test_route import CURSOR, Fixed, take
from tests.samples import NOON, labels, raw_mail

LATE = "Since this morning parcels are late. We expect them on Thursday."


@pytest.fixture
def desk(database: Database, tmp_path: Path, letters: TemplateLetters) -> Iterator[Desk]:  # noqa: F811
    document = settings({"url": database.url}) | {"topics": {"delivery": {}, "billing": {}}}
    made = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    made.letters = letters
    yield Desk(made, Post())
    made.close()


def answer(desk: Desk, number: int, **says: Any) -> str:
    """The letter to a mail that comes now."""
    take(desk.doors.route(Fixed(labels(**says))), letter(number, f"Eve <eve{number}@example.org>"), first=number)
    desk.doors.announcements.refresh()
    (mail,) = desk.go_on()
    assert isinstance(mail, EmailMessage)
    return text_of(mail)


def test_letters_of_the_topic_tell_of_it_while_it_holds(desk: Desk) -> None:
    made, missing = announce.begin(desk.doors, "delivery", {"en": LATE}, NOON + 2 * HOUR, "anna")
    assert missing == ["de", "es", "fi", "fr"]
    assert LATE in answer(desk, 1)
    assert LATE not in answer(desk, 2, topic="billing")
    assert LATE not in answer(desk, 3, sure=False)  # the words to an unsure mail stay neutral
    desk.doors.clock.pass_by(timedelta(hours=2))  # type: ignore[attr-defined]
    assert LATE not in answer(desk, 4)
    assert [one.id for one in desk.doors.announcements.all()] == [made.id]  # it stays on record


def test_without_a_topic_every_letter_tells_of_it_until_a_person_ends_it(desk: Desk) -> None:
    made, _ = announce.begin(desk.doors, "", {"en": LATE}, None, "anna")
    assert LATE in answer(desk, 1, sure=False)
    desk.doors.announcements.end(made.id, NOON)
    assert LATE not in answer(desk, 2, sure=False)
    with pytest.raises(NotFoundError):
        desk.doors.announcements.end(made.id, NOON)


@pytest.mark.parametrize(
    ("topic", "texts", "hours"),
    [
        ("gardening", {"en": LATE}, 1),
        ("delivery", {"en": ""}, 1),
        ("delivery", {"en": "x" * 401}, 1),
        ("delivery", {"en": "{{ ref }} is late"}, 1),
        ("delivery", {"en": "a\x1b[1m"}, 1),
        ("delivery", {"english": LATE}, 1),
        ("delivery", {"en": LATE}, 0),
    ],
)
def test_what_no_letter_could_tell_is_refused(desk: Desk, topic: str, texts: dict[str, str], hours: int) -> None:
    with pytest.raises(UsageError):
        announce.begin(desk.doors, topic, texts, NOON + hours * HOUR, "anna")
    assert desk.doors.announcements.all() == []


def test_a_base_without_a_place_for_it_is_named(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "templates/en"
    folder.mkdir(parents=True)
    (folder / "neutral.txt").write_text("Subject: Hello {{ ref }}\nDescription: A letter.\n\nHello.\n")
    desk.doors.letters = TemplateLetters(tmp_path / "templates", "en")
    with pytest.raises(UsageError, match="does not tell of it"):
        announce.begin(desk.doors, "", {"en": LATE}, None, "anna")


def test_the_command_begins_lists_and_ends_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "desk", 1, 1, "u", more="[topics.delivery]\n")
    (tmp_path / "de.txt").write_text("Seit heute Morgen sind Pakete verspätet.\n", encoding="utf-8")
    more = ("--language", "en", "--text", LATE, "--language", "de", "--text", str(tmp_path / "de.txt"))
    made = folder.json("announcement", "add", "--topic", "delivery", "--until", "2099-01-01", *more)
    assert made["texts"] == {"en": LATE, "de": "Seit heute Morgen sind Pakete verspätet."}
    assert "letters in fi go out without it" in folder.run("announcement", "add", "--text", "All is late.").stdout
    assert [one["id"] for one in folder.jsonl("announcement", "list")] == [2, 1]
    assert folder.json("announcement", "end", "1")["in_force"] is False
    assert [one["id"] for one in folder.jsonl("announcement", "list")] == [2]
    assert len(folder.jsonl("announcement", "list", "--all")) == 2
    for words in (("end", "9"), ("add", "--text", "a", "--text", "b"), ("add", "--text", "a", "--until", "soon")):
        assert "→" in folder.run("announcement", *words, expect=2).stderr


def test_status_and_report_say_when_one_is_due_until_it_is_made(desk: Desk) -> None:
    for number in range(30):
        answer(desk, number, topic="billing")
    assert health(desk.doors)["rising"] == []
    desk.doors.clock.pass_by(timedelta(days=1))  # type: ignore[attr-defined]
    now = desk.doors.clock.now()
    raws = [
        raw_mail(number, letter(number, f"Eve <eve{number}@example.org>"), received=now) for number in range(40, 52)
    ]
    judged, _ = desk.doors.route(Fixed(labels(topic="delivery", sure=False))).take(raws, CURSOR)
    desk.doors.clock.pass_by(timedelta(minutes=1))  # type: ignore[attr-defined]
    (rise,) = health(desk.doors)["rising"]
    assert (rise["topic"], rise["customers"], rise["of"], rise["usual"]) == ("delivery", 12, 12, 0)
    assert sorted(rise["mails"]) == sorted(one.id for one in judged)
    now = desk.doors.clock.now()
    report = make_report(desk.doors.database, desk.doors.config, now, timedelta(days=7))
    (found,) = (one for one in report.findings if one.kind == "rising")
    assert "--topic delivery" in found.do
    assert set(found.about[:10]) < {one.id for one in judged}
    announce.begin(desk.doors, "delivery", {"en": LATE}, None, "anna")
    assert health(desk.doors)["rising"] == []
