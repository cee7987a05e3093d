"""From a mailbox without a label to a model: what a person's decisions buy. `python -m bench.cold_start`

Banking77 as somebody's mailbox: 4,000 of its mails, unlabelled; the official test file is the mail that comes next. A
decision is one label for a mail, one name for a group of mails, or one answer of `data confirm`. Three ways to spend
them: mails drawn by lot; the order of `data review`, with a training after each hundred; the groups of `data discover`,
named one by one. What mails drawn by lot teach is certified out of fold, as `model train` does it. Chosen mails are
harder than others and names of groups are not all right, so there a quarter of the decisions are answers of `data
confirm`. Writes docs/benchmarks/cold_start.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import cold_start_page
from bench.cold_start_page import Bought
from bench.public_sets import ENCODER, all_sets
from pipeline.errors import ConfigError
from pipeline.learn import dataset, grouping, repetition, split, train
from pipeline.learn.confirming import certificate_of, first_floor
from pipeline.learn.dataset import Row
from pipeline.learn.discover import TYPICAL, discover
from pipeline.learn.encoder import Encoder
from pipeline.learn.heads import LEAST_OF
from pipeline.learn.review import most_useful
from pipeline.learn.terms import Floats, Item
from pipeline.records.confirmation import Confirmation

MAILS = 4_000
DECISIONS = (300, 500, 700, 1000, 1500)
LEVELS = ("0.05", "0.02")  # of error that may be allowed
LOT, REVIEW, GROUPS = "by lot", "review", "groups"
_ROUND = 100  # labels between two trainings
_KEPT = Path("var/cold_start.jsonl")  # a line for each model
_VALID = timedelta(days=90)
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class UnlabelledMailbox:
    """Mail with the truth that only the person knows, and the mail that comes next."""

    mails: Sequence[Row]
    truth: dict[str, str]  # by hash
    later: Sequence[Row]  # with their topics
    encoder: Encoder | None

    def encode(self, items: Sequence[Item]) -> Floats | None:
        """The encoder's vectors, None for the lean profile."""
        return self.encoder.vectors(items) if self.encoder else None

    @cached_property
    def later_vectors(self) -> Floats | None:
        """Those of the mail that comes next."""
        return self.encode([row.item for row in self.later])

    def labelled(self, mails: Sequence[Row]) -> list[Row]:
        """As the person labels them one by one."""
        return [replace(row, topic=self.truth[row.hash], labelled_by="person") for row in mails]


def mailbox(pairs: Sequence[tuple[str, str]], later: Sequence[tuple[str, str]], seed: int, encoder: Encoder | None,
            mails: int = MAILS) -> UnlabelledMailbox:  # fmt: skip
    """A mailbox of so many mails, drawn by the seed, one a minute."""
    by_hash = {Row(text=text.strip()).hash: (text.strip(), topic) for text, topic in pairs}
    dice = np.random.default_rng(seed)
    drawn = dice.permutation(sorted(by_hash))[:mails].tolist()
    rows = [
        Row(text=by_hash[name][0], language="en", received_at=_BEGIN + timedelta(minutes=minute))
        for minute, name in enumerate(drawn)
    ]
    return UnlabelledMailbox(
        mails=rows,
        truth={name: topic for name, (_text, topic) in by_hash.items()},
        later=[Row(text=text.strip(), topic=topic, language="en") for text, topic in later],
        encoder=encoder,
    )


# --- how decisions are spent ------------------------------------------------------------------------------------------


def by_lot(box: UnlabelledMailbox, decisions: Sequence[int]) -> Iterator[tuple[int, list[Row]]]:
    """The labels after so many decisions: mails as they came."""
    for count in decisions:
        yield count, box.labelled(box.mails[:count])


def by_review(box: UnlabelledMailbox, decisions: Sequence[int]) -> Iterator[tuple[int, list[Row]]]:
    """The same in the order of `data review`, with a training after each hundred labels."""
    labelled: list[Row] = []
    while len(labelled) < max(decisions):
        done = {row.hash for row in labelled}
        left = [row for row in box.mails if row.hash not in done]
        doubts, guesses = _doubts(box, labelled, left)
        order = most_useful(left, doubts, guesses, labelled, box.encode)
        labelled += box.labelled([left[place] for place in order[:_ROUND]])
        if len(labelled) in decisions:
            yield len(labelled), labelled


def by_groups(box: UnlabelledMailbox, decisions: Sequence[int]) -> Iterator[tuple[int, list[Row]]]:
    """The same from the groups of `data discover --topics N`: each gets the name that most of its typical mails call
    for, and no mail is taken out."""
    for count in decisions:
        proposed: dict[str, list[Row]] = {}
        for row in discover(box.mails, count, box.encode)[1]:
            proposed.setdefault(row.topic or "", []).append(row)
        named = []
        for group in proposed.values():
            name = Counter(box.truth[row.hash] for row in group[:TYPICAL]).most_common(1)[0][0]
            named += [replace(row, topic=name, labelled_by="person") for row in group]
        yield len(proposed), named


WAYS = {LOT: by_lot, REVIEW: by_review, GROUPS: by_groups}


def _doubts(
    box: UnlabelledMailbox, labelled: Sequence[Row], left: Sequence[Row]
) -> tuple[list[float] | None, list[str]]:
    """What the model of these labels makes of the mails that are left."""
    if not labelled:
        return None, []
    fitted = _train(box, labelled)
    items = [row.item for row in left]
    given = fitted.probabilities(items, box.encode(items))[0]
    classes = fitted.heads["topic"].classes
    return (1 - given.max(axis=1)).tolist(), [classes[place] for place in given.argmax(axis=1)]


