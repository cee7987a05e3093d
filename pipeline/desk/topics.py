"""What a mail can be about: the topics of `[topics]`, those that people have used, and new ones."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.desk.collect import shelf_of
from pipeline.engine.doors import BaseDoors
from pipeline.errors import UsageError
from pipeline.learn import label_words
from pipeline.learn.dataset import SENTIMENTS
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


def label_named(doors: BaseDoors, head: str, text: str) -> str:
    """The label of a head that a person means, by its name or an unmistakable beginning. Raises UsageError."""
    if head == "topic":
        return topic_named(text, topics_known(doors))
    choices = SENTIMENTS if head == "sentiment" else ("true", "false")
    word = text.strip().lower()
    said = label_words.sentiment_of(word) if head == "sentiment" else label_words.truth_of(word)
    found = [said] if said else [one for one in choices if word and one.startswith(word)]
    if len(found) != 1:
        raise UsageError(f"there is no {head} '{word}'", remedy=f"one of {', '.join(choices)}")
    return found[0]


def _new(name: str, known: Collection[str]) -> str:
    """A topic that is known with other capitals is that one."""
    same = next((topic for topic in known if topic.casefold() == name.casefold()), "")
    if not name or len(name) > LONGEST_TOPIC:
        raise UsageError(f"a topic has 1 to {LONGEST_TOPIC} characters", remedy=f"write {NEW}NAME")
    return same or name
