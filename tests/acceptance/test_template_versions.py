"""Versions of the letters: recorded once with their sources, counted when sent, compared, and put back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.clock import FakeClock
from pipeline.config.load import load
from pipeline.doors import Outbox
from pipeline.engine.shared import Engine
from pipeline.errors import TemplateError
from pipeline.records.effect import EffectKind, EffectState, Outcome, SentVersion
from pipeline.records.letter import LetterVersion
from pipeline.replies.versions import Plan, differences, find_unsaved, make_plan, put_back
from pipeline.store.database import Database
from pipeline.store.templates import Versions, count_sent
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import letter
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels
from tests.unit.replies.test_letters import write

LATER = NOON + timedelta(hours=1)
BASE = "Hello {{ name }},\n\n{% block body %}{% endblock %}\n{{ ref }}\n"
FIRST = 'Subject: Got it [{{ ref }}]\n\n{% extends "base.txt" %}{% block body %}First.{% endblock %}'
SECOND = FIRST.replace("First", "Second")
CONFIG = """
[mailbox.support]
host = "127.0.0.1"
security = "none"
username = "support@example.com"
password = { env = "NONE" }
addresses = ["support@example.com"]
first_run = "acknowledge"
[smtp]
host = "127.0.0.1"
security = "none"
from = "Example Support <support@example.com>"
[topics.delivery]
title = { en = "your delivery" }
"""


def version(mark: str = "v1", name: str = "delivery", language: str = "en", **sources: str) -> LetterVersion:
    files = {f"{language}/{file}.txt": text for file, text in (sources or {"delivery": mark, "base": "b"}).items()}
    return LetterVersion(language=language, name=name, version=mark, sources=files)


def in_use(versions: Versions) -> list[str]:
    return [row.version for row in versions.history() if row.in_use]


# --- the store --------------------------------------------------------------------------------------------------------


def test_a_version_taken_into_use_is_recorded_once_with_its_sources(database: Database) -> None:
    versions = Versions(database)
    assert versions.take_up([version("v1"), version("w1", language="de")], NOON) == 2
    assert versions.take_up([version("v1"), version("w1", language="de")], LATER) == 0
    (row,) = versions.history("delivery", "en")
    assert (row.version, row.first_used, row.taken_up, row.sent) == ("v1", NOON, NOON, 0)
    assert versions.sources(row.files) == {"en/delivery.txt": "v1", "en/base.txt": "b"}


def test_the_version_taken_up_last_is_in_use_also_when_it_is_an_old_one(database: Database) -> None:
    versions = Versions(database)
    for hours, mark in enumerate(("v1", "v2", "v1")):
        versions.take_up([version(mark)], NOON + timedelta(hours=hours))
    assert in_use(versions) == ["v1"]
    assert [row.first_used for row in versions.history()] == [NOON, LATER]


def test_a_text_that_many_letters_share_is_kept_once(database: Database) -> None:
    versions = Versions(database)
    versions.take_up([version(f"v{number}", f"letter{number}") for number in range(3)], NOON)
    assert versions.texts(["en/base.txt", "en/delivery.txt", "en/none.txt"]) == {
        "en/base.txt": {"b"},
        "en/delivery.txt": {"v0", "v1", "v2"},
        "en/none.txt": set(),
    }


def test_what_was_sent_is_counted_whichever_is_recorded_first(database: Database) -> None:
    versions = Versions(database)
    sent = SentVersion(language="en", template="delivery", version="v1")
    with database.writing() as connection:
        done = Outcome(key="a", state=EffectState.DONE, sent=sent)
        failed = Outcome(key="b", state=EffectState.FAILED, error="refused")
        count_sent(connection, [done, done, failed], NOON)
    assert in_use(versions) == []
    versions.take_up([version("v1")], LATER)
    (row,) = versions.history()
    assert (row.sent, row.last_sent, row.first_used, row.taken_up) == (2, NOON, NOON, LATER)
    assert versions.sources(row.files)["en/delivery.txt"] == "v1"


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_diff_names_files_that_came_and_went_and_is_empty_for_the_same() -> None:
    before, after = {"en/a.txt": "one\ntwo\n", "en/a.html": "<p>"}, {"en/a.txt": "one\nthree\n"}
    lines = list(differences(before, after))
    assert {"-two", "+three", "-<p>", "+++ (none)"} <= set(lines)
    assert list(differences(before, before)) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir(exist_ok=True)
    for file, text in {"base": BASE, "delivery": SECOND, "neutral": FIRST}.items():
        write(tmp_path / "templates", f"en/{file}.txt", text)
    return tmp_path / "templates"


OLD = {"en/delivery.txt": FIRST, "en/base.txt": BASE + "old\n"}


def test_only_the_letters_own_files_are_put_back_and_changed_bases_are_named(folder: Path) -> None:
    write(folder, "en/delivery.html", "<p>new</p>")
    plan = make_plan([folder], "en", "delivery", OLD, parts=False)
    assert plan == Plan(write={"en/delivery.txt": FIRST}, delete=("en/delivery.html",), other_parts=("en/base.txt",))
    put_back([folder], plan)
    assert (folder / "en/delivery.txt").read_text() == FIRST
    assert not (folder / "en/delivery.html").exists()
    assert (folder / "en/base.txt").read_text() == BASE


def test_bases_are_put_back_when_asked_for(folder: Path) -> None:
    plan = make_plan([folder], "en", "delivery", OLD, parts=True)
    put_back([folder], plan)
    assert (folder / "en/base.txt").read_text() == BASE + "old\n"
    assert make_plan([folder], "en", "delivery", OLD, parts=True) == Plan(write={}, delete=(), other_parts=())


@pytest.mark.parametrize("bad", ["Subject: x\n\n{{ nonsense }}", "no head", 'Subject: x\n\n{% extends "gone.txt" %}'])
def test_what_is_not_fit_any_more_is_not_put_back(folder: Path, bad: str) -> None:
    plan = make_plan([folder], "en", "delivery", {"en/delivery.txt": bad}, parts=False)
    with pytest.raises(TemplateError) as refused:
        put_back([folder], plan)
    assert "nothing was written" in refused.value.remedy
    assert (folder / "en/delivery.txt").read_text() == SECOND


def test_an_old_base_that_would_break_another_letter_is_not_put_back(folder: Path) -> None:
    plan = make_plan(
        [folder], "en", "delivery", {"en/delivery.txt": SECOND, "en/base.txt": "{{ nonsense }}"}, parts=True
    )
    with pytest.raises(TemplateError):
        put_back([folder], plan)
    assert (folder / "en/base.txt").read_text() == BASE


def test_a_letter_broken_elsewhere_does_not_stand_in_the_way(folder: Path) -> None:
    write(folder, "en/neutral.txt", "broken")
    put_back([folder], make_plan([folder], "en", "delivery", OLD, parts=False))
    assert (folder / "en/delivery.txt").read_text() == FIRST


def test_line_ends_come_back_as_they_were(folder: Path) -> None:
    put_back(
        [folder], make_plan([folder], "en", "delivery", {"en/delivery.txt": "Subject: a\r\n\r\nb\r\n"}, parts=False)
    )
    assert (folder / "en/delivery.txt").read_bytes() == b"Subject: a\r\n\r\nb\r\n"


def test_an_edit_that_no_version_holds_is_unsaved(folder: Path) -> None:
    plan = make_plan([folder], "en", "delivery", OLD, parts=False)
    assert find_unsaved(folder, plan, {"en/delivery.txt": {FIRST}}) == ["en/delivery.txt"]
    assert find_unsaved(folder, plan, {"en/delivery.txt": {FIRST, SECOND}}) == []
    (folder / "en/delivery.txt").write_bytes(b"Subject: \xff\n\n.")
    assert find_unsaved(folder, plan, {"en/delivery.txt": {FIRST, SECOND}}) == ["en/delivery.txt"]


# --- the worker and the commands --------------------------------------------------------------------------------------


@pytest.fixture
def config(folder: Path) -> Path:
    file = folder.parent / "config.toml"
    file.write_text(CONFIG, encoding="utf-8")
    write(folder, "en/delivery.txt", FIRST)
    return file


@pytest.fixture
def doors(config: Path) -> Iterator[LiveDoors]:
    made = build(load(config), FakeClock(NOON))
    yield made
    made.close()


class Accepting(Outbox):
    """An outgoing server that takes everything."""

    def send(self, reply: Any) -> None: ...

    def check(self) -> None: ...

    def close(self) -> None: ...


def answer(doors: LiveDoors, number: int) -> str:
    """Takes a mail and sends its acknowledgement; returns the mail's id."""
    route = doors.route(Fixed(labels()))
    take(route, letter(number), first=number)
    (due,) = doors.effects.due(EffectKind.ACKNOWLEDGE, doors.clock.now(), 10)
    doors.effects.claim([due.key], doors.clock.now())
    outcome = route.acknowledge(due, Accepting())
    assert outcome.state is EffectState.DONE, outcome
    doors.effects.settle([outcome], doors.clock.now())
    return due.mail_id


