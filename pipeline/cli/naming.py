"""data discover and data name: mail that nobody has labelled is put into groups, and a person names them."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.columns import Spreadsheets, Subject, Text, columns_of
from pipeline.cli.context import (
    AsJson,
    counting,
    doors_of,
    print_json,
    print_jsonl,
    print_table,
    printable,
    telling_steps,
)
from pipeline.errors import UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.data import DiscoveryDocument, NameableDocument
    from pipeline.desk.naming import Group, Naming

_SKIP, _UNDO, _QUIT = "s", "u", "q"
_OUT = "-"  # before the number of a mail that does not belong


def discover(
    context: typer.Context,
    source: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE…]", help="As for `data import`; without one, the mails of the ledger."),
    ] = None,
    topics: Annotated[
        int, typer.Option(help="How many groups; 0: as many as there are topics. More groups are purer.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write all mails with their group there, for `data name`.")
    ] = None,
    for_spreadsheets: Spreadsheets = False,
    text_column: Text = None,
    subject_column: Subject = None,
    as_json: AsJson = False,
) -> None:
    """Put mail that nobody has labelled into groups: sizes, words, typical mails, and a table to name them in."""
    from pipeline.desk import collect
    from pipeline.learn import discover as discovering
    from pipeline.learn import importing
    from pipeline.learn.meaning import Meaning
    from pipeline.learn.registry import registry_of
    from pipeline.wiring.keys import key_of

    columns = columns_of(text=text_column, subject=subject_column)
    with doors_of(context) as doors:
        with counting("reading", quiet=as_json) as progress:
            collected = collect.collect(doors, source or ["ledger:"], columns, labelled=False, progress=progress)
        hidden = [replace(importing.hidden(row, doors.signer.pseudonym), labelled_by="") for row in collected.rows]
        with telling_steps(quiet=as_json) as tell:
            meaning = Meaning(registry_of(doors.config, key_of(doors.config)), tell)
            found, rows = discovering.discover(hidden, topics, meaning.of, tell)
    if out:
        from pipeline.learn import shelf

        shelf.export(rows, out, for_spreadsheets=for_spreadsheets)
    document: DiscoveryDocument = {**found, "file": str(out) if out else None}
    if as_json:
        print_json(document)
    else:
        _print_discovered(document)


def _print_discovered(document: DiscoveryDocument) -> None:
    print_table(
        ["group", "mails", "words", "typical"],
        [
            (one["name"], one["mails"], ", ".join(one["words"]), " · ".join(text[:70] for text in one["typical"]))
            for one in document["topics"]
        ],
    )
    if document["file"]:
        print(
            f"\n{document['file']} holds every mail with its group. Name them, each with one answer:\n"
            f"  firstline data name {document['file']}\n"
            "What you give no name stays out."
        )
    else:
        print(
            "\nWith --out FILE.csv every mail is written there with its group, to be named with `firstline data name`."
        )


def name(
    context: typer.Context,
    table: Annotated[Path, typer.Argument(metavar="FILE.csv", help="What `data discover --out` wrote.")],
    group: Annotated[str, typer.Argument(metavar="[GROUP]", help="One group, such as cluster-3; else all.")] = "",
    topic: Annotated[str, typer.Argument(metavar="[TOPIC]", help="What it is about; +TOPIC for a new topic.")] = "",
    but: Annotated[
        list[str] | None, typer.Option("--except", metavar="HASH", help="A mail of the group that is about another.")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who labels; you by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Label all mails of a group with one answer; without GROUP and TOPIC group by group, the largest first."""
    from pipeline.desk.naming import begin
    from pipeline.desk.topics import topic_named

    if bool(group) != bool(topic):
        raise UsageError("a group without a topic", remedy="write data name FILE.csv GROUP TOPIC, or FILE.csv alone")
    with doors_of(context) as doors:
        naming = begin(doors, table, by or getpass.getuser())
        if group:
            chosen, named = naming.group(group), topic_named(topic, naming.topics())
            labelled = naming.label(chosen, named, but or ())
            if as_json:
                print_json(_document(chosen, named, labelled))
            else:
                print(f"{chosen.name}: {many(labelled, 'mail')} labelled '{named}'")
        elif as_json:
            print_jsonl(_document(one) for one in naming.groups)
        else:
            _GroupByGroup(naming, naming.topics()).run()


