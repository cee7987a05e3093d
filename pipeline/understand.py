"""What a mail says by itself: parsed and labelled, before anything is known of its sender's history.

It needs nothing but the mails and the model, so another process may do it; therefore it stands apart from the route.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.parse import message
from pipeline.records.labels import Label, Labels
from pipeline.records.mail import Mail, RawMail

if TYPE_CHECKING:  # pydantic is slow to import, and the helper process that a backlog waits for needs none
    from pipeline.config.guard import FormConfig
    from pipeline.doors import Predictor


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A mail as far as its own bytes go, with its labels and, where it could not be classified, why."""

    mail: Mail
    labels: Labels
    trouble: str


_A_MAIL = b"From: a@b.example\r\nSubject: Load\r\n\r\nHello,\r\nthis mail is read so that its tables are there.\r\n"


def warm_up() -> None:
    """Loads what the first mail would wait for, half a second: the languages, the words of mail programs."""
    message.parse(_A_MAIL, size=len(_A_MAIL))


def understand(
    batch: Sequence[RawMail], predictor: Predictor | None, forms: Sequence[FormConfig] = ()
) -> list[Understood]:
    """Parses and classifies them, in order; never fails. `forms`: contact forms, whose message alone is judged."""
    mails = [
        message.undelivered(raw) if raw.missing else message.parse(raw.raw, size=raw.size, forms=forms) for raw in batch
    ]
    labelled = classify(mails, predictor)
    return [
        Understood(mail=mail, labels=labels, trouble=trouble)
        for mail, (labels, trouble) in zip(mails, labelled, strict=True)
    ]


def classify(mails: Sequence[Mail], predictor: Predictor | None) -> list[tuple[Labels, str]]:
    """Each mail's labels and, where it could not be classified, why; in order. Without a model nothing is known."""
    if predictor is None:
        return [(Labels(), "")] * len(mails)
    try:
        labels = _predicted(mails, predictor)
    except Exception:  # whatever it was: one by one it hits only the mail that causes it
        return [_alone(mail, predictor) for mail in mails]
    return [(label, "") for label in labels]


def _predicted(mails: Sequence[Mail], predictor: Predictor) -> list[Labels]:
    """Of what is new in them; where much was cut on less than proof, the complaint with what was cut counts if that is
    higher: a complaint must not be lost to a line that looked like the head of an older mail."""
    whole = [replace(mail, text=mail.beside) for mail in mails if mail.beside]
    labels = predictor.predict([*mails, *whole])
    beside = iter(labels[len(mails) :])
    return [_higher(one, next(beside)) if mail.beside else one for mail, one in zip(mails, labels, strict=False)]


def _higher(new: Labels, whole: Labels) -> Labels:
    complaint = max(new.complaint, whole.complaint, key=_probability)
    suspected = new.complaint_suspected or whole.complaint_suspected
    return replace(new, complaint=complaint, complaint_suspected=suspected)


def _probability(complaint: Label) -> float:
    if complaint.confidence is None:
        return 0.0
    return complaint.confidence if complaint.value == "true" else 1 - complaint.confidence


def _alone(mail: Mail, predictor: Predictor) -> tuple[Labels, str]:
    try:
        return _predicted([mail], predictor)[0], ""
    except Exception as error:  # a model is other people's code fed with anybody's text; the mail stays unsure
        return Labels(), f"could not be classified: {type(error).__name__}: {error}"
