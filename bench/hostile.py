"""At least 200,000 hostile mails through the whole route: `python -m bench.hostile [INPUTS]` (nice; two processes).

Every named attack of tests/campaigns/test_hostile_mail.py, then inputs by number (tests/hostile.py). Writes
docs/benchmarks/hostile.md; a shorter run only prints. Exit code 1 when something did not hold.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile import HOSTILE, KINDS, MEGABYTES, SECONDS, Trial, Tried, made, peak_memory, seeds

INPUTS = 200_000
PORTION = 1_000
WORKERS = 2
PAGE = Path(__file__).parent.parent / "docs/benchmarks/hostile.md"
HEAD = """# Hostile mail
Written by `python -m bench.hostile`; nothing here is typed by hand. Each input goes the whole way with real parts, from
its bytes over parser, guard and decision to the bytes of the reply, beside an empty ledger and without a model. What
must hold: no exception; every field of the mail valid; every rule of the guard looked at; in the reply our headers
only, one recipient, no bare CR or LF, one end of the message.

"""


@dataclass
class Tally:
    """What is known of all inputs of a kind."""

    inputs: int = 0
    bytes: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    seconds: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, name: str, tried: Tried) -> None:
        """Counts one input."""
        self.inputs += 1
        self.bytes += tried.size
        self.verdicts[tried.verdict] += 1
        self.answered += tried.answered
        self.seconds.append(tried.seconds)
        if tried.broken:
            self.broken.append(f"{name}: {tried.broken}")


_trial: Trial | None = None


def _portion(numbers: range) -> tuple[list[tuple[str, Tried]], int]:
    """In a worker: these inputs, and the most memory it has had so far."""
    global _trial  # one for the life of a worker
    _trial = _trial or Trial(Path(tempfile.mkdtemp()))
    return [(str(number), _trial.of(*made(number))) for number in numbers], peak_memory()


def _named(names: Sequence[str]) -> tuple[list[tuple[str, Tried]], int]:
    trial = Trial(Path(tempfile.mkdtemp()))
    trial.of("", b"From: a@b.example\n\nWhat is loaded once is no part of the time of a mail.")
    return [(name, trial.of("a named attack", HOSTILE[name]())) for name in names], peak_memory()


def main(inputs: int) -> int:
    """Tries this many inputs and writes the page; returns the exit code."""
    began, most = time.monotonic(), 0
    tallies = {kind: Tally() for kind in ("a named attack", *KINDS)}
    with ProcessPoolExecutor(WORKERS, initializer=os.nice, initargs=(10,)) as pool:
        work = [pool.submit(_named, list(HOSTILE))]
        work += [pool.submit(_portion, range(at, min(at + PORTION, inputs))) for at in range(0, inputs, PORTION)]
        for done in work:
            tried, memory = done.result()
            most = max(most, memory)
            for name, one in tried:
                tallies[one.kind].add(name, one)
    page = "".join(_page(tallies, most, time.monotonic() - began))
    print(page)
    if inputs >= INPUTS:
        PAGE.write_text(page, encoding="utf-8")
    broken = [line for tally in tallies.values() for line in tally.broken]
    return 1 if broken or most > MEGABYTES * 1e6 else 0


def _page(tallies: dict[str, Tally], most: int, seconds: float) -> Iterator[str]:
    total = sum(tally.inputs for tally in tallies.values())
    broken = [line for tally in tallies.values() for line in tally.broken]
    worst = max(max(tally.seconds, default=0.0) for tally in tallies.values())
    yield HEAD
    yield f"{WORKERS} processes on {os.cpu_count()} cores that others used too, Python {platform.python_version()}, "
    yield f"{len(seeds())} mails to damage, {seconds / 60:.0f} minutes.\n\n"
    yield "| | asked | measured |\n| --- | --- | --- |\n"
    yield f"| inputs | ≥ {INPUTS:,} | {total:,} |\n| inputs for which something did not hold | 0 | {len(broken)} |\n"
    yield f"| longest time of a mail | ≤ {SECONDS:.0f} s | {worst:.2f} s |\n"
    yield f"| most memory of a process, all included | ≤ {MEGABYTES} MB | {most / 1e6:.0f} MB |\n\n"
    yield "| kind | inputs | mean size | answered | silent | parked | median | 99.9 % | longest | did not hold |\n"
    yield f"|{' --- |' * 10}\n"
    for kind, tally in tallies.items():
        yield _row(kind, tally)
    if broken:
        yield "\n## What did not hold\n"
        yield from (f"- {line}\n" for line in broken[:50])


def _row(kind: str, tally: Tally) -> str:
    seconds = sorted(tally.seconds) or [0.0]
    times = [1000 * seconds[int(share * (len(seconds) - 1))] for share in (0.5, 0.999, 1.0)]
    shown = " | ".join(f"{value:.1f} ms" for value in times)
    counts = " | ".join(f"{count:,}" for count in (tally.answered, tally.verdicts["silent"], tally.verdicts["park"]))
    size = tally.bytes / max(tally.inputs, 1) / 1000
    return f"| {kind} | {tally.inputs:,} | {size:.1f} KB | {counts} | {shown} | {len(tally.broken)} |\n"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS))
