"""The register of personal data knows every column of the database, and what erasing does with it."""

from __future__ import annotations

import pytest

from pipeline.records.personal import Fate
from pipeline.store import personal, schema
from pipeline.store.personal import TableEntry, Whose


def _named(entry: TableEntry) -> str:
    return entry.table.name


@pytest.mark.parametrize("entry", personal.entries(), ids=_named)
def test_every_column_has_a_fate(entry: TableEntry) -> None:
    missing = {column.name for column in entry.table.c} - set(entry.fates)
    assert not missing, f"say in store/personal.py what erasing a person does with {sorted(missing)}"


def test_every_table_is_in_the_register_once() -> None:
    names = [entry.table.name for entry in personal.entries()]
    assert sorted(names) == sorted(schema.metadata.tables)


@pytest.mark.parametrize("entry", personal.entries(), ids=_named)
def test_what_changes_with_a_person_is_found_by_a_column_of_theirs(entry: TableEntry) -> None:
    changed = [name for name, fate in entry.fates.items() if fate not in (Fate.KEPT, Fate.SEARCHED)]
    assert not changed or entry.whose


@pytest.mark.parametrize("entry", personal.entries(), ids=_named)
def test_a_key_of_a_row_that_stays_is_never_emptied(entry: TableEntry) -> None:
    for column in entry.table.primary_key.columns:
        assert entry.fates[column.name] not in (Fate.EMPTIED, Fate.NAMED_ANEW, Fate.SEARCHED)


@pytest.mark.parametrize("entry", personal.entries(), ids=_named)
def test_columns_that_say_whose_a_row_is_exist(entry: TableEntry) -> None:
    assert all(column in entry.table.c for column, _ in entry.whose)
    assert all(isinstance(what, Whose) for _, what in entry.whose)


@pytest.mark.parametrize("entry", personal.entries(), ids=_named)
def test_a_row_goes_whole_or_not_at_all(entry: TableEntry) -> None:
    removed = [name for name, fate in entry.fates.items() if fate is Fate.REMOVED]
    assert not removed or len(removed) == len(entry.fates)
