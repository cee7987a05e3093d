"""The tables of config.toml, each a frozen class of its own: what may stand in them, and what it means."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from datetime import time, timedelta
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from pipeline.clock import WorkingTime, parse_closed, parse_hours
from pipeline.errors import ConfigError
from pipeline.records.ticket import Priority, TicketStatus

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: object) -> timedelta:
    """Reads "90s", "15m", "4h" or "3d"."""
    match = re.fullmatch(r"(\d+)([smhd])", text.strip()) if isinstance(text, str) else None
    if not match:
        raise ValueError('a duration is written as a text like "90s", "15m", "4h" or "3d"')
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


class Rate(BaseModel):
    """So many in a sliding window; `count` 0 switches the limit off."""

    model_config = ConfigDict(frozen=True)
    count: int
    window: timedelta


def parse_rate(text: object) -> Rate:
    """Reads "10 per 1d", or "0" for no limit."""
    match = re.fullmatch(r"(\d+)\s+per\s+(\S+)", text.strip()) if isinstance(text, str) else None
    if isinstance(text, str) and text.strip() == "0":
        return Rate(count=0, window=timedelta(0))
    if not match:
        raise ValueError('a limit is written like "10 per 1d", or "0" to switch it off')
    return Rate(count=int(match[1]), window=parse_duration(match[2]))


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
RateText = Annotated[Rate, BeforeValidator(parse_rate)]


class Section(BaseModel):
    """A table of config.toml: frozen, no unknown keys, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, ignored_types=(cached_property,))


class Secret(Section):
    """Where a secret is kept: an environment variable or a file, never the configuration itself."""

    env: str = ""
    file: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Secret:
        if bool(self.env) == bool(self.file):
            raise ValueError('a secret is written { env = "NAME" } or { file = "PATH" }')
        return self

    def read(self, base: Path, key: str) -> str:
        """The secret itself. `base`: the folder of config.toml; `key`: for the message when it can't be had."""
        if self.env:
            value = os.environ.get(self.env, "")
            if not value:
                raise ConfigError(
                    f"the environment variable {self.env} is not set",
                    where=f"config.toml, {key}",
                    remedy=f"set it before you start: export {self.env}=…",
                )
            return value
        path = base / self.file
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"the file {path} can't be read: {error}",
                where=f"config.toml, {key}",
                remedy="create it with the secret in it, readable by this user only (chmod 600)",
            ) from error


def _as_secret(value: object) -> object:
    if isinstance(value, str):
        raise ValueError('a secret must not stand in this file; write { env = "NAME" } or { file = "PATH" }')
    return value


SecretRef = Annotated[Secret, BeforeValidator(_as_secret)]


