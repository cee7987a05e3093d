"""What was changed at the desk, in both databases: kept with the change or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import NotFoundError
from pipeline.records.setting import SettingVersion
from pipeline.store.announcements import Announcements
from pipeline.store.database import Database
from pipeline.store.settings import SettingVersions
from tests.samples import NOON

ONE = SettingVersion(
    id=0,
    at=NOON,
    account="anna@example.com",
    why="because",
    section="topics.delivery",
    before={"owner": "x@example.com", "labels": None, "acknowledge": True},
    after={"owner": None, "labels": ["ä", "b"], "acknowledge": False},
)


def test_a_change_is_read_back_as_it_was_kept(database: Database) -> None:
    versions, done = SettingVersions(database), []
    made = versions.keep(ONE, lambda: done.append("written"))
    assert done == ["written"]
    assert versions.get(made.id) == replace(ONE, id=made.id)
    with pytest.raises(NotFoundError):
        versions.get(made.id + 1)


def test_what_could_not_be_written_is_not_kept(database: Database) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    versions = SettingVersions(database)
    with pytest.raises(OSError, match="No space"):
        versions.keep(ONE, full)
    assert versions.history() == []


def test_the_history_of_a_table_is_that_of_all_below_it_and_of_no_other(database: Database) -> None:
    versions = SettingVersions(database)
    for section in ("topics.a", "topics.ab", "topics.a_", "topics.a%", "topicsx", "calendar", "topics.a"):
        versions.keep(replace(ONE, section=section), lambda: None)
    assert [one.section for one in versions.history("topics.a")] == ["topics.a", "topics.a"]
    assert len(versions.history("topics")) == 5
    assert [one.section for one in versions.history("topics.a_")] == ["topics.a_"]
    assert len(versions.history()) == 7
    assert len(versions.history(limit=2)) == 2


def test_a_language_that_is_added_is_told_since_then(database: Database) -> None:
    announcements = Announcements(database)
    one = announcements.add("", {"en": "Late."}, None, "anna", NOON)
    later = NOON.replace(hour=15)
    announcements.change(one, {"en": "Later.", "fi": "Myöhässä."}, None, later)
    found = announcements.find(one.id)
    assert dict(found.texts) == {"en": "Later.", "fi": "Myöhässä."}
    assert (found.told_in("en", NOON), found.told_in("fi", NOON), found.told_in("fi", later)) == (True, False, True)
    assert not found.told_in("de", later)
    announcements.refresh()
    assert announcements.told("delivery", "fi", later) == [(one.id, "Myöhässä.")]
