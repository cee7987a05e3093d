"""Doors with pages: a toy model, the shipped letters, a clock that stands; and customers with something solved."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import tomlkit
from fastapi.testclient import TestClient

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.records.effect import EffectKind, EffectState, Outcome, SentVersion
from pipeline.records.survey import SurveyKind
from pipeline.records.ticket import TicketStatus
from pipeline.replies.letters import KEPT
from pipeline.web.app import make_app
from pipeline.web.reception import Note, Reception
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT, checked_templates
from tests.learned import KEY, toy_registry
from tests.samples import NOON, table

URL = "https://support.example.com"
TOKEN = "sesame"
PARCEL = "The courier left my parcel on the doorstep, the box arrived late and the tracking never shipped."
COMPLAINT = f"Terrible and unacceptable. {PARCEL} I am angry, this is useless and annoyed me again."
FRIENDLY = "Thanks, lovely and wonderful, great and brilliant. I am happy and delighted."


def web_doors(folder: Path, smtp_port: int = 1125, **changes: Any) -> LiveDoors:
    """`changes`: further tables of the configuration; [web] and [survey] are joined to what stands here."""
    (folder / "var").mkdir(exist_ok=True)
    (folder / "var/key").write_bytes(KEY)
    (folder / "token").write_text(TOKEN)
    (folder / KEPT).write_bytes(checked_templates())
    if not (folder / "models").exists():
        toy_registry(folder / "models")
    web = {"url": URL, "form": True, "token": {"file": "token"}, **changes.pop("web", {})}
    survey = {"resolved": "csat", "quiet": "", **changes.pop("survey", {})}
    replies = {"templates": str(ROOT / "templates"), "company": "Example Ltd"}
    strict = {"max_error": {"topic": 0.02, "complaint": 0.02}}  # more than the toy can prove
    document = table(**{"web": web, "survey": survey, "replies": replies, "classify": strict, **changes})
    document["smtp"]["port"] = smtp_port
    (folder / "config.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
    return build(check(document, folder / "config.toml"), FakeClock(NOON))


def client_of(doors: LiveDoors) -> TestClient:
    """A visitor; errors become pages, as they would on a server."""
    return TestClient(make_app(doors), raise_server_exceptions=False)


def path_of(link: str) -> str:
    return link.removeprefix(URL)


def complained(doors: LiveDoors, email: str = "eve@example.org", number: int = 1, **note: Any) -> str:
    """The reference of a ticket about a complaint of theirs, already acknowledged."""
    version = note.pop("version", "v")
    said = {"text": COMPLAINT, "subject": f"Parcel {number}", "name": "Eve Miller", **note}
    ref = Reception(doors).take(Note(id=f"{email}-{number}", channel="test", email=email, **said)).ref
    sent = SentVersion(template="neutral", version=version, language="en")
    due = doors.effects.due(EffectKind.ACKNOWLEDGE, doors.clock.now(), 10)
    doors.effects.claim([effect.key for effect in due], doors.clock.now())
    outcomes = [Outcome(key=effect.key, state=EffectState.DONE, sent=sent) for effect in due]
    doors.effects.settle(outcomes, doors.clock.now())
    return ref


def solved(doors: LiveDoors, email: str = "eve@example.org", number: int = 1, **note: Any) -> str:
    """The same, solved by a person a moment later."""
    ref = complained(doors, email, number, **note)
    doors.board.set_status(ref, TicketStatus.RESOLVED, "anna", doors.clock.now())
    return ref


def pass_by(doors: LiveDoors, **span: float) -> None:
    clock = doors.clock
    assert isinstance(clock, FakeClock)
    clock.pass_by(timedelta(**span))


def asked(doors: LiveDoors, ref: str, kind: SurveyKind = SurveyKind.CSAT) -> dict[str, Any]:
    """The values of the letter that asks: its links to click on."""
    from pipeline.engine.jobs import surveys
    from pipeline.letter import links

    pass_by(doors, days=2)
    assert (ref, kind) in [(one.ref, what) for one, what in surveys.ask(doors)]
    (effect,) = [one for one in doors.effects.of_mail(ref) if one.kind is EffectKind.SURVEY]
    return dict(links.of_letter(doors.config, doors.signer, effect.letter, doors.clock.now()))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
