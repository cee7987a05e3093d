"""What rises within hours: a topic, or words that nobody wrote before. Then customers should be told unasked.

A topic rises when its share of the customers who wrote lately is surely larger than in the weeks before; a word when so
many of them use it and none did before (formulas.risen: 99 %, all comparisons taken together). Customers are counted,
not mails, so one who writes twenty times raises nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.figures import formulas
from pipeline.figures.words import words_of
from pipeline.records.announcement import Announcement
from pipeline.store import rising as store
from pipeline.store.database import Database
from pipeline.store.rising import RecentMail, WeeksBefore

LATELY = timedelta(hours=4)
USUAL = timedelta(days=28)
CUSTOMERS = 5  # of one matter, at least: fewer are answered one by one
NAMED = 5  # words


@dataclass(frozen=True, kw_only=True, slots=True)
class Rise:
    """A matter that many write about at once."""

    topic: str  # '' when only words have risen
    words: tuple[str, ...]  # that are new, the commonest first
    customers: int  # who wrote about it
    of: int  # all who wrote
    usual: float  # share of them in the weeks before, 0 to 1
    since: datetime
    mails: tuple[str, ...]  # ids, the newest first


def look(database: Database, announcements: Collection[Announcement], now: datetime) -> list[Rise]:
    """What rises now and no announcement tells of yet, the largest first."""
    since = now - LATELY
    lately = store.recent(database, since, now)
    if _customers(lately) < formulas.FEW:
        return []
    usual = store.before(database, since - USUAL, since)
    told = [one.topic for one in announcements if one.holds(now)]
    return [one for one in find(lately, usual, since) if "" not in told and one.topic not in told]


def matter(topic: str, words: Sequence[str]) -> str:
    """What it is about, in a line."""
    return " · ".join(filter(None, (topic, ", ".join(words))))


def how_to_tell(topic: str) -> str:
    """The command by which customers are told."""
    return f'firstline announcement add {f"--topic {topic} " if topic else ""}--text "…"'


def find(lately: Sequence[RecentMail], usual: WeeksBefore, since: datetime) -> list[Rise]:
    """The rises among these mails."""
    new = dict(_new_words(lately, usual))
    rises = list(_topics(lately, usual, new, since))
    explained = {id for rise in rises for id in rise.mails}
    left = {word: mails for word, mails in new.items() if not explained.issuperset(one.id for one in mails)}
    if left:
        rises.append(_rise("", tuple(left), _of_words(lately, left), lately, 0.0, since))
    return sorted(rises, key=lambda rise: -rise.customers)


def _topics(
    lately: Sequence[RecentMail], usual: WeeksBefore, new: Mapping[str, Sequence[RecentMail]], since: datetime
) -> Iterator[Rise]:
    by_topic: dict[str, list[RecentMail]] = defaultdict(list)
    for mail in lately:
        by_topic[mail.topic].append(mail)
    topics = [topic for topic, mails in by_topic.items() if topic and _customers(mails) >= CUSTOMERS]
    for topic in topics:
        mails, before = by_topic[topic], usual.by_topic.get(topic, 0)
        share = (_customers(mails), _customers(lately))
        if formulas.risen(share, (before, usual.customers), len(by_topic)):
            words = tuple(word for word, users in new.items() if any(one.topic == topic for one in users))
            yield _rise(topic, words, mails, lately, before / usual.customers, since)


def _new_words(lately: Sequence[RecentMail], usual: WeeksBefore) -> Iterator[tuple[str, list[RecentMail]]]:
    """Words that enough customers use and none did before, with their mails; the commonest first."""
    users: dict[str, list[RecentMail]] = defaultdict(list)
    for mail in lately:
        for word in words_of(mail.text):
            users[word].append(mail)
    known = {word for text in usual.texts for word in words_of(text)}
    counts = Counter({word: _customers(mails) for word, mails in users.items() if word not in known})
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        before = (0, min(usual.customers, len(usual.texts)))
        if count >= CUSTOMERS and formulas.risen((count, _customers(lately)), before, len(users)):
            yield word, users[word]


def _of_words(lately: Sequence[RecentMail], words: Mapping[str, Sequence[RecentMail]]) -> list[RecentMail]:
    with_one = {mail.id for mails in words.values() for mail in mails}
    return [mail for mail in lately if mail.id in with_one]


def _rise(
    topic: str,
    words: tuple[str, ...],
    mails: Sequence[RecentMail],
    lately: Sequence[RecentMail],
    usual: float,
    since: datetime,
) -> Rise:
    ids = tuple(mail.id for mail in mails)
    counts = {"customers": _customers(mails), "of": _customers(lately)}
    return Rise(topic=topic, words=words[:NAMED], usual=usual, since=since, mails=ids, **counts)


def _customers(mails: Sequence[RecentMail]) -> int:
    return len({mail.customer for mail in mails})
