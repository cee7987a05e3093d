"""The files that a file is made of: they are there, are valid themselves, and don't go round in circles."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from pipeline.replies.bench import Bench, Looked, broken_part
from pipeline.replies.files import Finding, beside, error, is_part
from pipeline.replies.rules import Reference

LONGEST_CHAIN = 5  # of bases


def check(bench: Bench, looked: Looked) -> Iterable[Finding]:
    """Codes `cycle`, `outside` and `broken-part`."""
    return follow(bench, looked.file)[1]


def follow(bench: Bench, file: str) -> tuple[tuple[str, ...], list[Finding]]:
    """The files that this one is made of, itself first, and what is wrong with their being together."""
    uses, findings, at = [file], [], file
    while (parent := bench.look(at).parent) is not None:
        target = beside(at, parent.file)
        if target in uses or len(uses) > LONGEST_CHAIN:
            message, remedy = (
                f"'{parent.file}' leads back here, or too far",
                "extend a base that ends the chain: base.txt",
            )
            return tuple(uses), [error(file, bench.look(file).line, "cycle", message, remedy)]
        if problem := _unusable(bench, at, parent):
            return tuple(uses), [_as_of(bench, file, at, problem)]
        uses.append(target)
        at = target
    for user in tuple(uses):
        for one in bench.look(user).references:
            if not one.extends:
                problem = _unusable(bench, user, one) or _goes_on(bench, user, one)
                findings += [_as_of(bench, file, user, problem)] if problem else []
                uses.append(beside(user, one.file))
    return tuple(dict.fromkeys(uses)), findings


def _unusable(bench: Bench, file: str, reference: Reference) -> Finding | None:
    target, name = beside(file, reference.file), reference.file[:80]
    if not bench.knows(target):
        names = sorted(
            PurePosixPath(other).name
            for other in bench.sources
            if is_part(other) and beside(file, PurePosixPath(other).name) == other
        )
        there = f"there are: {', '.join(names)}" if names else "make the file first"
        return error(file, reference.line, "outside", f"there is no file '{name}' among the templates", there)
    bad = bench.look(target).bad
    return broken_part(file, reference.line, target, bad) if bad else None


def _as_of(bench: Bench, file: str, user: str, problem: Finding) -> Finding:
    """What was found in a file further on, as an error of the one that began."""
    return problem if user == file else broken_part(file, bench.look(file).line, user, problem)


def _goes_on(bench: Bench, file: str, reference: Reference) -> Finding | None:
    """An included file that itself uses others could go round in circles."""
    if not bench.look(beside(file, reference.file)).references:
        return None
    message = f"'{reference.file[:80]}' is included and uses other files itself"
    return error(file, reference.line, "cycle", message, "copy what it uses into it")
