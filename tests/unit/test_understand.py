"""Labels for a batch of mails; one that breaks the model stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.records.labels import Label, Labels
from pipeline.records.mail import Mail
from pipeline.text import language
from pipeline.text.mail_words import mail_words
from pipeline.understand import classify, warm_up
from tests.samples import mail


class Scripted:
    """A predictor that says the subject is the topic, and breaks at the word poison."""

    version = "v1"

    def __init__(self) -> None:
        self.calls: list[int] = []

    def predict(self, mails: Sequence[Mail]) -> list[Labels]:
        self.calls.append(len(mails))
        if any("poison" in one.text for one in mails):
            raise MemoryError("too much")
        return [Labels(topic=Label(value=one.subject), model=self.version) for one in mails]

    def explain(self, mail: Mail, top: int = 8) -> Mapping[str, list[tuple[str, float]]]:
        return {}


def test_without_a_model_nothing_is_known_and_nothing_is_wrong() -> None:
    assert classify([mail(), mail()], None) == [(Labels(), ""), (Labels(), "")]


def test_a_batch_is_one_predict() -> None:
    predictor = Scripted()
    labelled = classify([mail(subject="a"), mail(subject="b"), mail(subject="c")], predictor)
    assert [labels.topic.value for labels, _ in labelled] == ["a", "b", "c"]
    assert predictor.calls == [3]


def test_no_mails_are_no_labels() -> None:
    assert classify([], Scripted()) == []


def test_a_mail_that_breaks_the_model_does_not_take_its_neighbours_along() -> None:
    mails = [mail(subject="a"), mail(subject="b", text="poison"), mail(subject="c")]
    (first, first_error), (broken, error), (last, last_error) = classify(mails, Scripted())
    assert (first.topic.value, last.topic.value) == ("a", "c")
    assert (first_error, last_error) == ("", "")
    assert broken == Labels()
    assert error == "could not be classified: MemoryError: too much"


class Complaining(Scripted):
    """A predictor that finds a complaint where a text says "broken"."""

    def predict(self, mails: Sequence[Mail]) -> list[Labels]:
        return [self._says(one, broken="broken" in one.text) for one in mails]

    def _says(self, one: Mail, *, broken: bool) -> Labels:
        complaint = Label(value=str(broken).lower(), confidence=0.9 if broken else 0.8, sure=True)
        return Labels(topic=Label(value=one.text), complaint=complaint, complaint_suspected=broken)


def test_of_a_mail_that_was_half_cut_the_complaint_with_all_of_it_counts() -> None:
    cut = mail(text="hello", beside="hello\nit is broken")
    ((labels, _),) = classify([cut], Complaining())
    assert labels.topic.value == "hello"
    assert labels.complaint.value == "true"
    assert labels.complaint_suspected


def test_the_complaint_in_what_is_new_counts_too() -> None:
    mails = [mail(text="broken", beside="fine"), mail(text="fine"), mail(text="a", beside="b")]
    labelled = classify(mails, Complaining())
    assert [labels.complaint.value for labels, _ in labelled] == ["true", "false", "false"]
    assert [labels.topic.value for labels, _ in labelled] == ["broken", "fine", "a"]


def test_after_warming_up_the_first_mail_waits_for_nothing() -> None:
    language._identifier.cache_clear()
    mail_words.cache_clear()
    warm_up()
    assert language._identifier.cache_info().currsize == mail_words.cache_info().currsize == 1
