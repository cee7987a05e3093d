"""The text of config.toml with other values in it: comments stay, and what was changed back is as it was."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

import pytest

from pipeline.desk.settings.keys import ValueKind, kinds_of, place_named, value_of
from pipeline.desk.settings.toml_text import changed, comments, values_at
from pipeline.errors import UsageError
from pipeline.records.setting import SettingPlace, SettingValue
from tests.desk import ROOT

SHIPPED = (ROOT / "config.toml").read_text(encoding="utf-8")
PLACES = [  # the first topic, which writes all keys, one in the middle, the last one, and the others
    *(SettingPlace(table="topics", name=name) for name in ("order", "delivery", "other")),
    SettingPlace(table="grants", name="voucher-10"),
    SettingPlace(table="calendar"),
]
OTHER: dict[ValueKind, SettingValue] = {
    ValueKind.TEXT: 'a "text" # no comment',
    ValueKind.TRUTH: False,
    ValueKind.LIST: ["one", "two, three"],
    ValueKind.WORDS: {"en": "it's", "sv": "Å \\"},
}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.section)
def test_each_key_changed_and_changed_back_leaves_the_same_bytes(place: SettingPlace) -> None:
    for key, kind in kinds_of(place.table).items():
        was = values_at(SHIPPED, place).get(key)
        other = changed(SHIPPED, place, {key: OTHER[kind]})
        assert values_at(other, place)[key] == OTHER[kind]
        assert comments(other) == comments(SHIPPED)
        assert len(set(SHIPPED.splitlines()) ^ set(other.splitlines())) <= 2, "only its own line"
        assert changed(other, place, {key: was}) == SHIPPED


@pytest.mark.parametrize("table", ["topics", "grants"])
def test_a_new_table_stands_after_the_last_of_its_kind_and_goes_without_a_trace(table: str) -> None:
    place = SettingPlace(table=table, name="warranty claim")
    other = changed(SHIPPED, place, {"title": {"en": "your claim"}})
    assert list(tomllib.loads(other)[table])[-1] == "warranty claim"
    assert comments(other) == comments(SHIPPED)
    assert changed(other, place, {"title": None}) == SHIPPED


PLACE = SettingPlace(table="topics", name="a")
ODD = {
    "the table is not there": "[smtp]\nhost = 'x' # c\n",
    "the last line has no end": "[topics.a]\nowner = 'x' # why",
    "windows lines": "[topics.a] # one\r\nowner = 'x' # two\r\n\r\n# three\r\n[calendar]\r\n",
    "a key in quotes": '[topics."a"]\n"owner" = \'x\'\n',
    "dotted keys": "[topics]\na.owner = 'x' # c\n",
    "a sign of a comment in texts": '[topics.a]\nowner = "#1" # 2\nproject = """\n# no "comment" \\"""" # 3\n',
    "one inside the other": "topics = { a = { owner = 'x' } } # c\n",
    "standing apart": "[topics.a]\nowner = 'x'\n[smtp]\nhost = 'y' # c\n[topics.b]\n# d\nowner = 'z'\n",
    "a list over several lines": "[topics.a]\nlabels = [\n  'x', # why\n]\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("values", [{"owner": "n"}, {"priority": "low"}, {"labels": ["l"]}])
def test_an_odd_file_is_changed_right_or_not_at_all(text: str, values: dict[str, SettingValue]) -> None:
    try:
        other = changed(text, PLACE, values)
    except UsageError:  # what it says stands in the next test
        return
    wanted = tomllib.loads(text)
    wanted.setdefault("topics", {}).setdefault("a", {}).update(values)
    assert tomllib.loads(other) == wanted
    assert comments(other) == comments(text)


def test_a_comment_inside_a_list_is_never_lost() -> None:
    with pytest.raises(UsageError, match=r"(?s)comment.*in the file itself"):
        changed(ODD["a list over several lines"], PLACE, {"labels": ["x", "y"]})


@pytest.mark.parametrize(
    "text", ['"' * 50_000, "'" * 50_001, '"""' + '\\"' * 40_000, "#" * 90_000, '"' + "\\" * 60_001]
)
def test_comments_are_found_in_any_text_without_getting_lost(text: str) -> None:
    assert len(comments(text)) <= 1


@pytest.mark.parametrize(
    ("section", "key", "words", "value"),
    [
        ("topics.delivery", "owner", ["Anna  <anna@example.com>"], "Anna <anna@example.com>"),
        ("topics.delivery", "acknowledge", ["No"], False),
        ("topics.delivery", "labels", [], []),
        ("topics.delivery", "checklist", ["ask, then tell", ""], ["ask, then tell"]),
        ("grants.gift", "title", ["en=a gift = yours", "de=ein", "fi="], {"en": "a gift = yours", "de": "ein"}),
        ("calendar", "hours", ["Mon 09:00-17:00"], "Mon 09:00-17:00"),
    ],
)  # fmt: skip
def test_what_is_typed_for_a_key(section: str, key: str, words: Sequence[str], value: SettingValue) -> None:
    assert value_of(place_named(section), key, words) == value


@pytest.mark.parametrize(
    ("section", "key", "words"),
    [
        ("smtp", "host", ["x"]),
        ("calendar.x", "hours", ["x"]),
        ("topics", "owner", ["x"]),
        ("topics.", "owner", ["x"]),
        ("topics.a\x1bb", "owner", ["x"]),
        (f"topics.{'a' * 101}", "owner", ["x"]),
        ("topics.a", "password", ["x"]),
        ("topics.a", "owner", []),
        ("topics.a", "owner", ["x", "y"]),
        ("topics.a", "owner", ["x" * 501]),
        ("topics.a", "owner", ["x\x00"]),
        ("topics.a", "acknowledge", ["perhaps"]),
        ("topics.a", "title", ["English=x"]),
        ("topics.a", "title", ["x"]),
        ("topics.a", "labels", ["x"] * 101),
    ],
)
def test_what_can_not_be_a_value_is_refused_with_what_to_do(section: str, key: str, words: Sequence[str]) -> None:
    with pytest.raises(UsageError) as caught:
        value_of(place_named(section), key, words)
    assert caught.value.remedy
