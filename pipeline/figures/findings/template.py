"""Letters after which fewer customers are satisfied than after their other versions and before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pipeline.figures import formulas
from pipeline.figures.finding import Comparison, ReportFinding
from pipeline.records.survey import SurveyKind
from pipeline.store.metrics import Answers
from pipeline.store.splitting import Key


def find(on: Comparison) -> Iterator[ReportFinding]:
    """One a version of a letter."""
    now = {
        name: _dissatisfied(one[SurveyKind.CSAT].scores)
        for name, one in on.metrics.surveys(on.period, "template").items()
    }
    before = on.metrics.surveys(on.earlier, "template")
    for name, found in now.items():
        if not name:
            continue
        usual = _dissatisfied(_csat_of(str(name), before))
        usual = usual if usual[1] >= formulas.FEW else _sum(pair for other, pair in now.items() if other != name)
        if formulas.risen(found, usual, len(now)):
            yield ReportFinding(
                kind="template",
                what=f"customers are less satisfied after the letter {name}",
                do="read it as a customer would; `firstline template history` shows what was changed",
                about=(str(name),),
                evidence=f"{found[0]} of {found[1]} not satisfied, usually {usual[0]} of {usual[1]}",
            )


def _csat_of(name: str, surveys: Mapping[Key, Mapping[SurveyKind, Answers]]) -> Counter[int]:
    """The scores of a letter in all its versions: "en/delivery abc…" → those of "en/delivery"."""
    letter = name.rpartition(" ")[0] or name
    scores: Counter[int] = Counter()
    for other, kinds in surveys.items():
        if other and (str(other).rpartition(" ")[0] or str(other)) == letter:
            scores.update(kinds[SurveyKind.CSAT].scores)
    return scores


def _dissatisfied(scores: Mapping[int, int]) -> tuple[int, int]:
    return sum(count for score, count in scores.items() if score < 4), sum(scores.values())


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    found = list(pairs)
    return sum(one for one, _ in found), sum(of for _, of in found)
