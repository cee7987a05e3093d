"""Answering a customer by mail: a draft that is saved as one types and is sent once; for some seconds to be undone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.config.settings import Config
from pipeline.desk.doors import AnsweringDoors
from pipeline.errors import NotFoundError, TemplateError, UsageError
from pipeline.letter import values
from pipeline.letter.writer import Writer
from pipeline.records.answer import AnswerDraft, DraftConflict, GivenAnswer, OtherWriter, Typed
from pipeline.records.effect import Effect, EffectKind, Outcome
from pipeline.records.follow_up import FollowedTicket
from pipeline.records.letter import ANSWER, AttachedFile, Letter, Reply
from pipeline.records.mail import bare_subject, fold, is_writable
from pipeline.records.payload import AnswerPayload
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.ticket import TicketStatus
from pipeline.replies.saved import SavedReplies, SavedReply
from pipeline.store.sent_answers import MARK
from pipeline.text import typed as cleaning

UNDO = timedelta(seconds=10)  # an answer waits for so long before it is sent
WRITING = timedelta(minutes=5)  # since their last key somebody counts as writing
MOST_BYTES = 10 * 1024 * 1024  # of all files of an answer: what mail servers take, less what base64 adds
MOST_FILES = 20
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(f"[{_LETTERS}]{{11}}")


@dataclass(frozen=True, kw_only=True)
class Pen:
    """Who writes about which ticket. `name`: as the customer reads it; '' is that of the account, or none."""

    ticket: str
    author: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerPreview:
    """An answer as it would be sent now: by the same functions as the sender's."""

    letter: Letter
    reply: Reply
    to: str
    cc: tuple[str, ...]


# --- the draft --------------------------------------------------------------------------------------------------------


def draft_of(doors: AnsweringDoors, pen: Pen) -> AnswerDraft:
    """What this person has written so far; else an empty one that is not kept yet. Raises NotFoundError."""
    _case(doors, pen.ticket)
    found = doors.drafts.of(pen.ticket, pen.author)
    return found or AnswerDraft(id=_new_id(), ticket=pen.ticket, author=pen.author, typed=Typed())


def typed_by(
    config: Config, *, text: str, subject: str = "", cc: Sequence[str] = (), then: TicketStatus | None = None
) -> Typed:
    """What a person has typed, cleaned. Raises UsageError where that would lose something."""
    return Typed(
        text=cleaning.clean_text(text),
        subject=cleaning.clean_subject(subject),
        cc=cleaning.copies(cc, config.our_addresses),
        then=then,
    )


def save(
    doors: AnsweringDoors, pen: Pen, wanted: Typed, version: int, draft_id: str = ""
) -> AnswerDraft | DraftConflict:
    """`version`: of the draft that was typed over, 0 for none. A newer draft stays, with this text beside it.

    `draft_id`: of that draft, or the name of a new one: a page that is sent twice means the same one. Raises
    NotFoundError when it was sent or discarded meanwhile.
    """
    draft = draft_of(doors, pen)
    if _ID.fullmatch(draft_id) and draft_id != draft.id:
        draft = replace(draft, id=draft_id)
    return doors.drafts.save(replace(draft, typed=wanted, version=version), doors.clock.now())


def attach(doors: AnsweringDoors, pen: Pen, name: str, declared: str, data: bytes) -> AnswerDraft:
    """Keeps a file with the draft. Raises UsageError when it is empty, or all of them are too large."""
    draft = _kept(doors, pen)
    if not data:
        raise UsageError("the file is empty", where=cleaning.file_name(name), remedy="attach another one")
    if len(data) + sum(file.size for file in draft.files) > MOST_BYTES:
        limit = f"all files of an answer together may have {MOST_BYTES // 1024 // 1024} MB"
        raise UsageError(limit, where=cleaning.file_name(name), remedy="make it smaller, or send a link to it")
    if len(draft.files) >= MOST_FILES:
        raise UsageError(f"there are {MOST_FILES} files already", where="the answer", remedy="pack them into one")
    file = AttachedFile(name=_free_name(draft, name), type=cleaning.file_type(declared), data=data)
    return doors.drafts.attach(draft, _new_id(), file, doors.clock.now())


def detach(doors: AnsweringDoors, pen: Pen, file_id: str) -> AnswerDraft:
    """Takes a file off again."""
    return doors.drafts.detach(_kept(doors, pen), file_id, doors.clock.now())


def discard(doors: AnsweringDoors, draft: AnswerDraft) -> None:
    """Throws a draft away, with its files."""
    doors.drafts.discard(draft)


def others(doors: AnsweringDoors, pen: Pen) -> list[OtherWriter]:
    """Who else is writing to this customer just now."""
    return doors.drafts.writers(pen.ticket, pen.author, doors.clock.now() - WRITING)


