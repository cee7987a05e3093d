"""What a change of a setting causes, in plain words, which the pages translate and the command line says in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.config.settings import Config
from pipeline.config.topics import TopicConfig
from pipeline.config.values import Rate
from pipeline.desk.settings.keys import section_of
from pipeline.errors import NotFoundError
from pipeline.records.setting import CALENDAR, GRANTS, TOPICS, SettingPlace

MOST_TOPICS = 3  # of which the calendar's effect is told


def N_(text: str) -> str:  # noqa: N802  (the name that the extractor of the pages' texts knows)
    """Marks a text that is translated where it is shown."""
    return text


NOTHING = N_("(nothing)")
CauseValue = str | datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A sentence with gaps, and what stands in them; NOTHING and times are put into words where it is shown."""

    text: str
    values: Mapping[str, CauseValue]


_SAID = {
    "topics.owner": N_("A case about %(name)s goes to %(now)s, not to %(was)s."),
    "topics.template": N_("Mails about %(name)s are answered with the letter %(now)s, not with %(was)s."),
    "topics.may_grant": N_("After a complaint about %(name)s may be given: %(now)s. Before: %(was)s."),
    "topics.articles": N_("Letters about %(name)s lead to these help pages: %(now)s. Before: %(was)s."),
    "topics.tracker": N_("Cases about %(name)s are filed in the tracker %(now)s, not in %(was)s."),
    "topics.project": N_("Cases about %(name)s are filed in the project %(now)s, not in %(was)s."),
    "topics.labels": N_("Cases about %(name)s have the labels %(now)s. Before: %(was)s."),
    "topics.priority": N_("Cases about %(name)s begin with the priority %(now)s, not with %(was)s."),
    "topics.checklist": N_("The steps of a case about %(name)s are: %(now)s. Before: %(was)s."),
    "grants.per_customer": N_("One customer may have %(name)s so often: %(now)s. Before: %(was)s."),
    "calendar.timezone": N_("Times are meant in the time zone %(now)s, not in %(was)s."),
    "calendar.hours": N_("Somebody works at these hours: %(now)s. Before: %(was)s."),
    "calendar.holidays": N_("The public holidays are those of %(now)s, not of %(was)s."),
    "calendar.closed": N_("Closed on these days: %(now)s. Before: %(was)s."),
    "topics.title": N_("In letters it is called: %(now)s. Before: %(was)s."),
    "grants.title": N_("In letters it is called: %(now)s. Before: %(was)s."),
}
_PROMISED = {
    "respond_within": N_(
        "An answer about %(name)s is promised within %(now)s of working time, not %(was)s: "
        "for a mail that comes now by %(by)s, not by %(until)s."
    ),
    "resolve_within": N_(
        "A solution about %(name)s is promised within %(now)s of working time, not %(was)s: "
        "for a mail that comes now by %(by)s, not by %(until)s."
    ),
}
_TRACKED = {
    "complaints": N_("Of the mails about %(name)s only complaints become cases."),
    "all": N_("All mails about %(name)s become cases."),
    "never": N_("No mail about %(name)s becomes a case, complaints neither."),
}
_ANSWERED = {
    True: N_("Mails about %(name)s are answered by the machine from now on."),
    False: N_("Mails about %(name)s are not answered by the machine any more."),
}
_NEW = {
    TOPICS: N_("Mails can be about %(name)s from now on: the model has to learn it from labelled mails first."),
    GRANTS: N_("%(name)s can be given once a topic allows it."),
}
_GONE = {
    TOPICS: N_("[topics.%(name)s] is gone: what the model still takes for it gets the usual times, and no owner."),
    GRANTS: N_("%(name)s can't be given any more."),
}
_BY_WHEN = N_("A mail about %(name)s that comes now is promised an answer by %(by)s, not by %(until)s.")
_KEPT = N_("Promises that were given already keep their time.")
_OTHERWISE = N_("Mail to the mailbox %(mailbox)s is not concerned: it has its own %(key)s.")


def causes(before: Config, after: Config, place: SettingPlace, now: datetime) -> list[Cause]:
    """In the order of the keys."""
    if place.table == CALENDAR:
        return [*_of_keys(before, after, place), *_of_calendar(before, after, now)]
    old, new = _known(before, place), _known(after, place)
    if old is None or new is None:
        text = (_NEW if new else _GONE)[place.table]
        return [Cause(text=text, values={"name": place.name})]
    return [*_of_keys(before, after, place), *_of_topic(before, after, place, now)]


def _known(config: Config, place: SettingPlace) -> object | None:
    try:
        return section_of(config, place)
    except NotFoundError:
        return None


def _of_keys(before: Config, after: Config, place: SettingPlace) -> Iterator[Cause]:
    old, new = section_of(before, place), section_of(after, place)
    for key in type(new).model_fields:
        was, now = getattr(old, key), getattr(new, key)
        if was != now and (text := _SAID.get(f"{place.table}.{key}", "")):
            yield Cause(text=text, values={"name": place.name, "was": in_words(was), "now": in_words(now)})


def _of_topic(before: Config, after: Config, place: SettingPlace, now: datetime) -> Iterator[Cause]:
    if place.table != TOPICS:
        return
    old, new, named = before.topics[place.name], after.topics[place.name], {"name": place.name}
    if old.track != new.track:
        yield Cause(text=_TRACKED[new.track], values=named)
    if old.acknowledge != new.acknowledge:
        yield Cause(text=_ANSWERED[new.acknowledge], values=named)
    promised = [key for key in _PROMISED if getattr(old, key) != getattr(new, key)]
    for key in promised:
        was, until = _span_and_time(before, old, key, now)
        span, by = _span_and_time(after, new, key, now)
        yield Cause(text=_PROMISED[key], values={**named, "was": was, "until": until, "now": span, "by": by})
    if promised:
        yield Cause(text=_KEPT, values={})
    changed = {key for key in type(new).model_fields if getattr(old, key) != getattr(new, key)}
    for mailbox, box in after.mailbox.items():
        own = box.topics[place.name].model_fields_set & changed if place.name in box.topics else set()
        for key in sorted(own):
            yield Cause(text=_OTHERWISE, values={"mailbox": mailbox, "key": key})


def _span_and_time(config: Config, topic: TopicConfig, key: str, now: datetime) -> tuple[str, datetime]:
    span: timedelta = getattr(topic, key)
    return in_words(span), config.calendar.working_time.add(now, span)


def _of_calendar(before: Config, after: Config, now: datetime) -> Iterator[Cause]:
    told = 0
    for name, topic in after.topics.items():
        by = after.calendar.working_time.add(now, topic.respond_within)
        until = before.calendar.working_time.add(now, topic.respond_within)
        if by != until and told < MOST_TOPICS:
            told += 1
            yield Cause(text=_BY_WHEN, values={"name": name, "by": by, "until": until})
    yield Cause(text=_KEPT, values={})


def in_words(value: object) -> str:
    """A value of a setting as it is written in the file, without its quotes; NOTHING for none."""
    match value:
        case None:
            return NOTHING
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
        case Rate():
            return f"{value.count} per {value.window.days}d" if value.count else "0"
        case Mapping():
            return ", ".join(f"{key}: {text}" for key, text in value.items()) or NOTHING
        case tuple() | list():
            return ", ".join(str(one) for one in value) or NOTHING
        case bool():
            return "true" if value else "false"
        case _:
            return str(value) or NOTHING
