"""Labels that people give while they work: on the review list, and on the board. They join `training_data/`.

The label is stored first, then the mail leaves the list: after a crash in between it is asked once more, and the newer
label counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import LabellingDoors
from pipeline.desk.topics import topics_known
from pipeline.errors import UsageError
from pipeline.learn import importing
from pipeline.learn.dataset import SENTIMENTS, Row
from pipeline.learn.importing import Terms
from pipeline.records.labels import Correction
from pipeline.records.ledger import LedgerMail, ReviewMail

if TYPE_CHECKING:
    from pipeline.desk.review_list import Lacking

REVIEWED, TICKETS = "reviewed", "tickets"  # files in training_data/
FROM_REVIEW, FROM_TICKET = "review", "ticket"  # what `source` says


@dataclass
class Review:
    """One person at the review list."""

    doors: LabellingDoors
    by: str
    done: list[tuple[ReviewMail, Row]] = field(default_factory=list)  # for undo, the last one at the end

    def queue(self) -> list[ReviewMail]:
        """The mails on the list, the most useful ones first."""
        from pipeline.desk.review_list import in_order  # scikit-learn is slow to import

        return in_order(self.doors, self.doors.labels.waiting())

    def topics(self, queue: Sequence[ReviewMail]) -> list[str]:
        """What a mail can be about: [topics] in its order, then what else people have used."""
        return topics_known(self.doors, {mail.topic for mail in queue if mail.topic})

    def lacking(self) -> Lacking:
        """What more labels are needed for."""
        from pipeline.desk.review_list import lacking

        return lacking(self.doors)

    def label(self, mail: ReviewMail, correction: Correction) -> str:
        """Stores what a person says; returns what else there is to do, ''."""
        row = store_label(self.doors, mail, correction, self.by, name=REVIEWED, source=FROM_REVIEW)
        self.doors.labels.settle(mail.id, correction, self.by, self.doors.clock.now())
        self.done.append((mail, row))
        if correction.complaint and not mail.ticket and not mail.only_recorded:
            return (
                f"this complaint has no ticket: answer {mail.sender} manually; once a newly trained model knows it, "
                f"`firstline mail replay {mail.id} --apply` opens one"
            )
        return ""

    def undo(self) -> ReviewMail | None:
        """Takes the last label back; returns its mail, None when there is nothing to undo."""
        if not self.done:
            return None
        mail, row = self.done.pop()
        self.doors.labels.reopen(mail.id)
        shelf_of(self.doors).remove(REVIEWED, row)
        return mail


def correct(doors: LabellingDoors, ref: str, correction: Correction, by: str, *, seen: int | None = None) -> None:
    """A ticket's labels as a person knows them; they become a label for the next training.

    Raises NotFoundError, UsageError, and ChangedMeanwhileError: see `store/meanwhile.py`.
    """
    if not correction.heads:
        raise UsageError(
            "nothing to correct", remedy="say what is right: --topic T, --sentiment S or --complaint yes|no"
        )
    doors.board.show(ref)
    _refuse_unknown(doors, correction.topic)
    mail = doors.reading.mail(ref)
    doors.board.refuse_unseen(ref, seen, by)
    store_label(doors, mail, correction, by, name=TICKETS, source=FROM_TICKET)
    doors.board.correct(ref, correction, by, doors.clock.now(), seen=seen)
    doors.labels.settle(ref, correction, by, doors.clock.now())


def name_mail(doors: LabellingDoors, mail_id: str, correction: Correction, by: str) -> None:
    """What a mail is, as a person says that has read it; it leaves the review list. Raises NotFoundError, UsageError.

    Of the mail that began a ticket it is the ticket's label, too: `correct`.
    """
    if not correction.heads:
        raise UsageError(
            "nothing is said", where=mail_id, remedy="choose what it is about, or whether it is a complaint"
        )
    _refuse_unknown(doors, correction.topic)
    mail, now = doors.reading.mail(mail_id), doors.clock.now()
    store_label(doors, mail, correction, by, name=REVIEWED, source=FROM_REVIEW)
    doors.labels.settle(mail_id, correction, by, now)


def _refuse_unknown(doors: LabellingDoors, topic: str | None) -> None:
    known = {*doors.config.topics, *(row.topic for row in shelf_of(doors).rows() if row.topic)}
    if topic is not None and known and topic not in known:
        raise UsageError(f"there is no topic '{topic}'", remedy=f"one of {', '.join(sorted(known))}")


def correction_of(topic: str | None, sentiment: str | None, complaint: str | None) -> Correction:
    """What somebody typed or chose; None and '' say nothing. Raises UsageError for a label that does not exist."""
    said = {None: None, "": None, "yes": True, "no": False}
    if complaint not in said:
        raise UsageError(f"complaint: {complaint}?", remedy="yes or no")
    sentiment = check_sentiment(sentiment or None)
    return Correction(topic=topic or None, sentiment=sentiment, complaint=said[complaint])


def check_sentiment(text: str | None) -> str | None:
    """The same sentiment; None where none is given. Raises UsageError for one that does not exist."""
    if text is not None and text not in SENTIMENTS:
        raise UsageError(f"there is no sentiment '{text}'", remedy=f"one of {', '.join(SENTIMENTS)}")
    return text


def store_label(
    doors: LabellingDoors, mail: ReviewMail | LedgerMail, correction: Correction, by: str, *, name: str, source: str
) -> Row:
    """Puts a row into training_data/`name`.csv, with `source` as where it comes from, and returns it."""
    now = doors.clock.now()
    row = Row(
        text=mail.text,
        subject=mail.subject,
        topic=correction.topic,
        sentiment=correction.sentiment,
        complaint=None if correction.complaint is None else str(correction.complaint).lower(),
        language=mail.language,
        received_at=mail.received.replace(hour=0, minute=0, second=0, microsecond=0),
        thread=doors.labels.first_message_id(mail.thread) or mail.thread,
        sender=mail.customer,
        names=mail.sender_name,
    )
    terms = Terms(login=by, labelled_at=now.replace(microsecond=0), source=source, pseudonym=doors.signer.pseudonym)
    stored = importing.admit(row, terms)
    shelf_of(doors).append(name, [stored])
    return stored
