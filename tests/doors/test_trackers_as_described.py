"""GitHub and GitLab as their makers, or those who follow them closely, describe them: githubkit's models are made from
GitHub's own OpenAPI description, python-gitlab declares what GitLab takes. What we ask and read is held to that."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import pytest
from githubkit_schemas.v2022_11_28 import models
from githubkit_schemas.v2022_11_28.rest.issues import IssuesClient
from githubkit_schemas.v2022_11_28.rest.repos import ReposClient
from gitlab.v4 import objects
from pydantic import BaseModel

from pipeline.config.trackers import TrackerConfig
from pipeline.config.values import Secret
from pipeline.http_client import Shape
from pipeline.records.filing import Change, File, Remark
from pipeline.records.ticket import TicketStatus
from pipeline.replies.payload import compile_payload
from pipeline.trackers import github, open_tracker
from tests.servers.tracker_apis import Asked
from tests.servers.tracker_kinds import TOKEN, GitHub, GitLab
from tests.tracker_suite import a_filing, secrets

# Our shape of an answer, and theirs.
READ: tuple[tuple[type[Shape], type[BaseModel]], ...] = (
    (github._GitHubRepository, models.FullRepository),
    (github._GitHubFiled, models.Issue),
    (github._GitHubIssue, models.Issue),
    (github._GitHubComment, models.IssueComment),
    (github._GitHubLabel, models.Label),
)
# Method and path of what we send, and their model of its body.
SENT: dict[tuple[str, str], type[BaseModel]] = {
    ("POST", "/repos/{}/{}/issues"): models.ReposOwnerRepoIssuesPostBody,
    ("PATCH", "/repos/{}/{}/issues/{}"): models.ReposOwnerRepoIssuesIssueNumberPatchBody,
    ("POST", "/repos/{}/{}/issues/{}/comments"): models.ReposOwnerRepoIssuesIssueNumberCommentsPostBody,
    ("POST", "/repos/{}/{}/labels"): models.ReposOwnerRepoLabelsPostBody,
}
# The same for GitLab: what declares the query of a list, what may be created and what may be changed.
GITLAB: dict[str, Any] = {
    "/projects/{}/issues": objects.ProjectIssueManager,
    "/projects/{}/issues/{}": objects.ProjectIssueManager,
    "/projects/{}/issues/{}/notes": objects.ProjectIssueNoteManager,
    "/projects/{}/labels": objects.ProjectLabelManager,
    "/users": objects.UserManager,
}
PAGES = {"page", "per_page"}  # of every list


@pytest.mark.parametrize(("ours", "theirs"), READ, ids=[ours.__name__ for ours, _ in READ])
def test_what_we_read_of_github_is_there_and_may_not_be_what_we_do_not_expect(
    ours: type[Shape], theirs: type[BaseModel]
) -> None:
    assert [*_gaps(ours, theirs)] == []


def test_a_difference_from_the_description_is_found() -> None:
    class Wrong(Shape):
        state: str
        closed_at: str
        milestones: str = ""

    assert [*_gaps(Wrong, models.Issue)] == ["closed_at may be null", "milestones is not there"]


def test_each_request_to_github_is_one_that_github_describes(tmp_path: Path) -> None:
    known = {*_operations(IssuesClient), *_operations(ReposClient)}
    asked = _asked(GitHub(), "github", "acme/support", tmp_path)
    assert {(one.method, _github_path(one)) for one in asked} - known == set()
    assert {one.method for one in asked} == {"GET", "POST", "PATCH", "DELETE"}


def test_each_body_that_github_gets_is_one_that_it_takes(tmp_path: Path) -> None:
    sent = [one for one in _asked(GitHub(), "github", "acme/support", tmp_path) if one.method in ("POST", "PATCH")]
    for one in sent:
        model = SENT[one.method, _github_path(one)]
        assert set(one.body) - {field.alias or name for name, field in model.model_fields.items()} == set()
        model.model_validate(one.body)
    assert {(one.method, _github_path(one)) for one in sent} == set(SENT)


def test_each_query_of_github_is_one_that_it_takes(tmp_path: Path) -> None:
    for one in _asked(GitHub(), "github", "acme/support", tmp_path):
        if one.query:
            takes = inspect.signature(getattr(IssuesClient, _list_of(_github_path(one)))).parameters
            assert set(one.query) - set(takes) == set()


def test_each_query_and_body_that_gitlab_gets_is_one_that_it_takes(tmp_path: Path) -> None:
    seen = set()
    for one in _asked(GitLab(), "gitlab", "acme/support", tmp_path):
        path = re.sub(r"/(?:acme%2[Ff]support|\d+)", "/{}", one.path.removeprefix("/api/v4"))
        manager = GITLAB.get(path)
        if manager is None:
            continue
        seen.add(path)
        if one.method == "GET":
            assert set(one.query) - PAGES - set(getattr(manager, "_list_filters", ())) - {"order_by", "sort"} == set()
        elif one.method != "DELETE":
            takes = manager._create_attrs if one.method == "POST" else manager._update_attrs
            assert set(one.body) - {*takes.required, *takes.optional} == set()
            assert set(takes.required) <= set(one.body)
    assert seen == set(GITLAB)


def _asked(api: Any, kind: str, project: str, folder: Path) -> list[Asked]:
    """What we say to it when a ticket lives its life."""
    secrets(folder, TOKEN)
    settings = TrackerConfig(kind=kind, url=api.url, project=project, token=Secret(file="right"))
    tracker = open_tracker("", settings, folder, None, compile_payload)  # type: ignore[arg-type]
    try:
        tracker.check()
        filing = a_filing(labels=("bug",), owner="alice", files=(File(name="a.txt", content_type="", data=b"a"),))
        filed = tracker.open(filing)
        assert tracker.find(filing.key) == filed
        tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text="more"))
        for status in (TicketStatus.RESOLVED, TicketStatus.OPEN, TicketStatus.CLOSED):
            tracker.update(filed.id, Change(status=status, owner="alice"))
        assert tracker.standing(filed.id)
        tracker.erase(filed.id)
    finally:
        tracker.close()
        api.stop()
    return list(api.log)


def _github_path(asked: Asked) -> str:
    """As a template: their names of its parts do not matter."""
    path = asked.path.removeprefix("/api/v3").replace("/repos/acme/support", "/repos/{}/{}")
    return re.sub(r"(?<=/comments/)\d+$|(?<=/issues/)\d+|(?<=/labels/).+$", "{}", path)


def _list_of(path: str) -> str:
    return {"/repos/{}/{}/issues": "list_for_repo", "/repos/{}/{}/issues/{}/comments": "list_comments"}[path]


def _operations(client: type) -> Iterator[tuple[str, str]]:
    """Method and path of everything that their client can ask."""
    for _, function in inspect.getmembers(client, inspect.isfunction):
        text = inspect.getsource(function)
        if found := re.search(r'url = f?"([^"]+)"', text):
            method = re.search(r'arequest\(\s*"([A-Z]+)"|request\(\s*"([A-Z]+)"', text)
            assert method is not None
            yield method[1] or method[2], re.sub(r"\{\w+\}", "{}", found[1])


def _gaps(ours: type[BaseModel], theirs: type[BaseModel], above: str = "") -> Iterator[str]:
    """Where an answer that is as they describe it would not be what we expect."""
    described = {field.alias or name: field for name, field in theirs.model_fields.items()}
    for name, field in ours.model_fields.items():
        where = f"{above}{field.alias or name}"
        other = described.get(field.alias or name)
        if other is None:
            yield f"{where} is not there"
            continue
        expected, said = [*_kinds(field.annotation)], [*_kinds(other.annotation)]
        if not other.is_required() and field.is_required():
            yield f"{where} may be missing"
        if NoneType in said and NoneType not in expected and object not in expected:
            yield f"{where} may be null"
        if str in said and BaseModel in _families(expected) and str not in expected:
            yield f"{where} may be a string"
        for inner in (kind for kind in expected if BaseModel in _families([kind])):
            for their_inner in (kind for kind in said if BaseModel in _families([kind])):
                yield from _gaps(inner, their_inner, f"{where}.")


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types that a value, or an entry of it, may have."""
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for one in inner:
        yield from _kinds(one)


def _families(kinds: Iterable[Any]) -> set[type]:
    return {base for kind in kinds if isinstance(kind, type) for base in kind.__mro__}
