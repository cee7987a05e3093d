"""[replies]: the letters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.config.values import Section


class RepliesConfig(Section):
    """[replies]"""

    templates: str = "templates"
    company: str = ""
    signature: str = ""
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    fallback: dict[str, list[str]] = Field(default_factory=dict)
    html: Literal["files", "always"] = "always"
