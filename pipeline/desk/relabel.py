"""Labels of past mail once more, with the version in use: for figures alone, nothing that was done changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

from pipeline.desk.doors import RelabellingDoors
from pipeline.errors import NotFoundError
from pipeline.records.labels import Labels
from pipeline.records.ledger import LedgerText
from pipeline.records.relabelling import LabelPair

if TYPE_CHECKING:
    from pipeline.learn.crew import Crew
    from pipeline.learn.predictor import ModelPredictor

PORTION = 256  # mails that are labelled in one go, and kept in one transaction
_LOT = 20_000  # mails that are read at once
_SHOWN = 20  # changes from one label to another that are told, the commonest

Value = str | bool | None


class LabelChange(TypedDict):
    """So many mails were `then` and are `now`; null: no label."""

    then: Value
    now: Value
    mails: int


class HeadRelabelled(TypedDict):
    """What became of the labels of one head."""

    changed: int
    then: dict[str, int]  # mails by label
    now: dict[str, int]
    then_sure: int
    now_sure: int
    changes: list[LabelChange]


class RelabelledDocument(TypedDict):
    """Of all mails that this version has labelled once more, now or before."""

    version: str
    mails: int
    labelled_now: int
    seconds: float
    heads: dict[str, HeadRelabelled]


@dataclass(frozen=True, kw_only=True, slots=True)
class Relabelling:
    """Who labels, and which mails."""

    predictor: ModelPredictor
    since: datetime | None = None


def relabel(
    doors: RelabellingDoors, asked: Relabelling, crew: Crew, progress: Callable[[str], None] = lambda _step: None
) -> int:
    """Labels what this version has not labelled once more; says how many mails. What is killed goes on where it was:
    each portion is kept as soon as it is labelled. Raises ConfigError, UnreachableError."""
    version, done = asked.predictor.version, 0
    total = doors.relabels.count(version, asked.since)
    for lot in _lots(doors.relabels.waiting(version, asked.since), _LOT):
        for labelled in _labelled(asked.predictor, lot, crew):
            doors.relabels.keep(version, labelled, doors.clock.now())
            done += len(labelled)
            progress(f"mail {done} of {total}")
    return done


def figures_of(doors: RelabellingDoors, asked: Relabelling) -> dict[str, HeadRelabelled]:
    """By head what this version says beside what was said when the mail came."""
    version = asked.predictor.version
    return {head: _compared(doors.relabels.compare(head, version, asked.since)) for head in asked.predictor.heads}


def predictor_in_use(doors: RelabellingDoors) -> ModelPredictor:
    """The version in use, opened. Raises NotFoundError where there is none, UnusableModelError."""
    from pipeline.learn.predictor import ModelPredictor

    predictor, _note = doors.predictor()
    if isinstance(predictor, ModelPredictor):
        return predictor
    raise NotFoundError("there is no model in use", where=doors.config.classify.models, remedy="firstline model train")


def _labelled(predictor: ModelPredictor, lot: list[LedgerText], crew: Crew) -> Iterator[list[tuple[str, Labels]]]:
    from pipeline.learn.relabel import TextsToLabel, label_texts

    portions = [TextsToLabel(part, predictor.is_makeshift) for part in _lots(lot, PORTION)]
    for portion, labels in zip(portions, crew.each(label_texts, predictor, portions), strict=True):
        yield [(text.id, given) for text, given in zip(portion.texts, labels, strict=True)]


def _lots(texts: Iterable[LedgerText], size: int) -> Iterator[list[LedgerText]]:
    texts = iter(texts)
    while lot := list(islice(texts, size)):
        yield lot


def _compared(pairs: list[LabelPair]) -> HeadRelabelled:
    then, now, changes = Counter[str](), Counter[str](), Counter[tuple[Value, Value]]()
    for pair in pairs:
        then[_word(pair.then)] += pair.mails
        now[_word(pair.now)] += pair.mails
        if pair.then != pair.now:
            changes[pair.then, pair.now] += pair.mails
    return {
        "changed": changes.total(),
        "then": dict(then.most_common()),
        "now": dict(now.most_common()),
        "then_sure": sum(pair.mails for pair in pairs if pair.then_sure),
        "now_sure": sum(pair.mails for pair in pairs if pair.now_sure),
        "changes": [{"then": a, "now": b, "mails": mails} for (a, b), mails in _commonest(changes)],
    }


def _commonest(changes: Counter[tuple[Value, Value]]) -> list[tuple[tuple[Value, Value], int]]:
    return sorted(changes.items(), key=lambda change: (-change[1], _word(change[0][0]), _word(change[0][1])))[:_SHOWN]


def _word(value: Value) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value
