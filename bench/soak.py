"""A hundred thousand mails through one process: does anything grow that should not?

`python -m bench.soak [MAILS] [PAGE]`: `firstline run` reads a mailbox into which mails keep coming, a thousand at a
time, and answers each. After each thousand its memory, open files and threads, the size of the database and the time it
took are noted. Writes docs/benchmarks/soak.md; exit code 1 when something grew.
"""

from __future__ import annotations

import itertools
import smtplib
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
MEMORY_GROWTH = 0.05
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


def look(process: int, desk: Desk, mails: int, seconds: float) -> Look:
    """Memory and files of a process now."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    facts = dict(line.split(":", 1) for line in status.splitlines())
    store = [file.stat().st_size for file in (desk.folder / "var").glob("firstline.db*")]
    return Look(
        mails=mails,
        seconds=seconds,
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
            began = time.monotonic()
            with smtplib.LMTP(HOST, dovecot.lmtp_port) as lmtp:
                for number in range(first, first + PORTION):
                    lmtp.sendmail("eve@example.org", [user], letter(number))
            sink.wait_until(first + PORTION)
            looks.append(look(process.pid, desk, first + PORTION, time.monotonic() - began))
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
    if last.seconds > 1.25 * early.seconds:
        wrong.append(
            f"a thousand took {early.seconds:.1f} s after {early.mails} mails, {last.seconds:.1f} s at the end"
        )
    return wrong


def write(page: Path, looks: list[Look], wrong: list[str]) -> None:
    """Writes the page."""
    lines = [
        "| mails | s for the last 1,000 | memory, MB | open files | threads | database, MB |",
        "|---|---|---|---|---|---|",
    ]
    step = max(len(looks) // 20, 1)
    early, last = looks[max(len(looks) // 10 - 1, 0)], looks[-1]
    figures = (
        f"From {early.mails:,} to {last.mails:,} mails: memory {early.memory:.0f} → {last.memory:.0f} MB "
        f"({last.memory / early.memory - 1:+.1%}, allowed {MEMORY_GROWTH:+.0%}), open files {early.files} → "
        f"{last.files}, threads {early.threads} → {last.threads}, a thousand mails in {early.seconds:.1f} → "
        f"{last.seconds:.1f} s.\n\n"
    )
    for one in [*looks[:-1:step], looks[-1]]:
        values = (f"{one.mails:,}", f"{one.seconds:.1f}", f"{one.memory:.0f}", one.files, one.threads)
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
