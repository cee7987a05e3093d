"""The kinds of values in config.toml: durations, rates, secrets, set times; and what every table is made of."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from pipeline.errors import ConfigError
from pipeline.records.ticket import Priority, TicketStatus

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: object) -> timedelta:
    """Reads "90s", "15m", "4h" or "3d"."""
    match = re.fullmatch(r"(\d+)([smhd])", text.strip()) if isinstance(text, str) else None
    if not match:
        raise ValueError('a duration is written as a text like "90s", "15m", "4h" or "3d"')
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def parse_kept(text: object) -> timedelta | None:
    """Reads a duration of days at least, or "0" or "" for ever (None)."""
    if isinstance(text, str) and text.strip() in ("", "0"):
        return None
    kept = parse_duration(text)
    if kept < timedelta(days=1):
        raise ValueError('a day at least, as "30d"; "" or "0" keeps it for ever')
    return kept


class Rate(BaseModel):
    """So many in a sliding window; `count` 0 switches the limit off."""

    model_config = ConfigDict(frozen=True, defer_build=True)
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
Kept = Annotated[timedelta | None, BeforeValidator(parse_kept)]
RateText = Annotated[Rate, BeforeValidator(parse_rate)]


LANGUAGE = "a language in two small letters, as en"


class Section(BaseModel):
    """A table of config.toml: frozen, no unknown keys, no silent conversions."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True, ignored_types=(cached_property,)
    )


_SomeSection = TypeVar("_SomeSection", bound=Section)


def overlaid(base: _SomeSection, over: _SomeSection) -> _SomeSection:
    """`base`, with what is written in `over`; nothing that was worked out from `base` is kept."""
    values = {name: getattr(base, name) for name in type(base).model_fields}
    values |= {name: getattr(over, name) for name in over.model_fields_set}
    return type(base).model_construct(base.model_fields_set | over.model_fields_set, **values)


def _as_words(value: object) -> object:
    tables = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    if not isinstance(value, str) and not tables:
        raise ValueError('a text, or one for each language: { en = "…", de = "…" }')
    return value


Words = Annotated[str | dict[str, str], BeforeValidator(_as_words)]  # the same in all languages, or by language


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
        raise ValueError('a secret must not be in this file; write { env = "NAME" } or { file = "PATH" }')
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


def check_address(value: str, *, query: bool = False) -> str:
    """The address of a service, as a person types it; unencrypted only to this machine. Raises ValueError.

    `query`: whether it may have a part after a question mark.
    """
    parts = urlsplit(value)
    if value and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("an address like https://tracker.example.com")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("http is only for this machine itself; use https")
    if parts.username or parts.password or parts.fragment or (parts.query and not query):
        raise ValueError("only the address; names and secrets have keys of their own")
    return value


def parse_quiet(text: str) -> tuple[time, time]:
    """Reads "20:00-08:00"; '' is from midnight to midnight, for no time at all. Raises ValueError."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-")) if text else (time(0), time(0))
    except ValueError:
        raise ValueError('times of day like "20:00-08:00", or "" for none') from None
    return start, end


def _as_priority(value: object) -> object:
    known = [priority.value for priority in Priority]
    if value not in known:
        raise ValueError(f"one of {', '.join(known)}")
    return Priority(value)


PriorityWord = Annotated[Priority, BeforeValidator(_as_priority)]


def _as_status(value: object) -> object:
    known = [status.value for status in TicketStatus]
    if value not in known:
        raise ValueError(f"one of {', '.join(known)}")
    return TicketStatus(value)


StatusWord = Annotated[TicketStatus, BeforeValidator(_as_status)]


def check_cron(line: str) -> str:
    """A cron line that means what its writer thinks. Raises ValueError."""
    if not line:
        return line
    from apscheduler.triggers.cron import CronTrigger

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


ADDRESS = r"[^\s<>,;@]+@[^\s<>,;@]+"  # a bare one, as we write to it


def check_addresses(value: tuple[str, ...]) -> tuple[str, ...]:
    """Bare addresses, as we write to them. Raises ValueError."""
    for address in value:
        if not re.fullmatch(ADDRESS, address):
            raise ValueError(f"'{address}' is not an address")
    return value
