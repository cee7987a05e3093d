"""The gate: may a candidate take the place of the version in use? Judged on frozen mail that neither has fitted.

- Not significantly worse over all (exact McNemar), per head.
- No class lost: none whose share of found mails falls clearly.
- No head that certified stops certifying, unless this mail shows that it was wrong too often where it was sure; none
  vanishes, and no topic unless it left `[topics]`, and no language.
- No class whose mail has mostly been given other names since: labels that were exchanged look fine to each other. A
  topic that has another name now, and left `[topics]`, is the same topic.
- The first version needs to beat the majority class; no later one may fail to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.learn.dataset import HARD
from pipeline.learn.evaluate import NONE_OF_THESE, Judgement, Labelled, macro_f1

LEVEL = 0.05  # of significance
FLOOR = 0.10  # a class may lose so much recall before it is looked at
LEAST_COMMON = 20  # mails both can be compared on
SAME = 0.8  # of the mails of two topics, to call them one topic with two names
UNCERTIFIED = "{} was sure of some mail and now certifies nothing"  # people may confirm it all the same
KEPT = 0.25  # of the mails of a language: with fewer it is lost


Pair = tuple[str, str]  # the class that a version gives, and the label that the mail has


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One version at the gate. `judgements`: per head, on the same rows; `certifies`: per head."""

    judgements: Mapping[str, Judgement]
    certifies: Mapping[str, bool]
    classes: Mapping[str, Collection[str]]
    max_error: Mapping[str, float] = field(default_factory=dict)  # per head, where it says it is sure
    languages: Mapping[str, int] = field(default_factory=dict)  # rows of each that it was fitted on
    by_heart: Mapping[str, Sequence[Pair]] = field(default_factory=dict)  # per head, on mails that it has fitted


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """Passed or not, and why in words."""

    passed: bool
    reason: str


def first(candidate: Contender, out_of_fold: Mapping[str, float]) -> Gate:
    """Asked of every candidate, and all that is asked of the first: to beat the majority class, and not by luck.

    `out_of_fold`: accuracy inside the fitted rows, which must agree that something was learnt.
    """
    for head, judged in candidate.judgements.items():
        value, majority = _against_majority(head, judged)
        if value <= majority or not _learnt(judged, out_of_fold.get(head, 0.0)):
            return Gate(
                passed=False,
                reason=f"{head}: {value:.1%} is not better than always saying the commonest class ({majority:.1%})",
            )
    figures = ", ".join(f"{head} {_accuracy(judged):.1%}" for head, judged in candidate.judgements.items())
    return Gate(passed=True, reason=f"first version, better than the commonest class: {figures}")


def against(candidate: Contender, current: Contender, topics: Collection[str], *, renews: bool = False) -> Gate:
    """Beside the version in use. `topics`: names in `[topics]`, empty when none are configured.

    `renews`: the version in use must go, since it learned from somebody who was erased. Then only what is significantly
    worse stands against the candidate; what else would is told.
    """
    problems: list[str] = []
    doubts = [
        *_vanished(candidate, current, topics),
        *_silenced(candidate.languages, current.languages),
        *_exchanged(candidate, current),
        *_uncertified(candidate, current),
    ]
    told: list[str] = []
    for head, old in current.judgements.items():
        new = candidate.judgements.get(head)
        if new is None:
            continue
        known = np.isin(old.truth.astype(str), list(current.classes[head]))  # a new topic is judged apart
        if known.sum() < LEAST_COMMON:
            doubts.append(f"{head}: only {int(known.sum())} mails that neither version has fitted")
            continue
        right_new, right_old = new.right[known], old.right[known]
        told.append(f"{head} {right_old.mean():.1%} → {right_new.mean():.1%}")
        if worse(right_new, right_old):
            problems.append(f"{head} is significantly worse: {right_old.mean():.1%} → {right_new.mean():.1%}")
        problems += _lost(head, old.truth[known], right_new, right_old)
    if problems or (doubts and not renews):
        return Gate(passed=False, reason="; ".join([*doubts, *problems]))
    no_worse = "no worse than the version in use: " + ", ".join(told)
    return Gate(passed=True, reason="; ".join([no_worse, *(f"for an erasure all the same: {one}" for one in doubts)]))


def worse(new: NDArray[np.bool_], old: NDArray[np.bool_]) -> bool:
    """McNemar's exact test, one-sided: did the new one lose more of the same mails than luck explains?"""
    from scipy.stats import binomtest

    lost, won = int((old & ~new).sum()), int((new & ~old).sum())
    return lost > won and bool(binomtest(lost, lost + won, 0.5, alternative="greater").pvalue < LEVEL)


