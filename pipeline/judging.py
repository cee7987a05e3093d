"""Mail, labels and what the ledger knows → what is to be done about it. Values in, values out."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from pipeline import logs, survey, thread
from pipeline.config.servers import MailboxConfig
from pipeline.config.settings import WEB, Config
from pipeline.decide import decide
from pipeline.decide import effects as decide_effects
from pipeline.decide.situation import Situation, is_over
from pipeline.decide.staff_answer import staff_answer
from pipeline.doors import Articles, Letters, Past
from pipeline.guard import case
from pipeline.guard import judge as guard_judge
from pipeline.guard.dragged import looks_old
from pipeline.guard.history import is_known
from pipeline.guard.writer import customer_of
from pipeline.parse import message
from pipeline.records.decision import Copy, Decision, Judged
from pipeline.records.effect import RESTORED, Effect, EffectState
from pipeline.records.labels import Label, Labels
from pipeline.records.letter import Article
from pipeline.records.mail import Address, Cursor, Location, Mail, RawMail, fold
from pipeline.records.thread import Author, Lookup, Role, Thread, ThreadKeys
from pipeline.records.ticket import TicketAction
from pipeline.records.verdict import Authenticity, History, Tallies, Verdict, VerdictKind
from pipeline.tokens import Signer
from pipeline.understand import Understood

_NOT_READ = (message.NOT_UNDERSTOOD, message.NOT_DELIVERED)  # how the note of a mail begins that nobody can judge
GOES_ON = timedelta(days=14)  # after a ticket was closed
MOST_INTRODUCED = 50  # addresses that one mail can bring into a conversation
HELD = "held back by the circuit breaker ([guard] limit_system): it goes out when that closes"


@dataclass(frozen=True, kw_only=True)
class Judge:
    """The settings that a mail is judged by, and what a fitting letter and article are looked up in."""

    config: Config
    signer: Signer
    letters: Letters
    articles: Articles
    _surroundings: dict[str, case.Surroundings] = field(default_factory=dict)  # by mailbox

    def judge(
        self,
        raw: RawMail,
        one: Understood,
        keys: ThreadKeys,
        past: Past,
        cursor: Cursor | None,
        now: datetime,
        *,
        before_others: bool = False,
        dragged_in: bool = False,
    ) -> Judged:
        """One mail. Whatever goes wrong with it parks it, with the reason, and its neighbours go on.

        `before_others`: its letters are sent before those of a backlog; `dragged_in`: if it looks old, that is why.
        """
        ref = self._free_ref(one.mail, past)
        if unread := [note for note in one.mail.notes if note.startswith(_NOT_READ)]:
            return _unjudged(ref, raw, one.mail, unread[0])
        try:
            writer = self._writer(raw.location.mailbox, one.mail)
            found = self._still_going_on(thread.find(one.mail, keys, past, ref, writer), ref, writer, now)
            history = self._history(raw, one.mail, found, past, cursor, now)
            history = replace(history, dragged_in=dragged_in and self.looks_old(raw, one.mail))
            verdict = guard_judge.judge(one.mail, self._surroundings_of(raw.location.mailbox), keys, history)
            judged = self._decided(ref, raw, one, found, verdict, history.tallies, now)
            doubtful = cursor is not None and raw.location.uid < cursor.doubtful_uidnext
            return replace(judged, effects=self._effects(judged, now, doubtful=doubtful, first=before_others))
        except Exception as error:  # a bug of ours or an attack: the mail waits for a person, the rest goes on
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__} in {where.name} ({where.filename.rpartition('/')[2]}:{where.lineno})"
            logs.get("route").error("mail could not be judged", mail=ref, problem=reason)
            return _unjudged(ref, raw, one.mail, reason)

    def again(
        self,
        ref: str,
        raw: RawMail,
        one: Understood,
        keys: ThreadKeys,
        past: Past,
        *,
        release: bool,
        now: datetime,
    ) -> Judged:
        """The same for a mail that the ledger knows as `ref`; with `release` nothing parks it."""
        writer = self._writer(raw.location.mailbox, one.mail)
        found = past.thread_by_ref(ref) or Thread(ref=ref, new=True, customer=writer.address)
        found = replace(found, role=Role.CUSTOMER if found.ref == ref else thread.role_of(writer, found))
        history = self._history(raw, one.mail, found, past, None, now)
        verdict = guard_judge.judge(one.mail, self._surroundings_of(raw.location.mailbox), keys, history)
        if release:
            verdict = guard_judge.without_parking(verdict)
        judged = self._decided(ref, raw, one, found, verdict, history.tallies, now)
        return replace(judged, effects=self._effects(judged, now))

    def _decided(
        self,
        ref: str,
        raw: RawMail,
        one: Understood,
        found: Thread,
        verdict: Verdict,
        tallies: Tallies,
        now: datetime,
    ) -> Judged:
        """Everything but the effects. A ticket that somebody else's mail opens gets a conversation of its own: else
        the customer's next mail would land in it."""
        mail = replace(one.mail, notes=(*one.mail.notes, one.trouble)) if one.trouble else one.mail
        if not mail.language and found.language:  # too short to tell by itself
            mail = replace(mail, language=found.language)
        reply = survey.reply_in(mail, found, verdict, self.signer)
        situation = Situation(
            mail=mail,
            verdict=verdict,
            labels=one.labels,
            thread=found,
            config=self.config.of_mailbox(raw.location.mailbox),
            now=now,
            granted=tallies.grants,
            complaints=tallies.complaints,
            reply=reply,
            is_known=is_known(verdict.authenticity, tallies),
        )
        decision = decide.decide(situation)
        if decision.ticket is TicketAction.OPEN and not situation.is_customers:
            about = found.ticket.ref if found.ticket else ""
            found = Thread(ref=ref, new=True, possibly_about=about, customer=_folded(verdict.customer))
            decision = decide.decide(replace(situation, thread=found, reply=None))
        answered = staff_answer(mail, found, thread.customer_of(found), verdict, min(raw.received, now))
        suspected = one.labels.complaint_suspected or situation.is_foreign_matter
        return Judged(
            id=ref,
            raw=raw,
            mail=mail,
            thread=found,
            verdict=verdict,
            labels=replace(one.labels, complaint_suspected=suspected),
            decision=replace(decision, acknowledge=False, review=False) if answered else decision,
            effects=(),
            answer=reply.answer if reply and reply.was_asked else None,
            introduces=self._introduced(mail, found, verdict, answers=answered is not None),
            echo=verdict.may_echo,
            staff_answer=answered,
        )

    def staff_answer(
        self, raw: RawMail, mail: Mail, keys: ThreadKeys, past: Past, now: datetime
    ) -> Judged | Copy | None:
        """A mail out of a sent folder, so that one of us wrote it: an answer to a customer, a further place of a known
        one, or None: then it is no business of ours, and nothing of it is kept."""
        if mail.sender is None:
            return None
        ref = self._free_ref(mail, past)
        found = thread.find(mail, keys, past, ref, Author(address=mail.sender.folded, staff=True))
        verdict = guard_judge.judge(mail, self._surroundings_of(raw.location.mailbox), keys, None)
        answered = staff_answer(mail, found, thread.customer_of(found), verdict, min(raw.received, now))
        if answered is None:
            return None
        if known := past.known(mail.content_hash):
            return replace(self.copy(known, raw), staff_answer=answered)
        ticket = TicketAction.NOTE if answered.ticket else TicketAction.NONE
        why = "a person's answer to the customer, out of the sent folder"
        judged = Judged(
            id=ref,
            raw=raw,
            mail=mail,
            thread=found,
            verdict=replace(verdict, kind=VerdictKind.SILENT, robot=False),
            labels=Labels(topic=Label(), sentiment=Label(), complaint=Label()),
            decision=Decision(acknowledge=False, ticket=ticket, why=(why,)),
            effects=(),
            introduces=self._introduced(mail, found, verdict, answers=True),
            staff_answer=answered,
        )
        return replace(judged, effects=tuple(decide_effects.filings(judged)))

    def _writer(self, mailbox: str, mail: Mail) -> Author:
        """Who wrote it, as far as that is proved: where our server tells whether From is true, only a true one
        counts; elsewhere what it says is taken for it."""
        around = self._surroundings_of(mailbox)
        seen = case.Case(mail, around, ThreadKeys(), None)
        answers_our_page = around.by_web and mail.in_reply_to  # who has the customer's link
        is_true = seen.authenticity is Authenticity.AUTHENTIC or answers_our_page
        if not seen.customer or (self.config.guard.authserv and not is_true):
            return Author()
        return Author(address=seen.customer.folded, staff=self._is_staff(seen, is_true=bool(is_true)))

    def _is_staff(self, seen: case.Case, *, is_true: bool) -> bool:
        """Of a mailbox that our server speaks for: whoever writes from an address of ours, or has tickets."""
        writer = seen.customer
        return is_true and writer is not None and writer.folded in self._staff | seen.around.ours

    @cached_property
    def _staff(self) -> frozenset[str]:
        """Whom tickets are assigned to."""
        owners = {topic.owner_address for topic in self.config.situations.values()}
        return frozenset(fold(owner) for owner in owners if "@" in owner)

    def _still_going_on(self, found: Thread, ref: str, writer: Author, now: datetime) -> Thread:
        """Two weeks after its ticket was over for good, what comes is a new conversation that points to it."""
        ticket = found.ticket
        if found.new or ticket is None or ticket.over_since is None or now - ticket.over_since <= GOES_ON:
            return found
        if not is_over(ticket, self.config):
            return found
        return Thread(ref=ref, new=True, possibly_about=ticket.ref, customer=writer.address)

    def _introduced(self, mail: Mail, found: Thread, verdict: Verdict, *, answers: bool = False) -> frozenset[str]:
        """Whom a mail of the customer or of staff brings into the conversation: its To and Cc, but not us.

        `answers`: one of us answers, so that an address of ours in From is no sign of a machine.
        """
        if answers:
            return self._named_in(mail)
        if verdict.robot or verdict.kind is VerdictKind.PARK or found.role not in (Role.CUSTOMER, Role.STAFF):
            return frozenset()
        return self._named_in(mail)

    def _named_in(self, mail: Mail) -> frozenset[str]:
        ours = {fold(address) for address in self.config.our_addresses}
        return frozenset(sorted({fold(address) for address in mail.addressees} - ours)[:MOST_INTRODUCED])

    def _effects(
        self, judged: Judged, now: datetime, *, doubtful: bool = False, first: bool = False
    ) -> tuple[Effect, ...]:
        """`doubtful`: perhaps it was answered before the database was restored; `first`: its letter is sent before
        those that have no time to be tried at."""
        effects: list[Effect] = []
        smtp = self.config.smtp
        if judged.decision.acknowledge and smtp:
            message_id = self.signer.message_id(judged.id, "ack", smtp.domain)
            language = self._box(judged.raw.location).language
            articles = self._articles(judged, language)
            zone = self.config.of_mailbox(judged.raw.location.mailbox).calendar.working_time.timezone
            letter = decide_effects.acknowledgement(judged, message_id, language, zone, now, articles)
            if judged.decision.held:
                opens = now + self.config.guard.limit_system.window
                letter = replace(letter, state=EffectState.WAITING, next_try=opens, error=HELD)
            elif first:
                letter = replace(letter, next_try=now)
            if doubtful:
                letter = replace(letter, state=EffectState.UNCERTAIN, error=RESTORED, restored=True)
            effects.append(letter)
        parked = judged.verdict.kind is VerdictKind.PARK
        backlog = judged.verdict.hit("first-run") or judged.verdict.hit("archived")
        if not parked and not backlog:
            effects += self.marks(judged.id, [judged.raw.location])
        return (*effects, *decide_effects.filings(judged))

    def _articles(self, judged: Judged, language: str) -> list[Article]:
        """What the writer of a question may read meanwhile, in the language of the letter."""
        mail, decision, mailbox = judged.mail, judged.decision, judged.raw.location.mailbox
        if not decide.wants_articles(decision, judged.labels):
            return []
        spoken = self.letters.of_mailbox(mailbox).language(decision.template, mail.language or language)
        named = self.config.of_mailbox(mailbox).topic(decision.topic).articles
        return self.articles.of_mailbox(mailbox).fitting(f"{mail.subject}\n{mail.text}", spoken, named)

    def marks(self, mail_id: str, places: Sequence[Location]) -> list[Effect]:
        """What `done` of the mailbox asks for."""
        return [decide_effects.mark(mail_id, place) for place in places if self._box(place).done != "keep"]

    def copy(self, mail_id: str, raw: RawMail) -> Copy:
        """The same mail at another place: it is marked there, and that is all."""
        effects = tuple(self.marks(mail_id, [raw.location]))
        return Copy(mail_id=mail_id, location=raw.location, received=raw.received, effects=effects)

    def lookup(self, mail: Mail, keys: ThreadKeys) -> Lookup:
        """What to ask the ledger about one mail."""
        found = (mail.sender, mail.reply_to, mail.others.get("x-original-from"))
        addresses = [address for address in found if address]
        return Lookup(
            content_hash=mail.content_hash,
            ref=self.signer.ref(mail.content_hash),
            keys=keys,
            message_id=mail.message_id,
            about=mail.report.about if mail.report else "",
            senders=tuple(address.folded for address in addresses),
            domains=tuple(address.home for address in addresses),
        )

    def _free_ref(self, mail: Mail, past: Past) -> str:
        """The mail's reference; the next one when another mail has it (a thousand mails of one day: once in 2,000)."""
        attempt = 0
        while past.taken(ref := self.signer.ref(mail.content_hash, attempt)):
            attempt += 1
        return ref

    def looks_old(self, raw: RawMail, mail: Mail) -> bool:
        """Rule 19d, of one mail."""
        return looks_old(mail, raw.received, self._box(raw.location).max_age)

    def _history(
        self, raw: RawMail, mail: Mail, found: Thread, past: Past, cursor: Cursor | None, now: datetime
    ) -> History:
        box = self._box(raw.location)
        customer = customer_of(mail, self.config.guard) or Address(email="")
        return History(
            received=raw.received,
            now=now,
            max_age=box.max_age,
            first_run=cursor is not None and box.first_run == "record" and raw.location.uid < cursor.first_uidnext,
            tallies=past.tallies(customer.folded, customer.home, mail.plain_subject, found.ref),
            thread_acknowledged=customer.folded in found.written_to,
            thread_closed=found.closed,
        )

    def _surroundings_of(self, mailbox: str) -> case.Surroundings:
        """Worked out once for each mailbox."""
        if mailbox not in self._surroundings:
            self._surroundings[mailbox] = surroundings(self.config, mailbox)
        return self._surroundings[mailbox]

    def _box(self, location: Location) -> MailboxConfig:
        return self.config.boxes[location.mailbox]


