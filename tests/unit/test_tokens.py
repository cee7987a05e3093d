"""References and keyed tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.tokens import REF, Signer, normalise_ref
from tests.samples import NOON

SIGNER = Signer(b"a key")


def test_the_same_content_gives_the_same_reference_and_another_key_another_one() -> None:
    assert SIGNER.ref("abc") == SIGNER.ref("abc")
    assert SIGNER.ref("abc") != Signer(b"other key").ref("abc")
    assert SIGNER.ref("abc") != SIGNER.ref("abc", attempt=1)
    assert REF.fullmatch(SIGNER.ref("abc"))


def test_references_of_one_day_begin_alike() -> None:
    refs = {SIGNER.ref(f"2026-11-18 {number}") for number in range(500)}
    assert len({ref[2:] for ref in refs}) == 500
    assert {ref[:2] for ref in refs} == {"K2"}
    assert SIGNER.ref("2026-11-19 1")[:2] == "K3"


def test_references_without_a_date_lie_anywhere() -> None:
    assert len({SIGNER.ref(str(number))[:2] for number in range(500)}) > 300


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("7K3M-9QTX", "7K3M-9QTX"),
        ("7k3m9qtx", "7K3M-9QTX"),
        (" 7k3m 9qtx ", "7K3M-9QTX"),
        ("OIL0-1111", "0110-1111"),
        ("7K3M-9QT", ""),
        ("7K3M-9QTU", ""),
        ("", ""),
    ],
)
def test_a_reference_is_understood_as_people_type_it(typed: str, ref: str) -> None:
    assert normalise_ref(typed) == ref


def test_a_token_proves_its_reference() -> None:
    ref = SIGNER.ref("abc")
    message_id = SIGNER.message_id(ref, "ack", "firstline.example.com")
    assert SIGNER.verify(message_id) == ref
    assert SIGNER.verify(f"> see {message_id.upper()} below") == ref


def test_a_forged_token_proves_nothing() -> None:
    token = SIGNER.token("7K3M-9QTX", "ack")
    assert SIGNER.verify(token[:-1] + ("0" if token[-1] != "0" else "1")) == ""
    assert SIGNER.verify(token.replace("ack", "bye")) == ""
    assert SIGNER.verify(Signer(b"other").token("7K3M-9QTX", "ack")) == ""
    assert SIGNER.verify("7K3M-9QTX.ack." + "0" * 20) == ""


def test_a_forged_token_does_not_hide_a_true_one() -> None:
    text = f"7K3M-9QTX.ack.{'0' * 20} {SIGNER.token('7K3M-9QTX', 'ack')}"
    assert SIGNER.verify(text) == "7K3M-9QTX"


def test_a_link_says_what_it_is_about_and_until_when() -> None:
    link = SIGNER.read_link("status", SIGNER.link("status", "7K3M-9QTX", NOON))
    assert link is not None
    assert (link.subject, link.expires) == ("7K3M-9QTX", NOON)


def test_a_link_is_good_for_one_purpose_one_subject_and_one_time() -> None:
    link = SIGNER.link("status", "7K3M-9QTX", NOON)
    longer = SIGNER.link("status", "7K3M-9QTX", NOON + timedelta(days=1)).split(".")[1]
    subject, until, mac = link.split(".")
    for forged in (
        f"7K3M-9QTY.{until}.{mac}",
        f"{subject}.{longer}.{mac}",
        f"{subject}.{until}.{mac[::-1]}",
        f"{subject}.{until}",
        link + "0",
        f" {link}",
        "",
        Signer(b"other").link("status", "7K3M-9QTX", NOON),
    ):
        assert SIGNER.read_link("status", forged) is None, forged
    assert SIGNER.read_link("survey", link) is None


def test_a_token_tells_its_purpose_too() -> None:
    assert SIGNER.read(SIGNER.message_id("7K3M-9QTX", "csat", "firstline.example.com")) == ("7K3M-9QTX", "csat")
    assert SIGNER.read("nothing of ours") == ("", "")
