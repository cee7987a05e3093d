"""[store] and [security]: the database, and the key that signs."""

from __future__ import annotations

from pydantic import field_validator

from pipeline.config.values import Secret, SecretRef, Section


class StoreConfig(Section):
    """[store]"""

    url: str = "sqlite:///var/firstline.db"

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("begins with sqlite:/// or postgresql://")
        return value


class SecurityConfig(Section):
    """[security]"""

    key: SecretRef = Secret(file="var/key")
