"""How far a head can be trusted, as a document for programs and monitors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict


class AskedThresholdDocument(TypedDict):
    """What the next answers are about."""

    threshold: Annotated[float, "mails are drawn from those of at least this confidence"]
    right: Annotated[int, "answers so far"]
    wrong: int
    more: Annotated[int, "further answers, all of them right, until the threshold holds"]


class CertificateDocument(TypedDict):
    """How far a head of the version in use can be trusted, and on what ground."""

    basis: Annotated[str, "`training`; `answers`: people have shown it; `refuted`: it was wrong too often"]
    threshold: Annotated[float | None, "sure from this confidence on; null: never"]
    max_error: Annotated[float, "share of wrong that is allowed"]
    since: Annotated[datetime | None, "of the answer that showed it"]
    old: Annotated[bool, "longer ago than `[classify] confirmed_for`"]
    right: Annotated[int, "answers that showed it"]
    wrong: int
    asked: Annotated[AskedThresholdDocument | None, "null: nobody has begun, or no threshold is left"]
    due: Annotated[int, "checks that are still to be made this week, so that it does not become old"]
    say: Annotated[str, "the same in words"]