# --- what they bring --------------------------------------------------------------------------------------------------


def _train(box: UnlabelledMailbox, labelled: Sequence[Row]) -> train.Trained:
    """As `model train` does it where nothing is kept out for a test."""
    rows = dataset.without_rare_classes(grouping.with_groups(labelled), LEAST_OF).rows
    found = repetition.measure(rows, box.mails)
    torn = split.torn_groups(rows, found.share if found else 0.0)
    return train.fit(rows, train.Settings(), vectors=box.encode([row.item for row in rows]), torn=torn)


def judge(box: UnlabelledMailbox, way: str, seed: int, decisions: int, labelled: Sequence[Row]) -> Bought:
    """How good the model of these labels is on the mail that comes next; and what it may call sure."""
    fitted = _train(box, labelled)
    _confidence, right = _on_later(box, fitted)
    sure, wrong = {}, {}
    for level in LEVELS:
        threshold = fitted.heads["topic"].levels[level]["threshold"]
        judged = fitted
        if way != LOT:
            judged, threshold = _confirmed(box, labelled, decisions, float(level), seed)
        confidence, fine = _on_later(box, judged)
        are = confidence >= (2.0 if threshold is None else threshold)
        sure[level] = round(float(are.mean()), 4)
        wrong[level] = round(float((~fine[are]).mean()), 4) if are.any() else 0.0
    return Bought(
        profile="encoder" if box.encoder else "lean",
        way=way,
        seed=seed,
        decisions=decisions,
        labels=len(labelled),
        right=round(sum(row.topic == box.truth[row.hash] for row in labelled) / len(labelled), 4),
        accuracy=round(float(right.mean()), 4),
        sure=sure,
        wrong=wrong,
    )


def _on_later(box: UnlabelledMailbox, fitted: train.Trained) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Of each mail that comes next how confident the model is, and whether it is right."""
    given = fitted.probabilities([row.item for row in box.later], box.later_vectors)[0]
    said = np.array(fitted.heads["topic"].classes, dtype=object)[given.argmax(axis=1)]
    truth = np.array([row.topic for row in box.later], dtype=object)
    return given.max(axis=1), said == truth


def _confirmed(
    box: UnlabelledMailbox, labelled: Sequence[Row], decisions: int, max_error: float, seed: int
) -> tuple[train.Trained, float | None]:
    """The model of three quarters of the decisions, and the threshold that the answers of the rest have shown.

    Groups can't be cut so: there the answers come on top, a third as many again; `Bought.decisions` leaves them out.
    """
    answers = decisions // 4
    one_by_one = len(labelled) == decisions
    taught = labelled[: decisions - answers] if one_by_one else labelled
    fitted = _train(box, taught)
    known = {row.hash for row in taught} if one_by_one else set[str]()
    drawn = [row for row in box.mails if row.hash not in known]
    order = np.random.default_rng(seed).permutation(len(drawn))
    drawn = [drawn[place] for place in order]
    given = fitted.probabilities([row.item for row in drawn], box.encode([row.item for row in drawn]))[0]
    said, sureness = given.argmax(axis=1), given.max(axis=1)
    classes = fitted.heads["topic"].classes
    floor = first_floor(sureness.tolist(), None, max_error)
    certificate = certificate_of((), None, max_error, _VALID)
    for place, row in enumerate(drawn):
        if floor is None or not answers or (certificate.round and certificate.round.over):
            break
        if sureness[place] >= floor:
            answers -= 1
            label = str(classes[said[place]])
            certificate = certificate.after(_answer(floor, float(sureness[place]), label, box.truth[row.hash]), _VALID)
            floor = certificate.floor
    return fitted, certificate.threshold


def _answer(floor: float, confidence: float, said: str, truth: str) -> Confirmation:
    return Confirmation(
        mail_id="", head="topic", model="", floor=floor, confidence=confidence, said=said, truth=truth, at=_BEGIN,
        by="person", random=True,
    )  # fmt: skip


# --- the campaign -----------------------------------------------------------------------------------------------------


def main() -> None:
    """Measures what is not measured yet, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--profiles", default="encoder,lean")
    parser.add_argument("--decisions", default=",".join(map(str, DECISIONS)))
    parser.add_argument("--keep", type=Path, default=_KEPT, help="what was measured; with --page-only a pattern")
    parser.add_argument("--vectors", type=Path, help="file for the encoder's vectors")
    parser.add_argument("--page-only", action="store_true")
    chosen = parser.parse_args()
    if not chosen.page_only:
        _measure(chosen)
    lines = (
        line for path in chosen.keep.parent.glob(chosen.keep.name) for line in path.read_text("utf-8").splitlines()
    )
    found = [Bought(**json.loads(line)) for line in lines]
    cold_start_page.write(found)


def _measure(chosen: argparse.Namespace) -> None:
    chosen.keep.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        banking = all_sets(Path(name))[0]
        pairs, later = banking.pairs(banking.train), banking.pairs(banking.test)
    decisions = [int(count) for count in chosen.decisions.split(",")]
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        for profile in chosen.profiles.split(","):
            box = mailbox(pairs, later, seed, _encoder(chosen.vectors) if profile == "encoder" else None)
            for way in chosen.ways.split(","):
                for count, labelled in WAYS[way](box, decisions):
                    found = judge(box, way, seed, count, labelled)
                    with chosen.keep.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(asdict(found)) + "\n")
                    print(found, flush=True)


def _encoder(vectors: Path | None) -> Encoder:
    try:
        return Encoder(ENCODER, vectors)
    except ConfigError as error:
        raise SystemExit(f"{error.what}: {error.remedy}") from error


if __name__ == "__main__":
    main()
