"""Request Tracker 5, a real tracker, as a throw-away server with a database of its own (make test-services-rt)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from tests.servers.dovecot import HOST, free_port
from tests.waiting import wait_until

SHARE = Path("/usr/share/request-tracker5")
USER, PASSWORD = "root", "password"  # what a fresh database comes with

SETTINGS = """\
Set($rtname, 'example.com');
Set($Organization, 'example.com');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{base}/rt.db');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($MasonDataDir, '{base}/mason');
Set($MasonSessionDir, '{base}/session');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'error');
Set($MailCommand, 'testfile');
Set(%GnuPG, Enable => 0);
Set(%SMIME, Enable => 0);
Set($WebSecureCookies, 0);
1;
"""


FIELD = "Firstline"
DATA = """\
@CustomFields = ({
    Name => '%s', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket', ApplyTo => 'General',
});
1;
"""


def is_installed() -> bool:
    return shutil.which("rt-setup-database-5") is not None and (SHARE / "libexec/rt-server").exists()


class RequestTracker:
    """One running instance."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.base = Path(tempfile.mkdtemp(prefix="fl-rt-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._install()
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends it with all its helpers, and removes everything."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> RequestTracker:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log(self) -> str:
        return (self.base / "log").read_text(errors="replace")

    def _install(self) -> None:
        for folder in ("mason", "session", "none"):
            (self.base / folder).mkdir()
        (self.base / "RT_SiteConfig.pm").write_text(SETTINGS.format(base=self.base, port=self.port))
        (self.base / "more_data").write_text(DATA % FIELD)
        self._set_up("init", "--skip-create")
        self._set_up("insert", "--datafile", f"{self.base}/more_data")

    def _set_up(self, *words: str) -> None:
        command = ["rt-setup-database-5", "--action", *words]
        done = subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, check=False, timeout=100
        )
        if done.returncode:
            raise RuntimeError(f"RT's database was not made:\n{done.stdout}{done.stderr}")

    def _launch(self) -> None:
        command = [SHARE / "libexec/rt-server", "--port", str(self.port), "--host", HOST]
        with (self.base / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        wait_until(lambda: self._process.poll() is not None or self._answers(), self.log)
        if self._process.poll() is not None:
            raise RuntimeError(f"RT did not start:\n{self.log()}")

    def _environment(self) -> dict[str, str]:
        own = {"RT_SITE_CONFIG": f"{self.base}/RT_SiteConfig.pm", "RT_SITE_CONFIG_DIR": f"{self.base}/none"}
        return {**os.environ, **own}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=20):
                return True
        except OSError:
            return False
