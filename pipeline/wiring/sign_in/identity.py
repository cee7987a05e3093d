"""Who somebody is, as an OpenID Connect provider says: authorisation code with PKCE.

OpenID Connect Core 1.0 section 3.1, Discovery 1.0, RFC 7636. The tokens are checked by joserfc and authlib, of the
extra `oauth`; what is asked goes through our one HTTP client.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from pipeline.config.desk import OidcConfig
from pipeline.errors import FirstlineError, UnreachableError, UsageError
from pipeline.http_client import Rest, Shape, read_as

SECTION = "desk.oidc"
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")  # none without a key, none with a shared one
LEEWAY = 60  # seconds that clocks may differ
_TELLING = (400, 401, 403)


class Discovered(Shape):
    """What the provider says of itself (Discovery 1.0 section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class IdAnswer(Shape):
    """What it gives for a code."""

    id_token: str = ""
    error: object = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who it is."""

    address: str  # e-mail address, in lower case
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signing in. All of it is made of one secret, which the browser keeps in a cookie: nothing is stored."""

    secret: str

    @property
    def state(self) -> str:
        """Comes back with the browser: the answer belongs to this attempt (RFC 6749 section 10.12)."""
        return self._made("state")

    @property
    def nonce(self) -> str:
        """Stands in the token: it was made for this attempt."""
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        """Proves that whoever has the code began the attempt (RFC 7636)."""
        return self._made("verifier")

    def is_answered_by(self, state: str) -> bool:
        """In the same time whether it is right or wrong."""
        return hmac.compare_digest(self.state, state)

    def _made(self, use: str) -> str:
        return sha256(f"{use}:{self.secret}".encode()).hexdigest()


class IdentityProvider:
    """The one of [desk.oidc]. Used by many threads."""

    def __init__(self, config: OidcConfig, folder: Path, back: str) -> None:
        """`folder`: of config.toml; `back`: the address that browsers are sent back to. Nothing is connected yet."""
        self.config, self.folder, self.back = config, folder, back
        self._found: Discovered | None = None

    def page(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in. Raises UnreachableError."""
        challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.config.client_id,
            "redirect_uri": self.back,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        at = self._discovered().authorization_endpoint
        return f"{at}{'&' if '?' in at else '?'}{urlencode(asked)}"

    def person(self, attempt: Attempt, code: str, now: datetime) -> Person:
        """Whom the provider knows by this code. Raises UsageError for a token that is not to be believed,
        UnreachableError."""
        found = self._discovered()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "client_id": self.config.client_id,
            "code_verifier": attempt.verifier,
        }
        if self.config.client_secret:
            fields["client_secret"] = self.config.client_secret.read(self.folder, f"{SECTION}.client_secret")
        answer = self._ask("POST", found.token_endpoint, fields)
        given = read_as(IdAnswer, answer)
        if not given.id_token:
            raise _not_believed(f"the provider says {str(given.error)[:60] or 'nothing'}")
        claims = self._checked(given.id_token, self._ask("GET", found.jwks_uri), attempt, now)
        return self._read(claims)

    def _checked(self, token: str, keys: object, attempt: Attempt, now: datetime) -> Mapping[str, object]:
        """The claims of an ID token (OpenID Connect Core 1.0 section 3.1.3.7)."""
        try:
            from authlib.oidc.core import CodeIDToken
            from joserfc import jwt
            from joserfc.errors import JoseError
            from joserfc.jwk import KeySet
        except ModuleNotFoundError as error:
            raise UsageError(f"{error.name} is not installed", remedy="pip install 'firstline[oauth]'") from None
        expected = {
            "iss": {"essential": True, "value": self.config.issuer},
            "aud": {"essential": True, "value": self.config.client_id},
            "nonce": {"essential": True, "value": attempt.nonce},
        }
        try:
            decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                expected,
                {"nonce": attempt.nonce, "client_id": self.config.client_id},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:  # whatever a token may hold
            raise _not_believed(type(error).__name__) from error
        return dict(claims)

    def _read(self, claims: Mapping[str, object]) -> Person:
        address = claims.get("email")
        if not isinstance(address, str) or not address or claims.get("email_verified") is False:
            raise _not_believed("it names no e-mail address that it has verified")
        groups = claims.get(self.config.groups_claim, ())
        named = [groups] if isinstance(groups, str) else groups if isinstance(groups, (list, tuple)) else ()
        name = claims.get("name")
        return Person(
            address=address.lower(),
            name=name if isinstance(name, str) else "",
            groups=frozenset(one for one in named if isinstance(one, str)),
        )

    def _discovered(self) -> Discovered:
        if self._found is None:
            place = f"{self.config.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = read_as(Discovered, self._ask("GET", place))
            if found.issuer != self.config.issuer:
                raise _not_believed(f"it calls itself {found.issuer[:100]}")
            self._found = found
        return self._found

    def _ask(self, method: str, url: str, fields: Mapping[str, str] | None = None) -> object:
        try:
            with closing(Rest(SECTION, self.config, self.folder, base=url)) as rest:
                if fields is None:
                    return rest.exchange(method, "").data
                return rest.exchange(method, "", data=fields, telling=_TELLING).data
        except UnreachableError:
            raise
        except FirstlineError as error:
            raise UnreachableError(error.what, where=error.where, remedy=f"check [{SECTION}]") from error


def _not_believed(why: str) -> UsageError:
    return UsageError(f"what the provider says can't be believed: {why}", where=f"[{SECTION}]", remedy="sign in again")
