"""Which letter is sent when: topic, complaint or not, language, inside and outside of working hours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.records.letter import ANSWER
from pipeline.replies.files import Finding, is_letter, is_part, warning

UNSURE = "(unsure)"  # the row of mails whose topic nobody is sure of
FOLLOWING = ("still-working", "status", "moved", "closing-soon", "closed", "owner-due", "owner-escalation")
FOLLOWED = "(follow up)"
ASKING = ("survey-csat", "survey-ces", "survey-nps", "survey-outcome", "survey-treatment")
PERHAPS = "(perhaps a complaint)"
OVER = "announcement-over"  # a known problem is over
IRREPLACEABLE = (OVER, *FOLLOWING, *ASKING)  # where there is none in any language, nothing is sent
ALWAYS = ("neutral", "complaint", "perhaps", "late", ANSWER, *IRREPLACEABLE)  # names that the program itself asks for

MISSING = "missing-letter"  # the code of the finding


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One case, and what would really be sent."""

    topic: str
    complaint: bool
    language: str
    outside_hours: bool
    wanted: str  # the letter for this case, as de/delivery-complaint
    letter: str  # the one that is sent; '' is the built-in text
    says_opening: bool  # it says when work begins again

    @property
    def complete(self) -> bool:
        """Is the wanted letter itself sent, saying all that it must?"""
        return self.letter == self.wanted and (self.says_opening or not self.outside_hours)


Chosen = Callable[[str, str], tuple[str, str] | None]  # (name, language) → (language, name)


def matrix(
    templates: Mapping[str, str], languages: Sequence[str], chosen: Chosen, opening: Callable[[str, str], bool]
) -> list[Cell]:
    """`templates`: topic → the name of its letter; `opening`: does this letter say when work begins again?"""
    cells = []
    rows = [(topic, name, False) for topic, name in templates.items()]
    rows += [(topic, f"{name}-complaint", True) for topic, name in templates.items()]
    rows += [(UNSURE, "neutral", False), (UNSURE, "complaint", True), (PERHAPS, "perhaps", False)]
    for topic, wanted, complaint in sorted(rows, key=lambda row: [*templates, UNSURE, PERHAPS].index(row[0])):
        for language in languages:
            sent = chosen(wanted, language)
            for outside in (False, True):
                cells.append(
                    Cell(
                        topic=topic,
                        complaint=complaint,
                        language=language,
                        outside_hours=outside,
                        wanted=f"{language}/{wanted}",
                        letter="/".join(sent) if sent else "",
                        says_opening=bool(sent) and opening(*sent) if sent else False,
                    )
                )
    there = [name for name in (ANSWER, *IRREPLACEABLE) if any(_sent(name, language, chosen) for language in languages)]
    return cells + [_following(name, language, chosen) for name in there for language in languages]


def _sent(name: str, language: str, chosen: Chosen) -> str:
    """The letter of this name that is sent, '' when another one would: none can stand in for it."""
    sent = chosen(name, language)
    return "/".join(sent) if sent and sent[1] == name else ""


def _following(name: str, language: str, chosen: Chosen) -> Cell:
    """A letter of following up, or a question: where there is none in any language nothing is sent, as with `late`."""
    return Cell(
        topic=FOLLOWED,
        complaint=False,
        language=language,
        outside_hours=False,
        wanted=f"{language}/{name}",
        letter=_sent(name, language, chosen),
        says_opening=False,
    )


def gaps(cells: Iterable[Cell]) -> Iterator[Finding]:
    """Cases that get another letter than their own, and letters that don't say when work begins again: each once."""
    seen = set()
    for cell in cells:
        if cell.letter != cell.wanted and cell.wanted not in seen:
            seen.add(cell.wanted)
            built_in = "nothing" if cell.topic == FOLLOWED else "the built-in text"
            instead = f"{cell.letter}.txt" if cell.letter else built_in
            message = f"there is no such letter in use; {instead} is sent instead"
            yield warning(f"{cell.wanted}.txt", 0, MISSING, message, "write or correct it")
        elif cell.outside_hours and not cell.says_opening and cell.letter not in seen:
            seen.add(cell.letter)
            message = "outside working hours it does not say when work begins again"
            remedy = "add for example: {% if opens %}We are back on {{ opens }}.{% endif %}"
            yield warning(f"{cell.letter}.txt", 0, "opening", message, remedy)


def unreachable(files: Iterable[str], uses: Iterable[str], templates: Mapping[str, str]) -> Iterator[Finding]:
    """Letters that no topic asks for, and parts that no letter uses."""
    names = {*ALWAYS, *templates.values(), *(f"{name}-complaint" for name in templates.values())}
    used = set(uses)
    for file in files:
        if is_part(file):
            if file not in used:
                yield warning(file, 0, "unused", "no letter uses this part", "delete it, or extend or include it")
        elif is_letter(file) and PurePosixPath(file).stem not in names:
            yield warning(file, 0, "unreachable", "no topic leads to this letter",
                          "name it in [topics.NAME] template, or delete it")  # fmt: skip
