"""[store] and [backup], and what else names files: told in words when they are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config.load import check
from pipeline.config.values import check_address, tls_context
from pipeline.errors import ConfigError, UnreachableError
from tests.samples import table


def test_a_disk_that_is_not_there_yet_keeps_everybody_from_the_database(tmp_path: Path) -> None:
    settings = check(table(store={"mount": str(tmp_path)}), tmp_path / "config.toml")
    with pytest.raises(UnreachableError) as caught:
        settings.store_url()
    assert caught.value.where == str(tmp_path)
    assert "[store] mount" in caught.value.remedy


def test_a_disk_that_is_there_lets_them_in(tmp_path: Path) -> None:
    settings = check(table(store={"mount": "/"}), tmp_path / "config.toml")
    assert settings.store_url() == f"sqlite:///{tmp_path}/var/firstline.db"


@pytest.mark.parametrize("changes", [{"keep": 0}, {"folder": ""}])
def test_a_backup_that_keeps_nothing_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        check(table(backup=changes), Path("config.toml"))


def test_a_file_of_an_authority_that_is_none_is_told_with_its_key(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "gone.pem"):
        with pytest.raises(ConfigError) as caught:
            tls_context(tmp_path, name, "smtp")
        assert caught.value.where.endswith("config.toml, smtp.ca_file")


@pytest.mark.parametrize("address", ["https://a.example/x", "http://127.0.0.1:1/x", "http://[::1]:1/x", ""])
def test_an_address_of_a_service_may_be_encrypted_or_here(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["http://a.example/x", "https://a:b@a.example", "https://a.example/#x", "https://a.example/?q", "file:///etc", "a"],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"an address|http is only|only the address"):
        check_address(address)
