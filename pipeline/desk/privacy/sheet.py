"""The sheet about data processing that an operator hands on (GDPR articles 13 and 30): made from the register and the
configuration, so that it says what this installation does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from pipeline.config.settings import Config
from pipeline.desk.privacy.places import ELSEWHERE, FILES
from pipeline.records.personal import Fate, KeptFor
from pipeline.records.ticket import BOARD
from pipeline.store.personal import TableEntry, entries
from pipeline.text.numbers import many

_SINCE = {
    KeptFor.RAW: "after the mail came",
    KeptFor.MAIL: "after the mail came",
    KeptFor.TICKET: "after the case was resolved",
    KeptFor.ANSWERS: "after the answer was given",
    KeptFor.LOGS: "after it was written",
    KeptFor.TRAINING: "after it was labelled",
}
_SHARED = {
    "nothing": "reference, topic and priority, nothing of what was written",
    "redacted": "what was written, without names, addresses and numbers",
    "everything": "what was written, as it is",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """One kind of data: where it lies, what it is, what for, for how long, what erasing does."""

    where: str
    data: str
    purpose: str
    kept: str
    erasing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Everything that is told."""

    controller: str
    contact: str
    processing: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    recipients: tuple[str, ...]
    measures: tuple[str, ...]


def sheet_of(config: Config) -> Sheet:
    """Of this configuration."""
    return Sheet(
        controller=config.replies.company or "(the company: [replies] company)",
        contact=config.smtp.sender if config.smtp else "(the address: [smtp] from)",
        processing=_PROCESSING,
        rows=(*(_of_table(one, config) for one in entries() if _is_personal(one)), *_of_places(config)),
        recipients=tuple(_recipients(config)),
        measures=_MEASURES,
    )


def lasting(config: Config, clock: KeptFor) -> str:
    """For how long, in words."""
    if clock is KeptFor.USE:
        return "as long as it is in use"
    if clock is KeptFor.NEEDED:
        return "as long as nothing may be done twice, and nobody written to who does not want it"
    kept: timedelta | None = getattr(config.privacy, clock.value)
    return f"{many(kept.days, 'day')} {_SINCE[clock]}" if kept is not None else "until it is erased on request"


def _is_personal(entry: TableEntry) -> bool:
    return entry.staff or any(fate is not Fate.KEPT for fate in entry.fates.values())


def _of_table(entry: TableEntry, config: Config) -> SheetRow:
    changed = {name: fate for name, fate in entry.fates.items() if fate is not Fate.KEPT}
    fates = sorted({fate.value for fate in changed.values()})
    data = "accounts and deeds of staff" if entry.staff else ", ".join(changed).replace("_", " ")
    return SheetRow(
        where=f"database, {entry.table.name.replace('_', ' ')}",
        data=data,
        purpose=entry.purpose,
        kept=lasting(config, entry.clock),
        erasing="; ".join(fates) or "stays: it is about staff",
    )


def _of_places(config: Config) -> Iterator[SheetRow]:
    for one in (*FILES, *ELSEWHERE):
        if not one.holds.startswith("nothing"):
            kept = lasting(config, one.clock)
            yield SheetRow(where=one.where, data=one.holds, purpose=one.purpose, kept=kept, erasing=one.erasing)


def _recipients(config: Config) -> Iterator[str]:
    for name, box in config.mailbox.items():
        yield f"{box.host}: the provider of the mailbox {name}"
    if config.smtp:
        yield f"{config.smtp.host}: the provider that sends our letters"
    for name, tracker in config.outside_trackers.items():
        files = ", and files" if tracker.attachments else ""
        yield f"{urlsplit(tracker.url).netloc}: the tracker {name}; {_SHARED[tracker.share]}{files}"
    if config.outside_trackers == {}:
        yield f"no tracker outside: cases stay on the built-in {BOARD}"
    if config.desk.oidc:
        yield f"{urlsplit(config.desk.oidc.issuer).netloc}: where staff sign in; nothing of customers"


_PROCESSING = (
    "Mail to the support mailbox is read, and acknowledged by a letter that a program chooses and people have written.",
    "A statistical model that runs on our own machines guesses topic, tone and whether it is a complaint. What it is"
    " unsure of, people decide. It decides nothing that has legal effects (GDPR article 22).",
    "Complaints become cases that people work on; customers are told how they stand.",
    "Some customers are asked whether they were satisfied; who does not want that is not asked again.",
    "Redacted mail with labels given by people trains the model.",
)
_MEASURES = (
    "Connections to mail servers, trackers and pages are encrypted, and certificates are checked.",
    "Files are readable by the user only that runs the program; logs mask addresses and hold no texts.",
    "Before mail trains the model, names, addresses and numbers are replaced; a word enters the model only when several"
    " people use it.",
    "What is deleted is overwritten. Backups that are put back forget again who was erased.",
    "On request: a copy of everything (`firstline privacy export`), erasure (`firstline privacy erase`).",
)


def as_markdown(sheet: Sheet) -> str:
    """To read, print, or put on a page."""
    parts = [f"# Personal data at {sheet.controller}", f"Contact: {sheet.contact}"]
    parts += ["## What is done with it", *(f"- {one}" for one in sheet.processing)]
    parts += ["## What is kept, why, and how long", "| where | data | purpose | kept | when erased |"]
    parts += ["| --- | --- | --- | --- | --- |"]
    parts += [f"| {row.where} | {row.data} | {row.purpose} | {row.kept} | {row.erasing} |" for row in sheet.rows]
    parts += ["## Who receives it", *(f"- {one}" for one in sheet.recipients)]
    parts += ["## How it is protected", *(f"- {one}" for one in sheet.measures)]
    return _spaced(parts)


def _spaced(parts: list[str]) -> str:
    """An empty line before and after headings, and before a table."""
    lines: list[str] = []
    for part in parts:
        if lines and (part.startswith(("#", "| where")) or lines[-1].startswith("#")):
            lines.append("")
        lines.append(part)
    return "\n".join(lines) + "\n"
