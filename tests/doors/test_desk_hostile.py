"""Mail made to hurt, on every page of the desk that shows it: nothing of it runs, leads elsewhere, or is fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.desk import accounts
from pipeline.records.account import DeskRole
from pipeline.records.mail import Location, RawMail
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests.campaigns.test_hostile_mail import HOSTILE
from tests.desk_cast import CAST, DeskBrowser, browser_of, hire
from tests.desk_pages import desk_routes
from tests.hostile import made
from tests.web_doors import web_doors

HELP = "https://www.example.com/help/"  # where the help pages of the shipped articles are
MADE = 60  # mails of the campaign
SCRIPT = "<script>window.hurt=1</script>"
ATTRIBUTE = "\"'><img src=x onerror=window.hurt=1>"
LINK = "javascript:window.hurt=1//"
FIELDS = (
    "name",
    "address",
    "subject",
    "text",
    "file",
    "message_id",
    "reply_to",
    "automatic",
    "list",
    "html",
    "charset",
)


def poisoned(field: str, number: int) -> bytes:
    """A mail with something in one of its fields that would run if it were shown as it is."""
    bad = f"{SCRIPT}{ATTRIBUTE}{LINK}"
    headers = {
        "From": f"Eve {number} <eve{number}@example.org>",
        "To": "support@example.com",
        "Subject": f"Parcel {number}",
        "Message-ID": f"<h{number}@x>",
        "MIME-Version": "1.0",
        "Content-Type": "multipart/mixed; boundary=b",
    }
    headers |= {
        "name": {"From": f'"{SCRIPT} onload=hurt" <eve{number}@example.org>'},
        "address": {"From": f'"<img/src/onerror=hurt>{number}"@example.org'},
        "subject": {"Subject": bad},
        "message_id": {"Message-ID": f"<{SCRIPT}{number}@x>"},
        "reply_to": {"Reply-To": f'"{SCRIPT}" <{LINK}@example.org>'},
        "automatic": {"Auto-Submitted": bad},
        "list": {"List-Id": bad},
    }.get(field, {})
    text = bad if field == "text" else f"Terrible. Where is parcel {number}? {LINK}"
    html = f"<p onclick=hurt()>Where is it?</p>{bad}<iframe src='{LINK}'></iframe>"
    charset = SCRIPT if field == "charset" else "utf-8"
    parts = [f'Content-Type: text/plain; charset="{charset}"\n\n{text}\n\nhttps://evil.example/{ATTRIBUTE}\n']
    if field == "html":
        parts = [f"Content-Type: text/html\n\n{html}\n"]
    if field == "file":
        name = SCRIPT.replace('"', "")
        parts.append(
            f'Content-Type: text/html; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n\nx\n'
        )
    head = "".join(f"{name}: {value}\n" for name, value in headers.items())
    body = "".join(f"--b\n{part}" for part in parts)
    return f"{head}\n{body}--b--\n".encode().replace(b"\n", b"\r\n")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDoors]:
    """With all of it in the ledger."""
    found = web_doors(tmp_path_factory.mktemp("hostile"), web={"listen": "127.0.0.1:0", "limit": "0", "url": ""})
    hire(found)
    inputs = [poisoned(field, number) for number, field in enumerate(FIELDS)]
    inputs += [make() for make in HOSTILE.values()] + [made(number)[1] for number in range(MADE)]
    route = found.route(found.predictor()[0])
    for number, data in enumerate(inputs, start=1):
        place = Location(mailbox="support", uidvalidity=1, uid=number)
        route.take([RawMail(location=place, received=found.clock.now(), raw=data, size=len(data))], None)
    yield found
    found.close()


class Inert(HTMLParser):
    """Reads a page as a browser would, and remembers what could run or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "object", "embed", "base", "svg", "math", "img", "template"):
            ours = tag == "script" and values.get("src", "").startswith("/desk/static/desk.js?v=")
            self.wrong += [] if ours else [self.get_starttag_text() or tag]
        for name, value in values.items():
            leads = name in ("href", "src", "action", "formaction") and not value.startswith(("/desk", "?", "#", HELP))
            if name.startswith("on") or name in ("style", "srcdoc", "srcset") or (leads and value):
                self.wrong.append(f"{tag} {name}={value[:80]}")