def is_loopback(host: str) -> bool:
    """Is this host the machine itself?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def tls_context(base: Path, ca_file: str, key: str) -> ssl.SSLContext:
    """Verifies certificate and host name; against `ca_file` where it is set, else what this machine trusts."""
    try:
        return ssl.create_default_context(cafile=base / ca_file if ca_file else None)
    except OSError as error:
        raise ConfigError(
            f"the file {base / ca_file} can't be used: {error}",
            where=f"config.toml, {key}.ca_file",
            remedy="a PEM file with the certificate of the authority that signed the server's",
        ) from error


class Server(Section):
    """A host that we log in to."""

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls", "none"]
    username: str = ""
    password: SecretRef | None = None
    ca_file: str = ""
    timeout: Duration = timedelta(seconds=30)

    @field_validator("security")
    @classmethod
    def _never_in_the_open(cls, value: str, info: ValidationInfo) -> str:
        if value == "none" and not is_loopback(info.data.get("host", "")):
            raise ValueError('"none" is only for this machine itself; use "tls" or "starttls"')
        return value

    def tls_context(self, base: Path, key: str) -> ssl.SSLContext:
        return tls_context(base, self.ca_file, key)


class MailboxConfig(Server):
    """[mailbox.NAME]"""

    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = Field(min_length=1)
    password: SecretRef
    folder: str = "INBOX"
    done: str = "keep"
    addresses: tuple[str, ...] = Field(default=(), strict=False)
    poll: Duration = timedelta(seconds=60)
    idle: bool = True
    batch: int = Field(default=200, ge=1, le=5000)
    max_age: Duration = timedelta(days=3)
    max_size: int = Field(default=25_000_000, ge=10_000)
    first_run: Literal["record", "acknowledge"] = "record"
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")

    @field_validator("done")
    @classmethod
    def _known_done(cls, value: str) -> str:
        if value not in ("keep", "seen", "flag") and not re.fullmatch(r"move:.+", value):
            raise ValueError('one of "keep", "seen", "flag" or "move:FOLDER"')
        return value

    @field_validator("addresses")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if "@" not in address:
                raise ValueError(f"'{address}' is no address")
        return value


class SmtpConfig(Server):
    """[smtp]"""

    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    sender: str = Field(alias="from")
    bounce_address: str = ""
    connections: int = Field(default=2, ge=1, le=50)
    on_uncertain: Literal["resend", "hold"] = "resend"
    sent_folder: str = ""

    @field_validator("sender")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        _name, address = parseaddr(value)
        if "@" not in address or "\n" in value or "\r" in value:
            raise ValueError('an address, for example "Example Support <support@example.com>"')
        return value

    @cached_property
    def domain(self) -> str:
        """The domain of our Message-IDs: under our own, and used for nothing else."""
        return "firstline." + parseaddr(self.sender)[1].rpartition("@")[2].lower()


class StoreConfig(Section):
    """[store]"""

    url: str = "sqlite:///var/firstline.db"

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("begins with sqlite:/// or postgresql://")
        return value


class GuardConfig(Section):
    """[guard]"""

    allow: tuple[str, ...] = Field(default=(), strict=False)
    forms: tuple[str, ...] = Field(default=(), strict=False)
    authserv: tuple[str, ...] = Field(default=(), strict=False)
    limit_thread: RateText = Rate(count=1, window=timedelta(days=1))
    limit_sender: RateText = Rate(count=10, window=timedelta(days=1))
    limit_domain: RateText = Rate(count=500, window=timedelta(hours=1))
    limit_system: RateText = Rate(count=5000, window=timedelta(hours=1))
    same_subject: RateText = Rate(count=1, window=timedelta(days=1))
    bounce_memory: Duration = timedelta(days=60)


class WebConfig(Section):
    """[web]: the pages for customers, the API, and what monitors ask."""

    enabled: bool = False
    listen: str = "127.0.0.1:8025"
    url: str = ""
    proxy: str = ""
    token: SecretRef | None = None
    form: bool = False
    limit: RateText = Rate(count=20, window=timedelta(hours=1))
    link_expires: Duration = timedelta(days=90)

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not int(port) < 65536:
            raise ValueError("host and port, like 127.0.0.1:8025 or [::1]:8025")
        return value

    @field_validator("url")
    @classmethod
    def _base_of_links(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))):
            raise ValueError("https://support.example.com, as customers reach the pages; http only on this machine")
        if parts.query or parts.fragment or parts.username:
            raise ValueError("only scheme, host and perhaps a path")
        return value.rstrip("/")

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])


class SurveyConfig(Section):
    """[survey]: who is asked what, and when."""

    resolved: Literal["nothing", "csat", "ces", "either"] = "nothing"
    nps: bool = False
    wait: Duration = timedelta(days=1)
    quiet: str = "20:00-08:00"
    expires: Duration = timedelta(days=30)

    @field_validator("quiet")
    @classmethod
    def _times_of_day(cls, value: str) -> str:
        parse_quiet(value)
        return value

    @property
    def quiet_hours(self) -> tuple[time, time]:
        """From when until when nothing goes out; alike: no quiet hours."""
        return parse_quiet(self.quiet)


def parse_quiet(text: str) -> tuple[time, time]:
    """Reads "20:00-08:00"; '' is from midnight to midnight, for no time at all. Raises ValueError."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-")) if text else (time(0), time(0))
    except ValueError:
        raise ValueError('times of day like "20:00-08:00", or "" for none') from None
    return start, end


class SecurityConfig(Section):
    """[security]"""

    key: SecretRef = Secret(file="var/key")


class MaxError(Section):
    """[classify] max_error: how often the machine may be wrong where it says it is sure."""

    topic: float = Field(default=0.02, gt=0, lt=1)
    complaint: float = Field(default=0.02, gt=0, lt=1)
    sentiment: float = Field(default=0.05, gt=0, lt=1)


class ClassifyConfig(Section):
    """[classify]"""

    models: str = "models"
    encoder: str = ""
    max_error: MaxError = MaxError()


_NAMED = re.compile(r"([^<>]*)<([^<>]+)>")


def _as_priority(value: object) -> object:
    known = [priority.value for priority in Priority]
    if value not in known:
        raise ValueError(f"one of {', '.join(known)}")
    return Priority(value)


PriorityWord = Annotated[Priority, BeforeValidator(_as_priority)]


