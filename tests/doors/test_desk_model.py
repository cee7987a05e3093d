"""The pages of those who teach the model: what they show when there is nothing, when all is well, and to whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import accounts, doubts_room, versions
from pipeline.desk.collect import shelf_of
from pipeline.engine.jobs import drift as watching
from pipeline.learn.dataset import Row
from pipeline.learn.registry import registry_of
from pipeline.records.account import DeskRole
from pipeline.records.labels import Label
from pipeline.wiring.live_doors import LiveDoors
from tests.desk import letter
from tests.desk_cast import CAST, DeskBrowser, hire
from tests.doors.test_drift import mails, record
from tests.doors.test_route import Fixed, take
from tests.learned import save_toy
from tests.samples import labels
from tests.web_doors import COMPLAINT, complained, pass_by, text_of, web_doors


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    hire(made)
    yield made
    made.close()


@pytest.fixture
def dora(doors: LiveDoors) -> DeskBrowser:
    return DeskBrowser(doors, CAST[DeskRole.DATA])


def post(browser: DeskBrowser, path: str, **fields: Any) -> Any:
    return browser.post(path, data={"csrf": accounts.csrf_of(browser.secret), **fields})


def unsure(doors: LiveDoors, count: int) -> None:
    for number in range(count):
        take(
            doors.route(Fixed(labels(topic=Label(value="delivery", confidence=0.4)))),
            letter(number),
            first=number,
        )


def test_the_review_page_asks_labels_and_takes_back(doors: LiveDoors, dora: DeskBrowser) -> None:
    assert "Nothing to review now" in dora.get("/desk/review").text
    unsure(doors, 2)
    doors_page = DeskBrowser(doors, CAST[DeskRole.DATA])
    page = doors_page.get("/desk/review").text
    mail = re.search(r'name="mail" value="([^"]+)"', page)
    assert mail
    stored = post(doors_page, "/desk/review", mail=mail[1], topic="delivery", only="topic")
    assert (stored.status_code, stored.headers["location"]) == (303, "/desk/review?only=topic&done=stored")
    assert [row.topic for row in shelf_of(doors).rows()] == ["delivery"]
    assert post(doors_page, "/desk/review", mail=mail[1], topic="delivery").status_code == 422
    other = re.search(r'name="mail" value="([^"]+)"', doors_page.get("/desk/review").text)
    assert other
    assert other[1] != mail[1]
    assert post(doors_page, "/desk/review", mail=other[1], topic="nonsense").status_code == 422
    assert post(doors_page, "/desk/review", mail=other[1]).status_code == 422
    undone = post(doors_page, "/desk/review", do="undo")
    assert mail[1] in undone.headers["location"]
    assert shelf_of(doors).rows() == []
    new = post(doors_page, "/desk/review", mail=other[1], new_topic="parking permit", complaint="no", only="")
    assert new.status_code == 303
    assert [(row.topic, row.complaint) for row in shelf_of(doors).rows()] == [("parking permit", "false")]


def test_without_a_usable_model_the_page_of_confirming_says_so(doors: LiveDoors, dora: DeskBrowser) -> None:
    (doors.config.at("models") / "current").unlink(missing_ok=True)
    for file in doors.config.at("models").rglob("*"):
        if file.is_file():
            file.unlink()
    page = dora.get("/desk/confirm")
    assert page.status_code == 200
    assert 'role="alert"' in page.text


def test_what_the_machine_is_sure_of_is_confirmed_by_lot(doors: LiveDoors, dora: DeskBrowser) -> None:
    unsure(doors, 6)
    page = dora.get("/desk/confirm?head=topic").text
    mail = re.search(r'name="mail" value="([^"]+)"', page)
    assert mail
    right = re.search(r'name="truth" value="([^"]+)" data-key="1"', page)
    assert right
    said = post(dora, "/desk/confirm", mail=mail[1], truth=unescape(right[1]), head="topic")
    assert said.headers["location"] == "/desk/confirm?head=topic&done=stored"
    (answer,) = doors.confirmations.of(registry_of(doors.config, doors.config.key()).current(), "topic")
    assert (answer.mail_id, answer.right, answer.random) == (mail[1], True, True)
    assert post(dora, "/desk/confirm", mail=mail[1], truth="delivery", head="topic").status_code == 422
    assert post(dora, "/desk/confirm", do="undo", head="topic").headers["location"].endswith("undone")
    assert post(dora, "/desk/confirm", do="undo", head="topic").headers["location"].endswith("nothing")
    assert post(dora, "/desk/confirm", mail=mail[1], do="later", head="topic").status_code == 303
    assert post(dora, "/desk/confirm", mail=mail[1], truth="true", head="nonsense").status_code == 422


def test_versions_are_shown_compared_and_taken_into_use(doors: LiveDoors, dora: DeskBrowser) -> None:
    unsure(doors, 3)
    registry = registry_of(doors.config, doors.config.key())
    first = registry.current()
    second = save_toy(registry, digest="1" * 8).name
    registry.note("refuse", second, "worse")
    page = text_of(dora.get("/desk/model").text)
    assert first in page
    assert "refused" in page
    compared = dora.get(f"/desk/model/version/{second}?beside=yes")
    assert "On the newest 3 mails" in compared.text
    assert "Nothing would change" in compared.text  # both are the same toy
    assert post(dora, "/desk/model/promote", version=second).status_code == 422
    registry.use(second, "promote", "for the test")
    assert post(dora, "/desk/model/roll-back").headers["location"] == "/desk/model?done=back"
    assert registry.current() == first
    assert dora.get("/desk/model/version/nonsense").status_code == 404
    assert dora.get("/desk/model/version/..%2f..%2fetc").status_code == 404
    found = versions.compare(doors, second)
    assert (found.mails, dict(found.changed), found.shifts) == (3, {}, [])


def test_a_damaged_version_is_shown_with_what_is_wrong(doors: LiveDoors, dora: DeskBrowser) -> None:
    name = registry_of(doors.config, doors.config.key()).current()
    (doors.config.at("models") / name / "manifest.json").write_text("{}", encoding="utf-8")
    page = dora.get("/desk/model")
    assert page.status_code == 200
    assert 'class="bad" lang="en"' in page.text


@pytest.fixture
def doubted(doors: LiveDoors) -> Row:
    """A label that the audit has spoken against."""
    row = Row(text="Where is my parcel? It was due on Tuesday.", topic="refund", language="en")
    shelf_of(doors).append("mine", [row])
    (row,) = shelf_of(doors).rows()
    place = doors.config.at("var/work/doubts")
    place.mkdir(parents=True)
    told = {"hash": row.hash, "head": "topic", "label": "refund", "rather": "delivery", "text": row.text, "doubt": 0.9}
    (place / "out").write_text(json.dumps(told) + "\n{broken", encoding="utf-8")
    return row


@pytest.mark.parametrize(("fields", "topic"), [({"label": "delivery"}, "delivery"), ({"label": "refund"}, "refund")])
def test_a_doubted_label_is_settled_and_the_answer_taken_back(
    doors: LiveDoors, dora: DeskBrowser, doubted: Row, fields: dict[str, str], topic: str
) -> None:
    assert "1 label left" in text_of(dora.get("/desk/model/doubts").text)
    asked = {"hash": doubted.hash, "head": "topic"}
    assert post(dora, "/desk/model/doubts", **asked, **fields).status_code == 303
    assert shelf_of(doors).known()[doubted.hash].topic == topic
    assert "1 label left" not in text_of(dora.get("/desk/model/doubts").text)
    assert post(dora, "/desk/model/doubts", **asked, **fields).status_code == 422
    assert post(dora, "/desk/model/doubts", do="undo").headers["location"].endswith("undone")
    assert shelf_of(doors).known()[doubted.hash].topic == "refund"
    assert post(dora, "/desk/model/doubts", do="undo").headers["location"].endswith("nothing")


def test_another_label_and_nonsense_for_a_doubted_one(doors: LiveDoors, dora: DeskBrowser, doubted: Row) -> None:
    asked = {"hash": doubted.hash, "head": "topic"}
    assert post(dora, "/desk/model/doubts", **asked).status_code == 422
    assert post(dora, "/desk/model/doubts", **asked, other="no such topic").status_code == 422
    assert post(dora, "/desk/model/doubts", **asked, do="later").status_code == 303
    assert "label left" not in text_of(dora.get("/desk/model/doubts").text)  # put off: for this person
    ben = DeskBrowser(doors, CAST[DeskRole.ADMIN])
    assert "1 label left" in text_of(ben.get("/desk/model/doubts").text)
    assert post(ben, "/desk/model/doubts", **asked, other="delivery").status_code == 303
    assert shelf_of(doors).known()[doubted.hash].topic == "delivery"
    assert doubts_room.WORDS == ("data", "fix", "--json")


@pytest.mark.parametrize(("code", "said"), [(2, "It failed. no such thing"), (None, "Nobody saw how it ended")])
@pytest.mark.parametrize("name", ["doubts", "discover"])
def test_work_that_failed_is_not_shown_as_nothing_left_to_do(
    doors: LiveDoors, dora: DeskBrowser, name: str, code: int | None, said: str
) -> None:
    place = doors.config.at(f"var/work/{name}")
    place.mkdir(parents=True)
    now = doors.clock.now().isoformat()
    state = {"name": name, "who": "dora", "began": now, "ended": now, "pid": 1, "code": code, "step": ""}
    (place / "state.json").write_text(json.dumps(state), encoding="utf-8")
    (place / "err").write_text("reading\nno such thing\n", encoding="utf-8")
    page = text_of(dora.get(f"/desk/model/{'groups' if name == 'discover' else name}").text)
    assert said in page
    assert "any more" not in page
    assert "is left" not in page


def test_every_doubted_label_is_shown_however_many_there_are(doors: LiveDoors, dora: DeskBrowser, doubted: Row) -> None:
    out = doors.config.at("var/work/doubts/out")
    filler = json.dumps({"hash": "0" * 16, "text": "x" * 1000}) + "\n"
    out.write_text(filler * 400 + out.read_text(encoding="utf-8"), encoding="utf-8")
    assert "1 label left" in text_of(dora.get("/desk/model/doubts").text)


def test_too_many_groups_are_refused_before_anything_runs(doors: LiveDoors, dora: DeskBrowser) -> None:
    assert post(dora, "/desk/model/find-groups", groups=100_000).status_code == 422
    assert post(dora, "/desk/model/groups", group="cluster-1", topic="delivery").status_code == 422
    assert not doors.config.at("var/work").exists()


def judged_mails(doors: LiveDoors, count: int, topic: str, *, sure: bool = True) -> None:
    """So many mails that came just now, and what the version in use made of them."""
    record(doors, mails(count, topic=topic, sure=sure), registry_of(doors.config, doors.config.key()).current())


def test_how_the_mail_has_changed_is_on_the_page_and_leads_to_its_mails(doors: LiveDoors, dora: DeskBrowser) -> None:
    page = text_of(dora.get("/desk/model").text)
    assert "it takes 100 mails within 14 days" in page
    assert "The mix of topics" not in page
    judged_mails(doors, 100, "parcel")
    assert watching.measure(doors) is not None
    calm = DeskBrowser(doors, CAST[DeskRole.DATA]).get("/desk/model").text
    assert "much the same" in text_of(calm)
    assert "100 mails from" in text_of(calm)
    pass_by(doors, days=20)
    judged_mails(doors, 100, "login", sure=False)
    pass_by(doors, minutes=1)
    assert watching.measure(doors) is not None
    dora = DeskBrowser(doors, CAST[DeskRole.DATA])
    changed = dora.get("/desk/model").text
    assert "The mix of topics is another" in text_of(changed)
    assert "Unsure of the topic of 100% ; at first of 0%." in text_of(changed)
    assert "Label such mails, then train." in text_of(changed)
    (unsure_ones,) = re.findall(r'href="(/desk/figures/cases\?figure=unsure[^"]+)"', changed)
    assert "100 cases" in text_of(dora.get(unescape(unsure_ones)).text)
    ranked = re.findall(r'href="/desk/search\?topic=(\w+)&amp;since=[-\d]+">', changed)
    assert ranked[0] == "login"
    assert set(ranked) == {"login", "parcel", "invoice"}


def test_what_another_version_was_measured_with_is_not_told_of_this_one(doors: LiveDoors, dora: DeskBrowser) -> None:
    judged_mails(doors, 100, "parcel")
    assert watching.measure(doors) is not None
    registry = registry_of(doors.config, doors.config.key())
    registry.use(save_toy(registry, digest="2" * 8).name, "promote", "for the test")
    assert "Not measured yet for the version in use" in text_of(dora.get("/desk/model").text)


def test_words_that_nobody_wrote_before_open_their_mails(doors: LiveDoors, dora: DeskBrowser) -> None:
    judged_mails(doors, 6, "parcel")
    assert "Which words are new?" in text_of(dora.get("/desk/model").text)
    assert "No word of the last week is new" in text_of(dora.get("/desk/model?new=yes").text)  # nothing to compare with
    pass_by(doors, days=9)
    for number in range(5):
        complained(doors, f"fay{number}@example.org", text="The drawbridge is closed.")
    pass_by(doors, minutes=1)
    dora = DeskBrowser(doors, CAST[DeskRole.DATA])
    page = dora.get("/desk/model?new=yes").text
    (there,) = re.findall(r'href="(/desk/search\?q=drawbridge&amp;since=[^"]+)"', page)
    assert dora.get(unescape(there)).text.count("<mark>drawbridge</mark>") == 5


def test_what_rises_is_on_the_page_with_its_mails(doors: LiveDoors, dora: DeskBrowser) -> None:
    for number in range(40):
        complained(doors, f"gus{number}@example.org", text="Where is the invoice? I need the receipt for bookkeeping.")
    pass_by(doors, days=9)
    refs = [
        complained(doors, f"hal{number}@example.org", text=f"{COMPLAINT} The drawbridge is closed.")
        for number in range(12)
    ]
    pass_by(doors, minutes=1)
    page = DeskBrowser(doors, CAST[DeskRole.DATA]).get("/desk/model").text
    assert re.search("rising parcel · .*12 of the 12 customers who wrote", text_of(page))
    assert sum(f'href="/desk/case/{ref}"' in page for ref in refs) == 10
    assert "and 2 more" in text_of(page)


def test_the_card_of_a_version_is_drawn_and_the_numbers_stand_beneath(doors: LiveDoors, dora: DeskBrowser) -> None:
    name = registry_of(doors.config, doors.config.key()).current()
    assert "Nothing is drawn" in text_of(dora.get(f"/desk/model/version/{name}").text)
    registry = registry_of(doors.config, doors.config.key())
    told = {
        "rows": 200,
        "max_error": 0.05,
        "coverage": 0.6,
        "reliability": [{"confidence": 0.45, "accuracy": 0.5, "rows": 40}],
        "risk_coverage": [{"coverage": 0.5, "error": 0.011, "threshold": 0.8}],
        "per_class": {"parcel": {"precision": 0.9, "recall": 0.7, "f1": 0.79, "support": 33}},
        "confusions": [{"truth": "parcel", "predicted": "login", "rows": 4}],
    }
    drawn = save_toy(registry, digest="3" * 8, measured=told).name
    page = dora.get(f"/desk/model/version/{drawn}").text
    assert page.count("<svg") == 3 * 3  # each head: two pictures and a bar
    for cell in ("45%", "1.1%", "79%", "33", "200 mails"):
        assert cell in text_of(page), cell
    assert "Was taken for" in page
