"""Known problems: told in every letter of a topic while they last; begun, translated, changed and ended here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pipeline.desk import announce
from pipeline.desk.announce import ToldLetter
from pipeline.errors import ChangedMeanwhileError, FirstlineError, NotFoundError, UsageError
from pipeline.records.announcement import Announcement
from pipeline.web.desk.settings_page import fields_of
from pipeline.web.desk.today_page import topics_of
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see, status_of

router = APIRouter()
Fields = Mapping[str, Sequence[str]]
MOST_DIGITS = 10  # of a number
MOST_COUNTED = 20  # announcements of a page of which is said how many letters told of them


@router.get("/desk/announcements")
def announcements(visit: Annotated[Visit, Depends(may_see("see-announcements"))]) -> Response:
    """Those in force, the form for another one, and those that are over."""
    return _list(visit)


@router.post("/desk/announcements")
def begin(
    acting: Annotated[Acting, Depends(may_do("announce"))], fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """From now on letters tell of it."""

    def go_on() -> Response:
        made, _ = announce.begin(
            acting.doors, _one(fields, "topic"), _texts(fields), _until(acting.visit, fields), acting.who
        )
        _at_once(acting)
        acting.did(f"announcement.{made.id}", None, {"topic": made.topic, **_told(made)})
        return acting.go(f"/desk/announcements/{made.id}?done=yes")

    return _carefully(acting, go_on, lambda wrong: _list(acting.visit, fields=fields, wrong=wrong))


@router.post("/desk/announcements/try")
def look(
    acting: Annotated[Acting, Depends(may_do("try-announcement"))], fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """The letters as customers would read them. Nothing is changed."""
    number = _one(fields, "number")
    one = _find(acting.visit, number) if number else None

    def page(wrong: FirstlineError | None = None, letters: Sequence[ToldLetter] = ()) -> Response:
        if one:
            return _show(acting.visit, one, fields=fields, wrong=wrong, letters=letters)
        return _list(acting.visit, fields=fields, wrong=wrong, letters=letters)

    def go_on() -> Response:
        letters = announce.letters_with(acting.doors, one.topic if one else _one(fields, "topic"), _texts(fields))
        acting.did(f"announcement.{one.id}" if one else "announcement")
        return page(letters=letters)

    return _carefully(acting, go_on, page)


@router.get("/desk/announcements/{number}")
def announcement(
    visit: Annotated[Visit, Depends(may_see("see-announcements"))], number: str, done: str = "", told: int = -1
) -> Response:
    """One of them. Raises NotFoundError."""
    return _show(visit, _find(visit, number), done=done, told=told)


@router.post("/desk/announcements/{number}/change")
def change(
    acting: Annotated[Acting, Depends(may_do("announce"))], number: str, fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """Letters say it so from now on. Raises NotFoundError."""
    before = _find(acting.visit, number)

    def go_on() -> Response:
        until = _until(acting.visit, fields)
        seen, why = _one(fields, "seen"), _one(fields, "why")
        made = announce.change(acting.doors, before.id, _texts(fields), until, acting.who, why, seen)
        _at_once(acting)
        acting.did(f"announcement.{number}", _told(before), {**_told(made), "why": _one(fields, "why")})
        return acting.go(f"/desk/announcements/{number}?done=yes")

    return _carefully(acting, go_on, lambda wrong: _show(acting.visit, before, fields=fields, wrong=wrong))


@router.post("/desk/announcements/{number}/end")
def end(
    acting: Annotated[Acting, Depends(may_do("announce"))], number: str, fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """It is over; whoever was told of it hears that, where somebody says so. Raises NotFoundError, UsageError."""
    one = _find(acting.visit, number)
    tell = _one(fields, "tell") == "yes"
    _, told = announce.end(acting.doors, one.id, tell=tell, by=acting.who)
    _at_once(acting)
    acting.did(f"announcement.{number}", None, {"ended": True, "told": told})
    return acting.go(f"/desk/announcements/{number}?done=over" + (f"&told={told}" if tell else ""))


def _at_once(acting: Acting) -> None:
    """The letters of this process know it now, those of others within seconds."""
    acting.doors.announcements.refresh()


def _find(visit: Visit, number: str) -> Announcement:
    if not (number.isascii() and number.isdigit() and len(number) < MOST_DIGITS):
        raise NotFoundError("there is no such announcement")
    return visit.doors.announcements.find(int(number))


def _carefully(acting: Acting, go_on: Callable[[], Response], again: Callable[[FirstlineError], Response]) -> Response:
    """Where it can't be, what was typed stands in the form again, with why."""
    try:
        return go_on()
    except NotFoundError:
        raise
    except ChangedMeanwhileError as error:
        acting.refused("changed meanwhile")
        return again(error)
    except UsageError as error:
        acting.refused(error.what)
        return again(error)


