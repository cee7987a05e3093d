"""Settings changed as the pages and `config` do it: foreseen, checked as at the start, written, kept, put back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.beginning import is_changed
from pipeline.clock import FakeClock
from pipeline.config.load import load
from pipeline.desk.health import health
from pipeline.desk.settings import file
from pipeline.desk.settings.change import carry_out, foresee, foresee_back
from pipeline.desk.settings.keys import place_named
from pipeline.engine.schedule import _mind_the_zone, _note_outbox, scheduler
from pipeline.engine.set_tasks import set_times
from pipeline.engine.shared import Engine
from pipeline.errors import ConfigError, FirstlineError, UsageError
from pipeline.records.setting import SettingValue
from pipeline.replies.letters import KEPT
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT, checked_templates
from tests.samples import NOON

DELIVERY, CALENDAR = "topics.delivery", "calendar"
NEVER_SHOWN = "hunter2-in-a-comment"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = text.replace('templates = "templates" ', f'templates = "{ROOT / "templates"}" ')
    text = text.replace("[guard]", f"# {NEVER_SHOWN}\n[guard]").replace(
        "[topics.return]", f"# {NEVER_SHOWN}\n[topics.return]"
    )
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    (tmp_path / KEPT).parent.mkdir(exist_ok=True)
    (tmp_path / KEPT).write_bytes(checked_templates())
    made = build(load(tmp_path / "config.toml"), FakeClock(NOON))
    yield made
    made.close()


def change(doors: LiveDoors, section: str, why: str = "because", **values: SettingValue | None) -> Any:
    return carry_out(doors, foresee(doors, place_named(section), values), "anna@example.com", why)


def said(doors: LiveDoors, section: str, **values: SettingValue | None) -> list[str]:
    return [one.text % one.values for one in foresee(doors, place_named(section), values).causes]


def test_a_change_is_in_the_file_and_on_record_with_who_and_why(doors: LiveDoors) -> None:
    made = change(doors, DELIVERY, owner="ben@example.com", priority="high")
    assert load(doors.config.path).topics["delivery"].owner == "ben@example.com"
    (kept,) = doors.setting_versions.history()
    assert kept == made
    assert (kept.account, kept.why, kept.section, kept.at) == ("anna@example.com", "because", DELIVERY, NOON)
    assert kept.before == {"owner": "logistics@example.com", "priority": None}
    assert kept.after == {"owner": "ben@example.com", "priority": "high"}


def test_it_goes_back_to_the_same_bytes(doors: LiveDoors) -> None:
    before = doors.config.path.read_bytes()
    made = change(doors, DELIVERY, owner="ben@example.com", checklist=None, labels=["x"])
    back = foresee_back(doors, made, place_named(DELIVERY))
    carry_out(doors, back, "anna@example.com", "no good")
    assert doors.config.path.read_bytes() == before
    assert [one.why for one in doors.setting_versions.history("topics")] == ["no good", "because"]
    assert doors.setting_versions.history("calendar") == []


def test_what_was_edited_in_the_file_itself_is_on_record_when_it_is_next_changed(doors: LiveDoors) -> None:
    change(doors, DELIVERY, owner="ben@example.com")
    write(doors, '"ben@example.com"', '"carl@example.com"')
    change(doors, DELIVERY, owner="dora@example.com", priority="high")
    newest, edited, first = doors.setting_versions.history(DELIVERY)
    assert (edited.account, edited.why) == ("", "")
    assert dict(edited.before) == {"owner": "ben@example.com"}
    assert dict(edited.after) == dict(first.after) | {"owner": "carl@example.com"}
    assert newest.before["owner"] == "carl@example.com"
    carry_out(doors, foresee_back(doors, newest, place_named(DELIVERY)), "anna@example.com", "back")
    assert load(doors.config.path).topics["delivery"].owner == "carl@example.com"


def test_what_it_causes_is_said_in_words(doors: LiveDoors) -> None:
    owner, answer, kept = said(doors, DELIVERY, owner="ben@example.com", respond_within="2h")
    assert owner == "A case about delivery goes to ben@example.com, not to logistics@example.com."
    assert "within 2h of working time, not 4h: for a mail that comes now by 2026-11-18 14:00" in answer
    assert "keep their time" in kept
    assert said(doors, DELIVERY, track="never") == ["No mail about delivery becomes a case, complaints neither."]
    assert said(doors, DELIVERY, acknowledge=False) == [
        "Mails about delivery are not answered by the machine any more."
    ]
    hours = said(doors, CALENDAR, hours="Mon-Fri 13:00-17:00")
    assert "Somebody works at these hours: Mon-Fri 13:00-17:00. Before: Mon-Fri 09:00-17:00." in hours
    assert sum("that comes now is promised an answer by" in one for one in hours) == 3
    assert "can be about warranty" in said(doors, "topics.warranty", owner="ben@example.com")[0]


def test_what_it_leaves_undone_is_told_and_nothing_else(doors: LiveDoors) -> None:
    found = foresee(doors, place_named(DELIVERY), {"template": "nowhere", "owner": "", "articles": ["no-such"]})
    places = {one.where for one in found.warnings}
    assert {"en/nowhere.txt", "fi/nowhere-complaint.txt", "topics.delivery.owner"} <= places
    assert any("no article 'no-such'" in one.what for one in found.warnings)
    assert foresee(doors, place_named(DELIVERY), {"priority": "high"}).warnings == ()


@pytest.mark.parametrize(
    ("section", "values"),
    [
        (DELIVERY, {"owner": "nobody in particular"}),
        (DELIVERY, {"respond_within": "soon"}),
        (DELIVERY, {"may_grant": ["a-car"]}),
        (DELIVERY, {"tracker": "elsewhere"}),
        (DELIVERY, {"priority": "highest"}),
        (DELIVERY, {"track": "some"}),
        (DELIVERY, {"resolve_within": "90000h"}),
        ("grants.gift", {"per_customer": "1 per 30d"}),
        ("grants.voucher-10", {"per_customer": "often"}),
        (CALENDAR, {"timezone": "Mars/Olympus"}),
        (CALENDAR, {"hours": "always"}),
        (CALENDAR, {"holidays": "XX"}),
        (CALENDAR, {"closed": ["Christmas"]}),
    ],
)
def test_what_the_start_would_refuse_is_refused_and_nothing_is_written(
    doors: LiveDoors, section: str, values: dict[str, SettingValue]
) -> None:
    before = doors.config.path.read_bytes()
    with pytest.raises(ConfigError) as caught:
        change(doors, section, **values)
    assert caught.value.remedy
    assert doors.config.path.read_bytes() == before
    assert doors.setting_versions.history() == []


@pytest.mark.parametrize("why", ["", "  ", "x" * 301, "a\x1b[31mb"])
def test_nothing_is_changed_without_a_reason(doors: LiveDoors, why: str) -> None:
    with pytest.raises(UsageError, match="why"):
        change(doors, DELIVERY, why=why, owner="ben@example.com")
    assert load(doors.config.path) == doors.config


def test_what_is_so_already_is_no_change(doors: LiveDoors) -> None:
    with pytest.raises(UsageError, match="nothing would change"):
        change(doors, DELIVERY, owner="logistics@example.com")


def test_a_file_that_somebody_else_has_changed_is_not_overwritten(doors: LiveDoors) -> None:
    mine = foresee(doors, place_named(DELIVERY), {"owner": "ben@example.com"})
    theirs = doors.config.path.read_text(encoding="utf-8").replace('company = "Example Ltd"', 'company = "Other Ltd"')
    doors.config.path.write_text(theirs, encoding="utf-8")
    with pytest.raises(file.OtherFileError):
        carry_out(doors, mine, "anna@example.com", "because")
    with pytest.raises(file.OtherFileError):
        foresee(doors, place_named(DELIVERY), {"owner": "ben@example.com"}, mine.opened.mark)
    assert doors.config.path.read_text(encoding="utf-8") == theirs
    assert doors.setting_versions.history() == []
    assert {one.name for one in doors.config.folder.iterdir()} <= {"config.toml", "var", KEPT.partition("/")[0]}


def test_a_file_that_is_broken_on_the_disk_is_for_a_person(doors: LiveDoors) -> None:
    doors.config.path.write_text("[topics\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="can't be read"):
        change(doors, DELIVERY, owner="ben@example.com")


def test_a_link_is_not_replaced(doors: LiveDoors) -> None:
    doors.config.path.rename(doors.config.folder / "real.toml")
    doors.config.path.symlink_to("real.toml")
    with pytest.raises(ConfigError, match=r"a link to real\.toml"):
        change(doors, DELIVERY, owner="ben@example.com")
    assert doors.config.path.is_symlink()


def test_a_file_with_a_second_name_is_not_replaced(doors: LiveDoors) -> None:
    (doors.config.folder / "other.toml").hardlink_to(doors.config.path)
    with pytest.raises(ConfigError, match="hard link"):
        change(doors, DELIVERY, owner="ben@example.com")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to a group that it is not in")
def test_the_group_of_the_file_stays(doors: LiveDoors) -> None:
    os.chown(doors.config.path, -1, 12345)
    change(doors, DELIVERY, owner="ben@example.com")
    assert doors.config.path.stat().st_gid == 12345


def test_a_file_that_may_only_be_read_stays_as_it_is(doors: LiveDoors) -> None:
    doors.config.path.chmod(0o400)
    with pytest.raises(ConfigError, match="may only be read"):
        change(doors, DELIVERY, owner="ben@example.com")


def test_a_file_of_another_user_stays_theirs(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ConfigError, match="another user"):
        change(doors, DELIVERY, owner="ben@example.com")


def test_the_mode_of_the_file_stays(doors: LiveDoors) -> None:
    doors.config.path.chmod(0o640)
    change(doors, DELIVERY, owner="ben@example.com")
    assert doors.config.path.stat().st_mode & 0o777 == 0o640


def test_a_change_that_can_not_be_written_is_not_on_record(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    mine = foresee(doors, place_named(DELIVERY), {"owner": "ben@example.com"})
    doors.setting_versions.history()  # the database is there
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        carry_out(doors, mine, "anna@example.com", "because")
    monkeypatch.undo()
    assert doors.setting_versions.history() == []
    assert load(doors.config.path) == doors.config
    assert not list(doors.config.folder.glob(".config.toml.*"))


def test_nothing_but_the_changed_keys_is_shown_or_kept(doors: LiveDoors) -> None:
    """What stands elsewhere in the file, in comments too, is nobody's business at the desk."""
    mine = foresee(doors, place_named(DELIVERY), {"checklist": ["x"], "priority": "low"})
    shown = str((mine.diff, mine.causes, mine.warnings, mine.before, mine.after))
    kept = carry_out(doors, mine, "anna@example.com", "because")
    for secret in (NEVER_SHOWN, "SUPPORT_PASSWORD", "smtp.example.com"):
        assert secret in doors.config.path.read_text(encoding="utf-8")
        assert secret not in shown
        assert secret not in str(kept)
    assert [line[0] for line in mine.diff] == ["-", "+", "+"]


