"""Labelling is one place: a tab for each kind of question, how many wait in each, and the same keys everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk.certificate_document import CertificateDocument
from pipeline.desk.collect import shelf_of
from pipeline.desk.work import works_of
from pipeline.learn.dataset import Row
from pipeline.learn.registry import registry_of
from pipeline.records.account import DeskRole
from pipeline.web.desk.certificate_words import say_certificate
from pipeline.web.desk.labelling import ANSWER_KEYS, KINDS, LABEL_KEYS
from pipeline.web.desk.translations import LANGUAGES, Speech
from pipeline.web.site import Site
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, DeskBrowser, hire
from tests.doors.test_desk_model import post, unsure
from tests.learned import save_toy, write_csv
from tests.samples import NOON
from tests.web_doors import text_of, web_doors

KNOWN_KEYS = {key for keys, _ in LABEL_KEYS for key in keys} | set(ANSWER_KEYS)


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    hire(made)
    yield made
    made.close()


@pytest.fixture
def dora(doors: LiveDoors) -> DeskBrowser:
    return DeskBrowser(doors, CAST[DeskRole.DATA])


def shelve(doors: LiveDoors, count: int) -> list[Row]:
    """So many rows, and the audit speaks against each."""
    texts = [f"Where is parcel number {number} of the blue ones? It was due." for number in "one two three".split()]
    shelf_of(doors).append("mine", [Row(text=text, topic="refund", language="en") for text in texts[:count]])
    rows = shelf_of(doors).rows()
    place = works_of(doors.config, doors.clock).place("doubts")
    place.mkdir(parents=True, exist_ok=True)
    lines = [{"hash": row.hash, "head": "topic", "label": "refund", "rather": "delivery", "text": "x"} for row in rows]
    (place / "out").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return rows


def group_up(doors: LiveDoors) -> None:
    """A table as `data discover` writes it."""
    place = works_of(doors.config, doors.clock).place("discover")
    place.mkdir(parents=True)
    write_csv(
        place / "groups.csv", [Row(text=f"The bridge number {one} is up.", topic="cluster-1 bridge") for one in "abc"]
    )


def counts(page: str) -> dict[str, str]:
    """What stands beside each tab, '' where nothing does."""
    tabs = page[page.index('<p class="tabs">') : page.index("</p>", page.index('<p class="tabs">'))]
    found = re.findall(r'<a href="([^"]+)"[^>]*>[^<]*(?:<span class="count">(\d+)</span>)?</a>', tabs)
    return dict(found)


def test_each_kind_is_a_tab_that_tells_how_many_wait(doors: LiveDoors, dora: DeskBrowser) -> None:
    page = dora.get("/desk/model/doubts").text
    assert counts(page) == dict.fromkeys((kind.where for kind in KINDS), "")  # nobody has looked yet
    unsure(doors, 2)
    shelve(doors, 3)
    group_up(doors)
    dora.get("/desk/review")
    dora.get("/desk/model/groups")
    page = dora.get("/desk/confirm").text
    found = counts(page)
    assert [found[one] for one in ("/desk/review", "/desk/model/groups", "/desk/model/doubts")] == ["2", "1", "3"]
    lacking = re.search(r"(\d+) more right ones until it is shown", page)
    assert found["/desk/confirm"] == (lacking[1] if lacking else "")
    post(dora, "/desk/model/doubts", hash=shelf_of(doors).rows()[0].hash, head="topic", do="later")
    assert counts(dora.get("/desk/review").text)["/desk/model/doubts"] == "2"


def test_an_agent_sees_the_kinds_that_agents_answer(doors: LiveDoors) -> None:
    anna = DeskBrowser(doors, CAST[DeskRole.AGENT])
    assert list(counts(anna.get("/desk/review").text)) == ["/desk/review", "/desk/confirm"]


def test_labelling_begins_where_something_waits(doors: LiveDoors, dora: DeskBrowser) -> None:
    assert dora.get("/desk/label").headers["location"].endswith("/desk/review")
    shelve(doors, 1)
    assert dora.get("/desk/label").headers["location"].endswith("/desk/model/doubts")
    unsure(doors, 1)
    dora.get("/desk/review")
    assert dora.get("/desk/label").headers["location"].endswith("/desk/review")


def test_what_is_wrong_with_one_kind_stops_no_other(doors: LiveDoors, dora: DeskBrowser) -> None:
    shelve(doors, 1)
    (doors.config.at("training_data") / "mine.csv").write_text("no table of ours", encoding="utf-8")
    (doors.config.at("models") / "current").unlink(missing_ok=True)
    assert dora.get("/desk/model/doubts").status_code == 422
    page = dora.get("/desk/confirm")
    assert page.status_code == 200
    assert counts(page.text)["/desk/model/doubts"] == ""


def test_the_same_keys_answer_put_off_and_take_back_in_every_kind(doors: LiveDoors, dora: DeskBrowser) -> None:
    unsure(doors, 2)
    shelve(doors, 1)
    group_up(doors)
    pages = {kind.name: dora.get(kind.where).text for kind in KINDS}
    pages["review of complaints"] = dora.get("/desk/review?only=complaint").text
    pages["review of all"] = dora.get("/desk/review?only=").text
    for name, page in pages.items():
        used = set(re.findall(r'data-(?:key|key-also|choose)="([^"]+)"', page))
        assert {"s", "z", "]"} <= used, name
        assert used <= KNOWN_KEYS, name  # each is in the table that people read
        if name != "review of complaints":
            assert "1" in used, name
    for page in (dora.get("/desk/keys").text, pages["doubts"]):
        assert "the next kind of question" in page


def test_undo_says_the_same_in_every_kind(dora: DeskBrowser) -> None:
    for kind in KINDS:
        assert "There is nothing to take back." in text_of(dora.get(f"{kind.where}?done=nothing").text)
        assert "Your last answer is taken back." in text_of(dora.get(f"{kind.where}?done=undone").text)


def test_of_doubted_labels_the_newest_answer_counts_though_files_are_remembered(
    doors: LiveDoors, dora: DeskBrowser
) -> None:
    rows = shelve(doors, 2)
    assert counts(dora.get("/desk/model/doubts").text)["/desk/model/doubts"] == "2"
    post(dora, "/desk/model/doubts", hash=rows[0].hash, head="topic", label="refund")
    assert counts(dora.get("/desk/model/doubts").text)["/desk/model/doubts"] == "1"
    shelf_of(doors).remove("mine", rows[1])  # by hand, or by an erasure
    assert counts(dora.get("/desk/model/doubts").text)["/desk/model/doubts"] == "0"


def certificate(**changes: Any) -> CertificateDocument:
    told: dict[str, Any] = {"basis": "training", "threshold": 0.963, "max_error": 0.05, "since": None, "old": False}
    told |= {"right": 57, "wrong": 1, "asked": None, "due": 0, "say": "English words for the command line"}
    return {**told, **changes}  # type: ignore[typeddict-item]


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_what_ground_it_is_sure_is_said_in_every_language(language: str) -> None:
    speech = Speech(language, "UTC", NOON)
    shown = [
        say_certificate(speech, certificate(**changes), exhausted=exhausted)
        for changes, exhausted in (
            ({}, False),
            ({"threshold": None}, False),
            ({"basis": "answers", "since": NOON}, False),
            ({"basis": "answers", "since": NOON, "old": True}, False),
            ({"basis": "refuted"}, False),
            ({"basis": "refuted"}, True),
        )
    ]
    assert len(set(shown)) == 6
    assert all("96" in one for one in (shown[0], *shown[2:4]))
    assert all("58" in one for one in shown[2:])  # of how many
    english = say_certificate(Speech("en", "UTC", NOON), certificate(), exhausted=False)
    assert (shown[0] == english) is (language == "en")


def test_the_page_of_confirming_says_it_in_the_language_of_the_reader(doors: LiveDoors, dora: DeskBrowser) -> None:
    unsure(doors, 6)
    doors.accounts.change(CAST[DeskRole.DATA], language="de")
    page = text_of(dora.get("/desk/confirm").text)
    assert "Sie ist nie sicher: Das Training hat nichts beglaubigt." in page
    assert "never sure" not in page


def test_what_other_machines_did_not_get_is_said_after_the_deed(
    doors: LiveDoors, dora: DeskBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = registry_of(doors.config, doors.config.key())
    registry.use(save_toy(registry, digest="4" * 8).name, "promote", "for the test")
    monkeypatch.setattr(Site, "share_model", lambda _self: ["models/current"])
    there = post(dora, "/desk/model/roll-back").headers["location"]
    assert "the other machines do not have it" in text_of(dora.get(there).text)
    unsure(doors, 6)
    dora.get("/desk/confirm")
    there = post(dora, "/desk/confirm", do="undo", head="topic").headers["location"]
    assert "the other machines do not have it" in text_of(dora.get(there).text)
    monkeypatch.setattr(Site, "share_model", lambda _self: [])
    there = post(dora, "/desk/confirm", do="undo", head="topic").headers["location"]
    assert "the other machines" not in text_of(dora.get(there).text)
