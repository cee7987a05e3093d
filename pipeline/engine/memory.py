"""Memory that is free goes back to the system, and how often Python looks for what is free."""

from __future__ import annotations

import gc
import sys

NEW_OBJECTS = 20_000  # before Python looks for circles among them; some MB


def collect_seldom() -> None:
    """A backlog makes objects by the million, hardly any of them in circles: what is here already is not looked
    through again, and what comes only every so many."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


def give_back() -> None:
    """glibc keeps what was freed, for each thread apart: after months of batches large and small that is a lot.

    malloc_trim(3) hands back all whole pages. Other C libraries have none, and do so by themselves.
    """
    import ctypes  # takes time, and the helper process needs only what is above

    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