def test_a_version_from_elsewhere_changes_no_other_key(doors: LiveDoors) -> None:
    made = change(doors, DELIVERY, owner="ben@example.com")
    forged = replace(made, before={**made.before, "password": "x"})
    assert set(foresee_back(doors, forged, place_named(DELIVERY)).after) == {"owner"}


def test_an_unknown_table_is_said_so(doors: LiveDoors) -> None:
    with pytest.raises(FirstlineError):
        place_named("mailbox.support")


# --- taken up while we run --------------------------------------------------------------------------------------------


def write(doors: LiveDoors, old: str, new: str) -> None:
    """As an editor does it, into the same file."""
    text = doors.config.path.read_text(encoding="utf-8")
    assert old in text
    doors.config.path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_running_process_takes_a_change_up_between_two_batches(doors: LiveDoors) -> None:
    engine = Engine(doors)
    before = engine.route()
    change(doors, DELIVERY, owner="ben@example.com")
    assert engine.route() is before, "a batch goes on with what it began with"
    engine.look_around()
    assert before.config.topics["delivery"].owner == "logistics@example.com"
    assert engine.route().config.topics["delivery"].owner == "ben@example.com"
    assert engine.route().predictor is before.predictor
    taken = engine.route()
    engine.look_around()
    assert engine.route() is taken, "nothing is made anew where nothing has changed"


