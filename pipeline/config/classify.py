"""[classify]: the model, and how often it may be wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from pipeline.config.values import Duration, Section

MULTILINGUAL = Path("multilingual")  # in place of a folder: the encoder of the extra of that name


class MaxError(Section):
    """[classify] max_error: how often the machine may be wrong where it says it is sure."""

    topic: float = Field(default=0.05, gt=0, lt=1)
    complaint: float = Field(default=0.05, gt=0, lt=1)
    sentiment: float = Field(default=0.05, gt=0, lt=1)


class ClassifyConfig(Section):
    """[classify]"""

    models: str = "models"
    encoder: str = ""
    max_error: MaxError = MaxError()
    confirmed_for: Duration = Field(default=timedelta(days=180), ge=timedelta(days=7))
