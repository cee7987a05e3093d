"""Answering a customer: the editor, what it will look like, and taking it back. All of it works without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response

from pipeline.desk import answer
from pipeline.desk.answer import Pen
from pipeline.desk.answer_sheet import STATUSES, put_in, sheet_of
from pipeline.errors import FirstlineError, NotFoundError, UsageError
from pipeline.records.answer import AnswerDraft, DraftConflict, GivenAnswer, Typed
from pipeline.records.ticket import TicketStatus
from pipeline.tokens import normalise_ref
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import (
    Acting,
    Visit,
    is_for_script,
    may_do,
    may_see,
    status_of,
)

router = APIRouter()
PLACE = "/desk/case/{ref}/answer"
STATUS_NAMES = {
    TicketStatus.ACTIVE: N_("in work"),
    TicketStatus.WAITING: N_("waiting for the customer"),
    TicketStatus.RESOLVED: N_("resolved"),
    TicketStatus.CLOSED: N_("closed"),
}
STATE_NAMES = {
    "intended": N_("It is sent in some seconds."),
    "doing": N_("It is being sent."),
    "waiting": N_("The outgoing server did not take it yet; it is tried again by itself."),
    "uncertain": N_("Nobody knows whether the outgoing server took it. See Machine."),
    "failed": N_("It could not be delivered."),
    "done": N_("It was sent."),
}
# A frame that may do nothing at all: only what the letter itself brings along is shown, nothing is fetched.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


@dataclass(frozen=True)
class Written:
    """The fields of the editor."""

    text: Annotated[str, Form()] = ""
    subject: Annotated[str, Form()] = ""
    cc: Annotated[str, Form()] = ""
    then: Annotated[str, Form()] = ""
    draft: Annotated[str, Form()] = ""  # its id
    version: Annotated[int, Form()] = 0
    do: Annotated[str, Form()] = ""  # save, preview, saved:NAME, remove:ID, forget
    back: Annotated[str, Form()] = ""  # "case": the editor stands on the page of the case


Writing = Annotated[Written, Depends()]
Files = Annotated[list[UploadFile] | None, File()]


@router.get(PLACE)
def look(visit: Annotated[Visit, Depends(may_see("see-draft"))], ref: str, preview: str = "") -> Response:
    """The editor as a page of its own."""
    return _show(visit, _ref(ref), preview=bool(preview))


@router.get(f"{PLACE}/frame")
def letter(visit: Annotated[Visit, Depends(may_see("see-draft"))], ref: str) -> Response:
    """The HTML part as the customer's mail program gets it, for a frame."""
    pen = pen_of(visit, _ref(ref))
    shown = answer.preview(visit.doors, pen, answer.draft_of(visit.doors, pen))
    return HTMLResponse(shown.letter.html, headers={"Content-Security-Policy": _LETTER_POLICY})


@router.post(PLACE)
def save(
    acting: Annotated[Acting, Depends(may_do("write-draft"))], ref: str, written: Writing, files: Files = None
) -> Response:
    """Keeps what was typed, and does one thing more: a saved reply, a file, a preview."""
    pen = pen_of(acting.visit, _ref(ref))
    try:
        draft = _kept(acting, pen, written, files or [])
        if isinstance(draft, AnswerDraft):
            draft = _one_more(acting, pen, draft, written.do)
    except FirstlineError as error:
        return _refused(acting, pen, written, error)
    version = draft.kept.version if isinstance(draft, DraftConflict) else draft.version
    acting.did(pen.ticket, {"version": written.version}, {"version": version})
    if is_for_script(acting.visit.request):
        return JSONResponse({"version": version, "conflict": isinstance(draft, DraftConflict)})
    if written.do == "preview":
        return acting.go(f"/desk/case/{pen.ticket}/answer?preview=yes")
    return acting.go(_place(pen.ticket, written))


@router.post(f"{PLACE}/send")
def send(
    acting: Annotated[Acting, Depends(may_do("answer"))], ref: str, written: Writing, files: Files = None
) -> Response:
    """Gives it to the journal, once, however often the button is pressed."""
    pen = pen_of(acting.visit, _ref(ref))
    given = answer.sent_as(acting.doors, pen, written.draft)
    try:
        given = given or _given(acting, pen, written, files or [])
    except FirstlineError as error:
        return _refused(acting, pen, written, error)
    if given is not None:
        acting.did(pen.ticket, after={"answer": given.message_id, "status": given.then})
    else:
        acting.refused("changed in another window")
    return acting.go(_place(pen.ticket, written))


@router.post(f"{PLACE}/undo")
def undo(
    acting: Annotated[Acting, Depends(may_do("answer"))], ref: str, written: Writing, key: Annotated[str, Form()] = ""
) -> Response:
    """Takes it back, or says that it is too late."""
    pen = pen_of(acting.visit, _ref(ref))
    try:
        answer.undo(acting.doors, pen, key)
    except UsageError as error:
        acting.refused(error.what)
        late = N_("It is too late to take it back: it is being sent just now, or was sent.")
        return _show(acting.visit, pen.ticket, wrong=late, status=409)
    acting.did(pen.ticket, after={"taken back": key})
    return acting.go(_place(pen.ticket, written))


