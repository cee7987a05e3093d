"""A case with everything a person needs to decide: the conversation as it was, and why the machine did what it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from pipeline.desk import deeds, rejudge
from pipeline.desk.case_view import (
    CaseGrant,
    CaseLabel,
    CaseLetter,
    CaseLine,
    CaseMail,
    CaseMoment,
    CasePromise,
    CaseView,
    SimilarCase,
)
from pipeline.desk.doors import CaseDoors
from pipeline.desk.explain import in_a_sentence
from pipeline.doors import Predictor
from pipeline.errors import DamagedError, NotFoundError, TemplateError
from pipeline.letter.writer import Writer
from pipeline.records.effect import Effect, EffectState
from pipeline.records.ledger import LedgerMail, LedgerText
from pipeline.records.letter import Article, mailbox_and_name, recorded_name
from pipeline.records.payload import LetterPayload
from pipeline.records.promise import PromiseState, WatchedPromise
from pipeline.records.texts import TextKind, TextPlace
from pipeline.records.ticket import WholeTicket
from pipeline.store import case as store_case
from pipeline.store import granting
from pipeline.text import likeness
from pipeline.text.passages import LineKind, Passage

SHOWN = 200  # mails, and lines of the timeline: the newest
TAKEN_APART = 20  # mails of a conversation, the newest; of older ones only what was new is shown
MOST_SIMILAR, LEAST_ALIKE = 5, 0.08
READ = 1_500  # letters of a mail that are compared
_HEADS = ("topic", "sentiment", "complaint")
_TOLD_BY_THE_MAIL = ("opened", "mail", "note", "bounced")  # kinds of lines that stand with their mail
_WATCHED = (PromiseState.OPEN, PromiseState.HELD, PromiseState.BROKEN)


def ref_of(doors: CaseDoors, ref: str) -> str:
    """The case that a ticket or a mail belongs to. Raises NotFoundError."""
    with suppress(NotFoundError):
        return doors.board.show(ref).ref
    return doors.reading.mail(ref).ticket or ref


def view(doors: CaseDoors, ref: str, predictor: Predictor | None) -> CaseView:
    """Of a ticket, or of a mail that has none. `predictor`: the model in use, None for none. Raises NotFoundError."""
    ticket = _ticket(doors, ref)
    first = _mail(doors, ref)
    if ticket is None and first is None:
        raise NotFoundError("there is no such case or mail", where=ref, remedy="see `firstline today`")
    mails = _mails(doors, ticket, first)
    given = doors.promises.of_ticket(ref) if ticket else doors.promises.of_mail(ref)
    topic = ticket.topic if ticket else (first.topic or "") if first else ""
    return CaseView(
        ref=ref,
        ticket=ticket,
        first=first,
        moments=_in_order(doors, ref, ticket, mails),
        labels=_labels(first, ticket, predictor) if first else (),
        rules=tuple(rule for rule in first.rules if rule.hit) if first else (),
        verdict=in_a_sentence(first) if first else "",
        decided=first.decision.why if first else (),
        promises=tuple(_promise(doors, one, first) for one in given),
        grants=tuple(_grants(doors, ticket)) if ticket else (),
        similar=_similar(doors, ref, topic, first) if first and topic else (),
        articles=tuple(_articles(doors, first, topic)) if first else (),
        linked=tuple(doors.repeats.of(ref)) if ticket else (),
        mark=deeds.mark_of(doors, ref),
        earlier=max(0, len(ticket.mails) - SHOWN) if ticket else 0,
    )


def _ticket(doors: CaseDoors, ref: str) -> WholeTicket | None:
    with suppress(NotFoundError):
        return doors.board.show(ref)
    return None


def _mail(doors: CaseDoors, ref: str) -> LedgerMail | None:
    with suppress(NotFoundError):
        return doors.reading.mail(ref)
    return None


# --- the conversation -------------------------------------------------------------------------------------------------


def _mails(doors: CaseDoors, ticket: WholeTicket | None, first: LedgerMail | None) -> list[LedgerMail]:
    if ticket:
        ids: Sequence[str] = ticket.mails
    else:
        ids = store_case.mails_of_thread(doors.database, first.thread) if first else []
    return doors.reading.conversation(ids[-SHOWN:])


def _in_order(
    doors: CaseDoors, ref: str, ticket: WholeTicket | None, mails: Sequence[LedgerMail]
) -> tuple[CaseMoment, ...]:
    events = ticket.events[-SHOWN:] if ticket else ()
    notes = {one.mail_id: one.detail for one in events if one.mail_id and one.kind in _TOLD_BY_THE_MAIL}
    passages = rejudge.all_taken_apart(doors, [mail.id for mail in mails[-TAKEN_APART:]])
    shown, writer = {mail.id for mail in mails}, doors.route(None).writer
    moments: list[CaseMoment] = [_with_words(one, notes.get(one.id, ""), passages.get(one.id)) for one in mails]
    moments += [_letter(writer, *one) for one in store_case.letters_of(doors.database, ref, sorted(shown))]
    moments += [CaseLine(event=one) for one in events if not (one.mail_id in shown and one.kind in _TOLD_BY_THE_MAIL)]
    return tuple(sorted(moments, key=lambda one: one.at))  # what came first of the same moment stays first


def _with_words(mail: LedgerMail, note: str, passages: tuple[Passage, ...] | None) -> CaseMail:
    """`passages`: None where its bytes are not kept any more, or it is one of very many."""
    if passages is None:
        return CaseMail(mail=mail, passages=(Passage(LineKind.NEW, mail.text),), whole=False, note=note)
    return CaseMail(mail=mail, passages=passages, whole=True, note=note)


def _letter(writer: Writer, effect: Effect, at: datetime) -> CaseLetter:
    """As its template writes it now: where that is the version that was sent, as it was sent."""
    subject, text, same = "", "", False
    with suppress(TemplateError, DamagedError):  # it can't be written any more
        if letter := writer.letter(effect, at):
            subject, text = letter.subject, letter.text
            name = recorded_name(letter.mailbox, letter.template)
            same = bool(effect.sent and (effect.sent.template, effect.sent.version) == (name, letter.version))
    wanted = effect.payload.template if isinstance(effect.payload, LetterPayload) else ""
    return CaseLetter(
        key=effect.key,
        mail_id=effect.mail_id,
        kind=effect.kind,
        at=at,
        state=effect.state,
        recipient=effect.recipient,
        name=f"{effect.sent.language}/{effect.sent.template}" if effect.sent else wanted,
        place=_template(effect),
        version=effect.sent.version if effect.sent else "",
        subject=subject,
        text=text,
        as_sent=same and effect.state is EffectState.DONE,
        error=effect.error,
    )


def _template(effect: Effect) -> TextPlace | None:
    """Where the letter that was sent is edited."""
    if effect.sent is None or effect.sent.template.startswith("("):
        return None
    mailbox, name = mailbox_and_name(effect.sent.template)
    return TextPlace(kind=TextKind.LETTER, language=effect.sent.language, name=name, mailbox=mailbox)


# --- why, and what may be done ----------------------------------------------------------------------------------------


def _labels(first: LedgerMail, ticket: WholeTicket | None, predictor: Predictor | None) -> tuple[CaseLabel, ...]:
    words = predictor.explain(_text_of(first)) if predictor else {}
    said = first.decision.label
    by = dict.fromkeys(said.correction.heads, said.by) if said else {}
    return tuple(_label(head, first, ticket, words.get(head, ()), by.get(head, "")) for head in _HEADS)


def _label(
    head: str, first: LedgerMail, ticket: WholeTicket | None, words: Sequence[tuple[str, float]], by: str
) -> CaseLabel:
    value = getattr(ticket if ticket and by else first, head)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return CaseLabel(
        head=head,
        value=value or "",
        confidence=getattr(first, f"{head}_confidence"),
        sure=bool(by) or getattr(first, f"{head}_sure"),
        words=tuple(words),
        by=by,
    )


def _text_of(first: LedgerMail) -> LedgerText:
    return LedgerText(
        id=first.id,
        subject=first.subject,
        text=first.text,
        language=first.language,
        customer=first.customer,
        sender_name=first.sender_name,
        thread=first.thread,
        received=first.received,
    )


def _promise(doors: CaseDoors, one: WatchedPromise, first: LedgerMail | None) -> CasePromise:
    if one.kept or one.state not in _WATCHED:
        return CasePromise(promise=one, left=None)
    now = doors.clock.now()
    working = doors.config.of_mailbox(first.mailbox if first else "").calendar.working_time
    return CasePromise(promise=one, left=working.between(now, one.due) - working.between(one.due, now))


def _grants(doors: CaseDoors, ticket: WholeTicket) -> Iterator[CaseGrant]:
    allowed = {name: doors.config.grants[name] for name in deeds.grants_of(doors, ticket.ref)}
    left = granting.left(doors.database, ticket.folded, allowed, doors.clock.now())
    for name, settings in allowed.items():
        title = settings.title.get(ticket.language) or settings.title.get("en") or next(iter(settings.title.values()))
        yield CaseGrant(name=name, title=title, left=left[name])


def _articles(doors: CaseDoors, first: LedgerMail, topic: str) -> list[Article]:
    named = doors.config.of_mailbox(first.mailbox).topic(topic).articles if topic else ()
    return doors.articles.of_mailbox(first.mailbox).fitting(f"{first.subject}\n{first.text}", first.language, named)


def _similar(doors: CaseDoors, ref: str, topic: str, first: LedgerMail) -> tuple[SimilarCase, ...]:
    """About the same in like words, those that are solved first: their answers may serve again."""
    others = store_case.candidates(doors.database, ref, topic)
    counts = [likeness.tokens(f"{subject}\n{text[:READ]}") for _, subject, _, _, text in others]
    rarity = likeness.rarity_of(counts)
    mine = likeness.weighed(likeness.tokens(f"{first.subject}\n{first.text[:READ]}"), rarity)
    found = [
        SimilarCase(ref=one[0], subject=one[1], status=one[2], opened=one[3], alike=likeness.cosine(mine, theirs))
        for one, theirs in zip(others, (likeness.weighed(some, rarity) for some in counts), strict=True)
    ]
    alike = sorted((one for one in found if one.alike >= LEAST_ALIKE), key=lambda one: -one.alike)[:MOST_SIMILAR]
    return tuple(sorted(alike, key=lambda one: (not one.status.is_over, -one.alike)))
