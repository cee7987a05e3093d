"""Firstline opposite machines that answer every mail: nothing runs away, and customers are answered all the same."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import app
from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.errors import ConfigError
from pipeline.guard import judge as guard_judge
from pipeline.loops import rehearsal
from pipeline.loops.opponents import HELP_DESKS, RESPONDERS, opponents, without_marks
from pipeline.loops.rehearsal import LoopResult, rehearse
from pipeline.records.verdict import Verdict, VerdictKind
from pipeline.wiring.live_doors import build
from tests.samples import NOON

ROOT = Path(__file__).parents[2]
SMALL = "60 per 1h"  # the circuit breaker above the customers', below what the swarm sends


def shipped() -> dict[str, Any]:
    return tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))


def rehearsed(folder: Path, **changes: dict[str, Any]) -> dict[str, LoopResult]:
    """By opponent, with the shipped configuration and these keys of its tables."""
    table = shipped()
    for name, keys in changes.items():
        table[name] |= keys
    table["replies"]["templates"] = str(ROOT / "templates")
    doors = build(check(table, folder / "config.toml"), FakeClock(NOON))
    return {found.opponent: found for found in rehearse(doors)}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LoopResult]:
    """The shipped configuration. Only the swarm's 5,500 mails are spared here: see SMALL."""
    return rehearsed(tmp_path_factory.mktemp("shipped"), guard={"limit_system": "6000 per 1h"})


def test_the_shipped_configuration_lets_nothing_run_away(found: dict[str, LoopResult]) -> None:
    assert len(found) > 35
    assert [one for one in found.values() if one.well is False] == []


def test_every_customer_among_the_machines_is_answered(found: dict[str, LoopResult]) -> None:
    customers = found["customers among them"]
    assert customers.received == customers.acknowledged == 60


@pytest.mark.parametrize("name", HELP_DESKS)
def test_a_help_desk_with_its_marks_gets_no_answer(found: dict[str, LoopResult], name: str) -> None:
    assert found[name].received > 0
    assert found[name].acknowledged == (1 if name == "FreeScout" else 0)  # it sets no mark that anybody knows


@pytest.mark.parametrize("name", [*RESPONDERS, *(f"{name}, no marks" for name in RESPONDERS)])
def test_behind_a_vacation_responder_the_person_is_answered_once(found: dict[str, LoopResult], name: str) -> None:
    assert (found[name].received, found[name].acknowledged) == (2, 1)


@pytest.mark.parametrize("name", ["Firstline itself", "Firstline itself, marks taken out"])
def test_two_firstlines_end_their_conversation(found: dict[str, LoopResult], name: str) -> None:
    assert found[name].acknowledged == 1
    assert found[name].received <= 2


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("ticket system that quotes us", 1),
        ("ticket system, a new subject each time", 10),
        ("ticket system, two notices a mail", 10),
        ("monitor that writes every turn", 10),
        ("ticket system, an address per case", 500),
        ("mailing list", 0),
        ("mailing list that gives us our own mail", 1),
        ("redirection in a circle", 1),
        ("redirection in a circle, marks taken out", 1),
        ("redirection under another name", 1),
        ("address that bounces", 1),
        ("machine behind a form", 1),
        ("machine behind a form, answers straight", 1),
        ("machine behind a forwarder", 1),
        ("machine behind a forwarder, answers straight", 1),
        ("machine behind a group", 1),
        ("machine behind a group, answers straight", 1),
        ("reaction to each letter", 1),
        ("forged reports about customers", 0),
    ],
)
def test_the_limits_stop_what_carries_no_mark(found: dict[str, LoopResult], name: str, most: int) -> None:
    assert found[name].received > most
    assert found[name].acknowledged == most


