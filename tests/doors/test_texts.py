"""Texts that customers read, saved: checked, never over another's edit, with a history that knows who and why."""

from __future__ import annotations

import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from pipeline.desk.privacy.erase import erase
from pipeline.desk.privacy.subject import subject_of
from pipeline.desk.texts import places, saving
from pipeline.desk.texts.history import _result, history_of, parts_of
from pipeline.desk.texts.opened import open_text
from pipeline.desk.texts.saving import SavedText, SaveOutcome, TextChange, TextConflict, UnfitText, restore, save
from pipeline.errors import NotFoundError, UsageError
from pipeline.records.texts import TextDraft, TextKind, TextPlace
from pipeline.store import schema
from pipeline.store.text_results import TextCounts, counts_of
from pipeline.wiring.live_doors import LiveDoors
from tests.desk import ROOT
from tests.samples import NOON
from tests.web_doors import complained, pass_by, web_doors

ANNA, BEN = "anna@example.com", "ben@example.com"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    """With letters of its own to write in."""
    made = own_doors(tmp_path)
    yield made
    made.close()


def own_doors(folder: Path, **changes: Any) -> LiveDoors:
    shutil.copytree(ROOT / "templates", folder / "templates")
    replies = {"templates": str(folder / "templates"), "company": "Example Ltd"}
    return web_doors(folder, replies=replies, **changes)


def letter(doors: LiveDoors, name: str = "delivery", language: str = "en", kind: str = "letter") -> TextPlace:
    return places.place_of(doors.config, kind, language, name)


def edit(doors: LiveDoors, place: TextPlace, old: str, new: str, who: str = ANNA, **changes: Any) -> SaveOutcome:
    """As the page does: opened, changed, saved."""
    now = open_text(doors.config, place)
    file = place.files[0]
    assert old in now.parts[file]
    parts = {**now.parts, file: now.parts[file].replace(old, new, 1)}
    return save(doors, TextChange(place=place, parts=parts, **{"opened": now.mark, "why": "clearer", **changes}), who)


def typed(doors: LiveDoors, place: TextPlace, text: str, **changes: Any) -> SaveOutcome:
    opened = open_text(doors.config, place).mark
    change = {"opened": opened, "why": "tried", **changes}
    return save(doors, TextChange(place=place, parts={place.files[0]: text}, **change), ANNA)


def path_of(doors: LiveDoors, place: TextPlace) -> Path:
    return doors.config.letter_folders(place.mailbox)[-1] / place.files[0]


# --- saving -----------------------------------------------------------------------------------------------------------


def test_what_is_saved_lies_on_disk_and_its_history_knows_who_and_why(doors: LiveDoors) -> None:
    place = letter(doors)
    path = path_of(doors, place)
    path.chmod(0o640)
    before = path.read_text()
    done = edit(doors, place, "Thank you", "Thank you very much", why="  warmer,\n we hope ")
    assert isinstance(done, SavedText)
    assert "Thank you very much" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    now, earlier = history_of(doors, place)
    assert (now.who, now.why, now.on_disk) == (ANNA, "warmer, we hope", True)
    assert (earlier.who, earlier.on_disk) == ("", False)  # it was there before anybody saved
    assert parts_of(doors, place, earlier.mark) == {place.files[0]: before}


def test_a_running_firstline_takes_it_up_and_the_history_says_since_when(doors: LiveDoors) -> None:
    place = letter(doors)
    edit(doors, place, "Thank you", "Thanks a lot")
    assert not history_of(doors, place)[0].in_use
    doors.letters.refresh()
    doors.versions.take_up(doors.letters.versions, doors.clock.now())
    now = history_of(doors, place)[0]
    assert now.in_use
    assert now.taken_up == doors.clock.now()
    assert now.versions == (doors.letters.loaded["en", "delivery"].version,)


def test_line_ends_stay_as_the_file_has_them(doors: LiveDoors) -> None:
    place = letter(doors)
    path = path_of(doors, place)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    edit(doors, place, "Thank you", "Thanks")
    data = path.read_bytes()
    assert b"Thanks" in data
    assert data.count(b"\n") == data.count(b"\r\n")


def test_the_same_again_writes_nothing(doors: LiveDoors) -> None:
    place = letter(doors)
    before = path_of(doors, place).stat()
    done = save(
        doors, TextChange(place=place, parts=open_text(doors.config, place).parts, opened="stale", why="none"), ANNA
    )
    assert done == SavedText(version=None)
    assert path_of(doors, place).stat().st_mtime_ns == before.st_mtime_ns
    assert doors.text_versions.of(place) == []


