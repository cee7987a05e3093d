"""What looks as if somebody dragged it in out of an archive."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from pipeline.guard.dragged import AT_ONCE, MANY, Dragged, looks_old
from tests.samples import NOON, mail

DAY = timedelta(days=1)
FRESH = f"from mx.example.org by mx.example.com; {NOON:%a, %d %b %Y %H:%M:%S} +0000"
OLD = f"from mx.example.org by mx.example.com; {NOON - 9 * DAY:%a, %d %b %Y %H:%M:%S} +0000"


@pytest.mark.parametrize(
    ("written", "received", "old"),
    [
        (NOON - DAY, (), False),
        (NOON - 9 * DAY, (), False),  # only the sender's clock says so
        (NOON - 40 * DAY, (), True),
        (NOON - 9 * DAY, (OLD,), True),
        (NOON - 400 * DAY, (FRESH, OLD), False),  # delivered just now: a wrong clock, or a server that was away
        (NOON - DAY, (OLD,), False),
        (NOON - 40 * DAY, ("nonsense",), True),
        (NOON - 40 * DAY, ("x; Mon, 99 Foo 99999999999999 99:99:99 +9999",), True),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), ("x; 1 Jan 0001 00:00:00 +1400",), True),
        (None, (), False),
    ],
)
def test_what_was_delivered_long_ago_looks_old(written: object, received: tuple[str, ...], old: bool) -> None:
    headers = {"received": list(received)} if received else {}
    assert looks_old(mail(sent=written, headers=headers), NOON, 3 * DAY) is old


def test_only_many_at_once_are_dragged_in_and_a_mail_that_is_judged_twice_counts_once() -> None:
    lately = Dragged()
    assert not lately.among([f"m{number}" for number in range(MANY - 1)], NOON)
    assert not lately.among(["m0", "m1"], NOON)
    assert not lately.among([], NOON)
    assert lately.among([f"m{MANY}"], NOON + AT_ONCE / 2)
    assert not lately.among(["other"], NOON + 2 * AT_ONCE)
