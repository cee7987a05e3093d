"""`firstline` with a bomb in it, so that nothing of the kind is in the program itself.

`python -m bench.crash_child` reads orders from standard input, a line of JSON each: point, call, command and log file.
For each one it forks (so that what takes long to import is there already), and the child runs the command and ends
itself by SIGKILL when the point is passed for the CALLth time. Printed are the child's process id, then how it ended.
The points are the seams between the steps of a mail's way; see POINTS.
"""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import smtplib
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from itertools import chain
from typing import Any

import alembic.command  # noqa: F401  (this and the next two: to be there before the fork)
import apscheduler.schedulers.background  # noqa: F401
import sklearn.linear_model  # noqa: F401
from apscheduler.triggers.cron import CronTrigger

from pipeline import cli, retry
from pipeline.engine import shared
from pipeline.follow_up import draft
from pipeline.http_client import Rest
from pipeline.learn import durable, registry
from pipeline.mailbox import imap, marking
from pipeline.outbox import SmtpOutbox, wire
from pipeline.replies.letters import TemplateLetters
from pipeline.route import Route
from pipeline.store import drafts, effects, filings, ledger, promises, sent_answers, surveys, templates, tickets
from pipeline.trackers.roundup import RoundupTracker
from pipeline.wiring.live_doors import LiveDoors

