"""Which conversation does a mail belong to? Strongest evidence first; weak evidence only links.

1. a signed token of ours in In-Reply-To, References or the text; 2. a known Message-ID in In-Reply-To or References;
3. a reference in the subject, when the sender takes part in that ticket or was acknowledged there. A Message-ID that
we know, with other content, is a second mail of the same thread. Everything else begins a thread.
"""

from __future__ import annotations

from pipeline.doors import Past
from pipeline.records.mail import Mail
from pipeline.records.thread import Thread, ThreadKeys
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
    )


def find(mail: Mail, keys: ThreadKeys, past: Past, ref: str) -> Thread:
    """The mail's thread; `ref` is the name of a new one."""
    for token in keys.tokens:
        if thread := past.thread_by_ref(token):
            return thread
    for message_id in (*keys.message_ids, *_about(mail), mail.message_id):
        if message_id and (thread := past.thread_by_message_id(message_id)):
            return thread
    weak = ""
    for mentioned in keys.mentioned:
        thread = past.thread_by_ref(mentioned)
        if thread and _takes_part(mail, thread):
            return thread
        weak = weak or (thread.ref if thread and thread.ticket else "")
    return Thread(ref=ref, new=True, possibly_about=weak)


def _about(mail: Mail) -> tuple[str, ...]:
    """A report belongs to the mail that it reports."""
    return (mail.report.about,) if mail.report else ()


def _takes_part(mail: Mail, thread: Thread) -> bool:
    """The subject alone proves nothing: anybody can write a reference into it. It does with whom we wrote it to.

    Many absence notices carry our subject and nothing else of ours: they would begin a thread, and be acknowledged.
    """
    participants = thread.ticket.participants if thread.ticket else ()
    return bool(mail.sender and (mail.sender.folded in participants or mail.sender.folded in thread.written_to))
