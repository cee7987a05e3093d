"""[tracker] and [trackers.NAME]: where complaints are filed."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from pipeline.config.values import Duration, SecretRef, Section, StatusWord, check_address, tls_context
from pipeline.errors import ConfigError
from pipeline.records.ticket import BOARD


@dataclass(frozen=True, kw_only=True)
class TrackerKind:
    """A line of KINDS: what an outside tracker wants to be set, beside `url` and `token`, which all want."""

    project: bool = True
    username: bool = False


# Every outside tracker; `redmine` is the class RedmineTracker in pipeline/trackers/redmine.py.
KINDS: dict[str, TrackerKind] = {
    "github": TrackerKind(),
    "gitlab": TrackerKind(),
    "jira": TrackerKind(),
    "redmine": TrackerKind(),
    "zammad": TrackerKind(),
    "rt": TrackerKind(),
    "roundup": TrackerKind(project=False, username=True),
    "webhook": TrackerKind(project=False),
}


class TrackerConfig(Section):
    """[tracker], and [trackers.NAME] for further ones that topics may name."""

    kind: str = BOARD  # or one of KINDS
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
    owners: dict[str, str] = Field(
        default_factory=dict
    )  # our owner's address → the name the tracker knows the person by
    statuses: dict[str, StatusWord] = Field(
        default_factory=dict
    )  # the tracker's own words → ours, beyond those built in
    share: Literal["nothing", "redacted", "everything"] = "redacted"
    attachments: bool = False
    on_closed: Literal["reopen", "linked"] = "reopen"  # a customer's reply to a closed ticket
    poll: Duration = timedelta(minutes=5)
    payload: str = ""  # webhook: a Jinja2 file that makes the body

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        if value not in (BOARD, *KINDS):
            raise ValueError(f"one of {', '.join((BOARD, *KINDS))}")
        return value

    @field_validator("url", "project", "username", "token")
    @classmethod
    def _given_where_needed(cls, value: object, info: ValidationInfo) -> object:
        kind = info.data.get("kind", BOARD)
        if not value and kind != BOARD and getattr(KINDS[kind], str(info.field_name), True):
            raise ValueError(f'kind = "{kind}" needs it: see docs/trackers.md')
        return value

    @field_validator("url")
    @classmethod
    def _safe_address(cls, value: str, info: ValidationInfo) -> str:
        return check_address(value, query=info.data.get("kind") == "webhook")

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
        kinds = {"jira": (r"customfield_\d+", "customfield_ and a number"), "redmine": (r"\d+", "a number")}
        pattern, words = kinds.get(info.data.get("kind", ""), (r"[\w .-]+", "letters, digits, spaces, dots and dashes"))
        if value and not re.fullmatch(pattern, value):
            raise ValueError(words)
        return value

    def secret(self, folder: Path, section: str) -> str:
        """What we log in with. Raises ConfigError."""
        if self.token is None:
            raise ConfigError("there is no token", where=f"config.toml, {section}.token", remedy="add one")
        return self.token.read(folder, f"{section}.token")

    def tls_context(self, base: Path, key: str) -> ssl.SSLContext:
        """What connections to it are checked with; `base`: of config.toml, `key`: for errors. Raises ConfigError."""
        return tls_context(base, self.ca_file, key)
