"""A known problem is announced: checked before any letter tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.desk.doors import AnnouncingDoors
from pipeline.errors import UsageError
from pipeline.records.announcement import Announcement
from pipeline.replies.variables import samples

LONGEST = 400  # characters: a sentence or two, not a letter of its own
_UNTIDY = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]|\{[{%#]")


def begin(
    doors: AnnouncingDoors, topic: str, texts: Mapping[str, str], until: datetime | None, author: str
) -> tuple[Announcement, list[str]]:
    """It is in force at once. Also returned: languages of letters that have no text for it. Raises UsageError."""
    now = doors.clock.now()
    if topic and topic not in doors.config.topics:
        raise UsageError(f"there is no [topics.{topic}]", remedy=f"one of {', '.join(doors.config.topics)}")
    if until and until <= now:
        raise UsageError("this time is over", where=f"{until:%Y-%m-%d %H:%M %Z}", remedy="name one that is to come")
    said = {language: _checked(language, text) for language, text in texts.items()}
    for language, text in said.items():
        _assert_is_shown(doors, topic, language, text)
    spoken = {language for language, _name in doors.letters.names}
    return doors.announcements.add(topic, said, until, author, now), sorted(spoken - set(said))


def _checked(language: str, text: str) -> str:
    tidy = " ".join(text.split())
    if not re.fullmatch(r"[a-z]{2}", language):
        raise UsageError("this is no language", where=language, remedy="two letters, as en")
    if not tidy or len(tidy) > LONGEST:
        raise UsageError(f"between 1 and {LONGEST} characters", where=language, remedy="a sentence or two")
    if _UNTIDY.search(tidy):
        raise UsageError("there are signs in it that a letter can't hold", where=language, remedy="plain text only")
    return tidy


def _assert_is_shown(doors: AnnouncingDoors, topic: str, language: str, text: str) -> None:
    """A base that an agent wrote before may not have the place for it."""
    name = doors.config.topics[topic].template or topic if topic else "neutral"
    if (language, name) not in doors.letters.names:
        return  # no letter in this language: the next one in line is sent, and tells of it in its own
    letter = doors.letters.render(name, language, {**samples(), "announcements": [text]})
    if " ".join(text.split()) not in " ".join(letter.text.split()):
        raise UsageError(
            f"the letter {language}/{name} does not tell of it",
            where=f"{language}/base.txt",
            remedy="put this into it: {% for text in announcements %}{{ text }}{% endfor %}",
        )
