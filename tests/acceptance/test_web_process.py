"""`firstline web` and `firstline run` with pages, as they are installed: processes, a socket, a clean end."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx2
import pytest

from pipeline.config.load import load
from pipeline.desk import accounts
from pipeline.wiring.live_doors import build
from tests.desk import Desk, stop
from tests.learned import KEY, toy_registry
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until
from tests.web_doors import COMPLAINT

WEB = "[web]\nlisten = '127.0.0.1:0'\nform = true\ntoken = { env = 'WEB_TOKEN' }\nenabled = true\n"
MESSAGE = {"from": "eve@example.org", "text": "Where is my parcel? It was due on Tuesday.", "id": "1"}


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("WEB_TOKEN", "sesame")
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=WEB)


Start = Callable[[str], Popen[str]]


@pytest.fixture
def start(desk: Desk) -> Iterator[Start]:
    """Starts a command; none outlives the test."""
    started: list[Popen[str]] = []

    def starting(command: str) -> Popen[str]:
        started.append(desk.start(command))
        return started[-1]

    yield starting
    for process in started:
        process.kill()
        process.wait()


def post(base: str, **more: str) -> dict[str, Any]:
    answer = httpx2.post(
        f"{base}/api/messages", json=MESSAGE | more, headers={"Authorization": "Bearer sesame"}, timeout=60
    )
    assert answer.status_code == 201, answer.text
    taken: dict[str, Any] = answer.json()
    return taken


def test_run_serves_the_pages_and_answers_what_comes_by_them(desk: Desk, start: Start, sink: SmtpSink) -> None:
    process = start("run")
    taken = post(desk.pages())
    assert taken["acknowledged"]
    (letter,) = sink.wait_for(1, 60)
    assert letter.recipients == ("eve@example.org",)
    assert stop(process) == 0
    assert [mail["id"] for mail in desk.jsonl("mail", "list")] == [taken["ref"]]


def test_web_serves_alone_and_once_does_the_rest(desk: Desk, start: Start, sink: SmtpSink) -> None:
    process = start("web")
    base = desk.pages()
    post(base)
    assert httpx2.get(f"{base}/feedback", timeout=60).status_code == 200
    assert httpx2.get(f"{base}/healthz", timeout=60).json()["healthy"] is False  # nobody reads the mailbox
    desk.run("once")
    assert [one.recipients for one in sink.accepted] == [("eve@example.org",)]
    assert stop(process) == 0
    assert "eve@example.org" not in desk.log()
    assert all(json.loads(line) for line in desk.log().splitlines())


@pytest.mark.parametrize("believed", [True, False])
def test_only_our_proxy_may_say_who_a_visitor_is(desk: Desk, start: Start, believed: bool) -> None:
    desk.more += f"limit = '1 per 1h'\nproxy = '{'127.0.0.1' if believed else ''}'\n"
    desk.write()
    process = start("web")
    form = f"{desk.pages()}/feedback"
    said = [
        httpx2.post(form, data={"text": ""}, headers={"X-Forwarded-For": f"192.0.2.{n}"}, timeout=60) for n in (1, 2)
    ]
    assert [one.status_code for one in said] == ([422, 422] if believed else [422, 429])
    assert stop(process) == 0


def test_a_port_that_is_taken_is_a_message(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        desk.more = WEB.replace(":0'", f":{taken.getsockname()[1]}'")
        desk.write()
        for command in ("web", "run"):
            done = desk.run(command, expect=2)
            assert "web.listen" in done.stderr
            assert "can't be listened on" in done.stderr


def test_a_token_that_is_not_set_is_a_message(desk: Desk) -> None:
    assert "web.token" in desk.run("web", expect=2, WEB_TOKEN="").stderr


TOPICS = "[topics.parcel]\nowner = 'logistics@example.com'\ntrack = 'all'\ntitle = { en = 'your delivery' }\n"


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_changed_topic_counts_for_the_next_mail_without_a_restart(desk: Desk, start: Start, command: str) -> None:
    desk.more += TOPICS
    desk.write()
    (desk.folder / "var" / "key").write_bytes(KEY)
    toy_registry(desk.folder / "models")
    process, numbers = start(command), count(1)
    base = desk.pages()

    def owner() -> str:
        """Of the ticket of the next mail."""
        number = next(numbers)
        taken = post(base, **{"id": str(number), "text": COMPLAINT, "from": f"eve{number}@example.org"})
        found: str = desk.json("ticket", "show", taken["ref"])["owner"]
        return found

    assert owner() == "logistics@example.com"
    done = desk.json("config", "set", "topics.parcel", "owner", "ben@example.com", "--why", "holiday")
    wait_until(lambda: owner() == "ben@example.com", desk.log)
    desk.run("config", "back", str(done["id"]))
    wait_until(lambda: owner() == "logistics@example.com", desk.log)
    assert process.poll() is None
    assert stop(process) == 0


def test_a_topic_that_was_changed_on_its_page_counts_for_the_next_mail(desk: Desk, start: Start) -> None:
    desk.more += TOPICS
    desk.write()
    (desk.folder / "var" / "key").write_bytes(KEY)
    toy_registry(desk.folder / "models")
    desk.run("user", "add", "adam@example.com", "--role", "admin", "--link")
    with closing(build(load(desk.folder / "config.toml"))) as doors:
        secret = accounts.begin_session(doors, "adam@example.com", "127.0.0.1", "test")
    process, numbers = start("run"), count(1)
    base = desk.pages()
    visitor = httpx2.Client(base_url=base, cookies={"desk": secret}, timeout=60)
    page = visitor.get("/desk/topics/parcel").text
    mark = re.findall(r'name="mark" value="([0-9a-f]{64})"', page)[0]
    form = {"csrf": accounts.csrf_of(secret), "section": "topics.parcel", "mark": mark, "why": "holiday"}
    answer = visitor.post("/desk/settings/change", data=form | {"owner": "ben@example.com"})
    assert answer.status_code == 303, answer.text

    def owner() -> str:
        number = next(numbers)
        taken = post(base, **{"id": str(number), "text": COMPLAINT, "from": f"eve{number}@example.org"})
        found: str = desk.json("ticket", "show", taken["ref"])["owner"]
        return found

    wait_until(lambda: owner() == "ben@example.com", desk.log)
    assert stop(process) == 0
