"""What the desk says: every language has all of it."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from pipeline.web.desk.translations import CATALOGUES, LANGUAGES

others = pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])


@pytest.fixture(scope="module")
def found() -> set[object]:
    """All texts that stand in the code."""
    with (CATALOGUES / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, _ = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    words = {"_": None, "N_": None, "say": None, "count": (1, 2), "ngettext": (1, 2)}
    texts = extract_from_dir(str(CATALOGUES.parent.parent), methods, keywords=words)
    return {text for _, _, text, _, _ in texts if text}


def _read(language: str) -> dict[object, Message]:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return {one.id: one for one in read_po(file, locale=language) if one.id}


@others
def test_every_text_is_translated(found: set[object], language: str) -> None:
    known = _read(language)
    missing = [one for one in found if one not in known or not all(_texts(known[one].string))]
    assert missing == [], "make messages, then translate"
    assert set(known) <= found, "make messages"


@others
def test_a_translation_has_the_same_gaps(language: str) -> None:
    for one in _read(language).values():
        wanted = set(re.findall(r"%\(\w+\)s", "".join(_texts(one.id))))
        for text in _texts(one.string):
            assert set(re.findall(r"%\(\w+\)s", text)) | {"%(num)s"} >= wanted, text
            assert set(re.findall(r"%\(\w+\)s", text)) <= wanted, text


def _texts(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)
