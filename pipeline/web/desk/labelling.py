"""Labelling: one place with a tab for each kind of question, the same keys in each, and how many wait there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pipeline.errors import NotFoundError, UnusableModelError, UsageError
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Visit, may_see

router = APIRouter()
# Answers have these in turn, what the machine proposes the first. Letters that do something else are left out.
ANSWER_KEYS = "123456789abcdefhiklmoprtvwx"
LINES = 40  # of a mail that are shown at once
LABEL_KEYS = (
    (("1",), N_("it is what the machine proposes")),
    (("Enter",), N_("the same")),
    (("2", "…", "x"), N_("it is another one: its key stands before it")),
    (("*",), N_("it is one that is not there: write it")),
    (("y",), N_("yes, it is a complaint")),
    (("n",), N_("no, it is none")),
    (("-",), N_("none of these; where feelings are asked for: negative")),
    (("=",), N_("neutral")),
    (("+",), N_("positive")),
    (("s",), N_("I can't tell now")),
    (("z",), N_("take my last answer back")),
    (("]",), N_("the next kind of question")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionKind:
    """A kind of question that people answer one by one."""

    name: str
    action: str  # who may see it: as desk/roles.py says
    where: str
    title: str
    waiting: Callable[[Visit], int | None]  # for this person; None: not known before a look at it


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelTab:
    """The same as a tab."""

    kind: QuestionKind
    waiting: int | None
    is_open: bool


KINDS = (
    QuestionKind(
        name="review",
        action="see-review",
        where="/desk/review",
        title=N_("Unsure mails"),
        waiting=lambda visit: visit.site.review_room.waiting(visit.account.address),
    ),
    QuestionKind(
        name="confirm",
        action="see-confirm",
        where="/desk/confirm",
        title=N_("Confirm by lot"),
        waiting=lambda visit: visit.site.confirm_room.waiting(visit.account.address),
    ),
    QuestionKind(
        name="groups",
        action="see-groups",
        where="/desk/model/groups",
        title=N_("Groups of mail"),
        waiting=lambda visit: visit.site.groups_room.waiting(visit.account.address),
    ),
    QuestionKind(
        name="doubts",
        action="see-doubts",
        where="/desk/model/doubts",
        title=N_("Doubted labels"),
        waiting=lambda visit: visit.site.doubts_room.waiting(visit.account.address),
    ),
)


@router.get("/desk/label")
def begin(visit: Annotated[Visit, Depends(may_see("see-review"))]) -> Response:
    """The first kind of which something is known to wait; else the first of all."""
    found = [tab.kind.where for tab in tabs(visit, "") if tab.waiting]
    asked = visit.request.url.query  # the language, for one
    return visit.go((found[0] if found else KINDS[0].where) + (f"?{asked}" if asked else ""))


def show_question(visit: Visit, name: str, page: str, values: Mapping[str, object]) -> Response:
    """One of the kinds, in the frame that all have; `values` for its own part."""
    found = list(tabs(visit, name))
    frame = {"here": "/desk/label", "tabs": found, "next_tab": _after(found), "label_keys": LABEL_KEYS}
    return visit.show(page, 200, **frame, **values)


def tabs(visit: Visit, name: str) -> Iterator[LabelTab]:
    """The kinds that this person may see, `name` the one before them."""
    for kind in KINDS:
        if visit.may(kind.action):
            yield LabelTab(kind=kind, waiting=_waiting(kind, visit), is_open=kind.name == name)


def _waiting(kind: QuestionKind, visit: Visit) -> int | None:
    try:
        return kind.waiting(visit)
    except (UsageError, NotFoundError, UnusableModelError):  # the tab itself says what is wrong; the others go on
        return None


def _after(found: list[LabelTab]) -> LabelTab:
    at = next(place for place, tab in enumerate(found) if tab.is_open)
    return found[(at + 1) % len(found)]


def topics_to_choose(visit: Visit, names: list[str], guess: str) -> list[tuple[str, str]]:
    """Name and title of each, the guess first: its key is 1."""
    titles = visit.topic_titles
    return [(name, titles.get(name, name)) for name in sorted(names, key=lambda name: name != guess)]
