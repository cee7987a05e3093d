"""survey: what customers say when they are asked."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table
from pipeline.cli.ticket import Actor, Ref, ref_of
from pipeline.errors import UsageError

app = typer.Typer(help="Questions to customers, and their answers.", no_args_is_help=True)


@app.command()
def send(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option(help="Only print who would be asked what.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the customers who are due now, as [survey] says."""
    from pipeline.cli.documents.letters import asked_document
    from pipeline.desk.rejudge import act_now
    from pipeline.engine.jobs import surveys

    with doors_of(context) as doors:
        asked = surveys.due(doors) if dry_run else surveys.ask(doors)
        if asked and not dry_run:
            act_now(doors)
    rows = [asked_document(one, kind) for one, kind in asked]
    if as_json:
        print_jsonl(rows)
    elif rows:
        print_table(list(rows[0]), [[*row.values()] for row in rows])
    else:
        print("nobody is due")


@app.command()
def record(
    context: typer.Context,
    ref: Ref,
    nps: Annotated[int | None, typer.Option(help="How likely they are to recommend us, 0 to 10.")] = None,
    ces: Annotated[int | None, typer.Option(help="How easy we made it for them, 1 to 7.")] = None,
    csat: Annotated[int | None, typer.Option(help="How satisfied they are with this one encounter, 1 to 5.")] = None,
    outcome: Annotated[int | None, typer.Option(help="How content they are with what they got, 1 to 5.")] = None,
    treatment: Annotated[int | None, typer.Option(help="… and with how they were treated, 1 to 5.")] = None,
    text: Annotated[str, typer.Option(help="What they said, in their words.")] = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Note an answer that came by telephone or on paper; the last one to a question counts."""
    from pipeline.cli.documents.letters import survey_document
    from pipeline.engine.jobs import surveys
    from pipeline.records.survey import SurveyKind

    scores = dict(zip(SurveyKind, (nps, ces, csat, outcome, treatment), strict=True))
    given = [(kind, score) for kind, score in scores.items() if score is not None]
    if len(given) != 1:
        raise UsageError(
            "which question was answered?", remedy=f"give one of {', '.join(f'--{kind} N' for kind in SurveyKind)}"
        )
    ((kind, score),) = given
    with doors_of(context) as doors:
        survey, answers = surveys.record(doors, ref_of(ref), kind, score, text, actor or getpass.getuser())
    if as_json:
        print_json(survey_document(survey, answers, score))
    else:
        print(f"{survey.ticket}: {kind} {score}{', instead of an earlier answer' if answers > 1 else ''}")
