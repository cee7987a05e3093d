"""Versions on disk: whole or not at all, opened only when signed, and always a way back."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import ExitCode, NotFoundError, UnusableModelError
from pipeline.learn import signature
from pipeline.learn import version as version_module
from pipeline.learn.gate import promote_version
from pipeline.learn.history import CURRENT, HISTORY
from pipeline.learn.registry import open_predictor
from pipeline.learn.version import MANIFEST, MODEL, ROWS_FITTED, ROWS_FROZEN, SIGNATURE, read_version
from tests.learned import KEY, REPOSITORY, save_toy, toy_model, toy_registry, toy_rows
from tests.samples import mail


class Bomb:
    """Runs when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return (open, (str(self.target), "w"))


def cut_off(path: Path) -> None:
    (path / MODEL).write_bytes((path / MODEL).read_bytes()[:-100])


def empty(path: Path) -> None:
    (path / MODEL).write_bytes(b"")


def gone(path: Path) -> None:
    (path / MODEL).unlink()


def without_signature(path: Path) -> None:
    (path / SIGNATURE).unlink()


def other_threshold(path: Path) -> None:
    manifest = json.loads((path / MANIFEST).read_text())
    manifest["heads"]["topic"]["threshold"] = 0.0
    (path / MANIFEST).write_text(json.dumps(manifest))


def no_manifest(path: Path) -> None:
    (path / MANIFEST).write_bytes(b"\xff not JSON")


def other_rows(path: Path) -> None:
    (path / ROWS_FITTED).write_text("c" * 16)


DAMAGE = [cut_off, empty, gone, without_signature, other_threshold, no_manifest]


