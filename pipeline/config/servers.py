"""[mailbox.NAME] and [smtp]: the servers that mail comes from and goes to."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pipeline.config.calendar import CalendarConfig
from pipeline.config.oauth2 import OAuth2Config
from pipeline.config.presets import MAILBOXES, SMTP_SERVERS, Preset, filled_in
from pipeline.config.topics import TopicConfig
from pipeline.config.values import (
    LANGUAGE,
    Duration,
    Rate,
    RateText,
    SecretRef,
    Section,
    Words,
    is_loopback,
    tls_context,
)

NOT_READ = "none"  # as [mailbox.NAME] sent_folder
AT_FIRST = 2  # connections to the outgoing server, before anything is known of it


class Server(Section):
    """A host that we log in to."""

    preset: str = ""
    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls", "none"]
    username: str = ""
    password: SecretRef | None = None
    oauth2: OAuth2Config | None = None
    ca_file: str = ""
    timeout: Duration = timedelta(seconds=30)
    presets: ClassVar[Mapping[str, Preset]] = {}

    @model_validator(mode="before")
    @classmethod
    def _as_preset(cls, table: object) -> object:
        return filled_in(table, cls.presets)

    @field_validator("host")
    @classmethod
    def _without_brackets(cls, value: str) -> str:
        return value[1:-1] if value.startswith("[") and value.endswith("]") else value  # an address of IPv6

    @field_validator("security")
    @classmethod
    def _never_in_the_open(cls, value: str, info: ValidationInfo) -> str:
        if value == "none" and not is_loopback(info.data.get("host", "")):
            raise ValueError('"none" is only for this machine itself; use "tls" or "starttls"')
        return value

    @model_validator(mode="after")
    def _one_log_in(self) -> Self:
        if self.password and self.oauth2:
            raise ValueError("it has `password` and `oauth2`: take one of them away")
        if self.oauth2 and not self.username:
            raise ValueError("`oauth2` needs `username`: the address whose mail it is")
        return self

    @property
    def where(self) -> str:
        """Host and port, as errors name it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def tls_context(self, base: Path, key: str) -> ssl.SSLContext:
        """What connections to it are checked with; `base`: of config.toml, `key`: for errors. Raises ConfigError."""
        return tls_context(base, self.ca_file, key)


def _check_sender(value: str) -> str:
    _name, address = parseaddr(value)
    if "@" not in address or "\n" in value or "\r" in value:
        raise ValueError('an address, for example "Example Support <support@example.com>"')
    return value


class MailboxConfig(Server):
    """[mailbox.NAME]"""

    presets: ClassVar[Mapping[str, Preset]] = MAILBOXES
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = Field(min_length=1)
    folder: str = "INBOX"
    sent_folder: str = ""
    done: str = "keep"
    addresses: tuple[str, ...] = Field(default=(), strict=False)
    poll: Duration = timedelta(seconds=60)
    idle: bool = True
    batch: int = Field(default=200, ge=1, le=5000)
    max_age: Duration = timedelta(days=3)
    max_size: int = Field(default=25_000_000, ge=10_000)
    first_run: Literal["record", "acknowledge"] = "record"
    language: str = Field(default="en", pattern=r"^[a-z]{2}$", description=LANGUAGE)
    # What answers to its mail say otherwise than [smtp], [replies], [topics] and [calendar] do: see Config.of_mailbox.
    sender: str = Field(default="", alias="from")
    company: str = ""
    signature: Words = ""
    templates: str = ""
    topics: dict[str, TopicConfig] = Field(default_factory=dict)
    calendar: CalendarConfig = CalendarConfig()

    @property
    def says_otherwise(self) -> bool:
        """Are its mails answered in any other way than those of other mailboxes?"""
        own = (self.sender, self.company, self.signature, self.templates, self.topics, self.calendar.model_fields_set)
        return any(own)

    @model_validator(mode="after")
    def _some_log_in(self) -> Self:
        if not self.password and not self.oauth2:
            raise ValueError('it has neither: add password = { env = "NAME" }, or a table oauth2 (docs/providers.md)')
        return self

    @field_validator("sender")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return _check_sender(value) if value else value

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
                raise ValueError(f"'{address}' is not an address")
        return value


class SmtpConfig(Server):
    """[smtp]"""

    presets: ClassVar[Mapping[str, Preset]] = SMTP_SERVERS
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    sender: str = Field(alias="from")
    bounce_address: str = ""
    connections: Annotated[int, Field(ge=1, le=50)] | Literal["auto"] = "auto"
    max_connections: int = Field(default=10, ge=1, le=50)
    limit: RateText = Rate(count=0, window=timedelta(0))
    give_up: Duration = timedelta(days=5)
    on_uncertain: Literal["resend", "hold"] = "resend"
    sent_folder: str = ""

    @field_validator("sender")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return _check_sender(value)

    @property
    def usual_and_most_connections(self) -> tuple[int, int]:
        """How many are open side by side at first, and how many ever."""
        if self.connections == "auto":
            return min(AT_FIRST, self.max_connections), self.max_connections
        return self.connections, self.connections

    @cached_property
    def domain(self) -> str:
        """The domain of our Message-IDs: under our own, and used for nothing else."""
        return "firstline." + parseaddr(self.sender)[1].rpartition("@")[2].lower()
