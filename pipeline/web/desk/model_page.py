"""Model: its versions, training one, what a candidate would change, and the labels that need a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pipeline.desk import doubts_room, groups_room
from pipeline.desk.work import WorkState
from pipeline.errors import NotFoundError, UnusableModelError, UsageError
from pipeline.figures.card_drawing import draw_reliability, draw_risk
from pipeline.web.desk.confirm_page import label_name, unshared
from pipeline.web.desk.labelling import ANSWER_KEYS, show_question, topics_to_choose
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()
HEAD_NAMES = {"topic": N_("Topic"), "sentiment": N_("Sentiment"), "complaint": N_("Complaint")}
SAID = {
    "promote": N_("taken into use"),
    "refuse": N_("refused: it is worse than the one in use"),
    "hold": N_("good enough, and held back for a person"),
    "force": N_("taken into use past the gate"),
    "rollback": N_("taken back"),
    "retire": N_("retired"),
    "": N_("never judged"),
}
WORKS = {"train": N_("Training"), groups_room.WORK: N_("Finding groups"), doubts_room.WORK: N_("Checking labels")}
_VERSION = re.compile(r"[\w.-]{1,80}")


@router.get("/desk/model")
def look(
    visit: Annotated[Visit, Depends(may_see("see-model"))], done: str = "", new: str = "", unshared: str = ""
) -> Response:
    """All versions, the work that goes on, and how the mail has changed; with `new` also which words are new."""
    from pipeline.desk import mail_changes, versions

    problem, found, can_go_back = "", [], False
    try:
        found, can_go_back = versions.summaries(visit.doors), versions.can_go_back(visit.doors)
    except UnusableModelError as error:
        problem = f"{error.what} {error.remedy}".strip()
    health = visit.site.health.get()
    return visit.show(
        "desk/model.html",
        versions=found,
        problem=problem,
        heads=HEAD_NAMES,
        said=SAID,
        works=WORKS,
        states=_states(visit),
        output=visit.site.works.output("train") if _ended(visit, "train") else "",
        sure=health["sure"],
        drift=visit.site.drift.get(),
        least=mail_changes.least(),
        rising=health["rising"],
        words=visit.site.new_words.get() if new else None,
        lately=visit.speech.now - mail_changes.LATELY,
        topics=visit.topic_titles,
        can_go_back=can_go_back,
        done=done,
        unshared=unshared,
    )


@router.get("/desk/model/version/{name}")
def version(visit: Annotated[Visit, Depends(may_see("see-model"))], name: str, beside: str = "") -> Response:
    """One version: how good it is; with `beside` what it would change on the newest mails."""
    from pipeline.desk import versions
    from pipeline.learn import training

    found = next((one for one in versions.summaries(visit.doors) if one.name == name), None)
    if found is None or not _VERSION.fullmatch(name):
        raise NotFoundError("there is no such version", remedy="see the list of versions")
    comparison = visit.site.comparisons.get(name) if beside and not found.problem else None
    return visit.show(
        "desk/version.html",
        version=found,
        reliability=draw_reliability,
        risk=draw_risk,
        label_name=partial(label_name, visit),
        comparison=comparison,
        decisions=training.history_of(versions.registry(visit.doors), name),
        heads=HEAD_NAMES,
        said=SAID,
    )


@router.post("/desk/model/train")
def train(acting: Annotated[Acting, Depends(may_do("train-model"))], hold: Annotated[str, Form()] = "") -> Response:
    """Begins a training; with `hold` what it makes waits for a person."""
    acting.visit.site.works.start("train", ("model", "train", *(("--no-promote",) if hold else ())), acting.who)
    acting.did("train", {}, {"hold": bool(hold)})
    return acting.go("/desk/model#work")


@router.post("/desk/model/find-groups")
def find_groups(
    acting: Annotated[Acting, Depends(may_do("find-groups"))], groups: Annotated[int, Form()] = 0
) -> Response:
    """Puts the mail of the ledger into so many groups; 0: as many as there seem to be topics."""
    site = acting.visit.site
    site.works.start(groups_room.WORK, site.groups_room.words(groups), acting.who)
    acting.did(groups_room.WORK, {}, {"groups": groups})
    return acting.go("/desk/model#work")


@router.post("/desk/model/check-labels")
def check_labels(acting: Annotated[Acting, Depends(may_do("check-labels"))]) -> Response:
    """Looks for labels that are probably wrong."""
    acting.visit.site.works.start(doubts_room.WORK, doubts_room.WORDS, acting.who)
    acting.did(doubts_room.WORK)
    return acting.go("/desk/model#work")


@router.post("/desk/model/promote")
def promote(
    acting: Annotated[Acting, Depends(may_do("promote-model"))], version: Annotated[str, Form()] = ""
) -> Response:
    """Takes a version into use that the gate has let through."""
    from pipeline.desk import versions

    if not _VERSION.fullmatch(version):
        raise UsageError("which version?", remedy="see the list of versions")
    promoted, why = versions.promote(acting.doors, version)
    if not promoted:
        raise UsageError(f"{version} was not taken into use: {why}")
    acting.did(version, {}, {"why": why})
    return acting.go(f"/desk/model?done=promoted{unshared(acting)}")


@router.post("/desk/model/roll-back")
def roll_back(acting: Annotated[Acting, Depends(may_do("roll-back-model"))]) -> Response:
    """Goes back to the version that was in use before."""
    from pipeline.desk import versions

    before, after = versions.roll_back(acting.doors)
    acting.did(after, {"version": before}, {"version": after})
    return acting.go(f"/desk/model?done=back{unshared(acting)}")


@router.get("/desk/model/doubts")
def doubts(visit: Annotated[Visit, Depends(may_see("see-doubts"))], done: str = "") -> Response:
    """Labels that are probably wrong, one at a time."""
    left = visit.site.doubts_room.left(visit.account.address)
    values: dict[str, object] = {
        "doubt": left[0] if left else None,
        "left": len(left),
        "heads": HEAD_NAMES,
        "state": visit.site.works.state(doubts_room.WORK),
        "done": done,
    }
    return show_question(visit, "doubts", "desk/doubts.html", values)


@router.post("/desk/model/doubts")
def decide(
    acting: Annotated[Acting, Depends(may_do("fix-label"))],
    hash_: Annotated[str, Form(alias="hash")] = "",
    head: Annotated[str, Form()] = "",
    label: Annotated[str, Form()] = "",
    other: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "settle",
) -> Response:
    """What the label is."""
    room, who = acting.visit.site.doubts_room, acting.who
    if do == "undo":
        undone = room.undo(who)
        acting.did("", {}, {"undone": undone})
        return acting.go(f"/desk/model/doubts?done={'undone' if undone else 'nothing'}")
    if do == "later":
        room.later(who, hash_, head)
        acting.did(hash_, {}, {"later": True})
    elif said := other.strip() or label:
        room.settle(who, hash_, head, said)
        acting.did(hash_, {}, {"head": head, "label": said})
    else:
        raise UsageError("which label is right?", remedy="choose one, or write another")
    return acting.go("/desk/model/doubts")


@router.get("/desk/model/groups")
def groups(visit: Annotated[Visit, Depends(may_see("see-groups"))], done: str = "") -> Response:
    """Groups of mail without a name, one at a time."""
    asked = visit.site.groups_room.next(visit.account.address)
    values: dict[str, object] = {
        "asked": asked,
        "topics": topics_to_choose(visit, [*asked.topics], asked.guess) if asked else (),
        "keys": ANSWER_KEYS,
        "state": visit.site.works.state(groups_room.WORK),
        "done": done,
    }
    return show_question(visit, "groups", "desk/groups.html", values)


@router.post("/desk/model/groups")
def name_group(
    acting: Annotated[Acting, Depends(may_do("name-group"))],
    group: Annotated[str, Form()] = "",
    topic: Annotated[str, Form()] = "",
    new_topic: Annotated[str, Form()] = "",
    without: Annotated[list[str] | None, Form()] = None,
    do: Annotated[str, Form()] = "name",
) -> Response:
    """What all its mails are about, but for some."""
    room, who = acting.visit.site.groups_room, acting.who
    if do == "undo":
        back = room.undo(who)
        acting.did(back, {}, {"undone": bool(back)})
        return acting.go(f"/desk/model/groups?done={'undone' if back else 'nothing'}")
    if do == "later":
        room.later(who, group)
        acting.did(group, {}, {"later": True})
        return acting.go("/desk/model/groups")
    said = f"+{new_topic.strip()}" if new_topic.strip() else topic
    if not said:
        raise UsageError("what is it about?", remedy="choose a topic, or write a new one")
    labelled = room.label(who, group, said, without or ())
    acting.did(group, {}, {"topic": said.removeprefix("+"), "mails": labelled})
    return acting.go("/desk/model/groups?done=named")


def _states(visit: Visit) -> Mapping[str, WorkState]:
    return {name: state for name in WORKS if (state := visit.site.works.state(name))}


def _ended(visit: Visit, name: str) -> bool:
    state = visit.site.works.state(name)
    return state is not None and not state.is_running


def address_of(name: str) -> str:
    """Of the page of a version."""
    return f"/desk/model/version/{quote(name, safe='')}"