class TopicConfig(Section):
    """[topics.NAME]: a prepared situation."""

    title: dict[str, str] = {}
    owner: str = ""
    acknowledge: bool = True
    template: str = ""
    respond_within: Duration = timedelta(hours=8)
    resolve_within: Duration = timedelta(hours=40)
    track: Literal["complaints", "all", "never"] = "complaints"
    may_grant: tuple[str, ...] = Field(default=(), strict=False)
    articles: tuple[str, ...] = Field(default=(), strict=False)
    tracker: str = ""  # board, or NAME of [trackers.NAME]; '' that of [tracker]
    project: str = ""  # there; '' the tracker's own
    labels: tuple[str, ...] = Field(default=(), strict=False)  # there, beside the tracker's own
    priority: PriorityWord = Priority.NORMAL
    checklist: tuple[str, ...] = Field(default=(), strict=False)  # how a ticket is resolved

    @property
    def owner_name(self) -> str:
        """The name of an owner written "Name <address>", '' for a bare address."""
        return _NAMED.sub(r"\1", self.owner).strip(' "') if _NAMED.fullmatch(self.owner) else ""

    @property
    def owner_address(self) -> str:
        """Whom the ticket is assigned to: the address, or the owner as written."""
        return _NAMED.sub(r"\2", self.owner)


class GrantConfig(Section):
    """[grants.NAME]: what staff may give a customer without asking."""

    title: dict[str, str] = Field(min_length=1)
    per_customer: RateText = Rate(count=1, window=timedelta(days=365))


class RepliesConfig(Section):
    """[replies]"""

    templates: str = "templates"
    company: str = ""
    signature: str = ""
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    fallback: dict[str, list[str]] = {}
    html: Literal["files", "always"] = "files"


# Trackers that want the key to be set; all but the board want `url` and `token`.
_WITH_PROJECT = ("github", "gitlab", "jira", "redmine", "zammad", "rt")
_WITH_USERNAME = ("roundup",)


def _as_status(value: object) -> object:
    known = [status.value for status in TicketStatus]
    if value not in known:
        raise ValueError(f"one of {', '.join(known)}")
    return TicketStatus(value)


StatusWord = Annotated[TicketStatus, BeforeValidator(_as_status)]