@pytest.mark.parametrize("why", ["", "   ", "\x07", "x" * 201])
def test_without_a_reason_nothing_is_saved(doors: LiveDoors, why: str) -> None:
    place = letter(doors)
    before = path_of(doors, place).read_bytes()
    with pytest.raises(UsageError):
        edit(doors, place, "Thank you", "Thanks", why=why)
    assert path_of(doors, place).read_bytes() == before


def test_a_letter_that_a_language_lacks_can_be_written(doors: LiveDoors) -> None:
    place = letter(doors, "late", "de")
    path_of(doors, place).unlink()
    assert open_text(doors.config, place).mark == ""
    done = typed(doors, place, (ROOT / "templates/de/late.txt").read_text())
    assert isinstance(done, SavedText)
    assert path_of(doors, place).exists()


def test_an_html_part_comes_and_goes_with_its_field(doors: LiveDoors) -> None:
    place = letter(doors, "neutral")
    now = open_text(doors.config, place)
    text, page = place.files
    whole = {text: now.parts[text], page: "<p>{{ ref }} {{ respond_by }} {{ opens }}</p>"}
    assert isinstance(save(doors, TextChange(place=place, parts=whole, opened=now.mark, why="a page"), ANNA), SavedText)
    assert (path_of(doors, place).parent / "neutral.html").exists()
    again = open_text(doors.config, place)
    gone = TextChange(place=place, parts={**whole, page: ""}, opened=again.mark, why="no page")
    assert isinstance(save(doors, gone, ANNA), SavedText)
    assert not (path_of(doors, place).parent / "neutral.html").exists()
    mark = next(one.mark for one in history_of(doors, place) if one.why == "a page")
    assert isinstance(restore(doors, place, mark, open_text(doors.config, place).mark, ANNA), SavedText)
    assert (path_of(doors, place).parent / "neutral.html").read_text() == whole[page] + "\n"


# --- what is not fit --------------------------------------------------------------------------------------------------


def test_a_base_that_would_break_a_letter_is_not_saved_and_the_letter_is_named(doors: LiveDoors) -> None:
    place = letter(doors, "base")
    done = edit(doors, place, "{% block", "{{ nonsense }}{% block")
    assert isinstance(done, UnfitText)
    done = edit(doors, place, "block body", "block bodyy")  # well in itself
    assert isinstance(done, UnfitText)
    assert {"en/neutral.txt", "en/delivery.txt"} <= {one.file for one in done.findings}


def test_a_base_can_be_mended_beside_a_letter_that_was_broken_on_disk(doors: LiveDoors) -> None:
    path = path_of(doors, letter(doors))
    path.write_text(path.read_text() + "{{ nonsense }}")
    assert isinstance(edit(doors, letter(doors, "base"), "{{ signature }}", "{{ signature }}\n"), SavedText | UnfitText)
    done = edit(doors, letter(doors, "base"), "{% block", "{# mended #}{% block")
    assert isinstance(done, SavedText)


def test_a_help_page_without_its_link_is_not_saved(doors: LiveDoors) -> None:
    place = letter(doors, "track-parcel", kind="article")
    done = typed(doors, place, "Title: Your parcel\nLink: http://example.com\n\nWhere is it?\n")
    assert isinstance(done, UnfitText)
    assert [(one.line, one.code) for one in done.findings] == [(2, "link")]
    done = typed(doors, place, "Title: Your parcel\nLink: https://example.com/parcel\n\nWhere is it?\n")
    assert isinstance(done, SavedText)
    doors.articles.refresh()
    assert ("en", "track-parcel") in doors.articles.names


def test_a_saved_reply_that_says_nothing_is_not_saved(doors: LiveDoors) -> None:
    place = letter(doors, "greeting", kind="saved")
    assert isinstance(typed(doors, place, "Description: Hello\n\n{{ nmae }}\n"), UnfitText)
    assert isinstance(typed(doors, place, "Description: Hello\n\nHello {{ name }}!\n"), SavedText)


# --- who else was there -----------------------------------------------------------------------------------------------


def test_an_edit_on_disk_meanwhile_is_a_conflict_and_both_are_kept(doors: LiveDoors) -> None:
    place = letter(doors)
    opened = open_text(doors.config, place)
    path = path_of(doors, place)
    path.write_text(path.read_text().replace("Thank you", "Cheers"))
    mine = {place.files[0]: opened.parts[place.files[0]].replace("Thank you", "Many thanks")}
    done = save(doors, TextChange(place=place, parts=mine, opened=opened.mark, why="warmer"), ANNA)
    assert isinstance(done, TextConflict)
    assert "Cheers" in done.now.parts[place.files[0]]
    assert "Cheers" in path.read_text()
    # Going on from mine: written over what is there, which the history keeps as found on disk.
    done = save(doors, TextChange(place=place, parts=mine, opened=done.now.mark, why="warmer"), ANNA)
    assert isinstance(done, SavedText)
    now, theirs = history_of(doors, place)[:2]
    assert (now.who, theirs.who) == (ANNA, "")
    assert "Cheers" in parts_of(doors, place, theirs.mark)[place.files[0]]


