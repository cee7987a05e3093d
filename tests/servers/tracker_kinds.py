"""The subsets of five trackers' interfaces that Firstline uses, enforced; and what hostile texts would set off there.

Written from what their makers document. It is our own reading of them: docs/trackers.md says so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import re
import time
from collections.abc import Mapping
from email.parser import BytesParser
from typing import Any

from tests.servers.tracker_apis import Api, Asked, Operation, RefusedError, Shape, Told

TOKEN = "tok-secret"
NOW = "2026-11-22T10:00:00Z"


def of(required: str = "", **properties: Shape) -> Shape:
    return {"type": "object", "required": required.split(), "properties": properties}


def text(most: int = 10**6, **more: Any) -> Shape:
    return {"type": "string", "maxLength": most, **more}


def many(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


NUMBER: Shape = {"type": "integer"}
ANY: Shape = {"type": "object", "additionalProperties": True}


def outside_fences(markdown: str) -> str:
    """What of a Markdown text is no code block (CommonMark, "Fenced code blocks")."""
    kept, fence = [], ""
    for line in re.split(r"\r\n|\r|\n", markdown):
        if not fence and (opening := re.match(r" {0,3}(`{3,})[^`]*$|^ {0,3}(~{3,})", line)):
            fence = opening[1] or opening[2]
        elif fence:
            if re.fullmatch(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*", line):
                fence = ""
        else:
            kept.append(line)
    return "\n".join(kept)


def form_file(asked: Asked, name: str) -> tuple[str, bytes]:
    """Name and content of a file in a form."""
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    for part in BytesParser().parsebytes(head + asked.raw).walk():
        if part.get_param("name", header="content-disposition") == name:
            return str(part.get_filename()), part.get_payload(decode=True) or b""  # type: ignore[return-value]
    raise RefusedError(400, f"{name} is missing")


class Kind(Api):
    """What all of them have: issues with comments."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(1)
        self.issues: dict[str, dict[str, Any]] = {}
        self.said: dict[str, list[dict[str, Any]]] = {}
        self.files: list[bytes] = []
        self.last = 0

    def issue(self, number: str) -> dict[str, Any]:
        if number not in self.issues:
            raise RefusedError(404, "Not Found")
        return self.issues[number]

    def keep(self, issue: dict[str, Any]) -> dict[str, Any]:
        self.last = next(self.numbers)
        number = str(self.last)
        self.issues[number], self.said[number] = issue, []
        return issue

    def remove(self, asked: Asked, number: str) -> Told:
        self.issue(number)
        del self.issues[number], self.said[number]
        return Told(204)

    @property
    def latest(self) -> str:
        return str(self.last)


