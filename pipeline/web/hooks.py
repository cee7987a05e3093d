"""A tracker says that something happened to a ticket: it is looked at now, and not only at the next poll.

What the tracker sends is never believed: of it only the ticket's id counts, and how it stands is asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping

from fastapi import APIRouter, BackgroundTasks, HTTPException, Request

from pipeline import logs
from pipeline.engine.workers.mirror import mirror_now
from pipeline.errors import FirstlineError
from pipeline.web.site import may_send, site_of
from pipeline.wiring.live_doors import LiveDoors

router = APIRouter()
# Where the trackers put the id of the ticket: GitHub, GitLab (issues, comments), Jira, Zammad, and who builds it alone.
_IDS = (
    ("issue", "number"),
    ("issue", "iid"),
    ("object_attributes", "iid"),
    ("issue", "key"),
    ("ticket", "id"),
    ("issue", "id"),
    ("id",),
)


@router.post("/hooks/{tracker}", status_code=202)
async def take_word(request: Request, tracker: str, tasks: BackgroundTasks) -> dict[str, str]:
    """Takes the word, and looks afterwards: trackers don't wait for long."""
    body = await request.body()
    doors = site_of(request).doors
    if not request.app.state.token or tracker not in doors.config.outside_trackers:
        raise HTTPException(404, "there is no such hook")
    if not _is_genuine(request.headers, body, request.app.state.token):
        may_send(request)
        raise HTTPException(401, "the token or the signature is missing or wrong")
    outside_id = _id_in(body)
    if not outside_id:
        raise HTTPException(422, "no id of a ticket was found in it")
    tasks.add_task(_look, doors, tracker, outside_id)
    return {"ticket": outside_id}


def _is_genuine(headers: Mapping[str, str], body: bytes, token: str) -> bool:
    """As the trackers can: a bearer token, GitLab's header, or GitHub's signature over the body."""
    signature = "sha256=" + hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    proofs = {
        "authorization": f"Bearer {token}",
        "x-gitlab-token": token,
        "x-hub-signature-256": signature,
    }
    given = ((headers.get(name, ""), proof) for name, proof in proofs.items())
    return any(hmac.compare_digest(one.encode(), proof.encode()) for one, proof in given)


def _id_in(body: bytes) -> str:
    """The id of the ticket, '' when there is none."""
    try:
        document = json.loads(body)
    except ValueError:
        return ""
    return next(_ids(document), "")


def _ids(document: object) -> Iterator[str]:
    for path in _IDS:
        found = document
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, (str, int)) and not isinstance(found, bool):
            yield str(found)[:100]


def _look(doors: LiveDoors, tracker: str, outside_id: str) -> None:
    """What goes wrong now is for the next poll to see."""
    try:
        mirror_now(doors, tracker, outside_id)
    except FirstlineError as error:
        logs.get("web").info("a hook led nowhere", tracker=tracker, problem=error.what)