def test_what_changes_while_it_is_checked_is_a_conflict_too(doors: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    place = letter(doors)
    path = path_of(doors, place)

    def meanwhile(*_args: object) -> list[object]:
        path.write_text(path.read_text() + "\nFrom an editor on disk.\n")
        return []

    monkeypatch.setattr(saving, "findings_of", meanwhile)
    assert isinstance(edit(doors, place, "Thank you", "Thanks"), TextConflict)
    assert "From an editor on disk." in path.read_text()


def test_of_two_who_save_at_once_one_is_told(doors: LiveDoors) -> None:
    place = letter(doors)
    now = open_text(doors.config, place)
    done: list[SaveOutcome] = []

    def saves(who: str) -> None:
        parts = {place.files[0]: now.parts[place.files[0]].replace("Thank you", f"Thank you from {who[:4]}")}
        done.append(save(doors, TextChange(place=place, parts=parts, opened=now.mark, why="mine"), who))

    threads = [threading.Thread(target=saves, args=[who]) for who in (ANNA, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in done) == ["SavedText", "TextConflict"]


def test_going_back_is_one_more_version_and_a_conflict_like_any_save(doors: LiveDoors) -> None:
    place = letter(doors)
    first = open_text(doors.config, place)
    edit(doors, place, "Thank you", "Thanks")
    second = open_text(doors.config, place)
    pass_by(doors, minutes=1)
    assert isinstance(restore(doors, place, first.mark, "what I saw long ago", BEN), TextConflict)
    assert isinstance(restore(doors, place, first.mark, second.mark, BEN), SavedText)
    assert open_text(doors.config, place).parts == first.parts
    now = history_of(doors, place)[0]
    assert (now.who, now.why) == (BEN, f"back to version {first.mark[:8]}")
    with pytest.raises(NotFoundError):
        restore(doors, place, "0" * 16, first.mark, BEN)


def test_a_version_that_was_only_ever_on_disk_can_be_put_back(doors: LiveDoors) -> None:
    place = letter(doors)
    path = path_of(doors, place)
    first = open_text(doors.config, place)
    doors.versions.take_up(doors.letters.versions, doors.clock.now())
    pass_by(doors, minutes=1)
    path.write_text(path.read_text().replace("Thank you", "Thanks"))
    doors.letters.refresh()
    doors.versions.take_up(doors.letters.versions, doors.clock.now())
    now, before = history_of(doors, place)
    assert (now.who, before.who, before.mark) == ("", "", first.mark)
    assert isinstance(restore(doors, place, before.mark, now.mark, ANNA), SavedText)
    assert path.read_text() == first.parts[place.files[0]]


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "language", "name", "mailbox"),
    [
        ("letter", "en", "../../etc/passwd", ""),
        ("letter", "..", "config", ""),
        ("letter", "en", "nonsense", ""),
        ("letter", "en/saved", "photo", ""),
        ("letter", "xx", "delivery", ""),
        ("saved", "..", "photo", ""),
        ("saved", "en", "../delivery", ""),
        ("article", "en", "/etc/passwd", ""),
        ("nonsense", "en", "delivery", ""),
        ("letter", "en", "delivery", "../other"),
        ("letter", "en", "delivery", "support"),  # has no letters of its own
        ("letter", "en", "delivery\0", ""),
    ],
)
def test_no_name_leads_out_of_the_letters(doors: LiveDoors, kind: str, language: str, name: str, mailbox: str) -> None:
    with pytest.raises((NotFoundError, UsageError)):
        places.place_of(doors.config, kind, language, name, mailbox)


def test_a_link_is_neither_read_nor_written_through(doors: LiveDoors, tmp_path: Path) -> None:
    secret, place = tmp_path / "secret", letter(doors)
    secret.write_text("nobody's business")
    path_of(doors, place).unlink()
    path_of(doors, place).symlink_to(secret)
    with pytest.raises(UsageError, match="can't be read"):
        open_text(doors.config, place)
    with pytest.raises(UsageError):
        save(doors, TextChange(place=place, parts={place.files[0]: "x"}, opened="", why="try"), ANNA)
    assert secret.read_text() == "nobody's business"


