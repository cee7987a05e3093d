"""The SMTP door against a real mail server, which is strict about who speaks when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import RejectedError
from pipeline.records.letter import Reply
from tests.conftest import missing
from tests.doors.test_outbox import kinds, outbox, reply
from tests.servers.exim import Exim, is_usable

MANY = 45


@pytest.fixture(scope="module", params=[True, False], ids=["chunking", "pipelining"])
def exim(request: pytest.FixtureRequest) -> Iterator[Exim]:
    if not is_usable():
        missing("Exim is not installed (make test-services), or we are not root")
    with Exim(chunking=request.param) as server:
        yield server


def letters(name: str, count: int = MANY) -> list[Reply]:
    """With lines that begin with dots, and of very different lengths."""
    return [
        reply(number, recipient=f"{name}{number}@example.org", data=f"Subject: {number}\r\n\r\n{text(number)}".encode())
        for number in range(count)
    ]


def text(number: int) -> str:
    return f".\r\n..two\r\nQUIT\r\nletter {number}\r\n" + "a line of a long letter\r\n" * (number * 37 % 900)


def test_many_letters_arrive_as_they_were_written(exim: Exim, secret: Path) -> None:
    box, sent = outbox(exim.port, secret, timeout="10s"), letters("eve")
    assert kinds(box.send_all(sent)) == [""] * MANY
    box.close()
    assert "synchronization" not in exim.log()  # what it says of a client that speaks before its turn
    arrived = exim.queue
    assert {one.recipient: text(number).replace("\r\n", "\n").encode() for number, one in enumerate(sent)} == {
        recipient: content for recipient, content in arrived.items() if recipient.startswith("eve")
    }


def test_a_refused_recipient_among_many_costs_nobody_else_a_letter(exim: Exim, secret: Path) -> None:
    box, sent = outbox(exim.port, secret, timeout="10s"), letters("carol")
    for place in (0, 7, 8, MANY - 1):
        sent[place] = reply(place, recipient="nobody@example.org")
    outcomes = box.send_all(sent)
    box.close()
    refused = [place for place, outcome in enumerate(outcomes) if outcome]
    assert refused == [0, 7, 8, MANY - 1]
    assert all(isinstance(one, RejectedError) and one.recipient_unknown for one in outcomes if one)
    assert sum(recipient.startswith("carol") for recipient in exim.queue) == MANY - 4


def test_a_server_that_takes_few_letters_a_connection_gets_them_all(secret: Path) -> None:
    if not is_usable():
        missing("Exim is not installed (make test-services), or we are not root")
    with Exim(most=7) as server:
        box = outbox(server.port, secret, timeout="10s")
        assert kinds(box.send_all(letters("dave", 30))) == [""] * 30
        box.close()
        assert len(server.queue) == 30
