"""Models for tests: the starter model trained once a session, and a toy that fits in a blink."""

from __future__ import annotations

import csv
import json
import random
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.clock import FakeClock
from pipeline.learn import grouping, label_files, train, training
from pipeline.learn.dataset import Row
from pipeline.learn.registry import Registry
from pipeline.learn.version import Version
from tests.made_once import made_once
from tests.samples import NOON

KEY = b"a key for tests, and for nothing else"
REPOSITORY = Path(__file__).parent.parent
TRAINING_DATA = REPOSITORY / "training_data"
STRICT = {"topic": 0.02, "sentiment": 0.05, "complaint": 0.02}
_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []  # live as long as the session

# Word pools of a toy shop; rows draw from them, so they test plumbing and say nothing about quality.
POOLS = {
    "parcel": "courier parcel doorstep tracking arrived shipped Tuesday neighbour box van driver late".split(),
    "invoice": "invoice VAT receipt amount bookkeeping total euros statement billed number copy tax".split(),
    "login": "password username account locked email code sign profile reset forgotten browser screen".split(),
}
MOODS = {
    "negative": "terrible annoyed useless disappointed again unacceptable angry".split(),
    "neutral": "please could tell when where which kindly".split(),
    "positive": "thanks lovely great wonderful happy brilliant delighted".split(),
}


@dataclass(frozen=True)
class Starter:
    """The starter model in a registry of its own, and what its training said."""

    registry: Registry
    document: dict[str, Any]

    @property
    def version(self) -> Version:
        return self.registry.version(self.document["version"])


@lru_cache(maxsize=1)
def starter() -> Starter:
    """A copy of this process's own of what the session has trained."""
    made = shutil.copytree(made_once("starter", _train_starter), folder(), dirs_exist_ok=True)
    return Starter(Registry(made / "models", KEY), json.loads((made / "document.json").read_text()))


@lru_cache(maxsize=1)
def german() -> Starter:
    """The same from the German mails alone: few enough for what is measured by fits of its own."""
    made = shutil.copytree(made_once("german", _train_german), folder(), dirs_exist_ok=True)
    return Starter(Registry(made / "models", KEY), json.loads((made / "document.json").read_text()))


def _train_german(folder: Path) -> None:
    _train(folder, [TRAINING_DATA / "starter-de.csv"])


def _train_starter(folder: Path) -> None:
    _train(folder, label_files.files_in(TRAINING_DATA))


def _train(folder: Path, files: Sequence[Path]) -> None:
    request = training.Request(files=files, check=label_files.check_in(TRAINING_DATA))
    document = training.train_candidate(request, Registry(folder / "models", KEY))
    (folder / "document.json").write_text(json.dumps(document))


def folder() -> Path:
    """A new one that is gone when the tests are."""
    _FOLDERS.append(tempfile.TemporaryDirectory())
    return Path(_FOLDERS[-1].name)


def toy_rows(count: int = 120, seed: int = 1) -> list[Row]:
    """Rows with all three labels, spread evenly; topics can be told apart, moods too."""
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        topic, mood = list(POOLS)[number % 3], list(MOODS)[(number // 3) % 3]
        words = dice.sample(POOLS[topic], 6) + dice.sample(MOODS[mood], 2)
        dice.shuffle(words)
        rows.append(
            Row(
                text=" ".join(words),
                subject=dice.choice(POOLS[topic]),
                topic=topic,
                sentiment=mood,
                complaint="true" if mood == "negative" else "false",
                language="en",
                labelled_by="alice",
            )
        )
    return rows


def variants(count: int) -> list[Row]:
    """Mail that repeats itself: each text in four wordings that are near-duplicates, one after the other."""
    return grouping.with_groups(
        [
            replace(row, text=f"{row.text} {word}", topic="parcel")
            for row in toy_rows(count)
            for word in ("today", "please", "soon", "thanks")
        ]
    )


def write_csv(path: Path, rows: list[Row]) -> Path:
    names = "subject text topic sentiment complaint language source labelled_by labelled_at".split()
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in rows:
            writer.writerow(["" if getattr(row, name) is None else getattr(row, name) for name in names])
    return path


@lru_cache(maxsize=1)
def toy_model() -> train.Trained:
    """By itself it is sure of no topic: so few mails prove no more than one wrong in fifty to be kept."""
    return train.fit(grouping.with_groups(toy_rows()), train.Settings(max_error=STRICT))


def toy_registry(path: Path, versions: int = 1, key: bytes = KEY, fitted: train.Trained | None = None) -> Registry:
    """A registry with so many versions, the last one in use; a minute lies between two."""
    from datetime import timedelta

    clock = FakeClock(NOON)
    registry = Registry(path, key, clock)
    for number in range(versions):
        with registry.locked():
            version = save_toy(registry, digest=f"{number:08x}", fitted=fitted)
            registry.use(version.name, "promote", "for a test")
        clock.pass_by(timedelta(minutes=1))
    return registry


def save_toy(
    registry: Registry,
    digest: str = "0" * 8,
    fitted: train.Trained | None = None,
    rows: list[str] | None = None,
    measured: Mapping[str, Any] | None = None,
) -> Version:
    """`measured`: further figures on unseen mail, the same for each head."""
    fitted = fitted or toy_model()
    even = {"topic": dict.fromkeys(POOLS, 0.3333), "language": {"en": 1.0}}
    heads = {
        head: {
            "classes": list(fit.classes),
            "threshold": fit.certified.threshold,
            "max_error": fit.max_error,
            "levels": fit.levels,
            "suspect": fit.suspect,
            "out_of_fold": {"accuracy": fit.accuracy, "coverage": 0.41},
            "test": {"classes": len(fit.classes), "threshold": fit.certified.threshold, **(measured or {})},
        }
        for head, fit in fitted.heads.items()
    }
    details = {"profile": "lean", "rows": 120, "libraries": {}, "heads": heads, "notes": [], "not_measured": []}
    details["mix"] = even
    return registry.save(fitted.pipeline, details, fitted=rows or ["a" * 16], frozen=["b" * 16], digest=digest)
