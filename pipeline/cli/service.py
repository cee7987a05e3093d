"""run, once, status, doctor: the service itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, counting, doors_of, print_json, print_jsonl, print_table, printable, write_page
from pipeline.errors import ExitCode, UsageError, readable
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.certificate_document import CertificateDocument
    from pipeline.desk.health_document import HealthDocument, RisingDocument, WorkerDocument
    from pipeline.engine.counts import MailboxCounts
    from pipeline.engine.dry_run import DryRun
    from pipeline.wiring.live_doors import LiveDoors


def run(context: typer.Context) -> None:
    """Watch every mailbox and answer, until SIGTERM; with the pages of [web], if they are enabled."""
    _run(context, with_pages=True)


def worker(context: typer.Context) -> None:
    """One more worker on a shared PostgreSQL, until SIGTERM: `run` without the pages."""
    _run(context, with_pages=False)


def _run(context: typer.Context, *, with_pages: bool) -> None:
    from pipeline.cli.beginning import begin_anew, is_changed, wait_for_store

    with doors_of(context, quiet=False) as doors:
        from pipeline.cli.web import pages_of
        from pipeline.engine.run import run as run_engine

        if not with_pages:
            _assert_shared(doors)
            doors.few_connections = True
        wait_for_store(doors)
        with ExitStack() as stack:
            beside = stack.enter_context(pages_of(doors)) if with_pages else {}
            anew = run_engine(doors, {**beside, **_alarm(doors)}, lambda: is_changed(doors))
    if anew:
        begin_anew()


def _assert_shared(doors: LiveDoors) -> None:
    if not doors.config.engine.is_shared:
        raise UsageError(
            'a worker shares its work with others, and [engine] kind is "local"',
            where=str(doors.config.path),
            remedy='use `firstline run`; or set [engine] kind = "procrastinate" and [store] url = "postgresql://…"',
        )


def _alarm(doors: LiveDoors) -> dict[str, Callable[[Callable[[], bool]], None]]:
    """What `run` does beside where somebody is to be told when something is not well."""
    if not doors.config.health.tell:
        return {}
    from pipeline.desk.alarm import Alarm

    return {"alarm": Alarm(doors).serve}


def once(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option(help="Only print what would happen; write, send and mark nothing.")] = False,
    as_if_new: Annotated[
        bool, typer.Option("--as-if-new", help="With --dry-run: all that lies there, as if it came now.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --dry-run: a page with the mails and their letters.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch until nothing is new, carry out what is due, exit: for cron."""
    from pipeline.cli.documents.service import once_document
    from pipeline.engine import once as passes

    if (as_if_new or html) and not dry_run:
        named = "--as-if-new" if as_if_new else "--html"
        raise UsageError(f"{named} is for --dry-run", remedy=f"firstline once --dry-run {named}: nothing is sent")
    with doors_of(context) as doors:
        if dry_run:
            _dry_run(doors, as_if_new=as_if_new, html=html, as_json=as_json)
            return
        result = passes.once(doors)
        if doors.config.health.tell:
            from pipeline.desk.alarm import Alarm

            Alarm(doors).look(settled=timedelta(0))
    if as_json:
        print_json(once_document(result))
    else:
        _print_counts(result["mailboxes"])
        print(f"{result['seconds']:.1f} s")
    _assert_reached(result["unreachable"])


def _print_counts(mailboxes: Mapping[str, MailboxCounts]) -> None:
    columns = list(next(iter(mailboxes.values())))
    rows = [(name, *counts.values()) for name, counts in mailboxes.items()]
    print_table(["mailbox", *(column.replace("_", " ") for column in columns)], rows)


def _assert_reached(unreachable: Sequence[str]) -> None:
    for trouble in unreachable:
        typer.echo(f"firstline: {readable(str(trouble))}", err=True)
    if unreachable:
        raise typer.Exit(ExitCode.UNREACHABLE)


def _dry_run(doors: LiveDoors, *, as_if_new: bool, html: Path | None, as_json: bool) -> None:
    from pipeline.cli.documents.dry_run import dry_run_document
    from pipeline.desk import dry_run_page
    from pipeline.engine.dry_run import dry_run

    with counting("judging", quiet=as_json) as tell:
        run = dry_run(doors, as_if_new=as_if_new, tell=tell)
    if html:
        write_page(html, dry_run_page.render(run, as_if_new=as_if_new, zone=doors.config.calendar.timezone))
    if as_json:
        print_json(dry_run_document(run))
    elif html:
        _print_counts(run.mailboxes)
        print(f"{html}: open it in a browser; it holds what customers wrote")
    else:
        _print_foreseen(run)
    _assert_reached(run.unreachable)


def _print_foreseen(run: DryRun) -> None:
    if not run.mails:
        print("nothing new")
        return
    columns = ("id", "mailbox", "subject", "topic", "sentiment", "would", "why")
    rows = [
        (one.id, one.mailbox, one.subject, one.labels.topic.value, one.labels.sentiment.value, one.would,
         "; ".join(one.why))
        for one in run.mails
    ]  # fmt: skip
    print_table(columns, rows)
    _print_counts(run.mailboxes)


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
    if connections := document["smtp"]["connections"]:
        print(f"connections to the outgoing server: {connections}")
    for name, tracker in document["trackers"].items():
        waiting = ", ".join(f"{count} {state}" for state, count in tracker["filings"].items() if count)
        print(
            f"tracker {name}: last pass {printable(tracker['last_pass']) or 'never'}, to file: {waiting or 'nothing'}"
        )
    for head in document["not_learned"]:
        effect = ": letters stay neutral until labelled mail has topics (docs/data.md)" if head == "topic" else ""
        print(f"no {head} is learned yet{effect}")
    if sure := document["sure"]["mails"]:
        topic, complaint = (document["sure"][head] or 0.0 for head in ("topic", "complaint"))
        print(f"sure in the last 7 days, of {many(sure, 'mail')}: topic {topic:.0%}, complaint or not {complaint:.0%}")
        if document["sure"]["next_step"]:
            print(f"    → to be surer, {document['sure']['next_step']}")
    _print_certificates(document["certificates"])
    for rise in document["rising"]:
        print(readable(_in_a_line(rise)))
    _print_workers(document["workers"])
    if document["tasks"]:
        ran = ", ".join(f"{name} {printable(task['last']) or 'not yet'}" for name, task in document["tasks"].items())
        print(f"set tasks ran: {ran}")
    print(f"model: {document['model'] or 'none'} · templates: {document['templates']['count']}")


def _print_workers(workers: Sequence[WorkerDocument]) -> None:
    for worker in workers:
        does = ", ".join(worker["does"]) or "letters and backlogs"
        state = f"lost since {printable(worker['last_sign'])}" if worker["lost"] else f"does {does}"
        print(f"worker {worker['name']} ({worker['version']}): {state}")


def _print_certificates(certificates: Mapping[str, CertificateDocument]) -> None:
    for head, known in certificates.items():
        print(f"{head}: {known['say']}")
        command = f"`firstline data confirm --head {head}`"
        if known["due"]:
            print(f"    → {many(known['due'], 'check')} of sure mail due this week: {command}")
        elif known["basis"] == "training" and known["threshold"] is None:
            print(f"    → it may be good enough on your own mail all the same: {command} shows it")


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