def _document(group: Group, topic: str | None = None, labelled: int = 0) -> NameableDocument:
    from pipeline.learn.data_document import beginning
    from pipeline.learn.discover import TYPICAL, farthest

    return {
        "group": group.name,
        "topic": topic,
        "labelled": labelled,
        "mails": len(group.rows),
        "typical": [beginning(row) for row in group.rows[:TYPICAL]],
        "farthest": [{"hash": row.hash, "text": beginning(row)} for row in farthest(group.rows)],
    }


@dataclass
class _GroupByGroup:
    """Goes through the groups, back on undo."""

    naming: Naming
    topics: list[str]
    labelled: int = 0

    def run(self) -> None:
        groups = self.naming.groups
        print(
            f"{many(len(groups), 'group')} to name. The topic, its beginning or +NEW; {_OUT}2 behind it takes mail 2 "
            f"out; {_SKIP} skips, {_UNDO} takes the last one back, {_QUIT} ends."
        )
        at = 0
        while at < len(groups):
            answer = self._ask(groups[at], f"{at + 1} of {len(groups)}")
            if answer == _QUIT:
                break
            if answer == _UNDO:
                at = self._undo(at)
            else:
                at += answer == _SKIP or self._name(groups[at], answer)
        print(f"{many(self.labelled, 'mail')} labelled; `firstline model train` learns from that")

    def _ask(self, group: Group, place: str) -> str:
        document = _document(group)
        print(f"\n--- {place} --- {printable(group.name)} --- {many(document['mails'], 'mail')}")
        for text in document["typical"]:
            print(f"    {printable(text[:150])}")
        for number, mail in enumerate(document["farthest"], start=1):
            print(f"  {number} {printable(mail['text'][:150])}")
        guess = self.naming.guess(group)
        print(f"topic?  {', '.join(self.topics)}{f'  [Enter: {guess}]' if guess else ''}", flush=True)
        line = sys.stdin.readline()
        return (line.strip() or guess) if line else _QUIT

    def _name(self, group: Group, answer: str) -> bool:
        """Says whether that was an answer."""
        from pipeline.desk.topics import topic_named

        try:
            text, out = _taken_apart(answer, [mail["hash"] for mail in _document(group)["farthest"]])
            topic = topic_named(text or self.naming.guess(group), self.topics)
        except UsageError as error:
            print(f"  {printable(error.what)}: {printable(error.remedy)}")
            return False
        self.labelled += self.naming.label(group, topic, out)
        if topic not in self.topics:
            self.topics.append(topic)
        print(f"  {topic}" + (f", without {many(len(out), 'mail')}" if out else ""))
        return True

    def _undo(self, at: int) -> int:
        group = self.naming.undo()
        if group is None:
            print("  nothing to undo")
            return at
        self.labelled = sum(len(rows) for _group, _topic, rows in self.naming.done)
        print(f"  {printable(group.name)} has no name any more")
        return self.naming.groups.index(group)


def _taken_apart(answer: str, far: list[str]) -> tuple[str, list[str]]:
    """`card arrival -2 -3` → the topic, and the hashes of the mails that are shown as 2 and 3. Raises UsageError."""
    words = answer.split()
    out: list[str] = []
    while words and words[-1].startswith(_OUT) and words[-1][1:].isdigit():
        number = int(words.pop()[1:])
        if not 1 <= number <= len(far):
            raise UsageError(f"there is no mail {number}", remedy=f"{_OUT}1 to {_OUT}{len(far)}")
        out.append(far[number - 1])
    return " ".join(words), out
