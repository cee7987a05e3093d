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
    with pytest.raises(UsageError, match="do not tell of it: en/neutral"):
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


# --- it is over ---


def over(desk: Desk) -> list[EmailMessage]:
    return [mail for mail in desk.go_on() if str(mail["Subject"]).startswith("Over [")]


def test_those_who_were_told_hear_once_that_it_is_over(desk: Desk) -> None:
    answer(desk, 1)  # before it began
    desk.doors.clock.pass_by(HOUR)  # type: ignore[attr-defined]
    made, _ = announce.begin(desk.doors, "delivery", {"en": LATE}, None, "anna")
    answer(desk, 2)
    answer(desk, 3, topic="billing")  # about something else
    answer(desk, 4, sure=False)  # was answered in neutral words
    desk.doors.clock.pass_by(HOUR)  # type: ignore[attr-defined]
    ended, told = announce.end(desk.doors, made.id, tell=True)
    assert (ended.holds(desk.doors.clock.now()), told) == (False, 1)
    (mail,) = over(desk)
    assert mail["To"] == "eve2@example.org"
    assert LATE in text_of(mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["In-Reply-To"] == "<letter2@example.org>"
    assert announce.end(desk.doors, made.id, tell=True)[1] == 0  # once
    assert over(desk) == []


def test_a_customer_who_wrote_twice_hears_it_once(desk: Desk) -> None:
    made, _ = announce.begin(desk.doors, "", {"en": LATE}, None, "anna")
    route = desk.doors.route(Fixed(labels()))
    for number in (1, 2):
        take(route, letter(number, "Eve <eve@example.org>"), first=number)
        desk.doors.announcements.refresh()
        desk.go_on()
        desk.doors.clock.pass_by(timedelta(hours=30))  # type: ignore[attr-defined]
    assert announce.end(desk.doors, made.id, tell=True)[1] == 1
    (mail,) = over(desk)
    assert mail["In-Reply-To"] == "<letter2@example.org>"


def test_nobody_is_told_unless_a_person_says_so_and_it_can_be_said_later(desk: Desk) -> None:
    made, _ = announce.begin(desk.doors, "delivery", {"en": LATE}, None, "anna")
    answer(desk, 1)
    desk.doors.clock.pass_by(HOUR)  # type: ignore[attr-defined]
    assert announce.end(desk.doors, made.id)[1] == 0
    assert over(desk) == []
    answer(desk, 2)  # it was over when this one was answered
    assert announce.end(desk.doors, made.id, tell=True)[1] == 1
    assert [mail["To"] for mail in over(desk)] == ["eve1@example.org"]


def test_without_a_letter_for_it_nobody_can_be_told(desk: Desk, tmp_path: Path) -> None:
    made, _ = announce.begin(desk.doors, "", {"en": LATE}, None, "anna")
    (tmp_path / "none").mkdir()
    desk.doors.letters = TemplateLetters(tmp_path / "none", "en")
    with pytest.raises(UsageError, match="announcement-over"):
        announce.end(desk.doors, made.id, tell=True)
    assert desk.doors.announcements.all(only_open=True)  # and it is not ended by that
    with pytest.raises(NotFoundError):
        announce.end(desk.doors, 99)


# --- every letter that would tell of it is looked at ---


def quiet_base(folder: Path, *names: str) -> Path:
    """Letters of an agent whose base has no place for what is announced."""
    (folder / "en").mkdir(parents=True)
    (folder / "en/base-quiet.txt").write_text("{% block body %}{% endblock %}\n{{ ref }}\n", encoding="utf-8")
    for name in names:
        text = 'Subject: Hi {{ ref }}\n\n{% extends "base-quiet.txt" %}{% block body %}Hello.{% endblock %}\n'
        (folder / f"en/{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("names", "topic", "silent"),
    [
        (["delivery"], "delivery", "support/en/delivery"),
        (["perhaps", "late"], "delivery", "support/en/perhaps, support/en/late"),
        (["perhaps", "billing"], "", "support/en/billing, support/en/perhaps"),
        (["billing", "neutral"], "delivery", ""),
    ],
)
def test_letters_that_a_mailbox_has_for_itself_are_looked_at(
    tmp_path: Path, names: list[str], topic: str, silent: str
) -> None:
    own = quiet_base(tmp_path / "own", *names)
    more = "[topics.delivery]\n[topics.billing]\n"
    folder = Folder(tmp_path / "desk", 1, 1, "u", more=more, mailbox={"templates": str(own)})
    words = ("announcement", "add", "--text", LATE, *(("--topic", topic) if topic else ()))
    said = folder.run(*words, expect=2 if silent else 0).stderr
    assert f"do not tell of it: {silent}" in said if silent else said == ""


def test_the_command_says_how_many_are_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "desk", 1, 1, "u")
    folder.run("announcement", "add", "--text", LATE)
    assert folder.json("announcement", "end", "1", "--tell")["told"] == 0
    assert "0 customers told" in folder.run("announcement", "end", "1", "--tell").stdout
    assert "→" in folder.run("announcement", "end", "9", "--tell", expect=2).stderr
