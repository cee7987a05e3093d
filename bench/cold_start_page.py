"""docs/benchmarks/cold_start.md: what a run of bench/cold_start.py has measured, with a plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from bench.report import Target, table

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks" / "cold_start.md"
PLOT = PAGE.with_suffix(".svg")

HEAD = """# From a mailbox without a label to a model
Written by `python -m bench.cold_start`; nothing here is typed by hand. Banking77 (77 topics) is somebody's mailbox:
4,000 of its mails, unlabelled, in another order for each seed; the official test file is the mail that comes next. A
*decision* is one label for a mail, one name for a group of mails, or one answer of `data confirm`. Three ways to spend
them:

- **by lot**: mails as they come get a label each; what may be called sure is certified out of fold, as `model train`
  does;
- **review**: the order of `data review`, with a training after each hundred labels. Accuracy is that of all decisions
  spent so. What was chosen for being hard certifies nothing, so for the columns *sure* a quarter of the decisions are
  answers of `data confirm` about the model of the other three quarters;
- **groups**: `data discover --topics N`, each group named after most of its three typical mails, no mail taken out. A
  decision is a name; for the columns *sure* a quarter as many answers of `data confirm` come on top.

*Kept* counts the seeds in which no more was wrong than allowed, of those in which anything was sure; a few in a hundred
exceed it by chance on 3,080 mails even where the bound is true. The official test file has as many mails of each
topic, the mailbox has not: a certificate of the mailbox's mail is a little too good for it ([bound.md](bound.md)
counts on mail of the same kind).

"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bought:
    """What so many decisions have brought, judged on the mail that comes next."""

    profile: str  # lean or encoder
    way: str
    seed: int
    decisions: int
    labels: int  # mails that have one now
    right: float  # share of these labels that are right
    accuracy: float
    sure: Mapping[str, float] = field(default_factory=dict)  # share of mail, by the error that is allowed
    wrong: Mapping[str, float] = field(default_factory=dict)  # share of wrong among the sure, likewise


def write(found: Sequence[Bought]) -> None:
    """Writes the page and the plot of what was measured."""
    parts = [HEAD, _conditions(found), "## Targets\n", table(_TARGETS_HEAD, [one.row() for one in _targets(found)])]
    parts.append(f"![Accuracy and share sure by number of decisions]({PLOT.name})\n")
    for profile in ("encoder", "lean"):
        parts += [f"\n## {profile.capitalize()}\n", table(_HEAD, [*_rows(found, profile)])]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    _draw(found)
    print(f"{PAGE.name} written")


_NEARLY_ALWAYS = 0.95  # of the seeds
_TARGETS_HEAD = ("target", "asked", "measured", "")
_HEAD = ("way", "decisions", "seeds", "accuracy", "labels right", *(
    f"{what} at {level} %" for level in (5, 2) for what in ("sure", "wrong of these", "kept")
))  # fmt: skip


def _conditions(found: Sequence[Bought]) -> str:
    return f"{os.cpu_count()} cores that others used too, Python {platform.python_version()}, {len(found)} models.\n"


def _of(found: Sequence[Bought], profile: str, way: str, decisions: int) -> list[Bought]:
    return [one for one in found if (one.profile, one.way, one.decisions) == (profile, way, decisions)]


def _targets(found: Sequence[Bought]) -> list[Target]:
    def best(profile: str, decisions: int, figure: Callable[[Bought], float]) -> float | None:
        ways = [_of(found, profile, way, decisions) for way in ("by lot", "review", "groups")]
        return max((mean(figure(one) for one in some) for some in ways if some), default=None)

    def kept(level: str, decisions: int) -> float | None:
        some = _of(found, "encoder", "by lot", decisions)
        return mean(_is_kept(one, level) for one in some) if some else None

    def sure(level: str, decisions: int) -> float | None:
        """The best way's share of sure mail, among those that kept the bound in nearly every seed."""
        ways = [_of(found, "encoder", way, decisions) for way in ("by lot", "review", "groups")]
        kept = [some for some in ways if some and mean(_is_kept(one, level) for one in some) >= _NEARLY_ALWAYS]
        return max((mean(one.sure[level] for one in some) for some in kept), default=0.0 if any(ways) else None)

    return [
        Target(what="encoder: accuracy by 500 decisions", value=best("encoder", 500, _accuracy), wanted=0.85),
        Target(what="encoder: sure at 5 % by 700, and kept", value=sure("0.05", 700), wanted=0.5),
        Target(what="encoder: sure at 2 % by 1,500, and kept", value=sure("0.02", 1500), wanted=0.5),
        Target(what="encoder, by lot: 5 % kept by 700", value=kept("0.05", 700), wanted=0.95),
        Target(what="encoder, by lot: 2 % kept by 1,500", value=kept("0.02", 1500), wanted=0.95),
        Target(what="lean: accuracy by 1,000 decisions", value=best("lean", 1000, _accuracy), wanted=0.75),
    ]


def _accuracy(one: Bought) -> float:
    return one.accuracy


def _is_kept(one: Bought, level: str) -> bool:
    return one.wrong[level] <= float(level)


def _rows(found: Sequence[Bought], profile: str) -> list[list[str]]:
    rows = []
    for way in ("by lot", "review", "groups"):
        for decisions in sorted({one.decisions for one in found if (one.profile, one.way) == (profile, way)}):
            some = _of(found, profile, way, decisions)
            accuracies = [one.accuracy for one in some]
            spread = f" ({100 * min(accuracies):.1f}–{100 * max(accuracies):.1f})" if len(some) > 1 else ""
            rows.append(
                [
                    *(way, f"{decisions:,}", str(len(some)), f"{100 * mean(accuracies):.1f} %{spread}"),
                    f"{100 * mean(one.right for one in some):.1f} %",
                    *_sure(some, "0.05"),
                    *_sure(some, "0.02"),
                ]
            )
    return rows


def _sure(some: Sequence[Bought], level: str) -> list[str]:
    sure = [one for one in some if one.sure[level]]
    if not sure:
        return ["–", "–", "–"]
    kept = sum(_is_kept(one, level) for one in sure)
    return [
        f"{100 * mean(one.sure[level] for one in some):.0f} %",
        f"{100 * mean(one.wrong[level] for one in sure):.1f} %",
        f"{kept} of {len(sure)}",
    ]


def _draw(found: Sequence[Bought]) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "firstline", "svg.fonttype": "none"}):
        figure = Figure(figsize=(10, 4))
        figures: list[tuple[str, Callable[[Bought], float]]] = [
            ("accuracy", _accuracy),
            ("sure, where 5 % may be wrong", lambda one: one.sure["0.05"]),
        ]
        for axes, (name, value) in zip(figure.subplots(1, 2), figures, strict=True):
            for profile, way in sorted({(one.profile, one.way) for one in found}):
                counts = sorted({one.decisions for one in found if (one.profile, one.way) == (profile, way)})
                means = [mean(value(one) for one in _of(found, profile, way, count)) for count in counts]
                style = "-" if profile == "encoder" else "--"
                axes.plot(counts, means, style, marker="o", label=f"{profile}, {way}")
            axes.set(title=name, xlabel="decisions", ylim=(0, 1))
            axes.grid(alpha=0.3)
        figure.axes[0].legend()
        figure.tight_layout()
        figure.savefig(PLOT, format="svg", metadata={"Date": None})
