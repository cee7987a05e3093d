"""[log]: where `run` and `web` write what they do."""

from __future__ import annotations

from pipeline.config.values import Section


class LogConfig(Section):
    """[log]"""

    file: str = ""
