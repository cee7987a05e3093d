"""One SMTP conversation of the embedded server: at every stage its `behaviour` is asked first."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, MutableSet
from typing import Protocol

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.demo.delivery import DROP, Accepted


class ConversingServer(Protocol):
    """What a conversation needs of the server that it is part of."""

    connections: int  # so far
    lines: MutableSet[asyncio.BaseTransport]  # open now
    users: Mapping[str, str]  # passwords by name; empty: nobody logs in
    tls: ssl.SSLContext | None
    immediate_tls: bool
    smtputf8: bool
    pipelining: bool
    chunking: bool

    async def ask(self, stage: str, argument: str) -> str:
        """What is answered at this stage; ACCEPT for the usual."""

    def keep(self, message: Accepted) -> None:
        """A message was accepted."""


class Conversation(SMTP):
    """aiosmtpd's protocol, and at the same time the handler that it asks."""

    def __init__(self, server: ConversingServer, loop: asyncio.AbstractEventLoop) -> None:
        self._shared = server
        server.connections += 1
        self._number = server.connections
        starttls = None if server.immediate_tls else server.tls
        super().__init__(
            self,
            enable_SMTPUTF8=server.smtputf8,
            hostname="localhost",
            ident="Firstline's own server",
            tls_context=starttls,
            auth_require_tls=starttls is not None,
            authenticator=self._is_known,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remembers the connection, so that it ends with the server."""
        self._shared.lines.add(transport)
        super().connection_made(transport)

    def _is_known(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        name, password = data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
        return AuthResult(success=self._shared.users.get(name) == password, handled=False, auth_data=name)

    async def _refused(self, stage: str, argument: str) -> str:
        """The reply with which this stage is refused, "" to go on. Never returns when the connection is to be cut."""
        answer = await self._shared.ask(stage, argument)
        if answer == DROP:
            if isinstance(self.transport, asyncio.Transport):
                self.transport.abort()
            await asyncio.Event().wait()  # until the loss of the connection cancels this conversation
        return answer

    async def handle_EHLO(  # noqa: N802  (aiosmtpd looks for this name; so below)
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """The lines with which the server tells what it can do."""
        session.host_name = hostname
        if refusal := await self._refused("EHLO", hostname):
            return [refusal]
        offered = responses if self._shared.users else [line for line in responses if not line.startswith("250-AUTH")]
        more = ["250-PIPELINING"] * self._shared.pipelining + ["250-CHUNKING"] * self._shared.chunking
        return [offered[0], *more, *offered[1:]]

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        """RFC 4954."""
        if refusal := await self._refused("AUTH", arg):
            await self.push(refusal)
        else:
            await super().smtp_AUTH(arg)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The reply to MAIL; what was refused leaves no trace in the envelope."""
        if self._shared.users and not session.authenticated:
            return "530 5.7.0 log in first"
        sender = address.removeprefix("<").removesuffix(">")  # the null path comes as "<>"
        if refusal := await self._refused("MAIL", sender):
            return refusal
        envelope.mail_from = sender or "<>"  # aiosmtpd takes an empty one for a missing MAIL
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender taken"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """The reply to RCPT, as `behaviour` of the server says (aiosmtpd calls it)."""
        if refusal := await self._refused("RCPT", address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient taken"

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """RFC 5321 section 4.1.1.4."""
        if refusal := await self._refused("DATA", ""):
            await self.push(refusal)
        else:
            await super().smtp_DATA(arg)

    async def smtp_BDAT(self, arg: str) -> None:  # noqa: N802
        """RFC 3030 section 2, with all of a message in one piece; its bytes come whatever is answered."""
        size, _, last = (arg or "").partition(" ")
        content = await self._reader.readexactly(int(size))
        if last.upper() != "LAST" or not self.session or not self.envelope or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 not now")
            return
        self.envelope.original_content = content
        await self.push(await self.handle_DATA(self, self.session, self.envelope))
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd's own, after DATA

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The reply to the content; what is taken is kept by the server."""
        data = envelope.original_content or b""
        if refusal := await self._refused("CONTENT", data.decode("utf-8", "replace")):
            return refusal
        message = Accepted(
            sender=(envelope.mail_from or "").removeprefix("<>"),
            recipients=tuple(envelope.rcpt_tos),
            data=data,
            options=tuple(option for option in envelope.mail_options if not option.upper().startswith("SIZE")),
            encrypted=session.ssl is not None or self._shared.immediate_tls,
            user=str(session.auth_data or "") if session.authenticated else "",
            connection=self._number,
        )
        self._shared.keep(message)
        return "250 2.0.0 taken"
