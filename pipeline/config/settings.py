"""config.toml and the secrets it points to → one frozen Config.

Every mistake is reported with file, key and remedy (ConfigError, exit code 2). Secrets stay references here; the door
that needs one reads it when it opens.
"""

from __future__ import annotations

import difflib
import os
import secrets
import tomllib
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator

from pipeline.config.sections import (
    CalendarConfig,
    ClassifyConfig,
    FollowUpConfig,
    GrantConfig,
    GuardConfig,
    HealthConfig,
    MailboxConfig,
    MaxError,
    RepliesConfig,
    ReportConfig,
    ScheduleConfig,
    Secret,
    Section,
    SecurityConfig,
    SmtpConfig,
    StoreConfig,
    SurveyConfig,
    TopicConfig,
    TrackerConfig,
    WebConfig,
)
from pipeline.errors import ConfigError
from pipeline.records.ticket import BOARD

WEB = "web"  # the name of the mailbox of what came by the API or the form

_UNPREPARED = TopicConfig()  # for a topic without a table of its own


class Config(Section):
    """All of config.toml."""

    path: Path = Field(default=Path("config.toml"), exclude=True)
    store: StoreConfig = StoreConfig()
    mailbox: dict[str, MailboxConfig] = Field(default_factory=dict)
    smtp: SmtpConfig | None = None
    guard: GuardConfig = GuardConfig()
    security: SecurityConfig = SecurityConfig()
    classify: ClassifyConfig = ClassifyConfig()
    grants: dict[str, GrantConfig] = Field(default_factory=dict)
    tracker: TrackerConfig = TrackerConfig()
    trackers: dict[str, TrackerConfig] = Field(default_factory=dict)
    topics: dict[str, TopicConfig] = Field(default_factory=dict)
    replies: RepliesConfig = RepliesConfig()
    calendar: CalendarConfig = CalendarConfig()
    follow_up: FollowUpConfig = FollowUpConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    report: ReportConfig = ReportConfig()
    health: HealthConfig = HealthConfig()
    web: WebConfig = WebConfig()
    survey: SurveyConfig = SurveyConfig()

    @field_validator("mailbox")
    @classmethod
    def _web_is_taken(cls, mailboxes: dict[str, MailboxConfig]) -> dict[str, MailboxConfig]:
        if WEB in mailboxes:
            raise ValueError(
                f'"{WEB}" is where messages of the API and the form lie; give [mailbox.{WEB}] another name'
            )
        return mailboxes

    @field_validator("topics")
    @classmethod
    def _known_grants(cls, topics: dict[str, TopicConfig], info: ValidationInfo) -> dict[str, TopicConfig]:
        known = info.data.get("grants")
        for name, topic in topics.items():
            for grant in topic.may_grant:
                if known is not None and grant not in known:
                    there_are = ", ".join(f"[grants.{one}]" for one in known) or "none"
                    raise ValueError(f"[topics.{name}] may_grant: there is no [grants.{grant}]; known are: {there_are}")
        return topics

    @field_validator("topics")
    @classmethod
    def _known_trackers(cls, topics: dict[str, TopicConfig], info: ValidationInfo) -> dict[str, TopicConfig]:
        known = info.data.get("trackers")
        for name, topic in topics.items():
            if known is not None and topic.tracker not in ("", BOARD, *known):
                there_are = ", ".join([f'"{BOARD}"', *(f'"{one}"' for one in known)])
                raise ValueError(f"[topics.{name}] tracker: there is no [trackers.{topic.tracker}]; one of {there_are}")
        return topics

    @field_validator("trackers")
    @classmethod
    def _one_of_each_name(cls, trackers: dict[str, TrackerConfig], info: ValidationInfo) -> dict[str, TrackerConfig]:
        """A ticket remembers its tracker by name, and that of [tracker] is its kind."""
        taken = info.data["tracker"].kind if "tracker" in info.data else ""
        if taken in trackers:
            raise ValueError(f'[tracker] is called "{taken}" already; give [trackers.{taken}] another name')
        if BOARD in trackers:
            raise ValueError(f'"{BOARD}" is the built-in one; give [trackers.{BOARD}] another name')
        return trackers

    @property
    def all_trackers(self) -> dict[str, TrackerConfig]:
        """By the name of their section."""
        return {"tracker": self.tracker, **{f"trackers.{name}": one for name, one in self.trackers.items()}}

    @cached_property
    def outside_trackers(self) -> dict[str, TrackerConfig]:
        """By the name that tickets remember: NAME of [trackers.NAME], and the kind of [tracker]."""
        every = {self.tracker.kind: self.tracker, **self.trackers}
        return {name: one for name, one in every.items() if one.kind != BOARD}

    def tracker_of(self, situation: TopicConfig) -> str:
        """The name of the tracker that tickets of a prepared situation are filed in."""
        name = situation.tracker or self.tracker.kind
        return name if name in self.outside_trackers else BOARD

    @property
    def folder(self) -> Path:
        """Relative paths in the file start here."""
        return self.path.resolve().parent

    def at(self, path: str) -> Path:
        return self.folder / path

    @cached_property
    def boxes(self) -> dict[str, MailboxConfig]:
        """The mailboxes, and one more for what came by the API or the form: it is on no server, so it has no login."""
        web = MailboxConfig.model_construct(
            addresses=self.our_addresses, first_run="acknowledge", language=self.replies.language
        )
        return {**self.mailbox, WEB: web}

    @property
    def our_addresses(self) -> tuple[str, ...]:
        """Ours in any mailbox, and the one we send from."""
        ours = [address for box in self.mailbox.values() for address in box.addresses]
        if self.smtp:
            ours += [parseaddr(self.smtp.sender)[1], parseaddr(self.smtp.bounce_address)[1]]
        return tuple(dict.fromkeys(address.lower() for address in ours if address))

    def topic(self, name: str) -> TopicConfig:
        """The prepared situation of a topic; one without a table of its own gets the defaults."""
        return self.topics.get(name, _UNPREPARED)

    def store_url(self) -> str:
        """The database's URL with a relative SQLite path made absolute."""
        if not self.store.url.startswith("sqlite:///"):
            return self.store.url
        return f"sqlite:///{self.at(self.store.url.removeprefix('sqlite:///'))}"

    def encoder_folder(self) -> Path | None:
        """The folder of the sentence encoder, None where none is used."""
        return self.at(self.classify.encoder) if self.classify.encoder else None

    def key(self) -> bytes:
        """The key of `[security]`; a missing key *file* is made (mode 0600) with fresh randomness."""
        secret = self.security.key
        if secret.file and not self.at(secret.file).exists():
            _make_key(self.at(secret.file))
        return secret.read(self.folder, "security.key").encode()


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another command was faster
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def load(path: Path) -> Config:
    """Reads and checks the file. Raises ConfigError with every mistake found."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            "there is no such file",
            where=str(path),
            remedy="make a working folder with `firstline init DIR`, or name the file with --config",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"can't be read: {error}", where=str(path), remedy="mend the file there") from error
    return check(table, path)


def check(table: dict[str, Any], path: Path) -> Config:
    """The same for a table that is read already."""
    if "path" in table:
        raise ConfigError("unknown key", where=f"{path}, path", remedy=_nearest("path", Config))
    try:
        return Config.model_validate({**table, "path": path})
    except ValidationError as error:
        problems = [_problem(table, item, path) for item in error.errors(include_url=False)]
        first = problems[0]
        more = "".join(f"\n{other}" for other in problems[1:])
        raise ConfigError(first.what, where=first.where, remedy=first.remedy + more) from None


def _problem(table: dict[str, Any], item: Any, path: Path) -> ConfigError:
    keys = [str(key) for key in item["loc"]]
    where = f"{path}, {'.'.join(keys)}"
    match item["type"]:
        case "extra_forbidden":
            return ConfigError("unknown key", where=where, remedy=_nearest(keys[-1], _model_at(keys[:-1])))
        case "missing":
            return ConfigError(
                "this key is missing", where=where, remedy="add it; config.toml of `firstline init` shows how"
            )
        case "value_error":
            return ConfigError("wrong value", where=where, remedy=str(item["ctx"]["error"]))
        case _:
            return ConfigError(f"wrong value: {item['msg']}", where=where, remedy=f"it is {item['input']!r} now")


def _model_at(keys: list[str]) -> type[BaseModel]:
    """The section that stands at this path, to suggest its keys."""
    sections: dict[str, type[BaseModel]] = {
        "store": StoreConfig,
        "smtp": SmtpConfig,
        "guard": GuardConfig,
        "security": SecurityConfig,
        "classify": ClassifyConfig,
        "replies": RepliesConfig,
        "calendar": CalendarConfig,
        "follow_up": FollowUpConfig,
        "health": HealthConfig,
        "web": WebConfig,
        "survey": SurveyConfig,
        "schedule": ScheduleConfig,
        "report": ReportConfig,
        "mailbox": MailboxConfig,
        "topics": TopicConfig,
        "tracker": TrackerConfig,
        "trackers": TrackerConfig,
        "grants": GrantConfig,
    }
    if keys[-1:] == ["max_error"]:
        return MaxError
    if keys[-1:] in (["password"], ["key"], ["token"]):
        return Secret
    return sections.get(keys[0], Config) if keys else Config


def _nearest(key: str, model: type[BaseModel]) -> str:
    known = [field.alias or name for name, field in model.model_fields.items() if name != "path"]
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else f"known here: {', '.join(known)}"
