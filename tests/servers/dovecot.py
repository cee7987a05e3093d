"""Dovecot as a throw-away server: IMAP, IMAPS and LMTP on free ports, everything below one temporary folder."""

from __future__ import annotations

import contextlib
import grp
import itertools
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.waiting import wait_until

HOST = "127.0.0.1"
USERS = {"support@example.com": "pw-support", "agent@example.com": "pw-agent", "sales@example.com": "pw-sales"}

SETTINGS = """\
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/dovecot.log
auth_failure_delay = 0
disable_plaintext_auth = no
auth_mechanisms = plain login
{tls}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
mail_max_userip_connections = 100
mail_location = maildir:~/Maildir
mailbox_list_index = yes
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
passdb {{
  driver = passwd-file
  args = username_format=%u {base}/users
}}
passdb {{
  driver = static
  args = password=pw-support
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  # Without this it makes everybody wait longer and longer after wrong passwords.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def is_installed() -> bool:
    return shutil.which("dovecot") is not None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Dovecot:
    """One running instance. Written for Dovecot 2.3; 2.4 has another syntax."""

    def __init__(
        self,
        certificate: tuple[Path, Path] | None = None,
        *,
        separator: str = "/",
        prefix: str = "",
        users: dict[str, str] | None = None,
        more: str = "",
    ) -> None:
        """`certificate`: certificate and key; without it there is no TLS. `separator` and `prefix` of folder names.
        `more`: further settings."""
        self.users = users or USERS
        self._fresh = itertools.count(1)
        self.imap_port, self.imaps_port, self.lmtp_port = free_port(), free_port() if certificate else 0, free_port()
        # Short, because it holds sockets; and not under pytest's tmp_path, which other users can't enter.
        self.base = Path(tempfile.mkdtemp(prefix="fl-dovecot-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._write(certificate, separator, prefix, more)
            self._launch()
        except BaseException:
            self.stop()
            raise

    def deliver(self, raw: bytes, user: str = "support@example.com", sender: str = "eve@example.org") -> None:
        """Hands a message over by LMTP, as a mail server would; IDLE wakes up on it."""
        with smtplib.LMTP(HOST, self.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [user], raw)

    def fresh_user(self) -> str:
        """Somebody with an empty mailbox. Whoever is not in `users` exists, with the password pw-support."""
        return f"fresh{next(self._fresh)}@example.com"

    def log(self) -> str:
        path = self.base / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def end(self) -> None:
        """Ends it, and keeps its mailboxes for restart()."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._kill()

    def _kill(self) -> None:
        """It and all its helpers: they are one process group, which nobody else is in."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def restart(self) -> None:
        """The same mailboxes on the same ports."""
        self.end()
        self._launch()

    def stop(self) -> None:
        """Ends it and removes everything."""
        self._kill()
        shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> Dovecot:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _write(self, certificate: tuple[Path, Path] | None, separator: str, prefix: str, more: str) -> None:
        owner = _whom()
        for folder in ("run", "mail"):
            (self.base / folder).mkdir()
        (self.base / "users").write_text("".join(f"{name}:{{PLAIN}}{pw}\n" for name, pw in self.users.items()))
        settings = SETTINGS.format(
            base=self.base,
            tls=self._tls(certificate),
            user=owner.pw_name,
            group=_group_of(owner),
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            separator=separator,
            prefix=prefix,
            imap=self.imap_port,
            imaps=self.imaps_port,
            lmtp=self.lmtp_port,
        )
        (self.base / "dovecot.conf").write_text(settings + more)
        if os.getuid() == 0:
            for path in (self.base, *self.base.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def _tls(self, certificate: tuple[Path, Path] | None) -> str:
        if certificate is None:
            return "ssl = no"
        for source, name in zip(certificate, ("c.pem", "k.pem"), strict=True):
            shutil.copy(source, self.base / name)
        return f"ssl = yes\nssl_cert = <{self.base}/c.pem\nssl_key = <{self.base}/k.pem"

    def _launch(self) -> None:
        # As root it refuses to run with one user for everything, so it is started as another one.
        owner = _whom()
        as_other = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.base / "dovecot.conf")],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_other,  # type: ignore[call-overload]
        )
        for port in filter(None, (self.imap_port, self.imaps_port, self.lmtp_port)):
            wait_until(lambda port=port: self._has_ended() or _listens(port), self.log)
            if self._has_ended():
                raise RuntimeError(f"Dovecot did not start:\n{self.log()}")

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:  # nobody is there, or not yet quick enough
        return False
    return True


def _whom() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _group_of(owner: pwd.struct_passwd) -> str:
    return grp.getgrgid(owner.pw_gid).gr_name
