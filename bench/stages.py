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
from pipeline import classify, config, guard, logs, parse, wiring
from pipeline.engine.local import Engine
from tests.servers.dovecot import Dovecot

MAILS = 2_000


class Watch:
    """Adds up the processor time of functions that it is put around."""

    def __init__(self, profiled: str = "") -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.profile = cProfile.Profile(time.thread_time)
        self.profiled = profiled

    @contextmanager
    def lap(self, stage: str) -> Any:
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
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.lap(stage):
                return function(*args, **kwargs)

        return watched


def main(mails: int, profiled: str = "") -> dict[str, float]:
    from bench.pipeline import desk, fill, sink  # which imports this

    watch = Watch(profiled)
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        user = fill(dovecot, make_mails(mails))
        made = desk(dovecot, user, port, Path(name) / "desk")
        os.environ["DESK_PASSWORD"] = made.password
        _work(made.folder / "config.toml", watch)
    if profiled:
        print_profile(watch)
    return {stage: 1000 * spent / mails for stage, spent in watch.spent.items()}


def _work(path: Path, watch: Watch) -> None:
    """One pass, in the order of `once`."""
    logs.set_up(quiet=True)
    house = wiring.build(config.load(path))
    engine = Engine(house)
    engine.look_around()
    parse.parse = watch.around("parse", parse.parse)
    classify.classify = watch.around("classify", classify.classify)
    guard.judge = watch.around("guard", guard.judge)
    ledger: Any = house.ledger
    ledger.past = watch.around("look up", ledger.past)
    ledger.record = watch.around("record", ledger.record)
    mailbox = house.mailboxes()[0]
    fetcher = engine.fetcher(mailbox)
    with watch.lap("reading, all"):
        fetcher.read()
    with watch.lap("mark"):
        fetcher.mark()
    mailbox.close()
    sender = engine.make_senders()[0]
    with watch.lap("send"):
        sender.drain()
    house.close()


def print_profile(watch: Watch, most: int = 45) -> None:
    pstats.Stats(watch.profile).sort_stats("cumulative").print_stats(most)


if __name__ == "__main__":
    words = sys.argv[1:]
    stage = words[words.index("--profile") + 1] if "--profile" in words else ""
    for name, each in main(int(words[0]) if words and words[0].isdigit() else MAILS, stage).items():
        print(f"{name:15} {each:.3f} ms")
