"""The starter model on mails that were written after its training data was frozen, by another hand.

`python -m bench.starter`: trains from training_data/ in a folder of its own and evaluates on bench/starter_check.csv,
which no training ever reads.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipeline.learn import dataset, label_files, training
from pipeline.learn.registry import Registry

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Prints how the starter model does on mails by another hand."""
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(Path(folder), b"a key for the bench")
        shelf = ROOT / "training_data"
        request = training.Request(files=label_files.files_in(shelf), check=label_files.check_in(shelf))
        training.train_candidate(request, registry)
        check = training.evaluate_version(registry, [ROOT / "bench" / "starter_check.csv"], dataset.Columns())
    print(f"{check['rows']} mails by another hand")
    for head, figures in check["heads"].items():
        by_language = ", ".join(f"{name} {row['accuracy']:.0%}" for name, row in figures["languages"].items())
        print(
            f"  {head}: accuracy {figures['accuracy']:.1%}, macro-F1 {figures['macro_f1']:.1%}, calibration error "
            f"{figures['ece']:.1%}, sure of {figures['coverage']:.1%} ({by_language})"
        )


if __name__ == "__main__":
    main()
