"""The card of a version: what was measured, how sure it may be, and what was not measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version as installed

from pipeline.learn import curves, evaluate, split, train
from pipeline.learn.crew import HERE, Crew
from pipeline.learn.dataset import HEADS
from pipeline.learn.drift import shares
from pipeline.learn.encoder import Encoder
from pipeline.learn.manifest import LEAN, Details, HeadFacts, HeadFigures, Thorough
from pipeline.learn.terms import Floats

KEPT_OUT, OUT_OF_FOLD = "kept out", "out of fold"  # on which mails figures were measured
Measured = dict[str, HeadFigures]  # by head
NOT_MEASURED = (
    "mails written after the training data was frozen",
    "agreement between people who label the same mail",
)
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "vadersentiment")


def figures_of(fitted: train.Trained, parts: split.Split, encoder: Encoder | None) -> tuple[Measured, Measured]:
    """Per head on the test part: of the best profile, and of the lean one beside it."""
    items = [row.item for row in parts.judged]
    if not items:
        return _heads(fitted.heads, {}, parts), _heads(fitted.lean, {}, parts)
    best = fitted.probabilities(items, encoder.vectors(items) if encoder else None)
    lean = fitted.probabilities(items, None) if encoder else []
    return (
        _heads(fitted.heads, dict(zip(fitted.heads, best, strict=True)), parts),
        _heads(fitted.lean, dict(zip(fitted.lean, lean, strict=True)), parts),
    )


def _heads(fits: Mapping[str, train.HeadFit], given: Mapping[str, Floats], parts: split.Split) -> Measured:
    """The figures of each head on the test part; where too little was kept out, those out of fold."""
    heads: Measured = {}
    thin = split.thin_of(parts)
    for head, fit in fits.items():
        threshold = fit.certified.threshold
        kept_out = None
        if head not in thin:
            kept_out = evaluate.judge(head, fit.classes, parts.judged, given[head], threshold)
        judged = kept_out or fit.unseen
        heads[head] = evaluate.plain(evaluate.metrics(judged, threshold))
        heads[head]["measured"] = KEPT_OUT if kept_out else OUT_OF_FOLD
        heads[head]["max_error"] = fit.max_error
        heads[head]["would_certify"] = dict(evaluate.plain(fit.levels))
        heads[head] = {**heads[head], **curves.draw_curves(judged)}
    return heads


def more_about(fitted: train.Trained, parts: split.Split, crew: Crew = HERE, *, thorough: bool) -> Thorough:
    """What takes fits of its own: done where they cost seconds, or when asked to be thorough."""
    if not thorough and len(parts.train) > curves.SMALL:
        return {}
    found: Thorough = {
        "learning_curve": {
            head: curves.learning_curve(head, fit.c, *split.held_out(parts, head), crew)
            for head, fit in fitted.heads.items()
        }
    }
    if topic := fitted.heads.get("topic"):
        scope = curves.out_of_scope(topic.c, topic.temperature, *split.held_out(parts, "topic"))
        if scope:
            found["out_of_scope"] = scope
    return found


def details_of(
    fitted: train.Trained,
    parts: split.Split,
    measured: Mapping[str, HeadFigures],
    notes: list[str],
    digest: str,
    settings: train.Settings,
) -> Details:
    """What the manifest tells of a version."""
    return {
        "profile": LEAN,
        "rows": len(parts.train),
        "test_rows": len(parts.test),
        "mix": {
            "language": shares(row.language for row in parts.train),
            **{head: shares(row.learned(head) or "" for row in parts.train) for head in HEADS},
        },
        "data": digest,
        "settings": {"max_error": dict(settings.max_error), "thorough": settings.thorough},
        "libraries": libraries(),
        "heads": heads_in_words(fitted.heads, measured),
        "notes": [
            *notes,
            *_scarce([head for head, figures in measured.items() if figures["measured"] == OUT_OF_FOLD]),
            *_silences(fitted.heads),
        ],
    }


def _scarce(heads: Sequence[str]) -> list[str]:
    if not heads:
        return []
    return [
        f"{' and '.join(heads)}: no mail was kept out, so that few labels teach all they can; the figures are of "
        "fitted mail, each judged by a model that had not seen it"
    ]


def libraries() -> dict[str, str]:
    """Those that fit a model, with their versions."""
    return {name: installed(name) for name in _LIBRARIES}


def heads_in_words(fits: Mapping[str, train.HeadFit], measured: Mapping[str, HeadFigures]) -> dict[str, HeadFacts]:
    """What the manifest tells of the heads."""
    return {
        head: {
            "classes": list(fit.classes),
            "c": fit.c,
            "meaning": fit.meaning,
            "temperature": fit.temperature,
            "max_error": fit.max_error,
            "threshold": fit.certified.threshold,
            "suspect": fit.suspect,
            "levels": dict(fit.levels),
            "certified_on": fit.certified_on,
            "out_of_fold": {
                "accuracy": fit.accuracy,
                "macro_f1": fit.macro_f1,
                "coverage": fit.certified.coverage,
                "error_when_sure": fit.certified.error,
            },
            "test": measured[head],
        }
        for head, fit in fits.items()
    }


def gaps_of(details: Details) -> list[str]:
    """What nobody measured, in words: a card without gaps would be a lie."""
    gaps = list(NOT_MEASURED)
    if "out_of_scope" not in details:
        gaps.append("mails about nothing the model knows (model train --thorough)")
    if "learning_curve" not in details:
        gaps.append("what more mail would bring (model train --thorough)")
    return gaps


def _silences(heads: Mapping[str, train.HeadFit]) -> list[str]:
    """What it will not say, in words."""
    missing = [] if "topic" in heads else ["no topic is learned: letters stay neutral until enough mail has a topic"]
    return [*missing, *(_silence(head, fit) for head, fit in heads.items() if not _certifies(fit))]


def _certifies(fit: train.HeadFit) -> bool:
    return fit.certified.threshold is not None


def _silence(head: str, fit: train.HeadFit) -> str:
    """Why a head is never sure, and what would change that."""
    told = f"the {head} head is never sure: no threshold certifies {fit.max_error:.0%} wrong on these rows"
    for level, figures in fit.levels.items():
        if figures["threshold"] is not None:
            return f"{told}; max_error = {level} would make it sure of {figures['coverage']:.0%}, more mail of more"
    return f"{told}; it needs more labelled mail"
