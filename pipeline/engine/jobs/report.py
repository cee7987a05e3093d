"""The report by mail, on schedule: the text to read, the page attached."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

from pipeline import logs
from pipeline.config.servers import SmtpConfig
from pipeline.engine.doors import ReportDoors
from pipeline.errors import FirstlineError
from pipeline.figures import report_page
from pipeline.figures.report import PeriodReport, make_report
from pipeline.records.letter import Reply
from pipeline.tokens import LOOP_HEADER

NAME = "report"  # in the table `health`


def send(doors: ReportDoors) -> None:
    """To everybody of `[report] to`. Trouble is logged, shown by `status`, and stops nothing."""
    settings, smtp = doors.config.report, doors.config.smtp
    if smtp is None or not settings.to:
        return
    now, error = doors.clock.now(), ""
    try:
        made = make_report(doors.database, doors.config, now, timedelta(days=settings.days))
        _mail(doors, smtp, made, now)
    except FirstlineError as trouble:
        error = str(trouble)
        logs.get("report").warning("the report could not be sent", problem=error)
    doors.reading.note_pass(NAME, now, error)


def _mail(doors: ReportDoors, smtp: SmtpConfig, made: PeriodReport, now: datetime) -> None:
    outbox = doors.outbox()
    try:
        for number, recipient in enumerate(doors.config.report.to):
            message_id = f"<report.{now:%Y%m%d%H%M%S}.{number}@{smtp.domain}>"
            data = _message(smtp, made, recipient, message_id, now).as_bytes().replace(b"\r\n", b"\n")
            reply = Reply(
                message_id=message_id,
                envelope_from=parseaddr(smtp.bounce_address)[1],
                recipient=recipient,
                data=data.replace(b"\n", b"\r\n"),
            )
            outbox.send(reply)
    finally:
        outbox.close()


def _message(smtp: SmtpConfig, made: PeriodReport, recipient: str, message_id: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = smtp.sender, recipient, now
    message["Subject"] = f"Report {made.since:%d %b} to {made.until:%d %b}: {len(made.findings)} things to do"
    message["Message-ID"], message["Auto-Submitted"] = message_id, "auto-generated"
    message[LOOP_HEADER] = "report"
    message.set_content(report_page.render_text(made))
    try:
        page = report_page.render_page(made)
    except FirstlineError:  # without matplotlib the text must do
        return message
    message.add_attachment(page, subtype="html", filename=f"report-{made.until:%Y-%m-%d}.html")
    return message
