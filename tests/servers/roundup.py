"""Roundup, a real tracker, as a throw-away server: the template "classic" on a free port."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.dovecot import HOST, free_port
from tests.waiting import wait_until

# It refuses to run as root, which is what one is in a container, and another user may not get at this Python.
SERVER = "import os; os.getuid = lambda: 65534; from roundup.scripts.roundup_server import run; run()"
ADMIN = "from roundup.scripts.roundup_admin import run; run()"
USER, PASSWORD = "firstline", "pw-roundup"


class Roundup:
    """One running instance."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}/support"
        self.base = Path(tempfile.mkdtemp(prefix="fl-roundup-"))
        self.home = self.base / "home"
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._install()
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends it and removes everything."""
        if self._process:
            self._process.kill()
            self._process.wait(10)
        shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> Roundup:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _install(self) -> None:
        self._admin("install", "classic", "sqlite")
        settings = self.home / "config.ini"
        text = settings.read_text()
        settings_of_ours = {"web": f"{self.url}/", "domain": "example.com", "host": "localhost"}
        settings_of_ours["password_pbkdf2_default_rounds"] = "1000"  # it checks the password at each request
        for key, value in settings_of_ours.items():
            text = re.sub(rf"(?m)^#?\s*{key} = .*$", f"{key} = {value}", text, count=1)
        before, head, mail = text.partition("\n[mail]\n")
        mail = re.sub(r"(?m)^#?\s*debug =.*$", f"debug = {self.base}/mails", mail, count=1)  # it sends none
        settings.write_text(before + head + mail)
        self._admin("initialise", "pw-admin")
        person = {"password": PASSWORD, "address": "bot@example.com", "roles": "User"}
        for name in (USER, "anna"):
            fields = {**person, "username": name, "address": f"{name}@example.com"}
            self._admin("create", "user", *(f"{field}={value}" for field, value in fields.items()))

    def _admin(self, *words: str) -> None:
        command = [sys.executable, "-c", ADMIN, "-i", self.home, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode:
            raise RuntimeError(f"roundup-admin {words[0]} failed:\n{done.stdout}{done.stderr}")

    def _launch(self) -> None:
        command = [sys.executable, "-c", SERVER, "-n", HOST, "-p", str(self.port), f"support={self.home}"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: self._process.poll() is not None or _listens(self.port), "Roundup listens")
        if self._process.poll() is not None:
            raise RuntimeError("Roundup did not start")


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:  # nobody is there, or not yet quick enough
        return False
    return True
