"""A new working folder: what must be known for it, and the configuration that says so.

The file that is shipped is filled in line by line, so that all its comments stay. What nobody has answered is left
out, or stays as the example has it where the file needs a value: `doctor` fails on that.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.config.calendar import CalendarConfig
from pipeline.config.presets import MAILBOXES, SMTP_SERVERS
from pipeline.config.shipped import SHIPPED, find_shipped
from pipeline.config.values import check_addresses, is_loopback
from pipeline.desk.own_topics import OwnTopic, leave_out_starter_topics, with_own_topics
from pipeline.desk.texts.shipped import keep, shipped_now
from pipeline.errors import UsageError

MAILBOX = "mailbox.support"
PROVIDERS = tuple(MAILBOXES)
_PORTS = {"imap": {993: "tls", 143: "starttls"}, "smtp": {587: "starttls", 465: "tls", 25: "starttls"}}
_VALUE = re.compile(r"""(?P<key>\w+) = (?P<value>"(?:[^"\\]|\\.)*"|\[[^]]*\]|\{[^}]*\}|[^\s#]+)(?P<rest>.*)""")
_FILLED = (  # by a provider
    (MAILBOX, ("host", "port", "security")),
    ("smtp", ("host", "port", "security", "connections", "limit")),
)

OwnTopics = Sequence[OwnTopic] | None
Answers = Mapping[str, str]  # name of the question → what was answered; '' where nothing was


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that only the operator knows. Its name is that of the option, too."""

    name: str
    asks: str
    usual: Callable[[Answers], str] = lambda _answers: ""  # what is offered on a terminal
    check: Callable[[str], object] = lambda _text: None  # raises UsageError
    guessed: bool = False  # also where nobody is asked


@dataclass(frozen=True, kw_only=True)
class ServerAnswer:
    """Where a server is. `provider`: one whose servers are known, in place of the rest."""

    provider: str = ""
    host: str = ""
    port: int = 0
    security: str = ""


def read_server(text: str, kind: str) -> ServerAnswer:
    """HOST, HOST:PORT or the name of a provider; `kind`: imap or smtp. Unencrypted only on this machine itself, on
    ports that mean nothing else. Raises UsageError."""
    if text in PROVIDERS:
        return ServerAnswer(provider=text)
    match = re.fullmatch(r"\[?([\w.-]+|[\da-fA-F:]+(?=\]))\]?(?::(\d{1,5}))?", text.strip())
    ports = _PORTS[kind]
    if not match or not 0 < int(match[2] or next(iter(ports))) < 65536:
        raise UsageError("this is no server", where=text, remedy=f"HOST or HOST:PORT, or one of {', '.join(PROVIDERS)}")
    port = int(match[2] or next(iter(ports)))
    unknown = "none" if is_loopback(match[1]) else next(iter(ports.values()))
    return ServerAnswer(host=match[1], port=port, security=ports.get(port, unknown))


def check_one_address(text: str) -> None:
    """Raises UsageError."""
    _in_words(lambda: check_addresses((text,)), text)


def _calendar(key: str) -> Callable[[str], None]:
    return lambda text: _in_words(lambda: CalendarConfig.model_validate({key: text}), text)


def _language(text: str) -> None:
    if text not in languages():
        raise UsageError("there are no letters in this language", where=text, remedy=f"one of {', '.join(languages())}")


def _in_words(check: Callable[[], object], text: str) -> None:
    """Raises UsageError with what the check says."""
    try:
        check()
    except ValidationError as error:
        told = error.errors(include_url=False)[0]
        remedy = str(told.get("ctx", {}).get("error", "")) or "a country like FI, or a region of it like DE-BY"
        raise UsageError("this can't be used", where=text, remedy=remedy) from None
    except ValueError as error:
        raise UsageError(str(error), where=text, remedy="a bare address like anna@your-company.com") from None


def languages() -> list[str]:
    """Of the letters that are shipped."""
    return sorted(folder.name for folder in (find_shipped() / "templates").iterdir() if folder.is_dir())


def _at_home(name: str) -> Callable[[Answers], str]:
    """The usual name of a server in the domain of the address."""
    return lambda answers: f"{name}.{answers['address'].partition('@')[2]}" if answers["address"] else ""


def _zone_of_machine(_answers: Answers) -> str:
    """As /etc/localtime or TZ has it; UTC where that names none."""
    named = os.environ.get("TZ", "") or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        CalendarConfig.model_validate({"timezone": named})
    except ValidationError:
        return "UTC"
    return named


def _locale() -> tuple[str, str]:
    """Language and country of whoever is asked."""
    match = re.match(r"([a-z]{2})_([A-Z]{2})", os.environ.get("LC_ALL") or os.environ.get("LANG") or "")
    return (match[1], match[2]) if match else ("", "")


def _usual_language(_answers: Answers) -> str:
    return _locale()[0] if _locale()[0] in languages() else "en"


QUESTIONS = (
    Question(name="company", asks="Your company, as letters name it"),
    Question(name="address", asks="The address that customers write to", check=check_one_address),
    Question(
        name="imap",
        asks=f"Its IMAP server (HOST or HOST:PORT), or one of {', '.join(PROVIDERS)}",
        usual=_at_home("imap"),
        check=lambda text: read_server(text, "imap"),
        guessed=True,
    ),
    Question(
        name="smtp",
        asks="The SMTP server that letters go out by",
        usual=lambda answers: answers["imap"] if answers["imap"] in SMTP_SERVERS else _at_home("smtp")(answers),
        check=lambda text: read_server(text, "smtp"),
        guessed=True,
    ),
    Question(name="username", asks="Log in as", usual=lambda answers: answers["address"], guessed=True),
    Question(
        name="timezone",
        asks="The time zone that you work in",
        usual=_zone_of_machine,
        check=_calendar("timezone"),
        guessed=True,
    ),
    Question(
        name="country",
        asks="Whose public holidays count: a country (FI) or a region of it (DE-BY)",
        usual=lambda _answers: _locale()[1],
        check=_calendar("holidays"),
    ),
    Question(
        name="language",
        asks=f"The language to write in when a customer's can't be told: {', '.join(languages())}",
        usual=_usual_language,
        check=_language,
        guessed=True,
    ),
    Question(name="owner", asks="Who answers for complaints (an address)", check=check_one_address),
    Question(name="admin", asks="Your own address, to sign in at the desk with", check=check_one_address),
)


def interview(given: Answers, ask: Callable[[Question, str], str] | None) -> dict[str, str]:
    """An answer to each question: what was given; else what is asked for (`ask` gets what is usual); else, where nobody
    can be asked, what can be guessed. Raises UsageError for what was given and can't be used."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        usual = question.usual(answers)
        if text := given.get(question.name, ""):
            question.check(text)
        elif ask:
            text = ask(question, usual)
        else:
            text = usual if question.guessed else ""
        answers[question.name] = text
    return answers


