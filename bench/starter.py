"""The starter model on mails that were written after its training data was frozen, by another hand.

`python -m bench.starter` (or `make bench-starter`): trains from training_data/ in a folder of its own, on an eighth of
it up to all, evaluates on bench/starter_check.csv, which no training ever reads, and writes
docs/benchmarks/starter.md. Three minutes. `python -m bench.starter quick`: only the whole, printed.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.learn import dataset, label_files, training
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.registry import Registry
from pipeline.records.ledger import LedgerText

ROOT = Path(__file__).parent.parent
CHECK = ROOT / "bench" / "starter_check.csv"
PAGE = ROOT / "docs" / "benchmarks" / "starter.md"
KEY = b"a key for the bench"
LEVELS = (0.02, 0.05, 0.10)
SHARES = (8, 4, 2, 1)  # of the training data: one in so many
EXAMPLES = 12  # of confusions on the page


@dataclass(frozen=True, kw_only=True)
class Learned:
    """One training, and what it says of the mails by another hand."""

    rows: int
    seconds: float
    said: dict[str, list[str]]  # head → labels
    sure: dict[str, dict[float, list[bool]]]  # head → level → whether it is sure at it
    suspected: list[bool]


def main(words: Sequence[str]) -> None:
    """Prints how the starter model does, and writes the page."""
    rows = _check_rows()
    with tempfile.TemporaryDirectory() as folder:
        if "quick" in words:
            learned = [_learn(Path(folder), 1, rows)]
        else:
            learned = [_learn(Path(folder) / str(share), share, rows) for share in SHARES]
    for line in _figures(learned[-1], rows):
        print(line)
    if "quick" not in words:
        PAGE.write_text("\n".join(_page(learned, rows)) + "\n", encoding="utf-8")


def _check_rows() -> list[Row]:
    return _rows_of(CHECK)


def _rows_of(file: Path) -> list[Row]:
    return [*label_files.load_rows([file]).rows]


def _learn(folder: Path, share: int, rows: Sequence[Row]) -> Learned:
    folder.mkdir(exist_ok=True)
    files = _part(label_files.files_in(ROOT / "training_data"), share, folder)
    registry = Registry(folder / "models", KEY)
    request = training.Request(files=files, check=label_files.check_in(ROOT / "training_data"))
    began = time.perf_counter()
    document = training.train_candidate(request, registry)
    seconds = time.perf_counter() - began
    predictors = {level: registry.predictor(document["version"], dict.fromkeys(HEADS, level)) for level in LEVELS}
    return Learned(rows=_count(files), seconds=seconds, **_said(predictors, rows))


def _part(files: Sequence[Path], share: int, folder: Path) -> list[Path]:
    """One row in so many of each file: which, its text decides, so that a smaller part is in each larger one."""
    if share == 1:
        return [*files]
    made = []
    for file in files:
        target = folder / file.name
        with target.open("w", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, dataset.FIELDS, extrasaction="ignore")
            table.writeheader()
            table.writerows(asdict(row) for row in _rows_of(file) if _lot(row) % share == 0)
        made.append(target)
    return made


def _lot(row: Row) -> int:
    return int.from_bytes(hashlib.sha256(row.hash.encode()).digest()[:4], "big")


def _count(files: Sequence[Path]) -> int:
    return sum(len(_rows_of(file)) for file in files)


def _said(predictors: dict[float, ModelPredictor], rows: Sequence[Row]) -> dict[str, Any]:
    said: dict[str, list[str]] = {head: [] for head in HEADS}
    sure: dict[str, dict[float, list[bool]]] = {head: {} for head in HEADS}
    suspected: list[bool] = []
    for level, predictor in predictors.items():
        labels = predictor.predict([_mail(row) for row in rows])
        for head in HEADS:
            found = [getattr(one, head) for one in labels]
            said[head] = [str(label.value).lower() for label in found]
            sure[head][level] = [bool(label.sure) for label in found]
        suspected = [one.complaint_suspected for one in labels]
    return {"said": said, "sure": sure, "suspected": suspected}


def _mail(row: Row) -> LedgerText:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return LedgerText(
        id="",
        subject=row.subject,
        text=row.text,
        language=row.language,
        customer="",
        sender_name="",
        thread="",
        received=now,
    )


# --- what is told -----------------------------------------------------------------------------------------------------


def _truth(rows: Sequence[Row], head: str) -> list[str]:
    return [str(getattr(row, head)) for row in rows]


def _right(learned: Learned, rows: Sequence[Row], head: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.array([said == true for said, true in zip(learned.said[head], _truth(rows, head), strict=True)])


def _figures(learned: Learned, rows: Sequence[Row]) -> Iterator[str]:
    yield f"{learned.rows} mails learned in {learned.seconds:.0f} s; {len(rows)} mails by another hand"
    for head in HEADS:
        right = _right(learned, rows, head)
        levels = ", ".join(f"at {level:.0%} {_sure(learned, rows, head, level)}" for level in LEVELS)
        yield f"  {head}: {right.mean():.1%} right; sure {levels}"
    recall, precision, missed = _complaints(learned, rows)
    yield f"  complaints: recall {recall:.1%}, precision {precision:.1%}, missed and not even suspected {missed:.1%}"


def _sure(learned: Learned, rows: Sequence[Row], head: str, level: float) -> str:
    sure = np.array(learned.sure[head][level])
    wrong = (~_right(learned, rows, head))[sure].mean() if sure.any() else 0.0
    return f"of {sure.mean():.0%}, {wrong:.1%} of it wrong"


def _complaints(learned: Learned, rows: Sequence[Row]) -> tuple[float, float, float]:
    """Recall, precision, and the share of complaints of which nobody would hear as such."""
    true = np.array([truth == "true" for truth in _truth(rows, "complaint")])
    said = np.array([value == "true" for value in learned.said["complaint"]])
    lost = true & ~said & ~np.array(learned.suspected)
    return float(said[true].mean()), float(true[said].mean()), float(lost.sum() / true.sum())


def _page(learned: Sequence[Learned], rows: Sequence[Row]) -> Iterator[str]:
    whole = learned[-1]
    yield from _PREFACE.format(rows=len(rows), seconds=whole.seconds, learned=whole.rows).splitlines()
    yield from ("", "| mails learned | " + " | ".join(HEADS) + " | topics sure at 2 % | at 5 % |")
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    for one in learned:
        right = " | ".join(f"{_right(one, rows, head).mean():.1%}" for head in HEADS)
        sure = " | ".join(f"{np.mean(one.sure['topic'][level]):.0%}" for level in LEVELS[:2])
        yield f"| {one.rows:,} | {right} | {sure} |"
    yield from ("", "## Sure of how many, and how many of these are wrong", "", "| head | 2 % | 5 % | 10 % |")
    yield "| --- | --- | --- | --- |"
    for head in HEADS:
        yield f"| {head} | " + " | ".join(_sure(whole, rows, head, level) for level in LEVELS) + " |"
    recall, precision, missed = _complaints(whole, rows)
    yield ""
    yield f"Of the complaints {recall:.1%} are found; {precision:.1%} of what is said to be one is one;"
    yield f"{missed:.1%} are missed and not even suspected."
    yield from _by_language(whole, rows)
    yield from _by_topic(whole, rows)
    yield from _confusions(whole, rows)


def _by_language(learned: Learned, rows: Sequence[Row]) -> Iterator[str]:
    yield from (
        "",
        "## By language",
        "",
        "| language | mails | " + " | ".join(HEADS) + " |",
        "| --- | ---: | ---: | ---: | ---: |",
    )
    for language in sorted({row.language for row in rows}):
        mine = np.array([row.language == language for row in rows])
        right = " | ".join(f"{_right(learned, rows, head)[mine].mean():.0%}" for head in HEADS)
        yield f"| {language} | {mine.sum()} | {right} |"


def _by_topic(learned: Learned, rows: Sequence[Row]) -> Iterator[str]:
    yield from (
        "",
        "## By topic",
        "",
        "| topic | mails | found | right where it is said |",
        "| --- | ---: | ---: | ---: |",
    )
    truth, said = np.array(_truth(rows, "topic")), np.array(learned.said["topic"])
    for topic in sorted(set(truth)):
        found, named = (said == topic)[truth == topic].mean(), (truth == topic)[said == topic]
        yield f"| {topic} | {(truth == topic).sum()} | {found:.0%} | {named.mean() if len(named) else 0:.0%} |"


def _confusions(learned: Learned, rows: Sequence[Row]) -> Iterator[str]:
    yield from (
        "",
        "## What is taken for what",
        "",
        "| is | is said to be | mails | for example |",
        "| --- | --- | ---: | --- |",
    )
    pairs = [(true, said) for true, said in zip(_truth(rows, "topic"), learned.said["topic"], strict=True)]
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    for (true, said), count in wrong.most_common(EXAMPLES):
        row = rows[pairs.index((true, said))]
        example = f"{row.subject}: {row.text}"[:110].replace("|", "/").replace("\n", " ")
        yield f"| {true} | {said} | {count} | {example} |"


_PREFACE = """# The starter model
Written by `make bench-starter`; no figure is typed by hand. {rows} mails that were written after the training data was
frozen, by another author who had seen only the guidelines (`bench/starter_check.csv`; never trained on, never used to
certify). {learned:,} mails are learned in {seconds:.0f} s, without an encoder; thresholds are certified on
`training_data/check.csv`.
"""

if __name__ == "__main__":
    main(sys.argv[1:])
