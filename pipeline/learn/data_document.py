"""What `data` prints for programs about labelled mail: how much there is, what is wrong with it, what topics it has."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from pipeline.learn.dataset import Row


class StatsDocument(TypedDict):
    """How many mails there are."""

    rows: int
    texts: Annotated[int, "different ones"]
    groups: Annotated[int, "that are really different"]
    topic: dict[str, int]
    sentiment: dict[str, int]
    complaint: dict[str, int]
    language: dict[str, int]
    kind: Annotated[dict[str, int], "`ordinary`, `hard`; '' where nobody says"]
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


class FixedDocument(SuspectDocument):
    """A suspected label, and what a person says of it."""

    now: Annotated[str | None, "what it is from now on; null: nobody has said"]


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
    rows: Annotated[int, "surplus ones"]
    largest: list[LargestGroupDocument]


class LeakDocument(TypedDict):
    """Near-duplicates on both sides of the split."""

    what: str
    hashes: list[str]
    text: str


class AuditDocument(TypedDict):
    """What is wrong with the training data."""

    rows: int
    suspected: Annotated[dict[str, int], "how many labels are, by head"]
    suspects: Annotated[list[SuspectDocument], "the worst of them"]
    contradictions: list[ContradictionDocument]
    near_duplicates: NearDuplicatesDocument
    leaks: list[LeakDocument]
    left_out: Annotated[dict[str, int], "mails that imports did not take, by why"]
    notes: list[str]


class FarMailDocument(TypedDict):
    """A mail that lies at the edge of its group."""

    hash: Annotated[str, "names it: `data name --except`"]
    text: Annotated[str, "its beginning"]


class ProposalDocument(TypedDict):
    """A proposed topic."""

    name: str
    mails: int
    words: Annotated[list[str], "that tell it from the others"]
    typical: Annotated[list[str], "mails"]
    farthest: Annotated[list[FarMailDocument], "mails that belong to it least, the last one least"]
    languages: dict[str, int]


class DiscoveredDocument(TypedDict):
    """Topics for mail that nobody has labelled."""

    mails: int
    silhouette: NotRequired[Annotated[float, "how well they are apart, -1 to 1"]]
    topics: list[ProposalDocument]


def beginning(row: Row) -> str:
    """Enough of a mail to recognise it, on one line."""
    return " ".join((f"{row.subject} · {row.text}" if row.subject else row.text).split())[:300]
