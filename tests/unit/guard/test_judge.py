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
        ("robot-sender", "silent", {"sender": Address(email="order-noreply@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="Shop.Nicht-Antworten@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="ne_pas_repondre.fr@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="no-responder@shop.example")}),
        ("robot-sender", "silent", {"sender": Address(email="ala-vastaa@kauppa.example")}),
        ("robot-sender", "silent", {"sender": Address(email="svara-ej12@butik.example")}),
        ("spam", "silent", {"headers": {"X-Spam": "Yes"}}),
        ("spam", "silent", {"headers": {"X-Rspamd-Action": "add header"}}),
        ("spam", "silent", {"headers": {"X-MS-Exchange-Organization-SCL": "5"}}),
        ("spam", "silent", {"headers": {"X-Forefront-Antispam-Report": "CIP:1;SCL:6;SFV:SPM;H:x;"}}),
        ("delivery-report", "silent", {"report": MachineReport(kind="feedback-report", about="")}),
        ("delivery-report", "silent", {"report": MachineReport(kind="tlsrpt", about="")}),
        ("reaction", "silent", {"parts": ("text/plain", "text/vnd.google.email-reaction+json")}),
        ("reaction", "silent", {"text": "👍", "in_reply_to": ("<x@y>",)}),
        ("reaction", "silent", {"text": "❤️ Eve Miller reacted to your message:", "in_reply_to": ("<x@y>",)}),
        (
            "reaction",
            "silent",
            {"text": "👍\n\nEve Miller reacted via Gmail <https://x.example>", "references": ("<x@y>",)},
        ),
        ("reaction", "silent", {"text": "Eve Miller a réagi à votre message : 👍", "in_reply_to": ("<x@y>",)}),
        ("reaction", "silent", {"text": "Eve Miller hat auf Ihre Nachricht reagiert: 🎉", "in_reply_to": ("<x@y>",)}),
        ("reaction", "silent", {"text": "Liked “We have received your message”", "in_reply_to": ("<x@y>",)}),
        ("unreadable", "park", {"bodies": ("text/plain", "text/calendar request")}),
        ("unreadable", "park", {"content_type": "application/x-pkcs7-mime", "text": ""}),
        ("unreadable", "park", {"parts": ("multipart/mixed", "application/x-microsoft-rpmsg-message")}),
        ("unreadable", "park", {"whole": "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"}),
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
        {"headers": {"X-Autoreply": "no", "X-Loop": "NO (a person)"}},
        {"headers": {"X-Spam-Status": ["No, score=-1", "Yes, score=7"]}},
        {"headers": {"X-Spam": "No", "X-Spam-Flag": "YES"}},  # ours on top
        {"headers": {"X-Spam-Status": "No", "X-Forefront-Antispam-Report": "SCL:1;SFV:NSPM;"}},
        {"sender": Address(email="eleonoreplymouth@example.org")},
        {"sender": Address(email="repondre@example.org")},
        {"sender": Address(email="alan.oreply@example.org")},
        {"bodies": ("text/plain", "text/calendar publish")},
        {"parts": ("multipart/mixed", "text/plain", "text/calendar")},
        {"text": "👍 Thank you, but when will the second box come?", "in_reply_to": ("<x@y>",)},
        {"text": "👍"},  # no answer to anything
        {"text": "My wife reacted to your message: she wants her money back.", "in_reply_to": ("<x@y>",)},
        {"text": "The glue reacted with the paint and now all is ruined", "in_reply_to": ("<x@y>",)},
        {"text": "Liked “the vase” very much, but it is broken.", "in_reply_to": ("<x@y>",)},
        {"text": "はい、お願いします", "in_reply_to": ("<x@y>",)},
        {"text": "My friend reacted badly to your message: please call me.\nShe is ill.", "in_reply_to": ("<x@y>",)},
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
        ("archived", "silent", history(dragged_in=True)),
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


def test_public_providers_have_twenty_times_the_limit_of_a_domain() -> None:
    sender = Address(email="eve@googlemail.com")
    assert verdict_of(mail(sender=sender), past=history(tallies=Tallies(by_domain=9999))).kind == "answer"
    assert verdict_of(mail(sender=sender), past=history(tallies=Tallies(by_domain=10_000))).kind == "limit"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Eve+shop@Example.ORG", "eve@example.org"),
        ("e.v.e.miller+x@gmail.com", "EveMiller@googlemail.com"),
        ("eve@MÜLLER.example", "eve@xn--mller-kva.example"),
        ("ｅｖｅ@ｅｘａｍｐｌｅ.org", "eve@example.org"),
        ("eve@example.org.", "eve@example.org"),
        ("eve@straße.example", "eve@xn--strae-oqa.example"),
    ],
)
def test_one_person_has_one_spelling(one: str, other: str) -> None:
    assert Address(email=one).folded == Address(email=other).folded


@pytest.mark.parametrize("other", ["eve.miller@example.org", "evem@example.org", "evemiller@gmail.com.example.org"])
def test_other_people_keep_theirs(other: str) -> None:
    assert Address(email=other).folded != Address(email="evemiller@example.org").folded


@pytest.mark.parametrize(
    ("authenticity", "tallies", "kind"),
    [
        ("pass", Tallies(by_system=5000), "answer"),
        ("none", Tallies(by_system=5000), "limit"),
        ("none", Tallies(by_system=5000, written_before=True), "answer"),
        ("pass", Tallies(by_known=5000), "limit"),
        ("none", Tallies(by_known=5000), "answer"),
    ],
)
def test_who_is_known_has_a_budget_of_their_own(authenticity: str, tallies: Tallies, kind: str) -> None:
    results = {"Authentication-Results": f"mx.example.com; dmarc={authenticity}"} if authenticity == "pass" else {}
    authserv = ["mx.example.com"] if authenticity == "pass" else []
    assert verdict_of(mail(headers=results), past=history(tallies=tallies), authserv=authserv).kind == kind


def test_a_limit_of_0_is_off() -> None:
    past = history(tallies=Tallies(by_sender=10_000))
    assert verdict_of(mail(), past=past, limit_sender="0").kind == "answer"


def test_mails_without_a_subject_are_not_the_same_subject() -> None:
    assert verdict_of(mail(subject="Re: "), past=history(tallies=Tallies(same_subject=3))).kind == "answer"


@pytest.mark.parametrize("local", ['"al ice"', '"eve@home"', '"<eve>"'])
def test_who_has_an_address_that_no_letter_can_go_to_is_answered_by_a_person(local: str) -> None:
    verdict = verdict_of(mail(sender=Address(email=f"{local}@example.org")))
    assert (verdict.kind, verdict.reasons) == ("park", ("unwritable",))


def test_every_rule_is_kept_whatever_hits() -> None:
    verdict = verdict_of(mail(return_path="", headers={"Precedence": "bulk", "List-Id": "<x>"}))
    assert len(verdict.rules) == len(RULES)
    assert {"null-sender", "precedence-bulk", "mailing-list"} <= set(verdict.reasons)
    assert [rule.number for rule in verdict.rules] == [rule.number for rule in RULES]


def test_without_the_ledger_its_rules_are_not_judged() -> None:
    verdict = judge(mail(), surroundings(), NO_KEYS, None)
    unjudged = {rule.number for rule in verdict.rules if rule.hit is None}
    assert unjudged == {"15", "16", "16b", "16c", "16d", "17", "18", "19", "19b", "19c", "19d"}
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
        ("other.example; dmarc=pass", "park"),  # and none of our own
        ('mx.example.com; spf=pass smtp.mailfrom="a;dmarc=pass"@evil.example; dkim=none', "park"),
        ('mx.example.com; spf=pass smtp.mailfrom="a header.d=example.org"@evil.example', "park"),
        ("mx.example.com; spf=pass (; dmarc=pass header.from=example.org) smtp.mailfrom=evil.example", "park"),
        ("mx.example.com; dmarc=fail; dmarc=pass", "park"),  # the first counts
        ("mx.example.com; dmarc=pass header.from=evil.example", "park"),
        ("mx.example.com; dkim=pass header.d=example", "park"),
        ("mx.example.com; dkim=pass header.d=org", "park"),
        ("mx.example.com; dkim=pass header.i=@news.example.org", "answer"),
        ("mx.example.com; dkim=fail header.d=example.org; dkim=pass header.d=example.org", "answer"),
        ("mx.example.com; spf=none; dkim=none", "park"),
        ("MX.Example.com; DMARC=PASS", "answer"),
    ],
)
def test_authentication_is_read_from_our_own_server_only(results: str, kind: str) -> None:
    verdict = verdict_of(mail(headers={"Authentication-Results": results}), authserv=["mx.example.com"])
    assert verdict.kind == kind


