"""How far it goes: a simulation of many workers on one PostgreSQL, fed by what was measured. `python -m bench.scale`

Discrete events (simpy), one for each batch, letter group and statement's way: workers read a backlog, record in turns
(one at a time may judge and record: docs/workers.md), and send over their connections. It is believed as far as it
reproduces what was measured (bench/scale_points.json, which bench/workers.py may add to), and then asked about what
can't be measured here. Writes docs/benchmarks/scale.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import simpy

from bench.scale_costs import BATCH, Costs, read

POINTS = Path(__file__).parent / "scale_points.json"
PAGE = Path(__file__).parent.parent / "docs/benchmarks/scale.md"
WITHIN = 0.15  # of a measured point, or the simulation is not believed
GROUP = 20  # letters that one connection claims and settles together
BUSY_HOUR = 0.15  # of a day's mail comes in its busiest hour
FULL = 0.7  # of what a database can do it is planned to do: waiting grows fast above it
SPARE = 0.85  # of what its workers can do together: one may be gone
DAYS = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
# Round trips a letter takes on one connection: set by the two points with 20 ms of docs/benchmarks/pipeline.md.
TRIPS_CHUNKING, TRIPS_PLAIN = 0.13, 1.3
CONNECTIONS_TO_DATABASE = 4  # of a worker

Event = Generator[Any, Any, None]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is simulated. Times in seconds."""

    costs: Costs
    workers: int = 1
    cores: int = 2  # of each machine
    machines: int = 0  # 0: one for each worker
    database_cores: int = 4
    trip_mail: float = 0.0  # to IMAP and SMTP
    trip_database: float = 0.0
    connections: int = 2  # to SMTP, of each worker
    trips_a_letter: float = TRIPS_CHUNKING
    servers: float = 0.0  # ms a mail that the servers of a measurement cost the same cores


@dataclass(frozen=True, kw_only=True)
class Point:
    """Something that was measured. `measured`: mails a second; None: nobody has yet."""

    what: str
    setting: Setting
    measured: float | None


@dataclass
class Machine:
    """The cores of one, and the one thread at a time that Python lets a worker's process run."""

    cores: simpy.Resource
    process: simpy.Resource


