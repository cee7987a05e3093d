"""The files of the letters: which there are, what is in their heads, and the letters that are fit to be used.

`templates/<language>/<name>.txt` and optional `.html`; files whose names begin with `base` or `_` are parts of others;
`templates/<language>/saved/<name>.txt` are texts that agents put into their answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.records.letter import ANSWER
from pipeline.text.regular_files import read_below

LARGEST = 262_144  # bytes of a template file, and characters of a rendered letter
ENDS = (".txt", ".html")
SAVED = "saved"  # the folder of the texts that agents put into their answers
_HEAD = ("subject", "description")
_BREAKS = "\r\v\f\x00\x1c\x1d\x1e\x85\u2028\u2029"  # what some program takes for the end of a line


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something about a file that an agent should know."""

    file: str  # as en/delivery.txt
    line: int  # 0: the file as a whole
    severity: str  # ERROR or WARNING
    code: str
    message: str
    remedy: str


ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, kw_only=True)
class Result:
    """Of one file. `fit`: a letter can be made from it; `uses`: the files it is made of, itself included."""

    file: str
    findings: tuple[Finding, ...]
    fit: bool = False
    uses: tuple[str, ...] = ()
    says_opening: bool = False  # outside working hours it says when work begins again


def error(file: str, line: int, code: str, message: str, remedy: str) -> Finding:
    """A finding that keeps a letter from being used; `line` 0: the file as a whole."""
    return Finding(file=file, line=line, severity=ERROR, code=code, message=message, remedy=remedy)


def warning(file: str, line: int, code: str, message: str, remedy: str) -> Finding:
    """A finding that an agent should know, and that keeps nothing from being used."""
    return Finding(file=file, line=line, severity=WARNING, code=code, message=message, remedy=remedy)


@dataclass(frozen=True, kw_only=True)
class Head:
    """What is above the text of a file."""

    fields: Mapping[str, str]  # `subject` and `description`, as far as they are there
    body: str
    lines: int  # how many lines are above the body


def is_part(file: str) -> bool:
    """Is it only there to be used by others?"""
    return PurePosixPath(file).stem.startswith(("base", "_"))


def is_text(file: str) -> bool:
    """Has it a head and plain text, be it a letter or a part of some?"""
    return file.endswith(".txt")


def is_page(file: str) -> bool:
    """Is it HTML?"""
    return file.endswith(".html")


def is_letter(file: str) -> bool:
    """Is a letter made from it?"""
    return is_text(file) and not is_part(file) and not is_saved(file)


def is_saved(file: str) -> bool:
    """Is it a text that agents put into their answers?"""
    return is_text(file) and PurePosixPath(file).parent.name == SAVED


def is_complaint(file: str) -> bool:
    """Is it a letter that answers a complaint?"""
    stem = PurePosixPath(file).stem
    return is_letter(file) and (stem.endswith("-complaint") or stem == "complaint")


def is_answer(file: str) -> bool:
    """Is it the letter that carries what a person writes?"""
    return is_letter(file) and PurePosixPath(file).stem == ANSWER


def page_of(file: str) -> str:
    """The name that the HTML part of a text has."""
    return file.removesuffix(".txt") + ".html"


def beside(file: str, name: str) -> str:
    """The file that `name` means inside `file`: of the same language unless it says otherwise."""
    return name if "/" in name else f"{file.rpartition('/')[0]}/{name}"


def stamp(*folders: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file does; cheap to ask."""
    return tuple(mark for folder in folders for path in _paths(folder) for mark in _mark(path))


def _mark(path: Path) -> Iterator[tuple[str, int, int]]:
    try:
        stat = path.lstat()
    except FileNotFoundError:  # it went while we looked
        return
    yield path.as_posix(), stat.st_mtime_ns, stat.st_size


def take_snapshot(*folders: Path, only: Callable[[str], bool] = bool) -> dict[str, bytes | OSError]:
    """All files as they are now, or why one can't be read; of a file over the limit one byte more than the limit.

    A file of a later folder takes the place of one that is called the same. `only`: those whose names it is true of.
    """
    return {file: _content(folder, file) for folder in folders for file in names_in(folder) if only(file)}


def names_in(folder: Path) -> list[str]:
    """The files of a folder, as en/delivery.txt."""
    return [path.relative_to(folder).as_posix() for path in _paths(folder)]


def _paths(folder: Path) -> list[Path]:
    """Links and pipes too: who put them there should hear that they are not read."""
    found = [*folder.glob("*/*"), *folder.glob(f"*/{SAVED}/*.txt")]
    return [path for path in sorted(found) if path.suffix in ENDS and not path.is_dir()]


def _content(folder: Path, file: str) -> bytes | OSError:
    """Agents may write into the folder who may not read all that we may: so nothing is followed out of it."""
    try:
        return read_below(folder, file, LARGEST + 1)
    except OSError as problem:
        return problem


def read_content(path: Path) -> bytes | OSError:
    """The same of a file that a user has named, wherever it lies; of a larger one a byte more than the limit."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as problem:
        return problem


def decode(files: Mapping[str, bytes | OSError]) -> tuple[dict[str, str], list[Finding]]:
    """The files as text, and what is wrong with those that can't be read."""
    texts, findings = {}, []
    for file, data in files.items():
        if isinstance(data, OSError):
            why = data.strerror or "for an unknown reason"
            findings.append(
                error(
                    file, 0, "unreadable", f"the file can't be read: {why}", "put a file there that this user may read"
                )
            )
        elif len(data) > LARGEST:
            message = f"the file is over {LARGEST // 1024} KB"
            findings.append(error(file, 0, "size", message, "shorten it: a letter is a page of text"))
        else:
            try:
                texts[file] = data.decode("utf-8-sig")
            except UnicodeDecodeError as problem:
                line = data.count(b"\n", 0, problem.start) + 1
                remedy = "save it as UTF-8 (the 'encoding' of your editor)"
                findings.append(error(file, line, "encoding", "the file is not UTF-8", remedy))
    return texts, findings


def read_head(source: str) -> Head:
    """What is above the text; the whole source is text where nothing does."""
    lines = source.replace("\r\n", "\n").split("\n")
    fields: dict[str, str] = {}
    for number, line in enumerate(lines):
        name, colon, value = line.partition(":")
        if not colon or name.strip().lower() not in _HEAD:
            above = number + 1 if fields and not line.strip() else number
            return Head(fields=fields, body="\n".join(lines[above:]), lines=above)
        fields.setdefault(name.strip().lower(), value.strip())
    return Head(fields=fields, body="", lines=len(lines))


def head_findings(file: str, source: str) -> list[Finding]:
    """A head that could break a header or be taken for text."""
    head, lines = read_head(source), source.replace("\r\n", "\n").split("\n")
    top = lines[: head.lines]
    found = [
        error(
            file,
            number,
            "header-break",
            "a control character breaks this line",
            "type the line anew",
        )
        for number, line in enumerate(top, 1)
        if any(sign in line for sign in _BREAKS)
    ]
    for name in _HEAD:
        places = [number for number, line in enumerate(top, 1) if line.partition(":")[0].strip().lower() == name]
        if len(places) > 1:
            found.append(error(file, places[1], "head", f"there are two lines '{name.title()}:'", "keep one of them"))
    if head.fields and head.body.strip() and top[-1].strip():
        found.append(
            error(file, head.lines + 1, "head", "the head does not end with an empty line, so this line would be text",
                  "put an empty line after the lines 'Subject:' and 'Description:'; no other headers can be set")
        )  # fmt: skip
    return found