class TrackerConfig(Section):
    """[tracker], and [trackers.NAME] for further ones that topics may name."""

    kind: Literal["board", "github", "gitlab", "jira", "redmine", "zammad", "rt", "roundup", "webhook"] = "board"
    # Of the tracker, as a person types it; the adapters know the path of its interface.
    url: str = Field(default="", validate_default=True)
    project: str = Field(default="", validate_default=True)
    username: str = Field(default="", validate_default=True)
    token: SecretRef | None = Field(default=None, validate_default=True)  # or the password that belongs to `username`
    ca_file: str = ""
    timeout: Duration = timedelta(seconds=30)
    labels: tuple[str, ...] = Field(default=(), strict=False)  # on every ticket
    field: str = ""  # where the key is kept, for trackers with fields of one's own
    issue_type: str = ""  # Jira
    owners: dict[str, str] = {}  # our owner's address → the name the tracker knows the person by
    statuses: dict[str, StatusWord] = {}  # the tracker's own words → ours, beyond those built in
    share: Literal["nothing", "redacted", "everything"] = "redacted"
    attachments: bool = False
    on_closed: Literal["reopen", "linked"] = "reopen"  # a customer's reply to a closed ticket
    poll: Duration = timedelta(minutes=5)
    payload: str = ""  # webhook: a Jinja2 file that makes the body

    @field_validator("url", "project", "username", "token")
    @classmethod
    def _given_where_needed(cls, value: object, info: ValidationInfo) -> object:
        kind = info.data.get("kind", "board")
        needing = {"project": _WITH_PROJECT, "username": _WITH_USERNAME}.get(str(info.field_name), (kind,))
        if not value and kind != "board" and kind in needing:
            raise ValueError(f'kind = "{kind}" needs it: see docs/trackers.md')
        return value

    @field_validator("url")
    @classmethod
    def _safe_address(cls, value: str, info: ValidationInfo) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("an address like https://tracker.example.com")
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise ValueError("http is only for this machine itself; use https")
        if parts.username or parts.password or parts.fragment or (parts.query and info.data.get("kind") != "webhook"):
            raise ValueError("only the address; name and secret stand in `username` and `token`")
        return value

    @field_validator("attachments")
    @classmethod
    def _nothing_personal(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("share") != "everything":
            raise ValueError('what is in a file can\'t be redacted: it takes share = "everything"')
        return value

    @field_validator("field")
    @classmethod
    def _harmless(cls, value: str, info: ValidationInfo) -> str:
        """It becomes part of a query."""
        pattern = {"jira": r"customfield_\d+", "redmine": r"\d+"}.get(info.data.get("kind", ""), r"[\w .-]+")
        if value and not re.fullmatch(pattern, value):
            raise ValueError(f"fits {pattern}")
        return value

    def secret(self, folder: Path, section: str) -> str:
        """What we log in with. Raises ConfigError."""
        if self.token is None:
            raise ConfigError("there is no token", where=f"config.toml, {section}.token", remedy="add one")
        return self.token.read(folder, f"{section}.token")

    def tls_context(self, base: Path, key: str) -> ssl.SSLContext:
        return tls_context(base, self.ca_file, key)


class CalendarConfig(Section):
    """[calendar]"""

    timezone: str = "UTC"
    hours: str = "Mon-Fri 09:00-17:00"
    holidays: str = Field(default="", pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")
    closed: tuple[str, ...] = Field(default=(), strict=False)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("a time zone like Europe/Helsinki") from None
        return value

    @field_validator("hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        parse_hours(value)
        return value

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value:
            from holidays import country_holidays  # loads this country only; a list of all takes a third of a second

            country, _, region = value.partition("-")
            try:
                country_holidays(country, subdiv=region or None)
            except NotImplementedError:
                message = "no holidays are known for that; a country like FI, or a region of it like DE-BY"
                raise ValueError(message) from None
        return value

    @field_validator("closed")
    @classmethod
    def _are_days(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for days in value:
            parse_closed(days)
        return value

    @cached_property
    def working_time(self) -> WorkingTime:
        return WorkingTime(
            timezone=ZoneInfo(self.timezone),
            week=parse_hours(self.hours),
            holidays=self.holidays,
            closed=tuple(parse_closed(days) for days in self.closed),
        )


class FollowUpConfig(Section):
    """[follow_up]: promises are watched, and customers hear where they stand."""

    due_soon: float = Field(default=0.25, gt=0, lt=1)
    chain: tuple[str, ...] = Field(default=(), strict=False)
    renewals: int = Field(default=2, ge=0, le=20)
    quiet_after: Duration = timedelta(days=14)
    close_after: Duration = timedelta(days=7)
    repeats: Duration = timedelta(days=30)
    tell_moves: bool = True

    @field_validator("chain")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if "@" not in address:
                raise ValueError(f"'{address}' is no address")
        return value


class ScheduleConfig(Section):
    """[schedule]: cron lines in the time zone of [calendar]; empty: never."""

    retrain: str = ""
    reconcile: str = "40 4 * * *"
    report: str = "0 7 * * mon"
    survey: str = "*/15 * * * *"
    follow_up: str = "*/5 * * * *"

    @field_validator("retrain", "reconcile", "report", "survey", "follow_up")
    @classmethod
    def _cron_line(cls, value: str) -> str:
        return check_cron(value)


def check_cron(line: str) -> str:
    """A cron line that means what its writer thinks. Raises ValueError."""
    from apscheduler.triggers.cron import CronTrigger

    if not line:
        return line
    example = "a cron line like '30 3 * * sun': minute, hour, day, month, weekday by name"
    fields = line.split()
    # The scheduler counts weekdays from Monday as 0, cron from Sunday: a digit would be a day off.
    if len(fields) != 5 or re.search(r"\d", fields[4].partition("/")[0]):
        raise ValueError(example)
    try:
        CronTrigger.from_crontab(line)
    except ValueError as error:
        raise ValueError(f"{example} ({error})") from None
    return line


class ReportConfig(Section):
    """[report]: who gets it by mail, when `[schedule] report` says so."""

    to: tuple[str, ...] = Field(default=(), strict=False)
    days: int = Field(default=7, ge=1, le=366)

    @field_validator("to")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if not re.fullmatch(r"[^\s<>,;@]+@[^\s<>,;@]+", address):
                raise ValueError(f"'{address}' is no address")
        return value


class HealthConfig(Section):
    """[health]: beyond these `status` is unhealthy."""

    oldest_unprocessed: Duration = timedelta(minutes=15)
    last_pass: Duration = timedelta(minutes=10)
    failed: int = Field(default=0, ge=0)
    uncertain: int = Field(default=0, ge=0)
    parked: int = Field(default=50, ge=0)
