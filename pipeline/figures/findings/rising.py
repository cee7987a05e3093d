"""A matter that many write about at once, and no letter tells of yet."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures import rising
from pipeline.figures.finding import Comparison, ReportFinding, name_first
from pipeline.store.announcements import Announcements


def find(on: Comparison) -> Iterator[ReportFinding]:
    """One a matter."""
    open_ones = Announcements(on.database).all(only_open=True)
    for rise in rising.look(on.database, open_ones, on.now):
        since, about = f"{rise.since.astimezone(on.zone):%H:%M %Z}", rising.matter(rise.topic, rise.words)
        yield ReportFinding(
            kind="rising",
            what=f"since {since} many customers write about {about}",
            do=f"find out what is behind it, and tell the others before they ask: {rising.how_to_tell(rise.topic)}",
            about=name_first(rise.mails),
            evidence=f"{rise.customers} of the {rise.of} customers who wrote, usually {rise.usual:.0%}",
        )
