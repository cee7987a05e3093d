"""What `init` asks, what it takes for granted, and the configuration that it writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.config.load import load
from pipeline.config.settings import Config
from pipeline.desk.new_folder import (
    QUESTIONS,
    Question,
    ServerAnswer,
    check_topics,
    interview,
    read_server,
    write_config,
)
from pipeline.errors import UsageError

SHIPPED = Path(__file__).parents[2] / "config.toml"
TOLD = {
    "company": "Nordkauf Oy",
    "address": "help@nordkauf.test",
    "timezone": "Europe/Berlin",
    "country": "DE-BY",
    "language": "de",
    "owner": "anna@nordkauf.test",
}
ENV = {"env": "SUPPORT_PASSWORD"}


def written(tmp_path: Path, owners: dict[str, str] | None = None, **told: str) -> Config:
    write_config(tmp_path, interview({**TOLD, **told}, None), owners or {}, ENV)
    return load(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("text", "kind", "server"),
    [
        ("imap.nordkauf.test", "imap", ServerAnswer(host="imap.nordkauf.test", port=993, security="tls")),
        ("imap.nordkauf.test:143", "imap", ServerAnswer(host="imap.nordkauf.test", port=143, security="starttls")),
        ("smtp.nordkauf.test", "smtp", ServerAnswer(host="smtp.nordkauf.test", port=587, security="starttls")),
        ("smtp.nordkauf.test:465", "smtp", ServerAnswer(host="smtp.nordkauf.test", port=465, security="tls")),
        ("127.0.0.1:1143", "imap", ServerAnswer(host="127.0.0.1", port=1143, security="none")),
        ("imap.nordkauf.test:1143", "imap", ServerAnswer(host="imap.nordkauf.test", port=1143, security="tls")),
        ("[::1]:1143", "imap", ServerAnswer(host="::1", port=1143, security="none")),
        ("google", "smtp", ServerAnswer(provider="google")),
    ],
)
def test_a_server_is_read_as_people_name_it(text: str, kind: str, server: ServerAnswer) -> None:
    assert read_server(text, kind) == server


@pytest.mark.parametrize("text", ["imap nordkauf", "https://x.test", "x:99999", "x:0", "a@b", ""])
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no server"):
        read_server(text, "imap")


def test_what_was_told_is_written_and_all_comments_stay(tmp_path: Path) -> None:
    made = written(tmp_path, {"delivery": "lars@nordkauf.test"})
    box = made.mailbox["support"]
    assert (box.host, box.username, box.addresses) == ("imap.nordkauf.test", "help@nordkauf.test", (TOLD["address"],))
    assert made.smtp is not None
    assert (made.smtp.host, made.smtp.sender) == ("smtp.nordkauf.test", "Nordkauf Oy <help@nordkauf.test>")
    assert (made.replies.company, made.replies.language, box.language) == ("Nordkauf Oy", "de", "de")
    assert made.replies.signature_in("de") == "Nordkauf Oy"
    assert (made.calendar.timezone, made.calendar.holidays) == ("Europe/Berlin", "DE-BY")
    assert made.topics["delivery"].owner == "lars@nordkauf.test"
    assert {topic.owner for name, topic in made.topics.items() if name != "delivery"} == {TOLD["owner"]}
    assert made.follow_up.staff == (TOLD["owner"],)
    comments = [re.findall(r"#.*", text.read_text(encoding="utf-8")) for text in (SHIPPED, tmp_path / "config.toml")]
    assert comments[0] == comments[1]


def test_nothing_of_the_example_is_left_where_customers_read_it(tmp_path: Path) -> None:
    made = written(tmp_path)
    values = re.sub(r"#.*", "", (tmp_path / "config.toml").read_text(encoding="utf-8"))
    assert "xample" not in values
    assert "Helsinki" not in values
    assert all(topic.articles == () for topic in made.topics.values())


def test_of_a_provider_only_its_name_is_needed(tmp_path: Path) -> None:
    made = written(tmp_path, imap="google", smtp="google")
    assert (made.mailbox["support"].host, made.mailbox["support"].port) == ("imap.gmail.com", 993)
    assert made.smtp is not None
    assert (made.smtp.host, made.smtp.port, made.smtp.limit.count) == ("smtp.gmail.com", 465, 60)


def test_a_relay_on_this_machine_takes_no_log_in(tmp_path: Path) -> None:
    made = written(tmp_path, smtp="localhost:1025")
    assert made.smtp is not None
    assert (made.smtp.security, made.smtp.username, made.smtp.password) == ("none", "", None)


def test_where_nobody_is_asked_and_nothing_told_the_file_waits_for_its_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Madrid")
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    write_config(tmp_path, interview({}, None), {}, ENV)
    made = load(tmp_path / "config.toml")
    assert made.mailbox["support"].host == "imap.example.com"  # `doctor` says so
    assert (made.calendar.timezone, made.calendar.holidays, made.replies.language) == ("Europe/Madrid", "", "es")
    assert (made.replies.company, made.replies.signature) == ("", "")
    assert {topic.owner for topic in made.topics.values()} == {""}


def test_who_is_asked_is_offered_what_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fi_FI.UTF-8")
    monkeypatch.setenv("TZ", "Mars/Olympus")
    offered: dict[str, str] = {}

    def ask(question: Question, usual: str) -> str:
        offered[question.name] = usual
        return "help@nordkauf.test" if question.name == "address" else usual

    answers = interview({"company": "Nordkauf"}, ask)
    assert "company" not in offered
    assert offered == {
        "address": "",
        "imap": "imap.nordkauf.test",
        "smtp": "smtp.nordkauf.test",
        "username": "help@nordkauf.test",
        "timezone": "UTC",
        "country": "FI",
        "language": "fi",
        "owner": "",
        "admin": "",
    }
    assert list(answers) == [question.name for question in QUESTIONS]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("address", "help", "not an address"),
        ("timezone", "Mars", "a time zone like"),
        ("country", "XX", "no holidays"),
        ("country", "germany", "a country like FI"),
        ("language", "sv", "one of de, en"),
        ("owner", "Anna", "not an address"),
        ("imap", "a b", "no server"),
    ],
)
def test_what_can_not_be_used_is_refused_in_words(name: str, text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        interview({name: text}, None)
    assert says in f"{caught.value.what} {caught.value.remedy}"


def test_a_topic_that_there_is_not_has_no_owner() -> None:
    check_topics(["delivery"])
    with pytest.raises(UsageError, match="no such topic"):
        check_topics(["delivery", "gardening"])


@pytest.mark.parametrize("company", ["Müller & Söhne", 'Acme, "the" best (Inc.)', "A\\B"])
def test_a_company_of_any_name_makes_a_sender(tmp_path: Path, company: str) -> None:
    made = written(tmp_path, company=company)
    assert made.smtp is not None
    assert made.smtp.sender.endswith("<help@nordkauf.test>")
    assert made.replies.company == company
