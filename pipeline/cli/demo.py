"""demo: the whole way of a mail, on servers of our own, in a minute."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import DEFAULT_CONFIG, AsJson, config_of, print_json, print_table
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.config.settings import Config
    from pipeline.demo.show import DemoStage


def demo(
    context: typer.Context,
    serve: Annotated[bool, typer.Option("--serve", help="Keep mailbox, worker and pages up until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sample mails through the whole route, on servers started for it."""
    from pipeline import logs

    config = _config(context)
    logs.set_up(quiet=not serve)
    _have_model(config, quiet=as_json)
    from pipeline.cli.documents.service import demo_document
    from pipeline.cli.web import pages_of
    from pipeline.demo import show

    if serve:
        show.serve(config, _tell_how_to_send, pages_of)
        return
    mails, result, letter = show.one_pass(config)
    if as_json:
        print_json(demo_document(mails, result, letter))
        return
    print_table(
        ["subject", "topic", "sentiment", "what was done", "why (not)"],
        [(one.subject, one.topic, one.sentiment, one.done, one.why) for one in mails],
        title="One pass over the sample mailbox",
    )
    print("\nA topic in (brackets?) was not certain enough to act on: the neutral text is sent, and a person decides.")
    print(
        f"This demonstration lets {show.BOLD['topic']:.0%} of the topics it acts on be wrong (max_error); your own "
        f"config.toml says {config.classify.max_error.topic:.0%}, which a model earns with mail of yours."
    )
    print(f"\nOne acknowledgement in full:\n{'-' * 78}\n{letter}{'-' * 78}")
    print(NEXT)


def _config(context: typer.Context) -> Config:
    """That of the working folder; outside of one, what is shipped, in a folder of the user's cache that keeps the
    model. Raises ConfigError for a file that was named and is not there."""
    from pipeline.config.load import load

    path = Path(context.obj["config"])
    return load(_shipped() / path) if path == DEFAULT_CONFIG and not path.exists() else config_of(context)


def _shipped() -> Path:
    from pipeline.config.shipped import SHIPPED, find_shipped

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "firstline" / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in SHIPPED:  # anew, as another version may have shipped others
            _copy(find_shipped() / name, folder / name)
    except OSError as error:
        remedy = "set XDG_CACHE_HOME, or start it in a folder of `firstline init`"
        raise UsageError(f"can't be written: {error.strerror}", where=str(folder), remedy=remedy) from error
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _have_model(config: Config, *, quiet: bool) -> None:
    """Trains the starter model if there is none that can be used."""
    from pipeline.wiring.live_doors import build

    predictor, _ = build(config).predictor()
    if predictor is None:
        from pipeline.learn.training import train_starter
        from pipeline.wiring.keys import key_of

        if not quiet:
            print("There is no model yet: training the starter model from training_data/ …", flush=True)
        train_starter(config, key_of(config))


def _tell_how_to_send(stage: DemoStage) -> None:
    (username, password), *_ = stage.imap.users.items()
    print(
        f"The mailbox (IMAP) is 127.0.0.1:{stage.imap.port}, user {username}, password {password}.\n"
        "Put a mail into its INBOX with any mail program and watch the log here;\n"
        f"what is answered goes to the SMTP server 127.0.0.1:{stage.smtp.port}.\n"
        f"The form for customers is {stage.doors.config.web.url}/feedback; other pages are what the letters link to.\n"
        f"\nThe desk, with you signed in (the link is good once):\n  {_desk(stage)}\nCtrl-C ends it.",
        flush=True,
    )


def _desk(stage: DemoStage) -> str:
    """Where somebody who may do everything is signed in; on a terminal a browser goes there by itself."""
    import webbrowser

    from pipeline.desk import accounts
    from pipeline.records.account import DeskRole

    doors = stage.doors
    you = accounts.add(doors, "you@example.com", "You", DeskRole.ADMIN)
    link = f"{doors.config.web.url}/desk/enter/{accounts.open_door(doors, you.address)}"
    if sys.stdout.isatty() and os.environ.get("DISPLAY"):
        webbrowser.open(link)
    return link


NEXT = """
What next?
  firstline demo --serve           keep it running, with you at the desk: http://127.0.0.1:8025/desk
  firstline init mydesk            a working folder of your own, ready to edit
  firstline classify mail.eml      what Firstline would make of a mail of yours
  README.md                        a quick start for your own mailbox"""
