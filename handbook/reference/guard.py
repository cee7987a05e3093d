"""docs/reference/guard.md: the rules of the guard, from their table."""

from __future__ import annotations

from inspect import getdoc

from pipeline.guard.table import RULES, Rule

HEAD = """# The rules of the guard
*For agents and operators who read `firstline mail explain`.*

All rules, in the order in which they are looked at. What they are for, and what *floor* and *weak* mean:
[how the guard decides](../explanation/guard.md). This page is made from the program.

| rule | name | says | strength | by what |
|---|---|---|---|---|
"""


def page() -> str:
    """The page, in Markdown."""
    return HEAD + "".join(_row(rule) for rule in RULES)


def _row(rule: Rule) -> str:
    about = getdoc(rule.test) if rule.test else "Only shown: nothing in Firstline reads such headers."
    words = " ".join((about or "").split("\n\n")[0].split()).replace("|", "\\|")
    return f"| {rule.number} | `{rule.name}` | {rule.verdict} | {rule.strength} | {words} |\n"
