"""data review: a person labels what the machine was unsure of, with single keys; on a pipe with lines."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.context import AsJson, house_of, print_jsonl, printable

if TYPE_CHECKING:
    from pipeline.desk.label import Given, Review

SKIP, UNDO, QUIT, UNKNOWN = "s", "u", "q", "-"
_KEYS = "123456789" + "".join(letter for letter in "abcdefghijklmnoprtvwxyz")  # without s, u, q
_LINES = 25  # of a mail that are shown
SENTIMENT_KEYS = {"1": "negative", "2": "neutral", "3": "positive"}
COMPLAINT_KEYS = {"y": True, "n": False, "1": True, "2": False}
ENDED = "\x04"  # what a terminal and a pipe say when there is nothing more


def review(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="At most so many mails; 0 for all.")] = 0,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who labels; you by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Label the mails that the machine was unsure of, the most useful ones first. Keyboard only."""
    from pipeline.desk.label import Review

    with house_of(context) as house:
        reviewing = Review(house, by or getpass.getuser())
        queue = reviewing.queue()
        queue = queue[:limit] if limit else queue
        if as_json:
            print_jsonl(_listed(mail) for mail in queue)
            return
        _Session(reviewing, queue, reviewing.topics(queue)).run()


def _listed(mail: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "received", "subject", "text", "language", "topic", "topic_confidence", "sentiment", "complaint")
    return {name: mail[name] for name in names} | {"from": mail["sender"], "ticket": mail["ticket"] or None}


@dataclass
class _Session:
    """One sitting: goes through the queue, back on undo."""

    review: Review
    queue: list[dict[str, Any]]
    topics: Sequence[str]
    labelled: int = 0

    def run(self) -> None:
        if not self.queue:
            print("nothing to review")
            return
        print(
            f"{len(self.queue)} mails. {SKIP} skips, {UNDO} takes the last label back, {QUIT} ends, - leaves it open."
        )
        at = 0
        while at < len(self.queue):
            answer = self._ask_about(at)
            if answer == QUIT:
                break
            if answer == UNDO:
                at = self._undo(at)
                continue
            if not isinstance(answer, str) and answer.anything:
                todo = self.review.label(self.queue[at], answer)
                self.labelled += 1
                print("  stored" + (f"; {todo}" if todo else ""))
            at += 1
        print(f"{self.labelled} mails labelled; `firstline model train` learns from them")

    def _undo(self, at: int) -> int:
        mail = self.review.undo()
        if mail is None:
            print("  nothing to undo")
            return at
        self.labelled -= 1
        print(f"  the label of {mail['id']} is taken back")
        return next(place for place, one in enumerate(self.queue) if one["id"] == mail["id"])

    def _ask_about(self, at: int) -> Given | str:
        """What the person says of one mail; or SKIP, UNDO, QUIT."""
        from pipeline.desk.label import Given

        mail = self.queue[at]
        _show(mail, f"{at + 1} of {len(self.queue)}")
        keys = dict(zip(_KEYS, self.topics, strict=False))
        topic = _ask("topic", keys, mail["topic"], self.topics)
        if topic in (SKIP, UNDO, QUIT):
            return str(topic)
        sentiment = _ask("sentiment", SENTIMENT_KEYS, mail["sentiment"], tuple(SENTIMENT_KEYS.values()))
        if sentiment in (SKIP, UNDO, QUIT):
            return str(sentiment)
        complaint = _ask("complaint", COMPLAINT_KEYS, mail["complaint"], ())
        if complaint in (SKIP, UNDO, QUIT):
            return str(complaint)
        return Given(topic=topic, sentiment=sentiment, complaint=complaint)


def _show(mail: dict[str, Any], place: str) -> None:
    print(f"\n--- {place} --- {mail['id']} --- {mail['received']:%Y-%m-%d} --- from {printable(mail['sender'])}")
    print(f"Subject: {printable(mail['subject'])}\n")
    lines = mail["text"].splitlines()
    print("\n".join(f"  {printable(line)}" for line in lines[:_LINES]))
    if len(lines) > _LINES:
        print(f"  … {len(lines) - _LINES} more lines: firstline mail show {mail['id']}")


def _ask(head: str, keys: dict[str, Any], guess: Any, names: Sequence[str]) -> Any:
    """The value chosen; None for "-"; SKIP, UNDO or QUIT. Enter takes the machine's guess."""
    told = "  ".join(f"{key} {_word(value)}" for key, value in keys.items() if value is not None)
    enter = f"  [Enter: {_word(guess)}]" if guess is not None else ""
    while True:
        print(f"{head}?  {told}{enter}", flush=True)
        answer = _answer(single=len(names) <= len(_KEYS))
        if answer in (QUIT, ENDED):
            return QUIT
        if answer in (SKIP, UNDO):
            return answer
        if answer == UNKNOWN:
            return None
        if not answer and guess is not None:
            return guess
        if answer in keys:
            return keys[answer]
        begun = [name for name in names if answer and name.lower().startswith(answer)]
        exact = [name for name in begun if name.lower() == answer]
        if exact or len(begun) == 1:
            return (exact or begun)[0]
        print(f"  '{printable(answer)}' is none of these")


def _word(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, printable(value)) if isinstance(value, bool) else printable(value)


def _answer(*, single: bool) -> str:
    """One key on a terminal (a line where there are more topics than keys), a line on a pipe."""
    if single and sys.stdin.isatty():
        return _key()
    line = sys.stdin.readline()
    return line.strip().lower() if line else ENDED


def _key() -> str:
    """One key press, without Enter; the terminal is put back as it was."""
    import termios
    import tty

    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle, termios.TCSADRAIN)  # keys that were pressed early count
        pressed = sys.stdin.read(1)
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
    return ENDED if pressed in ("", ENDED) else pressed.strip().lower()
