"""What a person types at the desk, or attaches there: cleaned where that loses nothing, else refused in clear words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath, PureWindowsPath

from pipeline.errors import UsageError
from pipeline.records.mail import fold, is_writable

LONGEST_TEXT = 50_000  # characters: twenty pages
LONGEST_SUBJECT = 200
LONGEST_NAME = 80  # of a file
MOST_COPIES = 10
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, and those that turn the writing direction: a text must not read otherwise than it is. Joiners
# stay: languages and pictures need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*%\\/;\t\n]')
# What a mail program may show without asking; everything else is only saved.
KNOWN_TYPES = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv"),
        *(f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet")),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
OTHER_TYPE = "application/octet-stream"


def clean_text(text: str) -> str:
    """What goes to the customer: line ends of one kind, nothing unseen. Raises UsageError when it is too long."""
    if len(text) > LONGEST_TEXT:
        said = f"it has {len(text):,} characters, and a mail of ours at most {LONGEST_TEXT:,}"
        raise UsageError(said, where="the answer", remedy="shorten it, or attach it as a file")
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    return "\n".join(_HIDDEN.sub("", line).rstrip() for line in lines).strip("\n")


def clean_subject(subject: str) -> str:
    """One line, '' for that of the customer. Raises UsageError for a line break, which could begin another header."""
    subject = subject.strip()
    if _LINE_ENDS.search(subject) or "\n" in subject:
        raise UsageError("it has a line break", where="the subject", remedy="write it in one line")
    if len(subject) > LONGEST_SUBJECT:
        raise UsageError(f"it is longer than {LONGEST_SUBJECT} characters", where="the subject", remedy="shorten it")
    return " ".join(_HIDDEN.sub("", subject).split())


def clean_name(name: str) -> str:
    """A person's name in one line; '' where nothing is left."""
    return " ".join(_HIDDEN.sub("", _LINE_ENDS.sub(" ", name)).split())[:LONGEST_NAME]


def copies(addresses: Iterable[str], ours: Collection[str]) -> tuple[str, ...]:
    """Who gets a copy, each once. Raises UsageError for what is no address, and for our own mailboxes."""
    found: dict[str, str] = {}
    for address in filter(None, (one.strip() for one in addresses)):
        if not is_writable(address):
            raise UsageError(
                f"'{clean_name(address)}' is not an address", where="Cc", remedy="write it as eve@example.org"
            )
        if fold(address) in {fold(one) for one in ours}:
            raise UsageError(
                f"{address} is an address of ours", where="Cc", remedy="leave it out: the case has it anyway"
            )
        found.setdefault(fold(address), address)
    if len(found) > MOST_COPIES:
        raise UsageError(f"there are more than {MOST_COPIES} copies", where="Cc", remedy="name fewer people")
    return tuple(found.values())


def file_name(name: str) -> str:
    """The name under which the customer saves it: no way to another folder, nothing hidden, not too long."""
    bare = PurePosixPath(PureWindowsPath(unicodedata.normalize("NFC", name)).name).name
    shown = " ".join(_NOT_IN_NAMES.sub("_", _HIDDEN.sub("", bare)).split()).strip(". ")
    stem, dot, end = shown.rpartition(".")
    if len(shown) > LONGEST_NAME and dot and len(end) <= 10:
        shown = f"{stem[: LONGEST_NAME - len(end) - 1]}.{end}"
    return shown[:LONGEST_NAME] or "file"


def file_type(declared: str) -> str:
    """As it is sent: what we know to be harmless, else bytes that are only saved."""
    bare = declared.partition(";")[0].strip().lower()
    return bare if bare in KNOWN_TYPES else OTHER_TYPE