def _kept(doors: AnsweringDoors, pen: Pen) -> AnswerDraft:
    """The draft in the store; an empty one is kept first."""
    draft = draft_of(doors, pen)
    if draft.version:
        return draft
    saved = doors.drafts.save(draft, doors.clock.now())
    return saved.kept if isinstance(saved, DraftConflict) else saved


def _free_name(draft: AnswerDraft, name: str) -> str:
    """Two files of one name can't be told apart where they are saved."""
    bare, taken = cleaning.file_name(name), {file.name for file in draft.files}
    numbered = (f"{number}-{bare}"[: cleaning.LONGEST_NAME] for number in range(2, MOST_FILES + 2))
    return bare if bare not in taken else next(one for one in numbered if one not in taken)


def _new_id() -> str:
    """Of a draft or a file: a part of keys and Message-IDs, never given twice."""
    return "".join(secrets.choice(_LETTERS) for _ in range(11))


# --- sending ----------------------------------------------------------------------------------------------------------


def send(doors: AnsweringDoors, pen: Pen, draft_id: str, version: int) -> GivenAnswer:
    """The draft becomes an answer in the journal, however often this is asked for.

    Raises UsageError when it says nothing or the customer can't be reached, NotFoundError when it is not there as it
    was seen (`draft_id`, `version`).
    """
    draft = doors.drafts.of(pen.ticket, pen.author)
    if draft is None or draft.id != draft_id:
        return _sent(doors, pen, draft_id)
    draft = replace(draft, version=version)
    now = doors.clock.now()
    effects = _effects(doors, pen, draft, now)
    _assert_sendable(doors, draft, effects, now)
    doors.drafts.send(draft, effects, now)
    return _sent(doors, pen, draft_id)


def undo(doors: AnsweringDoors, pen: Pen, key: str = "") -> AnswerDraft:
    """An answer that is not out is a draft again. `key`: of which one; '' is the latest of this person.

    Raises UsageError when it is too late: then it says so.
    """
    mine = [one for one in doors.given_answers.of(pen.ticket) if one.author == pen.author and key in ("", one.key)]
    if not mine:
        raise NotFoundError("there is no answer of yours", where=pen.ticket, remedy="see the ticket")
    chosen = next((one for one in reversed(mine) if one.can_be_taken_back), mine[-1])
    return doors.given_answers.take_back(chosen.key, pen.author, _new_id(), doors.clock.now())


def sent_as(doors: AnsweringDoors, pen: Pen, draft_id: str) -> GivenAnswer | None:
    """The answer that this draft has become; None when it was not sent."""
    wanted = (_key(pen.ticket, draft_id), pen.author)
    return next((one for one in doors.given_answers.of(pen.ticket) if (one.key, one.author) == wanted), None)


def _sent(doors: AnsweringDoors, pen: Pen, draft_id: str) -> GivenAnswer:
    found = sent_as(doors, pen, draft_id)
    if found is None:
        remedy = "look at the ticket: it was discarded, or changed in another window"
        raise NotFoundError("there is no such draft of yours", where=pen.ticket, remedy=remedy)
    return found


def _assert_sendable(doors: AnsweringDoors, draft: AnswerDraft, effects: Sequence[Effect], now: datetime) -> None:
    if not draft.typed.text.strip():
        raise UsageError("the answer says nothing", where=draft.ticket, remedy="write something")
    recipients = [effect.recipient for effect in effects]
    if not is_writable(recipients[0]):
        raise UsageError("the customer has no address that can be written to", where=draft.ticket, remedy="call them")
    failed = doors.effects.bounced(recipients, now - doors.config.guard.bounce_memory)
    for address, status in failed.items():
        raise UsageError(
            f"mail to {address} has failed permanently ({status})",
            where=draft.ticket,
            remedy=f"if it works again: firstline mail bounces forget {address}",
        )


def _key(ticket: str, draft_id: str) -> str:
    return f"{ticket}{MARK}{draft_id}"


def _effects(doors: AnsweringDoors, pen: Pen, draft: AnswerDraft, now: datetime) -> list[Effect]:
    """One for the customer, and one for each copy: the same message, under the same Message-ID."""
    payload = _payload(doors, pen, draft, now)
    smtp = doors.config.of_mailbox(payload.mailbox).smtp
    if smtp is None:
        raise UsageError("no outgoing server is configured", where="config.toml, smtp", remedy="add an [smtp] table")
    key = _key(draft.ticket, draft.id)
    whom = {key: payload.to} | {f"{key}:cc{number}": address for number, address in enumerate(payload.cc)}
    return [
        Effect(
            key=one,
            mail_id=draft.ticket,
            kind=EffectKind.ANSWER,
            next_try=now + UNDO,
            message_id=doors.signer.message_id(draft.ticket, f"r{draft.id}", smtp.domain),
            recipient=recipient,
            ticket=draft.ticket,
            payload=payload,
        )
        for one, recipient in whom.items()
    ]