def edit(doors: LiveDoors, engine: Engine, text: str) -> None:
    write(doors.letters.folder, "en/delivery.txt", text)
    doors.clock.pass_by(timedelta(minutes=1))
    engine.look_around()


def run(config: Path, *words: str, expect: int = 0) -> str:
    done = CliRunner().invoke(app, ["--config", str(config), "template", *words])
    code = getattr(done.exception, "exit_code", done.exit_code)
    assert code == expect, (done.output, done.exception)
    return done.output if not done.exception else f"{done.output}{done.exception}"


def marks(config: Path) -> list[str]:
    """Versions of the letter, newest first."""
    return [json.loads(line)["version"] for line in run(config, "history", "delivery", "--json").splitlines()]


def test_a_worker_records_what_it_takes_up_and_counts_what_it_sends(doors: LiveDoors, config: Path) -> None:
    engine = Engine(doors)
    engine.look_around()
    answer(doors, 1)
    edit(doors, engine, SECOND)
    for number in (2, 3):
        answer(doors, number)
    edit(doors, engine, "Subject: broken\n\n{{ nonsense }}")
    rows = [json.loads(line) for line in run(config, "history", "delivery", "--json").splitlines()]
    assert [(row["sent"], row["in_use"]) for row in rows] == [(2, True), (1, False)]
    assert rows[0]["files"] == ["en/base.txt", "en/delivery.txt"]


