"""Topics of one's own for a new folder: what may be in the file, and what is written and left out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.config.load import load
from pipeline.desk.new_folder import check_topics, interview, make, write_config
from pipeline.desk.own_topics import read_topics
from pipeline.errors import UsageError

ROOT = Path(__file__).parents[2]
ENV = {"env": "SUPPORT_PASSWORD"}
BANK = """topic;Title;owner;respond_within;track
# cards
lost card;your lost card;cards@bank.test;1h;all

kyc_check;;;;
"Wire; abroad";a transfer abroad;;2d;
"""


def rows_in(folder: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as table:
            rows += csv.DictReader(table)
    return rows


def file(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "topics.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


@pytest.mark.parametrize(
    "text", ["lost card\nkyc_check\n", "\ufefftopic\nlost card\nkyc_check", "# ours\n lost card\n\nkyc_check"]
)
def test_a_list_has_a_topic_a_line(tmp_path: Path, text: str) -> None:
    assert [topic.name for topic in read_topics(file(tmp_path, text))] == ["lost card", "kyc_check"]


def test_a_table_tells_more_of_each(tmp_path: Path) -> None:
    card, check, abroad = read_topics(file(tmp_path, BANK))
    assert card.told == {"title": "your lost card", "owner": "cards@bank.test", "respond_within": "1h", "track": "all"}
    assert (check.name, check.told) == ("kyc_check", {})
    assert abroad.name == "Wire; abroad"


def test_none_is_no_topic_at_all() -> None:
    assert read_topics("none") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no topic in it"),
        ("# nothing\n", "no topic in it"),
        ("only one", "1 topics: two are needed"),
        ("a\nb\nA", "'a' is there twice"),
        ("a\n" + "x" * 101, "up to 100 letters"),
        ("topic,colour\na,red\nb,blue", "no column 'colour'"),
        ("topic,owner\na,anna\nb,", "owner: an address"),
        ("topic,respond_within\na,soon\nb,1h", "respond_within: "),
        ("topic,track\na,1h\nb,all", "track"),
        ("topic,title\na,one,two\nb,x", "more cells than columns"),
        (b"gr\xfc\xdfe\nb", "not UTF-8"),
    ],
)
def test_what_can_not_be_used_is_told_with_its_place(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        read_topics(file(tmp_path, text))
    assert "topics.txt" in (refused.value.where or "")
    assert refused.value.remedy


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_topics(str(tmp_path / "nowhere.csv"))


def test_the_configuration_has_these_topics_and_no_others(tmp_path: Path) -> None:
    answers = interview({"company": "Bank", "owner": "anna@bank.test", "language": "de"}, None)
    own = read_topics(file(tmp_path, BANK))
    write_config(tmp_path, answers, {"kyc_check": "kim@bank.test"}, ENV, own)
    made = load(tmp_path / "config.toml")
    assert list(made.topics) == ["lost card", "kyc_check", "Wire; abroad"]
    assert [topic.owner for topic in made.topics.values()] == ["cards@bank.test", "kim@bank.test", "anna@bank.test"]
    assert [topic.title for topic in made.topics.values()] == [
        {"de": "your lost card"},
        {"de": "kyc check"},
        {"de": "a transfer abroad"},
    ]
    assert {topic.template for topic in made.topics.values()} == {"other"}
    assert made.topics["lost card"].track == "all"
    assert list(made.grants) == ["voucher-10"]  # what follows the topics is still there
    assert made.replies.company == "Bank"


def test_no_topic_at_all_leaves_the_table_of_keys_alone(tmp_path: Path) -> None:
    write_config(tmp_path, interview({}, None), {}, ENV, [])
    assert load(tmp_path / "config.toml").topics == {}
    assert "# respond_within " in (tmp_path / "config.toml").read_text(encoding="utf-8")


def test_an_owner_is_only_for_a_topic_that_there_is(tmp_path: Path) -> None:
    own = read_topics(file(tmp_path, BANK))
    check_topics(["lost card"], own)
    for name, topics in (("delivery", own), ("lost card", None), ("lost card", [])):
        with pytest.raises(UsageError, match="no such topic"):
            check_topics([name], topics)


def test_the_starter_teaches_no_topic_there_and_its_letters_about_them_are_left_out(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    make(desk, interview({}, None), {}, ENV, read_topics(file(tmp_path, BANK)))
    rows, shipped = rows_in(desk / "training_data"), rows_in(ROOT / "training_data")
    assert {row["topic"] for row in rows} == {""}
    assert sorted((row["text"], row["sentiment"], row["complaint"]) for row in rows) == sorted(
        (row["text"], row["sentiment"], row["complaint"]) for row in shipped
    )
    letters = {path.stem for path in (desk / "templates/en").glob("*.txt")}
    assert {"neutral", "other", "other-complaint", "complaint", "perhaps", "status"} <= letters
    assert not {"delivery", "delivery-complaint", "praise"} & letters


def test_a_letter_that_a_topic_of_ones_own_names_stays(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    make(desk, interview({}, None), {}, ENV, read_topics(file(tmp_path, "topic,template\nparcels,delivery\nmoney,")))
    assert (desk / "templates/fi/delivery-complaint.txt").is_file()
    assert not (desk / "templates/fi/refund.txt").exists()
