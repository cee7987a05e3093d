"""[replies]: the letters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.config.values import LANGUAGE, Section, Words


class RepliesConfig(Section):
    """[replies]"""

    templates: str = "templates"
    company: str = ""
    signature: Words = ""
    language: str = Field(default="en", pattern=r"^[a-z]{2}$", description=LANGUAGE)
    fallback: dict[str, list[str]] = Field(default_factory=dict)
    html: Literal["files", "always"] = "always"

    def signature_in(self, language: str) -> str:
        """Of a letter in this language: its own, else that of `language`, else the first; else the company."""
        if isinstance(self.signature, str):
            return self.signature or self.company
        by_language = self.signature
        return (
            by_language.get(language)
            or by_language.get(self.language)
            or next(iter(by_language.values()), self.company)
        )
