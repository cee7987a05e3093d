"""What `share` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypedDict

from pipeline.wiring.file_states import FileState

if TYPE_CHECKING:
    from pipeline.wiring.sharing import ComparedFile, ShareReport


class SharedFileDocument(TypedDict):
    """A file that machines share."""

    kind: Annotated[str, "`templates`, `templates.MAILBOX` or `model`"]
    path: Annotated[str, "below its folder"]
    state: Annotated[FileState, "where it had changed since both sides were alike"]
    at: Annotated[datetime | None, "when it was pushed"]
    who: Annotated[str | None, "the machine that pushed it"]


class SharedFilesDocument(TypedDict):
    """What was shared, and what was not."""

    done: Annotated[list[SharedFileDocument], "pushed, or taken up; empty for `status`"]
    left: Annotated[list[SharedFileDocument], "not alike still"]
    alike: Annotated[int, "how many files were the same on both sides"]
    problems: list[str]


def shared_files_document(report: ShareReport) -> SharedFilesDocument:
    """What was done, and what was not."""
    return {
        "done": [_file(one) for one in report.done],
        "left": [_file(one) for one in report.left],
        "alike": report.alike,
        "problems": report.problems,
    }


def _file(one: ComparedFile) -> SharedFileDocument:
    there = one.there
    return {
        "kind": one.kind,
        "path": one.path,
        "state": one.state,
        "at": there.at if there else None,
        "who": there.who if there else None,
    }
