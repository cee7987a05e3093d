"""What `once --dry-run` foresees as one page: every mail, what would become of it, and the letter that it would get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from pipeline.engine.counts import MailboxCounts
from pipeline.engine.dry_run import DryRun, ForeseenMail
from pipeline.html_page import escape, render_table
from pipeline.replies.page import render_letter, render_page
from pipeline.replies.sandbox import Printed

MOST = 300  # mails with their letters, of each group: more nobody reads, and a browser must show them
_STYLE = """
table{border-collapse:collapse;margin:.6rem 0}th,td{text-align:left;padding:.25rem .9rem .25rem 0;
border-bottom:1px solid #e6eaef}td.n{text-align:right}.wide th,.wide td{overflow-wrap:normal}.wide{overflow-x:auto}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
.mail{border-top:1px solid #d5dbe3;margin-top:1.2rem;padding-top:.6rem}.mail h3{font-size:1.05rem;margin:.1rem 0}
.would{background:#e6eef8;border-radius:.3rem;padding:.05rem .5rem;margin-right:.4rem}details{margin:.4rem 0}
details pre{max-height:14rem;overflow-y:auto;background:#fff;border:1px solid #d5dbe3}
summary{cursor:pointer}iframe{height:16rem}
"""


def render(run: DryRun, *, as_if_new: bool, zone: str) -> str:
    """The page. `as_if_new`: all that lies there was judged as if it came now; `zone`: for times."""
    groups = [(name, title, mails) for name, title, mails in _groups(run.mails) if mails]
    how = "All that lies in the mailboxes, judged as if it came now." if as_if_new else "What is new in the mailboxes."
    parts = [
        "<h1>What Firstline would do</h1>",
        f"<p class=lead>{how} Nothing was sent, written or marked. This page holds what customers wrote: "
        "delete it when it has been looked at.</p>",
        *(f"<p class=gap>Not reached: {escape(trouble)}</p>" for trouble in run.unreachable),
        _counts(run),
        "<nav><ul>",
        *(f"<li><a href='#{name}'>{escape(title)}</a>: {len(mails)}</li>" for name, title, mails in groups),
        "</ul></nav>",
        *("".join(_group(name, title, mails, ZoneInfo(zone))) for name, title, mails in groups),
    ]
    return render_page("what would be done", parts, _STYLE)


def _groups(mails: Sequence[ForeseenMail]) -> Iterator[tuple[str, str, list[ForeseenMail]]]:
    answered = [mail for mail in mails if mail.letter]
    silent = [mail for mail in mails if not mail.letter]
    parked = [mail for mail in silent if mail.would.startswith("park")]
    yield "matter", "Answered about their matter", [mail for mail in answered if not mail.is_neutral]
    yield "neutral", "Answered in neutral words", [mail for mail in answered if mail.is_neutral]
    yield "parked", "Parked: a person looks first", parked
    yield "silent", "Not answered", [mail for mail in silent if mail not in parked]


def _counts(run: DryRun) -> str:
    columns = [column.replace("_", " ") for column in MailboxCounts.__annotations__]
    return render_table(["mailbox", *columns], [[name, *counts.values()] for name, counts in run.mailboxes.items()])


def _group(name: str, title: str, mails: Sequence[ForeseenMail], zone: ZoneInfo) -> Iterator[str]:
    yield f"<section id={name}><h2>{escape(title)} ({len(mails)})</h2>"
    yield from (_mail(mail, zone) for mail in mails[:MOST])
    if rest := mails[MOST:]:
        yield f"<p class=gap>{len(rest)} more, without their letters:</p>"
        yield render_table(["subject", "what", "why"], [(one.subject, one.would, "; ".join(one.why)) for one in rest])
    yield "</section>"


def _mail(mail: ForeseenMail, zone: ZoneInfo) -> str:
    about = " · ".join(part for part in (mail.sender, f"{mail.received.astimezone(zone):%Y-%m-%d %H:%M %Z}") if part)
    letter = mail.letter
    shown = Printed(subject=letter.subject, text=letter.text, html=letter.html) if letter else None
    return (
        f"<div class=mail><h3><bdi>{escape(mail.subject) or '(no subject)'}</bdi></h3>"
        f"<p class=note><bdi>{escape(about)}</bdi> · to {escape(mail.mailbox)}</p>"
        f"<p><span class=would>{escape(mail.would)}</span>{escape(_understood(mail))}</p>"
        f"<p class=note>{escape('; '.join(mail.why))}</p>"
        f"<details open><summary>What they wrote</summary><pre dir=auto>{escape(mail.text)}</pre></details>"
        f"{render_letter(shown, letter.language) if letter and shown else ''}</div>"
    )


def _understood(mail: ForeseenMail) -> str:
    """What the machine took it for."""
    topic, complaint = mail.labels.topic, mail.labels.complaint
    if topic.value is None:
        return ""
    sure = "" if topic.sure else "perhaps "
    complains = "" if mail.labels.is_complaint is not True else f", {'' if complaint.sure else 'perhaps '}a complaint"
    return f"{sure}about {topic.value}{complains}"
