"""GitLab issues, on gitlab.com and on a server of one's own (REST, version 4).

Our key is a label of its own on the issue: issues are listed by label straight from the database. The label is made
before the issue, so that a token without that right files nothing instead of filing what is never found again. Issues
have no priorities. What comes after a `/` at the beginning of a line would be a command to GitLab, hence the fence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from pipeline.config.trackers import TrackerConfig
from pipeline.errors import RejectedError
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
from pipeline.records.ticket import TicketStatus
from pipeline.trackers import texts
from pipeline.trackers.statuses import Statuses

LONGEST_TITLE, LONGEST_TEXT = 250, 500_000  # it takes 255 and 1,048,576
PAGE = 100
PRIVATE = "private"
REPORTER = 20  # the access level that may make labels
WORDS = {"opened": TicketStatus.OPEN, "closed": TicketStatus.RESOLVED}
COLOUR = "#6b7280"


class _GitLabRights(Shape):
    access_level: int


class _GitLabProject(Shape):
    path_with_namespace: str = ""
    visibility: str = PRIVATE
    permissions: Mapping[str, _GitLabRights | None] = Field(default_factory=dict)


class _GitLabFiled(Shape):
    iid: int
    labels: tuple[str, ...] = ()


class _GitLabLabel(Shape):
    name: str


class _GitLabUser(Shape):
    id: int


class _GitLabPerson(Shape):
    username: str = ""


class _GitLabIssue(Shape):
    state: str
    labels: tuple[str, ...] = ()
    assignees: list[_GitLabPerson] | None = None


class _GitLabUpload(Shape):
    url: str


class _GitLabAuthor(Shape):
    id: int
    username: str


class _GitLabMember(Shape):
    state: str = "active"


class _GitLabNote(Shape):
    id: str
    created_at: str | None = None
    author: _GitLabAuthor
    body: str
    system: bool = False
    internal: bool | None = None


class GitlabTracker:
    """The issues of a project. A ticket's id is `group/project#number`."""

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER, Ability.FILES})
    lag = 0.0

    def __init__(self, name: str, section: str, settings: TrackerConfig, folder: Path) -> None:
        self.name, self.settings = name, settings
        self.statuses = Statuses(WORDS, settings.statuses)
        token = settings.secret(folder, section)
        self.rest = Rest(section, settings, folder, path="/api/v4", PRIVATE_TOKEN=token)
        self._open_to_all: dict[str, bool] = {}  # by project
        self._members: dict[tuple[str, int], bool] = {}  # by project and person, where that is open to all

    def check(self) -> str:
        """See doors.Tracker.check."""
        project = self.settings.project
        found = self.rest.get_or_none(_GitLabProject, _project(project))
        if found is None:
            raise self.rest.no_project(project)
        rights = found.permissions.values()
        if max((one.access_level for one in rights if one), default=0) < REPORTER:
            raise RejectedError(
                "our token may not make labels there, and our key is kept in one",
                where=f"{self.rest.where}, {project}",
                remedy="give it the role Reporter or higher, and the scope api",
            )
        return f"GitLab project {found.path_with_namespace or project}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """See doors.Tracker.find."""
        project = project or self.settings.project
        query = {"labels": key, "scope": "all", "state": "all", "order_by": "created_at", "sort": "asc"}
        found = self.rest.get(list[_GitLabFiled], f"{_project(project)}/issues", query)
        ours = [one for one in found if key in one.labels]
        return self._filed(project, ours[0]) if ours else None

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        project = filing.project or self.settings.project
        self._make_label(project, filing.key)
        title, text = texts.bounded(filing, LONGEST_TITLE, LONGEST_TEXT)
        body: dict[str, object] = {
            "title": texts.spaced(title),
            "description": texts.fenced(text) + self._attached(project, filing.files),
            "labels": ",".join([filing.key, *(label.replace(",", " ") for label in filing.labels)]),
        }
        if filing.owner:
            body["assignee_ids"] = [self._person(filing.owner)]
        return self._filed(project, self.rest.post(_GitLabFiled, f"{_project(project)}/issues", body))

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        project = ticket.rpartition("#")[0]
        text = texts.fenced(texts.cut(remark.text, LONGEST_TEXT)) + self._attached(project, remark.files)
        self.rest.send("POST", f"{_path(ticket)}/notes", {"body": texts.signed(text, remark.key)})

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        body: dict[str, object] = {}
        if change.status:
            body["state_event"] = "close" if change.status.is_over else "reopen"
        if change.owner:
            body["assignee_ids"] = [self._person(change.owner)]
        if body:
            self.rest.send("PUT", _path(ticket), body)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        issue = self.rest.get_or_none(_GitLabIssue, _path(ticket))
        if issue is None:
            return None
        own = self.statuses.configured(*issue.labels) if issue.state == "opened" else None
        return OutsideStanding(
            status=own or self.statuses.meaning(issue.state),
            word=issue.state,
            owner=issue.assignees[0].username if issue.assignees else "",
            said=tuple(self._said(ticket)),
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        self.rest.delete(_path(ticket))
        return ""

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        project, _, number = ticket.rpartition("#")
        return f"{self.settings.url.rstrip('/')}/{project}/-/issues/{number}"

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    def _make_label(self, project: str, label: str) -> None:
        if self.rest.get_or_none(_GitLabLabel, f"{_project(project)}/labels/{part(label)}") is None:
            self.rest.send("POST", f"{_project(project)}/labels", {"name": label, "color": COLOUR})

    def _person(self, username: str) -> int:
        for user in self.rest.get(list[_GitLabUser], "/users", {"username": username}):
            return user.id
        raise RejectedError(
            f"it knows nobody called {username!r}",
            where=self.rest.where,
            remedy="correct `owners` of its configuration",
        )

    def _attached(self, project: str, files: Sequence[File]) -> str:
        """Uploads the files; the Markdown that leads to them."""
        links = []
        for file in files:
            name = texts.file_name(file.name)
            form = {"file": (name, file.data, file.content_type)}
            uploaded = self.rest.post(_GitLabUpload, f"{_project(project)}/uploads", files=form)
            links.append(f"[{name}]({uploaded.url})")
        return "".join(f"\n\n{link}" for link in links)

    def _filed(self, project: str, issue: _GitLabFiled) -> OutsideTicket:
        ticket = f"{project}#{issue.iid}"
        return OutsideTicket(id=ticket, url=self.link(ticket))

    def _said(self, ticket: str) -> Iterator[OutsideComment]:
        """Notes of people; those that GitLab makes itself about every change are left out."""
        query = {"sort": "asc", "order_by": "created_at"}
        for one in self.rest.pages(_GitLabNote, f"{_path(ticket)}/notes", query, PAGE):
            if not one.system:
                yield OutsideComment(
                    id=one.id,
                    at=at(one.created_at),
                    author=one.author.username,
                    text=one.body,
                    public=not one.internal,
                    by_team=self._is_known(ticket.rpartition("#")[0], one.author),
                    key=texts.key_of(one.body),
                )

    def _is_known(self, project: str, author: _GitLabAuthor) -> bool:
        """A project that is not private lets everybody comment who has an account: is this one of its members?"""
        if author.username in self.settings.owners.values():
            return True
        if project not in self._open_to_all:
            found = self.rest.get_or_none(_GitLabProject, _project(project))
            self._open_to_all[project] = found is not None and found.visibility != PRIVATE
        if not self._open_to_all[project]:
            return True
        who = (project, author.id)
        if who not in self._members:
            member = self.rest.get_or_none(_GitLabMember, f"{_project(project)}/members/all/{author.id}")
            self._members[who] = member is not None and member.state == "active"
        return self._members[who]


def _project(project: str) -> str:
    return f"/projects/{part(project)}"


def _path(ticket: str) -> str:
    project, _, number = ticket.rpartition("#")
    return f"{_project(project)}/issues/{part(number)}"
