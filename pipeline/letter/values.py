"""The variables of a letter: plain data only. `docs/templates.md` lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from textwrap import fill

from pipeline.config.settings import Config
from pipeline.letter import dates, links
from pipeline.letter.echo import sensible_name, without_links
from pipeline.records.payload import AcknowledgementPayload, AnswerPayload, LetterPayload, NoticePayload
from pipeline.records.ticket import TicketStatus

LINE = 72  # characters
LATE = "late"  # the letter for what could not be sent in time


def values(
    about: LetterPayload,
    message_id: str,
    config: Config,
    language: str,
    now: datetime,
    own_links: Mapping[str, object] = links.NONE,
    announcements: Sequence[str] = (),
) -> dict[str, object]:
    """The variables of a letter that is sent under this Message-ID. `config`: as it counts for the mailbox;
    `own_links`: see links.of_letter; `announcements`: known problems that it tells of."""
    return {
        "name": sensible_name(about.name),
        "subject": _subject(about),
        "ref": about.ref,
        "ticket": about.ticket,
        **_situation(about, config, language),
        **_calendar(about, config, language, now),
        **_offers(about, config, language),
        "company": config.replies.company,
        "signature": config.replies.signature_in(language),
        **own_links,
        "announcements": [fill(text, LINE) for text in announcements],
        "token": message_id.strip("<>").partition("@")[0],
        "agent": about.agent if isinstance(about, AnswerPayload) else "",
        **_notice(about, config, language),
    }


def _subject(about: LetterPayload) -> str:
    """A stranger's with nothing to click on; a person's of ours is as they wrote it."""
    own = about.own_subject if isinstance(about, AnswerPayload) else ""
    return own or without_links(about.subject)


def _notice(about: LetterPayload, config: Config, language: str) -> dict[str, object]:
    """How a ticket stands, for the letters of following up, and what a person says; empty in others."""
    zone = config.calendar.timezone
    if not isinstance(about, NoticePayload):
        empty = ("promise", "due_by", "time_left", "closes_by", "customer_address")
        words = about.words if isinstance(about, AnswerPayload) else ""
        return {"status": TicketStatus.OPEN.value, "in_hand": False, "comment": words, **dict.fromkeys(empty, "")}
    return {
        "status": about.status.value,
        "in_hand": about.in_hand,
        "comment": about.comment,
        "promise": about.promise.value if about.promise else "",
        "due_by": dates.when(about.due_by, language, zone),
        "time_left": dates.span(timedelta(seconds=about.left), language) if about.left else "",
        "closes_by": dates.when(about.closes_by, language, zone),
        "customer_address": about.customer,
    }


def _situation(about: LetterPayload, config: Config, language: str) -> dict[str, str]:
    """What the prepared situation says; without a topic, that of the defaults."""
    topic = about.topic
    situation = config.topic(topic)
    return {
        "topic": (_title(situation.title, config, language) or topic) if topic else "",
        "owner": situation.owner_name,
        "respond_within": dates.span(situation.respond_within, language),
        "resolve_within": dates.span(situation.resolve_within, language),
    }


def _calendar(about: LetterPayload, config: Config, language: str, now: datetime) -> dict[str, object]:
    """The promised times, and whether somebody is at work while the letter is sent."""
    zone, working_time = config.calendar.timezone, config.calendar.working_time
    outside = not working_time.is_open(now)
    opens = working_time.next_opening(now) if outside else None
    return {
        "respond_by": dates.when(about.respond_by, language, zone, names_zone=about.names_zone),
        "respond_date": dates.day(about.respond_by, language, zone),
        "resolve_by": dates.when(about.resolve_by, language, zone, names_zone=about.names_zone),
        "resolve_date": dates.day(about.resolve_by, language, zone),
        "outside_hours": outside,
        "opens": dates.when(opens, language, zone, names_zone=about.names_zone),
        "hours": dates.opening_hours(working_time.week, language),
    }


def _offers(about: LetterPayload, config: Config, language: str) -> dict[str, object]:
    """What was offered when it was decided, less what has left the configuration since."""
    if not isinstance(about, AcknowledgementPayload):
        return {"grants": [], "articles": []}
    grants = [config.grants[name].title for name in about.grants if name in config.grants]
    return {
        "grants": [_title(title, config, language) for title in grants],
        "articles": [{"title": one.title, "link": one.link} for one in about.articles],
    }


def _title(title: Mapping[str, str], config: Config, language: str) -> str:
    """In the letter's language, else in that of `[replies]`, else as it is written first; '' without any."""
    return title.get(language) or title.get(config.replies.language) or next(iter(title.values()), "")