def _one(fields: Fields, key: str) -> str:
    return next(iter(fields.get(key, ())), "")


def _texts(fields: Fields) -> dict[str, str]:
    found = {key.removeprefix("text."): _one(fields, key) for key in fields if key.startswith("text.")}
    return {language: text for language, text in found.items() if text.strip()}


def _until(visit: Visit, fields: Fields) -> datetime | None:
    """In the time zone of [calendar]. Raises UsageError."""
    text = _one(fields, "until").strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("this is no time", where=text[:40], remedy="write 2026-12-01 or 2026-12-01T18:00") from None
    return at.replace(tzinfo=ZoneInfo(visit.doors.config.calendar.timezone))


def _told(one: Announcement) -> dict[str, object]:
    return {**{f"text.{language}": text for language, text in one.texts.items()}, "until": str(one.until or "")}


def _list(
    visit: Visit,
    *,
    fields: Fields | None = None,
    wrong: FirstlineError | None = None,
    letters: Sequence[ToldLetter] = (),
) -> Response:
    now, every = visit.doors.clock.now(), visit.doors.announcements.all()
    return visit.show(
        "desk/announcements.html",
        _status(wrong),
        in_force=[one for one in every if one.holds(now)],
        over=[one for one in every if not one.holds(now)][:MOST_COUNTED],
        count=visit.site.letters_told.get,
        topics=topics_of(visit),
        **_form(visit, fields),
        wrong=wrong,
        letters=letters,
    )


def _show(
    visit: Visit,
    one: Announcement,
    *,
    fields: Fields | None = None,
    wrong: FirstlineError | None = None,
    letters: Sequence[ToldLetter] = (),
    done: str = "",
    told: int = -1,
) -> Response:
    now = visit.doors.clock.now()
    return visit.show(
        "desk/announcement.html",
        _status(wrong),
        one=one,
        mark=announce.mark_of(one),
        is_other=isinstance(wrong, ChangedMeanwhileError),
        holds=one.holds(now),
        count=visit.site.letters_told.get(one.id),
        topics=topics_of(visit),
        versions=visit.doors.setting_versions.history(f"announcement.{one.id}"),
        **_form(visit, fields, one),
        wrong=wrong,
        letters=letters or announce.letters_with(visit.doors, one.topic, one.texts, checked=False),
        done=done,
        told=told,
    )


def _form(visit: Visit, fields: Fields | None, one: Announcement | None = None) -> dict[str, object]:
    """What stands in the form: what was typed, else how it is."""
    doors = visit.doors
    zone = ZoneInfo(doors.config.calendar.timezone)
    until = f"{one.until.astimezone(zone):%Y-%m-%dT%H:%M}" if one and one.until else ""
    given = fields or {}
    return {
        "spoken": sorted({language for language, _ in doors.letters.names} | set(one.texts if one else ())),
        "texts": _texts(given) if fields is not None else dict(one.texts) if one else {},
        "topic": _one(given, "topic"),
        "until": _one(given, "until") if fields is not None else until,
        "why": _one(given, "why"),
        "longest": announce.LONGEST,
        "zone": doors.config.calendar.timezone,
    }


def _status(wrong: FirstlineError | None) -> int:
    if isinstance(wrong, ChangedMeanwhileError):
        return 409
    return status_of(wrong) if wrong else 200
