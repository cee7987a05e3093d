"""A person confirms on mail drawn by lot what the machine is sure of, and the machine goes by it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from pipeline import logs
from pipeline.clock import FakeClock
from pipeline.config import load
from pipeline.desk.confirm import RIGHT, WRONG, Confirming, DrawnMail, carry_over
from pipeline.desk.health import health
from pipeline.engine.shared import Engine
from pipeline.errors import NotFoundError, UsageError
from pipeline.learn import confirmed, gate, grouping, importing, promote, train
from pipeline.learn.confirming import Basis
from pipeline.learn.dataset import Row
from pipeline.records.confirmation import NONE_OF_THEM
from pipeline.records.labels import Correction
from pipeline.records.ledger import HandLabel
from pipeline.store import judgement, schema
from pipeline.wiring.keys import key_of
from pipeline.wiring.live_doors import LiveDoors, build
from tests.doubtful import arrive, doubtful_model, doubtful_rows, lay_key, topic_of
from tests.learned import POOLS, save_toy, toy_registry
from tests.samples import NOON, table

DAY = timedelta(days=1)


def shop(folder: Path, max_error: float) -> LiveDoors:
    """A toy model that certifies nothing by itself, and 1,200 mails; of the hundred surest one or two are wrong."""
    logs.set_up(quiet=True)
    (folder / "config.toml").write_text("")
    lay_key(folder)
    settings = {"max_error": {"topic": max_error}}
    made = build(load.check(table(classify=settings), folder / "config.toml"), FakeClock(NOON))
    toy_registry(made.config.at("models"), versions=2, key=key_of(made.config), fitted=doubtful_model())
    arrive(made, 1_200)
    return made


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    with closing(shop(tmp_path, max_error=0.05)) as made:
        yield made


def sitting(doors: LiveDoors, head: str = "topic", start: float | None = None) -> Confirming:
    return Confirming(doors, head, "alice", start=start)


def truth(drawn: DrawnMail) -> str:
    return topic_of(drawn.mail.id)


def answer(confirming: Confirming, most: int, wrong: frozenset[int] = frozenset()) -> int:
    """Says "right" until it is shown; of the places in `wrong` that it is none of these."""
    for place in range(most):
        drawn = next(confirming.draw(), None)
        if drawn is None:
            return place
        confirming.answer(drawn, NONE_OF_THEM if place in wrong else drawn.said)
        if confirming.over:
            return place + 1
    return most


def pass_by(doors: LiveDoors, span: timedelta) -> None:
    doors.clock.pass_by(span)  # type: ignore[attr-defined]


def test_a_model_that_ships_never_sure_earns_a_certificate_in_one_sitting(doors: LiveDoors) -> None:
    engine = Engine(doors)
    before = engine.route().predictor
    assert before is not None
    assert before.thresholds["topic"] is None  # type: ignore[attr-defined]
    assert answer(sitting(doors), 200) == 84
    told = sitting(doors).told()
    assert (told["basis"], told["right"], told["wrong"], told["since"]) == ("answers", 84, 0, NOON)
    assert "5 % holds" in told["say"]
    engine.look_around()  # the worker, without a restart
    after = engine.route().predictor
    assert after is not None
    assert after.thresholds["topic"] == told["threshold"]  # type: ignore[attr-defined]


def test_what_is_answered_is_drawn_from_sure_mail_and_by_lot(doors: LiveDoors) -> None:
    confirming = sitting(doors, start=0.6)
    drawn = [one for one, _ in zip(confirming.draw(), range(50), strict=False)]
    assert all(one.confidence >= 0.6 for one in drawn)
    assert [one.mail.id for one in drawn] != sorted(one.mail.id for one in drawn)
    assert len({truth(one) for one in drawn}) == len(POOLS)
    assert next(sitting(doors, start=0.6).draw()).mail.id == drawn[0].mail.id  # who stops goes on where they stopped


def test_a_wrong_one_becomes_a_label_and_moves_the_threshold(doors: LiveDoors) -> None:
    confirming = sitting(doors)
    drawn = next(confirming.draw())
    other = next(name for name in POOLS if name != drawn.said)
    confirming.answer(drawn, other)
    (row,) = doors_rows(doors, WRONG)
    assert (row["topic"], row["source"]) == (other, "confirm")
    mail = doors.reading.mail(drawn.mail.id)
    assert mail.labelled
    assert mail.decision.label is not None
    assert mail.decision.label.correction.topic == other
    asked = confirming.told()["asked"]
    assert asked is not None
    assert (asked["right"], asked["wrong"], asked["more"]) == (0, 1, 133)
    floor = confirming.floor
    answer(confirming, 20, frozenset(range(20)))
    assert confirming.floor > floor


def test_what_people_really_say_ends_at_a_threshold_that_holds(tmp_path: Path) -> None:
    """Drawn from 0.6 on, where one in six is wrong: what is broken goes, until what is left is seldom wrong."""
    with closing(shop(tmp_path, max_error=0.1)) as doors:
        pass_by(doors, DAY)
        arrive(doors, 1_500)
        confirming = sitting(doors, start=0.6)
        for drawn in confirming.draw():
            confirming.answer(drawn, truth(drawn))
            if confirming.certificate.basis is Basis.ANSWERS:
                break
        assert confirming.floor > 0.6
        threshold = confirming.certificate.threshold
        assert threshold is not None
        assert share_wrong(doors, threshold) <= 0.1


def share_wrong(doors: LiveDoors, threshold: float) -> float:
    """In mail that nobody has been asked about."""
    rows, registry = doubtful_rows(3_000, seed=77), toy_registry_of(doors)
    predictor = registry.predictor(registry.current())
    given, _known = predictor.probabilities([row.item for row in rows])
    classes = predictor.facts["topic"]["classes"]
    sure = [(row, chance) for row, chance in zip(rows, given["topic"], strict=True) if chance.max() >= threshold]
    return sum(classes[chance.argmax()] != row.topic for row, chance in sure) / len(sure)


def doors_rows(doors: LiveDoors, name: str = RIGHT) -> list[dict[str, str]]:
    import csv

    path = doors.config.at("training_data") / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_undo_takes_answer_label_and_certificate_back(doors: LiveDoors) -> None:
    confirming = sitting(doors)
    answer(confirming, 200)
    assert confirming.certificate.basis is Basis.ANSWERS
    mail = confirming.undo()
    assert mail is not None
    assert confirming.certificate.threshold is None
    assert not doors.reading.mail(mail.id).labelled
    assert len(doors_rows(doors)) == 83
    registry = toy_registry_of(doors)
    assert registry.confirmed(registry.current()) == {}
    assert next(confirming.draw()).mail.id == mail.id
    assert sitting(doors).undo() is None


def toy_registry_of(doors: LiveDoors):
    from pipeline.learn.registry import Registry

    return Registry(doors.config.at("models"), key_of(doors.config))


def test_a_mail_that_the_person_chose_is_a_label_but_proves_nothing(doors: LiveDoors) -> None:
    confirming = sitting(doors)
    drawn = [one.mail.id for one in confirming.draw()]
    chosen = confirming.find(drawn[-1])
    assert not confirming.answer(chosen, truth(chosen)).random
    assert confirming.certificate.round is None
    assert len(doors_rows(doors)) + len(doors_rows(doors, WRONG)) == 1
    assert confirming.answer(confirming.find(drawn[3]), "login").random  # one of the next is as good as the next
    with pytest.raises(UsageError, match="answered already"):
        confirming.answer(confirming.find(drawn[3]), "login")
    with pytest.raises(UsageError, match="no topic 'lgin'"):
        confirming.answer(confirming.find(drawn[4]), "lgin")
    with pytest.raises(NotFoundError):
        confirming.find("none")


def test_a_mail_that_is_labelled_already_answers_for_itself(doors: LiveDoors) -> None:
    first, second, *_ = [one for one, _ in zip(sitting(doors).draw(), range(3), strict=False)]
    known = judgement.with_label({}, HandLabel(correction=Correction(topic=truth(first)), by="bob", at=NOON))
    with doors.database.writing() as connection:
        mine = schema.mail.c.id == first.mail.id
        connection.execute(update(schema.mail).where(mine).values(decision=known, labelled=True))
    confirming = sitting(doors)
    assert next(confirming.draw()).mail.id == second.mail.id
    (answered,) = doors.confirmations.of(toy_registry_of(doors).current(), "topic")
    assert (answered.mail_id, answered.by, answered.right) == (first.mail.id, "bob", True)


def test_what_a_person_can_t_tell_comes_again_in_the_next_sitting(doors: LiveDoors) -> None:
    confirming = sitting(doors)
    drawn = next(confirming.draw())
    confirming.postpone(drawn)
    assert next(confirming.draw()).mail.id != drawn.mail.id
    assert next(sitting(doors).draw()).mail.id == drawn.mail.id


def test_a_possible_complaint_stays_on_the_list_when_only_its_topic_is_known(doors: LiveDoors) -> None:
    drawn = next(sitting(doors).draw())
    with doors.database.writing() as connection:
        mine = schema.mail.c.id == drawn.mail.id
        connection.execute(update(schema.mail).where(mine).values(decision={"to_check": True}, review=True))
    confirming = sitting(doors)
    confirming.answer(next(confirming.draw()), truth(drawn))
    assert doors.reading.mail(drawn.mail.id).review
    complaints = sitting(doors, "complaint")
    complaints.answer(complaints.find(drawn.mail.id), "false")
    mail = doors.reading.mail(drawn.mail.id)
    assert not mail.review
    assert mail.decision.label is not None
    assert mail.decision.label.correction == Correction(topic=truth(drawn), complaint=False)


def test_a_certificate_is_of_its_version(doors: LiveDoors) -> None:
    answer(sitting(doors), 200)
    registry = toy_registry_of(doors)
    before, after = registry.rollback()
    assert sitting(doors).certificate.round is None
    opened, _ = doors.predictor()
    assert opened is not None
    assert opened.version == after
    assert opened.thresholds["topic"] is None  # type: ignore[attr-defined]
    with registry.locked():
        registry.use(before, "promote", "for a test")
    opened, _ = doors.predictor()
    assert opened is not None
    assert opened.thresholds["topic"] is not None  # type: ignore[attr-defined]


def put_another_in_use(doors: LiveDoors, fitted: list[str] | None = None) -> None:
    """A version that was trained on a few more mails."""
    rows = [*doubtful_rows(150, seed=1), *doubtful_rows(30, seed=2)]
    model, registry = train.fit(grouping.with_groups(rows), train.Settings()), toy_registry_of(doors)
    with registry.locked():
        version = save_toy(registry, digest="c" * 8, fitted=model, rows=fitted)
        registry.use(version.name, "promote", "for a test")


def test_what_was_said_answers_for_the_next_version_too(doors: LiveDoors) -> None:
    """The order of the lots is the same: only mails are asked about of which the version before was not sure."""
    answer(sitting(doors), 200)
    pass_by(doors, DAY)
    put_another_in_use(doors)
    taken_over = carry_over(doors)["topic"]["asked"]
    assert taken_over is not None
    confirming, asked = sitting(doors), 0
    while not confirming.over and (drawn := next(confirming.draw(), None)):
        confirming.answer(drawn, drawn.said)
        asked += 1
    assert confirming.certificate.basis is Basis.ANSWERS
    known = [one for one in doors.confirmations.of(toy_registry_of(doors).current(), "topic") if one.at == NOON]
    assert len(known) > 2 * asked > 0  # said a day ago, and as old as that
    assert taken_over["right"] + taken_over["wrong"] <= len(known)
    assert carry_over(doors)["topic"]["basis"] == "answers"


def test_what_a_version_was_wrong_about_stays_wrong_when_the_next_one_has_learned_it(doors: LiveDoors) -> None:
    confirming = sitting(doors)
    first = next(confirming.draw())
    confirming.answer(first, first.said)
    second = next(confirming.draw())
    wrong = next(name for name in POOLS if name != second.said)
    confirming.answer(second, wrong)
    learned = [hash_of(doors, one.mail.id) for one in (first, second)]
    put_another_in_use(doors, fitted=learned)
    assert first.mail.id not in [one.mail.id for one in sitting(doors, start=0.35).draw()]
    (known,) = doors.confirmations.of(toy_registry_of(doors).current(), "topic")
    assert (known.mail_id, known.said, known.truth, known.right) == (second.mail.id, second.said, wrong, False)


def hash_of(doors: LiveDoors, mail_id: str) -> str:
    (text,) = doors.confirmations.texts([mail_id])
    return importing.hidden(Row(text=text.text, subject=text.subject), doors.signer.pseudonym).hash


def test_a_mail_that_was_chosen_answers_for_itself_when_it_is_drawn(doors: LiveDoors) -> None:
    """Else who answers only what was wrong would take that out of the sample."""
    confirming = sitting(doors)
    drawn = [one.mail.id for one in confirming.draw()]
    chosen = confirming.find(drawn[30])
    other = next(name for name in POOLS if name != chosen.said)
    confirming.answer(chosen, other)
    answer(confirming, 31)
    known = {one.mail_id: one for one in doors.confirmations.of(toy_registry_of(doors).current(), "topic")}
    assert (known[drawn[30]].random, known[drawn[30]].truth, known[drawn[30]].by) == (True, other, "alice")
    asked = confirming.told()["asked"]
    assert asked is not None
    assert (asked["right"], asked["wrong"]) == (31, 1)


def test_a_candidate_that_was_refused_for_being_sure_of_nothing_can_be_confirmed(doors: LiveDoors) -> None:
    registry = toy_registry_of(doors)
    candidate, current = registry.names()
    with registry.locked():
        registry.note("refuse", candidate, promote.UNCERTIFIED.format("topic"))
    assert gate.promote_version(registry, candidate, force=False)[0] is False
    answer(Confirming(doors, "topic", "alice", version=candidate), 200)
    assert registry.confirmed(current) == {}
    promoted, reason = gate.promote_version(registry, candidate, force=False)
    assert promoted, reason
    assert "people have confirmed it" in registry.history()[-1].reason
    with registry.locked():
        registry.use(current, "promote", "for a test")
        registry.note("refuse", candidate, f"{promote.UNCERTIFIED.format('topic')}; the topic 'x' has vanished")
    assert gate.promote_version(registry, candidate, force=False)[0] is False


def test_a_version_without_the_head_and_one_that_is_never_right_take_nothing_over(doors: LiveDoors) -> None:
    confirming = sitting(doors, start=0.5)
    answer(confirming, 400, frozenset(range(400)))
    assert confirming.certificate.exhausted
    assert list(confirming.draw()) == []
    assert "train again" in carry_over(doors)["topic"]["say"]
    assert list(carry_over(doors)) == ["topic"]
    with doors.database.writing() as connection:
        connection.execute(update(schema.confirmation).values(head="mood"))
    assert carry_over(doors) == {}


def test_a_lost_file_is_worked_out_anew_from_the_answers(doors: LiveDoors) -> None:
    answer(sitting(doors), 200)
    path = doors.config.at("models") / confirmed.FILE
    before = path.read_bytes()
    path.unlink()
    sitting(doors).settle()
    assert path.read_bytes() == before


def test_without_a_model_or_without_mail_it_says_what_to_do(tmp_path: Path, doors: LiveDoors) -> None:
    with pytest.raises(UsageError, match="no head 'mood'"):
        _ = sitting(doors, "mood").certificate
    pass_by(doors, 365 * DAY)
    assert list(sitting(doors).draw()) == []
    (tmp_path / "empty").mkdir()
    bare = build(load.check(table(), tmp_path / "empty" / "config.toml"), FakeClock(NOON))
    key_of(bare.config)
    with pytest.raises(NotFoundError, match="no model yet"):
        next(sitting(bare).draw())


def test_months_of_few_checks_a_week_keeps_a_certificate_and_a_change_of_mail_ends_it(doors: LiveDoors) -> None:
    """A hundred mails a week; what is due is answered; after seven months every second sure answer is wrong."""
    answer(sitting(doors), 200)
    assert health(doors)["certificates"]["topic"]["due"] == 0
    dice = random.Random(3)
    for week in range(30):
        pass_by(doors, 7 * DAY)
        arrive(doors, 100)
        due = health(doors)["certificates"]["topic"]["due"]
        assert due == 6
        answer(sitting(doors), due, frozenset([0]) if week == 9 else frozenset())
        told = health(doors)["certificates"]["topic"]
        assert (told["basis"], told["old"]) == ("answers", False), week
    assert told["since"] is not None
    assert told["since"] > NOON + 90 * DAY  # renewed by mail that came later
    for _week in range(12):
        pass_by(doors, 7 * DAY)
        arrive(doors, 100)
        answer(sitting(doors), 6, frozenset(place for place in range(6) if dice.random() < 0.5))
    document = health(doors)
    assert document["certificates"]["topic"]["basis"] == "refuted"
    (problem,) = [one for one in document["problems"] if one["kind"] == "certificate"]
    assert "wrong where the machine was sure" in problem["what"]
    assert "firstline data confirm --head topic" in problem["remedy"]
    opened, _ = doors.predictor()
    assert opened is not None
    assert opened.thresholds["topic"] is None  # type: ignore[attr-defined]


def test_without_checks_it_becomes_old_and_status_says_so(doors: LiveDoors) -> None:
    answer(sitting(doors), 200)
    pass_by(doors, 179 * DAY)
    assert not health(doors)["certificates"]["topic"]["old"]
    pass_by(doors, 2 * DAY)
    document = health(doors)
    assert document["certificates"]["topic"]["old"]
    assert "181 days ago, which is old" in document["certificates"]["topic"]["say"]
    assert document["certificates"]["topic"]["threshold"] is not None  # it stands, until it is shown to be broken
    assert not [one for one in document["problems"] if one["kind"] == "certificate"]
    assert document["certificates"]["topic"]["due"] == 6