class GitHub(Kind):
    """The repository acme/support, with the people alice and bot, under /api/v3 as on a server of one's own."""

    def __init__(self) -> None:
        super().__init__()
        self.labels, self.token = {"bug"}, TOKEN

    def declared(self) -> dict[str, Operation]:
        repo = "/api/v3/repos/acme/support"
        labels, people = many(text(50)), many(text(enum=["alice", "bot"]))
        return {
            f"GET {repo}": Operation(self.repository),
            f"GET {repo}/labels/{{name}}": Operation(self.label),
            f"POST {repo}/labels": Operation(self.make_label, body=of("name", name=text(50), color=text(6))),
            f"GET {repo}/issues": Operation(self.list, ("labels", "state", "sort", "direction", "per_page")),
            f"POST {repo}/issues": Operation(
                self.open, body=of("title", title=text(256), body=text(65536), labels=labels, assignees=people)
            ),
            f"GET {repo}/issues/{{n}}": Operation(self.show),
            f"PATCH {repo}/issues/{{n}}": Operation(
                self.change,
                body=of(
                    title=text(256),
                    body=text(65536),
                    state=text(enum=["open", "closed"]),
                    state_reason=text(enum=["completed", "not_planned", "reopened"]),
                    assignees=people,
                ),
            ),
            f"GET {repo}/issues/{{n}}/comments": Operation(self.comments, ("per_page", "page")),
            f"POST {repo}/issues/{{n}}/comments": Operation(self.comment, body=of("body", body=text(65536))),
            f"DELETE {repo}/issues/comments/{{id}}": Operation(self.uncomment),
        }

    def authorise(self, headers: Mapping[str, str]) -> None:
        if headers.get("authorization") != f"Bearer {self.token}":
            raise RefusedError(401, "Bad credentials")
        if headers.get("accept") != "application/vnd.github+json" or "x-github-api-version" not in headers:
            raise RefusedError(400, "headers are missing")

    def limit(self) -> Told:
        renewed = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 7)}
        return Told(403, {"message": "API rate limit exceeded"}, renewed)

    def reads(self, markdown: str) -> None:
        outside = outside_fences(markdown)
        self.harmed += re.findall(r"(?<![\w/])@\w+|#\d+|<\w+|!\[", outside)

    def repository(self, asked: Asked) -> Told:
        return Told(200, {"full_name": "acme/support", "permissions": {"pull": True, "push": True}})

    def label(self, asked: Asked, name: str) -> Told:
        if name not in self.labels:
            raise RefusedError(404, "Not Found")
        return Told(200, {"name": name})

    def make_label(self, asked: Asked) -> Told:
        if asked.body["name"] in self.labels:
            raise RefusedError(422, "already_exists")
        self.labels.add(asked.body["name"])
        return Told(201, asked.body)

    def open(self, asked: Asked) -> Told:
        self.reads(asked.body.get("body", ""))
        labels = [{"name": name} for name in asked.body.get("labels", []) if name in self.labels]
        people = [{"login": name} for name in asked.body.get("assignees", [])]
        number = self.last + 1
        issue = {"number": number, "title": asked.body["title"], "body": asked.body.get("body"), "state": "open"}
        more = {"state_reason": None, "labels": labels, "assignee": people[0] if people else None}
        return Told(201, self.keep({**issue, **more}))

    def list(self, asked: Asked) -> Told:
        wanted = asked.query["labels"]
        everything = [*self.issues.values(), {"number": 99, "pull_request": {}, "labels": [{"name": "bug"}]}]
        fits = [one for one in everything if wanted in {label["name"] for label in one["labels"]}]
        return Told(200, fits if self.filters else everything)

    def show(self, asked: Asked, number: str) -> Told:
        return Told(200, self.issue(number))

    def change(self, asked: Asked, number: str) -> Told:
        issue, body = self.issue(number), asked.body
        if body.get("state"):
            issue |= {"state": body["state"], "state_reason": body.get("state_reason", "reopened")}
        issue |= {name: body[name] for name in ("title", "body") if name in body}
        if people := body.get("assignees"):
            issue["assignee"] = {"login": people[0]}
        return Told(200, issue)

    def comments(self, asked: Asked, number: str) -> Told:
        self.issue(number)
        page, size = int(asked.query["page"]), int(asked.query["per_page"])
        return Told(200, self.said[number][(page - 1) * size : page * size])

    def comment(self, asked: Asked, number: str) -> Told:
        self.issue(number)
        self.reads(asked.body["body"])
        comment = {"id": sum(map(len, self.said.values())) + 1, "created_at": NOW, "user": {"login": "bot"}}
        comment["author_association"] = "COLLABORATOR"
        self.said[number].append({**comment, "body": asked.body["body"]})
        return Told(201, self.said[number][-1])

    def uncomment(self, asked: Asked, comment: str) -> Told:
        for said in self.said.values():
            said[:] = [one for one in said if str(one["id"]) != comment]
        return Told(204)


