"""Servers for the whole session. What is not installed skips its tests; with CI=true that is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from pipeline.store.database import Database
from tests.desk import COMMAND, Desk, as_it_was
from tests.made_once import made_once, open_shared_folder
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot, is_installed
from tests.servers.postgres import postgres
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink

# The tests start hundreds of processes: without compiled files each of them would compile every library anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
Desk.quick = True
open_shared_folder()  # before the workers of this session are started

# By itself Hypothesis fails an example that takes long, or is made slowly: that is the machine's business.
settings.register_profile("at any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("at any pace")


def missing(reason: str) -> None:
    """Skips the test that asks; in CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _process_as_found() -> Iterator[None]:
    """A test that sets up logging does not decide what the next one in this worker logs, and where."""
    with as_it_was():
        yield


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """With the separator "/" and a certificate for localhost and 127.0.0.1."""
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot(certificates.issue("localhost", "127.0.0.1")) as server:
        yield server


@pytest.fixture(scope="session")
def dotted_dovecot() -> Iterator[Dovecot]:
    """With the separator "." and all folders below INBOX, as Courier has it; without TLS."""
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot(separator=".", prefix="INBOX.") as server:
        yield server


@pytest.fixture(scope="session")
def pymap() -> Iterator[PymapServer]:
    with PymapServer() as server:
        yield server


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a folder that `firstline init` has made, as a process with the umask most systems have."""
    made = made_once("initialised", _init)
    return shutil.copytree(made / "desk", tmp_path_factory.mktemp("initialised") / "desk")


def _init(folder: Path) -> None:
    subprocess.run([COMMAND, "init", "desk"], cwd=folder, check=True, umask=0o022, capture_output=True, timeout=200)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A folder with the file `pw`, as config.toml would point to."""
    (tmp_path / "pw").write_text("pw-support\n")
    return tmp_path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of our own: TEST_DATABASE_URL, else one that comes as a Python package."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with postgres() as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path}/test.db")
    else:
        opened = Database(request.getfixturevalue("postgres_url"))
        with opened.writing() as connection:
            connection.execute(text("drop schema public cascade"))
            connection.execute(text("create schema public"))
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without any of its own traffic."""
    program = shutil.which("chromium")
    if not program:
        missing("Chromium is not installed: make test-services")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=_QUIET, timeout=120_000)
        yield opened
        opened.close()


_QUIET = [  # a container's root has no sandbox of its own
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
