"""What the editor of a text shows: the text, what is wrong with it, what it would be, and who else is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from fastapi.responses import Response

from pipeline.desk.texts import trying
from pipeline.desk.texts.history import history_of
from pipeline.desk.texts.opened import OpenedText, even, open_text
from pipeline.desk.texts.overview import state_of
from pipeline.desk.texts.places import languages
from pipeline.desk.texts.saving import LONGEST_WHY
from pipeline.errors import UsageError
from pipeline.records.texts import TextKind, TextPlace
from pipeline.replies.files import Finding
from pipeline.replies.variables import VARIABLES
from pipeline.replies.versions import differences
from pipeline.web.desk.letters_page import STATE_NAMES, link_of
from pipeline.web.desk.visits import Visit

LARGEST_SHOWN = 60_000  # letters of a file: with more than that the page would be slow
BESIDE = ""  # among the parts of a draft: what was typed before one went on from another text


def show_sheet(visit: Visit, now: OpenedText, parts: Mapping[str, str], status: int = 200, **found: Any) -> Response:
    """The editor. `parts`: what stands in it; `found`: what came of a button, see `desk/letter.html`."""
    place, doors = now.place, visit.doors
    shown = {file: even(parts.get(file, "")) for file in place.files}
    found = {"why": "", "draft": None, "conflict": None, "findings": (), "checked": False, "variants": None, **found}
    found = {
        "got": None,
        "offered": None,
        "difference": None,
        "sent": "",
        "problem": None,
        "left": (),
        "last": trying.SHOWN,
        **found,
    }
    conflict: OpenedText | None = found["conflict"]
    opened = found.pop("opened", now.mark)
    return visit.show(
        "desk/letter.html",
        status,
        place=place,
        now=now,
        parts=shown,
        beside=parts.get(BESIDE, ""),
        opened=conflict.mark if conflict else opened,
        apart=list(differences(_evened(conflict.parts), shown)) if conflict else [],
        told=[told(one, shown) for one in found.pop("findings")],
        too_large=sum(map(len, shown.values())) > LARGEST_SHOWN,
        state=state_of(doors, place),
        state_names=STATE_NAMES,
        moment=next(iter(history_of(doors, place, now)), None) if now.parts else None,
        offers=doors.given.article_offers().get((place.language, place.name)) if _is_page(place) else None,
        siblings=list(_siblings(visit, place)),
        begun=doors.text_drafts.all_of(visit.account.address),
        variables=VARIABLES if place.kind is not TextKind.ARTICLE else (),
        others=others_of(visit, place),
        people=people_of(visit),
        link=lambda more="": link_of(place, more),
        frame=lambda mail: f"{link_of(place, '/frame')}{'&' if place.mailbox else '?'}mail={mail}",
        sibling_link=link_of,
        longest_why=LONGEST_WHY,
        **found,
    )


def _is_page(place: TextPlace) -> bool:
    return place.kind is TextKind.ARTICLE


def told(finding: Finding, parts: Mapping[str, str]) -> dict[str, object]:
    """A finding with the line that it is about."""
    lines = even(parts.get(finding.file, "")).split("\n")
    words = lines[finding.line - 1].strip()[:200] if 0 < finding.line <= len(lines) else ""
    return {
        "file": finding.file,
        "line": finding.line,
        "severity": finding.severity,
        "message": finding.message,
        "remedy": finding.remedy,
        "words": words,
    }


def _siblings(visit: Visit, place: TextPlace) -> Iterator[tuple[TextPlace, str | None]]:
    """The same text in all languages; None where it is not there, or can't be read: its own page says why."""
    for language in languages(visit.doors.config):
        one = TextPlace(kind=place.kind, language=language, name=place.name, mailbox=place.mailbox)
        text = None
        with suppress(UsageError):
            text = open_text(visit.doors.config, one).parts.get(one.files[0])
        yield one, text


def _evened(parts: Mapping[str, str]) -> dict[str, str]:
    return {file: even(text) for file, text in parts.items()}


def without_beside(parts: Mapping[str, str]) -> dict[str, str]:
    """The files of a draft alone."""
    return {file: text for file, text in parts.items() if file != BESIDE}


def room(place: TextPlace) -> str:
    """Where those meet who have it before them."""
    return f"text {place.key}"


def people_of(visit: Visit) -> dict[str, str]:
    """What they are called, by their addresses."""
    return {one.address: one.shown for one in visit.doors.accounts.all()}


def others_of(visit: Visit, place: TextPlace) -> list[dict[str, str]]:
    """Who has the text before them just now, and what they do."""
    people, now = people_of(visit), visit.doors.clock.now()
    found = visit.doors.presence.of(room(place), now, but=visit.account.address)
    return [{"name": people.get(one.account, one.account), "doing": one.doing.value} for one in found]
