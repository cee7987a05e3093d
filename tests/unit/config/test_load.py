"""config.toml: every key documented, every mistake named with file, key and remedy."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pipeline.config import settings as config_settings
from pipeline.config import topics, values
from pipeline.config.desk import OidcConfig
from pipeline.config.load import check, load, model_at
from pipeline.config.oauth2 import OAuth2Config
from pipeline.config.schedule import ScheduleConfig
from pipeline.config.values import check_cron, parse_duration, parse_rate
from pipeline.errors import ConfigError
from pipeline.records.account import DeskRole
from pipeline.records.personal import KeptFor
from tests.samples import NOON, table

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "config.toml"
FILE = Path("config.toml")
NAMES = {"mailbox": "support", "topics": "order", "grants": "voucher-10"}  # the tables of tables, in the shipped file
SECTIONS = [name for name in config_settings.Config.model_fields if name not in ("path", "trackers")]
COMMENTED_OUT = {"mailbox.support": {"oauth2", "topics"}, "smtp": {"oauth2"}, "desk": {"oidc"}}  # tables of their own
TABLES = {".".join(filter(None, (name, NAMES.get(name)))): model_at([name, NAMES.get(name, "")]) for name in SECTIONS}


def keys_of(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def every_key() -> Iterator[tuple[str, str]]:
    for section, model in TABLES.items():
        for key in keys_of(model):
            yield section, key


def section_of(document: dict[str, Any], section: str) -> dict[str, Any]:
    for name in section.split("."):
        document = document.setdefault(name, {})
    return document


def refused(document: dict[str, Any]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        check(document, FILE)
    assert caught.value.exit_code == 2
    return caught.value


def test_the_shipped_file_is_valid_and_documents_exactly_the_keys_that_there_are() -> None:
    load(SHIPPED)
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    for section, model in TABLES.items():
        assert set(section_of(shipped, section)) == set(keys_of(model)) - COMMENTED_OUT.get(section, set()), section


def test_the_table_that_takes_the_place_of_a_password_is_explained_key_by_key() -> None:
    """It is commented out: a server has one of both."""
    text = SHIPPED.read_text(encoding="utf-8")
    block = text[text.index("# [mailbox.support.oauth2]") :].partition("\n\n")[0]
    lines = [line.removeprefix("# ") for line in block.splitlines()]
    (explained,) = tomllib.loads("\n".join(lines))["mailbox"]["support"].values()
    assert list(explained) == keys_of(OAuth2Config)
    assert [line for line in lines[1:] if not re.search(r"\s# \S", line)] == []
    document = table()
    del document["mailbox"]["support"]["password"]
    document["mailbox"]["support"]["oauth2"] = explained
    said = check(document, FILE).mailbox["support"].oauth2
    assert said is not None
    for key in ("scope", "token_url", "device_url", "authorize_url", "ca_file", "timeout"):
        assert getattr(said, key) == OAuth2Config.model_fields[key].default, key


def test_signing_in_elsewhere_is_explained_key_by_key() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    block = text[text.index("# [desk.oidc]") :].partition("\n\n")[0]
    explained = tomllib.loads("\n".join(line.removeprefix("# ") for line in block.splitlines()))["desk"]["oidc"]
    assert list(explained) == keys_of(OidcConfig)
    said = check(table(desk={"oidc": explained}), FILE).desk.oidc
    assert said is not None
    assert said.roles == {"support": DeskRole.AGENT, "support-leads": DeskRole.LEAD}
    assert said.shown == "Example login"


@pytest.mark.parametrize(
    ("key", "value"),
    [("issuer", "http://login.example.com"), ("issuer", "login"), ("roles", {"support": "king"}), ("roles", "agent")],
)
def test_a_wrong_sign_in_is_refused_by_its_key(key: str, value: object) -> None:
    oidc = {"issuer": "https://login.example.com", "client_id": "firstline", key: value}
    assert f"desk.oidc.{key}" in str(refused(table(desk={"oidc": oidc})))


def test_every_key_of_the_shipped_file_says_what_it_is_for() -> None:
    topics_head = SHIPPED.read_text(encoding="utf-8").partition("# title ")[2].partition("[topics")[0]
    section = ""
    for line in SHIPPED.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"\[(.+)\]", line):
            section = match[1]
        elif (match := re.match(r"(\w+) = ", line)) and not section.startswith("topics."):
            assert re.search(r"\s# \S", line), f"[{section}] {match[1]} has no comment"
    for key in keys_of(topics.TopicConfig):
        assert key == "title" or re.search(rf"^# {key} ", topics_head, re.MULTILINE), key


def test_what_the_shipped_file_says_is_the_default_is_the_default() -> None:
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    deliberate = {"host", "username", "password", "addresses", "from", "holidays", "timezone", "company", "signature"}
    deliberate |= {"title", "owner", "respond_within", "resolve_within", "token", "oauth2", "topics", "oidc"}
    full = load(SHIPPED)
    for section, key in every_key():
        if key in deliberate:
            continue
        without = copy.deepcopy(shipped)
        del section_of(without, section)[key]
        assert _value(check(without, FILE), section, key) == _value(full, section, key), f"{section}.{key}"


def _value(settings: Any, section: str, key: str) -> Any:
    for name in section.split("."):
        settings = settings[name] if isinstance(settings, dict) else getattr(settings, name)
    return getattr(settings, "sender" if key == "from" else key)


@pytest.mark.parametrize(("section", "key"), list(every_key()))
def test_a_wrong_type_is_refused_with_file_and_key(section: str, key: str) -> None:
    document = table()
    section_of(document, section)[key] = [["this", "fits"], "nowhere"]
    error = refused(document)
    assert f"config.toml, {section}.{key}" in str(error)
    assert error.remedy


@pytest.mark.parametrize(("section", "key"), list(every_key()))
def test_a_misspelt_key_is_refused_with_the_nearest_known_one(section: str, key: str) -> None:
    if len(key) < 3:
        return
    misspelt = key[:-1] + ("x" if key[-1] != "x" else "y")
    document = table()
    section_of(document, section)[misspelt] = "x"
    assert f"{section}.{misspelt}: unknown key" in str(refused(document))


def test_the_nearest_key_is_suggested() -> None:
    document = table()
    document["mailbox"]["support"]["hots"] = "x"
    assert "did you mean 'host'?" in str(refused(document))
    assert "did you mean 'guard'?" in str(refused(table(gaurd={})))


def test_all_mistakes_are_reported_at_once() -> None:
    document = table(store={"url": "mysql://x"}, calendar={"hours": "always"})
    error = str(refused(document))
    assert "store.url" in error
    assert "calendar.hours" in error


@pytest.mark.parametrize("section", ["mailbox.support", "smtp"])
def test_no_encryption_is_only_for_this_machine(section: str) -> None:
    document = table()
    section_of(document, section)["host"] = "mail.example.com"
    error = refused(document)
    assert f"{section}.security" in str(error)
    assert "starttls" in str(error)
    for host in ("localhost", "127.0.0.9", "::1"):
        section_of(document, section)["host"] = host
        check(document, FILE)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("store", "url", "mysql://x"),
        ("mailbox.support", "done", "delete"),
        ("mailbox.support", "done", "move:"),
        ("mailbox.support", "port", 99999),
        ("mailbox.support", "addresses", ["nobody"]),
        ("mailbox.support", "poll", "60"),
        ("mailbox.support", "language", "english"),
        ("mailbox.support", "first_run", "ignore"),
        ("mailbox.support", "password", "hunter2"),
        ("mailbox.support", "password", {"env": "A", "file": "b"}),
        ("smtp", "from", "nobody"),
        ("smtp", "from", "A <a@b.c>\nBcc: x@y.z"),
        ("smtp", "on_uncertain", "perhaps"),
        ("smtp", "connections", 0),
        ("guard", "limit_sender", "ten a day"),
        ("classify", "max_error", {"topic": 2}),
        ("topics.order", "track", "some"),
        ("topics.order", "respond_within", 4),
        ("calendar", "timezone", "Europe/Atlantis"),
        ("calendar", "holidays", "XX"),
        ("calendar", "hours", "9 to 5"),
        ("calendar", "closed", ["Christmas"]),
        ("calendar", "closed", ["2026-12-31..2026-12-27"]),
        ("calendar", "closed", ["2026-12-24", "2026-12-27..2028-12-31"]),
        ("grants.voucher-10", "title", {}),
        ("grants.voucher-10", "per_customer", "once"),
        ("schedule", "retrain", "30 3 * * 0"),
        ("schedule", "retrain", "30 3 * * mon-5"),
        ("schedule", "retrain", "every night"),
        ("schedule", "retrain", "99 3 * * *"),
        ("privacy", "keep_mail", 30),
        ("privacy", "keep_mail", "1h"),
        ("privacy", "keep_raw", "for ever"),
        ("web", "listen", "8025"),
        ("web", "listen", "127.0.0.1:80250"),
        ("web", "url", "http://support.example.com"),
        ("web", "url", "https://support.example.com/?a=1"),
        ("web", "token", "hunter2"),
        ("survey", "resolved", "nps"),
        ("survey", "quiet", "at night"),
    ],
)
def test_a_wrong_value_is_refused(section: str, key: str, value: Any) -> None:
    document = table()
    section_of(document, section)[key] = value
    assert f"{section}.{key}" in str(refused(document))


def test_a_grant_that_is_not_defined_is_refused_with_those_that_are() -> None:
    document = table(grants={"voucher": {"title": {"en": "a voucher"}}})
    document["topics"]["delivery"]["may_grant"] = ["voucher", "vuocher"]
    error = str(refused(document))
    assert "[topics.delivery] may_grant: there is no [grants.vuocher]; known are: [grants.voucher]" in error
    assert "there is no [grants.voucher]; known are: none" in str(refused(table(topics=document["topics"])))


@pytest.mark.parametrize(
    ("owner", "name", "address"),
    [
        ("logistics@example.com", "", "logistics@example.com"),
        ("Anna Virtanen <anna@example.com>", "Anna Virtanen", "anna@example.com"),
        ('"Virtanen, Anna" <anna@example.com>', "Virtanen, Anna", "anna@example.com"),
        ("", "", ""),
    ],
)
def test_an_owner_may_have_a_name(owner: str, name: str, address: str) -> None:
    settings = topics.TopicConfig(owner=owner)
    assert (settings.owner_name, settings.owner_address) == (name, address)


@pytest.mark.parametrize("owner", ["the night shift", "Anna Virtanen", "anna@", "Anna <anna>", "a@b.test, c@d.test"])
def test_an_owner_who_can_not_be_written_to_is_refused(owner: str) -> None:
    document = table()
    document["topics"]["delivery"]["owner"] = owner
    assert 'topics.delivery.owner: wrong value\n  → an address, "Anna Virtanen' in str(refused(document))


@pytest.mark.parametrize(
    ("section", "key", "value", "says"),
    [
        ("calendar", "holidays", "Germany", "'Germany'\n  → a country like FI"),
        ("replies", "language", "english", "'english'\n  → a language in two small letters, as en"),
        ("mailbox.support", "language", "EN", "'EN'\n  → a language in two small letters"),
        ("tracker", "field", "a/b", "letters, digits"),
    ],
)
def test_what_has_another_form_is_refused_in_words(section: str, key: str, value: str, says: str) -> None:
    document = table()
    section_of(document, section)[key] = value
    said = str(refused(document))
    assert says in said
    assert "^" not in said
    assert "\\" not in said


def test_every_pattern_has_words_for_people() -> None:
    models = [*TABLES.values(), OAuth2Config]
    fields = {(model, name): field for model in models for name, field in model.model_fields.items()}
    patterned = [key for key, field in fields.items() if any(getattr(one, "pattern", None) for one in field.metadata)]
    assert len(patterned) >= 4
    assert [key for key in patterned if not fields[key].description] == []


def test_a_secret_in_the_file_is_refused_without_repeating_it() -> None:
    document = table()
    document["mailbox"]["support"]["password"] = "hunter2"
    assert "hunter2" not in str(refused(document))


def test_a_secret_comes_from_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEST_PASSWORD", "from the environment")
    assert values.Secret(env="TEST_PASSWORD").read(tmp_path, "k") == "from the environment"
    (tmp_path / "secret").write_text("from a file\n")
    assert values.Secret(file="secret").read(tmp_path, "k") == "from a file"


@pytest.mark.parametrize("secret", [values.Secret(env="NOT_SET_ANYWHERE"), values.Secret(file="not/there")])
def test_a_secret_that_cannot_be_had_names_its_key_and_what_to_do(secret: values.Secret, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"smtp\.password") as caught:
        secret.read(tmp_path, "smtp.password")
    assert caught.value.remedy


def test_a_file_that_is_missing_or_no_toml_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="firstline init"):
        load(tmp_path / "config.toml")
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe nonsense [")
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize(("text", "span"), [("90s", 90), ("15m", 900), ("4h", 14400), ("3d", 259200), ("0s", 0)])
def test_durations(text: str, span: int) -> None:
    assert parse_duration(text) == timedelta(seconds=span)


def test_rates() -> None:
    assert (parse_rate("10 per 1d").count, parse_rate("10 per 1d").window) == (10, timedelta(days=1))
    assert parse_rate("0").count == 0


def test_our_addresses_are_those_of_the_mailboxes_and_the_sender() -> None:
    document = table()
    document["mailbox"]["support"]["addresses"] = ["Help@Example.com"]
    document["smtp"]["bounce_address"] = "bounce@example.com"
    assert check(document, FILE).our_addresses == ("help@example.com", "support@example.com", "bounce@example.com")


def test_the_domain_of_our_message_ids_is_used_for_nothing_else() -> None:
    smtp = check(table(), FILE).smtp
    assert smtp is not None
    assert smtp.domain == "firstline.example.com"


def test_the_topics_of_one_mailbox_are_explained() -> None:
    """They are commented out: by themselves they would change something."""
    text = SHIPPED.read_text(encoding="utf-8")
    block = text[text.index("# [mailbox.support.topics.delivery]") :].partition("\n\n")[0]
    told = tomllib.loads("\n".join(line.removeprefix("# ") for line in block.splitlines()))
    document = table()
    document["mailbox"]["support"] |= told["mailbox"]["support"]
    assert "owner" in told["mailbox"]["support"]["topics"]["delivery"]
    assert check(document, FILE).mailbox["support"].says_otherwise


def test_the_usual_times_are_cron_lines() -> None:
    """They are not read again each time, as what reads them is slow to import."""
    for name, field in ScheduleConfig.model_fields.items():
        assert check_cron(field.default) == field.default, name


def test_what_is_kept_for_ever_is_written_as_nothing_or_naught() -> None:
    for written in ("", "0", " 0 "):
        assert check(table(privacy={"keep_mail": written}), FILE).privacy.over_before(KeptFor.MAIL, NOON) is None
    kept = check(table(privacy={"keep_mail": "400d"}), FILE).privacy
    assert kept.over_before(KeptFor.MAIL, NOON) == NOON - timedelta(days=400)


def test_nothing_that_a_limit_counts_goes_before_its_window_is_over() -> None:
    error = refused(table(privacy={"keep_mail": "7d"}, guard={"limit_thread": "1 per 30d"}))
    assert "keep_mail is shorter than the 30 days that [guard] limit_thread looks back" in str(error)
    check(table(privacy={"keep_mail": "7d"}, guard={"limit_thread": "0"}), FILE)
    granted = {"voucher-10": {"title": {"en": "a voucher"}, "per_customer": "1 per 365d"}}
    error = refused(table(privacy={"keep_ticket": "100d"}, grants=granted))
    assert "keep_ticket is shorter than the 365 days that [grants.voucher-10] per_customer" in str(error)
