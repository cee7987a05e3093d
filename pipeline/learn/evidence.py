"""Which mails a threshold is certified on: those that are most like the mail to come.

The starter's mails were written to teach. Many were written to be hard, so a machine that is certified on them is far
too shy. Better evidence, as far as there is any: the mails of `training_data/check.csv`, which nothing is fitted on;
and labelled mail of one's own, scored by models that have not seen it. Where there is more of one's own than in that
file, one's own speaks alone.

A label that a whole group got with one answer (`data discover`) is learned from, but certifies nothing: where a group
is no topic, its mails are alike and wrong alike, and a model that repeats the mistake would be called right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import FeatureUnion

from pipeline.learn import terms
from pipeline.learn.dataset import HARD, NAMED, STARTER, Row
from pipeline.learn.grouping import Kin
from pipeline.learn.heads import RARE, LinearHead, RowsSeen, Task
from pipeline.learn.manifest import CertifiedOn
from pipeline.text.numbers import many

LEAST = 100  # mails of the file that have a label for a head: fewer certify nothing worth having


@dataclass(frozen=True, slots=True)
class CheckMail:
    """The mails of `check.csv`, and their vectors where there is an encoder."""

    rows: Sequence[Row] = ()
    vectors: terms.Floats | None = None

    def seen_by(self, union: FeatureUnion) -> RowsSeen | None:
        """As the heads see them; None where there are none."""
        if not self.rows:
            return None
        return RowsSeen(union.transform([row.item for row in self.rows]), self.vectors)


@dataclass(frozen=True, slots=True)
class CertifyingMail:
    """Scores and truths that a threshold is certified on."""

    scores: NDArray[np.float64]  # mails × columns of the head
    truth: NDArray[np.intp]  # index of the class, RARE where it is none that is learned
    mails: CertifiedOn


def usable(check: Sequence[Row], fitted: Sequence[Row], notes: list[str]) -> tuple[Row, ...]:
    """The mails of the file that are no near-duplicates of fitted ones: those would flatter. A topic that no fitted
    mail has is not asked for; a note is added about what was left out."""
    kin, topics = Kin(fitted), {row.topic for row in fitted}
    fresh = [row for row in check if not kin.has(row, any_topic=True)]
    if len(fresh) < len(check):
        notes.append(f"{many(len(check) - len(fresh), 'mail')} to certify on left out: nearly the same is learned from")
    return tuple(row if row.topic in topics else replace(row, topic=None) for row in fresh)


def evidence_of(head: LinearHead, rows: Sequence[Row], check: CheckMail, seen: RowsSeen | None) -> CertifyingMail:
    """What there is for one fitted head. `rows`: the fitted ones, whose scores out of fold the task holds; `seen`: the
    mails of the file as the head sees them."""
    task = head.task
    one_by_one = task.judged & np.array([row.source != NAMED for row in rows], dtype=bool)
    learned = _learned(task, one_by_one)
    truth = _truth(task, check.rows)
    has_label = truth != -1
    if seen is None or has_label.sum() < LEAST:
        return learned
    own = _learned(task, one_by_one & np.array([_is_own(row) for row in rows]))
    if len(own.truth) > has_label.sum():
        return own
    scores = head.scores(seen)[has_label]
    return CertifyingMail(
        scores=np.vstack([scores, own.scores]),
        truth=np.concatenate([truth[has_label], own.truth]),
        mails={"check": int(has_label.sum()), "learned": len(own.truth)},
    )


def note_named(rows: Sequence[Row], notes: list[str]) -> None:
    """Says of how many fitted mails the label certifies nothing."""
    if named := sum(row.source == NAMED and row.topic is not None for row in rows):
        notes.append(
            f"{many(named, 'mail')} with the label of a whole group: learned from, but they certify nothing; label "
            "others one by one (`data review`), or confirm some (`data confirm`)"
        )


def _is_own(row: Row) -> bool:
    return row.source != STARTER and row.kind != HARD


def _learned(task: Task, chosen: NDArray[np.bool_]) -> CertifyingMail:
    truth = task.truth[chosen]
    return CertifyingMail(task.scores[chosen], truth, {"check": 0, "learned": len(truth)})


def _truth(task: Task, rows: Sequence[Row]) -> NDArray[np.intp]:
    """As `Task.truth`: -1 without a label, RARE with one that is not learned."""
    places = {name: place for place, name in enumerate(task.classes)}
    labels = [row.label(task.name) for row in rows]
    return np.array([-1 if label is None else places.get(label, RARE) for label in labels], dtype=np.intp)
