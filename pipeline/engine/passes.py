"""How the last pass over a server went, noted for `status`."""

from __future__ import annotations

from datetime import datetime

from pipeline import logs
from pipeline.store.mails import Mails

SETTINGS = "config"  # what of config.toml is not in use
CONNECTIONS = "smtp.connections"  # noted in words, in the place of an error: how many are open, and may be


def note(reading: Mails, name: str, now: datetime, error: str) -> None:
    """Notes a failed pass; when it is the database that fails, in whatever way, the log must do."""
    try:
        reading.note_pass(name, now, error)
    except Exception as trouble:
        logs.get("run").error("the state can't be noted", problem=str(trouble))
