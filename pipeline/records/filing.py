"""What an outside tracker is told, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.records.ticket import Priority, TicketStatus


class FilingAction(StrEnum):
    """What is to be done in an outside tracker."""

    OPEN = "open"
    COMMENT = "comment"
    UPDATE = "update"


class Ability(StrEnum):
    """What a tracker can do beyond taking tickets, comments and changes of status."""

    FIND = "find"  # by our key; without it a ticket may be filed twice after a crash, under the same key
    STANDING = "standing"  # tells how a ticket stands; without it nobody may conclude that one is gone
    OWNER = "owner"
    PRIORITY = "priority"
    FILES = "files"


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment that goes along to a tracker."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """A ticket as an outside tracker is told of it. Personal data is in it only as far as `[tracker] share` says."""

    key: str  # ours, "firstline-" and the ticket's reference: stored there so that it can be found
    title: str  # one line
    text: str  # plain text, the checklist of the resolution included
    priority: Priority = Priority.NORMAL
    labels: tuple[str, ...] = ()
    project: str = ""  # '' the one of the tracker's configuration
    owner: str = ""  # as the tracker names the person, '' nobody
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideTicket:
    """A ticket in an outside tracker."""

    id: str  # as its interface wants it
    url: str  # where a person reads it


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something to be said on an outside ticket. The key is in the text, so that it is found after a crash."""

    key: str
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What is to be different on an outside ticket; None and '' leave it as it is."""

    status: TicketStatus | None = None
    owner: str = ""
    priority: Priority | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideComment:
    """A comment on an outside ticket."""

    id: str
    at: datetime | None
    author: str
    text: str
    public: bool = True  # meant for the customer
    by_team: bool = True  # by somebody who may speak for us, and not by anybody who comes along
    key: str = ""  # of our remark, '' when somebody else said it


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideStanding:
    """How an outside ticket stands."""

    status: TicketStatus  # the tracker's own word, translated
    word: str  # the tracker's own word
    owner: str = ""  # as the tracker names the person
    resolution: str = ""
    said: tuple[OutsideComment, ...] = ()  # oldest first
