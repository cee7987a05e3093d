"""`firstline help`: what errors point to is there, in a checkout and in the package."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import errors
from pipeline.cli.help import TOPICS, section_of
from tests.desk import ROOT, in_process


def _kinds(kind: type[errors.FirstlineError] = errors.FirstlineError) -> Iterator[type[errors.FirstlineError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_told_of(topic: str) -> None:
    said = section_of(ROOT / "docs", TOPICS[topic])
    assert said.startswith("#")
    assert len(said) > 200


def test_what_an_error_names_is_a_topic() -> None:
    named = {kind.topic for kind in _kinds()} - {""}
    assert len(named) > 7
    assert named <= TOPICS.keys()


def test_every_page_of_a_topic_travels_inside_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for place in TOPICS.values():
        page = place.partition("#")[0]
        assert carried[f"docs/{page}"] == f"pipeline/starter/docs/{page}"


def test_a_part_ends_where_the_next_of_its_rank_begins() -> None:
    said = section_of(ROOT / "docs", "operating.md#exit-codes")
    assert "| 4 |" in said
    assert said.count("\n## ") == 0


def test_an_error_says_where_more_stands(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[mailbox.support]\nhots = 'x'\n")
    done = in_process(("mail", "list"), tmp_path, {})
    assert done.returncode == 2
    assert done.stderr.rstrip().endswith("more: firstline help configuration")


def test_help_without_a_topic_names_them_all(tmp_path: Path) -> None:
    assert all(f"firstline help {name}" in in_process(("help",), tmp_path, {}).stdout for name in TOPICS)


def test_a_wrong_topic_names_the_right_ones(tmp_path: Path) -> None:
    done = in_process(("help", "parkt"), tmp_path, {})
    assert done.returncode == 2
    assert "parked" in done.stderr
