"""The SMTP server of the tests for clients that log in with a token: XOAUTH2, or OAUTHBEARER (RFC 7628)."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64decode
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from pipeline.demo.conversation import Conversation
from pipeline.demo.servers import HOST
from tests.servers.smtp_sink import SmtpSink
from tests.servers.token_server import Issuer


class TokenSink(SmtpSink):
    """Lets in whom the issuer's tokens let in. `mechanism`: the one that it offers beside passwords."""

    def __init__(self, issuer: Issuer, mechanism: str = "XOAUTH2", **options: Any) -> None:
        super().__init__(users={"nobody": "nothing"}, **options)
        self.issuer, self.mechanism = issuer, mechanism
        self.answers: list[bytes] = []  # to the challenge in which a refusal is explained

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _conversation(self, loop), HOST, 0)


def _conversation(sink: TokenSink, loop: asyncio.AbstractEventLoop) -> Conversation:
    async def by_token(_server: SMTP, args: list[str]) -> AuthResult:
        said = b64decode(args[1])
        token = re.search(rb"\x01auth=Bearer ([^\x01]+)\x01\x01$", said)
        who = re.match(rb"user=([^\x01]+)\x01" if sink.mechanism == "XOAUTH2" else rb"n,a=([^,]+),\x01", said)
        assert token, said
        assert who, said
        user = who[1].decode()
        if user in {sink.issuer.user, *sink.issuer.shared} and sink.issuer.is_good(token[1].decode()):
            return AuthResult(success=True, auth_data=user)
        answer = await conversation.challenge_auth(json.dumps({"status": "401", "schemes": "bearer"}))
        sink.answers.append(answer if isinstance(answer, bytes) else b"(none)")
        await conversation.push("535 5.7.8 Username and Password not accepted")
        return AuthResult(success=False, handled=True)

    class TokenConversation(Conversation):
        """aiosmtpd finds the mechanisms by the names of methods."""

    setattr(TokenConversation, f"auth_{sink.mechanism}", staticmethod(by_token))
    conversation = TokenConversation(sink, loop)
    return conversation
