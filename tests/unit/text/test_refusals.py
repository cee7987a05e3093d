"""Whose fault a refusal is."""

from __future__ import annotations

import pytest

from pipeline.text.refusals import says_dead


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
