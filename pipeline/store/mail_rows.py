"""The rows of the table `mail` as records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy.engine import RowMapping

from pipeline.records.ledger import LedgerMail, LedgerText, ListedMail, ReviewMail, WindowMail
from pipeline.records.mail import Location, MailState
from pipeline.records.verdict import VerdictKind
from pipeline.store import judgement

_COMPUTED = ("state", "acknowledged")  # by the query, beside the columns
LISTED, TEXT, REVIEW, WINDOW = (
    tuple(field.name for field in fields(record) if field.name not in _COMPUTED)
    for record in (ListedMail, LedgerText, ReviewMail, WindowMail)
)
_WHOLE = tuple(field.name for field in fields(LedgerMail) if field.name not in (*LISTED, *_COMPUTED, "locations"))


def listed_mail_of(row: RowMapping) -> ListedMail:
    """A row with the columns LISTED, `state` and `acknowledged`."""
    return ListedMail(**_listed(row))


def mail_of(row: RowMapping, locations: Iterable[Location]) -> LedgerMail:
    """A row with all columns, `state` and `acknowledged`."""
    more = {name: row[name] for name in _WHOLE}
    more |= {
        "attachments": judgement.attachments_of(row["attachments"]),
        "notes": tuple(row["notes"]),
        "rules": judgement.rules_of(row["rules"]),
        "decision": judgement.decision_of(row["decision"]),
    }
    return LedgerMail(**_listed(row), **more, locations=tuple(locations))


def text_of(row: RowMapping) -> LedgerText:
    """A row with the columns TEXT."""
    return LedgerText(**{name: row[name] for name in TEXT})


def review_mail_of(row: RowMapping) -> ReviewMail:
    """A row with the columns REVIEW."""
    return ReviewMail(**{name: row[name] for name in REVIEW})


def window_mail_of(row: RowMapping) -> WindowMail:
    """A row with the columns WINDOW."""
    return WindowMail(**{name: row[name] for name in WINDOW})


def _listed(row: RowMapping) -> dict[str, Any]:  # Any: the fields of a mail by name, of many types
    return {
        **{name: row[name] for name in LISTED},
        "reasons": tuple(row["reasons"]),
        "verdict": VerdictKind(row["verdict"]),
        "state": MailState(row["state"]),
        "acknowledged": bool(row["acknowledged"]),
    }
