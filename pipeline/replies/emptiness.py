"""Can a piece of a template come out empty? Looked at branch by branch, whatever the samples say."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from enum import IntEnum

from jinja2 import nodes

_TAG = re.compile(r"<[^<>]{0,2000}>")


class Empty(IntEnum):
    """In how many cases nothing is said."""

    NEVER = 0
    SOMETIMES = 1
    ALWAYS = 2

    @property
    def often(self) -> str:
        """In words."""
        return "always" if self == Empty.ALWAYS else "for some mails"


def emptiness(body: Sequence[nodes.Node], may_be_empty: Collection[str]) -> Empty:
    """`may_be_empty`: names of variables that are empty for some mails. Inherited text (super) does not count."""
    return min((_of(node, may_be_empty) for node in body), default=Empty.ALWAYS)


def _of(node: nodes.Node, names: Collection[str]) -> Empty:
    match node:
        case nodes.Output():
            return min((_printed(child, names) for child in node.nodes), default=Empty.ALWAYS)
        case nodes.If():
            branches = [emptiness(branch.body, names) for branch in (node, *node.elif_)]
            return _branches([*branches, emptiness(node.else_, names)])
        case nodes.For():
            return _branches([emptiness(node.body, names), emptiness(node.else_, names)])
        case nodes.Block():
            return emptiness(node.body, names)
        case nodes.Include():
            return Empty.NEVER
    return Empty.ALWAYS


def _branches(all_of_them: Sequence[Empty]) -> Empty:
    return all_of_them[0] if len(set(all_of_them)) == 1 else Empty.SOMETIMES


def _printed(node: nodes.Node, names: Collection[str]) -> Empty:
    if isinstance(node, nodes.TemplateData):
        return Empty.NEVER if _visible(node.data) else Empty.ALWAYS
    if isinstance(node, nodes.Call):
        return Empty.ALWAYS
    if isinstance(node, nodes.Const) and not _visible(str(node.value)):
        return Empty.ALWAYS
    return Empty.SOMETIMES if _may(node, names) else Empty.NEVER


def _may(node: nodes.Node | None, names: Collection[str]) -> bool:
    """May this expression be an empty text?"""
    match node:
        case nodes.Name():
            return node.name in names
        case nodes.Const():
            return not _visible(str(node.value))
        case nodes.Or():
            return _may(node.left, names) and _may(node.right, names)
        case nodes.And():
            return _may(node.left, names) or _may(node.right, names)
        case nodes.CondExpr():
            return _may(node.expr1, names) or _may(node.expr2, names)
        case nodes.Concat():
            return all(_may(part, names) for part in node.nodes)
        case nodes.Filter(name="default" | "d") if len(node.args) == 2 or node.kwargs:
            return _may(node.node, names) and _may(node.args[0] if node.args else None, names)
        case nodes.Filter():
            return _may(node.node, names)
    return False


def _visible(text: str) -> bool:
    """Does a reader see anything? Tags and invisible characters are nothing."""
    return any(letter.isprintable() and not letter.isspace() for letter in html.unescape(_TAG.sub("", text)))
