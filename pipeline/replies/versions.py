"""Comparing versions of a letter, and putting the files of one back in their place."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import TemplateError, UsageError
from pipeline.replies.files import ERROR, decode, take_snapshot
from pipeline.replies.supervise import check

Sources = Mapping[str, str]  # file → text


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What putting a version back does to the folder."""

    write: Sources  # with other text than there is now
    delete: tuple[str, ...]  # the version has no such file
    other_parts: tuple[str, ...]  # files that other letters share: not written, and not as the version had them


def differences(before: Sources, after: Sources) -> Iterator[str]:
    """A unified diff of all files, line by line, without line ends; nothing when they are the same."""
    for file in sorted({*before, *after}):
        old, new = _lines(before.get(file)), _lines(after.get(file))
        yield from _diff(old, new, file if file in before else "(none)", file if file in after else "(none)")


def diff_texts(before: str, after: str, what: str) -> list[str]:
    """A unified diff of two rendered texts, with the lines around."""
    return list(_diff(before.splitlines(), after.splitlines(), f"{what} before", f"{what} after"))


def _diff(old: list[str], new: list[str], was: str, becomes: str) -> Iterator[str]:
    return difflib.unified_diff(old, new, was, becomes, lineterm="")


def _lines(text: str | None) -> list[str]:
    """A missing line end at the end is no difference that anybody looks for; another kind of line end is shown."""
    return [line.replace("\r", "␍") for line in (text or "").removesuffix("\n").split("\n")] if text else []


def own_files(language: str, name: str) -> tuple[str, str]:
    """The files that belong to one letter alone."""
    return f"{language}/{name}.txt", f"{language}/{name}.html"


def make_plan(folders: Sequence[Path], language: str, name: str, version: Sources, *, parts: bool) -> Plan:
    """What has to be done so that a letter is again as it was; `parts`: also what other letters share. Files are
    written into the last of the folders, whose files take the places of others."""
    now, _ = decode(take_snapshot(*folders))
    own = own_files(language, name)
    different = {file: text for file, text in version.items() if now.get(file) != text}
    return Plan(
        write={file: text for file, text in different.items() if parts or file in own},
        delete=tuple(file for file in own if file not in version and (folders[-1] / file).exists()),
        other_parts=tuple(sorted(file for file in different if file not in own and not parts)),
    )


def find_unsaved(folder: Path, plan: Plan, known: Mapping[str, Collection[str]]) -> list[str]:
    """Files that would be overwritten there, whose text is in no recorded version. `known`: file → its texts."""
    now, unreadable = decode(take_snapshot(folder))
    touched = [file for file in (*plan.write, *plan.delete) if (folder / file).exists()]
    lost = {finding.file for finding in unreadable}
    return [file for file in touched if file in lost or now[file] not in known.get(file, ())]


def put_back(folders: Sequence[Path], plan: Plan) -> None:
    """Checks what would then be in the folder, and writes only when it is fit.

    Raises TemplateError when it is not, UsageError when a file can't be written.
    """
    after = {file: data for file, data in take_snapshot(*folders).items() if file not in plan.delete}
    after |= {file: text.encode() for file, text in plan.write.items()}
    languages = {PurePosixPath(file).parent.name for file in (*plan.write, *plan.delete)}
    report = check(after, only=[file for file in after if file.partition("/")[0] in languages])
    written = {file for file, result in report.results.items() if {*result.uses, file} & {*plan.write, *plan.delete}}
    for finding in report.findings:
        if finding.severity == ERROR and finding.file in written | {_letter(file) for file in plan.delete}:
            raise TemplateError(
                f"line {finding.line}: {finding.message}",
                where=finding.file,
                remedy=f"nothing was written, as it would not be fit to be sent now: {finding.remedy}",
            )
    _write(folders[-1], plan)


def _letter(file: str) -> str:
    return file.removesuffix(".html") + ".txt" if file.endswith(".html") else file


def _write(folder: Path, plan: Plan) -> None:
    try:
        for file, text in plan.write.items():
            fresh = folder / f"{file}.new"
            fresh.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            with open(fresh, "xb") as new:  # never through a link that somebody put there
                new.write(text.encode())  # line ends stay as they are
            fresh.replace(folder / file)
        for file in plan.delete:
            (folder / file).unlink(missing_ok=True)
    except OSError as problem:
        raise UsageError(
            f"can't be written: {problem.strerror}", where=str(folder), remedy="let this user write there"
        ) from problem