def test_each_letter_that_is_asked_for_has_a_place_in_each_language(doors: LiveDoors) -> None:
    found = places.places(doors.config)
    assert {"en", "de", "fi", "fr", "es"} == {one.language for one in found}
    names = {(one.kind, one.name) for one in found}
    assert {(TextKind.LETTER, "base"), (TextKind.LETTER, "late"), (TextKind.SAVED, "photo")} <= names
    assert len(found) == 5 * len(names)


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_is_its_writers_alone_until_it_is_saved(doors: LiveDoors) -> None:
    place = letter(doors)
    now = doors.clock.now()
    parts = {place.files[0]: "begun"}
    for text in ("begun", "gone on"):
        parts = {place.files[0]: text}
        draft = TextDraft(account=ANNA, place=place.key, opened="m", parts=parts, why="w", changed=now)
        doors.text_drafts.save(draft)
    assert doors.text_drafts.of(ANNA, place) == draft
    assert doors.text_drafts.of(BEN, place) is None
    assert doors.text_drafts.all_of(ANNA) == [place.key]
    edit(doors, place, "Thank you", "Thanks")
    assert doors.text_drafts.of(ANNA, place) is None


# --- what came of it --------------------------------------------------------------------------------------------------


def test_a_version_is_told_by_how_many_were_satisfied_and_wrote_again(doors: LiveDoors) -> None:
    letter_sent = "en/neutral v"  # as `complained` says of its acknowledgements
    refs = [complained(doors, email=f"eve{number}@example.org", number=number) for number in range(4)]
    pass_by(doors, days=2)
    again = complained(doors, email="eve0@example.org", number=99)
    with doors.database.writing() as connection:
        first = connection.execute(select(schema.mail.c.thread).where(schema.mail.c.id == refs[0])).scalar_one()
        connection.execute(update(schema.mail).where(schema.mail.c.id == again).values(thread=first))
        for number, ref in enumerate(refs[:3]):
            asked = {"id": f"{ref}:csat", "kind": "csat", "state": "answered", "created": NOON, "template": letter_sent}
            connection.execute(insert(schema.survey).values(asked))
            given = {"survey": asked["id"], "at": NOON, "score": number + 3, "channel": "link"}
            connection.execute(insert(schema.survey_answer).values(given))
    pass_by(doors, days=8)
    counts = counts_of(doors.database, [letter_sent, "en/other v"], doors.clock.now())
    assert counts[letter_sent] == TextCounts(answers=3, satisfied=2, followed=5, wrote_again=1)
    assert counts["en/other v"] == TextCounts()


def test_few_answers_are_too_few_to_say() -> None:
    few, enough = TextCounts(answers=19, satisfied=19), TextCounts(answers=20, satisfied=5, followed=40, wrote_again=10)
    assert _result([few]).satisfied is None
    assert (_result([enough]).satisfied, _result([enough]).wrote_again) == (0.25, 0.25)
    assert _result([few, few]).satisfied == 1.0  # two versions that differ in their base alone


# --- several machines -------------------------------------------------------------------------------------------------


def test_a_text_saved_on_one_machine_reaches_the_other_and_is_not_overwritten_there(tmp_path: Path) -> None:
    store = {"url": f"sqlite:///{tmp_path}/one.db", "share_files": True}
    for name in ("alice", "bob"):
        (tmp_path / name).mkdir()
    alice, bob = (own_doors(tmp_path / name, store=store) for name in ("alice", "bob"))
    alice.sharing.push()
    bob.sharing.pull()
    place = letter(bob)
    seen_by_bob = open_text(bob.config, place)
    assert isinstance(edit(alice, place, "Thank you", "Thanks from Alice"), SavedText)
    mine = {place.files[0]: seen_by_bob.parts[place.files[0]].replace("Thank you", "Thanks from Bob")}
    change = TextChange(place=place, parts=mine, opened=seen_by_bob.mark, why="mine")
    done = save(bob, change, BEN)
    assert isinstance(done, TextConflict)
    assert "Thanks from Alice" in done.now.parts[place.files[0]]
    done = save(bob, TextChange(place=place, parts=mine, opened=done.now.mark, why="mine"), BEN)
    assert isinstance(done, SavedText)
    assert done.left == ()
    alice.take_up_shared()
    assert "Thanks from Bob" in path_of(alice, place).read_text()
    assert [one.who for one in history_of(alice, place)] == [BEN, ANNA, ""]
    for doors in (alice, bob):
        doors.close()


def test_a_preview_shows_nobody_who_was_erased_and_stumbles_over_nothing_damaged(doors: LiveDoors) -> None:
    refs = [complained(doors, email=f"eve{number}@example.org", number=number) for number in range(3)]
    (name,) = {one.letter.template for ref in refs for one in doors.effects.of_mail(ref) if one.recipient}
    person = subject_of("eve1@example.org", doors.signer)
    erase(doors, doors.personal_data.find(person), by=ANNA, keep_tickets=False, others=False)
    with doors.database.writing() as connection:
        connection.execute(update(schema.effect).where(schema.effect.c.mail_id == refs[2]).values(details={}))
    assert [one.mail_id for one in doors.versions.answered_with(name, 100)] == [refs[0]]
