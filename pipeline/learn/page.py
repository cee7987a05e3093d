"""The card of a version as one self-contained HTML page: figures, plots, and what nobody measured.

Needs the extra `report` (matplotlib).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline import html_page
from pipeline.html_page import BLUE, GREY, RED, Axes, PlotRow, Wanting, escape, render_table
from pipeline.learn.dataset import ORDINARY
from pipeline.learn.manifest import (
    Bin,
    Card,
    Confusion,
    CurvePoint,
    HeadFacts,
    HeadFigures,
    OutOfScope,
    PartFigures,
    RiskPoint,
    certified_on,
)

STYLE = """
.gap{background:#fff4d6;border-left:4px solid #d99a00;padding:.5rem .9rem}.good{color:#17633a}.bad{color:#9b1c1c}
.summary table{min-width:56rem}
"""
COMMAND = "firstline model show --html"


def render_card(card: Card) -> str:
    """The page of a card (`model show --json`). Raises FirstlineError without matplotlib."""
    heads = card["heads"]
    tested = f"tested on {card['test_rows']} kept out" if card["test_rows"] else "tested out of fold"
    parts = [
        f"<h1>Model {escape(card['version'])}</h1>",
        f"<p class=lead>Made {escape(card['created'])} from {card['rows']} mails, {tested}. "
        f"Profile {escape(card['profile'])}, {'in use' if card['in_use'] else 'not in use'}.</p>",
        "<h2>In one table</h2>",
        _summary(heads),
        _learned(card),
        *(f"<p class=gap>{escape(note)}</p>" for note in card["notes"]),
        *(_head(name, facts, card.get("learning_curve", {}).get(name, [])) for name, facts in heads.items()),
        _scope(card.get("out_of_scope")),
        "<h2>Not measured</h2><ul>"
        + "".join(f"<li class=gap>{escape(gap)}</li>" for gap in card["not_measured"])
        + "</ul>",
        "<h2>What was decided</h2>",
        render_table(("when", "what", "why"), [(d["at"], d["action"], d["reason"]) for d in card["decisions"]]),
        "<h2>Made with</h2>",
        render_table(("library", "version"), card["libraries"].items()),
    ]
    return html_page.render_page(f"Firstline: model {card['version']}", parts, STYLE)


def _learned(card: Card) -> str:
    languages = card["languages"]
    if languages is None:
        return "<p class=gap>Languages: its rows name none, so it is taken to know all.</p>"
    named = escape(", ".join(languages) or "none")
    return f"<p>Languages learned: <b>{named}</b>. In any other it is sure of nothing, and a person looks.</p>"


def _summary(heads: Mapping[str, HeadFacts]) -> str:
    rows = [
        (
            name,
            len(facts["classes"]),
            _percent(facts["test"]["accuracy"]),
            _percent(facts["test"].get("macro_f1")),
            _percent(facts["test"].get("ece")),
            _percent(facts["max_error"]),
            _percent(_as_it_comes(facts).get("coverage")) if facts["threshold"] is not None else "never",
            _wrong(_as_it_comes(facts).get("error_when_sure"), facts["max_error"]),
            certified_on(facts) or "not told",
        )
        for name, facts in heads.items()
    ]
    columns = (
        *("head", "classes", "accuracy", "macro-F1", "calibration error"),
        *("wrong allowed", "sure of", "wrong when sure", "certified on"),
    )
    return f"<div class=summary>{render_table(columns, rows)}</div>"


def _as_it_comes(facts: HeadFacts) -> HeadFigures | PartFigures:
    """The figures that its certificate speaks of: one from mail as it comes promises nothing of mails that were written
    to be hard."""
    certified = facts.get("certified_on")
    ordinary = facts["test"].get("kinds", {}).get(ORDINARY)
    return ordinary if ordinary and certified and certified["check"] else facts["test"]


def _wrong(error: float | None, allowed: float) -> str | Wanting:
    """How much was wrong where it was sure."""
    told = _percent(error)
    return told if error is None or error <= allowed else Wanting(f"{told}: more than allowed")


def _head(name: str, facts: HeadFacts, curve: Sequence[CurvePoint]) -> str:
    test = facts["test"]
    if test.get("accuracy") is None:
        return f"<h2>{escape(name)}</h2><p class=gap>Not measured: no test mail has a label for it.</p>"
    figures = [
        _figure(
            "Is the confidence honest?", _reliability, test["reliability"], "On the diagonal: as right as it says."
        ),
        _figure(
            "What does being sure cost?",
            lambda axes, points: _risk(axes, points, facts),
            test["risk_coverage"],
            "The most confident mails first; the line is the share allowed to be wrong.",
        ),
    ]
    if curve:
        figures.append(
            _figure("Would more mail help?", _learning, curve, "Accuracy after fitting a part of the mails.")
        )
    return (
        f"<h2>{escape(name)}</h2><div class=plots>{''.join(figures)}</div>"
        + "<h3>By class</h3>"
        + render_table(
            ("class", "precision", "recall", "F1", "mails"),
            [
                (label, *(_percent(row[key]) for key in ("precision", "recall", "f1")), row["support"])
                for label, row in sorted(test["per_class"].items(), key=lambda item: item[1]["f1"])
            ],
        )
        + _confused(test["confusions"])
        + _parts("language", test["languages"])
        + _parts("kind", test.get("kinds", {}))
    )


def _confused(pairs: Sequence[Confusion]) -> str:
    if not pairs:
        return ""
    rows = [(pair["truth"], pair["predicted"], pair["rows"]) for pair in pairs]
    return "<h3>Most often confused</h3>" + render_table(("is", "was taken for", "mails"), rows)


def _parts(what: str, parts: Mapping[str, PartFigures]) -> str:
    """The same by language or kind."""
    if not parts:
        return f"<p class=gap>By {what}: not measured, too few test mails of any.</p>"
    rows = [
        (
            name,
            row["rows"],
            *(_percent(value) for value in (row["accuracy"], row["macro_f1"], row["coverage"])),
            _percent(row.get("error_when_sure")),
        )
        for name, row in parts.items()
    ]
    return f"<h3>By {what}</h3>" + render_table(
        (what, "mails", "accuracy", "macro-F1", "sure of", "wrong when sure"), rows
    )


def _scope(scope: OutOfScope | None) -> str:
    head = "<h2>Mail about nothing it knows</h2>"
    if not scope:
        return head + "<p class=gap>Not measured.</p>"
    return (
        head
        + f"<p>A fit without the topics <b>{escape(', '.join(scope['left_out']))}</b> was shown {scope['rows']} mails "
        f"about them. Its confidence tells known from unknown mail in {_percent(scope['auroc'])} of pairs "
        f"(50 % is chance); the median is {_percent(scope['median_confidence_unknown'])} for unknown and "
        f"{_percent(scope['median_confidence_known'])} for known mail.</p>"
    )


# --- plots ------------------------------------------------------------------------------------------------------------


def _figure(title: str, draw: html_page.Draw[PlotRow], points: Sequence[PlotRow], caption: str) -> str:
    def on_grid(axes: Axes, rows: Sequence[PlotRow]) -> None:
        axes.grid(color="#e6eaef")
        draw(axes, rows)

    return html_page.render_figure(title, on_grid, points, caption, COMMAND)


def _reliability(axes: Axes, bins: Sequence[Bin]) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
    most = max(one["rows"] for one in bins)
    sizes = [20 + 160 * one["rows"] / most for one in bins]
    axes.scatter([one["confidence"] for one in bins], [one["accuracy"] for one in bins], s=sizes, color=BLUE, zorder=3)
    axes.set(xlabel="it says it is sure", ylabel="it is right", xlim=(0, 1.02), ylim=(0, 1.05))


def _risk(axes: Axes, points: Sequence[RiskPoint], facts: HeadFacts) -> None:
    axes.plot([one["coverage"] for one in points], [one["error"] for one in points], color=BLUE)
    axes.axhline(facts["max_error"], color=RED, linestyle="--", linewidth=1)
    coverage = facts["test"].get("coverage")
    if coverage:
        axes.axvline(coverage, color=GREY, linestyle=":", linewidth=1)
    axes.set(xlabel="share of mail answered by itself", ylabel="share of it wrong", xlim=(0, 1.02), ylim=(0, None))


def _learning(axes: Axes, points: Sequence[CurvePoint]) -> None:
    html_page.draw_lines(axes, [one["rows"] for one in points], points, accuracy="accuracy", macro_f1="macro-F1")
    axes.set(xlabel="mails fitted", ylabel="", ylim=(0, 1.02))


def _percent(value: float | None) -> str:
    return html_page.show_percent(value, 1, "not measured")
