"""Letters and the model of one machine are taken up by the others from the database, and nothing is lost by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from pipeline import logs
from pipeline.clock import FakeClock
from pipeline.config import load
from pipeline.engine.shared import LOOK_AROUND, Engine
from pipeline.errors import DamagedError, FirstlineError, NotFoundError, UnreachableError
from pipeline.learn import signature
from pipeline.learn.registry import Registry
from pipeline.learn.version import MANIFEST, MODEL, SIGNATURE
from pipeline.store.database import Database
from pipeline.store.schema_shared import shared_file
from pipeline.store.shared_files import SharedFile, SharedFiles
from pipeline.wiring.file_states import FileState
from pipeline.wiring.keys import key_of
from pipeline.wiring.live_doors import build
from pipeline.wiring.shared_folders import MODEL as MODEL_KIND
from pipeline.wiring.shared_folders import TEMPLATES, LettersFolder, ModelFolder, folders_of
from pipeline.wiring.sharing import FileSharing, ShareReport, compare
from tests.doubtful import lay_key
from tests.learned import KEY, save_toy, toy_registry
from tests.samples import NOON, table

LETTER, PAGE = "en/delivery.txt", "en/articles/parcel.md"


@dataclass
class Machine:
    """Folders of its own, and the database that all share."""

    folder: Path
    registry: Registry
    sharing: FileSharing

    def write(self, path: str, text: str) -> None:
        file = self.folder / "templates" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.folder / "templates" / path).read_text(encoding="utf-8")

    def has(self, path: str) -> bool:
        return (self.folder / "templates" / path).exists()


Machines = Callable[..., Machine]
Pair = tuple[Machine, Machine]


@pytest.fixture
def machine(database: Database, tmp_path: Path) -> Machines:
    logs.set_up(quiet=True)

    def make(name: str, key: bytes = KEY) -> Machine:
        folder = tmp_path / name
        (folder / "templates").mkdir(parents=True)
        registry = Registry(folder / "models", key, FakeClock(NOON))
        folders = [LettersFolder(TEMPLATES, folder / "templates"), ModelFolder(registry, key)]
        state = folder / "var/shared.json"
        sharing = FileSharing(SharedFiles(database), folders, key, state, FakeClock(NOON), name)
        return Machine(folder, registry, sharing)

    return make


@pytest.fixture
def two(machine: Machines) -> Pair:
    return machine("alice"), machine("bob")


def states(report: ShareReport) -> dict[str, FileState]:
    return {one.path: one.state for one in report.left}


@pytest.mark.parametrize(
    ("here", "there", "base", "state"),
    [
        ("a", "a", "", FileState.ALIKE),
        ("", None, "", FileState.ALIKE),
        ("", "", "a", FileState.ALIKE),  # removed on both sides
        ("a", None, "", FileState.HERE),
        ("b", "a", "a", FileState.HERE),
        ("", "a", "a", FileState.HERE),  # removed here
        ("a", None, "a", FileState.HERE),  # a row that is gone is no wish to remove anything
        ("a", "", "", FileState.HERE),  # removed there; but we never had it from there
        ("a", "b", "a", FileState.THERE),
        ("", "b", "", FileState.THERE),
        ("a", "", "a", FileState.THERE),  # removed there
        ("b", "c", "a", FileState.CONFLICT),
        ("b", "a", "", FileState.CONFLICT),
        ("", "c", "a", FileState.CONFLICT),
        ("b", "", "a", FileState.CONFLICT),
    ],
)
def test_who_has_changed_a_file(here: str, there: str | None, base: str, state: FileState) -> None:
    assert compare(here, there, base) is state


def test_letters_and_pages_are_taken_up(two: Pair) -> None:
    alice, bob = two
    alice.write(LETTER, "Subject: one\n\nText")
    alice.write(PAGE, "Title: Parcels")
    assert len(alice.sharing.push().done) == 2
    bob.sharing.take_up()
    assert (bob.read(LETTER), bob.read(PAGE)) == ("Subject: one\n\nText", "Title: Parcels")
    assert states(bob.sharing.status()) == {}
    bob.write(LETTER, "Subject: two\n\nText")
    bob.sharing.push()
    alice.sharing.take_up()
    assert alice.read(LETTER) == "Subject: two\n\nText"


def test_what_is_removed_is_removed_only_where_it_was_shared(two: Pair, machine: Machines) -> None:
    alice, bob = two
    carol = machine("carol")
    carol.write(LETTER, "Carol's own")
    alice.write(LETTER, "shared")
    alice.write("en/other.txt", "stays")
    alice.sharing.push()
    bob.sharing.take_up()
    (alice.folder / "templates" / LETTER).unlink()
    alice.sharing.push()
    bob.sharing.take_up()
    carol.sharing.take_up()
    assert (bob.has(LETTER), bob.has("en/other.txt"), carol.read(LETTER)) == (False, True, "Carol's own")


def test_an_empty_folder_is_filled_and_removes_nothing(two: Pair) -> None:
    alice, bob = two
    alice.write(LETTER, "shared")
    alice.sharing.push()
    bob.sharing.take_up()
    (bob.folder / "templates" / LETTER).unlink()  # its disk is away
    assert bob.sharing.push().done == []
    bob.sharing.pull()
    assert bob.read(LETTER) == "shared"


def test_a_conflict_loses_nothing_until_a_person_decides(two: Pair) -> None:
    alice, bob = two
    alice.write(LETTER, "first")
    alice.sharing.push()
    bob.sharing.take_up()
    alice.write(LETTER, "Alice's")
    bob.write(LETTER, "Bob's")
    alice.sharing.push()
    bob.sharing.take_up()
    assert states(bob.sharing.push()) == {LETTER: FileState.CONFLICT}
    assert states(bob.sharing.pull()) == {LETTER: FileState.CONFLICT}
    assert bob.read(LETTER) == "Bob's"
    bob.sharing.push(ours=True)
    alice.sharing.take_up()
    assert alice.read(LETTER) == "Bob's"
    alice.write(LETTER, "Alice's again")
    bob.write(LETTER, "Bob's again")
    bob.sharing.push()
    alice.sharing.pull(theirs=True)
    assert alice.read(LETTER) == "Bob's again"


def test_an_edit_that_waits_to_be_pushed_is_not_overwritten(two: Pair) -> None:
    alice, bob = two
    alice.write(LETTER, "shared")
    alice.sharing.push()
    bob.sharing.take_up()
    bob.write(LETTER, "Bob's")
    alice.write(PAGE, "new page")
    alice.sharing.push()
    bob.sharing.take_up()
    assert (bob.read(LETTER), bob.read(PAGE)) == ("Bob's", "new page")
    assert states(bob.sharing.status()) == {LETTER: FileState.HERE}


def test_nothing_is_compared_while_nothing_changes(two: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, _bob = two
    alice.write(LETTER, "shared")
    alice.sharing.push()
    alice.sharing.take_up()
    monkeypatch.setattr(alice.sharing, "pull", lambda: pytest.fail("it was looked for changes"))
    alice.sharing.take_up()


# --- the model --------------------------------------------------------------------------------------------------------


def test_the_model_in_use_is_taken_up_with_its_files(two: Pair, database: Database) -> None:
    alice, bob = two
    toy_registry(alice.registry.folder, versions=2)
    alice.sharing.push()
    bob.sharing.take_up()
    assert bob.registry.current() == alice.registry.current()
    bob.registry.verify(bob.registry.current())
    assert bob.registry.history()[-1].reason == "in use on alice"
    _now, before = alice.registry.rollback()
    alice.sharing.push()
    bob.sharing.take_up()
    assert bob.registry.current() == before
    kept = {row.path.partition("/")[0] for row in SharedFiles(database).all() if "/" in row.path}
    assert kept == {before}  # of the versions only the one in use is in the database


def test_two_models_that_nobody_has_compared_are_a_conflict(two: Pair) -> None:
    alice, bob = two
    toy_registry(alice.registry.folder)
    toy_registry(bob.registry.folder, versions=2)
    before = bob.registry.current()
    alice.sharing.push()
    bob.sharing.take_up()
    assert bob.registry.current() == before
    bob.sharing.pull(theirs=True)
    assert bob.registry.current() == alice.registry.current()


def test_a_model_that_is_gone_here_is_fetched_and_never_removed_elsewhere(two: Pair) -> None:
    alice, bob = two
    toy_registry(alice.registry.folder)
    alice.sharing.push()
    bob.sharing.take_up()
    (bob.registry.folder / "current").unlink()
    assert bob.sharing.push().done == []
    assert len(bob.sharing.pull().done) == 1


# --- hostile rows -----------------------------------------------------------------------------------------------------


def plant(database: Database, kind: str, path: str, data: bytes, key: bytes = b"not our key" * 4) -> None:
    """Somebody who can write into the database, with whatever key they have."""
    found = signature.sum_of(data)
    row = FileSharing(SharedFiles(database), [], key, Path(), FakeClock(NOON), "mallory")._row(kind, path, found, NOON)
    files = SharedFiles(database)
    with files.turn():
        files.put(row, data)


@pytest.mark.parametrize(
    "path",
    [
        "../x.txt",
        "en/../../x.txt",
        "/etc/x.txt",
        "en/.x.txt",
        "..",
        "en/x.py",
        "en/a/b.txt",
        "en/x.txt\n",
        "./en/x.txt",
    ],
)
@pytest.mark.parametrize("key", [KEY, b"not our key" * 4], ids=["our key", "another"])
def test_a_path_out_of_the_folder_is_refused(two: Pair, database: Database, path: str, key: bytes) -> None:
    _alice, bob = two
    before = sorted(bob.folder.parent.rglob("*"))
    plant(database, TEMPLATES, path, b"Subject: evil", key)
    report = bob.sharing.pull()
    assert (report.done, len(report.problems)) == ([], 1)
    made = {file.name for file in {*bob.folder.parent.rglob("*")} - {*before}}
    assert made <= {"var", ".shared.json.lock"}


def test_what_is_not_signed_with_our_key_is_refused(two: Pair, database: Database) -> None:
    alice, bob = two
    alice.write(LETTER, "ours")
    alice.sharing.push()
    bob.sharing.take_up()
    plant(database, TEMPLATES, LETTER, b"Subject: evil")
    plant(database, TEMPLATES, "en/new.txt", b"Subject: evil")
    bob.sharing.take_up()
    assert (bob.read(LETTER), bob.has("en/new.txt")) == ("ours", False)
    assert all("not signed" in problem for problem in bob.sharing.pull().problems)


def test_neither_a_changed_content_nor_a_removed_row_changes_anything(two: Pair, database: Database) -> None:
    alice, bob = two
    alice.write(LETTER, "first")
    alice.write(PAGE, "page")
    alice.sharing.push()
    bob.sharing.take_up()
    alice.write(LETTER, "second")
    alice.sharing.push()
    with database.writing() as connection:
        connection.execute(update(shared_file).where(shared_file.c.path == LETTER).values(data=b"evil"))
        connection.execute(delete(shared_file).where(shared_file.c.path == PAGE))
    (problem,) = bob.sharing.pull().problems
    assert "not what was signed" in problem
    assert (bob.read(LETTER), bob.read(PAGE)) == ("first", "page")


def test_a_link_is_neither_followed_nor_shared(two: Pair, tmp_path: Path) -> None:
    alice, bob = two
    (tmp_path / "outside").mkdir()
    secret = tmp_path / "outside/delivery.txt"
    secret.write_text("secret")
    alice.write(LETTER, "shared")
    alice.sharing.push()
    os.symlink(tmp_path / "outside", bob.folder / "templates/en")
    report = bob.sharing.pull(theirs=True)
    assert secret.read_text() == "secret"
    assert "link" in report.problems[0]
    alice.write("de/x.txt", "x")
    os.symlink(secret, alice.folder / "templates/en/linked.txt")
    (problem,) = alice.sharing.push().problems
    assert "link" in problem


def other_signature(version: Path) -> None:
    (version / SIGNATURE).write_bytes(signature.sign(b"another key" * 4, (version / MANIFEST).read_bytes()) + b"\n")


def other_model(version: Path) -> None:
    (version / MODEL).write_bytes(b"evil")


@pytest.mark.parametrize("damage", [other_signature, other_model])
def test_a_model_that_is_not_as_signed_leaves_the_old_one_in_use(
    two: Pair, database: Database, damage: Callable[[Path], None]
) -> None:
    alice, bob = two
    toy_registry(alice.registry.folder)
    alice.sharing.push()
    bob.sharing.take_up()
    before = bob.registry.current()
    with alice.registry.locked():
        fresh = save_toy(alice.registry, digest="ffffffff")
        alice.registry.use(fresh.name, "promote", "for a test")
    alice.sharing.push()
    damage(fresh.path)
    for file in (MODEL, SIGNATURE):  # rows that are signed, of files that are not
        plant(database, MODEL_KIND, f"{fresh.name}/{file}", (fresh.path / file).read_bytes(), KEY)
    report = bob.sharing.pull()
    assert (report.done, len(report.problems)) == ([], 1)
    assert (bob.registry.current(), bob.registry.names()) == (before, [before])
    assert not list(bob.registry.folder.glob(".unfinished-*"))
    assert alice.sharing.push(ours=True).done == []  # nor does it go out from here again


def test_an_unsigned_mark_of_what_is_in_use_is_refused(two: Pair, database: Database) -> None:
    alice, bob = two
    toy_registry(alice.registry.folder, versions=2)
    alice.sharing.push()
    bob.sharing.take_up()
    before = bob.registry.current()
    plant(database, MODEL_KIND, "current", b"20200101T000000-00000000\nnot signed\n", KEY)
    (problem,) = bob.sharing.pull().problems
    assert "not signed" in problem
    assert bob.registry.current() == before


def test_a_machine_with_another_key_takes_up_nothing(two: Pair, machine: Machines) -> None:
    alice, _bob = two
    alice.write(LETTER, "ours")
    toy_registry(alice.registry.folder)
    alice.sharing.push()
    stranger = machine("mallory", b"another key" * 4)
    report = stranger.sharing.pull()
    assert (report.done, stranger.has(LETTER), stranger.registry.names()) == ([], False, [])


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_what_could_not_be_written_is_tried_again(two: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = two
    alice.write(LETTER, "shared")
    alice.sharing.push()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(bob.sharing.folders[TEMPLATES], "take", full)
        bob.sharing.take_up()
    assert not bob.has(LETTER)
    bob.sharing.take_up()
    assert bob.has(LETTER)


def test_a_push_that_fails_in_the_middle_has_pushed_nothing(
    two: Pair, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    alice, _bob = two
    alice.write(LETTER, "one")
    alice.write(PAGE, "two")
    put = SharedFiles.put

    def once(files: SharedFiles, file: SharedFile, data: bytes) -> None:
        if files.all():
            raise UnreachableError("the database is away")
        put(files, file, data)

    with monkeypatch.context() as patch:
        patch.setattr(SharedFiles, "put", once)
        with pytest.raises(UnreachableError):
            alice.sharing.push()
    assert SharedFiles(database).all() == []
    assert len(alice.sharing.push().done) == 2


def test_a_model_in_use_that_is_a_link_is_neither_read_nor_replaced(two: Pair, tmp_path: Path) -> None:
    alice, bob = two
    toy_registry(alice.registry.folder)
    alice.sharing.push()
    bob.registry.folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    (bob.registry.folder / "current").symlink_to(tmp_path / "secret")
    assert states(bob.sharing.pull()) == {"current": FileState.CONFLICT}
    assert (bob.sharing.push(ours=True).done, (tmp_path / "secret").read_text()) == ([], "secret")


def test_a_state_that_can_not_be_kept_is_an_error_of_ours(two: Pair) -> None:
    """Whoever looks around goes on with what there is."""
    alice, _bob = two
    alice.write(LETTER, "shared")
    alice.sharing.state.parent.write_text("no folder")
    with pytest.raises(FirstlineError, match="can't be kept"):
        alice.sharing.push()


def test_letters_of_a_mailbox_have_a_place_of_their_own(tmp_path: Path) -> None:
    boxes = {"support": {**table()["mailbox"]["support"], "templates": "shop"}}
    made = load.check(table(mailbox=boxes), tmp_path / "config.toml")
    kinds = [folder.kind for folder in folders_of(made, Registry(tmp_path / "models", KEY), KEY)]
    assert kinds == ["templates", "templates.support", "model"]


def test_a_damaged_state_is_an_error_and_without_it_nothing_is_overwritten(two: Pair) -> None:
    alice, bob = two
    alice.write(LETTER, "first")
    alice.sharing.push()
    bob.sharing.take_up()
    alice.write(LETTER, "second")
    alice.sharing.push()
    bob.sharing.state.write_text("[")
    with pytest.raises(DamagedError, match="can't be read"):
        bob.sharing.pull()
    bob.sharing.state.unlink()
    assert states(bob.sharing.pull()) == {LETTER: FileState.CONFLICT}


def test_a_worker_takes_up_letters_and_model_when_it_looks_around(tmp_path: Path) -> None:
    """The whole way, as `run` and `worker` go it: every few seconds, within the minute that is promised."""
    assert LOOK_AROUND <= 60
    logs.set_up(quiet=True)
    made = []
    for name in ("alice", "bob"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.toml").write_text("")
        lay_key(folder)
        store = {"url": f"sqlite:///{tmp_path}/shared.db", "share_files": True}
        made.append(build(load.check(table(store=store), folder / "config.toml"), FakeClock(NOON)))
    alice, bob = made
    with closing(alice), closing(bob):
        engine = Engine(bob)
        engine.look_around()
        assert bob.model_name() == ""
        registry = toy_registry(alice.config.at("models"), key=key_of(alice.config))
        letter = alice.config.at(alice.config.replies.templates) / LETTER
        letter.parent.mkdir(parents=True)
        letter.write_text("Subject: Your parcel\n\nWe have your mail, {{ ref }}.", encoding="utf-8")
        alice.sharing.push()
        engine.look_around()
        assert bob.model_name() == registry.current()
        assert ("en", "delivery") in bob.letters.names
        assert engine.route().predictor is not None


def test_a_version_that_must_go_goes_on_the_other_machines_too(two: Pair) -> None:
    alice, bob = two
    with alice.registry.locked():
        old = save_toy(alice.registry, digest="a" * 8).name
        alice.registry.use(old, "promote", "for a test")
    alice.sharing.push()
    bob.sharing.take_up()
    assert bob.registry.names() == [old]
    with alice.registry.locked():
        alice.registry.retire([old], "a customer was erased")
        new = save_toy(alice.registry, digest="b" * 8).name
        alice.registry.use(new, "promote", "for a test")
    alice.sharing.push()
    bob.sharing.take_up()
    assert bob.registry.names() == [new]
    with pytest.raises(NotFoundError, match="it is retired"):
        bob.registry.rollback()


def test_a_text_saved_here_is_pushed_alone(two: Pair) -> None:
    alice, bob = two
    alice.write(LETTER, "saved at the desk")
    alice.write(PAGE, "somebody is still writing this with an editor")
    assert alice.sharing.push_texts("", [LETTER]) == []
    bob.sharing.pull()
    assert bob.read(LETTER) == "saved at the desk"
    assert not bob.has(PAGE)
    bob.write(LETTER, "bob's")
    bob.sharing.push()
    alice.write(LETTER, "alice's")
    assert alice.sharing.push_texts("", [LETTER]) == [f"{TEMPLATES}/{LETTER}"]
    assert bob.read(LETTER) == "bob's"
