"""The expressions of a template: what is between {{ and }}, and behind `if`, `for` and `set`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from jinja2 import nodes

from pipeline.replies.files import Finding, error, warning
from pipeline.replies.kinds import (
    FILTERS,
    NUMBER,
    TEXT,
    UNKNOWN,
    USE,
    YES_NO,
    Kind,
    can_compare,
    is_bare,
    is_plain,
    join_kinds,
)

DEEPEST = 60  # levels of nesting, of expressions and statements together
LONGEST_TEXT = 1000  # characters of a text inside an expression
_ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Pos)
_TESTS = ("defined undefined none string number boolean true false eq equalto == ne != in even odd").split()


class Expressions:
    """Checks expressions against the names that are there; leaves `findings`."""

    def __init__(self, file: str, variables: Mapping[str, Kind], *, offset: int = 0, head: bool = False) -> None:
        self.file, self.offset, self.head = file, offset, head
        self.findings: list[Finding] = []
        self._variables = variables
        self._names = dict(variables)
        self._own: set[str] = set()  # names made by `set`
        self._depth = 0

    def line(self, node: nodes.Node) -> int:
        """The line of the file that a node is in."""
        inner = next(node.iter_child_nodes(), node)  # a scope has no line of its own
        return (node.lineno or inner.lineno or 1) + self.offset

    def _refuse(self, node: nodes.Node, code: str, message: str, remedy: str) -> None:
        self.findings.append(error(self.file, self.line(node), code, message, remedy))

    def _deeper(self, node: nodes.Node) -> bool:
        """Is there room for one more level?"""
        if self._depth < DEEPEST:
            return True
        if not any(found.code == "nesting" for found in self.findings):
            self._refuse(node, "nesting", f"more than {DEEPEST} levels inside each other", "write it more simply")
        return False

    def _printable(self, node: nodes.Node, kind: Kind) -> None:
        if kind.word == "a list":
            self._refuse(
                node,
                "prints-list",
                "a list can't be printed as it is",
                "go over it: {% for one in … %}{{ one }}{% endfor %}",
            )
        elif kind.fields:
            self._refuse(
                node,
                "prints-record",
                "this has parts and can't be printed as it is",
                f"choose one: {', '.join(kind.fields)}",
            )
        elif kind == YES_NO:
            self.findings.append(
                warning(self.file, self.line(node), "prints-true", "customers would read 'True' or 'False' here",
                        "choose words: {% if … %}yes{% else %}no{% endif %}")
            )  # fmt: skip

    def _kind(self, node: nodes.Node) -> Kind:
        """Checks an expression; the kind of what it yields, UNKNOWN after a finding."""
        if not self._deeper(node):
            return UNKNOWN
        self._depth += 1
        kind = self._look(node)
        self._depth -= 1
        return kind

    def _look(self, node: nodes.Node) -> Kind:
        if look := self._LOOKS.get(type(node)):
            return look(self, node)
        if isinstance(node, _ARITHMETIC):
            return self._no(node, "arithmetic", "arithmetic is not allowed: it could fail, or grow without end",
                            "to put texts together write {{ ref ~ ' ' ~ name }}")  # fmt: skip
        return self._no(node, "not-allowed", "this is not allowed in a letter", "delete it")

    def _literal(self, node: nodes.Tuple | nodes.List) -> Kind:
        kinds = [self._kind(item) for item in node.items]
        return Kind(word="a list", of=kinds[0] if kinds else TEXT)

    def _either(self, node: nodes.And | nodes.Or) -> Kind:
        return join_kinds(self._kind(node.left), self._kind(node.right))

    def _not(self, node: nodes.Not) -> Kind:
        self._kind(node.node)
        return YES_NO

    def _concat(self, node: nodes.Concat) -> Kind:
        for part in node.nodes:
            self._printable(part, self._kind(part))
        return TEXT

    def _attribute(self, node: nodes.Getattr) -> Kind:
        return self._part(node, node.attr)

    def _item(self, node: nodes.Getitem) -> Kind:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._part(node, node.arg.value)
        remedy = "use {% for %}, or the filter truncate"
        return self._no(node, "index", "a place in a list or a text may be empty", remedy)

    def _no(self, node: nodes.Node, code: str, message: str, remedy: str) -> Kind:
        self._refuse(node, code, message, remedy)
        return UNKNOWN

    def _name(self, node: nodes.Name) -> Kind:
        if node.name in self._names:
            return self._names[node.name]
        close = difflib.get_close_matches(node.name, list(self._names), n=1, cutoff=0.6)
        remedy = f"did you mean '{close[0]}'?" if close else "`firstline template variables` lists what there is"
        if node.name in self._own:
            remedy = "it is set only in some branches or further down; set it above, in every branch"
        return self._no(node, "unknown-variable", f"there is no variable '{node.name[:60]}'", remedy)

    def _const(self, node: nodes.Const) -> Kind:
        value = node.value
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                return self._no(
                    node,
                    "growth",
                    f"a text of over {LONGEST_TEXT} characters in an expression",
                    "write it outside of {{ }}",
                )
            if self.head and "".join(value.splitlines()) != value:  # also one that a filter would put between others
                return self._no(
                    node,
                    "header-break",
                    "a line break in the subject could begin another header",
                    "write it in one line",
                )
            return TEXT
        return YES_NO if isinstance(value, bool) or value is None else NUMBER

    def _choice(self, node: nodes.CondExpr) -> Kind:
        self._kind(node.test)
        yes = self._kind(node.expr1)
        if node.expr2 is None:
            return self._no(node, "no-else", "'if' inside an expression has nothing to yield otherwise", "add: else ''")
        return join_kinds(yes, self._kind(node.expr2))

    def _compare(self, node: nodes.Compare) -> Kind:
        left = self._kind(node.expr)
        for operand in node.ops:
            right = self._kind(operand.expr)
            if UNKNOWN not in (left, right) and not can_compare(operand.op, left, right):
                self._refuse(node, "comparison", f"{left.word} and {right.word} can't be compared so; it would fail",
                             "compare numbers with numbers, for example grants|length > 1; texts with ==")  # fmt: skip
            left = right
        return YES_NO

    def _part(self, node: nodes.Getattr | nodes.Getitem, name: str) -> Kind:
        kind = self._kind(node.node)
        if name in kind.fields:
            return kind.fields[name]
        if kind == UNKNOWN:
            return kind
        parts = f"there are: {', '.join(kind.fields)}" if kind.fields else f"it is {kind.word} and has none"
        return self._no(
            node,
            "unknown-part",
            f"there is no part '{name[:60]}' here",
            f"{parts}; to change a text use a filter: {{{{ name|upper }}}}",
        )

    def _call(self, node: nodes.Call) -> Kind:
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name == "super":
            return self._no(node, "call", "super() is written alone and takes nothing", "{{ super() }}")
        shown = f"'{name[:60]}(…)'" if name else "this"
        return self._no(
            node,
            "call",
            f"nothing can be called in a letter, {shown} neither",
            "use a variable, or a filter: {{ name|upper }}",
        )

    def _test(self, node: nodes.Test) -> Kind:
        kind = self._kind(node.node)
        given = [self._kind(argument) for argument in node.args]
        if node.name not in _TESTS or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self._no(
                node, "test", f"there is no test '{node.name[:60]}' here", f"there are: {', '.join(_TESTS)}"
            )
        wanted = 1 if node.name in ("eq", "equalto", "==", "ne", "!=", "in") else 0
        fits = len(given) == wanted and (node.name not in ("even", "odd") or kind in (NUMBER, UNKNOWN))
        if not fits or (node.name == "in" and UNKNOWN not in (kind, *given) and not can_compare("in", kind, given[0])):
            return self._no(
                node, "test", f"the test '{node.name}' does not fit {kind.word}", "compare with == or use another test"
            )
        return YES_NO

    def _filter(self, node: nodes.Filter) -> Kind:
        if node.node is None or node.dyn_args or node.dyn_kwargs:
            return self._no(node, "filter", "a filter comes after a variable", "{{ name|upper }}")
        kind = self._kind(node.node)
        if node.name == "safe":
            return self._no(
                node,
                "unescaped",
                "'safe' switches escaping off: what strangers write would become part of the page",
                "delete '|safe'",
            )
        if node.name not in FILTERS:
            return self._no(
                node, "filter", f"there is no filter '{node.name[:60]}' here", f"there are: {', '.join(FILTERS)}"
            )
        for argument in (*node.args, *(pair.value for pair in node.kwargs)):
            self._kind(argument)
        return kind if kind == UNKNOWN else self._filtered(node, kind)

    def _filtered(self, node: nodes.Filter, kind: Kind) -> Kind:
        if node.name in ("default", "d"):
            return join_kinds(kind, self._kind(node.args[0])) if node.args else kind
        accepts, fits, remedy, result = USE.get(node.name, (is_plain, is_bare, f"{{{{ name|{node.name} }}}}", TEXT))
        if not accepts(kind):
            return self._no(node, "filter", f"the filter '{node.name}' does not fit: this is {kind.word}", remedy)
        if not fits(node):
            return self._no(node, "filter", f"the filter '{node.name}' can't be used so", remedy)
        return result

    # Any: each method takes the kind of node that it is beside.
    _LOOKS: ClassVar[dict[type[nodes.Node], Callable[[Any, Any], Kind]]] = {
        nodes.Name: _name, nodes.Const: _const, nodes.Tuple: _literal, nodes.List: _literal, nodes.And: _either,
        nodes.Or: _either, nodes.Not: _not, nodes.CondExpr: _choice, nodes.Concat: _concat, nodes.Compare: _compare,
        nodes.Filter: _filter, nodes.Test: _test, nodes.Getattr: _attribute, nodes.Getitem: _item, nodes.Call: _call,
    }  # fmt: skip