def _lost(head: str, truth: Labelled, new: NDArray[np.bool_], old: NDArray[np.bool_]) -> list[str]:
    problems = []
    for name in sorted(set(truth.tolist())):
        of_it = truth == name
        before, after = float(old[of_it].mean()), float(new[of_it].mean())
        if before - after > FLOOR and worse(new[of_it], old[of_it]):
            problems.append(f"{head} '{name}' is lost: {before:.0%} found before, {after:.0%} now")
    return problems


def _vanished(candidate: Contender, current: Contender, topics: Collection[str]) -> list[str]:
    problems = [f"the {head} head is missing" for head in current.classes if head not in candidate.classes]
    for head in current.classes:
        gone = set(current.classes[head]) - set(candidate.classes.get(head, current.classes[head]))
        if head == "topic" and topics:
            gone &= set(topics)  # one that left the configuration may leave the model
        problems += [f"{head} '{name}' has vanished" for name in sorted(gone)]
    return problems


def renamed(by_heart: Sequence[Pair], classes: Collection[str], topics: Collection[str]) -> dict[str, str]:
    """Topics of the version in use that are called otherwise now: old name → new name.

    `by_heart`: of mails that it has fitted; `classes`: that it knows; `topics`: see `against`. One that is still in
    `[topics]` has no other name, whatever the mails say.
    """
    pairs, given, labels = Counter(by_heart), Counter(old for old, _ in by_heart), Counter(now for _, now in by_heart)
    return {
        old: now
        for (old, now), count in pairs.items()
        if now not in classes and old not in topics and not labels[old] and count >= SAME * max(given[old], labels[now])
    }


def _exchanged(candidate: Contender, current: Contender) -> list[str]:
    """Classes whose fitted mail the version in use knows by heart, under another name that is in use as well."""
    problems = []
    for head, pairs in current.by_heart.items():
        known = set(current.classes[head]) & set(candidate.classes.get(head, ()))
        both = [(old, now) for old, now in pairs if old in known and now in known]
        for name, count in sorted(Counter(now for _, now in both).items()):
            others = Counter(old for old, now in both if now == name and old != name)
            if count >= LEAST_COMMON and others.total() > count / 2:
                other = others.most_common(1)[0][0]
                problems.append(
                    f"{head} '{name}' may have been exchanged: {others.total()} of its {count} mails were learned "
                    f"under other names, most as '{other}'"
                )
    return problems


def _silenced(now: Mapping[str, int], before: Mapping[str, int]) -> list[str]:
    """Languages that the candidate has hardly learned any more; the test part has none of their mail either."""
    return [
        f"language '{name}' is lost: {count} mails were learned from, {now.get(name, 0)} now"
        for name, count in sorted(before.items())
        if name and count >= LEAST_COMMON and now.get(name, 0) < KEPT * count
    ]


def _uncertified(candidate: Contender, current: Contender) -> list[str]:
    return [
        UNCERTIFIED.format(head)
        for head, certified in current.certifies.items()
        if certified
        and head in candidate.certifies
        and not candidate.certifies[head]
        and _keeps_its_word(current, head)
    ]


def _keeps_its_word(current: Contender, head: str) -> bool:
    """Is what it was sure of not wrong more often than it may be, by more than luck explains? Its word is about mail
    as it comes: what was written to be hard does not break it."""
    from scipy.stats import binomtest

    judged, allowed = current.judgements.get(head), current.max_error.get(head)
    if judged is None or allowed is None:
        return True
    sure = judged.sure & (judged.kinds != HARD)
    wrong, count = int((~judged.right[sure]).sum()), int(sure.sum())
    return not count or bool(binomtest(wrong, count, allowed, alternative="greater").pvalue >= LEVEL)


def _accuracy(judged: Judgement) -> float:
    return float(judged.right.mean())


def _against_majority(head: str, judged: Judgement) -> tuple[float, float]:
    """Accuracy for topics; macro-F1 for the others, where one class may be nearly everything."""
    learned = judged.truth[judged.truth != NONE_OF_THESE]  # nobody can always say what it has not learned
    names, counts = np.unique(learned.astype(str), return_counts=True)
    if head == "topic":
        return _accuracy(judged), float(counts.max() / len(judged.truth))
    always = np.full(len(judged.truth), names[counts.argmax()], dtype=object)
    return macro_f1(judged.truth, judged.predicted), macro_f1(judged.truth, always)


def _learnt(judged: Judgement, out_of_fold: float) -> bool:
    """Is agreement with the truth beyond what guessing with the same class shares gives?"""
    from scipy.stats import binomtest

    truth, predicted = judged.truth.astype(str), judged.predicted.astype(str)
    chance = float(sum((truth == name).mean() * (predicted == name).mean() for name in set(truth.tolist())))
    agreed = int(judged.right.sum())
    return out_of_fold > chance and bool(
        binomtest(agreed, len(truth), min(1.0, chance), alternative="greater").pvalue < LEVEL
    )
