"""docs/reference/configuration.md: config.toml, which says of each key what it is."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

WIDTH = 78
CONFIG = Path(__file__).parents[2] / "config.toml"
HEAD = """# config.toml
*For operators.*

Every key with its default, its unit and why one would change it: the file that `firstline init` lays out, table by
table, here with each explanation above its key. A key that you leave out has the default. A key that does not exist is
an error that names the nearest one. Secrets are never in the file: `{ env = "NAME" }` or `{ file = "PATH" }`. Spans of
time are written `"90s"`, `"15m"`, `"4h"`, `"3d"`.
"""


def page() -> str:
    """The page, in Markdown."""
    return HEAD + "".join(f"\n## {name}\n```toml\n{text}\n```\n" for name, text in _tables())


def _tables() -> Iterator[tuple[str, str]]:
    """The tables of the file, those of one family together: the name of the family, and the lines."""
    found: dict[str, list[str]] = {}
    waiting: list[str] = []
    name = ""
    for line in CONFIG.read_text(encoding="utf-8").splitlines():
        table = re.match(r"\[+([A-Za-z_]+)", line)
        if table:
            name = table[1]
            found.setdefault(name, []).extend(waiting)
            waiting = []
        if not name or line.startswith("#"):
            waiting.append(line)
        else:
            found[name] += [*waiting, line]
            waiting = []
    found[name] += waiting
    return ((name, "\n".join(_readable(lines)).strip("\n")) for name, lines in found.items())


def _readable(lines: Sequence[str]) -> Iterator[str]:
    """The same, no line wider than a page: what stands behind a key comes above it."""
    for line in lines:
        key = re.match(r"([^#\s][^=]* = .*?|\[.*?\])\s+# (.*)", line)
        if key:
            yield from (f"# {part}" for part in textwrap.wrap(key[2], WIDTH))
            yield key[1]
        elif line.startswith("# ") and len(line) > WIDTH:
            yield from (f"# {part}" for part in textwrap.wrap(line[2:], WIDTH))
        else:
            yield line
