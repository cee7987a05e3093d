"""[store], [backup] and [security]: the database, copies of it, and the key that signs."""

from __future__ import annotations

from pydantic import Field, field_validator

from pipeline.config.values import Secret, SecretRef, Section


class StoreConfig(Section):
    """[store]"""

    url: str = "sqlite:///var/firstline.db"
    mount: str = ""
    share_files: bool = False

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("begins with sqlite:/// or postgresql://")
        return value


class BackupConfig(Section):
    """[backup]: where `firstline backup` puts copies, and how many stay."""

    folder: str = Field(default="var/backups", min_length=1)
    keep: int = Field(default=7, ge=1, le=10_000)


class SecurityConfig(Section):
    """[security]"""

    key: SecretRef = Secret(file="var/key")
