"""A case: the conversation as it was, why the machine did what it did, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import JSONResponse, RedirectResponse, Response

from pipeline.desk import batch, case, deeds, label, today
from pipeline.desk.case_view import CaseView
from pipeline.desk.deeds import Deed
from pipeline.errors import ChangedMeanwhileError, NotFoundError
from pipeline.records.batch import BatchAction
from pipeline.records.effect import EffectState
from pipeline.records.presence import Doing
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.tokens import normalise_ref
from pipeline.web.desk import answer_page
from pipeline.web.desk.letters_page import link_of
from pipeline.web.desk.today_page import choices
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()
HEADS = {"topic": N_("Topic"), "sentiment": N_("Tone"), "complaint": N_("Complaint")}
TONES = {"negative": N_("negative"), "neutral": N_("neutral"), "positive": N_("positive")}
PROMISES = {PromiseKind.RESPOND: N_("an answer"), PromiseKind.RESOLVE: N_("a solution")}
PROMISE_STATES = {
    PromiseState.OPEN: N_("open"),
    PromiseState.KEPT: N_("kept"),
    PromiseState.RENEWED: N_("replaced by a later time"),
    PromiseState.HELD: N_("rests until the customer answers"),
    PromiseState.BROKEN: N_("not kept in time"),
    PromiseState.DROPPED: N_("dropped: closed silently"),
}
LETTER_STATES = {
    EffectState.INTENDED: N_("goes out in a moment"),
    EffectState.DOING: N_("is being sent"),
    EffectState.DONE: N_("sent"),
    EffectState.WAITING: N_("waits for another try"),
    EffectState.UNCERTAIN: N_("nobody knows whether it was sent"),
    EffectState.FAILED: N_("could not be delivered"),
    EffectState.CANCELLED: N_("was not sent"),
}
LINES = {  # kinds of lines in the timeline
    "opened": N_("opened"),
    "mail": N_("a mail"),
    "note": N_("an automatic mail"),
    "bounced": N_("not delivered"),
    "offered": N_("offered"),
    "comment": N_("note"),
    "status": N_("status"),
    "assigned": N_("assigned"),
    "priority": N_("priority"),
    "corrected": N_("label corrected"),
    "answered": N_("answered"),
    "filed": N_("filed"),
    "outside": N_("tracker"),
    "told": N_("staff told"),
    "escalated": N_("passed on"),
    "broken": N_("promise broken"),
    "quiet": N_("quiet"),
    "linked": N_("linked"),
    "granted": N_("given"),
    "joined": N_("joined"),
    "split": N_("split"),
    "seen": N_("seen by a lead"),
    "leadership": N_("leads told"),
}
Do = Callable[[int | None], Deed]


@router.get("/desk/case/{ref}")
def look(visit: Annotated[Visit, Depends(may_see("see-case"))], ref: str, done: str = "") -> Response:
    """One case. A mail that belongs to one leads there."""
    name = _known(ref)
    found = case.ref_of(visit.doors, name)
    if found != ref:
        return RedirectResponse(f"{visit.site.prefix}/desk/case/{found}", 303)
    visit.doors.presence.note(found, visit.account.address, Doing.LOOKS, visit.doors.clock.now())
    view = case.view(visit.doors, found, visit.site.reception.predictor())
    steps = visit.doors.batches.of(done, visit.account.address) if done else []
    return visit.show("desk/case.html", steps=steps, done=done, **_values(visit, view))


@router.get("/desk/case/{ref}/events")
def present(visit: Annotated[Visit, Depends(may_see("see-case"))], ref: str, doing: str = "looks") -> Response:
    """Who else has it before them, and whether something has happened since; the page that asks is noted, too."""
    name, doors = _known(ref), visit.doors
    does = Doing.WRITES if doing == Doing.WRITES else Doing.LOOKS
    doors.presence.note(name, visit.account.address, does, doors.clock.now())
    told = {"others": _others(visit, name), "mark": deeds.mark_of(doors, name)}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@router.post("/desk/case/{ref}/note")
def note(
    acting: Annotated[Acting, Depends(may_do("note"))],
    ref: str,
    text: Annotated[str, Form()] = "",
) -> Response:
    """For colleagues."""
    return _done(acting, ref, "", lambda _: deeds.note(acting.doors, ref, text, acting.who))


@router.post("/desk/case/{ref}/assign")
def assign(
    acting: Annotated[Acting, Depends(may_do("assign"))],
    ref: str,
    owner: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Somebody else has it from now on."""
    return _undoable(acting, BatchAction.ASSIGN, ref, owner, seen)