def _payload(doors: AnsweringDoors, pen: Pen, draft: AnswerDraft, now: datetime) -> AnswerPayload:
    case, replying = _case(doors, draft.ticket), doors.given_answers.replying_to(draft.ticket)
    mailbox, wanted = case.mailbox or replying.mailbox, draft.typed
    box = doors.config.boxes.get(mailbox)
    return AnswerPayload(
        template=ANSWER,
        language=case.language or (box.language if box else doors.config.replies.language),
        topic=case.topic,
        ref=draft.ticket,
        ticket=True,
        name="" if case.unproven else case.name,
        subject="" if case.unproven else bare_subject(replying.subject or case.subject),
        message_id=replying.message_id or case.message_id,
        references=replying.references,
        decided=now,
        mailbox=mailbox,
        words=wanted.text,
        author=draft.author,
        agent=cleaning.clean_name(pen.name) or _name_of(doors, draft.author),
        to=case.customer,
        cc=tuple(one for one in wanted.cc if fold(one) != fold(case.customer)),
        draft=draft.id,
        files=tuple(file.name for file in draft.files),
        own_subject=wanted.subject,
        then=wanted.then,
    )


def _case(doors: AnsweringDoors, ref: str) -> FollowedTicket:
    case = doors.promises.of(ref, doors.clock.now() - doors.config.guard.bounce_memory)
    if case is None:
        raise NotFoundError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")
    return case


def _name_of(doors: AnsweringDoors, author: str) -> str:
    """That of the account with this address, else as `[topics] owner` names the person."""
    account = doors.accounts.find(author.lower())
    named = (one.owner_name for one in doors.config.situations.values() if one.owner_address == author)
    return next(filter(None, (account.name if account else "", *named)), "")


# --- what it will look like -------------------------------------------------------------------------------------------


def preview(doors: AnsweringDoors, pen: Pen, draft: AnswerDraft) -> AnswerPreview:
    """As the customer sees it, made as the sender makes it. Raises TemplateError, UsageError."""
    now = doors.clock.now()
    effect = _effects(doors, pen, draft, now)[0]
    files = doors.answer_files
    writer = Writer(config=doors.config, signer=doors.signer, letters=doors.letters, files=files)
    made = writer.written(effect, now)
    if isinstance(made, Outcome):
        raise TemplateError(made.error, where=draft.ticket, remedy="see `firstline template lint`")
    about = effect.letter
    assert isinstance(about, AnswerPayload)  # noqa: S101  (made above)
    return AnswerPreview(letter=made[0], reply=made[1], to=about.to, cc=about.cc)


def saved_replies(doors: AnsweringDoors, ref: str) -> list[SavedReply]:
    """What can be put into an answer to this customer, in their language where there is such a one."""
    case = _case(doors, ref)
    letters = doors.letters.of_mailbox(case.mailbox)
    return _shelf(doors, case).all(letters.chain(case.language or doors.config.replies.language))


def saved_reply(doors: AnsweringDoors, pen: Pen, name: str) -> str:
    """The text of a saved reply for this customer. Raises NotFoundError, TemplateError."""
    reply = next((one for one in saved_replies(doors, pen.ticket) if one.name == name), None)
    if reply is None:
        known = ", ".join(one.name for one in saved_replies(doors, pen.ticket)) or "none"
        raise NotFoundError(f"there is no saved reply '{name}'", where="templates", remedy=f"there are: {known}")
    return _shelf(doors, _case(doors, pen.ticket)).text(reply, _values(doors, pen, reply.language))


def _shelf(doors: AnsweringDoors, case: FollowedTicket) -> SavedReplies:
    return SavedReplies(doors.letters.of_mailbox(case.mailbox).folders)


def _values(doors: AnsweringDoors, pen: Pen, language: str) -> Mapping[str, object]:
    """Those of a letter, with the times that still hold."""
    now, case = doors.clock.now(), _case(doors, pen.ticket)
    about = _payload(doors, pen, draft_of(doors, pen), now)
    about = replace(
        about,
        respond_by=_standing(case, PromiseKind.RESPOND, now),
        resolve_by=_standing(case, PromiseKind.RESOLVE, now),
    )
    return values.values(about, "", doors.config.of_mailbox(about.mailbox), language, now)


def _standing(case: FollowedTicket, kind: PromiseKind, now: datetime) -> datetime | None:
    counting = (one for one in case.promises if one.kind is kind and one.state is PromiseState.OPEN)
    return min((one.due for one in counting if one.due > now), default=None)
