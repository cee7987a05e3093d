"""How soon a mail is answered while twenty people click on the pages of the same process, and while nobody does.

In turns, some mails with and some without, so that what else the machine does meets both alike. The time is that from
the delivery to the accepted acknowledgement, with what Dovecot takes to announce the mail.
The people are in a process of their own: `python -m bench.desk_clicks PORT COOKIE` reads the paths from its input.
"""

from __future__ import annotations

import http.client
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from tests.desk import ROOT, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

MAILS, TURNS = 64, 8  # with and as many without, in so many turns each
PEOPLE, REST = 20, 3.0  # seconds that one looks at a page, on average


@dataclass(kw_only=True)
class AnsweringLine:
    """Where mail comes in and answers go out."""

    dovecot: Dovecot
    user: str
    sink: SmtpSink

    def answer(self) -> float:
        """Seconds from the delivery of one more mail to its accepted acknowledgement."""
        before = len(self.sink.accepted)
        number = int(time.time() * 1000)  # from nobody whom the database knows
        began = time.monotonic()
        self.dovecot.deliver(letter(number), self.user)
        answered = self.sink.wait_for(before + 1, 60)
        assert len(answered) > before, "an acknowledgement is missing"
        return time.monotonic() - began


@dataclass(frozen=True, kw_only=True, slots=True)
class ClickedLatency:
    """Seconds of each mail."""

    alone: Sequence[float]
    clicked: Sequence[float]
    clicks: int
    took: float  # seconds that the clicking lasted
    slowest: Sequence[float] = field(default=())  # of the clicks, 95 % and all

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return statistics.median(self.clicked) / statistics.median(self.alone)


def measure(line: AnsweringLine, port: int, cookie: str, paths: Sequence[str], mails: int = MAILS) -> ClickedLatency:
    """In turns, half of them with people clicking."""
    for _ in range(5):  # all is loaded
        line.answer()
    alone: list[float] = []
    clicked: list[float] = []
    clicks: list[float] = []
    took, each = 0.0, max(mails // TURNS, 1)
    for turn in range(2 * min(TURNS, mails)):
        if turn % 2 == 0:
            alone += [line.answer() for _ in range(each)]
            continue
        began = time.monotonic()
        with _people(port, cookie, paths, turn) as found:
            clicked += [line.answer() for _ in range(each)]
        took += time.monotonic() - began
        clicks += found
    p95 = sorted(clicks)[int(len(clicks) * 0.95)] if clicks else 0.0
    return ClickedLatency(
        alone=alone, clicked=clicked, clicks=len(clicks), took=took, slowest=(p95, max(clicks, default=0.0))
    )


@contextmanager
def _people(port: int, cookie: str, paths: Sequence[str], seed: int) -> Iterator[list[float]]:
    """While they click; afterwards the list holds how long each click took."""
    words = [sys.executable, "-m", "bench.desk_clicks", str(port), cookie, str(seed)]
    taken: list[float] = []
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("\n".join(paths) + "\n\n")
        process.stdin.flush()
        process.stdout.readline()  # they have begun
        yield taken
        process.stdin.close()
        taken += [float(one) for one in process.stdout.read().split()]


def click(port: int, cookie: str, paths: Sequence[str], seed: int) -> None:
    """Twenty people, until the input ends; prints how long each click took."""
    enough = threading.Event()
    taken: list[float] = []

    def person(number: int) -> None:
        dice = random.Random(f"{seed} {number}")
        while not enough.wait(dice.expovariate(1 / REST)):
            began = time.monotonic()
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", dice.choice(paths), headers={"Cookie": f"desk={cookie}"})
                answer = connection.getresponse()
                answer.read()
            assert answer.status == 200
            taken.append(time.monotonic() - began)

    people = [threading.Thread(target=person, args=[number]) for number in range(PEOPLE)]
    for one in people:
        one.start()
    print("clicking", flush=True)
    sys.stdin.read()
    enough.set()
    for one in people:
        one.join()
    print("\n".join(map(str, taken)), flush=True)


if __name__ == "__main__":
    click(int(sys.argv[1]), sys.argv[2], [*iter(lambda: sys.stdin.readline().strip(), "")], int(sys.argv[3]))
