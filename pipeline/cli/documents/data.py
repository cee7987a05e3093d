"""What `data` and `db` print for programs."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict


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
    conflicting: Annotated[int, "of those, with another label"]
    unlabelled: int
    left_out: Annotated[int, "by --map"]
    refused_rows: int
    refused: Annotated[list[RefusedRowDocument], "the first hundred of each file"]
    topics: Annotated[dict[str, int], "rows, by topic"]


class ExportDocument(TypedDict):
    """A file with everything."""

    file: str
    rows: int


class StatsDocument(TypedDict):
    """How many mails there are."""

    rows: int
    texts: Annotated[int, "different ones"]
    groups: Annotated[int, "that are really different"]
    topic: dict[str, int]
    sentiment: dict[str, int]
    complaint: dict[str, int]
    language: dict[str, int]
    source: dict[str, int]
    labelled_by: dict[str, int]


class SuspectDocument(TypedDict):
    """A label that is probably wrong."""

    head: str
    label: str | None
    rather: Annotated[str, "what it probably is"]
    doubt: float
    source: str
    labelled_by: str
    hash: Annotated[str, "names the row"]
    text: Annotated[str, "its beginning"]


class ContradictionDocument(TypedDict):
    """The same text with different labels."""

    what: str
    head: str
    labels: list[str]
    hash: str
    text: str


class LargestGroupDocument(TypedDict):
    """Mails that say the same."""

    mails: int
    text: str


class NearDuplicatesDocument(TypedDict):
    """Groups of mails that say the same."""

    groups: int
    rows: Annotated[int, "that are too many"]
    largest: list[LargestGroupDocument]


class LeakDocument(TypedDict):
    """Near-duplicates on both sides of the split."""

    what: str
    hashes: list[str]
    text: str


class AuditDocument(TypedDict):
    """What is wrong with the training data."""

    rows: int
    suspects: list[SuspectDocument]
    contradictions: list[ContradictionDocument]
    near_duplicates: NearDuplicatesDocument
    leaks: list[LeakDocument]
    notes: list[str]


class ProposalDocument(TypedDict):
    """A proposed topic."""

    name: str
    mails: int
    words: Annotated[list[str], "that tell it from the others"]
    typical: Annotated[list[str], "mails"]
    languages: dict[str, int]


class DiscoveryDocument(TypedDict):
    """Topics for mail that nobody has labelled."""

    mails: int
    silhouette: NotRequired[Annotated[float, "how well they are apart, -1 to 1"]]
    topics: list[ProposalDocument]
    file: Annotated[str | None, "that was written"]


class UpgradeDocument(TypedDict):
    """Versions of the database."""

    before: Annotated[str | None, "null: it was new"]
    after: str | None
    narrowed: Annotated[list[str], "files and folders that other users could read until now"]
    signed: Annotated[str, "the version of the model in use, when that was signed now; else ''"]


class DatabaseDocument(TypedDict):
    """Whether it is well."""

    ok: bool
    version: str | None
    problems: list[str]


class BackupDocument(TypedDict):
    """A copy."""

    file: str
    bytes: int


class PutBackDocument(TypedDict):
    """A backup in the place of the database."""

    restored: Annotated[str, "file; empty: it was put back by other means"]
    aside: Annotated[str, "where the database of before is"]
