"""A claimed effect becomes a letter, or the reason why there is none; and the links that only its reader gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.errors import DeferredError, FirstlineError, RejectedError, UncertainError, UnreachableError
from pipeline.letter import links
from pipeline.letter.writer import Writer
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.letter import AttachedFile, Letter
from pipeline.records.payload import (
    AcknowledgementPayload,
    AnswerPayload,
    AskedSurvey,
    NoticePayload,
    QuestionPayload,
    UnreadablePayload,
)
from pipeline.records.survey import SurveyKind
from pipeline.retry import LETTER
from pipeline.tokens import Signer
from tests.samples import NOON, config

SIGNER = Signer(b"k" * 32)
FACTS: dict[str, Any] = {
    "template": "delivery",
    "language": "en",
    "ref": "AAAA-0001",
    "decided": NOON,
    "mailbox": "support",
}
ACKNOWLEDGEMENT = Effect(
    key="AAAA-0001:acknowledge",
    mail_id="AAAA-0001",
    kind=EffectKind.ACKNOWLEDGE,
    message_id="<a@firstline.example.com>",
    recipient="eve@example.org",
    payload=AcknowledgementPayload(**FACTS),
)


class Templates:
    """Letters that say which template they are."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def of_mailbox(self, name: str) -> Templates:
        return self

    def has(self, name: str) -> bool:
        return name in self.names

    def language(self, name: str, wanted: str) -> str:
        return wanted

    def render(self, name: str, language: str, values: Mapping[str, object]) -> Letter:
        used = name if name in self.names else "neutral"
        return Letter(subject=used, text="x", html="", template=used, version="v", language=language)


def writer_with(*names: str) -> Writer:
    return Writer(config=config(), signer=SIGNER, letters=Templates("delivery", "neutral", *names))


WRITER = writer_with()


def wrote(effect: Effect, now=NOON, *names: str) -> str | Outcome:
    made = writer_with(*names).written(effect, now)
    return made if isinstance(made, Outcome) else made[0].template


def test_a_letter_in_time_is_that_of_its_topic_and_a_late_one_says_so() -> None:
    late = NOON + timedelta(days=4)
    assert wrote(ACKNOWLEDGEMENT) == "delivery"
    assert wrote(ACKNOWLEDGEMENT, late, "late") == "late"
    found = wrote(ACKNOWLEDGEMENT, late)
    assert isinstance(found, Outcome)
    assert found.state is EffectState.CANCELLED


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({}, "delivery"),
        ({"respond_by": NOON + timedelta(hours=1)}, "delivery"),
        ({"respond_by": NOON}, EffectState.CANCELLED),  # it would name a time that is over
        ({"respond_by": NOON, "said_since": NOON}, "delivery"),  # the words of a person are sent all the same
        ({"template": "moved"}, EffectState.FAILED),  # no other letter can take its place
    ],
)
def test_a_notice_is_never_untrue(changes: dict[str, Any], made: object) -> None:
    notice = replace(ACKNOWLEDGEMENT, kind=EffectKind.NOTIFY, payload=NoticePayload(**{**FACTS, **changes}))
    found = wrote(notice)
    assert (found.state if isinstance(found, Outcome) else found) == made


def test_what_can_not_be_read_or_written_fails_alone() -> None:
    for effect in (
        replace(ACKNOWLEDGEMENT, payload=UnreadablePayload(why="template: Field required")),
        replace(ACKNOWLEDGEMENT, recipient="nobody"),
    ):
        found = wrote(effect)
        assert isinstance(found, Outcome)
        assert found.state is EffectState.FAILED


LETTER_SENT = Letter(subject="s", text="t", html="", template="delivery", version="v", language="en")


@pytest.mark.parametrize(
    ("error", "state", "next_try"),
    [
        (None, EffectState.DONE, None),
        (DeferredError("later"), EffectState.WAITING, NOON + LETTER.first),
        (UncertainError("broken off"), EffectState.UNCERTAIN, None),
        (RejectedError("never"), EffectState.FAILED, None),
        (FirstlineError("odd"), EffectState.FAILED, None),
    ],
)
def test_what_the_servers_word_means(error: FirstlineError | None, state: EffectState, next_try: object) -> None:
    found = WRITER.outcome(ACKNOWLEDGEMENT, LETTER_SENT, error, NOON)
    assert isinstance(found, Outcome)
    assert (found.state, found.next_try) == (state, next_try)


