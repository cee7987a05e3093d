"""[engine]: whether one process does the work, or any number of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.config.values import Section


class EngineConfig(Section):
    """[engine]"""

    kind: Literal["local", "procrastinate"] = Field(default="local")

    @property
    def is_shared(self) -> bool:
        """Do several processes share the work?"""
        return self.kind == "procrastinate"
