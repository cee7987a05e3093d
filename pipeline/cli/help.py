"""`firstline help`: pages of the documentation, read without a network. Errors name the topic that tells more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import NotFoundError

# A topic, and where it is told of: page and heading. What an error names (FirstlineError.topic) stands here.
TOPICS: Mapping[str, str] = {
    "configuration": "reference/configuration.md",
    "erasing": "privacy.md#delete-me",
    "exit-codes": "operating.md#exit-codes",
    "learning": "data.md#on-monday-with-a-mailbox-and-no-label",
    "login": "providers.md#how-oauth2-works-here",
    "loops": "operating.md#mail-loops",
    "model": "model.md#safety",
    "parked": "operating.md#states-of-a-mail",
    "red": "operating.md#what-it-means-when-the-monitor-is-red",
    "refused": "operating.md#mail-that-comes-back",
    "restore": "operating.md#backups",
    "silence": "operating.md#silence-and-who-decided-on-it",
    "sure": "model.md#sure-or-not",
    "templates": "templates.md#what-is-checked",
    "uncertain": "operating.md#states-of-an-effect",
    "unreachable": "operating.md#unattended",
    "upgrade": "operating.md#upgrades",
}
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)  # a comment in a configuration is no heading


def help_on(topic: Annotated[str, typer.Argument(help="What about; without it, what there is.")] = "") -> None:
    """Print a page of the documentation: what an error means, and what to do."""
    if not topic:
        for name, place in TOPICS.items():
            print(f"firstline help {name:<14} docs/{place}")
        return
    from pipeline.config.shipped import find_shipped

    if topic not in TOPICS:
        raise NotFoundError(f"there is no help on {topic!r}", remedy=f"one of: {', '.join(TOPICS)}")
    print(section_of(find_shipped() / "docs", TOPICS[topic]))


def section_of(folder: Path, place: str) -> str:
    """What stands at a place, PAGE or PAGE#HEADING, up to the next heading of its rank. Raises NotFoundError."""
    page, _, anchor = place.partition("#")
    text = (folder / page).read_text(encoding="utf-8")
    if not anchor:
        return text.strip()
    headings = list(_HEADING.finditer(_FENCED.sub(lambda found: " " * len(found[0]), text)))
    for number, heading in enumerate(headings):
        if anchor_of(heading[2]) == anchor:
            later = (one.start() for one in headings[number + 1 :] if len(one[1]) <= len(heading[1]))
            return text[heading.start() : next(later, len(text))].strip()
    raise NotFoundError(f"the page has no part {anchor!r}", where=f"docs/{page}", remedy="report it")


def anchor_of(heading: str) -> str:
    """How a link names a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
