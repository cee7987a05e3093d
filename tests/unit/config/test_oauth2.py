"""[mailbox.NAME.oauth2] and [smtp.oauth2]: what they must say, and what follows from it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.load import check
from pipeline.config.oauth2 import OAuth2Config
from pipeline.errors import ConfigError
from tests.samples import table

SECRET, REFRESH = {"env": "CLIENT_SECRET"}, {"file": "var/refresh"}
APP: dict[str, Any] = {
    "flow": "client_credentials",
    "provider": "microsoft",
    "tenant": "example.com",
    "client_id": "id",
    "client_secret": SECRET,
}
PERSON: dict[str, Any] = {
    "flow": "device_code",
    "provider": "microsoft",
    "client_id": "id",
    "refresh_token": REFRESH,
}
OWN: dict[str, Any] = {
    "flow": "refresh_token",
    "token_url": "https://login.example.com/token",
    "scope": "mail",
    "client_id": "id",
    "refresh_token": REFRESH,
}


def said(oauth2: dict[str, Any], **mailbox: Any) -> OAuth2Config:
    document = copy.deepcopy(table())
    box = document["mailbox"]["support"]
    del box["password"]
    box |= {"oauth2": oauth2, **mailbox}
    found = check(document, Path("config.toml")).mailbox["support"].oauth2
    assert found
    return found


def test_a_provider_is_known_by_its_name() -> None:
    app = said(APP)
    assert app.url == "https://login.microsoftonline.com/example.com/oauth2/v2.0/token"
    assert app.scopes == "https://outlook.office365.com/.default"
    person = said(PERSON)
    assert person.url == "https://login.microsoftonline.com/organizations/oauth2/v2.0/token"
    assert person.devices_at.endswith("/devicecode")
    # One refresh token for both servers; offline_access: or there would be none.
    assert person.scopes.split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ]
    google = said({**PERSON, "provider": "google"})
    assert (google.url, google.scopes) == ("https://oauth2.googleapis.com/token", "https://mail.google.com/")
    assert google.devices_at == ""
    assert google.consent_at.startswith("https://accounts.google.com/")


def test_what_is_written_wins_over_what_the_provider_is_known_for() -> None:
    elsewhere = "https://login.microsoftonline.us/x/oauth2/v2.0/token"
    settings = said({**APP, "token_url": elsewhere, "scope": "other"})
    assert (settings.url, settings.scopes) == (elsewhere, "other")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({**APP, "tenant": ""}, "tenant"),
        ({**APP, "client_id": ""}, "client_id"),
        ({**APP, "provider": ""}, "token_url and scope"),
        ({key: value for key, value in APP.items() if key != "client_secret"}, "client_secret"),
        ({key: value for key, value in PERSON.items() if key != "refresh_token"}, "refresh_token"),
        ({**PERSON, "refresh_token": {"env": "REFRESH"}}, "a file only"),
        ({**PERSON, "refresh_token": "1//secret"}, "must not be in this file"),
        ({**APP, "client_secret": "secret"}, "must not be in this file"),
        ({"flow": "service_account", "provider": "google"}, "client_secret"),
        ({**APP, "tenant": "../common"}, "tenant"),
        ({**APP, "client_id": "id&scope=all x"}, "client_id"),
        ({**APP, "flow": "password"}, "flow"),
        ({**APP, "provider": "yahoo"}, "provider"),
        ({**OWN, "token_url": "http://login.example.com/token"}, "https"),
        ({**OWN, "token_url": "https://me:secret@login.example.com/token"}, "only the address"),
        ({**OWN, "device_url": "ftp://login.example.com"}, "an address like"),
    ],
)
def test_what_is_missing_or_unsafe_is_told(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        said(changes)
    assert "config.toml, mailbox.support.oauth2" in str(caught.value)
    assert word in str(caught.value)
    assert "1//secret" not in str(caught.value.what)


def test_unencrypted_tokens_are_for_this_machine_alone() -> None:
    assert said({**OWN, "token_url": "http://127.0.0.1:8080/token"}).url == "http://127.0.0.1:8080/token"


def test_a_server_has_a_password_or_a_token() -> None:
    for section in ("mailbox", "smtp"):
        document = table()
        server = document["mailbox"]["support"] if section == "mailbox" else document["smtp"]
        server |= {"username": "support@example.com", "password": {"env": "PW"}, "oauth2": APP}
        with pytest.raises(ConfigError, match="wrong value") as caught:
            check(document, Path("config.toml"))
        assert "take one of them away" in caught.value.remedy
    with pytest.raises(ConfigError) as caught:
        check(table(mailbox={"support": {"host": "127.0.0.1", "username": "x"}}), Path("config.toml"))
    assert "neither" in caught.value.remedy


def test_an_outgoing_server_with_a_token_needs_to_know_whose_mail_it_is() -> None:
    document = table()
    document["smtp"]["oauth2"] = APP
    with pytest.raises(ConfigError) as caught:
        check(document, Path("config.toml"))
    assert "username" in caught.value.remedy


def test_no_mailbox_is_called_as_the_outgoing_server() -> None:
    document = table()
    document["mailbox"]["smtp"] = document["mailbox"].pop("support")
    with pytest.raises(ConfigError) as caught:
        check(document, Path("config.toml"))
    assert "give [mailbox.smtp] another name" in caught.value.remedy
