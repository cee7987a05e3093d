"""The letters that this version of Firstline ships beside those of a working folder, and what became of each.

A folder keeps what it was made from. So three texts can be compared: what was shipped then, what people have made of
it, and what is shipped now. Folders of 0.1 have kept nothing; there a text that was shipped at any time, to the letter,
counts as nobody's edit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.config.shipped import find_shipped
from pipeline.errors import DamagedError
from pipeline.text.regular_files import read_below, replace_below

RECORD = "shipped-letters.json"  # in var, beside config.toml
EARLIER = "earlier_letters.txt"  # in this folder: the marks of all letters that were ever shipped


class LetterChange(StrEnum):
    """What the package has for one file."""

    NEW = "new"  # there was none of this name
    CHANGED = "changed"  # nobody has edited the one that is there
    BOTH = "both"  # somebody has edited it, and the package has changed it: a person decides


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """The letters of one version, by file as en/delivery.txt."""

    version: str
    letters: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Of one file. `then`: as it was shipped when the folder was made; None where that is not known, or it was not."""

    file: str
    change: LetterChange
    then: str | None
    mine: str | None  # None: there is no such file
    now: str

    @property
    def theirs(self) -> list[str]:
        """What the package has changed: beside what was shipped then, else beside what is there."""
        before = self.mine if self.then is None else self.then
        return _lines(before or "", self.now, "shipped then" if self.then is not None else "yours", "shipped now")

    @property
    def yours(self) -> list[str]:
        """What people have made of it; nothing where it is not known what was shipped."""
        if self.then is None or self.mine is None:
            return []
        return _lines(self.then, self.mine, "shipped then", "yours")


def shipped_now() -> Shipped:
    """That this program carries: letters and saved replies. Help pages are examples, and stay away from folders."""
    return Shipped(version=version("firstline"), letters=letters_in(find_shipped() / "templates"))


def letters_in(folder: Path) -> dict[str, str]:
    """By file."""
    found = (path for end in ("txt", "html") for path in folder.rglob(f"*.{end}"))
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}
    return {file: text for file, text in sorted(texts.items()) if "/articles/" not in file}


def mark(text: str) -> str:
    """Names a text, whatever its line ends."""
    return sha256(_even(text).encode()).hexdigest()[:16]


def known_marks() -> frozenset[str]:
    """Of all letters that were ever shipped."""
    return frozenset((files("pipeline.desk.texts") / EARLIER).read_text(encoding="ascii").split())


def keep(var: Path, shipped: Shipped) -> None:
    """Writes down what a folder was made from. Raises OSError."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = {"version": shipped.version, "letters": dict(sorted(shipped.letters.items()))}
    replace_below(var, RECORD, (json.dumps(document, ensure_ascii=False, indent=0) + "\n").encode())


def kept(var: Path) -> Shipped | None:
    """None: the folder was made before this was written down. Raises DamagedError."""
    try:
        found = TypeAdapter(Shipped).validate_json(read_below(var, RECORD))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as problem:
        remedy = "remove it: then only what nobody has edited is recognised"
        raise DamagedError(
            f"it can't be read: {type(problem).__name__}", where=str(var / RECORD), remedy=remedy
        ) from None
    return found


def differences(then: Shipped | None, mine: Mapping[str, str], now: Shipped) -> Iterator[Difference]:
    """What the package has to offer; nothing for what it has not changed, or what somebody has removed on purpose."""
    known = known_marks() if then is None else frozenset()
    was = then.letters if then else {}
    for file, text in now.letters.items():
        before, have = was.get(file), mine.get(file)
        if _same(text, have) or _same(text, before) or (have is None and before is not None):
            continue
        if have is None:
            change = LetterChange.NEW
        elif _same(have, before) or mark(have) in known:
            change = LetterChange.CHANGED
        else:
            change = LetterChange.BOTH
        yield Difference(file=file, change=change, then=before, mine=have, now=text)


def after(then: Shipped | None, now: Shipped, undecided: set[str]) -> Shipped:
    """What the folder is made from, when all but these files were decided on."""
    before = then.letters if then else {}
    letters = {file: before.get(file) if file in undecided else text for file, text in now.letters.items()}
    return Shipped(version=now.version, letters={file: text for file, text in letters.items() if text is not None})


def _same(one: str, other: str | None) -> bool:
    return other is not None and _even(one) == _even(other)


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n")


def _lines(before: str, after: str, was: str, becomes: str) -> list[str]:
    return [*unified_diff(_even(before).split("\n"), _even(after).split("\n"), was, becomes, lineterm="", n=1)]
