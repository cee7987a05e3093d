"""Memory that is free goes back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """glibc keeps what was freed, for each thread apart: after months of batches large and small that is a lot.

    malloc_trim(3) hands back all whole pages. Other C libraries have none, and do so by themselves.
    """
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