@pytest.mark.parametrize(
    ("results", "kind"),
    [
        (["spf=fail smtp.mailfrom=x.example; dmarc=fail action=oreject header.from=example.org;compauth=fail"], "park"),
        (["spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=example.org; dmarc=pass header.from=example.org"], "answer"),
        (["dmarc=fail header.from=example.org", "dmarc=pass header.from=example.org"], "park"),
        ([], "park"),
    ],
)
def test_exchange_online_writes_no_name_and_its_topmost_field_counts(results: list[str], kind: str) -> None:
    headers = {"Authentication-Results": results} if results else {}
    assert verdict_of(mail(headers=headers), authserv=[""]).kind == kind


def test_an_organisation_is_found_by_the_public_suffix_list() -> None:
    for sender, signed, kind in (
        ("eve@shop.co.uk", "mail.shop.co.uk", "answer"),
        ("eve@shop.co.uk", "other.co.uk", "park"),
        ("eve@a.github.io", "b.github.io", "park"),
        ("eve@müller.example", "xn--mller-kva.example", "answer"),
    ):
        results = {"Authentication-Results": f"mx.example.com; dkim=pass header.d={signed}"}
        letter = mail(sender=Address(email=sender), headers=results)
        assert verdict_of(letter, authserv=["mx.example.com"]).kind == kind


