"""Letters, help pages and the model in use, the same on all machines, by way of the database ([store] share_files).

What is here, what is there and what was the same when we last looked (`var/shared.json`) tell who has changed a file.
Changed there: we take it up. Changed here: it waits for `share push`. Changed on both sides: a conflict, and a person
decides. Each row is signed with the key of `[security]`; one that is not changes nothing here.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline import logs
from pipeline.clock import Clock
from pipeline.config.settings import Config
from pipeline.errors import DamagedError, FirstlineError, UnreachableError
from pipeline.learn import durable, signature
from pipeline.learn.registry import registry_of
from pipeline.store.database import Database
from pipeline.store.shared_files import SharedFile, SharedFiles
from pipeline.text.locking import lock as flock
from pipeline.text.regular_files import open_regular
from pipeline.wiring.file_states import FileState
from pipeline.wiring.shared_folders import MODEL, TEMPLATES, SharedFolder, folders_of

STATE = "var/shared.json"  # beside config.toml


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedFile:
    """One file, here and in the database."""

    kind: str
    path: str
    state: FileState
    here: str  # its sum, '': it is not here
    there: SharedFile | None = None

    @property
    def name(self) -> str:
        """For people: templates/en/delivery.txt."""
        return f"{self.kind}/{self.path}"


@dataclass(kw_only=True, slots=True)
class ShareReport:
    """What was done, and what was not."""

    done: list[ComparedFile] = field(default_factory=list)
    left: list[ComparedFile] = field(default_factory=list)  # not alike still
    problems: list[str] = field(default_factory=list)
    alike: int = 0
    again: bool = False  # something could not be written here: to be tried once more

    @property
    def conflicts(self) -> list[ComparedFile]:
        """What a person must decide."""
        return [one for one in self.left if one.state is FileState.CONFLICT]


class FileSharing:
    """`folders`: what is shared; `state`: the file that keeps what was alike; `who`: this machine."""

    def __init__(
        self, files: SharedFiles, folders: Collection[SharedFolder], key: bytes, state: Path, clock: Clock, who: str
    ) -> None:
        self.files, self.state, self.clock, self.who = files, state, clock, who
        self.folders = {folder.kind: folder for folder in folders}
        self._key = key
        self._seen = -1

    @classmethod
    def of(cls, config: Config, key: bytes, database: Database, clock: Clock) -> FileSharing:
        """As the configuration says."""
        folders = folders_of(config, registry_of(config, key), key)
        return cls(SharedFiles(database), folders, key, config.at(STATE), clock, platform.node())

    def take_up(self) -> None:
        """What others have pushed since this was last asked. Raises UnreachableError, DamagedError."""
        number = self.files.number()
        if number == self._seen:
            return
        report, log = self.pull(), logs.get("store")
        for one in report.done:
            log.info("taken up from the database", file=one.name)
        for one in report.conflicts:
            log.warning("changed here and in the database: firstline share status", file=one.name)
        for problem in report.problems:
            log.warning("not taken up from the database", problem=problem)
        if not report.again:
            self._seen = number

    def status(self) -> ShareReport:
        """What is not alike. Raises UnreachableError, DamagedError."""
        report = ShareReport()
        with self._base() as base:
            report.left = [one for one in self._compared(base, report) if one.state is not FileState.ALIKE]
        return report

    def pull(self, *, theirs: bool = False) -> ShareReport:
        """Takes up what has changed there; `theirs`: in a conflict, too. Raises UnreachableError, DamagedError."""
        wanted = {FileState.THERE, *([FileState.CONFLICT] if theirs else [])}
        report = ShareReport()
        with self._base() as base:
            for one in self._compared(base, report):
                if one.state in wanted and one.there and self._take(one, one.there, report):
                    base[one.name] = one.there.sha256
                    report.done.append(one)
                elif one.state is not FileState.ALIKE:
                    report.left.append(one)
        return report

    def push(self, *, ours: bool = False, kinds: Collection[str] = (), names: Collection[str] = ()) -> ShareReport:
        """Puts there what has changed here, all of it or nothing; `ours`: in a conflict, too; `kinds`, `names` (as
        templates/en/delivery.txt): only these.

        Raises UnreachableError, DamagedError.
        """
        wanted = {FileState.HERE, *([FileState.CONFLICT] if ours else [])}
        report = ShareReport()
        with self._base() as base:
            with self.files.turn():  # nobody else pushes between looking and writing
                for one in self._compared(base, report):
                    if (kinds and one.kind not in kinds) or (names and one.name not in names):
                        continue
                    if one.state in wanted and self._put(one, report):
                        report.done.append(one)
                    elif one.state is not FileState.ALIKE:
                        report.left.append(one)
            base.update({one.name: one.here for one in report.done})  # now it is committed
        return report

    def push_model(self) -> list[str]:
        """Puts the version in use there; returns as push_texts does."""
        report = self.push(kinds=[MODEL])
        return [*(one.name for one in report.conflicts), *report.problems]

    def push_texts(self, mailbox: str, files: Collection[str]) -> list[str]:
        """Puts files of the letters there that were saved here; `mailbox`: of its own, '' for those of all. Returns
        what a person must decide. Raises UnreachableError, DamagedError."""
        kind = f"{TEMPLATES}.{mailbox}" if mailbox else TEMPLATES
        report = self.push(names=[f"{kind}/{file}" for file in files])
        return [*(one.name for one in report.conflicts), *report.problems]

    def _compared(self, base: dict[str, str], report: ShareReport) -> list[ComparedFile]:
        """All files. Those that are alike are noted in `base`."""
        there = {(row.kind, row.path): row for row in self._proved(report)}
        here = {kind: folder.sums() for kind, folder in self.folders.items()}
        compared = []
        for kind, path in sorted({*there, *((kind, path) for kind, sums in here.items() for path in sums)}):
            row, found = there.get((kind, path)), here[kind].get(path, "")
            wanted = found or self.folders[kind].may_lack(here[kind])
            state = compare(found, row.sha256 if row else None, base.get(f"{kind}/{path}", "") if wanted else "")
            one = ComparedFile(kind=kind, path=path, state=state, here=found, there=row)
            if state is FileState.ALIKE:
                base[one.name] = found
                report.alike += bool(found)
            compared.append(one)
        return compared

    def _proved(self, report: ShareReport) -> Iterator[SharedFile]:
        """Rows for this configuration that we have signed, and whose path stays in the folder."""
        for row in self.files.all():
            folder = self.folders.get(row.kind)
            if folder is None:  # of a mailbox that is not answered from here
                continue
            if not folder.has_place(row.path):
                report.problems.append(f"{row.kind}: {row.path!r} is no path of such a file")
            elif not self._is_ours(row):
                report.problems.append(f"{row.kind}/{row.path}: its row is not signed with our key")
            elif not folder.is_part(row.path):
                yield row

    def _is_ours(self, row: SharedFile) -> bool:
        signed = _signed_words(row.kind, row.path, row.sha256)
        return signature.is_signed(self._key, signed, row.mark.encode(), signature.SHARED)

    def _take(self, one: ComparedFile, row: SharedFile, report: ShareReport) -> bool:
        folder = self.folders[one.kind]
        try:
            if not row.sha256:
                folder.remove(one.path)
                return True
            data = self._proved_data(row)
            folder.take(one.path, data, row.who, lambda prefix: self._parts(one.kind, prefix))
        except OSError as error:
            report.problems.append(f"{one.name} can't be written here: {error.strerror}")
            report.again = True
            return False
        except UnreachableError:
            raise
        except FirstlineError as error:
            report.problems.append(f"{one.name} is refused: {error}")
            return False
        return True

    def _parts(self, kind: str, prefix: str) -> Mapping[str, bytes]:
        rows = [row for row in self.files.all() if row.kind == kind and row.path.startswith(prefix)]
        ours = [row for row in rows if self.folders[kind].has_place(row.path) and self._is_ours(row)]
        return {row.path.removeprefix(prefix): self._proved_data(row) for row in ours}

    def _proved_data(self, row: SharedFile) -> bytes:
        data = self.files.data(row.kind, row.path)
        if not signature.has_sum(data, row.sha256):
            raise DamagedError(
                "its content is not what was signed",
                where=f"{row.kind}/{row.path} in the database",
                remedy="`firstline share push --ours` on the machine where it is right",
            )
        return data

    def _put(self, one: ComparedFile, report: ShareReport) -> bool:
        folder = self.folders[one.kind]
        try:
            parts = folder.parts(one.path) if one.here else {}
            data = folder.read(one.path) if one.here else b""
        except OSError as error:
            report.problems.append(f"{one.name} can't be read: {error.strerror}")
            return False
        except FirstlineError as error:
            report.problems.append(f"{one.name} is not shared: {error}")
            return False
        if one.here and signature.sum_of(data) != one.here:
            report.problems.append(f"{one.name} was changed just now: push again")
            return False
        for row in self.files.all() if parts else ():  # of the version before
            if row.kind == one.kind and folder.is_part(row.path) and row.path not in parts:
                self.files.drop(row.kind, row.path)
        now = self.clock.now()
        for path, content in {**parts, one.path: data}.items():
            gone = path == one.path and not one.here
            self.files.put(self._row(one.kind, path, "" if gone else signature.sum_of(content), now), content)
        return True

    def _row(self, kind: str, path: str, found: str, now: datetime) -> SharedFile:
        mark = signature.sign(self._key, _signed_words(kind, path, found), signature.SHARED).decode()
        return SharedFile(kind=kind, path=path, sha256=found, mark=mark, at=now, who=self.who)

    @contextmanager
    def _base(self) -> Iterator[dict[str, str]]:
        """What was alike: name → sum. One process of this machine at a time; what it changes is kept."""
        with self._lock():
            base = self._read_state()
            before = dict(base)
            try:
                yield base
            finally:
                if base != before:
                    self._write_state(base)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            self.state.parent.mkdir(parents=True, exist_ok=True)
            handle = open_regular(self.state.parent, f".{self.state.name}.lock", os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise self._not_ours(error) from error
        with os.fdopen(handle, "a", encoding="ascii") as lock:
            flock(lock)
            yield

    def _write_state(self, base: Mapping[str, str]) -> None:
        try:
            durable.replace(self.state, json.dumps(base, indent=0, sort_keys=True).encode("utf-8"))
        except OSError as error:
            raise self._not_ours(error) from error

    def _not_ours(self, error: OSError) -> FirstlineError:
        remedy = "check the disk and the rights on the folder"
        return FirstlineError(f"can't be kept: {error.strerror}", where=str(self.state), remedy=remedy)

    def _read_state(self) -> dict[str, str]:
        try:
            told = json.loads(self.state.read_text(encoding="utf-8"))
            return {str(name): str(found) for name, found in told.items()}
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._not_ours(error) from error
        except (ValueError, AttributeError) as error:
            remedy = "remove it: what is not alike then counts as changed on both sides, and nothing is lost"
            raise DamagedError("it can't be read", where=str(self.state), remedy=remedy) from error


def compare(here: str, there: str | None, base: str) -> FileState:
    """Who has changed a file, by the sums: '' where it is not, or was removed; None: nobody has ever pushed it."""
    if here == (there or ""):
        return FileState.ALIKE
    if there is None or there == base:
        return FileState.HERE
    return FileState.THERE if here == base else FileState.CONFLICT


def _signed_words(kind: str, path: str, found: str) -> bytes:
    return json.dumps([kind, path, found], ensure_ascii=True).encode("ascii")
