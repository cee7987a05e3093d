"""How urgent a ticket is: what the prepared situation says, raised a step by each thing that makes it worse."""

from __future__ import annotations

from pipeline.records.ticket import Priority

_STEPS = tuple(Priority)


def raised(base: Priority, *, negative: bool, repeated: bool, overdue: bool) -> Priority:
    """`negative`: the customer is surely upset; `repeated`: has complained before; `overdue`: a promise was broken."""
    step = _STEPS.index(base) + negative + repeated + overdue
    return _STEPS[min(step, len(_STEPS) - 1)]


def higher(one: Priority, other: Priority) -> Priority:
    """The more urgent of the two."""
    return max(one, other, key=_STEPS.index)
