"""How the jobs are called in the table `health`: for those who tell of them and need nothing else of them."""

from __future__ import annotations

from typing import Final

BACKUP: Final = "backup"
DIGEST: Final = "digest"
FOLLOW: Final = "follow up"
LEADERSHIP: Final = "leadership"
PURGE: Final = "purge"
INDEX_ANEW: Final = "index anew"  # of search
RECONCILE: Final = "reconcile"
REPORT: Final = "report"
RENEWAL: Final = "renewal"  # a training that an erasure asks for
RETRAIN: Final = "retrain"
