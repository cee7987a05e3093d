"""The whole way of a mail beside a bare loop, on the same mailbox in the same run.

`python -m bench.pipeline [MAILS]` prints the throughput alone; `python -m bench.pipeline --all [IDLE_MAILS]` measures
everything that was asked for and writes docs/benchmarks/pipeline.md (a quarter of an hour; leave the machine alone;
`make .venv-bench/ready` first, for django-helpdesk beside it).

5,000 mails as people send them (bench/parse.py) lie in a Dovecot mailbox. The bare loop (bench/bare.py) reads and
answers them, then `firstline once` does, with everything on, to the same SMTP server. Each is a process of its own;
what is compared is the time from the log-in to the last answer.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench import latency, pipeline_page, stages
from bench.parse import make_mails
from bench.pipeline_page import Measured
from bench.setting import desk, fill, once, sink
from tests.desk import PASSWORD, ROOT, Desk, letter, stop
from tests.servers.distant import distant
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

MAILS = 5_000
SOME = 2_000  # where the start of the helper process weighs more
TURNS = 3
FEW = 1_000  # mails for what takes long with each
PEERS = ROOT / ".venv-bench"


def main(mails: int) -> None:
    """Prints the throughput."""
    for one in throughput(mails):
        print(one)


def everything(idle_mails: int) -> None:
    """The page is written after each measurement: what was not reached is not on it."""
    found: list[Measured] = []
    spent = stages.main(3_000)
    budget, idling = partial(pipeline_page.budget, spent), partial(idle, idle_mails)
    for measure in (
        throughput,
        partial(throughput, SOME),
        budget,
        far_away,
        start,
        memory,
        behind_a_backlog,
        idling,
        helpdesk,
    ):
        for one in measure():
            print(one, flush=True)
            found.append(one)
        pipeline_page.write(found, spent)


def throughput(mails: int = MAILS) -> Iterator[Measured]:
    """Mails a second on a mailbox full of them, ours beside the bare loop: of each the best of a few turns, as others
    may use the machine meanwhile."""
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        turns = [_side_by_side(mails, dovecot, port) for _ in range(TURNS)]
        few = fill(dovecot, make_mails(200))
        naive = min((bare_loop(dovecot, few, port, Path(name), "naive") for _ in range(TURNS)), key=_seconds)
    bare, ours = min((one for one, _ in turns), key=_seconds), min((one for _, one in turns), key=_seconds)
    each, stages_of_bare = 1000 * _seconds(bare) / mails, bare["stages"].items()
    told = "ms a mail: " + ", ".join(f"{stage} {1000 * spent / mails:.2f}" for stage, spent in stages_of_bare)
    yield Measured(f"bare loop, {mails:,} mails", f"{each:.2f} ms a mail", "", None, told)
    rate, beside = mails / _seconds(ours), _seconds(bare) / _seconds(ours)
    yield Measured(
        f"`firstline once`, {mails:,} mails", f"{1000 / rate:.2f} ms a mail", "", None, f"{rate:.0f} a second"
    )
    yield Measured("its throughput beside the bare loop's", f"{beside:.2f}", "≥ 0.6", beside >= 0.6)
    faster = rate * _seconds(naive) / naive["mails"]
    yield Measured("… beside the naive form's", f"{faster:.1f} ×", "≥ 6 ×", faster >= 6)


def _side_by_side(mails: int, dovecot: Dovecot, port: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the bare loop, and `firstline once` after it, tell of the same mailbox."""
    with tempfile.TemporaryDirectory() as name:
        user = dovecot.fresh_user()
        made = desk(dovecot, user, port, Path(name) / "desk")
        once(made)  # as an installation is: it has its database, and has looked at its mailbox before
        fill(dovecot, make_mails(mails), user)
        return bare_loop(dovecot, user, port, Path(name)), once(made)


def _seconds(one: dict[str, Any]) -> float:
    return float(one["seconds"])


def far_away() -> Iterator[Measured]:
    """Each answer of both servers 20 ms later."""
    for chunking, what in ((True, "with CHUNKING"), (False, "without CHUNKING")):
        with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink(20.0, chunking=chunking) as port:
            made = desk(dovecot, fill(dovecot, make_mails(MAILS)), port, Path(name) / "desk")
            with distant(dovecot.imap_port, 20.0) as made.imap_port:
                made.write()
                result = once(made)
        rate = result["mailboxes"]["support"]["acknowledged"] / result["seconds"]
        yield Measured(
            f"20 ms a round trip to IMAP and SMTP, a server {what}", f"{rate:.0f} a second", "≥ 400", rate >= 400
        )


