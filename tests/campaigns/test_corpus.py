"""Real mail, where it is at hand (../shared/data): all of it parses in time, and as another parser reads it."""

from __future__ import annotations

import json
import tarfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.parse import message
from pipeline.records.mail import Mail

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FIXTURES = DATA / "mail_fixtures"
ARCHIVES = (
    FIXTURES / "mikel_mail.tar.gz",
    FIXTURES / "stalwart_mail_parser.tar.gz",
    DATA / "spamassassin/messages.tar.gz",
)
SECONDS = 2.0

pytestmark = pytest.mark.skipif(not all(map(Path.exists, ARCHIVES)), reason="../shared/data has no raw mails")

# Where we read another subject or attachment list than the other parser, and why ours is meant.
SUBJECTS = dict.fromkeys(("010", "020", "022", "027", "052"), "raw 8-bit bytes: we read them as western, it gives up")
ATTACHMENTS = {
    "legacy/016": "raw 8-bit file name, see SUBJECTS",
    "legacy/023": "raw 8-bit file name",
    "legacy/026": "raw 8-bit file name",
    "malformed/": "parts that are empty or have no end: it lists them as attachments, for us they are no parts",
    "rfc/001": "a file name with folders: we give the last step",
    "thirdparty/002": "an empty part",
    "thirdparty/015": "it leaves enclosed messages out that have a name",
}


@cache
def _files(archive: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content:
                found[member.name] = content.read()
    return found


def _mails(archive: Path) -> dict[str, bytes]:
    return {
        name: raw
        for name, raw in _files(archive).items()
        if not name.endswith(".json") and "COPYING" not in name and "LICENSE" not in name
    }


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name)
def test_every_real_mail_is_read_in_time(archive: Path) -> None:
    message.parse(b"Subject: load\n\nwhat is loaded once a process, such as the languages")
    mails = _mails(archive)
    assert len(mails) > 90
    for name, raw in mails.items():
        began = time.thread_time()  # not what else the machine is at
        mail = message.parse(raw)
        assert time.thread_time() - began < SECONDS, name
        assert not any("could not be understood" in note for note in mail.notes), (name, mail.notes)


def test_real_mail_of_people_has_sender_subject_and_text() -> None:
    mails = {name: message.parse(raw) for name, raw in _mails(ARCHIVES[2]).items() if "ham" in name}
    assert len(mails) > 2_500
    lacking = [name for name, mail in mails.items() if not (mail.sender and mail.text and mail.message_id)]
    assert len(lacking) <= 3, lacking
    assert sum(mail.language == "en" for mail in mails.values()) > 0.97 * len(mails)


def _expected() -> Iterator[tuple[str, Mail, dict[str, Any]]]:
    files = _files(ARCHIVES[1])
    for name, raw in files.items():
        if name.endswith(".eml") and (expected := files.get(name.removesuffix("eml") + "json")):
            yield name.removesuffix(".eml"), message.parse(raw), json.loads(expected)


def _value(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = (header["value"] for header in document["parts"][0]["headers"] if header["name"] == name)
    value = next(found, None)
    return value if isinstance(value, dict) else {}


def _first_address(document: dict[str, Any]) -> str:
    value = _value(document, "from").get("Address", {})
    people = value.get("List") or [person for group in value.get("Group", []) for person in group["addresses"]]
    return str(people[0]["address"] or "") if people else ""


def _names(document: dict[str, Any]) -> list[str]:
    return sorted(_name(document["parts"][number]) for number in document["attachments"])


def _name(part: dict[str, Any]) -> str:
    """The file name of Content-Disposition, else the name of Content-Type."""
    names = {}
    for header in part["headers"]:
        kind = header["value"].get("ContentType") if isinstance(header["value"], dict) else None
        for attribute in (kind or {}).get("attributes") or []:
            if attribute["name"] in ("filename", "name"):
                names[attribute["name"]] = attribute["value"]
    return str(names.get("filename") or names.get("name") or "")


def test_subjects_agree_with_another_parser() -> None:
    differing = [
        (name, expected, mail.subject)
        for name, mail, document in _expected()
        if (expected := " ".join(str(_value(document, "subject").get("Text", "")).split())) != mail.subject
    ]
    print(*differing, sep="\n")
    assert not [name for name, *_ in differing if name.rpartition("/")[2] not in SUBJECTS]


def test_senders_agree_with_another_parser() -> None:
    differing = [
        (name, expected, mail.sender)
        for name, mail, document in _expected()
        if (expected := _first_address(document)) != (mail.sender.email if mail.sender else "")
    ]
    print(*differing, sep="\n")
    assert [expected for _, expected, _ in differing] == ["moderator"], "no address: nobody can be answered there"


def test_attachment_names_agree_with_another_parser() -> None:
    differing = [
        (name, expected, names)
        for name, mail, document in _expected()
        if (expected := _names(document)) != (names := sorted(attachment.name for attachment in mail.attachments))
    ]
    print(*differing, sep="\n")
    assert not [name for name, *_ in differing if not any(known in name for known in ATTACHMENTS)]
