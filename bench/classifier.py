"""The starter model: time to train, size, accuracy, and time per mail. `python -m bench.classifier`"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from pipeline.learn import label_files, training
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.registry import Registry
from pipeline.learn.version import MODEL
from tests.samples import mail

BATCH = 200
REPOSITORY = Path(__file__).parent.parent


def main() -> None:
    """Trains the starter model anew, and prints how long it takes and how good it is."""
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(Path(folder), b"a key for the bench")
        files = label_files.files_in(REPOSITORY / "training_data")
        document = training.train_candidate(training.Request(files=files), registry)
        version = registry.version(document["version"])
        size = (version.path / MODEL).stat().st_size
        print(f"classifier: {document['rows']} mails fitted in {document['seconds']} s, {size / 1e6:.1f} MB")
        for head, figures in document["heads"].items():
            print(
                f"  {head}: accuracy {figures['accuracy']:.1%}, macro-F1 {figures['macro_f1']:.1%}, "
                f"sure of {figures['coverage']:.1%}"
            )
        times(ModelPredictor(version), files)


def times(predictor: ModelPredictor, files: list[Path]) -> None:
    """All three heads; the best of five, because a shared machine only ever adds."""
    rows = label_files.load_rows(files).rows[:BATCH]
    mails = [mail(subject=row.subject, text=row.text) for row in rows]
    predictor.predict(mails)
    print(f"  a batch of {BATCH}: {best(lambda: predictor.predict(mails)) / BATCH * 1000:.2f} ms a mail")
    print(f"  one mail: {best(lambda: predictor.predict(mails[:1])) * 1000:.1f} ms")
    print(f"  explaining one: {best(lambda: predictor.explain(mails[0])) * 1000:.1f} ms")


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of the fastest run."""
    spans = []
    for _ in range(runs):
        began = perf_counter()
        work()
        spans.append(perf_counter() - began)
    return min(spans)


if __name__ == "__main__":
    main()
