"""Time and memory of a training against the number of rows: 1,000 to 1,000,000. `python -m bench.rows [COUNT…]`

The rows are made by resampling: sentences of two mails of the starter data with the same labels, some words dropped.
They say nothing about quality. Each training is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from pipeline.learn import label_files, training
from pipeline.learn.dataset import Row
from pipeline.learn.registry import Registry

COUNTS = (1_000, 10_000, 100_000, 1_000_000)
REPOSITORY = Path(__file__).parent.parent
_DROPPED = 0.15  # of the words
_TRAIN = "--train"


def main() -> None:
    """Trains on growing numbers of rows, prints and writes what that takes."""
    if sys.argv[1:2] == [_TRAIN]:
        return train(Path(sys.argv[2]))
    counts = [int(argument) for argument in sys.argv[1:]] or COUNTS
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            path = write(Path(folder) / f"{count}.csv", count)
            subprocess.run([sys.executable, "-m", "bench.rows", _TRAIN, str(path)], cwd=REPOSITORY, check=True)
            path.unlink()
    return None


def train(path: Path) -> None:
    """One training in a process of its own; its figures."""
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        document = training.train_candidate(training.Request(files=[path]), Registry(Path(folder), b"a key"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kilobytes
    print(
        f"  {int(path.stem):>9,} rows: {perf_counter() - began:7.1f} s, {peak:5.2f} GB at most; "
        f"{document['rows']} fitted, {document['test_rows']} kept out",
        flush=True,
    )


def write(path: Path, count: int) -> Path:
    """Writes the page."""
    dice = random.Random(count)
    kinds: dict[tuple[str | None, ...], list[Row]] = {}
    for row in label_files.load_rows(label_files.files_in(REPOSITORY / "training_data")).rows:
        kinds.setdefault((row.topic, row.sentiment, row.complaint, row.language), []).append(row)
    choices = list(kinds)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("subject text topic sentiment complaint language labelled_by".split())
        for _ in range(count):
            kind = dice.choice(choices)
            one, other = dice.choice(kinds[kind]), dice.choice(kinds[kind])
            words = [word for word in f"{one.text} {other.text}".split() if dice.random() > _DROPPED]
            writer.writerow([one.subject, " ".join(words), *(value or "" for value in kind), "bench"])
    return path


if __name__ == "__main__":
    main()
