"""Request Tracker 5, the real one: `make test-rt` after `make test-services-rt`. Else it is left out, also in CI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.trackers import TrackerConfig
from pipeline.config.values import Secret
from pipeline.records.filing import File, Remark
from pipeline.replies.payload import compile_payload
from pipeline.trackers import open_tracker
from tests.servers.rt import FIELD, PASSWORD, USER, RequestTracker, is_installed
from tests.tracker_suite import Case, TrackerSuite, a_filing, secrets

pytestmark = pytest.mark.skipif(not is_installed(), reason="RT is not installed: make test-services-rt")


@pytest.fixture(scope="module")
def rt() -> Iterator[RequestTracker]:
    with RequestTracker() as server:
        yield server


class RealRt(TrackerSuite):
    """Both places where our key can stand."""

    field = ""

    @pytest.fixture
    def case(self, rt: RequestTracker, tmp_path: Path) -> Iterator[Case]:
        secrets(tmp_path, PASSWORD)

        def opened(token: str) -> Any:
            settings = TrackerConfig(
                kind="rt", url=rt.url, project="General", username=USER, token=Secret(file=token), field=self.field
            )
            return open_tracker("", settings, tmp_path, None, compile_payload)  # type: ignore[arg-type]

        case = Case(opened("right"), wrong=lambda: opened("wrong"), owner=USER, gone="999")
        yield case
        case.tracker.close()


class TestRequestTracker(RealRt):
    def test_large_files_do_not_make_a_ticket_unreadable(self, case: Case) -> None:
        filing, filed = case.file()
        large = File(name="large.bin", content_type="application/octet-stream", data=bytes(3_000_000))
        case.tracker.comment(filed.id, Remark(key=f"{filing.key}-1", text="see the file", files=(large,)))
        standing = case.tracker.standing(filed.id)
        assert standing is not None
        assert standing.said[0].key == f"{filing.key}-1"

    def test_a_queue_that_is_not_there_is_told(self, case: Case) -> None:
        assert "General" in case.tracker.check()
        assert case.tracker.find(a_filing().key) is None


class TestRequestTrackerWithAField(RealRt):
    field = FIELD
