"""The audit log: searched, and saved as a table."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pipeline.desk.figures import harmless
from pipeline.records.account import AuditEntry
from pipeline.store.audit import PAGE, AuditFilter
from pipeline.tokens import normalise_ref
from pipeline.web.desk import days
from pipeline.web.desk.roles_page import ACTIONS
from pipeline.web.desk.visits import Visit, may_see

router = APIRouter()
_COLUMNS = ("at", "account", "client", "action", "subject", "before", "after", "outcome")


@dataclass
class Asked:
    """The fields of the form, as they stand in the URL."""

    account: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""

    def filter(self, zone: str) -> AuditFilter:
        """Days that are none are left open."""
        return AuditFilter(
            account=self.account.strip().lower(),
            action=self.action,
            subject=self.subject.strip(),
            since=days.beginning(self.since, zone),
            until=days.end(self.until, zone),
        )


@router.get("/desk/audit")
def audit(
    visit: Annotated[Visit, Depends(may_see("see-audit"))], asked: Annotated[Asked, Depends()], before: int = 0
) -> Response:
    """The newest first."""
    wanted = asked.filter(visit.doors.config.calendar.timezone)
    entries = visit.doors.audit.find(wanted, before=before)
    more = urlencode({**vars(asked), "before": entries[-1].id}) if len(entries) == PAGE else ""
    return visit.show(
        "desk/audit.html",
        entries=entries,
        wanted=wanted,
        since=asked.since[:10],
        until=asked.until[:10],
        more=more,
        actions=sorted(ACTIONS),
        action_names=ACTIONS,
        is_case=normalise_ref,
    )


@router.get("/desk/audit.csv")
def save(visit: Annotated[Visit, Depends(may_see("export-audit"))], asked: Annotated[Asked, Depends()]) -> Response:
    """All that fits, as a table."""
    entries = visit.doors.audit.find(asked.filter(visit.doors.config.calendar.timezone), limit=0)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(as_table(entries), media_type="text/csv; charset=utf-8", headers=headers)


def as_table(entries: list[AuditEntry]) -> str:
    """CSV (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for one in entries:
        changes = (json.dumps(one.before, ensure_ascii=False), json.dumps(one.after, ensure_ascii=False))
        row = (one.at.isoformat(), one.account, one.client, one.action, one.subject, *changes, one.outcome)
        writer.writerow(harmless(cell) for cell in row)
    return written.getvalue()
