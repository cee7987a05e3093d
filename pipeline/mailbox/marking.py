"""What `done` does to messages in the selected folder, by commands that every server has or that it offers."""

from __future__ import annotations

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from pipeline.mailbox.connection import Client, one_line, spelled


def mark(client: Client, done: str, uids: list[int]) -> str:
    """Does it to them all. Returns '' or, when the server refuses, what it says."""
    refused = ""
    for _ in range(2):
        try:
            _do(client, done, uids)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            refused = one_line(error)
            client.noop()  # lets the server tell what has been expunged, which may be all it stumbled over (RFC 5530)
        else:
            return ""
    return refused


def _do(client: Client, done: str, uids: list[int]) -> None:
    if done.startswith("move:"):
        _move(client, uids, spelled(client, done.removeprefix("move:")))
    else:
        client.add_flags(uids, [rb"\Seen" if done == "seen" else rb"\Flagged"], silent=True)


def _move(client: Client, uids: list[int], target: str) -> None:
    """A missing folder is made, and subscribed to so that mail programs show it."""
    try:
        _move_into(client, uids, target)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as refused:
        if not _made(client, target):
            raise refused from None
        _move_into(client, uids, target)


def _made(client: Client, folder: str) -> bool:
    """False when it is there already, or may not be made: then what the move met with is the reason to tell."""
    try:
        client.create_folder(folder)
        client.subscribe_folder(folder)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return False
    return True


def _move_into(client: Client, uids: list[int], folder: str) -> None:
    """MOVE, or what it is made of (RFC 6851 section 3.3).

    What is \\Deleted was copied already: we may have been interrupted. Without UIDPLUS the messages stay, marked as
    deleted: a plain EXPUNGE would also remove what others have marked.
    """
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    copied = set(client.search(["UID", ",".join(map(str, uids)), "DELETED"]))
    if rest := [uid for uid in uids if uid not in copied]:
        client.copy(rest, folder)
        client.add_flags(rest, [rb"\Deleted"], silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)
