"""`preset`: what is known of a provider, where nothing else is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.config.load import check
from pipeline.config.presets import MAILBOXES, SMTP_SERVERS
from pipeline.config.settings import Config
from pipeline.errors import ConfigError

ROOT = Path(__file__).parents[3]


def said(mailbox: dict[str, Any] | None = None, smtp: dict[str, Any] | None = None) -> Config:
    box = {"username": "support@example.com", "password": {"env": "PW"}, **(mailbox or {"preset": "google"})}
    out = {"from": "support@example.com", **(smtp or {"preset": "google"})}
    return check({"mailbox": {"support": box}, "smtp": out}, Path("config.toml"))


@pytest.mark.parametrize("name", MAILBOXES)
def test_a_mailbox_of_a_provider_needs_its_name_alone(name: str) -> None:
    box = said({"preset": name}).mailbox["support"]
    assert (box.port, box.security) == (993, "tls")
    assert "." in box.host


@pytest.mark.parametrize("name", [name for name in SMTP_SERVERS if name != "ses"])
def test_an_outgoing_server_of_a_provider_needs_its_name_alone(name: str) -> None:
    server = said(smtp={"preset": name}).smtp
    assert server
    assert (server.port, server.security) in {(465, "tls"), (587, "starttls")}
    assert server.limit.count > 0
    assert server.connections >= 1


def test_a_key_that_is_written_wins() -> None:
    server = said(smtp={"preset": "microsoft365", "port": 25, "limit": "5 per 1m", "connections": 1}).smtp
    assert server
    assert (server.host, server.port, server.limit.count, server.connections) == ("smtp.office365.com", 25, 5, 1)


def test_amazon_has_a_host_for_each_region() -> None:
    with pytest.raises(ConfigError, match="missing") as caught:
        said(smtp={"preset": "ses"})
    assert "smtp.host" in str(caught.value)
    server = said(smtp={"preset": "ses", "host": "email-smtp.eu-west-1.amazonaws.com"}).smtp
    assert server
    assert (server.port, server.security) == (587, "starttls")


def test_an_unknown_provider_is_told_those_that_are_known() -> None:
    with pytest.raises(ConfigError) as caught:
        said({"preset": "gogle"})
    assert "google" in caught.value.remedy


def test_every_preset_has_its_steps_and_stands_in_the_shipped_file() -> None:
    page = (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")
    shipped = (ROOT / "config.toml").read_text(encoding="utf-8")
    for name in {*MAILBOXES, *SMTP_SERVERS}:
        assert f'preset = "{name}"' in page, name
        assert name in shipped
