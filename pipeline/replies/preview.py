"""Letters as they would look, printed in the limited child process: files that nobody has checked may be among them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.replies import plain, supervise
from pipeline.replies.sandbox import Printed
from pipeline.replies.variables import sample_sets

NOW, BEFORE = "now", "before"  # the edition that is looked at, and the one it is compared with
LONG_SUBJECT = 120  # characters
MOST_CHILDREN = 4  # each but the last one ended by a letter
STOPPED = "making it took more time or memory than any letter needs"


@dataclass(frozen=True, kw_only=True)
class PreviewCase:
    """A mail whose letter is looked at: a past one, one from a file, or a sample."""

    about: str  # who wrote it, or which sample it is
    mail_id: str  # '' when it is not in the ledger
    subject: str
    traits: tuple[str, ...]  # what is hard about it
    values: Mapping[str, Mapping[str, object]]  # language → variables


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One letter of one case. `before`: the same by the version that is compared with, when there is one."""

    case: PreviewCase
    language: str
    now: Printed | None  # None: it can't be made
    before: Printed | None
    problem: str  # why not


@dataclass(frozen=True, kw_only=True)
class _Job:
    edition: str
    language: str
    case: PreviewCase


def traits(name: str, subject: str, *, sure: bool) -> tuple[str, ...]:
    """What is hard about a mail, the hardest first. `name`: as it would be greeted."""
    there = {
        "HTML in the subject": any(sign in subject for sign in "<>&"),
        "right-to-left": any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in f"{subject}{name}"),
        "very long subject": len(subject) > LONG_SUBJECT,
        "no subject": not subject.strip(),
        "no name": not name,
        "unsure": not sure,
    }
    return tuple(trait for trait, holds in there.items() if holds)


def hard_ones_first(cases: Iterable[PreviewCase], most: int) -> list[PreviewCase]:
    """At most this many: the first of each trait, then the others in their order."""
    waiting, chosen = list(cases), []
    for trait in dict.fromkeys(trait for case in waiting for trait in case.traits):
        if found := next((case for case in waiting if trait in case.traits), None):
            waiting.remove(found)
            chosen.append(found)
    chosen.sort(key=lambda case: -len(case.traits))
    return (chosen + waiting)[:most]


def sample_cases(ordinary: Mapping[str, Mapping[str, object]]) -> list[PreviewCase]:
    """The hard cases among the samples of the variables. `ordinary`: language → what a letter says of a sample mail."""
    first, *hard = sample_sets()
    changes = [{name: value for name, value in values.items() if value != first[name]} for values in hard]
    return [_sample(change, ordinary) for change in (*changes, {})]


def _sample(change: Mapping[str, object], ordinary: Mapping[str, Mapping[str, object]]) -> PreviewCase:
    values = {language: {**usual, **change} for language, usual in ordinary.items()}
    one = next(iter(values.values()))
    return PreviewCase(
        about=f"sample with another {', '.join(change)}" if change else "ordinary sample",
        mail_id="",
        subject=str(one["subject"]),
        traits=traits(str(one["name"]), str(one["subject"]), sure=bool(one["topic"])),
        values=values,
    )


def print_all(
    name: str,
    editions: Mapping[str, Mapping[str, Mapping[str, str]]],
    cases: Sequence[PreviewCase],
    *,
    make_html: bool = False,
) -> list[Variant]:
    """Every case in every language. `editions`: NOW, and BEFORE where there is one → language → files.

    `make_html`: an HTML part for letters that have only text, as `[replies] html` says. Raises TemplateError when no
    child can work.
    """
    jobs = [_Job(edition=NOW, language=language, case=case) for case in cases for language in editions[NOW]]
    jobs += [
        _Job(edition=BEFORE, language=language, case=case) for case in cases for language in editions.get(BEFORE, ())
    ]
    printed = _printed(name, editions, jobs, make_html=make_html)
    made = {(job.edition, job.language, id(job.case)): one for job, one in zip(jobs, printed, strict=True)}
    return [_variant(made, case, language) for case in cases for language in editions[NOW]]


def _variant(made: Mapping[tuple[str, str, int], Printed | str], case: PreviewCase, language: str) -> Variant:
    now, before = (made.get((edition, language, id(case))) for edition in (NOW, BEFORE))
    return Variant(
        case=case,
        language=language,
        now=now if isinstance(now, Printed) else None,
        before=before if isinstance(before, Printed) else None,
        problem=now if isinstance(now, str) else "",
    )


def _printed(
    name: str, editions: Mapping[str, Mapping[str, Mapping[str, str]]], jobs: Sequence[_Job], *, make_html: bool
) -> list[Printed | str]:
    """In the order of the jobs; what a child did not survive says so, and the next child goes on behind it."""
    files = {_edition(edition, language): of for edition, made in editions.items() for language, of in made.items()}
    answers: list[Printed | str] = []
    for _ in range(MOST_CHILDREN):
        left = jobs[len(answers) :]
        if not left:
            break
        lines = supervise.conversation(json.dumps({"editions": files, "prints": _prints(name, left)}).encode())
        told = [line for line in lines if "begin" not in line]
        answers += [_letter(one, job, make_html=make_html) for one, job in zip(told, left, strict=False)]
        answers += [STOPPED] if len(told) < len(left) else []
    return [*answers, *[STOPPED] * (len(jobs) - len(answers))]


def _prints(name: str, jobs: Sequence[_Job]) -> list[dict[str, object]]:
    return [
        {
            "edition": _edition(job.edition, job.language),
            "language": job.language,
            "name": name,
            "values": job.case.values[job.language],
        }
        for job in jobs
    ]


def _edition(edition: str, language: str) -> str:
    return f"{edition} {language}"


def _letter(answer: Mapping[str, str], job: _Job, *, make_html: bool) -> Printed | str:
    if answer["problem"]:
        return str(answer["problem"])
    html = answer["html"]
    if make_html and not html:
        html = plain.page_of(answer["text"], job.language, job.case.values[job.language])
    return Printed(subject=answer["subject"], text=answer["text"], html=html)
