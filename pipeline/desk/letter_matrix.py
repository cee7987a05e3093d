"""Every letter as it would be sent, all languages side by side: to be read by people, in one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pipeline.config.settings import Config
from pipeline.desk.doors import PreviewDoors
from pipeline.desk.lint import asked_for
from pipeline.desk.preview import SAMPLE, Wish, imagined
from pipeline.html_page import escape
from pipeline.letter.writer import Writer
from pipeline.parse.message import parse
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.letter import ANSWER, Letter, recorded_name
from pipeline.records.payload import AnswerPayload, AskedSurvey, LetterPayload, NoticePayload, QuestionPayload
from pipeline.records.promise import PromiseKind
from pipeline.records.survey import SurveyKind
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.matrix import ALWAYS, ASKING, FOLLOWING, OVER, Cell
from pipeline.replies.page import render_page

_TO_OWNERS = tuple(name for name in FOLLOWING if name.startswith("owner-"))
_STYLE = """
.row{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(min(85vw,16rem),1fr);gap:1rem;overflow-x:auto;
padding-bottom:.6rem}.row article{background:#fff}.row pre{font-size:13px}details iframe{height:18rem}
nav ul{list-style:none;padding:0;columns:9rem;margin:.4rem 0}table{border-collapse:collapse;margin:.6rem 0}
th,td{text-align:left;padding:.15rem .8rem .15rem 0;border-bottom:1px solid #e6eaef;font-size:.9rem}
.wide{overflow-x:auto}.wide th,.wide td{overflow-wrap:normal;white-space:nowrap}
"""


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A letter in all languages. What stands in for one that is missing shows by its own language and name."""

    mailbox: str  # whose own letter it is; '' for that of all
    name: str
    description: str
    letters: Mapping[str, Letter]  # by the language of the customer


def rows(doors: PreviewDoors) -> list[MatrixRow]:
    """Those of all mailboxes, then those that a mailbox has for itself."""
    every = [*_rows(doors, "", doors.letters)]
    own = (row for name, letters in doors.letters.of_mailboxes.items() for row in _rows(doors, name, letters))
    return [*every, *own]


def _rows(doors: PreviewDoors, mailbox: str, letters: TemplateLetters) -> Iterator[MatrixRow]:
    config = doors.config.of_mailbox(mailbox)
    there = letters.own if mailbox else letters.loaded
    languages = sorted({language for language, _ in letters.names})
    names = {name for _, name in there}
    for name in (name for name in _in_order(config, names) if mailbox == "" or name in names):
        told = next((one for (_, known), one in sorted(there.items()) if known == name), None)
        description = told.description if told else "this letter is missing"
        printed = {language: _letter(doors, mailbox, name, language) for language in languages}
        yield MatrixRow(mailbox=mailbox, name=name, description=description, letters=printed)


def _in_order(config: Config, names: set[str]) -> list[str]:
    """As topics are configured, each with its complaint; then what the program asks for by itself; then the rest.

    Of letters of following up and questions, which nothing stands in for, only those that there are.
    """
    topical = [name for plain in asked_for(config).values() for name in (plain, f"{plain}-complaint")]
    alone = [name for name in ALWAYS if name in names or name not in (*FOLLOWING, *ASKING, OVER, ANSWER, "late")]
    return list(dict.fromkeys([*topical, *alone, *sorted(names)]))


def _letter(doors: PreviewDoors, mailbox: str, name: str, language: str) -> Letter:
    """As it is sent while people are at work."""
    config = doors.config.of_mailbox(mailbox)
    working_time, now = config.calendar.working_time, doors.clock.now()
    now = now if working_time.is_open(now) else working_time.next_opening(now)
    writer = Writer(config=doors.config, signer=doors.signer, letters=doors.letters)
    effect = imagined(doors, Wish(name=recorded_name(mailbox, name)), parse(SAMPLE, size=len(SAMPLE)), now)
    letter = writer.letter(_asking_for(effect, name, language, now), now)
    assert letter is not None  # noqa: S101  (all its times are to come)
    return letter


def _asking_for(effect: Effect, name: str, language: str, now: datetime) -> Effect:
    """The effect that leads to a letter of this name."""
    known = replace(effect.letter, template=name, language=language)
    if name in (*FOLLOWING, OVER):
        return replace(effect, kind=EffectKind.NOTIFY, payload=_notice(known, name, now))
    if name == ANSWER:
        payload = AnswerPayload(
            **_shared(known) | {"auto_submitted": ""},
            words="It is on its way.",
            author="anna@example.com",
            agent="Anna Virtanen",
            to=effect.recipient,
            draft="",
        )
        return replace(effect, kind=EffectKind.ANSWER, payload=payload)
    if name in ASKING:
        kind = SurveyKind(name.removeprefix("survey-"))
        survey = AskedSurvey(id=f"{known.ref}:{kind}", kind=kind, expires=now + timedelta(days=30))
        return replace(effect, kind=EffectKind.SURVEY, payload=QuestionPayload(**_shared(known), survey=survey))
    return replace(effect, payload=known)  # type: ignore[arg-type]  # it was that of an acknowledgement


def _notice(known: LetterPayload, name: str, now: datetime) -> NoticePayload:
    return NoticePayload(
        **_shared(known),
        comment="It is on its way." if name in ("moved", "status", OVER) else "",
        promise=PromiseKind.RESPOND,
        due_by=now + timedelta(hours=1),
        left=3600.0,
        closes_by=now + timedelta(days=7),
        customer="eve@example.org" if name in _TO_OWNERS else "",
    )


def _shared(known: LetterPayload) -> dict[str, Any]:
    """What all kinds of letters have in common."""
    return {name: getattr(known, name) for name in LetterPayload.__dataclass_fields__} | {"ticket": True}


# --- the page ---------------------------------------------------------------------------------------------------------


def render(rows: Sequence[MatrixRow], cells: Mapping[str, Sequence[Cell]]) -> str:
    """The page. `cells`: by mailbox, which letter is sent when; what is missing there is named first."""
    missing = [cell for of in cells.values() for cell in of if cell.letter != cell.wanted and not cell.outside_hours]
    gaps = "".join(
        f"<li>{escape(cell.wanted)}: {escape(cell.letter or 'the built-in text')} is sent instead</li>"
        for cell in missing
    )
    parts = [
        "<h1>The letters</h1>",
        "<p class=lead>Each as it is sent to a mail of its kind while people are at work, in all languages. "
        "Nothing was sent.</p>",
        f"<p class=gap>{len(missing)} missing:</p><ul>{gaps}</ul>" if missing else "",
        "<nav><ul>",
        *(f'<li><a href="#{_anchor(row)}">{escape(_title(row))}</a></li>' for row in rows),
        "</ul></nav>",
        *(_section(row) for row in rows),
    ]
    return render_page("the letters", parts, _STYLE)


def _title(row: MatrixRow) -> str:
    return recorded_name(row.mailbox, row.name)


def _anchor(row: MatrixRow) -> str:
    return escape(_title(row).replace("/", "--").replace(" ", "_"))


def _section(row: MatrixRow) -> str:
    letters = "".join(_article(row, language, letter) for language, letter in row.letters.items())
    return (
        f'<section id="{_anchor(row)}"><h2>{escape(_title(row))}</h2><p class=note>{escape(row.description)}</p>'
        f'<div class=row tabindex=0 role=region aria-label="{escape(_title(row))}">{letters}</div></section>'
    )


def _article(row: MatrixRow, language: str, letter: Letter) -> str:
    other = (letter.language, letter.template) != (language, row.name)
    instead = f"<p class=gap>instead: {escape(f'{letter.language}/{letter.template}')}</p>" if other else ""
    page = (
        f'<details><summary>HTML part</summary><iframe sandbox="" loading=lazy title="HTML part, {escape(language)}" '
        f'srcdoc="{escape(letter.html)}"></iframe></details>'
        if letter.html
        else ""
    )
    spoken = escape(letter.language)
    return (
        f"<article><h3><span class=lang>{escape(language)}</span></h3>{instead}"
        f'<p class=subject lang="{spoken}">{escape(letter.subject)}</p>'
        f'<pre lang="{spoken}">{escape(letter.text)}</pre>{page}</article>'
    )
