"""A working folder for `firstline data …`, and the command run in it inside this process."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import FirstlineError

CONFIG = """
[topics.delivery]
owner = "logistics@example.com"
[topics.billing]
owner = "accounts@example.com"
"""


class DataFolder:
    def __init__(self, folder: Path, config: str = CONFIG) -> None:
        self.folder = folder
        self.training_data = folder / "training_data"
        (folder / "config.toml").write_text(config, encoding="utf-8")

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def say(self, *words: str, code: int = 0, lines: Sequence[str] = ()) -> str:
        """What the command prints when it reads these lines. Raises the error that a user would read."""
        typed = "".join(f"{line}\n" for line in lines)
        result = CliRunner().invoke(app, ["--config", str(self.folder / "config.toml"), *words], input=typed)
        if isinstance(result.exception, FirstlineError):
            raise result.exception
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result.stdout

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.say(*words, "--json", code=code))

    def jsonl(self, *words: str) -> list[Any]:
        return [json.loads(line) for line in self.say(*words, "--json").splitlines()]

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.training_data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
