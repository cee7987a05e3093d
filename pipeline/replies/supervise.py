"""Starts the child process that looks at files, and goes on with another when a file was the end of one."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from pipeline.errors import TemplateError
from pipeline.replies.files import ERROR, Finding, Result, decode, error, is_part

PATIENCE = 15.0  # seconds of silence; the child's own limit is on processor time and strikes long before
MOST_CHILDREN = 40  # of one check
MOST_OUTPUT = 64 * 1024 * 1024  # bytes of one child
_PACKAGE = Path(__file__).parents[2]
_START = f"import sys; sys.path.insert(0, {str(_PACKAGE)!r}); from pipeline.replies.child import main; main()"


@dataclass(frozen=True, kw_only=True)
class LintReport:
    """What came of a check."""

    results: Mapping[str, Result]  # by file
    texts: Mapping[str, str]  # the files as they were checked

    @property
    def findings(self) -> list[Finding]:
        """Those of a file from top to bottom; each once."""
        every = {finding: None for result in self.results.values() for finding in result.findings}
        return sorted(every, key=lambda finding: (finding.file, finding.line, finding.severity))

    @property
    def uses(self) -> set[str]:
        """All files that some letter is made of."""
        return {used for result in self.results.values() for used in result.uses if not is_part(result.file)}

    @property
    def well(self) -> bool:
        """Is there no error? Warnings do not count."""
        return not any(finding.severity == ERROR for finding in self.findings)


def check(files: Mapping[str, bytes | OSError], only: Collection[str] | None = None) -> LintReport:
    """Looks at `files`, or only at some of them in the company of all. Raises TemplateError when no child can work."""
    texts, unreadable = decode(files)
    broken = {finding.file: finding for finding in unreadable}
    wanted = [file for file in files if only is None or file in only]
    results = {file: Result(file=file, findings=(broken[file],)) for file in wanted if file in broken}
    waiting = sorted((file for file in wanted if file not in broken), key=_order)
    for _ in range(MOST_CHILDREN):
        if not waiting:
            break
        for file, result in _one_child(texts, waiting, broken):
            results[file] = result
            if result.findings and result.findings[0].code == "limits":
                broken[file] = result.findings[0]
        waiting = [file for file in waiting if file not in results]
    for file in waiting:
        results[file] = Result(file=file, findings=(_not_reached(file),))
    return LintReport(results=results, texts=texts)


def _order(file: str) -> tuple[int, str]:
    """Parts first, so that a bad one is found as itself and not in the letters that use it."""
    return (0 if is_part(file) else 1 if file.endswith(".html") else 2, file)


def _one_child(
    texts: Mapping[str, str], waiting: list[str], broken: Mapping[str, Finding]
) -> Iterator[tuple[str, Result]]:
    """Results until all is done or a file was the end of the child."""
    request = {
        "sources": texts,
        "files": waiting,
        "broken": {file: asdict(finding) for file, finding in broken.items()},
    }
    at = ""
    for line in conversation(json.dumps(request).encode()):
        if "begin" in line:
            at = line["begin"]
        elif "ends" in line:
            yield at, Result(file=at, findings=(_stopped(at) if line["ends"] == "limits" else _unreadable(at),))
            at = ""
        else:
            yield at, _result(line)
            at = ""
    if at:
        yield at, Result(file=at, findings=(_stopped(at),))


def _result(line: Mapping[str, Any]) -> Result:
    findings = tuple(Finding(**finding) for finding in line["findings"])
    return Result(**{**line, "findings": findings, "uses": tuple(line["uses"])})


def conversation(request: bytes) -> Iterator[dict[str, Any]]:  # Any: the JSON of child.py
    """What a fresh child says, line by line, until it ends or is ended."""
    try:
        child = subprocess.Popen(  # noqa: S603  (our own interpreter, with nothing from outside in the command)
            [sys.executable, "-I", "-c", _START],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/",
        )  # fmt: skip
    except OSError as problem:
        raise TemplateError(
            f"the process that checks templates can't be started: {problem}", remedy="is there memory left?"
        ) from problem
    assert child.stdin is not None  # noqa: S101  (asked for above)
    assert child.stdout is not None  # noqa: S101
    writing = threading.Thread(target=_tell, args=(child.stdin, request), daemon=True)
    writing.start()
    said = 0
    try:
        for raw in _lines(child.stdout):
            said += 1
            yield json.loads(raw)
    finally:
        child.kill()
        child.wait()
        writing.join()
        child.stdout.close()
    if not said:
        raise TemplateError(
            f"the process that checks templates ended at once (code {child.returncode})",
            remedy="are the templates together larger than a few megabytes?",
        )


def _tell(pipe: IO[bytes], request: bytes) -> None:
    """In a thread, as a child that has died reads no more."""
    try:
        with pipe:
            pipe.write(request)
    except BrokenPipeError:  # its silence is noticed by whoever reads
        return


def _lines(pipe: IO[bytes]) -> Iterator[bytes]:
    """Whole lines, until the end or too long a silence."""
    buffer, read = b"", 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        last = time.monotonic()
        while time.monotonic() - last < PATIENCE and read < MOST_OUTPUT:
            if not selector.select(timeout=1.0):
                continue
            data = os.read(pipe.fileno(), 1 << 16)
            if not data:
                return
            last, read = time.monotonic(), read + len(data)
            *lines, buffer = (buffer + data).split(b"\n")
            yield from lines


def _stopped(file: str) -> Finding:
    return error(
        file, 0, "limits", "looking at this file took more time or memory than any letter needs, so it was stopped",
        "write it more simply: fewer levels inside each other, no long expressions",
    )  # fmt: skip


def _unreadable(file: str) -> Finding:
    remedy = "take it back to its last good version and change it in small steps"
    return error(file, 0, "unreadable", "something in this file can't be checked", remedy)


def _not_reached(file: str) -> Finding:
    return error(
        file,
        0,
        "not-checked",
        "too many files before this one had to be stopped",
        "correct those first, then check again",
    )
