"""What a command waits for before it begins: the imports of what it does not need.

Counting them does not depend on the machine's mood, as timing would. `python -m bench.start` takes the time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk import Desk

# Each takes from 20 ms to 2 s.
HEAVY = frozenset(
    "sklearn scipy pandas numpy joblib matplotlib onnxruntime fastapi starlette uvicorn jinja2 babel holidays alembic "
    "apscheduler httpx2 imapclient smtplib psycopg structlog rich prometheus_client phonenumbers resiliparse "
    "css_inline sqlalchemy sqlalchemy.dialects.postgresql pydantic".split()
)
USUAL = {"sqlalchemy", "pydantic"}
TABLE = USUAL | {"rich"}  # prints a table for people
ALLOWED: dict[str, set[str]] = {
    "--help": set(),
    "status": USUAL | {"jinja2"},  # whether the letters can be used
    "today": TABLE | {"jinja2"},
    "metrics": TABLE,
    "metrics --by template": TABLE,
    "ticket list": TABLE,
    "ticket show AAAA-AAAA": USUAL,
    "ticket comment AAAA-AAAA hello": USUAL,
    "mail list": TABLE,
    "mail list --review": TABLE,
    "mail show AAAA-AAAA": USUAL,
    "mail explain AAAA-AAAA": USUAL,
    "mail bounces list": TABLE,
    "search parcel": TABLE,
    "announcement list": TABLE,
    "view list": TABLE,
    "audit": TABLE,
    "user list": TABLE,
    "db check": USUAL,
    "data stats": TABLE,
    "model list": TABLE,
    "template list": {"pydantic", "jinja2", "rich"},
    "template lint": {"pydantic", "jinja2", "rich"},
}
SCRIPT = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from pipeline.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Its database is there: to make it needs alembic."""
    desk = Desk(tmp_path_factory.mktemp("start") / "desk", 1, 1, "support@example.com")
    (desk.folder / "training_data").mkdir()
    (desk.folder / "training_data/own.csv").write_text("text,topic\nWhere is it?,delivery\n", encoding="utf-8")
    desk.run("db", "check")
    return desk


@pytest.mark.parametrize("words", ALLOWED)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(ready: Desk, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words.split()],
        cwd=ready.folder,
        env=ready.environment(PYTHONPATH=str(Path(__file__).parents[2])),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "unexpected" not in done.stderr
    imported = set(json.loads(done.stderr.splitlines()[-1]))
    assert (imported & HEAVY) - ALLOWED[words] == set()
