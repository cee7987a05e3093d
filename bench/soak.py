"""A hundred thousand mails through one process: does anything grow that should not?

`python -m bench.soak [MAILS] [PAGE]`: `firstline run` reads a mailbox into which mails keep coming, a thousand at a
time, and answers each. After each thousand its memory, open files and threads, the size of the database, the time and
the processor time that it took are noted; only the latter does not depend on what else the machine does, so first and
last are compared by it. Writes docs/benchmarks/soak.md; exit code 1 when something grew.
"""

from __future__ import annotations

import itertools
import os
import smtplib
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.desk import ROOT, Desk, letter, stop
from tests.learned import KEY, toy_registry
from tests.servers.dovecot import HOST, Dovecot
from tests.servers.smtp_sink import SmtpSink

PORTION = 1000
# A Maildir is read through at each delivery: with a hundred thousand mails in it we would measure Dovecot.
STORED = "mail_location = sdbox:~/dbox\n"
UNLIMITED = "[guard]\nlimit_domain = '0'\nlimit_system = '0'\n"
MEMORY_GROWTH = TIME_GROWTH = 0.05
LAST = 3  # thousands that are looked at together at either end
LONGEST = 600.0  # seconds for one thousand

HEAD = """# Many mails through one process
Written by `python -m bench.soak`; nothing here is typed by hand. `firstline run` reads a mailbox of Dovecot, into which
a thousand mails at a time are delivered, and answers each over an SMTP server. Measured after each thousand, with all
servers on the same machine.

"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How the process is after this many mails."""

    mails: int
    seconds: float  # for the last thousand, delivery to the last acknowledgement
    processor: float  # seconds of the process and its helper, for the last thousand
    memory: float  # resident, MB
    files: int
    threads: int
    database: float  # MB


class Counting(SmtpSink):
    """Counts what it accepts, and forgets it: a hundred thousand letters are no part of what is measured."""

    taken = 0

    def keep(self, message: object) -> None:
        """Counts an accepted message instead of keeping it."""
        with self._changed:
            self.taken += 1
            self._changed.notify_all()

    def wait_until(self, count: int) -> None:
        """Waits until this many were accepted."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.taken >= count, LONGEST):
                raise SystemExit(f"only {self.taken} of {count} were answered")


def processor_time(process: int) -> float:
    """Seconds that it has used, with the children that it has waited for (proc_pid_stat(5), fields 14 to 17)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def look(process: int, desk: Desk, mails: int, seconds: float, processor: float) -> Look:
    """Memory and files of a process now."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    facts = dict(line.split(":", 1) for line in status.splitlines())
    store = [file.stat().st_size for file in (desk.folder / "var").glob("firstline.db*")]
    return Look(
        mails=mails,
        seconds=seconds,
        processor=processor,
        memory=int(facts["VmRSS"].split()[0]) / 1024,
        files=len(list(Path(f"/proc/{process}/fd").iterdir())),
        threads=int(facts["Threads"]),
        database=sum(store) / 1e6,
    )


def measure(mails: int) -> list[Look]:
    """One soak: mails come in portions, and the process is looked at between them."""
    looks = []
    with tempfile.TemporaryDirectory() as folder, Dovecot(more=STORED) as dovecot, Counting() as sink:
        user = dovecot.fresh_user()
        desk = Desk(Path(folder) / "desk", dovecot.imap_port, sink.port, user, more=UNLIMITED)
        toy_registry(desk.folder / "models")
        (desk.folder / "var").mkdir(exist_ok=True)
        (desk.folder / "var" / "key").write_bytes(KEY)
        process = desk.start("run")
        for first in range(0, mails, PORTION):
            began, before = time.monotonic(), processor_time(process.pid)
            with smtplib.LMTP(HOST, dovecot.lmtp_port) as lmtp:
                for number in range(first, first + PORTION):
                    lmtp.sendmail("eve@example.org", [user], letter(number))
            sink.wait_until(first + PORTION)
            taken = time.monotonic() - began, processor_time(process.pid) - before
            looks.append(look(process.pid, desk, first + PORTION, *taken))
            print(looks[-1], flush=True)
        assert stop(process) == 0
    return looks


def grown(looks: list[Look]) -> list[str]:
    """What should not have, in words. Memory counts from a tenth of the way on: until then caches fill."""
    early, last = looks[max(len(looks) // 10 - 1, 0)], looks[-1]
    per_thousand = [later.database - sooner.database for sooner, later in itertools.pairwise(looks)]
    half = len(per_thousand) // 2
    wrong = []
    if last.memory > early.memory * (1 + MEMORY_GROWTH):
        wrong.append(f"memory: {early.memory:.0f} MB after {early.mails} mails, {last.memory:.0f} MB at the end")
    if last.files > early.files + 2 or last.threads > early.threads + 2:
        wrong.append(f"files {early.files} → {last.files}, threads {early.threads} → {last.threads}")
    if half and sum(per_thousand[half:]) / len(per_thousand[half:]) > 1.2 * sum(per_thousand[:half]) / half:
        wrong.append("the database grows faster and faster")
    sooner, later = ends(looks)
    if later > sooner * (1 + TIME_GROWTH):
        wrong.append(f"a thousand took {sooner:.2f} s of the processor at first, {later:.2f} s at the end")
    return wrong


def ends(looks: list[Look]) -> tuple[float, float]:
    """Processor time of a thousand after a tenth of the way, and at the end: the middle of LAST."""
    start = max(len(looks) // 10 - 1, 0)
    early, late = looks[start : start + LAST], looks[-LAST:]
    return statistics.median(one.processor for one in early), statistics.median(one.processor for one in late)


def write(page: Path, looks: list[Look], wrong: list[str]) -> None:
    """Writes the page."""
    lines = [
        "| mails | s for the last 1,000 | s of the processor | memory, MB | open files | threads | database, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    step = max(len(looks) // 20, 1)
    early, last = looks[max(len(looks) // 10 - 1, 0)], looks[-1]
    sooner, later = ends(looks)
    figures = (
        f"From {early.mails:,} to {last.mails:,} mails: memory {early.memory:.0f} → {last.memory:.0f} MB "
        f"({last.memory / early.memory - 1:+.1%}, allowed {MEMORY_GROWTH:+.0%}), open files {early.files} → "
        f"{last.files}, threads {early.threads} → {last.threads}, processor time of a thousand mails "
        f"{sooner:.2f} → {later:.2f} s ({later / sooner - 1:+.1%}, allowed {TIME_GROWTH:+.0%}). At the end the load of "
        f"the machine was {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores.\n\n"
    )
    for one in [*looks[:-1:step], looks[-1]]:
        times = f"{one.seconds:.1f}", f"{one.processor:.2f}"
        values = (f"{one.mails:,}", *times, f"{one.memory:.0f}", one.files, one.threads)
        lines.append(f"| {' | '.join(map(str, values))} | {one.database:.1f} |")
    verdict = "; ".join(wrong) or "nothing"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        f"{HEAD}Grown beyond what was asked: **{verdict}**.\n\n{figures}" + "\n".join(lines) + "\n", encoding="utf-8"
    )


def main(mails: int = 100_000, page: Path = ROOT / "docs" / "benchmarks" / "soak.md") -> None:
    """Measures and writes."""
    looks = measure(mails)
    wrong = grown(looks)
    write(page, looks, wrong)
    print("\n".join(wrong) or "nothing grew that should not")
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, *(Path(word) for word in sys.argv[2:3]))
