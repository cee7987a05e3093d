"""How long the lint takes: one letter, and five hundred files, start of the child process included.

`python -m bench.templates [FILES]`: the shipped letters, in as many languages of another name as it takes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pipeline.replies.files import take_snapshot
from pipeline.replies.supervise import check

SHIPPED = Path(__file__).parent.parent / "templates"


def main(count: int = 500) -> None:
    """Prints how long a check takes, of one letter and of this many files."""
    shipped = take_snapshot(SHIPPED)
    many: dict[str, bytes | OSError] = {}
    for number in range(count // len(shipped) + 1):
        many |= {file.replace("/", f"{number}/"): data for file, data in shipped.items()}
    _tell("one letter", dict(shipped), ["en/delivery-complaint.txt"])
    _tell(f"{count} files", many, list(many)[:count])


def _tell(what: str, files: dict[str, bytes | OSError], only: list[str]) -> None:
    began = time.perf_counter()
    report = check(files, only=only)
    print(f"{what}: {time.perf_counter() - began:.2f} s, {len(report.findings)} findings")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
