"""The API for programs: feedback from a shop, a chat or the telephone goes the way of every mail."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from pipeline.config.settings import Config
from pipeline.web.reception import ADDRESS, Note
from pipeline.web.site import may_send, site_of

SUMMARY = "Feedback into a support mailbox that answers for itself"
router = APIRouter(prefix="/api")
_bearer = HTTPBearer(auto_error=False, description="The secret of [web] token.")


class Message(BaseModel):
    """What a customer said, however it reached you."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)

    text: str = Field(min_length=1, max_length=50_000, description="In the customer's words.")
    id: str = Field(
        default="",
        max_length=200,
        description="Your name for it, for example the number of the chat. Sent again with the same content it is the "
        "same message, so a call that failed can be repeated.",
    )
    sender: str = Field(
        default="",
        alias="from",
        max_length=254,
        pattern=rf"^({ADDRESS.pattern})?$",
        description="The customer's e-mail address. With one the customer gets the acknowledgement.",
    )
    name: str = Field(default="", max_length=100, description="The customer's name.")
    subject: str = Field(default="", max_length=200)
    language: str = Field(
        default="", pattern="^([a-z]{2})?$", description="ISO 639-1; empty: it is told from the text."
    )
    channel: str = Field(default="api", pattern="^[a-z0-9][a-z0-9-]{0,29}$", description="shop, chat, telephone …")


class Taken(BaseModel):
    """What became of it."""

    ref: str = Field(description="Its reference: `firstline mail show REF`.")
    known: bool = Field(description="The same message had come before; nothing was done again.")
    acknowledged: bool = Field(description="A letter to the customer is on its way.")
    ticket: bool = Field(description="It belongs to a ticket now.")


class Refused(BaseModel):
    """Why a call was refused."""

    detail: str


def token_of(config: Config) -> str:
    """What a caller must know; '' when there is no API. Raises ConfigError."""
    return config.web.token.read(config.folder, "web.token") if config.web.token else ""


def check_token(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
    """Raises 404 where there is no API, 401 for a wrong token; each wrong one counts against `[web] limit`."""
    token: str = request.app.state.token
    if not token:
        raise HTTPException(404, "there is no API here: [web] token is not set")
    if given is None or not secrets.compare_digest(given.credentials.encode(), token.encode()):
        may_send(request)
        raise HTTPException(401, "the token is missing or wrong", headers={"WWW-Authenticate": "Bearer"})


@router.post(
    "/messages",
    status_code=201,
    dependencies=[Depends(check_token)],
    responses={
        200: {"model": Taken, "description": "It had come before."},
        401: {"model": Refused, "description": "The token is missing or wrong."},
        413: {"description": "More than 200,000 bytes."},
        429: {"model": Refused, "description": "Too many wrong tokens."},
        503: {"model": Refused, "description": "The store is away; send it again."},
    },
)
def take_message(request: Request, response: Response, message: Message) -> Taken:
    """Takes a message in: guard, classifier, ticket and acknowledgement as for a mail."""
    note = Note(
        id=message.id or secrets.token_hex(16),
        channel=message.channel,
        text=message.text,
        subject=message.subject,
        name=message.name,
        email=message.sender,
        language=message.language,
    )
    receipt = site_of(request).reception.take(note)
    response.status_code = 200 if receipt.known else 201
    return Taken(ref=receipt.ref, known=receipt.known, acknowledged=receipt.acknowledged, ticket=receipt.ticket)
