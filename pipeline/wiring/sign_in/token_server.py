"""What is said to a token server, and what its answers mean (RFC 6749 section 5).

It can be away, which passes; or it doesn't take who we are any more, and then a person must do something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from pipeline.config.oauth2 import OAuth2Config
from pipeline.errors import (
    DeferredError,
    FirstlineError,
    LoginError,
    MisshapenError,
    OneOrAllError,
    RejectedError,
    UncertainError,
    UnreachableError,
)
from pipeline.http_client import Rest, Shape, read_as
from pipeline.logs import mask

Fields = Mapping[str, str]
Asked = TypeVar("Asked", bound=Shape)
_TELLING = (400, 401, 403)  # statuses with which it says why
_SENSIBLE = re.compile(r"[\x21-\x7e]{1,20000}")  # a token goes into lines of other protocols
_AGAIN = ("invalid_grant", "interaction_required", "consent_required", "login_required")  # a person must sign in anew
_PASSING = ("temporarily_unavailable", "server_error")
LONGEST_LIFE = timedelta(days=1)  # of an access token: no server is believed that says more


class TokenAnswer(Shape):
    """What it says, be it a token or a refusal."""

    access_token: str = ""
    expires_in: int = 0
    refresh_token: str = ""
    error: object = ""
    error_description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Granted:
    """A token, how long it lives, and the refresh token that takes the place of the old one ('' none)."""

    token: str
    lives: timedelta
    refresh_token: str


class RefusedError(LoginError):
    """It says no, with a word of RFC 6749 or RFC 8628: `code`."""

    def __init__(self, code: str, what: str, *, where: str, remedy: str) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.code = code


class TokenServer:
    """One provider's, as a section of config.toml names it. Any thread."""

    def __init__(self, name: str, config: OAuth2Config, folder: Path) -> None:
        """`name`: of the mailbox, or smtp; `folder`: of config.toml. Nothing is connected yet."""
        self.name, self.config, self.folder = name, config, folder
        self.section = "smtp.oauth2" if name == "smtp" else f"mailbox.{name}.oauth2"

    def grant(self, fields: Fields) -> Granted:
        """A token for what `fields` say. Raises RefusedError, UnreachableError."""
        answer = self.ask(TokenAnswer, self.config.url, fields)
        tokens = [answer.access_token, *filter(None, [answer.refresh_token])]
        if not all(_SENSIBLE.fullmatch(token) for token in tokens):
            raise self._nonsense("there is no token in it")
        lives = min(timedelta(seconds=min(max(answer.expires_in, 0), 10**6)), LONGEST_LIFE)
        return Granted(token=answer.access_token, lives=lives, refresh_token=answer.refresh_token)

    def ask(self, shape: type[Asked], url: str, fields: Fields) -> Asked:
        """Posts a form and reads the answer. Raises RefusedError, UnreachableError."""
        try:
            with closing(Rest(self.section, self.config, self.folder, base=url)) as rest:
                answer = rest.exchange("POST", "", data=fields, telling=_TELLING)
        except OneOrAllError as error:
            raise error.whole from error
        except (UncertainError, RejectedError, DeferredError) as error:
            raise self._away(error) from error
        try:
            if answer.status in _TELLING:
                raise self._refused(answer.status, read_as(TokenAnswer, answer.data))
            return read_as(shape, answer.data)
        except MisshapenError as error:
            raise self._nonsense(str(error)) from error

    def _refused(self, status: int, answer: TokenAnswer) -> FirstlineError:
        code = answer.error if isinstance(answer.error, str) and answer.error else str(status)
        said = mask(" ".join(answer.error_description.split()))[:300]
        what = f"the token server says {code[:60]}{': ' if said else ''}{said}"
        if code in _PASSING:
            return UnreachableError(what, where=self._where, remedy="wait, it may pass")
        return RefusedError(code, what, where=self._where, remedy=self._remedy(code))

    def _remedy(self, code: str) -> str:
        if code == "invalid_client":
            return f"check client_id and client_secret of [{self.section}]; the secret may have run out"
        if code in _AGAIN and self.config.signs_in:
            return f"the consent has ended or was withdrawn: sign in again with `firstline login {self.name}`"
        if code == "invalid_grant":
            return f"check the key and username of [{self.section}], what the provider lets it do, and this clock"
        return f"check [{self.section}] and what the provider lets this app do: docs/providers.md"

    @property
    def _where(self) -> str:
        return f"{self.config.url.split('/')[2]}, [{self.section}]"

    def _away(self, error: FirstlineError) -> UnreachableError:
        what, remedy = f"the token server does not work: {error.what}", f"wait; or check [{self.section}]"
        return UnreachableError(what, where=self._where, remedy=remedy)

    def _nonsense(self, what: str) -> UnreachableError:
        remedy = f"check token_url of [{self.section}]"
        return UnreachableError(f"an answer that means nothing: {what}", where=self._where, remedy=remedy)
