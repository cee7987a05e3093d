"""An erased customer's words leave the training data and every version of the model."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.config.load import load
from pipeline.desk.privacy.erase import erase
from pipeline.desk.privacy.subject import subject_of
from pipeline.learn.dataset import Row
from pipeline.learn.shelf import LEFT_OUT
from pipeline.wiring.live_doors import build
from tests.desk import Desk
from tests.learned import toy_rows
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

EVE = "eve.marker@example.org"
MARKERS = ("xyqqova", "kzwwimbo", "grumbelfitz", "eve.marker", "Quetzalmann")
TEXTS = ("My parcel xyqqova is late", "The courier xyqqova again", "An invoice kzwwimbo about the amount")


def written(number: int, text: str) -> bytes:
    return (
        f"From: Eve Quetzalmann <{EVE}>\r\nTo: support@example.com\r\nSubject: Order {number} kzwwimbo\r\n"
        f"Message-ID: <{number}@example.net>\r\nDate: Mon, 30 Nov 2026 10:0{number}:00 +0000\r\n\r\n{text}\r\n"
    ).encode()


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    """Two versions have learned from Eve: from the texts of her mails, which a table held without her address, from
    a row under her address, and from one in which another customer names her."""
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=CONFIG)
    for number, text in enumerate(TEXTS, 1):
        dovecot.deliver(written(number, text), made.username)
    made.run("once")
    (made.folder / "mine.csv").write_text("customer,text,topic\n" + _hers(), encoding="utf-8")
    made.run("data", "import", "mine.csv", "--sender-column", "customer")
    (made.folder / "training_data/old.csv").write_text(OTHERS, encoding="utf-8")  # of before names were redacted
    save(made, "first", toy_rows(150))
    made.run("model", "train")
    save(made, "second", toy_rows(170, seed=7)[150:])
    made.run("model", "train")
    return made


CONFIG = "[topics.parcel]\n[topics.invoice]\n[topics.login]\n"


def _hers() -> str:
    lines = [f'"{EVE.upper()}",the grumbelfitz of {number} parcels came late,parcel\n' for number in range(3)]
    return "".join([*(f",{text},parcel\n" for text in TEXTS), *lines])


OTHERS = "sender,text,topic\nbob,the courier wants to see Eve Quetzalmann at the doorstep,parcel\n"


def save(desk: Desk, name: str, rows: list[Row]) -> None:
    names = ("text", "subject", "topic", "sentiment", "complaint", "language", "labelled_by")
    lines = [json.dumps({name: getattr(row, name) for name in names}) + "\n" for row in rows]
    (desk.folder / "training_data" / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")


def held(desk: Desk) -> dict[str, list[str]]:
    """Marker → files of the training data and the versions in which it stands, also where these are compressed."""
    from pipeline.learn.registry import Registry

    found: dict[str, list[str]] = {}
    for path in (path for top in ("training_data", "models") for path in (desk.folder / top).rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        for marker in MARKERS:
            if marker.encode() in data:
                found.setdefault(marker, []).append(path.name)
    registry = Registry(desk.folder / "models", (desk.folder / "var/key").read_bytes().strip())
    for name in registry.names():
        version = registry.version(name)
        told = repr([*map(list, version.serve().features.vocabularies.values())])
        told += repr([vars(block) for _name, block in version.open()["features"].transformer_list])
        for marker in (marker for marker in MARKERS if marker in told):
            found.setdefault(marker, []).append(name)
    return found


def test_her_words_are_gone_after_the_next_training_and_nothing_brings_them_back(desk: Desk) -> None:
    first, second = sorted(one["version"] for one in desk.jsonl("model", "list"))
    assert {"xyqqova", "kzwwimbo"} <= held(desk).keys()  # her name never came in: it was redacted
    told = desk.json("privacy", "erase", EVE, "--yes")
    assert told["left"] == []
    assert told["removed"]["training rows"] == 6
    assert told["removed"]["versions of the model"] == 2
    assert [path for paths in held(desk).values() for path in paths if path != second] == []
    assert [one["version"] for one in desk.jsonl("model", "list")] == [second], "it serves until there is another one"
    assert "it is retired" in desk.run("model", "rollback", expect=None).stderr
    assert "it is retired" in desk.run("model", "promote", second, "--force", expect=2).stderr
    trained = desk.json("model", "train")
    assert trained["promoted"]
    assert [one["version"] for one in desk.jsonl("model", "list")] == [trained["version"]]
    assert held(desk) == {}
    assert "there is no version" in desk.run("model", "promote", first, "--force", expect=2).stderr


def test_asking_again_changes_nothing_more(desk: Desk) -> None:
    desk.json("privacy", "erase", EVE, "--yes")
    models, shelf = desk.folder / "models", desk.folder / "training_data"
    before = {path: path.read_bytes() for top in (models, shelf) for path in top.rglob("*") if path.is_file()}
    told = desk.json("privacy", "erase", EVE, "--yes")
    assert "training rows" not in told["removed"]
    assert {path: path.read_bytes() for top in (models, shelf) for path in top.rglob("*") if path.is_file()} == before


def test_what_others_taught_stays_row_by_row(desk: Desk) -> None:
    before = (desk.folder / "training_data/first.jsonl").read_bytes()
    assert "the model learned from them" in desk.run("privacy", "erase", EVE, "--yes").stdout
    assert (desk.folder / "training_data/first.jsonl").read_bytes() == before
    assert (desk.folder / "training_data/mine.csv").read_text(encoding="utf-8").count("\n") == 1, "the head is left"
    (kept,) = (desk.folder / "training_data/old.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert "see <name> at the doorstep" in kept


def test_what_an_import_left_out_goes_too(desk: Desk) -> None:
    (desk.folder / "more.csv").write_text(f"customer,text,topic\n{EVE},grumbelfitz once more,spam\n", encoding="utf-8")
    desk.run("data", "import", "more.csv", "--sender-column", "customer", "--map", "spam=")
    left_out = desk.folder / "training_data" / LEFT_OUT / "more.csv"
    assert "grumbelfitz" in left_out.read_text(encoding="utf-8")
    desk.json("privacy", "erase", EVE, "--yes")
    assert "grumbelfitz" not in left_out.read_text(encoding="utf-8")


def test_a_table_that_can_not_be_read_is_told_and_the_erasure_is_not_complete(desk: Desk) -> None:
    path = desk.folder / "training_data/odd.csv"
    path.write_text("text,topic\nMy parcel xyqqova is late,parcel,more\nx,parcel,a cell too many\n", encoding="utf-8")
    told = desk.json("privacy", "erase", EVE, "--yes", expect=1)
    assert told["left"] == ["training data and model: odd.csv: a row has more cells than columns"]
    path.unlink()
    assert desk.json("privacy", "erase", EVE, "--yes")["left"] == []


def test_an_export_shows_what_of_hers_is_learned_from(desk: Desk) -> None:
    told = desk.json("privacy", "export", EVE, "--to", "eve.zip")
    assert told["rows"]["training_data"] == 6
    with zipfile.ZipFile(desk.folder / "eve.zip") as whole:
        rows = json.loads(whole.read("data.json"))["data"]["training_data"]["rows"]
    assert {marker for marker in MARKERS if marker in json.dumps(rows)} == {"xyqqova", "kzwwimbo", "grumbelfitz"}


def test_a_kill_before_the_files_are_written_leaves_what_they_are_found_by(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(build(load(desk.folder / "config.toml"))) as doors, monkeypatch.context() as killed:
        killed.setattr("pipeline.learn.shelf._replace", _kill)
        found = doors.personal_data.find(subject_of(EVE, doors.signer))
        with pytest.raises(KeyboardInterrupt):
            erase(doors, found, by="alice")
    assert any(one["retired"] for one in desk.jsonl("model", "list"))
    assert "grumbelfitz" in held(desk)
    told = desk.json("privacy", "erase", EVE, "--yes")
    assert told["left"] == []
    assert told["removed"]["training rows"] == 6
    assert desk.json("model", "train")["promoted"]
    assert held(desk) == {}


def _kill(*_given: object) -> None:
    raise KeyboardInterrupt
