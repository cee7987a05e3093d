"""Who may see and do what at the desk: the one table. A page or action that is not in it does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.records.account import DeskRole

_A, _D, _L, _M = DeskRole.AGENT, DeskRole.DATA, DeskRole.LEAD, DeskRole.ADMIN
EVERYBODY = frozenset(DeskRole)
_AGENTS = frozenset({_A, _L, _M})
_TEACHERS = frozenset({_D, _M})

# What the pages are called in the table of roles: see `web/desk/roles_page.py`.
MAY: Mapping[str, frozenset[DeskRole]] = MappingProxyType(
    {
        # pages
        "see-today": EVERYBODY,
        "see-case": EVERYBODY,
        "see-draft": _AGENTS,  # one's own
        "search": EVERYBODY,
        "see-figures": EVERYBODY,
        "see-figures-of-people": frozenset({_L, _M}),  # how one of us does
        "export-figures": EVERYBODY,
        "see-report": frozenset({_L, _M}),
        "see-machine": EVERYBODY,
        "see-roles": EVERYBODY,
        "see-account": EVERYBODY,  # one's own
        "see-accounts": frozenset({_M}),
        "see-audit": frozenset({_L, _M}),
        "export-audit": frozenset({_L, _M}),
        "see-privacy": frozenset({_L, _M}),
        "see-settings": frozenset({_L, _M}),
        "see-announcements": _AGENTS,
        # one's own things
        "sign-out": EVERYBODY,
        "change-account": EVERYBODY,
        "change-password": EVERYBODY,
        "end-session": EVERYBODY,
        "save-view": EVERYBODY,
        "delete-view": EVERYBODY,
        # cases
        "answer": _AGENTS,
        "write-draft": _AGENTS,
        "note": EVERYBODY,
        "assign": _AGENTS,
        "set-status": _AGENTS,
        "set-priority": _AGENTS,
        "close-silently": _AGENTS,
        "give-grant": _AGENTS,
        "join": _AGENTS,
        "split": _AGENTS,
        "open-case": _AGENTS,
        "say-answered": _AGENTS,
        "release": _AGENTS,
        "discard": _AGENTS,
        "change-label": EVERYBODY,
        "batch": _AGENTS,
        "settle-letter": _AGENTS,
        # what customers read
        "see-letters": _AGENTS,
        "try-text": _AGENTS,
        "save-text": _AGENTS,
        "restore-text": _AGENTS,
        "send-text": _AGENTS,
        # the model
        "see-review": EVERYBODY,
        "label-mail": EVERYBODY,
        "see-confirm": EVERYBODY,
        "confirm-mail": EVERYBODY,
        "see-model": EVERYBODY,
        "see-doubts": _TEACHERS,
        "fix-label": _TEACHERS,
        "see-groups": _TEACHERS,
        "name-group": _TEACHERS,
        "find-groups": _TEACHERS,
        "check-labels": _TEACHERS,
        "train-model": _TEACHERS,
        "promote-model": _TEACHERS,
        "roll-back-model": _TEACHERS,
        # personal data
        "look-up-customer": frozenset({_L, _M}),
        "save-customer": frozenset({_L, _M}),
        "erase-customer": frozenset({_M}),
        # known problems
        "try-announcement": _AGENTS,
        "announce": _AGENTS,
        # topics, grants and the calendar
        "try-settings": frozenset({_M}),
        "change-settings": frozenset({_M}),
        # accounts
        "add-account": frozenset({_M}),
        "change-role": frozenset({_M}),
        "disable-account": frozenset({_M}),
        "invite": frozenset({_M}),
    }
)


def may(role: DeskRole, action: str) -> bool:
    """Raises KeyError for what is not in the table: a mistake of ours, not of a visitor."""
    return role in MAY[action]
