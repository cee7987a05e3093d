"""The document about what is over by its clock."""

from __future__ import annotations

from typing import Annotated, TypedDict

from pipeline.desk.privacy.purge import PurgeReport


class PurgeDocument(TypedDict):
    """What was let go, or is over."""

    dry_run: Annotated[bool, "nothing was changed"]
    rows: Annotated[dict[str, int], "rows that were removed or emptied, by table; with --dry-run those that are over"]
    files: Annotated[dict[str, int], "files and lines of the log, by what they are"]
    left: Annotated[list[str], "what could not be reached"]
    bytes: Annotated[int, "size of the database's files; 0 on PostgreSQL"]
    free: Annotated[int, "of these, for what comes next"]


def purge_document(one: PurgeReport) -> PurgeDocument:
    """The report."""
    return PurgeDocument(
        dry_run=one.dry_run,
        rows=dict(one.rows),
        files=dict(one.files),
        left=[*one.left],
        bytes=one.bytes,
        free=one.free,
    )
