"""One letter, saved reply or help page: its editor, what it would be on past mail, and its versions.

All of it works without a script. What is typed is kept as a draft with each button; nothing but Save writes a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from pipeline.desk.texts import trying
from pipeline.desk.texts.checking import findings_elsewhere, findings_of, has_error
from pipeline.desk.texts.history import history_of, parts_of, results_of
from pipeline.desk.texts.offering import offered_to
from pipeline.desk.texts.opened import even, open_text, same
from pipeline.desk.texts.places import place_of
from pipeline.desk.texts.saving import LONGEST_WHY, SavedText, TextChange, TextConflict, restore, save
from pipeline.errors import FirstlineError
from pipeline.records.presence import Doing
from pipeline.records.texts import TextDraft, TextPlace
from pipeline.replies.versions import differences
from pipeline.web.desk.letter_sheet import BESIDE, others_of, people_of, room, show_sheet, told, without_beside
from pipeline.web.desk.letters_page import link_of
from pipeline.web.desk.visits import Acting, Visit, is_for_script, may_do, may_see, status_of
from pipeline.web.site import TroubleError, site_of

router = APIRouter()
PLACE = "/desk/letters/{kind}/{language}/{name}"
WAIT = 5.0  # seconds for a free place to look at a text
# A frame that may do nothing at all: only what the letter itself brings along is shown, nothing is fetched.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


@dataclass(frozen=True)
class TypedText:
    """The fields of the editor."""

    text: Annotated[str, Form()] = ""
    page: Annotated[str, Form()] = ""
    why: Annotated[str, Form()] = ""
    opened: Annotated[str, Form()] = ""  # the mark of what it was typed over
    beside: Annotated[str, Form()] = ""
    last: Annotated[int, Form()] = trying.SHOWN

    def parts(self, place: TextPlace) -> dict[str, str]:
        """File → what was typed."""
        return dict(zip(place.files, (even(self.text), even(self.page)), strict=False))


def text_of(request: Request, kind: str, language: str, name: str, mailbox: str = "") -> TextPlace:
    """The text of an address, after it is known who asks. Raises NotFoundError."""
    return place_of(site_of(request).doors.config, kind, language, name, mailbox)


Wanted = Annotated[TextPlace, Depends(text_of)]
Typed = Annotated[TypedText, Depends()]


@router.get(PLACE)
def look(visit: Annotated[Visit, Depends(may_see("see-letters"))], place: Wanted, sent: str = "") -> Response:
    """The editor, with what one has typed and not saved. `sent`: the version that a customer got."""
    doors = visit.doors
    doors.presence.note(room(place), visit.account.address, Doing.LOOKS, doors.clock.now())
    now, draft = open_text(doors.config, place), doors.text_drafts.of(visit.account.address, place)
    got = next((one for one in history_of(doors, place, now) if sent and sent in one.versions), None)
    if draft is None or (same(now.parts, without_beside(draft.parts)) and BESIDE not in draft.parts):
        return show_sheet(visit, now, now.parts, got=got)
    conflict = now if draft.opened != now.mark else None
    return show_sheet(visit, now, draft.parts, why=draft.why, draft=draft, conflict=conflict, got=got)


@router.get(f"{PLACE}/events")
def present(visit: Annotated[Visit, Depends(may_see("see-letters"))], place: Wanted, doing: str = "looks") -> Response:
    """Who else has it before them, and what lies on disk now; the page that asks is noted, too."""
    does = Doing.WRITES if doing == Doing.WRITES else Doing.LOOKS
    visit.doors.presence.note(room(place), visit.account.address, does, visit.doors.clock.now())
    told = {"others": others_of(visit, place), "mark": open_text(visit.doors.config, place).mark}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@router.get(f"{PLACE}/frame")
def frame(visit: Annotated[Visit, Depends(may_see("see-letters"))], place: Wanted, mail: str = "") -> Response:
    """The HTML part for one mail, made from one's draft: as the customer's mail program would get it."""
    draft = visit.doors.text_drafts.of(visit.account.address, place)
    parts = without_beside(draft.parts) if draft else open_text(visit.doors.config, place).parts
    with _bench(visit):
        shown = trying.tried(visit.doors, place, parts, last=1, mail_id=mail)
    html = shown[0].now.html if shown and shown[0].now else ""
    return HTMLResponse(html, headers={"Content-Security-Policy": _LETTER_POLICY})


@router.get(f"{PLACE}/versions")
def versions(visit: Annotated[Visit, Depends(may_see("see-letters"))], place: Wanted, show: str = "") -> Response:
    """Who changed it when and why, what that brought, and the way back."""
    now = open_text(visit.doors.config, place)
    before = parts_of(visit.doors, place, show) if show else None
    history = history_of(visit.doors, place, now)
    return visit.show(
        "desk/letter_versions.html",
        place=place,
        now=now,
        history=history,
        results=results_of(visit.doors, place, history),
        shown=show,
        lines=list(differences(now.parts, before)) if before is not None else [],
        people=people_of(visit),
        here=link_of(place, "/versions"),
        back=link_of(place),
        to_restore=link_of(place, "/restore"),
    )


@router.post(f"{PLACE}/check")
def check(
    acting: Annotated[Acting, Depends(may_do("try-text"))],
    place: Wanted,
    typed: Typed,
) -> Response:
    """What is wrong with it. While one types our script asks this, and what is typed is kept."""
    with _answered(acting, place, typed) as answer:
        with _bench(acting.visit):
            found = findings_of(acting.doors.config, place, typed.parts(place))
        acting.did(place.key)
        if is_for_script(acting.visit.request):
            lines = [told(one, typed.parts(place)) for one in found]
            return JSONResponse({"findings": lines, "well": not has_error(found)})
        with _bench(acting.visit):
            found += findings_elsewhere(acting.doors, place, typed.parts(place)) if not has_error(found) else []
        answer(findings=found, checked=True)
    return answer.made()


@router.post(f"{PLACE}/preview")
def show_letters(
    acting: Annotated[Acting, Depends(may_do("try-text"))],
    place: Wanted,
    typed: Typed,
) -> Response:
    """As past mails would get it."""
    with _answered(acting, place, typed) as answer:
        with _bench(acting.visit):
            last = min(max(typed.last, 1), trying.MOST_SHOWN)
            answer(variants=trying.tried(acting.doors, place, typed.parts(place), last=last), last=last)
        acting.did(place.key)
    return answer.made()


@router.post(f"{PLACE}/offers")
def show_offers(
    acting: Annotated[Acting, Depends(may_do("try-text"))],
    place: Wanted,
    typed: Typed,
) -> Response:
    """Which of the last mails a help page would be offered to."""
    with _answered(acting, place, typed) as answer:
        with _bench(acting.visit):
            answer(offered=offered_to(acting.doors, place, typed.parts(place)))
        acting.did(place.key)
    return answer.made()


@router.post(f"{PLACE}/difference")
def compare(
    acting: Annotated[Acting, Depends(may_do("try-text"))],
    place: Wanted,
    typed: Typed,
) -> Response:
    """What the last mails would have got instead of what they got."""
    with _answered(acting, place, typed) as answer:
        with _bench(acting.visit):
            answer(difference=trying.difference(acting.doors, place, typed.parts(place)))
        acting.did(place.key)
    return answer.made()


@router.post(f"{PLACE}/send")
def send(
    acting: Annotated[Acting, Depends(may_do("send-text"))],
    place: Wanted,
    typed: Typed,
) -> Response:
    """One mail to oneself, marked as a test."""
    with _answered(acting, place, typed) as answer:
        if not acting.visit.site.tests.admits(acting.who):
            raise TroubleError("too_many", 429)
        with _bench(acting.visit):
            subject = trying.send_to(acting.doors, place, typed.parts(place), acting.who)
        acting.did(place.key, after={"to": acting.who})
        answer(sent=subject)
    return answer.made()


@router.post(f"{PLACE}/save")
def save_it(
    acting: Annotated[Acting, Depends(may_do("save-text"))],
    place: Wanted,
    typed: Typed,
) -> Response:
    """Writes the file when it passes the check and nobody has changed it; else says why not, and nothing is lost."""
    with _answered(acting, place, typed) as answer:
        with _bench(acting.visit):
            change = TextChange(place=place, parts=typed.parts(place), opened=typed.opened, why=typed.why)
            done = save(acting.doors, change, acting.who)
        if isinstance(done, SavedText):
            mark = done.version.mark if done.version else typed.opened
            acting.did(place.key, {"mark": typed.opened}, {"mark": mark, "why": typed.why[:LONGEST_WHY]})
            if done.left:
                answer(left=done.left)
            else:
                return acting.go(link_of(place) + "#saved")
        elif isinstance(done, TextConflict):
            acting.refused("changed meanwhile", place.key)
            answer(status=409, conflict=done.now)
        else:
            acting.refused("it does not pass the check", place.key)
            answer(status=422, findings=done.findings, checked=True)
    return answer.made()


@router.post(f"{PLACE}/theirs")
def go_on(
    acting: Annotated[Acting, Depends(may_do("try-text"))],
    place: Wanted,
    typed: Typed,
) -> Response:
    """From what lies on disk now; what was typed stands beside it until it is saved or discarded."""
    now = open_text(acting.doors.config, place)
    beside = "\n\n".join(part for part in (*typed.parts(place).values(), typed.beside) if part.strip())
    _keep(acting, place, TypedText(text="", page="", why=typed.why, opened=now.mark, beside=beside), now.parts)
    acting.did(place.key)
    return acting.go(link_of(place))


@router.post(f"{PLACE}/discard")
def discard(
    acting: Annotated[Acting, Depends(may_do("try-text"))],
    place: Wanted,
) -> Response:
    """Throws one's draft away."""
    acting.doors.text_drafts.discard(acting.who, place)
    acting.did(place.key, after={"discarded": True})
    return acting.go(link_of(place))


