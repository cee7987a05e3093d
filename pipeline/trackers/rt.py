"""Request Tracker 5 (REST 2).

Our key is in the custom field that `field` names, else at the end of the subject: TicketSQL asks the database
itself. All we write is a comment, never a reply: RT would mail a reply to its requestors. RT answers a change that it
does not make with 200 and a sentence, so what was set is looked at afterwards. Log-in: with a `username` its
password, else a token (RT::Authen::Token). RT has no labels that everybody has set up, so they are left out.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from pipeline.config.trackers import TrackerConfig
from pipeline.errors import RejectedError
from pipeline.http_client import MOST_PAGES, Params, Rest, Shape, at, bearer_or_basic, part, read_as
from pipeline.records.filing import (
    Ability,
    Change,
    File,
    Filing,
    OutsideComment,
    OutsideStanding,
    OutsideTicket,
    Remark,
)
from pipeline.records.ticket import Priority, TicketStatus
from pipeline.text.html import html_to_text
from pipeline.trackers import texts
from pipeline.trackers.statuses import Statuses

LONGEST_TITLE, LONGEST_TEXT = 150, 500_000  # it keeps 200 characters of a subject, our key included
PRIORITIES = {Priority.LOW: 0, Priority.NORMAL: 50, Priority.HIGH: 75, Priority.URGENT: 100}
WORDS = {
    "new": TicketStatus.OPEN,
    "open": TicketStatus.ACTIVE,
    "stalled": TicketStatus.WAITING,
    "resolved": TicketStatus.RESOLVED,
    "rejected": TicketStatus.CLOSED,
    "deleted": TicketStatus.CLOSED,
}
PAGE = 100
SPOKEN = {"Comment": False, "Correspond": True}  # kinds of transactions in which somebody says something: is it public?


class _RtQueue(Shape):
    name: str = Field(alias="Name")


class _RtPerson(Shape):
    id: str


class _RtFiled(Shape):
    id: str


class _RtKept(Shape):
    name: str
    values: tuple[str, ...] = ()


class _RtFound(_RtFiled):
    subject: str = Field(alias="Subject")
    fields: tuple[_RtKept, ...] | str = Field(alias="CustomFields", default=())  # '' where there are none


class _RtSearch(Shape):
    items: list[_RtFound]


class _RtStatus(Shape):
    status: str = Field(alias="Status")


class _RtTicket(_RtStatus):
    owner: _RtPerson = Field(alias="Owner")


class _RtTransaction(Shape):
    id: str
    type: str = Field(alias="Type")
    created: str | None = Field(alias="Created", default=None)
    creator: object = Field(alias="Creator", default=None)  # a _RtPerson, where somebody says something


class _RtHistory(Shape):
    items: list[_RtTransaction]


class _RtAttachment(Shape):
    id: str
    content_type: str | None = Field(alias="ContentType")
    file_name: str | None = Field(alias="Filename")


class _RtAttachments(Shape):
    items: list[_RtAttachment]


class _RtContent(Shape):
    content: str = Field(alias="Content")


class RtTracker:
    """A queue of RT. A ticket's id is its number."""

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER, Ability.PRIORITY, Ability.FILES})
    lag = 0.0

    def __init__(self, name: str, section: str, settings: TrackerConfig, folder: Path) -> None:
        self.name, self.settings = name, settings
        self.statuses = Statuses(WORDS, settings.statuses)
        login = bearer_or_basic(settings.username, settings.secret(folder, section), "token")
        self.rest = Rest(section, settings, folder, path="/REST/2.0", Authorization=login)

    def check(self) -> str:
        """See doors.Tracker.check."""
        project = self.settings.project
        found = self.rest.get_or_none(_RtQueue, f"/queue/{part(project)}")
        if found is None:
            raise self.rest.no_project(project)
        return f"Request Tracker queue {found.name}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """In all queues: a key is of one ticket only, wherever it has been moved."""
        field = self.settings.field
        query = f"CF.{{{field}}} = '{key}'" if field else f"Subject LIKE '[{key}]'"
        found = self.rest.get(
            _RtSearch, "/tickets", {"query": query, "fields": "Subject,CustomFields", "orderby": "id", "per_page": PAGE}
        )
        ours = [one for one in found.items if self._bears(one, key)]
        return self._filed(ours[0]) if ours else None

    def _bears(self, ticket: _RtFound, key: str) -> bool:
        if not self.settings.field:
            return texts.is_marked(ticket.subject, key)
        return any(
            isinstance(one, _RtKept) and one.name == self.settings.field and key in one.values for one in ticket.fields
        )

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        title, text = texts.bounded(filing, LONGEST_TITLE, LONGEST_TEXT)
        field = self.settings.field
        ticket: dict[str, object] = {
            "Queue": filing.project or self.settings.project,
            "Subject": title if field else texts.marked(title, filing.key),
            "Priority": PRIORITIES[filing.priority],
            **_content(text, filing.files),
        }
        if field:
            ticket["CustomFields"] = {field: filing.key}
        if filing.owner:
            ticket["Owner"] = filing.owner
        return self._filed(self.rest.post(_RtFiled, "/ticket", ticket))

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        text = texts.signed(texts.cut(remark.text, LONGEST_TEXT), remark.key)
        self.rest.send("POST", f"{_path(ticket)}/comment", _content(text, remark.files))

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        body: dict[str, object] = {}
        word = self._word(change.status) if change.status else ""
        if word:
            body["Status"] = word
        if change.owner:
            body["Owner"] = change.owner
        if change.priority:
            body["Priority"] = PRIORITIES[change.priority]
        if not body:
            return
        self.rest.send("PUT", _path(ticket), body)
        if word:
            self._must_be(ticket, word)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        found = self.rest.get_or_none(_RtTicket, _path(ticket))
        if found is None:
            return None
        owner = found.owner.id
        return OutsideStanding(
            status=self.statuses.meaning(found.status, otherwise=TicketStatus.ACTIVE),
            word=found.status,
            owner="" if owner == "Nobody" else owner,
            said=tuple(self._said(ticket)),
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        found = self.rest.get_or_none(_RtStatus, _path(ticket))
        if found is None:
            return ""
        if found.status != "deleted":
            self.rest.send("PUT", _path(ticket), {"Subject": texts.ERASED, "Status": "deleted"})
        return f"RT keeps a deleted ticket until it is shredded: rt-shredder --plugin 'Tickets=query,id = {ticket}'"

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        return f"{self.settings.url.rstrip('/')}/Ticket/Display.html?id={ticket}"

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    def _word(self, status: TicketStatus) -> str:
        """`deleted` means closed, but is never what we set."""
        return next(word for word in self.statuses.words(status) if word != "deleted")

    def _must_be(self, ticket: str, word: str) -> None:
        now = self.rest.get(_RtStatus, _path(ticket)).status
        if now != word:
            raise RejectedError(
                f"it stays {now}: its lifecycle or our rights do not allow {word}",
                where=f"{self.rest.where}, ticket {ticket}",
                remedy="give our account ModifyTicket, or add the queue's words to `statuses` of its configuration",
            )

    def _filed(self, ticket: _RtFiled) -> OutsideTicket:
        return OutsideTicket(id=ticket.id, url=self.link(ticket.id))

    def _said(self, ticket: str) -> Iterator[OutsideComment]:
        for page in range(1, MOST_PAGES + 1):
            query: Params = {"fields": "Type,Creator,Created", "per_page": PAGE, "page": page}
            found = self.rest.get(_RtHistory, f"{_path(ticket)}/history", query).items
            for one in found:
                if one.type in SPOKEN:
                    text, author = self._text(one.id), read_as(_RtPerson, one.creator).id
                    when, public, key = at(one.created), SPOKEN[one.type], texts.key_of(text)
                    yield OutsideComment(id=one.id, at=when, author=author, text=text, public=public, key=key)
            if len(found) < PAGE:
                return
        raise RejectedError("its history is too long", where=f"{self.rest.where}, {ticket}", remedy="look at it there")

    def _text(self, transaction: str) -> str:
        """The first part that is text and no file. The list is asked without contents: files may be large."""
        query: Params = {"fields": "ContentType,Filename", "per_page": PAGE}
        for one in self.rest.get(_RtAttachments, f"/transaction/{part(transaction)}/attachments", query).items:
            if one.content_type in ("text/plain", "text/html") and not one.file_name:
                content = self.rest.get(_RtContent, f"/attachment/{part(one.id)}").content
                text = base64.b64decode(content).decode("utf-8", "replace")
                return html_to_text(text) if one.content_type == "text/html" else text
        return ""


def _path(ticket: str) -> str:
    return f"/ticket/{part(ticket)}"


def _content(text: str, files: Sequence[File]) -> dict[str, object]:
    content: dict[str, object] = {"Content": text, "ContentType": "text/plain"}
    if files:
        content["Attachments"] = [
            {
                "FileName": texts.file_name(file.name),
                "FileType": file.content_type,
                "FileContent": base64.b64encode(file.data).decode(),
            }
            for file in files
        ]
    return content
