"""Roundup (REST, from 2.0 on; its template "classic" or one like it).

Our key is in the property of issues that `field` names (a String, if you have added one), else at the end of the
title: both are searched in the database itself. A text is a message of its own that is then tied to the issue,
against the issue's ETag: a message that a crash leaves untied is seen by nobody. A message makes Roundup set a
resolved issue to "chatting".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from pipeline.config.trackers import TrackerConfig
from pipeline.errors import RejectedError
from pipeline.http_client import Rest, Shape, at, bearer_or_basic, part
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
from pipeline.trackers import texts
from pipeline.trackers.statuses import Statuses

LONGEST_TITLE, LONGEST_TEXT = 250, 100_000
PRIORITIES = {
    Priority.LOW: ("wish", "low", "minor"),
    Priority.NORMAL: ("bug", "normal", "medium"),
    Priority.HIGH: ("urgent", "high", "major"),
    Priority.URGENT: ("critical",),
}
WORDS = {
    "unread": TicketStatus.OPEN,
    "chatting": TicketStatus.OPEN,
    "new": TicketStatus.OPEN,
    "open": TicketStatus.OPEN,
    "in-progress": TicketStatus.ACTIVE,
    "testing": TicketStatus.ACTIVE,
    "need-eg": TicketStatus.WAITING,
    "deferred": TicketStatus.WAITING,
    "resolved": TicketStatus.RESOLVED,
    "done-cbb": TicketStatus.RESOLVED,
    "closed": TicketStatus.CLOSED,
}


class _RoundupId(Shape):
    id: str


class _RoundupMade(Shape):
    data: _RoundupId


class _RoundupRows(Shape):
    collection: list[dict[str, object]]  # the fields that were asked for


class _RoundupFound(Shape):
    data: _RoundupRows


class _RoundupName(Shape):
    name: str = ""


class _RoundupNames(Shape):
    collection: list[_RoundupName]


class _RoundupClass(Shape):
    data: _RoundupNames


class _RoundupTag(Shape):
    etag: str = Field(alias="@etag")


class _RoundupTagged(Shape):
    data: _RoundupTag


class _RoundupUser(Shape):
    username: str = ""


class _RoundupAttributes(Shape):
    status: _RoundupName | None
    assignedto: _RoundupUser | None
    messages: list[_RoundupId]


class _RoundupItem(Shape):
    attributes: _RoundupAttributes


class _RoundupIssue(Shape):
    data: _RoundupItem


class _RoundupParts(Shape):
    messages: list[_RoundupId]
    files: list[_RoundupId]


class _RoundupPartsItem(Shape):
    attributes: _RoundupParts


class _RoundupWhole(Shape):
    data: _RoundupPartsItem


class _RoundupSaid(Shape):
    author: _RoundupUser | None
    date: str | None
    content: str


class _RoundupMessageItem(Shape):
    attributes: _RoundupSaid


class _RoundupMessage(Shape):
    data: _RoundupMessageItem


class RoundupTracker:
    """The issues of a tracker. A ticket's id is its number, without the word `issue`."""

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER, Ability.PRIORITY, Ability.FILES})
    lag = 0.0

    def __init__(self, name: str, section: str, settings: TrackerConfig, folder: Path) -> None:
        self.name, self.settings = name, settings
        self.statuses = Statuses(WORDS, settings.statuses)
        login = bearer_or_basic(settings.username, settings.secret(folder, section))
        parts = urlsplit(settings.url)
        # Its guard against forged requests wants to know that we come from its own pages.
        own = {"X_Requested_With": "rest", "Origin": f"{parts.scheme}://{parts.netloc}", "Referer": settings.url}
        self.rest = Rest(section, settings, folder, path="/rest/data", Authorization=login, **own)

    def check(self) -> str:
        """See doors.Tracker.check."""
        return f"Roundup with the statuses {', '.join(self._status_words)}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """See doors.Tracker.find."""
        field = self.settings.field or "title"
        found = self.rest.get(_RoundupFound, "/issue", {field: key, "@fields": field, "@sort": "id"}).data.collection
        fits = (lambda value: value == key) if self.settings.field else (lambda value: texts.is_marked(value, key))
        ours = [one for one in found if fits(str(one[field] or ""))]
        return self._filed(ours[0]["id"]) if ours else None

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        title, text = texts.bounded(filing, LONGEST_TITLE, LONGEST_TEXT)
        field = self.settings.field
        issue: dict[str, object] = {
            "title": title if field else texts.marked(title, filing.key),
            "messages": [self._message(text)],
            **self._files(filing.files),
            **self._priority(filing.priority),
        }
        if field:
            issue[field] = filing.key
        if filing.owner:
            issue["assignedto"] = filing.owner
        return self._filed(self.rest.post(_RoundupMade, "/issue", issue).data.id)

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        etag = self._etag(ticket)  # first, so that nothing is left over for an issue that is gone
        text = texts.signed(texts.cut(remark.text, LONGEST_TEXT), remark.key)
        more = {"messages": [self._message(text)], **self._files(remark.files)}
        self.rest.send("PATCH", _path(ticket), {"@op": "add", **more}, headers={"If-Match": etag})

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        body: dict[str, object] = {**self._priority(change.priority)}
        if change.status:
            body["status"] = self._word(change.status)
        if change.owner:
            body["assignedto"] = change.owner
        if body:
            self.rest.send("PATCH", _path(ticket), body, headers={"If-Match": self._etag(ticket)})

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        query = {"@fields": "status,assignedto,messages", "@verbose": "2"}
        found = self.rest.get_or_none(_RoundupIssue, _path(ticket), query)
        if found is None:
            return None
        issue = found.data.attributes
        word = issue.status.name if issue.status else ""
        messages = sorted((one.id for one in issue.messages), key=int)
        return OutsideStanding(
            status=self.statuses.meaning(word),
            word=word,
            owner=issue.assignedto.username if issue.assignedto else "",
            said=tuple(self._said(messages[1:])),  # the first is what was filed
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        found = self.rest.get_or_none(_RoundupWhole, _path(ticket), {"@fields": "messages,files", "@verbose": "2"})
        if found is None:
            return ""
        for one in found.data.attributes.files:
            self._rewrite(f"/file/{part(one.id)}", {"content": texts.ERASED, "name": texts.ERASED})
        for one in found.data.attributes.messages:
            self._rewrite(f"/msg/{part(one.id)}", {"content": texts.ERASED, "summary": texts.ERASED})
        self._rewrite(_path(ticket), {"title": texts.ERASED})
        return "Roundup keeps the history of an issue, with its old title, until it is packed: roundup-admin pack"

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        return f"{self.settings.url.rstrip('/')}/issue{ticket}"

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    @cached_property
    def _status_words(self) -> list[str]:
        return self._names("status")

    @cached_property
    def _priority_words(self) -> list[str]:
        return self._names("priority")

    def _names(self, what: str) -> list[str]:
        """The names of a class of theirs, in its order."""
        return [one.name for one in self.rest.get(_RoundupClass, f"/{what}", {"@fields": "name"}).data.collection]

    def _word(self, wanted: TicketStatus) -> str:
        """The first of its words that means this. One that has no word for closed is content with resolved."""
        meanings = [wanted, TicketStatus.RESOLVED] if wanted is TicketStatus.CLOSED else [wanted]
        for meaning in meanings:
            for word in self._status_words:
                if self.statuses.meaning(word) is meaning:
                    return word
        raise RejectedError(
            f"none of its statuses means {wanted}", where=self.rest.where, remedy="add it to `statuses` in config.toml"
        )

    def _priority(self, priority: Priority | None) -> dict[str, str]:
        """Nothing where it has no priority of such a name: its default is as good."""
        known = [word for word in PRIORITIES[priority] if word in self._priority_words] if priority else []
        return {"priority": known[0]} if known else {}

    def _etag(self, ticket: str) -> str:
        return self.rest.get(_RoundupTagged, _path(ticket), {"@fields": "status"}).data.etag

    def _rewrite(self, path: str, body: dict[str, str]) -> None:
        tag = self.rest.get(_RoundupTagged, path).data.etag
        self.rest.send("PATCH", path, body, headers={"If-Match": tag})

    def _message(self, text: str) -> str:
        body = {"content": text, "author": self.settings.username, "date": "."}  # a dot is now
        return self.rest.post(_RoundupMade, "/msg", body).data.id

    def _files(self, files: Sequence[File]) -> dict[str, list[str]]:
        ids = []
        for file in files:
            name = texts.file_name(file.name)
            form = {"name": name, "type": file.content_type}
            content = {"content": (name, file.data, file.content_type)}
            ids.append(self.rest.post(_RoundupMade, "/file", data=form, files=content).data.id)
        return {"files": ids} if ids else {}

    def _said(self, messages: Sequence[str]) -> Iterator[OutsideComment]:
        for number in messages:
            query = {"@fields": "author,date,content", "@verbose": "3"}
            found = self.rest.get_or_none(_RoundupMessage, f"/msg/{part(number)}", query)
            if found is None:  # retired meanwhile
                continue
            one = found.data.attributes
            text, author = one.content, one.author.username if one.author else ""
            when = at(str(one.date).replace(".", "T", 1))
            yield OutsideComment(id=number, at=when, author=author, text=text, key=texts.key_of(text))

    def _filed(self, number: object) -> OutsideTicket:
        return OutsideTicket(id=str(number), url=self.link(str(number)))


def _path(ticket: str) -> str:
    return f"/issue/{part(ticket)}"
