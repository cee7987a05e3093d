"""run, once, status, doctor: the service itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.context import AsJson, house_of, print_json, print_jsonl, print_table
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.records import Judged
    from pipeline.wiring import House


def run(context: typer.Context) -> None:
    """Watch every mailbox and answer, until SIGTERM."""
    with house_of(context, quiet=False) as house:
        from pipeline.engine.local import run as run_engine

        run_engine(house)


def once(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option(help="Only print what would happen; write, send and mark nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch until nothing is new, carry out what is due, exit: for cron."""
    from pipeline.engine import local

    with house_of(context) as house:
        if dry_run:
            _print_dry_run(local.dry_run(house), as_json=as_json)
            return
        result = local.once(house)
    unreachable = result.pop("unreachable")
    if as_json:
        print_json(result)
    else:
        columns = list(next(iter(result["mailboxes"].values())))
        rows = [(name, *counts.values()) for name, counts in result["mailboxes"].items()]
        print_table(["mailbox", *(column.replace("_", " ") for column in columns)], rows)
        print(f"{result['seconds']:.1f} s")
    for trouble in unreachable:
        typer.echo(f"firstline: {trouble}", err=True)
    if unreachable:
        raise typer.Exit(ExitCode.UNREACHABLE)


def _print_dry_run(judged: list[Judged], *, as_json: bool) -> None:
    rows = [_would(one) for one in judged]
    if as_json:
        print_jsonl(rows)
    elif rows:
        print_table(list(rows[0]), [row.values() for row in rows])  # type: ignore[misc]
    else:
        print("nothing new")


