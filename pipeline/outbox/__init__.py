"""The SMTP door (RFC 5321): one kept connection, and a clear word about what became of each message.

What matters most is the line between "surely not accepted" and "unknown": it is crossed when the first byte of the
message's content is sent, and crossed back when the server answers.
"""

from pipeline.outbox.smtp import SmtpOutbox

__all__ = ["SmtpOutbox"]
