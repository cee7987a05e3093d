"""A tracker in trouble for days: each complaint is filed once and in order, within a minute of its return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.desk.health import health
from pipeline.engine.schedule import _note_outbox
from pipeline.engine.shared import Engine
from pipeline.engine.workers.file import Filer
from pipeline.wiring.live_doors import LiveDoors
from tests.days import Days
from tests.filed import complain, doors_with, filer_of, states
from tests.lines import HOST, Line, expire, hang, refuse
from tests.samples import NOON
from tests.servers.certificates import Certificates
from tests.servers.proxy import Cut, Proxy
from tests.servers.tracker_kinds import GitHub

SECOND, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "hours", "days"))
BEGIN = NOON + 5 * SECOND


@dataclass
class Tracker(Line):
    """A tracker, the line to it, and who files over that."""

    github: GitHub
    secure: bool = False

    def begin_tls(self) -> None:
        self.context = self.certificates.server_context(HOST)
        self.github._server.socket = self.context.wrap_socket(self.github._server.socket, server_side=True)
        self.secure = True

    def show(self, certificate: Path, key: Path) -> None:
        self.context.load_cert_chain(certificate, key)

    def doors(self) -> LiveDoors:
        tls = {"ca_file": str(self.certificates.ca_file)} if self.secure else {}
        url = f"{'https' if self.secure else 'http'}://{HOST}:{self.proxy.port}"
        return doors_with(self.folder, {"kind": "github", "url": url, "project": "acme/support", **tls})


@pytest.fixture
def line(certificates: Certificates, tmp_path: Path) -> Iterator[Tracker]:
    github = GitHub()
    with Proxy(github._server.server_port) as proxy:
        yield Tracker(proxy, certificates, tmp_path, github)
    github.stop()


# --- troubles, and their ends -----------------------------------------------------------------------------------------


def reset(line: Tracker) -> None:
    """In the middle of every answer."""

    def hook(data: bytes) -> bytes:
        raise Cut(data[: len(data) // 2], reset=True)

    line.proxy.on_server = hook


def full(line: Tracker) -> None:
    """It can be read, but takes nothing."""
    line.github.always["write"] = "full"


def broken(line: Tracker) -> None:
    line.github.always |= {"read": "500-before", "write": "500-before"}


def closed(line: Tracker) -> None:
    line.github.always |= {"read": "503", "write": "503"}


def other_token(line: Tracker) -> None:
    line.github.token = "tok-new"


def well(line: Tracker) -> None:
    line.proxy.well()
    line.proxy.cut()
    line.github.always.clear()
    if line.secure:
        line.certify(expired=False)
    (line.folder / "right").write_text(line.github.token + "\n")


TROUBLES: dict[Callable[[Tracker], None], str] = {
    refuse: "closed unexpectedly",
    hang: "does not answer in time",
    reset: "closed unexpectedly",
    full: "a change was on its way: 507",
    broken: "500 it broke",
    closed: "asks for a pause: 503",
    expire: "certificate is not accepted",
    other_token: "does not accept our token",
}


def days_of(filer: Filer, line: Tracker, trouble: Callable[[Tracker], None], span: timedelta) -> Days:
    """Complaints come before, at the beginning, in the middle and near the end of it."""
    doors, end = filer.doors, BEGIN + span
    engine = Engine(doors, filers=[filer])

    def noted() -> str:
        _note_outbox(engine)  # as the scheduler does it every few seconds
        return str(doors.reading.passes()["tracker.github"].error)

    plan = [
        (NOON + SECOND, lambda: complain(doors, 1)),
        (BEGIN, lambda: trouble(line)),
        (BEGIN + SECOND, lambda: complain(doors, 2)),
        (BEGIN + 2 * SECOND, lambda: complain(doors, 3, about="AAAA-0001")),
        (BEGIN + span / 2, lambda: complain(doors, 4)),
        (end - 30 * SECOND, lambda: complain(doors, 5, about="AAAA-0001")),
        (end, lambda: well(line)),
    ]
    days = Days(doors.clock, BEGIN, end, plan, noted)  # type: ignore[arg-type]
    filer.wake, filer.stopped = days, days.is_over  # type: ignore[assignment]
    return days


def assert_each_is_filed_once_and_in_order(doors: LiveDoors, github: GitHub, *, in_doubt: bool) -> None:
    """What is in doubt holds up its own ticket only, so that one may come later."""
    assert set(states(doors).values()) == {"done"}
    titles = [issue["title"] for issue in github.issues.values()]
    assert (sorted(titles) if in_doubt else titles) == ["Parcel 1", "Parcel 2", "Parcel 4"]
    remarks = [one["body"].splitlines()[-1] for one in github.said["1"]]
    assert remarks == ["firstline-AAAA-0003-comment", "firstline-AAAA-0005-comment"]
    assert not github.said["2"] + github.said["3"]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_after_days_of_trouble_each_complaint_is_filed_once_in_order_and_within_a_minute(
    line: Tracker, trouble: Callable[[Tracker], None]
) -> None:
    if trouble is expire:
        line.begin_tls()
    doors = line.doors()
    usual = doors.config.tracker.timeout
    if trouble is hang:  # each try takes so long: less than can be configured
        doors.config.tracker.__dict__["timeout"] = timedelta(milliseconds=200)
    filer = filer_of(doors)
    days = days_of(filer, line, trouble, 2 * DAY)

    def calm() -> None:
        """A tracker that is well has its time."""
        doors.config.tracker.__dict__["timeout"] = usual
        filer.tracker.close()
        filer.tracker = doors.tracker(filer.name)

    days.plan = [*days.plan, (days.end, calm)]
    filer.serve()  # until a minute after the return
    assert_each_is_filed_once_and_in_order(doors, line.github, in_doubt=trouble is full)
    assert all(TROUBLES[trouble] in told for told in days.told()), days.told()  # status shows it all the time
    assert days.seen[-1][1] == ""
    assert "tracker" not in str(health(doors)["problems"])
    doors.close()


def test_a_tracker_that_takes_nothing_for_an_hour_is_not_stormed(line: Tracker) -> None:
    doors = line.doors()
    filer, end, changes = filer_of(doors), NOON + HOUR, []
    line.proxy.on_client = lambda data: changes.append(data) or data if data.startswith(b"POST") else data
    for uid in range(1, 31):
        complain(doors, uid)
    full(line)
    days = Days(doors.clock, end, end, [(end, lambda: well(line))])  # not a moment is passed over
    filer.wake, filer.stopped = days, days.is_over  # type: ignore[assignment]
    filer.serve()
    assert 100 < len(changes) <= HOUR.total_seconds() / 24 + 8  # 30 s apart less the jitter
    assert set(states(doors).values()) == {"done"}
    assert len({issue["title"] for issue in line.github.issues.values()}) == len(line.github.issues) == 30
    doors.close()


def test_a_slow_tracker_is_waited_for(line: Tracker) -> None:
    doors = line.doors()
    line.proxy.trickle(100, 0.01)
    complain(doors, 1)
    complain(doors, 3, about="AAAA-0001")
    filer_of(doors).drain()
    assert set(states(doors).values()) == {"done"}
    assert len(line.github.issues) == len(line.github.said["1"]) == 1
    doors.close()
