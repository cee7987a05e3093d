"""data confirm: one key a mail on a random sample of what the machine is sure of, or would be; on a pipe with lines."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, printable, telling_steps
from pipeline.cli.review import COMPLAINT_KEYS, SENTIMENT_KEYS, TOPIC_KEYS, UNKNOWN, Leave, ask, show
from pipeline.cli.share import share_model
from pipeline.errors import UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.confirm import Confirming, DrawnMail

RIGHT = "right"
_HEADS = ("topic", "sentiment", "complaint")


def confirm(
    context: typer.Context,
    ref: Annotated[
        str, typer.Argument(metavar="[ID]", help="A mail of the sample, to answer without being asked.")
    ] = "",
    label: Annotated[
        str, typer.Argument(metavar="[LABEL]", help=f"What it is: {RIGHT}, a label, or {UNKNOWN} for none of them.")
    ] = "",
    head: Annotated[str, typer.Option(metavar="HEAD", help=f"{', '.join(_HEADS)}.")] = "topic",
    limit: Annotated[
        int | None, typer.Option(help="At most this many mails; else until it is shown, or what is due this week.")
    ] = None,
    start: Annotated[
        float | None,
        typer.Option("--from", metavar="P", help="Draw from mails of this confidence on: to try another threshold."),
    ] = None,
    version: Annotated[
        str, typer.Option(metavar="V", help="Of a version that the gate held back; else the one in use.")
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who answers; you by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Confirm on your own mail how often the machine is right where it is sure: any number of mails, drawn by lot."""
    from pipeline.desk.confirm import OFFERED, Confirming

    if head not in _HEADS:
        raise UsageError(f"there is no head '{head}'", remedy=f"one of {', '.join(_HEADS)}")
    if start is not None and not 0 < start < 1:
        raise UsageError("--from is a confidence", remedy="write one between 0 and 1, as --from 0.8")
    with doors_of(context) as doors:
        confirming = Confirming(doors, head, by or getpass.getuser(), version=version, start=start)
        confirming.settle()
        if ref:
            _answer_one(confirming, ref, label, as_json=as_json)
        elif as_json:
            from pipeline.cli.documents.confirming import drawn_document

            drawn = zip(range(limit or OFFERED), confirming.draw(), strict=False)
            print_jsonl(drawn_document(one) for _place, one in drawn)
        else:
            with telling_steps(quiet=False) as tell:
                tell("looking through the mails")
                limit = confirming.due if limit is None else limit
                _ = confirming.floor
            _ConfirmSitting(confirming, limit).run()
    share_model(context)


def _answer_one(confirming: Confirming, ref: str, label: str, *, as_json: bool) -> None:
    from pipeline.cli.documents.confirming import answered_document

    if not label:
        raise UsageError("what is it?", where=ref, remedy=f"firstline data confirm {ref} {RIGHT}, or its right label")
    drawn = confirming.find(ref)
    answer = confirming.answer(drawn, drawn.said if label == RIGHT else _truth(label))
    if as_json:
        print_json(answered_document(answer, confirming.told()))
    else:
        print("stored" if answer.random else "stored, but it does not count: it was not drawn by lot")
        print(confirming.told()["say"])


def _truth(label: str) -> str:
    from pipeline.records.confirmation import NONE_OF_THEM

    return NONE_OF_THEM if label == UNKNOWN else {"yes": "true", "no": "false"}.get(label, label)


@dataclass
class _ConfirmSitting:
    """One sitting: goes through the sample until it is shown, or as many as are wanted."""

    confirming: Confirming
    limit: int  # 0: none
    answered: int = 0

    def run(self) -> None:
        """Until there is nothing more to ask, or the person ends it."""
        keys = f"Enter: right. {Leave.SKIP} later, {Leave.UNDO} takes the last answer back, {Leave.QUIT} ends"
        print(f"{self.confirming.told()['say']}\n{keys}, {UNKNOWN} none of these: it counts as wrong.")
        going_on = True
        while going_on:
            drawn = next(self.confirming.draw(), None)
            if drawn is None:
                print("there is no more mail to draw now; what was answered stays")
            going_on = drawn is not None and self._ask_about(drawn)
        print(f"{many(self.answered, 'mail')} answered; {self.confirming.told()['say']}")
        if self.answered and (looser := self.confirming.looser):
            again = f"firstline data confirm --head {self.confirming.head} --from {looser:.3f}"
            print(f"To be sure of more mail, you may ask about a looser threshold: {again}")

    def _ask_about(self, drawn: DrawnMail) -> bool:
        """Whether to go on."""
        show(drawn.mail, f"{self.answered + 1}{f' of {self.limit}' if self.limit else ''}")
        print(f"The machine says: {printable(drawn.said)} ({drawn.confidence:.3f})")
        given = _asked(drawn, self.confirming.labels)
        if given is Leave.QUIT:
            return False
        if given is Leave.SKIP:
            self.confirming.postpone(drawn)
        elif given is Leave.UNDO:
            self._undo()
        else:
            self.confirming.answer(drawn, given)
            self.answered += 1
            print(f"  {self.confirming.told()['say']}")
            return not self.confirming.over and self.answered != self.limit
        return True

    def _undo(self) -> None:
        mail = self.confirming.undo()
        self.answered -= mail is not None
        print(f"  the answer about {mail.id} is taken back" if mail else "  nothing to undo")


def _asked(drawn: DrawnMail, labels: tuple[str, ...]) -> str | Leave:
    """What the person says it is, as the model spells it; '' for none of the labels."""
    if drawn.head == "complaint":
        complaint = ask("complaint", COMPLAINT_KEYS, drawn.said == "true", ())
        return complaint if isinstance(complaint, Leave) else _truth(UNKNOWN if complaint is None else _word(complaint))
    keys = SENTIMENT_KEYS if drawn.head == "sentiment" else dict(zip(TOPIC_KEYS, labels, strict=False))
    given = ask(drawn.head, keys, drawn.said, labels)
    return given if isinstance(given, Leave) else _truth(UNKNOWN if given is None else given)


def _word(complaint: bool) -> str:
    return str(complaint).lower()
