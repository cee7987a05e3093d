"""A token server that behaves as the big providers' do: tokens end, refresh tokens are replaced, consent is withdrawn,
pauses are asked for. Beside it the introspection (RFC 7662) with which Dovecot asks whom a token lets in."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import ssl
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

HOST = "127.0.0.1"
Reply = tuple[int, dict[str, str], bytes]


class Issuer:
    """Gives out tokens for one user. `rotates`: "" never (Google), "each" with the old one still good (Microsoft), or
    "once": a refresh token that comes a second time ends the consent (RFC 9700 section 4.14.2)."""

    def __init__(
        self,
        user: str = "support@example.com",
        rotates: str = "",
        lives: int = 3600,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.user, self.rotates, self.lives = user, rotates, lives
        self.client_id, self.client_secret = "client", "client-secret"
        self.shared: set[str] = set()  # other mailboxes that this user may open
        self.refresh_tokens = {"refresh-0"}
        self.newest = "refresh-0"
        self.withdrawn = False
        self.service_account: RSAKey | None = None  # its public key
        self.asked: list[dict[str, str]] = []  # every form
        self.issued: list[str] = []
        self.dead: set[str] = set()  # tokens that no server takes any more
        self.approved: set[str] = set()  # user codes
        self._planned: deque[tuple[int, dict[str, str], dict[str, Any]]] = deque()
        self._numbers = itertools.count(1)
        self._codes: dict[str, tuple[str, str]] = {}  # of the page of consent: challenge, redirect_uri
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"{self._scheme}://{HOST}:{self._server.server_port}"

    def plan(self, status: int, body: dict[str, Any] | None = None, **headers: str) -> None:
        """The next time it is asked for a token."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._planned.append((status, named, body or {}))

    def end_all(self) -> None:
        """Every token given out so far is refused from now on, though its time is not over."""
        with self._lock:
            self.dead.update(self.issued)

    def grants(self) -> list[str]:
        return [form["grant_type"] for form in self.asked if "grant_type" in form]

    def is_good(self, token: str) -> bool:
        with self._lock:
            return token in self.issued and token not in self.dead

    def __enter__(self) -> Issuer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    # --- what it says -------------------------------------------------------------------------------------------------

    def answer(self, method: str, target: str, body: bytes, authorization: str) -> Reply:
        parts = urlsplit(target)
        form = {name: values[0] for name, values in parse_qs(body.decode() or parts.query).items()}
        if parts.path == "/introspect":
            return self._introspected(form.get("token") or authorization.removeprefix("Bearer "))
        if parts.path == "/authorize":
            return self._agreed(form)
        with self._lock:
            self.asked.append(form)
            if self._planned:
                status, headers, planned = self._planned.popleft()
                return status, headers, json.dumps(planned).encode()
            if parts.path == "/devicecode":
                return self._device(form)
            return self._token(form)

    def _introspected(self, token: str) -> Reply:
        found = {"active": True, "username": self.user} if self.is_good(token) else {"active": False}
        return 200, {}, json.dumps(found).encode()

    def _agreed(self, form: dict[str, str]) -> Reply:
        """The page of consent, on which the person says yes at once."""
        code = f"code-{next(self._numbers)}"
        self._codes[code] = form["code_challenge"], form["redirect_uri"]
        back = form["redirect_uri"] + "?" + urlencode({"code": code, "state": form["state"]})
        return 302, {"Location": back}, b""

    def _device(self, form: dict[str, str]) -> Reply:
        code = f"USER-{next(self._numbers)}"
        told = {"device_code": f"device-{code}", "user_code": code, "verification_uri": f"{self.url}/device"}
        return 200, {}, json.dumps({**told, "expires_in": 900, "interval": 0}).encode()

    def _token(self, form: dict[str, str]) -> Reply:
        kind = form.get("grant_type", "")
        if kind == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._for_assertion(form.get("assertion", ""))
        if form.get("client_id") != self.client_id or form.get("client_secret", self.client_secret) != (
            self.client_secret
        ):
            return self._no(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        match kind:
            case "client_credentials":
                return self._yes()
            case "refresh_token":
                return self._refreshed(form.get("refresh_token", ""))
            case "urn:ietf:params:oauth:grant-type:device_code":
                code = form["device_code"].removeprefix("device-")
                return self._yes(self.newest) if code in self.approved else self._no(400, "authorization_pending", "")
            case "authorization_code":
                return self._for_code(form)
        return self._no(400, "unsupported_grant_type", kind)

    def _refreshed(self, token: str) -> Reply:
        if self.withdrawn or token not in self.refresh_tokens:
            self.withdrawn |= self.rotates == "once"  # somebody else has it, too
            return self._no(400, "invalid_grant", "Token has been expired or revoked.")
        if not self.rotates:
            return self._yes()
        self.newest = f"refresh-{next(self._numbers)}"
        if self.rotates == "once":
            self.refresh_tokens.discard(token)
        self.refresh_tokens.add(self.newest)
        return self._yes(self.newest)

    def _for_code(self, form: dict[str, str]) -> Reply:
        challenge, redirect = self._codes.pop(form["code"], ("", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
        if not proved or form["redirect_uri"] != redirect:
            return self._no(400, "invalid_grant", "Bad code")
        return self._yes(self.newest)

    def _for_assertion(self, assertion: str) -> Reply:
        if self.service_account is None or self.withdrawn:
            return self._no(401, "unauthorized_client", "Client is unauthorized to retrieve access tokens.")
        claims = jwt.decode(assertion, self.service_account, algorithms=["RS256"]).claims
        jwt.JWTClaimsRegistry(
            now=int(claims["iat"]) + 1,
            aud={"essential": True, "value": f"{self.url}/token"},
            exp={"essential": True},
            iss={"essential": True},
            sub={"essential": True, "value": self.user},
            scope={"essential": True},
        ).validate(claims)
        self.asked[-1] = {"grant_type": "jwt-bearer", **{name: str(value) for name, value in claims.items()}}
        return self._yes()

    def _yes(self, refresh_token: str = "") -> Reply:
        token = f"access-{next(self._numbers)}"
        self.issued.append(token)
        told: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "expires_in": self.lives}
        if refresh_token:
            told["refresh_token"] = refresh_token
        return 200, {}, json.dumps(told).encode()

    def _no(self, status: int, code: str, words: str) -> Reply:
        return status, {}, json.dumps({"error": code, "error_description": words}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 30

            def do_GET(self) -> None:
                self._say(b"")

            def do_POST(self) -> None:
                self._say(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _say(self, body: bytes) -> None:
                status, headers, data = issuer.answer(
                    self.command, self.path, body, self.headers.get("Authorization", "")
                )
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler


# Of Dovecot: whom a token lets in, it asks the issuer.
DOVECOT = """
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""
DOVECOT_ASKS = """\
introspection_mode = post
introspection_url = {url}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""
