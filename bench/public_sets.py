"""The public sets as train and test files, one folder each. They are never part of the project: see ../shared/data."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.learn import grouping, split
from pipeline.learn.dataset import Row

SHARED = Path(__file__).parent.parent.parent / "shared"
DATA = SHARED / "data"
ENCODER = SHARED / "encoder" / "all-MiniLM-L6-v2-int8"
FEW = 10  # labels per topic
_SEED = 20260131


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicSet:
    """A set whose test part is fixed. `head`: what its labels are about."""

    name: str
    about: str
    head: str
    train: Path
    test: Path
    long_texts: bool = False

    def pairs(self, path: Path) -> list[tuple[str, str]]:
        """Text and label of each row."""
        with path.open(encoding="utf-8", newline="") as file:
            return [(row["text"], row[self.head]) for row in csv.DictReader(file)]


def all_sets(folder: Path) -> list[PublicSet]:
    """Written below `folder` in the columns that `model train` reads without being told."""
    return [_banking(folder), _bitext(folder), _complaints(folder), _tweets(folder)]


def few_labels(whole: PublicSet, folder: Path) -> PublicSet:
    """The same test part, and ten rows of each topic to learn from."""
    by_label: dict[str, list[str]] = {}
    for text, label in whole.pairs(whole.train):
        by_label.setdefault(label, []).append(text)
    dice = random.Random(_SEED)
    pairs = [(text, label) for label in sorted(by_label) for text in dice.sample(sorted(set(by_label[label])), FEW)]
    train = _write(folder / "few.csv", whole.head, pairs)
    about = f"{FEW} labels for each topic"
    return PublicSet(name=f"{whole.name}, few labels", about=about, head=whole.head, train=train, test=whole.test)


def _banking(folder: Path) -> PublicSet:
    def pairs(name: str) -> list[tuple[str, str]]:
        return [(row["text"], row["category"]) for row in _read(DATA / "banking77" / name)]

    return PublicSet(
        name="Banking77",
        about="77 topics, short questions, the official test file",
        head="topic",
        train=_write(folder / "banking-train.csv", "topic", pairs("train.csv")),
        test=_write(folder / "banking-test.csv", "topic", pairs("test.csv")),
    )


def _bitext(folder: Path) -> PublicSet:
    """Its rows are variants of templates: split by our own grouping, so that no near-duplicate is on both sides."""
    rows = [
        Row(text=row["instruction"].strip(), topic=row["intent"])
        for row in _read(DATA / "bitext_customer_support" / "bitext27.csv.gz")
    ]
    unique = list({row.hash: row for row in rows}.values())
    parts = split.split_newest_fifth(grouping.with_groups(sorted(unique, key=lambda row: row.hash)))

    def pairs(side: Iterable[Row]) -> list[tuple[str, str]]:
        return [(row.text, row.topic or "") for row in side]

    return PublicSet(
        name="Bitext",
        about="27 topics, template variants, split by groups of near-duplicates",
        head="topic",
        train=_write(folder / "bitext-train.csv", "topic", pairs(parts.train)),
        test=_write(folder / "bitext-test.csv", "topic", pairs(parts.test)),
    )


def _complaints(folder: Path) -> PublicSet:
    rows = _read(DATA / "cfpb_narratives" / "cfpb_narratives.csv.gz")
    sides = {side: [(row["narrative"], row["product"]) for row in rows if row["split"] == side] for side in _SIDES}
    return PublicSet(
        name="CFPB product",
        about="11 topics, long complaints",
        head="topic",
        train=_write(folder / "cfpb-train.csv", "topic", sides["train"]),
        test=_write(folder / "cfpb-test.csv", "topic", sides["test"]),
        long_texts=True,
    )


def _tweets(folder: Path) -> PublicSet:
    rows = _read(DATA / "umsab_english_sentiment" / "english.csv")
    test = [(row["text"], row["label"]) for row in rows if row["split"] == "test"]
    train = [(row["text"], row["label"]) for row in rows if row["split"] != "test"]
    return PublicSet(
        name="UMSAB sentiment",
        about="3 sentiments, English tweets",
        head="sentiment",
        train=_write(folder / "umsab-train.csv", "sentiment", train),
        test=_write(folder / "umsab-test.csv", "sentiment", test),
    )


_SIDES = ("train", "test")


def _read(path: Path) -> list[Mapping[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, head: str, pairs: Iterable[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", head))
        writer.writerows(pairs)
    return path
