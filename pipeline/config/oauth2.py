"""[mailbox.NAME.oauth2] and [smtp.oauth2]: what a server that takes no passwords is logged in to with."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from pipeline.config.values import Duration, Secret, SecretRef, Section, check_address, tls_context

Flow = Literal["client_credentials", "refresh_token", "service_account", "device_code"]


@dataclass(frozen=True, kw_only=True)
class TokenProvider:
    """Where a provider gives out tokens, and for what. `{tenant}` stands for that of the section."""

    token_url: str
    authorize_url: str
    scope: str  # of a person who has signed in
    app_scope: str = ""  # of an app that logs in by itself; empty: the same
    device_url: str = ""  # empty: it gives no devices access to mail, so a browser on this machine signs in


_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
_OUTLOOK = "https://outlook.office.com"
PROVIDERS: dict[str, TokenProvider] = {
    "microsoft": TokenProvider(
        token_url=f"{_MICROSOFT}/token",
        authorize_url=f"{_MICROSOFT}/authorize",
        device_url=f"{_MICROSOFT}/devicecode",
        # Both: one refresh token then serves the mailbox and the outgoing server.
        scope=f"{_OUTLOOK}/IMAP.AccessAsUser.All {_OUTLOOK}/SMTP.Send offline_access",
        app_scope="https://outlook.office365.com/.default",
    ),
    # Google's device codes are not for mail (its list of scopes for devices has none of Gmail).
    "google": TokenProvider(
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106  (an address)
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        scope="https://mail.google.com/",
    ),
}
NEEDED: dict[str, tuple[str, ...]] = {  # flow → the keys that it can't do without
    "client_credentials": ("client_id", "client_secret"),
    "refresh_token": ("client_id", "refresh_token"),
    "device_code": ("client_id", "refresh_token"),
    "service_account": ("client_secret",),
}


class OAuth2Config(Section):
    """[mailbox.NAME.oauth2] or [smtp.oauth2]"""

    flow: Flow
    provider: Literal["microsoft", "google", ""] = ""
    tenant: str = Field(
        default="", pattern=r"^[\w.-]*$", description="the name or number of your organisation at the provider"
    )
    client_id: str = Field(
        default="", pattern=r"^[\x21-\x7e]*$", description="as the provider shows it, without spaces"
    )
    client_secret: SecretRef | None = None
    refresh_token: SecretRef | None = None
    scope: str = ""
    token_url: str = ""
    device_url: str = ""
    authorize_url: str = ""
    ca_file: str = ""
    timeout: Duration = timedelta(seconds=30)

    @field_validator("token_url", "device_url", "authorize_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        return check_address(value)

    @field_validator("refresh_token")
    @classmethod
    def _can_be_replaced(cls, value: Secret | None) -> Secret | None:
        if value and not value.file:
            raise ValueError('a file only, as the provider may replace it: { file = "var/refresh" }')
        return value

    @model_validator(mode="after")
    def _complete(self) -> OAuth2Config:
        missing = [key for key in NEEDED[self.flow] if not getattr(self, key)]
        if self.provider == "microsoft" and self.flow == "client_credentials" and not self.tenant:
            missing.append("tenant")
        if not self.provider:
            missing += [key for key in ("token_url", "scope") if not getattr(self, key)]
        if missing:
            named = f', provider = "{self.provider}"' if self.provider else ""
            raise ValueError(f'flow = "{self.flow}"{named} needs {" and ".join(missing)}: see docs/providers.md')
        return self

    @property
    def signs_in(self) -> bool:
        """Does a person sign in once, with `firstline login`?"""
        return self.flow in ("refresh_token", "device_code")

    @property
    def url(self) -> str:
        """The address of the token server."""
        return self.token_url or self._of_provider("token_url")

    @property
    def devices_at(self) -> str:
        """Where a code for signing in elsewhere is had; '' where there is none."""
        return self.device_url or self._of_provider("device_url")

    @property
    def consent_at(self) -> str:
        """The page on which a person agrees; '' where there is none."""
        return self.authorize_url or self._of_provider("authorize_url")

    @property
    def scopes(self) -> str:
        """What is asked for."""
        of_app = "" if self.signs_in else self._of_provider("app_scope")
        return self.scope or of_app or self._of_provider("scope")

    def tls_context(self, base: Path, key: str) -> ssl.SSLContext:
        """What the token server is checked with; `base`: of config.toml, `key`: for errors. Raises ConfigError."""
        return tls_context(base, self.ca_file, key)

    def _of_provider(self, what: str) -> str:
        known = PROVIDERS.get(self.provider)
        found: str = getattr(known, what) if known else ""
        return found.replace("{tenant}", self.tenant or "organizations")
