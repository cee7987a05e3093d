"""metrics: what was measured, as tables for people and one document for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.context import AsJson, config_of, print_json, print_jsonl, print_table, printable

if TYPE_CHECKING:
    from pipeline.figures.metrics_document import (
        FiguresDocument,
        GroupDocument,
        MetricsDocument,
        ShareDocument,
        SurveyScoreDocument,
        TimesDocument,
    )
    from pipeline.store.database import Database
    from pipeline.store.metrics import Period
    from pipeline.store.splitting import Only


def metrics(
    context: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DAY", help="The first day, as 2026-01-31; none: from the beginning."
        ),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The last day; none: until now.")
    ] = None,
    by: Annotated[
        str, typer.Option(help="Side by side: topic, owner, language, template, complaint, day, week or month.")
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT=VALUE",
            help="Only these: topic=delivery, language=de, complaint=yes …; may be given several times.",
        ),
    ] = None,
    cases: Annotated[
        str,
        typer.Option(metavar="LIST", help="Instead: the cases behind a figure, as complaints, respond_missed, csat."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Volumes, response times, promises kept, automation, NPS, CES, CSAT and CTT."""
    from zoneinfo import ZoneInfo

    from pipeline.clock import SystemClock
    from pipeline.figures import measure
    from pipeline.store.database import Database

    config = config_of(context)
    zone = ZoneInfo(config.calendar.timezone)
    period = measure.days(since.date() if since else None, until.date() if until else None, zone)
    narrowed = measure.narrowed(only or ())
    database = Database(config.store_url())
    database.prepare()
    if cases:
        _print_cases(database, cases, period, narrowed, as_json=as_json)
        return
    document = measure.measure(database, zone, SystemClock().now(), period, by, narrowed)
    database.close()
    if as_json:
        print_json(document)
    else:
        _print(document)


def _print_cases(database: Database, name: str, period: Period, only: Only, *, as_json: bool) -> None:
    from pipeline.figures import behind

    found = list(behind.documents(database, name, period, only))
    database.close()
    if as_json:
        print_jsonl(found)
    else:
        columns = ("case", "at", "value", "sender", "subject")
        print_table(columns, [[{**one}[column] for column in columns] for one in found])


def _print(document: MetricsDocument) -> None:
    days = [printable(at) for at in (document["since"], document["until"])]
    only = "".join(f", {name} {printable(str(_shown(value)))}" for name, value in document["only"].items())
    print(f"from {days[0] or 'the beginning'} until {days[1] or 'now'}, {document['timezone']}{only}\n")
    print_table(["", "", "95 %", "of", ""], list(_lines(document["total"])))
    if document["by"]:
        print()
        columns = (document["by"], *_BESIDE)
        print_table(columns, [(_shown(group["value"]), *_beside(group)) for group in document["groups"]])


def _lines(total: FiguresDocument) -> list[tuple[object, ...]]:
    """One figure a line: name, value, interval, of how many, what to beware of."""
    mails, automation, tickets = total["mails"], total["automation"], total["tickets"]
    return [
        *(("mails " + name.replace("_", " "), count) for name, count in mails.items()),
        ("acknowledged of those by people", *_share(automation["acknowledged"])),
        ("unsure of the topic", *_share(automation["unsure"])),
        *(
            (f"sure of the {head}, and corrected", *_share(error["at_least"]))
            for head, error in automation["error"].items()
        ),
        ("tickets opened", tickets["opened"]),
        ("first response, median", *_time(tickets["first_response"], "median_seconds")),
        ("first response, 90 % within", *_time(tickets["first_response"], "p90_seconds")),
        ("resolution, median", *_time(tickets["resolution"], "median_seconds")),
        ("resolution, 90 % within", *_time(tickets["resolution"], "p90_seconds")),
        *((f"promises to {kind}, kept", *_share(one["kept"])) for kind, one in total["promises"].items()),
        ("NPS (-100 to 100)", *_score(total["nps"])),
        ("CES (1 to 7)", *_score(total["ces"])),
        ("CSAT (satisfied)", *_share(total["csat"])),
        ("what they got (content)", *_share(total["outcome"])),
        ("how they were treated (content)", *_share(total["treatment"])),
        ("NPS, answered of those sent", *_share(total["nps"]["response_rate"])),
        ("CES, answered of those sent", *_share(total["ces"]["response_rate"])),
        ("CSAT, answered of those sent", *_share(total["csat"]["response_rate"])),
        ("CTT, cases improving", *_share(total["ctt"]["improving"])),
        ("CTT, cases steady", *_share(total["ctt"]["steady"])),
        ("CTT, cases worsening", *_share(total["ctt"]["worsening"])),
    ]


_BESIDE = (
    *("mails", "complaints", "unsure", "first response", "resolution", "promises kept"),
    *("NPS", "CES", "CSAT", "got", "treated", "improving", "worsening"),
)


def _beside(group: GroupDocument) -> tuple[object, ...]:
    """A group in one line."""
    tickets = group["tickets"]
    return (
        group["mails"]["received"],
        group["mails"]["complaints"],
        _share(group["automation"]["unsure"])[0],
        _time(tickets["first_response"], "median_seconds")[0],
        _time(tickets["resolution"], "median_seconds")[0],
        _share(group["promises"]["respond"]["kept"])[0],
        _score(group["nps"])[0],
        _score(group["ces"])[0],
        _share(group["csat"])[0],
        _share(group["outcome"])[0],
        _share(group["treatment"])[0],
        _share(group["ctt"]["improving"])[0],
        _share(group["ctt"]["worsening"])[0],
    )


def _share(figure: ShareDocument) -> tuple[str, str, int, str]:
    if figure["value"] is None:
        return _none(figure["of"])
    return f"{figure['value']:.1%}", f"{figure['low']:.1%} to {figure['high']:.1%}", figure["of"], figure["warning"]


def _score(figure: SurveyScoreDocument) -> tuple[str, str, int, str]:
    if figure["value"] is None:
        return _none(figure["of"])
    return f"{figure['value']:g}", f"{figure['low']:g} to {figure['high']:g}", figure["of"], figure["warning"]


def _time(times: TimesDocument, which: Literal["median_seconds", "p90_seconds"]) -> tuple[str, str, int, str]:
    seconds = times[which]
    if seconds is None:
        return _none(times["count"])
    return _span(seconds), "", times["count"], ""


def _none(count: int) -> tuple[str, str, int, str]:
    """Fewer than ten say nothing: how many there are is all there is to say."""
    return (f"too few ({count})" if count else "-"), "", count, ""


def _span(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def _shown(value: object) -> object:
    return {True: "complaint", False: "no complaint", None: "(not known)"}.get(value, value)  # type: ignore[call-overload]
