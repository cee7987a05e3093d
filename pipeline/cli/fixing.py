"""data fix: the proposals of `data audit` with one key each."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_jsonl, printable, telling_steps
from pipeline.cli.keys import ENDED, answer
from pipeline.errors import UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.fixing import Fixing
    from pipeline.learn.data_document import FixedDocument
    from pipeline.learn.suspects import Suspect

_TAKE, _KEEP, _OTHER, _SKIP, _UNDO, _QUIT = "y", "k", "o", "s", "u", "q"


def fix(
    context: typer.Context,
    take: Annotated[
        list[str] | None, typer.Argument(metavar="[HASH…]", help="Take the proposals for these mails; else ask.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar="HASH", help="The labels of this mail are right.")
    ] = None,
    head: Annotated[str, typer.Option("--head", metavar="HEAD", help="Only topic, sentiment or complaint.")] = "",
    limit: Annotated[int, typer.Option(help="At most this many labels; 0 for all.")] = 0,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who decides; you by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Go through the labels that are probably wrong, the worst first: one key takes the proposal or keeps the label."""
    from pipeline.desk import fixing
    from pipeline.learn.meaning import Meaning
    from pipeline.learn.registry import registry_of
    from pipeline.wiring.keys import key_of

    with doors_of(context) as doors:
        with telling_steps(quiet=as_json) as tell:
            meaning = Meaning(registry_of(doors.config, key_of(doors.config)), tell)
            sitting = fixing.begin(doors, by or getpass.getuser(), meaning.of, tell, head)
        found = sitting.suspects[:limit] if limit else sitting.suspects
        if take or keep:
            done = _by_hash(sitting, take or [], keep or [])
            if as_json:
                print_jsonl(done)
            else:
                print(f"{many(len(done), 'label')} settled; `firstline model train` learns from that")
        elif as_json:
            print_jsonl(_document(one, None) for one in found)
        else:
            _LabelByLabel(sitting, found).run()


def _by_hash(sitting: Fixing, take: list[str], keep: list[str]) -> list[FixedDocument]:
    """All of them or, where one is not suspected, none."""
    answers = [(one, one.rather) for hash_ in take for one in sitting.of_hash(hash_)]
    answers += [(one, one.label) for hash_ in keep for one in sitting.of_hash(hash_)]
    for suspect, label in answers:
        sitting.settle(suspect, label)
    return [_document(suspect, label) for suspect, label in answers]


def _document(one: Suspect, now: str | None) -> FixedDocument:
    from pipeline.learn.audit import told

    return {**told(one), "now": now}


@dataclass
class _LabelByLabel:
    """Goes through the list, back on undo."""

    sitting: Fixing
    found: list[Suspect]

    def run(self) -> None:
        if not self.found:
            print("no label is suspected")
            return
        print(
            f"{many(len(self.found), 'label')} to look at. {_TAKE} or Enter takes the proposal, {_KEEP} keeps the "
            f"label, {_OTHER} asks for another one; {_SKIP} skips, {_UNDO} takes the last answer back, {_QUIT} ends."
        )
        at = 0
        while at < len(self.found):
            said = self._ask(at)
            if said in (_QUIT, ENDED):
                break
            at = self._undo(at) if said == _UNDO else at + self._settle(self.found[at], said)
        print(f"{many(len(self.sitting.done), 'label')} settled; `firstline model train` learns from that")

    def _ask(self, at: int) -> str:
        from pipeline.learn.data_document import beginning

        one = self.found[at]
        print(f"\n--- {at + 1} of {len(self.found)} --- {printable(beginning(one.row))}")
        print(f"{one.head}: {printable(one.label)}, rather {printable(one.rather)}?  [y k o s u q]", flush=True)
        return answer(single=True).lower() or _TAKE

    def _settle(self, one: Suspect, said: str) -> bool:
        """Says whether that was an answer."""
        if said == _OTHER:
            return self._other(one)
        if said not in (_TAKE, _KEEP, _SKIP):
            print(f"  '{printable(said)}' is none of these")
            return False
        if said != _SKIP:
            self.sitting.settle(one, one.rather if said == _TAKE else one.label)
        return True

    def _other(self, one: Suspect) -> bool:
        from pipeline.desk.topics import label_named

        print(f"{one.head}?", flush=True)
        try:
            label = label_named(self.sitting.doors, one.head, sys.stdin.readline())
        except UsageError as error:
            print(f"  {printable(error.what)}: {printable(error.remedy)}")
            return False
        self.sitting.settle(one, label)
        return True

    def _undo(self, at: int) -> int:
        suspect = self.sitting.undo()
        if suspect is None:
            print("  nothing to undo")
            return at
        print(f"  the answer about {suspect.row.hash} is taken back")
        return self.found.index(suspect)
