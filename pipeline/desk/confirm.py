"""A person confirms what the machine is sure of, or would be, on mails of one's own that are drawn by lot.

What the answers prove is said in learn/confirming.py, in which order mails are drawn in lots.py. Mails about which the
machine was right are never fitted, so that they can answer for later versions. The others are, for it has to learn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from pipeline.desk import certificates
from pipeline.desk.certificate_document import CertificateDocument
from pipeline.desk.certificates import HeadStanding
from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import ConfirmingDoors
from pipeline.desk.label import store_label
from pipeline.desk.lots import MailLots
from pipeline.desk.topics import topics_known
from pipeline.errors import NotFoundError, UsageError
from pipeline.learn.confirmed import ConfirmedThreshold
from pipeline.learn.confirming import Basis, Certificate, certificate_of, first_floor, looser_floor
from pipeline.learn.dataset import SENTIMENTS, Row
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.registry import NO_MODEL, Registry
from pipeline.learn.version import ROWS_FITTED
from pipeline.records.confirmation import NONE_OF_THEM, Confirmation
from pipeline.records.labels import Correction
from pipeline.records.ledger import HandLabel, LedgerMail

RIGHT, WRONG = "confirmed", "corrected"  # files in training_data/; the first is never fitted
FROM_CONFIRMING = "confirm"  # what `source` says
OFFERED = 20  # the next mails by lot: who answers another one has chosen it, and it does not count
_CHOSEN = 0.0  # in place of a floor


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnMail:
    """A mail that a person is asked about, and what the machine says of it."""

    mail: LedgerMail
    head: str
    floor: float  # it was drawn from those of at least this confidence
    said: str
    confidence: float


@dataclass
class _Given:
    """An answer of this sitting, with what was there before, for undo."""

    answer: Confirmation
    mail: LedgerMail
    row: Row | None  # in training_data/

    @property
    def file(self) -> str:
        """The file of the row."""
        return RIGHT if self.answer.right else WRONG


@dataclass
class Confirming:
    """One person's sitting over one head of a version, mostly the one in use.

    All of it raises UsageError, NotFoundError and UnusableModelError.
    """

    doors: ConfirmingDoors
    head: str
    by: str
    version: str = ""  # else the one in use
    start: float | None = None  # draw from mails of at least this confidence, whatever was asked about before
    _given: list[_Given] = field(default_factory=list)
    _later: set[str] = field(default_factory=set)  # mails that the person could not tell yet

    @cached_property
    def certificate(self) -> Certificate:
        """What all answers show. Worked out anew when `_changed`."""
        if self.head not in self.heads:
            what = f"version {self._predictor.version} has no head '{self.head}'"
            raise UsageError(what, remedy=f"one of {', '.join(self.heads)}")
        shipped, allowed = self._predictor.shipped[self.head], self._predictor.max_error(self.head)
        return certificate_of(self._answers, shipped, allowed, self.doors.config.classify.confirmed_for)

    @property
    def heads(self) -> Collection[str]:
        """Those of the version."""
        return self._predictor.facts.keys()

    @property
    def over(self) -> bool:
        """Is there nothing more to be shown now?"""
        return self.certificate.round is not None and self.certificate.round.over

    @property
    def due(self) -> int:
        """How many mails to ask about: what is due this week where a certificate is in force; 0: until it is shown."""
        return (
            0 if self.start is not None else certificates.due(self._standing, self.doors.config.classify.confirmed_for)
        )

    @property
    def looser(self) -> float | None:
        """Once a threshold holds: from where on a looser one may hold too; None: from nowhere."""
        return looser_floor(self._lots.confidences, self._answers, self.certificate)

    def told(self) -> CertificateDocument:
        """How far the head can be trusted."""
        return certificates.certificate_document(self._standing, self.doors.config, self._now())

    @property
    def labels(self) -> tuple[str, ...]:
        """What a mail can be."""
        if self.head == "complaint":
            return ("true", "false")
        return tuple(SENTIMENTS) if self.head == "sentiment" else self._topics

    @property
    def floor(self) -> float | None:
        """From which confidence on mails are drawn now; None: no threshold is left, or there is no mail."""
        known = self.certificate
        if self.start is not None or known.exhausted:
            return self.start
        return self._first_floor if known.floor is None else known.floor

    def draw(self) -> Iterator[DrawnMail]:
        """The next mails by lot. One that a person has labelled before is answered by that and not given out."""
        for mail_id in self._by_lot():
            said, confidence = self._lots.weigh(mail_id)
            floor = self.floor
            if floor is None or confidence < floor or mail_id in self._later:
                continue
            mail = self.doors.reading.mail(mail_id)
            drawn = DrawnMail(mail=mail, head=self.head, floor=floor, said=said, confidence=confidence)
            known = mail.decision.label
            truth = _label_of(known.correction, self.head) if known else None
            if known and truth is not None:
                self._keep(drawn, truth, known.by, known.at)
            else:
                yield drawn

    def find(self, ref: str) -> DrawnMail:
        """A mail by its reference. One that was not drawn by lot can be answered too, but does not count."""
        for _place, drawn in zip(range(OFFERED), self.draw(), strict=False):
            if drawn.mail.id == ref:
                return drawn
        mail = self.doors.reading.mail(ref)
        ((said, confidence),) = self._predictor.weigh(self.head, self.doors.confirmations.texts([ref]))
        return DrawnMail(mail=mail, head=self.head, floor=_CHOSEN, said=said, confidence=confidence)

    def answer(self, drawn: DrawnMail, truth: str) -> Confirmation:
        """What the person says it is, NONE_OF_THEM for nothing that there is a label for. The label is stored first:
        after a crash in between it answers for the mail when that is drawn again."""
        self._check(drawn.mail.id, truth)
        row = self._learn(drawn, truth) if truth != NONE_OF_THEM else None
        answer = self._keep(drawn, truth, self.by, self._now())
        self._given.append(_Given(answer, drawn.mail, row))
        return answer

    def postpone(self, drawn: DrawnMail) -> None:
        """The person can't tell now: it comes first in the next sitting. Left out it would spoil the sample."""
        self._later.add(drawn.mail.id)

    def undo(self) -> LedgerMail | None:
        """Takes the last answer of this sitting back; returns its mail, None when there is none."""
        if not self._given:
            return None
        last = self._given.pop()
        self.doors.confirmations.take_back(last.answer)
        if last.row:
            self.doors.labels.put(last.mail.id, last.mail.decision.label, review=last.mail.review)
            shelf_of(self.doors).remove(last.file, last.row)
        self._changed()
        return last.mail

    def settle(self) -> Certificate:
        """Puts what the answers show to use, where that is not so yet: a lost file is written again."""
        found, registry, name = self.certificate, self._registry, self._predictor.version
        shown = None
        if found.basis is not Basis.TRAINING and found.since:
            shown = ConfirmedThreshold(threshold=found.threshold, max_error=found.max_error, since=found.since)
        if registry.confirmed(name).get(self.head) != shown:
            registry.confirm(name, self.head, shown)
        return found

    # What it rests on

    @property
    def _standing(self) -> HeadStanding:
        return certificates.standing_of(self.head, self.certificate, self._answers, self._now())

    @cached_property
    def _answers(self) -> Sequence[Confirmation]:
        return self.doors.confirmations.of(self._predictor.version, self.head)

    @cached_property
    def _registry(self) -> Registry:
        config = self.doors.config
        return Registry(config.at(config.classify.models), config.key(), encoder=config.encoder_folder())

    @cached_property
    def _predictor(self) -> ModelPredictor:
        name = self.version or self._registry.current()
        if not name:
            raise NotFoundError(NO_MODEL, where=str(self._registry.folder), remedy="firstline model train")
        predictor = self._registry.predictor(name, self.doors.config.classify.max_error.model_dump())
        if predictor.is_makeshift:
            raise UsageError(
                predictor.note, remedy="put the encoder back first: answers must be about what it says then"
            )
        return predictor

    @cached_property
    def _topics(self) -> tuple[str, ...]:
        """Those of the version beside what people know."""
        return tuple(topics_known(self.doors, self._predictor.facts["topic"]["classes"]))

    @cached_property
    def _lots(self) -> MailLots:
        fitted = self._registry.version(self._predictor.version).rows(ROWS_FITTED)
        return MailLots(self.doors, self.head, self._predictor, fitted)

    @cached_property
    def _first_floor(self) -> float | None:
        shipped, allowed = self._predictor.shipped[self.head], self._predictor.max_error(self.head)
        return first_floor(self._lots.confidences, shipped, allowed)

    def _by_lot(self) -> Iterator[str]:
        """Mails that can still be asked about: what a certificate rests on is renewed by mail that came later."""
        answered = {one.mail_id for one in self._answers if one.random}
        found = self.certificate
        renews = found.basis is Basis.ANSWERS and self.floor == found.threshold
        young = self._lots.since(found.since) if renews and found.since else None
        for mail_id in self._lots.drawn:
            if mail_id not in answered and (young is None or mail_id in young):
                yield mail_id

    # Answering

    def _check(self, mail_id: str, truth: str) -> None:
        if truth != NONE_OF_THEM and truth not in self.labels:
            raise UsageError(f"there is no {self.head} '{truth}'", remedy=f"one of {', '.join(self.labels)}")
        if any(one.mail_id == mail_id and one.random for one in self._answers):
            raise UsageError(
                "this mail is answered already", where=mail_id, remedy="see `firstline data confirm --json`"
            )

    def _keep(self, drawn: DrawnMail, truth: str, by: str, at: datetime) -> Confirmation:
        answer = Confirmation(
            mail_id=drawn.mail.id,
            head=self.head,
            model=self._predictor.version,
            floor=drawn.floor,
            confidence=drawn.confidence,
            said=drawn.said,
            truth=truth,
            at=at,
            by=by,
            random=drawn.floor == self.floor,
        )
        self.doors.confirmations.keep(answer)
        self._changed()
        return answer

    def _changed(self) -> None:
        self.start = None
        for known in ("_answers", "certificate"):  # read anew: somebody else may be answering too
            self.__dict__.pop(known, None)
        self.settle()

    def _learn(self, drawn: DrawnMail, truth: str) -> Row:
        """The next training learns what was wrong. Labels of other heads that a person gave before stay; the mail
        leaves the review list, but not while it is there as a possible complaint that nobody has decided on."""
        mail, said = drawn.mail, _correction(self.head, truth)
        name = RIGHT if drawn.said == truth else WRONG
        row = store_label(self.doors, mail, said, self.by, name=name, source=FROM_CONFIRMING)
        known = mail.decision.label
        label = HandLabel(correction=said.over(known.correction) if known else said, by=self.by, at=self._now())
        undecided = mail.decision.to_check and self.head != "complaint"
        self.doors.labels.put(mail.id, label, review=mail.review and undecided)
        return row

    def _now(self) -> datetime:
        return self.doors.clock.now()


def _correction(head: str, truth: str) -> Correction:
    if head == "complaint":
        return Correction(complaint=truth == "true")
    return Correction(sentiment=truth) if head == "sentiment" else Correction(topic=truth)


def _label_of(correction: Correction, head: str) -> str | None:
    """The label for a head as the model spells it."""
    found = correction.heads.get(head)
    return None if found is None else str(found).lower() if isinstance(found, bool) else found


def carry_over(doors: ConfirmingDoors) -> Mapping[str, CertificateDocument]:
    """What people have said answers for the version in use too, up to the first mail that nobody knows; by head of
    which anything was ever said. Raises UsageError, NotFoundError, UnusableModelError."""
    told: dict[str, CertificateDocument] = {}
    for head in doors.confirmations.heads():
        confirming = Confirming(doors, head, by="")
        if head in confirming.heads:
            next(confirming.draw(), None)
            told[head] = confirming.told()
    return told
