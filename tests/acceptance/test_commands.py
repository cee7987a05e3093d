"""The other commands as a person or a program meets them: mail, ticket, db, status, doctor, classify, init."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.store.database import NEWEST
from tests.desk import ROOT, Desk, letter
from tests.learned import toy_rows, write_csv
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink

STARTER = ROOT / "training_data"


@pytest.fixture
def desk(pymap: PymapServer, sink: SmtpSink, tmp_path: Path) -> Desk:
    """A desk with an empty mailbox and without a model."""
    user = f"{tmp_path.name}@example.com"
    pymap.add_user(user, "pw-support")
    return Desk(tmp_path / "desk", pymap.port, sink.port, user)


@pytest.fixture
def clever(desk: Desk, initialised: Path) -> Desk:
    """The same with the starter model."""
    desk.models = initialised / "models"
    desk.more = (
        f"[security]\nkey = {{ file = '{initialised}/var/key' }}\n"
        "[topics.delivery]\ntrack = 'all'\nowner = 'logistics@example.com'\ntitle = { en = 'your delivery' }\n"
    )
    desk.write()
    return desk


def only(rows: list) -> dict:
    assert len(rows) == 1, rows
    return rows[0]


COMPLAINT = (
    b"From: Eve <eve@example.org>\r\nTo: support@example.com\r\nSubject: Where is my parcel?\r\nMessage-ID: <c@x>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    b"My parcel was due last week, the tracking has not moved for days, and nobody answers. "
    b"This is a disgrace, I am really disappointed with your delivery service.\r\n"
)


def test_mail_list_and_show_hold_what_the_contract_says(desk: Desk, pymap: PymapServer) -> None:
    pymap.deliver(letter(1), user=desk.username)
    desk.run("once")
    listed = only(desk.jsonl("mail", "list"))
    columns = "id mailbox message_id from subject received state verdict topic sentiment complaint sure"
    assert set(listed) >= {*columns.split(), "acknowledged", "ticket"}
    assert (listed["state"], listed["verdict"], listed["acknowledged"]) == ("done", "answer", True)
    assert (listed["from"], listed["message_id"]) == ("person1@example.org", "<letter1@example.org>")
    shown = desk.json("mail", "show", listed["id"].lower().replace("-", ""))
    assert shown["text"].startswith("Hello,")
    assert shown["effects"]
    assert all(
        {"kind", "state", "attempts", "message_id", "next_try", "error"} <= set(effect) for effect in shown["effects"]
    )
    assert all({"rule", "hit", "evidence"} <= set(rule) for rule in shown["rules"])
    for words in (("mail", "list"), ("mail", "show", listed["id"]), ("mail", "explain", listed["id"])):
        assert listed["id"] in desk.run(*words).stdout


def test_mail_show_tells_the_parts_of_a_mail(desk: Desk, pymap: PymapServer) -> None:
    quoted = b"\r\nOn Mon, 9 Nov 2026 at 10:12, Shop <support@example.com> wrote:\r\n> Which parcel?\x1b[2J\r\n"
    pymap.deliver(letter(1).rstrip() + b"\r\n" + quoted, user=desk.username)
    desk.run("once")
    listed = only(desk.jsonl("mail", "list"))
    parts = desk.json("mail", "show", listed["id"], "--parts")["parts"]
    assert [part["kind"] for part in parts] == ["new", "signature", "quoted"]
    assert parts[1]["text"].strip() == "Person 1"
    shown = desk.run("mail", "show", listed["id"], "--parts").stdout
    assert "new       │ Hello," in shown
    assert "quoted    │ > Which parcel?" in shown
    assert "\x1b" not in shown


def test_a_parked_mail_is_released_or_discarded_once(desk: Desk, pymap: PymapServer, sink: SmtpSink) -> None:
    for number in (1, 2):
        pymap.deliver(letter(number, to="else@example.net"), user=desk.username)
    desk.run("once")
    first, second = desk.jsonl("mail", "list", "--state", "parked")
    assert desk.json("mail", "release", first["id"])["acknowledged"]
    assert desk.json("mail", "discard", second["id"])["state"] == "done"
    assert len(sink.accepted) == 1
    assert "not parked" in desk.run("mail", "release", first["id"], expect=2).stderr
    assert "not parked" in desk.run("mail", "discard", second["id"], expect=2).stderr
    assert len(sink.accepted) == 1


def test_an_unknown_id_is_wrong_use(desk: Desk) -> None:
    assert "no such mail" in desk.run("mail", "show", "7K3M-9QTX", expect=2).stderr
    assert "looks like" in desk.run("mail", "show", "what?", expect=2).stderr
    assert "no such ticket" in desk.run("ticket", "show", "7K3M-9QTX", expect=2).stderr


def test_a_complaint_stands_on_the_board_and_agents_work_on_it(
    clever: Desk, pymap: PymapServer, sink: SmtpSink
) -> None:
    pymap.deliver(COMPLAINT, user=clever.username)
    counts = clever.json("once")["mailboxes"]["support"]
    assert (counts["acknowledged"], counts["tickets_opened"]) == (1, 1)
    ticket = only(clever.jsonl("ticket", "list"))
    assert set(ticket) >= set(
        "ref status customer topic sentiment complaint owner opened promise mails tracker url".split()
    )
    assert (ticket["status"], ticket["topic"], ticket["customer"]) == ("open", "delivery", "eve@example.org")
    assert ticket["complaint"]
    clever.run("ticket", "comment", ticket["ref"], "called her", "--as", "anna")
    clever.run("ticket", "assign", ticket["ref"], "ben", "--as", "anna")
    clever.run("ticket", "status", ticket["ref"], "resolved", "--as", "ben")
    assert "one of" in clever.run("ticket", "status", ticket["ref"], "gone", expect=2).stderr
    shown = clever.json("ticket", "show", ticket["ref"])
    assert (shown["owner"], shown["status"]) == ("ben", "resolved")
    assert [event["kind"] for event in shown["events"]] == ["opened", "staff", "comment", "assigned", "status"]
    assert ticket["ref"].encode() in sink.accepted[0].data
    explained = clever.run("mail", "explain", ticket["mails"][0]).stdout
    assert "because of" in explained
    assert "auto-submitted" in explained


def test_replay_shows_what_would_be_different_and_never_answers_twice(
    desk: Desk, clever: Desk, pymap: PymapServer, sink: SmtpSink
) -> None:
    model, clever.models = clever.models, None
    clever.write()
    pymap.deliver(COMPLAINT, user=clever.username)
    clever.run("once")
    mail = only(clever.jsonl("mail", "list"))
    clever.models = model
    clever.write()
    changed = clever.json("mail", "replay", mail["id"])["changed"]
    assert changed["topic"] == {"before": None, "after": "delivery"}
    assert only(clever.jsonl("mail", "list"))["topic"] is None
    clever.run("mail", "replay", mail["id"], "--apply")
    clever.run("once")
    assert only(clever.jsonl("mail", "list"))["topic"] == "delivery"
    assert [one.recipients for one in sink.accepted if one.recipients != ("logistics@example.com",)] == [
        ("eve@example.org",)
    ]


def test_status_is_unhealthy_without_a_model_and_well_with_one(desk: Desk, clever: Desk) -> None:
    models, desk.models = desk.models, None
    desk.write()
    desk.run("once")
    status = desk.json("status", expect=1)
    assert not status["healthy"]
    assert any("model" in problem["what"] for problem in status["problems"])
    assert all(set(problem) == {"kind", "what", "since", "remedy"} for problem in status["problems"])
    desk.models = models
    desk.write()
    assert desk.run("status").stdout.startswith("healthy")


def test_without_any_topic_learned_letters_are_neutral_and_status_says_so(
    desk: Desk, pymap: PymapServer, sink: SmtpSink
) -> None:
    rows = [replace(row, topic=None) for row in toy_rows(150)]
    desk.run("model", "train", "--data", str(write_csv(desk.folder / "mails.csv", rows)))
    pymap.deliver(letter(1), user=desk.username)
    desk.run("once")
    assert only(desk.jsonl("mail", "list"))["topic"] is None
    (sent,) = sink.accepted
    assert b"A person from our team will read it and answer you" in sent.data
    assert desk.json("status")["not_learned"] == ["topic"]
    assert "no topic is learned yet" in desk.run("status").stdout


def test_status_says_when_a_mailbox_is_not_read(clever: Desk) -> None:
    status = clever.json("status", expect=1)
    assert "mailbox.support has had no pass yet" in {problem["what"] for problem in status["problems"]}
    clever.imap_port = 1
    clever.write()
    clever.run("once", expect=3)
    status = clever.json("status", expect=1)
    assert status["mailboxes"]["support"]["error"]


@pytest.mark.parametrize(("encoder", "told"), [("multilingual", "is ready"), ("nowhere", "there is no file")])
def test_doctor_tries_the_encoder_that_is_set(clever: Desk, encoder: str, told: str) -> None:
    clever.write()
    path = clever.folder / "config.toml"
    path.write_text(path.read_text().replace("[classify]\n", f"[classify]\nencoder = '{encoder}'\n"))
    (found,) = [check for check in clever.jsonl("doctor", expect=None) if check["check"] == "encoder"]
    assert told in found["detail"]
    assert found["ok"] is (encoder == "multilingual")


def test_doctor_logs_in_everywhere_and_names_what_to_mend(clever: Desk) -> None:
    checks = clever.jsonl("doctor", expect=1)
    assert [check["check"] for check in checks if not check["ok"]] == ["own words"]  # the desk is the example's
    assert {"configuration", "database", "model", "templates", "mailbox support", "outgoing server"} <= {
        check["check"] for check in checks
    }
    clever.smtp_port = 1
    clever.write()
    checks = {check["check"]: check for check in clever.jsonl("doctor", expect=3)}
    assert not checks["outgoing server"]["ok"]
    assert checks["outgoing server"]["remedy"]
    assert checks["mailbox support"]["ok"]


def test_the_database_is_checked_backed_up_and_refused_when_it_is_newer(desk: Desk, pymap: PymapServer) -> None:
    import sqlite3

    pymap.deliver(letter(1), user=desk.username)
    desk.run("once")
    assert desk.json("db", "check")["ok"]
    copy = desk.folder / "copy.db"
    assert desk.json("db", "backup", str(copy))["bytes"] > 0
    assert "exists already" in desk.run("db", "backup", str(copy), expect=1).stderr
    assert desk.json("db", "upgrade")["after"] == NEWEST
    with sqlite3.connect(desk.folder / "var/firstline.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
        connection.execute("update works_with set oldest = '9999'")
    assert "newer" in desk.run("mail", "list", expect=4).stderr
    assert "newer" in desk.run("once", expect=4).stderr


def test_classify_reads_any_file_and_stores_nothing(clever: Desk, tmp_path: Path) -> None:
    files = {"a.eml": COMPLAINT, "b.eml": b"\xff\x00nonsense", "c.eml": letter(1, Auto_Submitted="auto-generated")}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    rows = clever.jsonl("classify", *(str(tmp_path / name) for name in [*files, "missing.eml"]))
    assert [Path(row["file"]).name for row in rows] == ["a.eml", "b.eml", "c.eml", "missing.eml"]
    keys = (
        "file message_id from subject sent text language attachments notes answerable verdict reasons topic "
        "topic_confidence topic_sure sentiment sentiment_confidence sentiment_sure complaint complaint_confidence "
        "complaint_sure sure in_reply_to error"
    ).split()
    assert all(set(row) >= set(keys) for row in rows)
    assert (rows[0]["answerable"], rows[0]["topic"], rows[0]["complaint"]) == (True, "delivery", True)
    assert (rows[2]["verdict"], rows[2]["reasons"]) == ("silent", ["auto-submitted"])
    assert rows[3]["error"]
    assert not (clever.folder / "var/firstline.db").exists()


def test_classify_takes_plain_text_and_works_without_a_model(desk: Desk, clever: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("My invoice shows the wrong sum, please correct it.")
    row = only(clever.jsonl("classify", "--text", str(tmp_path / "a.txt")))
    assert row["topic"] == "billing"
    desk.models = None
    desk.write()
    row = only(desk.jsonl("classify", "--text", str(tmp_path / "a.txt")))
    assert row["topic"] is None
    assert row["sure"] is False


def test_init_makes_a_folder_that_works(initialised: Path) -> None:
    assert {path.name for path in (initialised / "templates").iterdir()} >= {"en", "de", "fr", "es", "fi"}
    assert len(list((initialised / "training_data").glob("*.csv"))) == len(list(STARTER.glob("*.csv")))
    assert (initialised / "var/key").stat().st_mode & 0o077 == 0
    version = only(
        Desk(initialised.parent, 1, 1, "x").jsonl("--config", str(initialised / "config.toml"), "model", "list")
    )
    assert version["in_use"]
    assert version["profile"] == "lean"


def test_doctor_fails_on_what_is_left_of_the_example(initialised: Path) -> None:
    """Nothing was told, and nobody was asked."""
    desk = Desk(initialised.parent, 1, 1, "x")
    checks = desk.jsonl("--config", str(initialised / "config.toml"), "doctor", expect=None)
    (own,) = [check for check in checks if check["check"] == "own words"]
    assert not own["ok"]
    assert "smtp.from" in own["detail"]


def test_init_refuses_a_folder_that_is_not_empty(desk: Desk) -> None:
    assert "not empty" in desk.run("init", str(desk.folder), expect=2).stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nonsense",), "No such command"),
        (("mail", "list", "--nonsense"), "No such option"),
        (("mail", "show"), "Missing argument"),
        (("mail", "list", "--state", "lost"), "one of pending, done, parked"),
        (("--config", "missing.toml", "mail", "list"), "firstline init"),
    ],
)
def test_wrong_use_is_exit_2_and_says_what_is_right(desk: Desk, words: tuple[str, ...], says: str) -> None:
    assert says in desk.run(*words, expect=2).stderr


def test_a_wrong_configuration_is_exit_2_with_file_key_and_remedy(desk: Desk) -> None:
    desk.mailbox["hots"] = "x"
    desk.write()
    error = desk.run("once", expect=2).stderr
    assert "config.toml" in error
    assert "mailbox.support.hots" in error
    assert "did you mean 'host'" in error


def test_the_demonstration_does_the_whole_job(clever: Desk) -> None:
    result = clever.json("demo")
    counts = result["mailboxes"]["support"]
    assert counts["fetched"] == len(result["mails"]) >= 20
    assert counts["known"] == 1
    assert counts["parked"] == 2
    assert counts["failed"] == 0
    assert counts["tickets_opened"] >= 4
    assert counts["tickets_updated"] == 1
    why = " ".join(row["why"] for row in result["mails"])
    for reason in ("auto-submitted", "delivery-report", "mailing-list", "not-authentic", "thread-acknowledged"):
        assert reason in why
    assert "Auto-Submitted: auto-replied" in result["acknowledgement"]
    assert json.dumps(result)
