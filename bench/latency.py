"""How long from the server's notice to the accepted acknowledgement, beside a bare IDLE client in the same run.

`python -m bench.latency [MAILS]`: mails are delivered to Dovecot one by one. A bare client that only waits in IDLE
notes when the server announces each one (Dovecot itself takes up to half a second for that); `firstline run` answers,
and the SMTP server notes when it has accepted the acknowledgement. Our own share is the difference.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from imapclient import IMAPClient

from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink


class BareClient(threading.Thread):
    """Waits in IDLE and notes when the server announces something."""

    def __init__(self, port: int, user: str) -> None:
        super().__init__(daemon=True)
        self.port, self.user = port, user
        self.noticed = threading.Event()
        self.at = 0.0
        self.ready = threading.Event()

    def run(self) -> None:
        """Waits in IDLE and notes when each announcement came."""
        with IMAPClient("127.0.0.1", self.port, ssl=False) as client:
            client.login(self.user, "pw-support")
            client.select_folder("INBOX", readonly=True)
            client.idle()
            self.ready.set()
            while True:
                if any(word == b"EXISTS" for _, word, *_ in _numbered(client.idle_check(timeout=60))):
                    self.at = time.monotonic()
                    self.noticed.set()


def _numbered(answers: list) -> list:
    return [answer for answer in answers if len(answer) >= 2 and isinstance(answer[0], int)]


def main(mails: int = 100) -> None:
    """Prints the times of this many mails."""
    whole, shares = measure_latency(mails)
    _tell("delivery to accepted acknowledgement", whole)
    _tell("our own share (after the bare client's notice)", shares)


def measure_latency(mails: int) -> tuple[list[float], list[float]]:
    """Seconds from delivery to the accepted acknowledgement, and after the bare client's notice."""
    shares, whole = [], []
    with tempfile.TemporaryDirectory() as folder, Dovecot() as dovecot, SmtpSink() as sink:
        user = dovecot.fresh_user()
        desk = Desk(Path(folder) / "desk", dovecot.imap_port, sink.port, user)
        desk.more = "[guard]\nlimit_sender = '0'\nlimit_domain = '0'\nlimit_system = '0'\n"
        desk.write()
        process = desk.start("run")
        dovecot.deliver(letter(0), user)
        sink.wait_for(1, 30)
        bare = BareClient(dovecot.imap_port, user)
        bare.start()
        bare.ready.wait(10)
        time.sleep(1)
        for number in range(1, mails + 1):
            bare.noticed.clear()
            began = time.monotonic()
            dovecot.deliver(letter(number), user)
            answered = sink.wait_for(number + 1, 20)
            accepted = time.monotonic()
            assert len(answered) == number + 1, "an acknowledgement is missing"
            bare.noticed.wait(20)
            whole.append(accepted - began)
            shares.append(max(accepted - bare.at, 0.0))
        stop(process)
    return whole, shares


def _tell(what: str, seconds: list[float]) -> None:
    print(
        f"{what}: median {statistics.median(seconds) * 1000:.0f} ms, 95 % {_percentile(seconds) * 1000:.0f} ms, "
        f"worst of {len(seconds)} {max(seconds) * 1000:.0f} ms"
    )


def _percentile(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
