"""A tracker's own words for how a ticket stands, and ours."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.records.ticket import TicketStatus


class Statuses:
    """Translates both ways. What the operator says (`statuses` of the configuration) comes before what is built in."""

    def __init__(self, built_in: Mapping[str, TicketStatus], own: Mapping[str, TicketStatus]) -> None:
        self._own = {word.casefold(): status for word, status in own.items()}
        self._all = {**built_in, **self._own}
        self._words = [*own, *(word for word in built_in if word not in self._own)]

    def meaning(self, *words: str, otherwise: TicketStatus = TicketStatus.OPEN) -> TicketStatus:
        """Ours, of the first of the tracker's words that is known."""
        for word in words:
            if status := self._all.get(word.casefold()):
                return status
        return otherwise

    def configured(self, *words: str) -> TicketStatus | None:
        """The same by the operator's words alone."""
        return next((self._own[word.casefold()] for word in words if word.casefold() in self._own), None)

    def words(self, status: TicketStatus) -> list[str]:
        """The tracker's words that mean this, best first."""
        return [word for word in self._words if self._all[word.casefold()] is status]