def test_the_circuit_breaker_stops_a_swarm(tmp_path: Path) -> None:
    swarm = rehearsed(tmp_path, guard={"limit_system": SMALL})["swarm of strangers"]
    assert (swarm.received, swarm.acknowledged, swarm.well) == (67, 60, True)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything runs away, this is soon seen."""
    monkeypatch.setattr(rehearsal, "MOST", 30)
    monkeypatch.setattr(rehearsal, "TURNS", 15)


@pytest.mark.usefixtures("short")
def test_a_configuration_without_limits_is_seen_to_run_away(tmp_path: Path) -> None:
    found = rehearsed(tmp_path, guard=dict.fromkeys(("limit_sender", "limit_domain", "limit_system"), "0"))
    bad = {name for name, one in found.items() if one.well is False}
    assert {"ticket system, a new subject each time", "monitor that writes every turn", "swarm of strangers"} <= bad
    assert found["customers among them"].well


def test_an_allow_list_that_is_too_wide_is_seen(tmp_path: Path) -> None:
    """The weak marks yield to the allow-list: then it is the limits that hold."""
    found = rehearsed(tmp_path, guard={"allow": ["header:List-Id"], "limit_system": SMALL})
    assert found["mailing list"].acknowledged > 0


def test_a_guard_that_stays_silent_to_people_is_seen(tmp_path: Path) -> None:
    found = rehearsed(tmp_path, guard={"limit_system": "1 per 1h"})
    assert found["customers among them"].well is False


@pytest.mark.usefixtures("short")
def test_a_guard_without_its_rules_fails_the_rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_judge, "judge", _careless(guard_judge.judge))
    found = rehearsed(tmp_path, guard={"limit_system": SMALL})
    assert found["Firstline itself"].well is False
    assert "in one thread" in found["Firstline itself"].verdict


def _careless(judge: Callable[..., Verdict]) -> Callable[..., Verdict]:
    def answer(*everything: Any) -> Verdict:
        verdict = judge(*everything)
        object.__setattr__(verdict, "kind", VerdictKind.ANSWER)
        object.__setattr__(verdict, "robot", False)
        return verdict

    return answer


def test_every_opponent_has_a_name_and_a_domain_of_its_own() -> None:
    everybody = opponents()
    assert len({one.name for one in everybody}) == len({one.domain for one in everybody}) == len(everybody)


def test_a_gateway_that_takes_marks_out_leaves_the_rest() -> None:
    ours = b"From: a@b.example\r\nAuto-Submitted: auto-replied\r\nX-Firstline-Loop: x\r\n\r\nAuto-Submitted: said\r\n"
    assert without_marks(ours) == b"From: a@b.example\r\n\r\nAuto-Submitted: said\r\n"


def test_without_a_mailbox_there_is_nothing_to_rehearse(tmp_path: Path) -> None:
    doors = build(check({}, tmp_path / "config.toml"), FakeClock(NOON))
    with pytest.raises(ConfigError, match="nothing to rehearse"):
        rehearse(doors)


# --- as an operator calls it ------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with the shipped files, a small circuit breaker, and servers that are nowhere."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(text.replace('"5000 per 1h"', f'"{SMALL}"'), encoding="utf-8")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return tmp_path


def doctor(folder: Path, *words: str) -> tuple[int, str]:
    from typer.testing import CliRunner

    done = CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "doctor", "--loops", *words])
    return done.exit_code, done.stdout


def test_doctor_rehearses_and_leaves_no_trace_in_the_store(folder: Path) -> None:
    code, said = doctor(folder, "--json")
    rows = [json.loads(line) for line in said.splitlines()]
    assert {row["opponent"] for row in rows} >= {"Firstline itself", "swarm of strangers", "customers among them"}
    assert set(rows[0]) == {"opponent", "received", "acknowledged", "verdict", "well"}
    # 60 acknowledgements an hour are not enough for machines and customers together: that is said, and is exit code 1.
    assert (code, [row["opponent"] for row in rows if row["well"] is False]) == (1, ["customers among them"])
    assert not (folder / "var/firstline.db").exists()
