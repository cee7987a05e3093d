"""user: accounts of the desk. Passwords are asked for, or read from standard input; never given on the command line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table
from pipeline.errors import UsageError

app = typer.Typer(help="Accounts of the desk, the pages below /desk.", no_args_is_help=True)
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Their e-mail address: the user name.")]


@app.command("list")
def list_accounts(context: typer.Context, as_json: AsJson = False) -> None:
    """Everybody who has an account."""
    from pipeline.cli.documents.accounts import account_document

    with doors_of(context) as doors:
        documents = [account_document(one) for one in doors.accounts.all()]
    if as_json:
        print_jsonl(documents)
    elif documents:
        print_table(list(documents[0]), [list(one.values()) for one in documents])
    else:
        print("nobody has an account yet: firstline user add you@example.com --role admin --link")


@app.command()
def add(
    context: typer.Context,
    address: Address,
    role: Annotated[str, typer.Option(help="agent, data, lead or admin: docs/desk.md says who may do what.")] = "agent",
    name: Annotated[str, typer.Option(help="As customers see it under answers.")] = "",
    link: Annotated[
        bool, typer.Option("--link", help="No password: print a link in which they choose one, good once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let somebody in. Their password is asked for, or read from standard input, unless --link is given."""
    from pipeline.cli.documents.accounts import account_document
    from pipeline.desk import accounts
    from pipeline.desk.audit import noted

    chosen = accounts.role_of(role)
    with doors_of(context) as doors:
        password = "" if link else _asked_for(accounts.folded(address))
        with noted(doors, "add-account", accounts.folded(address)) as entry:
            made = accounts.add(doors, address, name, chosen)
            if password:
                accounts.set_password(doors, made.address, password)
            entry.after = {"role": made.role.value, "name": made.name}
        way_in = accounts.link_of(doors, accounts.invite(doors, made.address)) if link else ""
        document = account_document(doors.accounts.get(made.address), way_in)
    _tell(document["link"], f"{made.address} may sign in as {made.role}", document, as_json=as_json)


@app.command()
def passwd(
    context: typer.Context,
    address: Address,
    link: Annotated[bool, typer.Option("--link", help="Print a link in which they choose one, good once.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give them a new password. They are signed out everywhere."""
    from pipeline.cli.documents.accounts import account_document
    from pipeline.desk import accounts
    from pipeline.desk.audit import noted

    with doors_of(context) as doors:
        found = doors.accounts.get(accounts.folded(address))
        way_in = ""
        with noted(doors, "invite" if link else "change-password", found.address):
            if link:
                way_in = accounts.link_of(doors, accounts.invite(doors, found.address))
            else:
                accounts.set_password(doors, found.address, _asked_for(found.address))
        document = account_document(doors.accounts.get(found.address), way_in)
    _tell(way_in, f"{found.address} has a new password", document, as_json=as_json)


@app.command()
def disable(context: typer.Context, address: Address, as_json: AsJson = False) -> None:
    """Let them in no more. They are signed out everywhere; what they did stays on record."""
    _set(context, address, able=False, as_json=as_json)


@app.command()
def enable(context: typer.Context, address: Address, as_json: AsJson = False) -> None:
    """Let them in again."""
    _set(context, address, able=True, as_json=as_json)


@app.command()
def role(
    context: typer.Context,
    address: Address,
    role: Annotated[str, typer.Argument(help="agent, data, lead or admin.")],
    as_json: AsJson = False,
) -> None:
    """Change what they are here for; it counts from their next click on."""
    from pipeline.cli.documents.accounts import account_document
    from pipeline.desk import accounts
    from pipeline.desk.audit import noted

    with doors_of(context) as doors:
        before = doors.accounts.get(accounts.folded(address))
        with noted(doors, "change-role", before.address) as entry:
            accounts.change_role(doors, address, accounts.role_of(role))
            entry.before, entry.after = {"role": before.role.value}, {"role": role}
        document = account_document(doors.accounts.get(before.address))
    _tell("", f"{before.address} is {role} now", document, as_json=as_json)


def _set(context: typer.Context, address: str, *, able: bool, as_json: bool) -> None:
    from pipeline.cli.documents.accounts import account_document
    from pipeline.desk import accounts
    from pipeline.desk.audit import noted

    with doors_of(context) as doors:
        name = accounts.folded(address)
        with noted(doors, "disable-account", name) as entry:
            (accounts.enable if able else accounts.disable)(doors, name)
            entry.before, entry.after = {"able": not able}, {"able": able}
        document = account_document(doors.accounts.get(name))
    _tell("", f"{name} may {'' if able else 'not '}sign in", document, as_json=as_json)


def _tell(link: str, words: str, document: object, *, as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    print(words)
    if link:
        print(f"their link, good once and for three days:\n{link}")


def _asked_for(address: str) -> str:
    """Typed twice on a terminal, else the first line of standard input. Raises UsageError."""
    import getpass

    from pipeline.desk import accounts

    if sys.stdin.isatty():
        password = getpass.getpass(f"password for {address}: ")
        if getpass.getpass("once more: ") != password:
            raise UsageError("the two are not the same", remedy="try again")
    else:
        password = sys.stdin.readline().rstrip("\n")
    accounts.check_password(address, password)
    return password
