"""[guard]: may a robot answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, field_validator

from pipeline.config.values import Duration, Rate, RateText, Section


def _several(value: object) -> object:
    """One text, or a list of them."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(value) if isinstance(value, list) else value


Labels = Annotated[tuple[str, ...], BeforeValidator(_several)]


class FormConfig(Section):
    """A contact form: its address, and the labels of its fields where the customer stands nowhere else."""

    model_config = ConfigDict(populate_by_name=True)

    sender: str = Field(alias="from")
    email: Labels = ()
    name: Labels = ()
    text: Labels = ()

    @field_validator("sender")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if "@" not in value:
            raise ValueError(f"'{value}' is no address")
        return value

    @property
    def has_fields(self) -> bool:
        """Its text is made of fields whose labels are known."""
        return bool(self.email or self.name or self.text)


def _form(value: object) -> object:
    """An address alone is a form whose Reply-To is the customer."""
    return {"from": value} if isinstance(value, str) else value


class GuardConfig(Section):
    """[guard]"""

    allow: tuple[str, ...] = Field(default=(), strict=False)
    forms: tuple[Annotated[FormConfig, BeforeValidator(_form)], ...] = Field(default=(), strict=False)
    forwarders: tuple[str, ...] = Field(default=(), strict=False)
    authserv: tuple[str, ...] = Field(default=(), strict=False)
    limit_thread: RateText = Rate(count=1, window=timedelta(days=1))
    limit_sender: RateText = Rate(count=10, window=timedelta(days=1))
    limit_domain: RateText = Rate(count=500, window=timedelta(hours=1))
    limit_system: RateText = Rate(count=5000, window=timedelta(hours=1))
    same_subject: RateText = Rate(count=1, window=timedelta(days=1))
    bounce_memory: Duration = timedelta(days=60)

    @property
    def limits(self) -> dict[str, Rate]:
        """By their keys."""
        named = ("limit_thread", "limit_sender", "limit_domain", "limit_system", "same_subject")
        return {name: getattr(self, name) for name in named}
