"""Redmine (REST, from 4.0 on).

Our key is in the custom field whose number `field` says (format Text, "used as a filter"), else at the end of the
subject: both are searched in the database itself. How texts are formatted is a setting of the server that nobody can
ask for, so what we write is inert in each of them. A change of status that the workflow forbids is silently ignored
there: it is looked at afterwards. Redmine has no labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from pipeline.config.trackers import TrackerConfig
from pipeline.errors import ConfigError, RejectedError
from pipeline.http_client import MOST_PAGES, Params, Rest, Shape, at, part, read_as
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

PAGE = 100  # entries of a list: it gives out no more at once
LONGEST_TITLE, LONGEST_TEXT = 200, 12_000  # it takes 255 characters, our key included; MySQL 65,535 bytes, 5 a line
WORDS = {
    "new": TicketStatus.OPEN,
    "in progress": TicketStatus.ACTIVE,
    "feedback": TicketStatus.WAITING,
    "resolved": TicketStatus.RESOLVED,
    "closed": TicketStatus.CLOSED,
    "rejected": TicketStatus.CLOSED,
}


class _RedmineNamed(Shape):
    id: int
    name: str = ""


class _RedmineMe(Shape):
    user: _RedmineNamed


class _RedmineIdentified(Shape):
    identifier: str


class _RedmineProject(Shape):
    project: _RedmineIdentified


class _RedmineFiled(Shape):
    id: str


class _RedmineKept(Shape):
    id: str
    value: object = None  # a list, where several are allowed


class _RedmineKeeping(_RedmineFiled):
    custom_fields: tuple[_RedmineKept, ...] = ()


class _RedmineFound(_RedmineKeeping):
    subject: str


class _RedmineSearch(Shape):
    issues: list[_RedmineFound]


class _RedmineOpened(Shape):
    issue: _RedmineKeeping


class _RedminePlaced(Shape):
    project: _RedmineFiled
    status: _RedmineNamed


class _RedminePlacedIssue(Shape):
    issue: _RedminePlaced


class _RedmineAuthor(Shape):
    name: str


class _RedmineJournal(Shape):
    id: str
    created_on: str | None = None
    user: object = None  # an _RedmineAuthor, where there is a note
    notes: str | None = None
    private_notes: bool = False


class _RedmineIssue(Shape):
    status: _RedmineNamed
    assigned_to: _RedmineNamed | None = None
    journals: list[_RedmineJournal]


class _RedmineWholeIssue(Shape):
    issue: _RedmineIssue


class _RedmineStatusEntry(_RedmineNamed):
    is_closed: bool = False


class _RedmineStatuses(Shape):
    issue_statuses: list[_RedmineStatusEntry]


class _RedminePriorities(Shape):
    issue_priorities: list[_RedmineNamed]


class _RedmineMember(Shape):
    user: _RedmineNamed | None = None  # none: a group


class _RedmineMembers(Shape):
    memberships: list[_RedmineMember]


class _RedmineToken(Shape):
    token: str


class _RedmineUpload(Shape):
    upload: _RedmineToken


class RedmineTracker:
    """A project of Redmine. A ticket's id is its number.

    A server that shows projects to everybody takes a wrong key for nobody's: only what asks for a log-in refuses it.
    """

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER, Ability.PRIORITY, Ability.FILES})
    lag = 0.0

    def __init__(self, name: str, section: str, settings: TrackerConfig, folder: Path) -> None:
        self.name, self.settings = name, settings
        self.statuses = Statuses(WORDS, settings.statuses)
        self.rest = Rest(section, settings, folder, X_Redmine_API_Key=settings.secret(folder, section))

    def check(self) -> str:
        """See doors.Tracker.check."""
        self.rest.get(_RedmineMe, "/users/current.json")
        project = self.settings.project
        found = self.rest.get_or_none(_RedmineProject, f"/projects/{part(project)}.json")
        if found is None:
            raise self.rest.no_project(project)
        if self._search("firstline-0000", 1):  # nobody's key
            raise ConfigError(
                f"{self.rest.where} does not search by the custom field {self.settings.field}",
                where=f"config.toml, {self.rest.section}.field",
                remedy='check its number, and set "Used as a filter" for it (Administration, Custom fields)',
            )
        return f"Redmine project {found.project.identifier}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """In all projects: a key is of one ticket only, wherever it has been moved."""
        for issue in self._search(key, PAGE):  # a filter that the server does not know finds everything
            if self._keeps(issue, key) if self.settings.field else texts.is_marked(issue.subject, key):
                return self._filed(issue)
        return None

    def _search(self, key: str, most: int) -> list[_RedmineFound]:
        field = self.settings.field
        wanted: Params = {f"cf_{field}": key} if field else {"subject": f"~[{key}]"}
        query: Params = {**wanted, "status_id": "*", "sort": "id", "limit": most}
        return self.rest.get(_RedmineSearch, "/issues.json", query).issues

    def _keeps(self, issue: _RedmineKeeping, key: str) -> bool:
        return any(one.id == self.settings.field and one.value == key for one in issue.custom_fields)

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        title, text = texts.bounded(filing, LONGEST_TITLE, LONGEST_TEXT)
        field = self.settings.field
        issue: dict[str, object] = {
            "project_id": filing.project or self.settings.project,
            "subject": title if field else texts.marked(title, filing.key),
            "description": texts.preformatted(text),
            **self._priority(filing.priority),
            **self._owner(filing.owner, filing.project),
            **self._files(filing.files),
        }
        if field:
            issue["custom_fields"] = [{"id": int(field), "value": filing.key}]
        made = self.rest.post(_RedmineOpened, "/issues.json", {"issue": issue}).issue
        if field and not self._keeps(made, filing.key):  # it takes no notice of a field that it does not know
            raise RejectedError(
                f"#{made.id} was made without our key: its tickets have no custom field {field}",
                where=self.rest.where,
                remedy=f"remove #{made.id} there, and correct `field` in config.toml",
            )
        return self._filed(made)

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        text = texts.preformatted(texts.cut(remark.text, LONGEST_TEXT))
        issue = {"notes": texts.signed(text, remark.key), **self._files(remark.files)}
        self.rest.send("PUT", _path(ticket), {"issue": issue})

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        project = self.rest.get(_RedminePlacedIssue, _path(ticket)).issue.project.id
        issue: dict[str, object] = {**self._priority(change.priority), **self._owner(change.owner, project)}
        if change.status:
            issue["status_id"] = self._status(change.status)
        if not issue:
            return
        self.rest.send("PUT", _path(ticket), {"issue": issue})
        if change.status and self.rest.get(_RedminePlacedIssue, _path(ticket)).issue.status.id != issue["status_id"]:
            raise RejectedError(
                f"its workflow does not let us set {change.status}",
                where=f"{self.rest.where}, #{ticket}",
                remedy="allow that step to the role of our account (Administration, Workflow)",
            )

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        found = self.rest.get_or_none(_RedmineWholeIssue, _path(ticket), {"include": "journals"})
        if found is None:
            return None
        issue = found.issue
        return OutsideStanding(
            status=self._meaning(issue.status),
            word=issue.status.name,
            owner=self._called(issue.assigned_to),
            said=tuple(_said(issue.journals)),
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        self.rest.delete(_path(ticket))
        return ""

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        return f"{self.settings.url.rstrip('/')}/issues/{ticket}"

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    @cached_property
    def _known(self) -> list[_RedmineStatusEntry]:
        """The server's statuses, in its order."""
        return self.rest.get(_RedmineStatuses, "/issue_statuses.json").issue_statuses

    @cached_property
    def _priorities(self) -> dict[str, int]:
        found = self.rest.get(_RedminePriorities, "/enumerations/issue_priorities.json").issue_priorities
        return {one.name.casefold(): one.id for one in found}

    def _meaning(self, status: _RedmineNamed) -> TicketStatus:
        closed = {one.id: one.is_closed for one in self._known}.get(status.id)
        return self.statuses.meaning(status.name, otherwise=TicketStatus.CLOSED if closed else TicketStatus.ACTIVE)

    def _status(self, wanted: TicketStatus) -> int:
        for status in self._known:
            if self._meaning(status) is wanted:
                return status.id
        raise RejectedError(
            f"none of its statuses means {wanted}", where=self.rest.where, remedy="add it to `statuses` in config.toml"
        )

    def _priority(self, priority: Priority | None) -> dict[str, int]:
        """Nothing where the server has no priority of this name: its default is as good."""
        number = self._priorities.get(priority.value) if priority else None
        return {"priority_id": number} if number else {}

    def _owner(self, owner: str, project: str) -> dict[str, int]:
        """By the number of the person, or by the name among the members of the project."""
        if not owner:
            return {}
        if owner.isdigit():
            return {"assigned_to_id": int(owner)}
        for member in self._members(project or self.settings.project):
            if member.user and member.user.name.casefold() == owner.casefold():
                return {"assigned_to_id": member.user.id}
        raise RejectedError(
            f"nobody in its project is called {owner!r}",
            where=self.rest.where,
            remedy="correct `owners` in config.toml",
        )

    def _members(self, project: str) -> Iterator[_RedmineMember]:
        for page in range(MOST_PAGES):
            query = {"limit": PAGE, "offset": page * PAGE}
            found = self.rest.get(_RedmineMembers, f"/projects/{part(project)}/memberships.json", query).memberships
            yield from found
            if len(found) < PAGE:
                return

    def _called(self, person: _RedmineNamed | None) -> str:
        """As `owners` calls them: by number or by name."""
        if person is None:
            return ""
        return str(person.id) if str(person.id) in self.settings.owners.values() else person.name

    def _files(self, files: Sequence[File]) -> dict[str, list[dict[str, str]]]:
        uploads = []
        for file in files:
            binary = {"Content-Type": "application/octet-stream"}
            uploaded = self.rest.post(_RedmineUpload, "/uploads.json", content=file.data, headers=binary).upload
            name = texts.file_name(file.name)
            uploads.append({"token": uploaded.token, "filename": name, "content_type": file.content_type})
        return {"uploads": uploads} if uploads else {}

    def _filed(self, issue: _RedmineFiled) -> OutsideTicket:
        return OutsideTicket(id=issue.id, url=self.link(issue.id))


def _path(ticket: str) -> str:
    return f"/issues/{part(ticket)}.json"


def _said(journals: Sequence[_RedmineJournal]) -> Iterator[OutsideComment]:
    """Entries with a note; the others only tell of changes."""
    for one in journals:
        if notes := one.notes:
            yield OutsideComment(
                id=one.id,
                at=at(one.created_on),
                author=read_as(_RedmineAuthor, one.user).name,
                text=notes,
                public=not one.private_notes,
                key=texts.key_of(notes),
            )
