"""What each flow asks a token server with."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from pipeline.errors import ConfigError, UsageError
from pipeline.http_client import Shape, read_as
from pipeline.wiring.sign_in.token_server import Fields, TokenServer

ASSERTION_LIVES = timedelta(minutes=10)
_BY_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"  # RFC 7523


class ServiceAccountKey(Shape):
    """Of the file that Google gives out for a service account."""

    client_email: str
    private_key: str


def client(server: TokenServer) -> dict[str, str]:
    """Who we are. Raises ConfigError."""
    config = server.config
    known = {"client_id": config.client_id}
    if config.client_secret:
        known["client_secret"] = config.client_secret.read(server.folder, f"{server.section}.client_secret")
    return known


def by_itself(server: TokenServer) -> Fields:
    """An app that logs in without a person."""
    return {"grant_type": "client_credentials", **client(server), "scope": server.config.scopes}


def for_a_person(server: TokenServer, refresh_token: str) -> Fields:
    """Somebody who has signed in before."""
    fields = {"grant_type": "refresh_token", **client(server), "refresh_token": refresh_token}
    return {**fields, "scope": server.config.scopes}


def for_somebody_of_the_domain(server: TokenServer, username: str, now: datetime) -> Fields:
    """A service account whose domain lets it act for `username`. Raises ConfigError, UsageError."""
    issuer, key = _key_of(server)
    try:
        from authlib.oauth2.rfc7523 import JWTBearerGrant
        from joserfc.jwk import RSAKey
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed", remedy="pip install 'firstline[oauth]'") from None
    try:
        signed: str = JWTBearerGrant.sign(
            RSAKey.import_key(key),
            issuer=issuer,
            audience=server.config.url,
            subject=username,
            issued_at=int(now.timestamp()),
            expires_at=int((now + ASSERTION_LIVES).timestamp()),
            claims={"scope": server.config.scopes},
            header={"alg": "RS256"},
        )
    except ValueError as error:
        raise _no_key(server, "it holds no private RSA key") from error
    return {"grant_type": _BY_ASSERTION, "assertion": signed}


def _key_of(server: TokenServer) -> tuple[str, str]:
    """Whom the key belongs to, and the key: from Google's JSON file, or a PEM file beside `client_id`."""
    assert server.config.client_secret is not None  # noqa: S101  (its flow needs it)
    secret = server.config.client_secret.read(server.folder, f"{server.section}.client_secret")
    if not secret.startswith("{"):
        return server.config.client_id, secret
    try:
        found = read_as(ServiceAccountKey, json.loads(secret))
    except ValueError as error:  # not JSON, or without what we need: MisshapenError
        raise _no_key(server, "it is not the JSON file of a service account") from error
    return found.client_email, found.private_key


def _no_key(server: TokenServer, why: str) -> ConfigError:
    return ConfigError(
        f"the key of the service account can't be used: {why}",
        where=f"config.toml, {server.section}.client_secret",
        remedy="the JSON file that the provider gave out for the account, as it is: docs/providers.md",
    )
