"""Known holes in the libraries of requirements.lock: `python -m deploy.audit REPORT` (part of `make audit`).

REPORT is what pip-audit has found, as JSON. It calls a package "skipped" that its database can't be asked about, and
ends as if all were well. So what was not looked at is said here, and is no success: exit code 0 when all were looked at
and nothing is known, 1 for a known hole, 3 when packages could not be looked at.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OK, HOLES, UNREACHABLE = 0, 1, 3  # as the command has them


@dataclass(frozen=True)
class Audit:
    """What came of it."""

    looked_at: int
    skipped: tuple[str, ...]
    holes: tuple[str, ...]

    @property
    def code(self) -> int:
        """Of the exit."""
        return HOLES if self.holes else UNREACHABLE if self.skipped or not self.looked_at else OK

    def lines(self) -> Iterator[str]:
        """For people."""
        yield from self.holes
        if not self.looked_at:
            yield "no database of known holes could be reached: NOTHING was looked at"
        elif self.skipped:
            yield f"not looked at: {', '.join(self.skipped)}"
        yield f"{self.looked_at} packages looked at, {len(self.holes)} known holes"


def judge(report: dict[str, Any]) -> Audit:
    """Of pip-audit's report (its format `json`)."""
    packages = report["dependencies"]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for one in packages
        for hole in one.get("vulns", ())
    ]
    return Audit(len(packages) - len(skipped), tuple(skipped), tuple(holes))


def main(file: Path) -> int:
    """Prints it. Without a report pip-audit could not even begin."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    audit = judge(json.loads(text) if text.strip() else {"dependencies": []})
    print("\n".join(audit.lines()))
    return audit.code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
