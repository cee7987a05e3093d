"""How Firstline is doing: what `status` says, and what monitors ask the web app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pipeline.config.web import NAME_PROXY, NO_PROXY
from pipeline.desk.certificates import HeadStanding, certificate_document, problem_with, standings
from pipeline.desk.doors import HealthDoors
from pipeline.desk.health_document import (
    HealthDocument,
    ProblemDocument,
    ProblemKind,
    SureDocument,
    drift_document,
    outgoing_document,
    pass_document,
    rising_document,
    sure_document,
    task_document,
    worker_document,
)
from pipeline.desk.privacy import standing as privacy_standing
from pipeline.engine import set_tasks
from pipeline.engine.passes import SETTINGS
from pipeline.figures import rising
from pipeline.figures.findings.unsure import TO_BE_SURER
from pipeline.learn.dataset import HEADS
from pipeline.records.health import DriftDay, Pass
from pipeline.records.mail import sent_box
from pipeline.store.metrics import Metrics, Period
from pipeline.text.numbers import many


def health(doors: HealthDoors) -> HealthDocument:
    """Everything `status` says. Unhealthy: what passes a limit of [health], and a missing model or template."""
    now = doors.clock.now()
    passes, counts = doors.reading.passes(), doors.effects.counts()
    oldest = doors.reading.oldest_unprocessed(now)
    standing, note = doors.standing_if_any()
    drift = doors.drift.newest()
    filings, waiting = doors.filings.counts(), doors.undelivered.count()
    heads = [*standings(doors, standing.version)] if standing else []
    sure = _sure(doors, now)
    problems = [
        *_model_problems(note if standing else note or "there is no model: every mail is unsure"),
        *_letter_problems(doors),
        *_article_problems(doors),
        *_backlog_problems(doors, _but_filings(counts, filings), oldest, now),
        *_pass_problems(doors, passes, now),
        *_task_problems(doors, passes, now),
        *_drift_problems(drift, standing.version if standing else ""),
        *_certificate_problems(heads),
        *never_sure(sure),
        *_filing_problems(doors, filings, now),
        *_web_problems(doors),
        *_breaker_problems(doors, now),
        *_privacy_problems(doors, passes, now),
    ]
    return {
        "healthy": not problems,
        "problems": problems,
        "oldest_unprocessed_seconds": round(oldest.total_seconds()) if oldest else 0,
        "effects": counts,
        "parked": doors.reading.parked(),
        "drift": drift_document(drift),
        "review": doors.reading.on_review(),
        "mailboxes": {
            name: {**pass_document(passes.get(f"mailbox.{name}")), "not_given_out": waiting.get(name, (0,))[0]}
            for name in doors.config.mailbox
        },
        "smtp": outgoing_document(passes),
        "trackers": {
            name: {**pass_document(passes.get(f"tracker.{name}")), "filings": filings.get(name, {})}
            for name in {**doors.config.outside_trackers, **filings}
        },
        "sure": sure,
        "rising": [
            rising_document(one) for one in rising.look(doors.database, doors.announcements.all(only_open=True), now)
        ],
        "tasks": {name: task_document(passes[key], now) for name, key in _tasks(doors, passes).items()},
        "model": standing.version if standing else None,
        "not_learned": [head for head in HEADS if head not in standing.heads] if standing else [],
        "certificates": {one.head: certificate_document(one, doors.config, now) for one in heads},
        "templates": {"count": len(doors.letters.names), "problems": dict(doors.letters.problems)},
        "workers": [worker_document(one) for one in doors.workers.known()],
    }


def _sure(doors: HealthDoors, now: datetime) -> SureDocument:
    counts = Metrics(doors.database).mails(Period(since=now - SURE_OF)).get(None, {})
    return sure_document(*(counts.get(name, 0) for name in ("judged", "topic_sure", "complaint_sure")))


def never_sure(sure: SureDocument) -> Iterator[ProblemDocument]:
    """Of a week's mail it was sure of nothing: each customer gets neutral words, and each mail needs a person."""
    if sure["mails"] >= ENOUGH_TO_TELL and not sure["topic"] and not sure["complaint"]:
        what = f"of {sure['mails']} mails in seven days the machine was sure of none, neither topic nor complaint"
        yield _problem(ProblemKind.MODEL, what, f"{TO_BE_SURER}; or `firstline data confirm`")


def _problem(kind: ProblemKind, what: str, remedy: str, since: datetime | None = None) -> ProblemDocument:
    return {"kind": kind.value, "what": what, "since": since, "remedy": remedy}


