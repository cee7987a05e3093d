"""Which conversation does a mail belong to?"""

from __future__ import annotations

from pipeline.records.mail import Address, MachineReport
from pipeline.records.thread import Thread
from pipeline.records.ticket import TicketFacts, TicketStatus
from pipeline.store.past import Past
from pipeline.thread import find, keys
from pipeline.tokens import Signer
from tests.samples import NOON, mail

SIGNER = Signer(b"k")
KNOWN = Thread(
    ref="AAAA-0001",
    new=False,
    ticket=TicketFacts(ref="AAAA-0001", status=TicketStatus.OPEN, participants=("eve@example.org",)),
)
PAST = Past(
    now=NOON,
    refs={"AAAA-0001": "AAAA-0001"},
    messages={"<first@example.org>": "AAAA-0001"},
    threads={"AAAA-0001": KNOWN},
)
OURS = SIGNER.message_id("AAAA-0001", "ack", "firstline.example.com")


def thread_of(**changes):
    letter = mail(**changes)
    return find(letter, keys(letter, SIGNER), PAST, "BBBB-0002")


def test_our_signed_token_in_in_reply_to_is_the_strongest_evidence() -> None:
    assert thread_of(in_reply_to=(OURS,), references=("<other@x>",)) == KNOWN


def test_our_token_in_references_or_quoted_in_the_text_counts_too() -> None:
    assert thread_of(references=(OURS, "<later@x>")) == KNOWN
    assert thread_of(whole=f"> Reference {OURS}") == KNOWN


def test_a_known_message_id_counts() -> None:
    assert thread_of(in_reply_to=("<first@example.org>",)) == KNOWN
    assert thread_of(references=("<x@y>", "<first@example.org>", "<z@y>")) == KNOWN


def test_the_same_message_id_with_other_content_is_a_second_mail_of_the_thread() -> None:
    assert thread_of(message_id="<first@example.org>") == KNOWN


def test_a_report_belongs_to_the_mail_that_it_reports() -> None:
    assert thread_of(report=MachineReport(kind="delivery", about="<first@example.org>")) == KNOWN


def test_a_reference_in_the_subject_counts_for_somebody_who_takes_part() -> None:
    assert thread_of(subject="Re: parcel [aaaa-0001]") == KNOWN


def test_a_reference_in_the_subject_counts_for_whom_it_was_written_to() -> None:
    """An absence notice without any header of a reply: "Automatic reply: We have received your message [REF]"."""
    acknowledged = Thread(ref="CCCC-0003", new=False, acknowledged=True, written_to=frozenset({"eve@example.org"}))
    past = Past(now=NOON, refs={"CCCC-0003": "CCCC-0003"}, threads={"CCCC-0003": acknowledged})
    notice = mail(subject="Automatic reply: We have received your message [CCCC-0003]")
    assert find(notice, keys(notice, SIGNER), past, "BBBB-0002") == acknowledged
    stranger = mail(subject=notice.subject, sender=Address(email="mallory@example.net"))
    assert find(stranger, keys(stranger, SIGNER), past, "BBBB-0002").new


def test_a_reference_in_a_strangers_subject_only_links() -> None:
    found = thread_of(subject="Re: parcel [AAAA-0001]", sender=Address(email="mallory@example.net"))
    assert found.new
    assert found.ref == "BBBB-0002"
    assert found.possibly_about == "AAAA-0001"


def test_a_forged_token_begins_a_new_thread() -> None:
    forged = Signer(b"other").message_id("AAAA-0001", "ack", "firstline.example.com")
    assert thread_of(in_reply_to=(forged,)).new


def test_our_own_mail_is_recognised_by_its_message_id() -> None:
    assert keys(mail(message_id=OURS), SIGNER).own == "AAAA-0001"
