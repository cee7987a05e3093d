"""Machine: is it well, and if not, what is there to do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pipeline.desk import machine, settle
from pipeline.desk.settle import Word
from pipeline.errors import UsageError
from pipeline.records.effect import EffectState
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()
STATES = {
    EffectState.INTENDED: N_("to be done"),
    EffectState.DOING: N_("being done"),
    EffectState.WAITING: N_("waiting for another try"),
    EffectState.UNCERTAIN: N_("uncertain"),
    EffectState.FAILED: N_("failed"),
}
KINDS = {
    "acknowledge": N_("acknowledgement"),
    "answer": N_("answer of a person"),
    "notify": N_("news for a customer or for staff"),
    "survey": N_("question to a customer"),
    "mark": N_("mark in the mailbox"),
    "file": N_("ticket in a tracker"),
}


@router.get("/desk/machine")
def look(visit: Annotated[Visit, Depends(may_see("see-machine"))]) -> Response:
    """Everything at a glance."""
    return visit.show("desk/machine.html", machine=visit.site.machine.get(), states=STATES)


@router.get("/desk/machine/effects")
def effects(visit: Annotated[Visit, Depends(may_see("see-machine"))], state: str = "uncertain") -> Response:
    """What is in a state, one by one."""
    found = machine.effects_in(visit.doors, state)
    return visit.show(
        "desk/effects.html",
        effects=found,
        state=EffectState(state),
        states=STATES,
        kinds=KINDS,
        most=machine.MOST_LISTED,
        can_settle=EffectState(state) in settle.LEFT and visit.may("settle-letter"),
    )


@router.post("/desk/machine/settle")
def say(
    acting: Annotated[Acting, Depends(may_do("settle-letter"))],
    mail: Annotated[str, Form()] = "",
    word: Annotated[str, Form()] = "",
    state: Annotated[str, Form()] = "uncertain",
) -> Response:
    """What a person says of a letter that is uncertain, has failed or waits."""
    if word not in list(Word) or not mail:
        raise UsageError("what of it?", remedy=f"one of {', '.join(Word)}")
    settled = settle.settle(acting.doors, [mail], Word(word))
    acting.did(mail, {"state": state}, {"word": word, "settled": len(settled)})
    return acting.go(f"/desk/machine/effects?state={state if state in list(EffectState) else 'uncertain'}")
