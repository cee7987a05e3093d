"""What `search` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.desk.search import Hit
from pipeline.records.ticket import TicketStatus

# `from` is no name in Python.
HitDocument = TypedDict(
    "HitDocument",
    {
        "mail": Annotated[str, "its id; empty for a comment on a ticket"],
        "ticket": Annotated[str, "that it belongs to; empty for none"],
        "subject": str,
        "from": Annotated[str, "an address; who wrote the comment"],
        "received": datetime,
        "topic": Annotated[str, "empty when it is not known"],
        "status": Annotated[TicketStatus | None, "of the ticket"],
        "owner": Annotated[str, "of the ticket; empty for none"],
        "language": str,
        "snippet": Annotated[str, "the text around the first word that was found in it"],
        "found": Annotated[list[str], "the words of the snippet that were looked for, each once"],
    },
)
HitDocument.__doc__ = "A mail, or a comment on a ticket, that was found."


def hit_document(hit: Hit) -> HitDocument:
    """One line of `search --json`."""
    return {
        "mail": hit.mail,
        "ticket": hit.ticket,
        "subject": hit.subject,
        "from": hit.sender,
        "received": hit.received,
        "topic": hit.topic,
        "status": hit.status,
        "owner": hit.owner,
        "language": hit.language,
        "snippet": "".join(part.text for part in hit.snippet),
        "found": [*dict.fromkeys(part.text for part in hit.snippet if part.found)],
    }
