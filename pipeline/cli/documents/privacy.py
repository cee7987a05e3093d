"""Documents about personal data."""

from __future__ import annotations

from typing import Annotated, TypedDict

from pipeline.desk.privacy.export import Exported
from pipeline.desk.privacy.under_way import UnderWay
from pipeline.records.personal import Traces


class PersonalExportDocument(TypedDict):
    """What a person's export holds."""

    file: Annotated[str, "the zip"]
    rows: Annotated[dict[str, int], "rows of the database by table"]
    mails: Annotated[int, "mails as they came"]
    others: Annotated[int, "mails of others in which they are named; not in the file"]


class ErasureDocument(TypedDict):
    """What an erasure did, or would do."""

    id: Annotated[str, "of the entry in the journal; empty: it was tried only"]
    mails: Annotated[int, "mails that are theirs"]
    tickets: Annotated[int, "tickets that are theirs"]
    others: Annotated[int, "mails of others in which they are named"]
    removed: Annotated[dict[str, int], "what was removed or emptied, by table or place"]
    by_hand: Annotated[list[str], "what only a person can do, in a tracker or a mailbox"]
    left: Annotated[list[str], "what could not be reached; empty: the erasure is complete"]


class SheetRowDocument(TypedDict):
    """One kind of personal data."""

    where: Annotated[str, "table, file or place"]
    data: Annotated[str, "what of it"]
    purpose: Annotated[str, "why it is kept"]
    kept: Annotated[str, "for how long"]
    erasing: Annotated[str, "what erasing does there"]


class SheetDocument(TypedDict):
    """The sheet about data processing."""

    controller: Annotated[str, "the company"]
    contact: Annotated[str, "its address"]
    processing: Annotated[list[str], "what is done"]
    rows: Annotated[list[SheetRowDocument], "what is kept"]
    recipients: Annotated[list[str], "who receives it"]
    measures: Annotated[list[str], "how it is protected"]


def export_document(one: Exported) -> PersonalExportDocument:
    """What was written."""
    return PersonalExportDocument(file=str(one.file), rows=dict(one.rows), mails=one.mails, others=one.others)


def erasure_document(found: Traces, asked: UnderWay | None) -> ErasureDocument:
    """`asked`: None where it was tried only."""
    return ErasureDocument(
        id=asked.erasure.id if asked else "",
        mails=len(found.mails),
        tickets=len(found.tickets),
        others=len(found.others),
        removed=dict(asked.counts) if asked else {},
        by_hand=asked.by_hand if asked else [],
        left=[*asked.erasure.left] if asked else [],
    )
