"""Which conversation does a mail belong to? Strongest evidence first; weak evidence only links.

1. a signed token of ours in In-Reply-To, References or the text, whoever wrote it; 2. a Message-ID known to the ledger
in In-Reply-To or References, from a writer who takes part in that conversation; 3. the reference in the subject, from
such a writer. A Message-ID that we know, with other content, is a second mail of the same writer's. Everything else
begins a thread: knowing a Message-ID, an address or a reference opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.doors import Past
from pipeline.records.mail import Mail
from pipeline.records.thread import Author, Role, Thread, ThreadKeys
from pipeline.tokens import REF, Signer

LOOKED_AT = 20  # Message-IDs of References that are looked up: the newest
QUOTED = 20_000  # characters of the text searched for a token


def keys(mail: Mail, signer: Signer) -> ThreadKeys:
    """What in the mail may point to its thread."""
    named = (*mail.in_reply_to, *reversed(mail.references))
    tokens = [signer.verify(message_id) for message_id in named[:LOOKED_AT]]
    tokens.append(signer.verify(mail.whole[:QUOTED]))
    return ThreadKeys(
        tokens=tuple(dict.fromkeys(token for token in tokens if token)),
        message_ids=tuple(dict.fromkeys(named))[:LOOKED_AT],
        mentioned=tuple(dict.fromkeys(found.upper() for found in REF.findall(mail.subject)))[:5],
        own=signer.verify(mail.message_id),
        reported=signer.verify(mail.report.about) if mail.report else "",
    )


def find(mail: Mail, keys: ThreadKeys, past: Past, ref: str, writer: Author) -> Thread:
    """The mail's thread, and who its writer is in it; `ref` is the name of a new one."""
    for thread in _proved(mail, keys, past):
        return replace(thread, role=role_of(writer, thread))
    weak = ""
    for thread, is_own in _named(mail, keys, past, writer):
        role = role_of(writer, thread)
        if is_own or role is not Role.OTHER:
            return replace(thread, role=role)
        weak = weak or (thread.ticket.ref if thread.ticket else "")
    return Thread(ref=ref, new=True, possibly_about=weak, customer=writer.address)


def answered(mail: Mail, keys: ThreadKeys, past: Past) -> list[str]:
    """The conversations of which it quotes a letter of ours, by what only we can have made."""
    return list(dict.fromkeys(thread.ref for thread in _proved(mail, keys, past)))


def role_of(writer: Author, thread: Thread) -> Role:
    """Who this writer is in this conversation."""
    if writer.address and writer.address == customer_of(thread):
        return Role.CUSTOMER
    if writer.staff:
        return Role.STAFF
    takes_part = writer.address and writer.address in (*thread.participants, thread.customer)
    return Role.PARTICIPANT if takes_part else Role.OTHER


def customer_of(thread: Thread) -> str:
    """Whose case it is: the customer of its ticket, else whoever began it."""
    ticket = thread.ticket
    return (ticket.customer or next(iter(ticket.participants), "")) if ticket else thread.customer


def _proved(mail: Mail, keys: ThreadKeys, past: Past) -> Iterator[Thread]:
    """By what only we can have made: our tokens, and Message-IDs that we sent under."""
    for token in (*keys.tokens, keys.reported):
        if token and (thread := past.thread_by_ref(token)):
            yield thread
    for message_id in (*keys.message_ids, *_about(mail)):
        if sent := past.thread_by_sent(message_id):
            yield sent


def _named(mail: Mail, keys: ThreadKeys, past: Past, writer: Author) -> Iterator[tuple[Thread, bool]]:
    """What anybody can name: Message-IDs that came to us, and references. With it, whether it names a mail of this
    writer's own."""
    for message_id in keys.message_ids:
        for thread, wrote in past.threads_by_message_id(message_id):
            yield thread, bool(writer.address) and wrote == writer.address
    for thread, wrote in past.threads_by_message_id(mail.message_id):
        if writer.address and wrote == writer.address:
            yield thread, True
    for mentioned in keys.mentioned:
        if found := past.thread_by_ref(mentioned):
            yield found, bool(writer.address) and writer.address in found.written_to


def _about(mail: Mail) -> tuple[str, ...]:
    """A report belongs to the letter that it reports."""
    return (mail.report.about,) if mail.report and mail.report.about else ()
