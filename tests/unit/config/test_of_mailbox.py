"""What a mailbox says otherwise than the rest of the file, and what stays as it is there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.load import check
from pipeline.config.settings import Config
from pipeline.errors import ConfigError, UsageError
from tests.samples import config, table

SHOP = {
    "host": "imap.example.com",
    "username": "shop@example.net",
    "password": {"env": "SHOP"},
    "addresses": ["shop@example.net"],
}


def with_shop(**said: Any) -> Config:
    """Our sample configuration, and a second mailbox that says this."""
    document = table()
    document["mailbox"]["shop"] = {**SHOP, **said}
    return check(document, Path("config.toml"))


def test_what_a_mailbox_says_counts_for_its_mail_alone() -> None:
    settings = with_shop(**{"from": "Shop <shop@example.net>", "company": "Shop", "signature": "Your shop"})
    shop, support = settings.of_mailbox("shop"), settings.of_mailbox("support")
    assert (shop.smtp.sender, shop.replies.company) == ("Shop <shop@example.net>", "Shop")  # type: ignore[union-attr]
    assert shop.replies.signature_in("de") == "Your shop"
    assert support == settings
    assert settings.replies.company != "Shop"


def test_its_sent_folder_counts_as_the_mailbox_and_other_names_as_nobodys() -> None:
    settings = with_shop(company="Shop")
    assert settings.of_mailbox("shop/sent").replies.company == "Shop"
    assert settings.of_mailbox("web") is settings
    assert settings.of_mailbox("") is settings


def test_a_sender_of_its_own_is_ours_and_changes_no_message_id() -> None:
    settings = with_shop(**{"from": "Shop <Hello@shop.example>"})
    assert "hello@shop.example" in settings.our_addresses
    own = settings.of_mailbox("shop").smtp
    assert own is not None
    assert settings.smtp is not None
    assert own.domain == settings.smtp.domain == "firstline.example.com"


def test_of_a_topic_and_the_calendar_only_what_is_written_is_otherwise() -> None:
    topics = {"delivery": {"owner": "shop-logistics@example.net"}, "gift": {"respond_within": "1h"}}
    settings = with_shop(topics=topics, calendar={"timezone": "Europe/Madrid"})
    _ = settings.calendar.working_time  # worked out before it is laid over
    shop, all_ = settings.of_mailbox("shop"), settings
    assert shop.topic("delivery").owner == "shop-logistics@example.net"
    assert shop.topic("delivery").title == all_.topic("delivery").title
    assert shop.topic("delivery").respond_within == all_.topic("delivery").respond_within
    assert shop.topic("gift").respond_within == timedelta(hours=1)
    assert "gift" not in all_.topics
    assert shop.calendar.hours == all_.calendar.hours
    assert (shop.calendar.timezone, str(shop.calendar.working_time.timezone)) == ("Europe/Madrid", "Europe/Madrid")
    assert str(all_.calendar.working_time.timezone) != "Europe/Madrid"
    assert settings.situations["mailbox.shop.topics.delivery"] == shop.topic("delivery")


@pytest.mark.parametrize(
    ("signature", "language", "words"),
    [
        ("Yours", "de", "Yours"),
        ("", "de", "Acme"),
        ({"en": "Yours", "de": "Ihre"}, "de", "Ihre"),
        ({"en": "Yours", "de": "Ihre"}, "fi", "Yours"),  # [replies] language
        ({"de": "Ihre"}, "fi", "Ihre"),
        ({}, "fi", "Acme"),
    ],
)
def test_a_signature_may_be_of_each_language(signature: object, language: str, words: str) -> None:
    settings = config(replies={"company": "Acme", "signature": signature})
    assert settings.replies.signature_in(language) == words


@pytest.mark.parametrize("signature", [3, {"en": 3}, ["Yours"]])
def test_a_signature_that_is_no_text_is_refused_in_words(signature: object) -> None:
    with pytest.raises(ConfigError, match="one for each language") as caught:
        config(replies={"signature": signature})
    assert caught.value.where.endswith(", replies.signature")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"topics": {"delivery": {"may_grant": ["car"]}}}, r"\[mailbox.shop.topics.delivery\] may_grant"),
        ({"topics": {"delivery": {"tracker": "nowhere"}}}, r"\[mailbox.shop.topics.delivery\] tracker"),
        ({"from": "nobody"}, "an address"),
        ({"calendar": {"timezone": "Mars"}}, "a time zone like"),
    ],
)
def test_a_mistake_in_it_is_refused_as_elsewhere(said: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        with_shop(**said)


def test_letters_lie_in_the_folder_of_all_and_then_in_its_own() -> None:
    settings = with_shop(templates="shop-letters")
    assert [folder.name for folder in settings.letter_folders()] == ["templates"]
    assert [folder.name for folder in settings.letter_folders("shop")] == ["templates", "shop-letters"]
    assert [folder.name for folder in settings.letter_folders("support")] == ["templates"]
    with pytest.raises(UsageError, match=r"there is no \[mailbox.nobody\]"):
        settings.letter_folders("nobody")
