"""A version that learned from an erased customer: it serves until there is another one, and is never used again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import NotFoundError, UsageError
from pipeline.learn.gate import promote_version
from pipeline.learn.registry import RETIRED, Registry, open_predictor
from tests.learned import KEY, save_toy, toy_registry

WHY = "a customer was erased"


def retire(registry: Registry, *names: str) -> None:
    with registry.locked():
        registry.retire(names, WHY)


def test_one_in_use_serves_on_and_the_others_are_gone(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=3)
    first, second, third = registry.names()
    retire(registry, first, third)
    assert registry.names() == [second, third]
    assert registry.current() == third
    assert registry.leaving() is not None
    predictor, _note = open_predictor(tmp_path, KEY)
    assert predictor
    assert predictor.version == third


def test_its_files_go_when_there_is_another_one(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=1)
    old = registry.current()
    retire(registry, old)
    with registry.locked():
        new = save_toy(registry, digest="f" * 8).name
        registry.use(new, "promote", "for a test")
    assert registry.names() == [new]
    assert registry.leaving() is None
    assert not list(tmp_path.glob(".unfinished-*"))


def test_no_way_leads_back_to_it(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=2)
    first, second = registry.names()
    retire(registry, second)
    assert promote_version(registry, second, force=False) == (False, RETIRED)
    with pytest.raises(UsageError, match="it is retired"):
        promote_version(registry, second, force=True)
    assert registry.rollback() == (second, first)
    assert registry.names() == [first]


def test_a_rollback_says_why_there_is_nothing_to_go_back_to(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=2)
    retire(registry, registry.names()[0])
    with pytest.raises(NotFoundError, match="that may be used: it is retired"):
        registry.rollback()


def test_a_version_that_comes_back_from_a_copy_is_not_used_and_goes_again(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path / "models", versions=2)
    first, second = registry.names()
    shutil.copytree(registry.folder / first, tmp_path / "copy")
    retire(registry, first)
    shutil.copytree(tmp_path / "copy", registry.folder / first)
    files = {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()}
    with pytest.raises(UsageError, match="it is retired"):
        registry.receive(first, files, "from another machine")
    (registry.folder / second / "model.joblib").write_bytes(b"damaged")
    assert [*registry.candidates()] == [second]
    retire(registry, first)
    assert registry.names() == [second]


def test_retiring_once_more_writes_nothing_more(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=1)
    retire(registry, registry.current())
    before = (tmp_path / "history.jsonl").read_bytes()
    retire(registry, registry.current())
    assert (tmp_path / "history.jsonl").read_bytes() == before