class GitLab(Kind):
    """The project acme/support, with the person alice. It carries out quick actions, as the real one does."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: set[str] = set()
        self.visibility = "private"

    def declared(self) -> dict[str, Operation]:
        project = "/api/v4/projects/acme%2Fsupport"
        label = of("name color", name=text(255), color=text(7))
        issue = of("title", title=text(255), description=text(2**20), labels=text(), assignee_ids=many(NUMBER))
        change = of(state_event=text(enum=["close", "reopen"]), assignee_ids=many(NUMBER))
        return {
            f"GET {project}": Operation(self.project),
            f"GET {project}/members/all/{{id}}": Operation(self.member),
            "GET /api/v4/users": Operation(self.users, ("username",)),
            f"GET {project}/labels/{{name}}": Operation(self.label),
            f"POST {project}/labels": Operation(self.make_label, body=label),
            f"GET {project}/issues": Operation(self.list, ("labels", "scope", "state", "order_by", "sort")),
            f"POST {project}/issues": Operation(self.open, body=issue),
            f"POST {project}/uploads": Operation(self.upload, content_type="multipart/form-data"),
            f"GET {project}/issues/{{n}}": Operation(self.show),
            f"PUT {project}/issues/{{n}}": Operation(self.change, body=change),
            f"DELETE {project}/issues/{{n}}": Operation(self.remove),
            f"GET {project}/issues/{{n}}/notes": Operation(self.notes, ("sort", "order_by", "per_page", "page")),
            f"POST {project}/issues/{{n}}/notes": Operation(self.note, body=of("body", body=text(2**20))),
        }

    def authorise(self, headers: Mapping[str, str]) -> None:
        if headers.get("private-token") != TOKEN:
            raise RefusedError(401, "401 Unauthorized")

    def reads(self, markdown: str) -> None:
        outside = outside_fences(markdown)
        self.harmed += re.findall(r"(?m)(?<![\w/])@\w+|#\d+|^/\w+|<\w+|!\[", outside)

    def project(self, asked: Asked) -> Told:
        rights = {"project_access": {"access_level": 20}, "group_access": None}
        about = {"path_with_namespace": "acme/support", "visibility": self.visibility}
        return Told(200, {**about, "permissions": rights})

    def member(self, asked: Asked, number: str) -> Told:
        if number not in ("5", "6"):
            raise RefusedError(404, "404 Not found")
        return Told(200, {"id": int(number), "access_level": 20, "state": "active"})

    def users(self, asked: Asked) -> Told:
        return Told(200, [{"id": 5, "username": "alice"}] if asked.query.get("username") == "alice" else [])

    label, make_label = GitHub.label, GitHub.make_label  # type: ignore[assignment]

    def open(self, asked: Asked) -> Told:
        self.reads(asked.body["description"])
        self.harmed += re.findall(r"(?<!\w)[@#!~%&$]\w+", asked.body["title"])
        labels = [name for name in asked.body["labels"].split(",") if name]
        people = [{"username": "alice"} for number in asked.body.get("assignee_ids", []) if number == 5]
        number = self.last + 1
        issue = {"iid": number, "title": asked.body["title"], "state": "opened", "labels": labels, "assignees": people}
        return Told(201, self.keep({**issue, "description": asked.body["description"]}))

    def upload(self, asked: Asked) -> Told:
        name, content = form_file(asked, "file")
        self.files.append(content)
        return Told(201, {"alt": name, "url": f"/uploads/{len(self.files):032x}/{name}", "markdown": f"![{name}](x)"})

    def list(self, asked: Asked) -> Told:
        wanted, everything = asked.query["labels"], list(self.issues.values())
        return Told(200, [one for one in everything if wanted in one["labels"]] if self.filters else everything)

    def show(self, asked: Asked, number: str) -> Told:
        return Told(200, self.issue(number))

    def change(self, asked: Asked, number: str) -> Told:
        issue = self.issue(number)
        if event := asked.body.get("state_event"):
            issue["state"] = {"close": "closed", "reopen": "opened"}[event]
            self.say(number, "changed the state", system=True)
        if asked.body.get("assignee_ids") == [5]:
            issue["assignees"] = [{"username": "alice"}]
        return Told(200, issue)

    def notes(self, asked: Asked, number: str) -> Told:
        self.issue(number)
        page, size = int(asked.query["page"]), int(asked.query["per_page"])
        return Told(200, self.said[number][(page - 1) * size : page * size])

    def note(self, asked: Asked, number: str) -> Told:
        self.issue(number)
        self.reads(asked.body["body"])
        return Told(201, self.say(number, asked.body["body"], system=False))

    def say(self, number: str, body: str, *, system: bool, author: tuple[int, str] = (6, "bot")) -> dict[str, Any]:
        person = {"id": author[0], "username": author[1]}
        note = {"id": len(self.said[number]) + 1, "created_at": NOW, "author": person, "system": system}
        self.said[number].append({**note, "body": body, "internal": False})
        return self.said[number][-1]


class Jira(Kind):
    """The project SUP. In the cloud texts are documents, on a server they are wiki markup."""

    def __init__(self, *, cloud: bool, field: str = "") -> None:
        super().__init__()
        self.cloud, self.field = cloud, field
        self.steps = {"11": ("To Do", "new"), "21": ("In Progress", "indeterminate"), "31": ("Done", "done")}

    def declared(self) -> dict[str, Operation]:
        api = f"/rest/api/{3 if self.cloud else 2}"
        body = ANY if self.cloud else text(32767)
        named, person = of("name", name=text()), self.person()
        kept = {"labels": many(text(255)), **({self.field: text(255)} if self.field else {})}
        fields = of(
            "project issuetype summary", project=of("key", key=text(enum=["SUP"])),
            issuetype=of("name", name=text(enum=["Task", "Complaint"])), summary=text(255), description=body,
            priority=named, assignee=person, **kept,
        )  # fmt: skip
        search = "search/jql" if self.cloud else "search"
        return {
            "GET /rest/api/2/serverInfo": Operation(self.info),
            f"GET {api}/myself": Operation(lambda asked: Told(200, {"displayName": "Bot", "active": True})),
            f"GET {api}/project/SUP": Operation(lambda asked: Told(200, {"key": "SUP"})),
            f"GET {api}/{search}": Operation(self.search, ("jql", "fields", "maxResults")),
            f"POST {api}/issue": Operation(self.open, body=of("fields", fields=fields)),
            f"GET {api}/issue/{{key}}": Operation(self.show, ("fields",)),
            f"PUT {api}/issue/{{key}}": Operation(self.change, body=of("fields", fields=of(priority=named))),
            f"DELETE {api}/issue/{{key}}": Operation(self.remove, ("deleteSubtasks",)),
            f"PUT {api}/issue/{{key}}/assignee": Operation(self.assign, body=person),
            f"GET {api}/issue/{{key}}/transitions": Operation(self.transitions),
            f"POST {api}/issue/{{key}}/transitions": Operation(
                self.move, body=of("transition", transition=of("id", id=text(enum=list(self.steps))))
            ),
            f"GET {api}/issue/{{key}}/comment": Operation(self.comments, ("startAt", "maxResults", "orderBy")),
            f"POST {api}/issue/{{key}}/comment": Operation(self.comment, body=of("body", body=body)),
            f"POST {api}/issue/{{key}}/attachments": Operation(self.attach, content_type="multipart/form-data"),
        }

    def person(self) -> Shape:
        return of("accountId", accountId=text()) if self.cloud else of("name", name=text())

    def authorise(self, headers: Mapping[str, str]) -> None:
        basic = "Basic " + base64.b64encode(f"bot@example.com:{TOKEN}".encode()).decode()
        if headers.get("authorization") != (basic if self.cloud else f"Bearer {TOKEN}"):
            raise RefusedError(401, "Client must be authenticated to access this resource.")

    def complaint(self, status: int, words: list[str]) -> Any:
        return {"errorMessages": words, "errors": {}}

    def reads(self, body: Any) -> None:
        if isinstance(body, str):
            self.harmed += re.findall(r"\[~\w+", body)
            outside = re.sub(r"\{noformat\}.*?\{noformat\}", "", body, flags=re.S)
            self.harmed += re.findall(r"\{\w+|\[[^\]]*\]|![^!]+!", outside)
            return
        if body["type"] == "text" and not body["text"]:
            raise RefusedError(400, "INVALID_INPUT")
        if body["type"] not in ("doc", "paragraph", "text", "hardBreak") or "marks" in body:
            self.harmed.append(body["type"])
        for one in body.get("content", []):
            self.reads(one)

    def info(self, asked: Asked) -> Told:
        return Told(200, {"deploymentType": "Cloud" if self.cloud else "Server", "version": "9.12"})

    def search(self, asked: Asked) -> Told:
        if self.field:
            wanted = re.fullmatch(rf'cf\[{self.field[12:]}\] ~ "\\"(\S+)\\"" ORDER BY created ASC', asked.query["jql"])
        else:
            wanted = re.fullmatch(r'labels = "(\S+)" ORDER BY created ASC', asked.query["jql"])
        if not wanted:
            raise RefusedError(400, "Error in the JQL Query")
        kept = self.field or "labels"  # and it finds too much, as its index may
        rough = wanted[1][:-1]
        found = [one for one in self.issues.values() if rough in str(one["fields"].get(kept))]
        return Told(200, {"issues": found})

    def open(self, asked: Asked) -> Told:
        fields = asked.body["fields"]
        self.reads(fields["description"])
        key = f"SUP-{self.last + 1}"
        status = {"name": "To Do", "statusCategory": {"key": "new"}}
        issue = {"key": key, "fields": {"assignee": None, "resolution": None, **fields, "status": status}}
        self.last += 1
        self.issues[key], self.said[key] = issue, []
        return Told(201, {"id": "1000", "key": key})

    @property
    def latest(self) -> str:
        return f"SUP-{self.last}"

    def show(self, asked: Asked, key: str) -> Told:
        return Told(200, self.issue(key))

    def change(self, asked: Asked, key: str) -> Told:
        self.issue(key)["fields"] |= asked.body["fields"]
        return Told(204)

    def assign(self, asked: Asked, key: str) -> Told:
        self.issue(key)["fields"]["assignee"] = asked.body
        return Told(204)

    def transitions(self, asked: Asked, key: str) -> Told:
        self.issue(key)
        steps = [
            {"id": number, "name": f"go to {name}", "to": {"name": name, "statusCategory": {"key": category}}}
            for number, (name, category) in self.steps.items()
        ]
        return Told(200, {"transitions": steps})

    def move(self, asked: Asked, key: str) -> Told:
        name, category = self.steps[asked.body["transition"]["id"]]
        resolution = {"name": "Done"} if category == "done" else None
        status = {"name": name, "statusCategory": {"key": category}}
        self.issue(key)["fields"] |= {"status": status, "resolution": resolution}
        return Told(204)

    def comments(self, asked: Asked, key: str) -> Told:
        self.issue(key)
        start = int(asked.query["startAt"])
        return Told(200, {"comments": self.said[key][start : start + int(asked.query["maxResults"])]})

    def comment(self, asked: Asked, key: str) -> Told:
        self.issue(key)
        self.reads(asked.body["body"])
        author = {"displayName": "Bot"}
        comment = {"id": str(len(self.said[key]) + 1), "author": author, "created": "2026-11-22T10:00:00.000+0000"}
        self.said[key].append({**comment, "body": asked.body["body"]})
        return Told(201, self.said[key][-1])

    def attach(self, asked: Asked, key: str) -> Told:
        if asked.headers.get("x-atlassian-token") != "no-check":
            raise RefusedError(403, "XSRF check failed")
        self.files.append(form_file(asked, "file")[1])
        return Told(200, [{"id": "1"}])


class Redmine(Kind):
    """The project support, with Alice Adams (5). Its workflow never leads to Rejected."""

    def __init__(self, *, field: str = "") -> None:
        super().__init__()
        self.field = field
        self.statuses = dict(enumerate(["New", "In Progress", "Feedback", "Resolved", "Closed"], 1))

    def declared(self) -> dict[str, Operation]:
        upload = of("token filename", token=text(), filename=text(), content_type=text())
        common = {"priority_id": NUMBER, "assigned_to_id": NUMBER, "uploads": many(upload)}
        custom = many(of("id value", id=NUMBER, value=text()))
        new = of(
            "project_id subject", project_id=text(enum=["support"]), subject=text(255), description=text(65535),
            custom_fields=custom, **common,
        )  # fmt: skip
        changed = of(status_id=NUMBER, notes=text(65535), **common)
        find = ("subject", "cf_7", "status_id", "sort", "limit")
        return {
            "GET /users/current.json": Operation(lambda asked: Told(200, {"user": {"id": 3, "login": "bot"}})),
            "GET /projects/support.json": Operation(lambda asked: Told(200, {"project": {"identifier": "support"}})),
            "GET /projects/1/memberships.json": Operation(self.members, ("limit", "offset")),
            "GET /projects/support/memberships.json": Operation(self.members, ("limit", "offset")),
            "GET /issue_statuses.json": Operation(self.list_statuses),
            "GET /enumerations/issue_priorities.json": Operation(self.list_priorities),
            "GET /issues.json": Operation(self.list, find),
            "POST /issues.json": Operation(self.open, body=of("issue", issue=new)),
            "POST /uploads.json": Operation(self.upload, content_type="application/octet-stream"),
            "GET /issues/{n}.json": Operation(self.show, ("include",)),
            "DELETE /issues/{n}.json": Operation(self.remove),
            "PUT /issues/{n}.json": Operation(self.change, body=of("issue", issue=changed)),
        }

    def authorise(self, headers: Mapping[str, str]) -> None:
        if headers.get("x-redmine-api-key") != TOKEN:
            raise RefusedError(401)

    def complaint(self, status: int, words: list[str]) -> Any:
        return {"errors": words}

    def reads(self, written: str) -> None:
        """In any of its formats: tags but our own, mentions, macros outside of <pre>."""
        if written.count("</pre>") != 1 or not written.startswith("<pre>"):
            self.harmed.append("pre")
        self.harmed += re.findall(r"<(?!/?pre>)[A-Za-z/!?]\w*|(?<!\w)@\w+", written)
        outside = re.sub(r"<pre>.*</pre>", "", written, flags=re.S)
        self.harmed += re.findall(r"\{\{|!\S+!|#\d+", outside)

    def members(self, asked: Asked) -> Told:
        known = [{"group": {"id": 6}}, *({"user": {"id": 100 + n, "name": f"Nobody {n}"}} for n in range(120))]
        known += [{"user": {"id": 5, "name": "Alice Adams"}}]
        first, most = int(asked.query.get("offset", 0)), min(int(asked.query.get("limit", 25)), 100)
        return Told(200, {"memberships": known[first : first + most], "total_count": len(known)})

    def list_statuses(self, asked: Asked) -> Told:
        known = [{"id": number, "name": name, "is_closed": number == 5} for number, name in self.statuses.items()]
        return Told(200, {"issue_statuses": known})

    def list_priorities(self, asked: Asked) -> Told:
        names = ["Low", "Normal", "High", "Urgent"]
        return Told(200, {"issue_priorities": [{"id": number, "name": name} for number, name in enumerate(names, 1)]})

    def list(self, asked: Asked) -> Told:
        if asked.query.get("status_id") != "*":
            raise RefusedError(400, "closed ones would be missing")
        if key := asked.query.get("cf_7"):
            found = [one for one in self.issues.values() if {"id": 7, "value": key} in one["custom_fields"]]
        else:
            part = asked.query["subject"].removeprefix("~")
            found = [one for one in self.issues.values() if part in one["subject"]]
        found = found if self.filters else list(self.issues.values())
        return Told(200, {"issues": found, "total_count": len(found)})

    def open(self, asked: Asked) -> Told:
        sent = asked.body["issue"]
        self.reads(sent["description"])
        number = self.last + 1
        issue = {"id": number, "project": {"id": 1}, "subject": sent["subject"], "status": {"id": 1, "name": "New"}}
        more = {"custom_fields": sent.get("custom_fields", []), "description": sent["description"]}
        return Told(201, {"issue": self.keep({**issue, **more, **self.assigned(sent)})})

    def assigned(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {"assigned_to": {"id": 5, "name": "Alice Adams"}} if sent.get("assigned_to_id") == 5 else {}

    def upload(self, asked: Asked) -> Told:
        self.files.append(asked.raw)
        return Told(201, {"upload": {"token": f"{len(self.files)}.abc"}})

    def show(self, asked: Asked, number: str) -> Told:
        journals = {"journals": self.said[number]} if asked.query.get("include") and number in self.said else {}
        return Told(200, {"issue": {**self.issue(number), **journals}})

    def change(self, asked: Asked, number: str) -> Told:
        issue, sent = self.issue(number), asked.body["issue"]
        if notes := sent.get("notes"):
            self.reads(notes)
        entry = {"id": len(self.said[number]) + 1, "created_on": NOW, "user": {"name": "Bot"}}
        self.said[number].append({**entry, "notes": notes or "", "private_notes": False})
        if (wanted := sent.get("status_id")) in self.statuses:  # else it is silently ignored
            issue["status"] = {"id": wanted, "name": self.statuses[wanted]}
        issue.update(self.assigned(sent))
        return Told(204)


class Zammad(Kind):
    """The group Support, with alice@example.com."""

    def declared(self) -> dict[str, Operation]:
        attachment = of("filename data mime-type", **{"filename": text(), "data": text(), "mime-type": text()})
        article = {
            "body": text(), "type": text(enum=["note"]), "internal": {"type": "boolean"}, "subject": text(),
            "content_type": text(enum=["text/plain"]), "attachments": many(attachment),
        }  # fmt: skip
        state, priority = text(enum=["new", "open", "closed"]), text(enum=["1 low", "2 normal", "3 high"])
        owner = text(enum=["alice@example.com"])
        ticket = of(
            "title group customer_id article", title=text(250), group=text(enum=["Support"]), customer_id=NUMBER,
            priority=priority, owner=owner, tags=text(), article=of("body", **article),
        )  # fmt: skip
        condition = ("condition[ticket.tags][operator]", "condition[ticket.tags][value]")
        return {
            "GET /api/v1/tags": Operation(self.tags, ("object", "o_id")),
            "GET /api/v1/groups": Operation(lambda asked: Told(200, [{"id": 1, "name": "Support"}])),
            "GET /api/v1/users/me": Operation(lambda asked: Told(200, {"id": 3, "login": "bot"})),
            "GET /api/v1/tickets/search": Operation(self.search, (*condition, "expand", "limit")),
            "POST /api/v1/tickets": Operation(self.open, body=ticket),
            "GET /api/v1/tickets/{n}": Operation(self.show, ("expand",)),
            "DELETE /api/v1/tickets/{n}": Operation(self.remove),
            "PUT /api/v1/tickets/{n}": Operation(self.change, body=of(state=state, owner=owner, priority=priority)),
            "GET /api/v1/ticket_articles/by_ticket/{n}": Operation(self.articles),
            "POST /api/v1/ticket_articles": Operation(
                self.comment, body=of("ticket_id body", ticket_id=NUMBER, **article)
            ),
        }

    def authorise(self, headers: Mapping[str, str]) -> None:
        if headers.get("authorization") != f"Token token={TOKEN}":
            raise RefusedError(401, "Invalid BasicAuth credentials")

    def complaint(self, status: int, words: list[str]) -> Any:
        return {"error": "; ".join(words), "error_human": "; ".join(words)}

    def search(self, asked: Asked) -> Told:
        key = asked.query["condition[ticket.tags][value]"]
        everything = list(self.issues.values())
        return Told(200, [one for one in everything if key in one["tags"].split(",")] if self.filters else everything)

    def tags(self, asked: Asked) -> Told:
        return Told(200, {"tags": self.issue(asked.query["o_id"])["tags"].split(",")})

    def open(self, asked: Asked) -> Told:
        number, sent = self.last + 1, asked.body
        ticket = {"id": number, "title": sent["title"], "state": "new", "owner": sent.get("owner", "-")}
        self.keep({**ticket, "tags": sent.get("tags", "")})
        self.say(str(number), sent["article"])
        return Told(201, self.issues[str(number)])

    def say(self, number: str, article: dict[str, Any]) -> dict[str, Any]:
        self.files += [base64.b64decode(one["data"]) for one in article.get("attachments", [])]
        entry = {"id": len(self.said[number]) + 1, "created_at": NOW, "from": "Bot", "internal": article["internal"]}
        self.said[number].append({**entry, "body": article["body"], "content_type": article["content_type"]})
        return self.said[number][-1]

    def show(self, asked: Asked, number: str) -> Told:
        return Told(200, self.issue(number))

    def change(self, asked: Asked, number: str) -> Told:
        self.issue(number).update(asked.body)
        return Told(200, self.issue(number))

    def articles(self, asked: Asked, number: str) -> Told:
        self.issue(number)
        return Told(200, self.said[number])

    def comment(self, asked: Asked) -> Told:
        number = str(asked.body["ticket_id"])
        self.issue(number)
        return Told(201, self.say(number, asked.body))


class Receiver(Kind):
    """A webhook's other end: believes only what is signed, and takes each key once."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[str, Any] = {}  # by Idempotency-Key

    def declared(self) -> dict[str, Operation]:
        return {"POST /hook": Operation(self.take)}

    def authorise(self, headers: Mapping[str, str]) -> None:
        """By signature, which needs the body: see `take`."""

    def take(self, asked: Asked) -> Told:
        signed = f"{asked.headers['x-firstline-timestamp']}.".encode() + asked.raw
        mac = hmac.new(TOKEN.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(asked.headers["x-firstline-signature"], f"sha256={mac}"):
            raise RefusedError(401, "wrong signature")
        if abs(time.time() - int(asked.headers["x-firstline-timestamp"])) > 300:
            raise RefusedError(401, "too old")
        self.taken.setdefault(asked.headers["idempotency-key"], asked.body)
        return Told(204)