def test_a_grant_that_looks_farther_back_is_counted_so_far(doors: LiveDoors) -> None:
    assert doors.ledger.windows.grant == timedelta(days=365)
    write(doors, '"1 per 365d"', '"1 per 500d"')
    assert doors.take_up_settings() == ""
    assert doors.ledger.windows.grant == timedelta(days=500)


def test_a_file_that_is_not_fit_leaves_all_in_use_and_is_told(doors: LiveDoors) -> None:
    before = doors.config
    for old, new in (("[topics.order]", "[topics.order"), ("[topics.order", "[topics.order]\nowner = 1"), ("x", "x")):
        write(doors, old, new)
        assert "is not in use" in doors.take_up_settings()
        assert doors.config is before
    doors.config.path.unlink()
    assert "no such file" in doors.take_up_settings()
    assert doors.config is before


def test_a_file_that_is_mended_is_in_use_again(doors: LiveDoors) -> None:
    write(doors, "[topics.order]", "[topics.order")
    assert doors.take_up_settings()
    write(doors, "[topics.order", "[topics.order]")
    write(doors, 'owner = "orders@example.com"', 'owner = "ben@example.com"')
    assert doors.take_up_settings() == ""
    assert doors.config.topics["order"].owner == "ben@example.com"


def test_a_key_that_needs_a_restart_is_told_by_its_name_until_it_is_as_it_was(doors: LiveDoors) -> None:
    write(doors, 'host = "smtp.example.com"', 'host = "smtp.other.example"')
    assert doors.take_up_settings() == "needs a restart, or SIGHUP: smtp.host"
    assert doors.take_up_settings() == "needs a restart, or SIGHUP: smtp.host"
    write(doors, 'host = "smtp.other.example"', 'host = "smtp.example.com"')
    assert doors.take_up_settings() == ""


