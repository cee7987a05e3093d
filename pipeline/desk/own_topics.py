"""Topics of one's own for a new folder (`init --topics-from`), in place of those of the starter.

The starter's mails stay, to teach sentiment and complaint; what they are about is taken out of them, and its letters
about the topics of a shop are left out. Until mail of one's own has topics, none is learned and letters are neutral.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from pipeline.config.topics import TopicConfig
from pipeline.errors import UsageError
from pipeline.text.clean import tidy

NONE = "none"  # in place of a file
LETTER = "other"  # fits any mail, in every language that is shipped
COLUMNS = ("title", "owner", "template", "respond_within", "resolve_within", "track", "priority")
_LONGEST_NAME = 100
_MOST = 500
_REMEDY = f"a topic a line, or a table whose first line is topic and any of {', '.join(COLUMNS)}"
_BARE = re.compile(r"[A-Za-z0-9_-]+")  # TOML 1.0: any other key stands in quotes


@dataclass(frozen=True, kw_only=True)
class OwnTopic:
    """One topic: its name, and what is told of it, by the keys of [topics.NAME]."""

    name: str
    told: Mapping[str, str] = field(default_factory=dict)


def read_topics(source: str) -> list[OwnTopic]:
    """The topics of a file, in its order; "none": no topic at all. Raises UsageError with the line that is wrong."""
    if source == NONE:
        return []
    lines = _lines(Path(source))
    head, *rest = lines
    is_table = "topic" in (cell.strip().casefold() for cell in re.split("[,;\t]", head[1]))
    read = _table(source, lines) if is_table else [(number, {"topic": line}) for number, line in (head, *rest)]
    topics = [_topic(f"{source}, line {number}", cells) for number, cells in read]
    names = [topic.name.casefold() for topic in topics]
    if twice := next((name for at, name in enumerate(names) if name in names[:at]), ""):
        raise UsageError(f"the topic '{twice}' is there twice", where=source, remedy="name each topic once")
    if not 2 <= len(topics) <= _MOST:
        raise UsageError(
            f"{len(topics)} topics: two are needed to tell one from the other, more than {_MOST} are none",
            where=source,
            remedy=_REMEDY,
        )
    return topics


def _lines(path: Path) -> list[tuple[int, str]]:
    """With their numbers, but empty ones and comments. Raises UsageError where nothing is left."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"can't be read: {why}", where=str(path), remedy=f"{_REMEDY}; or '{NONE}'") from error
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    kept = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if not kept:
        raise UsageError("there is no topic in it", where=str(path), remedy=f"{_REMEDY}; or '{NONE}'")
    return kept


def _table(source: str, lines: Sequence[tuple[int, str]]) -> list[tuple[int, dict[str, str]]]:
    """The cells of each line, by the names of their columns."""
    delimiter = next((mark for mark in "\t;," if mark in lines[0][1]), ",")
    (_, head), *rows = [(number, next(csv.reader([line], delimiter=delimiter))) for number, line in lines]
    names = [name.strip().casefold() for name in head]
    if strange := [name for name in names if name not in ("topic", *COLUMNS)]:
        raise UsageError(f"there is no column '{strange[0]}' for topics", where=source, remedy=_REMEDY)
    if too_long := [number for number, cells in rows if len(cells) > len(names)]:
        where = f"{source}, line {too_long[0]}"
        raise UsageError("more cells than columns", where=where, remedy="put a text with a comma in double quotes")
    return [(number, dict(zip(names, cells, strict=False))) for number, cells in rows]


def _topic(where: str, cells: Mapping[str, str]) -> OwnTopic:
    """Raises UsageError for what [topics.NAME] would not take."""
    name = " ".join(tidy(cells.get("topic", "")).split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise UsageError(f"expected a topic of up to {_LONGEST_NAME} letters", where=where, remedy=_REMEDY)
    told = {key: " ".join(tidy(cells.get(key, "")).split()) for key in COLUMNS}
    told = {key: value for key, value in told.items() if value}
    try:
        TopicConfig.model_validate({key: value for key, value in told.items() if key != "title"})
    except ValidationError as error:
        first = error.errors()[0]
        said = str(first["msg"]).removeprefix("Value error, ")
        column = first["loc"][0] if first["loc"] else "topic"
        raise UsageError(f"{column}: {said}", where=where, remedy="as in [topics.NAME] of config.toml") from error
    return OwnTopic(name=name, told=told)


# --- what is written --------------------------------------------------------------------------------------------------


def with_own_topics(
    config: str, topics: Sequence[OwnTopic], language: str, owner: str, owners: Mapping[str, str]
) -> str:
    """The configuration with these tables in place of its [topics.NAME]; comments stay. `owner`: of topics that name
    none; `owners`: by topic."""
    kept: list[str] = []
    place, inside = 0, False
    for line in config.splitlines(keepends=True):
        if line.startswith(("[", "#")):
            inside = line.startswith("[topics.")
            place = place or (len(kept) if inside else 0)
        if not inside:
            kept.append(line)
    tables = [_toml_table(topic, language, owners.get(topic.name, owner)) for topic in topics]
    return "".join([*kept[:place], *tables, *kept[place:]])


def _toml_table(topic: OwnTopic, language: str, owner: str) -> str:
    name = topic.name if _BARE.fullmatch(topic.name) else _toml_text(topic.name)
    title = topic.told.get("title") or re.sub(r"[-_]+", " ", topic.name)
    told = {"owner": owner, "template": LETTER, **topic.told}
    lines = [f"title = {{ {language} = {_toml_text(title)} }}"]
    lines += [f"{key} = {_toml_text(told[key])}" for key in ("owner", *COLUMNS) if key in told and key != "title"]
    return f"[topics.{name}]\n" + "\n".join(dict.fromkeys(lines)) + "\n\n"


def _toml_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def leave_out_starter_topics(folder: Path, shipped: Sequence[str], topics: Sequence[OwnTopic]) -> None:
    """Takes the topics out of the labelled mail, and away the letters about topics that there are no more."""
    for table in sorted((folder / "training_data").glob("*.csv")):
        _forget_topics(table)
    used = {LETTER, *(topic.told.get("template", LETTER) for topic in topics)}
    for name in shipped:
        for letter in (name, f"{name}-complaint") if name not in used else ():
            for path in (folder / "templates").glob(f"*/{letter}.*"):
                path.unlink()


def _forget_topics(table: Path) -> None:
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        fields, rows = list(reader.fieldnames or ()), list(reader)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows({**row, "topic": ""} for row in rows)