EVERY_MINUTE = "* * * * *"
TOGETHER = "several sent together, one answer read"
Condition = Callable[[tuple[Any, ...]], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """Before or after a call of `owner.name`, where `when` holds for its arguments."""

    owner: Any
    name: str
    after: bool = True
    when: Condition = lambda arguments: True


def _of(*kinds: str) -> Condition:
    """Calls that are about effects of these kinds: claimed by key, journalled, or settled by outcome."""

    def holds(arguments: tuple[Any, ...]) -> bool:
        about = [one for argument in arguments for one in (argument if isinstance(argument, list) else [argument])]
        return any(f":{kind}" in str(getattr(one, "key", one)) for one in about for kind in kinds)

    return holds


_NOTICE = _of(*(f"{letter}:" for letter in draft.LETTERS))  # their keys name the letter
_SURVEY = _of("survey:")


def _letter(purpose: str) -> Condition:
    """The message that is being sent was made for this purpose, which its Message-ID names."""
    ours = re.compile(rb"(?im)^Message-ID: <[^.>]+\.(%s)\." % purpose.encode())

    def holds(arguments: tuple[Any, ...]) -> bool:
        several = (argument if isinstance(argument, list) else [argument] for argument in arguments)
        found = (getattr(argument, "data", argument) for argument in chain.from_iterable(several))
        return any(isinstance(data, bytes) and bool(ours.search(data)) for data in found)

    return holds


def _content(purpose: str) -> Condition:
    """The answer to the content of such a message is about to be read."""
    is_ours = _letter(purpose)

    def holds(_arguments: tuple[Any, ...]) -> bool:
        caller = sys._getframe(5)  # behind this, pass_by, watched, TimedSMTP.getreply and answer_to_content
        return caller.f_code.co_name == "_content" and is_ours((caller.f_locals["data"],))

    return holds


def _sending(one: str, several: str, settled: Condition, purpose: str) -> dict[str, Point]:
    """A mail's way out, the same for each kind of effect that is one."""
    return {
        f"{several} claimed": Point(owner=effects.Effects, name="claim", when=settled),
        f"{one}: content not sent yet": Point(owner=wire, name="dotted", when=_letter(purpose)),
        f"{one}: content sent, answer not read": Point(
            owner=smtplib.SMTP, name="getreply", after=False, when=_content(purpose)
        ),
        f"{one}: accepted, not noted": Point(owner=SmtpOutbox, name="send_all", when=_letter(purpose)),
        f"{several} noted, not committed": Point(owner=templates, name="count_sent", when=settled),
        f"{several} committed": Point(owner=effects.Effects, name="settle", when=settled),
    }


POINTS = {
    "mails fetched": Point(owner=Route, name="take", after=False),
    "mails judged": Point(owner=ledger.Ledger, name="record", after=False),
    "in the recording transaction: mails": Point(owner=ledger, name="_insert_mails"),
    "in the recording transaction: tickets": Point(owner=tickets, name="apply"),
    "in the recording transaction: effects": Point(owner=ledger, name="insert_effects"),
    "mails recorded": Point(owner=ledger.Ledger, name="record"),
    **_sending("acknowledgement", "acknowledgements", _of("acknowledge"), "ack"),
    TOGETHER: Point(owner=SmtpOutbox, name="_outcome"),
    "marks claimed": Point(owner=effects.Effects, name="claim", when=_of("mark")),
    "marking": Point(owner=marking, name="mark", after=False),
    "marked, not noted": Point(owner=imap.ImapMailbox, name="mark"),
    "marks noted, not committed": Point(owner=templates, name="count_sent", when=_of("mark")),
    "marks committed": Point(owner=effects.Effects, name="settle", when=_of("mark")),
    "new model about to be loaded": Point(owner=LiveDoors, name="predictor_if_any", after=False),
    "new model loaded, not in use": Point(owner=LiveDoors, name="predictor_if_any"),
    "new template checked, not in use": Point(owner=TemplateLetters, name="_looked_at"),
    "in the transaction of template versions": Point(owner=templates, name="_keep_sources"),
    "new template in use": Point(owner=templates.Versions, name="take_up"),
    "model about to be promoted": Point(owner=registry.Registry, name="use", after=False),
    "model half promoted": Point(owner=durable.os, name="replace", after=False),
    "model promoted": Point(owner=durable.os, name="replace"),
}

# Of the mails about tickets: the notices of following up, and the questions of surveys.
NOTICE_POINTS = {
    "in the transaction of notices: tickets": Point(owner=promises, name="_write_ticket", when=_NOTICE),
    "in the transaction of notices: effects": Point(owner=promises, name="insert_effects", when=_NOTICE),
    "notices journalled": Point(owner=promises.Promises, name="record", when=_NOTICE),
    **_sending("notice", "notices", _NOTICE, r"n\d+"),
}
QUESTION_POINTS = {
    "in the transaction of questions: questions": Point(
        owner=surveys, name="insert_effects", after=False, when=_SURVEY
    ),
    "in the transaction of questions: effects": Point(owner=surveys, name="insert_effects", when=_SURVEY),
    "questions journalled": Point(owner=surveys.Surveys, name="ask", when=_SURVEY),
    **_sending("question", "questions", _SURVEY, "csat|ces|nps"),
}
POINTS |= NOTICE_POINTS | QUESTION_POINTS


def _filing(arguments: tuple[Any, ...]) -> bool:
    """Calls that are about filings."""
    return any(_of(kind)(arguments) for kind in ("file", "comment", "update"))


def _changing(arguments: tuple[Any, ...]) -> bool:
    """Requests that change something: the tracker has done it, and we have not read that."""
    return any(getattr(argument, "method", "GET") != "GET" for argument in arguments)


# Of a ticket's way into an outside tracker, a Roundup: bench/crash_tracker.py.
TRACKER_POINTS = {
    "filing claimed": Point(owner=effects.Effects, name="claim", when=_filing),
    "looked for, not opened": Point(owner=RoundupTracker, name="find"),
    "about to be opened": Point(owner=RoundupTracker, name="open", after=False),
    "a request sent, answer not understood": Point(owner=Rest, name="_talk", when=_changing),
    "text made, not tied to its ticket": Point(owner=RoundupTracker, name="_message"),
    "opened, not noted": Point(owner=RoundupTracker, name="open"),
    "commented, not noted": Point(owner=RoundupTracker, name="comment"),
    "changed, not noted": Point(owner=RoundupTracker, name="update"),
    "filed and noted, not committed": Point(owner=templates, name="count_sent", when=_filing),
    "filed and committed": Point(owner=filings.Filings, name="settle"),
    "taken over from the tracker": Point(owner=filings.Filings, name="take_over"),
}


_ANSWER = _of("answer")
# Of what a person writes to a customer: until it is in the journal, and on its way out.
WRITING_POINTS = {
    "draft kept": Point(owner=drafts.Drafts, name="save"),
    "in the transaction of an answer: draft gone": Point(owner=drafts, name="insert_effects", after=False),
    "in the transaction of an answer: effects": Point(owner=drafts, name="insert_effects"),
    "answer journalled": Point(owner=drafts.Drafts, name="send"),
}
ANSWER_POINTS = {
    **_sending("answer", "answers", _ANSWER, r"r\w{11}"),
    "answer on the ticket, not committed": Point(owner=sent_answers, name="_note_sent"),
}


def plant(point: Point, call: int) -> None:
    """From now on the CALLth pass of the point is the end."""
    inner = getattr(point.owner, point.name)
    lock, left = threading.Lock(), call

    def pass_by(arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if not point.when(arguments):
            return
        with lock:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    @wraps(inner)
    def watched(*arguments: Any, **more: Any) -> Any:
        if not point.after:
            pass_by((*arguments, *more.values()))
        result = inner(*arguments, **more)
        if point.after:
            pass_by((*arguments, *more.values()))
        return result

    setattr(point.owner, point.name, watched)


def _every_minute_is_a_second() -> None:
    """What the schedule has done every minute is done every second: a victim does not live for minutes."""
    from_crontab = CronTrigger.from_crontab

    def quicker(line: str, timezone: Any = None) -> CronTrigger:
        return CronTrigger(second="*", timezone=timezone) if line == EVERY_MINUTE else from_crontab(line, timezone)

    CronTrigger.from_crontab = quicker


def run(order: dict[str, Any]) -> None:
    """In the child: the command, with the bomb. Never returns."""
    shared.LOOK_AROUND = 1
    promises.FRESH = timedelta(0)
    _every_minute_is_a_second()
    retry.SEARCH = replace(retry.SEARCH, first=timedelta(seconds=1))
    quiet, log = os.open(os.devnull, os.O_RDWR), os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream, target in enumerate((quiet, quiet, log)):
        os.dup2(target, stream)
    points = POINTS | TRACKER_POINTS | WRITING_POINTS | ANSWER_POINTS
    if order["point"] in points:
        plant(points[order["point"]], order["call"])
    sys.argv = ["firstline", *order["command"]]
    try:
        cli.main()
    finally:
        os._exit(1)  # whatever it was: it ended before it was killed


def main() -> None:
    """Forks a victim for each order on stdin; prints its process id, then how it ended."""
    gc.freeze()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            run(json.loads(line))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
