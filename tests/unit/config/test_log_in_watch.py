"""Whether the secrets with which a server refused us have changed."""

from __future__ import annotations

from pathlib import Path

from pipeline.config.log_in_watch import LogInWatch
from pipeline.config.servers import SmtpConfig

SERVER = {"host": "127.0.0.1", "security": "none", "from": "support@example.com", "username": "support"}


def test_another_password_in_its_file_is_seen_once(tmp_path: Path) -> None:
    watch = LogInWatch(SmtpConfig.model_validate({**SERVER, "password": {"file": "pw"}}), tmp_path)
    assert not watch.has_changed()  # nobody was refused
    watch.refused()
    assert not watch.has_changed()
    (tmp_path / "pw").write_text("one")
    assert watch.has_changed()
    assert not watch.has_changed()
    watch.refused()
    (tmp_path / "pw").write_text("another")
    assert watch.has_changed()


def test_the_files_of_oauth2_are_looked_at_too(tmp_path: Path) -> None:
    oauth2 = {
        "flow": "client_credentials",
        "provider": "microsoft",
        "tenant": "t",
        "client_id": "c",
        "client_secret": {"file": "o365"},
    }
    watch = LogInWatch(SmtpConfig.model_validate({**SERVER, "oauth2": oauth2}), tmp_path)
    watch.refused()
    (tmp_path / "o365").write_text("new")
    assert watch.has_changed()


def test_what_comes_from_the_environment_can_not_change(tmp_path: Path) -> None:
    watch = LogInWatch(SmtpConfig.model_validate({**SERVER, "password": {"env": "PW"}}), tmp_path)
    watch.refused()
    assert not watch.has_changed()
    assert not LogInWatch(None, tmp_path).has_changed()
