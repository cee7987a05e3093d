"""What the card draws and how its page looks: against small cases computed by hand, and on the starter model."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.learn import curves, page
from pipeline.learn.evaluate import Judgement
from tests.learned import german


def judgement(truth: str, predicted: str) -> Judgement:
    return Judgement(
        classes=sorted({*truth.split(), *predicted.split()}),
        truth=np.array(truth.split(), dtype=object),
        predicted=np.array(predicted.split(), dtype=object),
        confidence=np.linspace(0.9, 0.5, len(truth.split())),
        sure=np.ones(len(truth.split()), dtype=bool),
        languages=np.array(["en"] * len(truth.split()), dtype=object),
        kinds=np.array(["hard"] * len(truth.split()), dtype=object),
    )


def test_reliability_sets_confidence_beside_truth_bin_by_bin() -> None:
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])
    assert curves.reliability(confidence, right) == [
        {"confidence": 0.55, "accuracy": 0.5, "rows": 2},
        {"confidence": 0.95, "accuracy": 0.75, "rows": 4},
    ]


def test_risk_grows_with_coverage_when_confidence_means_something() -> None:
    confidence = np.linspace(1.0, 0.1, 100)
    right = np.arange(100) < 50
    points = curves.risk_coverage(confidence, right)
    assert points[-1] == {"coverage": 1.0, "error": 0.5, "threshold": 0.1}
    assert all(point["error"] == 0 for point in points if point["coverage"] <= 0.5)
    assert [point["coverage"] for point in points] == sorted(point["coverage"] for point in points)


def test_confusions_name_the_commonest_first() -> None:
    found = curves.confusions(judgement("a a a b b c", "b b a a b c"))
    assert found == [
        {"truth": "a", "predicted": "b", "rows": 2},
        {"truth": "b", "predicted": "a", "rows": 1},
    ]


@pytest.fixture(scope="module")
def card() -> dict:
    version = german().version
    return {
        **version.manifest,
        "in_use": True,
        "languages": ["de", "en"],
        "decisions": [{"at": "2026-11-22", "action": "promote", "reason": "first <version>"}],
    }


def test_more_mail_is_measured_to_help(card: dict) -> None:
    curve = card["learning_curve"]["topic"]
    assert len(curve) == 4
    assert curve[-1]["accuracy"] > curve[0]["accuracy"]
    assert [point["rows"] for point in curve] == sorted(point["rows"] for point in curve)


def test_unknown_topics_are_told_from_known_ones_better_than_by_chance(card: dict) -> None:
    assert card["out_of_scope"]["auroc"] > 0.6
    assert len(card["out_of_scope"]["left_out"]) >= 2


def test_what_nobody_measured_stands_on_the_card(card: dict) -> None:
    assert "agreement between people who label the same mail" in card["not_measured"]


class Reader(HTMLParser):
    """Collects what a browser would see, and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.fetched: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.fetched += [found[name] or "" for name in ("src", "href") if name in found]
        if tag == "svg":
            self.labels.append(found.get("aria-label") or "")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_is_complete_self_contained_and_described(card: dict) -> None:
    document = page.render_card(card)
    reader = Reader()
    reader.feed(document)
    seen = " ".join(reader.text)
    assert "<script" not in document
    assert [link for link in reader.fetched if not link.startswith("#")] == []
    assert not re.search(r"url\((?!#)", document)
    assert reader.labels.count("Is the confidence honest?") == 3
    assert all(reader.labels)
    for word in (
        "delivery",
        "By language",
        "By kind",
        "ordinary",
        "Most often confused",
        "Not measured",
        "first <version>",
        card["version"],
    ):
        assert word in seen


def test_the_same_card_gives_the_same_page(card: dict) -> None:
    assert page.render_card(card) == page.render_card(card)


def test_a_head_without_test_labels_is_shown_as_a_gap(card: dict) -> None:
    heads = {**card["heads"], "topic": {**card["heads"]["topic"], "test": {"accuracy": None, "threshold": None}}}
    assert "no test mail has a label for it" in page.render_card({**card, "heads": heads})


@pytest.mark.parametrize(("error", "told"), [(0.02, False), (0.031, True), (None, False)])
def test_a_head_that_was_wrong_more_often_than_allowed_says_so_in_red(
    card: dict, error: float | None, *, told: bool
) -> None:
    topic = card["heads"]["topic"]
    test = {**topic["test"], "error_when_sure": error}
    certified = {"check": 0, "learned": 3000}
    heads = {"topic": {**topic, "max_error": 0.02, "certified_on": certified, "test": test}}
    assert ("<td class=alarm>3.1%: more than allowed</td>" in page.render_card({**card, "heads": heads})) is told


def test_a_head_that_is_certified_on_mail_as_it_comes_is_not_blamed_for_what_was_written_to_be_hard(card: dict) -> None:
    ordinary = {"rows": 190, "accuracy": 0.9, "macro_f1": 0.9, "coverage": 0.62, "error_when_sure": 0.01}
    topic = card["heads"]["topic"]
    test = {**topic["test"], "error_when_sure": 0.31, "kinds": {"ordinary": ordinary}}
    facts = {**topic, "max_error": 0.02, "threshold": 0.7, "test": test}
    pages = [
        page.render_card({**card, "heads": {"topic": {**facts, "certified_on": {"check": check, "learned": 1}}}})
        for check in (1500, 0)
    ]
    assert ["more than allowed" in one for one in pages] == [False, True]
    assert "62.0%" in pages[0]


def test_the_command_writes_the_page(card: dict, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from pipeline.cli import app
    from tests.learned import KEY

    (tmp_path / "key").write_bytes(KEY)
    (tmp_path / "config.toml").write_text(
        f"[classify]\nmodels = '{german().registry.folder}'\n[security]\nkey = {{ file = 'key' }}\n"
    )
    target = tmp_path / "card.html"
    words = ["--config", str(tmp_path / "config.toml"), "model", "show", "--html", str(target)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("width", [1100, 390])
def test_a_browser_shows_the_page_whole_and_fetches_nothing(
    card: dict, tmp_path: Path, browser: Any, width: int
) -> None:
    target = tmp_path / "card.html"
    target.write_text(page.render_card(card), encoding="utf-8")
    shown = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    trouble: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: trouble.append(message.text))
    shown.goto(target.as_uri())
    assert asked == [target.as_uri()]
    assert trouble == []
    assert shown.locator("svg").count() >= 9
    shown.get_by_text("The numbers").first.click()
    assert shown.locator("details[open] table").first.is_visible()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width  # nothing has to be pushed aside
    shown.close()