def check_topics(names: Iterable[str], own: OwnTopics = None) -> None:
    """Raises UsageError for one that there is not. `own`: topics in place of the shipped ones."""
    topics = _topics(_shipped_config()) if own is None else [topic.name for topic in own]
    if unknown := [name for name in names if name not in topics]:
        raise UsageError("there is no such topic", where=unknown[0], remedy=f"one of {', '.join(topics) or '(none)'}")


def _shipped_config() -> str:
    return (find_shipped() / "config.toml").read_text(encoding="utf-8")


def _topics(text: str) -> list[str]:
    return re.findall(r"^\[topics\.(\w+)\]", text, re.MULTILINE)


def make(
    directory: Path, answers: Answers, owners: Answers, password: Mapping[str, str], own: OwnTopics = None
) -> None:
    """Configuration, letters and training data. The help pages of the example stay away: they lead to its web site.

    `owners`: topic → address, where they differ; `password`: where it is kept, as { env = … } or { file = … }; `own`:
    topics in place of the shipped ones.
    """
    shipped = find_shipped()
    directory.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        if (shipped / name).is_dir():
            shutil.copytree(shipped / name, directory / name, ignore=shutil.ignore_patterns("articles"))
    keep(directory / "var", shipped_now())
    if own is not None:
        leave_out_starter_topics(directory, _topics(_shipped_config()), own)
    write_config(directory, answers, owners, password, own)


