"""The mails about tickets in the crash campaign: who causes them, and what became of them.

An agent works on tickets while the process is killed, each time with words of its own for the customer, so that it can
be told in the end whether somebody heard them never, or under two Message-IDs. Promises are short, quiet tickets are
closed after seconds and every customer of a settled ticket is asked how it was: following up always has something to
say.
"""

from __future__ import annotations

import email
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.crash_child import EVERY_MINUTE
from bench.crash_report import LettersFound
from pipeline.demo.delivery import Accepted
from pipeline.records.ticket import TicketStatus
from pipeline.store.database import Database
from pipeline.store.tickets import Board

Ask = Callable[[str], list[tuple]]
OWNER = "owner = 'Anna <anna@example.com>'\nrespond_within = '2m'\n"  # of every topic
FOLLOWING = f"""[calendar]
hours = 'Mon-Sun 00:00-24:00'
[follow_up]
due_soon = 0.98
chain = ['lead@example.com']
renewals = 1
quiet_after = '3s'
close_after = '3s'
[schedule]
follow_up = '{EVERY_MINUTE}'
survey = '{EVERY_MINUTE}'
[survey]
resolved = 'either'
wait = '0s'
quiet = ''
"""
WORDS = re.compile(r"words-no-\d+\b")
_IN_HAND = f"select ref from ticket where status in ('{TicketStatus.OPEN}', '{TicketStatus.ACTIVE}') order by opened"
# A letter that names a missed time is about one promise, which is told once.
_TOLD = """select details ->> 'template', ticket, details ->> 'promise', details ->> 'due_by' from effect
where kind = 'notify' and state <> 'cancelled' and details ->> 'due_by' <> ''
and details ->> 'template' in ('owner-due', 'still-working')"""
_PROMISED = "select ticket, kind from promise"
_NOT_ASKED = """select count(*) from ticket where status = 'resolved'
and exists (select 1 from effect where key = ticket.ref || ':acknowledge' and state = 'done')
and not exists (select 1 from effect where recipient = ticket.customer and kind = 'survey')"""


@dataclass
class Agent:
    """Does with tickets what people do with `firstline ticket`."""

    database: Database
    dice: random.Random
    said: list[str] = field(default_factory=list)  # to customers

    def work(self, ask: Ask) -> None:
        """On a few tickets: says something about each, and settles most, or waits for the customer."""
        refs = [row[0] for row in ask(_IN_HAND) if row[0]]
        for ref in self.dice.sample(refs, min(len(refs), self.dice.randint(1, 4))):
            self.say(ref)
            step = self.dice.choice((TicketStatus.RESOLVED,) * 3 + (TicketStatus.WAITING, TicketStatus.ACTIVE))
            if self.dice.random() < 0.8:
                self.board.set_status(ref, step, "agent", datetime.now(UTC))

    def say(self, ref: str) -> None:
        """A public comment on a ticket, in words that no other comment has."""
        self.said.append(f"words-no-{len(self.said) + 1}")
        self.board.comment(ref, self.said[-1], "agent", datetime.now(UTC), public=True)

    @property
    def board(self) -> Board:
        """The board that the agent works on."""
        return Board(self.database)


def asking_for_news(raw: bytes) -> bytes:
    """The same mail, which only wants to know how it stands."""
    return raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\nAny news?\r\n"


def notices(accepted: Sequence[Accepted], ask: Ask, said: Sequence[str], in_flight: Sequence[int]) -> LettersFound:
    """What became of what following up had to say."""
    heard = _by(accepted, lambda message: WORDS.findall(message.data.decode("ascii", "replace")))
    twice = sum(len(ids) > 1 for ids in heard.values()) + _told_twice(ask)
    unsaid = set(said) - set(heard)
    return _letters("notify", accepted, ask, in_flight, unsaid=len(unsaid), two_message_ids=twice)


def _told_twice(ask: Ask) -> int:
    """Surplus letters: more about one missed minute than the ticket has promises of that kind."""
    promises = Counter(ask(_PROMISED))
    return sum(max(count - max(promises[about[1:3]], 1), 0) for about, count in Counter(ask(_TOLD)).items())


def questions(accepted: Sequence[Accepted], ask: Ask, in_flight: Sequence[int]) -> LettersFound:
    """What became of the questions of surveys: every customer is asked once here."""
    asked = _by(_of_kind("survey", accepted, ask), lambda message: message.recipients)
    twice = sum(len(ids) > 1 for ids in asked.values())
    return _letters("survey", accepted, ask, in_flight, unsaid=int(ask(_NOT_ASKED)[0][0]), two_message_ids=twice)


def acknowledgements(accepted: Sequence[Accepted], ask: Ask) -> list[Accepted]:
    """All that is no journalled notice or question; so also what is in no journal."""
    others = {row[0] for row in ask("select message_id from effect where kind in ('notify', 'survey')")}
    return [message for message in accepted if message_id(message) not in others]


def message_id(message: Accepted) -> str:
    """Message-ID of an accepted mail."""
    return str(email.message_from_bytes(message.data)["Message-ID"])


def _letters(
    kind: str, accepted: Sequence[Accepted], ask: Ask, in_flight: Sequence[int], *, unsaid: int, two_message_ids: int
) -> LettersFound:
    delivered = Counter(message_id(message) for message in accepted)
    rows = ask(f"select message_id, state, details ->> 'template' from effect where kind = '{kind}'")
    states = Counter(state for _, state, _ in rows)
    return LettersFound(
        journalled=len(rows),
        cancelled=states["cancelled"],
        lost=sum(state == "done" and not delivered[known] for known, state, _ in rows),
        unsaid=unsaid,
        two_message_ids=two_message_ids,
        delivered_twice=sum(max(delivered[known] - 1, 0) for known, *_ in rows),
        open_effects=sum(states[state] for state in ("intended", "doing", "waiting", "uncertain", "failed")),
        in_flight=tuple(in_flight),
        names=Counter(name for *_, name in rows),
    )


def _of_kind(kind: str, accepted: Sequence[Accepted], ask: Ask) -> list[Accepted]:
    known = {row[0] for row in ask(f"select message_id from effect where kind = '{kind}'")}
    return [message for message in accepted if message_id(message) in known]


def _by(accepted: Sequence[Accepted], keys: Callable[[Accepted], Sequence[str]]) -> dict[str, set[str]]:
    """Key → the Message-IDs of all that have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for message in accepted:
        for key in keys(message):
            found[key].add(message_id(message))
    return found
