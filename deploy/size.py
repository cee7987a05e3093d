"""What an installation without extras weighs: `python -m deploy.size SITE_PACKAGES` (part of `make size`).

Compiled files are left out: Python makes them anew wherever it may. Exit code 1 when it is more than we allow.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

MOST = 370  # MB, for the base install


def weights(site: Path) -> Counter[str]:
    """Bytes by folder or file at the top."""
    found: Counter[str] = Counter()
    for path in site.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.suffix != ".pyc":
            found[path.relative_to(site).parts[0]] += path.stat().st_size
    return found


def main(site: Path) -> int:
    """Prints the heaviest and the whole."""
    found = weights(site)
    whole = found.total() / 1e6
    for name, size in found.most_common(12):
        print(f"{size / 1e6:6.1f} MB  {name}")
    print(f"{whole:6.1f} MB  in all; {MOST} are allowed")
    return int(whole > MOST)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
