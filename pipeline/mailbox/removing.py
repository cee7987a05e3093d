"""Removing messages for good, by whom they are from or to: what an erasure asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.utils import getaddresses

from pipeline.mailbox.connection import Client
from pipeline.records.mail import fold

AT_ONCE = 500  # messages whose headers are asked for together


def remove(client: Client, header: str, folded: str) -> tuple[int, str]:
    """Of the selected folder, what names this person in its header ("FROM" or "TO"); how many, and what is left to do.

    A search finds parts of addresses (RFC 9051 section 6.4.4): what all spellings have in common is searched for, and
    each header is read. Without UIDPLUS they are only marked: a plain EXPUNGE also removes what others have marked.
    """
    charset = None if folded.isascii() else "UTF-8"
    found = sorted({uid for part in _common_to_all(folded) for uid in client.search([header, part], charset)})
    uids = [uid for uid in found if uid in set(_theirs(client, header, found, folded))]
    if not uids:
        return 0, ""
    client.add_flags(uids, [rb"\Deleted"], silent=True)
    if not client.has_capability("UIDPLUS"):
        return len(uids), f"{len(uids)} only marked as deleted: this server can't remove single messages (expunge them)"
    client.uid_expunge(uids)
    return len(uids), ""


def _common_to_all(folded: str) -> tuple[str, ...]:
    """What stands in every spelling of an address (see fold): at Gmail not even the part before the @."""
    local, _, domain = folded.rpartition("@")
    return ("@gmail.com", "@googlemail.com") if domain == "gmail.com" else (local,)


def _theirs(client: Client, header: str, uids: Sequence[int], folded: str) -> Iterator[int]:
    item = f"BODY.PEEK[HEADER.FIELDS ({header})]"
    for start in range(0, len(uids), AT_ONCE):
        for uid, answer in client.fetch(uids[start : start + AT_ONCE], [item]).items():
            head = next((value for key, value in answer.items() if key.startswith(b"BODY[")), b"")
            named = message_from_bytes(bytes(head)).get_all(header, [])
            if folded in {fold(address) for _, address in getaddresses(map(str, named))}:
                yield uid
