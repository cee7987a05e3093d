"""Confirm: is the machine right where it is sure? Mails drawn by lot, one key each, until it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pipeline.errors import NotFoundError, UnusableModelError, UsageError
from pipeline.records.confirmation import NONE_OF_THEM
from pipeline.web.desk.certificate_words import say_certificate
from pipeline.web.desk.labelling import ANSWER_KEYS, LINES, show_question
from pipeline.web.desk.review_page import SENTIMENT_NAMES
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()
HEAD_NAMES = {"topic": N_("Topic"), "complaint": N_("Complaint"), "sentiment": N_("Sentiment")}
TRUTHS = {"true": N_("complaint"), "false": N_("no complaint")}


@router.get("/desk/confirm")
def look(
    visit: Annotated[Visit, Depends(may_see("see-confirm"))], head: str = "topic", done: str = "", unshared: str = ""
) -> Response:
    """The next mail by lot."""
    head = head if head in HEAD_NAMES else "topic"
    try:
        asked = visit.site.confirm_room.next(visit.account.address, head)
    except (UsageError, NotFoundError, UnusableModelError) as error:  # there is no usable model yet: the page says so
        nothing = {"asked": None, "problem": error, "head": head, "heads": HEAD_NAMES, "done": "", "choices": ()}
        return show_question(visit, "confirm", "desk/confirm.html", nothing)
    mail = asked.drawn.mail if asked.drawn else None
    lines = mail.text.splitlines() if mail else []
    values: dict[str, object] = {
        "asked": asked,
        "words": say_certificate(visit.speech, asked.told, exhausted=asked.is_exhausted),
        "unshared": unshared,
        "problem": None,
        "mail": mail,
        "beginning": "\n".join(lines[:LINES]),
        "rest": "\n".join(lines[LINES:]),
        "head": head,
        "heads": HEAD_NAMES,
        "said": label_name(visit, head, asked.drawn.said) if asked.drawn else "",
        "choices": _choices(visit, head, [one for one in asked.labels if not asked.drawn or one != asked.drawn.said]),
        "none_of_them": NONE_OF_THEM,
        "done": done,
    }
    return show_question(visit, "confirm", "desk/confirm.html", values)


@router.post("/desk/confirm")
def say(
    acting: Annotated[Acting, Depends(may_do("confirm-mail"))],
    mail: Annotated[str, Form()] = "",
    truth: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "answer",
    head: Annotated[str, Form()] = "topic",
) -> Response:
    """What it is, that one can't tell, or that the last answer was a mistake."""
    room, who = acting.visit.site.confirm_room, acting.who
    if do == "undo":
        back = room.undo(who, head)
        acting.did(back, {}, {"undone": bool(back)})
        done = "undone" if back else "nothing"
    elif do == "later":
        room.later(who, head, mail)
        acting.did(mail, {}, {"later": True})
        done = ""
    elif do == "answer" and truth:
        counts = room.answer(who, head, mail, truth)
        acting.did(mail, {}, {"head": head, "truth": truth, "counts": counts})
        done = "stored" if counts else "uncounted"
    else:
        raise UsageError("what is it?", remedy="choose a label, or leave it for later")
    return acting.go(f"/desk/confirm?{urlencode({'head': head, **({'done': done} if done else {})})}{unshared(acting)}")


def unshared(acting: Acting) -> str:
    """Lets other machines take up the version in use, with its certificates; a field for the address of the next page
    when they can't."""
    return "&unshared=yes" if acting.visit.site.share_model() else ""


def _choices(visit: Visit, head: str, labels: Sequence[str]) -> list[tuple[str, str, str]]:
    """Value, key and name of each."""
    keys = ANSWER_KEYS[1:]  # 1 says that the machine is right
    return [
        (label, keys[place] if place < len(keys) else "", label_name(visit, head, label))
        for place, label in enumerate(labels)
    ]


def label_name(visit: Visit, head: str, label: str) -> str:
    """A label as the visitor calls it."""
    if head == "topic":
        return visit.topic_titles.get(label, label)
    return visit.speech.say((TRUTHS if head == "complaint" else SENTIMENT_NAMES).get(label, label))