def test_status_tells_what_is_not_in_use(doors: LiveDoors) -> None:
    write(doors, 'host = "smtp.example.com"', 'host = "smtp.other.example"')
    _note_outbox(Engine(doors))
    told = [one for one in health(doors)["problems"] if one["kind"] == "config"]
    assert [one["what"] for one in told] == ["config: needs a restart, or SIGHUP: smtp.host"]
    write(doors, 'host = "smtp.other.example"', 'host = "smtp.example.com"')
    _note_outbox(Engine(doors))
    assert not [one for one in health(doors)["problems"] if one["kind"] == "config"]


def test_set_tasks_go_by_the_time_zone_that_counts_now(doors: LiveDoors) -> None:
    engine = Engine(doors)
    made = scheduler(engine)
    write(doors, 'timezone = "Europe/Helsinki"', 'timezone = "America/Lima"')
    doors.take_up_settings()
    _mind_the_zone(engine, made)
    zones = {str(job.trigger.timezone) for job in made.get_jobs() if job.id in set_times(doors.config)}
    assert zones == {"America/Lima"}


def test_what_was_taken_up_needs_no_beginning_anew(doors: LiveDoors) -> None:
    """After SIGHUP, as after logrotate."""
    write(doors, 'owner = "orders@example.com"', 'owner = "ben@example.com"')
    doors.take_up_settings()
    assert not is_changed(doors)
    write(doors, 'poll = "60s"', 'poll = "61s"')
    doors.take_up_settings()
    assert not is_changed(doors), "its secrets are missing: the old one goes on"
