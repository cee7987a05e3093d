"""What `ticket answer` prints for programs."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Annotated, TypedDict

from pipeline.records.answer import AnswerDraft, GivenAnswer
from pipeline.records.effect import EffectState
from pipeline.records.ticket import TicketStatus

if TYPE_CHECKING:
    from pipeline.desk.answer import AnswerPreview


class AnswerDocument(TypedDict):
    """An answer of a person that is to be sent, or was."""

    ticket: str
    key: Annotated[str, "of its effect in the journal"]
    state: EffectState
    by: Annotated[str, "who wrote it"]
    to: Annotated[str, "address"]
    cc: Annotated[list[str], "addresses"]
    text: Annotated[str, "what the person wrote"]
    files: Annotated[list[str], "names"]
    status: Annotated[TicketStatus | None, "what the ticket is set to once it is sent"]
    sends_at: Annotated[datetime | None, "until then it can be taken back; null: as soon as it can be sent"]
    message_id: str
    error: str


class DraftDocument(TypedDict):
    """What somebody writes to a customer and has not sent."""

    ticket: str
    by: str
    text: str
    subject: Annotated[str, "empty: the customer's"]
    cc: Annotated[list[str], "addresses"]
    files: Annotated[list[str], "names"]
    status: Annotated[TicketStatus | None, "what the ticket is set to once it is sent"]
    version: Annotated[int, "counts up with each change"]


class AnswerPreviewDocument(TypedDict):
    """An answer as its customer would see it; nothing is sent."""

    to: str
    cc: Annotated[list[str], "addresses"]
    subject: str
    text: str
    html: Annotated[str, "the same as a page"]
    files: Annotated[list[str], "names"]
    size: Annotated[int, "bytes of the whole message"]
    language: str
    template: Annotated[str, "the letter it is made with; in brackets: built in"]
    problem: Annotated[str, "what is wrong with the template, where something is"]


def answer_document(given: GivenAnswer) -> AnswerDocument:
    """An answer as JSON."""
    return AnswerDocument(
        ticket=given.ticket,
        key=given.key,
        state=given.state,
        by=given.author,
        to=given.to,
        cc=list(given.cc),
        text=given.text,
        files=list(given.files),
        status=given.then,
        sends_at=given.sends_at,
        message_id=given.message_id,
        error=given.error,
    )


def draft_document(draft: AnswerDraft) -> DraftDocument:
    """A draft as JSON."""
    return DraftDocument(
        ticket=draft.ticket,
        by=draft.author,
        text=draft.typed.text,
        subject=draft.typed.subject,
        cc=list(draft.typed.cc),
        files=[file.name for file in draft.files],
        status=draft.typed.then,
        version=draft.version,
    )


def preview_document(shown: AnswerPreview) -> AnswerPreviewDocument:
    """A preview as JSON, its files as the message has them."""
    message = message_from_bytes(shown.reply.data, policy=default)
    return AnswerPreviewDocument(
        to=shown.to,
        cc=list(shown.cc),
        subject=shown.letter.subject,
        text=shown.letter.text,
        html=shown.letter.html,
        files=[part.get_filename() or "" for part in message.iter_attachments()],
        size=len(shown.reply.data),
        language=shown.letter.language,
        template=shown.letter.template,
        problem=shown.letter.problem,
    )
