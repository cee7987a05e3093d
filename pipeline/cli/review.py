"""data review: a person labels what the machine was unsure of, with single keys; on a pipe with lines."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pipeline.cli.context import AsJson, doors_of, print_jsonl, printable, telling_steps
from pipeline.cli.keys import ENDED, answer
from pipeline.errors import UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.label import Review
    from pipeline.records.labels import Correction
    from pipeline.records.ledger import LedgerMail, ReviewMail


class Leave(StrEnum):
    """What a person presses instead of an answer."""

    SKIP = "s"
    UNDO = "u"
    QUIT = "q"


UNKNOWN = "-"
_NEW = "+"  # before the name of a new topic
_TOLD = 12  # topics with too few labels that are named
Choice = TypeVar("Choice", str, bool)
TOPIC_KEYS = "123456789" + "".join(letter for letter in "abcdefghijklmnoprtvwxyz")  # without s, u, q
_LINES = 25  # of a mail that are shown
SENTIMENT_KEYS = {"1": "negative", "2": "neutral", "3": "positive"}
COMPLAINT_KEYS = {"y": True, "n": False, "1": True, "2": False}


def review(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="At most this many mails; 0 for all.")] = 0,
    only: Annotated[
        str, typer.Option("--only", metavar="HEAD", help="Ask only for topic, sentiment or complaint.")
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who labels; you by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Label the mails that the machine was unsure of, the most useful ones first. Keyboard only."""
    from pipeline.cli.documents.mails import review_document
    from pipeline.desk.label import Review
    from pipeline.learn.dataset import HEADS

    if only and only not in HEADS:
        raise UsageError(f"there is no head '{only}'", remedy=f"--only {', '.join(HEADS)}")
    with doors_of(context) as doors:
        reviewing = Review(doors, by or getpass.getuser())
        with telling_steps(quiet=as_json) as tell:
            tell("looking through the mails")
            queue = reviewing.queue()[: limit or None]
        if as_json:
            print_jsonl(review_document(mail) for mail in queue)
            return
        _Session(reviewing, queue, reviewing.topics(queue), only).run()


@dataclass
class _Session:
    """One sitting: goes through the queue, back on undo."""

    review: Review
    queue: list[ReviewMail]
    topics: list[str]
    only: str = ""  # the head that is asked about; '' for all
    labelled: int = 0

    def run(self) -> None:
        if not self.queue:
            print("nothing to review")
            return
        keys = f"{Leave.SKIP} skips, {Leave.UNDO} takes the last label back, {Leave.QUIT} ends"
        print(f"{many(len(self.queue), 'mail')}. {keys}, {UNKNOWN} leaves it open, {_NEW} is a new topic.")
        self._tell_what_is_lacking()
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

    def _tell_what_is_lacking(self) -> None:
        lacking = self.review.lacking()
        if lacking.starved:
            few = ", ".join(f"{printable(topic)} ({count})" for topic, count in [*lacking.starved.items()][:_TOLD])
            more = f" and {len(lacking.starved) - _TOLD} more" if len(lacking.starved) > _TOLD else ""
            print(f"Topics with too few labels: {few}{more}.")
        if lacking.more:
            print(f"About {lacking.more} more labels until the machine is sure of the topic of half the mail.")

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
        show(mail, f"{at + 1} of {len(self.queue)}")
        keys = dict(zip(TOPIC_KEYS, self.topics, strict=False))
        topic = ask("topic", keys, mail.topic, self.topics, self._new_topic) if self.only in ("", "topic") else None
        if isinstance(topic, Leave):
            return topic
        moods = tuple(SENTIMENT_KEYS.values())
        sentiment = ask("sentiment", SENTIMENT_KEYS, mail.sentiment, moods) if self.only in ("", "sentiment") else None
        if isinstance(sentiment, Leave):
            return sentiment
        complaint = ask("complaint", COMPLAINT_KEYS, mail.complaint, ()) if self.only in ("", "complaint") else None
        if isinstance(complaint, Leave):
            return complaint
        return Correction(topic=topic, sentiment=sentiment, complaint=complaint)

    def _new_topic(self, typed: str) -> str | Leave:
        """`+parking permit`, or after the key + alone a line of its own. What is no name leaves the mail."""
        from pipeline.desk.topics import topic_named

        if typed == _NEW:
            print("its name?", flush=True)
            typed += answer(single=False)
        try:
            topic = topic_named(typed, self.topics)
        except UsageError as error:
            print(f"  {printable(error.what)}")
            return Leave.SKIP
        if topic not in self.topics:
            self.topics.append(topic)
        return topic


def show(mail: ReviewMail | LedgerMail, place: str) -> None:
    """Prints a mail, the beginning of a long one. `place`: where in the sitting, in words."""
    print(f"\n--- {place} --- {mail.id} --- {mail.received:%Y-%m-%d} --- from {printable(mail.sender)}")
    print(f"Subject: {printable(mail.subject)}\n")
    lines = mail.text.splitlines()
    print("\n".join(f"  {printable(line)}" for line in lines[:_LINES]))
    if len(lines) > _LINES:
        print(f"  … {len(lines) - _LINES} more lines: firstline mail show {mail.id}")


def ask(
    head: str,
    keys: Mapping[str, Choice],
    guess: Choice | None,
    names: Sequence[Choice],
    new: Callable[[str], Choice | Leave | None] | None = None,
) -> Choice | Leave | None:
    """The value chosen, by its key or the beginning of its name; None for "-". Enter takes the machine's guess.

    `new`: makes of an answer that begins with + a value that was not there before; None: there is none such.
    """
    told = "  ".join(f"{key} {_word(value)}" for key, value in keys.items() if value is not None)
    enter = f"  [Enter: {_word(guess)}]" if guess is not None else ""
    while True:
        print(f"{head}?  {told}{enter}", flush=True)
        typed = answer(single=len(names) <= len(TOPIC_KEYS))
        said = typed.lower()
        if typed == ENDED:
            return Leave.QUIT
        if said in [*Leave]:
            return Leave(said)
        if said == UNKNOWN:
            return None
        if not said and guess is not None:
            return guess
        if said in keys:
            return keys[said]
        if new is not None and typed.startswith(_NEW):
            return new(typed)
        begun = [name for name in names if said and str(name).lower().startswith(said)]
        exact = [name for name in begun if str(name).lower() == said]
        if exact or len(begun) == 1:
            return (exact or begun)[0]
        print(f"  '{printable(said)}' is none of these")


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, printable(value)) if isinstance(value, bool) else printable(value)
