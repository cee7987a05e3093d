"""The setting of a measurement: a mailbox that is filled, a server that takes everything, and a desk between them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.desk import Desk
from tests.learned import KEY, starter
from tests.servers.dovecot import Dovecot, _whom

NO_LIMITS = "[guard]\nlimit_sender = '0'\nlimit_domain = '0'\nlimit_system = '0'\nsame_subject = '0'\n"


def fill(dovecot: Dovecot, mails: list[bytes], user: str = "") -> str:
    """A user in whose INBOX these mails lie, as Dovecot would have put them there; a new one where none is named."""
    user = user or dovecot.fresh_user()
    home = dovecot.base / "mail" / user
    for name in ("", "Maildir", "Maildir/cur", "Maildir/new", "Maildir/tmp"):
        (home / name).mkdir(exist_ok=True)
    for number, raw in enumerate(mails):
        (home / f"Maildir/new/{1_700_000_000 + number}.M{number}.host").write_bytes(raw.replace(b"\r\n", b"\n"))
    owner = _whom()
    for path in (home, *home.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return user


@contextlib.contextmanager
def sink(delay: float = 0.0, *, chunking: bool = True) -> Iterator[int]:
    """The port of an SMTP server that takes everything."""
    words = [sys.executable, "-m", "bench.sink", "--delay", str(delay), *([] if chunking else ["--no-chunking"])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:  # or what failed meanwhile would wait for it for ever
            process.kill()


def once(made: Desk) -> dict[str, Any]:
    """What `firstline once` tells of one pass."""
    return dict(made.json("once"))


def desk(dovecot: Dovecot, user: str, port: int, folder: Path) -> Desk:
    """An installation between these servers, with the starter model and no limits of the guard."""
    made = Desk(
        folder,
        dovecot.imap_port,
        port,
        user,
        mailbox={"done": "seen"},
        more=NO_LIMITS,
        models=starter().registry.folder,
    )
    (made.folder / "var/key").write_bytes(KEY)  # which the model is signed with
    return made
