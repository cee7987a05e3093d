"""The report by mail, on schedule: the text to read, the page attached."""

from __future__ import annotations

from datetime import timedelta

from pipeline import logs
from pipeline.engine import staff_mail
from pipeline.engine.doors import ReportDoors
from pipeline.engine.jobs import names
from pipeline.errors import FirstlineError
from pipeline.figures import report_page
from pipeline.figures.report import PeriodReport, make_report
from pipeline.records.staff import StaffMail
from pipeline.text.numbers import many

NAME = names.REPORT


def send(doors: ReportDoors) -> None:
    """To everybody of `[report] to`. Trouble is logged, shown by `status`, and stops nothing."""
    settings = doors.config.report
    if doors.config.smtp is None or not settings.to:
        return
    now, error = doors.clock.now(), ""
    try:
        made = make_report(doors.database, doors.config, now, timedelta(days=settings.days))
        mails = [_mail(made, recipient) for recipient in settings.to]
        for _ in staff_mail.send(doors, NAME, mails):
            pass
    except FirstlineError as trouble:
        error = str(trouble)
        logs.get("report").warning("the report could not be sent", problem=error)
    doors.reading.note_pass(NAME, now, error)


def _mail(made: PeriodReport, recipient: str) -> StaffMail:
    try:
        page = report_page.render_page(made)
    except FirstlineError:  # without matplotlib the text must do
        page = ""
    return StaffMail(
        recipient=recipient,
        subject=f"Report {made.since:%d %b} to {made.until:%d %b}: {many(len(made.findings), 'thing')} to do",
        text=report_page.render_text(made),
        page=page,
        page_name=f"report-{made.until:%Y-%m-%d}.html",
    )
