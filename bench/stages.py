"""Where the time of a mail goes: `python -m bench.stages [MAILS] [--profile STAGE]`

The same way as `firstline once`, in one process and one thread, with a watch on each stage: processor time of this
process a mail. What Dovecot and the SMTP server spend is theirs. `--profile send`: the functions of that stage.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.parse import make_mails
from bench.setting import desk, fill, sink
from pipeline import logs
from pipeline import understand as understand_step
from pipeline.config import load
from pipeline.decide import decide
from pipeline.engine.shared import Engine
from pipeline.guard import judge as guard_judge
from pipeline.letter.writer import Writer
from pipeline.parse import message
from pipeline.records.mail import Location, RawMail
from pipeline.understand import understand
from pipeline.wiring import live_doors as wiring_live_doors
from tests.servers.dovecot import Dovecot

MAILS = 2_000
STAGES = (  # in the order of a mail's way
    *("fetch", "parse", "classify", "look up", "guard", "decide", "record", "reading, all"),
    *("claim", "render", "to the server", "settle", "sending, all", "marking, all"),
)


class Watch:
    """Adds up the processor time of functions that it is put around."""

    def __init__(self, profiled: str = "") -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.profile = cProfile.Profile(time.thread_time)
        self.profiled = profiled

    @contextmanager
    def lap(self, stage: str) -> Any:
        """Adds what happens inside to a stage."""
        if stage == self.profiled:
            self.profile.enable()
        began = time.thread_time()
        try:
            yield
        finally:
            self.spent[stage] += time.thread_time() - began
            if stage == self.profiled:
                self.profile.disable()

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, with its time added to a stage."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.lap(stage):
                return function(*args, **kwargs)

        return watched


def main(mails: int, profiled: str = "") -> dict[str, float]:
    """ms of processor time a mail, by stage."""
    watch = Watch(profiled)
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        user = fill(dovecot, make_mails(mails))
        made = desk(dovecot, user, port, Path(name) / "desk")
        os.environ["DESK_PASSWORD"] = made.password
        _work(made.folder / "config.toml", watch)
    if profiled:
        print_profile(watch)
    return {stage: 1000 * watch.spent[stage] / mails for stage in STAGES}


def _work(path: Path, watch: Watch) -> None:
    """One pass, in the order of `once`."""
    logs.set_up(quiet=True)
    doors = wiring_live_doors.build(load.load(path))
    engine = Engine(doors)
    engine.look_around()
    _load_all(engine)
    mailbox: Any = doors.mailboxes()[0]
    ledger: Any = doors.ledger
    journal: Any = doors.effects
    fetcher = engine.fetcher(mailbox)
    fetcher.make_helper = lambda: None  # all in this process
    for stage, owner, name in (
        ("fetch", mailbox, "_facts"),
        ("fetch", mailbox, "_texts"),
        ("parse", message, "parse"),
        ("classify", understand_step, "classify"),
        ("look up", ledger, "past"),
        ("guard", guard_judge, "judge"),
        ("decide", decide, "decide"),
        ("record", ledger, "record"),
        ("render", Writer, "written"),
        ("claim", journal, "due"),
        ("claim", journal, "claim"),
        ("claim", journal, "bounced"),
        ("settle", journal, "settle"),
    ):
        setattr(owner, name, watch.around(stage, getattr(owner, name)))
    with watch.lap("reading, all"):
        fetcher.read()
    with watch.lap("marking, all"):
        engine.marker(mailbox).mark()
    mailbox.close()
    sender = engine.make_senders()[0]
    outbox: Any = sender.outbox
    outbox.send_all = watch.around("to the server", outbox.send_all)
    with watch.lap("sending, all"):
        sender.drain()
    doors.close()


def _load_all(engine: Engine) -> None:
    """What is loaded when it is first needed belongs to no stage."""
    (raw,) = make_mails(1)
    place = Location(mailbox="support", uidvalidity=1, uid=1)
    one = RawMail(location=place, raw=raw, received=engine.doors.clock.now(), size=len(raw))
    understand([one], engine.route().predictor)


def print_profile(watch: Watch, most: int = 45) -> None:
    """The functions that took longest."""
    pstats.Stats(watch.profile).sort_stats("cumulative").print_stats(most)


if __name__ == "__main__":
    words = sys.argv[1:]
    stage = words[words.index("--profile") + 1] if "--profile" in words else ""
    for name, each in main(int(words[0]) if words and words[0].isdigit() else MAILS, stage).items():
        print(f"{name:15} {each:.3f} ms")
