"""What a mail says by itself: parsed and labelled, before anything is known of its sender's history.

It needs nothing but the mails and the model, so another process may do it; therefore it stands apart from the route.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config.guard import FormConfig
from pipeline.doors import Predictor
from pipeline.parse import message
from pipeline.records.labels import Labels
from pipeline.records.mail import Mail, RawMail


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """A mail as far as its own bytes go, with its labels and, where it could not be classified, why."""

    mail: Mail
    labels: Labels
    trouble: str


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
        labels = predictor.predict(mails)
    except Exception:  # whatever it was: one by one it hits only the mail that causes it
        return [_alone(mail, predictor) for mail in mails]
    return [(label, "") for label in labels]


def _alone(mail: Mail, predictor: Predictor) -> tuple[Labels, str]:
    try:
        return predictor.predict([mail])[0], ""
    except Exception as error:  # a model is other people's code fed with anybody's text; the mail stays unsure
        return Labels(), f"could not be classified: {type(error).__name__}: {error}"
