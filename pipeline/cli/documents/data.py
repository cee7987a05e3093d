"""What `data` and `db` print for programs."""

from __future__ import annotations

from typing import Annotated, TypedDict

from pipeline.learn.data_document import DiscoveredDocument, FarMailDocument


class RefusedRowDocument(TypedDict):
    """A row that can't be imported."""

    file: str
    problem: str


class ImportDocument(TypedDict):
    """What was taken into training_data/."""

    file: Annotated[str, "where it is now"]
    read: int
    imported: int
    duplicates: Annotated[int, "that were there already"]
    conflicting: Annotated[int, "of those, with another label, of which it can't be told which is later"]
    corrected: Annotated[int, "that were there with an earlier label, which this one replaces"]
    robots: Annotated[int, "that no person wrote"]
    unlabelled: int
    left_out: Annotated[int, "by --map"]
    refused_rows: int
    refused: Annotated[list[RefusedRowDocument], "the first hundred of each file"]
    topics: Annotated[dict[str, int], "rows, by topic"]


class ExportDocument(TypedDict):
    """A file with everything."""

    file: str
    rows: int


class DiscoveryDocument(DiscoveredDocument):
    """Topics for mail that nobody has labelled."""

    file: Annotated[str | None, "that was written"]


class NameableDocument(TypedDict):
    """Mails about the same thing: one that was named, or all that are left to be named."""

    group: str
    topic: Annotated[str | None, "the name that it was given now"]
    labelled: Annotated[int, "mails that were labelled with it now"]
    mails: int
    typical: list[str]
    farthest: Annotated[list[FarMailDocument], "mails that belong to it least, the last one least"]


class UpgradeDocument(TypedDict):
    """Versions of the database."""

    before: Annotated[str | None, "null: it was new"]
    after: str | None
    narrowed: Annotated[list[str], "files and folders that other users could read until now"]
    signed: Annotated[str, "the version of the model in use, when that was signed now; else ''"]


class DatabaseDocument(TypedDict):
    """Whether it is ok."""

    ok: bool
    version: str | None
    problems: list[str]
    backup: Annotated[str, "the newest file in the folder of [backup], which was read back; empty: there is none"]


class BackupDocument(TypedDict):
    """A copy."""

    file: str
    bytes: int


class RotatedDocument(TypedDict):
    """A copy among others."""

    file: str
    bytes: int
    removed: Annotated[list[str], "older ones"]


class PutBackDocument(TypedDict):
    """A backup in the place of the database."""

    restored: Annotated[str, "file; empty: it was put back by other means"]
    aside: Annotated[str, "where the database of before is"]
    erased_again: Annotated[int, "people who were erased since the backup was made"]
