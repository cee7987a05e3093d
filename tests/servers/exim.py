"""A real mail server: Exim, which takes mail over SMTP and keeps it in its queue. It only works when root starts it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

from tests.servers.dovecot import HOST, _listens, free_port
from tests.waiting import PATIENCE, wait_until

CONFIG = """
primary_hostname = mail.example.com
spool_directory = {base}/spool
log_file_path = {base}/%slog
pid_file_path = {base}/exim.pid
local_interfaces = {host}
daemon_smtp_ports = {port}
tls_advertise_hosts =
chunking_advertise_hosts = {chunking}
host_lookup =
rfc1413_hosts =
queue_only = true
smtp_accept_max_per_connection = {most}
acl_smtp_rcpt = recipients
begin acl
recipients:
  deny local_parts = nobody
       message = 5.1.1 nobody of that name
  accept
"""


def is_usable() -> bool:
    return shutil.which("exim4") is not None and os.getuid() == 0


class Exim:
    """Listens on `port`; `chunking`: offers BDAT. Nothing is delivered: what was taken waits in `queue`."""

    def __init__(self, *, chunking: bool = False, most: int = 1000) -> None:
        """`most`: messages that it takes over one connection."""
        self.base = Path(tempfile.mkdtemp(prefix="fl-exim-"))
        self.port = free_port()
        settings = CONFIG.format(base=self.base, host=HOST, port=self.port, chunking="*" if chunking else "", most=most)
        (self.base / "exim.conf").write_text(settings)

    def __enter__(self) -> Exim:
        shutil.chown(self.base, "Debian-exim", "Debian-exim")
        self.base.chmod(0o755)
        self._process = subprocess.Popen(
            ["exim4", "-C", str(self.base / "exim.conf"), "-bdf"],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: self._process.poll() is not None or _listens(self.port), self.log)
        if self._process.poll() is not None:
            raise RuntimeError(f"Exim did not start:\n{self.log()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def queue(self) -> dict[str, bytes]:
        """Recipient → content of what was taken, as Exim keeps it: lines end with a newline."""
        found = {}
        for envelope in (self.base / "spool/input").glob("*-H"):
            recipient = re.findall(r"(?m)^(\S+@\S+)$", envelope.read_text(encoding="utf-8", errors="replace"))[-1]
            content = envelope.with_name(envelope.name.removesuffix("H") + "D").read_bytes()
            found[recipient] = content.partition(b"\n")[2]  # the first line names the file
        return found

    def log(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in self.base.glob("*log"))
