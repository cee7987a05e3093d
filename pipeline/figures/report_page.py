"""The report as one self-contained HTML page, and its plain-text twin.

Needs the extra `report` (matplotlib) for the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypedDict

from pipeline import html_page
from pipeline.figures.finding import show_span
from pipeline.figures.lines import LINES, Measured, Unit, interval_of, value_of
from pipeline.figures.report import PeriodReport
from pipeline.html_page import (
    BLUE,
    GREY,
    Axes,
    draw_legend,
    draw_lines,
    escape,
    render_figure,
    render_table,
    show_percent,
)

STYLE = """
.todo{list-style:none;padding:0}.todo li{border-left:4px solid #b3541e;background:#fdf5ef;
padding:.6rem .9rem;margin:.6rem 0}.todo strong{display:block}.calm{border-left:4px solid #17633a;padding:.6rem .9rem;
background:#eff8f2}
"""
COMMAND = "firstline report (or `firstline report --text`, which needs none)"


def render_page(report: PeriodReport) -> str:
    """Raises FirstlineError without matplotlib."""
    title = f"Report {report.since:%d %b} to {report.until:%d %b %Y}"
    parts = [
        f"<h1>{title}</h1><p class=lead>Compared with the period before it. Times in {escape(report.zone)}.</p>",
        "<h2>What changed, and what to do</h2>",
        _todo(report),
        "<h2>The figures</h2>",
        render_table(("", "this time", "95 %", "before"), list(render_lines(report))),
        "<p class=small>Of fewer than ten nothing is said. What each figure is good for, and when it misleads, stands "
        "in docs/metrics.md.</p>",
        "<h2>Day by day</h2><div class=plots>",
        render_figure("Mails a day", _mails, _days(report), "Mails by people, and complaints among them.", COMMAND),
        render_figure("Topics", _topics, _by_topic(report), "Mails by people about each topic, and before.", COMMAND),
        "</div>",
    ]
    return html_page.render_page(f"Firstline: {title}", parts, STYLE)


def render_text(report: PeriodReport) -> str:
    """The same for those who read mail as text."""
    out = [f"Report {report.since:%d %b} to {report.until:%d %b %Y} ({report.zone})", ""]
    out += ["WHAT CHANGED, AND WHAT TO DO", ""] + ([] if report.findings else [NOTHING])
    for number, finding in enumerate(report.findings, 1):
        out.append(f"{number}. {finding.what}")
        out += [f"   {more}" for more in (", ".join(finding.about), finding.evidence) if more]
        out.append(f"   -> {finding.do}")
    out += ["", "THE FIGURES", ""]
    rows = [("", "this time", "95 %", "before"), *render_lines(report)]
    widths = [max(len(str(row[column])) for row in rows) for column in range(4)]
    out += ["  ".join(f"{cell!s:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(out) + "\n"


NOTHING = "Nothing that could not be chance, and no promise at risk."


def _todo(report: PeriodReport) -> str:
    if not report.findings:
        return f"<p class=calm>{NOTHING}</p>"
    items = (
        f"<li><strong>{escape(one.what)}</strong>{escape(', '.join(one.about))}"
        + (f"<br><span class=small>{escape(one.evidence)}</span>" if one.evidence else "")
        + f"<br>→ {escape(one.do)}</li>"
        for one in report.findings
    )
    return f"<ol class=todo>{''.join(items)}</ol>"


def render_lines(report: PeriodReport) -> Iterable[tuple[str, str, str, str]]:
    """One figure a line: name, value, interval, the value before."""
    for line in LINES:
        now, before, show = line.of(report.now), line.of(report.before), _SHOWN[line.unit]
        yield line.title, show(value_of(now)), _interval(now, show), show(value_of(before))


Show = Callable[[float | None], str]


def _interval(figure: Measured, show: Show) -> str:
    found = interval_of(figure)
    return f"{show(found[0])} to {show(found[1])}" if found else ""


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:,}"


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _time(value: float | None) -> str:
    return "–" if value is None else show_span(value)


_SHOWN: Mapping[Unit, Show] = {
    Unit.COUNT: _count,
    Unit.SHARE: show_percent,
    Unit.SCORE: _score,
    Unit.SECONDS: _time,
}


# --- plots ------------------------------------------------------------------------------------------------------------


class _Day(TypedDict):
    day: object
    mails: int
    complaints: int


_Topic = TypedDict("_Topic", {"topic": object, "this time": int, "before": int})


def _days(report: PeriodReport) -> list[_Day]:
    return [
        {"day": one["value"], "mails": one["mails"]["by_people"], "complaints": one["mails"]["complaints"]}
        for one in report.days
    ]


def _by_topic(report: PeriodReport) -> list[_Topic]:
    before = {one["value"]: one["mails"]["by_people"] for one in report.topics_before}
    return [
        {
            "topic": one["value"] or "unknown",
            "this time": one["mails"]["by_people"],
            "before": before.get(one["value"], 0),
        }
        for one in report.topics[:15]
    ]


def _mails(axes: Axes, rows: Sequence[_Day]) -> None:
    places = list(range(len(rows)))
    draw_lines(axes, places, rows, mails="mails", complaints="complaints")
    step = max(1, len(rows) // 7)
    axes.set_xticks(places[::step], [str(row["day"])[5:] for row in rows[::step]], fontsize=8)
    axes.set_ylim(0, None)


def _topics(axes: Axes, rows: Sequence[_Topic]) -> None:
    places = list(range(len(rows)))[::-1]
    axes.barh([place + 0.2 for place in places], [row["this time"] for row in rows], 0.4, color=BLUE, label="this time")
    axes.barh(
        [place - 0.2 for place in places], [row["before"] for row in rows], 0.4, color="white", edgecolor=GREY,
        hatch="//", label="before",
    )  # fmt: skip
    axes.set_yticks(places, [str(row["topic"])[:22] for row in rows], fontsize=8)
    draw_legend(axes)
