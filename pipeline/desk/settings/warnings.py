"""What a change of a setting would leave undone: a letter, a help page, an owner, a word in some language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.config.settings import Config
from pipeline.config.values import ADDRESS
from pipeline.desk.doors import SettingDoors
from pipeline.desk.lint import cells
from pipeline.errors import ConfigError
from pipeline.replies.articles import problems_with
from pipeline.replies.matrix import gaps


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingWarning:
    """It works all the same, but not as one would want."""

    where: str
    what: str
    remedy: str


def fresh_warnings(doors: SettingDoors, before: Config, after: Config) -> tuple[SettingWarning, ...]:
    """Those that the change brings about; what was so before is told by `firstline template lint` and `doctor`."""
    known = {(one.where, one.what) for one in _warnings(doors, before)}
    return tuple(one for one in _warnings(doors, after) if (one.where, one.what) not in known)


def _warnings(doors: SettingDoors, config: Config) -> Iterator[SettingWarning]:
    for finding in gaps(cells(config, letters=doors.letters)):
        yield SettingWarning(where=finding.file, what=finding.message, remedy=finding.remedy)
    for where, what, remedy in problems_with(doors.articles, config):
        yield SettingWarning(where=where, what=what, remedy=remedy)
    languages = sorted({language for language, _ in doors.letters.names})
    for name, topic in config.topics.items():
        if topic.track != "never" and not re.fullmatch(ADDRESS, topic.owner_address):
            remedy = "name an address; [follow_up] staff are told meanwhile"
            yield SettingWarning(where=f"topics.{name}.owner", what="no owner is told of a complaint", remedy=remedy)
        yield from _untold(f"topics.{name}.title", topic.title, languages)
    for name, grant in config.grants.items():
        yield from _untold(f"grants.{name}.title", grant.title, languages)


def _untold(where: str, title: dict[str, str], languages: list[str]) -> Iterator[SettingWarning]:
    if missing := [one for one in languages if not title.get(one)]:
        what = f"letters in {', '.join(missing)} call it as another language does"
        yield SettingWarning(where=where, what=what, remedy="write it in these languages, too")


def assert_promises_can_be_kept(config: Config, now: datetime) -> None:
    """Raises ConfigError where so little is worked that a promise would never end: each mail would be parked."""
    for section, topic in config.situations.items():
        mailbox = section.split(".")[1] if section.startswith("mailbox.") else ""
        working_time = config.of_mailbox(mailbox).calendar.working_time
        try:
            working_time.add(now, max(topic.respond_within, topic.resolve_within))
        except ValueError as error:
            where = f"{config.path}, {section}"
            remedy = "promise less, or work more: see [calendar] hours and closed"
            raise ConfigError(str(error), where=where, remedy=remedy) from None
