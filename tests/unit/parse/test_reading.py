"""What a mail's headers say about its text, and what is said about a cut."""

from __future__ import annotations

import pytest

from pipeline.parse import reading
from pipeline.parse.message import parse
from pipeline.records.mail import Mail

MATTER = "The vase arrived broken and I want my money back."
LETTER = "Thank you for your message, we have packed your order today."
BOB = "From: Bob Falk <bob@customer.example>\nSent: Monday, 9 November 2026 10:12\nTo: Anna Vale\nSubject: Vase"
SHOP = BOB.replace("Bob Falk <bob@customer.example>", "Example Support <support@example.com>")


def mail(text: str, subject: str = "Vase", **fields: str) -> Mail:
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    head = "From: Anna Vale <anna@customer.example>\nTo: Example Support <support@example.com>\n"
    return parse(f"{head}Subject: {subject}\n{more}Content-Type: text/plain; charset=utf-8\n\n{text}".encode())


@pytest.mark.parametrize(
    ("subject", "answers", "forwards"),
    [
        ("Vase", False, False),
        ("Re: Vase", True, False),
        ("RE[2]: Vase", True, False),
        ("[list] AW: Vase", True, False),
        ("SV: Vas", True, False),
        ("VS: Maljakko", True, False),
        ("YNT: Vazo", True, False),
        ("RES: Vaso", True, False),
        ("回复：花瓶", True, False),
        ("Отв: Ваза", True, False),
        ("ΑΠ: Βάζο", True, False),
        ("رد: مزهرية", True, False),
        ("Fwd: Re: Vase", False, True),
        ("WG: Vase", False, True),
        ("TR: Vase", False, True),
        ("RV: Jarrón", False, True),
        ("转发: 花瓶", False, True),
        ("إعادة توجيه: مزهرية", False, True),
        ("Chuyển tiếp: bình", False, True),
        ("Where: here", False, False),
        ("A question: why?", False, False),
        (":", False, False),
    ],
)
def test_the_first_mark_of_a_subject_tells(subject: str, answers: bool, forwards: bool) -> None:
    found = reading.context(mail(MATTER, subject))
    assert (found.answers, found.forwards) == (answers, forwards)


def test_the_same_mark_passes_on_in_danish() -> None:
    danish = mail(
        f"Se nedenfor\n\nFra: Bob <bob@customer.example>\nSendt: 9.11.2026 10:12\nEmne: x\n\n{MATTER}", "VS: x"
    )
    assert reading.context(danish).forwards
    assert danish.text.endswith(MATTER)


@pytest.mark.parametrize("field", ["In_Reply_To", "References"])
def test_a_mail_that_names_another_one_answers_it(field: str) -> None:
    assert reading.context(mail(MATTER, **{field: "<a@b>"})).answers


def test_whom_it_is_addressed_to_is_us_and_who_wrote_it_is_not() -> None:
    found = reading.context(mail(f"{MATTER}: help", Cc="Bob <bob@customer.example>", Delivered_To="box@example.com"))
    assert found.ours == {"support@example.com", "example support", "box@example.com"}
    assert found.writer == {"anna@customer.example", "anna vale"}


def test_a_forward_names_its_author_and_keeps_its_sender() -> None:
    found = mail(f"FYI\n\n{BOB}\n\n{MATTER}", "Fwd: Vase")
    assert found.text == f"FYI\n\n{MATTER}"
    assert found.sender is not None
    assert found.sender.email == "anna@customer.example"
    assert "passed on: a mail of Bob Falk <bob@customer.example>" in found.notes


def test_a_cut_on_less_than_proof_leaves_a_note_and_the_whole_to_be_judged() -> None:
    found = mail(f"Hi.\n\n{BOB}\n\n{MATTER}", "Re: Vase")
    assert found.text == "Hi."
    assert MATTER in found.beside
    assert reading.HALF_CUT in found.notes


def test_a_cut_with_proof_leaves_none() -> None:
    found = mail(f"Thanks, that works.\n\n{SHOP}\n\n{LETTER}", "Re: Vase")
    assert (found.text, found.beside) == ("Thanks, that works.", "")
    assert not [note for note in found.notes if note in (reading.HALF_CUT, reading.NOTHING_NEW)]


def test_where_nothing_is_new_a_note_says_so() -> None:
    found = mail(f"> {MATTER}", "Re: Vase")
    assert found.text == f"> {MATTER}"
    assert reading.NOTHING_NEW in found.notes


def test_our_letter_alone_is_no_text() -> None:
    found = reading.with_new_text(mail(f"{SHOP}\n\n{LETTER}", "Re: Vase"), [LETTER])
    assert found.text == ""


def test_knowing_our_letter_takes_the_notes_back() -> None:
    first = mail(f"Hi.\n\n{BOB.replace('Bob', 'Tom')}\n\n{LETTER}\n{MATTER}", "Re: Vase")
    assert reading.HALF_CUT in first.notes
    again = reading.with_new_text(first, [LETTER])
    assert (again.text, again.beside) == (f"Hi.\n\n{MATTER}", "")
    assert reading.HALF_CUT not in again.notes


def test_mail_without_any_text_has_no_notes_about_it() -> None:
    assert reading.NOTHING_NEW not in mail("").notes
