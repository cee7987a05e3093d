"""Mails + predictor → labels, or unsure. One mail that breaks the model does not take its neighbours along."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.doors import Predictor
from pipeline.records.labels import Labels
from pipeline.records.mail import Mail


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
