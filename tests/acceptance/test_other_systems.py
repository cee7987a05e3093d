"""Windows and macOS, as far as it can be seen from here: nothing fails at import, and what is not there is said."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline import __main__ as beginning
from pipeline.errors import UsageError
from pipeline.replies import child
from pipeline.text.locking import lock
from tests.desk import ROOT

# All is imported once, so that the libraries are there; then ours anew, with what that system does not have taken away.
SCRIPT = """
import importlib, os, pkgutil, signal, socket, sys, time
import pipeline
names = ["pipeline.__main__"] + [one.name for one in pkgutil.walk_packages(pipeline.__path__, "pipeline.")]
names = [name for name in names if name != "pipeline.store.migrations.env"]  # only Alembic can import it
for name in names:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] == "pipeline"]:
    del sys.modules[name]
platform, hidden, missing = {system!r}
for name in hidden:
    sys.modules[name] = None  # an import of it raises ModuleNotFoundError
for module, attribute in missing:
    delattr(sys.modules[module], attribute)
sys.platform = platform
failed = []
for name in names:
    try:
        importlib.import_module(name)
    except Exception as problem:
        failed.append(f"{{name}}: {{type(problem).__name__}}: {{problem}}")
print(len(names), *failed, sep="\\n")
"""
WINDOWS = (
    "win32",
    ["fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline", "posix"],
    [("os", name) for name in (
        "fork", "geteuid", "getuid", "getloadavg", "O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "O_CLOEXEC", "fchmod",
        "statvfs", "sched_getaffinity", "killpg", "WNOHANG",
    )]
    + [("signal", name) for name in (
        "SIGHUP", "SIGKILL", "SIGPROF", "SIGUSR1", "setitimer", "ITIMER_PROF", "pthread_sigmask", "SIG_BLOCK",
        "SIG_UNBLOCK",
    )]
    + [("socket", "AF_UNIX"), ("time", "clock_gettime"), ("time", "CLOCK_MONOTONIC"), ("time", "CLOCK_BOOTTIME")],
)  # fmt: skip
MACOS = ("darwin", [], [("os", "sched_getaffinity"), ("time", "CLOCK_BOOTTIME")])


@pytest.mark.parametrize("system", [WINDOWS, MACOS], ids=["windows", "macos"])
def test_no_module_fails_at_import(system: tuple[object, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(system=system)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    count, *failed = done.stdout.split("\n")[:-1]
    assert failed == []
    assert int(count) > 500


def test_a_command_on_windows_ends_with_a_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "argv", ["firstline", "run"])
    with pytest.raises(SystemExit) as leaving:
        beginning.main()
    assert leaving.value.code == 2
    assert "WSL 2" in capsys.readouterr().err


def test_a_system_without_file_locks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(UsageError, match="no file locks"):
        lock(0)


@pytest.mark.parametrize(("platform", "bounded"), [("linux", True), ("darwin", False)])
def test_macos_is_not_asked_for_a_bound_that_it_refuses(
    monkeypatch: pytest.MonkeyPatch, platform: str, bounded: bool
) -> None:
    import resource
    import signal

    asked: list[int] = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(resource, "setrlimit", lambda what, _amount: asked.append(what))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    child.limit()
    assert (resource.RLIMIT_AS in asked) == bounded
    assert resource.RLIMIT_FSIZE in asked