def write_config(
    directory: Path, answers: Answers, owners: Answers, password: Mapping[str, str], own: OwnTopics = None
) -> None:
    """The configuration alone, anew."""
    text = _shipped_config()
    values = _always(answers, owners, _topics(text) if own is None else [])
    if own is not None:
        text = with_own_topics(text, own, answers["language"], answers["owner"], owners)
    if answers["address"]:
        values |= _servers(answers, password)
    providers = [section for section, keys in _FILLED if values.get((section, "preset"))]
    away = {(section, key) for section, keys in _FILLED if section in providers for key in keys}
    if values.get(("smtp", "username")) == "":
        away.add(("smtp", "password"))
    if answers["admin"]:
        away.add(("web", "token"))  # else the pages would not start before it is there
    (directory / "config.toml").write_text("".join(_filled_in(text, values, away)), encoding="utf-8")


Key = tuple[str, str]  # section, key


def _always(answers: Answers, owners: Answers, topics: list[str]) -> dict[Key, object]:
    owner = answers["owner"]
    return {
        ("replies", "company"): answers["company"],
        ("replies", "signature"): "",  # the company
        ("replies", "language"): answers["language"],
        (MAILBOX, "language"): answers["language"],
        ("calendar", "timezone"): answers["timezone"],
        ("calendar", "holidays"): answers["country"],
        ("follow_up", "staff"): [owner] if owner else [],
        **({("web", "enabled"): True} if answers["admin"] else {}),
        **{(f"topics.{topic}", "owner"): owners.get(topic, owner) for topic in topics},
        **{(f"topics.{topic}", "articles"): [] for topic in topics},
    }


def _servers(answers: Answers, password: Mapping[str, str]) -> dict[Key, object]:
    address = answers["address"]
    name = answers["company"].replace('"', "").replace("\\", "")
    shown = name if re.fullmatch(r"[\w &'-]+", name) else f'"{name}"'  # RFC 5322 section 3.2.3: else it is quoted
    values: dict[Key, object] = {
        (MAILBOX, "addresses"): [address],
        ("smtp", "from"): f"{shown} <{address}>" if name else address,
    }
    for section, kind in ((MAILBOX, "imap"), ("smtp", "smtp")):
        server = read_server(answers[kind], kind)
        takes_no_log_in = kind == "smtp" and server.security == "none"  # a relay on this machine, as a rule
        values[section, "username"] = "" if takes_no_log_in else answers["username"]
        if not takes_no_log_in:
            values[section, "password"] = dict(password)
        told = {"preset": server.provider} if server.provider else {
            "host": server.host, "port": server.port, "security": server.security,
        }  # fmt: skip
        values |= {(section, key): value for key, value in told.items()}
    return values


def _filled_in(text: str, values: Mapping[Key, object], away: set[Key]) -> Iterator[str]:
    """The shipped file with these values in their lines; those `away` become comments. A topic's key that the file does
    not write needs no line, as long as it is empty."""
    section, found = "", set()
    for line in text.splitlines(keepends=True):
        if head := re.match(r"\[([\w.-]+)\]", line):
            section = head[1]
        match = _VALUE.match(line)
        key = (section, match["key"]) if match else ("", "")
        if match and key in values:
            found.add(key)
            yield f"{match['key']} = {_toml(values[key])}{match['rest']}\n"
        else:
            yield f"# {line}" if key in away else line
    missing = {key for key, value in values.items() if value} - found
    assert not missing, missing  # noqa: S101  (the shipped file is ours, and a test fills in all of it)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
