"""What is known of the big providers: `preset` in [mailbox.NAME] and [smtp]. A key that is written wins."""

from __future__ import annotations

from collections.abc import Mapping

Preset = Mapping[str, object]


def _imap(host: str) -> Preset:
    return {"host": host, "port": 993, "security": "tls"}


def _smtp(host: str, port: int, connections: int, limit: str) -> Preset:
    security = "tls" if port == 465 else "starttls"
    return {"host": host, "port": port, "security": security, "connections": connections, "limit": limit}


MAILBOXES: dict[str, Preset] = {
    "microsoft365": _imap("outlook.office365.com"),
    "google": _imap("imap.gmail.com"),
    "yahoo": _imap("imap.mail.yahoo.com"),
    "icloud": _imap("imap.mail.me.com"),
    "fastmail": _imap("imap.fastmail.com"),
    "zoho": _imap("imap.zoho.com"),
}
# A little below what the providers take in a minute, where they say so: docs/providers.md.
SMTP_SERVERS: dict[str, Preset] = {
    "microsoft365": _smtp("smtp.office365.com", 587, 2, "28 per 1m"),  # 30 a minute, 3 connections
    "google": _smtp("smtp.gmail.com", 465, 2, "60 per 1m"),
    "yahoo": _smtp("smtp.mail.yahoo.com", 465, 1, "20 per 1m"),
    "icloud": _smtp("smtp.mail.me.com", 587, 1, "20 per 1m"),
    "fastmail": _smtp("smtp.fastmail.com", 465, 2, "60 per 1m"),
    "zoho": _smtp("smtp.zoho.com", 465, 1, "20 per 1m"),
    "ses": {"port": 587, "security": "starttls", "connections": 4, "limit": "600 per 1m"},  # its host names a region
}


def filled_in(table: object, presets: Mapping[str, Preset]) -> object:
    """A table of config.toml with what its preset says where it says nothing itself. Raises ValueError."""
    name = table.get("preset") if isinstance(table, dict) else None
    if not isinstance(name, str) or not name:
        return table
    if name not in presets:
        raise ValueError(f'there is no preset "{name}"; one of {", ".join(presets)}')
    return {**presets[name], **table}  # type: ignore[dict-item]  # a dict, as was asked above
