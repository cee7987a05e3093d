"""A known problem is announced: checked before any letter tells of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import fill

from pipeline.config.settings import Config
from pipeline.desk.doors import AnnouncingDoors
from pipeline.desk.lint import own_shelves
from pipeline.desk.settings.change import reason_of
from pipeline.errors import ChangedMeanwhileError, UsageError
from pipeline.letter.values import LINE
from pipeline.records.announcement import Announcement
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.letter import recorded_name
from pipeline.records.mail import fold
from pipeline.records.payload import LetterPayload, NoticePayload
from pipeline.records.setting import SettingValue, SettingValues, SettingVersion
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.matrix import OVER
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
    said = _fit(doors, topic, texts)
    spoken = {language for language, _name in doors.letters.names}
    return doors.announcements.add(topic, said, until, author, now), sorted(spoken - set(said))


def change(
    doors: AnnouncingDoors,
    number: int,
    texts: Mapping[str, str],
    until: datetime | None,
    by: str,
    why: str,
    seen: str = "",
) -> Announcement:
    """Letters say it so from now on, in more languages perhaps.

    `seen`: the mark of how it was when it was looked at; '' for whatever it is now.

    Raises NotFoundError; ChangedMeanwhileError where `seen` is not how it is; UsageError where it is over, a language
    that was told is left out, there is no reason, and for what `begin` refuses.
    """
    now, one = doors.clock.now(), doors.announcements.find(number)
    if seen and seen != mark_of(one):
        last = doors.setting_versions.history(f"announcement.{number}", 1)
        raise ChangedMeanwhileError(str(number), [(each.at, each.account, "changed it") for each in last])
    if not one.holds(now):
        raise UsageError("it is over", where=str(number), remedy="begin another one")
    if until and until <= now:
        raise UsageError("this time is over", where=f"{until:%Y-%m-%d %H:%M %Z}", remedy="end it, or name another one")
    if missing := [language for language in one.texts if language not in texts]:
        what = f"there is no text in {', '.join(missing)} any more, and letters have told it"
        raise UsageError(what, where=str(number), remedy="say something else there, or end it")
    fresh = replace(one, texts=_fit(doors, one.topic, texts), until=until)
    before, after = _values(one), _values(fresh)
    keys = [key for key in after if before.get(key) != after[key]]
    if not keys:
        raise UsageError("nothing would change", where=str(number), remedy="it is so already")
    version = _version(doors, one, {key: before.get(key) for key in keys}, {key: after[key] for key in keys}, by)
    version = replace(version, why=reason_of(why, str(number)))
    with doors.announcements.database.together():
        doors.setting_versions.keep(version, lambda: doors.announcements.change(one, fresh.texts, until, now))
    return doors.announcements.find(number)


def mark_of(one: Announcement) -> str:
    """Changes with each of its texts, and with when it ends."""
    told = json.dumps([_values(one), str(one.ended)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _values(one: Announcement) -> dict[str, SettingValue | None]:
    """As its history tells it."""
    texts: dict[str, SettingValue | None] = {f"text.{language}": text for language, text in one.texts.items()}
    return {**texts, "until": one.until.isoformat(timespec="minutes") if one.until else None}


def _version(
    doors: AnnouncingDoors, one: Announcement, before: SettingValues, after: SettingValues, by: str
) -> SettingVersion:
    return SettingVersion(
        id=0,
        at=doors.clock.now(),
        account=by,
        why="",
        section=f"announcement.{one.id}",
        before=before,
        after=after,
    )


def _fit(doors: AnnouncingDoors, topic: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as letters will hold them. Raises UsageError."""
    if not texts:
        raise UsageError("a text in one language at least", where="texts", remedy="write a sentence or two")
    said = {language: _checked(language, text) for language, text in texts.items()}
    _assert_is_shown(doors, topic, said)
    return said


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldLetter:
    """A letter as a customer would read it, with what is told of the problem in its middle."""

    language: str
    name: str
    subject: str
    before: str
    told: str
    after: str


def letters_with(
    doors: AnnouncingDoors, topic: str, texts: Mapping[str, str], *, checked: bool = True
) -> list[ToldLetter]:
    """One for each text; `checked`: it is not in force yet. Raises UsageError as `begin` does."""
    if topic and topic not in doors.config.topics and checked:
        raise UsageError(f"there is no [topics.{topic}]", remedy=f"one of {', '.join(doors.config.topics)}")
    said = _fit(doors, topic, texts) if checked else texts
    return [_told_letter(doors, topic, language, text) for language, text in said.items()]


