"""What the ledger knows that bears on a batch, loaded in a handful of queries whatever the batch's size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from pipeline.config.guard import GuardConfig
from pipeline.config.topics import GrantConfig
from pipeline.records.decision import Judged
from pipeline.records.mail import Mail
from pipeline.records.thread import KnownContent, Lookup, Thread
from pipeline.records.ticket import Priority, TicketAction, TicketFacts, TicketStatus
from pipeline.records.verdict import Authenticity, Tallies
from pipeline.store.schema import acknowledgement, bounce, effect, grant, mail, participant, raw, ticket

NEW, KNOWN, HELD = "new", "known", "held"  # budgets of `limit_system`
KNOWN_AFTER = timedelta(days=1)  # since they were first acknowledged
MOST_OF_AN_ID = 50  # mails with one Message-ID that are all looked at
MOST_ROWS = 20_000  # of one question
SAME_ID = 200  # mails of a Message-ID that comes again are looked at: a form with a constant one has any number
REPEATED = timedelta(days=30)  # who complains again within that time complains repeatedly


@dataclass(frozen=True, kw_only=True, slots=True)
class Windows:
    """How far back each limit of [guard] counts, and the longest of [grants]."""

    thread: timedelta
    sender: timedelta
    domain: timedelta
    system: timedelta
    subject: timedelta
    bounce: timedelta
    grant: timedelta = timedelta(0)

    @classmethod
    def of(cls, settings: GuardConfig, grants: Iterable[GrantConfig] = ()) -> Windows:
        """The windows that the limits and grants of the configuration look back."""
        return cls(
            thread=settings.limit_thread.window,
            sender=settings.limit_sender.window,
            domain=settings.limit_domain.window,
            system=settings.limit_system.window,
            subject=settings.same_subject.window,
            bounce=settings.bounce_memory,
            grant=max((one.per_customer.window for one in grants), default=timedelta(0)),
        )


@dataclass(slots=True)
class Past:
    """See doors.Past. It grows while the batch is judged, so it is the one noun that is not frozen."""

    now: datetime
    hashes: dict[str, str] = field(default_factory=dict)  # content hash → mail id
    refs: dict[str, str] = field(default_factory=dict)  # mail id → its thread
    messages: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # of mails → their threads and writers
    sent: dict[str, str] = field(default_factory=dict)  # Message-ID of a letter of ours → thread
    contents: dict[str, list[KnownContent]] = field(default_factory=dict)  # Message-ID → mails that have it
    threads: dict[str, Thread] = field(default_factory=dict)
    by_thread: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_sender: Counter[str] = field(default_factory=Counter)
    by_domain: Counter[str] = field(default_factory=Counter)
    by_subject: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_system: int = 0
    by_known: int = 0  # see verdict.Tallies
    written_before: set[str] = field(default_factory=set)  # senders
    bounced: dict[str, str] = field(default_factory=dict)
    granted: dict[str, dict[str, tuple[datetime, ...]]] = field(default_factory=dict)  # sender → grant → when
    complained: Counter[str] = field(default_factory=Counter)  # sender → tickets they have complained in lately
    without: str = ""

    @classmethod
    def load(
        cls, connection: Connection, lookups: Sequence[Lookup], windows: Windows, now: datetime, without: str = ""
    ) -> Past:
        """`without`: as if the mail with this id had never had an effect (to judge it again)."""
        past = cls(without=without, now=now)
        past._load_mails(connection, lookups)
        past._load_contents(connection, lookups)
        past._load_threads(connection)
        past._load_tallies(connection, lookups, windows, now)
        past._load_grants(connection, lookups, windows, now)
        past._load_complaints(connection, lookups, now)
        return past

    def known(self, content_hash: str) -> str:
        """See doors.Past.known."""
        return self.hashes.get(content_hash, "")

    def with_same_head(self, mail: Mail) -> list[KnownContent]:
        """See doors.Past."""
        head = (mail.sender.email if mail.sender else "", mail.subject, mail.sent)
        known = self.contents.get(mail.message_id, ()) if mail.message_id else ()
        return [one for one in known if (one.sender, one.subject, one.sent) == head]

    def taken(self, ref: str) -> bool:
        """See doors.Past.taken."""
        return ref in self.refs

    def thread_by_ref(self, ref: str) -> Thread | None:
        """See doors.Past.thread_by_ref."""
        return self.threads.get(self.refs.get(ref, ""))

    def thread_by_sent(self, message_id: str) -> Thread | None:
        """See doors.Past.thread_by_sent."""
        return self.threads.get(self.sent.get(message_id, ""))

    def threads_by_message_id(self, message_id: str) -> list[tuple[Thread, str]]:
        """See doors.Past.threads_by_message_id."""
        named = self.messages.get(message_id, [])
        return [(self.threads[ref], writer) for ref, writer in named if ref in self.threads]

    def tallies(self, sender: str, domain: str, subject: str, thread: str) -> Tallies:
        """See doors.Past.tallies."""
        return Tallies(
            by_thread=self.by_thread[sender, thread],
            by_sender=self.by_sender[sender],
            by_domain=self.by_domain[domain],
            by_system=self.by_system,
            by_known=self.by_known,
            written_before=sender in self.written_before,
            same_subject=self.by_subject[sender, subject],
            bounced=self.bounced.get(sender, ""),
            grants=dict(self.granted.get(sender, {})),
            complaints=self.complained[sender],
        )

    def note(self, judged: Judged) -> None:
        """See doors.Past.note."""
        thread = judged.thread
        self.hashes[judged.mail.content_hash] = judged.id
        self.refs[judged.id] = thread.ref
        customer = judged.verdict.customer
        if judged.mail.message_id:
            writer = customer.folded if customer else ""
            self.messages.setdefault(judged.mail.message_id, []).append((thread.ref, writer))
            self.contents.setdefault(judged.mail.message_id, []).append(_content(judged))
        written_to = _written_to(judged)
        self.threads[thread.ref] = replace(
            thread,
            new=False,
            acknowledged=thread.acknowledged or judged.decision.acknowledge,
            written_to=thread.written_to | written_to,
            told_twice=thread.told_twice | (thread.written_to & written_to),
            ticket=_ticket_after(judged),
            customer=(customer.folded if customer else "") if thread.new else thread.customer,
            language=judged.mail.language if thread.new else thread.language,
            participants=thread.participants | judged.introduces,
        )
        if judged.decision.acknowledge and judged.verdict.customer:
            self._count(judged)

    def _count(self, judged: Judged) -> None:
        customer = judged.verdict.customer
        assert customer  # noqa: S101  (nothing is acknowledged without somebody to write to)
        self.by_thread[customer.folded, judged.thread.ref] += 1
        self.by_sender[customer.folded] += 1
        self.by_domain[customer.home] += 1
        self.by_subject[customer.folded, judged.mail.plain_subject] += 1
        budget = budget_of(judged, known=customer.folded in self.written_before)
        self.by_system += budget == NEW
        self.by_known += budget == KNOWN
        for name in judged.decision.grants:
            self._grant(customer.folded, name, self.now)
        self.complained[customer.folded] += judged.decision.complaint and judged.decision.ticket is TicketAction.OPEN

    def _grant(self, sender: str, name: str, at: datetime) -> None:
        granted = self.granted.setdefault(sender, {})
        granted[name] = (*granted.get(name, ()), at)

    def _load_mails(self, connection: Connection, lookups: Sequence[Lookup]) -> None:
        """Known contents, taken references, and threads by reference or Message-ID."""
        hashes = [lookup.content_hash for lookup in lookups]
        refs = {ref for lookup in lookups for ref in _refs(lookup)}
        ids = {known for lookup in lookups for known in _message_ids(lookup) if known}
        columns = (mail.c.id, mail.c.content_hash, mail.c.message_id, mail.c.thread, mail.c.customer)
        found: list[Row[str, str, str, str, str]] = []
        # Each query over one index: an OR over several columns would read the whole table.
        for condition in (mail.c.content_hash.in_(hashes), mail.c.id.in_(refs), *_named(connection, lookups, ids)):
            found += connection.execute(select(*columns).where(condition).limit(MOST_ROWS))
        for row in {row.id: row for row in found}.values():
            self.hashes[row.content_hash] = row.id
            self.refs[row.id] = row.thread
            if row.message_id:
                self.messages.setdefault(row.message_id, []).append((row.thread, row.customer))
        sent = select(effect.c.message_id, mail.c.thread).join_from(effect, mail, effect.c.mail_id == mail.c.id)
        rows = connection.execute(sent.where(effect.c.message_id.in_(ids)))
        self.sent = {row.message_id: row.thread for row in rows}

    def _load_contents(self, connection: Connection, lookups: Sequence[Lookup]) -> None:
        """Of mails whose Message-ID comes a second time with another content: hardly ever any."""
        ids = {one.message_id for one in lookups if one.message_id and one.content_hash not in self.hashes}
        ids &= self.messages.keys()
        if not ids:
            return
        columns = (mail.c.id, mail.c.message_id, mail.c.sender, mail.c.subject, mail.c.sent, raw.c.raw)
        query = select(*columns).join(raw, raw.c.mail_id == mail.c.id, isouter=True)
        for row in connection.execute(query.where(mail.c.message_id.in_(ids)).limit(SAME_ID)):
            one = KnownContent(mail_id=row.id, sender=row.sender, subject=row.subject, sent=row.sent, raw=row.raw)
            self.contents.setdefault(row.message_id, []).append(one)

    def _load_threads(self, connection: Connection) -> None:
        refs = {*self.refs.values(), *self.sent.values()}
        if not refs:  # a batch of new mail: each question is a round trip
            return
        written_to: dict[str, Counter[str]] = {}
        sent = select(acknowledgement.c.thread, acknowledgement.c.sender).where(
            acknowledgement.c.thread.in_(refs), acknowledgement.c.mail_id != self.without
        )
        for row in connection.execute(sent):
            written_to.setdefault(row.thread, Counter())[row.sender] += 1
        columns = (mail.c.id, mail.c.customer, mail.c.language)
        began = {row.id: row for row in connection.execute(select(*columns).where(mail.c.id.in_(refs)))}
        participants: dict[str, set[str]] = {}
        for row in connection.execute(select(participant).where(participant.c.thread.in_(refs))):
            participants.setdefault(row.thread, set()).add(row.address)
        self.threads = {
            ref: _thread(ref, written_to.get(ref, Counter()), began.get(ref), participants.get(ref, set()))
            for ref in refs
        }
        newest_last = (
            select(ticket)
            .where(ticket.c.thread.in_(refs), ticket.c.ref != self.without)
            .order_by(ticket.c.opened, ticket.c.ref)
        )
        for row in connection.execute(newest_last):
            self.threads[row.thread] = replace(self.threads[row.thread], ticket=_facts(row))

    def _load_tallies(self, connection: Connection, lookups: Sequence[Lookup], windows: Windows, now: datetime) -> None:
        senders = {sender for lookup in lookups for sender in lookup.senders}
        domains = {domain for lookup in lookups for domain in lookup.domains}
        table = acknowledgement.c
        since = now - max(windows.sender, windows.thread, windows.subject)
        rows = select(table.sender, table.thread, table.subject, table.at)
        for row in connection.execute(
            rows.where(table.sender.in_(senders), table.at > since, table.mail_id != self.without)
        ):
            self.by_thread[row.sender, row.thread] += row.at > now - windows.thread
            self.by_sender[row.sender] += row.at > now - windows.sender
            self.by_subject[row.sender, row.subject] += row.at > now - windows.subject
        per_domain = select(table.domain, func.count().label("sent")).where(
            table.domain.in_(domains), table.at > now - windows.domain
        )
        rows_by_domain = connection.execute(per_domain.group_by(table.domain))
        self.by_domain.update({row.domain: row.sent for row in rows_by_domain})
        in_window = select(table.budget, func.count().label("sent")).where(table.at > now - windows.system)
        by_budget = {row.budget: row.sent for row in connection.execute(in_window.group_by(table.budget))}
        self.by_system, self.by_known = by_budget.get(NEW, 0), by_budget.get(KNOWN, 0)
        self.written_before = written_before(connection, senders, now)
        failed = select(bounce.c.address, bounce.c.status).where(
            bounce.c.address.in_(senders), bounce.c.at > now - windows.bounce
        )
        self.bounced = {address: status or "5.0.0" for address, status in connection.execute(failed)}

    def _load_grants(self, connection: Connection, lookups: Sequence[Lookup], windows: Windows, now: datetime) -> None:
        if not windows.grant:
            return
        senders = {sender for lookup in lookups for sender in lookup.senders}
        rows = select(grant.c.customer, grant.c.name, grant.c.at).where(
            grant.c.customer.in_(senders), grant.c.at > now - windows.grant, grant.c.mail_id != self.without
        )
        for row in connection.execute(rows):
            self._grant(row.customer, row.name, row.at)

    def _load_complaints(self, connection: Connection, lookups: Sequence[Lookup], now: datetime) -> None:
        """Through the acknowledgements, as these are found by sender."""
        senders = {sender for lookup in lookups for sender in lookup.senders}
        written = acknowledgement.c
        complained = (mail.c.complaint, mail.c.complaint_sure, mail.c.ticket == mail.c.id)
        rows = (
            select(written.sender, func.count().label("tickets"))
            .join_from(acknowledgement, mail, mail.c.id == written.mail_id)
            .where(written.sender.in_(senders), written.at > now - REPEATED, mail.c.id != self.without, *complained)
        )
        for row in connection.execute(rows.group_by(written.sender)):
            self.complained[row.sender] = row.tickets


def _thread(ref: str, written_to: Counter[str], began: Row[str, str, str] | None, participants: set[str]) -> Thread:
    """`began`: the row of the mail that began it."""
    return Thread(
        ref=ref,
        new=False,
        acknowledged=bool(written_to),
        written_to=frozenset(written_to),
        told_twice=frozenset(sender for sender, times in written_to.items() if times > 1),
        customer=began.customer if began else "",
        language=(began.language or "") if began else "",
        participants=frozenset(participants),
    )


def _named(connection: Connection, lookups: Sequence[Lookup], ids: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """Mails with these Message-IDs. Of one that a program gives to all its mails, only those of the writers."""
    named = mail.c.message_id
    often = select(named).where(named.in_(ids)).group_by(named).having(func.count() > MOST_OF_AN_ID)
    shared = set(connection.execute(often).scalars())
    yield named.in_(set(ids) - shared)
    if shared:
        senders = {sender for lookup in lookups for sender in lookup.senders}
        yield and_(named.in_(shared), mail.c.customer.in_(senders))


def written_before(connection: Connection, senders: Iterable[str], now: datetime) -> set[str]:
    """Those of them who were acknowledged a day ago or longer."""
    table = acknowledgement.c
    query = select(table.sender).where(table.sender.in_(senders), table.at < now - KNOWN_AFTER).distinct()
    return set(connection.execute(query).scalars())


def budget_of(judged: Judged, *, known: bool) -> str:
    """Which budget of `limit_system` an acknowledgement counts against; one that is held back against none."""
    if judged.decision.held:
        return HELD
    return KNOWN if known or judged.verdict.authenticity is Authenticity.AUTHENTIC else NEW


def _facts(row: Row[*tuple[object, ...]]) -> TicketFacts:
    return TicketFacts(
        ref=row.ref,
        status=TicketStatus(row.status),
        participants=tuple(row.participants),
        customer=row.folded,
        over_since=row.resolved,
        tracker=row.tracker,
        priority=Priority(row.priority),
        respond_by=None if row.responded else row.respond_by,
    )


def _written_to(judged: Judged) -> frozenset[str]:
    customer = judged.verdict.customer
    return frozenset([customer.folded]) if judged.decision.acknowledge and customer else frozenset()


def _ticket_after(judged: Judged) -> TicketFacts | None:
    """The thread's ticket once this mail is recorded."""
    decision, ticket = judged.decision, judged.thread.ticket
    if decision.ticket is TicketAction.OPEN:
        return TicketFacts(
            ref=judged.id,
            status=TicketStatus.OPEN,
            participants=(judged.verdict.customer.folded,) if judged.verdict.customer else (),
            customer=judged.verdict.customer.folded if judged.verdict.customer else "",
            tracker=decision.tracker,
            priority=decision.priority,
            respond_by=decision.promise.respond_by,
        )
    if ticket and decision.ticket is TicketAction.UPDATE:
        status = ticket.status.after_mail(asks_news=decision.asks_news)
        return replace(ticket, status=status, priority=decision.priority)
    return ticket


def _content(judged: Judged) -> KnownContent:
    found, raw = judged.mail, judged.raw.raw
    sender = found.sender.email if found.sender else ""
    return KnownContent(mail_id=judged.id, sender=sender, subject=found.subject, sent=found.sent, raw=raw)


def _refs(lookup: Lookup) -> tuple[str, ...]:
    return (lookup.ref, *lookup.keys.tokens, lookup.keys.reported, *lookup.keys.mentioned)


def _message_ids(lookup: Lookup) -> tuple[str, ...]:
    return (lookup.message_id, lookup.about, *lookup.keys.message_ids)
