"""The mails with a known right outcome that lie beside the project: single ones, and sequences in one mailbox.

They are no part of the project; where they are missing, these tests are skipped.
"""

from __future__ import annotations

import base64
import email
import email.policy
import json
import quopri
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.replies.letters import KEPT
from tests.desk import ROOT, Desk, checked_templates, in_process
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

CASES = ROOT.parent / "shared" / "cases"
KINDS = ("guard", "forms", "forwards", "robots", "quotes", "structure", "charsets", "headers", "encrypted", "language")
SINGLE = [
    case
    for line in ((CASES / "cases.jsonl").read_text(encoding="utf-8").splitlines() if CASES.is_dir() else ())
    if (case := json.loads(line))["kind"] in KINDS
]
SEQUENCES = sorted(folder.name for folder in (CASES / "sequences").glob("*") if folder.is_dir())
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not there")


# --- single mails -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """By case, what `classify --json` says: one call for each configuration."""
    found: dict[str, dict[str, Any]] = {}
    for config in {case["config"] for case in SINGLE}:
        folder = tmp_path_factory.mktemp("desk")
        configured(folder, config)
        ours = [case for case in SINGLE if case["config"] == config]
        done = in_process(["classify", "--json", *(str(CASES / case["file"]) for case in ours)], folder, {})
        for case, line in zip(ours, done.stdout.splitlines(), strict=True):
            found[case["id"]] = json.loads(line)
    return found


def configured(folder: Path, fragment: str | None) -> None:
    """The shipped configuration with the keys of a fragment in place of its own."""
    shipped = (ROOT / "config.toml").read_text(encoding="utf-8")
    changes = tomllib.loads((CASES / fragment).read_text(encoding="utf-8")) if fragment else {}
    for keys in (value for value in changes.values()):
        for name, value in (next(iter(keys.values())) if isinstance(next(iter(keys.values())), dict) else keys).items():
            shipped = re.sub(rf"(?m)^{name} = .*$", lambda _, n=name, v=value: f"{n} = {toml(v)}", shipped, count=1)
    (folder / "config.toml").write_text(shipped, encoding="utf-8")
    (folder / KEPT).parent.mkdir(exist_ok=True)
    (folder / KEPT).write_bytes(checked_templates())


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml(one)}" for name, one in value.items()) + " }"
    return f"[{', '.join(map(toml, value))}]" if isinstance(value, list) else json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("case", SINGLE, ids=[case["id"] for case in SINGLE])
def test_a_mail_comes_out_right(case: dict[str, Any], documents: dict[str, dict[str, Any]]) -> None:
    found, expected = documents[case["id"]], case["expect"]
    assert found["error"] is None
    for name in ("verdict", "language"):
        if name in expected:
            assert found[name] in ([expected[name]] if isinstance(expected[name], str) else expected[name]), found
    for name in ("answerable", "subject"):
        assert found[name] == expected.get(name, found[name]), found["reasons"]
    assert all(any(phrase in note for note in found["notes"]) for phrase in expected.get("notes_has", ()))
    text = " ".join(found["text"].split())
    assert all(phrase in text for phrase in expected.get("text_has", ()))
    assert not any(phrase in text for phrase in expected.get("text_lacks", ()))


# --- sequences --------------------------------------------------------------------------------------------------------

EVERY_TICKET = '[topics.""]\ntrack = "all"\n'  # nothing is certain without a model: all of it has this topic


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_sequence_comes_out_right(name: str, dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> None:
    folder = CASES / "sequences" / name
    expected = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    fragment = (folder.parent / expected["config"]).read_text(encoding="utf-8") if expected["config"] else ""
    desk = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=EVERY_TICKET + fragment)
    delivered: dict[str, bytes] = {}
    for file in sorted(folder.glob("*.eml")):
        for step in expected.get("before", {}).get(file.name, ()):
            ref = rows_of(desk, delivered)[step["ticket_of"]]["ticket"]
            desk.run("ticket", "status", ref, step["status"])
        delivered[file.name] = filled_in(file.read_bytes(), delivered, sink)
        dovecot.deliver(delivered[file.name], desk.username)
        desk.run("once")
    rows = rows_of(desk, delivered)
    for mail, wanted in expected["after"].items():
        check(desk, sink, delivered, rows, mail, wanted)
    if "tickets" in expected:
        assert len({row["ticket"] for row in rows.values() if row["ticket"]}) == expected["tickets"]


def rows_of(desk: Desk, delivered: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """By file, its document of `mail show`: a fresh mailbox counts from 1."""
    shown = [desk.json("mail", "show", row["id"]) for row in desk.jsonl("mail", "list")]
    by_uid = {place["uid"]: row for row in shown for place in row["locations"]}
    return {file: by_uid[uid] for uid, file in enumerate(delivered, 1)}


def check(
    desk: Desk, sink: SmtpSink, delivered: dict[str, bytes], rows: dict[str, Any], mail: str, wanted: dict[str, Any]
) -> None:
    row = rows[mail]
    if "acknowledged" in wanted:
        message = email.message_from_bytes(delivered[mail], policy=email.policy.default)
        assert row["acknowledged"] == wanted["acknowledged"], row["decision"]
        letters = [one for one in sink.accepted if f"{row['id']}".lower().encode() in one.data.lower()]
        writer = str(message["Reply-To"] or message["From"])
        assert any(one.recipients[0] in writer for one in letters) == wanted["acknowledged"]
    if "same_thread_as" in wanted:
        assert same(row, rows[wanted["same_thread_as"]])
    if "not_same_thread_as" in wanted:
        assert not same(row, rows[wanted["not_same_thread_as"]])
    if wanted.get("opens_ticket") is False:
        assert row["ticket"] in (None, *(rows[one]["ticket"] for one in rows if one < mail))
    if "ticket_status" in wanted:
        status = desk.json("ticket", "show", row["ticket"])["status"]
        assert status in (
            [wanted["ticket_status"]] if isinstance(wanted["ticket_status"], str) else wanted["ticket_status"]
        )
    assert row["state"] == wanted.get("state", row["state"])


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """They belong to one ticket; where one of them has none, to one thread."""
    if one["ticket"] and other["ticket"]:
        return bool(one["ticket"] == other["ticket"])
    return bool(one["thread"] == other["thread"])


def filled_in(raw: bytes, delivered: dict[str, bytes], sink: SmtpSink) -> bytes:
    """The marks for what our letters are called."""

    def put(mark: re.Match[str]) -> str:
        number, what = mark[1], mark[2]
        answered = email.message_from_bytes(next(mail for file, mail in delivered.items() if file.startswith(number)))
        letter = next(
            one for one in sink.accepted if one.recipients[0] in str(answered["Reply-To"] or answered["From"])
        )
        message = email.message_from_bytes(letter.data, policy=email.policy.default)
        message_id = str(message["Message-ID"])
        encoded = (
            quopri.encodestring(message_id.encode(), quotetabs=True).decode().replace("<", "=3C").replace(">", "=3E")
        )
        return {
            "id": message_id,
            "bare-id": message_id.strip("<>"),
            "q-id": f"=?utf-8?q?{encoded.replace('=' + chr(10), '')}?=",
            "b-id": f"=?utf-8?b?{base64.b64encode(message_id.encode()).decode()}?=",
            "subject": str(message["Subject"]),
        }[what]

    return re.sub(r"\{\{ack (\d+) ([a-z-]+)\}\}", put, raw.decode()).encode()