@router.post("/desk/case/{ref}/status")
def set_status(
    acting: Annotated[Acting, Depends(may_do("set-status"))],
    ref: str,
    status: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """The customer hears of it."""
    return _undoable(acting, BatchAction.STATUS, ref, status, seen)


@router.post("/desk/case/{ref}/close-silently")
def close_silently(
    acting: Annotated[Acting, Depends(may_do("close-silently"))], ref: str, seen: Annotated[str, Form()] = ""
) -> Response:
    """Nobody hears of it."""
    return _undoable(acting, BatchAction.CLOSE_SILENTLY, ref, "", seen)


@router.post("/desk/case/{ref}/priority")
def set_priority(
    acting: Annotated[Acting, Depends(may_do("set-priority"))],
    ref: str,
    priority: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """How urgent it is."""
    return _undoable(acting, BatchAction.PRIORITY, ref, priority, seen)


@router.post("/desk/case/{ref}/grant")
def give(
    acting: Annotated[Acting, Depends(may_do("give-grant"))],
    ref: str,
    name: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """The customer gets something."""
    return _done(acting, ref, seen, lambda mark: deeds.give(acting.doors, ref, name, acting.who, mark))


@router.post("/desk/case/{ref}/label")
def change_label(
    acting: Annotated[Acting, Depends(may_do("change-label"))],
    ref: str,
    topic: Annotated[str, Form()] = "",
    sentiment: Annotated[str, Form()] = "",
    complaint: Annotated[str, Form()] = "",
    mail: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """What it is really about: empty fields say nothing. The next model learns it. `mail`: one of the conversation."""
    correction = label.correction_of(topic, sentiment, complaint)
    about = _known(mail) if mail else ref
    return _done(acting, ref, seen, lambda mark: deeds.name_mail(acting.doors, about, correction, acting.who, mark))


@router.post("/desk/case/{ref}/open")
def open_case(
    acting: Annotated[Acting, Depends(may_do("open-case"))],
    ref: str,
    topic: Annotated[str, Form()] = "",
    complaint: Annotated[str, Form()] = "",
) -> Response:
    """A mail without a ticket is a case from now on."""
    is_one = complaint == "yes"
    return _done(acting, ref, "", lambda _: deeds.open_case(acting.doors, ref, topic, acting.who, complaint=is_one))


@router.post("/desk/case/{ref}/answered")
def say_answered(acting: Annotated[Acting, Depends(may_do("say-answered"))], ref: str) -> Response:
    """By telephone, or however: the promise is kept."""
    return _done(acting, ref, "", lambda _: deeds.answered(acting.doors, ref, acting.who))


@router.post("/desk/case/{ref}/join")
def join(
    acting: Annotated[Acting, Depends(may_do("join"))],
    ref: str,
    other: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Another case of the same customer becomes part of this one."""
    return _done(acting, ref, seen, lambda mark: deeds.join(acting.doors, ref, _known(other), acting.who, mark))


@router.post("/desk/case/{ref}/split")
def split(
    acting: Annotated[Acting, Depends(may_do("split"))],
    ref: str,
    mail: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """A mail becomes a case of its own."""
    return _done(acting, ref, seen, lambda mark: deeds.split(acting.doors, ref, _known(mail), acting.who, mark))


@router.post("/desk/case/{ref}/release")
def release(acting: Annotated[Acting, Depends(may_do("release"))], ref: str) -> Response:
    """A parked mail goes on."""
    return _done(acting, ref, "", lambda _mark: deeds.release(acting.doors, _known(ref)))


@router.post("/desk/case/{ref}/discard")
def discard(acting: Annotated[Acting, Depends(may_do("discard"))], ref: str) -> Response:
    """A parked mail is closed."""
    return _undoable(acting, BatchAction.DISCARD, ref, "", "")


@router.post("/desk/case/{ref}/settle")
def settle_letter(
    acting: Annotated[Acting, Depends(may_do("settle-letter"))],
    ref: str,
    mail: Annotated[str, Form()] = "",
    word: Annotated[str, Form()] = "",
) -> Response:
    """What a person says of letters that have failed, or may have been sent."""
    return _done(acting, ref, "", lambda _: deeds.settle_letter(acting.doors, _known(mail), word))


def _undoable(acting: Acting, action: BatchAction, ref: str, value: str, seen: str) -> Response:
    """What can be undone by a click on the page that follows."""
    done: list[str] = []

    def do(mark: int | None) -> Deed:
        made = batch.do_one(acting.doors, action, ref, value, acting.who, mark)
        done.append(made.id)
        (step,) = made.steps
        return Deed(ref=step.ref, was=step.was, now=step.now)

    return _done(acting, ref, seen, do, done=done)


def _done(acting: Acting, ref: str, seen: str, do: Do, done: Sequence[str] = ()) -> Response:
    """Does it, notes it, and shows the case again; or what somebody else has done meanwhile.

    `done`: holds afterwards what can be undone.
    """
    if _known(ref) != ref:
        raise NotFoundError("there is no such case or mail", remedy="see Today, or search")
    try:
        deed = do(int(seen) if seen.isascii() and seen.isdigit() else None)
    except ChangedMeanwhileError as error:
        acting.refused("somebody else has done something meanwhile")
        told = {"ref": ref, "happened": error.happened, "people": _people(acting.visit)}
        return acting.visit.show("desk/meanwhile.html", 409, **told)
    acting.did(deed.ref, {"was": deed.was} if deed.was else {}, {"is": deed.now})
    place = f"/desk/case/{case.ref_of(acting.doors, deed.ref)}"
    return acting.go(f"{place}?done={done[0]}" if done else place)


def _known(ref: str) -> str:
    """The reference as the ledger has it. Raises NotFoundError for what can be none."""
    if name := normalise_ref(ref):
        return name
    raise NotFoundError("there is no such case or mail", remedy="see Today, or search")


def _people(visit: Visit) -> dict[str, str]:
    return {one.address: one.shown for one in visit.doors.accounts.all()}


def _others(visit: Visit, ref: str) -> list[dict[str, str]]:
    people, now = _people(visit), visit.doors.clock.now()
    found = visit.doors.presence.of(ref, now, but=visit.account.address)
    return [{"name": people.get(one.account, one.account), "doing": one.doing.value} for one in found]


def _values(visit: Visit, view: CaseView) -> dict[str, Any]:  # Any: values of a page
    return {
        **choices(visit),
        "case": view,
        "answer": answer_page.values_of(visit, view.ref) if view.ticket and visit.may("write-draft") else None,
        "item": today.item_of(visit.doors, view.ref),
        "others": _others(visit, view.ref),
        "heads": HEADS,
        "tones": TONES,
        "promise_kinds": PROMISES,
        "promise_states": PROMISE_STATES,
        "letter_states": LETTER_STATES,
        "lines": LINES,
        "everybody": _people(visit),
        "text_link": link_of,
        "type_of": lambda one: type(one).__name__,
    }
