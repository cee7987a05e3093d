"""Hostile mail through the whole route: nothing raises, all that comes out is valid, and no reply is led astray."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.letter import Reply
from tests.hostile import HOSTILE, MEGABYTES, PIECES, Trial, assert_safe, forget_peak, letter, made, peak_since

NUMBERED, PORTION = 2_000, 250


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    ready = Trial(tmp_path_factory.mktemp("trial"))
    ready.of("", letter(0))  # what is loaded once is no part of the time of a mail
    ready.memory = forget_peak()
    return ready


@pytest.mark.parametrize("name", HOSTILE)
def test_a_named_attack_comes_to_nothing(trial: Trial, name: str) -> None:
    assert trial.of(name, HOSTILE[name]()).broken == ""


@pytest.mark.parametrize("first", range(0, NUMBERED, PORTION))
def test_numbered_inputs_come_to_nothing(trial: Trial, first: int) -> None:
    tried = {number: trial.of(*made(number)) for number in range(first, first + PORTION)}
    assert {number: one.broken for number, one in tried.items() if one.broken} == {}
    assert sum(one.answered for one in tried.values()) > 10  # or the replies were never looked at


def test_it_all_fits_into_memory(trial: Trial) -> None:
    assert peak_since() - trial.memory < MEGABYTES * 1e6  # what tests before it have left in the process is not its own


@given(st.lists(st.sampled_from(PIECES), max_size=8), st.lists(st.sampled_from(PIECES), max_size=8))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_nothing_of_the_senders_breaks_a_line_of_the_reply(
    trial: Trial, subject: list[bytes], message_id: list[bytes]
) -> None:
    raw = letter(1).replace(b"Parcel 1", b"".join(subject)).replace(b"<1@", b"<1" + b"".join(message_id) + b"@")
    assert trial.of("subject and Message-ID", raw).broken == ""


SMUGGLED = (
    "help\rBcc: eve@evil.example",
    "=?utf-8?q?help=0D=0ABcc:_eve=40evil.example?=",
    "=?utf-8?b?aGVscA0KQmNjOiBldmVAZXZpbC5leGFtcGxl?=",
    "help\x0bBcc: eve@evil.example",
    "help\x85Bcc: eve@evil.example",
    "help\u2028Bcc: eve@evil.example",
)


@pytest.mark.parametrize("subject", SMUGGLED)
def test_a_header_in_the_subject_stays_in_the_subject(trial: Trial, subject: str) -> None:
    tried, reply = sent(trial, letter(2).replace(b"Parcel 2", subject.encode()))
    assert tried == ""
    message = email.message_from_bytes(reply.data, policy=email.policy.default)
    assert message["Bcc"] is None
    assert "help" in message["Subject"]


def sent(trial: Trial, raw: bytes) -> tuple[str, Reply]:
    """What was wrong with it, and the reply."""
    replies: list[Reply] = []
    tried = trial.of("", raw, replies)
    return tried.broken, replies[0]


@pytest.mark.parametrize(
    "damage",
    [
        (b"\r\nTo:", b"\nTo:"),
        (b"\r\nTo:", b"\rTo:"),
        (b"\r\nTo:", b"\r\nBcc: eve@evil.example\r\nTo:"),
        (b"\r\nTo:", b"\r\nTo: eve@evil.example\r\nTo:"),
        (b"\r\nSubject:", b"\r\nSubject: x\r\n\r\nSubject:"),
    ],
)
def test_a_reply_that_was_tampered_with_would_be_noticed(trial: Trial, damage: tuple[bytes, bytes]) -> None:
    _, reply = sent(trial, letter(3))
    assert_safe(reply)
    spoilt = Reply(
        message_id=reply.message_id,
        envelope_from="",
        recipient=reply.recipient,
        data=reply.data.replace(*damage, 1),
    )
    assert spoilt.data != reply.data
    with pytest.raises(AssertionError):
        assert_safe(spoilt)


def test_an_address_that_looks_like_ours_is_a_strangers_and_ours_is_known_in_disguise(trial: Trial) -> None:
    def verdict(name: str) -> str:
        return trial.of(name, HOSTILE[name]()).verdict

    assert verdict("look-alike letters in the address") == "answer"
    assert verdict("an invisible letter in our address") == "silent"
