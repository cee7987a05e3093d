"""Review: a person says what mails are, the ones that teach the model most first; one key an answer."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pipeline.desk.label import correction_of
from pipeline.desk.review_room import Reason
from pipeline.desk.topics import topic_named
from pipeline.errors import UsageError
from pipeline.web.desk.labelling import ANSWER_KEYS, LINES, show_question, topics_to_choose
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()
HEADS = {"topic": N_("only the topic"), "complaint": N_("only whether it is a complaint"), "": N_("all three")}
REASONS = {
    Reason.NEVER_JUDGED: N_("No model has judged it yet."),
    Reason.MAY_COMPLAIN: N_("It may be a complaint without a case."),
    Reason.FEW_LABELS: N_("The topic it is taken for has few labels."),
    Reason.VERY_UNSURE: N_("The machine is very unsure of it."),
    Reason.UNSURE: N_("The machine is unsure of it."),
}
SENTIMENT_NAMES = {"negative": N_("negative"), "neutral": N_("neutral"), "positive": N_("positive")}


@router.get("/desk/review")
def look(
    visit: Annotated[Visit, Depends(may_see("see-review"))], only: str = "topic", mail: str = "", done: str = ""
) -> Response:
    """The next mail."""
    only = only if only in HEADS else "topic"
    room = visit.site.review_room
    who = visit.account.address
    asked = room.next(who, mail)
    values: dict[str, object] = {
        "asked": asked,
        "beginning": "\n".join(asked.mail.text.splitlines()[:LINES]) if asked else "",
        "rest": "\n".join(asked.mail.text.splitlines()[LINES:]) if asked else "",
        "only": only,
        "heads": HEADS,
        "topics": topics_to_choose(visit, [*room.topics], (asked.mail.topic or "") if asked else ""),
        "keys": ANSWER_KEYS,
        "sentiments": SENTIMENT_NAMES,
        "reasons": REASONS,
        "lacking": room.lacking,
        "sure": visit.site.health.get()["sure"],
        "labelled": room.labelled(who),
        "done": done,
    }
    return show_question(visit, "review", "desk/review.html", values)


@router.post("/desk/review")
def say(
    acting: Annotated[Acting, Depends(may_do("label-mail"))],
    mail: Annotated[str, Form()] = "",
    topic: Annotated[str, Form()] = "",
    new_topic: Annotated[str, Form()] = "",
    sentiment: Annotated[str, Form()] = "",
    complaint: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "label",
    only: Annotated[str, Form()] = "topic",
) -> Response:
    """What a person says of a mail, that they can't tell, or that their last word was a mistake."""
    room, who = acting.visit.site.review_room, acting.who
    if do == "undo":
        back = room.undo(who)
        acting.did(back.id if back else "", {}, {"undone": back is not None})
        return acting.go(_address(only, mail=back.id if back else "", done="undone" if back else "nothing"))
    if do == "later":
        room.later(who, mail)
        acting.did(mail, {}, {"later": True})
        return acting.go(_address(only))
    if do != "label":
        raise UsageError("what of it?", remedy="label, later or undo")
    named = topic_named(f"+{new_topic}", room.topics) if new_topic.strip() else topic
    if named and not new_topic.strip() and named not in room.topics:
        raise UsageError(f"there is no topic '{named[:60]}'", remedy="choose one of those shown, or name a new one")
    correction = correction_of(named, sentiment, complaint)
    todo = room.label(who, mail, correction)
    acting.did(mail, {}, dict(correction.heads))
    return acting.go(_address(only, done="todo" if todo else "stored"))


def _address(only: str, **more: str) -> str:
    values = {"only": only if only in HEADS else "topic", **more}
    return f"/desk/review?{urlencode({name: value for name, value in values.items() if value or name == 'only'})}"
