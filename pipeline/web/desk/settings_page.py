"""Topics, grants and the calendar: what each causes, and changed by admins in config.toml itself, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.desk.settings import change, overview, sheet
from pipeline.desk.settings.change import ForeseenChange
from pipeline.desk.settings.file import OtherFileError
from pipeline.desk.settings.keys import place_named, section_of
from pipeline.errors import FirstlineError, NotFoundError, UsageError
from pipeline.records.setting import CALENDAR, GRANTS, TOPICS, SettingPlace, SettingValues
from pipeline.web.desk import setting_fields as form
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see, status_of
from pipeline.web.site import TOPIC_MAILS_OF

router = APIRouter()
Fields = Mapping[str, Sequence[str]]
_PAGES = {TOPICS: "/desk/topics", GRANTS: "/desk/grants", CALENDAR: "/desk/calendar"}
FIRST_LETTER = "other"  # fits any mail, until a topic has a letter of its own


async def fields_of(request: Request) -> Fields:
    """All that a form brings, whatever it is called."""
    sent = await request.form()
    return {key: [one for one in sent.getlist(key) if isinstance(one, str)] for key in sent}


@router.get("/desk/topics")
def topics(visit: Annotated[Visit, Depends(may_see("see-settings"))]) -> Response:
    """One row a topic."""
    since = visit.doors.clock.now() - TOPIC_MAILS_OF
    return visit.show(
        "desk/topics.html",
        rows=overview.topic_rows(visit.doors),
        mails=visit.site.topic_mails.get(),
        since=since.astimezone(visit.doors.config.calendar.working_time.timezone).date().isoformat(),
        page_of=page_of,
        usual=visit.doors.config.replies.language,
        **_history(visit, TOPICS),
    )


@router.get("/desk/topics/{topic:path}")
def topic(visit: Annotated[Visit, Depends(may_see("see-settings"))], topic: str, done: int = 0) -> Response:
    """One of them. Raises NotFoundError."""
    return _show(visit, SettingPlace(table=TOPICS, name=topic), done=done)


@router.get("/desk/grants")
def grants(visit: Annotated[Visit, Depends(may_see("see-settings"))]) -> Response:
    """One row a grant."""
    rows = overview.grant_rows(visit.doors.config)
    return visit.show("desk/grants.html", rows=rows, page_of=page_of, **_history(visit, GRANTS))


@router.get("/desk/grants/{grant:path}")
def grant(visit: Annotated[Visit, Depends(may_see("see-settings"))], grant: str, done: int = 0) -> Response:
    """One of them. Raises NotFoundError."""
    return _show(visit, SettingPlace(table=GRANTS, name=grant), done=done)


@router.get("/desk/calendar")
def calendar(visit: Annotated[Visit, Depends(may_see("see-settings"))], done: int = 0) -> Response:
    """The week, holidays, and the days to come."""
    return _show(visit, SettingPlace(table=CALENDAR), done=done)


@router.post("/desk/settings/try")
def foresee(
    acting: Annotated[Acting, Depends(may_do("try-settings"))], fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """What would come of it: nothing is changed."""
    place = place_named(_one(fields, "section"))
    return _carefully(acting, place, fields, lambda foreseen: _tried(acting, place, fields, foreseen))


@router.post("/desk/settings/change")
def carry_out(
    acting: Annotated[Acting, Depends(may_do("change-settings"))], fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """Into the file, and in use at once."""
    place = place_named(_one(fields, "section"))
    return _carefully(acting, place, fields, lambda foreseen: _done(acting, foreseen, _one(fields, "why")))


@router.post("/desk/settings/add")
def add(
    acting: Annotated[Acting, Depends(may_do("change-settings"))], fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """A new topic, or a new grant, with what it must have; all else is its own page. Raises UsageError."""
    table, name = _one(fields, "table"), " ".join(_one(fields, "name").split())
    place = place_named(f"{table}.{name}")
    known = acting.doors.config.topics if table == TOPICS else acting.doors.config.grants
    if name.casefold() in (one.casefold() for one in known):
        raise UsageError(f"there is a {place.section} already", remedy="open it in the list")
    title = {acting.doors.config.replies.language: _one(fields, "title").strip() or name}
    values: SettingValues = {"title": title}
    if table == TOPICS:
        values = {"title": title, "owner": _one(fields, "owner").strip(), "template": FIRST_LETTER}
    return _done(acting, change.foresee(acting.doors, place, values), _one(fields, "why"))


@router.post("/desk/settings/back")
def back(
    acting: Annotated[Acting, Depends(may_do("change-settings"))], fields: Annotated[Fields, Depends(fields_of)]
) -> Response:
    """The keys of a change as they were before it. Raises NotFoundError, and what a change raises."""
    number = _one(fields, "number")
    if not number.isdigit() or len(number) > 12:
        raise NotFoundError("there is no such change")
    version = acting.doors.setting_versions.get(int(number))
    foreseen = change.foresee_back(acting.doors, version, place_named(version.section))
    return _done(acting, foreseen, f"back to before {number}")


def page_of(place: SettingPlace) -> str:
    """Where a table is shown."""
    return _PAGES[place.table] + (f"/{quote(place.name, safe='')}" if place.name else "")


def _one(fields: Fields, key: str) -> str:
    return next(iter(fields.get(key, ())), "")


def _carefully(
    acting: Acting, place: SettingPlace, fields: Fields, go_on: Callable[[ForeseenChange], Response]
) -> Response:
    """What was typed is never lost: where it can't be, it stands in the form again, with why. Raises NotFoundError."""
    values = form.values_of(place, fields)
    try:
        wanted = sheet.typed(sheet.sheet_of(acting.doors, place), values)
        return go_on(change.foresee(acting.doors, place, wanted, _one(fields, "mark")))
    except OtherFileError:
        acting.refused("the file has changed meanwhile")
        return _show(acting.visit, place, 409, fields=fields, is_other=True)
    except NotFoundError:
        raise
    except UsageError as error:
        acting.refused(error.what)
        return _show(acting.visit, place, status_of(error), fields=fields, wrong=error)


