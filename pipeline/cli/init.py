"""init: a new working folder. On a terminal it asks for what it needs; elsewhere, and with --yes, it asks nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, print_json, telling_steps
from pipeline.errors import UsageError, readable

if TYPE_CHECKING:
    from pipeline.config.settings import Config
    from pipeline.desk.new_folder import OwnTopics, Question
    from pipeline.wiring.checks import Tried

ENV = "SUPPORT_PASSWORD"  # where the password is looked for, unless something else is said
KEPT = "var/password"  # where one is kept that was typed in
NO_TOPIC = "firstline data discover, review or import   # no topic is learned yet: docs/data.md"


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    company: Annotated[str, typer.Option(help="Its name, as letters say it.")] = "",
    address: Annotated[str, typer.Option(help="That customers write to.")] = "",
    imap: Annotated[
        str, typer.Option(metavar="SERVER", help="HOST or HOST:PORT, or a provider (microsoft365, google, …).")
    ] = "",
    smtp: Annotated[str, typer.Option(metavar="SERVER", help="The same, of the server that letters go out by.")] = "",
    username: Annotated[str, typer.Option(help="To log in with; the address by default.")] = "",
    password_env: Annotated[str, typer.Option(metavar="NAME", help="The environment variable that has it.")] = ENV,
    password_file: Annotated[Path | None, typer.Option(metavar="FILE", help="A file that has it, instead.")] = None,
    timezone: Annotated[str, typer.Option(help="That you work in, as Europe/Berlin.")] = "",
    country: Annotated[str, typer.Option(help="Whose public holidays count: DE, or a region: DE-BY.")] = "",
    language: Annotated[str, typer.Option(help="When a customer's can't be told.")] = "",
    owner: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Who answers for complaints; TOPIC=ADDRESS for one topic. Repeatable."),
    ] = None,
    admin: Annotated[str, typer.Option(metavar="ADDRESS", help="Yours: the first account of the desk.")] = "",
    topics_from: Annotated[
        str,
        typer.Option(metavar="FILE|none", help="Topics of your own in place of the starter's: a list, or a table."),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a working folder: configuration, templates, training data, a trained starter model, a key."""
    from pipeline import logs
    from pipeline.desk.new_folder import check_topics, interview, make
    from pipeline.desk.own_topics import read_topics

    logs.set_up(quiet=True)
    if directory.exists() and any(directory.iterdir()):
        raise UsageError("the folder is not empty", where=str(directory), remedy="name a new one")
    asking = not (yes or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
    owners = dict(_owner(one) for one in owner or ())
    own = read_topics(topics_from) if topics_from else None
    check_topics((name for name in owners if name), own)
    given = {
        "company": company, "address": address, "imap": imap, "smtp": smtp, "username": username,
        "timezone": timezone, "country": country, "language": language, "owner": owners.pop("", ""),
        "admin": admin,
    }  # fmt: skip
    answers = interview(given, _ask if asking else None)
    password = {"file": str(password_file.resolve())} if password_file else {"env": password_env}
    make(directory, answers, owners, password, own)
    setup = Setup(directory, answers, owners, password, own, asking=asking)
    tried = setup.try_log_ins()
    _finish(setup, tried, as_json=as_json)


def _owner(text: str) -> tuple[str, str]:
    """The topic, '' for all of them; and the address."""
    from pipeline.desk.new_folder import check_one_address

    topic, _, address = text.rpartition("=")
    check_one_address(address)
    return topic, address


def _ask(question: Question, usual: str) -> str:
    """Until it can be used; empty is an answer, and so is "-", where something is offered."""
    while True:
        asks = f'{question.asks} ("-": none)' if usual else question.asks
        text: str = typer.prompt(asks, default=usual, show_default=bool(usual)).strip().removeprefix("-")
        try:
            if text:
                question.check(text)
        except UsageError as error:
            typer.echo(f"  {readable(f'{error.what} → {error.remedy}')}")
        else:
            return text


class Setup:
    """A folder that is being made, while the log-ins of its servers are tried and corrected."""

    def __init__(
        self,
        directory: Path,
        answers: dict[str, str],
        owners: dict[str, str],
        password: dict[str, str],
        own: OwnTopics,
        *,
        asking: bool,
    ) -> None:
        self.directory, self.answers, self.owners, self.password = directory, answers, owners, password
        self.own, self.asking = own, asking

    @property
    def config(self) -> Config:
        """As it is now. Raises ConfigError."""
        from pipeline.config.load import load

        return load(self.directory / "config.toml")

    def try_log_ins(self) -> list[Tried]:
        """Nothing without an address and a password. Whoever is asked may correct servers and password."""
        if not self.answers["address"] or not self._has_password():
            return []
        while True:
            tried = self._tried()
            failed = [one for one in tried if not one["ok"]]
            for one in tried if self.asking else ():
                typer.echo(readable(f"  {one['check']}: {one['detail']}"))
            if not (self.asking and failed and typer.confirm("Correct the servers and the password?", default=True)):
                return tried
            self._ask_again()

    def _tried(self) -> list[Tried]:
        from contextlib import closing

        from pipeline.wiring.checks import log_ins
        from pipeline.wiring.live_doors import build

        with closing(build(self.config)) as doors:
            return list(log_ins(doors))

    def _has_password(self) -> bool:
        import os

        if "file" in self.password or os.environ.get(self.password["env"]):
            return True
        return self.asking and self._typed_in()

    def _typed_in(self) -> bool:
        """Kept in a file that only this user may read. Empty: it is not known yet."""
        asks = f"Password (empty: later, in the environment variable {self.password.get('env', ENV)})"
        typed: str = typer.prompt(asks, default="", show_default=False, hide_input=True)
        if typed:
            kept = self.directory / KEPT
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(typed + "\n", encoding="utf-8")
            self.password = {"file": KEPT}
            self._write()
        return bool(typed)

    def _ask_again(self) -> None:
        from pipeline.desk.new_folder import QUESTIONS

        for question in QUESTIONS:
            if question.name in ("imap", "smtp", "username"):
                self.answers[question.name] = _ask(question, self.answers[question.name])
        self._write()
        self._typed_in()

    def _write(self) -> None:
        from pipeline.desk.new_folder import write_config

        write_config(self.directory, self.answers, self.owners, self.password, self.own)


def _finish(setup: Setup, tried: list[Tried], *, as_json: bool) -> None:
    """The key and the model, and what comes next."""
    from pipeline.cli.documents.models import InitDocument
    from pipeline.cli.documents.service import check_document
    from pipeline.learn.training import train_starter
    from pipeline.wiring.keys import key_of

    config = setup.config
    with telling_steps(quiet=as_json) as progress:
        version = train_starter(config, key_of(config), progress)
    link = _first_admin(config, setup.answers["admin"]) if setup.answers["admin"] else ""
    if as_json:
        log_ins = [check_document(one) for one in tried]
        print_json(InitDocument(folder=str(setup.directory), model=version, log_ins=log_ins, link=link))
        return
    print(f"{setup.directory} is ready, with the starter model {version}.")
    for one in tried if not setup.asking else ():
        print(readable(f"  {one['check']}: {one['detail']}"))
    print("Next:")
    for step in _next_steps(setup, tried):
        print(f"  {step}")
    if link:
        print(f"While that is up, choose your password for the desk; this link is good once, for three days:\n  {link}")


def _first_admin(config: Config, address: str) -> str:
    """The link in which they choose a password."""
    from contextlib import closing

    from pipeline.desk import accounts
    from pipeline.records.account import DeskRole
    from pipeline.wiring.live_doors import build

    with closing(build(config)) as doors:
        made = accounts.add(doors, address, "", DeskRole.ADMIN)
        return accounts.link_of(doors, accounts.invite(doors, made.address))


def _next_steps(setup: Setup, tried: list[Tried]) -> list[str]:
    from pipeline.desk.new_folder import PROVIDERS

    file, password = setup.directory / "config.toml", setup.password.get("env", "")
    provider = setup.answers["imap"] in PROVIDERS
    return [
        *([] if setup.answers["address"] else [f"put your servers and addresses into {file}"]),
        *([f"correct the log-ins in {file}"] if any(not one["ok"] for one in tried) else []),
        *(["if your provider takes no passwords: docs/providers.md"] if provider else []),
        *([f"export {password}=…"] if password and not tried else []),
        f"cd {setup.directory} && firstline doctor",
        "firstline once --dry-run --as-if-new --html look.html   # what mail would be answered with; sends nothing",
        *([NO_TOPIC] if setup.own is not None else []),
        "firstline run",
    ]
