"""What we have of a person, for them: a zip with JSON for programs, a page to read, and the mails as they came.

GDPR articles 15 and 20: complete, readable, and in a common form that machines read.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipeline.desk.doors import PersonalDoors
from pipeline.desk.privacy.training import taught
from pipeline.errors import UsageError
from pipeline.html_page import escape, render_page, render_table
from pipeline.records.personal import HeldRows, Traces
from pipeline.text.numbers import many

_STYLE = "pre{white-space:pre-wrap;font:inherit;margin:0}th{white-space:nowrap;color:#465260;font-weight:500}"
_TITLES = ("subject", "text", "detail", "name", "kind", "id", "ref", "address")  # the first that says something


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What is in the file."""

    file: Path
    rows: Mapping[str, int]  # by table
    mails: int  # as they came
    others: int  # mails of others in which they are named: these are not in it


def export(doors: PersonalDoors, found: Traces, file: Path) -> Exported:
    """Writes the zip, readable by its owner only. Raises UsageError when it can't be written, or is there already."""
    held, now, mails = [*doors.personal_data.rows(found)], doors.clock.now(), 0
    if (lessons := taught(doors, found)).rows:
        held.append(lessons)
    try:
        file.touch(mode=0o600, exist_ok=False)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
            whole.writestr("data.json", _as_json(found, held, now))
            whole.writestr("data.html", _as_page(found, held, now))
            for name, raw in doors.personal_data.raw(found.mails):
                whole.writestr(f"mails/{name}.eml", raw)
                mails += 1
    except FileExistsError as error:
        raise UsageError("the file exists already", where=str(file), remedy="name a new file") from error
    except OSError as error:
        raise UsageError(f"can't be written: {error.strerror}", where=str(file), remedy="name another file") from error
    return Exported(file=file, rows={one.name: len(one.rows) for one in held}, mails=mails, others=len(found.others))


def _as_json(found: Traces, held: Sequence[HeldRows], now: datetime) -> str:
    document = {
        "address": found.person.address,
        "made": now.isoformat(timespec="seconds"),
        "data": {one.name: {"purpose": one.purpose, "rows": [*one.rows]} for one in held},
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=_plain)


def _as_page(found: Traces, held: Sequence[HeldRows], now: datetime) -> str:
    title = f"What we have of {found.person.address}"
    lead = f"<h1>{escape(title)}</h1><p class=lead>As of {now:%Y-%m-%d %H:%M} UTC.</p>"
    nothing = "" if held else "<p>Nothing.</p>"
    mails = [one for one in held if one.name == "mail"]
    parts = [_section(one) for one in (*mails, *(one for one in held if one.name != "mail"))]
    return render_page(title, [lead, nothing, *parts], _STYLE)


def _section(one: HeldRows) -> str:
    rows = "".join(_row(row) for row in one.rows)
    count = many(len(one.rows), "entry")
    return f"<h2>{escape(one.name.replace('_', ' '))}</h2><p class=small>Kept {escape(one.purpose)}. {count}.</p>{rows}"


def _row(row: Mapping[str, object]) -> str:
    """Folded under what it is about; empty fields are left out."""
    said = [(name.replace("_", " "), _shown(value)) for name, value in row.items() if value not in (None, "", [], {})]
    title = next((str(row[name]) for name in _TITLES if row.get(name)), "entry")
    when = next((value for value in row.values() if isinstance(value, datetime)), None)
    day = f"{when:%Y-%m-%d} " if when else ""
    return f"<details><summary>{escape(day + title[:120])}</summary>{render_table(('', ''), said)}</details>"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    raise TypeError(f"{type(value).__name__} does not go into JSON")