@router.post(f"{PLACE}/restore")
def put_back(
    acting: Annotated[Acting, Depends(may_do("restore-text"))],
    place: Wanted,
    mark: Annotated[str, Form()] = "",
    opened: Annotated[str, Form()] = "",
) -> Response:
    """As it was in an earlier version."""
    with _bench(acting.visit):
        done = restore(acting.doors, place, mark, opened, acting.who)
    if isinstance(done, SavedText):
        acting.did(place.key, {"mark": opened}, {"mark": mark})
        return acting.go(link_of(place, "/versions"))
    now = open_text(acting.doors.config, place)
    parts = parts_of(acting.doors, place, mark)
    if isinstance(done, TextConflict):
        acting.refused("changed meanwhile", place.key)
        return show_sheet(acting.visit, now, parts, status=409, conflict=done.now)
    acting.refused("it does not pass the check", place.key)
    return show_sheet(acting.visit, now, parts, status=422, findings=done.findings, checked=True)


# --- how a page is answered -------------------------------------------------------------------------------------------


class _TextAnswer:
    """The editor once more, with what was typed in it and what came of it."""

    def __init__(self, acting: Acting, place: TextPlace, typed: TypedText) -> None:
        self.acting, self.place, self.typed = acting, place, typed
        self.found: dict[str, Any] = {}  # Any: values of a page

    def __call__(self, **found: object) -> None:
        self.found |= found

    def made(self) -> Response:
        """With all that was found."""
        visit, now = self.acting.visit, open_text(self.acting.doors.config, self.place)
        parts = {**self.typed.parts(self.place), BESIDE: self.typed.beside}
        draft = visit.doors.text_drafts.of(visit.account.address, self.place)
        return show_sheet(visit, now, parts, why=self.typed.why, draft=draft, opened=self.typed.opened, **self.found)


