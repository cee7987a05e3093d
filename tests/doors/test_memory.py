"""Unused memory goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

FRAGMENTED = """
from pathlib import Path
from pipeline.engine.memory import give_back

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

pieces = [bytes(1000) for _ in range(50_000)]
kept = pieces[::50]
full = resident()
del pieces
before = resident()
give_back()
print(full - before, full - resident())
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library has no malloc_trim"
)
def test_memory_between_what_is_still_used_is_given_back() -> None:
    told = subprocess.run([sys.executable, "-c", FRAGMENTED], capture_output=True, text=True, check=True).stdout
    freed, given_back = map(int, told.split())
    assert freed < 5_000_000 < 30_000_000 < given_back
