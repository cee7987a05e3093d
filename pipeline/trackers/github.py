"""GitHub Issues, on github.com and on a server of one's own (REST, version 2022-11-28).

Our key is a label of its own on the issue: the list of a repository's issues by label comes from the database, where
the search is an index that lags behind. The label is made before the issue, because GitHub silently drops labels that
the token may not make: so a token without that right files nothing instead of filing what is never found again.
On a public repository anybody may comment: who is no member keeps no promise of ours and tells the customer nothing.
GitHub has no priorities, and no way to attach files: their names are in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.config.trackers import TrackerConfig
from pipeline.errors import RejectedError
from pipeline.http_client import Params, Rest, Shape, at, part
from pipeline.records.filing import Ability, Change, Filing, OutsideComment, OutsideStanding, OutsideTicket, Remark
from pipeline.records.ticket import TicketStatus
from pipeline.trackers import texts
from pipeline.trackers.statuses import Statuses

LONGEST_TITLE, LONGEST_TEXT = 250, 60_000  # it takes 256 and 65,536
PAGE = 100
WORDS = {
    "open": TicketStatus.OPEN,
    "reopened": TicketStatus.OPEN,
    "completed": TicketStatus.RESOLVED,
    "not_planned": TicketStatus.CLOSED,
    "duplicate": TicketStatus.CLOSED,
    "closed": TicketStatus.RESOLVED,
}
TEAM = ("OWNER", "MEMBER", "COLLABORATOR")  # associations with a repository of those who may speak for us


class _GitHubPermissions(Shape):
    push: bool = False


class _GitHubRepository(Shape):
    full_name: str = ""
    permissions: _GitHubPermissions | None = None


class _GitHubLabel(Shape):
    name: str | None = None


class _GitHubLabelled(Shape):
    labels: tuple[_GitHubLabel | str, ...] = ()

    @property
    def label_names(self) -> list[str]:
        """Its labels."""
        return [one if isinstance(one, str) else one.name or "" for one in self.labels]


class _GitHubFiled(_GitHubLabelled):
    number: int
    pull_request: object = None  # the search finds those as well


class _GitHubUser(Shape):
    login: str = ""


class _GitHubIssue(_GitHubLabelled):
    state: str
    state_reason: str | None = None
    assignee: _GitHubUser | None = None


class _GitHubComment(Shape):
    id: str
    created_at: str | None
    body: str | None = None
    user: _GitHubUser | None = None
    author_association: str | None = None


_AT_GITHUB = ("github.com", "www.github.com")


class GithubTracker:
    """The issues of a repository. A ticket's id is `owner/repository#number`."""

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER})
    lag = 0.0

    def __init__(self, name: str, section: str, settings: TrackerConfig, folder: Path) -> None:
        self.name, self.settings = name, settings
        self.statuses = Statuses(WORDS, settings.statuses)
        token = settings.secret(folder, section)
        base = "https://api.github.com" if urlsplit(settings.url).hostname in _AT_GITHUB else ""
        own = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X_GitHub_Api_Version": "2022-11-28",
        }
        self.rest = Rest(section, settings, folder, path="/api/v3", base=base, **own)

    def check(self) -> str:
        """See doors.Tracker.check."""
        project = self.settings.project
        found = self.rest.get_or_none(_GitHubRepository, f"/repos/{project}")
        if found is None:
            raise self.rest.no_project(project)
        if found.permissions is None or not found.permissions.push:
            raise RejectedError(
                "our token may not make labels there, and our key is kept in one",
                where=f"{self.rest.where}, {project}",
                remedy="give its account the role Write, and the token read and write access to issues",
            )
        return f"GitHub repository {found.full_name or project}"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """See doors.Tracker.find."""
        project = project or self.settings.project
        query: Params = {"labels": key, "state": "all", "sort": "created", "direction": "asc", "per_page": PAGE}
        found = self.rest.get(list[_GitHubFiled], f"/repos/{project}/issues", query)
        ours = [one for one in found if key in one.label_names and "pull_request" not in one.model_fields_set]
        return self._filed(project, ours[0]) if ours else None

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        project = filing.project or self.settings.project
        for label in (filing.key, *filing.labels):
            self._make_label(project, label)
        title, text = texts.bounded(filing, LONGEST_TITLE, LONGEST_TEXT)
        body = {
            "title": texts.spaced(title),
            "body": texts.fenced(text) + texts.names_of_files(filing.files),
            "labels": [filing.key, *filing.labels],
            "assignees": [filing.owner] if filing.owner else [],
        }
        return self._filed(project, self.rest.post(_GitHubFiled, f"/repos/{project}/issues", body))

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        text = texts.fenced(texts.cut(remark.text, LONGEST_TEXT)) + texts.names_of_files(remark.files)
        self.rest.send("POST", f"{_path(ticket)}/comments", {"body": texts.signed(text, remark.key)})

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        body: dict[str, object] = {}
        match change.status:
            case None:
                pass
            case TicketStatus.RESOLVED | TicketStatus.CLOSED:
                reason = "completed" if change.status is TicketStatus.RESOLVED else "not_planned"
                body |= {"state": "closed", "state_reason": reason}
            case _:
                body |= {"state": "open"}
        if change.owner:
            body["assignees"] = [change.owner]
        if body:
            self.rest.send("PATCH", _path(ticket), body)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        issue = self.rest.get_or_none(_GitHubIssue, _path(ticket))
        if issue is None:
            return None
        reason = issue.state_reason or "" if issue.state == "closed" else ""
        own = self.statuses.configured(*issue.label_names) if issue.state == "open" else None  # a label may say more
        return OutsideStanding(
            status=own or self.statuses.meaning(reason, issue.state),
            word=reason or issue.state,
            owner=issue.assignee.login if issue.assignee else "",
            resolution=reason,
            said=tuple(self._said(ticket)),
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        if self.rest.get_or_none(_GitHubIssue, _path(ticket)) is None:
            return ""
        project = ticket.rpartition("#")[0]
        for one in [*self._said(ticket)]:
            if one.key:  # ours: what colleagues wrote is theirs
                self.rest.delete(f"/repos/{project}/issues/comments/{part(one.id)}")
        self.rest.send("PATCH", _path(ticket), {"title": texts.ERASED, "body": "", "state": "closed"})
        return f"GitHub shows earlier versions of what was edited: delete the issue there, {self.link(ticket)}"

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        project, _, number = ticket.rpartition("#")
        return f"{self.settings.url.rstrip('/')}/{project}/issues/{number}"

    def close(self) -> None:
        """See doors.Tracker.close."""
        self.rest.close()

    def _make_label(self, project: str, label: str) -> None:
        """So that it is there: one that exists is just what we want."""
        if self.rest.get_or_none(_GitHubLabel, f"/repos/{project}/labels/{part(label)}") is None:
            self.rest.send("POST", f"/repos/{project}/labels", {"name": label})

    def _filed(self, project: str, issue: _GitHubFiled) -> OutsideTicket:
        ticket = f"{project}#{issue.number}"
        return OutsideTicket(id=ticket, url=self.link(ticket))

    def _said(self, ticket: str) -> Iterator[OutsideComment]:
        for one in self.rest.pages(_GitHubComment, f"{_path(ticket)}/comments", {}, PAGE):
            text, author = one.body or "", one.user.login if one.user else ""
            known = author in self.settings.owners.values() or one.author_association in TEAM
            yield OutsideComment(
                id=one.id,
                at=at(one.created_at),
                author=author,
                text=text,
                by_team=known,
                key=texts.key_of(text),
            )


def _path(ticket: str) -> str:
    project, _, number = ticket.rpartition("#")
    return f"/repos/{project}/issues/{part(number)}"
