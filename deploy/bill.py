"""What an installation consists of, for whoever must approve it: `python -m deploy.bill DIR` (part of `make dist`).

Writes `firstline-VERSION.cdx.json`, a software bill of materials as CycloneDX 1.6 describes it
(https://cyclonedx.org/docs/1.6/json/), and `licences.txt`. Names, versions and hashes are those of requirements.lock,
so of what `make install` and the container put there; licences are what each installed package says of itself. Left
out is what the lock has for other systems and Pythons. The same commit and Python give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, distribution
from os import environ
from pathlib import Path
from typing import Any

from packaging.markers import Marker

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
OURS = "firstline"
_ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+?))? \\\n(?P<rest>(?:[ ]+.*\n?)*)",
    re.MULTILINE,
)
_SPDX = {  # what classifiers say, by the name that SPDX has for it (https://spdx.org/licenses/)
    "OSI Approved :: MIT License": "MIT",
    "OSI Approved :: BSD License": "BSD-3-Clause",
    "OSI Approved :: ISC License (ISCL)": "ISC",
    "OSI Approved :: Apache Software License": "Apache-2.0",
    "OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "OSI Approved :: Python Software Foundation License": "PSF-2.0",
    "OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}
_READ = {  # says it in no field: read in the licence file of that package
    "imapclient": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "vadersentiment": "MIT",
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A package of the lock. `needed_by`: names of parts, or of ours."""

    name: str
    version: str
    hashes: tuple[str, ...]  # SHA-256 of each file that may be installed
    needed_by: tuple[str, ...]
    licence: str  # an SPDX expression; '' where the package says none that we know

    @property
    def reference(self) -> str:
        """A package URL (https://github.com/package-url/purl-spec)."""
        return f"pkg:pypi/{self.name}@{self.version}"


def parts(lock: str) -> list[Part]:
    """Those that the lock installs here. Raises PackageNotFoundError where one is not installed."""
    return [
        _part(found) for found in _ENTRY.finditer(lock) if not found["marker"] or Marker(found["marker"]).evaluate()
    ]


def _part(found: re.Match[str]) -> Part:
    name = found["name"].lower()
    hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", found["rest"])
    notes = found["rest"].rpartition("# via")[2].replace("#", " ")
    needed_by = tuple(word for word in re.findall(r"[\w.-]+", re.sub(r"\(.*?\)", "", notes)))
    return Part(
        name=name, version=found["version"], hashes=tuple(hashes), needed_by=needed_by,
        licence=licence_of(distribution(name)),
    )  # fmt: skip


def licence_of(installed: Distribution) -> str:
    """In the words of SPDX: by its expression (PEP 639), else by its field or classifiers, else as we have read it."""
    said = installed.metadata
    name = re.sub(r"[-_.]+", "-", said["Name"]).lower()
    short = (said.get("License") or "").strip()
    if expression := said.get("License-Expression"):
        return expression
    if name in _READ:
        return _READ[name]
    if re.fullmatch(r"[A-Za-z0-9.+-]+-[0-9][A-Za-z0-9.+-]*( (AND|OR) [A-Za-z0-9.+-]+)*|MIT|ISC", short):
        return short
    classes = (one.removeprefix("License :: ") for one in said.get_all("Classifier", []))
    return " OR ".join(sorted({_SPDX[one] for one in classes if one in _SPDX}))


def bill(found: list[Part], version: str, made: datetime) -> dict[str, Any]:
    """The bill of materials. Its serial number is that of what it lists."""
    ours = f"pkg:pypi/{OURS}@{version}"
    references = {OURS: ours} | {part.name: part.reference for part in found}
    needs: dict[str, list[str]] = {reference: [] for reference in references.values()}
    for part in found:
        for who in part.needed_by:
            if who in references:
                needs[references[who]].append(part.reference)
    listed = "\n".join([ours, *(part.reference for part in found)])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, listed)}",
        "version": 1,
        "metadata": {
            "timestamp": made.isoformat(),
            "component": {
                "type": "application", "bom-ref": ours, "name": OURS, "version": version, "purl": ours,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [_component(part) for part in found],
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(needs.items())],
    }  # fmt: skip


def _component(part: Part) -> dict[str, Any]:
    """CycloneDX keeps the hash of one file in `hashes`; a package has several, of which one is installed."""
    files = [{"alg": "SHA-256", "content": one} for one in part.hashes]
    return {
        "type": "library",
        "bom-ref": part.reference,
        "name": part.name,
        "version": part.version,
        "purl": part.reference,
        **({"licenses": [{"expression": part.licence}]} if part.licence else {}),
        "externalReferences": [{"type": "distribution", "url": part.reference, "hashes": files}],
    }


def licences(found: list[Part]) -> Iterator[str]:
    """A line for each part, and before them how many have which licence."""
    kinds = sorted({part.licence for part in found})
    yield f"{len(found)} packages, as each says of itself:"
    for kind in kinds:
        yield f"  {sum(part.licence == kind for part in found):3} {kind or 'not said'}"
    yield ""
    for part in found:
        yield f"{part.name} {part.version}: {part.licence or 'not said'}"


def main(folder: Path) -> None:
    """Writes both files."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    made = datetime.fromtimestamp(int(environ["SOURCE_DATE_EPOCH"]), UTC)
    found = parts(LOCK.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(bill(found, version, made), indent=1) + "\n"
    (folder / f"{OURS}-{version}.cdx.json").write_text(document, encoding="utf-8")
    (folder / "licences.txt").write_text("\n".join(licences(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
