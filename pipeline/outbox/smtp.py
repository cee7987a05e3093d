"""Sending over one connection: a message by itself, or several with fewer round trips where the server can."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from pipeline.config.servers import SmtpConfig
from pipeline.doors import AccessToken
from pipeline.errors import ConfigError, FirstlineError, LoginError, UnreachableError, network_words
from pipeline.outbox import answers, wire
from pipeline.outbox.answers import CLOSING, CONTENT
from pipeline.outbox.connection import BROKEN, SmtpConnection
from pipeline.outbox.envelope_check import try_envelopes
from pipeline.records.letter import Reply
from pipeline.records.round_trips import RoundTrips

GROUP = 20  # messages that go together at most …
GROUP_TAKES = 0.3  # … and the seconds that they may take: what became of a letter is soon committed
PACE_AT_FIRST = 0.06  # seconds a message, while nothing is known of the server


class _LineLostError(Exception):
    """The connection is gone, and the message surely was not taken."""

    def __init__(self, error: BaseException | str) -> None:
        super().__init__(str(error))
        self.words = ("it ended the conversation: " + error, "wait") if isinstance(error, str) else network_words(error)


class SmtpOutbox:
    """One connection to the outgoing server, made when it is first needed; used by one thread."""

    def __init__(self, config: SmtpConfig, base: Path, token: AccessToken | None = None) -> None:
        """`base`: the folder of config.toml. `token`: instead of a password. Nothing is connected yet."""
        self.connection = SmtpConnection(config, base, token)
        self._pace = PACE_AT_FIRST

    @property
    def is_open(self) -> bool:
        """Is there a connection?"""
        return self.connection.is_open

    def open(self) -> None:
        """Connects and logs in where needed. Raises UnreachableError, ConfigError."""
        self.connection.open()

    def waited(self) -> RoundTrips:
        """For the server's answers, since this was asked before."""
        return self.connection.waited()

    def send(self, reply: Reply) -> None:
        """Raises UnreachableError (nothing sent), DeferredError, RejectedError or UncertainError."""
        for again in (True, False):
            reused = self.connection.is_open
            try:
                self._transact(self.connection.open(), reply)
                self.connection.served()
                return
            except _LineLostError as lost:
                self.connection.drop()
                if not (reused and again):  # a kept connection may have ended meanwhile: that is no trouble yet
                    what, remedy = lost.words
                    raise UnreachableError(what, where=self.connection.where, remedy=remedy) from lost

    @property
    def at_once(self) -> int:
        """How many messages go together: known once a server has said what it can, and how fast it is."""
        return max(1, min(GROUP, int(GROUP_TAKES / self._pace))) if self.connection.can("pipelining") else 1

    def send_all(self, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        """What became of each: None for accepted, else the error that `send` would raise.

        A server with PIPELINING takes them in fewer round trips (RFC 2920): all in one where it has CHUNKING
        (RFC 3030), else one each. After an UnreachableError the rest is not tried, and has the same.
        """
        outcomes: list[FirstlineError | None] = []
        while len(outcomes) < len(replies):
            left = replies[len(outcomes) :]
            try:
                self.connection.open()
                outcomes += self._some(left)
            except UnreachableError as error:
                return outcomes + [error] * len(left)
            except ConfigError as error:  # a secret that can't be read now: no letter is to blame
                waiting = LoginError(error.what, where=error.where, remedy=error.remedy)
                return outcomes + [waiting] * len(left)
            except FirstlineError as error:
                outcomes.append(error)
            if isinstance(outcomes[-1], UnreachableError):
                return outcomes + [outcomes[-1]] * (len(replies) - len(outcomes))
        return outcomes

    def check(self) -> None:
        """Connects and logs in without sending."""
        try:
            code, said = self.connection.open().noop()
        except BROKEN as error:
            self.connection.drop()
            raise self.connection.lost(error) from error
        if code >= 400:
            self.connection.drop()
            what = answers.words(code, said)
            raise UnreachableError(what, where=self.connection.where, remedy="look at the server's log")

    def try_envelopes(self) -> str:
        """Which envelope senders it takes, in words. Raises SenderRefusedError when ours is not among them."""
        return try_envelopes(self.connection, self.connection.config)

    def close(self) -> None:
        """Says goodbye, but does not wait for the answer long."""
        self.connection.close()

    # --- one message --------------------------------------------------------------------------------------------------

    def _transact(self, smtp: smtplib.SMTP, reply: Reply) -> None:
        """MAIL, RCPT, DATA. Raises _LineLostError as long as nothing of the content is on its way."""
        recipient, options = wire.spelled(reply.recipient, smtputf8=smtp.has_extn("smtputf8"))
        if options:
            smtp.command_encoding = "utf-8"
        commands = wire.envelope(reply.envelope_from, recipient, options)
        try:
            if self.connection.is_stale:
                self._must(smtp, *smtp.noop(), stage="NOOP")
            if smtp.has_extn("pipelining"):
                self._all_at_once(smtp, commands)
            else:
                for command in commands:
                    self._must(smtp, *smtp.docmd(command), stage=command[:4])
        except BROKEN as error:
            raise _LineLostError(error) from error
        self._must(smtp, *self._content(smtp, reply.data), stage=CONTENT)

    def _all_at_once(self, smtp: smtplib.SMTP, commands: Sequence[str]) -> None:
        """One round trip instead of three (RFC 2920). The content only follows when all were agreed to."""
        smtp.send(wire.said(*commands))
        for command, (code, said) in self._answers(smtp, commands):
            self._must(smtp, code, said, stage=command[:4])

    def _answers(self, smtp: smtplib.SMTP, commands: Sequence[str]) -> list[tuple[str, tuple[int, bytes]]]:
        """To an envelope that went in one go, each with its command; none after the server closed the connection."""
        found: list[tuple[str, tuple[int, bytes]]] = []
        for command in commands:
            found.append((command, smtp.getreply()))
            if found[-1][1][0] == CLOSING:
                break
        *before, (_, (last, _)) = found
        if last == 354 and any(not 200 <= code < 300 for _, (code, _) in before):
            # It waits for a content all the same. RFC 2920 section 3.1 would send an empty one; but who knows what a
            # server does with it that talks like this: without the connection there surely is no message.
            self.connection.drop()
        return found

    def _content(self, smtp: smtplib.SMTP, data: bytes, *following: str) -> tuple[int, bytes]:
        """The message itself, and what follows it. One that breaks from here on leaves its fate unknown."""
        try:
            smtp.send(wire.dotted(data) + wire.said(*following))
            code, said = self.connection.answer_to_content(smtp)
        except BROKEN as error:
            self.connection.drop()
            what, _ = network_words(error)
            raise answers.uncertain(what, self.connection.where) from error
        if not (200 <= code < 300 or 400 <= code < 600):
            self.connection.drop()
            raise answers.refusal(code, said, CONTENT, self.connection.where)
        return code, said

    def _must(self, smtp: smtplib.SMTP, code: int, said: bytes, *, stage: str) -> None:
        """Goes on when the server agrees. After a refusal the connection is made ready for the next message."""
        if answers.agrees(code, stage):
            return
        if code == CLOSING or not 400 <= code < 600:  # it closes the connection, or talks nonsense
            raise _LineLostError(f"{answers.words(code, said)} (to {stage})")
        self._reset(smtp)
        raise answers.refusal(code, said, stage, self.connection.where)

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.rset()
        except BROKEN:  # the answer about this message stands; the next one gets a new connection
            code = -1
        if code != 250:
            self.connection.drop()

    # --- several messages ---------------------------------------------------------------------------------------------

    def _some(self, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        """What became of the first of them, or the first few where the server takes several together."""
        group = list(takewhile(lambda reply: wire.is_plain(reply.recipient), replies[:GROUP]))
        if len(group) < 2 or not self.connection.can("pipelining") or not self._is_alive():
            return self._first(replies)
        began = time.monotonic()
        outcomes = self._in_one_go(group) if self.connection.can("chunking") else self._overlapping(group)
        self._pace = max((time.monotonic() - began) / len(outcomes), 0.001) if outcomes else PACE_AT_FIRST
        return outcomes or self._first(replies)

    def _first(self, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        self.send(replies[0])
        return [None]

    def _is_alive(self) -> bool:
        """Of a connection that has rested: a dead one is dropped, and the next message makes a new one."""
        if not self.connection.is_stale:
            return True
        try:
            code, _ = self.connection.open().noop()
        except BROKEN:  # it says so by breaking
            code = -1
        if code != 250:
            self.connection.drop()
        return code == 250

    def _in_one_go(self, group: Sequence[Reply]) -> list[FirstlineError | None]:
        """Envelopes and contents, then all the answers. Where it breaks, the fate of the rest is unknown."""
        outcomes: list[FirstlineError | None] = []
        smtp = self.connection.open()
        try:
            smtp.send(b"".join(map(wire.in_one_go, group)))
            for _ in group:
                outcomes.append(self._outcome(smtp))
                if not self.connection.is_open:
                    return outcomes
        except BROKEN as error:
            self.connection.drop()
            what, _ = network_words(error)
            return outcomes + [answers.uncertain(what, self.connection.where)] * (len(group) - len(outcomes))
        self.connection.served()
        return outcomes

    def _outcome(self, smtp: smtplib.SMTP) -> FirstlineError | None:
        """Reads the answers to RSET, MAIL, RCPT and BDAT of one message: the first refusal counts."""
        first: FirstlineError | None = None
        for stage in ("RSET", "MAIL", "RCPT", CONTENT):
            code, said = self.connection.answer_to_content(smtp) if stage == CONTENT else smtp.getreply()
            if code == CLOSING:  # no more answers come
                self.connection.drop()
                return answers.refusal(code, said, stage, self.connection.where)
            if first is None and not answers.agrees(code, stage):
                first = answers.refusal(code, said, stage, self.connection.where)
        return first

    def _overlapping(self, group: Sequence[Reply]) -> list[FirstlineError | None]:
        """Each envelope goes with the content before it, which RFC 2920 section 3.1 allows, and is answered with it.

        Ends early when the connection is lost; what it says nothing about was surely not sent.
        """
        outcomes: list[FirstlineError | None] = []
        envelopes = [wire.envelope(reply.envelope_from, reply.recipient) for reply in group]
        smtp = self.connection.open()
        try:
            smtp.send(wire.said(*envelopes[0]))
            for reply, envelope, following in zip(group, envelopes, [*envelopes[1:], ()], strict=True):
                outcomes.append(self._agreed_and_sent(smtp, reply, envelope, following))
                if not self.connection.is_open:
                    return outcomes
        except (*BROKEN, _LineLostError):
            self.connection.drop()
            return outcomes
        self.connection.served()
        return outcomes

    def _agreed_and_sent(
        self, smtp: smtplib.SMTP, reply: Reply, envelope: Sequence[str], following: Sequence[str]
    ) -> FirstlineError | None:
        """Reads the answers to an envelope on its way; then its content is sent, with the envelope that follows.

        Raises _LineLostError, or an error of BROKEN, where the message surely was not taken.
        """
        try:
            for command, (code, said) in self._answers(smtp, envelope):
                self._must(smtp, code, said, stage=command[:4])
        except FirstlineError as refused:
            if following and self.connection.is_open:
                smtp.send(wire.said(*following))
            return refused
        try:
            code, said = self._content(smtp, reply.data, *following)
        except FirstlineError as error:  # the connection is gone
            return error
        if code == CLOSING:  # it was not taken
            raise _LineLostError(answers.words(code, said))
        return None if answers.agrees(code, CONTENT) else answers.refusal(code, said, CONTENT, self.connection.where)
