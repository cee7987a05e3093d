"""The folder of one version: its files, its signed manifest, and how it is read and written.

It holds `model.joblib`, what of it labels mail (`served.npz`), `manifest.json`, its signature, and the hashes of the
rows that were fitted and kept out. A joblib file can run any code when it is read, so signature and sums are checked
*before* that.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import NotFoundError, UnusableModelError
from pipeline.learn import durable, signature
from pipeline.learn.manifest import LEAN
from pipeline.text.regular_files import open_below

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from pipeline.learn.manifest import Dated, Manifest
    from pipeline.learn.served import Served

FORMAT = 1  # of the folder; older ones keep a reader, newer ones are refused
MODEL, MANIFEST, SIGNATURE = "model.joblib", "manifest.json", "manifest.sig"
SERVED = "served.npz"  # what of the model labels mail, see served.py; versions of before it have none
ROWS_FITTED, ROWS_FROZEN = "fitted.rows", "frozen.rows"  # one hash a line
ROWS_SAID = "said.rows"  # hash and what was said of the row out of fold, see said.py; not in every version
VECTORS = "vectors.db"  # beside the versions: what the encoder has computed before, see vectors.py
NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")
RETRAIN = "make a new version with `firstline model train`"
_LARGEST_MANIFEST = 10_000_000  # bytes
_LARGEST_FILE = 1_000_000_000  # of a version of 0.1, whose manifest does not say how large its files are
_ROW_NAME = 16  # hex digits


@dataclass(frozen=True, kw_only=True, slots=True)
class RowNames(Container[str]):
    """Which rows a version fitted or kept out: asked by their hashes, which nobody without the key finds in its files.

    A plain hash would tell whoever gets hold of a model whether a mail that they can guess was in its training data.
    """

    names: frozenset[str]
    key: bytes = field(repr=False)  # b"" for versions of 0.1, which keep plain hashes

    def __contains__(self, row_hash: object) -> bool:
        return isinstance(row_hash, str) and _row_name(self.key, row_hash) in self.names

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version whose manifest is proved to be ours."""

    name: str
    path: Path
    manifest: Manifest
    key: bytes = field(repr=False)

    def rows(self, which: str) -> RowNames:
        """Its rows, `which`: ROWS_FITTED or ROWS_FROZEN. Raises UnusableModelError."""
        names = frozenset(self._checked(which).decode("ascii").split())
        return RowNames(names=names, key=self.key if self.manifest.get("rows_keyed") else b"")

    def said(self, hashes: Sequence[str]) -> list[str]:
        """What was said of these rows out of fold, "" where nothing is kept. Raises UnusableModelError."""
        if ROWS_SAID not in self.manifest["sha256"]:
            return [""] * len(hashes)
        lines = (line.partition(" ") for line in self._checked(ROWS_SAID).decode("ascii").splitlines())
        words = {name: said for name, _, said in lines}
        return [words.get(_row_name(self.key, one), "") for one in hashes]

    def serve(self) -> Served:
        """What labels mail, read only when every file is what the signed manifest says. Raises UnusableModelError."""
        from pipeline.learn import served  # numpy is slow to import

        self._checked(MODEL)  # a version that was tampered with is not used, whichever file it was
        if SERVED not in self.manifest["sha256"]:
            return served.of_pipeline(self.open())
        return served.unpack(self._checked(SERVED))

    @property
    def is_lean(self) -> bool:
        """Does it need nothing but its own files, and none of the libraries that fitted it?"""
        return self.manifest["profile"] == LEAN and SERVED in self.manifest["sha256"]

    def check_served(self) -> None:
        """Raises UnusableModelError unless the files that label mail are those that were signed."""
        for file in (MODEL, SERVED):
            self._checked(file)

    def open(self) -> Pipeline:
        """The fitted Pipeline, read only after its sum agrees with the signed manifest. Raises UnusableModelError."""
        import joblib

        data = self._checked(MODEL)
        try:
            return joblib.load(io.BytesIO(data))
        except Exception as error:  # our own signed file; what other library versions make of it can be anything
            raise UnusableModelError(
                f"the libraries installed now can't read it ({type(error).__name__}: {error}); it was made with "
                + ", ".join(f"{name} {version}" for name, version in self.manifest.get("libraries", {}).items()),
                where=str(self.path / MODEL),
                remedy=RETRAIN,
            ) from error

    def check_files(self) -> None:
        """Raises UnusableModelError unless all files are those that were signed."""
        for file in self.manifest["sha256"]:
            self._checked(file)

    def _checked(self, file: str) -> bytes:
        """What is in a file, proved against the signed manifest; not even read when it has another size."""
        data = _read(self.path / file, _LARGEST_FILE, self.manifest.get("bytes", {}).get(file))
        if not signature.has_sum(data, self.manifest["sha256"].get(file, "")):
            raise UnusableModelError(
                "it is not the file that was signed: changed or cut off", where=str(self.path / file), remedy=RETRAIN
            )
        return data


