"""Which envelope senders a server takes: really tried up to the recipient, then taken back. Nothing is sent."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from pipeline.config.servers import SmtpConfig
from pipeline.errors import FirstlineError, SenderRefusedError, UnreachableError
from pipeline.outbox import answers, wire
from pipeline.outbox.connection import BROKEN, SmtpConnection


def try_envelopes(connection: SmtpConnection, config: SmtpConfig) -> str:
    """With the sender that is configured, and with the other one there is: the null path, or our own address.

    In words. Raises UnreachableError; SenderRefusedError, which names the key, when the configured one is not taken.
    """
    own, bounce = parseaddr(config.sender)[1], parseaddr(config.bounce_address)[1]
    ours, other = (bounce, "") if bounce else ("", own)
    refused, otherwise = (_refusal(connection, sender, own) for sender in (ours, other))
    if refused is None:
        also = f", refuses <{other}>: {otherwise.what}" if otherwise else f" and <{other}>"
        return f"takes letters from <{ours}>{also}"
    raise SenderRefusedError(
        f"it refuses letters from <{ours}>: {refused.what}",
        where=f"config.toml, smtp.bounce_address ({connection.where})",
        remedy=_remedy(ours, other, is_taken=otherwise is None),
    )


def _remedy(ours: str, other: str, *, is_taken: bool) -> str:
    if not is_taken:
        return f"it refuses <{other}>, too: ask its operator for the right to send, or correct `from` and `username`"
    if not ours:
        return f'set bounce_address = "{other}" in [smtp]: the server takes that'
    return 'correct bounce_address in [smtp], or set it to "": the server takes the null path'


def _refusal(connection: SmtpConnection, sender: str, recipient: str) -> SenderRefusedError | None:
    """None where it takes this sender; what it thinks of the recipient (greylisting, say) is not asked."""
    smtp = connection.open()
    try:
        found = _spoken(smtp, sender, recipient, connection.where)
        smtp.rset()
    except BROKEN as error:
        connection.drop()
        raise connection.lost(error) from error
    if isinstance(found, UnreachableError) and not isinstance(found, SenderRefusedError):
        connection.drop()
        raise found
    return found if isinstance(found, SenderRefusedError) else None


def _spoken(smtp: smtplib.SMTP, sender: str, recipient: str, where: str) -> FirstlineError | None:
    to, options = wire.spelled(recipient, smtputf8=smtp.has_extn("smtputf8"))
    for command in wire.envelope(sender, to, options)[:2]:
        code, said = smtp.docmd(command)
        if not answers.agrees(code, command[:4]):
            return answers.refusal(code, said, command[:4], where)
    return None
