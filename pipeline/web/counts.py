"""What is counted over all time, for the figures of a monitor."""

from __future__ import annotations

from typing import Any

from pipeline.store.database import Database
from pipeline.store.metrics import Metrics, Period
from pipeline.store.status_page import Standings

_ENDLESS = Period()


def count_everything(database: Database) -> dict[str, Any]:
    """What the store says over all time: mails by fate, promises by kind and state, surveys by kind, tickets by status.

    Takes a while on a large store: see Remembered in site.py.
    """
    store = Metrics(database)
    return {
        "mails": store.mails(_ENDLESS).get(None, {}),
        "promises": store.promises(_ENDLESS).get(None, {}),
        "surveys": store.surveys(_ENDLESS).get(None, {}),
        "tickets": Standings(database).by_status(),
    }
