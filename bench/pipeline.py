"""The whole way of a mail beside a bare loop, on the same mailbox in the same run: `python -m bench.pipeline [MAILS]`

5,000 mails as people send them (bench/parse.py) lie in a Dovecot mailbox. The bare loop (bench/bare.py) reads and
answers them, then `firstline once` does, with everything on, to the same SMTP server. Each is a process of its own;
what is compared is the time from the log-in to the last answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.parse import make_mails
from tests.desk import Desk
from tests.learned import KEY, starter
from tests.servers.dovecot import Dovecot, _whom

MAILS = 5_000
NO_LIMITS = "[guard]\nlimit_sender = '0'\nlimit_domain = '0'\nlimit_system = '0'\nsame_subject = '0'\n"


def main(mails: int) -> None:
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        folder = Path(name)
        user = fill(dovecot, make_mails(mails))
        bare = bare_loop(dovecot, user, port, folder)
        ours = once(dovecot, user, port, folder)
        print(f"{mails} mails")
        tell("bare loop", bare["mails"], bare["seconds"])
        stages = ", ".join(f"{stage} {1000 * spent / mails:.2f}" for stage, spent in bare["stages"].items())
        print(f"  ms a mail: {stages}")
        counted = ours["mailboxes"]["support"]
        print({name: count for name, count in counted.items() if count})
        tell("firstline once", counted["acknowledged"], ours["seconds"])
        print(f"ratio of throughput: {(mails / ours['seconds']) / (mails / bare['seconds']):.2f}")


def tell(what: str, mails: int, seconds: float) -> None:
    rate, each = mails / seconds, 1000 * seconds / mails
    print(f"{what}: {mails} mails in {seconds:.1f} s, {rate:.0f} a second, {each:.2f} ms each")


def fill(dovecot: Dovecot, mails: list[bytes]) -> str:
    """A user in whose INBOX these mails lie, as Dovecot would have put them there."""
    user = dovecot.fresh_user()
    home = dovecot.base / "mail" / user
    for name in ("", "Maildir", "Maildir/cur", "Maildir/new", "Maildir/tmp"):
        (home / name).mkdir()
    for number, raw in enumerate(mails):
        (home / f"Maildir/new/{1_700_000_000 + number}.M{number}.host").write_bytes(raw.replace(b"\r\n", b"\n"))
    owner = _whom()
    for path in (home, *home.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return user


@contextlib.contextmanager
def sink(delay: float = 0.0) -> Iterator[int]:
    """The port of an SMTP server that takes everything."""
    words = [sys.executable, "-m", "bench.sink", "--delay", str(delay)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


def bare_loop(dovecot: Dovecot, user: str, port: int, folder: Path) -> dict[str, Any]:
    words = [sys.executable, "-m", "bench.bare", str(dovecot.imap_port), user, str(port), str(folder)]
    return dict(json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout))


def once(dovecot: Dovecot, user: str, port: int, folder: Path) -> dict[str, Any]:
    return dict(desk(dovecot, user, port, folder).json("once"))


def desk(dovecot: Dovecot, user: str, port: int, folder: Path) -> Desk:
    made = Desk(
        folder / "desk",
        dovecot.imap_port,
        port,
        user,
        mailbox={"done": "seen"},
        more=NO_LIMITS,
        models=starter().registry.folder,
    )
    (made.folder / "var/key").write_bytes(KEY)  # which the model is signed with
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MAILS)