@contextmanager
def _answered(acting: Acting, place: TextPlace, typed: TypedText) -> Iterator[_TextAnswer]:
    """Keeps the draft; what goes wrong is said on the same page, with everything still in it."""
    _keep(acting, place, typed, typed.parts(place))
    answer = _TextAnswer(acting, place, typed)
    try:
        yield answer
    except FirstlineError as error:
        if is_for_script(acting.visit.request):
            raise
        acting.refused(error.what, place.key)
        answer(status=status_of(error), problem=error)


def _keep(acting: Acting, place: TextPlace, typed: TypedText, parts: Mapping[str, str]) -> None:
    draft = TextDraft(
        account=acting.who,
        place=place.key,
        opened=typed.opened,
        parts={**parts, **({BESIDE: typed.beside} if typed.beside else {})},
        why=typed.why[:LONGEST_WHY],
        changed=acting.doors.clock.now(),
    )
    if same(open_text(acting.doors.config, place).parts, parts) and not typed.beside:
        acting.doors.text_drafts.discard(acting.who, place)
    else:
        acting.doors.text_drafts.save(draft)


@contextmanager
def _bench(visit: Visit) -> Iterator[None]:
    """One of the few places to look at a text. Raises TroubleError when this person has looked very often, or all are
    taken for long."""
    if not visit.site.tried.admits(visit.account.address) or not visit.site.benches.acquire(timeout=WAIT):
        raise TroubleError("too_many", 429)
    try:
        yield
    finally:
        visit.site.benches.release()
