"""The way of one mail: judge (values in, values out), record (one transaction), act (each effect for itself)."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline import acknowledge, classify, decide, guard, links, logs, news, parse, survey, thread
from pipeline.clock import Clock
from pipeline.config import Config
from pipeline.doors import Articles, Ledger, Letters, Outbox, Past, Predictor
from pipeline.errors import (
    DeferredError,
    FirstlineError,
    RejectedError,
    TemplateError,
    UncertainError,
    UnreachableError,
)
from pipeline.records import (
    MAILS,
    RESTORED,
    Address,
    Article,
    Copy,
    Cursor,
    Decision,
    Effect,
    EffectKind,
    EffectState,
    History,
    Judged,
    Label,
    Labels,
    Letter,
    Location,
    Lookup,
    Mail,
    Outcome,
    RawMail,
    Reply,
    Tallies,
    Thread,
    ThreadKeys,
    Verdict,
    VerdictKind,
)
from pipeline.sections import MailboxConfig
from pipeline.tokens import Signer
from pipeline.understand import Understood, understand

PATIENCE = (timedelta(minutes=1), timedelta(hours=1))  # between tries of one mail after a 4xx: doubling, at most


@dataclass(frozen=True, kw_only=True)
class Route:
    """The doors and settings a mail meets on its way."""

    config: Config
    clock: Clock
    signer: Signer
    ledger: Ledger
    letters: Letters
    articles: Articles
    predictor: Predictor | None
    _surroundings: dict[str, guard.Surroundings] = field(default_factory=dict)  # by mailbox, worked out once

    # --- judge --------------------------------------------------------------------------------------------------------

    def judge(
        self, batch: Sequence[RawMail], cursor: Cursor | None, understood: Sequence[Understood] | None = None
    ) -> tuple[list[Judged], list[Copy]]:
        """Everything about a batch that can be found out without touching the world; safe to repeat after a crash.

        `understood`: where that was done before.
        """
        now = self.clock.now()
        understood = understand(batch, self.predictor) if understood is None else understood
        keys = [thread.keys(one.mail, self.signer) for one in understood]
        past = self.ledger.past([self._lookup(one.mail, key) for one, key in zip(understood, keys, strict=True)], now)
        judged: list[Judged] = []
        copies: list[Copy] = []
        for raw, one, key in zip(batch, understood, keys, strict=True):
            if known := past.known(one.mail.content_hash):
                copies.append(self._copy(known, raw))
                continue
            judged.append(self._one(raw, one.mail, key, one.labels, one.trouble, past, cursor, now))
            past.note(judged[-1])
        return judged, copies

    def _one(
        self,
        raw: RawMail,
        mail: Mail,
        keys: ThreadKeys,
        labels: Labels,
        trouble: str,
        past: Past,
        cursor: Cursor | None,
        now: datetime,
    ) -> Judged:
        """One mail. Whatever goes wrong with it parks it, with the reason, and its neighbours go on."""
        ref = self.free_ref(mail, past)
        if not_understood := [note for note in mail.notes if note.startswith(parse.NOT_UNDERSTOOD)]:
            return _unjudged(ref, raw, mail, not_understood[0])
        try:
            found = thread.find(mail, keys, past, ref)
            history = self._history(raw, mail, keys, found, past, cursor, now)
            verdict = guard.judge(mail, self.surroundings(raw.location.mailbox), keys, history)
            judged = self._decided(ref, raw, mail, found, verdict, labels, history.tallies, now, trouble)
            return _doubted(judged) if cursor and raw.location.uid < cursor.doubtful_uidnext else judged
        except Exception as error:  # a bug of ours or an attack: the mail waits for a person, the rest goes on
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__} in {where.name} ({where.filename.rpartition('/')[2]}:{where.lineno})"
            logs.get("route").error("mail could not be judged", mail=ref, problem=reason)
            return _unjudged(ref, raw, mail, reason)

    def again(self, ref: str, raw: RawMail, mail: Mail, past: Past, *, release: bool, now: datetime) -> Judged:
        """A mail of the ledger once more: for `replay`, and for `release` with the park rules off.

        `now` is when it was fetched: age is judged once.
        """
        keys = thread.keys(mail, self.signer)
        found = past.thread_by_ref(ref) or Thread(ref=ref, new=True)
        history = self._history(raw, mail, keys, found, past, None, now)
        verdict = guard.judge(mail, self.surroundings(raw.location.mailbox), keys, history)
        if release:
            verdict = guard.without_parking(verdict)
        ((labels, trouble),) = classify.classify([mail], self.predictor)
        return self._decided(ref, raw, mail, found, verdict, labels, history.tallies, now, trouble)

    def _decided(
        self,
        ref: str,
        raw: RawMail,
        mail: Mail,
        found: Thread,
        verdict: Verdict,
        labels: Labels,
        tallies: Tallies,
        now: datetime,
        trouble: str,
    ) -> Judged:
        decision = decide.decide(verdict, labels, found, self.config, now, tallies.grants, tallies.complaints)
        if decision.tell:
            decision = replace(decision, asks_news=news.asks_for_news(mail))
        judged = Judged(
            id=ref,
            raw=raw,
            mail=replace(mail, notes=(*mail.notes, trouble)) if trouble else mail,
            thread=found,
            verdict=verdict,
            labels=labels,
            decision=decision,
            effects=(),
        )
        judged = survey.heard(judged, self.signer)
        return replace(judged, effects=self._effects(judged, now))

    def _effects(self, judged: Judged, now: datetime) -> tuple[Effect, ...]:
        effects: list[Effect] = []
        smtp = self.config.smtp
        if judged.decision.acknowledge and smtp:
            message_id = self.signer.message_id(judged.id, "ack", smtp.domain)
            language = self._box(judged.raw.location).language
            articles = self._articles(judged, language)
            effects.append(decide.acknowledgement(judged, message_id, language, now, articles))
        parked = judged.verdict.kind is VerdictKind.PARK
        first_run = judged.verdict.hit("first-run")
        if not parked and not first_run:
            effects += self.marks(judged.id, [judged.raw.location])
        return (*effects, *decide.filings(judged))

    def _articles(self, judged: Judged, language: str) -> list[Article]:
        """What the writer of a question may read meanwhile, in the language of the letter."""
        mail, decision = judged.mail, judged.decision
        if not decide.wants_articles(decision, judged.labels):
            return []
        spoken = self.letters.language(decision.template, mail.language or language)
        named = self.config.topic(decision.topic).articles
        return self.articles.fitting(f"{mail.subject}\n{mail.text}", spoken, named)

    def marks(self, mail_id: str, places: Sequence[Location]) -> list[Effect]:
        """What `done` of the mailbox asks for."""
        return [decide.mark(mail_id, place) for place in places if self._box(place).done != "keep"]

    def _copy(self, mail_id: str, raw: RawMail) -> Copy:
        effects = tuple(self.marks(mail_id, [raw.location]))
        return Copy(mail_id=mail_id, location=raw.location, received=raw.received, effects=effects)

    def lookup(self, mail: Mail) -> Lookup:
        """What to ask the ledger about one mail."""
        return self._lookup(mail, thread.keys(mail, self.signer))

    def _lookup(self, mail: Mail, keys: ThreadKeys) -> Lookup:
        addresses = [address for address in (mail.sender, mail.reply_to) if address]
        return Lookup(
            content_hash=mail.content_hash,
            ref=self.signer.ref(mail.content_hash),
            keys=keys,
            message_id=mail.message_id,
            about=mail.report.about if mail.report else "",
            senders=tuple(address.folded for address in addresses),
            domains=tuple(address.domain for address in addresses),
        )

    def free_ref(self, mail: Mail, past: Past) -> str:
        """The mail's reference; the next one when another mail has it (a thousand mails of one day: once in 2,000)."""
        attempt = 0
        while past.taken(ref := self.signer.ref(mail.content_hash, attempt)):
            attempt += 1
        return ref

    def _history(
        self,
        raw: RawMail,
        mail: Mail,
        keys: ThreadKeys,
        found: Thread,
        past: Past,
        cursor: Cursor | None,
        now: datetime,
    ) -> History:
        box = self._box(raw.location)
        customer = guard.customer_of(mail, self.config.guard.forms) or Address(email="")
        return History(
            received=raw.received,
            now=now,
            max_age=box.max_age,
            first_run=cursor is not None and box.first_run == "record" and raw.location.uid < cursor.first_uidnext,
            tallies=past.tallies(customer.folded, customer.domain, mail.plain_subject, found.ref),
            thread_acknowledged=found.acknowledged,
            thread_closed=found.closed,
        )

    def surroundings(self, mailbox: str) -> guard.Surroundings:
        """What the guard must know about a mailbox and the house."""
        if mailbox not in self._surroundings:
            self._surroundings[mailbox] = surroundings(self.config, mailbox)
        return self._surroundings[mailbox]

    def _box(self, location: Location) -> MailboxConfig:
        return self.config.boxes[location.mailbox]

    # --- record -------------------------------------------------------------------------------------------------------

    def take(
        self,
        batch: Sequence[RawMail],
        cursor: Cursor | None,
        understood: Sequence[Understood] | None = None,
        *,
        before_others: bool = False,
    ) -> tuple[list[Judged], list[Copy]]:
        """Judges a batch and records it in one transaction; what it says to do stands in the journal afterwards.

        `before_others`: its letters go out before those of a backlog.
        """
        judged, copies = self.judge(batch, cursor, understood)
        if before_others:
            judged = [_first(one, self.clock.now()) for one in judged]
        self.ledger.record(judged, copies, cursor, self.clock.now())
        log = logs.get("record")
        for one in judged:
            log.info("mail", **_event(one))
        return judged, copies

    # --- act ----------------------------------------------------------------------------------------------------------

    def acknowledge(self, effect: Effect, outbox: Outbox) -> Outcome:
        """Sends one claimed acknowledgement. Raises UnreachableError when the server is not there: nothing happened."""
        (outcome,) = self.acknowledge_all([effect], outbox)
        if isinstance(outcome, UnreachableError):
            raise outcome
        return outcome

    def acknowledge_all(self, effects: Sequence[Effect], outbox: Outbox) -> list[Outcome | UnreachableError]:
        """Sends claimed acknowledgements together. UnreachableError: to this one nothing happened."""
        now = self.clock.now()
        written = {effect.key: self._written(effect, now) for effect in effects}
        replies = {key: found[1] for key, found in written.items() if not isinstance(found, Outcome)}
        errors = dict(zip(replies, outbox.send_all(list(replies.values())), strict=True))
        outcomes: list[Outcome | UnreachableError] = []
        for effect in effects:
            found = written[effect.key]
            outcomes.append(
                found if isinstance(found, Outcome) else _outcome(effect, found[0], errors[effect.key], now)
            )
        return outcomes

    def _written(self, effect: Effect, now: datetime) -> tuple[Letter, Reply] | Outcome:
        """The letter and its message, or why there is none."""
        try:
            letter = self.letter(effect, now)
            if letter is None:
                return Outcome(key=effect.key, state=EffectState.CANCELLED, error="could not be sent within max_age")
            smtp = self.config.smtp
            assert smtp is not None  # noqa: S101  (no acknowledgement is journalled without [smtp])
            return letter, acknowledge.compose(effect, letter, smtp, now)
        except RejectedError as error:
            return _rejected(effect, error)
        except Exception as error:  # composing failed: this one is set aside, the others go on
            return Outcome(key=effect.key, state=EffectState.FAILED, error=f"{type(error).__name__}: {error}")

    def letter(self, effect: Effect, now: datetime) -> Letter | None:
        """The rendered letter; the one named `late` when it is late; None when it is too late and there is none."""
        details = effect.details
        if effect.kind is not EffectKind.ACKNOWLEDGE:
            return self._notice(effect, now)
        box = self.config.boxes.get(details["mailbox"])
        late = box is not None and now - datetime.fromisoformat(details["decided"]) > box.max_age
        if late and not self.letters.has(acknowledge.LATE):
            return None
        name = acknowledge.LATE if late else details["template"]
        language = self.letters.language(name, details["language"])
        own = links.of_letter(self.config, self.signer, details, now)
        return self.letters.render(name, language, acknowledge.values(effect, self.config, language, now, own))

    def _notice(self, effect: Effect, now: datetime) -> Letter | None:
        """None when a time that it names is over: a later one says how it stands; but words of a person go out, without
        that time. Raises TemplateError: no other letter can stand in for it."""
        times = ("respond_by", "resolve_by")
        over = [one for one in times if (at := effect.details[one]) and datetime.fromisoformat(at) <= now]
        if over and not effect.details.get("said_since"):
            return None
        effect = replace(effect, details={**effect.details, **dict.fromkeys(over, "")})
        details = effect.details
        name = details["template"]
        language = self.letters.language(name, details["language"])
        own = links.of_letter(self.config, self.signer, details, now)
        letter = self.letters.render(name, language, acknowledge.values(effect, self.config, language, now, own))
        if letter.template != name:
            raise TemplateError(letter.problem or f"there is no letter {name}")
        return letter


