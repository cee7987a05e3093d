"""A short crash campaign with a tracker; `python -m bench.crash_tracker` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import crash, crash_tracker
from bench.crash_child import TRACKER_POINTS
from tests.servers.dovecot import Dovecot
from tests.servers.roundup import Roundup

SHORT = (
    *("a request sent, answer not understood", "opened, not noted", "commented, not noted"),
    *("filed and noted, not committed", crash.AT_ANY_MOMENT),
)


@pytest.mark.timeout(900)  # beside much other work
def test_killed_while_filing_no_ticket_is_missing_and_none_is_there_twice(dovecot: Dovecot, tmp_path: Path) -> None:
    with Roundup() as roundup, crash_tracker.campaign(tmp_path / "desk", dovecot, roundup) as running:
        for point in SHORT:
            crash_tracker.kill(running, point)
        found = crash_tracker.settle(running, roundup)
    assert found.kills == len(SHORT)
    assert found.tickets >= len(SHORT)
    assert found.broken == []


def test_every_named_point_is_a_place_in_the_program() -> None:
    for name, point in TRACKER_POINTS.items():
        assert callable(getattr(point.owner, point.name)), name
