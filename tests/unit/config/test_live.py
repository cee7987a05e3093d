"""What of a changed configuration counts at once, and what is said to wait for a restart."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.config.live import taken_up
from pipeline.errors import ConfigError
from tests.samples import config, table

Table = dict[str, Any]


def changed(change: Callable[[Table], object]) -> Any:
    tables = copy.deepcopy(table())
    change(tables)
    return config(**tables)


def set_in(*keys: str, value: object) -> Callable[[Table], object]:
    def change(tables: Table) -> None:
        for key in keys[:-1]:
            tables = tables.setdefault(key, {})
        tables[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    "keys",
    [
        ("topics", "delivery", "owner"),
        ("topics", "warranty", "owner"),
        ("mailbox", "support", "topics", "delivery", "owner"),
    ],
)
def test_topics_count_at_once(keys: tuple[str, ...]) -> None:
    fresh = changed(set_in(*keys, value="new@example.com"))
    found, waiting = taken_up(config(), fresh)
    assert waiting == ()
    assert found == fresh
    assert found.situations == fresh.situations


def test_grants_and_the_calendar_count_at_once() -> None:
    fresh = config(grants={"gift": {"title": {"en": "a gift"}}}, calendar={"hours": "Mon 10:00-11:00"})
    found, waiting = taken_up(config(), fresh)
    assert (found, waiting) == (fresh, ())


def test_where_nothing_live_has_changed_all_stays_the_same_object() -> None:
    old = config()
    assert taken_up(old, config()) == (old, ())
    found, _ = taken_up(old, changed(set_in("smtp", "username", value="other")))
    assert found is old


@pytest.mark.parametrize(
    ("keys", "value", "named"),
    [
        (("smtp", "username"), "other", "smtp.username"),
        (("smtp", "from"), "Other <o@example.com>", "smtp.from"),
        (("mailbox", "support", "poll"), "5s", "mailbox.support.poll"),
        (("mailbox", "second"), {"host": "h", "username": "u", "password": {"env": "X"}}, "mailbox.second"),
        (("replies", "company"), "Other Ltd", "replies.company"),
        (("guard", "limit_sender"), "5 per 1d", "guard.limit_sender"),
        (("mailbox", "support", "password"), {"env": "OTHER_SECRET"}, "mailbox.support.password.env"),
        (("trackers", "dev"), {"kind": "webhook", "url": "https://x.example", "token": {"env": "X"}}, "trackers.dev"),
    ],
)
def test_what_needs_a_restart_is_named_and_does_not_count(keys: tuple[str, ...], value: object, named: str) -> None:
    fresh = changed(
        lambda tables: [
            set_in(*keys, value=value)(tables),
            set_in("topics", "delivery", "owner", value="n@x.fi")(tables),
        ]
    )
    found, waiting = taken_up(config(), fresh)
    assert waiting == (named,)
    assert "OTHER_SECRET" not in str(waiting)
    assert found.topics["delivery"].owner == "n@x.fi"
    assert (found.smtp, found.replies, found.guard, found.trackers) == (
        config().smtp,
        config().replies,
        config().guard,
        config().trackers,
    )
    assert found.mailbox == config().mailbox


def test_a_topic_that_needs_what_is_not_live_waits_with_it() -> None:
    tracker = {"kind": "webhook", "url": "https://x.example", "token": {"env": "X"}}
    fresh = changed(lambda tables: tables.update(trackers={"dev": tracker}, topics={"delivery": {"tracker": "dev"}}))
    with pytest.raises(ConfigError, match=r"needs a restart: .*trackers\.dev"):
        taken_up(config(), fresh)
