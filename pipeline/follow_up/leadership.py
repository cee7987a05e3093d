"""What those who answer for complaints get to read: each week all that are open or went wrong, at once the worst."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline import html_page
from pipeline.html_page import escape
from pipeline.records.answerable import AnswerableComplaint
from pipeline.records.staff import StaffMail

HOW = 'Say what you do about it; it stands on the ticket: firstline ticket seen REF "…"'
NONE = "No complaint is open, and none was reopened or badly scored."


def weekly(recipient: str, complaints: Sequence[AnswerableComplaint], now: datetime, zone: ZoneInfo) -> StaffMail:
    """The mail of the week, with the same as a page."""
    return StaffMail(
        recipient=recipient,
        subject=f"Complaints this week: {summary(complaints)}",
        text=render_text(complaints, zone),
        page=render_page(complaints, now, zone),
        page_name=f"complaints-{now.astimezone(zone):%Y-%m-%d}.html",
    )


def at_once(recipient: str, complaints: Sequence[AnswerableComplaint], zone: ZoneInfo) -> StaffMail:
    """The mail about complaints to which promises were missed more than once."""
    first = complaints[0]
    subject = f"Promises missed again [{first.ref}]: {first.subject[:80] or 'without a subject'}"
    if len(complaints) > 1:
        subject = f"Promises missed again to {len(complaints)} customers who complained"
    return StaffMail(recipient=recipient, subject=subject, text=render_text(complaints, zone))


def summary(complaints: Sequence[AnswerableComplaint]) -> str:
    """How many, in a line."""
    counted = (
        (sum(not one.status.is_over for one in complaints), "open"),
        (sum(one.late_since is not None for one in complaints), "late"),
        (sum(one.reopened > 0 for one in complaints), "reopened"),
        (sum(bool(one.score) for one in complaints), "badly scored"),
        (sum(not one.seen for one in complaints), "that nobody has answered for"),
    )
    return ", ".join(f"{count} {what}" for count, what in counted)


def render_text(complaints: Sequence[AnswerableComplaint], zone: ZoneInfo) -> str:
    """One after the other, the longest open first."""
    lines = [summary(complaints) if complaints else NONE, ""]
    for one in complaints:
        lines += [*_told(one, zone), ""]
    return "\n".join([*lines, *([HOW] if complaints else [])]) + "\n"


def render_page(complaints: Sequence[AnswerableComplaint], now: datetime, zone: ZoneInfo) -> str:
    """The same as a page that needs nothing from outside."""
    day = f"{now.astimezone(zone):%A %d %B %Y}"
    parts = [
        f"<h1>Complaints</h1><p class=lead>{escape(day)}: {escape(summary(complaints) if complaints else NONE)}</p>",
        *(_section(one, zone) for one in complaints),
        f"<p class=small>{escape(HOW)}</p>" if complaints else "",
    ]
    return html_page.render_page(f"Firstline: complaints, {day}", parts, "")


def _section(one: AnswerableComplaint, zone: ZoneInfo) -> str:
    title, who, wrong, seen = (escape(line.strip()) for line in _told(one, zone))
    return f"<section><h3>{title}</h3><p>{who}</p><p><strong>{wrong}</strong></p><p>{seen}</p></section>"


def _told(one: AnswerableComplaint, zone: ZoneInfo) -> Iterator[str]:
    yield f"{one.ref}: {one.subject[:200] or '(no subject)'}"
    about = f", about {one.topic}" if one.topic else ""
    yield f"  from {one.customer}{about}, since {_time(one.opened, zone)}; {one.owner or 'nobody'} answers for it"
    late = f"; due since {_time(one.late_since, zone)}" if one.late_since else ""
    yield f"  {', '.join(one.wrong)}{late}"
    yield f"  seen by {one.seen_by}: {one.seen}" if one.seen else "  nobody has said yet what we do about it"


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M %Z}"
