"""What `status` says of a machine that is never sure."""

from __future__ import annotations

import pytest

from pipeline.desk.health import never_sure
from pipeline.desk.health_document import sure_document


@pytest.mark.parametrize(
    ("judged", "topic", "complaint", "told"),
    [(100, 0, 0, True), (99, 0, 0, False), (0, 0, 0, False), (5000, 0, 1, False), (5000, 1, 0, False)],
)
def test_a_week_of_mail_of_which_nothing_was_sure_is_not_healthy(
    judged: int, topic: int, complaint: int, *, told: bool
) -> None:
    problems = [*never_sure(sure_document(judged, topic, complaint))]
    assert bool(problems) is told
    for problem in problems:
        assert problem["kind"] == "model"
        assert f"of {judged} mails" in problem["what"]
        assert "firstline data review" in problem["remedy"]
