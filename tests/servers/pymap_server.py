"""pymap, as the demo runs it: a small server without keywords, CONDSTORE and NAMESPACE."""

from __future__ import annotations

from pipeline.demo.servers import EmbeddedImap

USERS = {"support@example.com": "pw-support", "sales@example.com": "pw-sales"}


def pymap_server() -> EmbeddedImap:
    """With two users, to be used as a context manager."""
    return EmbeddedImap(USERS)