def _would(judged: Judged) -> dict[str, Any]:
    from pipeline.decide import in_words

    return {
        "id": judged.id,
        "mailbox": judged.raw.location.mailbox,
        "subject": judged.mail.subject,
        "topic": judged.labels.topic.value,
        "sentiment": judged.labels.sentiment.value,
        "would": in_words(judged),
        "why": "; ".join(judged.decision.why),
    }


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Health, for a monitor: exit code 1 when a limit of [health] is passed."""
    with house_of(context) as house:
        document = health(house)
    if as_json:
        print_json(document)
    else:
        _print_health(document)
    if not document["healthy"]:
        raise typer.Exit(ExitCode.NOT_WELL)


def health(house: House) -> dict[str, Any]:
    """Everything `status` says. Not well: what passes a limit of [health], and a missing model or template."""
    now = house.clock.now()
    passes, counts = house.reading.passes(), house.effects.counts()
    oldest = house.reading.oldest_unprocessed(now)
    predictor, note = house.predictor_if_any()
    drift = house.drift.newest()
    problems = [
        *_model_problems(note if predictor else note or "there is no model: every mail is unsure"),
        *_letter_problems(house),
        *_article_problems(house),
        *_backlog_problems(house, counts, oldest, now),
        *_pass_problems(house, passes, now),
        *_drift_problems(drift, predictor.version if predictor else ""),
    ]
    return {
        "healthy": not problems,
        "problems": problems,
        "oldest_unprocessed_seconds": round(oldest.total_seconds()) if oldest else 0,
        "effects": counts,
        "parked": house.reading.parked(),
        "drift": drift or {"note": "not measured yet: it takes 100 mails within 14 days"},
        "review": house.reading.on_review(),
        "mailboxes": {name: _pass_of(passes.get(f"mailbox.{name}", {})) for name in house.config.mailbox},
        "smtp": _pass_of(passes.get("smtp", {})),
        "model": predictor.version if predictor else None,
        "templates": {"count": len(house.letters.names), "problems": dict(house.letters.problems)},
    }


def _problem(what: str, remedy: str, since: datetime | None = None) -> dict[str, Any]:
    return {"what": what, "since": since, "remedy": remedy}


def _model_problems(note: str) -> Iterator[dict[str, Any]]:
    if note:
        yield _problem(note, "firstline model train")


def _letter_problems(house: House) -> Iterator[dict[str, Any]]:
    for file, reason in house.letters.problems.items():
        yield _problem(f"template {file} is not in use: {reason}", "mend it; its last good version serves meanwhile")
    if not house.letters.has("neutral"):
        yield _problem("there is no template 'neutral'", f"put one into {house.letters.folder}/<language>/neutral.txt")


def _article_problems(house: House) -> Iterator[dict[str, Any]]:
    from pipeline.replies.articles import problems_with

    for where, problem, remedy in problems_with(house.articles, house.config):
        yield _problem(f"{where}: {problem}", remedy)


def _backlog_problems(
    house: House, counts: dict[str, int], oldest: timedelta | None, now: datetime
) -> Iterator[dict[str, Any]]:
    limits, parked = house.config.health, house.reading.parked()
    if oldest and oldest > limits.oldest_unprocessed:
        yield _problem(f"the oldest open effect is {oldest} old", "firstline mail list --state pending", now - oldest)
    for state, limit in (("failed", limits.failed), ("uncertain", limits.uncertain)):
        if counts[state] > limit:
            yield _problem(f"{counts[state]} effects are {state}", "firstline mail list --effects " + state)
    if parked > limits.parked:
        yield _problem(f"{parked} mails are parked", "firstline mail list --state parked, then release or discard")


_REMEDIES = {"retrain": "firstline model train", "reconcile": "firstline mail reconcile"}


def _pass_problems(house: House, passes: dict[str, dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    for name in ("smtp", "retrain", "reconcile", *(f"mailbox.{name}" for name in house.config.mailbox)):
        seen = passes.get(name, {})
        last = seen.get("last_pass")
        if seen.get("error"):
            yield _problem(f"{name}: {seen['error']}", _REMEDIES.get(name, "firstline doctor"), seen["since"])
        elif name.startswith("mailbox.") and (last is None or now - last > _patience(house, name, passes)):
            when = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
            yield _problem(f"{name} has had no pass {when}", "is `firstline run` up?", last)


def _patience(house: House, name: str, passes: dict[str, dict[str, Any]]) -> timedelta:
    """Two polls while `run` reads the mailbox (or was, and died); beside `once` from cron only [health] can tell."""
    limit, box = house.config.health.last_pass, house.config.mailbox[name.removeprefix("mailbox.")]
    running = "run" in passes and not passes["run"]["error"]
    return min(limit, max(2 * box.poll, 2 * box.timeout)) if running else limit


def _drift_problems(drift: dict[str, Any] | None, version: str) -> Iterator[dict[str, Any]]:
    """What was measured of an earlier version says nothing about this one."""
    if drift is None or drift["model"] != version:
        return
    from pipeline.learn.drift import problems

    for what in problems(drift):
        yield _problem(what, "label such mails (`firstline data review`), then `firstline model train`")


def _pass_of(row: dict[str, Any]) -> dict[str, Any]:
    return {"last_pass": row.get("last_pass"), "error": row.get("error") or None}


def _print_health(document: dict[str, Any]) -> None:
    print("healthy" if document["healthy"] else "NOT WELL")
    for problem in document["problems"]:
        since = f" (since {problem['since']:%Y-%m-%d %H:%M})" if problem["since"] else ""
        print(f"  {problem['what']}{since}\n    → {problem['remedy']}")
    effects = ", ".join(f"{count} {state}" for state, count in document["effects"].items() if count) or "none open"
    print(f"effects: {effects} · parked: {document['parked']} · to review: {document['review']}")
    for name, last in document["mailboxes"].items():
        print(f"mailbox {name}: last pass {last['last_pass'] or 'never'}")
    print(f"model: {document['model'] or 'none'} · templates: {document['templates']['count']}")


def doctor(
    context: typer.Context,
    loops: Annotated[
        bool, typer.Option("--loops", help="Instead: rehearse against machines that answer every mail. No network.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything, and really log in everywhere."""
    from pipeline.wiring import checks

    worst = ExitCode.DONE
    with house_of(context) as house:
        if loops:
            _rehearse(house, as_json=as_json)
            return
        for check in checks(house):
            worst = max(worst, check.pop("exit"))
            if as_json:
                print_json(check)
            else:
                remedy = f"\n      → {check['remedy']}" if check["remedy"] else ""
                print(f"{'ok ' if check['ok'] else 'BAD'} {check['check']}: {check['detail']}{remedy}")
    if worst:
        raise typer.Exit(worst)


def _rehearse(house: House, *, as_json: bool) -> None:
    from pipeline.loops.rehearsal import as_document, rehearse

    found = rehearse(house)
    if as_json:
        print_jsonl(as_document(found))
    else:
        marks = {True: "ok", False: "BAD", None: "–"}
        rows = [(marks[one.well], one.opponent, one.received, one.acknowledged, one.verdict) for one in found]
        print_table(["", "opponent", "mails received", "acknowledgements", "verdict"], rows)
    if any(one.well is False for one in found):
        raise typer.Exit(ExitCode.NOT_WELL)
