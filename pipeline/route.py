"""The way of one mail: judge (values in, values out), record (one transaction), act (each effect for itself)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from pipeline import logs, thread
from pipeline.clock import Clock
from pipeline.config.settings import Config
from pipeline.doors import AnswerFiles, Articles, KnownProblems, Ledger, Letters, Outbox, Past, Predictor
from pipeline.errors import DamagedError, TemplateError, UnreachableError
from pipeline.guard.dragged import Dragged
from pipeline.judging import Judge
from pipeline.letter.writer import Writer
from pipeline.parse import identity, reading
from pipeline.parse.message import parse
from pipeline.records.conversation import Said
from pipeline.records.decision import Copy, Judged
from pipeline.records.effect import Effect, Outcome
from pipeline.records.mail import Cursor, Mail, RawMail
from pipeline.records.thread import ThreadKeys
from pipeline.text.quotes import Reading
from pipeline.tokens import Signer
from pipeline.understand import Understood, classify, understand

MOST_LETTERS = 10  # of a conversation that a mail is compared with: the newest


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
    problems: KnownProblems | None = None  # known ones, that letters tell of
    files: AnswerFiles | None = None  # that go with what people write
    _dragged: dict[str, Dragged] = field(default_factory=lambda: defaultdict(Dragged))  # by mailbox

    @cached_property
    def judging(self) -> Judge:
        """The steps from a mail to its decision."""
        return Judge(config=self.config, signer=self.signer, letters=self.letters, articles=self.articles)

    @cached_property
    def writer(self) -> Writer:
        """The step from a decision to its letter."""
        return Writer(
            config=self.config, signer=self.signer, letters=self.letters, problems=self.problems, files=self.files
        )

    def judge(
        self,
        batch: Sequence[RawMail],
        cursor: Cursor | None,
        understood: Sequence[Understood] | None = None,
        *,
        before_others: bool = False,
    ) -> tuple[list[Judged], list[Copy]]:
        """Everything about a batch that can be found out without touching the world; safe to repeat after a crash.

        `understood`: where that was done before; `before_others`: its letters are sent before those of a backlog.
        """
        now = self.clock.now()
        understood = understand(batch, self.predictor, self.config.guard.forms) if understood is None else understood
        keys = [thread.keys(one.mail, self.signer) for one in understood]
        lookups = [self.judging.lookup(one.mail, key) for one, key in zip(understood, keys, strict=True)]
        past = self.ledger.past(lookups, now)
        understood = self._knowing_our_letters(understood, keys, past)
        judged: list[Judged] = []
        copies: list[Copy] = []
        dragged_in = self._are_dragged_in(batch, understood, past, now)
        for raw, one, key in zip(batch, understood, keys, strict=True):
            if known := past.known(one.mail.content_hash) or _encoded_anew(raw, one.mail, past):
                copies.append(self.judging.copy(known, raw))
            else:
                more = {"before_others": before_others, "dragged_in": dragged_in}
                judged.append(self.judging.judge(raw, one, key, past, cursor, now, **more))
                past.note(judged[-1])
        return judged, copies

    def _are_dragged_in(
        self, batch: Sequence[RawMail], understood: Sequence[Understood], past: Past, now: datetime
    ) -> bool:
        """What looks old among the new ones of a batch; a batch is of one mailbox."""
        old = [
            one.mail.content_hash
            for raw, one in zip(batch, understood, strict=True)
            if self.judging.looks_old(raw, one.mail) and not past.known(one.mail.content_hash)
        ]
        return bool(batch) and self._dragged[batch[0].location.mailbox].among(old, now)

    def again(self, ref: str, raw: RawMail, mail: Mail, *, release: bool, now: datetime) -> Judged:
        """A mail of the ledger once more: for `replay`, and for `release` with the park rules off.

        `now` is when it was fetched: age is judged once.
        """
        keys = thread.keys(mail, self.signer)
        past = self.ledger.past([self.judging.lookup(mail, keys)], self.clock.now(), without=ref)
        mail = self.knowing_our_letters([mail], [keys], past)[0]
        ((labels, trouble),) = classify([mail], self.predictor)
        one = Understood(mail=mail, labels=labels, trouble=trouble)
        return self.judging.again(ref, raw, one, keys, past, release=release, now=now)

    def _knowing_our_letters(
        self, understood: Sequence[Understood], keys: Sequence[ThreadKeys], past: Past
    ) -> list[Understood]:
        """With those judged once more in which our letters showed that something else is new."""
        mails = self.knowing_our_letters([one.mail for one in understood], keys, past)
        changed = [mail for one, mail in zip(understood, mails, strict=True) if _reads_differently(one.mail, mail)]
        labelled = iter(classify(changed, self.predictor) if changed else ())
        again: list[Understood] = []
        for one, mail in zip(understood, mails, strict=True):
            labels, trouble = next(labelled) if _reads_differently(one.mail, mail) else (one.labels, one.trouble)
            again.append(Understood(mail=mail, labels=labels, trouble=trouble))
        return again

    def knowing_our_letters(self, mails: Sequence[Mail], keys: Sequence[ThreadKeys], past: Past) -> list[Mail]:
        """Mails that answer our letters, with what is new in them told by the texts of those letters."""
        sent = self._our_letters(mails, keys, past)
        return [_compared(mail, some) for mail, some in zip(mails, sent, strict=True)]

    def taken_apart(self, mail: Mail) -> Reading:
        """A mail line by line: what of it is new, and what the rest is."""
        (found,) = self.all_taken_apart([mail])
        return found

    def all_taken_apart(self, mails: Sequence[Mail]) -> list[Reading]:
        """The same of each of them, with few questions to the ledger."""
        keys = [thread.keys(mail, self.signer) for mail in mails]
        lookups = [self.judging.lookup(mail, key) for mail, key in zip(mails, keys, strict=True)]
        ours = self._our_letters(mails, keys, self.ledger.past(lookups, self.clock.now()))
        return [reading.taken_apart(mail, some) for mail, some in zip(mails, ours, strict=True)]

    def _our_letters(self, mails: Sequence[Mail], keys: Sequence[ThreadKeys], past: Past) -> list[list[str]]:
        """For each mail the letters that it may quote."""
        answered = [
            thread.answered(mail, key, past) if mail.whole else [] for mail, key in zip(mails, keys, strict=True)
        ]
        threads = {ref for refs in answered for ref in refs}
        texts = {ref: self._texts(said) for ref, said in self.ledger.said_in(threads).items()} if threads else {}
        return [[text for ref in refs for text in texts[ref]] for refs in answered]

    def _texts(self, said: Said) -> list[str]:
        """Of the letters of a conversation, as they are written now: their templates may have changed since."""
        texts = list(said.answers[:MOST_LETTERS])
        for effect, sent in said.letters[:MOST_LETTERS]:
            try:
                letter = self.writer.letter(effect, sent)
            except (TemplateError, DamagedError):  # a letter that can't be written any more is no evidence
                continue
            texts += [letter.text] if letter else []
        return texts

    def take(
        self,
        batch: Sequence[RawMail],
        cursor: Cursor | None,
        understood: Sequence[Understood] | None = None,
        *,
        before_others: bool = False,
        moves: bool = True,
    ) -> tuple[list[Judged], list[Copy]]:
        """Judges a batch and records it in one transaction; what it says to do is in the journal afterwards.

        `before_others`: its letters are sent before those of a backlog. `moves`: the mailbox counts as read so far.
        """
        with self.ledger.turn():
            judged, copies = self.judge(batch, cursor, understood, before_others=before_others)
            self.ledger.record(judged, copies, cursor if moves else None, self.clock.now())
        log = logs.get("record")
        for one in judged:
            log.info("mail", **_event(one))
        return judged, copies

    def take_staff_answers(self, batch: Sequence[RawMail], cursor: Cursor) -> int:
        """Mails of a sent folder: those that answer a customer are recorded; says how many. Nothing is sent."""
        now = self.clock.now()
        mails = [parse(raw.raw, size=raw.size, forms=self.config.guard.forms) for raw in batch]
        keys = [thread.keys(mail, self.signer) for mail in mails]
        past = self.ledger.past([self.judging.lookup(*pair) for pair in zip(mails, keys, strict=True)], now)
        judged: list[Judged] = []
        copies: list[Copy] = []
        for raw, mail, key in zip(batch, mails, keys, strict=True):
            found = self.judging.staff_answer(raw, mail, key, past, now)
            if isinstance(found, Copy):
                copies.append(found)
            elif found:
                judged.append(found)
                past.note(found)
        self.ledger.record(judged, copies, cursor, now)
        return len(judged) + len(copies)

    def acknowledge(self, effect: Effect, outbox: Outbox) -> Outcome:
        """Sends one claimed acknowledgement. Raises UnreachableError when the server is not there: nothing happened."""
        (outcome,) = self.acknowledge_all([effect], outbox)
        if isinstance(outcome, UnreachableError):
            raise outcome
        return outcome

    def acknowledge_all(self, effects: Sequence[Effect], outbox: Outbox) -> list[Outcome | UnreachableError]:
        """Sends claimed acknowledgements together. UnreachableError: to this one nothing happened."""
        now = self.clock.now()
        written = {effect.key: self.writer.written(effect, now) for effect in effects}
        replies = {key: found[1] for key, found in written.items() if not isinstance(found, Outcome)}
        errors = dict(zip(replies, outbox.send_all(list(replies.values())), strict=True))
        outcomes: list[Outcome | UnreachableError] = []
        for effect in effects:
            found = written[effect.key]
            if isinstance(found, Outcome):  # there is no letter
                outcomes.append(found)
            else:
                outcomes.append(self.writer.outcome(effect, found[0], errors[effect.key], now))
        return outcomes


def _compared(mail: Mail, sent: Sequence[str]) -> Mail:
    """With our letters known. The message of a form is no mail that quotes."""
    is_usual = bool(sent) and reading.taken_apart(mail).new == mail.text
    return reading.with_new_text(mail, sent) if is_usual else mail


def _reads_differently(one: Mail, other: Mail) -> bool:
    return (one.text, one.beside) != (other.text, other.beside)


def _encoded_anew(raw: RawMail, mail: Mail, past: Past) -> str:
    """The id of the mail that this one is, in another encoding; '' for a mail of its own.

    Where the bytes of the known one are not kept any more, the same From, Date, Subject and Message-ID must do.
    """
    same_head = past.with_same_head(mail)
    same = (one.mail_id for one in same_head if one.raw is None or identity.is_same(raw.raw, one.raw))
    return next(same, "")


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
