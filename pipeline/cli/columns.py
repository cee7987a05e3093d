"""The options that several `data` and `model` commands share: which column holds what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.learn.dataset import Columns

Spreadsheets = Annotated[
    bool,
    typer.Option("--for-spreadsheets", help="No cell is taken for a formula; for reading, not for importing again."),
]
Text = Annotated[str | None, typer.Option("--text-column", metavar="NAME", help="Column of the text (text).")]
Subject = Annotated[str | None, typer.Option("--subject-column", metavar="NAME", help="Column of the subject.")]
Topic = Annotated[str | None, typer.Option("--topic-column", metavar="NAME", help="Column of the topic.")]
Sentiment = Annotated[str | None, typer.Option("--sentiment-column", metavar="NAME", help="Column of the sentiment.")]
Complaint = Annotated[str | None, typer.Option("--complaint-column", metavar="NAME", help="Column true/false.")]
Language = Annotated[str | None, typer.Option("--language-column", metavar="NAME", help="Column of the language.")]

Sender = Annotated[
    str | None, typer.Option("--sender-column", metavar="NAME", help="Column of the writer; kept as a keyed hash.")
]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What --map says, sorted by what it is about."""

    columns: Mapping[str, str] = field(default_factory=dict)  # field → heading
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (field, cell) → our word
    topics: Mapping[str, str] = field(default_factory=dict)  # topic → our topic, '' to leave it out


def mapped(pairs: Sequence[str], topics: Collection[str]) -> Mapped:
    """`HEADING=FIELD` names a column, `FIELD:OLD=NEW` a label, `OLD=NEW` a topic. `topics`: of [topics]. UsageError."""
    from pipeline.learn.dataset import FIELDS

    columns: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    renamed: dict[str, str] = {}
    for pair in pairs:
        old, equals, new = (part.strip() for part in pair.partition("="))
        if not old or not equals:
            raise UsageError(
                f"--map {pair} says nothing",
                remedy="write --map OLD=NEW, --map OLD= to leave OLD out, --map HEADING=FIELD, or --map FIELD:OLD=NEW",
            )
        about, colon, cell = old.partition(":")
        if colon and about in _WORDED:
            words[about, cell.strip()] = new
        elif new in FIELDS and new not in topics:
            columns[new] = old
        else:
            renamed[old] = new
    return Mapped(columns, words, renamed)


_FURTHER = ("sender",)  # fields without a place of their own in Columns
_WORDED = ("sentiment", "complaint", "language")  # fields whose cells may be in other words


def columns_of(mapping: Mapped | None = None, **named: str | None) -> Columns:
    """The columns the user named must be there; the others may be. `mapping`: what --map says. Raises UsageError."""
    from pipeline.learn.dataset import Columns

    said = mapping or Mapped()
    further = {one: name for one in _FURTHER if (name := named.pop(one, None))}
    own = {one: heading for one, heading in said.columns.items() if one in named}
    others = {one: heading for one, heading in said.columns.items() if one not in named} | further
    given: dict[str, Any] = {**own, **{one: name for one, name in named.items() if name}}  # for any field by name
    return Columns(**given, others=others, required=(*given, *others), words=said.words)
