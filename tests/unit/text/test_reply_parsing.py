"""The quotation and signature cases of three known projects, where they are at hand (../shared/data/reply_parsing)."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.parse import message
from pipeline.text import clean, html, quotes

CASES = Path(__file__).resolve().parents[4] / "shared" / "data" / "reply_parsing"

# What we do otherwise, and why. `test_…_still_not_met` sees to it that nothing stands here that is met.
OTHERWISE = {
    "standard_replies/iphone.eml": "keeps 'Sent from my iPhone', which another of the projects cuts, like we do",
    "standard_replies/outlook.eml": "names no mail that it answers: what hangs below may be what the writer passes on",
    "standard_replies/sparrow.eml": "keeps what follows '-- '",
}


def _cases() -> list[dict[str, Any]]:
    expected = CASES / "expected.jsonl"
    return [json.loads(line) for line in expected.read_text().splitlines()] if expected.exists() else []


pytestmark = pytest.mark.skipif(not _cases(), reason="../shared/data/reply_parsing is not there")


def _reply(case: dict[str, Any]) -> str:
    file = CASES / case["project"] / case["file"]
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    if case.get("input", "").startswith("message/rfc822"):
        return message.parse(raw).text
    content = raw.decode("utf-8", "replace")
    text = html.html_to_text(content) if case.get("input") == "text/html" else clean.tidy(content)
    return quotes.read(text, quotes.Context(writer=frozenset(filter(None, [case.get("sender", "").lower()])))).new


def _unmet(case: dict[str, Any]) -> list[str]:
    """What of a case is not met."""
    began = time.thread_time()
    reply = _reply(case)
    took = time.thread_time() - began
    bare = "".join(reply.split())
    checks = {
        "exact": reply == case.get("reply_exact", reply),
        "exact but for white space": bare == "".join(case.get("reply_exact_ignoring_whitespace", bare).split()),
        "contains": all(wanted in reply for wanted in case.get("reply_contains", [])),
        "excludes": not any(unwanted in reply for unwanted in case.get("reply_excludes", [])),
        "time": took < case.get("max_seconds", 1),
        "signature": "signature_exact" not in case or _without_signature(case, reply),
    }
    return [name for name, met in checks.items() if not met]


def _without_signature(case: dict[str, Any], reply: str) -> bool:
    """No line of the signature is left; where there is none, nothing is cut."""
    lines = [line.removeprefix("#sig#").strip() for line in case["signature_exact"].splitlines()]
    if not lines:
        return reply == clean.tidy((CASES / case["project"] / case["file"]).read_text())
    return not any(line in reply for line in lines if line)


def _listed(case: dict[str, Any]) -> bool:
    return any(case["file"].endswith(name) for name in OTHERWISE)


@pytest.mark.parametrize("case", [case for case in _cases() if not _listed(case)], ids=lambda case: case["file"])
def test_a_known_reply_is_cut_as_its_project_expects(case: dict[str, Any]) -> None:
    assert not _unmet(case), _reply(case)[:500]


@pytest.mark.parametrize("case", [case for case in _cases() if _listed(case)], ids=lambda case: case["file"])
def test_what_we_do_otherwise_is_still_not_met(case: dict[str, Any]) -> None:
    assert _unmet(case), "met by now: take it off the list"
