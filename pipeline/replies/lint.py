"""Everything that is to be known of a file before a letter is made from it.

Runs in the child process (child.py): even reading a hostile file may take for ever. `Bench.check` looks at one file; a
letter is looked at together with what it uses, and rendered with every sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, nodes

from pipeline.replies import markup
from pipeline.replies.emptiness import Empty, emptiness
from pipeline.replies.files import (
    ERROR,
    Finding,
    Result,
    beside,
    error,
    head_findings,
    is_complaint,
    is_part,
    read_head,
    warning,
)
from pipeline.replies.kinds import kind_of
from pipeline.replies.rules import Inspection, Reference
from pipeline.replies.sandbox import Press, Printed, body
from pipeline.replies.variables import VARIABLES, sample_sets

BLOCKS = ("thank", "accept", "apologise", "act", "respond")
LONGEST_CHAIN = 5  # of bases
MOST_FINDINGS = 20  # of one file: more help nobody
# A word of these stands in every apology.
APOLOGY = {
    "en": r"sorry|apolog|regret",
    "de": r"entschuldig|\bleid\b|leidtun|bedauer|verzeih",
    "fr": r"excus|désolé|regrett|navré|pardon",
    "es": r"disculp|sentimos|lamenta|perdón",
    "fi": r"pahoi|anteeksi|valitet|valitamme",
}


@dataclass
class _Looked:
    """A file on its own."""

    findings: list[Finding]
    references: list[Reference] = field(default_factory=list)
    blocks: Mapping[str, nodes.Block] = field(default_factory=dict)
    tree: nodes.Template | None = None

    @property
    def bad(self) -> Finding | None:
        return next((finding for finding in self.findings if finding.severity == ERROR), None)

    @property
    def parent(self) -> Reference | None:
        return next((reference for reference in self.references if reference.extends), None)


class Bench:
    """One state of the files, on which each of them is checked. `broken`: files not to be looked at, and why."""

    def __init__(self, sources: Mapping[str, str], broken: Mapping[str, Finding] | None = None) -> None:
        self.sources = sources
        self._looked = {file: _Looked([finding]) for file, finding in (broken or {}).items()}
        self._press = Press(sources)
        self._kinds = {variable.name: kind_of(variable.sample) for variable in VARIABLES}

    @cached_property
    def _may_be_empty(self) -> frozenset[str]:
        return frozenset(name for values in sample_sets() for name, value in values.items() if value == "")

    def check(self, file: str) -> Result:
        looked = self._look(file)
        findings = list(looked.findings)
        uses: tuple[str, ...] = (file,)
        if not looked.bad:
            uses, more = self._used(file)
            findings += more
            findings += self._lost(file)
        if is_part(file) or not file.endswith(".txt"):
            findings += [] if is_part(file) else self._page_alone(file)
            return Result(file=file, findings=tuple(findings[:MOST_FINDINGS]), uses=uses)
        return self._letter(file, findings, uses)

    # --- a file on its own ---

    def _look(self, file: str) -> _Looked:
        if file not in self._looked:
            self._looked[file] = self._read(file)
        return self._looked[file]

    def _read(self, file: str) -> _Looked:
        source = self.sources[file]
        found = self._subject(file, source) if file.endswith(".txt") else []
        offset = read_head(source).lines if file.endswith(".txt") else 0
        tree, problem = self._parsed(file, body(file, source), offset, escape=file.endswith(".html"))
        if tree is None or problem:
            return _Looked([*found, *([problem] if problem else [])])
        seen = Inspection(file, self._kinds, offset=offset)
        seen.inspect(tree)
        found += seen.findings
        if file.endswith(".html"):
            found += self._markup(file, tree)
        return _Looked(found, seen.references, seen.blocks, tree)

    def _parsed(
        self, file: str, source: str, offset: int, *, escape: bool
    ) -> tuple[nodes.Template | None, Finding | None]:
        environment = self._press.escaping if escape else self._press.plain
        try:
            return environment.parse(source), None
        except TemplateSyntaxError as problem:
            said = " ".join(str(problem.message).split())[:300]
            remedy = "every {% if %}, {% for %} and {% block %} needs its end; every {{ its }}"
            return None, error(file, problem.lineno + offset, "syntax", f"this can't be read: {said}", remedy)
        except RecursionError:
            return None, error(file, offset + 1, "nesting", "too many levels inside each other", "write it more simply")
        except ValueError:
            return None, error(
                file, offset + 1, "syntax", "a number in it is too long to be read", "write a shorter one"
            )

    def _subject(self, file: str, source: str) -> list[Finding]:
        found = head_findings(file, source)
        subject = read_head(source).fields.get("subject", "")
        if is_part(file):
            return found
        if not subject:
            found.append(error(file, 1, "subject", "the subject is missing", "begin the file with a line 'Subject: …'"))
            return found
        line = next(number for number, text in enumerate(source.split("\n"), 1) if text.lower().startswith("subject"))
        tree, problem = self._parsed(file, subject, line - 1, escape=False)
        if tree is None:
            return [*found, problem] if problem else found
        seen = Inspection(file, self._kinds, offset=line - 1, head=True)
        seen.inspect(tree)
        found += seen.findings
        if not seen.findings and (how := emptiness(tree.body, self._may_be_empty)):
            found.append(
                error(file, line, "empty-subject", f"the subject is {_often(how)} empty",
                      "add words of your own: {{ subject or 'your message' }}")
            )  # fmt: skip
        return found

    def _markup(self, file: str, tree: nodes.Template) -> list[Finding]:
        found: dict[tuple[str, str], Finding] = {}
        for page in markup.sources(tree, sample_sets()[0]):
            for line, code, message, remedy in markup.problems(page):
                found.setdefault((code, message), error(file, line, code, message, remedy))
        return list(found.values())

    # --- a file and what it uses ---

    def _used(self, file: str) -> tuple[tuple[str, ...], list[Finding]]:
        """The files that this one is made of, and what is wrong with their being together."""
        uses, findings, at = [file], [], file
        while (parent := self._look(at).parent) is not None:
            target = beside(at, parent.file)
            if target in uses or len(uses) > LONGEST_CHAIN:
                remedy = "extend a base that ends the chain: base.txt"
                findings.append(
                    error(file, self._line(file), "cycle", f"'{parent.file}' leads back here, or too far", remedy)
                )
                return tuple(uses), findings
            if problem := self._unusable(at, parent):
                return tuple(uses), [problem if at == file else self._handed_on(file, at, problem)]
            uses.append(target)
            at = target
        for user in tuple(uses):
            for one in self._look(user).references:
                if not one.extends:
                    problem = self._unusable(user, one) or self._goes_on(user, one)
                    if problem:
                        findings.append(problem if user == file else self._handed_on(file, user, problem))
                    uses.append(beside(user, one.file))
        return tuple(dict.fromkeys(uses)), findings

    def _line(self, file: str) -> int:
        references = self._look(file).references
        return references[0].line if references else 1

    def _unusable(self, file: str, reference: Reference) -> Finding | None:
        target, name = beside(file, reference.file), reference.file[:80]
        if target not in self.sources and target not in self._looked:
            names = sorted(
                PurePosixPath(other).name
                for other in self.sources
                if is_part(other) and beside(file, PurePosixPath(other).name) == other
            )
            there = f"there are: {', '.join(names)}" if names else "make the file first"
            return error(file, reference.line, "outside", f"there is no file '{name}' among the templates", there)
        bad = self._look(target).bad
        return self._broken(file, reference.line, target, bad) if bad else None

    def _broken(self, file: str, line: int, target: str, bad: Finding) -> Finding:
        message = f"{target}, which it uses, has an error in line {bad.line}: {bad.message}"
        return error(file, line, "broken-part", message, f"mend {target} first: {bad.remedy}")

    def _handed_on(self, file: str, user: str, problem: Finding) -> Finding:
        return self._broken(file, self._line(file), user, problem)

    def _goes_on(self, file: str, reference: Reference) -> Finding | None:
        """An included file that itself uses others could go round in circles."""
        if not self._look(beside(file, reference.file)).references:
            return None
        remedy = "copy what it uses into it"
        return error(
            file, reference.line, "cycle", f"'{reference.file[:80]}' is included and uses other files itself", remedy
        )

    def _lost(self, file: str) -> Iterator[Finding]:
        """What stands in the file and would never be sent."""
        looked = self._look(file)
        if looked.tree is None or looked.parent is None:
            return
        known: set[str] = set()
        at = file
        for _ in range(LONGEST_CHAIN):
            parent = self._look(at).parent
            at = beside(at, parent.file) if parent else ""
            if not at or at not in self.sources:
                break
            known |= set(self._look(at).blocks)
        nested = {inner.name for block in looked.blocks.values() for inner in block.find_all(nodes.Block)}
        offset = read_head(self.sources[file]).lines if file.endswith(".txt") else 0
        for name, block in looked.blocks.items():
            if known and name not in known and name not in nested:
                remedy = f"its blocks are: {', '.join(sorted(known))}"
                yield error(
                    file,
                    block.lineno + offset,
                    "lost-block",
                    f"no base has a block '{name}': its text would never be sent",
                    remedy,
                )
        for node in looked.tree.body:
            if isinstance(node, nodes.Output) and emptiness([node], ()) != Empty.ALWAYS:
                yield warning(
                    file,
                    node.lineno + offset,
                    "lost-text",
                    "this stands outside of all blocks and is never sent",
                    "move it into a block, or delete it",
                )

    # --- letters ---

    def _page_alone(self, file: str) -> list[Finding]:
        if file.removesuffix(".html") + ".txt" in self.sources:
            return []
        return [
            error(
                file,
                0,
                "no-text",
                "there is an HTML part and no text",
                "add the .txt file: it is the letter, the HTML goes with it",
            )
        ]

    def _letter(self, file: str, findings: list[Finding], uses: tuple[str, ...]) -> Result:
        page = file.removesuffix(".txt") + ".html"
        if page in self.sources:
            page_uses, problems = self._used(page)
            bad = self._look(page).bad or next((one for one in problems if one.severity == ERROR), None)
            findings += [self._broken(file, 1, page, bad)] if bad else []
            uses = tuple(dict.fromkeys((*uses, *page_uses)))
        if is_complaint(file):
            findings += self._five_steps(file)
            findings += self._five_steps(page) if page in self.sources else []
        says_opening = False
        if not any(finding.severity == ERROR for finding in findings):
            rendered, says_opening = self._rendered(file)
            findings += rendered
        fit = not any(finding.severity == ERROR for finding in findings)
        shown = sorted(findings, key=lambda finding: finding.severity)[:MOST_FINDINGS]
        return Result(file=file, findings=tuple(shown), fit=fit, uses=uses, says_opening=says_opening)

    def _five_steps(self, file: str) -> Iterator[Finding]:
        """Thank, accept, apologise, act, respond: each in the file itself, each with something to say."""
        looked = self._look(file)
        if looked.tree is None:
            return
        offset = read_head(self.sources[file]).lines if file.endswith(".txt") else 0
        for name in BLOCKS:
            block = looked.blocks.get(name)
            if block is None:
                yield error(
                    file,
                    0,
                    "missing-block",
                    f"a complaint letter needs the block '{name}'",
                    f"{{% block {name} %}} … {{% endblock %}}",
                )
            elif how := emptiness(block.body, self._may_be_empty):
                yield error(
                    file,
                    block.lineno + offset,
                    "empty-block",
                    f"the block '{name}' is {_often(how)} empty",
                    "write a sentence that is always there",
                )
            elif name == "apologise" and not self._apologises(file, block):
                yield warning(
                    file,
                    block.lineno + offset,
                    "no-apology",
                    "the block 'apologise' holds no word of apology",
                    "say that you are sorry",
                )

    def _apologises(self, file: str, block: nodes.Block) -> bool:
        """True as well for languages of which no words of apology are known, and for texts that stand elsewhere."""
        words = APOLOGY.get(file.partition("/")[0])
        said = " ".join(data.data for data in block.find_all(nodes.TemplateData)).lower()
        return words is None or bool(re.search(words, said)) or any(block.find_all(nodes.Include))

    def _rendered(self, file: str) -> tuple[list[Finding], bool]:
        language, name = PurePosixPath(file).parent.name, PurePosixPath(file).stem
        shown: list[tuple[Mapping[str, Any], Printed]] = []
        for values in sample_sets():
            try:
                shown.append((values, self._press.print(language, name, values)))
            except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as problem:
                return [self._failed(file, problem, values)], False
        pages = {
            finding.message: finding
            for _, printed in shown
            if printed.html
            for finding in self._page(file, printed.html)
        }
        opening = [(values["opens"], printed) for values, printed in shown if values.get("opens")]
        return list(pages.values()), bool(opening) and all(opens in printed.text for opens, printed in opening)

    def _failed(self, file: str, problem: Exception, values: Mapping[str, Any]) -> Finding:
        ordinary = sample_sets()[0]
        differs = ", ".join(
            f"{name} = {str(value)[:40]!r}" for name, value in values.items() if value != ordinary[name]
        )
        what = str(problem) if isinstance(problem, ValueError) else "it can't be filled in"
        return error(
            file,
            0,
            "fails",
            f"with {differs or 'the ordinary sample'}: {what}",
            "look at what this sample leads to, and write it more simply",
        )

    def _page(self, file: str, page: str) -> Iterator[Finding]:
        for _line, code, message, remedy in markup.problems(page):
            yield error(file.removesuffix(".txt") + ".html", 0, code, f"the finished page: {message}", remedy)


def _often(how: Empty) -> str:
    return "always" if how == Empty.ALWAYS else "for some mails"
