"""Today: the queue of what needs a person, its filters and views, and the same done to many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import JSONResponse, Response

from pipeline.desk import batch, today
from pipeline.desk.today import HealthLook
from pipeline.errors import UsageError
from pipeline.records.batch import BatchAction, BatchStep
from pipeline.records.ticket import Priority, TicketStatus
from pipeline.records.today import SavedView, TodayCount, TodayFilter, TodayKind, TodayPlace
from pipeline.tokens import normalise_ref
from pipeline.web.desk.translations import LANGUAGES, N_
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()
KINDS = {
    TodayKind.OVERDUE: N_("Overdue"),
    TodayKind.URGENT: N_("Urgent"),
    TodayKind.MACHINE: N_("Machine"),
    TodayKind.DUE: N_("Due today"),
    TodayKind.COMPLAINT: N_("Complaints"),
    TodayKind.LETTER: N_("Letters"),
    TodayKind.TEMPLATE: N_("Templates"),
    TodayKind.PARKED: N_("Parked"),
    TodayKind.CHECK: N_("Perhaps complaints"),
    TodayKind.QUIET: N_("Quiet"),
    TodayKind.FILING: N_("Not filed"),
    TodayKind.CASE: N_("Open cases"),
    TodayKind.UNSURE: N_("Unsure"),
    TodayKind.CANDIDATE: N_("Models"),
}
TAGS = {  # the same of one item
    TodayKind.OVERDUE: N_("overdue"),
    TodayKind.URGENT: N_("urgent"),
    TodayKind.MACHINE: N_("machine"),
    TodayKind.DUE: N_("due"),
    TodayKind.COMPLAINT: N_("complaint"),
    TodayKind.LETTER: N_("letter"),
    TodayKind.TEMPLATE: N_("template"),
    TodayKind.PARKED: N_("parked"),
    TodayKind.CHECK: N_("perhaps a complaint"),
    TodayKind.QUIET: N_("quiet"),
    TodayKind.FILING: N_("not filed"),
    TodayKind.CASE: N_("open"),
    TodayKind.UNSURE: N_("unsure"),
    TodayKind.CANDIDATE: N_("model"),
}
GRAVE = (TodayKind.OVERDUE, TodayKind.URGENT, TodayKind.MACHINE)
WARM = (TodayKind.DUE, TodayKind.COMPLAINT, TodayKind.LETTER, TodayKind.TEMPLATE)
STATUSES = {
    TicketStatus.OPEN: N_("open"),
    TicketStatus.ACTIVE: N_("in work"),
    TicketStatus.WAITING: N_("waiting for the customer"),
    TicketStatus.RESOLVED: N_("solved"),
    TicketStatus.CLOSED: N_("closed"),
}
PRIORITIES = {
    Priority.LOW: N_("low"),
    Priority.NORMAL: N_("normal"),
    Priority.HIGH: N_("high"),
    Priority.URGENT: N_("urgent"),
}


@router.get("/desk/today")
def queue(visit: Annotated[Visit, Depends(may_see("see-today"))], after: str = "", done: str = "") -> Response:
    """A page of it."""
    me = visit.account
    wanted = _wanted(visit)
    place = TodayPlace.of_text(after) if after else None
    found = today.page(visit.doors, me.role, wanted, viewer=me.address, after=place, look=_health(visit))
    return visit.show(
        "desk/today.html",
        queue=found,
        wanted=wanted,
        here=wanted.as_query(),
        counts=_counts(visit, wanted),
        links=_links(wanted),
        views=visit.doors.views.of(me.address),
        steps=_steps(visit, done),
        done=done,
        **choices(visit),
    )


@router.get("/desk/today/counts")
def counts(visit: Annotated[Visit, Depends(may_see("see-today"))]) -> Response:
    """The numbers alone, for the script that keeps them fresh."""
    told = {kind.value: number_of(visit, one) for kind, one in _counts(visit, _wanted(visit)).items()}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@router.post("/desk/today/views/save")
def save_view(
    acting: Annotated[Acting, Depends(may_do("save-view"))],
    name: Annotated[str, Form()] = "",
    query: Annotated[str, Form()] = "",
) -> Response:
    """The filter of the page gets a name."""
    wanted = TodayFilter.of_query(query)
    acting.doors.views.save(acting.who, SavedView(name=name, query=wanted.as_query()), acting.doors.clock.now())
    acting.did(name, None, {"query": wanted.as_query()})
    return acting.go(_path(wanted))


@router.post("/desk/today/views/delete")
def delete_view(
    acting: Annotated[Acting, Depends(may_do("delete-view"))], name: Annotated[str, Form()] = ""
) -> Response:
    """A name is given up."""
    view = acting.doors.views.get(acting.who, name)
    acting.doors.views.forget(acting.who, name)
    acting.did(name, {"query": view.query}, None)
    return acting.go("/desk/today")


@router.post("/desk/today/batch")
def do(
    acting: Annotated[Acting, Depends(may_do("batch"))],
    ref: Annotated[list[str] | None, Form()] = None,
    what: Annotated[str, Form()] = "",
    query: Annotated[str, Form()] = "",
) -> Response:
    """The same to all that are chosen. `what`: the action, a colon, and its value."""
    action, _, value = what.partition(":")
    if action not in list(BatchAction):
        raise UsageError("nothing was chosen to be done", remedy="choose cases and what is to be done")
    done = batch.do(acting.doors, BatchAction(action), ref or [], value, acting.who)
    _note(acting, what, done.steps)
    return acting.go(_path(TodayFilter.of_query(query), done=done.id))


@router.post("/desk/today/undo")
def undo(
    acting: Annotated[Acting, Depends(may_do("batch"))],
    done: Annotated[str, Form()] = "",
    query: Annotated[str, Form()] = "",
    case: Annotated[str, Form()] = "",
) -> Response:
    """It is as it was, as far as that can be. `case`: where one was."""
    steps = batch.undo(acting.doors, done, acting.who)
    _note(acting, "undo", steps)
    failed = [one for one in steps if one.error]
    wanted = TodayFilter.of_query(query)
    if not failed:
        name = normalise_ref(case) if case else ""
        return acting.go(f"/desk/case/{name}" if name else _path(wanted))
    return acting.visit.show("desk/not_undone.html", 409, failed=failed, here=wanted.as_query())


def _note(acting: Acting, what: str, steps: list[BatchStep] | tuple[BatchStep, ...]) -> None:
    was = {step.ref: step.was for step in steps if not step.error}
    now = {step.ref: step.now for step in steps if not step.error}
    failed = {step.ref: step.error for step in steps if step.error}
    acting.did(what, was, {**now, **({"not done": failed} if failed else {})})


def choices(visit: Visit) -> dict[str, Any]:  # Any: values of a page
    """What filters and actions are chosen from, and how it is called."""
    config = visit.doors.config
    people = [one for one in visit.doors.accounts.all() if not one.disabled]
    return {
        "kinds": KINDS,
        "tags": TAGS,
        "grave": GRAVE,
        "warm": WARM,
        "statuses": STATUSES,
        "priorities": PRIORITIES,
        "topics": topics_of(visit),
        "spoken": LANGUAGES,
        "mailboxes": sorted(config.mailbox),
        "people": {one.address: one.shown for one in people},
        "number_of": lambda one: number_of(visit, one),
        "may_answer": visit.may("batch"),
    }


def topics_of(visit: Visit) -> dict[str, str]:
    """The prepared situations, as they are called in the visitor's language."""
    language = visit.speech.language
    found = visit.doors.config.topics
    return {name: one.title.get(language) or one.title.get("en") or name for name, one in sorted(found.items())}


