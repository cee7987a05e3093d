"""What the pages of the card and of the report are made of: tables, plots with their numbers, and the page around them.

Needs the extra `report` (matplotlib) for plots. No script, nothing from outside, and no meaning in colours alone.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pipeline.errors import FirstlineError

STYLE = """
body{font:16px/1.55 system-ui,sans-serif;color:#1d2530;background:#fff;max-width:62rem;margin:2rem auto;padding:0 1rem;
overflow-wrap:anywhere}h1{font-size:1.7rem;margin-bottom:.2rem}
h2{margin-top:2.4rem;border-bottom:2px solid #d5dbe3;padding-bottom:.2rem}h3{margin:1.4rem 0 .4rem}
.lead,figcaption,.small{color:#465260}.lead{margin-top:0}table{border-collapse:collapse;margin:.6rem 0 1.2rem}
th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid #e6eaef;vertical-align:top}
th,td{overflow-wrap:break-word}td.alarm{color:#9b1c1c;font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.plots{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0;flex:1 1 20rem;max-width:30rem}
figcaption,.small{font-size:.9rem}svg{width:100%;height:auto}.wide{overflow-x:auto}details{margin:.4rem 0}
"""
BLUE, GREY, RED = "#1f5fa8", "#66707c", "#b3382c"
Axes = Any  # of matplotlib, which comes without types
PlotRow = TypeVar("PlotRow", bound=Mapping[str, object])  # a point of a plot: what its table of numbers shows
Draw = Callable[[Axes, Sequence[PlotRow]], None]


def render_page(title: str, parts: Iterable[str], style: str) -> str:
    """A whole page; `style`: what it needs beside STYLE."""
    return (
        '<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}{style}</style><body><main>{''.join(parts)}</main></body></html>\n"
    )


def render_figure(title: str, draw: Draw[PlotRow], rows: Sequence[PlotRow], caption: str, command: str) -> str:
    """A plot with its numbers in a table that opens; '' without rows. `command`: which needs matplotlib.

    Raises FirstlineError without matplotlib.
    """
    if not rows:
        return ""
    columns = list(rows[0])
    numbers = render_table(columns, [[row[column] for column in columns] for row in rows])
    return (
        f"<figure>{_svg(title, draw, rows, command)}<figcaption>{escape(caption)}"
        f"<details><summary>{escape(title)}: the numbers</summary>{numbers}</details></figcaption></figure>"
    )


def draw_lines(axes: Axes, places: Sequence[float], rows: Sequence[Mapping[str, object]], **labels: str) -> None:
    """One or two columns of the rows (key → label) over their places, told apart by more than colour."""
    for (key, label), style, colour in zip(labels.items(), ("o-", "s--"), (BLUE, GREY), strict=False):
        axes.plot(places, [row[key] for row in rows], style, color=colour, label=label)
    draw_legend(axes)


def draw_legend(axes: Axes) -> None:
    """Below the plot, where it hides nothing."""
    axes.figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)


def show_percent(value: float | None, digits: int = 0, missing: str = "–") -> str:
    """A share from 0 to 1 in words; None: it was not measured."""
    return missing if value is None else f"{value:.{digits}%}"


def render_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table with a head; numbers to the right, everything else escaped. Scrolls where it is too wide."""
    head = "".join(f"<th scope=col>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in rows)
    return f"<div class=wide tabindex=0><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def escape(value: object) -> str:
    """Any value as text inside of HTML, quotes included."""
    return html.escape(str(value))


@dataclass(frozen=True, slots=True)
class Wanting:
    """What stands in a cell, and is not as it should be: it says so itself, and is red."""

    text: str


def _cell(value: object) -> str:
    if isinstance(value, Wanting):
        return f"<td class=alarm>{escape(value.text)}</td>"
    return f"<td class=n>{value}</td>" if isinstance(value, int | float) else f"<td>{escape(value)}</td>"


def _svg(title: str, draw: Draw[PlotRow], rows: Sequence[PlotRow], command: str) -> str:
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise FirstlineError(
            "the package 'matplotlib' is not installed",
            where=command,
            remedy="install Firstline with its extra: pip install 'firstline[report]'",
        ) from error
    made = Figure(figsize=(4.4, 3.2), layout="constrained")
    axes = made.add_subplot()
    axes.set_title(title, fontsize=11, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    draw(axes, rows)
    drawn = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "firstline", "svg.fonttype": "none"}):
        made.savefig(drawn, format="svg", metadata={"Date": None})
    svg = drawn.getvalue()
    return f'<svg role="img" aria-label="{escape(title)}" {svg[svg.index("<svg") + 5 :]}'
