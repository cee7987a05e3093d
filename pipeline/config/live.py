"""Which tables of config.toml a running process takes up, and which wait for its restart: decided here alone.

Live is what each mail asks for anew. What doors were opened with, or threads started for, is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from pipeline.config.settings import Config
from pipeline.config.values import Section
from pipeline.errors import ConfigError

LIVE = ("topics", "grants", "calendar")  # of the file itself
LIVE_OF_MAILBOX = ("topics", "calendar")  # of [mailbox.NAME]


def taken_up(old: Config, fresh: Config) -> tuple[Config, tuple[str, ...]]:
    """What counts from now on, which is `old` itself where nothing live has changed; and the keys that wait.

    Raises ConfigError where what is live needs what is not: a topic whose tracker is new.
    """
    merged = _merged(old, fresh)
    waiting = tuple(_differing(merged, fresh, ""))
    return (old if merged == old else merged), waiting


def _merged(old: Config, fresh: Config) -> Config:
    """Checked as a whole: its parts were so only beside others."""
    boxes = {
        name: box.model_copy(update={key: getattr(fresh.mailbox[name], key) for key in LIVE_OF_MAILBOX})
        if name in fresh.mailbox
        else box
        for name, box in old.mailbox.items()
    }
    values = {name: getattr(old, name) for name in Config.model_fields}
    values |= {name: getattr(fresh, name) for name in LIVE} | {"mailbox": boxes}
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        remedy = "start Firstline again, or send it SIGHUP"
        raise ConfigError(f"needs a restart: {why}", where=str(old.path), remedy=remedy) from None


def _differing(one: Section, other: Section, place: str) -> Iterator[str]:
    """The keys whose values are not the same; never the values."""
    for name, field in type(one).model_fields.items():
        key = f"{place}{field.alias or name}"
        yield from _unlike(getattr(one, name), getattr(other, name), key) if name != "path" else ()


def _unlike(one: object, other: object, key: str) -> Iterator[str]:
    if one == other:
        return
    if isinstance(one, Section) and isinstance(other, Section) and type(one) is type(other):
        yield from _differing(one, other, f"{key}.")
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in {**one, **other}:
            yield from _unlike(one.get(name), other.get(name), f"{key}.{name}")
    else:
        yield key
