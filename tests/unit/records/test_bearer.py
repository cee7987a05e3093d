"""A log-in with a token, as it stands on the wire."""

from __future__ import annotations

import pytest

from pipeline.records.bearer import Bearer, answer_to_refusal, mechanism_of


def bearer(username: str = "support@example.com") -> Bearer:
    return Bearer(username=username, token="secret-token", host="imap.example.com", port=993)


def test_xoauth2_is_as_google_and_microsoft_have_it() -> None:
    assert bearer().said("XOAUTH2") == "user=support@example.com\x01auth=Bearer secret-token\x01\x01"
    assert answer_to_refusal("XOAUTH2") == ""


def test_oauthbearer_is_as_rfc_7628_has_it() -> None:
    told = bearer().said("OAUTHBEARER")
    assert told == ("n,a=support@example.com,\x01host=imap.example.com\x01port=993\x01auth=Bearer secret-token\x01\x01")
    assert answer_to_refusal("OAUTHBEARER") == "\x01"


def test_a_name_can_not_break_out_of_its_place() -> None:
    assert bearer("a,b=c@example.com").said("OAUTHBEARER").startswith("n,a=a=2Cb=3Dc@example.com,\x01")


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (["PLAIN", "OAUTHBEARER", "XOAUTH2"], "XOAUTH2"),
        (["PLAIN", "OAUTHBEARER"], "OAUTHBEARER"),
        (["PLAIN", "LOGIN"], ""),
        ([], ""),
    ],
)
def test_a_mechanism_is_taken_that_the_server_offers(offered: list[str], taken: str) -> None:
    assert mechanism_of(offered) == taken


def test_no_token_stands_where_somebody_prints_it() -> None:
    assert "secret-token" not in repr(bearer())
