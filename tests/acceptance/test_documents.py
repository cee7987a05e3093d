"""What programs read is what docs/documents.md says: the page, and what each command really prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, is_typeddict

import pytest
import typer.main

from pipeline.cli import app
from pipeline.cli.documents.page import DOCUMENTS, PrintedDocument, keys_of, page
from pipeline.config.load import load
from pipeline.store import bounces
from pipeline.store.database import Database
from tests.acceptance.test_commands import COMPLAINT, clever, desk  # noqa: F401  (fixtures)
from tests.desk import ROOT, Desk, letter
from tests.servers.pymap_server import PymapServer

MAY_BE_EMPTY = {"survey send", "data review", "data fix", "data confirm", "ticket unprepared", "template articles"}
UNDOCUMENTED = {"model show"}  # prints a manifest: docs/model.md


def test_the_page_is_what_the_program_makes_now() -> None:
    assert (ROOT / "docs/documents.md").read_text(encoding="utf-8") == page(), "make docs"


def test_every_command_that_prints_for_programs_has_its_document() -> None:
    documented = {command.partition(" --")[0] for printed in DOCUMENTS for command in printed.commands}
    assert documented == {*_with_json()} - UNDOCUMENTED


def _with_json() -> Iterator[str]:
    return _commands_of(typer.main.get_command(app), "")


def _commands_of(command: Any, name: str) -> Iterator[str]:
    for inner, one in getattr(command, "commands", {}).items():
        yield from _commands_of(one, f"{name} {inner}".strip())
    if any("--json" in option.opts for option in command.params):
        yield name


# --- what is printed --------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(clever: Desk, pymap: PymapServer) -> Desk:  # noqa: F811
    """A desk at which a little of everything has happened."""
    for data in (COMPLAINT, letter(1), letter(2, to="else@example.net"), letter(3, to="else@example.net")):
        pymap.deliver(data, user=clever.username)
    clever.run("once")
    return clever


def test_each_command_prints_its_document(busy: Desk, tmp_path: Path) -> None:
    found = dict(_outputs(busy, tmp_path))
    for name, documents in found.items():
        printed = next(one for one in DOCUMENTS if name in one.commands)
        assert documents, f"{name} printed nothing"
        for document in documents:
            assert [*_wrong(printed.document, document, name)] == []


def _outputs(busy: Desk, folder: Path) -> Iterator[tuple[str, list[Any]]]:
    """The command, and what it printed: each where there is something to be printed."""
    (complaint,) = [one["id"] for one in busy.jsonl("mail", "list") if one["message_id"] == "<c@x>"]
    parked, other = [one["id"] for one in busy.jsonl("mail", "list", "--state", "parked")]
    table, mail, labelled = folder / "rows.csv", folder / "one.eml", str(ROOT / "training_data" / "starter-fi.csv")
    table.write_text("text,topic\nWhere is my parcel?,delivery\nMy parcel is late,delivery\n", encoding="utf-8")
    mail.write_bytes(COMPLAINT)
    words = {
        "mail list": [], "mail show": [complaint], "mail explain": [complaint], "mail replay": [complaint],
        "mail settle": ["--sent"], "mail reconcile": [], "mail discard": [parked], "mail release": [other],
        "mail bounces list": [], "mail bounces forget": ["gone@example.net"],
        "mail reclassify": [],
        "mail label": [parked, "--complaint", "no"], "batch do": ["assign", complaint, "--to", "ben@example.com"],
        "config set": ["topics.delivery", "priority", "high", "--why", "busy"], "config back": ["1"],
        "config history": [],
        "today": [], "view save": ["late", "kind=overdue"], "view list": [], "view forget": ["late"],
        "search": ["parcel"], "ticket list": [], "ticket show": [complaint], "ticket due": [], "ticket refile": [],
        "ticket unprepared": ["--since", "2026-01-01"], "ticket comment": [complaint, "noted"],
        "ticket assign": [complaint, "anna@example.com"], "ticket priority": [complaint, "low"],
        "ticket correct": [complaint, "--sentiment", "negative"], "ticket status": [complaint, "resolved"],
        "once": [], "status": [], "doctor": [], "classify": [str(mail), str(folder / "none.eml"), "--explain"],
        "model list": [], "model verify": [], "model evaluate": ["--data", labelled], "metrics": ["--by", "day"],
        "metrics --cases": ["by_people"],
        "report": [], "survey send": ["--dry-run"], "survey record": [complaint, "--nps", "9"],
        "template matrix": [], "template list": [],
        "template lint": ["--matrix"], "template preview": ["neutral", "--diff"],
        "template history": ["neutral"], "template diff": ["neutral"], "template variables": [],
        "template save": ["neutral", "--file", str(ROOT / "templates/en/neutral.txt"), "--why", "as it is"],
        "template send": ["neutral", "--to", "anna@example.com"],
        "template update": [],
        "template articles": [], "data import": [str(table)], "data stats": [], "data review": [], "data fix": [],
        "data confirm": [],
        "data discover": [labelled, "--topics", "3", "--out", str(folder / "proposed.csv")],
        "data name": [str(folder / "proposed.csv")],
        "data export": [str(folder / "all.csv")], "db upgrade": [], "db check": [],
        "user add": ["anna@example.com", "--link"], "user passwd": ["anna@example.com", "--link"],
        "user role": ["anna@example.com", "lead"], "user disable": ["anna@example.com"],
        "user enable": ["anna@example.com"], "user list": [], "audit": ["--account", "", "--action", "add-account"],
        "privacy hold": [complaint, "--why", "court"], "privacy holds": [], "privacy release": [complaint],
        "privacy purge": ["--dry-run"], "privacy redact": [str(mail)],
        "db backup": [str(folder / "copy.db")], "share status": [], "share push": [], "share pull": [],
    }  # fmt: skip
    with closing(Database(load(busy.folder / "config.toml").store_url())) as database, database.writing() as connection:
        bounces.remember(connection, "gone@example.net", "5.1.1", "", datetime.now(UTC))
    for command, more in words.items():
        printed = next(one for one in DOCUMENTS if command in one.commands)
        done = busy.jsonl(*command.split(), *more, expect=None)
        if done or command not in MAY_BE_EMPTY:
            yield command, done
        assert printed.lines or len(done) == 1, command


def test_a_rehearsal_and_a_dry_run_print_theirs(busy: Desk, pymap: PymapServer) -> None:
    pymap.deliver(letter(9), user=busy.username)
    for command in ("once --dry-run", "doctor --loops"):
        printed: PrintedDocument = next(one for one in DOCUMENTS if command in one.commands)
        documents = busy.jsonl(*command.split(), expect=None)
        assert documents, command
        assert printed.lines or len(documents) == 1
        for document in documents:
            assert [*_wrong(printed.document, document, command)] == []


def _wrong(annotation: Any, value: Any, where: str) -> Iterator[str]:
    """Where a value is not of the type that is documented."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Annotated, NotRequired):
        yield from _wrong(arguments[0], value, where)
    elif origin in (Union, UnionType):
        if all([*_wrong(one, value, where)] for one in arguments):
            yield f"{where}: {value!r} is none of {annotation}"
    elif is_typeddict(annotation):
        yield from _wrong_keys(annotation, value, where)
    elif origin in (dict, list, tuple) and isinstance(value, dict if origin is dict else list):
        for inner, one, place in _members(origin, arguments, value):
            yield from _wrong(inner, one, f"{where}.{place}")
    elif not _is(annotation, value):
        yield f"{where}: {value!r} is no {annotation}"


