"""Signing in once: a person agrees in a browser, and the refresh token is kept (RFC 8628; RFC 8252 with RFC 7636)."""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from pipeline.config.settings import SMTP, Config
from pipeline.errors import FirstlineError, UnreachableError, UsageError
from pipeline.http_client import Shape
from pipeline.wiring.sign_in import flows
from pipeline.wiring.sign_in.loopback import BrowserAnswer, LoopbackPage
from pipeline.wiring.sign_in.refresh_file import RefreshFile
from pipeline.wiring.sign_in.token_server import Granted, RefusedError, TokenServer

LONGEST = 1800.0  # seconds that a person has, whatever the provider says
SLOWER = 5.0  # seconds more between two questions, when it says that we ask too often (RFC 8628 section 3.5)
_BY_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
Tell = Callable[[str], None]


class DeviceCode(Shape):
    """What a person types in elsewhere."""

    device_code: str
    user_code: str
    verification_uri: str
    expires_in: float = 900
    interval: float = 5


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Of one server."""

    server: TokenServer
    username: str
    file: RefreshFile

    @classmethod
    def of(cls, config: Config, name: str) -> SignIn:
        """`name`: of a mailbox, or smtp. Raises UsageError where nobody signs in."""
        server = config.smtp if name == SMTP else config.mailbox.get(name)
        section = SMTP if name == SMTP else f"mailbox.{name}"
        if server is None:
            known = [*config.mailbox, *([SMTP] if config.smtp else [])]
            raise UsageError(f"there is no [{section}]", where=str(config.path), remedy=f"one of {', '.join(known)}")
        oauth2 = server.oauth2
        if oauth2 is None or not oauth2.signs_in or oauth2.refresh_token is None:
            raise UsageError(
                f"nobody signs in to [{section}]",
                where=str(config.path),
                remedy=f'only where [{section}.oauth2] has flow = "device_code" or "refresh_token": docs/providers.md',
            )
        asked = TokenServer(name, oauth2, config.folder)
        file = RefreshFile(name, asked.section, oauth2.refresh_token, config.folder)
        return cls(server=asked, username=server.username, file=file)

    @property
    def _where(self) -> str:
        return f"[{self.server.section}]"

    def by_device(self, tell: Tell) -> None:
        """With a code that is typed in on any machine. Raises FirstlineError."""
        fields = {"client_id": self.server.config.client_id, "scope": self.server.config.scopes}
        code = self.server.ask(DeviceCode, self.server.config.devices_at, fields)
        tell(f"Open {code.verification_uri} in a browser, type in {code.user_code}, and sign in as {self.username}.")
        self._keep(self._when_agreed(code))

    def by_browser(self, tell: Tell, port: int) -> None:
        """With a browser on this machine, which is sent back to a port of ours (0: any). Raises FirstlineError."""
        settings, proof, state = self.server.config, secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        if not settings.consent_at:
            raise UsageError(
                "there is no page to sign in on",
                where=self._where,
                remedy="set device_url or authorize_url",
            )
        with LoopbackPage(port) as page:
            asked = {
                "response_type": "code",
                "client_id": settings.client_id,
                "redirect_uri": page.url,
                "scope": settings.scopes,
                "state": state,
                "code_challenge": urlsafe_b64encode(sha256(proof.encode()).digest()).rstrip(b"=").decode(),
                "code_challenge_method": "S256",
                "login_hint": self.username,
            }
            if settings.provider == "google":  # which gives a refresh token only so
                asked |= {"access_type": "offline", "prompt": "consent"}
            address = f"{settings.consent_at}?{urlencode(asked)}"
            tell(f"Open this in a browser on this machine, and sign in as {self.username}:\n{address}")
            answer = page.wait_for(state, LONGEST)
            code = self._agreed(answer)
            fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": page.url}
            self._keep(self.server.grant({**fields, "code_verifier": proof, **flows.client(self.server)}))

    def _agreed(self, answer: BrowserAnswer | None) -> str:
        if answer is None:
            raise UsageError("nobody signed in", where=self._where, remedy="begin again")
        if not answer.code:
            raise FirstlineError(f"the provider says {answer.error}", where=self._where, remedy="begin again")
        return answer.code

    def _when_agreed(self, code: DeviceCode) -> Granted:
        """Asks now and then until the person has agreed, said no, or taken too long."""
        fields = {"grant_type": _BY_DEVICE, "device_code": code.device_code, **flows.client(self.server)}
        until = time.monotonic() + min(code.expires_in, LONGEST)
        pause = min(max(code.interval, 0.1), 60.0)
        while time.monotonic() < until:
            time.sleep(pause)
            try:
                return self.server.grant(fields)
            except RefusedError as error:
                if error.code == "slow_down":
                    pause += SLOWER
                elif error.code != "authorization_pending":
                    raise
            except UnreachableError as error:  # it may pass before the time is over
                pause = min(max(2 * pause, error.retry_after), 60.0)
        raise UsageError("nobody signed in", where=self._where, remedy="begin again")

    def _keep(self, granted: Granted) -> None:
        if not granted.refresh_token:
            raise FirstlineError(
                "the provider gave no refresh token, so this would be good for an hour",
                where=self._where,
                remedy="see that the scope allows it: Microsoft and others want offline_access in it",
            )
        with self.file.held():
            self.file.write(granted.refresh_token)