def versions_in(folder: Path) -> list[str]:
    """All versions in `models/`, oldest first, usable or not."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_dir())


def read_version(folder: Path, name: str, key: bytes) -> Version:
    """A version of `models/`, once its signature is proved. Raises NotFoundError, UnusableModelError."""
    path = folder / name
    if not NAME.fullmatch(name) or not path.is_dir():
        raise NotFoundError(f"there is no version '{name}'", where=str(folder), remedy="firstline model list")
    return Version(name=name, path=path, manifest=_manifest(name, path, key), key=key)


def write_version(
    folder: Path,
    name: str,
    key: bytes,
    pipeline: Pipeline,
    details: Dated,
    rows: Mapping[str, Mapping[str, str]],
) -> None:
    """A whole new folder below `folder`, or none.

    `pipeline`: the fitted one; `details`: what goes into the manifest; `rows`: by file (ROWS_FITTED, ROWS_FROZEN,
    ROWS_SAID) the hashes, with what is kept about each.
    """
    from pipeline.learn import served

    unfinished = durable.make_folder(folder)
    _write_model(unfinished / MODEL, pipeline)
    durable.write(unfinished / SERVED, served.pack(served.of_pipeline(pipeline)))
    for file, hashes in rows.items():
        lines = sorted(f"{_row_name(key, one)} {kept}".rstrip() for one, kept in hashes.items())
        durable.write(unfinished / file, "".join(f"{line}\n" for line in lines).encode("ascii"))
    files = (MODEL, SERVED, *rows)
    sums = {file: signature.sum_of((unfinished / file).read_bytes()) for file in files}
    sizes = {file: (unfinished / file).stat().st_size for file in files}
    manifest: Manifest = {
        **details,
        "format": FORMAT,
        "version": name,
        "rows_keyed": True,
        "sha256": sums,
        "bytes": sizes,
    }
    data = json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8")
    durable.write(unfinished / MANIFEST, data)
    durable.write(unfinished / SIGNATURE, signature.sign(key, data) + b"\n")
    durable.publish(unfinished, name)


def receive_version(folder: Path, name: str, key: bytes, files: Mapping[str, bytes]) -> None:
    """A version from elsewhere, by file: a whole new folder, once signature and sums are proved; else nothing.

    Raises UnusableModelError, NotFoundError.
    """
    unfinished = durable.make_folder(folder)
    try:
        inner = unfinished / name
        inner.mkdir(mode=0o700)
        for file, data in files.items():
            durable.write(inner / file, data)
        read_version(unfinished, name, key).check_files()
        durable.sync(inner)
        os.rename(inner, folder / name)
        durable.sync(folder)
    finally:
        shutil.rmtree(unfinished)


def _manifest(name: str, path: Path, key: bytes) -> Manifest:
    data = _read(path / MANIFEST, _LARGEST_MANIFEST)
    if not signature.is_signed(key, data, _read(path / SIGNATURE, 1000).strip()):
        raise UnusableModelError(
            "its signature is not ours: it was changed, or signed with another key",
            where=str(path),
            remedy=f"never opened; put the right key into [security] or {RETRAIN}",
        )
    manifest: Manifest = json.loads(data)
    if manifest["format"] > FORMAT:
        raise UnusableModelError(
            f"it has format {manifest['format']}, this program reads up to {FORMAT}",
            where=str(path),
            remedy=f"upgrade firstline, or {RETRAIN}",
        )
    if manifest["version"] != name:
        raise UnusableModelError(f"the folder holds version {manifest['version']}", where=str(path), remedy=RETRAIN)
    return manifest


def _read(path: Path, largest: int, size: int | None = None) -> bytes:
    """A file of a version. `size`: what it must have."""
    try:
        with open_below(path.parent.parent, f"{path.parent.name}/{path.name}") as file:
            found = os.fstat(file.fileno()).st_size
            if size is not None and found != size:
                what = f"it is not the file that was signed: it has {found} bytes, not {size}"
                raise UnusableModelError(what, where=str(path), remedy=RETRAIN)
            if found > largest:
                raise UnusableModelError("it is far too large", where=str(path), remedy=RETRAIN)
            return file.read(found)
    except OSError as error:
        raise UnusableModelError(f"can't be read: {error.strerror}", where=str(path), remedy=RETRAIN) from error


def _row_name(key: bytes, row_hash: str) -> str:
    """How a row's hash stands in a version's files; '' as the key: as it is."""
    return signature.sign(key, row_hash.encode(), signature.ROW).decode()[:_ROW_NAME] if key else row_hash


def _write_model(path: Path, pipeline: Pipeline) -> None:
    import joblib

    joblib.dump(pipeline, path, compress=("zlib", 6))
    with open(path, "rb") as handle:
        os.fsync(handle.fileno())