@router.post(f"{PLACE}/discard")
def discard(acting: Annotated[Acting, Depends(may_do("write-draft"))], ref: str, written: Writing) -> Response:
    """Throws the draft away."""
    pen = pen_of(acting.visit, _ref(ref))
    draft = answer.draft_of(acting.doors, pen)
    answer.discard(acting.doors, draft)
    acting.did(pen.ticket, {"version": draft.version}, {"discarded": True})
    return acting.go(f"/desk/case/{pen.ticket}")


def pen_of(visit: Visit, ref: str) -> Pen:
    """Who writes: the name is that of the account."""
    return Pen(ticket=ref, author=visit.account.address, name=visit.account.name)


def values_of(visit: Visit, ref: str) -> dict[str, object]:
    """What `desk/answer.html` shows, for the page of a case too. Raises NotFoundError."""
    return {
        "sheet": sheet_of(visit.doors, pen_of(visit, ref)),
        "statuses": {one.value: STATUS_NAMES[one] for one in STATUSES},
        "state_names": STATE_NAMES,
        "people": {one.address: one.shown for one in visit.doors.accounts.all()},
        "wrong": "",
        "what": "",
        "shown": None,
        "back": "case",
    }


# --- what the form means ----------------------------------------------------------------------------------------------


def _kept(acting: Acting, pen: Pen, written: Written, files: list[UploadFile]) -> AnswerDraft | DraftConflict:
    """The draft in the store, with the files that came. Raises UsageError, NotFoundError."""
    doors, wanted = acting.doors, _typed(acting, written)
    uploads = [one for one in files if one.filename]
    if wanted == Typed() and not written.version and not uploads and not written.do.startswith("saved:"):
        return answer.draft_of(doors, pen)  # nothing was typed: nothing is kept
    draft = answer.save(doors, pen, wanted, written.version, written.draft)
    if isinstance(draft, AnswerDraft):
        for one in uploads:
            draft = answer.attach(doors, pen, one.filename or "", one.content_type or "", one.file.read())
    return draft


def _typed(acting: Acting, written: Written) -> Typed:
    then = TicketStatus(written.then) if written.then in list(TicketStatus) else None
    copies = written.cc.replace(";", ",").split(",")
    return answer.typed_by(acting.doors.config, text=written.text, subject=written.subject, cc=copies, then=then)


def _one_more(acting: Acting, pen: Pen, draft: AnswerDraft, do: str) -> AnswerDraft | DraftConflict:
    what, _, which = do.partition(":")
    match what:
        case "saved":
            wanted = put_in(acting.doors, pen, draft, which).typed
            return answer.save(acting.doors, pen, wanted, draft.version, draft.id)
        case "remove":
            return answer.detach(acting.doors, pen, which)
        case "forget":
            acting.doors.drafts.forget_beside(draft)
    return draft


def _given(acting: Acting, pen: Pen, written: Written, files: list[UploadFile]) -> GivenAnswer | None:
    """None: another window was faster, and the page shows both texts."""
    if not written.text.strip():
        raise UsageError("the answer says nothing", where=pen.ticket, remedy="write something")
    try:
        draft = _kept(acting, pen, written, files)
    except NotFoundError:  # another click has sent it in between
        if given := answer.sent_as(acting.doors, pen, written.draft):
            return given
        raise
    if isinstance(draft, DraftConflict):
        return None
    return answer.send(acting.doors, pen, draft.id, draft.version)


# --- what is shown ----------------------------------------------------------------------------------------------------


def _show(
    visit: Visit,
    ref: str,
    *,
    preview: bool = False,
    wrong: str = "",
    what: str = "",
    typed: Written | None = None,
    status: int = 200,
) -> Response:
    """`typed`: what could not be kept, and is not lost."""
    values = values_of(visit, ref) | {"back": "", "wrong": wrong, "what": what, "typed": typed}
    if preview:
        pen = pen_of(visit, ref)
        values["shown"] = answer.preview(visit.doors, pen, answer.draft_of(visit.doors, pen))
    return visit.show("desk/answering.html", status, **values)


def _refused(acting: Acting, pen: Pen, written: Written, error: FirstlineError) -> Response:
    """The same page, with what was typed still in it. A ticket that is not there has none."""
    acting.refused(error.what)
    if is_for_script(acting.visit.request):
        return JSONResponse({"detail": f"{error.what} {error.remedy}".strip()}, status_of(error))
    if error.temporary:
        raise error
    title = N_("This was not kept or sent:")
    where = f"{error.where}: " if error.where and error.where != pen.ticket else ""
    told = f"{where}{error.what}. {error.remedy}"
    status = 409 if isinstance(error, NotFoundError) else 422
    return _show(acting.visit, pen.ticket, wrong=title, what=told, typed=written, status=status)


def _place(ref: str, written: Written) -> str:
    return f"/desk/case/{ref}#answer" if written.back == "case" else f"/desk/case/{ref}/answer"


def _ref(text: str) -> str:
    """Raises NotFoundError for what is no reference."""
    if ref := normalise_ref(text):
        return ref
    raise NotFoundError("this is no reference", remedy="it looks like 7K3M-9QTX")