def surroundings(config: Config, mailbox: str = "") -> guard.Surroundings:
    """What the guard must know; without a mailbox, of all of them together."""
    box = config.boxes.get(mailbox)
    addressed = box.addresses if box else [one for every in config.mailbox.values() for one in every.addresses]
    return guard.Surroundings(
        settings=config.guard,
        ours=frozenset(Address(email=address).folded for address in config.our_addresses),
        addressed=frozenset(Address(email=address).folded for address in addressed),
        domain=config.smtp.domain if config.smtp else "",
        folder=box.folder if box else "",
        max_size=box.max_size if box else guard.MAX_SIZE,
    )


def _event(judged: Judged) -> dict[str, object]:
    return {
        "mail": judged.id,
        "mailbox": judged.raw.location.mailbox,
        "verdict": judged.verdict.kind,
        "reasons": judged.verdict.reasons,
        "topic": judged.labels.topic.value,
        "sure": judged.labels.sure,
        "ticket": judged.decision.ticket,
        "alarm": judged.verdict.alarm,
    }


def _outcome(effect: Effect, letter: Letter, error: FirstlineError | None, now: datetime) -> Outcome | UnreachableError:
    """What the outgoing server's word means for the effect."""
    match error:
        case None:
            return Outcome(key=effect.key, state=EffectState.DONE, details=_sent(letter), error=letter.problem)
        case UnreachableError():
            return error
        case DeferredError():
            wait = min(PATIENCE[0] * 2 ** min(effect.attempts, 10), PATIENCE[1])
            return Outcome(key=effect.key, state=EffectState.WAITING, error=str(error), next_try=now + wait)
        case UncertainError():
            return Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=str(error))
        case RejectedError():
            return _rejected(effect, error)
        case _:
            return Outcome(key=effect.key, state=EffectState.FAILED, error=str(error))


def _rejected(effect: Effect, error: RejectedError) -> Outcome:
    bounced = str(error.what)[:60] if error.recipient_unknown else ""
    return Outcome(key=effect.key, state=EffectState.FAILED, error=str(error), bounced=bounced)


def _sent(letter: Letter) -> dict[str, str]:
    return {"sent_template": letter.template, "sent_version": letter.version, "sent_language": letter.language}


def _first(judged: Judged, now: datetime) -> Judged:
    """A time to be tried at puts a new letter before those that have none."""
    letters = [replace(one, next_try=now) if one.kind in MAILS else one for one in judged.effects]
    return replace(judged, effects=tuple(letters))


def _doubted(judged: Judged) -> Judged:
    """The database was restored: perhaps this mail was answered before, so its answer is not simply sent."""
    effects = [
        replace(effect, state=EffectState.UNCERTAIN, error=RESTORED, details={**effect.details, "restored": True})
        if effect.kind is EffectKind.ACKNOWLEDGE
        else effect
        for effect in judged.effects
    ]
    return replace(judged, effects=tuple(effects))


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
