"""template: the letters, what is wrong with them, and which one is sent when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, config_of, doors_of, print_json, print_jsonl, print_table, write_page
from pipeline.errors import ExitCode
from pipeline.records.letter import recorded_name
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.letters import ArticleDocument, LetterDocument, LintDocument
    from pipeline.config.settings import Config
    from pipeline.replies.files import Finding
    from pipeline.replies.letters import Loaded, TemplateLetters
    from pipeline.replies.matrix import Cell
    from pipeline.wiring.live_doors import LiveDoors

app = typer.Typer(help="The letters: what there is, and what is wrong with them.", no_args_is_help=True)


@app.command("list")
def list_templates(context: typer.Context, as_json: AsJson = False) -> None:
    """Every letter: its languages, what it is for, its versions, and whether the newest is in use."""
    config = config_of(context)
    rows = _letters(_in_use(config), config.replies.language)
    if as_json:
        print_jsonl(rows)
        return
    table = [
        (
            row["name"],
            " ".join(row["languages"]),
            row["description"],
            " ".join(dict.fromkeys(one["version"] for one in row["languages"].values())),
            "; ".join(f"{file}: {problem}" for file, problem in row["problems"].items()) or "in use",
        )
        for row in rows
    ]
    print_table(("name", "languages", "description", "versions", "state"), table)


def _in_use(config: Config) -> TemplateLetters:
    """The letters that would be sent now; what is wrong with others is for the caller to say, not for the log."""
    from pipeline import logs
    from pipeline.replies.letters import TemplateLetters

    logs.set_up(silent=True)
    return TemplateLetters.of(config)


def _letters(letters: TemplateLetters, first: str) -> list[LetterDocument]:
    """By name, those of all, then those that mailboxes have for themselves. A problem says why the newest version of a
    file is not in use; what is in use is beside it."""
    from pipeline.replies.files import is_part

    found = {file: why for file, why in letters.problems.items() if ": " not in file}  # with it: a mailbox's own
    broken = {file for file in found if not is_part(file) and file.endswith((".txt", ".html"))}
    names = {name for _, name in letters.names} | {Path(file).stem for file in broken}
    rows = [_letter(name, letters.loaded, found, first) for name in sorted(names)]
    for mailbox, own in letters.of_mailboxes.items():
        for name in sorted({name for _, name in own.own}):
            row = _letter(name, own.own, own.problems, first)
            rows.append({**row, "name": recorded_name(mailbox, name)})
    return rows


def _letter(
    name: str, loaded: Mapping[tuple[str, str], Loaded], problems: Mapping[str, str], first: str
) -> LetterDocument:
    languages = {language: one for (language, known), one in sorted(loaded.items()) if known == name}
    told = languages.get(first) or next(iter(languages.values()), None)
    return {
        "name": name,
        "description": told.description if told else "",
        "languages": {
            language: {"version": one.version, "subject": one.subject, "description": one.description}
            for language, one in languages.items()
        },
        "problems": {file: problem for file, problem in problems.items() if Path(file).stem == name},
    }


@app.command()
def lint(
    context: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE…]", help="Only these; all without. Also files from elsewhere.")
    ] = None,
    matrix: Annotated[bool, typer.Option("--matrix", help="Show which letter is sent when.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the letters: what could fail or mislead when a mail is answered. Exit code 1 when there is an error."""
    from pipeline import logs
    from pipeline.cli.documents.letters import cell_document, finding_document
    from pipeline.desk import lint as desk
    from pipeline.replies.files import ERROR

    logs.set_up(silent=True)  # what is wrong is said here
    config = config_of(context)
    linted = desk.lint_files(config, files) if files else desk.lint(config)
    cells = {name: desk.cells(config, name) for name in ("", *desk.own_shelves(config))} if matrix else {}
    document: LintDocument = {
        "checked": linted.checked,
        "findings": [finding_document(one) for one in linted.findings],
    }
    if matrix:
        document["matrix"] = [cell_document(cell, name) for name, of in cells.items() for cell in of]
    if as_json:
        print_json(document)
    else:
        _print_findings(linted.findings, linted.checked)
        for name, of in cells.items():
            _print_matrix(of, name)
    if any(finding.severity == ERROR for finding in linted.findings):
        raise typer.Exit(ExitCode.PROBLEM)