def number_of(visit: Visit, count: TodayCount) -> str:
    """As it is shown."""
    return f"{visit.speech.number(count.number)}{'+' if count.more else ''}"


def _health(visit: Visit) -> HealthLook:
    """As it was found lately: to find it out takes a while, and it is not asked for with each click."""
    return lambda _doors: visit.site.health.get()


def _counts(visit: Visit, wanted: TodayFilter) -> Mapping[TodayKind, TodayCount]:
    me = visit.account
    return today.counts(visit.doors, me.role, wanted, viewer=me.address, look=_health(visit))


def _wanted(visit: Visit) -> TodayFilter:
    return TodayFilter.of_query(visit.request.url.query)


def _links(wanted: TodayFilter) -> Mapping[TodayKind, str]:
    """Of each kind the same filter with that kind alone."""
    return {kind: replace(wanted, kinds=(kind,)).as_query() for kind in TodayKind}


def _steps(visit: Visit, done: str) -> list[BatchStep]:
    """What was done a moment ago, with what can be undone."""
    return visit.doors.batches.of(done, visit.account.address) if done else []


def _path(wanted: TodayFilter, *, done: str = "") -> str:
    parts = [part for part in (wanted.as_query(), f"done={done}" if done else "") if part]
    return "/desk/today" + (f"?{'&'.join(parts)}" if parts else "")
