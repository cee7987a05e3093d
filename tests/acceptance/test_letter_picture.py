"""A letter as a customer sees it: the HTML part of a complaint letter, in a browser that asks nobody for anything."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from tests.desk import ROOT, in_process
from tests.pictures import picture


def test_a_complaint_letter_is_whole_without_asking_anybody_for_anything(tmp_path: Path, browser: Any) -> None:
    shutil.copy(ROOT / "config.toml", tmp_path)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    words = ("template", "preview", "delivery-complaint", "--language", "en", "--html", "letters.html")
    done = in_process(words, tmp_path, {**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    page = browser.new_page()
    page.goto((tmp_path / "letters.html").as_uri())
    letter = page.locator("iframe").first.get_attribute("srcdoc")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(letter)
    assert "Please accept our apology" in page.inner_text("body")
    assert asked == []
    picture(page, "letter", width=760, height=600)
    page.close()
