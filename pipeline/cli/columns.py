"""The options that several `data` and `model` commands share: which column holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

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


def columns_of(**named: str | None) -> Columns:
    """The columns the user named must be there; the others may be."""
    from pipeline.learn.dataset import Columns

    given = {field: name for field, name in named.items() if name}
    return Columns(**given, required=tuple(given))
