"""An OpenID Connect provider: its description, keys and tokens; each can be made wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

HOST = "127.0.0.1"
CLIENT = "firstline"


class IdentityServer:
    """Signs in whoever comes as `person`. `changes`: claims of the next token that are other than they should be."""

    def __init__(self) -> None:
        self.person: dict[str, object] = {
            "sub": "1",
            "email": "Anna@Example.com",
            "email_verified": True,
            "name": "Anna",
        }
        self.changes: dict[str, object] = {}
        self.algorithm = "RS256"
        self.broken = False  # fails at everything
        self.calls_itself = ""
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.stranger = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signs_with = self.key
        self.now = 0
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def agree(self, page: str) -> dict[str, str]:
        """A person signs in on the page and is sent back: what stands in the address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        asked = self._codes.pop(form.get("code", ""), None)  # good once
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or proof.rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"] or form["client_id"] != CLIENT:
            return 400, {"error": "invalid_request"}
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "exp": self.now + 300,
            "iat": self.now,
            "nonce": asked["nonce"],
            **self.person,
            **self.changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"id_token": self._signed(claims), "access_token": "x", "token_type": "Bearer"}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm in ("none", "HS256"):
            head = {"alg": self.algorithm, "kid": "one"}
            text = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
            public = self.key.as_pem(private=False)  # as if it were a shared secret
            made = _base64(hmac.digest(public, text.encode(), hashlib.sha256))
            return f"{text}.{made if self.algorithm == 'HS256' else ''}"
        return jwt.encode({"alg": self.algorithm, "kid": "one"}, claims, self.signs_with)

    def _answer(self, path: str, form: dict[str, str] | None) -> tuple[int, dict[str, object]]:
        if self.broken:
            return 500, {}
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.calls_itself or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        return self._token(form or {}) if path == "/token" else (404, {})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(server._answer(self.path, None))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self._say(server._answer(self.path, {name: values[0] for name, values in parse_qs(body).items()}))

            def _say(self, answer: tuple[int, dict[str, object]]) -> None:
                body = json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
