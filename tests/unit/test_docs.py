"""What is not documented does not exist: commands, exit codes, template variables, links."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import get_args

import pytest
import typer.main

from handbook.reference.pages import PAGES as MADE
from pipeline import logs
from pipeline.cli import app
from pipeline.engine.workers import queue
from pipeline.errors import ExitCode
from pipeline.records.effect import EffectState
from pipeline.records.mail import MailState
from pipeline.replies.variables import VARIABLES

ROOT = Path(__file__).parents[2]
BESIDE = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md")
PAGES = [*(ROOT / name for name in BESIDE), *sorted((ROOT / "docs").rglob("*.md"))]
MEASURED = ROOT / "docs/benchmarks"
DOCS = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def commands() -> list[str]:
    group = typer.main.get_command(app)
    found: list[str] = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [f"{name} {sub}" for sub in inner] if inner else [name]
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"\b{command}\b", DOCS), f"firstline {command} stands in no document"


def test_every_command_and_option_helps_itself() -> None:
    group = typer.main.get_command(app)
    for command in group.commands.values():  # type: ignore[attr-defined]
        for inner in getattr(command, "commands", {"": command}).values():
            assert inner.help, inner.name
            for option in inner.params:
                if option.param_type_name == "option":
                    assert option.help, f"{inner.name} {option.name}"


def test_every_exit_code_is_documented() -> None:
    codes = {value for name, value in vars(ExitCode).items() if name.isupper()}
    table = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d) \|", table, re.MULTILINE)} == codes


def test_every_state_is_documented() -> None:
    page = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    for state in (*MailState, *EffectState):
        assert f"| `{state}` |" in page, state


def test_every_template_variable_is_documented_and_no_other() -> None:
    page = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", page.partition("## Variables")[2], re.MULTILINE))
    assert documented == {variable.name for variable in VARIABLES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_the_quick_start_is_a_valid_configuration_in_under_ten_lines() -> None:
    import tomllib

    from pipeline.config.load import check

    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    settings = check(tomllib.loads(text), ROOT / "config.toml")
    assert settings.mailbox["support"].addresses == ("support@example.com",)
    keys = [line for line in text.splitlines() if "=" in line]
    assert len(keys) < 10


def _configurations(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in re.findall(r"```toml\n(.*?)```", text, re.S)]


@pytest.mark.parametrize("block", _configurations("providers.md"))
def test_what_the_page_of_the_providers_says_is_a_valid_configuration(block: str) -> None:
    import tomllib

    from pipeline.config.load import check

    told = tomllib.loads(block)
    for box in told.get("mailbox", {}).values():
        for key, value in {"host": "imap.example.com", "username": "support@example.com"}.items():
            box.setdefault(key, value)
    settings = check(told, ROOT / "config.toml")
    assert settings.mailbox or settings.smtp


def test_every_step_and_event_of_the_log_is_on_the_page_of_the_operator() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    logs_section = page[page.index("## Logs") :]
    for name in (*get_args(logs.Step), *queue.EVENTS_DONE.values(), *queue.EVENTS_ELSE.values()):
        assert f"`{name}`" in logs_section, name


def test_every_test_that_a_page_names_is_there() -> None:
    named = re.findall(r"(tests/[\w/]+\.py)::(test_\w+)", (ROOT / "docs/security.md").read_text(encoding="utf-8"))
    assert len(named) > 20
    for file, name in named:
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"


def test_every_kind_of_problem_says_what_it_means_and_what_to_do() -> None:
    from pipeline.desk.health_document import ProblemKind

    page = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    part = page.partition("## What it means when the monitor is red")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    told = {kind for row in rows for kind in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert told == {kind.value for kind in ProblemKind}
    assert all(all(cell.strip() for cell in row.split("|")[1:4]) for row in rows)


@pytest.mark.parametrize("path", MADE)
def test_a_page_that_is_made_from_the_program_is_what_the_program_makes_now(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == MADE[path](), "make docs"


def test_each_page_says_in_its_first_line_whom_it_is_for() -> None:
    for page in sorted((ROOT / "docs").rglob("*.md")):
        title, reader, *_ = page.read_text(encoding="utf-8").splitlines()
        assert title.startswith("# "), page
        if page.parent != MEASURED:  # whoever doubts a figure: their index says so
            assert re.match(r"\*For .+\.\*", reader), page


def test_each_page_has_its_place_in_the_site() -> None:
    listed = re.findall(r"[\w/-]+\.md$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(listed) == len(set(listed))
    inside = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    assert inside <= set(listed)