def test_a_saved_version_says_what_it_said_before(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    predictor, note = open_predictor(tmp_path, KEY)
    assert predictor is not None
    assert (predictor.version, note) == (registry.current(), "")
    (labels,) = predictor.predict([mail(subject="password", text="my account is locked, the code is forgotten")])
    assert labels.topic.value == "login"
    assert registry.version(predictor.version).manifest["created"] == "2026-11-18T12:00:00+00:00"
    assert predictor.version == "20261118T120000-00000000"


def test_without_any_version_there_is_a_note_and_no_error(tmp_path: Path) -> None:
    predictor, note = open_predictor(tmp_path / "nothing", KEY)
    assert predictor is None
    assert "firstline model train" in note


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_version_is_refused_with_what_to_do(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    registry = toy_registry(tmp_path)
    path = tmp_path / registry.current()
    damage(path)
    with pytest.raises(UnusableModelError) as refused:
        open_predictor(tmp_path, KEY)
    assert refused.value.exit_code == ExitCode.DAMAGED
    assert "firstline model train" in str(refused.value)
    assert path.is_dir()  # never deleted


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_last_good_version_serves_for_a_damaged_one(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    registry = toy_registry(tmp_path, versions=3)
    _oldest, good, bad = registry.names()
    damage(tmp_path / bad)
    predictor, note = open_predictor(tmp_path, KEY)
    assert predictor is not None
    assert predictor.version == good
    assert bad in note
    assert good in note


def test_nothing_is_unpickled_before_the_signature_is_proved(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    path, crater = tmp_path / registry.current(), tmp_path / "crater"
    (path / MODEL).write_bytes(pickle.dumps(Bomb(crater)))
    with pytest.raises(UnusableModelError):
        open_predictor(tmp_path, KEY)
    manifest = json.loads((path / MANIFEST).read_text())
    manifest["sha256"][MODEL] = signature.sum_of((path / MODEL).read_bytes())
    (path / MANIFEST).write_text(json.dumps(manifest))  # the attacker has no key, so the signature can't follow
    with pytest.raises(UnusableModelError, match="signature"):
        open_predictor(tmp_path, KEY)
    assert not crater.exists()


def test_a_version_signed_with_another_key_is_refused(tmp_path: Path) -> None:
    toy_registry(tmp_path, key=b"somebody else's key")
    with pytest.raises(UnusableModelError, match="another key"):
        open_predictor(tmp_path, KEY)


def test_a_version_of_a_newer_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_module, "FORMAT", 99)
    toy_registry(tmp_path)
    monkeypatch.undo()
    with pytest.raises(UnusableModelError, match="format 99"):
        open_predictor(tmp_path, KEY)


def test_a_version_that_was_renamed_is_refused(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    forged = "20300101T000000-ffffffff"
    os.rename(tmp_path / registry.current(), tmp_path / forged)
    with pytest.raises(UnusableModelError, match="holds version"):
        registry.version(forged)


def test_changed_row_hashes_are_noticed(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    other_rows(tmp_path / registry.current())
    with pytest.raises(UnusableModelError, match="not the file that was signed"):
        registry.verify(registry.current())


@pytest.mark.parametrize("name", ["", "..", "../elsewhere", "20260131T120000-zzzzzzzz", "current"])
def test_what_is_no_version_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        toy_registry(tmp_path).version(name)


def test_one_command_goes_back_and_the_next_one_further(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=3)
    first, second, third = registry.names()
    assert registry.rollback() == (third, second)
    assert registry.rollback() == (second, first)
    assert registry.current() == first
    with pytest.raises(NotFoundError):
        registry.rollback()
    assert registry.names() == [first, second, third]


def test_after_a_rollback_a_new_version_can_be_rolled_back_to_where_one_was(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=2)
    first, second = registry.names()
    registry.rollback()
    with registry.locked():
        third = save_toy(registry, digest="33333333").name
        registry.use(third, "promote", "better")
    assert registry.used() == [first, third]
    assert registry.rollback() == (third, first)
    assert second not in registry.used()


def test_going_back_steps_over_a_damaged_version(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=3)
    first, second, third = registry.names()
    cut_off(tmp_path / second)
    assert registry.rollback() == (third, first)


def test_a_damaged_version_is_never_put_in_use(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=1)
    before = registry.current()
    with registry.locked():
        candidate = save_toy(registry, digest="11111111")
        cut_off(candidate.path)
        with pytest.raises(UnusableModelError):
            registry.use(candidate.name, "promote", "looked fine")
    assert registry.current() == before
    assert len(registry.history()) == 1


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"../../etc/passwd"])
def test_a_damaged_note_of_what_is_in_use_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    toy_registry(tmp_path)
    (tmp_path / CURRENT).write_bytes(content)
    with pytest.raises(UnusableModelError) as refused:
        open_predictor(tmp_path, KEY)
    assert CURRENT in str(refused.value)


def test_a_lost_note_of_what_is_in_use_is_read_from_the_history(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=2)
    in_use = registry.current()
    (tmp_path / CURRENT).unlink()
    assert registry.current() == in_use


def test_a_history_that_a_crash_cut_off_goes_on(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=2)
    with open(tmp_path / HISTORY, "a") as file:
        file.write('{"at": "2026-')
    assert len(registry.history()) == 2
    registry.rollback()
    assert [entry.action for entry in registry.history()] == ["promote", "promote", "rollback"]


def test_a_damaged_history_does_not_stop_the_version_in_use(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=2)
    lines = (tmp_path / HISTORY).read_text().splitlines(keepends=True)
    (tmp_path / HISTORY).write_text("".join(["rubbish\n", *lines]))
    predictor, note = open_predictor(tmp_path, KEY)
    assert predictor is not None
    assert (predictor.version, note) == (registry.current(), "")
    with pytest.raises(UnusableModelError, match="line 1"):
        registry.rollback()


def in_use_by(name: str) -> Callable[[Path], None]:
    """Says so as version 0.1 did: unsigned."""
    return lambda path: (path / CURRENT).write_text(f"{name}\n") and None


def with_another_signature(path: Path) -> None:
    first, second = (path / CURRENT).read_text().splitlines()
    (path / CURRENT).write_text(f"{first}\n{'0' * len(second)}\n")


def with_the_name_of_another(path: Path) -> None:
    """Signed, but for something else."""
    _, second = (path / CURRENT).read_text().splitlines()
    (path / CURRENT).write_text(f"20261118T120000-00000000\n{second}\n")


def with_the_signature_of_a_manifest(path: Path) -> None:
    worse = "20261118T120000-00000000"
    (path / CURRENT).write_bytes(worse.encode() + b"\n" + (path / worse / SIGNATURE).read_bytes())


@pytest.mark.parametrize(
    "attack",
    [
        in_use_by("20261118T120000-00000000"),
        with_another_signature,
        with_the_name_of_another,
        with_the_signature_of_a_manifest,
    ],
)
def test_nobody_without_the_key_puts_another_version_in_use(tmp_path: Path, attack: Callable[[Path], None]) -> None:
    registry = toy_registry(tmp_path, versions=2)
    attack(tmp_path)
    with pytest.raises(UnusableModelError, match="not signed"):
        open_predictor(tmp_path, KEY)
    assert registry.take_over() == ""  # there is a signed history: this is not what 0.1 left
    with pytest.raises(UnusableModelError, match="not signed"):
        registry.current()
    newest = registry.names()[-1]
    assert promote_version(registry, newest, force=True)[0]
    assert registry.current() == newest


def without_a_line(lines: list[str]) -> list[str]:
    return [lines[0], *lines[2:]]


def with_a_line_twice(lines: list[str]) -> list[str]:
    return [*lines, lines[0]]


def in_another_order(lines: list[str]) -> list[str]:
    return [lines[1], lines[0], *lines[2:]]


def with_other_words(lines: list[str]) -> list[str]:
    return [lines[0].replace("for a test", "for no test"), *lines[1:]]


def with_a_line_more(lines: list[str]) -> list[str]:
    fields = {"at": "2026-11-18T12:00:00+00:00", "action": "force", "version": "20261118T120000-00000000"}
    return [*lines, json.dumps({**fields, "reason": "x", "against": ""})]


def with_lines_of_another_key(lines: list[str]) -> list[str]:
    return [line.replace('"mark": "', '"mark": "0') for line in lines]


@pytest.mark.parametrize(
    "attack",
    [
        without_a_line,
        with_a_line_twice,
        in_another_order,
        with_other_words,
        with_a_line_more,
        with_lines_of_another_key,
    ],
)
def test_nobody_without_the_key_writes_the_history(tmp_path: Path, attack: Callable[[list[str]], list[str]]) -> None:
    registry = toy_registry(tmp_path, versions=3)
    lines = (tmp_path / HISTORY).read_text().splitlines()
    (tmp_path / HISTORY).write_text("".join(f"{line}\n" for line in attack(lines)))
    with pytest.raises(UnusableModelError, match="not signed"):
        registry.rollback()
    assert promote_version(registry, registry.names()[1], force=True)[0]  # a person may go on all the same
    assert [entry.action for entry in registry.history()] == ["force"]
    assert (tmp_path / f"{HISTORY}.refused").exists()


def as_of_0_1(path: Path) -> None:
    """The same folder as version 0.1 would have written it."""
    (path / CURRENT).write_text((path / CURRENT).read_text().splitlines()[0] + "\n")
    lines = [json.loads(line) for line in (path / HISTORY).read_text().splitlines()]
    plain = [{name: value for name, value in line.items() if name != "mark"} for line in lines]
    (path / HISTORY).write_text("".join(json.dumps(line) + "\n" for line in plain))


def test_what_version_0_1_left_unsigned_is_taken_over_once(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=3)
    _, second, third = registry.names()
    as_of_0_1(tmp_path)
    assert registry.take_over() == third
    assert registry.current() == third
    assert registry.rollback() == (third, second)
    in_use_by(third)(tmp_path)
    assert registry.take_over() == ""
    with pytest.raises(UnusableModelError, match="not signed"):
        registry.current()


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_not_ours_is_not_taken_over(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    registry = toy_registry(tmp_path, versions=2)
    as_of_0_1(tmp_path)
    damage(tmp_path / registry.names()[-1])
    before = (tmp_path / HISTORY).read_bytes()
    with pytest.raises(UnusableModelError):
        registry.take_over()
    assert (tmp_path / HISTORY).read_bytes() == before


def test_a_taking_over_that_was_killed_in_between_goes_on(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path, versions=2)
    in_use = registry.current()
    in_use_by(in_use)(tmp_path)  # the history is signed already
    assert registry.take_over() == in_use
    assert registry.current() == in_use


def test_who_gets_hold_of_a_model_cannot_ask_it_whether_it_knows_a_mail(tmp_path: Path) -> None:
    with (registry := toy_registry(tmp_path)).locked():
        hashes = [row.hash for row in toy_rows(6)]
        version = registry.save(toy_model().pipeline, {"heads": {}}, hashes[:4], hashes[4:], "0" * 8)
    stored = (version.path / ROWS_FITTED).read_text() + (version.path / ROWS_FROZEN).read_text()
    assert not any(one in stored for one in hashes)
    fitted, frozen = version.rows(ROWS_FITTED), version.rows(ROWS_FROZEN)
    assert [one in fitted for one in hashes] == [True] * 4 + [False] * 2
    assert [one in frozen for one in hashes] == [False] * 4 + [True] * 2


def test_the_rows_of_a_version_of_0_1_are_read_as_it_wrote_them(tmp_path: Path) -> None:
    left = REPOSITORY / "tests/version_0_1/models"
    version = read_version(left, "20261118T120100-00000001", b"0123456789abcdef" * 4)
    assert "a" * 16 in version.rows(ROWS_FITTED)
    assert "b" * 16 not in version.rows(ROWS_FITTED)
    assert "b" * 16 in version.rows(ROWS_FROZEN)


def test_versions_of_one_second_stand_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    made = [save_toy(registry, digest=digest).name for digest in ("cafe" * 4, "abba" * 4, "abba" * 4, "beef" * 4)]
    assert registry.names()[1:] == made


def test_writers_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    start = threading.Barrier(4)

    def write() -> None:
        start.wait()
        with registry.locked():
            registry.use(save_toy(registry, digest="abcdef01").name, "promote", "at once")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.names()) == 5
    assert len(registry.history()) == 5
    assert registry.used()[-1] == registry.current()
    for name in registry.names():
        registry.verify(name)


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.learn.registry import Registry
from tests.learned import KEY, save_toy
registry = Registry(Path(sys.argv[1]), KEY)
def stop(*_):
    print("here", flush=True)
    signal.pause()
setattr({place[0]}, "{place[1]}", stop)
with registry.locked():
    registry.use(save_toy(registry, digest="dddddddd").name, "promote", "never finished")
"""


@pytest.mark.parametrize("place", [("os", "rename"), ("os", "replace"), ("Registry", "note")])
def test_a_kill_in_the_middle_of_a_write_leaves_the_old_version_in_use(tmp_path: Path, place: tuple[str, str]) -> None:
    registry = toy_registry(tmp_path)
    before = registry.current()
    script = KILLED.format(place=place)
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"here\n"
        writer.send_signal(signal.SIGKILL)
    assert registry.current() == before
    predictor, note = open_predictor(tmp_path, KEY)
    assert predictor is not None
    assert (predictor.version, note) == (before, "")
    with registry.locked():  # the lock died with its holder
        after = save_toy(registry, digest="eeeeeeee")
        registry.use(after.name, "promote", "the next one")
    assert registry.current() == after.name
    assert not list(tmp_path.glob(".unfinished-*"))
