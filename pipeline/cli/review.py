"""data review: a person labels what the machine was unsure of, with single keys; on a pipe with lines."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pipeline.cli.context import AsJson, doors_of, print_jsonl, printable
from pipeline.cli.keys import ENDED, answer
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.label import Review
    from pipeline.records.labels import Correction
    from pipeline.records.ledger import ReviewMail


class Leave(StrEnum):
    """What a person presses instead of an answer."""

    SKIP = "s"
    UNDO = "u"
    QUIT = "q"


UNKNOWN = "-"
Choice = TypeVar("Choice", str, bool)
_KEYS = "123456789" + "".join(letter for letter in "abcdefghijklmnoprtvwxyz")  # without s, u, q
_LINES = 25  # of a mail that are shown
SENTIMENT_KEYS = {"1": "negative", "2": "neutral", "3": "positive"}
COMPLAINT_KEYS = {"y": True, "n": False, "1": True, "2": False}


def review(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="At most this many mails; 0 for all.")] = 0,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who labels; you by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Label the mails that the machine was unsure of, the most useful ones first. Keyboard only."""
    from pipeline.cli.documents.mails import review_document
    from pipeline.desk.label import Review

    with doors_of(context) as doors:
        reviewing = Review(doors, by or getpass.getuser())
        queue = reviewing.queue()
        queue = queue[:limit] if limit else queue
        if as_json:
            print_jsonl(review_document(mail) for mail in queue)
            return
        _Session(reviewing, queue, reviewing.topics(queue)).run()


@dataclass
class _Session:
    """One sitting: goes through the queue, back on undo."""

    review: Review
    queue: list[ReviewMail]
    topics: Sequence[str]
    labelled: int = 0

    def run(self) -> None:
        if not self.queue:
            print("nothing to review")
            return
        keys = f"{Leave.SKIP} skips, {Leave.UNDO} takes the last label back, {Leave.QUIT} ends"
        print(f"{many(len(self.queue), 'mail')}. {keys}, {UNKNOWN} leaves it open.")
        at = 0
        while at < len(self.queue):
            answer = self._ask_about(at)
            if answer is Leave.QUIT:
                break
            if answer is Leave.UNDO:
                at = self._undo(at)
                continue
            if not isinstance(answer, Leave) and answer.heads:
                todo = self.review.label(self.queue[at], answer)
                self.labelled += 1
                print("  stored" + (f"; {todo}" if todo else ""))
            at += 1
        print(f"{many(self.labelled, 'mail')} labelled; `firstline model train` learns from that")

    def _undo(self, at: int) -> int:
        mail = self.review.undo()
        if mail is None:
            print("  nothing to undo")
            return at
        self.labelled -= 1
        print(f"  the label of {mail.id} is taken back")
        return next(place for place, one in enumerate(self.queue) if one.id == mail.id)

    def _ask_about(self, at: int) -> Correction | Leave:
        """What the person says of one mail."""
        from pipeline.records.labels import Correction

        mail = self.queue[at]
        _show(mail, f"{at + 1} of {len(self.queue)}")
        keys = dict(zip(_KEYS, self.topics, strict=False))
        topic = _ask("topic", keys, mail.topic, self.topics)
        if isinstance(topic, Leave):
            return topic
        sentiment = _ask("sentiment", SENTIMENT_KEYS, mail.sentiment, tuple(SENTIMENT_KEYS.values()))
        if isinstance(sentiment, Leave):
            return sentiment
        complaint = _ask("complaint", COMPLAINT_KEYS, mail.complaint, ())
        if isinstance(complaint, Leave):
            return complaint
        return Correction(topic=topic, sentiment=sentiment, complaint=complaint)


def _show(mail: ReviewMail, place: str) -> None:
    print(f"\n--- {place} --- {mail.id} --- {mail.received:%Y-%m-%d} --- from {printable(mail.sender)}")
    print(f"Subject: {printable(mail.subject)}\n")
    lines = mail.text.splitlines()
    print("\n".join(f"  {printable(line)}" for line in lines[:_LINES]))
    if len(lines) > _LINES:
        print(f"  … {len(lines) - _LINES} more lines: firstline mail show {mail.id}")


def _ask(head: str, keys: Mapping[str, Choice], guess: Choice | None, names: Sequence[Choice]) -> Choice | Leave | None:
    """The value chosen, by its key or the beginning of its name; None for "-". Enter takes the machine's guess."""
    told = "  ".join(f"{key} {_word(value)}" for key, value in keys.items() if value is not None)
    enter = f"  [Enter: {_word(guess)}]" if guess is not None else ""
    while True:
        print(f"{head}?  {told}{enter}", flush=True)
        said = answer(single=len(names) <= len(_KEYS))
        if said == ENDED:
            return Leave.QUIT
        if said in [*Leave]:
            return Leave(said)
        if said == UNKNOWN:
            return None
        if not said and guess is not None:
            return guess
        if said in keys:
            return keys[said]
        begun = [name for name in names if said and str(name).lower().startswith(said)]
        exact = [name for name in begun if str(name).lower() == said]
        if exact or len(begun) == 1:
            return (exact or begun)[0]
        print(f"  '{printable(said)}' is none of these")


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, printable(value)) if isinstance(value, bool) else printable(value)
