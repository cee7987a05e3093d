"""A mailbox with five mails and an SMTP server, for whoever follows the tutorial: prints how they are reached.

`python -m tests.campaigns.stranger_servers` serves until its input ends.
"""

from __future__ import annotations

import sys

from tests.desk import PASSWORD, letter
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink

ADDRESS = "help@parcels.test"


def main() -> None:
    """Both on free ports of this machine alone."""
    with PymapServer() as mailbox, SmtpSink() as sink:
        mailbox.add_user(ADDRESS, PASSWORD)
        for number in range(1, 6):
            mailbox.deliver(letter(number, to=ADDRESS), user=ADDRESS)
        print(f"export COMPANY='Parcels and Sons' ADDRESS={ADDRESS} SUPPORT_PASSWORD={PASSWORD}")
        print(f"export IMAP=127.0.0.1:{mailbox.port} SMTP=127.0.0.1:{sink.port}", flush=True)
        sys.stdin.read()
        assert sink.accepted == [], "somebody got mail before the tutorial said so"


if __name__ == "__main__":
    main()
