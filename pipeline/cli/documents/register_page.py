"""The part of docs/privacy.md that is made from the register: `python -m pipeline.cli.documents.register_page FILE`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.desk.privacy.places import ELSEWHERE, FILES
from pipeline.records.personal import Fate, KeptFor
from pipeline.store.personal import TableEntry, entries

MARK = "<!-- from here on made from the register: make docs -->\n"


def with_register(page: str) -> str:
    """The page with the part below MARK made anew."""
    return page[: page.index(MARK) + len(MARK)] + "\n".join(register()) + "\n"


def register() -> Iterator[str]:
    """Its lines."""
    yield from (
        "### Tables of the database",
        "",
        "| table | what for | kept | what erasing does |",
        "| --- | --- | --- | --- |",
    )
    for entry in entries():
        table = f"`{entry.table.name}`{' (staff)' if entry.staff else ''}"
        yield f"| {table} | {entry.purpose} | {_kept(entry.clock)} | {_fates(entry)} |"
    for title, places in (("Files", FILES), ("Elsewhere", ELSEWHERE)):
        yield from ("", f"### {title}", "", "| where | what | what for | kept | what erasing does |")
        yield "| --- | --- | --- | --- | --- |"
        for one in places:
            yield f"| {one.where} | {one.holds} | {one.purpose} | {_kept(one.clock)} | {one.erasing} |"


def _kept(clock: KeptFor) -> str:
    match clock:
        case KeptFor.USE:
            return "while it is in use"
        case KeptFor.NEEDED:
            return "while it is needed"
        case _:
            return f"`{clock.value}`"


def _fates(entry: TableEntry) -> str:
    """Columns by what becomes of them; what says nothing of a person is left out."""
    parts = []
    for fate in Fate:
        names = [name for name, its in entry.fates.items() if its is fate]
        if fate is Fate.REMOVED and names:
            return "the row goes"
        if names and fate is not Fate.KEPT:
            parts.append(f"{fate.value}: {', '.join(f'`{name}`' for name in names)}")
    return "; ".join(parts) or "nothing"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_register(file.read_text(encoding="utf-8")), encoding="utf-8")
