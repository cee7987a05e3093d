"""Takes the steps of deploy/Containerfile in plain folders, where no container engine is at hand.

`python -m deploy.steps BASE OUT`, as root. BASE: a root made by debootstrap of the same Debian; it is left as it is.

What is in OUT afterwards is what the image would hold. It knows as much of the language as our file uses
(https://docs.docker.com/reference/dockerfile/), and says so of anything else.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONTAINERFILE = ROOT / "deploy/Containerfile"
HANDED_ON = ("PIP_", "SSL_", "http", "no_proxy")  # how this machine reaches a registry
ABOUT = ("EXPOSE", "HEALTHCHECK", "VOLUME", "STOPSIGNAL", "CMD")  # what a running container is like


@dataclass(frozen=True)
class Step:
    """One instruction. `rest`: in one line."""

    word: str
    rest: str

    @property
    def list(self) -> list[str]:
        """What it names as a list of JSON (its exec form)."""
        return list(json.loads(self.rest[self.rest.index("[") :]))


@dataclass
class Stage:
    """From one FROM to the next."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def rest_of(self, word: str) -> list[str]:
        """Of each step of that kind."""
        return [step.rest for step in self.steps if step.word == word]


def read(text: str) -> list[Stage]:
    """Raises ValueError for what is no instruction."""
    stages: list[Stage] = []
    for step in _steps(text):
        if step.word == "FROM":
            base, _, name = step.rest.partition(" AS ")
            stages.append(Stage(base, name))
        else:
            stages[-1].steps.append(step)
    return stages


def _steps(text: str) -> Iterator[Step]:
    without_comments = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    for line in re.sub(r"\\\n\s*", "", without_comments).splitlines():
        if not line.strip():
            continue
        found = re.fullmatch(r"([A-Z]+) (.+)", line.strip())
        if not found:
            raise ValueError(f"this is no instruction: {line}")
        yield Step(found[1], found[2])


class Room:
    """The folder in which a stage becomes what it shall be."""

    def __init__(self, folder: Path, base: Path, others: dict[str, Path]) -> None:
        self.folder, self.others = folder, others
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
        subprocess.run(["cp", "-a", "--", base, folder], check=True)

    def take(self, step: Step) -> None:
        """Raises ValueError for one that it does not know, CalledProcessError for one that fails."""
        if step.word == "RUN":
            self._run(step.rest)
        elif step.word == "COPY":
            self._copy(step.rest.split())
        elif step.word == "ENV":
            self.environment |= dict(pair.split("=", 1) for pair in step.rest.split())
        elif step.word == "WORKDIR":
            (self.folder / step.rest.strip("/")).mkdir(parents=True, exist_ok=True)
        elif step.word not in (*ABOUT, "USER"):
            raise ValueError(f"deploy/steps.py does not know {step.word}")

    def _run(self, command: str) -> None:
        """With /proc and /dev, and the way to the registry of this machine."""
        reach = {name: value for name, value in os.environ.items() if name.startswith(HANDED_ON)}
        for file in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
            if Path("/", file).is_file():
                (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(Path("/", file), self.folder / file)
        # Both mounts are gone with the namespace.
        script = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" /bin/sh -c "$1"'
        subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "sh", "-c", script, self.folder, command],
            env={**reach, "DEBIAN_FRONTEND": "noninteractive", **self.environment}, check=True,
        )  # fmt: skip

    def _copy(self, words: list[str]) -> None:
        source = ROOT
        if words[0].startswith("--from="):
            source = self.others[words.pop(0).removeprefix("--from=")]
        *what, target = words
        for pattern in what:
            found = sorted(source.glob(pattern.lstrip("/")))
            if not found:
                raise ValueError(f"{pattern} is not there: `make dist` builds it")
            for one in found:
                into = self.folder / target.strip("/")
                place = into / one.name if target.endswith("/") else into
                place.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "-a", "--", one, place], check=True)


def main(base: Path, out: Path) -> None:
    """All stages; the last one's folder is OUT, the others are removed."""
    rooms: dict[str, Path] = {}
    stages = read(CONTAINERFILE.read_text(encoding="utf-8"))
    for stage in stages:
        folder = out if stage is stages[-1] else out.with_name(f"{out.name}-{stage.name}")
        room = Room(folder, base, dict(rooms))
        for step in stage.steps:
            print(f"{step.word} {step.rest}", flush=True)
            room.take(step)
        rooms[stage.name] = folder
    for name, folder in rooms.items():
        if name:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
