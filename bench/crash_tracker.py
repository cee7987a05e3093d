"""Killed again and again while filing into a real tracker: is a ticket missing there, or there twice?

`python -m bench.crash_tracker [KILLS] [PAGE]`: `firstline run` reads a mailbox of Dovecot, answers over an SMTP server
and files into Roundup, and is ended by SIGKILL between doing and noting, and at any moment, KILLS times. Then it may
work in peace, and Roundup itself is asked what is there. Afterwards the time to an acknowledgement is measured with a
tracker that hangs, beside the built-in board. Writes docs/benchmarks/tracker.md; exit code 1 when a promise broke.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import crash
from bench.crash_child import TRACKER_POINTS
from pipeline.config.trackers import TrackerConfig
from pipeline.config.values import Secret
from pipeline.file_complaint import key_of, remark_key
from pipeline.trackers.roundup import RoundupTracker
from pipeline.trackers.texts import is_marked
from tests.desk import ROOT, Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.roundup import PASSWORD, USER, Roundup
from tests.servers.smtp_sink import SmtpSink
from tests.servers.tracker_apis import Api
from tests.servers.tracker_kinds import TOKEN, GitHub

PEACE = 120.0  # seconds until everything must be filed
HEAD = """# Killed while filing, and a tracker that hangs
Written by `python -m bench.crash_tracker`; nothing here is typed by hand. `firstline run` files the tickets of a
mailbox of Dovecot into a real Roundup, while mails keep coming, and is ended by SIGKILL: between doing and noting, and
at any moment. In the end it may work in peace, and Roundup is asked what is there.

"""


@dataclass(frozen=True, kw_only=True)
class TicketsFound:
    """What a campaign left in the tracker, beside what it left here."""

    kills: int
    missed: int  # points that were not reached in time: killed at rest
    tickets: int
    missing: int
    twice: int
    comments: int
    comments_missing: int
    comments_twice: int
    open_filings: int
    promises: tuple[str, ...]  # of the campaign without a tracker, that did not hold

    @property
    def broken(self) -> list[str]:
        """What broke of the promises, in words."""
        wrong = {
            "tickets missing in the tracker": self.missing,
            "tickets there twice": self.twice,
            "comments missing": self.comments_missing,
            "comments there twice": self.comments_twice,
            "filings left open": self.open_filings,
        }
        return [*(f"{count} {what}" for what, count in wrong.items() if count), *self.promises]


@contextmanager
def campaign(folder: Path, dovecot: Dovecot, roundup: Roundup) -> Iterator[crash.Campaign]:
    """As crash.campaign, with Roundup as the tracker, and nobody who works on tickets here."""
    with crash.campaign(folder, dovecot, sent_folder=True, following=False) as running:
        (folder / "roundup").write_text(PASSWORD)
        with (folder / "config.toml").open("a", encoding="utf-8") as config:
            config.write(f"[tracker]\nkind = 'roundup'\nurl = '{roundup.url}'\nusername = '{USER}'\npoll = '5s'\n")
            config.write("token = { file = 'roundup' }\n")
        yield running


def kill(running: crash.Campaign, point: str) -> None:
    """Somebody writes again, so that there is something to comment on, and it is killed."""
    if running.people and running.dice.random() < 0.7:
        running.write_again(running.dice.randint(1, running.people))
    running.kill_at(point)


def settle(running: crash.Campaign, roundup: Roundup) -> TicketsFound:
    """Lets it work in peace, then asks the tracker."""
    found = running.settle()
    until = time.monotonic() + PEACE
    while _open_filings(running) and time.monotonic() < until:
        running.peace()
        time.sleep(0.5)
    titles, said = _there(roundup)
    refs = [row[0] for row in running.ask("select ref from ticket")]
    copies = [sum(is_marked(title, key_of(ref)) for title in titles) for ref in refs]
    keys = [row[0] for row in running.ask("select key from effect where kind = 'file' and key like '%:comment'")]
    remarks = [said[remark_key(key)] for key in keys]
    return TicketsFound(
        kills=found.kills,
        missed=sum(found.missed.values()),
        tickets=len(refs),
        missing=copies.count(0),
        twice=sum(count > 1 for count in copies),
        comments=len(keys),
        comments_missing=remarks.count(0),
        comments_twice=sum(count > 1 for count in remarks),
        open_filings=_open_filings(running),
        promises=tuple(found.broken),
    )


def _open_filings(running: crash.Campaign) -> int:
    return int(running.ask("select count(*) from effect where kind = 'file' and state <> 'done'")[0][0])


def _there(roundup: Roundup) -> tuple[list[str], Counter[str]]:
    """What Roundup holds: the titles of its issues, and the keys of all that was said on them."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "token").write_text(PASSWORD)
        settings = TrackerConfig(kind="roundup", url=roundup.url, username=USER, token=Secret(file="token"))
        tracker = RoundupTracker("roundup", "tracker", settings, Path(folder))
        issues = tracker.rest.get(dict, "/issue", {"@fields": "title", "@page_size": "100000"})["data"]["collection"]
        said: Counter[str] = Counter()
        for issue in issues:
            standing = tracker.standing(issue["id"])
            said.update(one.key for one in standing.said if one.key) if standing else None
        tracker.close()
    return [issue["title"] for issue in issues], said


