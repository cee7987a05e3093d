"""The IMAP door (RFC 3501, RFC 9051): everything by UID and UIDVALIDITY, nothing changed but what `done` asks for.

Of a server only the base protocol is needed. IDLE (RFC 2177), MOVE (RFC 6851), UIDPLUS (RFC 4315) and NAMESPACE
(RFC 2342) are used where they are offered; keywords and CONDSTORE never. Nothing else imports imapclient.
"""

from pipeline.mailbox.imap import ImapMailbox

__all__ = ["ImapMailbox"]