# --- forms and forwarders ---------------------------------------------------------------------------------------------

FORM = {"sender": Address(email="form@shop.example"), "reply_to": Address(email="eve@example.org")}
REMARKED = {
    "Auto-Submitted": "auto-generated",
    "Precedence": "bulk",
    "X-Auto-Response-Suppress": "All",
    "List-Id": "<x>",
}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"headers": REMARKED, "return_path": ""}, "answer"),
        ({"headers": {"Auto-Submitted": "auto-replied"}}, "silent"),
        ({"headers": {"X-Firstline-Loop": "x"}}, "silent"),
        ({"report": MachineReport(kind="delivery", about="")}, "silent"),
        ({"reply_to": None}, "silent"),
        ({"reply_to": Address(email="form@shop.example")}, "silent"),
        ({"reply_to": Address(email="support@example.com")}, "silent"),
        ({"reply_to": Address(email="noreply@example.org")}, "silent"),
    ],
)
def test_a_form_is_the_person_who_filled_it_in(changes: dict, kind: str) -> None:
    verdict = verdict_of(mail(**{**FORM, **changes}), forms=[{"from": "Form@Shop.example"}])
    assert verdict.kind == kind
    assert not verdict.may_echo


GROUP = {"sender": Address(email="support@example.com"), "reply_to": Address(email="eve@example.org")}