def _model_problems(note: str) -> Iterator[ProblemDocument]:
    if note:
        yield _problem(ProblemKind.MODEL, note, "firstline model train")


def _letter_problems(doors: HealthDoors) -> Iterator[ProblemDocument]:
    for file, reason in doors.letters.problems.items():
        what, remedy = f"template {file} is not in use: {reason}", "correct it; its last good version serves meanwhile"
        yield _problem(ProblemKind.TEMPLATE, what, remedy)
    if not doors.letters.has("neutral"):
        remedy = f"put one into {doors.letters.folder}/<language>/neutral.txt"
        yield _problem(ProblemKind.TEMPLATE, "there is no template 'neutral'", remedy)


def _article_problems(doors: HealthDoors) -> Iterator[ProblemDocument]:
    from pipeline.replies.articles import problems_with

    for where, problem, remedy in problems_with(doors.articles, doors.config):
        yield _problem(ProblemKind.ARTICLE, f"{where}: {problem}", remedy)


def _backlog_problems(
    doors: HealthDoors, counts: dict[str, int], oldest: timedelta | None, now: datetime
) -> Iterator[ProblemDocument]:
    limits, parked = doors.config.health, doors.reading.parked()
    if oldest and oldest > limits.oldest_unprocessed:
        what, remedy = f"the oldest open effect is {oldest} old", "firstline mail list --state pending"
        yield _problem(ProblemKind.OLDEST, what, remedy, now - oldest)
    for kind, limit in ((ProblemKind.FAILED, limits.failed), (ProblemKind.UNCERTAIN, limits.uncertain)):
        if counts[kind] > limit:
            remedy = f"firstline mail list --effects {kind}, then firstline mail settle"
            yield _problem(kind, f"{counts[kind]} effects are {kind}", remedy)
    if parked > limits.parked:
        what, remedy = f"{many(parked, 'mail')} parked", "firstline mail list --state parked, then release or discard"
        yield _problem(ProblemKind.PARKED, what, remedy)


def _web_problems(doors: HealthDoors) -> Iterator[ProblemDocument]:
    if doors.config.web.enabled and doors.config.web.proxy_is_missing:
        yield _problem(ProblemKind.WEB, NO_PROXY, NAME_PROXY)


def _breaker_problems(doors: HealthDoors, now: datetime) -> Iterator[ProblemDocument]:
    """So many acknowledgements that no more go out: a flood or a loop, and customers hear nothing meanwhile."""
    limit = doors.config.guard.limit_system
    if not limit.count:
        return
    whom = {"new": "to new writers", "known": "to those who are authentic or were acknowledged before"}
    for budget, sent in doors.reading.acknowledged_since(now - limit.window).items():
        if budget in whom and sent >= limit.count:
            yield _problem(
                ProblemKind.BREAKER,
                f"the circuit breaker is open: {sent} acknowledgements {whom[budget]} within {limit.window}",
                "see who writes: firstline mail list --limit 50; [guard] limit_system is the limit",
            )


def _privacy_problems(doors: HealthDoors, passes: dict[str, Pass], now: datetime) -> Iterator[ProblemDocument]:
    for one in privacy_standing.broken(doors, passes, now):
        yield _problem(ProblemKind.PRIVACY, one.what, one.remedy, one.since)


def _but_filings(counts: dict[str, int], filings: dict[str, dict[str, int]]) -> dict[str, int]:
    """What is uncertain of those resolves itself, and what failed is told by itself."""
    return {state: count - sum(one.get(state, 0) for one in filings.values()) for state, count in counts.items()}


def _filing_problems(
    doors: HealthDoors, filings: dict[str, dict[str, int]], now: datetime
) -> Iterator[ProblemDocument]:
    oldest = doors.filings.oldest_uncertain()
    if oldest and now - oldest > doors.config.health.oldest_unprocessed:
        what, remedy = "a tracker fails each time at the same filing", "firstline mail list --effects uncertain"
        yield _problem(ProblemKind.TRACKER, what, remedy, oldest)
    for name, counts in filings.items():
        if name not in doors.config.outside_trackers:
            what, remedy = f"{sum(counts.values())} filings wait for {name}", f"put it back into {doors.config.path}"
            yield _problem(ProblemKind.TRACKER, what, remedy)
        elif counts["failed"]:
            remedy = "`firstline ticket show REF` says why; then `firstline ticket refile`, or `mail settle REF --seen`"
            yield _problem(ProblemKind.FILING, f"{name} refused {counts['failed']} filings", remedy)


