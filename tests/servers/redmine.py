"""Redmine, a real tracker, as a throw-away server with a database of its own (make test-services-redmine).

Debian's package keeps each installation in a folder of /var/lib/redmine: ours is a link there to a temporary one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from tests.servers.dovecot import HOST, free_port
from tests.waiting import wait_until

SHARE, INSTANCES = Path("/usr/share/redmine"), Path("/var/lib/redmine")
PROJECT, OWNER = "support", "Alice Adams"

DATABASE = """\
production:
  adapter: sqlite3
  database: {base}/redmine.db
  timeout: 20000
"""
# What somebody clicks together in Administration. The last line tells what the tests must know of it.
SETUP = """\
Setting.rest_api_enabled = '1'
Setting.default_language = 'en'
people = [%w(alice Alice Adams), %w(robot First Line)].map do |login, first, last|
  person = User.new(firstname: first, lastname: last, mail: "#{login}@example.com", language: 'en')
  person.login = login
  person.password = 'a password of ' + login
  person.save!
  person
end
trackers = Tracker.all
project = Project.create!(
  name: 'Support', identifier: 'support', enabled_module_names: %w(issue_tracking), trackers: trackers)
role = Role.find_by!(name: 'Manager')
people.each { |person| Member.create!(user: person, project: project, roles: [role]) }
field = IssueCustomField.create!(
  name: 'Firstline', field_format: 'string', is_filter: true, is_for_all: true, trackers: trackers)
puts [people.last.api_key, field.id, people.first.id].join(' ')
"""


def is_installed() -> bool:
    return shutil.which("puma") is not None and (SHARE / "config.ru").exists() and os.access(INSTANCES, os.W_OK)


class Redmine:
    """One running instance. `token`: of our account; `field`: of our key; `alice`: the number of a person."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.base = Path(tempfile.mkdtemp(prefix="fl-redmine-"))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self.token, self.field, self.alice = self._install()
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends it, and removes everything."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        (INSTANCES / self.base.name).unlink(missing_ok=True)
        shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> Redmine:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log(self) -> str:
        return (self.base / "log/puma").read_text(errors="replace")

    def format_texts_as(self, name: str) -> None:
        """The setting of the whole server: textile, markdown or common_mark."""
        self._run("bin/rails", "runner", f"Setting.text_formatting = '{name}'")

    def page(self, ticket: str) -> str:
        """A ticket as everybody sees it in a browser."""
        with urllib.request.urlopen(f"{self.url}/issues/{ticket}", timeout=20) as answer:
            return str(answer.read(), "utf-8")

    def _install(self) -> list[str]:
        for folder in ("config", "log", "tmp/cache", "files", "public/plugin_assets"):
            (self.base / folder).mkdir(parents=True)
        (self.base / "config/database.yml").write_text(DATABASE.format(base=self.base))
        (self.base / "config/secret_key.txt").write_text(secrets.token_hex(32))
        (self.base / "setup.rb").write_text(SETUP)
        (INSTANCES / self.base.name).symlink_to(self.base)
        self._run("bin/rake", "db:migrate")
        self._run("bin/rake", "redmine:load_default_data")  # a run of its own: it must meet the whole schema
        return self._run("bin/rails", "runner", f"{self.base}/setup.rb").split()[-3:]

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=SHARE, env=self._environment(), capture_output=True, text=True, check=False, timeout=100
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} of Redmine failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _launch(self) -> None:
        command = ["puma", "-e", "production", "-b", f"tcp://{HOST}:{self.port}", "-t", "2:4"]
        with (self.base / "log/puma").open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=SHARE, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        wait_until(lambda: self._process.poll() is not None or self._answers(), self.log)
        if self._process.poll() is not None:
            raise RuntimeError(f"Redmine did not start:\n{self.log()}")

    def _environment(self) -> dict[str, str]:
        own = {"REDMINE_INSTANCE": self.base.name, "RAILS_ENV": "production", "REDMINE_LANG": "en"}
        return {**os.environ, **own}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/issue_statuses.json", timeout=20):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
