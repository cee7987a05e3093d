"""pymap, as the demo runs it: a small server without keywords, CONDSTORE and NAMESPACE."""

from __future__ import annotations

import itertools

from pipeline.demo.servers import EmbeddedImap

USERS = {"support@example.com": "pw-support", "sales@example.com": "pw-sales"}


class PymapServer(EmbeddedImap):
    """One for many tests: each takes a user of its own."""

    def __init__(self) -> None:
        super().__init__(USERS)
        self._fresh = itertools.count(1)

    def fresh_user(self) -> str:
        """Somebody with an empty mailbox and the password pw-support."""
        name = f"fresh{next(self._fresh)}@example.com"
        self.add_user(name, "pw-support")
        return name
