"""The versions of the model on disk: saved whole or not at all, and never opened unless we signed them.

`models/<version>/` is read and written in version.py, `models/current` and `models/history.jsonl` in history.py,
`models/confirmed.json` in confirmed.py.
Versions are never deleted, but for those that are retired: what an erased customer taught goes with them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.clock import Clock, SystemClock
from pipeline.errors import NotFoundError, UnusableModelError, UsageError
from pipeline.learn import confirmed, durable
from pipeline.learn.confirmed import ConfirmedThreshold
from pipeline.learn.history import CURRENT, RETIRE, Entry, VersionHistory
from pipeline.learn.version import (
    RETRAIN,
    ROWS_FITTED,
    ROWS_FROZEN,
    ROWS_SAID,
    VECTORS,
    Version,
    read_version,
    receive_version,
    versions_in,
    write_version,
)
from pipeline.text.locking import lock as flock
from pipeline.text.regular_files import open_regular

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from pipeline.config.settings import Config
    from pipeline.learn.manifest import Dated, Details
    from pipeline.learn.predictor import ModelPredictor

T = TypeVar("T", "ModelStanding", "ModelPredictor")
LOCK = ".lock"
_SECOND = "%Y%m%dT%H%M%S"  # the head of a version's name
MARKS = (CURRENT, confirmed.FILE)  # files that change when mail is to be labelled in another way
RETIRED = "it is retired, since it learned from mail of a customer who was erased"
NO_MODEL = "there is no model yet: everything is unsure; make one with `firstline model train`"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelStanding:
    """A version that could be at work, for those who only tell of it."""

    version: str
    heads: Collection[str]  # what it has learned to tell
    note: str  # why it would work below what it could, in words for people; '' when it does not


class Registry:
    """The folder `models/`. `key`: the key of `[security]`."""

    def __init__(self, folder: Path, key: bytes, clock: Clock | None = None, encoder: Path | None = None) -> None:
        """`encoder`: the folder of `[classify] encoder`, for versions of that profile."""
        self.folder = folder
        self.encoder = encoder
        self._key = key
        self._clock = clock or SystemClock()
        self._history = VersionHistory(folder, key)

    # Reading

    def names(self) -> list[str]:
        """All versions on disk, oldest first, usable or not."""
        return versions_in(self.folder)

    def current(self) -> str:
        """The version in use, '' when there is none. Raises UnusableModelError."""
        return self._history.current()

    def used(self) -> list[str]:
        """Versions that were promoted and not rolled back, the present one last. Raises UnusableModelError."""
        return self._history.used()

    def candidates(self) -> Iterator[str]:
        """Versions to serve with: the one in use, then those used before it, the latest first."""
        return self._history.candidates()

    def retired(self) -> dict[str, datetime]:
        """Versions that may never be used again, and since when. Raises UnusableModelError."""
        return self._history.retired()

    def leaving(self) -> datetime | None:
        """Since when the version in use is one of them; None: it is not. Raises UnusableModelError."""
        return self.retired().get(self.current())

    def history(self) -> list[Entry]:
        """All decisions, oldest first. Raises UnusableModelError."""
        return self._history.entries()

    def version(self, name: str) -> Version:
        """A version with its manifest, once the signature is proved. Raises NotFoundError, UnusableModelError."""
        return read_version(self.folder, name, self._key)

    def cache(self) -> Path:
        """The file of the encoder's vectors that were computed before."""
        return self.folder / VECTORS

    def predictor(self, name: str, max_error: Mapping[str, float] | None = None) -> ModelPredictor:
        """A version at work. Raises NotFoundError, UnusableModelError."""
        from pipeline.learn.predictor import ModelPredictor  # numpy is slow to import

        return ModelPredictor(self.version(name), max_error, self.encoder, self.confirmed(name))

    def standing(self, name: str) -> ModelStanding:
        """What a version would be at work, without opening it where that is not needed. Raises as `predictor`."""
        version = self.version(name)
        if not version.is_lean:
            predictor = self.predictor(name)
            return ModelStanding(version=name, heads=tuple(predictor.heads), note=predictor.note)
        version.check_served()
        self.confirmed(name)  # raises as `predictor` would
        return ModelStanding(version=name, heads=tuple(version.manifest["heads"]), note="")

    def confirmed(self, name: str) -> dict[str, ConfirmedThreshold]:
        """By head what people's answers have shown of a version. Raises UnusableModelError."""
        return confirmed.read(self.folder, self._key).get(name, {})

    def verify(self, name: str) -> None:
        """Signature, sums, and whether it opens. Raises NotFoundError, UnusableModelError."""
        version = self.version(name)
        version.check_files()
        version.open()

    # Writing

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; the system releases the lock when a process dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = open_regular(self.folder, LOCK, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            where = str(self.folder / LOCK)
            raise UnusableModelError(f"can't be used: {error.strerror}", where=where, remedy="remove it") from error
        with os.fdopen(handle, "a", encoding="ascii") as lock:
            flock(lock)
            yield

    def save(
        self,
        pipeline: Pipeline,
        details: Details,
        fitted: Sequence[str],
        frozen: Sequence[str],
        digest: str,
        said: Mapping[str, str] | None = None,
    ) -> Version:
        """Writes a new version under the lock: into a folder of its own first, then renamed. It is not in use yet.

        `details` go into the manifest; `fitted`, `frozen`: hashes of rows; `digest`: hex, names data and settings, so
        the same ones show in the name; `said`: what was said of rows out of fold, by their hashes.
        """
        durable.clear_unfinished(self.folder)
        name, created = self._free_name(digest)
        rows = {ROWS_FITTED: dict.fromkeys(fitted, ""), ROWS_FROZEN: dict.fromkeys(frozen, "")}
        if said:
            rows[ROWS_SAID] = dict(said)
        dated: Dated = {**details, "created": created, "retired": sorted(self.retired())}
        write_version(self.folder, name, self._key, pipeline, dated, rows)
        return self.version(name)

    def confirm(self, name: str, head: str, threshold: ConfirmedThreshold | None) -> None:
        """What people's answers show of a head of a version from now on; None: nothing. Raises UnusableModelError."""
        with self.locked():
            confirmed.write(self.folder, self._key, name, head, threshold)

    def note(self, action: str, version: str, reason: str) -> None:
        """Adds a line to the history, under the lock."""
        self._history.note(self._clock.now(), action, version, reason)

    def use(self, name: str, action: str, reason: str) -> None:
        """Promotes a version, under the lock. It must be whole: what can't be opened never gets here.

        Raises UsageError for one that is retired.
        """
        self.version(name).check_files()
        if action == "force":
            self._history.set_aside()
        if name in self.retired():
            raise UsageError(RETIRED, where=name, remedy=RETRAIN)
        self.note(action, name, reason)
        self._history.set_current(name)
        self._drop_retired()

    def drop_vectors(self) -> None:
        """What an encoder made of mails, and all that SQLite keeps beside it. It is made anew as it is needed."""
        for path in self.folder.glob(f"{VECTORS}*"):
            path.unlink()

    def retire(self, names: Collection[str], reason: str) -> None:
        """These are never used again, under the lock; one in use serves until there is another. Their files go."""
        for name in sorted(set(names) - self.retired().keys()):
            self.note(RETIRE, name, reason)
        self._drop_retired()

    def _drop_retired(self) -> None:
        """All but the one in use. Whoever has one of them open goes on with what is in memory."""
        for name in self.retired().keys() & set(self.names()) - {self.current()}:
            durable.remove_folder(self.folder / name)

    def receive(self, name: str, files: Mapping[str, bytes], reason: str) -> None:
        """Takes a version of another machine and uses it: only when signature and sums are ours. `files`: by their
        names. Raises UnusableModelError, NotFoundError, UsageError; what is in use stays then.

        What had been retired there when it was made is retired here, too.
        """
        with self.locked():
            if name not in self.names():
                receive_version(self.folder, name, self._key, files)
            self.use(name, "promote", reason)
            self.retire(self.version(name).manifest.get("retired", ()), f"as on the machine that made {name}")

    def receive_confirmed(self, data: bytes) -> None:
        """Takes what people's answers have shown from another machine. Raises UnusableModelError."""
        with self.locked():
            confirmed.receive(self.folder, self._key, data)

    def rollback(self) -> tuple[str, str]:
        """Back to the version in use before; one that can't be used any more is stepped over. Returns (from, to).

        Raises NotFoundError when there is none.
        """
        with self.locked():
            now, retired = self.current(), self.retired()
            before = [name for name in self.used() if name != now]
            for name in reversed([name for name in before if name not in retired]):
                try:
                    self.use(name, "rollback", f"rolled back from {now}")
                except (UnusableModelError, NotFoundError):
                    continue  # `verify` tells what is wrong with it
                return now, name
        why = f" that may be used: {RETIRED}" if retired.keys() & set(before) else ""
        what = f"there is no earlier version to go back to{why}"
        raise NotFoundError(what, where=str(self.folder), remedy=RETRAIN)

    def take_over(self) -> str:
        """Signs what version 0.1 left unsigned, if the version in use is ours and whole; returns its name, else ''.

        Raises UnusableModelError, NotFoundError when it is not: then nothing is signed.
        """
        if not self.names():
            return ""
        with self.locked():
            name = self._history.unsigned()
            if name:
                self.verify(name)
                self._history.sign(name)
            return name

    def _free_name(self, digest: str) -> tuple[str, str]:
        """With its own second: names tell which version is the older one."""
        at = self._clock.now().replace(microsecond=0)
        taken = {name.partition("-")[0] for name in self.names()}
        while f"{at:{_SECOND}}" in taken:
            at += timedelta(seconds=1)
        return f"{at:{_SECOND}}-{digest[:8]}", at.isoformat()


def open_predictor(
    folder: Path, key: bytes, max_error: Mapping[str, float] | None = None, encoder: Path | None = None
) -> tuple[ModelPredictor | None, str]:
    """The version in use, or the last good one before it with a note; None and a note when there is no model.

    One that lacks its encoder comes with a note too. Raises UnusableModelError when there are versions and none can be
    used.
    """
    registry = Registry(folder, key, encoder=encoder)
    return _first_usable(registry, lambda name: registry.predictor(name, max_error))


def find_standing(registry: Registry) -> tuple[ModelStanding | None, str]:
    """The same for those who only tell of it. Raises UnusableModelError."""
    return _first_usable(registry, registry.standing)


def _first_usable(registry: Registry, use: Callable[[str], T]) -> tuple[T | None, str]:
    problems: list[str] = []
    for name in registry.candidates():
        try:
            found = use(name)
        except (UnusableModelError, NotFoundError) as error:
            problems.append(f"version {name} can't be used: {error.what}")
            continue
        note = f"{problems[0]}; {name} serves instead. To correct it: {RETRAIN}" if problems else ""
        return found, "; ".join(filter(None, (note, found.note)))
    if problems:
        raise UnusableModelError("; ".join(problems), where=str(registry.folder), remedy=RETRAIN)
    return None, NO_MODEL


def registry_of(config: Config, key: bytes, folder: Path | None = None) -> Registry:
    """The models of this configuration, or those in another folder."""
    return Registry(folder or config.at(config.classify.models), key, encoder=config.encoder_folder())
