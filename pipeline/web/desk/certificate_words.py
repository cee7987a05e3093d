"""On what ground a head may call itself sure, in the language of whoever reads it: desk/certificates.py says it in
English for the command line."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.desk.certificate_document import CertificateDocument
from pipeline.learn.confirming import Basis
from pipeline.web.desk.translations import N_, Speech


def say_certificate(speech: Speech, told: CertificateDocument, *, exhausted: bool) -> str:
    """What is in use and why, and what is to be done where no threshold is left."""
    return " ".join(_sentences(speech, told, exhausted))


def _sentences(speech: Speech, told: CertificateDocument, exhausted: bool) -> Iterator[str]:
    yield speech.say(
        _IN_USE[Basis(told["basis"]), told["threshold"] is not None],
        threshold=speech.share(told["threshold"] or 0.0),
        allowed=speech.share(told["max_error"]),
        right=speech.number(told["right"]),
        of=speech.number(told["right"] + told["wrong"]),
        when=speech.moment(told["since"]),
    )
    if told["old"]:
        yield speech.say(N_("That is old: further answers renew it."))
    if exhausted:
        yield speech.say(N_("Even what it is surest of is wrong too often: label more mail and train again."))


# By what it rests on, and whether there is a threshold.
_NEVER = N_("It is never sure: the training certified nothing.")
_REFUTED = N_(
    "It is never sure: where it was, it was wrong more often than %(allowed)s (%(right)s right of %(of)s, say people)."
)
_TRAINED = N_("It is sure from %(threshold)s on, as the training certified.")
_SHOWN = N_(
    "It is sure from %(threshold)s on. People have shown that %(allowed)s at most is wrong there: %(right)s right of "
    "%(of)s, %(when)s."
)
_IN_USE = {
    (Basis.TRAINING, False): _NEVER,
    (Basis.TRAINING, True): _TRAINED,
    (Basis.ANSWERS, False): _NEVER,
    (Basis.ANSWERS, True): _SHOWN,
    (Basis.REFUTED, False): _REFUTED,
    (Basis.REFUTED, True): _REFUTED,
}
