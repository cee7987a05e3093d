"""[desk]: signing in to the pages for people who work with Firstline."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from pipeline.config.values import Duration, SecretRef, Section, is_loopback, tls_context
from pipeline.records.account import DeskRole


class OidcConfig(Section):
    """[desk.oidc]: people sign in with the accounts that they have elsewhere (OpenID Connect)."""

    issuer: str
    client_id: str
    client_secret: SecretRef | None = None
    name: str = ""
    groups_claim: str = "groups"
    roles: dict[str, DeskRole] = Field(default_factory=dict)
    ca_file: str = ""
    timeout: Duration = timedelta(seconds=10)

    @property
    def url(self) -> str:
        """Where it is, as our HTTP client asks."""
        return self.issuer

    def tls_context(self, base: Path, key: str) -> ssl.SSLContext:
        """What the provider is checked with; `base`: of config.toml, `key`: for errors. Raises ConfigError."""
        return tls_context(base, self.ca_file, key)

    @property
    def shown(self) -> str:
        """What the button says."""
        return self.name or urlsplit(self.issuer).hostname or self.issuer

    @field_validator("issuer")
    @classmethod
    def _over_tls(cls, value: str) -> str:
        parts = urlsplit(value)
        if not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))):
            raise ValueError("https://login.example.com, as the provider names it; http only on this machine")
        return value

    @field_validator("roles", mode="before")
    @classmethod
    def _known_roles(cls, value: object) -> object:
        known = ", ".join(DeskRole)
        if not isinstance(value, dict) or any(role not in list(DeskRole) for role in value.values()):
            raise ValueError(f'a role for each group, like {{ "support" = "agent" }}; roles are {known}')
        return {group: DeskRole(role) for group, role in value.items()}


class DeskConfig(Section):
    """[desk]: how long people stay signed in, and who else says who they are."""

    idle: Duration = timedelta(hours=8)
    longest: Duration = timedelta(days=7)
    oidc: OidcConfig | None = None
