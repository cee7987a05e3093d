"""References and keyed tokens."""

from __future__ import annotations

import pytest

from pipeline.tokens import REF, Signer, normalise_ref

SIGNER = Signer(b"a key")


def test_the_same_content_gives_the_same_reference_and_another_key_another_one() -> None:
    assert SIGNER.ref("abc") == SIGNER.ref("abc")
    assert SIGNER.ref("abc") != Signer(b"other key").ref("abc")
    assert SIGNER.ref("abc") != SIGNER.ref("abc", attempt=1)
    assert REF.fullmatch(SIGNER.ref("abc"))


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
