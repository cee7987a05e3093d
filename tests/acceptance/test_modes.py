"""Who else on this machine may read our files: nobody, and `doctor` says so where somebody may."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.wiring.modes import _SHOWN
from tests.desk import Desk
from tests.learned import KEY, toy_registry
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

AT_ONCE = _SHOWN - 2  # each is named, with SQLite's two files beside a database
PRIVATE = (
    "var",
    "var/key",
    "var/firstline.db",
    "var/firstline.db.before-20261118T120000",
    "var/copies",
    "var/copies/old.db",
    "models",
    "models/current",
    "models/20261118T120000-00000000/model.joblib",
    "backup.db",
    "export.csv",
    "export.jsonl",
    "report.html",
)


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())
    (desk.folder / "var/key").write_bytes(KEY)
    toy_registry(desk.folder / "models")
    desk.run("once")
    for name in PRIVATE:
        path = desk.folder / name
        if name == "var/copies":
            path.mkdir()
        elif not path.exists():
            path.write_text("what customers wrote", encoding="utf-8")
    desk.run("db", "upgrade")
    return desk


def check_of(desk: Desk) -> dict:
    (found,) = [check for check in desk.jsonl("doctor", expect=None) if check["check"] == "file modes"]
    return found


@pytest.mark.parametrize("bits", [0o004, 0o040, 0o022])
def test_doctor_names_what_others_may_read_and_upgrade_mends_it(desk: Desk, bits: int) -> None:
    assert check_of(desk)["ok"]
    for names in (PRIVATE[start : start + AT_ONCE] for start in range(0, len(PRIVATE), AT_ONCE)):
        for path in (desk.folder / name for name in names):
            path.chmod(path.stat().st_mode | bits)
        found = check_of(desk)
        assert not found["ok"]
        assert [name for name in names if f"{name} (" not in found["detail"]] == []
        assert "firstline db upgrade" in found["remedy"]
        narrowed = desk.json("db", "upgrade")["narrowed"]  # SQLite's own files beside a database have its mode
        assert {file.removesuffix("-wal").removesuffix("-shm") for file in narrowed} == set(names)
        assert not any((desk.folder / name).stat().st_mode & 0o077 for name in names)
        assert check_of(desk)["ok"]
    assert "file modes" not in [one["check"] for one in desk.jsonl("doctor", expect=1) if not one["ok"]]


def test_what_people_write_and_we_only_read_is_their_business(desk: Desk) -> None:
    (desk.folder / "config.toml").chmod(0o644)
    (desk.folder / "templates").mkdir(mode=0o755)
    assert check_of(desk)["ok"]


def test_nothing_is_followed_out_of_the_folders(desk: Desk, tmp_path: Path) -> None:
    """Whoever may write into a folder must not make us change a file elsewhere."""
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "a").write_text("theirs", encoding="utf-8")
    (outside / "a").chmod(0o644)
    (desk.folder / "var/file").symlink_to(outside / "a")
    (desk.folder / "var/folder").symlink_to(outside)
    (desk.folder / "models/folder").symlink_to(outside)
    desk.run("db", "upgrade")
    assert (outside / "a").stat().st_mode & 0o777 == 0o644
    assert outside.stat().st_mode & 0o777 == 0o755
    assert check_of(desk)["ok"]
