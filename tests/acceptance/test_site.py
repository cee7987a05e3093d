"""The site of the documentation, in a real browser: whole, readable at each width, and quiet towards everybody else."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.desk import ROOT

MKDOCS = ROOT / ".venv-docs/bin/mkdocs"
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
PAGES = ("index.html", "operating.html", "reference/commands.html", "benchmarks/pipeline.html", "CHANGELOG.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does: a link that leads nowhere is an error."""
    if not MKDOCS.exists():
        pytest.skip("what builds the site is not here: make .venv-docs/ready")
    folder = tmp_path_factory.mktemp("site")
    words = [MKDOCS, "build", "--quiet", "--strict", "--site-dir", folder]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def _open(browser: Any, address: str, width: int, scheme: str) -> tuple[Any, list[str]]:
    """A page of this look, and what it asked others for, or complained about."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, wrong = context.new_page(), list[str]()
    page.on(
        "request", lambda asked: None if asked.url.startswith((address, "data:", "blob:")) else wrong.append(asked.url)
    )
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_ask_nobody_else_for_anything_and_fit_the_screen(
    address: str, browser: Any, width: int, scheme: str
) -> None:
    page, wrong = _open(browser, address, width, scheme)
    for name in PAGES:
        page.goto(f"{address}/{name}")
        assert page.get_attribute("body", "data-md-color-scheme") == ("slate" if scheme == "dark" else "default")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.context.close()
    assert wrong == []


def test_a_word_is_found(address: str, browser: Any) -> None:
    page, wrong = _open(browser, address, 1280, "light")
    page.goto(f"{address}/index.html")
    page.get_by_role("textbox", name="Search").fill("introspection_url")
    found = page.locator(".md-search-result__link").first
    found.wait_for(state="visible", timeout=60_000)
    assert "providers.html" in found.get_attribute("href")
    page.context.close()
    assert wrong == []


def test_a_dead_link_stops_the_build(site: Path, tmp_path: Path) -> None:
    for name in ("docs", "handbook"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    with (tmp_path / "docs/index.md").open("a", encoding="utf-8") as page:
        page.write("\n[nowhere](operating.md#no-such-part)\n")
    words = [MKDOCS, "build", "--strict", "--site-dir", tmp_path / "site"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "no-such-part" in done.stderr
