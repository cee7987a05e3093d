"""May a robot answer this mail? A table of small cases for every rule, and for the two ways to be wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.guard.judge import judge, without_parking
from pipeline.guard.table import RULES
from pipeline.records.mail import Address, MachineReport
from pipeline.records.thread import ThreadKeys
from pipeline.records.verdict import Tallies, Verdict
from tests.samples import NOON, history, mail, surroundings

NO_KEYS = ThreadKeys()


def verdict_of(mail_, *, keys=NO_KEYS, past=None, **settings) -> Verdict:
    return judge(mail_, surroundings(**settings), keys, past or history())


@pytest.mark.parametrize(
    ("rule", "kind", "changes"),
    [
        ("null-sender", "silent", {"return_path": ""}),
        ("null-sender", "silent", {"sender": None}),
        ("delivery-report", "silent", {"report": MachineReport(kind="delivery", about="<x@example.com>")}),
        ("read-receipt", "silent", {"report": MachineReport(kind="disposition", about="")}),
        ("read-receipt", "silent", {"headers": {"X-Failed-Recipients": "a@b.c"}}),
        ("auto-submitted", "silent", {"headers": {"Auto-Submitted": "auto-replied"}}),
        ("auto-submitted", "silent", {"headers": {"Auto-Submitted": "Auto-Generated; owner-email=x"}}),
        ("auto-submitted", "silent", {"headers": {"Auto-Submitted": ["no", "auto-notified"]}}),
        ("auto-submitted", "silent", {"headers": {"Auto-Submitted": "(a (nested) comment) auto-replied"}}),
        ("precedence-auto", "silent", {"headers": {"Precedence": "Auto_Reply"}}),
        ("precedence-auto", "silent", {"headers": {"X-Precedence": "auto-reply"}}),
        ("precedence-bulk", "silent", {"headers": {"Precedence": "BULK"}}),
        ("precedence-bulk", "silent", {"headers": {"X-Precedence": "junk"}}),
        ("mailing-list", "silent", {"headers": {"List-Id": "<x.example>"}}),
        ("mailing-list", "silent", {"headers": {"List-Unsubscribe": "<mailto:x@y>"}}),
        ("mailing-list", "silent", {"headers": {"Mailing-List": "contact x"}}),
        ("response-suppressed", "silent", {"headers": {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}}),
        ("robot-header", "silent", {"headers": {"X-Autoreply": "yes"}}),
        ("robot-header", "silent", {"headers": {"X-Loop": "x"}}),
        ("robot-header", "silent", {"headers": {"X-Ack": "NO"}}),
        ("our-own-mail", "silent", {"headers": {"X-Firstline-Loop": "x"}}),
        ("our-own-mail", "silent", {"message_id": "<anything@firstline.example.com>"}),
        ("own-address", "silent", {"sender": Address(email="Support+x@Example.com")}),
        ("daemon-sender", "silent", {"sender": Address(email="MAILER-DAEMON@mx.example")}),
        ("daemon-sender", "silent", {"sender": Address(email="postmaster@mx.example")}),
        ("robot-sender", "silent", {"sender": Address(email="no-reply@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="noreply-orders@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="do_not_reply@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="bounce+4711@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="friends-request@lists.example")}),
        ("robot-sender", "silent", {"sender": Address(email="owner-friends@lists.example")}),
        ("not-addressed", "park", {"recipients": ("somebody@else.example",)}),
        ("spam", "silent", {"headers": {"X-Spam-Flag": "YES"}}),
        ("spam", "silent", {"headers": {"X-Spam-Status": "Yes, score=9.1"}}),
        ("unreadable", "park", {"parts": ("multipart/alternative", "text/calendar")}),
        ("unreadable", "park", {"content_type": "multipart/encrypted"}),
        ("unreadable", "park", {"size": 26_000_000}),
    ],
)
def test_a_rule_hits(rule: str, kind: str, changes: dict) -> None:
    verdict = verdict_of(mail(**changes))
    assert verdict.kind == kind
    assert rule in verdict.reasons


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"headers": {"Auto-Submitted": "no"}},
        {"headers": {"Auto-Submitted": "No (a person typed this)"}},
        {"headers": {"X-Auto-Response-Suppress": "DR, RN, NRN"}},
        {"headers": {"Disposition-Notification-To": "eve@example.org"}},
        {"headers": {"Precedence": "first-class"}},
        {"headers": {"X-Spam-Status": "No, score=1.2"}},
        {"headers": {"X-Ack": "yes"}},
        {"headers": {"X-Firstline-Topic": "praise"}},
        {"headers": {"Authentication-Results": "evil.example; dmarc=fail"}},
        {"sender": Address(email="noreen@example.org")},
        {"sender": Address(email="rooter@example.org")},
        {"sender": Address(email="bouncer.bob@example.org")},
        {"recipients": ("Support+Shop@Example.COM".lower(),)},
        {"subject": "Out of office chairs? Do you have them"},
        {"subject": "I was on vacation when the parcel came"},
        {"return_path": "eve@example.org"},
        {"message_id": ""},
    ],
)
def test_a_person_is_answered(changes: dict) -> None:
    assert verdict_of(mail(**changes)).kind == "answer"


@pytest.mark.parametrize(
    ("rule", "kind", "past"),
    [
        ("bounced-before", "silent", history(tallies=Tallies(bounced="5.1.1"))),
        ("limit-thread", "limit", history(tallies=Tallies(by_thread=1))),
        ("limit-sender", "limit", history(tallies=Tallies(by_sender=10))),
        ("limit-domain", "limit", history(tallies=Tallies(by_domain=500))),
        ("limit-system", "limit", history(tallies=Tallies(by_system=5000))),
        ("same-subject", "limit", history(tallies=Tallies(same_subject=1))),
        ("thread-acknowledged", "silent", history(thread_acknowledged=True)),
        ("too-old", "silent", history(received=NOON - timedelta(days=4))),
        ("first-run", "silent", history(first_run=True)),
        ("thread-closed", "silent", history(thread_closed=True)),
    ],
)
def test_a_rule_that_asks_the_ledger_hits(rule: str, kind: str, past) -> None:
    verdict = verdict_of(mail(), past=past)
    assert verdict.kind == kind
    assert rule in verdict.reasons
    assert not verdict.robot  # a person wrote it: its ticket is opened, updated and reopened all the same


def test_one_below_a_limit_is_answered() -> None:
    tallies = Tallies(by_sender=9, by_domain=499, by_system=4999)
    assert verdict_of(mail(), past=history(tallies=tallies)).kind == "answer"


def test_public_providers_are_exempt_from_the_limit_of_a_domain() -> None:
    sender = Address(email="eve@gmail.com")
    assert verdict_of(mail(sender=sender), past=history(tallies=Tallies(by_domain=9999))).kind == "answer"


def test_a_limit_of_0_is_off() -> None:
    past = history(tallies=Tallies(by_sender=10_000))
    assert verdict_of(mail(), past=past, limit_sender="0").kind == "answer"


def test_mails_without_a_subject_are_not_the_same_subject() -> None:
    assert verdict_of(mail(subject="Re: "), past=history(tallies=Tallies(same_subject=3))).kind == "answer"


def test_every_rule_is_kept_whatever_hits() -> None:
    verdict = verdict_of(mail(return_path="", headers={"Precedence": "bulk", "List-Id": "<x>"}))
    assert len(verdict.rules) == len(RULES)
    assert {"null-sender", "precedence-bulk", "mailing-list"} <= set(verdict.reasons)
    assert [rule.number for rule in verdict.rules] == [rule.number for rule in RULES]


def test_without_the_ledger_its_rules_are_not_judged() -> None:
    verdict = judge(mail(), surroundings(), NO_KEYS, None)
    unjudged = {rule.number for rule in verdict.rules if rule.hit is None}
    assert unjudged == {"15", "16", "16b", "16c", "16d", "17", "18", "19", "19b", "19c"}
    assert verdict.kind == "answer"


@pytest.mark.parametrize("allow", ["eve@example.org", "example.org", "@example.org", "header:List-Id"])
def test_the_allow_list_beats_a_weak_rule(allow: str) -> None:
    verdict = verdict_of(mail(headers={"List-Id": "<x>"}), allow=[allow])
    assert verdict.kind == "answer"
    assert [rule.rule for rule in verdict.rules if rule.allowed] == ["mailing-list"]


def test_the_allow_list_does_not_beat_a_floor_rule() -> None:
    verdict = verdict_of(mail(headers={"Auto-Submitted": "auto-replied"}), allow=["eve@example.org"])
    assert verdict.kind == "silent"


def test_the_allow_list_does_not_match_the_end_of_another_domain() -> None:
    sender = Address(email="eve@notexample.org")
    assert verdict_of(mail(sender=sender, headers={"List-Id": "<x>"}), allow=["example.org"]).kind == "silent"


def test_a_contact_form_is_a_person_and_the_answer_goes_to_reply_to() -> None:
    form = mail(sender=Address(email="noreply@shop.example"), reply_to=Address(email="eve@example.org"))
    verdict = verdict_of(form, forms=["NoReply@shop.example"])
    assert verdict.kind == "answer"
    assert verdict.customer == Address(email="eve@example.org")


def test_reply_to_of_anybody_else_is_not_written_to() -> None:
    verdict = verdict_of(mail(reply_to=Address(email="victim@example.net")))
    assert verdict.customer is not None
    assert verdict.customer.email == "eve@example.org"


@pytest.mark.parametrize(
    ("results", "kind"),
    [
        ("mx.example.com; dmarc=fail header.from=example.org", "park"),
        ("mx.example.com 1; spf=pass smtp.mailfrom=eve@example.org; dkim=none", "answer"),
        ("mx.example.com; dkim=pass header.d=mail.example.org; spf=fail smtp.mailfrom=x.example", "answer"),
        ("mx.example.com; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example", "park"),
        ("mx.example.com; (fine) dmarc=pass (p=none) header.from=example.org", "answer"),
        ("mx.example.com; none", "answer"),
        ("other.example; dmarc=fail", "answer"),
    ],
)
def test_authentication_is_read_from_our_own_server_only(results: str, kind: str) -> None:
    verdict = verdict_of(mail(headers={"Authentication-Results": results}), authserv=["mx.example.com"])
    assert verdict.kind == kind


def test_only_the_topmost_word_of_our_server_counts() -> None:
    forged = ["mx.example.com; dmarc=fail", "mx.example.com; dmarc=pass"]
    verdict = verdict_of(mail(headers={"Authentication-Results": forged}), authserv=["mx.example.com"])
    assert verdict.kind == "park"


def test_our_message_id_in_a_genuine_reply_is_no_loop() -> None:
    verdict = verdict_of(mail(in_reply_to=("<x@firstline.example.com>",)), keys=ThreadKeys(tokens=("7K3M-9QTX",)))
    assert verdict.kind == "answer"
    assert not verdict.alarm


def test_our_own_mail_coming_back_is_silent_and_an_alarm() -> None:
    verdict = verdict_of(mail(), keys=ThreadKeys(own="7K3M-9QTX"))
    assert verdict.kind == "silent"
    assert verdict.alarm


def test_out_of_office_wording_alone_is_no_reason() -> None:
    verdict = verdict_of(mail(subject="Automatic reply: your order"))
    assert verdict.kind == "answer"
    (rule,) = [rule for rule in verdict.rules if rule.rule == "out-of-office"]
    assert not rule.hit
    assert "Automatic reply" in rule.evidence


def test_out_of_office_wording_counts_with_another_weak_sign_even_a_forgiven_one() -> None:
    verdict = verdict_of(
        mail(subject="Abwesenheitsnotiz: Urlaub", headers={"List-Id": "<x>"}), allow=["eve@example.org"]
    )
    assert verdict.kind == "silent"
    assert verdict.reasons == ("out-of-office",)


def test_a_robot_is_silent_rather_than_parked() -> None:
    newsletter = mail(recipients=("list@else.example",), headers={"List-Id": "<x>"})
    assert verdict_of(newsletter).kind == "silent"


def test_a_spoofed_reply_is_parked_rather_than_taken_into_its_thread() -> None:
    spoofed = mail(headers={"Authentication-Results": "mx.example.com; dmarc=fail"})
    past = history(thread_acknowledged=True)
    assert verdict_of(spoofed, past=past, authserv=["mx.example.com"]).kind == "park"


def test_a_released_mail_is_judged_without_the_park_rules_only() -> None:
    stranger = mail(recipients=("list@else.example",))
    assert without_parking(verdict_of(stranger)).kind == "answer"
    answered = verdict_of(stranger, past=history(thread_acknowledged=True))
    assert without_parking(answered).kind == "silent"
