"""Known problems on their pages: begun, seen in the letter, translated, changed, ended; nobody is told an untruth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import announce
from pipeline.errors import UsageError
from pipeline.records.account import DeskRole
from pipeline.records.effect import EffectKind, EffectState, Outcome, SentVersion
from pipeline.store.audit import AuditFilter
from pipeline.web.reception import Note, Reception
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, browser_of, hire
from tests.web_doors import COMPLAINT, pass_by, text_of, web_doors

LATE, SPAET = "Parcels are late since this morning.", "Pakete sind seit heute Morgen verspätet."
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(
        tmp_path, topics={"parcel": {"title": {"en": "your parcel"}, "template": "delivery"}, "billing": {}}
    )
    hire(made)
    yield made
    made.close()


def submit(doors: LiveDoors, path: str, role: DeskRole = DeskRole.AGENT, **fields: str) -> Any:
    return browser_of(doors, role).submit(path, **fields)


def words_of(doors: LiveDoors, path: str, role: DeskRole = DeskRole.AGENT) -> str:
    answer = browser_of(doors, role).get(path)
    assert answer.status_code == 200
    return unescape(text_of(answer.text))


def begin(doors: LiveDoors, **more: str) -> Any:
    return submit(doors, "/desk/announcements", **{"topic": "parcel", "text.en": LATE, **more})


def told(doors: LiveDoors, language: str, number: int) -> str:
    """A mail is answered now in this language."""
    note = Note(id=str(number), channel="test", email=f"eve{number}@example.org", text=COMPLAINT, subject=str(number))
    ref = Reception(doors).take(note).ref
    (effect,) = doors.effects.due(EffectKind.ACKNOWLEDGE, doors.clock.now(), 10)
    doors.effects.claim([effect.key], doors.clock.now())
    sent = SentVersion(template="delivery-complaint", version="v", language=language)
    doors.effects.settle([Outcome(key=effect.key, state=EffectState.DONE, sent=sent)], doors.clock.now())
    return ref


def test_an_agent_begins_one_and_it_is_shown_with_what_is_missing(doors: LiveDoors) -> None:
    answer = begin(doors, until="2026-11-20T18:00")
    assert answer.headers["location"] == "/desk/announcements/1?done=yes"
    (one,) = doors.announcements.all()
    assert (one.topic, dict(one.texts), one.author) == ("parcel", {"en": LATE}, CAST[DeskRole.AGENT])
    assert one.until is not None
    assert one.until.isoformat() == "2026-11-20T18:00:00+00:00"
    page = words_of(doors, "/desk/announcements")
    assert LATE in page
    assert "nothing in Deutsch" in page
    (line,) = doors.audit.find(AuditFilter(action="announce"))
    assert (line.subject, line.after["text.en"]) == ("announcement.1", LATE)


def test_it_is_seen_in_the_letter_before_it_begins(doors: LiveDoors) -> None:
    answer = submit(doors, "/desk/announcements/try", topic="parcel", **{"text.en": LATE, "text.de": SPAET})
    assert answer.status_code == 200
    assert f"<mark>{LATE}</mark>" in answer.text
    assert f"<mark>{SPAET}</mark>" in answer.text
    assert "As a customer reads it" in answer.text
    assert doors.announcements.all() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"topic": "gardening"}, "there is no [topics.gardening]"),
        ({"text.en": "x" * 401}, "between 1 and 400"),
        ({"text.en": "{{ ref }} is late"}, "signs in it"),
        ({"text.en": ""}, "a text in one language"),
        ({"text.english": LATE}, "no language"),
        ({"until": "2020-01-01T10:00"}, "this time is over"),
        ({"until": "soon"}, "this is no time"),
    ],
)
def test_what_no_letter_could_tell_is_refused_and_what_was_typed_stays(
    doors: LiveDoors, fields: dict[str, str], said: str
) -> None:
    answer = begin(doors, **{"text.de": SPAET if "text.en" not in fields or fields["text.en"] else "", **fields})
    assert answer.status_code == 422
    assert said in unescape(text_of(answer.text))
    assert doors.announcements.all() == []
    if "text.en" not in fields:
        assert LATE in answer.text


def test_it_is_translated_and_changed_with_who_and_why(doors: LiveDoors) -> None:
    begin(doors)
    path = "/desk/announcements/1/change"
    assert submit(doors, path, **{"text.en": LATE, "text.de": SPAET, "why": ""}).status_code == 422
    answer = submit(doors, path, DeskRole.LEAD, **{"text.en": f"{LATE} Sorry.", "text.de": SPAET, "why": "many ask"})
    assert answer.status_code == 303
    assert dict(doors.announcements.find(1).texts) == {"en": f"{LATE} Sorry.", "de": SPAET}
    (version,) = doors.setting_versions.history("announcement.1")
    assert (version.account, version.why) == (CAST[DeskRole.LEAD], "many ask")
    assert dict(version.before) == {"text.en": LATE, "text.de": None}
    page = words_of(doors, "/desk/announcements/1")
    assert "many ask" in page
    assert f"text.en : {LATE} → {LATE} Sorry." in page


def test_a_text_that_letters_have_told_can_not_be_taken_back(doors: LiveDoors) -> None:
    begin(doors, **{"text.de": SPAET})
    answer = submit(doors, "/desk/announcements/1/change", **{"text.en": LATE, "text.de": "", "why": "x"})
    assert answer.status_code == 422
    assert "end it" in unescape(text_of(answer.text))


def test_only_those_who_were_told_in_their_language_hear_that_it_is_over(doors: LiveDoors) -> None:
    """A translation that came later was not in the letters before it."""
    begin(doors, topic="")  # letters to mail whose topic is unsure tell only of what is for all
    pass_by(doors, minutes=5)
    told(doors, "en", 1)
    told(doors, "de", 2)
    pass_by(doors, minutes=5)
    announce.change(doors, 1, {"en": LATE, "de": SPAET}, None, "anna", "translated")
    pass_by(doors, minutes=5)
    told(doors, "de", 3)
    assert "2 letters told of it." in words_of(doors, "/desk/announcements/1")
    pass_by(doors, minutes=5)
    answer = submit(doors, "/desk/announcements/1/end", tell="yes")
    assert answer.headers["location"] == "/desk/announcements/1?done=over&told=2"
    notices = doors.effects.due(EffectKind.NOTIFY, doors.clock.now(), 10)
    assert sorted(one.recipient for one in notices) == ["eve1@example.org", "eve3@example.org"]
    assert "2 customers hear that it is over." in words_of(doors, "/desk/announcements/1?done=over&told=2")
    assert "In force None." in words_of(doors, "/desk/announcements")


def test_nobody_is_told_unless_somebody_says_so(doors: LiveDoors) -> None:
    begin(doors, topic="")  # letters to mail whose topic is unsure tell only of what is for all
    pass_by(doors, minutes=5)
    told(doors, "en", 1)
    pass_by(doors, minutes=5)
    assert submit(doors, "/desk/announcements/1/end").headers["location"].endswith("?done=over")
    assert doors.effects.due(EffectKind.NOTIFY, doors.clock.now(), 10) == []
    (version,) = doors.setting_versions.history("announcement.1")
    assert (version.account, dict(version.after)) == (CAST[DeskRole.AGENT], {"ended": "2026-11-18T12:10:00+00:00"})


def test_what_is_over_is_not_changed(doors: LiveDoors) -> None:
    begin(doors)
    announce.end(doors, 1)
    with pytest.raises(UsageError, match="over"):
        announce.change(doors, 1, {"en": "Other."}, None, "anna", "x")
    assert "Change or translate it" not in words_of(doors, "/desk/announcements/1")


def test_what_somebody_typed_runs_nowhere(doors: LiveDoors) -> None:
    begin(doors, **{"text.en": EVIL})
    submit(doors, "/desk/announcements/1/change", **{"text.en": f"{EVIL} 2", "why": EVIL})
    for path in ("/desk/announcements", "/desk/announcements/1"):
        page = browser_of(doors, DeskRole.AGENT).get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_what_is_not_there_is_not_found(doors: LiveDoors) -> None:
    for path in ("/desk/announcements/9", "/desk/announcements/99999999999"):
        assert browser_of(doors, DeskRole.AGENT).get(path).status_code == 404
    assert submit(doors, "/desk/announcements/9/end").status_code == 404
    assert submit(doors, "/desk/announcements/9/change", why="x").status_code == 404


def test_two_who_change_one_at_a_time_lose_nothing(doors: LiveDoors) -> None:
    begin(doors)
    seen = announce.mark_of(doors.announcements.find(1))
    path = "/desk/announcements/1/change"
    mine = {"text.en": "Mine.", "why": "mine", "seen": seen}
    assert submit(doors, path, **{"text.en": "Theirs.", "why": "theirs", "seen": seen}).status_code == 303
    answer = submit(doors, path, **mine)
    assert answer.status_code == 409
    text = unescape(text_of(answer.text))
    assert "now: Theirs." in text
    assert "Mine." in answer.text
    assert dict(doors.announcements.find(1).texts) == {"en": "Theirs."}
    (now,) = re.findall(r'name="seen" value="(\w+)"', answer.text)
    assert submit(doors, path, **mine | {"seen": now}).status_code == 303
    assert dict(doors.announcements.find(1).texts) == {"en": "Mine."}
