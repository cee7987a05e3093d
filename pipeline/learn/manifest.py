"""What a version's `manifest.json` holds, and the card that is made of it. docs/model.md tells what the keys mean."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from pipeline.learn.model_document import HeadDocument
from pipeline.text.numbers import many

ENCODER, LEAN = "encoder", "lean"  # profiles of a version


class Level(TypedDict):
    """What one allowed share of error would certify."""

    threshold: float | None
    coverage: float  # share of the rows at or above it


class PartFigures(TypedDict):
    """How good a head is on the mails of one language, or of one kind."""

    rows: int
    accuracy: float
    macro_f1: float
    coverage: float
    error_when_sure: NotRequired[float | None]  # None: it was sure of none


class Bin(TypedDict):
    """A bin of the reliability diagram."""

    confidence: float  # mean
    accuracy: float
    rows: int


class RiskPoint(TypedDict):
    """A point of the risk-coverage curve."""

    coverage: float
    error: float
    threshold: float


class Confusion(TypedDict):
    """A label that was taken for another."""

    truth: str
    predicted: str
    rows: int


class Curves(TypedDict):
    """What the card draws of one head."""

    reliability: list[Bin]
    risk_coverage: list[RiskPoint]
    confusions: list[Confusion]


class HeadFigures(HeadDocument):
    """How good a head is on rows that it has not fitted."""

    rows: NotRequired[int]
    languages: NotRequired[dict[str, PartFigures]]
    kinds: NotRequired[dict[str, PartFigures]]  # ordinary, hard
    max_error: NotRequired[float]
    would_certify: NotRequired[dict[str, Level]]  # by the error that is allowed
    reliability: NotRequired[list[Bin]]
    risk_coverage: NotRequired[list[RiskPoint]]
    confusions: NotRequired[list[Confusion]]


class OutOfFold(TypedDict):
    """How a head did on the fitted rows, each by a model that had not seen it."""

    accuracy: float
    macro_f1: float
    coverage: float  # of the mails that its threshold was certified on
    error_when_sure: float | None  # of these; None: it is sure of none


class CertifiedOn(TypedDict):
    """How many mails a head's threshold rests on."""

    check: int  # of `check.csv`, which nothing is fitted on
    learned: int  # of those that are learned from, each by a model that had not seen it


def certified_on(facts: HeadFacts) -> str:
    """For people: the mails that the threshold of a head rests on, and how it does on them; '' in versions that do not
    say it."""
    mails = facts.get("certified_on")
    if not mails:
        return ""
    told = [f"{many(mails['check'], 'mail')} of the check file"] if mails["check"] else []
    if mails["learned"]:
        told.append(f"{many(mails['learned'], 'mail')} of the training data, unseen")
    reached = facts["out_of_fold"]
    error = reached["error_when_sure"]
    sure = "never sure" if error is None else f"sure of {reached['coverage']:.0%}, {error:.1%} wrong"
    return f"{' and '.join(told)} ({sure})"


class HeadFacts(TypedDict):
    """What is known of a fitted head."""

    classes: list[str]
    c: float  # of the linear model
    meaning: float  # proportion of the part that sees only the encoder's vectors
    temperature: float
    max_error: float
    threshold: float | None  # sure from here on; None: never
    suspect: float | None  # complaint only: from here on a ticket "to check"
    levels: dict[str, Level]  # by the error that is allowed
    certified_on: NotRequired[CertifiedOn]
    out_of_fold: OutOfFold
    test: HeadFigures


class CurvePoint(TypedDict):
    """A point of the learning curve."""

    rows: int
    accuracy: float
    macro_f1: float


class OutOfScope(TypedDict):
    """What the topic head makes of mail about topics it has never seen."""

    left_out: list[str]
    rows: int
    auroc: float
    median_confidence_known: float
    median_confidence_unknown: float


class Thorough(TypedDict, total=False):
    """What takes fits of its own, and is not always measured."""

    learning_curve: dict[str, list[CurvePoint]]  # by head
    out_of_scope: OutOfScope


class SettingsTold(TypedDict):
    """What the training was told."""

    max_error: dict[str, float]
    thorough: bool


class EncoderTold(TypedDict):
    """Which encoder the version was trained with."""

    sha256: str


class Details(Thorough):
    """What the training tells of a version."""

    profile: str
    rows: int
    test_rows: int
    mix: dict[str, dict[str, float]]  # shares in the fitted rows, by head and for the language
    data: str  # names rows and settings
    settings: SettingsTold
    libraries: dict[str, str]  # their versions
    heads: dict[str, HeadFacts]
    notes: list[str]
    encoder: NotRequired[EncoderTold]
    lean: NotRequired[dict[str, HeadFacts]]  # without the encoder
    not_measured: NotRequired[list[str]]


class Dated(Details):
    """The same of a version that is being saved."""

    created: str  # ISO 8601
    retired: NotRequired[list[str]]  # versions that may never be used again; for other machines that share this one


class Manifest(Dated):
    """What is signed and stored."""

    format: int
    version: str
    sha256: dict[str, str]  # of each other file
    bytes: NotRequired[dict[str, int]]  # of each other file; missing in versions of 0.1
    rows_keyed: NotRequired[bool]  # its rows are named by keyed hashes


class DecisionTold(TypedDict):
    """A line of the history."""

    at: str
    action: str
    version: str
    reason: str
    against: str


class Card(Manifest):
    """The manifest, and what became of the version."""

    in_use: bool
    languages: list[str] | None  # that were learned; None: its rows name none
    decisions: list[DecisionTold]


def threshold_for(facts: HeadFacts, max_error: float | None) -> float | None:
    """From where a head may call itself sure; None: never.

    Another `max_error` than the trained one takes the threshold certified for the next stricter level on the card.
    """
    if max_error is None or max_error == facts["max_error"]:
        return _number(facts["threshold"])
    certified = {float(level): figures["threshold"] for level, figures in facts["levels"].items()}
    allowed = [level for level, threshold in certified.items() if level <= max_error and threshold is not None]
    return _number(certified[max(allowed)]) if allowed else None


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
