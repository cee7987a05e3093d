"""audit: who did what at the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_jsonl, print_table

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="As 2026-01-31.")]


def audit(
    context: typer.Context,
    account: Annotated[str, typer.Option(help="Who did it: an address, or a user of this machine.")] = "",
    action: Annotated[str, typer.Option(help="What: as docs/desk.md names it, as change-role.")] = "",
    subject: Annotated[str, typer.Option(help="A reference, or an address of an account.")] = "",
    since: Day = None,
    until: Day = None,
    limit: Annotated[int, typer.Option(min=0, help="The newest so many; 0: all.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Who did what at the desk, the newest first. Nothing in it can be changed."""
    from zoneinfo import ZoneInfo

    from pipeline.cli.documents.accounts import audit_document
    from pipeline.store.audit import AuditFilter

    with doors_of(context) as doors:
        zone = ZoneInfo(doors.config.calendar.timezone)
        wanted = AuditFilter(
            account=account,
            action=action,
            subject=subject,
            since=since.replace(tzinfo=zone) if since else None,
            until=until.replace(tzinfo=zone) + timedelta(days=1) if until else None,
        )
        documents = [audit_document(one) for one in doors.audit.find(wanted, limit=limit)]
    if as_json:
        print_jsonl(documents)
        return
    cells = [
        (one["at"], one["account"], one["action"], one["subject"], one["before"], one["after"], one["outcome"])
        for one in documents
    ]
    print_table(("at", "account", "action", "subject", "before", "after", "outcome"), cells)
