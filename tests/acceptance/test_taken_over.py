"""What version 0.1 left behind works on: its database, its model and its templates."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.servers.tracker_kinds import TOKEN, GitHub

LEFT = Path(__file__).parents[1] / "version_0_1"
KEY = "0123456789abcdef" * 4  # what its model, references and Message-IDs are signed with
PARKED, WAITING = "K275-JM1H", ("K2DK-HDMK", "K2H5-7B8V")


@pytest.fixture
def github() -> Iterator[GitHub]:
    server = GitHub()
    yield server
    server.stop()


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, github: GitHub, tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    shutil.copytree(LEFT / "models", folder / "models")
    (folder / "var").mkdir()
    (folder / "var" / "key").write_text(KEY + "\n", encoding="ascii")
    (folder / "var" / "key").chmod(0o600)
    database = sqlite3.connect(folder / "var" / "firstline.db")
    database.executescript((LEFT / "database.sql").read_text(encoding="utf-8"))
    database.close()
    tracker = f"[tracker]\nkind = 'github'\nproject = 'acme/support'\nurl = '{github.url}'\n"
    more = f"token = {{ env = 'TRACKER_TOKEN' }}\n[topics.parcel]\nowner = 'logistics@example.com'\n{SURE}"
    return Desk(folder, dovecot.imap_port, sink.port, dovecot.fresh_user(), more=tracker + more)


SURE = "may_grant = ['voucher']\n[grants.voucher]\ntitle = { en = 'a voucher' }\n"


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", TOKEN)


def test_its_database_is_upgraded_and_sound(desk: Desk) -> None:
    desk.run("db", "upgrade")
    desk.run("db", "check")
    mails = {mail["id"]: mail for mail in desk.jsonl("mail", "list")}
    assert len(mails) == 8
    assert mails[PARKED]["state"] == "parked"
    for mail in mails:
        desk.json("mail", "show", mail)
        desk.run("mail", "explain", mail)
    tickets = desk.jsonl("ticket", "list")
    assert sorted(ticket["status"] for ticket in tickets) == ["open", "open", "resolved", "waiting"]
    for ticket in tickets:
        assert desk.json("ticket", "show", ticket["ref"])["events"]
    desk.run("metrics", "--json")


def _nothing_is_due(desk: Desk) -> None:
    """Time has passed since that database was made: what was promised then is due on some day, and people are told."""
    (file,) = desk.folder.rglob("*.db")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("update promise set due = '2099-01-01 00:00:00.000000', look = null")
        connection.execute("update ticket set changed = ?", [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"])


def test_what_it_left_waiting_goes_out_once_and_nothing_else(desk: Desk, sink: SmtpSink, github: GitHub) -> None:
    desk.run("db", "upgrade")
    _nothing_is_due(desk)
    desk.run("once")
    desk.run("once")
    told = sorted(message.recipients[0] for message in sink.accepted)
    assert told == ["person7@example.org", "person8@example.org"]
    for mail in WAITING:
        effects = {effect["kind"]: effect for effect in desk.json("mail", "show", mail)["effects"]}
        assert (effects["acknowledge"]["state"], effects["acknowledge"]["sent_language"]) == ("done", "en")
    assert len(github.issues) == 4
    assert all(
        effect["state"] == "done" for mail in desk.jsonl("mail", "list") for effect in _filings(desk, mail["id"])
    )


def _filings(desk: Desk, mail: str) -> list[dict]:
    return [effect for effect in desk.json("mail", "show", mail)["effects"] if effect["kind"] == "file"]


def test_its_model_is_read_and_its_labels_stay(desk: Desk, tmp_path: Path) -> None:
    refused = desk.run("model", "list", expect=4).stderr
    assert "not signed" in refused
    assert "firstline db upgrade" in refused
    desk.run("db", "upgrade")
    (version,) = desk.jsonl("model", "list")
    assert (version["version"], version["in_use"]) == ("20261118T120100-00000001", True)
    desk.run("model", "verify")
    database = sqlite3.connect(desk.folder / "var" / "firstline.db")
    known = database.execute("select id, topic, topic_confidence from mail where topic <> ''").fetchall()
    raws = dict(database.execute("select mail_id, raw from raw"))
    database.close()
    assert known
    for mail, topic, confidence in known:
        file = tmp_path / f"{mail}.eml"
        file.write_bytes(raws[mail])
        (found,) = desk.jsonl("classify", str(file))
        assert (found["topic"], found["topic_confidence"]) == (topic, pytest.approx(confidence, abs=1e-4))


def test_its_letters_are_still_good_ones(desk: Desk) -> None:
    """As they stand in its database: what an operator of 0.1 has on disk."""
    folder = desk.folder / "templates"
    database = sqlite3.connect(desk.folder / "var" / "firstline.db")
    texts = dict(database.execute("select hash, source from template_source"))
    for (files,) in database.execute("select files from template_version where taken_up is not null").fetchall():
        for file, mark in json.loads(files).items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(texts[mark], encoding="utf-8")
    database.close()
    config = desk.folder / "config.toml"
    lines = config.read_text(encoding="utf-8").splitlines()
    moved = ["templates = 'templates'" if line.startswith("templates = ") else line for line in lines]
    config.write_text("\n".join(moved), encoding="utf-8")
    findings = desk.json("template", "lint", expect=None)["findings"]
    assert [finding for finding in findings if finding["severity"] == "error"] == []


def test_an_unsigned_note_of_its_model_is_taken_over_once_and_only_if_it_is_ours(desk: Desk) -> None:
    current = desk.folder / "models/current"
    name = current.read_text(encoding="ascii").strip()
    model = desk.folder / "models" / name / "model.joblib"
    whole = model.read_bytes()
    model.write_bytes(whole[:-1])
    assert "not the file that was signed" in desk.run("db", "upgrade", expect=4).stderr
    assert desk.run("model", "list", expect=4)
    model.write_bytes(whole)
    assert desk.json("db", "upgrade")["signed"] == name
    desk.run("model", "show")
    current.write_text(f"{name}\n", encoding="ascii")
    (desk.folder / "models/history.jsonl").unlink()
    assert desk.json("db", "upgrade")["signed"] == ""
    assert "not signed" in desk.run("model", "show", expect=4).stderr
    desk.run("model", "promote", name, "--force")
    desk.run("model", "show")
