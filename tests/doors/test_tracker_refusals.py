"""Whose fault a tracker's refusal is: of one ticket, which stops alone, or of us; and limits told in words only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.clock import FakeClock
from pipeline.engine.workers.file import Filer
from pipeline.wiring.live_doors import LiveDoors
from tests.filed import complain, doors_with, filer_of, states, timeline
from tests.servers.tracker_apis import Told
from tests.servers.tracker_kinds import GitHub

ISSUE = "/api/v3/repos/acme/support/issues/1"
REFUSALS = {
    "not allowed": Told(403, {"message": "Resource not accessible by personal access token"}),
    "moved": Told(301, {"message": "Moved Permanently"}, {"Location": "https://api.example.net/issues/7"}),
    "gone": Told(404, {"message": "Not Found"}),
}


@pytest.fixture
def github() -> Iterator[GitHub]:
    server = GitHub()
    yield server
    server.stop()


@pytest.fixture
def doors(github: GitHub, tmp_path: Path) -> Iterator[LiveDoors]:
    """With two complaints that are filed."""
    made = doors_with(tmp_path, {"kind": "github", "url": github.url, "project": "acme/support"})
    complain(made, 1)
    complain(made, 2)
    filer_of(made).drain()
    yield made
    made.close()


def later(doors: LiveDoors, span: timedelta = timedelta(minutes=6)) -> Filer:
    assert isinstance(doors.clock, FakeClock)
    doors.clock.pass_by(span)
    filer = filer_of(doors)
    filer.drain()
    return filer


@pytest.mark.parametrize("how", REFUSALS)
def test_what_is_refused_of_one_ticket_stops_only_that_one(doors: LiveDoors, github: GitHub, how: str) -> None:
    github.about[ISSUE] = REFUSALS[how]
    complain(doors, 3, about="AAAA-0001")  # a comment there
    complain(doors, 4)
    github.said["2"].append(
        {
            "id": 1,
            "created_at": "2026-11-22T10:00:00Z",
            "user": {"login": "a"},
            "author_association": "MEMBER",
            "body": "Done.",
        }
    )
    filer = later(doors)
    assert filer.unreachable == ""
    assert "4" not in github.issues
    assert len(github.issues) == 3
    assert ("comment", "github", "a: Done.") in timeline(doors, "AAAA-0002")  # the others are followed
    assert {key.partition(":")[0] for key, state in states(doors).items() if state != "done"} == {"AAAA-0003"}

    asked = len(github.log)
    for _ in range(24):
        later(doors, timedelta(hours=1))
    assert len(github.log) - asked < 24 * 25


def test_it_goes_on_when_it_is_allowed_again(doors: LiveDoors, github: GitHub) -> None:
    github.about[ISSUE] = REFUSALS["not allowed"]
    complain(doors, 3, about="AAAA-0001")
    later(doors)
    github.about.clear()
    later(doors)
    assert len(github.said["1"]) == 1
    assert set(states(doors).values()) == {"done"}


def test_a_refusal_for_ever_has_an_end_and_is_shown(doors: LiveDoors, github: GitHub) -> None:
    github.about[ISSUE] = REFUSALS["not allowed"]
    complain(doors, 3, about="AAAA-0001")
    for _ in range(24 * 6):
        later(doors, timedelta(hours=1))
    assert states(doors)["AAAA-0003:comment"] == "failed"


@pytest.mark.parametrize("how", ["not allowed", "moved"])
def test_what_is_refused_of_everything_is_about_us(doors: LiveDoors, github: GitHub, how: str) -> None:
    github.about["/api/v3/repos/acme/support"] = REFUSALS[how]
    complain(doors, 3)
    filer = later(doors)
    assert ("does not accept our token" if how == "not allowed" else "it sends us to") in filer.unreachable
    assert sorted(states(doors).values()) == ["done", "done", "waiting"]
    github.about.clear()
    later(doors)
    assert set(states(doors).values()) == {"done"}


def test_a_limit_that_only_the_words_tell_of_is_waited_for(doors: LiveDoors, github: GitHub) -> None:
    github.about["/api"] = Told(
        403, {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
    )
    complain(doors, 3)
    filer = later(doors)
    assert "asks for a pause" in filer.unreachable
    assert 60 <= filer.backoff.remaining(doors.clock.monotonic()) <= 61
