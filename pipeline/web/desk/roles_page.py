"""Who may do what: the one table, for everybody to read; and the keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pipeline.desk.roles import MAY
from pipeline.web.desk.labelling import LABEL_KEYS
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import ROLE_NAMES, Visit, may_see

router = APIRouter()
ACTIONS = {
    "see-today": N_("see Today"),
    "see-case": N_("read cases"),
    "see-draft": N_("see one's own drafts"),
    "search": N_("search"),
    "see-figures": N_("see how customers are doing"),
    "see-figures-of-people": N_("see how each of us is doing"),
    "export-figures": N_("save figures as a table"),
    "see-report": N_("read the report"),
    "see-machine": N_("see whether the machine is well"),
    "see-roles": N_("see this table"),
    "see-account": N_("see one's own account"),
    "see-accounts": N_("see all accounts"),
    "see-audit": N_("read the audit log"),
    "export-audit": N_("save the audit log"),
    "see-privacy": N_("see erasures"),
    "see-settings": N_("see topics, grants and the calendar"),
    "see-announcements": N_("see known problems"),
    "try-announcement": N_("see a known problem in the letter"),
    "announce": N_("tell of a known problem, change and end it"),
    "try-settings": N_("see what a change of them would cause"),
    "change-settings": N_("change topics, grants and the calendar"),
    "sign-in": N_("sign in"),
    "sign-out": N_("sign out"),
    "choose-password": N_("choose a password by a link"),
    "change-account": N_("change one's own name and language"),
    "change-password": N_("change one's own password"),
    "end-session": N_("end one's own sessions"),
    "save-view": N_("save a view"),
    "delete-view": N_("delete a view"),
    "answer": N_("answer a customer"),
    "write-draft": N_("write a draft"),
    "note": N_("write a note"),
    "assign": N_("assign a case"),
    "set-status": N_("change a status"),
    "set-priority": N_("change a priority"),
    "close-silently": N_("close a case silently"),
    "give-grant": N_("give a grant"),
    "join": N_("join two conversations"),
    "split": N_("split a conversation"),
    "open-case": N_("make a case of a mail"),
    "say-answered": N_("say that a customer has their answer"),
    "release": N_("release a parked mail"),
    "discard": N_("discard a parked mail"),
    "change-label": N_("change a label"),
    "batch": N_("act on many cases at once"),
    "settle-letter": N_("say what became of a letter"),
    "see-letters": N_("see letters, help pages and saved replies"),
    "try-text": N_("try a letter on past mails; what is typed is kept as a draft"),
    "save-text": N_("save a letter, a help page or a saved reply"),
    "restore-text": N_("go back to a version of it"),
    "send-text": N_("send it to oneself as a test"),
    "see-review": N_("see the mails to be labelled"),
    "label-mail": N_("label mails"),
    "see-confirm": N_("see the mails to be confirmed"),
    "confirm-mail": N_("confirm what the machine says"),
    "see-model": N_("see the versions of the model"),
    "see-doubts": N_("see labels that are probably wrong"),
    "fix-label": N_("decide about such a label"),
    "see-groups": N_("see groups of mail"),
    "name-group": N_("name a group of mail"),
    "find-groups": N_("let groups of mail be found"),
    "check-labels": N_("let all labels be checked"),
    "train-model": N_("train the model"),
    "promote-model": N_("take a version into use"),
    "roll-back-model": N_("go back to the version before"),
    "look-up-customer": N_("look up what there is of a customer"),
    "save-customer": N_("save all that there is of a customer"),
    "erase-customer": N_("erase a customer"),
    "add-account": N_("add an account"),
    "change-role": N_("change a role"),
    "disable-account": N_("disable an account"),
    "invite": N_("make a link for a new password"),
}
KEYS = (
    (
        N_("Everywhere"),
        (
            (("g", "t"), N_("Today")),
            (("g", "s"), N_("Search")),
            (("g", "r"), N_("Review")),
            (("g", "f"), N_("Figures")),
            (("g", "m"), N_("Machine")),
            (("g", "l"), N_("Letters")),
            (("/",), N_("to the search box")),
            (("?",), N_("this page")),
        ),
    ),
    (
        N_("In a list"),
        (
            (("j",), N_("the next one")),
            (("k",), N_("the one before")),
            (("Enter",), N_("open it")),
            (("x",), N_("choose it")),
            (("b",), N_("act on what is chosen")),
            (("z",), N_("undo it")),
            (("]",), N_("what comes next")),
        ),
    ),
    (
        N_("In a case"),
        (
            (("r",), N_("answer")),
            (("n",), N_("write a note")),
            (("a",), N_("assign")),
            (("s",), N_("change the status")),
            (("e",), N_("it is solved; a parked mail is released")),
            (("!",), N_("it is not a complaint")),
            (("y",), N_("it is what is chosen")),
            (("#",), N_("discard or close silently")),
            (("u",), N_("back to the list")),
            (("Ctrl", "Enter"), N_("send what is written")),
        ),
    ),
    (N_("While labelling"), LABEL_KEYS),
)


@router.get("/desk/roles")
def roles(visit: Annotated[Visit, Depends(may_see("see-roles"))]) -> Response:
    """The table."""
    return visit.show("desk/roles.html", table=MAY, roles=list(ROLE_NAMES), action_names=ACTIONS)


@router.get("/desk/keys")
def keys(visit: Annotated[Visit, Depends(may_see("see-roles"))]) -> Response:
    """The keys."""
    return visit.show("desk/keys.html", tables=KEYS)