def _print_findings(findings: Sequence[Finding], checked: int) -> None:
    """By file, as compilers do; letters that a language lacks in one line a language."""
    from pipeline.replies.matrix import MISSING

    said = [finding for finding in findings if finding.code != MISSING]
    for file, group in groupby(said, key=lambda finding: finding.file):
        print(file)
        for one in group:
            line = f"line {one.line}  " if one.line else ""
            print(f"  {line}{one.severity}: {one.message} → {one.remedy}")
    _print_missing([finding.file for finding in findings if finding.code == MISSING])
    errors = sum(finding.severity == "error" for finding in findings)
    print(f"{many(checked, 'file')} checked: {many(errors, 'error')}, {many(len(findings) - errors, 'warning')}")


def _print_missing(files: list[str]) -> None:
    for language, group in groupby(sorted(files), key=lambda file: file.partition("/")[0]):
        names = [Path(file).stem for file in group]
        print(f"{language}: {many(len(names), 'letter')} missing, others are sent instead (--matrix shows which)")
        print(fill(", ".join(names), width=100, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False))


def _print_matrix(cells: list[Cell], mailbox: str) -> None:
    """A row per topic and kind, a column per language; what is not complete says what is sent instead."""
    if not cells:
        return
    languages = list(dict.fromkeys(cell.language for cell in cells))
    rows = []
    for (topic, complaint, outside), group in groupby(
        sorted(cells, key=lambda cell: (cell.topic, cell.complaint, cell.outside_hours)),
        key=lambda cell: (cell.topic, cell.complaint, cell.outside_hours),
    ):
        sent = {cell.language: _sent(cell) for cell in group}
        kind = "complaint" if complaint else ""
        rows.append((topic, kind, "outside hours" if outside else "", *(sent[language] for language in languages)))
    print_table(
        ("topic", "", "", *languages), rows, title=f"which letter is sent{f' for mail to {mailbox}' if mailbox else ''}"
    )


def _sent(cell: Cell) -> str:
    if cell.letter != cell.wanted:
        return f"→ {cell.letter or 'built-in text'}"
    return "ok" if cell.complete else "does not say when work begins"


@app.command("matrix")
def show_matrix(
    context: typer.Context,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with every letter as sent.")] = None,
    as_json: AsJson = False,
) -> None:
    """Which letter is sent when; with --html each letter as it is sent, all languages side by side."""
    from pipeline import logs
    from pipeline.cli.documents.letters import matrix_letter_document
    from pipeline.desk import letter_matrix
    from pipeline.desk import lint as desk

    with doors_of(context) as doors:
        logs.set_up(silent=True)  # the page says what is not usable
        cells = {name: desk.cells(doors.config, name) for name in ("", *desk.own_shelves(doors.config))}
        rows = letter_matrix.rows(doors) if html or as_json else []
    if html:
        write_page(html, letter_matrix.render(rows, cells))
    if as_json:
        print_jsonl(
            matrix_letter_document(row, language, letter) for row in rows for language, letter in row.letters.items()
        )
    elif html:
        print(f"{html}: open it in a browser")
    else:
        for name, of in cells.items():
            _print_matrix(of, name)


@app.command()
def variables(context: typer.Context, as_json: AsJson = False) -> None:
    """Every name that a letter may use, with what it is and a sample."""
    from pipeline.cli.documents.letters import variable_document
    from pipeline.replies.variables import VARIABLES

    if as_json:
        print_jsonl(variable_document(variable) for variable in VARIABLES)
        return
    rows = [(variable.name, variable.type, variable.about, _sample(variable.sample)) for variable in VARIABLES]
    print_table(("name", "type", "what it is", "sample"), rows)


def _sample(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(" · ".join(one.values()) if isinstance(one, dict) else one for one in value)
    return str(value)


@app.command()
def articles(context: typer.Context, as_json: AsJson = False) -> None:
    """The help pages, how often each was offered, and after how many offers the customer wrote again."""
    with doors_of(context) as doors:
        rows = _articles(doors)
        problems = dict(doors.articles.problems)
    if as_json:
        print_jsonl(rows)
        return
    columns = ("language", "name", "title", "link", "offered", "wrote_again")
    print_table([column.replace("_", " ") for column in columns], [[*row.values()] for row in rows])
    for file, problem in problems.items():
        print(f"{file} is not in use: {problem}")


def _articles(doors: LiveDoors) -> list[ArticleDocument]:
    """By language and name; a page that is gone but was offered still counts."""
    from pipeline.cli.documents.letters import article_document

    offers = doors.given.article_offers()
    known = {(one.language, one.name): one for one in doors.articles.all}
    rows: list[ArticleDocument] = []
    for language, name in sorted({*known, *offers}):
        page, (offered, again) = known.get((language, name)), offers.get((language, name), (0, 0))
        title, link = (page.title, page.link) if page else ("(gone)", "")
        rows.append(article_document(language, name, title, link, offered=offered, wrote_again=again))
    return rows
