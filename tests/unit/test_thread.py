"""Which conversation does a mail belong to, and who is its writer there?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.records.mail import Address, MachineReport
from pipeline.records.thread import Author, Role, Thread
from pipeline.records.ticket import TicketFacts, TicketStatus
from pipeline.store.past import Past
from pipeline.thread import find, keys
from pipeline.tokens import Signer
from tests.samples import NOON, mail

SIGNER = Signer(b"k")
EVE, BOB, ANNA, MALLORY = "eve@example.org", "bob@example.org", "anna@example.com", "mallory@example.net"
KNOWN = Thread(
    ref="AAAA-0001",
    new=False,
    ticket=TicketFacts(ref="AAAA-0001", status=TicketStatus.OPEN, participants=(EVE,), customer=EVE),
    customer=EVE,
    participants=frozenset({BOB}),
)
PAST = Past(
    now=NOON,
    refs={"AAAA-0001": "AAAA-0001", "DDDD-0004": "AAAA-0001"},
    messages={
        "<first@example.org>": [("AAAA-0001", EVE)],
        "<newsletter@example.com>": [("CCCC-0003", "news@x.example")],
    },
    sent={"<letter@firstline.example.com>": "AAAA-0001"},
    threads={"AAAA-0001": KNOWN, "CCCC-0003": Thread(ref="CCCC-0003", new=False, customer="news@x.example")},
)
OURS = SIGNER.message_id("AAAA-0001", "ack", "firstline.example.com")


def thread_of(writer: str | Author = EVE, past: Past = PAST, **changes) -> Thread:
    letter = mail(**changes)
    who = Author(address=writer) if isinstance(writer, str) else writer
    return find(letter, keys(letter, SIGNER), past, "BBBB-0002", who)


# --- proved by what only we can have made -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"in_reply_to": (OURS,), "references": ("<other@x>",)},
        {"references": (OURS, "<later@x>")},
        {"whole": f"> Reference {OURS}"},
        {"in_reply_to": ("<letter@firstline.example.com>",)},  # a letter of ours of before the key was changed
    ],
)
def test_our_token_ties_a_mail_whoever_wrote_it(changes: dict) -> None:
    assert thread_of(EVE, **changes) == KNOWN
    assert thread_of(BOB, **changes) == replace(KNOWN, role=Role.PARTICIPANT)
    assert thread_of(MALLORY, **changes) == replace(KNOWN, role=Role.OTHER)
    assert thread_of("", **changes) == replace(KNOWN, role=Role.OTHER)


def test_a_forged_token_begins_a_new_thread() -> None:
    forged = Signer(b"other").message_id("AAAA-0001", "ack", "firstline.example.com")
    assert thread_of(in_reply_to=(forged,)).new


def test_a_report_belongs_to_the_letter_of_ours_that_it_reports() -> None:
    assert thread_of(MALLORY, report=MachineReport(kind="delivery", about=OURS)).ref == "AAAA-0001"
    assert thread_of(MALLORY, report=MachineReport(kind="delivery", about="<first@example.org>")).new


# --- named, as anybody can --------------------------------------------------------------------------------------------

NAMED = [
    {"in_reply_to": ("<first@example.org>",)},
    {"references": ("<x@y>", "<first@example.org>", "<z@y>")},
    {"subject": "Re: parcel [aaaa-0001]"},
    {"subject": "Re: parcel [DDDD-0004]"},  # the reference of a later mail
]


@pytest.mark.parametrize("changes", NAMED)
@pytest.mark.parametrize(
    ("writer", "role"),
    [(EVE, Role.CUSTOMER), (BOB, Role.PARTICIPANT), (Author(address=ANNA, staff=True), Role.STAFF)],
)
def test_a_known_id_or_reference_counts_for_who_takes_part(changes: dict, writer, role: Role) -> None:
    assert thread_of(writer, **changes) == replace(KNOWN, role=role)


@pytest.mark.parametrize("changes", NAMED)
@pytest.mark.parametrize("writer", [MALLORY, ""])
def test_a_known_id_or_reference_opens_nothing_to_a_stranger(changes: dict, writer: str) -> None:
    found = thread_of(writer, **changes)
    assert (found.ref, found.new, found.possibly_about) == ("BBBB-0002", True, "AAAA-0001")
    assert found.ticket is None


def test_readers_who_answer_the_same_newsletter_begin_conversations_of_their_own() -> None:
    for reader in (EVE, MALLORY):
        found = thread_of(reader, in_reply_to=("<newsletter@example.com>",))
        assert (found.new, found.possibly_about) == (True, "")


def test_somebody_else_goes_on_with_their_own_mail_in_a_conversation() -> None:
    """They wrote into it before, with a letter of ours in hand: still as somebody else."""
    messages = {"<m1@example.net>": [("AAAA-0001", MALLORY)]}
    past = replace(PAST, messages=messages, threads={"AAAA-0001": replace(KNOWN, written_to=frozenset({EVE, MALLORY}))})
    assert thread_of(MALLORY, past, in_reply_to=("<m1@example.net>",)).role is Role.OTHER
    assert thread_of(MALLORY, past, in_reply_to=("<m1@example.net>",)).ref == "AAAA-0001"
    assert thread_of(MALLORY, past, subject="Automatic reply: Received [DDDD-0004]").role is Role.OTHER


# --- one Message-ID twice ---------------------------------------------------------------------------------------------


def test_the_same_message_id_with_other_content_is_a_second_mail_of_the_same_writer() -> None:
    assert thread_of(EVE, message_id="<first@example.org>") == KNOWN


@pytest.mark.parametrize("writer", [BOB, MALLORY, ""])
def test_the_same_message_id_of_another_writer_is_a_conversation_of_its_own(writer: str) -> None:
    assert thread_of(writer, message_id="<first@example.org>").new


def test_our_own_mail_is_recognised_by_its_message_id() -> None:
    assert keys(mail(message_id=OURS, sender=Address(email=EVE)), SIGNER).own == "AAAA-0001"
