"""The review list as a person should go through it: with the guesses of the model in use, the most useful mail first.

What the ledger holds is what the model of that day thought. After a training the order would be that of old doubts.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import LabellingDoors
from pipeline.errors import UnusableModelError
from pipeline.learn.dataset import Row
from pipeline.learn.label_files import redact_row
from pipeline.learn.meaning import Meaning
from pipeline.learn.needs import more_until_half, starved_topics
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.registry import registry_of
from pipeline.learn.review import most_useful
from pipeline.records.ledger import ReviewMail


@dataclass(frozen=True, kw_only=True, slots=True)
class Lacking:
    """What the labelled mail lacks, for who labels."""

    starved: dict[str, int]  # labels of the topics that have too few
    more: int | None  # labels until the machine is sure of the topic of half the mail; 0: it is; None: not known


def in_order(doors: LabellingDoors, waiting: Sequence[ReviewMail]) -> list[ReviewMail]:
    """The same mails with the guesses of the model in use, the most useful to label first. Raises ConfigError."""
    labelled = shelf_of(doors).redacted()
    waiting = _without_named(waiting, labelled)
    if not waiting:
        return []
    model = _model_in_use(doors)
    mails = _guessed_anew(model, waiting) if model else list(waiting)
    doubts = [_doubt(mail) for mail in mails] if any(mail.topic_confidence for mail in mails) else None
    meaning = Meaning(registry_of(doors.config, doors.config.key()))
    guesses = [mail.topic for mail in mails]
    order = most_useful([_row(mail) for mail in mails], doubts, guesses, labelled, meaning.of)
    return [mails[place] for place in order]


def _without_named(waiting: Sequence[ReviewMail], labelled: Sequence[Row]) -> list[ReviewMail]:
    """What lay in the mailbox at the first run and has got its topic since with its group is not asked about again."""
    named = {row.hash for row in labelled if row.topic}
    return [mail for mail in waiting if not (mail.only_recorded and _row(mail).hash in named)]


def _row(mail: ReviewMail) -> Row:
    return redact_row(Row(text=mail.text, subject=mail.subject, language=mail.language, names=mail.sender_name))


def lacking(doors: LabellingDoors) -> Lacking:
    """What more labels are needed for."""
    rows, model = shelf_of(doors).rows(), _model_in_use(doors)
    starved = starved_topics(rows, doors.config.topics)
    if model is None or "topic" not in model.facts:
        return Lacking(starved=starved, more=None)
    curve = model.manifest.get("learning_curve", {}).get("topic", ())
    labels = sum(row.topic is not None for row in rows)
    return Lacking(starved=starved, more=more_until_half(model.facts["topic"], labels, curve))


def _model_in_use(doors: LabellingDoors) -> ModelPredictor | None:
    """None where there is none, or a damaged one: `status` tells of that, and mail can be labelled all the same."""
    registry = registry_of(doors.config, doors.config.key())
    with suppress(UnusableModelError):
        if name := registry.current():
            return registry.predictor(name)
    return None


def _guessed_anew(model: ModelPredictor, waiting: Sequence[ReviewMail]) -> list[ReviewMail]:
    """What the model makes of them now, head by head."""
    mails = list(waiting)
    said = {head: model.weigh(head, mails) for head in model.facts}
    for place, mail in enumerate(mails):
        guess = {head: found[place] for head, found in said.items()}
        topic, topic_confidence = guess.get("topic", (None, None))
        sentiment, sentiment_confidence = guess.get("sentiment", (None, None))
        complaint, complaint_confidence = guess.get("complaint", (None, None))
        mails[place] = replace(
            mail,
            topic=topic,
            topic_confidence=topic_confidence,
            sentiment=sentiment,
            sentiment_confidence=sentiment_confidence,
            complaint=None if complaint is None else complaint == "true",
            complaint_confidence=complaint_confidence,
        )
    return mails


def _doubt(mail: ReviewMail) -> float:
    """How unsure the model is of what is acted upon, topic and complaint; one without a label is all doubt."""
    return max(1.0 - (confidence or 0.0) for confidence in (mail.topic_confidence, mail.complaint_confidence))
