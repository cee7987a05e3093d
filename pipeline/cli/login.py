"""login: signing in to a mailbox or the outgoing server with OAuth2, once."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.context import AsJson, config_of, print_json
from pipeline.errors import readable


def login(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Of the mailbox; or smtp, for the outgoing server.")],
    browser: Annotated[bool, typer.Option("--browser", help="With a browser on this machine, without a code.")] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="To which that browser comes back, for ssh -L; 0: any that is free.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Sign in to a mailbox or the outgoing server with OAuth2, and keep the refresh token."""
    from pipeline import logs
    from pipeline.cli.documents.service import LoginDocument
    from pipeline.wiring.sign_in.login import SignIn

    logs.set_up(quiet=True)
    sign_in = SignIn.of(config_of(context), name)

    def tell(text: str) -> None:
        typer.echo(readable(text), err=True)

    if browser or not sign_in.server.config.devices_at:
        sign_in.by_browser(tell, port)
    else:
        sign_in.by_device(tell)
    if as_json:
        print_json(LoginDocument(name=name, file=str(sign_in.file.path)))
    else:
        print(f"signed in; the refresh token is in {sign_in.file.path}. Next: firstline doctor")
