"""What people type and attach: cleaned where nothing is lost, else refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.text import typed


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("Hello\r\nyou\rthere\u2028end", "Hello\nyou\nthere\nend"),
        ("\n\n  Hello  \n\n", "  Hello"),
        ("a\0b\x1b[31mc\x7f", "ab[31mc"),
        ("pay \u202egpj.exe\u202c \u2066now\u2069", "pay gpj.exe now"),
        ("\ufeffx\u200by", "xy"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),  # a picture of two people
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian needs it
        ("a\tb", "a\tb"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_a_text_has_nothing_unseen_in_it(said: str, clean: str) -> None:
    assert typed.clean_text(said) == clean


@given(st.text())
def test_a_clean_text_is_clean(said: str) -> None:
    clean = typed.clean_text(said)
    assert typed.clean_text(clean) == clean
    assert not set(clean) & set("\0\r\u202e\u2066")
    clean.encode()


@pytest.mark.parametrize("subject", ["a\nb", "a\r\nBcc: x@example.org", "a\u2028b", "a\x0bb", "x" * 201])
def test_a_subject_is_one_line(subject: str) -> None:
    with pytest.raises(UsageError):
        typed.clean_subject(subject)


def test_a_subject_loses_what_is_not_seen() -> None:
    assert typed.clean_subject("  A\0 \u202e B ") == "A B"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("slip.pdf", "slip.pdf"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\slip.pdf", "slip.pdf"),
        ("C:\\slip.pdf", "slip.pdf"),
        ("../..", "file"),
        ("...", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("a\r\nX-Evil: 1.pdf", "a _X-Evil_ 1.pdf"),
        ('a"b.pdf', "a_b.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("Füße 文.png", "Füße 文.png"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
    ],
)
def test_a_name_of_a_file_leads_nowhere_and_hides_nothing(name: str, clean: str) -> None:
    assert typed.file_name(name) == clean


@given(st.text())
def test_every_name_becomes_one_that_can_be_sent(name: str) -> None:
    clean = typed.file_name(name)
    assert 0 < len(clean) <= typed.LONGEST_NAME
    assert not set(clean) & set('/\\"\r\n\0')
    assert not clean.startswith(".")


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        ("image/PNG; name=x", "image/png"),
        ("text/html", typed.OTHER_TYPE),
        ("image/svg+xml", typed.OTHER_TYPE),
        ("application/x-msdownload", typed.OTHER_TYPE),
        ("message/rfc822", typed.OTHER_TYPE),
        ("text/plain\r\nX: 1", typed.OTHER_TYPE),
        ("", typed.OTHER_TYPE),
    ],
)
def test_only_harmless_types_are_named(declared: str, sent: str) -> None:
    assert typed.file_type(declared) == sent
