"""The text of config.toml with other values in it; comments, order and all else stay as they are.

Raises UsageError where a change can't be made so: then the file is for a person to edit, and nothing was written.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Comment, Item, Table, Whitespace

from pipeline.errors import UsageError
from pipeline.records.setting import SettingPlace, SettingValue, SettingValues

_STRINGS_AND_COMMENTS = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+"{3,5}|'
    r"'''(?:[^']|'(?!''))*+'{3,5}|"
    r'""".*|'
    r"'''.*|"
    r'"(?:[^\\"\n]|\\.)*+"|'
    r"'[^'\n]*+'|[\"'][^\n]*|#[^\n]*",
    re.DOTALL,
)  # possessive, and what does not end is taken whole: no text makes it look twice
_BY_HAND = "change it in the file itself"


def values_at(text: str, place: SettingPlace) -> dict[str, Any]:  # Any: whatever TOML holds
    """What is written there, which may be nothing."""
    found: Any = tomllib.loads(text)
    for key in place.keys:
        found = found.get(key, {})
    return dict(found)


def changed(text: str, place: SettingPlace, values: SettingValues) -> str:
    """The text with these keys so; None takes a key out, and a table of which nothing is left goes, too."""
    wanted = _expected(text, place, values)
    try:
        fresh = _edited(text, place, values)
        well = tomllib.loads(fresh) == wanted and comments(fresh) == comments(text)
    except (TOMLKitError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"the file is written in a way that is not understood: {error}", remedy=_BY_HAND) from error
    if not well:
        raise UsageError("a comment in the file, or something else, would not stay as it is", remedy=_BY_HAND)
    return fresh


def comments(text: str) -> list[str]:
    """All of them, in order."""
    return [found[0].rstrip() for found in _STRINGS_AND_COMMENTS.finditer(text) if found[0].startswith("#")]


def _expected(text: str, place: SettingPlace, values: SettingValues) -> dict[str, Any]:
    """What the file has to say afterwards, worked out without the text."""
    whole = copy.deepcopy(tomllib.loads(text))
    at: dict[str, Any] = whole
    for key in place.keys:
        at = at.setdefault(key, {})
    at |= {key: value for key, value in values.items() if value is not None}
    for key in [key for key, value in values.items() if value is None]:
        at.pop(key, None)
    if not at and place.name:
        del whole[place.table][place.name]
        if not whole[place.table]:
            del whole[place.table]
    return whole


def _edited(text: str, place: SettingPlace, values: SettingValues) -> str:
    document = tomlkit.parse(text)
    table = _table_at(document, place)
    if table is None:
        return _with_table(document, place, values)
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif key in table:
            table[key] = _item(value)
        else:
            tail = _cut_tail(table.value)
            table.append(key, _item(value))
            table.value.body.extend(tail)
    if place.name and not table:
        return _without_table(document, place)
    return tomlkit.dumps(document)


def _table_at(document: tomlkit.TOMLDocument, place: SettingPlace) -> Table | None:
    at: Any = document
    for key in place.keys:
        at = at.get(key)
        if at is None:
            return None
        if not isinstance(at, Table):
            raise UsageError(f"the tables of [{place.table}] stand apart in the file", remedy=_BY_HAND)
    return at  # type: ignore[no-any-return]  # at is a Table: there is at least one key


def _with_table(document: tomlkit.TOMLDocument, place: SettingPlace, values: SettingValues) -> str:
    """A new one: after the last of its kind, before what stands between that and the next one; else at the end."""
    fresh = tomlkit.table()
    for key, value in values.items():
        if value is not None:
            fresh.append(key, _item(value))
    group = document.get(place.table)
    if not place.name or group is None:
        outer = fresh if not place.name else tomlkit.table(is_super_table=True).append(place.name, fresh)
        return f"{tomlkit.dumps(document).rstrip()}\n\n{tomlkit.dumps({place.table: outer})}"
    tail = _cut_tail(_last(group))
    _last(group).body.append((None, Whitespace("\n")))
    group.append(place.name, fresh)
    fresh.value.body.extend(tail)
    return tomlkit.dumps(document)


def _without_table(document: tomlkit.TOMLDocument, place: SettingPlace) -> str:
    """What follows it in the file belongs to the next one, and stays."""
    group: Any = document[place.table]
    tail = _cut_tail(group[place.name].value)
    names = list(group)
    if names == [place.name]:
        document.remove(place.table)
        return f"{tomlkit.dumps(document).rstrip()}\n"
    before = names[names.index(place.name) - 1] if names[0] != place.name else ""
    del group[place.name]
    if before:
        left = group[before].value
        _cut_tail(left)
        left.body.extend(tail)
    return tomlkit.dumps(document)


def _last(group: Any) -> Container:  # Any: a table whose values are tables
    return group[list(group)[-1]].value  # type: ignore[no-any-return]


def _cut_tail(container: Container) -> list[tuple[None, Item]]:
    """Empty lines and comments after the last key: tomlkit counts what stands before the next table as of this one."""
    tail: list[tuple[None, Item]] = []
    while container.body and container.body[-1][0] is None and isinstance(container.body[-1][1], Comment | Whitespace):
        tail.insert(0, container.body.pop())  # type: ignore[arg-type]
    return tail


def _item(value: SettingValue) -> Item:
    return tomlkit.value(_literal(value))


def _literal(value: SettingValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # a basic string of TOML, as nothing unprintable comes here
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_literal(text)}' for key, text in value.items())} }}" if value else "{}"
    return f"[{', '.join(_literal(one) for one in value)}]"
