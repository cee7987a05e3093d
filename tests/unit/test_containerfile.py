"""deploy/Containerfile: what an image must not do, and what deploy/steps.py takes in place of an engine."""

from __future__ import annotations

import re

import pytest

from deploy.steps import ABOUT, CONTAINERFILE, Room, Step, read
from tests.desk import ROOT

STAGES = read(CONTAINERFILE.read_text(encoding="utf-8"))
IMAGE = STAGES[-1]


def test_it_names_the_version_of_what_it_begins_with() -> None:
    for stage in STAGES:
        assert re.fullmatch(r"[a-z]+:\d[\w.-]+", stage.base), stage.base
        assert "latest" not in stage.base


def test_it_runs_as_nobody_special_and_by_number_so_that_an_engine_can_see_it() -> None:
    assert IMAGE.rest_of("USER") == ["1000:1000"]
    after = IMAGE.steps[[step.word for step in IMAGE.steps].index("USER") :]
    assert not [step for step in after if step.word in ("RUN", "COPY")]


def test_what_it_fetches_from_a_registry_has_a_hash() -> None:
    installs = [run for stage in STAGES for run in stage.rest_of("RUN") if run.startswith("pip ")]
    assert len(installs) == 2
    for run in installs:
        assert "--require-hashes" in run or "--no-index --no-deps" in run or "--no-deps --no-index" in run


def test_no_tool_to_install_with_is_left_in_the_image() -> None:
    assert [step.rest for step in IMAGE.steps if step.word == "COPY"] == ["--from=build /opt/firstline /opt/firstline"]
    assert "pip" not in " ".join(IMAGE.rest_of("RUN"))
    assert "--without-pip" in " ".join(STAGES[0].rest_of("RUN"))


def test_the_program_is_process_one_itself_so_that_signals_reach_it() -> None:
    [command] = [step.list for step in IMAGE.steps if step.word == "CMD"]
    assert command == ["firstline", "run"]
    assert IMAGE.rest_of("STOPSIGNAL") == ["SIGTERM"]
    [check] = [step.list for step in IMAGE.steps if step.word == "HEALTHCHECK"]
    assert check == ["firstline", "status"]


def test_what_lasts_lies_in_the_volume_where_it_starts() -> None:
    assert IMAGE.rest_of("WORKDIR") == ["/desk"]
    assert [step.list for step in IMAGE.steps if step.word == "VOLUME"] == [["/desk"]]


def test_only_what_is_copied_reaches_the_engine() -> None:
    sent = [line.lstrip("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = {one.rest.split()[0] for one in STAGES[0].steps if one.word == "COPY"}
    assert copied == set(sent)
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_steps_know_each_word_of_it() -> None:
    known = {"RUN", "COPY", "ENV", "WORKDIR", "USER", *ABOUT}
    assert {step.word for stage in STAGES for step in stage.steps} <= known


def test_lines_are_joined_and_comments_left_out() -> None:
    [stage] = read("# x\nFROM a:1 AS b\n# y\nRUN one && \\\n  two\n")
    assert (stage.base, stage.name, stage.steps) == ("a:1", "b", [Step("RUN", "one && two")])


def test_what_is_no_instruction_is_refused() -> None:
    with pytest.raises(ValueError, match="no instruction: run this"):
        read("FROM a:1\nrun this")


def test_an_instruction_that_the_steps_do_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="does not know ADD"):
        Room.__new__(Room).take(Step("ADD", "x y"))