# --- a tracker that hangs ---------------------------------------------------------------------------------------------


class Hanging(GitHub):
    """Answers nothing."""

    def next_fault(self, method: str) -> str:
        """Every request hangs."""
        return "hang"


def seconds_to_acknowledge(dovecot: Dovecot, tracker: Api | None, mails: int) -> list[float]:
    """From delivery to acceptance, mail by mail, each of which makes a ticket."""
    with tempfile.TemporaryDirectory() as folder, SmtpSink() as sink:
        desk = Desk(Path(folder) / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())
        desk.more = crash.QUIET + crash.topics()
        if tracker:
            settings = f"kind = 'github'\nurl = '{tracker.url}'\nproject = 'acme/support'\ntimeout = '5s'\n"
            desk.more += f"[tracker]\n{settings}token = {{ file = 'token' }}\n"
        desk.write()
        (desk.folder / "token").write_text(TOKEN)
        process = desk.start("run")
        took = []
        try:
            for number in range(mails + 1):
                began = time.monotonic()
                dovecot.deliver(letter(number + 1), desk.username)
                assert len(sink.wait_for(number + 1, 60)) == number + 1, "an acknowledgement is missing"
                took.append(time.monotonic() - began)
        finally:
            stop(process)
    return took[1:]  # the first one waited for the start


# --- the page ---------------------------------------------------------------------------------------------------------


def _page(found: TicketsFound, points: Counter[str], times: dict[str, list[float]], seconds: float) -> str:
    rows = {
        "kills (of these at rest, as the point was not reached)": f"{found.kills} ({found.missed})",
        "tickets": found.tickets,
        "missing in the tracker": found.missing,
        "there twice": found.twice,
        "comments": found.comments,
        "comments missing": found.comments_missing,
        "comments there twice": found.comments_twice,
        "filings left open": found.open_filings,
        "**promises broken**": "; ".join(found.broken) or "none",
    }
    lines = [HEAD, f"Python {platform.python_version()}, {os.cpu_count()} cores, {seconds / 60:.0f} minutes.\n\n"]
    lines += ["| | |\n|---|---|\n", *(f"| {name} | {value} |\n" for name, value in rows.items())]
    lines += ["\n## Where it was killed\n| point | times |\n|---|---|\n"]
    lines += [f"| {point} | {times_} |\n" for point, times_ in sorted(points.items())]
    lines += ["\n## Time from delivery to an accepted acknowledgement\n"]
    lines += ["| tracker | median | 95 % | mails |\n|---|---|---|---|\n"]
    for name, took in times.items():
        high = sorted(took)[int(len(took) * 0.95)]
        lines.append(f"| {name} | {statistics.median(took) * 1000:.0f} ms | {high * 1000:.0f} ms | {len(took)} |\n")
    return "".join(lines)


def main(kills: int = 100, page: str = "") -> None:
    """Raises SystemExit(1) when a ticket is missing or there twice."""
    began = time.monotonic()
    points = [*TRACKER_POINTS, crash.AT_ANY_MOMENT]
    with tempfile.TemporaryDirectory() as folder, Dovecot() as dovecot, Roundup() as roundup:
        with campaign(Path(folder) / "desk", dovecot, roundup) as running:
            plan = [points[number % len(points)] for number in range(kills)]
            random.Random(1).shuffle(plan)
            for number, point in enumerate(plan, 1):
                kill(running, point)
                if number % 10 == 0:
                    print(f"{number} of {kills}", flush=True)
            found, killed = settle(running, roundup), running.killed
        hanging = Hanging()
        times = {
            "built-in board": seconds_to_acknowledge(dovecot, None, 30),
            "one that hangs": seconds_to_acknowledge(dovecot, hanging, 30),
        }
        hanging.stop()
    text = _page(found, killed, times, time.monotonic() - began)
    Path(page or ROOT / "docs/benchmarks/tracker.md").write_text(text, encoding="utf-8")
    print(json.dumps({"broken": found.broken}))
    if found.broken:
        raise SystemExit(1)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]), page=sys.argv[2] if len(sys.argv) > 2 else "")
