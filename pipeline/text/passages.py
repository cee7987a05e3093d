"""The kinds of lines that a mail is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class LineKind(StrEnum):
    """What a line of a mail is."""

    NEW = "new"
    QUOTED = "quoted"
    SIGNATURE = "signature"
    FORWARDED = "forwarded"
    FRAME = "frame"  # what a program or a gateway put around it


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that follow each other and are of one kind."""

    kind: LineKind
    text: str


def passages(lines: Sequence[str], kinds: Sequence[LineKind]) -> tuple[Passage, ...]:
    """Lines of one kind together. Empty lines belong to what stands above them."""
    found: list[tuple[LineKind, list[str]]] = []
    for line, kind in zip(lines, kinds, strict=True):
        if found and (kind is found[-1][0] or not line.strip()):
            found[-1][1].append(line)
        else:
            found.append((kind, [line]))
    return tuple(Passage(kind, "\n".join(some)) for kind, some in found)