def _members(origin: Any, arguments: tuple[Any, ...], value: Any) -> list[tuple[Any, Any, Any]]:
    """What stands in a collection: the type it must have, the value, and where it stands."""
    if origin is dict:
        return [(arguments[1], one, key) for key, one in value.items()]
    types = arguments if origin is tuple else arguments * len(value)
    return [(inner, one, place) for place, (inner, one) in enumerate(zip(types, value, strict=True))]


def _wrong_keys(document: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where}: {value!r} is no document"
        return
    keys = keys_of(document)
    optional = {key for key, type_ in keys.items() if get_origin(type_) is NotRequired}
    yield from (f"{where}.{key} is missing" for key in keys.keys() - optional - value.keys())
    # A head has more keys than are documented here: docs/model.md tells of them.
    more = set() if document.__name__ in ("HeadDocument", "DemoDocument") else value.keys() - keys.keys()
    yield from (f"{where}.{key} is not documented" for key in more)
    for key in keys.keys() & value.keys():
        yield from _wrong(keys[key], value[key], f"{where}.{key}")


def _is(annotation: Any, value: Any) -> bool:
    if annotation is object:
        return True
    if annotation in (None, NoneType):
        return value is None
    if annotation is datetime:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    if annotation is float:
        return isinstance(value, float | int) and not isinstance(value, bool)
    if annotation is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return value in [one.value for one in annotation]
    return isinstance(annotation, type) and isinstance(value, annotation)