def wrong_in(page: str, *, styled: bool = False) -> list[str]:
    """`styled`: a letter of ours may have its looks with it."""
    parser = Inert()
    parser.feed(page)
    return [one for one in parser.wrong if not (styled and " style=" in one)]


def test_the_reader_of_these_tests_sees_what_would_run() -> None:
    for bad in (SCRIPT, "<img src=x onerror=y>", "<a href='javascript:x'>", "<form action=https://evil.example>"):
        assert wrong_in(bad)
    assert wrong_in("<a href='/desk/today'>ok</a> &lt;script&gt;") == []


def test_every_case_and_its_answer_show_hostile_mail_as_text(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.ADMIN)
    ids = [row.id for row in doors.reading.mails()]
    assert len(ids) >= len(HOSTILE)
    for mail in ids:
        for path in (f"/desk/case/{mail}", f"/desk/case/{mail}/answer?preview=yes", f"/desk/case/{mail}/answer/frame"):
            answer = browser.get(path)
            assert answer.status_code in (200, 404, 422), (path, answer.status_code)
            assert wrong_in(answer.text, styled=path.endswith("frame")) == [], path
        assert browser.get(f"/desk/case/{mail}").status_code == 200


def test_every_list_shows_hostile_mail_as_text(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.ADMIN)
    paths = [path for method, path, action in desk_routes() if method == "GET" and action and "{" not in path]
    for path in paths:
        if path.endswith((".csv", "/events")):
            continue
        answer = browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        assert wrong_in(answer.text) == [], path


@pytest.mark.parametrize("bad", [SCRIPT, ATTRIBUTE, LINK, "\0", "%00", "\u202e", "'; drop table mail --", "a" * 5000])
def test_what_stands_in_an_address_is_shown_as_text(doors: LiveDoors, bad: str) -> None:
    browser = browser_of(doors, DeskRole.ADMIN)
    for path in (
        *("/desk/search?q=", "/desk/search?topic=", "/desk/search?cursor=", "/desk/today?kind=", "/desk/today?text="),
        *(
            "/desk/today?after=",
            "/desk/today?done=",
            "/desk/audit?subject=",
            "/desk/audit?before=",
            "/desk/audit?since=",
        ),
        *("/desk/machine/effects?state=", "/desk/sign-in?next=", "/desk/account?done=", "/desk/today?owner="),
        *("/desk/case/", "/desk/invitation/", "/desk/oidc/back?state="),
    ):
        answer = browser.get(path + quote(bad))
        assert answer.status_code < 500, path
        assert wrong_in(answer.text) == [], path
        if "location" in answer.headers:
            assert answer.headers["location"].startswith("/desk/"), path
    stranger = DeskBrowser(doors).get(f"/desk/sign-in?next={quote(bad)}")
    assert wrong_in(stranger.text) == []


def test_in_a_browser_nothing_of_it_runs_and_no_policy_is_broken(doors: LiveDoors, browser: Any) -> None:
    server, enough = PageServer(doors), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    context = browser.new_context()
    secret = accounts.begin_session(doors, CAST[DeskRole.ADMIN], "127.0.0.1", "test")
    base = f"http://127.0.0.1:{server.port}"
    context.add_cookies([{"name": "desk", "value": secret, "url": base}])
    page, trouble, fetched = context.new_page(), [], []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("request", lambda request: fetched.append(request.url))
    try:
        ids = [row.id for row in doors.reading.mails()]
        for path in ("/desk/today", "/desk/search?q=parcel", *(f"/desk/case/{one}" for one in ids[-len(FIELDS) :])):
            page.goto(base + path)
            assert page.evaluate("window.hurt") is None, path
        assert [text for text in trouble if "status of 4" not in text] == []
        assert all(url.startswith(base) for url in fetched)
    finally:
        context.close()
        enough.set()
        thread.join()
