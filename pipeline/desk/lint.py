"""What is wrong with the letters: those of all mailboxes, and those that a mailbox has for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.config.settings import Config
from pipeline.errors import UsageError
from pipeline.replies.articles import ArticleShelf, problems_with
from pipeline.replies.files import ENDS, WARNING, Finding, names_in, read_content, take_snapshot
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.matrix import Cell, gaps, matrix, unreachable
from pipeline.replies.supervise import LintReport, check

Files = dict[str, bytes | OSError]


@dataclass(frozen=True, kw_only=True)
class Linted:
    """What came of looking."""

    checked: int  # files
    findings: tuple[Finding, ...]  # a mailbox's own files are named as support: en/delivery.txt


def lint(config: Config) -> Linted:
    """All of them, and what is missing among them."""
    every = take_snapshot(*config.letter_folders())
    report = check(every)
    whole = _about_all(config, "", report.uses, every)
    findings = {*report.findings, *whole, *_about_articles(config)}
    parts = [_of_mailbox(config, name, whole) for name in own_shelves(config)]
    return Linted(
        checked=len(report.results) + sum(one.checked for one in parts),
        findings=_in_order([*findings, *(finding for one in parts for finding in one.findings)]),
    )


def lint_files(config: Config, files: Sequence[str]) -> Linted:
    """These alone; one from elsewhere as if it lay among the letters. Raises UsageError for what is no template."""
    by_mailbox: dict[str, tuple[Files, list[str]]] = {}
    for file in files:
        mailbox = _whose(config, file)
        every, only = by_mailbox.setdefault(mailbox, (take_snapshot(*config.letter_folders(mailbox)), []))
        only.append(_named(config, file, config.letter_folders(mailbox), every))
    reports = {mailbox: check(every, only=only) for mailbox, (every, only) in by_mailbox.items()}
    return Linted(
        checked=sum(len(report.results) for report in reports.values()),
        findings=_in_order([one for name, report in reports.items() for one in _prefixed(name, report.findings)]),
    )


def own_shelves(config: Config) -> list[str]:
    """Mailboxes whose mail other letters may answer than that of the others."""
    return [name for name, box in config.mailbox.items() if box.templates or box.topics]


def cells(config: Config, mailbox: str = "", letters: TemplateLetters | None = None) -> list[Cell]:
    """Which letter is sent when; `mailbox`: for its mail; `letters`: where they are read already."""
    letters = (letters or TemplateLetters.of(config)).of_mailbox(mailbox)
    languages = sorted({language for language, _ in letters.names})

    def opening(language: str, name: str) -> bool:
        return letters.loaded[language, name].fit.says_opening

    return matrix(asked_for(config.of_mailbox(mailbox)), languages, letters.chosen, opening)


def asked_for(config: Config) -> dict[str, str]:
    """Topic → the name of its letter, for topics that are acknowledged."""
    topics = config.topics.items()
    return {name: topic.template or name for name, topic in topics if topic.acknowledge}


def _of_mailbox(config: Config, name: str, known: Iterable[Finding]) -> Linted:
    """What its own files bring about, and what is `known` of all letters only once."""
    folders = config.letter_folders(name)
    own = set(names_in(folders[1])) if len(folders) > 1 else set()
    every = take_snapshot(*folders)
    report = _concerned(check(every), own) if own else LintReport(results={}, texts={})
    whole = set(_about_all(config, name, report.uses, [file for file in every if file in own])) - set(known)
    return Linted(checked=len(report.results), findings=tuple(_prefixed(name, [*report.findings, *whole])))


def _concerned(report: LintReport, own: set[str]) -> LintReport:
    """Of all that was looked at, what is or uses a file of the mailbox's own."""
    results = {file: one for file, one in report.results.items() if own & {file, *one.uses}}
    return LintReport(results=results, texts=report.texts)


def _about_all(config: Config, mailbox: str, uses: set[str], files: Iterable[str]) -> list[Finding]:
    """Gaps in the matrix, and files that nothing leads to; where no topic is configured it can't be known."""
    topics = asked_for(config.of_mailbox(mailbox))
    if not mailbox:  # a letter of all may be there for the topic of one mailbox
        topics |= {
            f"{name} {topic}": letter
            for name in config.mailbox
            for topic, letter in asked_for(config.of_mailbox(name)).items()
        }
    return [*gaps(cells(config, mailbox)), *(unreachable(files, uses, topics) if topics else ())]


def _about_articles(config: Config) -> list[Finding]:
    """Help pages that can't be read, and names in the configuration that no page has."""
    return [
        Finding(file=where, line=0, severity=WARNING, code="article", message=problem, remedy=remedy)
        for where, problem, remedy in problems_with(ArticleShelf.of(config), config)
    ]


def _prefixed(mailbox: str, findings: Iterable[Finding]) -> list[Finding]:
    return [replace(one, file=f"{mailbox}: {one.file}") if mailbox else one for one in findings]


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.file, one.line, one.severity, one.message)))


def _whose(config: Config, file: str) -> str:
    """The mailbox in whose own folder it lies, ''. A bare en/delivery.txt is that of all, where there is one."""
    own = [name for name, box in config.mailbox.items() if box.templates]
    return next((name for name in ("", *own) if _inside(config.letter_folders(name)[-1], file)), "")


def _inside(folder: Path, file: str) -> str:
    """Its name in this folder, as en/delivery.txt; '' when it does not lie there."""
    found, top = [path.resolve() for path in (folder / file, Path(file)) if path.is_file()], folder.resolve()
    return next((path.relative_to(top).as_posix() for path in found if path.is_relative_to(top)), "")


def _named(config: Config, file: str, folders: Sequence[Path], every: Files) -> str:
    """The file as the letters know it. One from elsewhere is looked at as if it lay among them."""
    name, path = _inside(folders[-1], file), Path(file)
    if name in every:
        return name
    if not path.is_file() or path.suffix not in ENDS:
        raise UsageError("there is no such template", where=file, remedy="name a .txt or .html file: en/delivery.txt")
    return _as_among_them(config, path, every)


def _as_among_them(config: Config, path: Path, every: Files) -> str:
    languages = {name.partition("/")[0] for name in every}
    language = path.resolve().parent.name
    name = f"{language if language in languages else config.replies.language}/{path.name}"
    every[name] = read_content(path)
    return name
