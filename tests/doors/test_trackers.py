"""The trackers: the suite over all of them, what becomes of a request when the line fails, and their configuration."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from pipeline.config.load import check
from pipeline.config.trackers import KINDS, TrackerConfig
from pipeline.config.values import Secret
from pipeline.doors import Tracker
from pipeline.errors import ConfigError, DeferredError, LoginError, RejectedError, UncertainError, UnreachableError
from pipeline.records.filing import Ability, Change, Filing, Remark
from pipeline.records.ticket import TicketStatus
from pipeline.replies.payload import compile_payload
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.tickets import Board
from pipeline.tokens import normalise_ref
from pipeline.trackers import open_tracker
from pipeline.trackers.texts import inert, storable
from pipeline.wiring.checks import checks
from pipeline.wiring.live_doors import build
from tests.samples import table
from tests.servers.certificates import Certificates
from tests.servers.dovecot import free_port
from tests.servers.roundup import PASSWORD, USER, Roundup
from tests.servers.tracker_apis import Api
from tests.servers.tracker_kinds import TOKEN, GitHub, GitLab, Jira, Receiver, Redmine, Zammad
from tests.tracker_suite import HOSTILE, Case, TrackerSuite, a_filing, secrets

API = {  # name of the case → its server, and the configuration that goes with it
    "github": (GitHub, {"kind": "github", "project": "acme/support"}),
    "gitlab": (GitLab, {"kind": "gitlab", "project": "acme/support"}),
    "jira-cloud": (lambda: Jira(cloud=True), {"kind": "jira", "project": "SUP", "username": "bot@example.com"}),
    "jira-server": (
        lambda: Jira(cloud=False, field="customfield_10042"),
        {"kind": "jira", "project": "SUP", "field": "customfield_10042", "issue_type": "Complaint"},
    ),
    "redmine": (Redmine, {"kind": "redmine", "project": "support"}),
    "redmine-field": (lambda: Redmine(field="7"), {"kind": "redmine", "project": "support", "field": "7"}),
    "zammad": (Zammad, {"kind": "zammad", "project": "Support"}),
    "webhook": (Receiver, {"kind": "webhook"}),
}
OWNER = {"jira-cloud": "5b10ac8d82e05b22cc7d4ef5", "redmine": "Alice Adams", "redmine-field": "5"}
GONE = {"github": "acme/support#999", "gitlab": "acme/support#999", "jira-cloud": "SUP-999", "jira-server": "SUP-999"}
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


class NoRows:
    """No tracker outside may look at the board."""


def opened(settings: dict[str, Any], folder: Path, *, token: str = "right", name: str = "") -> Tracker:
    config = TrackerConfig(token=Secret(file=token), **settings)
    return open_tracker(name, config, folder, NoRows(), compile_payload)  # type: ignore[arg-type]


def settings_of(name: str, api: Api, **more: Any) -> dict[str, Any]:
    hook = "/hook" if name == "webhook" else ""
    return {**API[name][1], "url": api.url + hook, **more}


@pytest.fixture(scope="module")
def running() -> Iterator[Callable[[str], Api]]:
    """Each server once for the file, when it is first asked for."""
    servers: dict[str, Api] = {}

    def get(name: str) -> Api:
        return servers.setdefault(name, API[name][0]()) if name not in servers else servers[name]

    yield get
    for server in servers.values():
        server.stop()


@pytest.fixture(scope="module")
def roundup() -> Iterator[Roundup]:
    with Roundup() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    secrets(tmp_path, TOKEN)
    return tmp_path


class TestEveryTracker(TrackerSuite):
    @pytest.fixture(params=["board", "roundup", *API])
    def case(self, request: pytest.FixtureRequest, folder: Path, running: Callable[[str], Api]) -> Iterator[Case]:
        with ExitStack() as ending:
            if request.param == "board":
                case = _board_case(folder, ending)
            elif request.param == "roundup":
                case = _roundup_case(request.getfixturevalue("roundup"), folder)
            else:
                case = _api_case(request.param, running(request.param), folder)
            ending.callback(case.tracker.close)
            yield case
            if request.param in API:
                assert running(request.param).harmed == []  # type: ignore[attr-defined]


def _board_case(folder: Path, ending: ExitStack) -> Case:
    database = Database(f"sqlite:///{folder}/test.db")
    database.prepare()
    ending.callback(database.close)

    def recorded(filing: Filing) -> None:
        """As the transaction does that records a mail."""
        ref = normalise_ref(filing.key.removeprefix("firstline-"))
        row = {"ref": ref, "thread": ref, "status": "open", "participants": [], "opened": NOW, "changed": NOW}
        with database.writing() as connection:
            connection.execute(insert(schema.ticket), {**row, "subject": storable(filing.title), "owner": filing.owner})

    tracker = open_tracker("", TrackerConfig(), folder, Board(database), compile_payload)
    return Case(tracker, before=recorded, gone="9999-9999", owner="alice@example.com")


def _roundup_case(server: Roundup, folder: Path) -> Case:
    secrets(folder, PASSWORD)
    settings = {"kind": "roundup", "url": server.url, "username": USER}
    return Case(opened(settings, folder), wrong=lambda: opened(settings, folder, token="wrong"), owner="anna")


def _api_case(name: str, api: Api, folder: Path) -> Case:
    settings = settings_of(name, api)
    return Case(
        opened(settings, folder),
        wrong=lambda: opened(settings, folder, token="wrong"),
        owner=OWNER.get(name, "alice@example.com" if name == "zammad" else "alice"),
        owner_shown="Alice Adams" if name == "redmine-field" else "",
        gone=GONE.get(name, "999"),
    )


# --- a line that fails ------------------------------------------------------------------------------------------------


@pytest.fixture(params=API)
def shaky(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[Tracker, Api]]:
    """A tracker with a server of its own, that fails as it is told."""
    api = API[request.param][0]()
    tracker = opened(settings_of(request.param, api, timeout="1s"), folder)
    yield tracker, api
    tracker.close()
    api.stop()


def can_find(tracker: Tracker) -> None:
    if Ability.FIND not in tracker.abilities:
        pytest.skip("it only writes")


def warmed(tracker: Tracker) -> str:
    """What is asked only once a connection is asked: the id of a ticket."""
    tracker.check()
    return tracker.open(a_filing()).id


@pytest.mark.parametrize("fault", ["limit", "503", "500-before", "reset-before", "garbage", "misshapen", "huge"])
def test_nothing_is_lost_when_reading_fails(shaky: tuple[Tracker, Api], fault: str) -> None:
    tracker, api = shaky
    can_find(tracker)
    filing = a_filing()
    warmed(tracker)
    filed = tracker.open(filing)
    api.fail("read", fault)
    with pytest.raises(UnreachableError) as caught:
        tracker.find(filing.key)
    assert not isinstance(caught.value, LoginError)
    assert TOKEN not in str(caught.value)
    assert tracker.find(filing.key) == filed, "the next time it works"


def test_who_wants_to_be_left_alone_is_left_alone(shaky: tuple[Tracker, Api]) -> None:
    tracker, api = shaky
    ticket = warmed(tracker)
    api.fail("write", "limit")
    with pytest.raises(UnreachableError) as caught:
        tracker.comment(ticket, Remark(key="firstline-A-1", text="secret words"))
    assert 4 <= caught.value.retry_after <= 7
    assert "secret words" not in str(caught.value)


def test_a_date_that_is_over_does_not_make_us_wait(shaky: tuple[Tracker, Api]) -> None:
    tracker, api = shaky
    ticket = warmed(tracker)
    api.fail("write", "503")
    with pytest.raises(UnreachableError) as caught:
        tracker.comment(ticket, Remark(key="firstline-A-1", text="x"))
    assert caught.value.retry_after == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "Sun, 22 Nov 2026 10:01:00 GMT"}, 60),
        ({"retry-after": "999999999"}, 3600),
        ({"retry-after": "soon"}, 0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 90), "x-ratelimit-remaining": "0"}, 90),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 90), "x-ratelimit-remaining": "12"}, 0),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({}, 0),
    ],
)
def test_how_long_to_wait_is_meant_by_the_trackers_own_clock(headers: dict[str, str], seconds: float) -> None:
    from pipeline.http_client import wait_of

    assert wait_of({"date": "Sun, 22 Nov 2026 10:00:00 GMT", **headers}) == seconds


@pytest.mark.parametrize("fault", ["500-before", "500-after", "reset-before", "reset-after", "garbage"])
def test_a_change_whose_answer_is_lost_is_uncertain_and_can_be_looked_for(
    shaky: tuple[Tracker, Api], fault: str
) -> None:
    tracker, api = shaky
    if fault == "garbage":
        can_find(tracker)  # a webhook's answer is not read
    warmed(tracker)
    filing = a_filing()
    # The last write of `open` is the one that counts: those before it only prepare.
    before = len([one for one in api.log if one.method != "GET"])
    tracker.open(a_filing())
    writes = len([one for one in api.log if one.method != "GET"]) - before
    for _ in range(writes - 1):
        api.fail("write", "none")
    api.fail("write", fault)
    with pytest.raises(UncertainError) as caught:
        tracker.open(filing)
    assert filing.text not in str(caught.value)
    if Ability.FIND in tracker.abilities:
        assert (tracker.find(filing.key) is None) == fault.endswith("before")


def test_an_answer_that_does_not_come_is_a_time_out(folder: Path) -> None:
    for method, expected in (("read", UnreachableError), ("write", UncertainError)):
        api = GitHub()
        settings = settings_of("github", api, timeout="1s")
        tracker = opened(settings, folder)
        filed = tracker.open(a_filing())
        api.fail(method, "hang")
        update = partial(tracker.update, filed.id, Change(status=TicketStatus.RESOLVED))
        with pytest.raises(expected) as caught:
            (partial(tracker.standing, filed.id) if method == "read" else update)()
        assert "does not answer in time" in str(caught.value)
        tracker.close()
        api.stop()


def test_a_redirect_is_not_followed_with_our_token(shaky: tuple[Tracker, Api]) -> None:
    tracker, api = shaky
    ticket = warmed(tracker)
    api.fail("write", "elsewhere")
    # All else works, so it is about this one; a webhook can't be asked.
    with pytest.raises((DeferredError, UnreachableError), match=r"evil\.example\.net"):
        tracker.comment(ticket, Remark(key="firstline-A-1", text="x"))


def test_nobody_there_is_unreachable_for_reading_and_writing(folder: Path) -> None:
    for kind in API:
        settings = {**API[kind][1], "url": f"http://127.0.0.1:{free_port()}"}
        tracker = opened(settings, folder)
        for action in (tracker.check, lambda one=tracker: one.open(a_filing())):
            with pytest.raises(UnreachableError, match="nothing listens there"):
                action()
        tracker.close()


def test_what_the_tracker_refuses_is_rejected_in_its_own_words(running: Callable[[str], Api], folder: Path) -> None:
    for name, words in (("github", "none of"), ("gitlab", "nobody called"), ("redmine", "nobody in its project")):
        tracker = opened(settings_of(name, running(name)), folder)
        filing = a_filing(owner="mallory", text="very secret words")
        with pytest.raises(RejectedError, match=words) as caught:
            tracker.open(filing)
        assert "very secret" not in str(caught.value)
        assert tracker.find(filing.key) is None
        tracker.close()


@pytest.mark.parametrize("name", ["github", "gitlab", "redmine", "redmine-field", "zammad"])
def test_a_ticket_counts_as_found_only_if_it_bears_the_key_itself(name: str, folder: Path) -> None:
    api = API[name][0]()
    tracker = opened(settings_of(name, api), folder)
    filing, wanted = a_filing(), a_filing()
    tracker.open(filing)
    filed = tracker.open(wanted)
    api.filters = False
    assert tracker.find(wanted.key) == filed
    assert tracker.find(a_filing().key) is None
    tracker.close()
    api.stop()


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(folder: Path, certificates: Certificates) -> None:
    api = GitHub()
    api._server.socket = certificates.server_context("localhost").wrap_socket(api._server.socket, server_side=True)
    settings = settings_of("github", api) | {"url": api.url.replace("http://127.0.0.1", "https://localhost")}
    trusting = opened({**settings, "ca_file": str(certificates.ca_file)}, folder)
    assert "acme/support" in trusting.check()
    doubting = opened(settings, folder)
    with pytest.raises(UnreachableError, match="certificate is not accepted"):
        doubting.open(a_filing())
    for tracker in (trusting, doubting):
        tracker.close()
    api.stop()


# --- of each kind -----------------------------------------------------------------------------------------------------


def test_files_arrive_byte_by_byte_where_they_can(running: Callable[[str], Api], folder: Path) -> None:
    from pipeline.records.filing import File

    content = bytes(range(256))
    for name in ("gitlab", "jira-cloud", "redmine", "zammad"):
        api = running(name)
        tracker = opened(settings_of(name, api), folder)
        tracker.open(a_filing(files=(File(name="all.bin", content_type="application/octet-stream", data=content),)))
        assert api.files[-1] == content, name  # type: ignore[attr-defined]
        tracker.close()


def test_a_workflow_that_does_not_lead_there_is_told(folder: Path) -> None:
    api = Jira(cloud=True)
    tracker = opened(settings_of("jira-cloud", api), folder)
    filed = tracker.open(a_filing())
    del api.steps["31"]
    with pytest.raises(RejectedError, match="none of them means resolved"):
        tracker.update(filed.id, Change(status=TicketStatus.RESOLVED))
    tracker.close()
    api.stop()


def test_a_status_that_redmine_silently_ignores_is_told(folder: Path) -> None:
    api = Redmine()
    tracker = opened(settings_of("redmine", api), folder)
    filed = tracker.open(a_filing())
    tracker.check()
    tracker.update(filed.id, Change(status=TicketStatus.RESOLVED))
    del api.statuses[5]
    with pytest.raises(RejectedError, match="workflow"):
        tracker.update(filed.id, Change(status=TicketStatus.CLOSED))
    tracker.close()
    api.stop()


def test_the_operators_own_words_come_first(folder: Path) -> None:
    api = Jira(cloud=True)
    settings = settings_of("jira-cloud", api, statuses={"In Progress": "waiting", "Done": "closed"})
    tracker = opened(settings, folder)
    filed = tracker.open(a_filing())
    for wanted in (TicketStatus.WAITING, TicketStatus.CLOSED):
        tracker.update(filed.id, Change(status=wanted))
        standing = tracker.standing(filed.id)
        assert standing is not None
        assert standing.status is wanted
    tracker.close()
    api.stop()


def test_a_label_can_say_more_than_open(folder: Path) -> None:
    api = GitHub()
    tracker = opened(settings_of("github", api, statuses={"in work": "active"}), folder)
    filed = tracker.open(a_filing(labels=("in work",)))
    standing = tracker.standing(filed.id)
    assert standing is not None
    assert standing.status is TicketStatus.ACTIVE
    tracker.close()
    api.stop()


@pytest.mark.parametrize(("called", "shown"), [("5", "5"), ("Alice Adams", "Alice Adams")])
def test_an_owner_of_redmine_is_shown_as_our_configuration_calls_them(folder: Path, called: str, shown: str) -> None:
    api = Redmine()
    tracker = opened(settings_of("redmine", api, owners={"alice@example.com": called}), folder)
    filed = tracker.open(a_filing(owner=called))
    standing = tracker.standing(filed.id)
    assert standing is not None
    assert standing.owner == shown
    tracker.close()
    api.stop()


def test_a_token_that_may_not_make_labels_files_nothing(folder: Path) -> None:
    class ReadOnly(GitHub):
        def make_label(self, asked: Any) -> Any:
            from tests.servers.tracker_apis import RefusedError

            raise RefusedError(403, "Resource not accessible by personal access token")

    api = ReadOnly()
    tracker = opened(settings_of("github", api), folder)
    with pytest.raises(DeferredError, match="403 Resource not accessible"):
        tracker.open(a_filing())
    assert api.issues == {}
    tracker.close()
    api.stop()


def test_more_comments_than_a_page_holds_are_all_read(folder: Path) -> None:
    for name in ("github", "gitlab", "jira-cloud"):
        api: Any = API[name][0]()
        tracker = opened(settings_of(name, api), folder)
        filed = tracker.open(a_filing())
        tracker.comment(filed.id, Remark(key="firstline-A-1", text="x"))
        api.said[api.latest] *= 201
        tracker.comment(filed.id, Remark(key="firstline-A-2", text="y"))
        standing = tracker.standing(filed.id)
        assert standing is not None
        assert len(standing.said) == 202
        assert standing.said[-1].key == "firstline-A-2"
        tracker.close()
        api.stop()


def test_a_webhook_says_the_same_key_however_often_it_is_sent(running: Callable[[str], Api], folder: Path) -> None:
    api: Any = running("webhook")
    tracker = opened(settings_of("webhook", api), folder)
    filing = a_filing(title="A title", labels=("one", "two"))
    assert [tracker.open(filing).id for _ in range(3)] == [filing.key] * 3
    assert api.taken[filing.key]["labels"] == ["one", "two"]
    assert api.taken[filing.key]["event"] == "open"
    assert (tracker.find(filing.key), tracker.standing(filing.key)) == (None, None)
    tracker.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_webhooks_payload_may_be_ones_own(running: Callable[[str], Api], folder: Path, text: str) -> None:
    api: Any = running("webhook")
    (folder / "hook.json").write_text('{"text": {{ ("*" ~ title ~ "* " ~ text) | tojson }}, "for": "{{ ticket }}"}')
    tracker = opened(settings_of("webhook", api, payload="hook.json"), folder)
    filing = a_filing(text=text)
    tracker.open(filing)
    assert api.taken[filing.key] == {"text": f"*{filing.title}* {inert(storable(text))}", "for": filing.key}
    tracker.close()


@pytest.mark.parametrize("visibility", ["public", "internal", "private"])
def test_a_stranger_on_a_public_gitlab_project_does_not_speak_for_us(folder: Path, visibility: str) -> None:
    api = GitLab()
    api.visibility = visibility
    tracker = opened(settings_of("gitlab", api, owners={"anna@example.com": "anna"}), folder)
    filed = tracker.open(a_filing())
    for author in ((5, "alice"), (9, "mallory"), (10, "anna")):
        api.say("1", "It is on its way.", system=False, author=author)
    standing = tracker.standing(filed.id)
    assert standing is not None
    known = {said.author: said.by_team for said in standing.said}
    assert known == {"alice": True, "mallory": visibility == "private", "anna": True}
    tracker.close()
    api.stop()


ALIVE = {  # what some chat acts on
    "Slack calls somebody": r"<[!@#][^>]*>",
    "Slack or HTML, a link or a tag": r"<[^\s>][^>]*>",
    "a name that is called": r"(?<![\w])@\w+",
    "a Markdown link or picture": r"\]\(",
    "a reference link": r"\[[^\]]*\]",
    "an address with a scheme": r"(?i)\b[a-z][a-z0-9+.-]*:[/\\\\]",
    "a mail address": r"\S+@\S+",
    "a domain": r"(?i)\b[a-z0-9-]+\.[a-z]{2,}",
    "an IP address": r"\d+\.\d+\.\d+",
    "a scheme without slashes": r"(?i)\b(mailto|tel):",
    "emphasis": r"[*~`]|(?<!\w)_|_(?!\w)",
    "a heading, a rule or a command": r"(?m)^\s*(#+|[-=+]{3,}|/\w)",
    "a quote or a table": r"(?m)[|>]",
}
SHAPES = (
    *("<!channel>", "<!here|here>", "<!subteam^S1|x>", "<@U123>", "<#C1|x>", "<https://evil.example|your bank>"),
    *("<at>Anna</at>", "@channel", "@here", "@anna", "(@anna)", "a@evil.example", "mailto:a@evil.example", "tel:+123"),
    *("[your bank](https://evil.example)", "![x](http://evil.example/p.gif)", "[x]: http://evil.example", "[a][b]"),
    *(
        "https://evil.example/a",
        "HTTP://EVIL.EXAMPLE",
        "http:\\\\evil.example",
        "http:/evil.example",
        "www.evil.example",
    ),
    *("evil.example/a", "xn--e1afmkfd.example", "10.1.2.3/a", "slack://open", "ftp://evil.example", "a.b.co"),
    *("*bold*", "_soft_", "__x__", "~gone~", "`code`", "```\ncode\n```", "***", "~~x~~"),
    *("# heading", "## x", "---", "===", "> quote", "| a | b |", "/remind @anna", "  /close", "<b>x</b>", "<script>"),
)


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_a_customer_writes_comes_alive_in_a_chat(
    running: Callable[[str], Api], folder: Path, shape: str
) -> None:
    api: Any = running("webhook")
    (folder / "hook.json").write_text('{"text": {{ (title ~ "\n" ~ text) | tojson }}, "title": {{ title | tojson }}}')
    for more in ({}, {"payload": "hook.json"}):
        tracker = opened(settings_of("webhook", api, **more), folder)
        filing = a_filing(title=f"Help {shape}", text=f"Hello\n{shape}\nend of it {shape}.")
        remark = Remark(key=f"{filing.key}-1", text=f"{shape}\n{shape} again")
        tracker.open(filing)
        tracker.comment(filing.key, remark)
        tracker.close()
        for taken in (api.taken[filing.key], api.taken[remark.key]):
            for what, pattern in ALIVE.items():
                assert not re.search(pattern, taken["text"]), (what, taken["text"])
                assert not re.search(pattern, taken["title"]), (what, taken["title"])


@pytest.mark.parametrize(
    "text",
    ["It cost 3.50 €, order 4711-22.", "Thanks! What now? (2 of 3)", "It's a snake_case name; 50% off & more: yes."],
)
def test_ordinary_words_stay_what_they_are(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    "source", ["{{ nothing }}", "{{ ''.__class__.__mro__ }}", "{{ 'x' * 3000000 }}", "{{ 1 / 0 }}"]
)
def test_a_payload_that_fails_is_rejected(running: Callable[[str], Api], folder: Path, source: str) -> None:
    (folder / "hook.json").write_text(source)
    tracker = opened(settings_of("webhook", running("webhook"), payload="hook.json"), folder)
    with pytest.raises(RejectedError):
        tracker.open(a_filing())
    tracker.close()


@pytest.mark.parametrize("source", ["{{ unclosed", "{% for %}", None])
def test_a_payload_that_is_no_template_is_a_mistake_of_the_configuration(folder: Path, source: str | None) -> None:
    if source:
        (folder / "hook.json").write_text(source)
    with pytest.raises(ConfigError, match=r"tracker\.payload"):
        opened({"kind": "webhook", "url": "https://example.com/hook", "payload": "hook.json"}, folder)


# --- configuration ----------------------------------------------------------------------------------------------------


def full(kind: str) -> dict[str, Any]:
    return {
        "kind": kind, "url": "https://tracker.example.com", "project": "acme/support", "username": "bot",
        "token": {"env": "TRACKER_TOKEN"},
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["url", "token", "project", "username"])
def test_a_tracker_without_what_it_needs_is_refused_with_file_and_key(kind: str, key: str) -> None:
    check(table(tracker=full(kind)), Path("config.toml"))
    optional = {"project": ("roundup", "webhook"), "username": tuple(one for one in KINDS if one != "roundup")}
    without = {name: value for name, value in full(kind).items() if name != key}
    if kind in optional.get(key, ()):
        check(table(tracker=without), Path("config.toml"))
        return
    with pytest.raises(ConfigError) as caught:
        check(table(trackers={"other": without}), Path("config.toml"))
    assert f"config.toml, trackers.other.{key}" in str(caught.value)
    assert "docs/trackers.md" in caught.value.remedy


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "tracker.example.com"),
        ("url", "http://tracker.example.com"),
        ("url", "https://bot:secret@tracker.example.com"),
        ("url", "https://tracker.example.com/?project=1"),
        ("kind", "bugzilla"),
        ("token", "tok-secret"),
        ("field", "x' OR 1=1"),
        ("statuses", {"Done": "finished"}),
        ("share", "all"),
        ("on_closed", "ignore"),
    ],
)
def test_a_wrong_value_is_refused(key: str, value: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        check(table(tracker={**full("rt"), key: value}), Path("config.toml"))
    assert f"config.toml, tracker.{key}" in str(caught.value)
    assert "tok-secret" not in str(caught.value)


def test_two_trackers_may_not_have_one_name() -> None:
    with pytest.raises(ConfigError, match=r"give \[trackers\.github\] another name"):
        check(table(tracker=full("github"), trackers={"github": full("github")}), Path("config.toml"))


def test_the_doors_know_their_trackers_and_the_doctor_really_opens_them(
    running: Callable[[str], Api], folder: Path
) -> None:
    token = {"file": "right"}
    there = {**API["github"][1], "url": running("github").url, "token": token}
    nowhere = {**there, "url": f"http://127.0.0.1:{free_port()}"}
    settings = table(store={"url": "sqlite:///test.db"}, trackers={"code": there, "lost": nowhere})
    doors = build(check(settings, folder / "config.toml"))
    assert [doors.tracker(name).name for name in ("", "board", "code")] == ["board", "board", "code"]
    with pytest.raises(ConfigError, match="known are: code, lost"):
        doors.tracker("other")
    found = {one["check"]: one for one in checks(doors) if one["check"].startswith("tracker")}
    assert [one["ok"] for one in found.values()] == [True, True, False]
    assert "acme/support" in found["tracker code"]["detail"]
    assert found["tracker lost"]["exit"] == 3
    doors.close()


def test_a_wrong_project_is_told_with_its_key(running: Callable[[str], Api], folder: Path) -> None:
    for name in ("github", "gitlab", "jira-cloud", "redmine", "zammad"):
        tracker = opened(settings_of(name, running(name), project="acme/elsewhere"), folder)
        with pytest.raises(ConfigError, match=r"tracker\.project"):
            tracker.check()
        tracker.close()


def test_only_the_tracker_in_use_is_loaded() -> None:
    script = (
        "import sys, pipeline.wiring.live_doors, pipeline.trackers.board;"
        "print([name for name in ('httpx2', 'pipeline.http_client') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_answer_of_another_shape_names_the_place_and_not_what_stood_there() -> None:
    from pipeline.errors import MisshapenError
    from pipeline.http_client import read_as
    from pipeline.trackers.github import _GitHubIssue

    for answer, place in (({"state": ["secret"]}, "^state: "), (["secret"], "^all of it: ")):
        with pytest.raises(MisshapenError, match=place) as caught:
            read_as(_GitHubIssue, answer)
        assert "secret" not in str(caught.value)
