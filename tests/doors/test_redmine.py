"""Redmine, the real one: `make test-redmine` after `make test-services-redmine`. Else it is left out, also in CI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.trackers import TrackerConfig
from pipeline.config.values import Secret
from pipeline.errors import ConfigError, RejectedError
from pipeline.records.filing import Remark
from pipeline.replies.payload import compile_payload
from pipeline.trackers import open_tracker
from tests.servers.redmine import OWNER, PROJECT, Redmine, is_installed
from tests.tracker_suite import HOSTILE, Case, TrackerSuite, a_filing, secrets

pytestmark = pytest.mark.skipif(not is_installed(), reason="Redmine is not installed: make test-services-redmine")


@pytest.fixture(scope="module")
def redmine() -> Iterator[Redmine]:
    with Redmine() as server:
        yield server


@pytest.fixture
def opened(redmine: Redmine, tmp_path: Path) -> Callable[..., Any]:
    """Our side of it, with these settings."""
    secrets(tmp_path, redmine.token)

    def tracker(token: str = "right", **more: Any) -> Any:
        chosen = {"kind": "redmine", "url": redmine.url, "project": PROJECT, "token": Secret(file=token), **more}
        return open_tracker("", TrackerConfig(**chosen), tmp_path, None, compile_payload)  # type: ignore[arg-type]

    return tracker


class RealRedmine(TrackerSuite):
    """Both places where our key can stand."""

    field = False

    @pytest.fixture
    def case(self, redmine: Redmine, opened: Callable[..., Any]) -> Iterator[Case]:
        place = {"field": redmine.field} if self.field else {}
        tracker = opened(**place)
        yield Case(tracker, wrong=lambda: opened("wrong", **place), owner=OWNER, gone="999999")
        tracker.close()


class TestRedmine(RealRedmine):
    def test_a_project_that_is_not_there_is_told(self, opened: Callable[..., Any]) -> None:
        tracker = opened(project="elsewhere")
        with pytest.raises(ConfigError, match="elsewhere"):
            tracker.check()
        tracker.close()

    def test_an_owner_is_known_by_number_too(self, redmine: Redmine, opened: Callable[..., Any]) -> None:
        tracker = opened(owners={"alice@example.com": redmine.alice})
        filed = tracker.open(a_filing(owner=redmine.alice))
        assert tracker.standing(filed.id).owner == redmine.alice
        tracker.close()

    @pytest.mark.parametrize("formatting", ["textile", "markdown", "common_mark"])
    def test_a_hostile_text_is_shown_and_does_nothing(self, redmine: Redmine, case: Case, formatting: str) -> None:
        redmine.format_texts_as(formatting)
        text = "\n\n".join(HOSTILE)
        filing, filed = case.file(a_filing(title="@alice {{include(secret)}} <script>alert(1)</script>", text=text))
        case.tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text=text))
        page = redmine.page(filed.id)
        said = page[page.index('<div class="subject">') : page.index('id="footer"')]
        assert "https://evil.example.net/p.gif" in said  # it is there to be read
        assert "<script>alert" not in said
        assert not [tag for tag in re.findall(r"<[a-z][^>]*>", said) if "evil" in tag]


class TestRedmineWithAField(RealRedmine):
    field = True

    def test_a_field_that_is_not_there_is_told_by_the_doctor_and_when_something_is_filed(
        self, case: Case, opened: Callable[..., Any]
    ) -> None:
        case.file()
        tracker = opened(field="99")
        with pytest.raises(ConfigError, match="does not search by the custom field 99"):
            tracker.check()
        with pytest.raises(RejectedError, match="was made without our key"):
            tracker.open(a_filing())
        assert tracker.find(a_filing().key) is None
        tracker.close()