def surroundings(config: Config, mailbox: str = "") -> case.Surroundings:
    """What the guard must know; without a mailbox, of all of them together."""
    box = config.boxes.get(mailbox)
    addressed = box.addresses if box else [one for every in config.mailbox.values() for one in every.addresses]
    return case.Surroundings(
        settings=config.guard,
        ours=frozenset(Address(email=address).folded for address in config.our_addresses),
        addressed=frozenset(Address(email=address).folded for address in addressed),
        domain=config.smtp.domain if config.smtp else "",
        folder=box.folder if box else "",
        max_size=box.max_size if box else case.MAX_SIZE,
        by_web=mailbox == WEB,
    )


def _folded(address: Address | None) -> str:
    return address.folded if address else ""


def _unjudged(ref: str, raw: RawMail, mail: Mail, reason: str) -> Judged:
    return Judged(
        id=ref,
        raw=raw,
        mail=mail,
        thread=Thread(ref=ref, new=True),
        verdict=Verdict(kind=VerdictKind.PARK, reasons=("not-judged",), rules=(), customer=mail.sender),
        labels=Labels(topic=Label(), sentiment=Label(), complaint=Label()),
        decision=Decision(acknowledge=False, why=(f"parked: {reason}",)),
        effects=(),
        error=reason,
    )
