"""One mail before the rules: what they look at, and how a header field is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.config.guard import GuardConfig
from pipeline.guard import authentication
from pipeline.guard.writer import Authorship, authorship, matches, names_header
from pipeline.records.mail import Address, Mail
from pipeline.records.thread import ThreadKeys
from pipeline.records.verdict import Authenticity, History

MAX_SIZE = 25_000_000  # bytes, where no mailbox says otherwise


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the rules need to know of the around: settings and our own addresses."""

    settings: GuardConfig
    ours: frozenset[str]  # all our addresses, folded
    addressed: frozenset[str]  # the mailbox's own, folded; empty: rule 12 is off
    domain: str = ""  # of the Message-IDs we make
    folder: str = "INBOX"
    max_size: int = MAX_SIZE
    by_web: bool = False  # no mail server brought it: it came by the API or the form


@dataclass(frozen=True)
class Case:
    """One mail before the rules. `history` None: judged from the message alone."""

    mail: Mail
    around: Surroundings
    keys: ThreadKeys
    history: History | None

    @cached_property
    def by(self) -> Authorship:
        """Who wrote it, and by what way it came."""
        return authorship(self.mail, self.around.settings)

    @property
    def customer(self) -> Address | None:
        """Whom an answer would go to."""
        return self.by.writer

    @property
    def remarked(self) -> bool:
        """A form or a forwarder of ours has put marks on it that say nothing about who wrote it."""
        return self.by.form or bool(self.by.forwarder)

    @cached_property
    def proof(self) -> authentication.Proof:
        """Rule 14."""
        if self.around.by_web:
            return authentication.Proof()
        return authentication.prove(self.mail, self.around.settings.authserv)

    @property
    def authenticity(self) -> Authenticity:
        """Of the writer: that a form or a list is who it says proves nothing about who wrote there."""
        found = self.proof.authenticity
        return Authenticity.UNKNOWN if self.by.rewritten and found is Authenticity.AUTHENTIC else found

    @cached_property
    def allowed(self) -> str:
        """The entry of the allow-list that speaks for this mail, ''."""
        return next((entry for entry in self.around.settings.allow if self._speaks_for(entry)), "")

    def _speaks_for(self, entry: str) -> bool:
        if names_header(self.mail, entry):
            return True
        return any(matches(one, entry) for one in (self.mail.sender, self.mail.others.get("sender"), self.customer))

    def values(self, *names: str) -> Iterable[tuple[str, str]]:
        """Header fields of these names, as (name, value in lower case)."""
        return ((name, value.strip().lower()) for name in names for value in self.mail.headers.get(name.lower(), ()))


def find_header(case: Case, *names: str) -> str:
    """The first of these header fields that the mail has, as 'Name: value', or ''."""
    for name in names:
        if name.lower() in case.mail.headers:
            return f"{name}: {case.mail.header(name)}"
    return ""


def find_token(case: Case, names: Sequence[str], tokens: Sequence[str]) -> str:
    """The first of these header fields whose token is one of `tokens`, as 'Name: value', or ''."""
    for name, value in case.values(*names):
        if token(value) in tokens:
            return f"{name}: {value}"
    return ""


def token(value: str) -> str:
    """The first word of a field, without comments and parameters."""
    return without_comments(value).partition(";")[0].strip().lower()


def without_comments(value: str) -> str:
    """RFC 5322 comments removed, nested ones too (from the inside out, bounded)."""
    for _ in range(5):
        shorter = re.sub(r"\([^()]*\)", " ", value)
        if shorter == value:
            break
        value = shorter
    return value