def _tried(acting: Acting, place: SettingPlace, fields: Fields, foreseen: ForeseenChange) -> Response:
    acting.did(place.section)
    return _show(acting.visit, place, fields=fields, foreseen=foreseen)


def _done(acting: Acting, foreseen: ForeseenChange, why: str) -> RedirectResponse:
    made = change.carry_out(acting.doors, foreseen, acting.who, why)
    acting.doors.take_up_settings()
    acting.did(made.section, made.before, {**made.after, "why": made.why})
    place, config = foreseen.place, acting.doors.config
    is_gone = place.table != CALENDAR and place.name not in (config.topics if place.table == TOPICS else config.grants)
    return acting.go(_PAGES[place.table] if is_gone else f"{page_of(place)}?done={made.id}")


def _show(
    visit: Visit,
    place: SettingPlace,
    status: int = 200,
    *,
    fields: Fields | None = None,
    foreseen: ForeseenChange | None = None,
    wrong: FirstlineError | None = None,
    is_other: bool = False,
    done: int = 0,
) -> Response:
    config, now = visit.doors.config, visit.doors.clock.now()
    found = sheet.sheet_of(visit.doors, place)
    shown = form.fields_of(visit.doors, found, fields)
    return visit.show(
        "desk/setting.html",
        status,
        place=place,
        sheet=found,
        fields=shown,
        differing=[one for one in shown if one.typed != one.on_disk] if is_other else [],
        is_other=is_other,
        foreseen=foreseen,
        causes=form.causes_in_words(visit.speech, foreseen.causes) if foreseen else [],
        wrong=wrong,
        why=_one(fields or {}, "why"),
        done=done,
        days=overview.next_days(config, now) if place.table == CALENDAR else [],
        rows=overview.topic_rows(visit.doors) if place.table != GRANTS else [],
        counted=section_of(config, place) if _is_known(visit, place) else None,
        page_of=page_of,
        **_history(visit, place.section),
    )


def _is_known(visit: Visit, place: SettingPlace) -> bool:
    try:
        section_of(visit.doors.config, place)
    except NotFoundError:  # on the disk, and not taken up yet
        return False
    return True


def _history(visit: Visit, section: str) -> dict[str, Any]:  # Any: what a page is shown with
    """The changes of a table, or of all of a kind, in words."""
    return {
        "versions": [(one, form.change_in_words(one)) for one in visit.doors.setting_versions.history(section)],
        "place_named": place_named,
        "in_words": form.shown,
        "problem": visit.doors.settings_watch.problem,
    }
