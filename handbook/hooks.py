"""Hooks of MkDocs: pages that stand beside docs/, and links that lead out of it.

README, CONTRIBUTING and their like stand where people look for them in a checkout. In the site they are pages like all
others. A link to a file that is no page (code, config.toml) keeps its words and leads nowhere: the site knows no server
on which the code lies.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
BESIDE = (
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "models/README.md",
    "templates/README.md",
    "training_data/README.md",
)  # each is the page of the same name
LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^()\s#]+)(#[^()\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Adds the pages that stand beside docs/."""
    for name in BESIDE:
        if (ROOT / name).exists():
            files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """The page with its links as they are in the site."""
    name = page.file.src_uri
    return LINK.sub(lambda found: _link(found, name, files), markdown)


def _link(found: re.Match[str], page: str, files: Files) -> str:
    """One link: to a page, to another server as it stands, or only its words."""
    words, target, anchor = found[1], found[2], found[3] or ""
    if "://" in target or target.startswith("mailto:"):
        return found[0]
    folder = posixpath.dirname(page if page in BESIDE else f"docs/{page}")
    wanted = posixpath.normpath(posixpath.join(folder, target))
    inside = wanted.removeprefix("docs/")
    if files.get_file_from_path(inside) is None:
        exists = (ROOT / wanted).exists()
        return words if exists and not wanted.startswith("docs/") else found[0]
    return f"[{words}]({posixpath.relpath(inside, posixpath.dirname(page) or '.')}{anchor})"