def _told_letter(doors: AnnouncingDoors, topic: str, language: str, text: str) -> ToldLetter:
    names = [name for name in _telling(doors.config, topic) if (language, name) in doors.letters.names]
    name, told = (names or ["neutral"])[0], fill(text, LINE)
    letter = doors.letters.render(name, language, {**samples(), "announcements": [told]})
    before, found, after = letter.text.partition(told)
    return ToldLetter(language=language, name=name, subject=letter.subject, before=before, told=found, after=after)


def _checked(language: str, text: str) -> str:
    tidy = " ".join(text.split())
    if not re.fullmatch(r"[a-z]{2}", language):
        raise UsageError("this is no language", where=language, remedy="two letters, as en")
    if not tidy or len(tidy) > LONGEST:
        raise UsageError(f"between 1 and {LONGEST} characters", where=language, remedy="a sentence or two")
    if _UNTIDY.search(tidy):
        raise UsageError("there are signs in it that a letter can't hold", where=language, remedy="plain text only")
    return tidy


def _assert_is_shown(doors: AnnouncingDoors, topic: str, texts: Mapping[str, str]) -> None:
    """In every letter that would tell of it, those of mailboxes included: a base that an agent wrote before may not
    have the place for it. Raises UsageError."""
    silent = [
        recorded_name(mailbox, f"{language}/{name}")
        for mailbox in ("", *own_shelves(doors.config))
        for name in _telling(doors.config.of_mailbox(mailbox), topic)
        for language, text in texts.items()
        if not _is_shown(doors.letters.of_mailbox(mailbox), name, language, text)
    ]
    if silent:
        named = ", ".join(dict.fromkeys(silent[:5])) + (f" and {len(silent) - 5} more" if len(silent) > 5 else "")
        raise UsageError(
            f"these letters do not tell of it: {named}",
            where="base.txt of their language",
            remedy="put this into it: {% for text in announcements %}{{ text }}{% endfor %}",
        )


def _telling(config: Config, topic: str) -> list[str]:
    """The names of the letters that answer mail of this topic; '' for every topic, and mail of none."""
    topics = [topic] if topic else list(config.topics)
    named = [config.topic(one).template or one for one in topics]
    always = ["perhaps", "late", *([] if topic else ["neutral", "complaint"])]
    return [*named, *(f"{name}-complaint" for name in named), *always]


def _is_shown(letters: TemplateLetters, name: str, language: str, text: str) -> bool:
    if (language, name) not in letters.names:
        return True  # no such letter: the next one in line is sent, and is looked at itself
    letter = letters.render(name, language, {**samples(), "announcements": [text]})
    return " ".join(text.split()) in " ".join(letter.text.split())


def end(doors: AnnouncingDoors, number: int, *, tell: bool = False, by: str = "") -> tuple[Announcement, int]:
    """It is over; with `tell` also for one that has ended before. Also returned: how many are told of that now. `by`:
    who ends it.

    Raises NotFoundError; UsageError where nobody can be told.
    """
    now = doors.clock.now()
    one = doors.announcements.find(number)
    if tell and (doors.config.smtp is None or not doors.letters.has(OVER)):
        raise UsageError(
            f"there is no letter '{OVER}', or no [smtp]", where=str(number), remedy="copy it from `firstline init`"
        )
    if not (tell and one.ended):
        version = _version(doors, one, {"ended": None}, {"ended": now.isoformat()}, by)
        with doors.announcements.database.together():
            one = doors.announcements.end(number, now)
            doors.setting_versions.keep(version, lambda: None)
    return one, doors.announcements.tell(_letters(doors, one, now), now) if tell else 0


def _letters(doors: AnnouncingDoors, one: Announcement, now: datetime) -> list[Effect]:
    """One a customer, about the newest mail of theirs."""
    by_customer: dict[str, Effect] = {}
    for told in doors.announcements.letters_of(one):
        by_customer.setdefault(fold(told.recipient), told)
    return [_letter(doors, one, told, now) for told in by_customer.values()]


def _letter(doors: AnnouncingDoors, one: Announcement, told: Effect, now: datetime) -> Effect:
    smtp, known, spoken = doors.config.smtp, told.letter, told.sent.language if told.sent else ""
    assert smtp is not None  # noqa: S101  (`end` has looked)
    shared = {name: getattr(known, name) for name in LetterPayload.__dataclass_fields__}
    mark = f"over{one.id}"
    return Effect(
        key=f"{told.mail_id}:{mark}",
        mail_id=told.mail_id,
        kind=EffectKind.NOTIFY,
        message_id=doors.signer.message_id(told.mail_id, mark, smtp.domain),
        recipient=told.recipient,
        ticket=told.ticket,
        payload=NoticePayload(
            **shared
            | {
                "template": OVER,
                "language": spoken,
                "decided": now,
                "respond_by": None,
                "resolve_by": None,
                "auto_submitted": "auto-generated",
            },
            comment=fill(one.texts[spoken], LINE),
        ),
    )
