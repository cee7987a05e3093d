"""One event for each effect that was tried: fixed names, keyed by mail and ticket."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline import logs
from pipeline.engine.workers.queue import log_outcome
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome, SentVersion

SENT = SentVersion(template="delivery", version="v", language="en")
DONE = Outcome(key="k", state=EffectState.DONE)


@pytest.mark.parametrize(
    ("kind", "outcome", "step", "event", "level"),
    [
        (EffectKind.ACKNOWLEDGE, replace(DONE, sent=SENT), "send", "sent", "info"),
        (EffectKind.NOTIFY, DONE, "send", "told", "info"),
        (EffectKind.SURVEY, DONE, "send", "asked", "info"),
        (EffectKind.FILE, DONE, "file", "filed", "info"),
        (EffectKind.MARK, DONE, "mark", "marked", "info"),
        (EffectKind.ACKNOWLEDGE, Outcome(key="k", state=EffectState.WAITING), "send", "deferred", "info"),
        (EffectKind.ACKNOWLEDGE, Outcome(key="k", state=EffectState.FAILED, error="no"), "send", "failed", "warning"),
        (EffectKind.FILE, Outcome(key="k", state=EffectState.UNCERTAIN, error="?"), "file", "uncertain", "warning"),
        (EffectKind.NOTIFY, Outcome(key="k", state=EffectState.CANCELLED), "send", "cancelled", "info"),
    ],
)
def test_each_outcome_is_one_event(
    capsys: pytest.CaptureFixture[str], kind: EffectKind, outcome: Outcome, step: str, event: str, level: str
) -> None:
    logs.set_up()
    log_outcome(Effect(key="k", mail_id="AAAA-0001", kind=kind, ticket="AAAA-0009", attempts=1), outcome)
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["step"], told["event"], told["level"]) == (step, event, level)
    assert (told["mail"], told["ticket"], told["attempt"]) == ("AAAA-0001", "AAAA-0009", 2)
    assert told.get("template") == (outcome.sent.template if outcome.sent else None)
    assert told.get("problem") == (outcome.error or None)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(key="k", state=EffectState.WAITING, error="nothing listens there", counted=False),
        Outcome(key="k", state=EffectState.INTENDED, counted=False),
    ],
)
def test_a_server_that_was_away_is_no_event_of_a_mail(capsys: pytest.CaptureFixture[str], outcome: Outcome) -> None:
    logs.set_up()
    log_outcome(Effect(key="k", mail_id="AAAA-0001", kind=EffectKind.ACKNOWLEDGE), outcome)
    assert capsys.readouterr().err == ""
