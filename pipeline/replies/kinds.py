"""What an expression of a template yields, worked out before anything is rendered; and which filters fit it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What an expression yields."""

    word: str
    of: Kind | None = None  # of a list: what is in it
    fields: Mapping[str, Kind] = field(default_factory=dict)  # of a record


TEXT, NUMBER, YES_NO, MIXED = (Kind(word=word) for word in ("text", "a number", "true or false", "of several kinds"))
UNKNOWN = Kind(word="unknown")
LOOP = Kind(
    word="a record",
    fields=dict.fromkeys(("index", "index0", "revindex", "revindex0", "length"), NUMBER)
    | dict.fromkeys(("first", "last"), YES_NO),
)
_ORDERING = ("lt", "lteq", "gt", "gteq")


def kind_of(sample: object) -> Kind:
    """The kind of a variable, by its sample."""
    match sample:
        case bool():
            return YES_NO
        case int() | float():
            return NUMBER
        case list() | tuple():
            return Kind(word="a list", of=kind_of(sample[0]) if sample else TEXT)
        case dict():
            return Kind(word="a record", fields={name: kind_of(value) for name, value in sample.items()})
        case _:
            return TEXT


def join_kinds(left: Kind, right: Kind) -> Kind:
    """The kind of what is one or the other."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if left == right:
        return left
    return next((kind for kind in (left, right) if kind.of or kind.fields), MIXED)


def can_compare(operator: str, left: Kind, right: Kind) -> bool:
    """Does it mean anything to compare these by this operator of Jinja?"""
    if operator in _ORDERING:
        return left == right == NUMBER
    if operator in ("in", "notin"):
        return bool(right.of) or left == right == TEXT
    return True


def is_plain(kind: Kind) -> bool:
    """Can it be printed as it is?"""
    return kind in (TEXT, NUMBER, MIXED)


def is_bare(node: nodes.Filter) -> bool:
    """Is the filter used without arguments?"""
    return not node.args and not node.kwargs


def _values(node: nodes.Filter) -> list[object]:
    """The arguments, when all are constants."""
    return [argument.value for argument in node.args if isinstance(argument, nodes.Const)]


def _joins(node: nodes.Filter) -> bool:
    between = _values(node)
    return len(between) == len(node.args) <= 1 and not node.kwargs and all(len(str(text)) <= 50 for text in between)


def _truncates(node: nodes.Filter) -> bool:
    given = _values(node)
    whole = len(given) == len(node.args) and not node.kwargs
    return whole and 1 <= len(given) <= 2 and type(given[0]) is int and 10 <= given[0] <= 100_000


def _replaces(node: nodes.Filter) -> bool:
    """By something no longer, so that a text can't be made to grow."""
    given = _values(node)
    if len(given) != len(node.args) or len(given) != 2 or node.kwargs:
        return False
    old, new = given
    return isinstance(old, str) and isinstance(new, str) and 0 < len(old) >= len(new)


# Filter → what it takes, how it may be used, what to write instead, what it yields.
USE: dict[str, tuple[Callable[[Kind], bool], Callable[[nodes.Filter], bool], str, Kind]] = {
    "length": (lambda kind: bool(kind.of) or kind == TEXT, is_bare, "{{ grants|length }}", NUMBER),
    "count": (lambda kind: bool(kind.of) or kind == TEXT, is_bare, "{{ grants|count }}", NUMBER),
    "join": (lambda kind: kind.of == TEXT, _joins, "texts and what is between: {{ grants|join(', ') }}", TEXT),
    "truncate": (lambda kind: kind == TEXT, _truncates, "{{ subject|truncate(60) }}, at least 10", TEXT),
    "replace": (lambda kind: kind == TEXT, _replaces, "two texts in quotes, the second no longer than the first", TEXT),
}  # fmt: skip
_TEXT_FILTERS = ("upper", "lower", "title", "capitalize", "trim", "e", "escape")
FILTERS = (*_TEXT_FILTERS, "default", "d", "length", "count", "join", "truncate", "replace")
