"""Promises that are due within a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pipeline.figures.finding import NAMED, Comparison, ReportFinding, name_first
from pipeline.store.promises import Promises

AT_RISK = timedelta(hours=24)  # a promise that is due so soon is named


def find(on: Comparison) -> Iterator[ReportFinding]:
    """What cannot wait: overdue ones first."""
    due = [one for one in Promises(on.database).open_ones() if one.promise.due <= on.now + AT_RISK]
    refs = list(dict.fromkeys(one.promise.ticket or one.promise.mail_id for one in due))
    if refs:
        overdue = sum(one.first_due < on.now for one in due)
        customers = "customer" if len(refs) == 1 else "customers"
        yield ReportFinding(
            kind="promises",
            what=f"{len(refs)} {customers} with a promise due within a day, {overdue or 'none'} overdue",
            do="answer these first; `firstline ticket due` shows how much time is left",
            about=name_first(refs),
            evidence="; ".join(f"{one.subject[:40] or 'no subject'} ({one.customer})" for one in due[:NAMED]),
        )