def test_nothing_is_recorded_by_a_dry_run(doors: LiveDoors) -> None:
    Engine(doors, dry=True).look_around()
    assert doors.versions.history() == []


def test_what_could_not_be_recorded_is_recorded_at_the_next_look(
    doors: LiveDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.errors import UnreachableError

    def away(*_: object) -> int:
        raise UnreachableError("the database is away")

    engine = Engine(doors)
    with monkeypatch.context() as patch:
        patch.setattr(doors.versions, "take_up", away)
        engine.look_around()
    assert doors.versions.history() == []
    engine.look_around()
    assert len(doors.versions.history()) == 2


def test_mail_show_names_the_letter_and_its_version(doors: LiveDoors, config: Path) -> None:
    Engine(doors).look_around()
    mail_id = answer(doors, 1)
    (mark,) = marks(config)
    shown = CliRunner().invoke(app, ["--config", str(config), "mail", "show", mail_id, "--json"])
    (effect,) = [one for one in json.loads(shown.output)["effects"] if one["kind"] == "acknowledge"]
    assert (effect["sent_template"], effect["sent_language"], effect["sent_version"]) == ("delivery", "en", mark)
    assert mark in CliRunner().invoke(app, ["--config", str(config), "mail", "show", mail_id]).output


def test_diff_shows_the_file_against_the_version_in_use_and_versions_against_each_other(
    doors: LiveDoors, config: Path
) -> None:
    engine = Engine(doors)
    engine.look_around()
    assert "no difference" in run(config, "diff", "delivery")
    edit(doors, engine, SECOND)
    newest, oldest = marks(config)
    write(doors.letters.folder, "en/delivery.txt", SECOND + "\n{{ broken")
    assert "+{{ broken" in run(config, "diff", "delivery")
    lines = json.loads(run(config, "diff", "delivery", oldest[:6], newest, "--json"))["lines"]
    assert any(line.startswith("-") and "First." in line for line in lines)
    assert any(line.startswith("+") and "Second." in line for line in lines)


def test_restore_goes_back_and_the_worker_follows(doors: LiveDoors, config: Path) -> None:
    engine = Engine(doors)
    engine.look_around()
    edit(doors, engine, SECOND)
    newest, oldest = marks(config)
    assert "written" in run(config, "restore", "delivery", oldest)
    doors.clock.pass_by(timedelta(minutes=1))
    engine.look_around()
    assert marks(config) == [oldest, newest]
    assert "already" in run(config, "restore", "delivery", oldest)


def test_restore_spares_an_edit_that_was_never_in_use_unless_it_is_forced(doors: LiveDoors, config: Path) -> None:
    Engine(doors).look_around()
    (mark,) = marks(config)
    write(doors.letters.folder, "en/delivery.txt", SECOND)
    said = run(config, "restore", "delivery", mark, expect=2)
    assert "would be lost" in said
    assert "--force" in said
    assert (doors.letters.folder / "en/delivery.txt").read_text() == SECOND
    run(config, "restore", "delivery", mark, "--force")
    assert (doors.letters.folder / "en/delivery.txt").read_text() == FIRST


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("history", "nothing"), "no version of a letter 'nothing'"),
        (("diff", "nothing"), "no version of a letter 'nothing'"),
        (("diff", "delivery", "ffff"), "no version 'ffff'"),
        (("restore", "delivery", ""), "no version ''"),
    ],
)
def test_what_is_not_there_is_said_in_words(doors: LiveDoors, config: Path, words: tuple[str, ...], said: str) -> None:
    Engine(doors).look_around()
    assert said in run(config, *words, expect=2)


def test_a_beginning_that_several_versions_share_is_refused(doors: LiveDoors, config: Path) -> None:
    doors.versions.take_up([version("aa1")], NOON)
    doors.versions.take_up([version("aa2")], LATER)
    assert "several versions" in run(config, "restore", "delivery", "aa", expect=2)
