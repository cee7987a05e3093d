"""One state of the files, on which each of them is looked at: what is in it, what it uses, how it comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from pathlib import PurePosixPath

from jinja2 import TemplateError, TemplateSyntaxError, nodes

from pipeline.replies.files import ERROR, Finding, error, read_head
from pipeline.replies.kinds import kind_of
from pipeline.replies.rules import Inspection, Reference
from pipeline.replies.sandbox import Press, Printed, body
from pipeline.replies.variables import VARIABLES, sample_sets


class CheckStage(Enum):
    """When a check has its turn. TOGETHER and FINISHED only begin where no error was found before."""

    ALONE = auto()  # what is in one file
    TOGETHER = auto()  # with the files that it uses
    LETTER = auto()  # a letter and its HTML part
    FINISHED = auto()  # as it comes out with every sample


@dataclass
class Looked:
    """A file on its own."""

    file: str  # as en/delivery.txt
    source: str = ""
    offset: int = 0  # lines above the template
    tree: nodes.Template | None = None  # None where it can't be read
    problem: Finding | None = None  # why
    inspected: Sequence[Finding] = ()  # of the statements
    references: Sequence[Reference] = ()
    blocks: Mapping[str, nodes.Block] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)  # of all checks of stage ALONE

    @property
    def bad(self) -> Finding | None:
        """Its first error."""
        return next((finding for finding in self.findings if finding.severity == ERROR), None)

    @property
    def parent(self) -> Reference | None:
        """What it extends."""
        return next((reference for reference in self.references if reference.extends), None)

    @property
    def line(self) -> int:
        """Where it first names another file."""
        return self.references[0].line if self.references else 1


@dataclass(frozen=True, kw_only=True)
class Prints:
    """A letter with every sample; or the sample with which it failed, and why."""

    printed: Sequence[tuple[Mapping[str, object], Printed]] = ()
    failed: tuple[Mapping[str, object], Exception] | None = None


@dataclass(frozen=True)
class Check:
    """A line of the table of checks."""

    run: Callable[[Bench, Looked], Iterable[Finding]]
    stage: CheckStage
    applies: Callable[[str], bool]  # to this file


class Bench:
    """The files, and what is known of them so far. `broken`: those that are not to be looked at, and why."""

    def __init__(
        self, sources: Mapping[str, str], broken: Mapping[str, Finding] | None = None, checks: Sequence[Check] = ()
    ) -> None:
        self.sources = sources
        self.press = Press(sources)
        self.kinds = {variable.name: kind_of(variable.sample) for variable in VARIABLES}
        self._checks = checks
        self._looked = {file: Looked(file, findings=[finding]) for file, finding in (broken or {}).items()}
        self._prints: dict[str, Prints] = {}

    @cached_property
    def may_be_empty(self) -> frozenset[str]:
        """Variables that are empty in some sample."""
        return frozenset(name for values in sample_sets() for name, value in values.items() if value == "")

    def run(self, stage: CheckStage, looked: Looked) -> list[Finding]:
        """What the checks of a stage find, in the order of the table."""
        checks = (check for check in self._checks if check.stage == stage and check.applies(looked.file))
        return [finding for check in checks for finding in check.run(self, looked)]

    def knows(self, file: str) -> bool:
        """Is there such a file, broken ones included?"""
        return file in self.sources or file in self._looked

    def look(self, file: str) -> Looked:
        """A file that is there, on its own; each is read once."""
        if file not in self._looked:
            looked = self._looked[file] = self._read(file)
            looked.findings = self.run(CheckStage.ALONE, looked)
        return self._looked[file]

    def parse(
        self, file: str, source: str, offset: int, *, escape: bool
    ) -> tuple[nodes.Template | None, Finding | None]:
        """The syntax tree of a piece of a file, or what is wrong with it; `offset`: lines above the piece."""
        environment = self.press.escaping if escape else self.press.plain
        try:
            return environment.parse(source), None
        except TemplateSyntaxError as problem:
            words = " ".join(str(problem.message).split())[:300]
            remedy = "every {% if %}, {% for %} and {% block %} needs its end; every {{ its }}"
            return None, error(file, problem.lineno + offset, "syntax", f"this can't be read: {words}", remedy)
        except RecursionError:
            return None, error(file, offset + 1, "nesting", "too many levels inside each other", "write it more simply")
        except ValueError:
            return None, error(
                file, offset + 1, "syntax", "a number in it is too long to be read", "write a shorter one"
            )

    def prints(self, file: str) -> Prints:
        """A letter as it comes out with every sample. Only for one without errors so far."""
        if file not in self._prints:
            self._prints[file] = self._print(PurePosixPath(file))
        return self._prints[file]

    def _read(self, file: str) -> Looked:
        source = self.sources[file]
        offset = read_head(source).lines if file.endswith(".txt") else 0
        tree, problem = self.parse(file, body(file, source), offset, escape=file.endswith(".html"))
        looked = Looked(file, source, offset, tree, problem)
        if tree is not None:
            inspection = Inspection(file, self.kinds, offset=offset)
            inspection.inspect(tree)
            looked.inspected = inspection.findings
            looked.references, looked.blocks = inspection.references, inspection.blocks
        return looked

    def _print(self, path: PurePosixPath) -> Prints:
        printed: list[tuple[Mapping[str, object], Printed]] = []
        for values in sample_sets():
            try:
                printed.append((values, self.press.print(path.parent.name, path.stem, values)))
            except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as problem:
                return Prints(failed=(values, problem))
        return Prints(printed=printed)


def broken_part(file: str, line: int, target: str, bad: Finding) -> Finding:
    """An error of a file that another one uses, as an error of that one."""
    message = f"{target}, which it uses, has an error in line {bad.line}: {bad.message}"
    return error(file, line, "broken-part", message, f"correct {target} first: {bad.remedy}")