@pytest.mark.parametrize(
    ("changes", "kind", "writer"),
    [
        ({}, "answer", "eve@example.org"),
        ({"others": {"x-original-from": Address(email="bob@example.org")}}, "answer", "bob@example.org"),
        ({"reply_to": None}, "silent", None),
        ({"reply_to": Address(email="support+x@example.com")}, "silent", "support+x@example.com"),
        ({"headers": {**REMARKED, "Auto-Submitted": "auto-replied"}}, "silent", "eve@example.org"),
    ],
)
def test_behind_a_group_that_rewrites_from_stands_the_writer(changes: dict, kind: str, writer: str | None) -> None:
    verdict = verdict_of(mail(**{**GROUP, "headers": REMARKED, **changes}), forwarders=["support@example.com"])
    assert verdict.kind == kind
    assert (verdict.customer.email if verdict.customer else None) == writer


@pytest.mark.parametrize(
    ("entry", "changes"),
    [
        (
            "header:X-MS-Exchange-Inbox-Rules-Loop",
            {"headers": {**REMARKED, "X-MS-Exchange-Inbox-Rules-Loop": "info@x"}},
        ),
        ("relay.example", {"others": {"resent-from": Address(email="info@relay.example")}}),
        ("info@relay.example", {"others": {"sender": Address(email="Info@relay.example")}}),
    ],
)
def test_a_forwarder_re_marks_mail_and_is_not_the_writer(entry: str, changes: dict) -> None:
    forwarded = mail(**{"headers": REMARKED, "reply_to": Address(email="mallory@example.net"), **changes})
    assert verdict_of(forwarded).kind == "silent"
    verdict = verdict_of(forwarded, forwarders=[entry])
    assert verdict.kind == "answer"
    assert verdict.customer is not None
    assert verdict.customer.email == "eve@example.org"  # never Reply-To: anybody can write a header
    assert (
        verdict_of(
            mail(**{**changes, "headers": {**REMARKED, **changes.get("headers", {})}, "return_path": ""}),
            forwarders=[entry],
        ).kind
        == "silent"
    )


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Automatic reply: Your parcel", "silent"),
        ("Abwesenheitsnotiz", "silent"),
        ("Poissa – vastaus", "silent"),
        ("Out of office chairs", "answer"),
        ("Where is my parcel?", "answer"),
    ],
)
def test_an_absence_note_through_a_forwarder_is_known_by_its_wording_and_its_marks(subject: str, kind: str) -> None:
    loop = {**REMARKED, "X-MS-Exchange-Inbox-Rules-Loop": "info@x"}
    forwarders = ["header:X-MS-Exchange-Inbox-Rules-Loop"]
    assert verdict_of(mail(subject=subject, headers=loop), forwarders=forwarders).kind == kind


@pytest.mark.parametrize("entry", ["lists.example", "eve@example.org", "sender.example"])
def test_allow_is_compared_with_from_sender_and_the_writer(entry: str) -> None:
    listed = mail(
        sender=Address(email="talk@lists.example"),
        others={"sender": Address(email="x@sender.example"), "x-original-from": Address(email="eve@example.org")},
        headers={"X-Loop": "talk"},
    )
    assert verdict_of(listed, forwarders=["talk@lists.example"]).kind == "silent"
    assert verdict_of(listed, forwarders=["talk@lists.example"], allow=[entry]).kind == "answer"


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


@pytest.mark.parametrize(
    ("subject", "keys", "kind"),
    [
        ("Automatic reply: Received [7K3M-9QTX]: Delivery", ThreadKeys(mentioned=("7K3M-9QTX",)), "silent"),
        ("Automatische Antwort: Ihre Lieferung", ThreadKeys(tokens=("7K3M-9QTX",)), "silent"),
        ("Poissa: vastaus", ThreadKeys(tokens=("7K3M-9QTX",)), "silent"),
        ("Automatic reply: your order", NO_KEYS, "answer"),
        ("Re: Received [7K3M-9QTX]: Out of office chairs", ThreadKeys(mentioned=("7K3M-9QTX",)), "answer"),
        ("Re: Out of office chairs", ThreadKeys(tokens=("7K3M-9QTX",)), "answer"),
    ],
)
def test_our_own_subject_behind_the_wording_is_another_sign(subject: str, keys: ThreadKeys, kind: str) -> None:
    assert verdict_of(mail(subject=subject), keys=keys).kind == kind


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
