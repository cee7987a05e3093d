"""The variables of a letter: plain data only. `docs/templates.md` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pipeline.config.settings import Config
from pipeline.letter import dates, links
from pipeline.letter.echo import sensible_name, without_links
from pipeline.records.effect import Effect

LATE = "late"  # the letter for what could not be sent in time


def values(
    effect: Effect, config: Config, language: str, now: datetime, own_links: Mapping[str, Any] = links.NONE
) -> dict[str, Any]:
    """The variables of a letter: plain data only. `docs/templates.md` lists them. `own_links`: see links.of_letter."""
    details = effect.details
    return {
        "name": sensible_name(details["name"]),
        "subject": without_links(details["subject"]),
        "ref": details["ref"],
        "ticket": details["ticket"],
        **_situation(details, config, language),
        **_calendar(details, config, language, now),
        "grants": [_title(config.grants[name].title, config, language) for name in _grants(details, config)],
        "articles": [{"title": one["title"], "link": one["link"]} for one in details.get("articles", ())],
        "company": config.replies.company,
        "signature": config.replies.signature or config.replies.company,
        **own_links,
        "token": effect.message_id.strip("<>").partition("@")[0],
        **_followed(details, config, language),
    }


def _followed(details: Mapping[str, Any], config: Config, language: str) -> dict[str, Any]:
    """How a ticket stands, for the letters of following up; empty in others."""
    zone = config.calendar.timezone
    left = timedelta(seconds=details.get("left", 0))
    return {
        "status": details.get("status", "open"),
        "comment": details.get("comment", ""),
        "promise": details.get("promise", ""),
        "due_by": dates.when(details.get("due_by", ""), language, zone),
        "time_left": dates.span(left, language) if left else "",
        "closes_by": dates.when(details.get("closes_by", ""), language, zone),
        "customer_address": details.get("customer", ""),
    }


def _situation(details: Mapping[str, Any], config: Config, language: str) -> dict[str, str]:
    """What the prepared situation says; without a topic, that of the defaults."""
    topic = details["topic"]
    situation = config.topic(topic)
    return {
        "topic": (_title(situation.title, config, language) or topic) if topic else "",
        "owner": situation.owner_name,
        "respond_within": dates.span(situation.respond_within, language),
        "resolve_within": dates.span(situation.resolve_within, language),
    }


def _calendar(details: Mapping[str, Any], config: Config, language: str, now: datetime) -> dict[str, Any]:
    """The promised times, and whether somebody is at work while the letter goes out."""
    zone, working_time = config.calendar.timezone, config.calendar.working_time
    outside = not working_time.is_open(now)
    opens = working_time.next_opening(now).isoformat() if outside else ""
    return {
        "respond_by": dates.when(details["respond_by"], language, zone),
        "respond_date": dates.day(details["respond_by"], language, zone),
        "resolve_by": dates.when(details["resolve_by"], language, zone),
        "resolve_date": dates.day(details["resolve_by"], language, zone),
        "outside_hours": outside,
        "opens": dates.when(opens, language, zone),
        "hours": dates.opening_hours(working_time.week, language),
    }


def _grants(details: Mapping[str, Any], config: Config) -> list[str]:
    """What was offered when it was decided, less what has left the configuration since."""
    return [name for name in details.get("grants", ()) if name in config.grants]


def _title(title: Mapping[str, str], config: Config, language: str) -> str:
    """In the letter's language, else in that of `[replies]`, else as it is written first; '' without any."""
    return title.get(language) or title.get(config.replies.language) or next(iter(title.values()), "")
