"""Who wrote a mail: From; for a contact form its customer; for a forwarder that rewrites From, whom it rewrote."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config.guard import GuardConfig
from pipeline.records.mail import Address, Mail, fold


@dataclass(frozen=True, kw_only=True)
class Authorship:
    """Whom an answer would go to, and by what way the mail came."""

    writer: Address | None
    form: bool = False  # a configured contact form
    forwarder: str = ""  # the entry of [guard] forwarders that it came through, ''
    rewritten: bool = False  # the writer does not stand in From: nothing proves who it is


def authorship(mail: Mail, settings: GuardConfig) -> Authorship:
    """See GuardConfig: a form is a person, a forwarder is not the writer."""
    sender = mail.sender
    if sender and any(fold(form.sender) == sender.folded for form in settings.forms):
        writer = mail.reply_to
        return Authorship(
            writer=None if writer and writer.folded == sender.folded else writer, form=True, rewritten=True
        )
    entry = next((one for one in settings.forwarders if _passed_on_by(mail, one)), "")
    if entry and sender and matches(sender, entry):
        return Authorship(writer=_rewritten_from(mail), forwarder=entry, rewritten=True)
    return Authorship(writer=sender, forwarder=entry)


def customer_of(mail: Mail, settings: GuardConfig) -> Address | None:
    """Whom an answer would go to."""
    return authorship(mail, settings).writer


def matches(address: Address | None, entry: str) -> bool:
    """Is it this address, or in this domain? `entry` as in [guard] allow and forwarders; a header is neither."""
    entry = entry.strip().lower()
    if address is None or entry.startswith("header:"):
        return False
    if "@" in entry.lstrip("@"):
        return address.email.lower() == entry or address.folded == fold(entry)
    domain = fold(f"x@{entry.lstrip('@')}").rpartition("@")[2]
    return within(address.home, domain) or within(address.domain, entry.lstrip("@"))


def names_header(mail: Mail, entry: str) -> bool:
    """Is it `header:NAME`, and does the mail have one?"""
    entry = entry.strip().lower()
    return entry.startswith("header:") and entry.removeprefix("header:").strip() in mail.headers


def within(domain: str, other: str) -> bool:
    """Is `domain` the other one or under it?"""
    return domain == other or domain.endswith("." + other)


def _passed_on_by(mail: Mail, entry: str) -> bool:
    """By its header, or by the addresses that those who pass mail on leave in it."""
    left = (mail.sender, *(mail.others.get(name) for name in ("sender", "resent-from", "resent-sender")))
    return names_header(mail, entry) or any(matches(one, entry) for one in left)


def _rewritten_from(mail: Mail) -> Address | None:
    """Google Groups and the like keep the writer in X-Original-From; others in Reply-To."""
    return mail.others.get("x-original-from") or mail.reply_to
