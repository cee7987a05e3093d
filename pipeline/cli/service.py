"""run, once, status, doctor: the service itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table, printable
from pipeline.errors import ExitCode, readable

if TYPE_CHECKING:
    from pipeline.desk.health_document import HealthDocument, RisingDocument
    from pipeline.records.decision import Judged
    from pipeline.wiring.live_doors import LiveDoors


def run(context: typer.Context) -> None:
    """Watch every mailbox and answer, until SIGTERM; with the pages of [web], if they are enabled."""
    with doors_of(context, quiet=False) as doors:
        from pipeline.cli.beginning import begin_anew, is_changed, wait_for_store
        from pipeline.cli.web import pages_of
        from pipeline.engine.run import run as run_engine

        wait_for_store(doors)
        with pages_of(doors) as beside:
            anew = run_engine(doors, {**beside, **_alarm(doors)}, lambda: is_changed(doors))
    if anew:
        begin_anew()


def _alarm(doors: LiveDoors) -> dict[str, Callable[[Callable[[], bool]], None]]:
    """What `run` does beside where somebody is to be told when something is not well."""
    if not doors.config.health.tell:
        return {}
    from pipeline.desk.alarm import Alarm

    return {"alarm": Alarm(doors).serve}


def once(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option(help="Only print what would happen; write, send and mark nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch until nothing is new, carry out what is due, exit: for cron."""
    from pipeline.cli.documents.service import once_document
    from pipeline.engine import once as passes

    with doors_of(context) as doors:
        if dry_run:
            _print_dry_run(passes.dry_run(doors), as_json=as_json)
            return
        result = passes.once(doors)
        if doors.config.health.tell:
            from pipeline.desk.alarm import Alarm

            Alarm(doors).look(settled=timedelta(0))
    document, unreachable = once_document(result), result["unreachable"]
    if as_json:
        print_json(document)
    else:
        columns = list(next(iter(document["mailboxes"].values())))
        rows = [(name, *counts.values()) for name, counts in document["mailboxes"].items()]
        print_table(["mailbox", *(column.replace("_", " ") for column in columns)], rows)
        print(f"{document['seconds']:.1f} s")
    for trouble in unreachable:
        typer.echo(f"firstline: {readable(str(trouble))}", err=True)
    if unreachable:
        raise typer.Exit(ExitCode.UNREACHABLE)


def _print_dry_run(judged: list[Judged], *, as_json: bool) -> None:
    from pipeline.cli.documents.mails import dry_run_document
    from pipeline.decide.words import in_words

    rows = [dry_run_document(one, in_words(one)) for one in judged]
    if as_json:
        print_jsonl(rows)
    elif rows:
        print_table(list(rows[0]), [[*row.values()] for row in rows])
    else:
        print("nothing new")


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Health, for a monitor: exit code 1 when a limit of [health] is passed."""
    from pipeline.desk.health import health

    with doors_of(context) as doors:
        document = health(doors)
    if as_json:
        print_json(document)
    else:
        _print_health(document)
    if not document["healthy"]:
        raise typer.Exit(ExitCode.PROBLEM)


def _print_health(document: HealthDocument) -> None:
    print("healthy" if document["healthy"] else "UNHEALTHY")
    for problem in document["problems"]:
        since = f" (since {printable(problem['since'])})" if problem["since"] else ""
        print(readable(f"  {problem['what']}{since}\n    → {problem['remedy']}"))
    effects = ", ".join(f"{count} {state}" for state, count in document["effects"].items() if count) or "none open"
    print(f"effects: {effects} · parked: {document['parked']} · to review: {document['review']}")
    for name, last in document["mailboxes"].items():
        print(f"mailbox {name}: last pass {printable(last['last_pass']) or 'never'}")
    for name, tracker in document["trackers"].items():
        waiting = ", ".join(f"{count} {state}" for state, count in tracker["filings"].items() if count)
        print(
            f"tracker {name}: last pass {printable(tracker['last_pass']) or 'never'}, to file: {waiting or 'nothing'}"
        )
    for rise in document["rising"]:
        print(readable(_in_a_line(rise)))
    print(f"model: {document['model'] or 'none'} · templates: {document['templates']['count']}")


def _in_a_line(rise: RisingDocument) -> str:
    from pipeline.figures.rising import how_to_tell, matter

    about, mails = matter(rise["topic"], rise["words"]), ", ".join(rise["mails"][:5])
    return (
        f"rising since {printable(rise['since'])}: {rise['customers']} of {rise['of']} customers write about {about}"
        f" (usually {rise['usual']:.0%}): {mails}\n"
        f"    → if the cause is known, tell them before they ask: {how_to_tell(rise['topic'])}"
    )


def doctor(
    context: typer.Context,
    loops: Annotated[
        bool, typer.Option("--loops", help="Instead: rehearse against machines that answer every mail. No network.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything, and really log in everywhere."""
    from pipeline.cli.documents.service import check_document
    from pipeline.wiring.checks import checks

    worst = ExitCode.DONE
    with doors_of(context) as doors:
        if loops:
            _rehearse(doors, as_json=as_json)
            return
        for check in checks(doors):
            worst = max(worst, check["exit"])
            if as_json:
                print_json(check_document(check))
            else:
                remedy = f"\n      → {check['remedy']}" if check["remedy"] else ""
                print(readable(f"{'ok ' if check['ok'] else 'BAD'} {check['check']}: {check['detail']}{remedy}"))
    if worst:
        raise typer.Exit(worst)


def _rehearse(doors: LiveDoors, *, as_json: bool) -> None:
    from pipeline.cli.documents.service import rehearsal_document
    from pipeline.loops.rehearsal import rehearse

    found = rehearse(doors)
    if as_json:
        print_jsonl(rehearsal_document(one) for one in found)
    else:
        marks = {True: "ok", False: "BAD", None: "–"}
        rows = [(marks[one.well], one.opponent, one.received, one.acknowledged, one.verdict) for one in found]
        print_table(["", "opponent", "mails received", "acknowledgements", "verdict"], rows)
    if any(one.well is False for one in found):
        raise typer.Exit(ExitCode.PROBLEM)
