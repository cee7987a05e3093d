"""Being let in by an SMTP server: with a password or a token (RFC 4954)."""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import LoginError, UnreachableError
from pipeline.outbox import answers
from pipeline.records.bearer import Bearer, answer_to_refusal, mechanism_of
from pipeline.text.refusals import says_no_room

LET_IN = 235
GO_ON = 334


def log_in(smtp: smtplib.SMTP, username: str, password: str, where: str) -> None:
    """With a password. Raises LoginError, UnreachableError."""
    with _refused(where, "name and password", "check username and password of [smtp]; many want an app password"):
        if (username + password).isascii():
            smtp.login(username, password)
            return
        # RFC 4616: PLAIN is UTF-8. smtplib only speaks ASCII here.
        code, said = smtp.docmd("AUTH", f"PLAIN {_coded(f'{chr(0)}{username}{chr(0)}{password}')}")
        if code != LET_IN:
            raise smtplib.SMTPAuthenticationError(code, said)


def log_in_by_token(smtp: smtplib.SMTP, bearer: Bearer, where: str) -> None:
    """With an access token. Raises LoginError, UnreachableError."""
    mechanism = mechanism_of(smtp.esmtp_features.get("auth", "").upper().split())
    if not mechanism:
        raise UnreachableError(
            "it offers no log-in with a token (XOAUTH2 or OAUTHBEARER) on this connection",
            where=where,
            remedy="check port and security; or take a password instead of oauth2",
        )
    remedy = "check username of [smtp], its rights, and that SMTP AUTH is switched on for it: docs/providers.md"
    with _refused(where, "our token", remedy):
        code, said = smtp.docmd("AUTH", f"{mechanism} {_coded(bearer.said(mechanism))}")
        if code == GO_ON:  # why it refuses; it waits for an answer before it says so (RFC 7628 section 3.2.3)
            code, said = smtp.docmd(_coded(answer_to_refusal(mechanism)))
        if code != LET_IN:
            raise smtplib.SMTPAuthenticationError(code, said)


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@contextmanager
def _refused(where: str, what: str, remedy: str) -> Iterator[None]:
    """What smtplib raises becomes an error of ours."""
    try:
        yield
    except smtplib.SMTPNotSupportedError as error:
        raise LoginError(
            "it offers no login on this connection",
            where=where,
            remedy="check port and security; or take username and password away if it wants none",
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        said = answers.words(error.smtp_code, error.smtp_error)
        # 454: temporary authentication failure (RFC 4954 section 6). Some say so with a 5xx, in words.
        if error.smtp_code < 500 or says_no_room(said):
            raise answers.turned_away(error.smtp_code, error.smtp_error, where) from error
        raise LoginError(f"it does not accept {what}: {said}", where=where, remedy=remedy) from error
    except smtplib.SMTPResponseException as error:
        raise answers.turned_away(error.smtp_code, error.smtp_error, where) from error
