"""Whose fault a refusal is."""

from __future__ import annotations

import pytest

from pipeline.text.refusals import alike, is_unclear, says_dead, says_us


@pytest.mark.parametrize(
    ("status", "said", "dead"),
    [
        ("5.1.1", "550 5.1.1 whatever", True),
        ("5.2.1", "550 5.2.1 this account is disabled", True),
        ("5.2.1", "550-5.2.1 The user is receiving mail at a rate that prevents more", False),
        ("5.7.1", "550 5.7.1 no such user", False),  # the status decides
        ("", "550 no such user here", True),
        ("", "550 mailbox not found", True),
        ("", "550 relay not permitted: no such user", False),
        ("", "550 sender address does not exist", False),
        ("", "553 sorry, that domain isn't in my list of allowed rcpthosts", False),
        ("", "554 blocked: unknown user of a policy list", False),
        ("", "550 mailbox full", False),
        ("", "550 go away", False),
        ("", "The sender's message came back.\nUser unknown", True),  # the words of one line
    ],
)
def test_only_a_refusal_about_the_address_itself_says_that_it_is_dead(status: str, said: str, dead: bool) -> None:
    assert says_dead(status, said) is dead


@pytest.mark.parametrize(
    ("code", "status", "said", "us"),
    [
        (530, "", "530 authentication required", True),
        (550, "5.7.1", "550 5.7.1 no", True),
        (553, "5.1.8", "553 5.1.8 no such domain", True),
        (554, "5.2.252", "554 5.2.252 SendAsDenied", True),
        (554, "", "554 Message rejected: Email address is not verified", True),
        (550, "5.4.5", "550 5.4.5 Daily user sending quota exceeded", True),
        (550, "", "550 relay access denied", True),
        (550, "5.1.1", "550 5.1.1 User unknown in relay recipient table", False),
        (550, "", "550 User unknown in relay recipient table", False),
        (552, "5.2.2", "552 5.2.2 over quota", False),
        (552, "", "552 message size exceeds fixed limit", False),
        (550, "", "550 go away", False),
        (454, "4.7.0", "454 4.7.0 sending rate exceeded, too fast", True),
        (450, "4.7.1", "450 4.7.1 Client host rejected: cannot find your reverse hostname", True),
        (451, "4.7.1", "451 4.7.1 Greylisted, as your sender is new", False),
        (450, "4.7.1", "450 4.7.1 try again", False),
    ],
)
def test_a_refusal_about_whoever_sends_is_told_from_one_about_the_letter(
    code: int, status: str, said: str, us: bool
) -> None:
    assert says_us(code, status, said) is us


def test_refusals_are_alike_but_for_addresses_numbers_and_marks_of_the_session() -> None:
    one = alike("450 4.1.2 <a@b.example>: Recipient address rejected: Domain not found [x1Y.gsmtp]")
    assert one == alike("450 4.1.2 <c@d.example>:  recipient address rejected: Domain not found [z2.gsmtp]")
    assert one != alike("450 4.1.2 <c@d.example>: no")


@pytest.mark.parametrize(
    ("status", "said", "unclear"),
    [
        ("", "550 no such user", True),
        ("4.3.0", "451 4.3.0 later", True),
        ("5.1.1", "550 5.1.1 no such user", False),
        ("4.2.2", "452 4.2.2 full", False),
        ("", "451 greylisted", False),
    ],
)
def test_words_that_may_be_said_of_every_letter(status: str, said: str, unclear: bool) -> None:
    assert is_unclear(status, said) is unclear
