"""What a mail can be about: the topics of `[topics]`, those that people have used, and new ones."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.desk.collect import shelf_of
from pipeline.engine.doors import BaseDoors
from pipeline.errors import UsageError
from pipeline.learn.importing import LONGEST_TOPIC

NEW = "+"  # before the name of a topic that nobody has used: else a typing error would be one


def topics_known(doors: BaseDoors, more: Collection[str] = ()) -> list[str]:
    """`[topics]` in its order, then what else people have used, then `more`. Raises UsageError for bad files."""
    used = {row.topic for row in shelf_of(doors).rows() if row.topic}
    return list(dict.fromkeys([*doors.config.topics, *sorted(used | set(more))]))


def topic_named(text: str, known: Collection[str]) -> str:
    """The topic that a person means: one of the known ones, by its name or an unmistakable beginning, or `+NEW`.

    Raises UsageError.
    """
    name = " ".join(text.split())
    if name.startswith(NEW):
        return _new(name[len(NEW) :].strip(), known)
    begun = [topic for topic in known if topic.casefold().startswith(name.casefold())] if name else []
    exact = [topic for topic in begun if topic.casefold() == name.casefold()]
    found = exact or begun
    if len(found) != 1:
        what = f"'{name}' may be {', '.join(found[:5])}" if found else f"there is no topic '{name}'"
        raise UsageError(what, remedy=f"one of {', '.join(list(known)[:30]) or '(none yet)'}; a new one is {NEW}NAME")
    return found[0]


def _new(name: str, known: Collection[str]) -> str:
    """A topic that is known with other capitals is that one."""
    same = next((topic for topic in known if topic.casefold() == name.casefold()), "")
    if not name or len(name) > LONGEST_TOPIC:
        raise UsageError(f"a topic has 1 to {LONGEST_TOPIC} characters", remedy=f"write {NEW}NAME")
    return same or name
