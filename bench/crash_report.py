"""docs/benchmarks/crash.md: what a run of bench/crash.py has found."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engine.workers.send import CLAIMED_AT_ONCE

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = """# Killed again and again
Written by `python -m bench.crash`; nothing here is typed by hand. `firstline run` reads a mailbox of Dovecot and
answers over a real SMTP server, while mails keep coming, an agent works on tickets, models and templates are swapped,
and the process is ended by SIGKILL: at every named point of a mail's way (`bench/crash_child.py`), and at any moment.
After each kill it is started again. In the end it may work in peace, and everything is counted: in the mailbox, in the
database, at the SMTP server. Notices are the mails about tickets (`docs/following.md`), questions those of surveys.
Uncertain in the end is what was claimed at five kills one after the other: a person looks at it (`docs/operating.md`);
here they have it sent again before it is counted.

"""


@dataclass(frozen=True, kw_only=True, slots=True)
class LettersFound:
    """What became of one kind of mail beside the acknowledgements."""

    journalled: int = 0
    cancelled: int = 0  # superseded before they were sent
    lost: int = 0  # done, as the journal says, and the server knows nothing of it
    unsaid: int = 0  # to be said, and nobody heard it
    two_message_ids: int = 0  # the same thing under two
    delivered_twice: int = 0
    uncertain: int = 0  # before a person had them sent again
    open_effects: int = 0
    in_flight: Sequence[int] = ()
    names: Mapping[str, int] = field(default_factory=dict)  # of the letters, how many of each

    def broken(self, what: str, *, sent_folder: bool) -> dict[str, int]:
        """What broke of the promises about these letters → how often."""
        return {
            f"{what} lost": self.lost + self.unsaid,
            f"{what} under two Message-IDs": self.two_message_ids,
            f"{what} left open": self.open_effects,
            f"{what} delivered twice": max(self.delivered_twice - _allowed_twice(self, sent_folder=sent_folder), 0),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignResult:
    """What one campaign left."""

    sent_folder: bool
    kills: int
    killed: Mapping[str, int]
    missed: Mapping[str, int]
    delivered: int  # messages put into the mailbox
    mails: int  # different ones among them
    recorded: int
    lost: int
    recorded_twice: int
    unmarked: int
    people: int  # wrote something that is answered, and makes a ticket
    tickets: int
    duplicate_tickets: int
    unanswered: int  # neither answered nor shown as uncertain
    answered_by_mistake: int
    two_message_ids: int
    delivered_twice: int
    uncertain: int
    open_effects: int
    in_flight: Sequence[int]
    notices: LettersFound = LettersFound()
    questions: LettersFound = LettersFound()

    @property
    def broken(self) -> list[str]:
        """The promises that did not hold, in words."""
        wrong = {
            "mails lost": self.lost,
            "mails recorded twice": self.recorded_twice,
            "mails not marked": self.unmarked,
            "missing or surplus tickets": self.tickets - self.people,
            "threads with two tickets": self.duplicate_tickets,
            "mails neither answered nor uncertain": self.unanswered,
            "robots answered": self.answered_by_mistake,
            "mails acknowledged under two Message-IDs": self.two_message_ids,
            "effects left open": self.open_effects,
            "acknowledgements delivered twice": max(
                self.delivered_twice - _allowed_twice(self, sent_folder=self.sent_folder), 0
            ),
            **self.notices.broken("notices", sent_folder=self.sent_folder),
            **self.questions.broken("questions", sent_folder=self.sent_folder),
        }
        return [f"{count} {what}" for what, count in wrong.items() if count]


def _allowed_twice(letters: CampaignResult | LettersFound, *, sent_folder: bool) -> int:
    """With a sent folder to ask: none. Without: those that were in flight when it was killed."""
    return 0 if sent_folder else sum(letters.in_flight)


def write(page: Path, found: Sequence[CampaignResult], seconds: float, store: str) -> None:
    """Writes the page; `seconds`: how long it all took, `store`: sqlite or postgresql."""
    cores = os.cpu_count()
    facts = f"Python {platform.python_version()}, {NAMES[store]}, {cores} cores, {seconds / 60:.0f} minutes.\n\n"
    parts = [HEAD, facts, _table(found)]
    parts += [_names(found), _in_flight(found), _points(found)]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("".join(parts), encoding="utf-8")
    print(f"{page.name} written")


def _table(found: Sequence[CampaignResult]) -> str:
    rows: list[tuple[str, list[object]]] = [
        ("kills", [one.kills for one in found]),
        ("messages delivered (different ones)", [f"{one.delivered} ({one.mails})" for one in found]),
        ("mails lost", [one.lost for one in found]),
        ("mails recorded twice", [one.recorded_twice for one in found]),
        ("mails not marked in the mailbox", [one.unmarked for one in found]),
        ("tickets (people who wrote)", [f"{one.tickets} ({one.people})" for one in found]),
        ("threads with two tickets", [one.duplicate_tickets for one in found]),
        ("mails neither answered nor shown as uncertain", [one.unanswered for one in found]),
        ("automatic mails answered", [one.answered_by_mistake for one in found]),
        ("mails acknowledged under two Message-IDs", [one.two_message_ids for one in found]),
        ("acknowledgements delivered twice (same Message-ID)", [one.delivered_twice for one in found]),
        ("acknowledgements uncertain in the end", [one.uncertain for one in found]),
        *_letters("notices", [one.notices for one in found]),
        *_letters("questions", [one.questions for one in found]),
        ("**promises broken**", ["; ".join(one.broken) or "none" for one in found]),
    ]
    titles = ["with `sent_folder`" if one.sent_folder else "without" for one in found]
    lines = [f"| | {' | '.join(titles)} |", "|---|" + "---|" * len(found)]
    lines += [f"| {name} | {' | '.join(str(value) for value in values)} |" for name, values in rows]
    return "\n".join(lines) + "\n\n"


def _letters(what: str, kept: Sequence[LettersFound]) -> list[tuple[str, list[object]]]:
    return [
        (
            f"{what} journalled (superseded before they were sent)",
            [f"{one.journalled} ({one.cancelled})" for one in kept],
        ),
        (f"{what} lost", [one.lost + one.unsaid for one in kept]),
        (f"{what} under two Message-IDs", [one.two_message_ids for one in kept]),
        (f"{what} delivered twice (same Message-ID)", [one.delivered_twice for one in kept]),
        (f"{what} uncertain in the end", [one.uncertain for one in kept]),
    ]


def _names(found: Sequence[CampaignResult]) -> str:
    """Which letters there were, so that none is thought to be covered that was not."""
    names = sum((Counter(kind.names) for one in found for kind in (one.notices, one.questions)), Counter[str]())
    return f"Letters among them: {', '.join(f'{name} {count}' for name, count in sorted(names.items()))}.\n\n"


def _in_flight(found: Sequence[CampaignResult]) -> str:
    return "".join(
        "Without `sent_folder` at most those acknowledgements can come twice that were claimed when it was killed: "
        f"at most {max(one.in_flight, default=0)} after one kill, {sum(one.in_flight)} in all; "
        f"{one.delivered_twice} did, under the same Message-ID, so that most mail programs show them once. "
        f"(Up to {CLAIMED_AT_ONCE} are claimed at once on each connection; "
        "what was accepted is committed within 0.4 s.) "
        f"Of notices {_of_letters(one.notices)}; of questions {_of_letters(one.questions)}.\n\n"
        for one in found
        if not one.sent_folder
    )


def _of_letters(letters: LettersFound) -> str:
    most, all_ = max(letters.in_flight, default=0), sum(letters.in_flight)
    return f"at most {most} were claimed at one kill, {all_} in all, and {letters.delivered_twice} came twice"


def _points(found: Sequence[CampaignResult]) -> str:
    names = dict.fromkeys(name for one in found for name in sorted(one.killed))
    lines = ["## Where it was killed", "| point | times | not reached in time (killed at rest) |", "|---|---|---|"]
    for name in names:
        lines.append(f"| {name} | {sum(one.killed[name] for one in found)} | {_missed(found, name)} |")
    return "\n".join(lines) + "\n"


def _missed(found: Sequence[CampaignResult], name: str) -> str:
    return str(sum(one.missed.get(name, 0) for one in found) or "")
