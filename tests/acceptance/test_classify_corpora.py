"""Every raw mail of the public collections goes through `classify --json`: one line each, exit 0, no error."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from tests.desk import ROOT, Desk

SHARED = ROOT.parent / "shared" / "data"
ARCHIVES = {
    "spamassassin/messages.tar.gz": "",
    "mail_fixtures/stalwart_mail_parser.tar.gz": ".eml",
    "mail_fixtures/mikel_mail.tar.gz": "",
}


@pytest.mark.parametrize(("archive", "ending"), ARCHIVES.items())
def test_every_raw_mail_is_classified(archive: str, ending: str, tmp_path: Path) -> None:
    if not (SHARED / archive).exists():
        pytest.skip("../shared/data is not beside this checkout")
    with tarfile.open(SHARED / archive) as packed:
        packed.extractall(tmp_path / "mails", filter="data")
    files = sorted(path for path in (tmp_path / "mails").rglob("*") if path.is_file() and path.name.endswith(ending))
    assert len(files) > 90
    rows = Desk(tmp_path / "desk", 1, 1, "x").jsonl("classify", *map(str, files))
    assert [row["file"] for row in rows] == [str(file) for file in files]
    assert [row["file"] for row in rows if row["error"]] == []
    assert all(json.dumps(row) for row in rows)
