"""In folders that others may write to, only files that lie there are read: no link leads out, no pipe makes us wait."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import UnusableModelError
from pipeline.learn import durable
from pipeline.learn.history import CURRENT, HISTORY
from pipeline.learn.registry import LOCK, open_predictor
from pipeline.learn.vectors import Vectors
from pipeline.learn.version import MANIFEST, MODEL, ROWS_FITTED, SERVED, SIGNATURE, VECTORS
from pipeline.replies.articles import ArticleShelf
from pipeline.replies.files import stamp, take_snapshot
from pipeline.text.regular_files import read_below, remove_below, replace_below
from tests.desk import ROOT, Desk, letter
from tests.learned import KEY, toy_registry, toy_rows, write_csv
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

SECRET = "the key that signs everything, and other people's mail"
Trap = Callable[[Path, Path], None]


def link(path: Path, secret: Path) -> None:
    path.symlink_to(secret)


def relative_link(path: Path, secret: Path) -> None:
    path.symlink_to(os.path.relpath(secret, path.parent))


def link_to_a_link(path: Path, secret: Path) -> None:
    beside = secret.with_name(f"{secret.name}-{path.name}")
    beside.symlink_to(secret)
    path.symlink_to(beside)


def broken_link(path: Path, secret: Path) -> None:
    path.symlink_to(secret.with_name("not there"))


def pipe(path: Path, _secret: Path) -> None:
    os.mkfifo(path)


def link_to_a_pipe(path: Path, secret: Path) -> None:
    waiting = secret.with_name("pipe")
    if not waiting.exists():
        os.mkfifo(waiting)
    path.symlink_to(waiting)


def device(path: Path, _secret: Path) -> None:
    path.symlink_to("/dev/zero")


def door(path: Path, _secret: Path) -> None:
    os.chdir(path.parent)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.name)


TRAPS = [link, relative_link, link_to_a_link, broken_link, pipe, link_to_a_pipe, device, door]
traps = pytest.mark.parametrize("trap", TRAPS)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "outside" / "secret.txt"
    path.parent.mkdir()
    path.write_text(SECRET, encoding="utf-8")
    return path


@traps
def test_nothing_but_a_regular_file_is_read(tmp_path: Path, secret: Path, trap: Trap) -> None:
    root = tmp_path / "root"
    (root / "en").mkdir(parents=True)
    (root / "en/good.txt").write_text("good", encoding="utf-8")
    trap(root / "en/bad.txt", secret)
    with pytest.raises(OSError, match=r"link|regular|No such"):
        read_below(root, "en/bad.txt")
    assert read_below(root, "en/good.txt") == b"good"


@pytest.mark.parametrize("name", ["../outside/secret.txt", "en/../../outside/secret.txt", "/etc/passwd", "", ".."])
def test_no_name_leads_out(tmp_path: Path, secret: Path, name: str) -> None:
    root = tmp_path / "root"
    (root / "en").mkdir(parents=True)
    with pytest.raises(OSError, match="elsewhere"):
        read_below(root, name)
    assert secret.exists()


def test_a_folder_that_is_a_link_leads_nowhere_but_the_root_may_be_one(tmp_path: Path, secret: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "en").symlink_to(secret.parent)
    with pytest.raises(OSError, match="link"):
        read_below(root, "en/secret.txt")
    (tmp_path / "elsewhere").symlink_to(secret.parent)
    assert read_below(tmp_path / "elsewhere", secret.name) == SECRET.encode()


@traps
@pytest.mark.parametrize("name", ["delivery.txt", "delivery.html", "base.txt"])
def test_a_template_is_a_file_of_its_folder(tmp_path: Path, secret: Path, trap: Trap, name: str) -> None:
    folder = tmp_path / "templates"
    (folder / "en/articles").mkdir(parents=True)
    trap(folder / "en" / name, secret)
    stamp(folder)
    assert all(isinstance(found, OSError) for found in take_snapshot(folder).values())
    trap(folder / "en/articles/help.md", secret)
    shelf = ArticleShelf(folder)
    assert shelf.names == set()
    assert list(shelf.problems) == ["en/articles/help.md"]
    assert SECRET not in str(shelf.problems)


@traps
@pytest.mark.parametrize("name", [CURRENT, MANIFEST, SIGNATURE, MODEL, SERVED])
def test_a_model_is_made_of_files_of_its_folder(tmp_path: Path, secret: Path, trap: Trap, name: str) -> None:
    registry = toy_registry(tmp_path / "models")
    path = tmp_path / "models" / (name if name == CURRENT else f"{registry.current()}/{name}")
    kept = tmp_path / "outside/kept"
    path.rename(kept)
    trap(path, kept if trap is link else secret)  # even what was good is not followed
    with pytest.raises(UnusableModelError, match=r"can't be read: it is (a link|no regular)|can't be read: No such"):
        open_predictor(tmp_path / "models", KEY)


@traps
@pytest.mark.parametrize("name", [HISTORY, LOCK])
def test_nothing_is_written_through_a_link(tmp_path: Path, secret: Path, trap: Trap, name: str) -> None:
    registry = toy_registry(tmp_path / "models", versions=2)
    (tmp_path / "models" / name).unlink()
    trap(tmp_path / "models" / name, secret)
    with pytest.raises(UnusableModelError):
        registry.rollback()
    assert secret.read_text(encoding="utf-8") == SECRET
    assert not secret.with_name("not there").exists()


@traps
def test_the_vectors_computed_before_are_kept_in_no_file_elsewhere(tmp_path: Path, secret: Path, trap: Trap) -> None:
    (tmp_path / "models").mkdir()
    trap(tmp_path / "models" / VECTORS, secret)
    vectors = Vectors(tmp_path / "models" / VECTORS, "an encoder")
    vectors.keep({"a text": np.zeros(3, dtype=np.float16)})
    assert vectors.known(["a text"]) == {}
    assert secret.read_text(encoding="utf-8") == SECRET
    assert not secret.with_name("not there").exists()


def test_a_whole_version_behind_a_link_is_refused(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path / "models")
    path = tmp_path / "models" / registry.current()
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnusableModelError, match="link"):
        open_predictor(tmp_path / "models", KEY)


@pytest.mark.parametrize("file", [MODEL, SERVED, ROWS_FITTED])
def test_a_file_of_another_size_is_not_even_read(tmp_path: Path, file: str) -> None:
    """A terabyte that is all hole: reading it would end us."""
    registry = toy_registry(tmp_path)
    os.truncate(tmp_path / registry.current() / file, 1 << 40)
    with pytest.raises(UnusableModelError, match=r"it has \d+ bytes, not"):
        registry.verify(registry.current())


@pytest.mark.parametrize("file", [MANIFEST, SIGNATURE])
def test_nor_is_a_manifest_that_is_far_too_large(tmp_path: Path, file: str) -> None:
    registry = toy_registry(tmp_path)
    os.truncate(tmp_path / registry.current() / file, 1 << 40)
    with pytest.raises(UnusableModelError, match="far too large"):
        registry.verify(registry.current())


@pytest.mark.parametrize("file", [CURRENT, HISTORY])
def test_nor_is_a_note_that_is_far_too_large(tmp_path: Path, file: str) -> None:
    registry = toy_registry(tmp_path)
    os.truncate(tmp_path / file, 1 << 40)
    with pytest.raises(UnusableModelError, match="far too large"):
        registry.current() if file == CURRENT else registry.history()


def test_a_version_of_0_1_whose_manifest_tells_no_sizes_is_bounded_too(tmp_path: Path) -> None:
    from pipeline.learn import signature

    registry = toy_registry(tmp_path)
    path = tmp_path / registry.current()
    manifest = json.loads((path / MANIFEST).read_text())
    del manifest["bytes"]
    data = json.dumps(manifest).encode()
    durable.write(path / MANIFEST, data)
    durable.write(path / SIGNATURE, signature.sign(KEY, data))
    registry.verify(registry.current())
    os.truncate(path / MODEL, 1 << 40)
    with pytest.raises(UnusableModelError, match="far too large"):
        registry.verify(registry.current())


# --- as the installed command -----------------------------------------------------------------------------------------


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    desk = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace(f"templates = '{ROOT}/templates'", "templates = 'templates'"))
    (desk.folder / "templates/en").mkdir(parents=True)
    for name in ("base.txt", "neutral.txt", "late.txt"):
        (desk.folder / "templates/en" / name).write_bytes((ROOT / "templates/en" / name).read_bytes())
    (desk.folder / "var/key").write_text(f"{SECRET}\n", encoding="utf-8")
    return desk


@pytest.mark.parametrize("trap", [link, pipe])
def test_no_command_shows_or_sends_what_a_template_links_to(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, trap: Trap
) -> None:
    key = desk.folder / "var/key"
    trap(desk.folder / "templates/en/part.txt", key)
    (desk.folder / "templates/en/stolen.txt").write_text("Subject: Hello\n\n{% include 'part.txt' %}\n")
    trap(desk.folder / "templates/en/delivery.txt", key)
    said = desk.run_apart("template", "lint", expect=1)
    assert "templates" in said.stdout or "part.txt" in said.stdout
    for words in (("lint",), ("preview", "stolen"), ("preview", "delivery"), ("list",), ("matrix",)):
        done = desk.run_apart("template", *words, expect=None)
        assert SECRET not in done.stdout + done.stderr, words
    dovecot.deliver(letter(1), desk.username)
    desk.run_apart("once")
    assert len(sink.accepted) == 1
    assert SECRET.encode() not in sink.accepted[0].data


@pytest.mark.parametrize("trap", [link, pipe, device])
@pytest.mark.parametrize("place", ["cur/1", "new/1", ".Delivery/cur/1"])
def test_an_import_takes_nothing_from_elsewhere(desk: Desk, tmp_path: Path, trap: Trap, place: str) -> None:
    top = tmp_path / "Maildir"
    for part in ("cur", "new", ".Delivery/cur"):
        (top / part).mkdir(parents=True)
    (top / "cur/0").write_bytes(letter(1))
    trap(top / place, desk.folder / "var/key")
    said = desk.run_apart("data", "import", f"maildir:{top}", expect=None)
    assert said.returncode == 2
    assert place in said.stderr
    assert SECRET not in "".join(path.read_text() for path in desk.folder.glob("training_data/*"))


@pytest.mark.parametrize("trap", [link, pipe])
def test_a_training_reads_nothing_from_elsewhere(desk: Desk, trap: Trap) -> None:
    (desk.folder / "training_data").mkdir()
    write_csv(desk.folder / "training_data/good.csv", toy_rows())
    trap(desk.folder / "training_data/bad.csv", desk.folder / "var/key")
    for words in (("model", "train"), ("data", "stats")):
        said = desk.run_apart(*words, expect=2).stderr
        assert "bad.csv" in said
        assert SECRET not in said


# --- what is written ---


def test_a_file_is_replaced_where_it_lies_and_keeps_its_mode(tmp_path: Path) -> None:
    replace_below(tmp_path, "en/new.txt", b"one")
    assert (tmp_path / "en/new.txt").stat().st_mode & 0o777 == 0o600
    (tmp_path / "en/new.txt").chmod(0o640)
    replace_below(tmp_path, "en/new.txt", b"two")
    assert (tmp_path / "en/new.txt").read_bytes() == b"two"
    assert (tmp_path / "en/new.txt").stat().st_mode & 0o777 == 0o640
    assert [file.name for file in (tmp_path / "en").iterdir()] == ["new.txt"]


def test_neither_writing_nor_removing_follows_a_link(tmp_path: Path) -> None:
    secret, root = tmp_path / "outside/secret.txt", tmp_path / "root"
    (root / "en").mkdir(parents=True)
    secret.parent.mkdir()
    secret.write_text(SECRET)
    (root / "de").symlink_to(secret.parent)
    for path in ("de/secret.txt", "../outside/secret.txt", "en/../../outside/secret.txt", str(secret)):
        with pytest.raises(OSError, match=r"link|elsewhere"):
            replace_below(root, path, b"evil")
        with pytest.raises(OSError, match=r"link|elsewhere"):
            remove_below(root, path)
    (root / "en/linked.txt").symlink_to(secret)
    replace_below(root, "en/linked.txt", b"ours")
    assert not (root / "en/linked.txt").is_symlink()
    (root / "en/again.txt").symlink_to(secret)
    remove_below(root, "en/again.txt")
    remove_below(root, "fi/never.txt")
    assert sorted(file.name for file in (root / "en").iterdir()) == ["linked.txt"]
    assert secret.read_text() == SECRET
