"""docs/tutorial/index.md, followed word for word: its blocks, one after the other, in one shell, to a mailbox and back.

Three things are put in place of what only a reader has: `git clone` and `make` (which fetch what is installed here
already: `make demo` runs the demonstration, `make install` does nothing), and the
values of the block that asks for them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import COMMAND, PASSWORD, letter
from tests.pages import Block, blocks
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink

STEPS = [one for one in blocks() if one.page == "docs/tutorial/index.md"]
ASKED = [one for one in STEPS if "ADDRESS=" in one.text]
ADDRESS = "help@parcels.test"
SHIMS = {
    "git": '[ "$1" = clone ] && mkdir "$3"',
    "make": 'case "$1" in demo) exec firstline demo;; install) :;; *) exit 9;; esac',
}


def _tools(folder: Path) -> Path:
    folder.mkdir()
    for name, text in SHIMS.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    (folder / "firstline").symlink_to(COMMAND)
    return folder


def _typed(step: Block, values: str) -> str:
    return values if step in ASKED else step.text


@pytest.fixture
def mailbox() -> Iterator[PymapServer]:
    """A server of its own: `init` logs in by the address itself."""
    with PymapServer() as server:
        server.add_user(ADDRESS, PASSWORD)
        yield server


@pytest.mark.timeout(600)
def test_the_tutorial_leads_to_its_end(tmp_path: Path, mailbox: PymapServer, sink: SmtpSink) -> None:
    assert len(ASKED) == 1
    for number in range(1, 6):
        mailbox.deliver(letter(number, to=ADDRESS), user=ADDRESS)
    values = (
        f"export COMPANY='Parcels and Sons' ADDRESS={ADDRESS}\n"
        f"export IMAP=127.0.0.1:{mailbox.port} SMTP=127.0.0.1:{sink.port}\n"
        f"export SUPPORT_PASSWORD={PASSWORD}\n"
    )
    script = "set -e\n" + "\n".join(f"echo '=== {step.name}'\n{_typed(step, values)}" for step in STEPS)
    tools = _tools(tmp_path / "tools")
    environment = {**os.environ, "HOME": str(tmp_path), "NO_COLOR": "1", "PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert (tmp_path / "mydesk/look.html").read_text(encoding="utf-8").count("Where is parcel") >= 5
    assert len(list((tmp_path / "mydesk/models").glob("20*"))) == 2
    assert sink.accepted == []
