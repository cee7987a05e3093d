"""What people say about mails: the review list, and the label that takes a mail off it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import and_, or_, select, update

from pipeline.errors import NotFoundError
from pipeline.records.labels import Correction
from pipeline.records.ledger import HandLabel, LedgerText, ReviewMail
from pipeline.records.verdict import VerdictKind
from pipeline.store import judgement, schema
from pipeline.store.database import Database
from pipeline.store.mail_rows import REVIEW, TEXT, review_mail_of, text_of
from pipeline.store.paging import in_pages
from pipeline.store.traces import portions

mail = schema.mail
RECORDED = 5_000  # mails of before the first run that are offered to be labelled
WRITTEN_BY_PEOPLE = (VerdictKind.ANSWER.value, VerdictKind.LIMIT.value)
written_to_us = or_(mail.c.verdict.in_(WRITTEN_BY_PEOPLE), and_(mail.c.only_recorded, ~mail.c.robot))
_TEXTS = select(*(mail.c[name] for name in TEXT)).where(written_to_us)


class CorrectedLabels:
    """The review list, and the texts of the ledger."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def waiting(self) -> list[ReviewMail]:
        """The mails on the review list with their texts, newest first; then the newest unsure ones that lay in the
        mailbox at the first run: nobody waits for them, but they teach as much."""
        query = select(*(mail.c[name] for name in REVIEW)).order_by(mail.c.received.desc(), mail.c.id)
        lay_there = and_(mail.c.only_recorded, ~mail.c.robot, ~mail.c.labelled, ~mail.c.topic_sure, ~mail.c.review)
        with self.database.reading() as connection:
            rows = connection.execute(query.where(mail.c.review)).mappings().all()
            old = connection.execute(query.where(lay_there).limit(RECORDED)).mappings().all()
        return [review_mail_of(row) for row in (*rows, *old)]

    def settle(self, mail_id: str, correction: Correction, by: str, now: datetime) -> None:
        """A person has said what it is: it leaves the review list and keeps the label. Raises NotFoundError."""
        self.put(mail_id, HandLabel(correction=correction, by=by, at=now), review=False)

    def reopen(self, mail_id: str) -> None:
        """The label was a mistake: the mail is back on the review list. Raises NotFoundError."""
        self.put(mail_id, None, review=True)

    def put(self, mail_id: str, label: HandLabel | None, *, review: bool) -> None:
        """What a person says of it; None: nothing. `review`: it is on the review list. Raises NotFoundError."""
        mine = mail.c.id == mail_id
        with self.database.writing() as connection:
            row = connection.execute(select(mail.c.decision, mail.c.only_recorded).where(mine)).one_or_none()
            if row is None:
                raise NotFoundError("there is no such mail", where=mail_id, remedy="see `firstline mail list`")
            changed = judgement.with_label(row.decision, label)
            values = {"decision": changed, "review": review and not row.only_recorded, "labelled": bool(label)}
            connection.execute(update(mail).where(mine).values(values))

    def texts(self) -> Iterator[LedgerText]:
        """Every mail that a person wrote to us, with what a row needs of it."""
        for row in in_pages(self.database, _TEXTS, newest_first=False):
            yield text_of(row)

    def newest_texts(self, most: int) -> Iterator[LedgerText]:
        """The same, the newest first and at most so many."""
        for row in in_pages(self.database, _TEXTS, newest_first=True, limit=most):
            yield text_of(row)

    def customers(self, mail_ids: Collection[str]) -> dict[str, str]:
        """The folded addresses of those who wrote these mails, by mail, as far as the ledger knows them."""
        found: dict[str, str] = {}
        with self.database.reading() as connection:
            for some in portions(mail_ids):
                query = select(mail.c.id, mail.c.customer).where(mail.c.id.in_(some), mail.c.customer != "")
                found |= {row.id: row.customer for row in connection.execute(query)}
        return found

    def first_message_id(self, thread: str) -> str:
        """The Message-ID that began a conversation, '' when its first mail is not in the ledger."""
        with self.database.reading() as connection:
            found = connection.execute(select(mail.c.message_id).where(mail.c.id == thread)).scalar()
        return found or ""
