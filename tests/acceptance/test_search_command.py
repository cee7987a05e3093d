"""firstline search, as a person or a program meets it."""

from __future__ import annotations

import pytest

from tests.acceptance.test_commands import COMPLAINT, clever, desk  # noqa: F401  (fixtures)
from tests.desk import Desk, letter
from tests.servers.pymap_server import PymapServer


@pytest.fixture
def busy(clever: Desk, pymap: PymapServer) -> Desk:  # noqa: F811
    """A complaint of Eve's, and two questions about parcels."""
    for data in (COMPLAINT, letter(1), letter(2)):
        pymap.deliver(data, user=clever.username)
    clever.run("once")
    return clever


def test_a_mail_is_found_by_words_address_and_reference(busy: Desk) -> None:
    (hit,) = busy.jsonl("search", "disappointing")
    assert (hit["from"], hit["subject"], hit["status"]) == ("eve@example.org", "Where is my parcel?", "open")
    assert hit["found"] == ["disappointed"]
    assert "really disappointed with" in hit["snippet"]
    for words in (["eve@example.org"], [hit["ticket"]], [hit["ticket"].lower().replace("-", "")]):
        assert hit["mail"] in [one["mail"] for one in busy.jsonl("search", *words)]
    assert len(busy.jsonl("search", "parcel")) == 3
    assert len(busy.jsonl("search", "parcel", "--limit", "2")) == 2
    complaints, others = (
        {one["mail"] for one in busy.jsonl("search", "parcel", "--limit", "0", "--complaint", word)}
        for word in ("yes", "no")
    )
    assert hit["mail"] in complaints
    assert (len(complaints | others), complaints & others) == (3, set())
    with_ticket = busy.jsonl("search", "parcel", "--limit", "0", "--complaint", "yes", "--ticket", "yes")
    assert {one["mail"] for one in with_ticket} == complaints
    assert busy.jsonl("search", "parcel", "--owner", "nobody@example.com") == []
    assert busy.jsonl("search", "parcel", "--until", "2020-01-01") == []


def test_a_person_reads_a_table_with_the_words_in_brackets(busy: Desk) -> None:
    shown = busy.run("search", "disgraceful", "parcel").stdout
    assert "[disgrace]" in shown
    assert "nothing was found" in busy.run("search", "elephant").stdout


def test_a_comment_is_found_at_once(busy: Desk) -> None:
    (complaint,) = busy.jsonl("ticket", "list", "--owner", "logistics@example.com", "--limit", "1")
    busy.run("ticket", "comment", complaint["ref"], "She likes elephants", "--as", "anna")
    (hit,) = busy.jsonl("search", "elephant")
    assert (hit["mail"], hit["ticket"], hit["from"]) == ("", complaint["ref"], "anna")


def test_what_can_not_be_looked_for_is_wrong_use(busy: Desk) -> None:
    for words, said in (
        (["?!"], "no word to look for"),
        (["--status", "lost"], "one of open"),
        (["--complaint", "perhaps"], "--complaint yes"),
        (["x" * 2000], "too long"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "empty"),
    ):
        done = busy.run("search", *words, expect=2)
        assert said in done.stderr, done.stderr
        assert done.stdout == ""