def test_a_server_that_is_away_is_no_outcome_of_a_letter() -> None:
    away = UnreachableError("nothing listens there")
    assert WRITER.outcome(ACKNOWLEDGEMENT, LETTER_SENT, away, NOON) is away


def test_an_unknown_address_is_remembered_and_another_refusal_is_not() -> None:
    unknown = WRITER.outcome(ACKNOWLEDGEMENT, LETTER_SENT, RejectedError("5.1.1", recipient_unknown=True), NOON)
    other = WRITER.outcome(ACKNOWLEDGEMENT, LETTER_SENT, RejectedError("5.7.1"), NOON)
    assert isinstance(unknown, Outcome)
    assert isinstance(other, Outcome)
    assert (unknown.bounced, other.bounced) == ("5.1.1", "")


PAGES = config(web={"url": "https://help.example.com", "enabled": True})


def test_links_are_given_to_the_customer_alone_and_only_where_there_are_pages() -> None:
    customer = AcknowledgementPayload(**FACTS, status_of="AAAA-0001")
    staff = NoticePayload(**FACTS, customer="eve@example.org")
    assert links.of_letter(config(), SIGNER, customer, NOON) == links.NONE
    assert links.of_letter(PAGES, SIGNER, staff, NOON) == links.NONE
    found = links.of_letter(PAGES, SIGNER, customer, NOON)
    assert found["status_link"].startswith("https://help.example.com/s/")
    assert found["scores"] == []


def test_a_question_has_a_link_for_each_score_and_one_to_stop() -> None:
    asked = AskedSurvey(id="AAAA-0001:csat", kind=SurveyKind.CSAT, expires=NOON + timedelta(days=30))
    found = links.of_letter(PAGES, SIGNER, QuestionPayload(**FACTS, survey=asked), NOON)
    assert [one["score"] for one in found["scores"]] == ["1", "2", "3", "4", "5"]
    assert len({one["link"] for one in found["scores"]}) == 5
    assert found["stop_link"].startswith("https://help.example.com/stop/")


# --- what a person writes ---------------------------------------------------------------------------------------------

ANSWER = Effect(
    key="AAAA-0001:answer:d1",
    mail_id="AAAA-0001",
    kind=EffectKind.ANSWER,
    message_id="<a@firstline.example.com>",
    recipient="eve@example.org",
    payload=AnswerPayload(
        **FACTS | {"template": "answer"}, words="Hi", author="anna", to="eve@example.org", draft="d1"
    ),
)


class Attached:
    def __init__(self, *names: str) -> None:
        self.names = names

    def of(self, draft: str) -> list[AttachedFile]:
        assert draft == "d1"
        return [AttachedFile(name=name, type="text/plain", data=b"x") for name in self.names]


def test_an_answer_is_sent_however_old_it_is() -> None:
    """A person wrote it to be read; `max_age` is for what a machine says at once."""
    assert wrote(ANSWER, NOON + timedelta(days=40), "answer") == "answer"


@pytest.mark.parametrize(
    ("named", "there", "is_sent"), [((), (), True), (("a",), ("a",), True), (("a",), (), False), (("a",), None, False)]
)
def test_an_answer_goes_with_all_its_files_or_not_at_all(
    named: tuple[str, ...], there: tuple[str, ...] | None, *, is_sent: bool
) -> None:
    one = replace(ANSWER, payload=replace(ANSWER.letter, files=named))  # type: ignore[call-arg]
    files = None if there is None else Attached(*there)
    found = replace(writer_with("answer"), files=files).written(one, NOON)
    if is_sent:
        assert not isinstance(found, Outcome)
    else:
        assert isinstance(found, Outcome)
        assert found.state is EffectState.FAILED
        assert "missing" in found.error