def helpdesk() -> Iterator[Measured]:
    """Another project's way of the same mails, on the same disk, to the same servers."""
    what = f"django-helpdesk's `get_email`, {FEW:,} of the same mails"
    if not (PEERS / "ready").exists():
        yield Measured(what, "not measured", "", None, "`make .venv-bench/ready` makes the environment it needs")
        return
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        folder, mails, user = Path(name), make_mails(FEW), dovecot.fresh_user()
        made = desk(dovecot, user, port, folder / "desk")
        once(made)  # as an installation is, like theirs, whose tables and templates are there
        fill(dovecot, mails, user)
        theirs = get_email(dovecot, fill(dovecot, mails), port, folder)
        ours = once(made)
    one, answered = ours["seconds"] / FEW, ours["mailboxes"]["support"]["acknowledged"]
    handled = theirs["mails"] - theirs["left"]
    each = theirs["seconds"] / max(handled, 1)  # where it stopped, over what it came to
    yield Measured(what, f"{1000 * each:.1f} ms a mail" if handled else "none handled", "", None, _came_about(theirs))
    yield Measured(
        "… `firstline once` beside it",
        f"{each / one:.1f} times as fast",
        "",
        None,
        f"{1000 * one:.2f} ms a mail, {answered:,} answers",
    )


def _came_about(theirs: dict[str, Any]) -> str:
    counts = ", ".join(f"{theirs[one]:,} {one}" for one in ("tickets", "answers", "left"))
    found, errors = f"version {theirs['version']}: {counts}", theirs["errors"]
    # The last one is what stopped it, if something did; it must not break the table.
    return f"{found}; errors: {len(errors)}, the last: {_in_a_cell(errors[-1])}" if errors else found


def _in_a_cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())[:200]


def start() -> Iterator[Measured]:
    """How long a command takes that finds nothing to do."""
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        made = desk(dovecot, dovecot.fresh_user(), port, Path(name) / "desk")
        taken = sorted(_timed(made) for _ in range(6))[:-1]  # the first makes the database
    yield Measured("`once` on an empty mailbox", f"{statistics.median(taken):.2f} s", "≤ 0.8 s", taken[2] <= 0.8)


def _timed(made: Desk) -> float:
    began = time.perf_counter()
    made.run_apart("once")
    return time.perf_counter() - began


def memory() -> Iterator[Measured]:
    """What `run` holds after a working day."""
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, SmtpSink() as smtp:
        user = dovecot.fresh_user()
        made = desk(dovecot, user, smtp.port, Path(name) / "desk")
        process = made.start("run")
        for raw in make_mails(500):
            dovecot.deliver(raw, user)
        smtp.wait_for(450, 60)
        found = _resident(process.pid)
        stop(process)
    yield Measured("memory of `run` after 500 mails, starter model", f"{found:.0f} MB", "< 350 MB", found < 350)


def _resident(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(dict(line.split(":", 1) for line in status.splitlines())["VmRSS"].split()[0]) / 1024


def idle(mails: int) -> Iterator[Measured]:
    """How soon a pushed mail is answered."""
    _whole, shares = latency.measure_latency(mails)
    median, worst = 1000 * statistics.median(shares), max(shares)
    yield Measured("IDLE to acknowledgement, median", f"{median:.0f} ms", "< 40 ms", median < 40)
    yield Measured(f"… worst of {mails:,}", f"{worst:.2f} s", "< 0.3 s", worst < 0.3)


def behind_a_backlog() -> Iterator[Measured]:
    """How soon a new mail is answered while thousands of old ones wait."""
    taken = []
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, SmtpSink() as smtp:
        user = fill(dovecot, make_mails(MAILS))
        process = desk(dovecot, user, smtp.port, Path(name) / "desk").start("run")
        smtp.wait_for(200, 60)
        while len(smtp.accepted) < MAILS - 500:
            taken.append(_answered_after(dovecot, user, smtp, len(taken)))
        stop(process)
    worst = max(taken)
    yield Measured(
        f"new mail behind a backlog of 5,000, worst of {len(taken)}",
        f"{worst:.2f} s",
        "< 0.6 s",
        worst < 0.6,
        f"delivery to acceptance, median {statistics.median(taken):.2f} s",
    )


def _answered_after(dovecot: Dovecot, user: str, smtp: SmtpSink, number: int) -> float:
    began = time.monotonic()
    dovecot.deliver(letter(100_000 + number, sender=f"new{number}@new.example"), user)
    looked = 0
    while time.monotonic() < began + 30:
        accepted = smtp.accepted
        if any(one.recipients == (f"new{number}@new.example",) for one in accepted[looked:]):
            break
        looked = max(0, len(accepted) - 1)
        time.sleep(0.005)
    return time.monotonic() - began


# --- the others -------------------------------------------------------------------------------------------------------


def bare_loop(dovecot: Dovecot, user: str, port: int, folder: Path, *more: str) -> dict[str, Any]:
    """What bench/bare.py tells of one run over this mailbox."""
    words = [sys.executable, "-m", "bench.bare", str(dovecot.imap_port), user, str(port), str(folder), *more]
    return dict(json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout))


def get_email(dovecot: Dovecot, user: str, port: int, folder: Path) -> dict[str, Any]:
    """In the environment of its own that django-helpdesk has."""
    words = [PEERS / "bin/python", "-m", "bench.helpdesk", str(dovecot.imap_port), user, PASSWORD, str(port), folder]
    return dict(json.loads(subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout))


if __name__ == "__main__":
    if "--all" in sys.argv:
        everything(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MAILS)
