"""Past mail labelled once more: what another version says of it beside what was said then."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelPair:
    """So many mails of which one head said `then`, and says `now`. None: nothing."""

    then: str | bool | None
    now: str | bool | None
    then_sure: bool
    now_sure: bool
    mails: int
