"""The command `firstline`. Nothing heavy is imported before a command that needs it runs."""

from __future__ import annotations

import os
import sys
from copy import copy
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import (
    announcement,
    answering,
    audit,
    backup,
    batch,
    classify,
    data,
    db,
    demo,
    help,
    init,
    login,
    mail,
    metrics,
    model,
    privacy,
    report,
    search,
    service,
    settings,
    share,
    survey,
    template_update,
    today,
    user,
    view,
    web,
)
from pipeline.cli.context import DEFAULT_CONFIG
from pipeline.errors import ExitCode, FirstlineError, readable

app = typer.Typer(
    name="firstline",
    help="A support mailbox that answers for itself: every mail understood, acknowledged at once, no complaint lost.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    service.run,
    service.worker,
    service.once,
    service.status,
    service.doctor,
    classify.classify,
    demo.demo,
    init.init,
    login.login,
    today.today,
    metrics.metrics,
    report.report,
    search.search,
    web.web,
    audit.audit,
    backup.backup,
):
    app.command()(command)
app.command("help")(help.help_on)
app.add_typer(mail.app, name="mail")
app.add_typer(data.app, name="data")
app.add_typer(answering.app, name="ticket")
app.add_typer(view.app, name="view")
app.add_typer(batch.app, name="batch")
app.add_typer(survey.app, name="survey")
app.add_typer(announcement.app, name="announcement")
app.add_typer(settings.app, name="config")
app.add_typer(model.app, name="model")
app.add_typer(template_update.app, name="template")
app.add_typer(share.app, name="share")
app.add_typer(user.app, name="user")
app.add_typer(privacy.app, name="privacy")
app.add_typer(db.app, name="db")


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"firstline {version('firstline')}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option(envvar="FIRSTLINE_CONFIG", help="The configuration file.", show_envvar=True)
    ] = DEFAULT_CONFIG,
    debug: Annotated[bool, typer.Option(help="Show the traceback of an error.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Before every command: keeps the options before its name for `cli.context`."""
    context.obj = {"config": config, "debug": debug}


def only(word: str) -> typer.Typer:
    """The app with nothing but this command or group, where it is one: typer makes ready all that it is given."""
    groups = [one for one in app.registered_groups if one.name == word]
    commands = [one for one in app.registered_commands if one.callback and word in (one.name, one.callback.__name__)]
    if not groups and not commands:
        return app
    alone = copy(app)
    alone.registered_groups, alone.registered_commands = groups, commands
    return alone


def main(word: str = "") -> None:
    """Runs the command; every error a user can cause is a message and an exit code. `word`: its name, where known.

    What it writes is for this user only, whatever it is and wherever: mail, keys, models and copies of them.
    """
    os.umask(0o077)
    try:
        code = only(word)(standalone_mode=False)
    except FirstlineError as error:
        code = _failed(f"{error}\n  more: firstline help {error.topic}" if error.topic else str(error), error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone, for example `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except KeyboardInterrupt:
        code = 130
    except (typer.Exit, SystemExit) as leaving:
        code = getattr(leaving, "exit_code", None) or getattr(leaving, "code", None) or ExitCode.DONE
    except Exception as error:  # the last net: anything else is a bug, or wrong use that click reports
        code = _click_error(error)
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _click_error(error: Exception) -> int:
    """click's own errors carry their message and say that the use was wrong."""
    if hasattr(error, "format_message"):
        if hasattr(error, "show"):
            if hasattr(error, "message"):
                error.message = readable(str(error.message))
            error.show()
        return ExitCode.USAGE
    return _failed(f"unexpected {type(error).__name__}: {error}\n  → run again with --debug and report it", 1)


def _failed(message: str, code: int) -> int:
    if "--debug" in sys.argv:
        import traceback

        traceback.print_exc()
    print(f"firstline: {readable(message)}", file=sys.stderr)
    return code
