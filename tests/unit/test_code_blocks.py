"""Every code block of the documentation: configuration is read, commands are understood, the rest has its reason."""

from __future__ import annotations

import re
import tomllib

import pytest

from pipeline.config.load import check
from tests.desk import ROOT
from tests.pages import Block, blocks, command_of, options_of, pages, spans, understood

BLOCKS = list(blocks())
SHELL = ("sh", "bash", "console")
# Not tried here, with the reason: the page, how the block begins, why.
ELSEWHERE = {
    ("docs/architecture.md", ""): "drawings of the way of a mail",
    ("docs/extending.md", ""): "run whole by tests/acceptance/test_extending.py",
    ("docs/model.md", "12 right of 12"): "what a command shows, not what is typed",
    ("docs/providers.md", "New-ServicePrincipal"): "PowerShell of Exchange Online, which nobody has here",
    ("docs/providers.md", "auth_mechanisms"): "Dovecot's configuration",
    ("docs/providers.md", "introspection_mode"): "Dovecot's configuration",
    ("docs/data.md", "topic,title"): "a table of topics; tests/acceptance/test_init.py reads such ones",
    ("docs/templates.md", "Subject:"): "a letter",
    ("docs/templates.md", "Title:"): "a help page",
    ("docs/web.md", "location"): "nginx's configuration",
}
# Programs of others, or of the project's Makefile, that a shell block calls: not run here.
OTHERS = re.compile(
    r"(make|pipx|uv|pip|python3?|cd|curl|umask|install|useradd|cp|systemctl|journalctl|docker|git|export|mkdir|rm|scp|ssh)\b"
)

FIRSTLINE = re.compile(r"(?:\w+=\$\()?(?:sudo (?:-u \w+ )?|runuser -u \w+ -- )?(?:\S+/)?(firstline\b.*)")


def _reason(block: Block) -> str:
    for (page, begins), reason in ELSEWHERE.items():
        if block.page == page and block.text.lstrip().startswith(begins):
            return reason
    return ""


def _of(*kinds: str) -> list[Block]:
    return [one for one in BLOCKS if one.kind in kinds and not _reason(one)]


def _names(found: list[Block]) -> list[str]:
    return [one.name for one in found]


CONFIGURATIONS, TYPED = _of("toml"), _of("", *SHELL)


def test_there_is_no_block_that_nobody_tries() -> None:
    left = [one for one in BLOCKS if not _reason(one) and one not in CONFIGURATIONS and one not in TYPED]
    assert _names(left) == []


@pytest.mark.parametrize("entry", ELSEWHERE, ids=lambda entry: f"{entry[0]} {entry[1]}")
def test_what_is_excused_is_still_there(entry: tuple[str, str]) -> None:
    page, begins = entry
    assert any(one.page == page and one.text.lstrip().startswith(begins) for one in BLOCKS)


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=_names(CONFIGURATIONS))
def test_a_configuration_is_one_that_firstline_takes(block: Block) -> None:
    told = tomllib.loads(block.text)
    for box in told.get("mailbox", {}).values():
        for key, value in {"host": "imap.example.com", "username": "support@example.com"}.items():
            box.setdefault(key, value)
    check(told, ROOT / "config.toml")


@pytest.mark.parametrize("block", TYPED, ids=_names(TYPED))
def test_the_commands_of_a_block_are_understood(block: Block) -> None:
    for line in block.lines:
        for part in re.split(r" (?:&&|\||;) ", line):
            typed = FIRSTLINE.match(part)
            if typed:
                understood(typed[1].rstrip(")"))
            else:
                part = part.strip("()")
                assert OTHERS.match(part) or part.startswith(("#", "-", "'", ">")), f"{block.name}: {part}"


SPANS = [one for one in spans() if not one[1].startswith(("firstline.", "firstline-"))]


def test_commands_are_found_in_the_text_of_pages() -> None:
    assert len(SPANS) > 300


@pytest.mark.parametrize("page", pages())
def test_a_page_names_only_commands_and_options_that_there_are(page: str) -> None:
    for words in (words for where, words in SPANS if where == page):
        command, left = command_of(words.split()[1:])
        group = bool(getattr(command, "commands", None))
        assert not (group and left and re.match(r"[a-z]{2,}$", left[0])), f"{words}: there is no such command"
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", " ".join(left)))
        assert named <= options_of(command) | {"--config", "--debug"}, words


@pytest.mark.parametrize("line", ["firstline mail lst", "firstline mail list --statee parked", "firstline nothing"])
def test_what_there_is_not_is_not_understood(line: str) -> None:
    with pytest.raises(Exception, match="such"):
        understood(line)
