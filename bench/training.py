"""A training here and on a Dask cluster of two workers on the same cores: `python -m bench.training [COUNT…]`

The rows of bench.rows, by seeds. Each training is a process of its own; the workers are others. Time is wall clock,
which others on the machine lengthen, and processor time of all processes together; memory is the most that one ever
held. Writes docs/benchmarks/training.md.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from bench.rows import REPOSITORY, write
from pipeline.learn import training
from pipeline.learn.crew import crew_at
from pipeline.learn.registry import Registry

COUNTS = (3_000, 100_000, 1_000_000)
PAGE = REPOSITORY / "docs/benchmarks/training.md"
_TRAIN = "--train"


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What one training took, and what came out."""

    seconds: float
    processor: float  # seconds
    memory: float  # GB, of the process that asks
    fitted: int
    heads: object


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The same rows here and there."""

    rows: int
    here: Trained
    there: Trained
    workers: float  # GB, the largest worker
    processor: float  # seconds of the workers

    def __str__(self) -> str:
        here, there = self.here.processor, self.there.processor + self.processor
        same = "the same" if self.here.heads == self.there.heads else "**not the same**"
        cells = [
            f"{self.rows:,}",
            f"{self.here.fitted:,}",
            *(f"{seconds:.0f} s" for seconds in (self.here.seconds, self.there.seconds, here, there)),
            f"{there / here:.2f}",
            *(f"{held:.2f} GB" for held in (self.here.memory, self.there.memory, self.workers)),
            same,
        ]
        return f"| {' | '.join(cells)} |"


def main(counts: Sequence[int]) -> None:
    """Trains each count twice and writes the page."""
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            path = write(Path(folder) / f"{count}.csv", count)
            pairs.append(_pair(path, count))
            print(pairs[-1], flush=True)
            path.unlink()
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[2]:.1f} meanwhile."
    PAGE.write_text(
        _TEXT.format(machine=machine, rows="\n".join(map(str, pairs)), missing=_missing(counts)), encoding="utf-8"
    )


def _missing(counts: Sequence[int]) -> str:
    """What nobody has measured, in words."""
    left = [f"{count:,}" for count in COUNTS if count not in counts]
    return f"Not measured yet: {' and '.join(left)} rows.\n" if left else ""


def _pair(path: Path, count: int) -> Pair:
    from distributed import LocalCluster

    here = _train(path, "")
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0") as cluster:
        there = _train(path, cluster.scheduler_address)
        workers = [str(nanny.pid) for nanny in cluster.workers.values()]
        held, worked = max(map(_most_held, workers)), sum(map(_worked, workers))
    return Pair(rows=count, here=here, there=there, workers=held, processor=worked)


def _train(path: Path, url: str) -> Trained:
    words = [sys.executable, "-m", "bench.training", _TRAIN, str(path), url]
    done = subprocess.run(words, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return Trained(**json.loads(done.stdout.splitlines()[-1]))


def train(path: Path, url: str) -> None:
    """One training in a process of its own; prints its figures."""
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder, crew_at(url) as crew:
        document = training.train_candidate(training.Request(files=[path], crew=crew), Registry(Path(folder), b"a key"))
    seconds, memory = perf_counter() - began, _most_held("self")
    figures = {"processor": process_time(), "fitted": document["rows"], "heads": document["heads"]}
    print(json.dumps({"seconds": seconds, "memory": memory, **figures}))


def _worked(process: str) -> float:
    """Seconds of processor time that a process has had."""
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _most_held(process: str) -> float:
    """GB that a process has ever held."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1e6


_TEXT = """# Training here and on a cluster
Written by `python -m bench.training`; nothing here is typed by hand. The rows are resampled from the starter's mails by
seeds; three heads, lean profile. *There* is a Dask scheduler with two workers on the same two cores: so it shows what a
cluster costs, not what more machines would give: the second core can do folds at the same time, and both workers load
Python's libraries first. Asked of a million rows: at most 1.15 × the time here, under 3 GB, and the same figures.

{machine}

| rows | fitted | here | there | processor here | there | share | memory here | who asks | a worker | figures |
|---|---|---|---|---|---|---|---|---|---|---|
{rows}

{missing}"""


if __name__ == "__main__":
    if sys.argv[1:2] == [_TRAIN]:
        train(Path(sys.argv[2]), sys.argv[3])
    else:
        main([int(word) for word in sys.argv[1:]] or COUNTS)
