"""Zammad (REST, from 5.0 on).

Our key is a tag of its own on the ticket: searched by a condition on tags, Zammad asks its database, where a search
by words asks an index that lags behind. The customer of the ticket is our own account there, as nothing of the real
one may be passed on that `share` keeps back. All we write is internal and plain text.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from pipeline.config.trackers import TrackerConfig
from pipeline.http_client import Rest, Shape, at, part
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

LONGEST_TITLE, LONGEST_TEXT = 240, 100_000  # it takes 250 characters of title
PRIORITIES = {Priority.LOW: "1 low", Priority.NORMAL: "2 normal", Priority.HIGH: "3 high", Priority.URGENT: "3 high"}
WORDS = {
    "new": TicketStatus.OPEN,
    "open": TicketStatus.ACTIVE,
    "pending reminder": TicketStatus.WAITING,
    "pending close": TicketStatus.WAITING,
    "closed": TicketStatus.RESOLVED,
    "merged": TicketStatus.CLOSED,
    "removed": TicketStatus.CLOSED,
}
# What we set where the operator names no state of his own: "pending" ones want a time, which only a person can know.
SET = {
    TicketStatus.OPEN: "new",
    TicketStatus.ACTIVE: "open",
    TicketStatus.WAITING: "open",
    TicketStatus.RESOLVED: "closed",
    TicketStatus.CLOSED: "closed",
}


class _ZammadGroup(Shape):
    name: str


class _ZammadFiled(Shape):
    id: int


class _ZammadTags(Shape):
    tags: list[str]


class _ZammadUser(Shape):
    id: int


class _ZammadTicket(Shape):
    state: str
    owner: str | None = None


class _ZammadArticle(Shape):
    id: int
    body: str
    created_at: str | None
    internal: bool
    content_type: str | None = None
    author: str | None = Field(alias="from", default=None)


class ZammadTracker:
    """A group of Zammad. A ticket's id is the one of its interface, not the number that people see."""

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER, Ability.PRIORITY, Ability.FILES})
    lag = 0.0

    def __init__(self, name: str, section: str, settings: TrackerConfig, folder: Path) -> None:
        self.name, self.settings = name, settings
        self.statuses = Statuses(WORDS, settings.statuses)
        token = settings.secret(folder, section)
        self.rest = Rest(section, settings, folder, path="/api/v1", Authorization=f"Token token={token}")

    def check(self) -> str:
        """See doors.Tracker.check."""
        project = self.settings.project
        names = [group.name for group in self.rest.get(list[_ZammadGroup], "/groups")]
        if project not in names:
            raise self.rest.no_project(project)
        return f"Zammad group {project}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """See doors.Tracker.find."""
        condition = {"condition[ticket.tags][operator]": "contains all", "condition[ticket.tags][value]": key}
        found = self.rest.get(list[_ZammadFiled], "/tickets/search", {**condition, "expand": "true", "limit": 10})
        ours = [one for one in sorted(found, key=lambda ticket: ticket.id) if key.casefold() in self._tags(one)]
        return self._filed(ours[0]) if ours else None

    def _tags(self, ticket: _ZammadFiled) -> list[str]:
        tags = self.rest.get(_ZammadTags, "/tags", {"object": "Ticket", "o_id": ticket.id}).tags
        return [tag.casefold() for tag in tags]

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        title, text = texts.bounded(filing, LONGEST_TITLE, LONGEST_TEXT)
        ticket: dict[str, object] = {
            "title": title,
            "group": filing.project or self.settings.project,
            "customer_id": self.rest.get(_ZammadUser, "/users/me").id,
            "priority": PRIORITIES[filing.priority],
            "tags": ",".join([filing.key, *(label.replace(",", " ") for label in filing.labels)]),
            "article": _article(title, text, filing.files),
        }
        if filing.owner:
            ticket["owner"] = filing.owner
        return self._filed(self.rest.post(_ZammadFiled, "/tickets", ticket))

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        text = texts.signed(texts.cut(remark.text, LONGEST_TEXT), remark.key)
        article = {"ticket_id": int(ticket), **_article("", text, remark.files)}
        self.rest.send("POST", "/ticket_articles", article)

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        body: dict[str, object] = {}
        if change.status:
            body["state"] = self._state(change.status)
        if change.owner:
            body["owner"] = change.owner
        if change.priority:
            body["priority"] = PRIORITIES[change.priority]
        if body:
            self.rest.send("PUT", f"/tickets/{part(ticket)}", body)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        found = self.rest.get_or_none(_ZammadTicket, f"/tickets/{part(ticket)}", {"expand": "true"})
        if found is None:
            return None
        owner = found.owner or ""
        return OutsideStanding(
            status=self.statuses.meaning(found.state),
            word=found.state,
            owner="" if owner == "-" else owner,  # the dash is nobody
            said=tuple(self._said(ticket)),
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        self.rest.delete(f"/tickets/{part(ticket)}")
        return ""

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        return f"{self.settings.url.rstrip('/')}/#ticket/zoom/{ticket}"

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    def _state(self, wanted: TicketStatus) -> str:
        own = [word for word, status in self.settings.statuses.items() if status is wanted]
        return own[0] if own else SET[wanted]

    def _filed(self, ticket: _ZammadFiled) -> OutsideTicket:
        return OutsideTicket(id=str(ticket.id), url=self.link(str(ticket.id)))

    def _said(self, ticket: str) -> Iterator[OutsideComment]:
        """All articles but the first, which is what was filed."""
        articles = self.rest.get(list[_ZammadArticle], f"/ticket_articles/by_ticket/{part(ticket)}")
        for one in sorted(articles, key=lambda article: article.id)[1:]:
            html = one.content_type == "text/html"
            text = html_to_text(one.body) if html else one.body
            yield OutsideComment(
                id=str(one.id),
                at=at(one.created_at),
                author=one.author or "",
                text=text,
                public=not one.internal,
                key=texts.key_of(text),
            )


def _article(subject: str, text: str, files: Sequence[File]) -> dict[str, object]:
    article: dict[str, object] = {"body": text, "type": "note", "internal": True, "content_type": "text/plain"}
    if subject:
        article["subject"] = subject
    if files:
        article["attachments"] = [
            {
                "filename": texts.file_name(file.name),
                "data": base64.b64encode(file.data).decode(),
                "mime-type": file.content_type,
            }
            for file in files
        ]
    return article
