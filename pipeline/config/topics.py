"""[topics.NAME] and [grants.NAME]: prepared situations, and what staff may give."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

from pydantic import Field, field_validator

from pipeline.config.values import ADDRESS, Duration, PriorityWord, Rate, RateText, Section
from pipeline.records.ticket import Priority

_NAMED = re.compile(r"([^<>]*)<([^<>]+)>")


class TopicConfig(Section):
    """[topics.NAME]: a prepared situation."""

    title: dict[str, str] = Field(default_factory=dict)
    owner: str = ""
    acknowledge: bool = True
    template: str = ""
    respond_within: Duration = timedelta(hours=8)
    resolve_within: Duration = timedelta(hours=40)
    track: Literal["complaints", "all", "never"] = "complaints"
    may_grant: tuple[str, ...] = Field(default=(), strict=False)
    articles: tuple[str, ...] = Field(default=(), strict=False)
    tracker: str = ""  # board, or NAME of [trackers.NAME]; '' that of [tracker]
    project: str = ""  # there; '' the tracker's own
    labels: tuple[str, ...] = Field(default=(), strict=False)  # there, beside the tracker's own
    priority: PriorityWord = Priority.NORMAL
    checklist: tuple[str, ...] = Field(default=(), strict=False)  # how a ticket is resolved

    @field_validator("owner")
    @classmethod
    def _can_be_told(cls, value: str) -> str:
        if value and not re.fullmatch(ADDRESS, _NAMED.sub(r"\2", value)):
            raise ValueError('an address, "Anna Virtanen <anna@your-company.com>", or "" for nobody')
        return value

    @property
    def owner_name(self) -> str:
        """The name of an owner written "Name <address>", '' for a bare address."""
        return _NAMED.sub(r"\1", self.owner).strip(' "') if _NAMED.fullmatch(self.owner) else ""

    @property
    def owner_address(self) -> str:
        """Whom the ticket is assigned to: the address, or the owner as written."""
        return _NAMED.sub(r"\2", self.owner)


class GrantConfig(Section):
    """[grants.NAME]: what staff may give a customer without asking."""

    title: dict[str, str] = Field(min_length=1)
    per_customer: RateText = Rate(count=1, window=timedelta(days=365))
