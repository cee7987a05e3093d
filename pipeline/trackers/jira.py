"""Jira: the cloud (REST 3, texts in the Atlassian Document Format) and servers of one's own (REST 2, wiki markup).

Which of them it is, its own `serverInfo` says (`deploymentType`), asked once a connection. Log-in: with a `username`
the token is sent as a password (cloud: e-mail and API token), without one as a bearer (a personal access token of a
server).

Our key is a label, or is in the text field named by `field` ("customfield_10042") for projects whose screens hide
labels. Jira can only be searched through its index, which lags: `lag` says how long nobody may trust an empty answer.
Files are attached after the ticket exists; one that can't be is left out, with a warning in the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from pydantic import Field

from pipeline import logs
from pipeline.config.trackers import TrackerConfig
from pipeline.errors import FirstlineError, RejectedError
from pipeline.http_client import MOST_PAGES, Params, Rest, Shape, at, bearer_or_basic, part
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
from pipeline.trackers import adf, texts
from pipeline.trackers.statuses import Statuses

LONGEST_TITLE, LONGEST_TEXT = 250, 30_000  # it takes 255 and 32,767
PAGE = 100
LAG = 60.0
PRIORITIES = {Priority.LOW: "Low", Priority.NORMAL: "Medium", Priority.HIGH: "High", Priority.URGENT: "Highest"}
WORDS = {
    **dict.fromkeys(("to do", "open", "reopened", "backlog", "new", "waiting for support"), TicketStatus.OPEN),
    **dict.fromkeys(("in progress", "in review", "work in progress", "escalated"), TicketStatus.ACTIVE),
    **dict.fromkeys(("waiting for customer", "pending", "on hold"), TicketStatus.WAITING),
    **dict.fromkeys(("done", "resolved"), TicketStatus.RESOLVED),
    **dict.fromkeys(("closed", "canceled", "cancelled", "declined"), TicketStatus.CLOSED),
}
CATEGORIES = {"new": TicketStatus.OPEN, "indeterminate": TicketStatus.ACTIVE, "done": TicketStatus.RESOLVED}


class _JiraServer(Shape):
    deployment_type: str = Field(alias="deploymentType")


class _JiraKeyed(Shape):
    key: str


class _JiraHit(_JiraKeyed):
    fields: dict[str, object]


class _JiraSearch(Shape):
    issues: list[_JiraHit]


class _JiraCategory(Shape):
    key: str = ""


class _JiraStatus(Shape):
    name: str
    category: _JiraCategory = Field(alias="statusCategory", default=_JiraCategory())


class _JiraPerson(Shape):
    account_id: str = Field(alias="accountId", default="")
    name: str = ""
    display_name: str = Field(alias="displayName", default="")


class _JiraResolution(Shape):
    name: str = ""


class _JiraFields(Shape):
    status: _JiraStatus
    assignee: _JiraPerson | None = None
    resolution: _JiraResolution | None = None


class _JiraIssue(Shape):
    fields: _JiraFields


class _JiraStep(Shape):
    id: str
    to: _JiraStatus


class _JiraSteps(Shape):
    transitions: list[_JiraStep]


class _JiraComment(Shape):
    id: str
    body: object  # text, or a document
    created: str | None
    author: _JiraPerson | None = None
    is_public: bool = Field(alias="jsdPublic", default=True)
    visibility: object = None  # where it is there, not everybody sees it


class _JiraComments(Shape):
    comments: list[_JiraComment]


class JiraTracker:
    """A project of Jira. A ticket's id is its key, `SUP-12`."""

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER, Ability.PRIORITY, Ability.FILES})
    lag = LAG

    def __init__(self, name: str, section: str, settings: TrackerConfig, folder: Path) -> None:
        self.name, self.settings = name, settings
        self.statuses = Statuses(WORDS, settings.statuses)
        login = bearer_or_basic(settings.username, settings.secret(folder, section))
        self.rest = Rest(section, settings, folder, Authorization=login)

    @cached_property
    def cloud(self) -> bool:
        """Is it Jira Cloud, and not a server of the company's own? Asked once."""
        return self.rest.get(_JiraServer, "/rest/api/2/serverInfo").deployment_type == "Cloud"

    @cached_property
    def api(self) -> str:
        """The path of the interface: version 3 in the cloud, 2 elsewhere."""
        return "/rest/api/3" if self.cloud else "/rest/api/2"

    def check(self) -> str:
        """See doors.Tracker.check. A project that is open to all is shown to a wrong token, too: it asks who we are."""
        self.rest.get(_JiraPerson, f"{self.api}/myself")
        project = self.settings.project
        found = self.rest.get_or_none(_JiraKeyed, f"{self.api}/project/{part(project)}")
        if found is None:
            raise self.rest.no_project(project)
        return f"Jira {'cloud' if self.cloud else 'server'}, project {found.key}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """In all projects: a key is of one ticket only, wherever it has been moved."""
        field = self.settings.field
        where = f'cf[{field.rpartition("_")[2]}] ~ "\\"{key}\\""' if field else f'labels = "{key}"'
        kept = field or "labels"
        path = f"{self.api}/search/jql" if self.cloud else f"{self.api}/search"
        found = self.rest.get(
            _JiraSearch, path, {"jql": f"{where} ORDER BY created ASC", "fields": kept, "maxResults": 20}
        )
        for issue in found.issues:
            value = issue.fields.get(kept)
            if key in (value if isinstance(value, list) else [value]):  # the search of texts is a rough one
                return self._filed(issue)
        return None

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        title, text = texts.bounded(filing, LONGEST_TITLE, LONGEST_TEXT)
        fields: dict[str, object] = {
            "project": {"key": filing.project or self.settings.project},
            "issuetype": {"name": self.settings.issue_type or "Task"},
            "summary": title,
            "description": self._body(text),
        }
        labels = [label.replace(" ", "-") for label in filing.labels]
        if self.settings.field:
            fields[self.settings.field] = filing.key
        else:
            labels = [filing.key, *labels]
        if labels:
            fields["labels"] = labels
        if filing.owner:
            fields["assignee"] = self._person(filing.owner)
        if filing.priority is not Priority.NORMAL:  # many screens have no such field
            fields["priority"] = {"name": PRIORITIES[filing.priority]}
        filed = self._filed(self.rest.post(_JiraKeyed, f"{self.api}/issue", {"fields": fields}))
        self._attach(filed.id, filing.files)
        return filed

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        body = self._body(texts.cut(remark.text, LONGEST_TEXT), remark.key)
        self.rest.send("POST", f"{self._path(ticket)}/comment", {"body": body})
        self._attach(ticket, remark.files)

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        if change.owner:
            self.rest.send("PUT", f"{self._path(ticket)}/assignee", self._person(change.owner))
        if change.priority:
            fields = {"priority": {"name": PRIORITIES[change.priority]}}
            self.rest.send("PUT", self._path(ticket), {"fields": fields})
        if change.status:
            self._move(ticket, change.status)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        issue = self.rest.get_or_none(_JiraIssue, self._path(ticket), {"fields": "status,assignee,resolution"})
        if issue is None:
            return None
        fields, assignee = issue.fields, issue.fields.assignee or _JiraPerson()
        return OutsideStanding(
            status=self._meaning(fields.status),
            word=fields.status.name,
            owner=assignee.account_id if self.cloud else assignee.name,
            resolution=fields.resolution.name if fields.resolution else "",
            said=tuple(self._said(ticket)),
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        self.rest.delete(self._path(ticket), {"deleteSubtasks": "true"})
        return ""

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        return f"{self.settings.url.rstrip('/')}/browse/{ticket}"

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    def _path(self, ticket: str) -> str:
        return f"{self.api}/issue/{part(ticket)}"

    def _body(self, text: str, key: str = "") -> str | adf.Node:
        if self.cloud:
            return adf.document(text, key)
        literal = text.replace("{noformat", "{ noformat").replace("[~", "[ ~")
        block = f"{{noformat}}\n{literal}\n{{noformat}}"
        return texts.signed(block, key) if key else block

    def _person(self, owner: str) -> dict[str, str]:
        return {"accountId" if self.cloud else "name": owner}

    def _meaning(self, status: _JiraStatus) -> TicketStatus:
        category = CATEGORIES.get(status.category.key, TicketStatus.OPEN)
        return self.statuses.meaning(status.name, otherwise=category)

    def _move(self, ticket: str, wanted: TicketStatus) -> None:
        """A workflow decides what may follow: the step that leads to what is wanted, or at least into its category."""
        now = self.rest.get(_JiraIssue, self._path(ticket), {"fields": "status"}).fields.status
        if self._meaning(now) is wanted:
            return
        steps = self.rest.get(_JiraSteps, f"{self._path(ticket)}/transitions").transitions
        fitting = [step for step in steps if self._meaning(step.to) is wanted] or [
            step for step in steps if self._meaning(step.to).is_over == wanted.is_over
        ]
        if not fitting:
            known = ", ".join(step.to.name for step in steps) or "nothing"
            raise RejectedError(
                f"its workflow leads from {now.name} to {known}: none of them means {wanted}",
                where=f"{self.rest.where}, {ticket}",
                remedy="add the workflow's words to `statuses` of its configuration",
            )
        self.rest.send("POST", f"{self._path(ticket)}/transitions", {"transition": {"id": fitting[0].id}})

    def _attach(self, ticket: str, files: Sequence[File]) -> None:
        for file in files:
            form = {"file": (texts.file_name(file.name), file.data, file.content_type)}
            try:
                headers = {"X-Atlassian-Token": "no-check"}
                self.rest.send("POST", f"{self._path(ticket)}/attachments", files=form, headers=headers)
            except FirstlineError as error:  # the ticket stands already: it must not be filed again for this
                logs.get("trackers").warning("a file was not attached", ticket=ticket, error=error.what)

    def _filed(self, issue: _JiraKeyed) -> OutsideTicket:
        return OutsideTicket(id=issue.key, url=self.link(issue.key))

    def _said(self, ticket: str) -> Iterator[OutsideComment]:
        for page in range(MOST_PAGES):
            query: Params = {"startAt": page * PAGE, "maxResults": PAGE, "orderBy": "created"}
            found = self.rest.get(_JiraComments, f"{self._path(ticket)}/comment", query)
            for one in found.comments:
                text = adf.plain(one.body)
                public = one.is_public and "visibility" not in one.model_fields_set
                name = one.author.display_name if one.author else ""
                key = texts.key_of(text)
                yield OutsideComment(id=one.id, at=at(one.created), author=name, text=text, public=public, key=key)
            if len(found.comments) < PAGE:
                return
        raise RejectedError("too many comments", where=f"{self.rest.where}, {ticket}", remedy="look at that ticket")
