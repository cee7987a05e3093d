"""The versions of the model on disk: saved whole or not at all, and never opened unless we signed them.

`models/<version>/` holds `model.joblib`, what of it labels mail (`served.npz`), `manifest.json`, its signature, and the
hashes of the rows that were fitted and kept out. A joblib file can run any code when it is read, so signature and hash
are checked *before* that. Versions are never deleted. `models/current` names the one in use; `models/history.jsonl`
tells how it came to that.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.clock import Clock, SystemClock
from pipeline.errors import NotFoundError, UnusableModelError

if TYPE_CHECKING:
    from pipeline.learn.predictor import ModelPredictor
    from pipeline.learn.served import Served

FORMAT = 1  # of the folder; older ones keep a reader, newer ones are refused
MODEL, MANIFEST, SIGNATURE = "model.joblib", "manifest.json", "manifest.sig"
SERVED = "served.npz"  # what of the model labels mail, see served.py; versions of before it have none
ROWS_FITTED, ROWS_FROZEN = "fitted.rows", "frozen.rows"  # one hash a line
CURRENT, HISTORY, LOCK = "current", "history.jsonl", ".lock"
VECTORS = "vectors.db"  # what the encoder has computed before, see vectors.py
NO_MODEL = "there is no model yet: everything is unsure; make one with `firstline model train`"
RETRAIN = "make a new version with `firstline model train`"
_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")
_UNFINISHED = ".unfinished-"
_PURPOSE = b"firstline:model:"  # a signature made for anything else is none
_LARGEST_MANIFEST = 10_000_000  # bytes
_IN_USE = ("promote", "force", "rollback")  # actions of the history that change what is in use


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version whose manifest is proved to be ours."""

    name: str
    path: Path
    manifest: Mapping[str, Any]

    def rows(self, which: str) -> frozenset[str]:
        """Hashes of the rows fitted or frozen. Raises UnusableModelError."""
        return frozenset(_checked(self, which).decode("ascii").split())

    def serve(self) -> Served:
        """What labels mail, read only when every file is what the signed manifest says. Raises UnusableModelError."""
        from pipeline.learn import served

        _checked(self, MODEL)  # a version that was tampered with is not used, whichever file it was
        if SERVED not in self.manifest["sha256"]:
            return served.of_pipeline(self.open())
        return served.unpack(_checked(self, SERVED))

    def open(self) -> Any:
        """The fitted Pipeline, read only after its hash agrees with the signed manifest. Raises UnusableModelError."""
        import joblib

        data = _checked(self, MODEL)
        try:
            return joblib.load(io.BytesIO(data))
        except Exception as error:  # our own signed file; what other library versions make of it can be anything
            raise UnusableModelError(
                f"the libraries installed now can't read it ({type(error).__name__}: {error}); it was made with "
                + ", ".join(f"{name} {version}" for name, version in self.manifest.get("libraries", {}).items()),
                where=str(self.path / MODEL),
                remedy=RETRAIN,
            ) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the history."""

    at: str
    action: str  # promote, refuse, hold, force or rollback
    version: str
    reason: str
    against: str = ""  # the version in use when this was decided


class Registry:
    """The folder `models/`. `key`: the key of `[security]`."""

    def __init__(self, folder: Path, key: bytes, clock: Clock | None = None, encoder: Path | None = None) -> None:
        """`encoder`: the folder of `[classify] encoder`, for versions of that profile."""
        self.folder = folder
        self.encoder = encoder
        self._key = key
        self._clock = clock or SystemClock()

    # Reading

    def names(self) -> list[str]:
        """All versions on disk, oldest first, usable or not."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())

    def current(self) -> str:
        """The version in use, '' when there is none."""
        try:
            name = (self.folder / CURRENT).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return next(reversed(self.used()), "")
        except (OSError, UnicodeDecodeError) as error:
            raise self._damaged(CURRENT, str(error)) from error
        if not _NAME.fullmatch(name):
            raise self._damaged(CURRENT, "it names no version")
        return name

    def used(self) -> list[str]:
        """Versions that were put in use and not rolled back, the present one last."""
        stack: list[str] = []
        for entry in self.history():
            if entry.action == "rollback":
                while stack and stack[-1] != entry.version:
                    stack.pop()
                stack = stack or [entry.version]
            elif entry.action in _IN_USE and (not stack or stack[-1] != entry.version):
                stack.append(entry.version)
        return stack

    def candidates(self) -> Iterator[str]:
        """Versions to serve with: the one in use, then those used before it, the latest first."""
        current = self.current()
        if not current:
            return
        yield current
        yield from (name for name in reversed(self.used()) if name != current)

    def history(self) -> list[Entry]:
        """All decisions, oldest first. A last line that a crash cut off is left out."""
        try:
            lines = (self.folder / HISTORY).read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        entries: list[Entry] = []
        for number, line in enumerate(lines):
            try:
                entries.append(Entry(**json.loads(line)))
            except (ValueError, TypeError) as error:
                if number < len(lines) - 1:
                    raise self._damaged(HISTORY, f"line {number + 1} can't be read") from error
        return entries

    def version(self, name: str) -> Version:
        """A version with its manifest, once the signature is proved. Raises NotFoundError, UnusableModelError."""
        path = self.folder / name
        if not _NAME.fullmatch(name) or not path.is_dir():
            raise NotFoundError(f"there is no version '{name}'", where=str(self.folder), remedy="firstline model list")
        return Version(name=name, path=path, manifest=self._manifest(name, path))

    def cache(self) -> Path:
        """The file of the encoder's vectors that were computed before."""
        return self.folder / VECTORS

    def predictor(self, name: str, max_error: Mapping[str, float] | None = None) -> ModelPredictor:
        """A version at work. Raises NotFoundError, UnusableModelError."""
        from pipeline.learn.predictor import ModelPredictor  # numpy is slow to import

        return ModelPredictor(self.version(name), max_error, self.encoder)

    def _manifest(self, name: str, path: Path) -> Mapping[str, Any]:
        data = _read(path / MANIFEST, _LARGEST_MANIFEST)
        signature = _read(path / SIGNATURE, 1000).strip()
        if not hmac.compare_digest(signature, self._sign(data)):
            raise UnusableModelError(
                "its signature is not ours: it was changed, or signed with another key",
                where=str(path),
                remedy=f"never opened; put the right key into [security] or {RETRAIN}",
            )
        manifest: Mapping[str, Any] = json.loads(data)
        if manifest["format"] > FORMAT:
            raise UnusableModelError(
                f"it has format {manifest['format']}, this program reads up to {FORMAT}",
                where=str(path),
                remedy=f"upgrade firstline, or {RETRAIN}",
            )
        if manifest["version"] != name:
            raise UnusableModelError(f"the folder holds version {manifest['version']}", where=str(path), remedy=RETRAIN)
        return manifest

    # Writing

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; the system releases the lock when a process dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / LOCK, "a", encoding="ascii") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def save(
        self, pipeline: Any, details: Mapping[str, Any], fitted: Sequence[str], frozen: Sequence[str], digest: str
    ) -> Version:
        """Writes a new version under the lock: into a folder of its own first, then renamed. It is not in use yet.

        `details` go into the manifest; `digest`: hex, names data and settings, so the same ones show in the name.
        """
        from pipeline.learn import served

        self._clear_unfinished()
        name, created = self._free_name(digest)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
        _write_model(unfinished / MODEL, pipeline)
        _write(unfinished / SERVED, served.pack(served.of_pipeline(pipeline)))
        for file, rows in ((ROWS_FITTED, fitted), (ROWS_FROZEN, frozen)):
            _write(unfinished / file, "".join(f"{row}\n" for row in sorted(rows)).encode("ascii"))
        sums = {file: _sha256((unfinished / file).read_bytes()) for file in (MODEL, SERVED, ROWS_FITTED, ROWS_FROZEN)}
        manifest = {**details, "format": FORMAT, "version": name, "created": created, "sha256": sums}
        data = json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8")
        _write(unfinished / MANIFEST, data)
        _write(unfinished / SIGNATURE, self._sign(data) + b"\n")
        unfinished.chmod(0o755)
        _sync(unfinished)
        os.rename(unfinished, self.folder / name)
        _sync(self.folder)
        return self.version(name)

    def note(self, action: str, version: str, reason: str) -> None:
        """Adds a line to the history, under the lock."""
        entry = {
            "at": self._clock.now().isoformat(timespec="seconds"),
            "action": action,
            "version": version,
            "reason": reason,
            "against": self.current(),
        }
        with open(self.folder / HISTORY, "a+b") as file:
            file.seek(0)
            whole = file.read()
            file.truncate(whole.rfind(b"\n") + 1)  # a line that a crash cut off was never written
            file.write(json.dumps(entry, ensure_ascii=False).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def use(self, name: str, action: str, reason: str) -> None:
        """Puts a version in use, under the lock. It must be whole: what can't be opened never gets here."""
        version = self.version(name)
        for file in version.manifest["sha256"]:
            _checked(version, file)
        self.note(action, name, reason)
        handle, temporary = tempfile.mkstemp(prefix=_UNFINISHED, dir=self.folder)
        os.close(handle)
        _write(Path(temporary), f"{name}\n".encode("ascii"))
        os.chmod(temporary, 0o644)  # made private; whoever may read the versions may read which one is in use
        os.replace(temporary, self.folder / CURRENT)
        _sync(self.folder)

    def rollback(self) -> tuple[str, str]:
        """Back to the version in use before; one that can't be used any more is stepped over. Returns (from, to)."""
        with self.locked():
            now = self.current()
            for name in reversed([name for name in self.used() if name != now]):
                try:
                    self.use(name, "rollback", f"rolled back from {now}")
                except (UnusableModelError, NotFoundError):
                    continue  # `verify` tells what is wrong with it
                return now, name
        raise NotFoundError("there is no earlier version to go back to", where=str(self.folder), remedy=RETRAIN)

    def verify(self, name: str) -> None:
        """Signature, hashes, and whether it opens. Raises UnusableModelError."""
        version = self.version(name)
        for file in version.manifest["sha256"]:
            _checked(version, file)
        version.open()

    def _free_name(self, digest: str) -> tuple[str, str]:
        at = self._clock.now().replace(microsecond=0)
        while (self.folder / f"{at:%Y%m%dT%H%M%S}-{digest[:8]}").exists():
            at += timedelta(seconds=1)
        return f"{at:%Y%m%dT%H%M%S}-{digest[:8]}", at.isoformat()

    def _clear_unfinished(self) -> None:
        """What a killed writer left: we hold the lock, so nobody writes there now."""
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def _sign(self, data: bytes) -> bytes:
        return hmac.digest(self._key, _PURPOSE + data, hashlib.sha256).hex().encode("ascii")

    def _damaged(self, file: str, why: str) -> UnusableModelError:
        return UnusableModelError(why, where=str(self.folder / file), remedy="firstline model promote VERSION --force")


def open_predictor(
    folder: Path, key: bytes, max_error: Mapping[str, float] | None = None, encoder: Path | None = None
) -> tuple[ModelPredictor | None, str]:
    """The version in use, or the last good one before it with a note; None and a note when there is no model.

    One that lacks its encoder comes with a note too. Raises UnusableModelError when there are versions and none can be
    used.
    """
    registry = Registry(folder, key, encoder=encoder)
    problems: list[str] = []
    for name in registry.candidates():
        try:
            predictor = registry.predictor(name, max_error)
        except (UnusableModelError, NotFoundError) as error:
            problems.append(f"version {name} can't be used: {error.what}")
            continue
        note = f"{problems[0]}; {name} serves instead. To mend it: {RETRAIN}" if problems else ""
        return predictor, "; ".join(filter(None, (note, predictor.note)))
    if problems:
        raise UnusableModelError("; ".join(problems), where=str(folder), remedy=RETRAIN)
    return None, NO_MODEL


def _checked(version: Version, file: str) -> bytes:
    """A file of a version, proved against the signed manifest."""
    data = _read(version.path / file)
    if not hmac.compare_digest(_sha256(data), version.manifest["sha256"].get(file, "")):
        raise UnusableModelError(
            "it is not the file that was signed: changed or cut off", where=str(version.path / file), remedy=RETRAIN
        )
    return data


def _read(path: Path, largest: int | None = None) -> bytes:
    try:
        if largest is not None and path.stat().st_size > largest:
            raise UnusableModelError("it is far too large", where=str(path), remedy=RETRAIN)
        return path.read_bytes()
    except OSError as error:
        raise UnusableModelError(f"can't be read: {error.strerror}", where=str(path), remedy=RETRAIN) from error


def _write_model(path: Path, pipeline: Any) -> None:
    import joblib

    joblib.dump(pipeline, path, compress=("zlib", 6))
    with open(path, "rb") as handle:
        os.fsync(handle.fileno())


def _write(path: Path, data: bytes) -> None:
    with open(path, "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def _sync(folder: Path) -> None:
    """A rename is on disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