ENOUGH_TO_TELL = 100  # mails of seven days
SURE_OF = timedelta(days=7)  # the time of which it is said how much is sure
NOT_RECONCILED = timedelta(days=3)  # it is compared once a day
_REMEDIES = {"retrain": "firstline model train", "reconcile": "firstline mail reconcile", "backup": "firstline backup"}
_REMEDIES["purge"] = "firstline privacy purge"
_JOBS = {
    "smtp": ProblemKind.SMTP,
    "retrain": ProblemKind.RETRAIN,
    "reconcile": ProblemKind.RECONCILE,
    "report": ProblemKind.STAFF,
    "complaints": ProblemKind.STAFF,
    "promises": ProblemKind.STAFF,
    "digest": ProblemKind.STAFF,
    "leadership": ProblemKind.STAFF,
    "backup": ProblemKind.BACKUP,
    "purge": ProblemKind.PRIVACY,
    "store": ProblemKind.STORE,
    SETTINGS: ProblemKind.CONFIG,
}
_REMEDIES[SETTINGS] = "correct config.toml, or start `firstline run` again (SIGHUP does)"
_REMEDIES["store"] = "end what has the database open (`lsof` tells): a sqlite3 shell, a program that copies it"


def _pass_problems(doors: HealthDoors, passes: dict[str, Pass], now: datetime) -> Iterator[ProblemDocument]:
    trackers = (f"tracker.{name}" for name in doors.config.outside_trackers)
    boxes = [f"mailbox.{name}" for name in doors.config.mailbox]
    sent = [f"mailbox.{sent_box(name)}" for name in doors.config.mailbox]
    for name in (*_JOBS, *trackers, *boxes, *sent):
        kind, known = _JOBS.get(name) or ProblemKind(name.partition(".")[0]), passes.get(name, Pass())
        last = known.last_pass
        if known.error:
            yield _problem(kind, f"{name}: {known.error}", _REMEDIES.get(name, "firstline doctor"), known.since)
        elif name in boxes and (last is None or now - last > _patience(doors, name, passes)):
            when = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
            yield _problem(kind, f"{name} has had no pass {when}", "is `firstline run` up?", last)
        elif name == "reconcile" and doors.config.schedule.reconcile and last and now - last > NOT_RECONCILED:
            what = f"mailboxes and ledger have not been compared since {last:%Y-%m-%d %H:%M} UTC"
            yield _problem(kind, what, _REMEDIES[name], last)


def _tasks(doors: HealthDoors, passes: dict[str, Pass]) -> dict[str, str]:
    """Those that have a time, and how their passes are called."""
    names = {name: set_tasks.noted(name) for name in set_tasks.set_times(doors.config)}
    return {name: key for name, key in names.items() if key in passes}


def _task_problems(doors: HealthDoors, passes: dict[str, Pass], now: datetime) -> Iterator[ProblemDocument]:
    """While `run` is up; what was missed before is made up for at its start."""
    if "run" not in passes or passes["run"].error:
        return
    lines, zone = set_tasks.set_times(doors.config), doors.config.calendar.timezone
    for name, key in _tasks(doors, passes).items():
        due = set_tasks.due_since(passes[key], lines[name], zone, now - set_tasks.OVERDUE)
        if due:
            what, remedy = f"the set task {name} has not run", "start `firstline run` again, and see its log"
            yield _problem(ProblemKind.TASK, what, remedy, due)


def _patience(doors: HealthDoors, name: str, passes: dict[str, Pass]) -> timedelta:
    """Two polls while `run` reads the mailbox (or was, and died); beside `once` from cron only [health] can tell."""
    limit, box = doors.config.health.last_pass, doors.config.mailbox[name.removeprefix("mailbox.")]
    running = "run" in passes and not passes["run"].error
    return min(limit, max(2 * box.poll, 2 * box.timeout)) if running else limit


def _drift_problems(drift: DriftDay | None, version: str) -> Iterator[ProblemDocument]:
    """What was measured of an earlier version says nothing about this one."""
    if drift is None or drift.model != version:
        return
    from pipeline.learn.drift import problems

    for what in problems(drift.facts):
        yield _problem(
            ProblemKind.DRIFT, what, "label such mails (`firstline data review`), then `firstline model train`"
        )


def _certificate_problems(heads: Iterable[HeadStanding]) -> Iterator[ProblemDocument]:
    """Where the machine was sure and people found it wrong too often."""
    for one in heads:
        if told := problem_with(one):
            yield _problem(ProblemKind.CERTIFICATE, *told, one.certificate.since)