@dataclass
class World:
    """Everything that is waited for."""

    setting: Setting
    env: simpy.Environment = field(default_factory=simpy.Environment)

    def __post_init__(self) -> None:
        setting, env = self.setting, self.env
        count = setting.machines or setting.workers
        cores = [simpy.Resource(env, setting.cores) for _ in range(count)]
        self.machines = [Machine(cores[at % count], simpy.Resource(env, 1)) for at in range(setting.workers)]
        self.database = simpy.Resource(env, setting.database_cores)
        self.turn = simpy.Resource(env, 1)
        self.letters = simpy.Store(env)
        self.left = 0  # portions of the backlog
        self.sent = 0

    def run(self, mails: int) -> float:
        """Mails a second over a backlog of so many."""
        self.left, done = mails // BATCH, self.env.event()
        wanted = self.left * BATCH
        for machine in self.machines:
            fetched, ready = simpy.Store(self.env, 2), simpy.Store(self.env, 2)
            self.env.process(self._fetch(machine, fetched))
            self.env.process(self._understand(machine, fetched, ready))
            self.env.process(self._record(machine, ready))
            for _ in range(self.setting.connections):
                self.env.process(self._send(machine, wanted, done))
        self.env.run(done)
        return wanted / self.env.now

    def _fetch(self, machine: Machine, fetched: simpy.Store) -> Event:
        """The next portions while the last are worked on."""
        while self.left:
            self.left -= 1
            yield self.env.timeout(self.setting.trip_mail)
            yield from self._compute(machine, BATCH * self.setting.costs.fetch, alone=True)
            yield fetched.put(BATCH)
        yield fetched.put(0)

    def _understand(self, machine: Machine, fetched: simpy.Store, ready: simpy.Store) -> Event:
        """In a helper process of its own."""
        while batch := (yield fetched.get()):
            yield from self._compute(machine, batch * self.setting.costs.understand)
            yield ready.put(batch)
        yield ready.put(0)

    def _record(self, machine: Machine, ready: simpy.Store) -> Event:
        """Judges and records a batch, while no other worker may; what is to be sent goes to whoever is free."""
        costs, setting = self.setting.costs, self.setting
        while (yield ready.get()):
            with self.turn.request() as turn:
                yield turn
                yield self.env.timeout(costs.trips_reading * setting.trip_database)
                yield from self._compute(machine, BATCH * costs.turn, alone=True)
                yield from self._ask(BATCH * costs.database / 2)
            for _ in range(BATCH // GROUP):
                yield self.letters.put(GROUP)
            yield from self._compute(machine, BATCH * costs.mark, alone=True)

    def _send(self, machine: Machine, wanted: int, done: simpy.Event) -> Event:
        costs, setting = self.setting.costs, self.setting
        while True:
            group = yield self.letters.get()
            yield self.env.timeout(group * costs.trips_sending * setting.trip_database)
            yield from self._ask(group * costs.database / 2)
            yield from self._compute(machine, group * costs.send, alone=True)
            yield from self._compute(machine, group * setting.servers)
            yield self.env.timeout(group * setting.trips_a_letter * setting.trip_mail)
            self.sent += group
            if self.sent >= wanted and not done.triggered:
                done.succeed()

    def _compute(self, machine: Machine, ms: float, *, alone: bool = False) -> Event:
        """On a core; `alone`: by the worker's own process, one thread at a time. In slices, so that others come in."""
        slices = max(1, round(ms / 5))
        for _ in range(slices):
            if alone:
                with machine.process.request() as mine, machine.cores.request() as core:
                    yield mine & core
                    yield self.env.timeout(ms / slices / 1000)
            else:
                with machine.cores.request() as core:
                    yield core
                    yield self.env.timeout(ms / slices / 1000)

    def _ask(self, ms: float) -> Event:
        with self.database.request() as core:
            yield core
            yield self.env.timeout(ms / 1000)


def simulate(setting: Setting, mails: int = 0) -> float:
    """Mails a second that this setting works off."""
    return World(setting).run(mails or 4_000 + 4_000 * setting.workers)


def points(costs: Costs) -> list[Point]:
    """What the simulation must reproduce. `costs` where a point does not say its own."""
    told = json.loads(POINTS.read_text())
    return [
        Point(
            what=one["what"],
            setting=Setting(costs=replace(costs, **one.get("costs", {})), **one["setting"]),
            measured=one["measured"],
        )
        for one in told
    ]


def most_of_one_database(costs: Costs, trip: float) -> float:
    """Mails a second that can be recorded, however many workers there are: one turn after the other."""
    seconds = BATCH * (costs.turn + costs.database / 2) / 1000 + costs.trips_reading * trip
    return BATCH / seconds


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What so many mails a day take."""

    mails: int
    rate: float  # mails a second in the busy hour
    firstlines: int  # each with a database of its own: by region, or by mailbox
    workers: int  # of each
    database_cores: int  # of each, kept busy in the busy hour


def plan(mails: int, setting: Setting) -> Plan:
    """The least workers that work off a busy hour as it comes, with room to spare."""
    rate = mails * BUSY_HOUR / 3600
    most = FULL * most_of_one_database(setting.costs, setting.trip_database)
    firstlines = math.ceil(rate / most)
    each = rate / firstlines / SPARE
    workers = 1
    while simulate(replace(setting, workers=workers)) < each and workers < 64:
        workers += 1
    cores = math.ceil(rate / firstlines * setting.costs.database / 1000 / FULL)
    return Plan(mails=mails, rate=rate, firstlines=firstlines, workers=workers, database_cores=cores)


def main() -> None:
    """Compares, asks, writes the page."""
    costs = read()
    setting = Setting(costs=costs, trip_mail=0.02, trip_database=0.0005, connections=4, database_cores=8)
    plans = [plan(mails, setting) for mails in DAYS]
    curve = {workers: simulate(replace(setting, workers=workers)) for workers in (1, 2, 4, 8, 16)}
    PAGE.write_text(_page(costs, setting, plans, curve), encoding="utf-8")
    print(PAGE.read_text())


def _page(costs: Costs, setting: Setting, plans: Sequence[Plan], curve: dict[int, float]) -> str:
    rows = []
    for point in points(costs):
        simulated = simulate(point.setting)
        off = "" if point.measured is None else f"{simulated / point.measured - 1:+.0%}"
        measured = "not yet" if point.measured is None else f"{point.measured:.0f}"
        rows.append(f"| {point.what} | {measured} | {simulated:.0f} | {off} |")
    asked = [
        f"| {one.mails:,} | {one.rate:,.0f} | {one.firstlines} | {one.workers} | {one.firstlines * one.workers} | "
        f"{one.workers * CONNECTIONS_TO_DATABASE} | {one.database_cores} | {_size(one.mails * costs.bytes)} |"
        for one in plans
    ]
    most = {trip: most_of_one_database(costs, trip / 1000) for trip in (0, 0.5, 20)}
    return _TEXT.format(
        points="\n".join(rows),
        plans="\n".join(asked),
        curve="\n".join(f"| {workers} | {rate:,.0f} |" for workers, rate in curve.items()),
        connections=setting.connections,
        most="\n".join(f"| {trip:g} ms | {rate:,.0f} |" for trip, rate in most.items()),
        turn=costs.turn + costs.database / 2,
        trips=costs.trips_reading,
        database=costs.database,
        kilobytes=costs.bytes / 1000,
    )


def _size(count: float) -> str:
    return f"{count / 1e12:,.1f} TB" if count >= 1e12 else f"{count / 1e9:,.0f} GB"


_TEXT = """# How far it goes
Written by `python -m bench.scale`: a simulation (simpy), fed by costs that `python -m bench.scale_costs` measured. No
figure is typed by hand, but for the measured points in `bench/scale_points.json`, which name their page.

## What it reproduces
Mails a second. A simulation that is more than 15 % off would not be believed.

| | measured | simulated | off |
| --- | --- | --- | --- |
{points}

## One database
Looking back, judging and recording a batch is one transaction that one worker at a time may be in. A mail takes
{turn:.2f} ms in it, a batch of 200 mails {trips:.0f} round trips to PostgreSQL. So however many workers there are, one
database takes, by how far away it is:

| a round trip to PostgreSQL | mails a second, at most |
| --- | --- |
{most}

Workers whose mail servers are 20 ms away, with {connections} connections each and PostgreSQL beside them:

| workers | mails a second |
| --- | --- |
{curve}

## What so many mails a day take
15 % of a day's mail comes in its busiest hour, worked off as it comes; a database is planned to be 70 % busy then, and
the workers 85 %. Mail servers are 20 ms away, PostgreSQL 0.5 ms. A mail takes {database:.2f} ms of PostgreSQL's
processors and {kilobytes:.1f} kB of its disk, its raw text included. Workers, connections and cores are those of each
Firstline.

| mails a day | a second, busy hour | Firstlines | workers | workers in all | connections | cores | disk a day |
| --- | --- | --- | --- | --- | --- | --- | --- |
{plans}
"""


if __name__ == "__main__":
    main()
